"""The cap of people away at once shrinks with the load, for the floor, a team and a line alike, by the forecast itself."""

import msgspec
import pytest

from ccwall import events
from ccwall.events import AgentId, BreakId, BreakLimit, BreakPolicy, Policy, QueueCard
from ccwall.floor.against import Wish
from ccwall.floor.against import against as standing
from tests.engine.advice.floors import CONSULT, NOW, PROMO, person, seated
from tests.engine.journal import Floor

FEW, MANY = (20.0, 180.0), (190.0, 180.0)
"""Calls an hour and seconds each, for ten people: one at work, and nearly all of them."""
LIMITS = {
    "floor": BreakLimit(cap=5),
    "team:north": BreakLimit(kind="team", id="north", cap=5),
    "line:advice": BreakLimit(kind="line", id="advice", cap=5),
}


def floor_at(load: tuple[float, float], *limits: BreakLimit, shrinks: bool = True) -> Floor:
    """Ten of the north serve the line of advice; two of the south serve another queue, which is quiet."""
    serves = [[CONSULT]] * 10 + [[PROMO]] * 2
    teams = {person(n): "south" for n in (10, 11)}
    floor = seated(
        serves, {CONSULT: load, PROMO: FEW}, teams=teams, cards={CONSULT: QueueCard(line="advice")}
    )
    policy: Policy = msgspec.structs.replace(
        floor.engine.policy, breaks=BreakPolicy(limits=limits, shrinks=shrinks)
    )
    return floor.say(events.ConfigApplied(at=NOW, hash="", policy=policy))


def against(floor: Floor, agent: AgentId) -> list[tuple[str, str, str]]:
    found = standing(floor.engine, Wish(agent=agent, kind="short", lasts=600.0), NOW)
    return [(each.what, each.scope, each.queue) for each in found]


@pytest.mark.parametrize("scope", LIMITS)
def test_at_the_peak_nobody_more_may_leave_who_serves_the_queue(scope: str) -> None:
    busy = floor_at(MANY, LIMITS[scope])
    assert against(busy, person(0)) == [("load", scope, CONSULT)]
    assert against(busy, person(10)) == []  # serves another queue
    assert against(floor_at(FEW, LIMITS[scope]), person(0)) == []
    assert against(floor_at(MANY, LIMITS[scope], shrinks=False), person(0)) == []


def test_it_is_told_once_of_the_narrowest_scope_and_only_where_there_is_a_cap() -> None:
    every = floor_at(MANY, *LIMITS.values())
    assert against(every, person(0)) == [("load", "team:north", CONSULT)]
    none = floor_at(MANY, BreakLimit(minimum=2))
    assert against(none, person(0)) == []
    floor = floor_at(MANY, LIMITS["line:advice"], LIMITS["floor"])
    assert against(floor, person(0)) == [("load", "line:advice", CONSULT)]


def test_it_is_of_now_of_kinds_that_count_and_no_second_word_on_a_cap_that_stands() -> None:
    busy = floor_at(MANY, LIMITS["floor"])
    later = Wish(agent=person(0), kind="short", lasts=600.0, begins=NOW + 1800)
    assert standing(busy.engine, later, NOW) == ()
    assert standing(busy.engine, Wish(agent=person(0), kind="training", lasts=600.0), NOW) == ()
    full = floor_at(MANY, BreakLimit(cap=1))
    full.say(events.BreakBegan(at=NOW, break_id=BreakId("b"), agent=person(1), kind="short", lasts=600.0))
    assert against(full, person(0)) == [("cap", "floor", "")]
