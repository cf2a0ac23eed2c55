"""Over a long run the floor's figures are those it was told, and a queue behaves as queueing theory says."""

from collections import Counter
from statistics import mean

import msgspec
import pytest

from ccwall_simulators.callcentre import CallCentre
from ccwall_simulators.callcentre.duration import Duration, TimeOfDay
from ccwall_simulators.callcentre.happening import CallArrived
from ccwall_simulators.callcentre.scenario import (
    AgentPart,
    Callers,
    Crowd,
    FloorPart,
    Handling,
    QueuePart,
    Scenario,
)

MIDNIGHT = 1_795_305_600.0
HOUR = 3600.0


def plain(agents: int, calls_per_minute: float, *, patience: float = 120.0, talk: float = 100.0) -> Scenario:
    """A queue as the textbooks have it: nobody redials, holds, transfers, or goes to lunch."""
    return Scenario(
        floor=FloorPart(zone="UTC", warm=Duration(600)),
        callers=Callers(
            patience=Duration(patience),
            patience_shape=1.0,
            short=0.0,
            redial=0.0,
            greeting=Duration(0),
            vip=0.0,
        ),
        handling=Handling(
            answer=Duration(1),
            unheard=0.0,
            rejected=0.0,
            hold=0.0,
            blind=0.0,
            attended=0.0,
            after_call=0.0,
            own_calls_per_hour=0.0,
            walk_offs_per_hour=0.0,
        ),
        queue=(QueuePart(name="q", calls_per_minute=calls_per_minute, talk=Duration(talk), talk_spread=1.0),),
        crowd=(Crowd(count=agents, first=1001, queues={"q": 0}),) if agents else (),
    )


def erlang_a(agents: int, calls_per_second: float, service: float, patience: float) -> float:
    """Share that abandons in M/M/n+M (Palm 1957), from the balance of births and deaths."""
    weights, weight = [1.0], 1.0
    for state in range(1, 400):
        leaving = min(state, agents) / service + max(0, state - agents) / patience
        weight *= calls_per_second / leaving
        weights.append(weight)
    waiting = sum(max(0, state - agents) * weight for state, weight in enumerate(weights)) / sum(weights)
    return waiting / patience / calls_per_second


@pytest.mark.parametrize(("agents", "calls"), [(10, 5.0), (14, 7.5), (20, 14.0)])
def test_abandonment_is_that_of_erlang_a(agents: int, calls: float) -> None:
    floor = CallCentre(plain(agents, calls), 1, MIDNIGHT)
    floor.advance(MIDNIGHT + 12 * HOUR)
    outcomes = Counter(visit.outcome for visit in floor.visits())
    share = outcomes["abandoned"] / sum(outcomes.values())
    # the ring (1 s) and the queue's glance (0.4 s) are part of what occupies an agent
    assert share == pytest.approx(erlang_a(agents, calls / 60.0, 101.5, 120.0), abs=0.03)


@pytest.mark.parametrize("shape", [0.7, 1.0, 2.0])
def test_patience_is_as_told(shape: float) -> None:
    scenario = plain(0, 10.0, patience=90.0)
    callers = msgspec.structs.replace(scenario.callers, patience_shape=shape)
    floor = CallCentre(msgspec.structs.replace(scenario, callers=callers), 2, MIDNIGHT)
    floor.advance(MIDNIGHT + 10 * HOUR)
    waits = [v.ended - v.queued for v in floor.visits() if v.outcome == "abandoned" and v.ended is not None]
    assert len(waits) > 5000
    assert mean(waits) == pytest.approx(90.0, rel=0.05)


def test_talk_is_as_told_and_an_agents_pace_counts() -> None:
    def talk(pace: float) -> float:
        slow = tuple(AgentPart(id=str(n), queues={"q": 0}, pace=pace) for n in range(20))
        scenario = msgspec.structs.replace(plain(0, 6.0), agent=slow)
        floor = CallCentre(scenario, 3, MIDNIGHT)
        floor.advance(MIDNIGHT + 10 * HOUR)
        return mean(v.ended - v.answered for v in floor.visits() if v.answered and v.ended)

    assert talk(1.0) == pytest.approx(100.0, rel=0.06)
    assert talk(1.5) == pytest.approx(150.0, rel=0.06)


def test_arrivals_follow_the_time_of_day() -> None:
    points = ((TimeOfDay(0), 0.0), (TimeOfDay(12 * HOUR), 1.0), (TimeOfDay(24 * HOUR), 0.0))
    base = plain(0, 15.0)
    queue = msgspec.structs.replace(base.queue[0], profile="day")
    scenario = msgspec.structs.replace(base, profile={"day": points}, queue=(queue,))
    floor = CallCentre(scenario, 4, MIDNIGHT)
    told = [h for h in floor.advance(MIDNIGHT + 24 * HOUR - 1.0) if isinstance(h, CallArrived)]
    hours = Counter(int((h.t - MIDNIGHT) // HOUR) for h in told)
    for hour in range(24):
        level = 1.0 - abs(12.0 - (hour + 0.5)) / 12.0
        expected = 900.0 * level
        assert abs(hours[hour] - expected) < 4.5 * expected**0.5, hour


def test_yesterday_is_forgotten() -> None:
    floor = CallCentre(plain(5, 2.0), 5, MIDNIGHT)
    for quarter in range(26 * 4):
        floor.advance(MIDNIGHT + quarter * 900.0)
    assert min(v.queued for v in floor.visits()) > MIDNIGHT + 24 * HOUR - 900.0
