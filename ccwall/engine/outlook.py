"""What is to be expected of a queue: the wait, the people needed, and the service level of the next minutes.

Pure functions of a few counts. What cannot be said is None, and `why` says why.
"""

import math
from typing import Literal

import msgspec

from ccwall.engine.band import Band, band
from ccwall.engine.erlang import agents_needed
from ccwall.engine.estimates import (
    FEWEST_HANDLED,
    Inputs,
    arrival_rate,
    handle_time,
    patience,
    present_rate,
    rough_patience,
)
from ccwall.engine.forecast import Course, mesh, share_of_hits
from ccwall.engine.levels import backlog_hits, hits

__all__ = ["HORIZONS", "Inputs", "Outlook", "expected_wait", "outlook"]

HORIZONS = (5, 15, 30)
"""minutes"""
FEWEST_ARRIVALS = 30
LEAST_SECONDS = 300.0
"""a minute after a start, the calls of a resynchronisation would look like a storm"""
VARIATION = 1.7
"""the variance of handle times in squares of their mean: their coefficient of variation is about 1, and rarely over 1.3"""
LEAST_CAPACITY = 0.001
"""persons; below, nobody"""
EXACT = 100
"""so many terms of a wait are added up one by one"""


class Outlook(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """None where it cannot be said. `…_n` is how many observations an estimate rests on; 0: it is configured."""

    rate: float | None = None
    """calls per second"""
    rate_n: int = 0
    aht: float | None = None
    aht_n: int = 0
    patience: float | None = None
    """mean seconds until a caller hangs up; None as well when callers are taken to wait for ever"""
    patience_n: int = 0
    need: int | None = None
    """people, for the target in the long run"""
    gap: float | None = None
    """capacity − need: below 0, so many are missing"""
    ewt: float | None = None
    """seconds that the next caller has to expect"""
    forecast: dict[int, Band] | None = None
    """low, middle, high of the service level of the next 5, 15 and 30 minutes; eight of ten times it is in between"""
    why: Literal["", "too_little_data", "nobody"] = ""


def outlook(inputs: Inputs) -> Outlook:
    """The outlook of one queue.

    >>> seen = Inputs(
    ...     arrivals=200, arrival_seconds=3600, handled=190, handling_ms=190 * 180_000, patience_wait_ms=0, abandons=0,
    ...     patience_default=300.0, waiting=0, ready=2, capacity=12.0, threshold=20, short=5,
    ... )
    >>> then = outlook(seen)
    >>> then.need, then.gap, then.ewt, then.why
    (13, -1.0, 0.0, '')
    >>> then.forecast[15]
    (0.44, 0.865, 1.0)
    """
    rate, aht, endurance = arrival_rate(inputs), handle_time(inputs), patience(inputs)
    too_little = (
        inputs.arrivals < FEWEST_ARRIVALS
        or inputs.arrival_seconds < LEAST_SECONDS
        or aht is None
        or 0 < aht.n < FEWEST_HANDLED
    )
    need = gap = forecast = None
    if rate is not None and aht is not None and not too_little:
        need = agents_needed(
            rate.value,
            aht.value,
            inputs.threshold,
            inputs.target,
            variant=inputs.variant,
            patience=endurance.value if endurance else None,
            short=inputs.short,
        )
        gap = round(inputs.capacity - need, 3)
        if inputs.capacity >= LEAST_CAPACITY:
            forecast = _forecast(inputs, rate.value, aht.value, aht.n)
    return Outlook(
        rate=round(rate.value, 6) if rate else None,
        rate_n=rate.n if rate else 0,
        aht=round(aht.value, 3) if aht else None,
        aht_n=aht.n if aht else 0,
        patience=round(endurance.value, 3) if endurance else None,
        patience_n=endurance.n if endurance else 0,
        need=need,
        gap=gap,
        ewt=expected_wait(
            inputs.waiting,
            inputs.ready,
            inputs.capacity,
            aht.value if aht else None,
            endurance.value if endurance else None,
        ),
        forecast=forecast,
        why="nobody" if inputs.capacity < LEAST_CAPACITY else "too_little_data" if too_little else "",
    )


def expected_wait(
    waiting: int, ready: int, capacity: float, aht: float | None, endurance: float | None
) -> float | None:
    """EWT of a caller who comes now: Σ 1/(nμ + iθ) over those before him whom nobody is ready for, and himself.

    Seconds; None when nobody works here or no handle time is known. The mean of an Erlang-A queue (with `endurance`,
    the mean patience) or (q + 1)·AHT/n without (Whitt 1999).

    >>> expected_wait(9, 0, 5, 50, None), expected_wait(0, 1, 5, 50, None)
    (100.0, 0.0)
    >>> expected_wait(1, 0, 5, 50, 100), expected_wait(1, 0, 0, 50, 100)
    (19.091, None)
    """
    if capacity < LEAST_CAPACITY or aht is None:
        return None
    drain, leave = capacity / aht, 1 / endurance if endurance else 0.0
    turns = max(0, waiting - ready + 1)
    wait = math.fsum(1 / (drain + i * leave) for i in range(min(turns, EXACT)))
    if turns > EXACT:
        # Midpoint integral of the rest: its error is below 1e-5 of it.
        first, rest = drain + (EXACT - 0.5) * leave, turns - EXACT
        wait += math.log1p(rest * leave / first) / leave if leave else rest / drain
    return round(wait, 3)


def _forecast(inputs: Inputs, rate: float, aht: float, aht_n: int) -> dict[int, Band]:
    """Both ends of what rate and AHT may be, followed through the horizons, and the chance of the calls themselves."""
    now, rate_noise = present_rate(inputs, rate)
    aht_noise = VARIATION / (aht_n or FEWEST_HANDLED)
    noise = math.sqrt(rate_noise + aht_noise)
    course = Course(
        rate=now,
        aht=aht,
        patience=rough_patience(inputs),
        capacity=inputs.capacity,
        present=max(0.0, inputs.capacity - inputs.ready) + inputs.waiting,
        threshold=inputs.threshold,
        short=inputs.short,
        variant=inputs.variant,
    )
    ends = tuple(60.0 * minutes for minutes in HORIZONS)
    nodes = mesh(course)
    chance = hits(course, nodes)
    # Two points at ± one deviation of the load have its mean and its variance.
    busy, quiet = (
        share_of_hits(
            course.with_load(sign * rate_noise / noise, sign * aht_noise / noise), ends, nodes, chance
        )
        for sign in (1, -1)
    )
    known = backlog_hits(course, inputs.waiting, inputs.overdue, inputs.ready)
    result: dict[int, Band] = {}
    begun = before = 0.0
    for minutes, end, (much, much_spread), (little, little_spread) in zip(
        HORIZONS, ends, busy, quiet, strict=True
    ):
        mean = (much + little) / 2
        spread = (much_spread + little_spread) / 2 + ((much - little) / 2) ** 2
        lately = min(1.0, max(0.0, (mean * end - before) / (end - begun)))
        begun, before = end, mean * end
        fresh = now * end
        # Who comes too late to be judged by the end does not count; who waits now does.
        pending = now * min(inputs.threshold, end) * (1 - lately)
        count = max(fresh / 2, fresh + inputs.waiting - pending)
        result[minutes] = band(min(1.0, (mean * fresh + known) / count), spread * (fresh / count) ** 2, count)
    return result
