"""What comes to a queue and how long it takes, as far as it was seen: what a prediction rests on."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from ccwall.engine.estimates import (
    FEWEST_HANDLED,
    Inputs,
    arrival_rate,
    handle_time,
    present_rate,
    rough_patience,
)
from ccwall.engine.gauges import Gauge
from ccwall.engine.numbers import judged_by
from ccwall.engine.outlook import FEWEST_ARRIVALS, LEAST_SECONDS
from ccwall.engine.prospects import HOUR, Prospects, inputs_of
from ccwall.engine.running import contents
from ccwall.engine.scope import STEP
from ccwall.engine.state import Queue, State
from ccwall.engine.yesterday import Yesterday
from ccwall.events import ContactId, Variant

RECENT = 900
VARIATION = 1.0
"""the variance of handle times in squares of their mean, as it is where they are exponential"""
DAY = 86400.0
FEWEST_YESTERDAY = 20
"""calls of an interval, before what followed it says anything"""
LEAST_COURSE, MOST_COURSE = 0.5, 2.0

RUNG = 15.0
"""Seconds that it rings at somebody who does not take it."""

Why = Literal["", "too_little_data", "nobody"]


class Traffic(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One queue. Calls per second, seconds; ``course`` is the rate ahead by step, as a multiple of ``rate``."""

    rate: float
    rate_noise: float
    """variance of its logarithm"""
    rate_n: int
    course: tuple[float, ...]
    aht: float
    """with the time it rings"""
    aht_noise: float
    aht_n: int
    patience: float | None
    abandons: int
    ring: float
    """until somebody picks up"""
    missed: float
    """share of rings that nobody took"""
    waits: tuple[float, ...]
    """of who waits now, the longest first"""
    waiting: int
    overdue: int
    ringing: int
    """of these, who ring at somebody: they have their agent"""
    threshold: float
    short: float
    target: float
    variant: Variant
    why: Why = ""

    @property
    def load(self) -> float:
        """Erlangs"""
        return self.rate * self.aht


class Rings(msgspec.Struct, frozen=True, gc=False):
    """How the house answers, today: mean seconds of ringing for a call that is answered, and the share of rings that
    nobody took; and who rings at somebody now."""

    mean: float = 0.0
    missed: float = 0.0
    ringing: frozenset[ContactId] = frozenset()

    @property
    def picked_up(self) -> float:
        """Seconds until somebody takes it, when somebody does."""
        return max(0.5, self.mean - RUNG * self.missed / (1 - self.missed)) if self.mean else 0.0


def rings(state: State) -> Rings:
    """Of everybody, today: one queue alone rings too seldom."""
    start = state.frame.start
    days = [day for agent in state.agents.values() if (day := agent.days.get(start)) is not None]
    answered, missed = sum(day.answered for day in days), sum(day.missed for day in days)
    now = frozenset(contact for agent in state.agents.values() for contact in agent.ringing)
    if not answered:
        return Rings(ringing=now)
    ringing = sum(day.states.get("ringing", 0) for day in days) / 1000
    return Rings(min(60.0, ringing / answered), min(0.9, missed / (answered + missed)), now)


def inputs_now(state: State, queue: Queue, now: float, prospects: Prospects) -> Inputs:
    """As the outlook takes them, but of now; without the people."""
    judged = judged_by(queue.card, queue.card.variant)
    known = state.known_at(queue.source, now)
    end = int(now // STEP) * STEP
    gauge = Gauge(waiting=len(queue.waiting), overdue=queue.overdue(known, judged.threshold))
    hour, recent = (contents(queue.events.between(end - span, end)) for span in (HOUR, RECENT))
    return inputs_of(queue, hour, recent, gauge, 0, 0.0, prospects.watched(state, now))


def traffic(
    state: State, queue: Queue, now: float, prospects: Prospects, steps: int, house: Rings
) -> Traffic:
    seen = inputs_now(state, queue, now, prospects)
    known = state.known_at(queue.source, now)
    return to_come(
        seen,
        course(state.yesterday, now, seen.arrival_seconds, steps),
        house,
        tuple(max(0.0, known - since) for since, _ in queue.line),
        len(queue.waiting.keys() & house.ringing),
    )


def to_come(
    seen: Inputs,
    rise: tuple[float, tuple[float, ...]],
    house: Rings,
    waits: tuple[float, ...] = (),
    ringing: int = 0,
) -> Traffic:
    """Of what was seen; ``rise``: how the rate was and how it will be, as `course` gives it."""
    rate, aht = arrival_rate(seen), handle_time(seen)
    little = (
        seen.arrivals < FEWEST_ARRIVALS
        or seen.arrival_seconds < LEAST_SECONDS
        or aht is None
        or 0 < aht.n < FEWEST_HANDLED
    )
    present, noise = 0.0, 1.0
    if rate is not None and seen.arrivals:
        present, noise = present_rate(seen, rate.value)
    before, ahead = rise
    return Traffic(
        rate=present / before,
        rate_noise=noise,
        rate_n=seen.arrivals,
        course=ahead,
        aht=(aht.value if aht else 0.0) + house.mean,
        aht_noise=VARIATION / ((aht.n if aht else 0) or FEWEST_HANDLED),
        aht_n=aht.n if aht else 0,
        patience=rough_patience(seen),
        abandons=seen.abandons,
        ring=house.picked_up,
        missed=house.missed,
        waits=waits,
        waiting=seen.waiting,
        overdue=seen.overdue,
        ringing=ringing,
        threshold=seen.threshold,
        short=seen.short,
        target=seen.target,
        variant=seen.variant,
        why="too_little_data" if little else "",
    )


def course(known: Yesterday, now: float, watched: float, steps: int) -> tuple[float, tuple[float, ...]]:
    """How the rate went yesterday around this time of day, against that of now: the mean of the time it was watched today,
    and each step ahead. 1 where yesterday does not say."""
    level = (1.0,) * steps
    day = known.end - known.start
    if day <= 0 or not known.length:
        return 1.0, level
    points = [(p.start + known.length / 2, float(p.offered)) for p in known.points]
    at = now - DAY * max(1, int((now - known.start) // DAY))
    here = _between(points, at, known.length)
    if here is None or here < FEWEST_YESTERDAY:
        return 1.0, level
    behind = [
        _between(points, at - back, known.length) for back in range(0, int(min(watched, HOUR)) + 1, 300)
    ]
    seen = [x for x in behind if x is not None]
    before = sum(seen) / len(seen) / here if seen else 1.0
    trust = here / (here + FEWEST_YESTERDAY)

    def damped(ratio: float) -> float:
        """What was chance yesterday is not to be repeated."""
        return float(min(MOST_COURSE, max(LEAST_COURSE, ratio)) ** trust)

    ahead = (_between(points, at + 300.0 * (k + 0.5), known.length) for k in range(steps))
    return damped(before), tuple(1.0 if x is None else damped(x / here) for x in ahead)


def _between(points: Sequence[tuple[float, float]], at: float, length: int) -> float | None:
    """Straight between the middles of intervals; None where there are none."""
    for (a, fa), (b, fb) in pairwise(points):
        if a <= at <= b and b - a <= 2 * length:
            return fa + (fb - fa) * (at - a) / (b - a)
    return None
