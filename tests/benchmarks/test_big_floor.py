"""The benchmark's made-up floor is a floor: what it measures is work, not facts that nobody understands."""

from benchmarks.big_floor import SITE, START, calls, envelopes, opening
from benchmarks.floor import House
from ccwall.engine import Engine


def test_every_call_of_the_big_floor_is_answered() -> None:
    engine = Engine(SITE)
    facts = [*opening(5, 20), *calls(5, 20, 100, 200.0)]
    for envelope in envelopes(iter(facts)):
        engine.apply(envelope)
    visits = list(engine.contacts())
    assert len(visits) == 100
    assert {visit.outcome for visit in visits} == {"answered"}


def test_the_screens_of_the_benchmark_are_sent_what_changes() -> None:
    first = envelopes(opening(2, 4))
    house = House(first, screens=2)
    facts = envelopes(iter([*(e.event for e in first), *calls(2, 4, 1, 200.0)]))
    house.take(facts[len(first)])
    house.hub.flush()
    patches = [screen.take() for screen in house.screens]
    assert patches[0] is patches[1]
    assert patches[0] is not None
    assert b'"waiting"],1' in patches[0]
    assert house.now > START
