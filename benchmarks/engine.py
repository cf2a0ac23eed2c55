"""What one fact costs on a small, a large and a huge floor: it must not depend on how many people and queues there are.

The rivals are floors of different size with the same mix of calls (benchmarks/busy_floor.py), each after an hour of its day.
Facts are taken into the engine alone, with a look at what the board shows anew every 20 ms of the floor's time, and with
a look after every single fact. They come at the pace that so many people make, and, once more, equally fast on all floors:
then a small floor has many facts of each queue and person in one step and one look, and does for all of them once what a
big floor, whose facts are all of different ones, does for each.

Two things make a fact dearer on a bigger floor: work that grows with what there is, which must not be; and that the next
fact is of somebody else, whose data are in no cache of the processor. They are told apart by the facts of ten people, once
on a floor of their own and once among ten thousand others.
"""

import gc
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from statistics import median

from benchmarks.busy_floor import BusyFloor
from benchmarks.timing import seconds, spread, table
from ccwall.engine import Engine
from ccwall.events import Envelope

SIZES = ((10, 5), (1_000, 50), (10_000, 500))
"""People and queues."""
PER_PERSON = 0.1
"""Facts a second: a call a minute."""
PER_SECOND, EVERY = 1_000.0, 0.02
"""Facts on every floor alike, and seconds of the floor's time between two looks."""
FACTS = 3_000
"""Of one measurement."""
HOURLY = 50.0
"""Facts a second at most in the hour before, which fills every window."""
RUN_IN = 10
"""Facts by person at the measured rate, unmeasured: until all that goes on began at that rate."""
WANTED = 1.2
"""Among ten thousand others, the facts of ten people may cost the engine so many times what they cost alone; above it, the run
fails. A look has more to do there: every 5 seconds the rolling windows of all queues move on."""

Size = tuple[int, int]
House = tuple[BusyFloor, Engine]
Way = Callable[[Engine, Sequence[Envelope]], None]


def alone(engine: Engine, facts: Sequence[Envelope]) -> None:
    for envelope in facts:
        engine.apply(envelope)


def every_20_ms(engine: Engine, facts: Sequence[Envelope]) -> None:
    due = facts[0].received
    for envelope in facts:
        if envelope.received >= due:
            engine.changes(envelope.received)
            due = envelope.received + EVERY
        engine.apply(envelope)
    engine.changes(facts[-1].received)


def every_fact(engine: Engine, facts: Sequence[Envelope]) -> None:
    for envelope in facts:
        engine.apply(envelope)
        engine.changes(envelope.received)


WAYS: dict[str, Way] = {
    "engine alone": alone,
    "a look every 20 ms": every_20_ms,
    "a look after every fact": every_fact,
}


def run(rounds: int) -> bool:
    """Print the figures; True when no fact costs too much more on a bigger floor."""
    print(f"engine: {FACTS:,} facts at a time; medians of {rounds} rounds\n")
    own = _measured({size: PER_PERSON * size[0] for size in SIZES}, rounds)
    print(f"each floor at its own pace, {PER_PERSON} facts a second by person\n")
    for way, taken in own.items():
        _print(way, taken)
    print(f"every floor at {PER_SECOND:,.0f} facts a second\n")
    for way, taken in _measured(dict.fromkeys(SIZES, PER_SECOND), rounds).items():
        _print(way, taken)
    kept = _compare_same_people(rounds)
    _print_memory(*SIZES[-1])
    return kept


def _compare_same_people(rounds: int) -> bool:
    """The facts of a small floor's people, alone and with a huge floor around them that is busy in between."""
    small, huge = _house(*SIZES[0], PER_SECOND), _house(*SIZES[-1], PER_SECOND)
    floor = BusyFloor(*SIZES[0], PER_SECOND, first_call=10**9)
    taken: dict[str, tuple[list[float], list[float]]] = {way: ([], []) for way in WAYS}
    for turn in range(rounds + 1):
        for way, take in WAYS.items():
            floor.now = max(floor.now, huge[0].now)
            times = _measure(small, take, PER_SECOND), _measure((floor, huge[1]), take, PER_SECOND)
            huge[0].now = floor.now
            _measure(huge, every_20_ms, PER_SECOND)
            for kept, time in zip(taken[way], times, strict=True):
                kept += [time] if turn else []
    (few, _), (many, queues) = SIZES[0], SIZES[-1]
    table(
        [
            f"facts of {few} people",
            "alone: µs",
            "± %",
            f"among {many:,}, {queues} queues: µs",
            "± %",
            "times",
        ],
        [
            [
                way,
                f"{median(by_themselves) / FACTS * 1e6:.1f}",
                f"{spread(by_themselves) * 100:.0f}",
                f"{median(among) / FACTS * 1e6:.1f}",
                f"{spread(among) * 100:.0f}",
                f"{_ratio(among, by_themselves):.2f}",
            ]
            for way, (by_themselves, among) in taken.items()
        ],
    )
    by_themselves, among = taken["engine alone"]
    return _ratio(among, by_themselves) <= WANTED


def _measured(paces: dict[Size, float], rounds: int) -> dict[str, dict[Size, list[float]]]:
    """Seconds of each round, by way and size."""
    houses = {size: _house(*size, pace) for size, pace in paces.items()}
    taken: dict[str, dict[Size, list[float]]] = {way: {size: [] for size in SIZES} for way in WAYS}
    for turn in range(rounds + 1):
        first = turn % len(SIZES)
        for size in SIZES[first:] + SIZES[:first]:
            for way, take in WAYS.items():
                time = _measure(houses[size], take, paces[size])
                if turn:  # the first is not counted, as in every other measurement here
                    taken[way][size].append(time)
    return taken


def _house(agents: int, queues: int, per_second: float) -> House:
    floor, engine = BusyFloor(agents, queues, per_second), Engine()
    for envelope in floor.opening():
        engine.apply(envelope)
    hourly = min(HOURLY, per_second)
    for count, pace in ((round(3600 * hourly), hourly), (RUN_IN * agents, per_second)):
        for place, envelope in enumerate(floor.facts(count, pace)):
            engine.apply(envelope)
            if place % 500 == 0:
                engine.changes(envelope.received)
    return floor, engine


def _measure(house: House, way: Way, per_second: float) -> float:
    """Seconds for the next facts of this house; making them is not counted."""
    floor, engine = house
    facts = list(floor.facts(FACTS, per_second))
    taken = seconds(lambda: way(engine, facts))
    engine.changes(facts[-1].received)
    return taken


def _ratio(times: Sequence[float], others: Sequence[float]) -> float:
    return median(times) / median(others)


def _print(way: str, taken: dict[Size, list[float]]) -> None:
    small = taken[SIZES[0]]
    table(
        [way, "queues", "µs a fact", "± %", "facts/s", "times the small one's"],
        [
            [
                f"{agents:,} agents",
                f"{queues}",
                f"{median(times) / FACTS * 1e6:.1f}",
                f"{spread(times) * 100:.0f}",
                f"{FACTS / median(times):,.0f}",
                f"{_ratio(times, small):.2f}",
            ]
            for (agents, queues), times in taken.items()
        ],
    )


def _print_memory(agents: int, queues: int) -> None:
    nobody = _memory(BusyFloor(0, queues, PER_SECOND).opening())
    everybody = _memory(BusyFloor(agents, queues, PER_SECOND).opening())
    waiting = _memory(_arrivals(agents, queues))
    kept = (("agent, with the board", everybody - nobody), ("open contact", waiting - everybody))
    table(["memory of one", "bytes"], [[what, f"{size / agents:,.0f}"] for what, size in kept])


def _arrivals(agents: int, queues: int) -> Iterable[Envelope]:
    """The opening, and as many callers as people, all of them waiting."""
    floor = BusyFloor(agents, queues, PER_SECOND)
    yield from floor.opening()
    arrivals = (
        e for e in floor.facts(100 * agents, PER_SECOND) if e.event.__class__.__name__ == "ContactQueued"
    )
    yield from islice(arrivals, agents)


def _memory(facts: Iterable[Envelope]) -> int:
    """Bytes that an engine keeps of these facts, and of having shown them."""
    gc.collect()
    tracemalloc.start()
    engine = Engine()
    for envelope in facts:
        engine.apply(envelope)
        now = envelope.received
    engine.changes(now)
    del envelope
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size
