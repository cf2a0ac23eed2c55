"""Outbound attempts: each of their moments once, and a conversation of the agent's while it lasts."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import room
from ccwall.engine.scope import Scope
from ccwall.events import AgentCard, AgentId, AnyEvent, Policy, QueueCard
from tests.engine.journal import ANNA, NOON, OLEG, Floor, Q, connected, member, phone, replayed

T = NOON
KEYS = ("planned", "dialled", "connected", "failed", "completed")
TEAMS = Policy(queues={Q: QueueCard(team="desk")}, agents={ANNA: AgentCard(team="north")})


def planned(at: float, attempt: str = "t1", agent: AgentId | None = None) -> events.AttemptPlanned:
    return events.AttemptPlanned(at=at, attempt=attempt, queue=Q, agent=agent)


def dialled(at: float, attempt: str = "t1", agent: AgentId | None = ANNA) -> events.AttemptDialled:
    return events.AttemptDialled(at=at, attempt=attempt, queue=Q, agent=agent)


def reached(at: float, attempt: str = "t1", agent: AgentId | None = ANNA) -> events.AttemptConnected:
    return events.AttemptConnected(at=at, attempt=attempt, queue=Q, agent=agent)


def failed(at: float, attempt: str = "t1", agent: AgentId | None = ANNA) -> events.AttemptFailed:
    return events.AttemptFailed(at=at, attempt=attempt, queue=Q, agent=agent, cause="busy")


def completed(at: float, attempt: str = "t1", agent: AgentId | None = ANNA) -> events.AttemptCompleted:
    return events.AttemptCompleted(at=at, attempt=attempt, queue=Q, agent=agent)


LIFE: list[AnyEvent] = [planned(T), dialled(T + 10), reached(T + 20), completed(T + 80)]


def numbers(f: Floor, now: float = T + 600, scope: Scope = Scope("queue", Q)) -> Mapping[str, object]:  # noqa: B008 - frozen
    return f.engine.measure(scope, f.engine.window("today", now), now)


def counts(f: Floor, now: float = T + 600, scope: Scope = Scope("queue", Q)) -> list[object]:  # noqa: B008 - frozen
    return [numbers(f, now, scope)[key] for key in KEYS]


def test_an_attempt_counts_each_of_its_moments_and_its_talk() -> None:
    f = Floor().say(*LIFE, planned(T, "t2"), dialled(T + 100, "t2"), failed(T + 130, "t2"), planned(T, "t3"))
    assert counts(f) == [3, 2, 1, 1, 1]
    shown = numbers(f)
    assert (shown["connect_rate"], shown["completion_rate"], shown["outbound_talk_time"]) == (
        0.5,
        0.333333,
        60.0,
    )
    assert shown["offered"] == 0


def test_each_moment_counts_in_the_window_in_which_it_was() -> None:
    f = Floor().say(planned(T), dialled(T + 890), reached(T + 895), completed(T + 1000))
    now = T + 1000
    first, second = (
        f.engine.measure(Scope(), f.engine.window(text, now), now)
        for text in (f"interval:{int(T)}", "interval")
    )
    assert [first[key] for key in KEYS] == [1, 1, 1, 0, 0]
    assert [second[key] for key in KEYS] == [0, 0, 0, 0, 1]
    assert (first["outbound_talk_time"], second["outbound_talk_time"]) == (None, 105.0)


def test_what_was_not_seen_is_not_counted() -> None:
    assert counts(Floor().say(completed(T + 5))) == [0, 0, 0, 0, 1]
    assert numbers(Floor().say(completed(T + 5)))["outbound_talk_time"] is None


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE), max_size=4))
def test_told_in_any_order_and_more_than_once_it_is_the_same(
    told: list[AnyEvent], again: list[AnyEvent]
) -> None:
    f = Floor().say(*told, *again, received=T + 80)
    assert counts(f) == [1, 1, 1, 0, 1]
    assert numbers(f)["outbound_talk_time"] == 60.0
    assert f.engine._state.agents[ANNA].calls == {}


def test_the_first_end_that_is_told_is_the_end() -> None:
    assert counts(Floor().say(*LIFE[:3], failed(T + 30), completed(T + 80))) == [1, 1, 1, 1, 0]


def test_its_conversation_is_its_agents() -> None:
    f = Floor().say(*connected(T), member(T), phone(T), *LIFE[:3])
    assert (f.agent(T + 30, "state"), f.agent(T + 30, "since")) == ("talking", T + 20)
    f.say(LIFE[3])
    assert f.agent(T + 90, "state") == "ready"
    assert f.engine._state.agents[ANNA].days[f.engine._state.frame.start].outbound == 1


def test_an_attempt_that_failed_gave_nobody_a_conversation() -> None:
    f = Floor().say(*connected(T), member(T), phone(T), dialled(T + 5), failed(T + 9))
    assert f.agent(T + 10, "state") == "ready"


def test_a_conversation_that_a_resync_does_not_know_is_over_and_counts_no_end() -> None:
    f = Floor().say(*connected(T), member(T), phone(T), *LIFE[:3])
    f.say(events.SourceDown(at=T + 30, reason="eof"), *connected(T + 60), member(T + 61), phone(T + 61))
    assert counts(f) == [1, 1, 1, 0, 0]
    assert f.engine._state.agents[ANNA].calls == {}
    f.say(completed(T + 70))
    assert (counts(f), numbers(f)["outbound_talk_time"]) == ([1, 1, 1, 0, 1], 50.0)


def test_a_conversation_that_a_resync_speaks_of_goes_on() -> None:
    f = Floor().say(*connected(T), member(T), *LIFE[:3], events.SourceDown(at=T + 30, reason="eof"))
    f.say(events.SourceUp(at=T + 60), events.SourceResyncStarted(at=T + 60), reached(T + 20), member(T + 61))
    f.say(events.SourceResyncFinished(at=T + 62))
    assert f.agent(T + 63, "state") == "talking"


def test_an_attempt_is_its_agents_teams_from_the_moment_one_is_known() -> None:
    f = Floor(TEAMS).say(planned(T))
    assert counts(f, scope=Scope("team", "desk")) == [1, 0, 0, 0, 0]
    f.say(*LIFE[1:])
    assert counts(f, scope=Scope("team", "desk")) == [0, 0, 0, 0, 0]
    assert counts(f, scope=Scope("team", "north")) == [1, 1, 1, 0, 1]
    f.say(dialled(T + 90, agent=OLEG))  # it stays the first's
    assert counts(f, scope=Scope("team", "north")) == [1, 1, 1, 0, 1]


def test_other_teams_restate_the_attempts() -> None:
    f = Floor(TEAMS).say(*LIFE)
    moved = Policy(agents={ANNA: AgentCard(team="west")})
    f.say(events.ConfigApplied(at=T + 90, hash="", policy=moved))
    assert counts(f, scope=Scope("team", "west")) == counts(f) == [1, 1, 1, 0, 1]


def test_a_plan_of_yesterday_that_is_dialled_today_is_no_plan_of_today() -> None:
    midnight = 1_795_392_000.0
    f = Floor().say(*LIFE[:1], planned(midnight - 60, "t2"), dialled(midnight + 60))
    assert counts(f, midnight + 90) == [0, 1, 0, 0, 0]
    assert set(f.engine._state.attempts) == {"t1", "t2"}  # the second was planned within the last hour


def test_plans_without_bound_are_not_remembered_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_ATTEMPTS", 200)
    f = Floor().say(reached(T, "talking"), planned(T, "over"), failed(T + 1, "over"))
    f.say(*(planned(T + 2, f"p{n}") for n in range(300)))
    assert len(f.engine._state.attempts) <= 200
    assert "talking" in f.engine._state.attempts
    assert "over" not in f.engine._state.attempts
    assert numbers(f)["planned"] == 301


def test_the_same_attempts_from_a_dump_on_are_the_same_bytes() -> None:
    f = Floor().say(*LIFE)
    assert replayed(f.journal).dump() == f.engine.dump()
