"""Floors of every size are equally busy: what the benchmark compares is their size."""

from collections import Counter

import pytest

from benchmarks.busy_floor import FACTS_PER_CALL, BusyFloor
from ccwall.engine import Engine


@pytest.mark.parametrize(("agents", "queues"), [(10, 5), (200, 20)])
def test_a_floor_of_any_size_has_the_same_mix_of_calls(agents: int, queues: int) -> None:
    floor, engine = BusyFloor(agents, queues, 1_000.0), Engine()
    told: Counter[str] = Counter()
    for envelope in [*floor.opening(), *floor.facts(10 * agents, 1_000.0)]:
        engine.apply(envelope)
    for envelope in floor.facts(12_000, 1_000.0):
        engine.apply(envelope)
        told[type(envelope.event).__name__] += 1
    assert told["ContactQueued"] == pytest.approx(12_000 / FACTS_PER_CALL, rel=0.05)
    assert told["ContactAbandoned"] == pytest.approx(0.05 * told["ContactQueued"], rel=0.35)
    assert told["ContactReleased"] == pytest.approx(0.95 * told["ContactQueued"], rel=0.05)
    states = engine.board(floor.now)["floor"]
    assert isinstance(states, dict)
    assert states["talking"] == pytest.approx(0.7 * agents, rel=0.4)


def test_everybody_takes_calls() -> None:
    floor, engine = BusyFloor(20, 5, 100.0), Engine()
    for envelope in [*floor.opening(), *floor.facts(600, 100.0)]:
        engine.apply(envelope)
    assert len({visit.agent for visit in engine.contacts() if visit.agent is not None}) == 20
