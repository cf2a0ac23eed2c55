"""kill -9 at every moment: whatever was in the journal by then is all there is, and nothing is missed, nor told twice over."""

from collections import Counter
from collections.abc import Sequence

import pytest

from ccwall.alerts.ladder import Ladder, Ladders, Step
from ccwall.alerts.pack import shipped
from ccwall.config import HOUSE
from ccwall.events import (
    AlertAcknowledged,
    AlertEvent,
    AlertFired,
    AlertResolved,
    AlertTold,
    Envelope,
    Principal,
)
from tests.alerts.floor import T0, Box, Floor, people
from tests.alerts.scenario import Scenario, _each, every

LADDER = Ladder(
    name="test",
    severities=("info", "warn", "breach", "critical"),
    steps=(
        Step(roles=("lead",), channels=("robot",)),
        Step(after=45.0, roles=("supervisor",), channels=("robot", "siren")),
    ),
)
WHO = people(("chen", "lead", True), ("lin", "supervisor", True))
RULES = [
    rule for rule in shipped() if rule.id in {"long_hold", "longest_wait", "source_away", "queue_unattended"}
]
CHOSEN = (
    "on hold over a minute",
    "a caller waits longer than the queue's limit",
    "a telephone system is away",
)


def _floor(journal: Sequence[Envelope] = ()) -> Floor:
    return Floor(RULES, journal=journal, ladders=Ladders([LADDER]), presence=WHO)


def _world(scenario: Scenario) -> list[Envelope]:
    """What the sources and people say, whatever becomes of us."""
    floor = Floor([])
    for source, event, actor in sorted(
        (fact for each in scenario.event for fact in _each(each)), key=lambda fact: fact[1].at
    ):
        floor.take(event, source, actor)
    return [each for each in floor.journal if not isinstance(each.event, AlertEvent) and each.source != HOUSE]


def _go_on(floor: Floor, world: Sequence[Envelope], until: float) -> None:
    for said in world:
        floor.take(said.event, said.source, said.actor)
    floor.until(T0 + until)
    floor.look()


def _put(floor: Floor, box: Box, first: int, *, last: bool = True) -> None:
    """What the job puts of the tellings in its hands, once they are on the disk."""
    notes = list(floor.alarms.waiting)[first:]
    for note, channels in notes if last else notes[:-1]:
        known = {(kept.key, name) for kept, names in box.notes for name in names}
        new = tuple(name for name in channels if (note.key, name) not in known)
        if new:
            box.notes.append((note, new))


def _alerts(floor: Floor) -> set[tuple[str, str, float]]:
    return {
        (type(event).__name__, event.alert, event.at)
        for event in floor.found
        if isinstance(event, AlertFired | AlertResolved)
    }


def _told(floor: Floor) -> Counter[tuple[str, str, int, float]]:
    """Those that a channel is told; at a whole second, for who comes back a moment later tells a moment later."""
    return Counter(
        (event.alert, event.kind, event.step, event.at)
        for event in floor.found
        if isinstance(event, AlertTold)
    )


@pytest.mark.parametrize(
    "scenario", [each for each in every() if each.name in CHOSEN], ids=lambda each: each.name
)
@pytest.mark.parametrize("last", [True, False], ids=["after the note was put", "before the note was put"])
def test_nothing_is_missed_and_nothing_told_twice(scenario: Scenario, last: bool) -> None:
    world = _world(scenario)
    whole = _floor()
    _go_on(whole, world, scenario.until)
    expected, tellings = _alerts(whole), _told(whole)
    assert expected
    assert tellings
    wanted = {(note.key, name) for note, names in whole.alarms.waiting for name in names}
    for cut in range(1, len(whole.journal)):
        kept = whole.journal[:cut]
        before, box = _floor(kept), Box()
        before.alarms.begin()
        _put(before, box, 0, last=last)
        again = _floor(kept)
        again.alarms.begin()
        said = sum(not isinstance(each.event, AlertEvent) and each.source != HOUSE for each in kept)
        again.look()
        _go_on(again, world[said:], scenario.until)
        assert _alerts(again) == expected, cut
        assert _told(again) == tellings, cut
        _put(again, box, 0)
        put = Counter((note.key, name) for note, names in box.notes for name in names)
        assert set(put) >= wanted, cut
        assert max(put.values()) == 1, cut


def test_two_leads_at_once_lose_no_act() -> None:
    """Both acknowledge: the first has it, and the second changes nothing."""
    scenario = next(each for each in every() if each.name == CHOSEN[0])
    floor = _floor()
    _go_on(floor, [said for said in _world(scenario) if said.event.at < T0 + 100], 100)
    [id] = floor.engine.alerts.open
    for who in ("chen", "lin"):
        act = AlertAcknowledged(at=floor.clock.now(), alert=id, note=who)
        floor.intake.take(HOUSE, [act], floor.clock.now(), Principal(id=who, role="lead"))
    mark = floor.engine.alerts.open[id].acked
    assert mark is not None
    assert mark.by is not None
    assert mark.by.id == "chen"


def test_a_restart_puts_again_what_nobody_knows_the_end_of() -> None:
    scenario = next(each for each in every() if each.name == CHOSEN[0])
    floor = _floor()
    _go_on(floor, [said for said in _world(scenario) if said.event.at < T0 + 100], 100)
    [told] = [event for event in floor.found if isinstance(event, AlertTold) and event.step == 0]
    floor.alarms.delivered(told.key, told.alert, "robot", ok=True, attempts=1)
    again = _floor(floor.journal)
    again.alarms.begin()
    assert told.key not in {note.key for note, _ in again.alarms.waiting}
