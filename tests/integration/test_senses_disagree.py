"""Where senses disagree, each on a scenario with two simulators: an Asterisk that says the one, and a headset, a bus of seat
sensors or a SIP server that says the other. To the second, in simulated time, as screens have it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest

from ccwall.config import Config, read
from ccwall.events import SourceId
from ccwall_adapters.asterisk_ami.frame import Frame
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.desks import Desks, Habits
from ccwall_simulators.callcentre.shared import SharedFloor
from ccwall_simulators.far_end import Connection
from tests.integration.bus_ends import BusEnd
from tests.integration.ends import SipEnd
from tests.integration.world import SECRET, START, VARIABLE, End, Gauges, QuietHeadset, Tree, World
from tests.simulators.asterisk.script import AGENT, PHONE, ScriptedFloor, answered, completed, member, queued

PBX, OTHER = SourceId("pbx"), SourceId("other")
COLLEAGUE = "PJSIP/1002"
PBX_AT = "tcp://192.0.2.1:5038"
LOOK = 0.5
"""Seconds by which a contradiction may be shown late: the words travel, and a screen is told ten times a second."""


class Exchange:
    """The Asterisk. While it is `deaf`, it answers what it is asked and tells nothing by itself: what somebody filtered out."""

    def __init__(self, shared: SharedFloor) -> None:
        self.pbx = AsteriskPbx(shared.view(leading=True), start=START)
        self.deaf = False

    @property
    def is_up(self) -> bool:
        return self.pbx.is_up

    def advance(self, now: float) -> None:
        self.pbx.advance(now)

    def connect(self) -> Connection:
        return Filtered(self, self.pbx.connect())

    def restart(self, down: float) -> None:
        self.pbx.restart(down, clean=False)

    def needless(self, connection: Connection) -> bytes:
        return b""

    def truth(self) -> Gauges:
        return {}


class Filtered:
    """See `far_end.Connection`."""

    def __init__(self, exchange: Exchange, inner: Connection) -> None:
        self._exchange, self._inner = exchange, inner

    @property
    def closed(self) -> bool:
        return self._inner.closed

    def receive(self, data: bytes) -> None:
        self._inner.receive(data)

    def outgoing(self) -> bytes:
        said = self._inner.outgoing()
        if not self._exchange.deaf:
            return said
        blocks = said.split(b"\r\n\r\n")[:-1]
        return b"".join(block + b"\r\n\r\n" for block in blocks if not Frame(block).get(b"Event"))

    def close(self) -> None:
        self._inner.close()


class Scene(World):
    """Anna, whose phone is 1001, ready in a queue; and one more sense that watches her."""

    def __init__(self, other: Tree, at: str, make: Callable[["Scene"], End], **card: object) -> None:
        self.floor = ScriptedFloor()
        self.floor.now = START
        self.shared = SharedFloor(self.floor)
        self.exchange = Exchange(self.shared)
        self.other = make(self)
        self.at = at
        super().__init__(
            _config({"name": OTHER, "url": at, **other}, card), {PBX_AT: self.exchange, at: self.other}
        )

    # ── what happens ──

    def happens(self, *course: h.AnyHappening) -> None:
        self.floor.say(*course)

    @property
    def t(self) -> float:
        """The floor's time."""
        return self.clock.now()

    def headset(self) -> QuietHeadset:
        assert isinstance(self.other, QuietHeadset)
        return self.other

    def phone(self, of: str = "1001", **changes: object) -> None:
        """What the SIP server sees of a phone: `main` and `sides` are calls, `registered`."""
        assert isinstance(self.other, SipEnd)
        handset = self.other.phones.handsets[of]
        for name, value in changes.items():
            setattr(handset, name, value)
        self.other.tell({of})

    def call(self) -> None:
        """A caller waits for three seconds, and she talks to them; the SIP server sees that, too."""
        self.happens(
            *queued(self.t + 1.0),
            *answered(self.t + 4.0, 3.0),
            h.DeviceChanged(t=self.t + 4.0, device=PHONE, agent=AGENT, state="in_use"),
        )

    def hung_up(self) -> None:
        """What the Asterisk sees of it."""
        self.happens(
            *completed(self.t, "caller", 60.0),
            h.DeviceChanged(t=self.t, device=PHONE, agent=AGENT, state="idle"),
        )

    # ── what the wall says ──

    @property
    def anna(self) -> Tree:
        found: Tree = self.board["agents"]["anna"]
        return found

    @property
    def conflicts(self) -> Sequence[tuple[str, Sequence[str]]]:
        found = [(each["kind"], each["sources"]) for each in self.anna.get("conflicts", [])]
        assert self.board["floor"].get("conflicts", 0) == (1 if found else 0)
        return found

    @property
    def since(self) -> float:
        """Seconds since the beginning at which the one contradiction began."""
        (found,) = self.anna["conflicts"]
        return float(found["since"]) - START


def _config(other: Tree, card: Mapping[str, object]) -> Config:
    pbx = {
        "name": PBX,
        "type": "asterisk-ami",
        "url": PBX_AT,
        "username": "ccwall",
        "secret": SECRET,
        "resync_every": "1h",
    }
    anna = {
        "id": "anna",
        "name": "Anna",
        "extension": "1001",
        "interfaces": {PBX: [PHONE], OTHER: ["anna"]},
        **card,
    }
    tree = {"source": [pbx, other], "agent": [anna], "conflicts": {}}
    tree["seat"] = [{"id": "A-12", "sensors": {OTHER: [f"seat-{AGENT}"]}}]
    with patch.dict("os.environ", {VARIABLE: "secret"}):
        return read(tree, "scene")


# ── the other sense ──


def with_headset() -> Scene:
    return Scene({"type": "serial-headset", "key": "anna"}, "serial:///dev/ccwall-anna", lambda _: _worn())


def _worn() -> QuietHeadset:
    headset = QuietHeadset(START)
    headset.set(docked=False)
    return headset


def with_seat() -> Scene:
    def bus(scene: Scene) -> BusEnd:
        habits = Habits(
            walks_with_headset=1.0, docks_while_ready=0.0, help=0.0, patrol=0.0, sensor_faults=0.0
        )
        desks = Desks(scene.shared.view(), 1, habits)
        scene.happens(_moved(START + 0.1, here=True))
        scene.exchange.advance(START + 0.2)
        return BusEnd(START + 5.0, desks=desks)

    return Scene({"type": "mqtt", "preset": "zigbee2mqtt"}, "mqtt://192.0.2.1:1883", bus, seat="A-12")


def _moved(t: float, *, here: bool) -> h.PersonMoved:
    """She goes without a word to the ACD."""
    return h.PersonMoved(t=t, agent=AGENT, at_desk=here, on_shift=True, on_break=False)


def with_phone() -> Scene:
    """A SIP server of its own, in front of the exchange: it sees what that one does not."""

    def sip(scene: Scene) -> SipEnd:
        return SipEnd(True, START, floor=ScriptedFloor(member(PHONE), member(COLLEAGUE, agent="a2")))

    settings = {
        "username": "ccwall",
        "secret": SECRET,
        "domain": "pbx.example",
        "watch": ["1001", "1002"],
    }
    return Scene(
        {"type": "sip-dialog", **settings, "events": ["dialog", "presence"]}, "tcp://192.0.2.1:5060", sip
    )


# ── the contradictions ──


@dataclass(frozen=True)
class Disagreement:
    """`begins` and `ends` make it happen; each is over, for the other sense, within `takes` seconds. `limit` is for how long
    it must last."""

    scene: Callable[[], Scene]
    begins: Callable[[Scene], object]
    ends: Callable[[Scene], object]
    limit: float
    takes: float = LOOK
    before: Callable[[Scene], object] = lambda _scene: None


def bye(scene: Scene) -> None:
    """Both hang up; of that the Asterisk's client is told nothing."""
    scene.exchange.deaf = True
    scene.hung_up()
    scene.phone(main="")


def talks(scene: Scene) -> None:
    scene.call()

    def answers() -> None:
        scene.phone(main="d1")

    asyncio.get_running_loop().call_later(4.0, answers)


KINDS: Mapping[str, Disagreement] = {
    "ready_docked": Disagreement(
        with_headset,
        lambda scene: scene.headset().set(docked=True),
        lambda scene: scene.headset().set(docked=False),
        limit=30.0,
    ),
    "ready_vacant": Disagreement(
        with_seat,
        lambda scene: scene.happens(_moved(scene.t, here=False)),
        lambda scene: scene.happens(_moved(scene.t, here=True)),
        limit=30.0,
        takes=7.0,
    ),
    "ready_unreachable": Disagreement(
        with_phone,
        lambda scene: scene.phone(registered=False),
        lambda scene: scene.phone(registered=True),
        limit=5.0,
    ),
    "idle_talking": Disagreement(
        with_phone,
        lambda scene: scene.phone(sides={"s1": None}),
        lambda scene: scene.phone(sides={}),
        limit=10.0,
    ),
    "call_ended": Disagreement(
        with_phone, bye, lambda scene: scene.phone(main="d2"), limit=10.0, before=talks
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
Script = Callable[[Scene], Coroutine[Any, Any, None]]


async def settle(scene: Scene, of: Disagreement) -> None:
    """Both are heard, and agree."""
    await asyncio.sleep(12.0)
    of.before(scene)
    await asyncio.sleep(30.0)
    assert scene.state_of(PBX) == scene.state_of(OTHER) == "live"
    assert scene.conflicts == []
    assert {each["source"] for each in scene.anna["senses"]} == {PBX, OTHER}


def on_scene(kind: str, script: Callable[[Scene, Disagreement], Coroutine[Any, Any, None]]) -> None:
    of = KINDS[kind]
    scene = of.scene()

    async def play() -> None:
        await settle(scene, of)
        await script(scene, of)

    scene.play(play())


@every_kind
def test_it_is_shown_when_it_has_lasted_and_gone_when_it_is_over(kind: str) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        began = scene.now
        await asyncio.sleep(of.limit - LOOK)
        assert scene.conflicts == []
        await asyncio.sleep(of.takes + LOOK)
        assert scene.conflicts == [(kind, [PBX, OTHER])]
        assert began <= scene.since <= began + of.takes
        await asyncio.sleep(60.0)
        assert scene.conflicts == [(kind, [PBX, OTHER])]
        of.ends(scene)
        await asyncio.sleep(of.takes)
        assert scene.conflicts == []
        await asyncio.sleep(2 * of.limit)
        assert scene.conflicts == []

    on_scene(kind, script)


@every_kind
def test_what_is_over_before_its_time_is_never_shown(kind: str) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        await asyncio.sleep(max(of.takes, of.limit - of.takes - LOOK))
        assert scene.conflicts == []
        of.ends(scene)
        for _ in range(int(2 * of.limit)):
            await asyncio.sleep(1.0)
            assert scene.conflicts == []

    on_scene(kind, script)


@every_kind
@pytest.mark.parametrize("away", [PBX, OTHER])
def test_who_is_away_contradicts_nobody(kind: str, away: SourceId) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        await asyncio.sleep(of.limit + of.takes)
        assert scene.conflicts == [(kind, [PBX, OTHER])]
        scene.kill(PBX_AT if away == PBX else scene.at, 100.0)
        await asyncio.sleep(3.0)
        assert scene.conflicts == []
        assert all(each.get("stale") for each in scene.senses("anna", away))
        await asyncio.sleep(60.0)
        assert scene.conflicts == []

    on_scene(kind, script)


@every_kind
def test_who_was_away_from_the_beginning_contradicts_nobody(kind: str) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        scene.kill(scene.at, 100.0)
        await asyncio.sleep(3.0)
        of.begins(scene)
        await asyncio.sleep(2 * of.limit + of.takes)
        assert scene.conflicts == []

    on_scene(kind, script)


def test_a_call_that_is_over_on_the_phone_alone_becomes_a_ghost_counted_apart_and_she_is_free() -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        assert scene.anna["state"] == "talking"
        began = scene.now
        of.begins(scene)
        await asyncio.sleep(119.0)
        assert scene.anna["state"] == "talking"
        assert scene.conflicts == [("call_ended", [PBX, OTHER])]
        await asyncio.sleep(2.0)
        scene.phone("1002", main="d9")  # the engine's time goes on with what is told, and so do its ghosts
        await asyncio.sleep(LOOK)
        assert scene.board["floor"]["ghosts"] == 1
        (visit,) = scene.house.engine.contacts()
        assert (visit.outcome, visit.end) == ("answered", "lost")
        assert visit.ended == pytest.approx(START + began, abs=LOOK)
        assert scene.anna["state"] != "talking"
        assert scene.conflicts == []

    on_scene("call_ended", script)


def test_without_the_other_sense_nobody_is_a_ghost() -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        scene.kill(scene.at, 1000.0)
        await asyncio.sleep(3.0)
        of.begins(scene)
        await asyncio.sleep(300.0)
        scene.exchange.deaf = False
        scene.happens(*queued(scene.t + 1.0, call="c2", visit=2))
        await asyncio.sleep(3.0)
        assert scene.board["floor"].get("ghosts", 0) == 0
        assert scene.anna["state"] == "talking"

    on_scene("call_ended", script)


def test_a_phone_that_was_never_heard_to_hang_up_makes_no_ghost() -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        scene.kill(scene.at, 10.0)
        await asyncio.sleep(3.0)
        of.begins(scene)
        await asyncio.sleep(300.0)
        assert scene.state_of(OTHER) == "live"
        scene.phone("1002", main="d9")
        await asyncio.sleep(1.0)
        assert scene.board["floor"].get("ghosts", 0) == 0
        assert scene.anna["state"] == "talking"

    on_scene("call_ended", script)


def test_what_the_acd_tells_again_is_true_again() -> None:
    """The wire to the Asterisk comes back, and its lists say that the call is over: no ghost is needed."""

    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        await asyncio.sleep(20.0)
        assert scene.conflicts == [("call_ended", [PBX, OTHER])]
        scene.exchange.deaf = False
        scene.fault(PBX_AT, "reset")
        await asyncio.sleep(15.0)
        assert scene.conflicts == []
        assert scene.anna["state"] == "ready"
        assert scene.board["floor"].get("ghosts", 0) == 0

    on_scene("call_ended", script)
