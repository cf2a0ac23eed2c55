"""Facts through the engine, and through engine and hub onto ten screens, on a floor of 500 people and 50 queues."""

from collections.abc import Sequence
from statistics import median
from time import perf_counter

from benchmarks.big_floor import START, calls, envelopes, opening
from benchmarks.timing import Work, interleaved, percentile, spread, table
from ccwall.clock import ManualClock
from ccwall.engine import Engine
from ccwall.events import Envelope, Principal
from ccwall.hub import Audience, Hub, Screen

QUEUES, AGENTS, CALLS, PER_SECOND = 50, 500, 5000, 200.0
SCREENS = 10
EVERY = 0.02
"""Seconds between two flushes, as on a busy floor of this size."""
TOGETHER = round(PER_SECOND * EVERY)
FLUSHES = 500


class House:
    """An engine and a hub without loop or socket, and its screens."""

    def __init__(self, first: Sequence[Envelope], screens: int) -> None:
        self.now = START
        self.engine = Engine()
        self.hub = Hub(
            ManualClock(START),
            "bench",
            changes=lambda: self.engine.changes(self.now),
            heard=lambda: {"pbx1": START},
        )
        for envelope in first:
            self.engine.apply(envelope)
        wall = Audience("floor", Principal(id="wall", role="display"))
        self.screens: list[Screen] = [self.hub.join(wall) for _ in range(screens)]
        self.show()

    def take(self, envelope: Envelope) -> None:
        self.engine.apply(envelope)
        self.now = envelope.received

    def show(self) -> None:
        """One flush, to the bytes that every screen is sent."""
        self.hub.flush()
        for screen in self.screens:
            while screen.take() is not None:
                pass


def run(rounds: int) -> bool:
    """Print the figures; there is no promise to break yet."""
    first = envelopes(opening(QUEUES, AGENTS))
    day = envelopes(iter([*(e.event for e in first), *calls(QUEUES, AGENTS, CALLS, PER_SECOND)]))[
        len(first) :
    ]
    # A fact counts once: every measurement needs a house that has not heard it. Ready before the clock runs.
    houses = [House(first, SCREENS) for _ in range(2 * (rounds + 1))]
    rivals: dict[str, Work] = {
        "engine alone": lambda: _apply(houses.pop(), day),
        f"engine and hub, {SCREENS} screens": lambda: _show(houses.pop(), day),
    }
    taken = interleaved(rivals, rounds)
    print(
        f"floor: {QUEUES} queues, {AGENTS} agents, {len(day):,} facts of {CALLS:,} calls; medians of {rounds} rounds\n"
    )
    table(
        ["as fast as it goes", "ms", "± %", "facts/s"],
        [
            [
                name,
                f"{median(times) * 1e3:.0f}",
                f"{spread(times) * 100:.0f}",
                f"{len(day) / median(times):,.0f}",
            ]
            for name, times in taken.items()
        ],
    )
    flushes = _flushes(House(first, SCREENS), day[: FLUSHES * TOGETHER])
    p50, p99 = (percentile(flushes, part) * 1e3 for part in (0.5, 0.99))
    print(
        f"  at {PER_SECOND:.0f} facts/s, one flush onto {SCREENS} screens: {p50:.2f} ms, p99 {p99:.2f} ms\n"
    )
    return True


def _apply(house: House, day: Sequence[Envelope]) -> None:
    for envelope in day:
        house.engine.apply(envelope)


def _show(house: House, day: Sequence[Envelope]) -> None:
    """As the running hub does: however many facts come, a flush only every `EVERY` seconds."""
    due = perf_counter() + EVERY
    for envelope in day:
        house.take(envelope)
        if perf_counter() > due:
            house.show()
            due = perf_counter() + EVERY
    house.show()


def _flushes(house: House, day: Sequence[Envelope]) -> list[float]:
    """Seconds of each flush, as many facts apart as come in that time."""
    taken = []
    for place, envelope in enumerate(day, 1):
        house.take(envelope)
        if place % TOGETHER == 0:
            start = perf_counter()
            house.show()
            taken.append(perf_counter() - start)
    return taken
