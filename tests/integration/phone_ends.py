"""A SIP server and its phones on benches: see `tests.integration.stage`."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec

from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.sip_dialog.message import Stream
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.far_end import Connection
from ccwall_simulators.sip import Notifier, Phones
from tests.integration.ends import small_floor
from tests.integration.stage import SOURCE, Bench, Stage, senses
from tests.integration.world import SECRET, Gauges


class SipEnd:
    """A SIP server with the phones of a floor. Over UDP nobody knows that somebody is gone."""

    def __init__(
        self, reliable: bool, start: float, secret: str = "secret", floor: Floor | None = None
    ) -> None:
        self._reliable, self._secret = reliable, secret
        self._floor: Floor = small_floor(start) if floor is None else floor
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
