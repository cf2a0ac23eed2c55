"""Somebody whom two simulators see: an Asterisk, and one more sense. In simulated time, as screens have it."""

from collections.abc import Callable, Mapping, Sequence
from unittest.mock import patch

from ccwall.config import Config, read
from ccwall.events import SourceId
from ccwall_adapters.asterisk_ami.frame import Frame
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.desks import Desks, Habits
from ccwall_simulators.callcentre.shared import SharedFloor
from ccwall_simulators.far_end import Connection
from tests.integration.bus_ends import BusEnd
from tests.integration.phone_ends import SipEnd
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
        scene.happens(moved(START + 0.1, here=True))
        scene.exchange.advance(START + 0.2)
        return BusEnd(START + 5.0, desks=desks)

    return Scene({"type": "mqtt", "preset": "zigbee2mqtt"}, "mqtt://192.0.2.1:1883", bus, seat="A-12")


def moved(t: float, *, here: bool) -> h.PersonMoved:
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
