"""The simulated SIP server on its sockets: UDP and TCP on one port."""

import asyncio
from collections.abc import Callable
from typing import cast

from ccwall_adapters.sip_dialog.message import NotSip, Stream
from ccwall_simulators.callcentre.contract import Floor

from .behaviour import Behaviour
from .notifier import Client, Notifier
from .phones import Phones
from .way import Mischief, Way

Peer = tuple[str, int]

STEP = 0.02
"""Seconds between two looks at the phones."""
CLIENTS = 200
PORTS = 20
"""Tries for a port that is free for both."""


class SipServer:
    """Phones of `view` on a port of their own. `open` it, or `run` it until it is cancelled.

    `now` is the floor's time; without it the phones live as far as somebody else lets the floor live on.
    """

    def __init__(
        self,
        view: Floor,
        username: str = "ccwall",
        secret: str = "secret",
        domain: str = "pbx.example",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        behaviour: Behaviour | None = None,
        now: Callable[[], float] | None = None,
    ) -> None:
        self.phones = Phones(view)
        behaviour = Behaviour() if behaviour is None else behaviour
        self.notifier = Notifier(self.phones, username, secret, domain, behaviour=behaviour)
        self.port = 0
        self._wanted, self._host, self._now = port, host, now
        self._to_clients: Way[tuple[Peer, bytes]] = Way(behaviour.seed)
        self._from_clients: Way[tuple[Peer, bytes]] = Way(behaviour.seed + 1)
        self._udp: _Udp | None = None
        self._tcp: asyncio.Server | None = None
        self._streams: set[_Tcp] = set()
        self._silent_until = 0.0
        self.ready = asyncio.Event()
        """Set when the port is open."""

    @property
    def is_up(self) -> bool:
        return self._udp is not None

    async def open(self) -> None:
        """Take the port, or take it again. OSError when it is not to be had."""
        loop = asyncio.get_running_loop()
        for last in [*([False] * (PORTS - 1)), True]:
            port = self.port or self._wanted
            transport, udp = await loop.create_datagram_endpoint(
                lambda: _Udp(self), local_addr=(self._host, port)
            )
            taken: int = transport.get_extra_info("sockname")[1]
            try:
                self._tcp = await loop.create_server(lambda: _Tcp(self), self._host, taken)
            except OSError:
                transport.close()
                if port or last:
                    raise
                continue
            self._udp, self.port = udp, taken
            self.notifier.address = f"{self._host}:{taken}"
            self.ready.set()
            return

    async def run(self) -> None:
        """Serve for ever."""
        if not self.is_up:
            await self.open()
        try:
            while True:
                self.step()
                await asyncio.sleep(STEP)
        finally:
            self.shut()

    def shut(self) -> None:
        """Nobody listens any more; connections are cut."""
        if self._udp is not None:
            self._udp.transport.abort()
        if self._tcp is not None:
            self._tcp.close()
        for stream in list(self._streams):
            stream.transport.abort()
        self._udp = self._tcp = None

    # ── breaking things ──

    def disturb(self, mischief: Mischief) -> None:
        """From now on, datagrams of both directions fare so."""
        self._to_clients.mischief = self._from_clients.mischief = mischief

    def silence(self, seconds: float) -> None:
        """Nothing is heard or said for so long; nobody hangs up."""
        self._silent_until = self._real() + seconds

    def restart(self, *, clean: bool) -> None:
        """Every subscription is forgotten; `clean` says so first."""
        self.notifier.restart(self._real(), clean=clean)
        self.step()
        for stream in list(self._streams):
            stream.transport.abort()

    def kill(self) -> None:
        """Nobody is there and nothing is known, until it is opened again."""
        self.notifier.restart(self._real(), clean=False)
        self.shut()

    def unregister(self, share: float) -> list[str]:
        """So many of the phones that are there lose their registration, until `register`; which."""
        lost = self.phones.lose(share)
        self.notifier.tell(set(lost), self._real())
        return lost

    def register(self) -> None:
        self.notifier.tell(self.phones.find(), self._real())

    # ── every step ──

    def step(self) -> None:
        """Let the phones live on, and carry what there is to carry."""
        now = self._real()
        changed = self.phones.live(None if self._now is None else self._now())
        self.notifier.tell(changed, now)
        self.notifier.tick(now)
        self.carry()

    def carry(self) -> None:
        now = self._real()
        for peer, wire in self._from_clients.take(now):
            self.notifier.receive(wire, peer, now)
        for to, wire in self.notifier.outgoing():
            if isinstance(to, _Tcp):
                to.say(wire)
            elif isinstance(to, tuple):
                self._to_clients.put(((to[0], to[1]), wire), now)
        for peer, wire in self._to_clients.take(now):
            if self._udp is not None and now >= self._silent_until:
                self._udp.transport.sendto(wire, peer)

    def heard(self, wire: bytes, peer: Peer) -> None:
        if self._real() >= self._silent_until:
            self._from_clients.put((peer, wire), self._real())
            self.carry()

    def heard_on(self, stream: "_Tcp", head: bytes, body: bytes) -> None:
        if self._real() >= self._silent_until:
            self.notifier.receive(head + b"\r\n\r\n" + body, stream, self._real(), reliable=True)
            self.carry()

    def came(self, stream: "_Tcp") -> None:
        if len(self._streams) >= CLIENTS:
            stream.transport.abort()
        else:
            self._streams.add(stream)

    def went(self, stream: "_Tcp") -> None:
        self._streams.discard(stream)
        self.notifier.gone(cast(Client, stream))

    @staticmethod
    def _real() -> float:
        return asyncio.get_running_loop().time()


class _Udp(asyncio.DatagramProtocol):
    transport: asyncio.DatagramTransport

    def __init__(self, server: SipServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._server.heard(data, (addr[0], addr[1]))


class _Tcp(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, server: SipServer) -> None:
        self._server = server
        self._stream = Stream()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._server.came(self)

    def data_received(self, data: bytes) -> None:
        """One that speaks no SIP is hung up on."""
        try:
            for head, body in self._stream.feed(data):
                self._server.heard_on(self, head, body)
        except NotSip:
            self.transport.abort()

    def say(self, wire: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(wire)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.went(self)
