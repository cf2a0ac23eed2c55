"""What stays of a business day when it is over: the board's own numbers of its end, of every scope, and of what time nobody knows."""

from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given, settings

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.closing import FEWEST, MOST_OUTAGES, NUMBERS, QUIET, moment_of
from ccwall.engine.desk.day_sheet import shifts_of
from ccwall.engine.scope import Scope
from ccwall.events import (
    AgentCard,
    AgentId,
    AnyEvent,
    AttendanceMarked,
    CaseId,
    CaseOpened,
    IncidentClosed,
    IncidentConfirmed,
    IncidentId,
    IncidentProposed,
    Policy,
    QueueCard,
    QueueId,
    Shift,
    ShiftId,
    ShiftsPlanned,
)
from tests.engine.journal import (
    ANNA,
    OLEG,
    PBX,
    Floor,
    Q,
    abandoned,
    answered,
    connected,
    fact,
    member,
    phone,
    queued,
    ready,
    released,
    replayed,
)
from tests.engine.test_board import EVERYTHING, Step, steps
from tests.engine.test_board import journal as board_journal

MIDNIGHT = 1_795_363_200.0
"""Between Sunday, 22 and Monday, 23 November 2026 in Shanghai."""
DAY = 86_400.0
NINE = MIDNIGHT - 15 * 3600
"""09:00 of the Sunday."""
FLOOR, RED, BLUE = Scope(), Scope("team", "red"), Scope("team", "blue")
POLICY = Policy(
    zone="Asia/Shanghai",
    interval=900,
    calls_target=6,
    queues={Q: QueueCard(team="red", threshold=20.0)},
    agents={ANNA: AgentCard(team="red"), OLEG: AgentCard(team="blue")},
)
Tree = Mapping[str, object]


def day(at: float = NINE, policy: Policy = POLICY) -> Floor:
    """Nine calls from ``at``: seven answered by Anna after 10 s, one after 90 s by Oleg, one hung up after 40 s."""
    floor = Floor(policy, at - 60).say(*connected(at - 60))
    for agent in (ANNA, OLEG):
        floor.say(
            events.AgentLoggedOn(at=at - 50, agent=agent),
            member(at - 50, agent=agent),
            phone(at - 50, agent=agent),
            ready(at - 50, agent=agent),
        )
    calls(floor, at)
    return floor


def calls(floor: Floor, at: float) -> None:
    for n in range(7):
        begun = at + 200 * n
        floor.say(
            queued(begun, f"c{begun}"), answered(begun + 10, f"c{begun}"), released(begun + 110, f"c{begun}")
        )
    begun = at + 2000  # of the next half hour
    floor.say(
        queued(begun, f"c{begun}"),
        answered(begun + 90, f"c{begun}", agent=OLEG),
        released(begun + 190, f"c{begun}"),
    )
    floor.say(queued(begun + 200, f"c{begun + 200}"), abandoned(begun + 240, f"c{begun + 200}"))


def left(at: float, agent: AgentId) -> AnyEvent:
    return events.AgentMembershipChanged(
        at=at, agent=agent, queue=Q, member=False, interface=member(at, agent=agent).interface
    )


def turn(floor: Floor, at: float = MIDNIGHT + 8 * 3600) -> Engine:
    """The first fact of a later day."""
    floor.say(events.QueueDescribed(at=at, queue=Q, name="Consult"))
    return floor.engine


def told(engine: Engine, scope: Scope = FLOOR, at: float = MIDNIGHT + 8 * 3600) -> dict[str, object]:
    return engine.last_day(scope, at)


def test_the_day_by_hand() -> None:
    engine = turn(day())
    found = told(engine)
    numbers = cast(dict[str, float], found["numbers"])
    assert (found["from"], found["to"], found["yesterday"]) == (MIDNIGHT - DAY, MIDNIGHT, True)
    assert {name: numbers[name] for name in ("offered", "answered", "abandoned_total", "aht", "longest_wait")} == {
        "offered": 9, "answered": 8, "abandoned_total": 1, "aht": 100.0, "longest_wait": 90.0,
    }  # fmt: skip
    assert numbers["asa"] == 20.0  # (7 x 10 + 90) / 8
    assert numbers["service_level"] == round(7 / 9, 6)
    assert cast(Tree, found["target"])["service_level"] == 0.8
    assert found["formula"] == {"service_level": "offered_less_short", "threshold": 20.0, "short": 5.0}
    assert (found["persons"], found["goal"], found["reached"]) == (2, 6, 1)
    # Of the second half hour two calls say nothing.
    assert found["worst"] == {"start": NINE, "length": 1800, "offered": 7, "level": 1.0}
    assert [each["queue"] for each in cast(list[dict[str, object]], found["queues"])] == [Q]
    assert found["best"] == [{"agent": ANNA, "what": "answered", "value": 7.0}]
    assert "best" not in told(engine, RED)  # of one alone there is no best
    assert cast(Tree, told(engine, BLUE)["numbers"])["answered"] == 1


def test_the_worst_half_hour_is_that_with_the_lowest_level_of_who_came_in_it() -> None:
    floor = day()
    for n in range(FEWEST):
        begun = NINE + 7200 + n
        floor.say(queued(begun, f"w{n}"), abandoned(begun + 60, f"w{n}"))
    found = told(turn(floor))["worst"]
    assert found == {"start": NINE + 7200, "length": 1800, "offered": FEWEST, "level": 0.0}


def test_they_are_there_after_a_restart_and_stay_all_day() -> None:
    floor = day()
    restored = Engine.restore(floor.engine.dump())  # stopped in the evening, and begun again in the morning
    turn(floor)
    restored.apply(floor.journal[-1])
    again = Engine.restore(restored.dump())
    assert told(floor.engine) == told(restored) == told(again, at=MIDNIGHT + DAY - 1)
    assert replayed(floor.journal).dump() == floor.engine.dump()
    floor.say(queued(MIDNIGHT + 9 * 3600, "today"))
    assert told(floor.engine) == told(restored)


def test_who_began_to_watch_today_has_no_numbers_and_says_so() -> None:
    floor = day(NINE)
    assert told(floor.engine, at=NINE + 3000) == {"scope": "floor", "none": "began", "since": NINE - 60}
    assert told(Engine(), at=NINE) == {"scope": "floor", "none": "began"}
    # Of a team that nobody ever saw, there is nothing whenever it began.
    engine = turn(floor)
    assert told(engine, Scope("team", "gold")) == {
        "scope": "team:gold",
        "none": "nothing",
        "since": NINE - 60,
    }


def test_on_a_monday_there_are_those_of_the_last_day_the_team_was_at_work() -> None:
    friday = NINE - 2 * DAY
    floor = day(friday)
    for agent in (ANNA, OLEG):
        floor.say(
            left(friday + 9000, agent),
            events.AgentLoggedOff(at=friday + 9000, agent=agent),
        )
    floor.say(events.QueueDescribed(at=NINE - DAY, queue=Q, name="c"))
    floor.say(events.QueueDescribed(at=NINE, queue=Q, name="consult"))
    engine = turn(floor)
    found = told(engine, RED)
    assert (found["from"], found["yesterday"]) == (MIDNIGHT - 3 * DAY, False)
    assert cast(Tree, found["numbers"])["answered"] == 7
    # Blue worked on Sunday, and each has its own last day.
    busy = day(friday)
    for agent in (ANNA, OLEG):
        busy.say(
            left(friday + 9000, agent),
            events.AgentLoggedOff(at=friday + 9000, agent=agent),
        )
    busy.say(member(NINE, agent=OLEG), phone(NINE, agent=OLEG), ready(NINE, agent=OLEG))
    busy.say(queued(NINE, "s"), answered(NINE + 5, "s", agent=OLEG), released(NINE + 65, "s"))
    engine = turn(busy)
    assert told(engine, BLUE)["from"] == MIDNIGHT - DAY
    assert len(engine._state.past.days) <= 2


def test_a_day_nobody_told_anything_of_yet_is_over_all_the_same() -> None:
    floor = day().say(events.QueueDescribed(at=NINE + 3000, queue=Q, name="Consult"))
    early = told(floor.engine, at=MIDNIGHT + 60)
    assert early == told(turn(floor), at=MIDNIGHT + 60)
    assert early["yesterday"] is True


def test_outages_of_the_day_are_said_also_those_that_the_morning_tells_of() -> None:
    floor = day()
    floor.say(events.SourceDown(at=NINE + 3000, reason="reset"))
    floor.say(*connected(NINE + 3600)[:1], *connected(NINE + 3600)[1:])
    floor.say(*_until_midnight(floor))
    engine = turn(floor)
    outages = cast(list[list[float]], told(engine)["outages"])
    assert [NINE + 3000, NINE + 3600] in outages
    floor.say(events.SourceGap(at=MIDNIGHT + 8 * 3600, since=MIDNIGHT - 1000))
    assert [MIDNIGHT - 1000, MIDNIGHT] in cast(list[list[float]], told(engine)["outages"])


def test_what_the_morning_told_of_the_day_stays_when_the_outage_itself_is_forgotten() -> None:
    floor = day()
    for agent in (ANNA, OLEG):
        floor.say(left(NINE + 3000, agent), events.AgentLoggedOff(at=NINE + 3000, agent=agent))
    floor.say(*_until_midnight(floor))
    turn(floor)
    floor.say(events.SourceGap(at=MIDNIGHT + 8 * 3600, since=MIDNIGHT - 1000))
    for days in (1, 2, 3):  # on which nobody is at work
        turn(floor, MIDNIGHT + days * DAY + 60)
    assert not floor.engine._state.stretches
    found = told(floor.engine, RED, MIDNIGHT + 3 * DAY + 120)
    assert (found["from"], found["yesterday"]) == (MIDNIGHT - DAY, False)
    assert found["outages"] == [[MIDNIGHT - 1000, MIDNIGHT]]


def _until_midnight(floor: Floor) -> list[AnyEvent]:
    """So that somebody watched the end of the day."""
    return [events.QueueDescribed(at=MIDNIGHT - 5, queue=Q, name="Consult")]


def test_too_many_outages_are_told_as_fewer_and_none_is_forgotten() -> None:
    floor = day()
    lost = [NINE + 3000 + 100 * n for n in range(2 * MOST_OUTAGES)]
    for at in lost:
        floor.say(events.SourceDown(at=at, reason="reset"), *connected(at + 20))
    spans = cast(list[list[float]], told(turn(floor))["outages"])
    assert len(spans) == MOST_OUTAGES
    assert all(any(start <= at and at + 20 <= end for start, end in spans) for at in lost)


def test_incidents_of_the_day_with_what_they_did_for_whom_they_concern() -> None:
    floor = day()
    for id, scope in (("i1", "floor"), ("i2", "team:blue"), ("i3", f"queue:{Q}")):
        incident = IncidentId(id)
        floor.say(
            IncidentProposed(at=NINE + 10, incident_id=incident, kind="system", scope=scope, began=NINE)
        )
        if id != "i2":
            floor.say(IncidentConfirmed(at=NINE + 20, incident_id=incident, texts={"en": id}))
    floor.say(
        IncidentClosed(at=NINE + 90, incident_id=IncidentId("i1"), ended=NINE + 60, cause="x", effect={"abandoned": 3.0, "service_level": 0.0, "before_offered": 2.0})
    )  # fmt: skip
    engine = turn(floor)
    mine = cast(list[dict[str, object]], told(engine, RED)["incidents"])
    assert [each["texts"] for each in mine] == [{"en": "i1"}, {"en": "i3"}]
    assert mine[0]["effect"] == {"abandoned": 3.0, "service_level": 0.0}
    assert (mine[0]["began"], mine[0]["ended"]) == (NINE, NINE + 60)
    assert "ended" not in mine[1]  # it went on
    assert [each["texts"] for each in cast(list[dict[str, object]], told(engine, BLUE)["incidents"])] == [
        {"en": "i1"}
    ]


def test_cases_at_the_end_of_the_day_by_team() -> None:
    floor = day()
    for id, agent, due in (
        ("k1", ANNA, NINE + 60),
        ("k2", ANNA, NINE + 9 * DAY),
        ("k3", OLEG, NINE + 9 * DAY),
    ):
        floor.say(CaseOpened(at=NINE, case_id=CaseId(id), kind="complaint", title="t", due=due, agent=agent))
    floor.say(events.CaseClosed(at=NINE + 99, case_id=CaseId("k3"), outcome="solved"))
    floor.say(*_until_midnight(floor))
    engine = turn(floor)
    assert told(engine, RED)["complaints"] == {"open": 2, "overdue": 1, "opened": 2, "closed": 0}
    assert told(engine, BLUE)["complaints"] == {"open": 0, "overdue": 0, "opened": 1, "closed": 1}
    assert cast(Tree, told(engine)["complaints"])["opened"] == 3
    assert "promises" not in told(engine)


def test_attendance_is_that_of_the_sheet() -> None:
    floor = day()
    shifts = [
        Shift(shift_id=ShiftId(f"s{n}"), agent=agent, begins=begins, ends=begins + 3600)
        for n, (agent, begins) in enumerate(((ANNA, NINE), (OLEG, NINE - 600), (AgentId("nobody"), NINE)))
    ]
    floor.say(ShiftsPlanned(at=NINE + 3000, shifts=tuple(shifts), clears=False))
    floor.say(AttendanceMarked(at=NINE - 50, shift_id=ShiftId("s0"), what="came"))
    floor.say(AttendanceMarked(at=NINE - 50, shift_id=ShiftId("s1"), what="came"))
    floor.say(*_until_midnight(floor))
    found = cast(Tree, told(turn(floor))["attendance"])
    assert {k: v for k, v in found.items() if k != "adherence"} == {
        "planned": 3, "came": 2, "late": 1, "absent": 1, "early": 0, "unknown": 0,
    }  # fmt: skip
    # Anna kept all of her hour, Oleg all but the 550 seconds he was late; of 540 of these nobody knows.
    assert found["adherence"] == round((3600 + 3050) / (7200 - 540), 4)


def test_whom_nobody_could_hear_is_neither_late_nor_absent() -> None:
    floor = day()
    floor.say(ShiftsPlanned(at=NINE, shifts=(Shift(shift_id=ShiftId("s"), agent=ANNA, begins=NINE + 4000, ends=NINE + 7600),), clears=False))  # fmt: skip
    floor.say(events.SourceDown(at=NINE + 3900, reason="reset"))
    floor.say(*connected(NINE + 7500), *_until_midnight(floor))
    ((_, one),) = shifts_of(floor.engine._state, MIDNIGHT - 1)
    assert (one.planned, one.unknown, one.absent, one.late) == (1, 1, 0, 0)


def test_after_the_last_fact_of_a_day_nobody_is_judged() -> None:
    assert moment_of(POLICY_DAY, MIDNIGHT - QUIET) == MIDNIGHT - 0.001
    assert moment_of(POLICY_DAY, NINE) == NINE
    floor = day()
    shift = Shift(shift_id=ShiftId("s"), agent=ANNA, begins=NINE + 9000, ends=NINE + 12_600)
    floor.say(ShiftsPlanned(at=NINE + 3000, shifts=(shift,), clears=False))
    assert "attendance" not in told(turn(floor))


POLICY_DAY = day().engine._state.frame


@given(steps(EVERYTHING, 130.0, 900.0))
@settings(max_examples=50, deadline=None)
def test_the_figures_are_those_the_board_showed_when_the_day_ended(drawn: list[Step]) -> None:
    engine = Engine()
    for envelope in board_journal(drawn):
        engine.apply(envelope)
    frame, heard = engine._state.frame, engine._state.now
    board = engine.board(moment_of(frame, heard))
    end = float(frame.end)
    engine.apply(fact(events.QueueDescribed(at=end + 5, queue=QueueId("s/q0"), name="q"), 999, PBX))
    for scope, shown in _scopes(board):
        found = engine.last_day(scope, end + 6)
        numbers = {name: shown[name] for name in NUMBERS if isinstance(shown.get(name), int | float)}
        if found.get("from") != frame.start:  # none, or those of an older day
            assert not any(n for n in numbers.values()), (scope, numbers)
            continue
        seen = cast(dict[str, float], found["numbers"])
        assert {name: seen.get(name) for name in numbers} == numbers, scope
        assert found["formula"] == shown["formula"], scope
    assert Engine.restore(engine.dump()).dump() == engine.dump()


def _scopes(board: Mapping[str, object]) -> list[tuple[Scope, dict[str, object]]]:
    found = [(Scope(), cast(dict[str, object], board["floor"]))]
    for part, kind in (("teams", "team"), ("queues", "queue")):
        found += [
            (Scope("team" if kind == "team" else "queue", id), cast(dict[str, object], shown))
            for id, shown in cast(Tree, board[part]).items()
        ]
    return found


@pytest.mark.parametrize("n", [700])
def test_what_is_kept_is_bounded(n: int) -> None:
    floor = day()
    for i in range(n):
        queue = QueueId(f"pbx1/q{i}")
        floor.say(queued(NINE + 4000, f"q{i}", queue), abandoned(NINE + 4010, f"q{i}", queue))
    engine = turn(floor)
    past = engine._state.past
    assert len(past.figures) == 600
    assert {"floor", "team:red", "team:blue"} <= past.figures.keys()
    turn(floor, MIDNIGHT + 60 * DAY)
    turn(floor, MIDNIGHT + 61 * DAY)
    assert not engine._state.past.figures.keys() - {"floor", "team:red", "team:blue"}
