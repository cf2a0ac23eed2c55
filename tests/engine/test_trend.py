"""The last two hours in steps of five minutes, by hand and by recomputation from the facts; and the curve of yesterday."""

from collections.abc import Mapping
from typing import cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.course import SPAN, STEP, STEPS
from ccwall.engine.scope import Window
from ccwall.engine.spells import unbooked
from ccwall.events import AgentCard, AgentId, Envelope, Policy, QueueCard, QueueId, SourceId
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PBX,
    PROMO,
    Floor,
    Q,
    abandoned,
    alerting,
    answered,
    connected,
    fact,
    fold,
    member,
    not_ready,
    phone,
    queued,
    ready,
    released,
    resync,
)
from tests.engine.test_board import EVERYTHING, QUIET, Step, scopes, steps
from tests.engine.test_board import journal as board_journal
from tests.engine.test_laws import START, Make

LAST = STEPS - 1
POLICY = Policy(
    queues={Q: QueueCard(line="in", team="red"), PROMO: QueueCard(line="in", variant="answered")},
    agents={ANNA: AgentCard(team="red"), OLEG: AgentCard(team="blue")},
    interval=STEP,
)
Tree = Mapping[str, object]


def house(policy: Policy = POLICY, at: float = NOON) -> Floor:
    return Floor(policy, at).say(member(at), phone(at))


def trend(floor: Floor, now: float, *path: str) -> dict[str, object]:
    found = floor.at(now, *(path or ("queues", Q)), "trend")
    return dict(cast(Tree, found)) if found is not None else {}


def values(floor: Floor, now: float, name: str, *path: str) -> list[list[float]]:
    return cast(list[list[float]], trend(floor, now, *path).get(name, []))


def test_a_finished_step_by_hand() -> None:
    floor = house().say(
        queued(NOON + 10), alerting(NOON + 12), answered(NOON + 30), queued(NOON + 40, "c2"),
        queued(NOON + 50, "c3"), abandoned(NOON + 100, "c2"), released(NOON + 150),
        answered(NOON + 160, "c3"), released(NOON + 200, "c3"),
    )  # fmt: skip
    expected = {
        "from": int(NOON) + STEP - SPAN,
        "step": STEP,
        "waiting": [[LAST, 2]],
        "longest": [[LAST, 110.0]],  # c3
        "ready": [[LAST, 0.41]],  # 12 + 10 + 100 seconds
        "offered": [[LAST, 3]],
        "service_level": [[LAST, 0.333333]],
        "answer_rate": [[LAST, 0.666667]],
    }
    assert trend(floor, NOON + 299.9) == {}
    for path in (("queues", Q), ("lines", "in"), ("floor",)):
        assert trend(floor, NOON + STEP, *path) == expected
    of_team = {key: value for key, value in expected.items() if key not in {"waiting", "longest"}}
    assert trend(floor, NOON + STEP, "teams", "red") == of_team


def test_the_present_step_is_not_in_it_and_a_step_moves_on() -> None:
    floor = house().say(queued(NOON + 10), queued(NOON + 310, "c2"))
    assert values(floor, NOON + 599, "waiting") == [[LAST, 1]]
    assert values(floor, NOON + 600, "waiting") == [[LAST - 1, 1], [LAST, 2]]
    assert values(floor, NOON + 600, "longest") == [[LAST - 1, 290.0], [LAST, 590.0]]


def test_who_arrived_in_a_step_and_was_answered_after_it_is_taken_in_when_the_next_one_ends() -> None:
    floor = house().say(queued(NOON + 290), answered(NOON + 305), queued(NOON + 420, "c2"))
    assert values(floor, NOON + 599, "service_level") == []
    assert values(floor, NOON + 600, "service_level") == [[LAST - 1, 1.0], [LAST, 0.0]]
    assert values(floor, NOON + 599, "answer_rate") == []
    assert values(floor, NOON + 600, "answer_rate") == [[LAST - 1, 1.0]]  # c2 has no outcome yet
    assert values(floor, NOON + 600, "offered") == [[LAST - 1, 1], [LAST, 1]]


def test_who_still_waits_is_overdue_by_time_alone() -> None:
    floor = house().say(queued(NOON + 290))
    assert values(floor, NOON + 300, "service_level") == []
    assert values(floor, NOON + 600, "service_level") == [[LAST - 1, 0.0]]


def test_a_spell_over_several_steps_is_told_in_each_for_its_part() -> None:
    floor = house().say(queued(NOON + 390), answered(NOON + 400))
    assert values(floor, NOON + 600, "ready") == [[LAST - 1, 1.0], [LAST, 0.33]]


def test_another_threshold_judges_finished_steps_too() -> None:
    floor = house().say(queued(NOON + 10), answered(NOON + 40))
    assert values(floor, NOON + 310, "service_level") == [[LAST, 0.0]]
    cards = {Q: QueueCard(threshold=60.0, line="other")}
    patient = msgspec.structs.replace(POLICY, queues=cards)
    floor.say(events.ConfigApplied(at=NOON + 310, hash="2", policy=patient), source=SourceId("ccwall"))
    for path in (("queues", Q), ("floor",)):
        assert values(floor, NOON + 311, "service_level", *path) == [[LAST, 1.0]]


def test_a_visit_that_is_another_teams_after_all_moves_between_their_points() -> None:
    floor = house().say(
        queued(NOON + 10), answered(NOON + 20), phone(NOON + 301), answered(NOON + 310, agent=OLEG)
    )
    for now, red, blue in ((NOON + 599, 1, 0), (NOON + 600, 0, 1)):
        for team, offered in (("red", red), ("blue", blue)):
            assert [LAST - (now >= NOON + 600), offered] in values(floor, now, "offered", "teams", team)


def test_the_most_who_wait_on_a_line_are_not_the_sum_of_the_most_of_its_queues() -> None:
    floor = house().say(queued(NOON + 10), abandoned(NOON + 20), queued(NOON + 30, "c2", PROMO))
    assert values(floor, NOON + STEP, "waiting", "lines", "in") == [[LAST, 1]]
    assert values(floor, NOON + STEP, "waiting", "floor") == [[LAST, 1]]


def test_ready_is_told_where_the_person_may_be_given_something() -> None:
    floor = house().say(
        member(NOON, PROMO), not_ready(NOON + 100, queue=PROMO), ready(NOON + 250, queue=PROMO)
    )
    assert values(floor, NOON + STEP, "ready", "queues", Q) == [[LAST, 1.0]]
    assert values(floor, NOON + STEP, "ready", "queues", PROMO) == [[LAST, 0.5]]  # 100 + 50 of 300 seconds
    for path in (("lines", "in"), ("floor",), ("teams", "red")):
        assert values(floor, NOON + STEP, "ready", *path) == [[LAST, 1.0]]


def test_who_leaves_or_changes_the_team_was_ready_there_until_then() -> None:
    cards = {ANNA: AgentCard(team="blue"), OLEG: AgentCard(team="red")}
    moved = msgspec.structs.replace(POLICY, agents=cards)
    floor = house().say(events.ConfigApplied(at=NOON + 60, hash="2", policy=moved), source=SourceId("ccwall"))
    floor.say(member(NOON + 210, member=False))
    assert values(floor, NOON + STEP, "ready", "teams", "red") == [[LAST, 0.2]]
    assert values(floor, NOON + STEP, "ready", "teams", "blue") == [[LAST, 0.5]]
    assert values(floor, NOON + STEP, "ready", "floor") == [[LAST, 0.7]]
    assert values(floor, NOON + STEP, "ready", "queues", Q) == [[LAST, 0.7]]


def test_a_house_that_begins_in_the_midst_of_a_step_says_so() -> None:
    floor = house(at=NOON + 200).say(queued(NOON + 210))
    found = trend(floor, NOON + 600)
    assert found["incomplete"] == [LAST - 1]
    assert found["ready"] == [[LAST - 1, 1.0], [LAST, 1.0]]  # of the time that was seen


def test_an_outage_marks_its_steps_and_leaves_out_those_of_which_nothing_was_seen() -> None:
    floor = Floor(POLICY).say(*connected(NOON), member(NOON), phone(NOON), queued(NOON + 10))
    floor.say(events.SourceDown(at=NOON + 400, reason="eof"))
    floor.say(*resync(NOON + 1000, member(NOON + 1000), phone(NOON + 1000)))
    found = trend(floor, NOON + 1200)
    assert found["waiting"] == [[LAST - 3, 1], [LAST - 2, 1], [LAST, 1]]
    assert found["incomplete"] == [LAST - 2, LAST - 1, LAST]
    assert trend(floor, NOON + 1200, "floor")["waiting"] == found["waiting"]
    assert found["longest"] == [[LAST - 3, 290.0], [LAST - 2, 390.0], [LAST, 390.0]]  # not known to be longer


def test_a_fact_told_late_changes_no_gauge_of_a_finished_step_and_all_its_counts() -> None:
    floor = house().say(phone(NOON + 301))
    floor.say(queued(NOON + 290), received=NOON + 302).say(answered(NOON + 303))
    floor.say(phone(NOON + 601))
    assert values(floor, NOON + 601, "waiting") == [[LAST - 1, 0], [LAST, 1]]
    assert values(floor, NOON + 601, "offered") == [[LAST - 1, 1], [LAST, 0]]
    assert values(floor, NOON + 601, "service_level") == [[LAST - 1, 1.0]]


def test_two_hours_are_kept_and_no_more() -> None:
    floor = house()
    for n in range(40):
        floor.say(queued(NOON + n * STEP + 1, f"c{n}"), answered(NOON + n * STEP + 2, f"c{n}"))
        floor.say(released(NOON + n * STEP + 3, f"c{n}"))
    found = trend(floor, NOON + 40 * STEP)
    assert found["offered"] == [[k, 1] for k in range(STEPS)]
    kept = floor.engine._state.trend
    assert {len(course.points) for course in kept.courses()} == {STEPS}
    assert not kept.late


def test_after_a_long_silence_the_floor_is_as_it_was() -> None:
    floor = house().say(queued(NOON + 10))
    for now in (NOON + 50_000, NOON + 50_299):
        assert values(floor, now, "waiting") == [[k, 1] for k in range(STEPS)]
        assert values(floor, now, "ready") == [[k, 1.0] for k in range(STEPS)]
    floor.say(phone(NOON + 50_000))
    assert values(floor, NOON + 50_000, "ready") == [[k, 1.0] for k in range(STEPS)]


def test_it_is_sent_whole_and_once_a_step() -> None:
    floor = house().say(queued(NOON + 10))
    floor.engine.changes(NOON + 11)
    floor.say(answered(NOON + 20))
    assert not [path for path, _ in floor.engine.changes(NOON + 21).set if "trend" in path]
    sent = [path for path, _ in floor.engine.changes(NOON + STEP).set if "trend" in path]
    assert sorted(sent) == [
        ("floor", "trend"), ("lines", "in", "trend"), ("queues", Q, "trend"), ("queues", PROMO, "trend"),
        ("teams", "blue", "trend"), ("teams", "red", "trend"),
    ]  # fmt: skip
    floor.say(phone(NOON + STEP + 1))
    assert not [path for path, _ in floor.engine.changes(NOON + STEP + 1).set if "trend" in path]


# ── by recomputation ───────────────────────────────────────────────────────────────────────────────────────────────


def short_intervals(facts: list[Envelope]) -> list[Envelope]:
    """The same, with intervals as long as a step."""
    found = []
    for envelope in facts:
        event = envelope.event
        if isinstance(event, events.ConfigApplied):
            policy = msgspec.structs.replace(event.policy, interval=STEP)
            event = msgspec.structs.replace(event, policy=policy)
        found.append(msgspec.structs.replace(envelope, event=event))
    return found


LONG = (130.0, 290.0, 700.0)


@given(steps(EVERYTHING, *LONG))
@settings(max_examples=150)
def test_rates_and_arrivals_are_what_is_measured_of_the_cohort(drawn: list[Step]) -> None:
    engine, facts = Engine(), short_intervals(board_journal(drawn))
    for envelope in facts:
        engine.apply(envelope)
    end = (int(facts[-1].received // STEP) + 1) * STEP
    board = engine.board(float(end))
    day = cast(Tree, board["day"])["starts"]
    assert isinstance(day, int)
    for scope, numbers in scopes(board):
        shown = cast(Tree, numbers.get("trend", {}))
        hidden = cast(list[int], shown.get("incomplete", []))
        for k in range(STEPS):
            start = end - SPAN + k * STEP
            seen = {name: dict(cast(list[tuple[int, float]], shown.get(name, []))).get(k)
                    for name in ("offered", "service_level", "answer_rate")}  # fmt: skip
            if k in hidden or start < day or seen["offered"] is None:
                continue
            window = Window("interval", start, start + STEP, is_open=False)
            wanted = engine.measure(scope, window, float(end), "cohort")
            assert seen["offered"] == wanted["offered"]
            assert seen["service_level"] == wanted["service_level"]
            assert seen["answer_rate"] in (None, wanted["answer_rate"])


PUNCTUAL = [
    make
    for make in QUIET
    if not isinstance(
        make(START, "c0", "s/q0", "a0"),
        (events.ConfigApplied, events.AgentNotReady, events.SourceLimited),
    )
] + [lambda at, contact, queue, agent: events.AgentNotReady(at=at, agent=AgentId(agent), queue=None)]


def punctual(drawn: list[Step]) -> list[Envelope]:
    """Every fact is told when it happens, and all wait in the open."""
    return short_intervals(
        board_journal([(make, step, 0.0, c, q, a, s) for make, step, _, c, q, a, s in drawn])
    )


@given(steps(cast(list[Make], PUNCTUAL), *LONG))
@settings(max_examples=150)
def test_gauges_are_what_could_be_seen(drawn: list[Step]) -> None:
    """Who waits, looked at after every fact; the longest wait, just before it; and no less of the persons' time than was booked."""
    engine, most, longest = Engine(), dict[int, int](), dict[int, float]()
    state = engine._state

    def look(at: float) -> None:
        start = int(at // STEP) * STEP
        most[start] = max(most.get(start, 0), sum(len(queue.waiting) for queue in state.queues.values()))

    def age(start: int, at: float) -> None:
        heads = [at - queue.line[0][0] for queue in state.queues.values() if queue.line]
        longest[start] = max([longest.get(start, 0.0), *heads])

    facts, before = punctual(drawn), None
    for envelope in facts:
        now = envelope.received
        start = int((now if before is None else before) // STEP) * STEP
        while start + STEP <= now:
            look(start)
            age(start, float(start + STEP))
            start += STEP
        look(start)
        age(start, now)
        engine.apply(envelope)
        look(now)
        before = now
    end = start + STEP
    age(start, float(end))
    shown = cast(Tree, cast(Tree, engine.board(float(end))["floor"]).get("trend", {}))
    for k, value in cast(list[tuple[int, float]], shown.get("waiting", [])):
        assert value == most[end - SPAN + k * STEP]
    for k, value in cast(list[tuple[int, float]], shown.get("longest", [])):
        assert value == pytest.approx(longest[end - SPAN + k * STEP], abs=0.0011)
    for k, value in cast(list[tuple[int, float]], shown.get("ready", [])):
        booked = booked_ready(engine, end - SPAN + k * STEP, float(end)) / seen_of(
            engine, end - SPAN + k * STEP
        )
        # Evidence that began earlier than it was told takes booked time away again, but not from what was seen.
        assert value >= booked - 0.006


def seen_of(engine: Engine, start: int) -> int:
    return (start + STEP) * 1000 - max(start * 1000, engine._state.trend.began)


def booked_ready(engine: Engine, start: int, now: float) -> int:
    """Milliseconds of all persons, from the books of their time."""
    total = 0
    for agent in engine._state.agents.values():
        for day in agent.days.values():
            total += day.intervals.get(start, {}).get("ready", 0)
        for status, begun, ended in unbooked(engine._state, agent, now):
            if status == "ready":
                total += max(0, min(ended, (start + STEP) * 1000) - max(begun, start * 1000))
    return total


@given(steps(EVERYTHING, *LONG, 3700.0), st.integers(0, 60))
@settings(max_examples=80)
def test_a_restored_engine_goes_on_with_the_same_trend(drawn: list[Step], cut: int) -> None:
    facts = board_journal(drawn)
    whole, part = Engine(), Engine()
    for envelope in facts:
        whole.apply(envelope)
    for envelope in facts[:cut]:
        part.apply(envelope)
    restored = Engine.restore(part.dump())
    assert restored.dump() == part.dump()
    for envelope in facts[cut:]:
        restored.apply(envelope)
    assert restored.dump() == whole.dump()
    for later in (0.0, 400.0, 86_400.0):
        assert restored.board(facts[-1].received + later) == whole.board(facts[-1].received + later)


# ── yesterday ──────────────────────────────────────────────────────────────────────────────────────────────────────

MIDNIGHT = 1_795_363_200.0
"""Of Shanghai's day that NOON is in."""
SHANGHAI = Policy(zone="Asia/Shanghai")


def yesterday(engine: Engine, now: float) -> object:
    return engine.board(now).get("yesterday")


def test_yesterdays_curve_by_hand() -> None:
    floor = Floor(SHANGHAI, MIDNIGHT - 2000).say(member(MIDNIGHT - 2000), phone(MIDNIGHT - 2000))
    floor.say(queued(MIDNIGHT - 1900), answered(MIDNIGHT - 1890), released(MIDNIGHT - 1880))
    floor.say(queued(MIDNIGHT - 50, "c2"))
    assert yesterday(floor.engine, MIDNIGHT - 1) is None
    expected = [[MIDNIGHT - 2700, 1.0, 1], [MIDNIGHT - 1800, 0], [MIDNIGHT - 900, 0.0, 1]]
    assert yesterday(floor.engine, MIDNIGHT) == expected
    floor.say(answered(MIDNIGHT + 1, "c2"))
    restored = Engine.restore(floor.engine.dump())
    for engine in (floor.engine, restored):
        assert yesterday(engine, MIDNIGHT + 80_000) == expected
        assert engine.board(MIDNIGHT + 80_000)["yesterday_incomplete"] == []
        assert yesterday(engine, MIDNIGHT + 2 * 86_400 + 1) is None


def test_a_day_that_nobody_watched_has_no_curve() -> None:
    floor = Floor(SHANGHAI, MIDNIGHT - 2000).say(phone(MIDNIGHT + 10))
    assert yesterday(floor.engine, MIDNIGHT + 10) is None
    busy = Floor(SHANGHAI, MIDNIGHT - 2000).say(queued(MIDNIGHT - 1900), phone(MIDNIGHT + 90_000))
    assert yesterday(busy.engine, MIDNIGHT + 90_000) is None


def test_an_outage_told_in_the_morning_marks_the_end_of_yesterday() -> None:
    floor = Floor(SHANGHAI, MIDNIGHT - 2000).say(*connected(MIDNIGHT - 2000), queued(MIDNIGHT - 1900))
    floor.say(events.SourceGap(at=MIDNIGHT + 30_000, since=MIDNIGHT - 1000))
    assert floor.engine.board(MIDNIGHT + 30_000)["yesterday_incomplete"] == [MIDNIGHT - 1800, MIDNIGHT - 900]


@given(steps(EVERYTHING, 130.0, 900.0), st.floats(0, 3000))
@settings(max_examples=80)
def test_yesterdays_curve_is_todays_at_midnight(drawn: list[Step], later: float) -> None:
    engine, seen = Engine(), dict[str, object]()
    facts = board_journal(drawn)
    for envelope in facts:
        engine.apply(envelope)
    end = engine._state.frame.end
    fold(seen, engine.changes(end - 0.001))
    curve, marked = seen["curve"], seen["curve_incomplete"]
    points = cast(list[list[float]], curve)
    fold(seen, engine.changes(end + later))
    assert seen.get("yesterday", []) == points
    if points:
        starts = {point[0] for point in points}
        assert set(cast(list[float], marked)) & starts <= set(cast(list[float], seen["yesterday_incomplete"]))
    engine.apply(fact(events.QueueDescribed(at=end + later, queue=QueueId("s/q0"), name="q"), 999, PBX))
    fold(seen, engine.changes(end + later))
    assert seen.get("yesterday", []) == points
    assert seen == engine.board(end + later)
