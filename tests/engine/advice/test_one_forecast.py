"""The board and the desk have one forecast: the wall's tile, the rule, and *before* of a break say the same of one moment."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine.advice.look import Heard, Look, forecast
from ccwall.engine.advice.plans import of_desk
from ccwall.engine.explain import Question
from ccwall.engine.prospects import Prospects
from ccwall.engine.scope import Scope
from ccwall.events import BreakId, ContactId, QueueId
from tests.engine.advice.floors import CONSULT, NOW, PROMO, person, seated
from tests.engine.journal import Floor, not_ready

BOTH = (CONSULT, PROMO)
SERVES = st.lists(st.sampled_from([(CONSULT,), (PROMO,), BOTH]), min_size=1, max_size=14)
CALLS = st.tuples(st.integers(0, 250), st.integers(60, 300))


def shown(floor: Floor, queue: QueueId, now: float = NOW) -> Mapping[str, list[float]] | None:
    outlook = floor.at(now, "queues", queue, "outlook")
    assert isinstance(outlook, dict)
    found: Mapping[str, list[float]] | None = outlook.get("forecast")
    return found


def explained(floor: Floor, queue: QueueId) -> Any:
    window = floor.engine.window("today", NOW)
    return floor.engine.explain(
        Question(metric="forecast", scope=Scope("queue", queue), window=window), NOW
    ).told


@given(SERVES, CALLS, CALLS, st.integers(0, 6), st.integers(0, 5), st.booleans())
@settings(max_examples=25, deadline=None)
def test_what_the_board_shows_is_what_the_desk_has_before(
    serves: list[tuple[QueueId, ...]],
    consult: tuple[int, int],
    promo: tuple[int, int],
    waiting: int,
    busy: int,
    away: bool,
) -> None:
    floor = seated(
        serves, {CONSULT: consult, PROMO: promo}, waiting={CONSULT: waiting}, busy=min(busy, len(serves) - 1)
    )
    if away:  # somebody is to leave in ten minutes
        floor.say(
            events.BreakRequested(
                at=NOW - 5, break_id=BreakId("b"), agent=person(0), kind="meal", lasts=600.0
            ),
            events.BreakGranted(at=NOW - 4, break_id=BreakId("b"), begins=NOW + 600, lasts=600.0),
        )
    plans = of_desk(floor.engine.breaks.open(), NOW)
    assert len(plans) == away
    everybody = [person(k) for k in range(len(serves))]
    told = 0
    for queue in BOTH:
        if not any(queue in each for each in serves):
            continue
        on_the_wall = shown(floor, queue)
        effect = floor.engine.break_effect(everybody, 900, NOW, plans)
        level = next(each.before.level for each in effect.queues if each.queue == queue)
        assert (on_the_wall is None) == (level is None)
        if on_the_wall is not None and level is not None:
            assert {minutes: tuple(on_the_wall[str(minutes)]) for minutes in level} == level
            told += 1
    assert told or max(consult[0], promo[0]) < 250


def test_people_of_two_queues_help_where_they_are_needed() -> None:
    """Each counted half in both, ten for nine erlangs would be five for four and a half: much worse."""
    calls = {CONSULT: (90.0, 180.0), PROMO: (90.0, 180.0)}
    shared = shown(seated([BOTH] * 10, calls), CONSULT)
    apart = shown(seated([(CONSULT,)] * 5 + [(PROMO,)] * 5, calls), CONSULT)
    whole = shown(seated([(CONSULT,)] * 10, {CONSULT: (180.0, 180.0)}), CONSULT)
    assert shared is not None
    assert apart is not None
    assert whole is not None
    assert shared["15"][1] > apart["15"][1] + 0.05
    assert shared["15"][1] == pytest.approx(whole["15"][1], abs=0.03)


def test_who_hardly_anybody_calls_is_told_what_a_caller_would_find() -> None:
    """Half a call in five minutes is no half of a miss: half an hour ago the calls stopped."""
    found = shown(seated([(CONSULT,)] * 5, {CONSULT: (120.0, 20.0)}), CONSULT, NOW + 1800)
    assert found is not None
    assert all(found[minutes][1] > 0.95 for minutes in ("5", "15", "30"))


def test_at_its_next_turn_it_is_of_then() -> None:
    floor = seated([BOTH] * 10, {CONSULT: (90.0, 180.0), PROMO: (60.0, 180.0)})
    before = shown(floor, CONSULT)
    floor.say(*(not_ready(NOW + 10, "lunch", person(k)) for k in range(4)))
    after = shown(floor, CONSULT, NOW + 70)
    effect = floor.engine.break_effect([person(9)], 900, NOW + 70)
    level = next(each.before.level for each in effect.queues if each.queue == CONSULT)
    assert before is not None
    assert after is not None
    assert level is not None
    assert after["15"][1] < before["15"][1] - 0.1
    assert tuple(after["15"]) == pytest.approx(level[15], abs=0.02)


def test_what_was_heard_lately_of_other_queues_is_enough_but_who_waits_there_is_asked_now() -> None:
    floor = seated([BOTH] * 10, {CONSULT: (90.0, 180.0), PROMO: (60.0, 180.0)}, busy=8)
    state, heard = floor.engine._state, Heard()
    anew = Look(state, NOW, Prospects()).as_it_is().ends(CONSULT).pool
    Look(state, NOW, Prospects(), heard=heard).traffic(PROMO)
    known = Look(state, NOW + 1, Prospects(), heard=heard)
    assert known.as_it_is().ends(CONSULT).pool.rate == pytest.approx(anew.rate, rel=0.01)
    assert PROMO not in known._traffic
    for k in range(4):
        floor.say(events.ContactQueued(at=NOW + 2, contact=ContactId(f"late{k}"), queue=PROMO))
    then = Look(state, NOW + 3, Prospects(), heard=heard).as_it_is().ends(CONSULT).pool
    assert then.others == anew.others + 4
    old = Look(state, NOW + 121, Prospects(), heard=heard)
    old.as_it_is().ends(CONSULT)
    assert PROMO in old._traffic


def test_a_queue_nobody_speaks_of_has_none() -> None:
    floor = seated([(CONSULT,)], {CONSULT: (60.0, 30.0)})
    assert forecast(floor.engine._state, QueueId("pbx1/none"), NOW, Prospects()) is None


def test_the_explanation_says_whom_and_what_the_forecast_counts_in() -> None:
    serves = [BOTH] * 6 + [(CONSULT,)] * 4
    floor = seated(serves, {CONSULT: (120.0, 180.0), PROMO: (60.0, 180.0)})
    floor.say(
        events.BreakRequested(at=NOW - 5, break_id=BreakId("b"), agent=person(9), kind="meal", lasts=3600.0),
        events.BreakGranted(at=NOW - 4, break_id=BreakId("b"), begins=NOW + 600, lasts=3600.0),
    )
    told = explained(floor, CONSULT)
    assert told["heads"] == {
        "5": 10.0,
        "15": pytest.approx(9 + 10 / 15, abs=0.05),
        "30": pytest.approx(9 + 1 / 3, abs=0.05),
    }
    (beside,) = told["beside"]
    assert (beside["queue"], beside["part"]) == (PROMO, 1.0)
    assert beside["load"] == pytest.approx(60 * 180 / 3600, rel=0.1)
    # Of the six that serve both, the other queue has the greater part of its callers elsewhere.
    (back,) = explained(floor, PROMO)["beside"]
    assert (back["queue"], back["part"] < 0.7) == (CONSULT, True)
    alone = seated([(CONSULT,)] * 8, {CONSULT: (120.0, 180.0)})
    assert explained(alone, CONSULT)["beside"] == []
