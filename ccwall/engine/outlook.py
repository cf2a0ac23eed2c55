"""What is to be expected of a queue taken by itself: the wait, and the people needed in the long run.

Pure functions of a few counts. What cannot be said is None, and `why` says why.
"""

import math
from typing import Literal

import msgspec

from ccwall.engine.band import Band
from ccwall.engine.erlang import agents_needed
from ccwall.engine.estimates import (
    FEWEST_HANDLED,
    Inputs,
    arrival_rate,
    handle_time,
    patience,
)

__all__ = ["Inputs", "Outlook", "expected_wait", "outlook"]

FEWEST_ARRIVALS = 30
LEAST_SECONDS = 300.0
"""a minute after a start, the calls of a resynchronisation would look like a storm"""
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
    """low, middle, high of the service level of the next 5, 15 and 30 minutes; eight of ten times it is in between. It comes
    from all queues and their people together (`ccwall.engine.advice.look.forecast`)"""
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
    """
    rate, aht, endurance = arrival_rate(inputs), handle_time(inputs), patience(inputs)
    too_little = (
        inputs.arrivals < FEWEST_ARRIVALS
        or inputs.arrival_seconds < LEAST_SECONDS
        or aht is None
        or 0 < aht.n < FEWEST_HANDLED
    )
    need = gap = None
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
