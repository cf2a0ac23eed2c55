"""A person's day, by hand, and against the books of their time."""

from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given, settings

from ccwall import events
from ccwall.engine import Engine, diary
from ccwall.engine.conflicts import LIMITS
from ccwall.engine.evidence import OF_LINE, SAYS
from ccwall.engine.spells import PRECEDENCE, times
from ccwall.events import AgentId, ContactId, Policy
from tests.engine.journal import (
    ANNA,
    HOUSE,
    NOON,
    Floor,
    Q,
    alerting,
    answered,
    connected,
    member,
    not_ready,
    phone,
    queued,
    ready,
    released,
    resync,
    wrap,
)
from tests.engine.test_board import EVERYTHING, Step, steps
from tests.engine.test_board import journal as board_journal
from tests.engine.workplaces import BUS, MATS, SIP, extension, gone, headset, house, restored, tick, vacated
from tests.engine.workplaces import floor as desk_floor

Row = dict[str, object]
DAY = 1_795_305_600.0
"""The beginning of the day of NOON."""


def day(floor: Floor, now: float, key: str) -> list[Row]:
    found = floor.engine.timeline(ANNA, now)
    assert found is not None
    return cast(list[Row], found[key])


def spells(floor: Floor, now: float) -> list[tuple[object, ...]]:
    """From noon on: what, from, to."""
    return [_row(row, "state") for row in day(floor, now, "spells")]


def _row(row: Row, name: str) -> tuple[object, ...]:
    start, end = row["from"], row.get("to")
    assert isinstance(start, float)
    told = row[name], start - NOON, None if end is None else cast(float, end) - NOON
    return (*told, row["reason"]) if "reason" in row else told


def conflicts(floor: Floor, now: float) -> list[tuple[object, ...]]:
    return [_row(row, "kind") for row in day(floor, now, "conflicts")]


def words(floor: Floor, now: float, sense: str) -> list[tuple[object, ...]]:
    return [
        _row(span, "says")
        for each in day(floor, now, "senses") if each["sense"] == sense
        for span in cast(list[Row], each["spans"])
    ]  # fmt: skip


def test_states_and_calls_by_hand() -> None:
    floor = Floor().say(
        *connected(NOON), member(NOON), phone(NOON), queued(NOON + 5), alerting(NOON + 10),
        answered(NOON + 20), released(NOON + 80), wrap(NOON + 80, NOON + 100), not_ready(NOON + 200, "lunch"),
        not_ready(NOON + 210, "lunch, still"), ready(NOON + 300), queued(NOON + 301, "c2"), answered(NOON + 310, "c2"),
    )  # fmt: skip
    told = floor.engine.timeline(ANNA, NOON + 400)
    assert told is not None
    assert (told["agent"], told["from"], told["to"], "limited" in told) == (ANNA, DAY, NOON + 400, False)
    assert spells(floor, NOON + 400) == [
        ("ready", 0.0, 10.0), ("ringing", 10.0, 20.0), ("talking", 20.0, 80.0), ("wrap", 80.0, 100.0),
        ("ready", 100.0, 200.0), ("meal", 200.0, 300.0, "lunch, still"), ("ready", 300.0, 310.0),
        ("talking", 310.0, None),
    ]  # fmt: skip
    assert day(floor, NOON + 400, "calls") == [
        {"from": NOON + 20, "to": NOON + 80, "queue": Q, "direction": "in"},
        {"from": NOON + 310, "queue": Q, "direction": "in"},
    ]
    assert floor.engine.timeline(AgentId("nobody"), NOON) is None


def test_wrap_up_that_ran_out_is_over_although_no_fact_says_so() -> None:
    floor = Floor().say(*connected(NOON), member(NOON), phone(NOON), wrap(NOON + 10, NOON + 30))
    assert spells(floor, NOON + 20) == [("ready", 0.0, 10.0), ("wrap", 10.0, None)]
    assert spells(floor, NOON + 40) == [("ready", 0.0, 10.0), ("wrap", 10.0, 30.0), ("ready", 30.0, None)]


def test_what_nobody_heard_is_unknown() -> None:
    floor = Floor().say(*connected(NOON), member(NOON), phone(NOON))
    floor.say(events.SourceDown(at=NOON + 100, reason="eof"))
    assert spells(floor, NOON + 130) == [("ready", 0.0, 100.0), ("unknown", 100.0, None)]
    floor.say(*resync(NOON + 160, member(NOON + 160), phone(NOON + 160)), not_ready(NOON + 200, "tea"))
    assert spells(floor, NOON + 230) == [
        ("ready", 0.0, 100.0), ("unknown", 100.0, 160.0), ("ready", 160.0, 200.0),
        ("break", 200.0, None, "tea"),
    ]  # fmt: skip


def test_of_a_spell_across_the_border_of_a_changed_day_the_later_part_is_told() -> None:
    floor = Floor().say(*connected(NOON), member(NOON), phone(NOON), not_ready(NOON + 7200, "tea"))
    floor.say(events.ConfigApplied(at=NOON + 7300, hash="", policy=Policy(day_starts=13)), source=HOUSE)
    assert spells(floor, NOON + 7500) == [("ready", 3600.0, 7200.0), ("break", 7200.0, None, "tea")]
    spent = times(floor.engine._state, floor.engine._state.agents[ANNA], NOON + 7500)
    assert spent == {"ready": 3_600_000, "break": 300_000}


def test_where_there_is_no_spell_they_were_logged_off() -> None:
    floor = Floor().say(*connected(NOON), member(NOON), phone(NOON), member(NOON + 50, member=False))
    assert spells(floor, NOON + 70) == [("ready", 0.0, 50.0)]


def test_an_outbound_call_is_out() -> None:
    floor = Floor().say(*connected(NOON), member(NOON), phone(NOON))
    floor.say(events.AttemptConnected(at=NOON + 10, attempt="a1", queue=Q, agent=ANNA))
    floor.say(events.AttemptCompleted(at=NOON + 30, attempt="a1", queue=Q, agent=ANNA))
    assert day(floor, NOON + 60, "calls") == [
        {"from": NOON + 10, "to": NOON + 30, "queue": Q, "direction": "out"}
    ]


def test_the_words_of_a_headset_and_what_they_contradict() -> None:
    floor = desk_floor().say(headset(NOON, worn=True), source=BUS)
    floor.say(headset(NOON + 100, docked=True), source=BUS)
    floor.say(headset(NOON + 190, docked=False, worn=True), source=BUS)
    floor.say(headset(NOON + 200, docked=True), source=BUS)
    floor.say(headset(NOON + 215, docked=False, worn=True), source=BUS)  # not for so long
    for f in (floor, restored(floor)):
        assert words(f, NOON + 300, "desk") == [
            ("worn", 0.0, 100.0), ("docked", 100.0, 190.0), ("worn", 190.0, 200.0),
            ("docked", 200.0, 215.0), ("worn", 215.0, None),
        ]  # fmt: skip
        assert conflicts(f, NOON + 300) == [("ready_docked", 100.0, 190.0)]


def test_a_conflict_of_now_is_the_one_on_the_board() -> None:
    floor = desk_floor().say(headset(NOON + 10, docked=True), source=BUS)
    floor.say(extension(NOON + 20, "in_use"), source=SIP).say(vacated(NOON + 30), source=MATS)
    board = floor.agent(NOON + 200, "conflicts")
    assert isinstance(board, list)
    shown = [(c["kind"], c["since"] - NOON, None) for c in board]
    assert sorted(conflicts(floor, NOON + 200)) == sorted(shown)
    assert len(shown) == 3


def test_a_call_that_ended_at_the_phone_alone() -> None:
    floor = desk_floor().say(extension(NOON), source=SIP)
    floor.say(queued(NOON + 5), answered(NOON + 10)).say(extension(NOON + 11, "in_use"), source=SIP)
    floor.say(extension(NOON + 50), source=SIP).say(released(NOON + 90))
    assert conflicts(floor, NOON + 100) == [("call_ended", 50.0, 90.0)]


def test_a_phone_that_was_never_taken_up_contradicts_no_conversation() -> None:
    floor = desk_floor().say(extension(NOON), source=SIP).say(queued(NOON + 5), answered(NOON + 10))
    assert conflicts(floor, NOON + 100) == []


def test_a_sense_that_is_away_says_nothing_and_contradicts_nobody() -> None:
    floor = desk_floor().say(*connected(NOON), source=BUS).say(headset(NOON + 10, docked=True), source=BUS)
    floor.say(gone(NOON + 100), source=BUS)
    assert words(floor, NOON + 200, "desk") == [("docked", 10.0, 100.0), ("unknown", 100.0, None)]
    assert conflicts(floor, NOON + 200) == [("ready_docked", 10.0, 100.0)]


def test_a_headset_that_is_another_ones_now_says_nothing_more_of_this_person() -> None:
    floor = desk_floor().say(headset(NOON, worn=True), source=BUS)
    floor.say(headset(NOON + 60, docked=True, agent=AgentId("oleg")), source=BUS)
    assert words(floor, NOON + 90, "desk") == [("worn", 0.0, 60.0)]


def test_a_new_day_begins_with_the_last_word() -> None:
    floor = desk_floor().say(headset(NOON, docked=True), source=BUS)
    tick(floor, DAY + 86_400 + 5)
    found = floor.engine.timeline(ANNA, DAY + 86_400 + 60)
    assert found is not None
    (sense,) = cast(list[Row], found["senses"])
    assert sense["spans"] == [{"from": DAY + 86_400, "says": "docked"}]
    assert found["spells"] == [{"from": DAY + 86_400, "state": "ready"}]
    assert found["conflicts"] == [{"from": DAY + 86_400, "kind": "ready_docked"}]


def test_more_than_a_day_is_kept_of_is_said_to_be_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diary, "MOST", 3)
    floor = Floor().say(*connected(NOON), member(NOON), phone(NOON))
    for n in range(4):
        floor.say(not_ready(NOON + 10 + 2 * n, "tea"), ready(NOON + 11 + 2 * n))
    found = floor.engine.timeline(ANNA, NOON + 60)
    assert found is not None
    assert found["limited"] is True
    assert len(cast(list[Row], found["spells"])) == 4  # three that are over, and that of now


def test_every_state_and_every_word_can_be_written_down() -> None:
    assert set(diary.STATES) == set(PRECEDENCE)
    assert set(diary.SAYS) >= {*SAYS.values(), *OF_LINE.values(), "docked", "undocked", "worn", "removed"}
    assert set(LIMITS) == {"ready_docked", "ready_vacant", "ready_unreachable", "idle_talking", "call_ended"}
    assert house().senses[BUS] == "desk"


def test_forgotten_visits_are_said_to_be_missing() -> None:
    floor = Floor().say(*connected(NOON), member(NOON), phone(NOON), queued(NOON), answered(NOON + 1))
    floor.say(released(NOON + 2), queued(NOON + 3, "c2"), answered(NOON + 4, "c2"))
    assert "limited" not in (floor.engine.timeline(ANNA, NOON + 9) or {})
    del floor.engine._state.contacts[ContactId("c1")]  # as on a day of very many visits
    assert "limited" in (floor.engine.timeline(ANNA, NOON + 9) or {})


@given(steps(EVERYTHING, 130.0, 900.0))
@settings(max_examples=120)
def test_the_spells_are_the_books_of_the_day(drawn: list[Step]) -> None:
    """But for outages, the time in each state is that of the books; spells follow one another; and a cut changes nothing."""
    engine, facts = Engine(), board_journal(drawn)
    for envelope in facts:
        engine.apply(envelope)
    now = facts[-1].received + 1
    state = engine._state
    for id, agent in state.agents.items():
        found = engine.timeline(id, now)
        assert found is not None
        assert found == Engine.restore(engine.dump()).timeline(id, now)
        rows = cast(list[dict[str, float]], found["spells"])
        for one, other in pairwise(rows):
            assert "to" in one
            assert one["to"] <= other["from"] + 0.0011
        if state.stretches or any(source.down_since is not None for source in state.sources.values()):
            continue
        spent: dict[str, float] = {}
        for row in cast(list[Row], found["spells"]):
            start, end = cast(float, row["from"]), cast(float, row.get("to", now))
            spent[str(row["state"])] = spent.get(str(row["state"]), 0.0) + max(0.0, end - start)
        wanted = {name: length / 1000 for name, length in times(state, agent, now).items() if length > 10}
        assert {name: n for name, n in spent.items() if n > 0.01} == pytest.approx(wanted, abs=0.02)
