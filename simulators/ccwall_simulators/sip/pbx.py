"""The simulated SIP server as any other product: over TCP, on a line that can be broken in every way."""

from collections.abc import Sequence

from ccwall_adapters.sip_dialog.message import NotSip, Stream
from ccwall_simulators.callcentre.contract import Floor, Visit

from .behaviour import Behaviour
from .notifier import PRODUCT, Client, Notifier
from .phones import Phones

SHORTEST_OUTAGE = 1.0


class SipConnection:
    """See `far_end.Connection`."""

    def __init__(self, pbx: "SipPbx") -> None:
        self._pbx = pbx
        self._stream = Stream()
        self._out = bytearray()
        self.closed = False

    def receive(self, data: bytes) -> None:
        """One that speaks no SIP is hung up on."""
        try:
            for head, body in self._stream.feed(data):
                self._pbx.heard(self, head + b"\r\n\r\n" + body)
        except NotSip:
            self.closed = True

    def outgoing(self) -> bytes:
        said = bytes(self._out)
        self._out.clear()
        return said

    def say(self, wire: bytes) -> None:
        self._out += wire

    def close(self) -> None:
        self.closed = True
        self._pbx.gone(self)


class SipPbx:
    """See `far_end.FarEnd`. A subscription lasts as long as its connection: the floor's time may run faster than the client's."""

    def __init__(
        self,
        floor: Floor,
        *,
        start: float,
        secret: str = "secret",
        username: str = "ccwall",
        domain: str = "pbx.example",
        seed: int = 0,
    ) -> None:
        self._floor = floor
        self._now = min(floor.now, start)
        self._phones = Phones(floor)
        self._notifier = Notifier(self._phones, username, secret, domain, behaviour=Behaviour(seed=seed))
        self._clients: list[SipConnection] = []
        self._boots: float | None = None
        self.advance(start)

    @property
    def floor(self) -> Floor:
        return self._floor

    @property
    def now(self) -> float:
        return self._now

    @property
    def is_up(self) -> bool:
        return self._boots is None

    def advance(self, to: float) -> None:
        self._now = max(self._now, to)
        changed = self._phones.live(self._now)
        if self._boots is not None and self._boots <= self._now:
            self._boots = None
        if self.is_up:
            self._notifier.tell(changed, self._now)
            self._carry()

    def connect(self) -> SipConnection:
        if not self.is_up:
            raise ConnectionRefusedError("the simulated SIP server is down")
        client = SipConnection(self)
        self._clients.append(client)
        return client

    def restart(self, down: float, *, clean: bool) -> None:
        if not self.is_up:
            return
        self._notifier.restart(self._now, clean=clean)
        self._carry()
        for client in self._clients:
            client.closed = True
        self._clients.clear()
        down = max(down, SHORTEST_OUTAGE)
        self._floor.restart(down)
        self._boots = self._now + down

    def reload(self) -> None:
        self._floor.reload()

    def reset_statistics(self) -> None:
        """It keeps none."""

    def flood(self, events: int) -> None:
        """Every phone is told of again and again, though nothing changed."""
        users = [one.user for one in self._notifier.subscribers.values()]
        for each in range(events if users else 0):
            self._notifier.tell({users[each % len(users)]}, self._now)
        self._carry()

    def products(self) -> Sequence[str]:
        return (PRODUCT,)

    def visits(self) -> Sequence[Visit]:
        return self._floor.visits()

    # ── what its connections ask of it ──

    def heard(self, client: SipConnection, wire: bytes) -> None:
        if self.is_up:
            self._notifier.receive(wire, client, self._now, reliable=True)
            self._carry()

    def gone(self, client: Client) -> None:
        self._notifier.gone(client)
        self._clients = [one for one in self._clients if one is not client]

    def _carry(self) -> None:
        for to, wire in self._notifier.outgoing():
            if isinstance(to, SipConnection):
                to.say(wire)
