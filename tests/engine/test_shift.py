"""Where a person's time goes, and what a shift's people do with theirs."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.books import millis
from ccwall.engine.day import Frame
from ccwall.engine.people import agent_object
from ccwall.engine.persons import OFF, AgentDay, kept_time
from ccwall.engine.scope import Scope, Window, scope_of, window_of
from ccwall.engine.shift import (
    _from_persons,
    adherence,
    conformance,
    occupancy,
    people_of,
    spent,
)
from ccwall.engine.shift import answered as answered_by
from ccwall.engine.spells import day_at, times
from ccwall.engine.state import State
from ccwall.events import (
    AgentCard,
    AgentId,
    AnyEvent,
    ContactId,
    Envelope,
    Policy,
    QueueId,
    SourceId,
)
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PBX,
    PROMO,
    Floor,
    Q,
    alerting,
    answered,
    connected,
    fact,
    member,
    not_ready,
    phone,
    queued,
    ready,
    released,
    replayed,
    resync,
    wrap,
)
from tests.engine.test_laws import MAKERS, START, Make, Step, journal, steps

T = NOON
MIDNIGHT = NOON - 43_200
ON: list[AnyEvent] = [member(T), phone(T)]
TODAY = "today"


def floor(*facts: AnyEvent, policy: Policy | None = None, at: float = T) -> Floor:
    return Floor(policy, at).say(*facts)


def time(f: Floor, now: float, window: str = TODAY, agent: AgentId = ANNA) -> dict[str, float]:
    """Seconds by state."""
    state = f.engine._state
    found = window_of(window, day_at(state, now), now)
    return {status: length / 1000 for status, length in times(state, state.agents[agent], now, found).items()}


def held(at: float, contact: str = "c1") -> events.ContactHeld:
    return events.ContactHeld(at=at, contact=ContactId(contact), queue=Q, agent=ANNA)


def retrieved(at: float, contact: str = "c1") -> events.ContactRetrieved:
    return events.ContactRetrieved(at=at, contact=ContactId(contact), queue=Q, agent=ANNA)


# ── one person ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_state_has_its_time_and_the_present_one_goes_on() -> None:
    f = floor(*ON, queued(T + 100), alerting(T + 103), answered(T + 110), held(T + 150), retrieved(T + 170))
    f.say(released(T + 200), wrap(T + 200, T + 230), not_ready(T + 300, "lunch"))
    spent = {"ready": 100 + 3 + 70, "ringing": 7, "talking": 40 + 30, "hold": 20, "wrap": 30}
    assert time(f, T + 300) == spent
    assert time(f, T + 360.5) == {**spent, "meal": 60.5}
    f.say(events.AgentLoggedOff(at=T + 400, agent=ANNA))
    assert time(f, T + 9_000) == {**spent, "meal": 100}


def test_a_conversation_from_0523_to_0615_is_7_30_and_15_minutes() -> None:
    """Amazon Connect's example of half hours."""
    f = floor(policy=Policy(interval=1800), at=MIDNIGHT)
    begin, end = MIDNIGHT + 5 * 3600 + 23 * 60, MIDNIGHT + 6 * 3600 + 15 * 60
    f.say(member(begin), phone(begin), queued(begin), answered(begin), released(end))
    halves = [
        time(f, end + 60, f"interval:{MIDNIGHT + half * 1800:.0f}").get("talking") for half in range(9, 13)
    ]
    assert halves == [None, 7 * 60, 30 * 60, 15 * 60]
    assert time(f, end + 60) == {"talking": 52 * 60, "ready": 60}


def test_what_still_lasts_is_split_at_the_borders_too() -> None:
    f = floor(*ON)
    assert time(f, T + 1_000, f"interval:{T:.0f}") == {"ready": 900}
    assert time(f, T + 1_000, "interval") == {"ready": 100}


def test_who_stays_over_midnight_has_time_in_both_days() -> None:
    late = MIDNIGHT + 86_400 - 600
    f = floor(member(late), phone(late), at=late - 60)
    assert time(f, MIDNIGHT + 86_399) == {"ready": 599}
    assert time(f, MIDNIGHT + 86_400 + 90) == {"ready": 90}  # nothing was heard since
    f.say(not_ready(MIDNIGHT + 86_400 + 100))
    assert time(f, MIDNIGHT + 86_400 + 130) == {"ready": 100, "away": 30}
    assert shift(f, MIDNIGHT + 86_400 + 130)["states"] == {"ready": 100, "away": 30}
    assert f.agent(MIDNIGHT + 86_400 + 130, "logged_on") == MIDNIGHT + 86_400


def test_a_fact_of_tomorrow_splits_what_it_ends() -> None:
    late = MIDNIGHT + 86_400 - 10
    f = floor(member(late), phone(late), at=late - 60)
    f.say(not_ready(late + 30), received=late + 5)
    days = f.engine._state.agents[ANNA].days
    assert {day: own.states for day, own in days.items()} == {
        MIDNIGHT: {"ready": 10_000},
        MIDNIGHT + 86_400: {"ready": 20_000},
    }


def test_an_autumn_night_has_25_hours_and_both_its_half_past_twos() -> None:
    night = 1_792_875_600.0  # 2026-10-24 23:00 in Berlin; the clock goes back at 01:00 UTC
    f = floor(policy=Policy(zone="Europe/Berlin", interval=1800), at=night)
    f.say(member(night), phone(night), not_ready(night + 26 * 3600 - 1))
    day = f.engine._state.frame
    assert (day.end - day.start, f.engine._state.agents[ANNA].days[day.start].states) == (
        25 * 3600,
        {"ready": 25 * 3_600_000 - 1_000},
    )
    twice = [1_792_888_200 + 0, 1_792_888_200 + 3_600]  # 02:30 +02:00 and 02:30 +01:00
    assert [time(f, night + 26 * 3600 - 1, f"interval:{start}") for start in twice] == [{"ready": 1800}] * 2


@pytest.mark.parametrize("later", [60, 62, 74, 76, 100])
def test_wrap_up_that_ran_out_ends_at_its_own_instant_whatever_is_told_later(later: int) -> None:
    f = floor(*ON, wrap(T + 50, T + 60))
    assert time(f, T + 90) == {"ready": 50 + 30, "wrap": 10}
    f.say(not_ready(T + later, "lunch"))
    assert time(f, T + 120) == {"ready": 50 + later - 60, "wrap": 10, "meal": 120 - later}


def test_wrap_up_cut_short_lasted_until_then() -> None:
    f = floor(*ON, wrap(T + 50, T + 80), queued(T + 55), answered(T + 60))
    assert time(f, T + 90) == {"ready": 50, "wrap": 10, "talking": 30}


def test_not_ready_pressed_in_wrap_up_is_time_from_its_end() -> None:
    f = floor(*ON, wrap(T + 50, T + 60), not_ready(T + 55, "lunch"), ready(T + 100))
    assert time(f, T + 100) == {"ready": 50, "wrap": 10, "meal": 40}


def test_not_ready_told_before_a_call_does_not_swallow_it() -> None:
    f = floor(*ON, not_ready(T + 30, "lunch"), queued(T), answered(T + 40), released(T + 50))
    assert time(f, T + 60) == {"ready": 30, "meal": 10 + 10, "talking": 10}
    assert f.agent(T + 60, "since") == T + 30


def test_one_decision_told_queue_by_queue_began_with_the_first() -> None:
    f = floor(*ON, member(T, PROMO), not_ready(T + 10, queue=Q), not_ready(T + 12, queue=PROMO))
    assert time(f, T + 20) == {"ready": 10, "away": 10}


def test_another_reason_is_another_time() -> None:
    f = floor(*ON, not_ready(T + 10, "lunch"), not_ready(T + 40, "training"))
    assert time(f, T + 45) == {"ready": 10, "meal": 30, "training": 5}


def test_a_reason_that_configuration_calls_otherwise_does_so_from_then_on() -> None:
    f = floor(*ON, not_ready(T + 10, "A7"))
    f.say(events.ConfigApplied(at=T + 40, hash="", policy=Policy(not_ready_kinds={"a7": "meal"})))
    assert time(f, T + 60) == {"ready": 10, "away": 30, "meal": 20}


def test_a_fact_that_comes_late_changes_nothing_before_the_present_state() -> None:
    f = floor(*ON, not_ready(T + 50, "lunch"))
    f.say(phone(T + 30, "unavailable"), ready(T + 40), received=T + 60)
    assert time(f, T + 70) == {"ready": 50, "fault": 20}


def test_a_source_that_is_away_lets_time_stand_still_until_it_is_back() -> None:
    f = floor(*connected(T), *ON)
    f.say(events.SourceDown(at=T + 100, reason="eof"), queued(T + 130), source=PBX)
    assert (time(f, T + 500), f.agent(T + 500, "incomplete")) == ({"ready": 100}, True)
    f.say(*resync(T + 200, member(T + 200), phone(T + 200)))
    assert time(f, T + 500) == {"ready": 500}


def test_who_is_gone_after_an_outage_was_there_until_it_was_over() -> None:
    f = floor(*connected(T), *ON, events.SourceDown(at=T + 100, reason="eof"), *resync(T + 200))
    assert time(f, T + 500) == {"ready": 200}


def test_another_interval_keeps_the_time_that_was_booked() -> None:
    f = floor(*ON, not_ready(T + 2_000), ready(T + 2_100), policy=Policy(interval=900))
    f.say(events.ConfigApplied(at=T + 2_100, hash="", policy=Policy(interval=1800)))
    assert time(f, T + 2_100, f"interval:{T:.0f}") == {"ready": 1800}
    assert time(f, T + 2_100, "interval") == {"ready": 200, "away": 100}
    f.say(events.ConfigApplied(at=T + 2_100, hash="", policy=Policy(interval=900)))
    assert time(f, T + 2_100) == {"ready": 2_000, "away": 100}


def test_another_day_takes_the_intervals_that_are_in_it() -> None:
    own = AgentDay(
        answered=3, first_on=100.0, last_on=3_900.0, states={"ready": 3_800_000},
        intervals={0: {"ready": 1_700_000}, 1800: {"ready": 1_800_000}, 3600: {"ready": 300_000}},
    )  # fmt: skip
    moved = kept_time({0: own}, Frame(start=1800, end=88_200, length=3600))
    assert set(moved) == {1800}
    assert (moved[1800].states, moved[1800].intervals) == (
        {"ready": 2_100_000},
        {0: {"ready": 1_800_000}, 3600: {"ready": 300_000}},
    )
    assert (moved[1800].first_on, moved[1800].last_on, moved[1800].answered) == (1800.0, 3_900.0, 0)


def test_the_time_of_persons_has_no_rolling_windows() -> None:
    f = floor(*ON)
    with pytest.raises(ValueError, match="rolling:5"):
        f.engine.people(Scope("agent", ANNA), Window("rolling", 0, 300, minutes=5), T + 9)


def test_the_board_shows_what_is_finished_and_since_when_it_is_not() -> None:
    f = floor(*ON, queued(T), answered(T + 10), released(T + 30), wrap(T + 30, T + 40))
    assert (f.agent(T + 35, "times"), f.agent(T + 35, "times_at")) == ({"ready": 10, "talking": 20}, T + 30)
    after = {"ready": 10, "talking": 20, "wrap": 10}
    assert (f.agent(T + 45, "times"), f.agent(T + 45, "times_at")) == (after, T + 40)
    f.say(phone(T + 900), source=SourceId("other"))  # booked by now
    assert (f.agent(T + 900, "times"), f.agent(T + 900, "times_at")) == (after, T + 40)
    f.say(events.AgentLoggedOff(at=T + 950, agent=ANNA))
    assert (f.agent(T + 960, "times"), f.agent(T + 960, "times_at")) == (after | {"ready": 920}, None)
    assert f.agent(T + 960, "logged_on") == T


# ── many ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def shift(f: Floor, now: float, scope: str = "floor", window: str = TODAY) -> dict[str, object]:
    return f.engine.people(scope_of(scope), window_of(window, day_at(f.engine._state, now), now), now)


TEAMS = Policy(
    agents={ANNA: AgentCard(team="A"), OLEG: AgentCard(team="B")},
    calls_target=60,
)


def test_a_shift_is_the_time_of_its_people() -> None:
    f = floor(*ON, member(T, PROMO, OLEG), phone(T, agent=OLEG, device="PJSIP/2"), policy=TEAMS)
    f.say(queued(T), answered(T + 20), released(T + 80), not_ready(T + 50, "lunch", OLEG))
    assert shift(f, T + 100) == {
        "states": {"meal": 50.0, "ready": 20 + 20 + 50.0, "talking": 60.0},
        "shares": {"meal": 0.25, "ready": 0.45, "talking": 0.3},
        "logged_on_time": 200.0,
        "occupancy": 0.4,
        "persons": 2,
        "answered": 1,
        "calls_per_agent": 0.5,
        "calls_target": 60,
        "heads": {"staffed": 2, "ready": 1, "busy": 0, "wrap": 0, "not_ready": 1, "capacity": 1.0},
    }
    a, b = shift(f, T + 100, "team:A"), shift(f, T + 100, "team:B")
    assert (a["occupancy"], a["calls_per_agent"], a["persons"]) == (0.6, 1.0, 1)
    assert (b["occupancy"], b["calls_per_agent"], b["shares"]) == (0.0, 0.0, {"meal": 0.5, "ready": 0.5})


def test_nobody_has_no_occupancy_and_no_calls_each() -> None:
    nobody = shift(floor(), T + 5)
    assert (nobody["occupancy"], nobody["calls_per_agent"], nobody["persons"]) == (None, None, 0)
    assert (nobody["states"], nobody["shares"], nobody["logged_on_time"]) == ({}, {}, 0)


def test_a_queue_a_line_and_a_site_have_the_people_who_serve_them_now() -> None:
    policy = Policy(places={SourceId("pbx2"): events.SiteId("branch")})
    f = floor(*ON, member(T, PROMO), policy=policy)
    f.say(member(T + 10, QueueId("pbx2/x"), OLEG), source=SourceId("pbx2"))
    persons = {
        scope: shift(f, T + 60, scope)["persons"]
        for scope in (
            f"queue:{Q}",
            "queue:pbx2/x",
            "queue:none",
            "site:site",
            "site:branch",
            "line:",
            "floor",
        )
    }
    assert persons == {
        f"queue:{Q}": 1, "queue:pbx2/x": 1, "queue:none": 0, "site:site": 1, "site:branch": 1, "line:": 2, "floor": 2,
    }  # fmt: skip


def test_an_interval_has_its_own_shift() -> None:
    f = floor(*ON, queued(T), answered(T + 890), released(T + 910))
    assert shift(f, T + 1_000, window=f"interval:{T:.0f}")["states"] == {"ready": 890, "talking": 10}
    assert shift(f, T + 1_000, window="interval")["states"] == {"ready": 90, "talking": 10}
    assert shift(f, T + 1_000, window=f"interval:{T:.0f}")["calls_per_agent"] == 1.0
    assert shift(f, T + 1_000, f"agent:{ANNA}", "interval")["calls_per_agent"] is None


def agree(f: Floor, now: float) -> dict[str, int]:
    """The floor's time, by the sums that are kept, which are those of its people."""
    state = f.engine._state
    window = window_of(TODAY, day_at(state, now), now)
    kept = spent(state, Scope(), window, now)
    assert kept == _from_persons(state, Scope(), window, now)
    return kept.states


def test_a_shift_knows_that_wrap_up_ran_out() -> None:
    f = floor(*ON, wrap(T + 50, T + 60))
    assert agree(f, T + 55) == {"ready": 50_000, "wrap": 5_000}
    assert agree(f, T + 65) == {"ready": 55_000, "wrap": 10_000}


def test_a_shift_begins_anew_with_the_day_for_all_who_stay() -> None:
    late = MIDNIGHT + 86_400 - 600
    f = floor(
        member(late), phone(late), member(late, agent=OLEG), phone(late, agent=OLEG, device="P2"), at=late
    )
    f.say(events.SourceLimited(at=late + 700, limit="x"), not_ready(late + 710))
    assert agree(f, late + 720) == {"ready": 110_000 + 120_000, "away": 10_000}


def test_a_gap_told_afterwards_lets_the_shift_stand_still_too() -> None:
    f = floor(*connected(T), *ON, member(T, agent=OLEG), not_ready(T + 20, "lunch", OLEG))
    f.say(not_ready(T + 70, "lunch"))
    f.say(events.SourceGap(at=T + 90, since=T + 50), events.SourceResyncStarted(at=T + 90))
    assert agree(f, T + 100) == {"ready": 70_000, "unknown": 20_000, "meal": 30_000}
    f.say(events.SourceResyncFinished(at=T + 96))
    assert agree(f, T + 100) == {"ready": 70_000, "unknown": 20_000, "meal": 26_000 + 76_000}


def test_busy_is_neither_handling_nor_idle() -> None:
    assert occupancy({"busy": 50, "meal": 10}) is None
    assert occupancy({"busy": 50, "ready": 10, "ringing": 30}) == 0.75


def test_adherence_is_work_at_the_planned_time_and_conformance_work_at_any_time() -> None:
    nine, quarter = 9 * 3600.0, 900.0
    schedule, worked = [(nine, nine + 4 * quarter)], [(nine + quarter, nine + 5 * quarter)]
    assert (adherence(schedule, worked), conformance(schedule, worked)) == (0.75, 1.0)


def test_time_that_is_listed_twice_passed_once() -> None:
    assert adherence([(0.0, 10.0), (5.0, 20.0)], [(0.0, 5.0), (4.0, 10.0), (4.0, 8.0)]) == 0.5
    assert conformance([(0.0, 10.0), (10.0, 20.0)], [(20.0, 50.0)]) == 1.5
    assert (adherence([], [(0.0, 1.0)]), conformance([(3.0, 3.0)], [(0.0, 1.0)])) == (None, None)


# ── whatever happens ───────────────────────────────────────────────────────────────────────────────────────────────


def _teams(n: int) -> Make:
    a, b = (("x", ""), ("x", "x"), ("y", "x"))[n]
    cards = {AgentId("a0"): AgentCard(team=a), AgentId("a1"): AgentCard(team=b)}
    kinds = {"lunch": "training"} if n == 1 else {}
    policy = Policy(agents=cards, not_ready_kinds=kinds)
    return lambda at, contact, queue, agent: events.ConfigApplied(at=at, hash=str(n), policy=policy)


wild = st.lists(
    st.one_of(
        steps,
        st.tuples(
            st.sampled_from([_teams(n) for n in range(3)]),
            st.just(1.0), st.just(0.0), st.just(0), st.just(0), st.just(0), st.just(0),
        ),
        st.tuples(
            st.sampled_from(MAKERS), st.sampled_from([0.3, 310.0]), st.sampled_from([-40.0, -250.0, 0.0]),
            st.integers(0, 7), st.integers(0, 1), st.integers(0, 2), st.integers(0, 1),
        ),
    ),
    max_size=60,
)  # fmt: skip
"""Teams change, midnight comes soon, and a source's clock may be far ahead of ours."""


def scopes(state: State) -> list[Scope]:
    return [Scope(), *(Scope("team", team) for team in ("", "x", "y"))]


@given(wild, st.sampled_from([0.0, 0.004, 9.0, 14.9, 400.0]))
def test_the_sums_that_are_kept_are_those_of_the_persons(drawn: list[Step], later: float) -> None:
    engine = Engine()
    for envelope in journal(drawn):
        engine.apply(envelope)
        state = engine._state
        now = state.now + later
        if now < state.frame.end:
            day = Window("today", state.frame.start, state.frame.end)
            for scope in scopes(state):
                assert spent(state, scope, day, now) == _from_persons(state, scope, day, now), scope


@given(wild, st.integers(0, 60))
def test_a_restored_engine_has_the_same_sums(drawn: list[Step], cut: int) -> None:
    facts = journal(drawn)
    restored = Engine.restore(replayed(facts[:cut]).dump())
    whole = replayed(facts)
    for envelope in facts[cut:]:
        restored.apply(envelope)
    for scope in scopes(whole._state):
        window = Window("today", whole._state.frame.start, whole._state.frame.end)
        now = whole._state.now + 7
        assert restored.people(scope, window, now) == whole.people(scope, window, now)
    assert restored._state.shift.ending == whole._state.shift.ending or not any(
        (*restored._state.shift.ending.values(), *whole._state.shift.ending.values())
    )


@given(wild)
def test_what_a_team_answered_is_what_its_people_did(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    window = Window("today", state.frame.start, state.frame.end)
    for scope in scopes(state):
        own = [a.days.get(state.frame.start, AgentDay()).answered for a in people_of(state, scope)]
        assert answered_by(state, scope, window, state.now) == sum(own)


@given(wild)
def test_a_day_is_the_sum_of_its_intervals_and_nothing_is_negative(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    for agent in state.agents.values():
        for start, own in agent.days.items():
            summed: dict[str, int] = {}
            for interval, here in own.intervals.items():
                assert 0 < sum(here.values()) <= state.frame.length * 1000 * 4  # of hours, cut to quarters
                assert start - 3600 < interval < start + 25 * 3600
                for status, length in here.items():
                    assert length > 0
                    summed[status] = summed.get(status, 0) + length
            assert summed == own.states
            assert OFF not in summed


@given(st.lists(steps.filter(lambda step: step[0] not in MAKERS[-3:]), max_size=60))
def test_time_is_neither_lost_nor_counted_twice(drawn: list[Step]) -> None:
    """While nobody configures other days: what is booked, of today and tomorrow, is the time between on and off."""
    engine, total = Engine(), dict[str, int]()
    was_on: dict[str, int] = {}
    day = 0
    for envelope in journal(drawn):
        engine.apply(envelope)
        state = engine._state
        if state.frame.start != day:
            day, total = state.frame.start, dict.fromkeys(state.agents, 0)
            was_on = {id: max(since, day * 1000) for id, since in was_on.items()}
        for id, agent in state.agents.items():
            spell = agent.spell
            is_on, since = spell.state != OFF, max(spell.since, day * 1000)
            if is_on and id not in was_on:
                was_on[id] = since
            elif not is_on and id in was_on:
                total[id] = total.get(id, 0) + max(0, since - was_on.pop(id))
            booked = sum(sum(own.states.values()) for own in agent.days.values())
            expected = total.get(id, 0) + (max(0, since - was_on[id]) if is_on else 0)
            assert booked == expected, (id, agent)


def _wrap(at: float, contact: str, queue: str, agent: str) -> AnyEvent:
    return events.AgentWorkingAfterCall(
        at=at, agent=AgentId(agent), contact=ContactId(f"w{at}"), until=at + 20
    )


def _talk(kind: type[events.ContactEvent], **more: object) -> Make:
    """Each contact has an agent of its own, who is never corrected."""

    def make(at: float, contact: str, queue: str, agent: str) -> AnyEvent:
        whose = AgentId(f"a{int(contact[1:]) % 2}")
        named: dict[str, object] = {"agent": whose, **more}
        event = kind(at=at, contact=ContactId(contact), queue=QueueId("s/q"), **named)
        assert isinstance(event, events.ContactEvent)
        return event  # type: ignore[return-value]  # every ContactEvent is in the union

    return make


def _agent(make: Callable[[float, AgentId], AnyEvent]) -> Make:
    return lambda at, contact, queue, agent: make(at, AgentId(agent))


def _phone(state: events.PhoneState) -> Make:
    return lambda at, contact, queue, agent: phone(at, state, AgentId(agent), f"P/{agent}")


PUNCTUAL: list[Make] = [
    *[_wrap] * 3,
    *[lambda at, contact, queue, agent: queued(at, contact, QueueId("s/q"))] * 2,
    *[lambda at, contact, queue, agent: alerting(at, contact, AgentId(agent))] * 2,
    *[_talk(events.ContactAnswered)] * 3,
    *[_talk(events.ContactReleased, by="agent")] * 2,
    _talk(events.ContactHeld),
    _talk(events.ContactRetrieved),
    _agent(lambda at, agent: not_ready(at, "lunch", agent)),
    _agent(lambda at, agent: not_ready(at, "", agent)),
    _agent(ready),
    _agent(lambda at, agent: events.AgentBusy(at=at, agent=agent)),
    _agent(lambda at, agent: events.AgentLoggedOn(at=at, agent=agent, name="")),
    _agent(lambda at, agent: events.AgentLoggedOff(at=at, agent=agent)),
    _phone("idle"), _phone("in_use"), _phone("unavailable"),
]  # fmt: skip
"""Told at once, in order, by one source: then every state begins when it is shown."""

punctual = st.lists(
    st.tuples(
        st.sampled_from(PUNCTUAL),
        st.sampled_from([0.0, 0.004, 1.0, 3.0, 18.5, 21.5, 130.0, 700.0]),
        st.integers(0, 5),
        st.integers(0, 1),
    ),
    max_size=60,
)


@given(punctual)
def test_the_time_of_a_state_is_how_long_it_was_shown(drawn: list[tuple[Make, float, int, int]]) -> None:
    engine, now = Engine(), START
    seen: dict[tuple[str, int, str], int] = {}

    def look(agent: str, start: int, end: int) -> None:
        """Add what the board showed from ``start`` to ``end``, when nothing was told."""
        state = engine._state
        length = state.frame.length * 1000
        while start < end:
            shown = agent_object(state, state.agents[AgentId(agent)], state.frame, start / 1000)
            until = shown.get("until")
            border = min(end, start // length * length + length)
            if isinstance(until, float):
                border = min(border, max(millis(until), start + 1))
            key = (agent, start // length * length // 1000, str(shown["state"]))
            seen[key] = seen.get(key, 0) + border - start
            start = border

    told: list[Envelope] = [fact(events.ConfigApplied(at=START, hash="", policy=Policy()), 1, received=START)]
    for seq, (make, step, contact, agent) in enumerate(drawn, 2):
        now += step
        told.append(fact(make(now, f"c{contact}", "s/q", f"a{agent}"), seq, received=now))
    for envelope, following in zip(told, [*told[1:], None], strict=True):
        engine.apply(envelope)
        end = millis(following.received if following is not None else now + 50)
        for id in engine._state.agents:
            look(id, millis(envelope.received), end)
    state = engine._state
    day = day_at(state, now + 50)
    for id in state.agents:
        for start in range(day.start, day.end, day.length):
            window = Window("interval", start, start + day.length, is_open=False)
            found = times(state, state.agents[id], now + 50, window)
            expected = {
                status: length
                for (agent, interval, status), length in seen.items()
                if (agent, interval) == (id, start) and status != OFF
            }
            assert found == expected, (id, start)
