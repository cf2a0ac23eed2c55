"""Who is told when: up the ladder, past who is not there, until somebody acknowledges."""

from typing import Any

import pytest

from ccwall.alerts.ladder import Ladder, Ladders, Step, worst_open
from ccwall.alerts.pack import shipped
from ccwall.alerts.rule import Rule
from ccwall.config import HOUSE
from ccwall.events import (
    AlertAcknowledged,
    AlertEscalated,
    AlertId,
    AlertSnoozed,
    AlertTold,
    Principal,
    QueueId,
)
from tests.alerts.floor import T0, Floor, fact, people

QUEUE = QueueId("pbx1/consult")
RULE = Rule(id="wait", metric="longest_waiting", scope="queue", threshold=60.0, severity="warn", worse=1000.0)
ID = AlertId("wait@queue:pbx1/consult")
LADDER = Ladder(
    name="mine",
    severities=("warn", "breach"),
    steps=(
        Step(roles=("lead",), channels=("robot",)),
        Step(after=120.0, roles=("supervisor",)),
        Step(after=300.0, roles=("operations",), channels=("siren",)),
    ),
)
ALL_THERE = (("chen", "lead", True), ("lin", "supervisor", True), ("zhou", "operations", True))


def _floor(*who: tuple[str, str, bool], rule: Rule = RULE) -> Floor:
    floor = Floor([rule], ladders=Ladders([LADDER]), presence=people(*(who or ALL_THERE)))
    floor.take(fact("contact.queued", T0, contact="c1", queue=QUEUE))
    floor.until(T0 + 60.5)
    return floor


def _tellings(floor: Floor) -> list[tuple[float, str, int, tuple[str, ...], tuple[str, ...]]]:
    return [
        (event.at - T0, event.kind, event.step, event.people, event.channels)
        for event in floor.found
        if isinstance(event, AlertTold)
    ]


def _act(floor: Floor, act: type[Any], **more: Any) -> None:
    now = floor.clock.now()
    floor.intake.take(HOUSE, [act(at=now, alert=ID, **more)], now, Principal(id="chen", role="lead"))
    floor.look()


def test_step_by_step_until_the_top() -> None:
    floor = _floor()
    floor.until(T0 + 900)
    assert _tellings(floor) == [
        (60.0, "fired", 0, ("chen",), ("robot",)),
        (180.0, "escalated", 1, ("lin",), ()),
        (360.0, "escalated", 2, ("zhou",), ("siren",)),
    ]


def test_an_acknowledgement_ends_it() -> None:
    floor = _floor()
    assert worst_open(floor.engine.alerts) == "warn"
    _act(floor, AlertAcknowledged)
    assert worst_open(floor.engine.alerts) is None
    floor.until(T0 + 900)
    assert len(_tellings(floor)) == 1


def test_who_is_not_there_is_passed_at_once() -> None:
    floor = _floor(("chen", "lead", False), ("lin", "supervisor", True))
    assert _tellings(floor) == [(60.0, "fired", 0, (), ("robot",)), (60.0, "escalated", 1, ("lin",), ())]


def test_where_nobody_has_the_role_the_step_waits_its_time() -> None:
    floor = _floor(("zhou", "operations", True))
    floor.until(T0 + 900)
    assert [at for at, *_ in _tellings(floor)] == [60.0, 180.0, 360.0]


def test_escalated_by_hand() -> None:
    floor = _floor()
    floor.until(T0 + 70)
    _act(floor, AlertEscalated)
    assert _tellings(floor)[1:] == [(70.0, "escalated", 1, ("lin",), ())]
    floor.until(T0 + 900)
    assert [at for at, *_ in _tellings(floor)] == [60.0, 70.0, 360.0]


def test_after_a_snooze_who_was_told_is_reminded() -> None:
    floor = _floor()
    floor.until(T0 + 70)
    _act(floor, AlertSnoozed, until=T0 + 500, reason="drill")
    floor.until(T0 + 560)
    told = _tellings(floor)
    assert told[1] == (500.0, "reminded", 0, ("chen",), ("robot",))
    assert len(told) == 2
    floor.until(T0 + 700)
    assert _tellings(floor)[2][:3] == (620.0, "escalated", 1)


def test_what_gets_worse_is_told_to_all_who_knew() -> None:
    floor = _floor()
    floor.until(T0 + 200)
    _act(floor, AlertAcknowledged)
    floor.until(T0 + 1200)
    assert _tellings(floor)[2] == (1000.0, "worsened", 1, ("chen", "lin"), ("robot",))
    assert _tellings(floor)[3][:4] == (1000.0, "escalated", 2, ("zhou",))


def test_in_quiet_hours_nobody_is_told_until_they_are_over() -> None:
    quiet = Rule(
        id="wait", metric="longest_waiting", scope="queue", threshold=60.0, quiet_hours=((32_000, 33_000),)
    )
    floor = _floor(rule=quiet)  # 09:00 is second 32,400
    assert floor.engine.alerts.open[ID].state == "firing"
    assert not _tellings(floor)
    floor.until(T0 + 610)
    assert _tellings(floor)[0][:3] == (600.0, "fired", 0)


@pytest.mark.parametrize("severity", ["info", "warn", "breach", "critical"])
def test_there_is_a_ladder_for_every_severity(severity: Any) -> None:
    ladder = Ladders((), ("robot",)).of(None, severity)
    assert ladder.steps[0].after == 0.0
    assert ladder.steps[0].channels == (() if severity == "info" else ("robot",))


def test_what_is_only_to_be_known_is_for_screens() -> None:
    promise = next(rule for rule in shipped() if rule.id == "promise_due")
    ladders = Ladders((LADDER,), ("robot",))
    assert not any(step.channels for step in ladders.of(promise, "info").steps)
    assert all(step.channels == ("robot",) for step in ladders.of(promise, "warn").steps)
    own = Rule(id="mine", metric="waiting", scope="queue", ladder="mine", severity="info")
    assert ladders.of(own, "info").steps[0].channels == ("robot",)


def test_the_pack_names_ladders_that_there_are() -> None:
    known = Ladders()
    for rule in shipped():
        assert not rule.ladder or known.of(rule, rule.severity).name == rule.ladder
