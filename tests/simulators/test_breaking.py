"""What is broken at things that are no switch: for how long, whom it hits, and what is told of it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from ccwall_simulators.breaking import Doing, Faulty, Kept, Pace, Together, Unknown
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.desks import DeskChanged, Desks, Habits
from ccwall_simulators.callcentre.practice import people
from ccwall_simulators.callcentre.shared import SharedFloor
from ccwall_simulators.practice import Practice, Practices
from ccwall_simulators.serial import HeadsetOnPty
from ccwall_simulators.serial.practice import serial_lines
from ccwall_simulators.sip import SipServer
from ccwall_simulators.sip.phones import user_of
from ccwall_simulators.sip.practice import kept, sip_server
from tests.simulators.test_server import served, until

START = 1_795_312_800.0
SPEED = 10.0
PACE = Pace(lambda: START, SPEED)
GOOD = Habits(
    forgets_to_dock=0.0, walks_with_headset=0.0, docks_while_ready=0.0, sensor_faults=0.0, tired_batteries=0.0
)


class Lamp:
    """It goes out for a while, and it can be knocked."""

    def __init__(self) -> None:
        self.lit, self.knocks = True, 0

    def out(self, _seconds: float) -> str:
        if not self.lit:
            raise Unknown("it is out already")
        self.lit = False
        return "the lamp"

    def on(self) -> None:
        self.lit = True

    def knock(self, _seconds: float) -> None:
        self.knocks += 1


def faulty(lamp: Lamp, key: str = "o") -> Faulty:
    doings = (
        Doing("out", key, "device", lamp.out, 20.0, lamp.on),
        Doing("knock", "k", "device", lamp.knock),
        Doing("alone", "a", "device", lamp.knock, 20.0),
    )
    return Faulty("lamp", doings, PACE, is_up=lambda: lamp.lit)


def fault_of(told: dict[str, object], name: str) -> dict[str, object]:
    faults = told["faults"]
    assert isinstance(faults, Sequence)
    found: dict[str, object] = next(each for each in faults if each["name"] == name)
    return found


async def test_a_fault_lasts_as_long_as_it_is_told_to_and_says_whom_it_hits() -> None:
    lamp = Lamp()
    thing = faulty(lamp)
    thing.fault("out", 0.05)
    told = thing.told()
    assert told["up"] is False
    broken = fault_of(told, "out")
    assert (broken["active"], broken["about"]) == (True, "the lamp")
    assert broken["until"] == pytest.approx(START + 0.05 * SPEED, abs=0.5)
    await until(lambda: lamp.lit)
    assert thing.left("out") is None
    assert "about" not in fault_of(thing.told(), "out")


async def test_what_is_over_at_once_is_never_active_however_long_it_was_to_last() -> None:
    lamp = Lamp()
    thing = faulty(lamp)
    thing.fault("knock", 30.0)
    assert (lamp.knocks, thing.left("knock")) == (1, None)


async def test_heal_ends_what_can_be_ended_and_leaves_the_rest_to_itself() -> None:
    lamp = Lamp()
    thing = faulty(lamp)
    thing.fault("out")
    thing.fault("alone")
    thing.fault("heal")
    assert lamp.lit
    assert thing.left("out") is None
    assert thing.left("alone") is not None


async def test_what_cannot_be_done_now_is_refused_and_nothing_is_active() -> None:
    lamp = Lamp()
    lamp.lit = False
    thing = faulty(lamp)
    with pytest.raises(Unknown, match="out already"):
        thing.fault("out")
    assert thing.left("out") is None
    with pytest.raises(Unknown, match="out, knock, alone, heal"):
        thing.fault("explode")


async def test_several_together_answer_to_the_keys_of_all() -> None:
    one, other = Lamp(), Lamp()
    both = Together(faulty(one), Faulty("cord", [Doing("pull", "p", "device", other.knock)], PACE))
    assert [both.key(key) for key in "opk"] == ["out", "pull", "knock"]
    assert (one.lit, one.knocks, other.knocks) == (False, 1, 1)
    assert both.about("out") == "the lamp"
    assert both.told()["up"] is False
    assert both.key("0") == "heal"
    assert one.lit


async def test_of_several_things_the_one_that_is_named_is_broken_and_else_the_first() -> None:
    one, other = Lamp(), Lamp()
    practices = Practices({"one": faulty(one), "other": faulty(other)}, {"one": {"en": "One"}}, {"seed": 5})
    practices.fault("out", product="other")
    assert (one.lit, other.lit) == (True, False)
    practices.fault("out")
    assert not one.lit
    told = practices.told()
    assert (told["product"], told["seed"]) == ("lamp", 5)
    products = told["products"]
    assert isinstance(products, list)
    assert [(each["id"], each.get("title")) for each in products] == [("one", {"en": "One"}), ("other", None)]
    with pytest.raises(Unknown, match="one, other"):
        practices.fault("out", product="third")
    with pytest.raises(Unknown, match="no switch"):
        practices.truth("other")
    with pytest.raises(Unknown, match="no switch"):
        practices.pace(2.0)


async def test_a_switch_names_its_queues_as_it_does_on_the_wire() -> None:
    async with served() as (server, _):
        practice = Practice(server, scenario="demo", seed=7, queue=lambda name: f"{name}@default")
        practices = Practices({"pbx2": practice})
        assert practices.told()["gauges"] == {"consult@default": {"waiting": 0, "talking": 0}}
        queues = practices.truth("pbx2")["queues"]
        assert isinstance(queues, dict)
        assert list(queues) == ["consult@default"]


async def test_what_is_kept_up_comes_back_and_is_tried_again_when_it_does_not() -> None:
    up, refusals, starts = False, 0, 0

    async def start() -> None:
        nonlocal up, refusals, starts
        if refusals:
            refusals -= 1
            raise OSError("taken")
        up, starts = True, starts + 1

    async def stop() -> None:
        nonlocal up
        up = False

    one = Kept(lambda: up, start, stop)
    task = asyncio.create_task(one.run())
    await until(lambda: one.is_up)
    one.down()
    assert not one.is_up, "it is as good as gone"
    await until(lambda: not up)
    refusals = 1
    one.up()
    await until(lambda: one.is_up)
    one.again()
    await until(lambda: starts == 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


# ── people ──


def living(until_now: float = 600.0) -> tuple[CallCentre, SharedFloor, Desks]:
    centre = CallCentre(load_scenario("small_floor"), 5, START)
    shared = SharedFloor(centre)
    desks = Desks(shared.view(), 5, GOOD)
    desks.advance(START + until_now)
    return centre, shared, desks


async def test_somebody_who_is_ready_walks_away_and_comes_back() -> None:
    centre, _, desks = living()
    ready = set(centre.ready())
    thing = people(centre, PACE, 5)
    thing.fault("walk_away", 6.0)
    who = thing.about("walk_away")
    assert who in ready
    gone = desks.advance(centre.now + 10.0)
    assert changes_of(gone, who) >= {("docked", True), ("seat", False)}
    assert who not in centre.ready()
    assert any(
        not member.paused for queue in centre.queues() for member in queue.members if member.agent == who
    )
    back = desks.advance(centre.now + 6.0 * SPEED)
    assert ("seat", True) in changes_of(back, who)


def changes_of(changes: Sequence[DeskChanged], agent: str) -> set[tuple[str, object]]:
    return {(each.what, each.value) for each in changes if each.agent == agent}


async def test_somebody_who_is_ready_puts_the_headset_away_and_stays() -> None:
    centre, _, desks = living()
    who = next(agent for agent in centre.ready() if not desks.desk(agent).docked)
    thing = people(centre, PACE, 5, desks, {who})
    thing.fault("dock_ready", 1.0)
    assert thing.about("dock_ready") == who
    desk = desks.desk(who)
    assert (desk.docked, desk.seated) == (True, True)
    assert who in centre.ready()
    with pytest.raises(Unknown, match="try again"):
        thing.fault("dock_ready")  # it lies there already
    changed = changes_of(desks.advance(centre.now + SPEED + 1.0), who)
    assert {("docked", True), ("docked", False)} <= changed


async def test_where_nobody_is_ready_nobody_walks_away() -> None:
    centre, _, _ = living()
    for queue in centre.queues():
        for member in queue.members:
            centre.pause(member.interface, True)
    assert centre.ready() == []
    with pytest.raises(Unknown, match="try again"):
        people(centre, PACE, 5).fault("walk_away")
    assert not centre.walk_away("nobody", 5.0)


# ── phones ──


async def test_phones_drop_off_and_are_back() -> None:
    _, shared, _ = living()
    server = SipServer(shared.view())
    await server.open()
    try:
        thing = sip_server(server, kept(server), PACE)
        before = {user for user, phone in server.phones.handsets.items() if phone.registered}
        thing.fault("unregister", 600.0)
        lost = set(thing.about("unregister").split(", "))
        assert lost
        assert {user for user, phone in server.phones.handsets.items() if phone.registered} == before - lost
        server.phones.live(START + 900.0)  # somebody rings them all the same
        assert not any(phone.registered for user, phone in server.phones.handsets.items() if user in lost)
        thing.fault("heal")
        before = {
            user for device, state in shared.floor.devices().items()
            if (user := user_of(device)) and state != "unavailable"
        }  # fmt: skip
        assert {user for user, phone in server.phones.handsets.items() if phone.registered} == before
    finally:
        server.shut()


async def test_a_sip_server_that_is_killed_leaves_its_port_and_takes_it_again() -> None:
    _, shared, _ = living()
    server = SipServer(shared.view())
    await server.open()
    port = server.port
    keeping = kept(server)
    thing = sip_server(server, keeping, PACE)
    task = asyncio.create_task(keeping.run())
    try:
        thing.fault("kill")
        assert thing.told()["up"] is False
        await until(lambda: not server.is_up)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        thing.fault("heal")
        await until(lambda: server.is_up)
        assert server.port == port
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        server.shut()


# ── serial lines ──


async def test_one_line_after_the_other_is_unplugged(tmp_path: Path) -> None:
    lines = {name: HeadsetOnPty(tmp_path / name) for name in ("a", "b")}
    thing = serial_lines("headsets", lines, PACE, 5)
    thing.fault("noise")
    noisy = thing.about("noise")
    thing.fault("noise")
    assert {noisy, thing.about("noise")} == {"a", "b"}
    first = thing.key("u") and thing.about("unplug")
    thing.fault("unplug")
    assert {first, thing.about("unplug")} == {"a", "b"}
    with pytest.raises(Unknown, match="plug them in"):
        thing.fault("unplug")
    assert not any(line.plugged for line in lines.values())
    assert thing.key("p") == "plug"
    assert all(line.plugged for line in lines.values())
    for line in lines.values():
        line.unplug()


async def test_at_the_wrong_speed_nothing_is_what_it_was(tmp_path: Path) -> None:
    lines = {"a": HeadsetOnPty(tmp_path / "a", "words")}
    thing = serial_lines("headset", lines, PACE, 5)
    thing.fault("wrong_speed")
    with (tmp_path / "a").open("rb", buffering=0) as near:
        lines["a"].undock()
        assert near.read(100) != b"UNDOCKED\r\n"
    thing.fault("heal")
    with (tmp_path / "a").open("rb", buffering=0) as near:
        lines["a"].dock()
        assert near.read(100) == b"DOCKED\r\n"
    lines["a"].unplug()
