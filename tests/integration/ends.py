"""The switches and the SIP server on benches: see `tests.integration.stage`."""

import tomllib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.sip_dialog.message import Stream
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.csta import CstaSwitch
from ccwall_simulators.far_end import Connection, FarEnd
from ccwall_simulators.freeswitch import FreeSwitchPbx
from ccwall_simulators.freeswitch.names import agent_name, queue_name
from ccwall_simulators.sip import Notifier, Phones
from tests.integration.stage import SOURCE, Bench, Stage, senses
from tests.integration.world import SECRET, Gauges, Tree

SEED = 3
NEEDLESS = 20
_SCENARIO = load_scenario("small_floor")


def _floor(start: float) -> CallCentre:
    return CallCentre(_SCENARIO, SEED, start)


# ── switches ──


class Switch:
    """A simulated switch with its floor; `queue` is what it calls a queue of the floor."""

    def __init__(
        self, make: Callable[[CallCentre, float], FarEnd], queue: Callable[[str], str], start: float
    ):
        self._floor, self._queue = _floor(start), queue
        self._far_end = make(self._floor, start)
        self._far_end.advance(start)

    @property
    def is_up(self) -> bool:
        return self._far_end.is_up

    def advance(self, now: float) -> None:
        self._far_end.advance(now)

    def connect(self) -> Connection:
        return self._far_end.connect()

    def restart(self, down: float) -> None:
        self._far_end.restart(down, clean=False)

    def needless(self, connection: Connection) -> bytes:
        connection.outgoing()
        self._far_end.flood(NEEDLESS)
        return connection.outgoing()

    def truth(self) -> Gauges:
        gauges: dict[str, object] = {}
        talking = self._floor.talking()
        for queue in self._floor.queues():
            name = self._queue(queue.name)
            gauges[f"waiting in {name}"] = len(queue.waiting)
            gauges[f"talking in {name}"] = sum(each.queue == queue.name for each in talking)
        return gauges


def _queues(stage: Stage) -> Gauges:
    gauges: dict[str, object] = {}
    for queue in stage.board["queues"].values():
        gauges[f"waiting in {queue['name']}"] = queue["waiting"]
        gauges[f"talking in {queue['name']}"] = queue["talking"]
    return gauges


def _tables(queue: Callable[[str], str] = str, interface: Callable[[str], str] = str) -> Tree:
    tree: Tree = tomllib.loads(_SCENARIO.configuration(source=SOURCE, url="tcp://192.0.2.1:1"))
    for each in tree["queue"]:
        each |= {"source": SOURCE, "native": queue(each["native"])}
    for each in tree["agent"]:
        each["interfaces"][SOURCE] = [interface(name) for name in each["interfaces"][SOURCE]]
    return tree


def _asterisk(floor: CallCentre, start: float, secret: str = "secret") -> FarEnd:
    return AsteriskPbx(floor, start=start, seed=SEED, username="ccwall", secret=secret)


def _freeswitch(floor: CallCentre, start: float, password: str = "secret") -> FarEnd:
    return FreeSwitchPbx(floor, start=start, seed=SEED, password=password)


def _csta(floor: CallCentre, start: float) -> FarEnd:
    return CstaSwitch(floor, start=start, seed=SEED, pace=1.0)


def csta_own() -> Tree:
    switch = _csta(_floor(0.0), 0.0)
    assert isinstance(switch, CstaSwitch)
    groups = {number: name for name, number in switch.groups.items()}
    return {"devices": list(switch.phones), "groups": groups}


ASTERISK = Bench(
    name="asterisk-ami",
    url="tcp://192.0.2.1:5038",
    own={"username": "ccwall", "secret": SECRET},
    make=partial(Switch, _asterisk, str),
    told=_queues,
    rest=_tables,
    stranger=partial(Switch, partial(_asterisk, secret="another"), str),
    why="Check username and secret",
)
FREESWITCH = Bench(
    name="freeswitch-esl",
    url="tcp://192.0.2.1:8021",
    own={"password": SECRET},
    make=partial(Switch, _freeswitch, queue_name),
    told=_queues,
    rest=partial(_tables, queue_name, agent_name),
    stranger=partial(Switch, partial(_freeswitch, password="another"), queue_name),
    why="password",
)
CSTA = Bench(
    name="csta-xml",
    url="tcp://192.0.2.1:1150",
    own=csta_own(),
    make=partial(Switch, _csta, str),
    told=_queues,
    rest=_tables,
)


# ── phones ──


class SipEnd:
    """A SIP server with the phones of a floor. Over UDP nobody knows that somebody is gone."""

    def __init__(
        self, reliable: bool, start: float, secret: str = "secret", floor: Floor | None = None
    ) -> None:
        self._reliable, self._secret = reliable, secret
        self._floor: Floor = _floor(start) if floor is None else floor
        self._floor.advance(start)
        self.phones = Phones(self._floor)
        self._notifier = self._server()
        self.now, self._back = start, 0.0
        self._connections: list[SipConnection] = []

    def _server(self) -> Notifier:
        return Notifier(self.phones, "ccwall", self._secret, "pbx.example", address="192.0.2.1:5060")

    @property
    def is_up(self) -> bool:
        return self.now >= self._back

    def advance(self, now: float) -> None:
        self.now = now
        changed = self.phones.live(now)
        if self.is_up:
            self._notifier.tell(changed, now)
            self._notifier.tick(now)
            self._hand_out()

    def tell(self, users: set[str]) -> None:
        """These phones have changed."""
        self._notifier.tell(users, self.now)

    def connect(self) -> "SipConnection":
        if not self.is_up:
            raise ConnectionRefusedError("the simulated SIP server is down")
        connection = SipConnection(self, self._reliable)
        self._connections.append(connection)
        return connection

    def restart(self, down: float) -> None:
        """Killed: every subscription is forgotten, without a word."""
        self._back = self.now + down
        self._notifier = self._server()
        if self._reliable:
            for connection in self._connections:
                connection.closed = True

    def needless(self, connection: Connection) -> bytes:
        """NOTIFYs of no dialog of ours."""
        wire = (
            b"NOTIFY sip:ccwall@192.0.2.7 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKflood\r\n"
            b"From: <sip:1001@pbx.example>;tag=flood\r\nTo: <sip:ccwall@pbx.example>;tag=nobody\r\nCall-ID: flood\r\n"
            b"CSeq: 1 NOTIFY\r\nEvent: dialog\r\nSubscription-State: active\r\nContent-Length: 0\r\n\r\n"
        )
        return wire if self._reliable else pack({}, wire)

    def truth(self) -> Gauges:
        return {user: seen_state(phone) for user, phone in self.phones.handsets.items()}

    # ── what its connections ask ──

    def heard(self, wire: bytes, client: "SipConnection") -> None:
        if not self.is_up:
            client.closed = True  # its host says that nobody listens there
            return
        self._notifier.receive(wire, client, self.now, reliable=self._reliable)
        self._hand_out()

    def gone(self, client: "SipConnection") -> None:
        if client in self._connections:
            self._connections.remove(client)
        if self._reliable:
            self._notifier.gone(client)

    def _hand_out(self) -> None:
        for client, wire in self._notifier.outgoing():
            if isinstance(client, SipConnection):
                client.said += wire if self._reliable else pack({}, wire)


class SipConnection:
    """See `far_end.Connection`."""

    def __init__(self, end: SipEnd, reliable: bool) -> None:
        self._end, self.closed, self.said = end, False, bytearray()
        self._way: Stream | Parcels = Stream() if reliable else Parcels()

    def receive(self, data: bytes) -> None:
        if isinstance(self._way, Stream):
            wires = [head + b"\r\n\r\n" + body for head, body in self._way.feed(data)]
        else:
            wires = [parcel.body for parcel in self._way.feed(data)]
        for wire in wires:
            self._end.heard(wire, self)

    def outgoing(self) -> bytes:
        said = bytes(self.said)
        self.said.clear()
        return said

    def close(self) -> None:
        self.closed = True
        self._end.gone(self)


def seen_state(phone: Any) -> str:
    """Of `senses`: in the words of the board."""
    if not phone.registered:
        return "unavailable"
    states = {dialog.state for dialog in phone.dialogs()}
    if "confirmed" in states:
        used = [each for each in phone.dialogs() if each.state == "confirmed"]
        return "on_hold" if all(each.held for each in used) and "early" not in states else "in_use"
    return "ringing" if states else "idle"


def _phones(stage: Stage) -> Gauges:
    end = stage.end
    assert isinstance(end, SipEnd)
    return {user: told["says"] for user in end.phones.handsets for told in senses(stage, user)}


def users() -> Sequence[str]:
    return sorted(SipEnd(False, 0.0).phones.handsets)


def _sip(scheme: str) -> Bench:
    reliable = scheme == "tcp"
    watched = users()
    people = [{"id": user, "name": user, "interfaces": {SOURCE: [user]}} for user in watched]
    return Bench(
        name="sip-dialog",
        url=f"{scheme}://192.0.2.1:5060",
        own={
            "username": "ccwall",
            "secret": SECRET,
            "domain": "pbx.example",
            "watch": watched,
            "events": ["dialog", "presence"],
        },
        make=partial(SipEnd, reliable),
        told=_phones,
        rest=lambda: {"agent": [msgspec.json.decode(msgspec.json.encode(each)) for each in people]},
        stranger=partial(SipEnd, reliable, secret="another"),
        why="secret",
        notices_kill=3.0 if reliable else 3.5,
    )


SIP_UDP, SIP_TCP = _sip("udp"), _sip("tcp")
