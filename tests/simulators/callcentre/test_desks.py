"""Desks follow their people, and some people have bad habits."""

from collections.abc import Iterable
from typing import cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.callcentre.desks import Desk, DeskChanged, Desks, Habits
from ccwall_simulators.callcentre.duration import TimeOfDay
from ccwall_simulators.callcentre.happening import PersonMoved
from ccwall_simulators.callcentre.scenario import WalkOut
from ccwall_simulators.callcentre.shared import SharedFloor

START = 1_795_312_800.0
SMALL = load_scenario("small_floor")
LENGTH = 1800.0
GOOD = Habits(
    forgets_to_dock=0.0, walks_with_headset=0.0, docks_while_ready=0.0, sensor_faults=0.0, tired_batteries=0.0
)


def told(cuts: Iterable[float], habits: Habits | None = None) -> list[DeskChanged]:
    desks = Desks(CallCentre(SMALL, 5, START), 7, habits)
    return [change for cut in sorted({*cuts, LENGTH}) for change in desks.advance(START + cut)]


@settings(deadline=None, max_examples=10)
@given(cuts=st.sets(st.floats(0.0, LENGTH), max_size=40))
def test_how_time_is_cut_changes_nothing(cuts: set[float]) -> None:
    assert told(cuts) == told(())


def test_time_never_runs_backwards_and_all_that_is_told_is_news() -> None:
    last: dict[tuple[str, str], object] = {}
    t = 0.0
    for change in told(()):
        assert change.t >= t
        t = change.t
        if change.what not in {"button", "seat"}:  # a sensor that comes back says the seat again
            assert last.get((change.agent, change.what)) != change.value
        last[change.agent, change.what] = change.value


def test_what_was_told_is_what_is() -> None:
    desks = Desks(CallCentre(SMALL, 5, START), 7)
    shown: dict[tuple[str, str], object] = {}
    for step in range(60):
        for change in desks.advance(START + 60.0 * step):
            shown[change.agent, change.what] = change.value
        for agent in desks.agents():
            desk = desks.desk(agent)
            assert shown.get((agent, "docked"), True) == desk.docked
            if desk.sensor:
                assert shown.get((agent, "seat"), False) == desk.seated
    assert desks.desk("nobody") == Desk()


def test_people_of_good_habits_sit_where_they_are_and_dock_when_they_go() -> None:
    shared = SharedFloor(CallCentre(SMALL, 5, START))
    floor, desks = shared.view(), Desks(shared.view(), 7, GOOD)
    moved: dict[str, PersonMoved] = {}
    checked = 0
    for step in range(360):
        now = START + 10.0 * step
        moved |= {h.agent: h for h in floor.advance(now) if isinstance(h, PersonMoved)}
        desks.advance(now)
        for agent, here in moved.items():
            if now - here.t > 10.0:  # time to sit down, or to go
                desk = desks.desk(agent)
                assert (desk.seated, desk.docked) == (here.at_desk, not here.at_desk)
                checked += 1
    assert checked > 1000


def test_bad_habits_and_faults_occur() -> None:
    seen = {
        (change.what, change.value) for change in told((), Habits(sensor_faults=2.0, docks_while_ready=2.0))
    }
    assert {("button", "help"), ("button", "break"), ("sensor", False), ("sensor", True)} <= seen
    fine, bad = told((), GOOD), told((), Habits(walks_with_headset=1.0, forgets_to_dock=1.0))
    docked = [sum(c.what == "docked" and c.value is True for c in changes) for changes in (fine, bad)]
    assert docked[0] > docked[1]


def test_a_battery_drains_in_use() -> None:
    desks = Desks(CallCentre(SMALL, 5, START), 7, GOOD)
    levels = [
        change.value
        for change in desks.advance(START + 3600.0)
        if change.agent == "1001" and change.what == "battery"
    ]
    assert levels[-1] < levels[0]  # type: ignore[operator]  # of a battery they are numbers


class Told:
    """A floor of which only this is told."""

    now = START

    def __init__(self, *happenings: PersonMoved) -> None:
        self._happenings = list(happenings)

    def advance(self, to: float) -> list[PersonMoved]:
        told, self._happenings = self._happenings, []
        return told


def test_who_turns_round_at_once_neither_sits_nor_takes_the_headset_for_good() -> None:
    people = [str(number) for number in range(40)]
    there = [PersonMoved(t=START, agent=a, at_desk=True, on_shift=True, on_break=False) for a in people]
    gone = [msgspec.structs.replace(h, t=START + 0.6, at_desk=False, on_break=True) for h in there]
    desks = Desks(cast(Floor, Told(*there, *gone)), 7, GOOD)
    desks.advance(START + 60.0)
    assert {(desk.seated, desk.docked) for desk in map(desks.desk, people)} == {(False, True)}


@pytest.mark.parametrize(
    ("how", "on_shift", "on_break"),
    [("pause", True, True), ("silently", True, False), ("log_off", False, False)],
)
def test_who_walks_out_is_not_at_the_desk(how: str, on_shift: bool, on_break: bool) -> None:
    walk_out = msgspec.convert(
        {"at": 0.0, "share": 1.0, "length": 600.0, "how": how},
        WalkOut,
        dec_hook=lambda kind, value: kind(value),
    )
    walk_out = msgspec.structs.replace(walk_out, at=TimeOfDay(36000.0 + 300.0))  # START is 10:00 in Shanghai
    floor = CallCentre(msgspec.structs.replace(SMALL, walk_out=(walk_out,), breaks=()), 1, START)
    moved = {h.agent: h for h in floor.advance(START + 500.0) if isinstance(h, PersonMoved)}
    seen = [(h.at_desk, h.on_shift, h.on_break) for h in moved.values()]
    assert seen.count((False, on_shift, on_break)) >= len(SMALL.agents()) - 2


def test_a_view_that_is_behind_tells_no_future() -> None:
    shared = SharedFloor(CallCentre(SMALL, 5, START))
    ahead, desks = shared.view(), Desks(shared.view(), 7)
    ahead.advance(START + 600.0)
    assert all(change.t <= START for change in desks.advance(START))
    changes = [*desks.advance(START + 300.0), *desks.advance(START + LENGTH)]
    assert changes == [change for change in told(()) if change.t > START]
