"""A simulated product on a real TCP socket, and everything that can be done to it there."""

import asyncio
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from typing import Literal, cast

import msgspec

from .far_end import FarEnd
from .line import Line, LinkFault

STEP = 0.02
"""Seconds between two looks at the floor."""
LONGEST_STEP = 60.0
"""Floor seconds that are lived at once; after a stand-still the rest follows when others have had their turn."""
SLOWEST, FASTEST = 0.1, 100.0
CLIENTS = 200
"""More are hung up on: a client that leaves half-open connections behind for ever must not use us up."""
WAITING = 128
"""Connections the kernel holds for us until we take them."""
PIECES = 50
"""Of a split link, in one step."""
UNSENT = 256 * 1024
"""Bytes in our own buffer beyond which the line holds back."""
KERNEL = 64 * 1024
"""Bytes the kernel holds for a client, so that a slow one is slow for us too."""
LONGEST_FAULT = 600.0
FLOOD, FLOOD_AT_ONCE = 50_000, 1_000
"""Events in all, and in one step: 50,000 a second."""

FaultName = Literal[
    "cut", "reset", "half_open", "slow", "split", "garbage", "silence",
    "restart", "kill", "reload", "reset_statistics", "flood",
]  # fmt: skip


class Fault(msgspec.Struct, frozen=True):
    """Something that can be broken on purpose: on the link, or in the product itself.

    `key` breaks it in a terminal. `seconds` (real ones) is how long it lasts when nobody says; 0 is over at once.
    """

    name: FaultName
    key: str
    kind: Literal["link", "pbx"]
    seconds: float = 0.0


FAULTS: tuple[Fault, ...] = (
    Fault("cut", "c", "link"),
    Fault("reset", "x", "link"),
    Fault("half_open", "h", "link", 20.0),
    Fault("silence", "n", "link", 8.0),
    Fault("slow", "s", "link", 30.0),
    Fault("split", "p", "link", 30.0),
    Fault("garbage", "g", "link"),
    Fault("restart", "r", "pbx", 10.0),
    Fault("kill", "k", "pbx", 10.0),
    Fault("flood", "f", "pbx"),
    Fault("reload", "l", "pbx"),
    Fault("reset_statistics", "z", "pbx"),
)
BY_NAME: Mapping[str, Fault] = {fault.name: fault for fault in FAULTS}


class Server:
    """One product on one port. `open` it, then `run` it until it is cancelled.

    Every `STEP` the floor lives on: floor time = what it was + real seconds x `speed`. While the product is down nobody
    listens at the port; it is kept for when it is back. `address` must be a numeric loopback address unless somebody
    asked for another.
    """

    def __init__(
        self, far_end: FarEnd, speed: float = 1.0, *, host: str = "127.0.0.1", port: int = 0, seed: int = 0
    ) -> None:
        self._far_end, self._host, self._seed = far_end, host, seed
        self._wanted_port = port
        self.port = 0
        self._speed = speed
        self._origin: tuple[float, float] | None = None
        self._kept: socket.socket | None = None
        self._listening: asyncio.Server | None = None
        self._clients: set[_Client] = set()
        self._served = 0
        self._until: dict[FaultName, float] = {}
        self._flood = 0
        self.ready = asyncio.Event()
        """Set when the port is first open."""

    @property
    def far_end(self) -> FarEnd:
        return self._far_end

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        """From the next step on."""
        if self._origin is not None:
            self._origin = asyncio.get_running_loop().time(), self.now
        self._speed = speed

    @property
    def now(self) -> float:
        """The floor's time at this instant; it has lived up to `far_end.now`."""
        if self._origin is None:
            return self._far_end.now
        real, floor = self._origin
        return floor + (asyncio.get_running_loop().time() - real) * self._speed

    @property
    def clients(self) -> int:
        return len(self._clients)

    def open(self) -> None:
        """Take the port. Raises OSError."""
        self._kept = _bound(self._host, self._wanted_port)
        self._share(False)
        self.port = self._kept.getsockname()[1]

    async def run(self, at: float | None = None) -> None:
        """Serve for ever. `at`: what the floor's time is now, if not what it has lived up to."""
        loop = asyncio.get_running_loop()
        self._origin = loop.time(), self._far_end.now if at is None else at
        due = loop.time()
        try:
            while True:
                await self._live()
                due = max(due + STEP, loop.time())
                await asyncio.sleep(due - loop.time())
        finally:
            self._shut()
            for client in list(self._clients):
                client.abort()
            if self._kept is not None:
                self._kept.close()

    # ── breaking things ──

    def fault(self, name: FaultName, seconds: float | None = None) -> None:
        """Break it, for so many real seconds or as long as it usually lasts. One more of the same makes it longer."""
        fault = BY_NAME[name]
        lasts = min(fault.seconds if seconds is None else seconds, LONGEST_FAULT)
        now = asyncio.get_running_loop().time()
        if fault.seconds or lasts:
            self._until[name] = max(now + lasts, self._until.get(name, 0.0))
        match name:
            case "restart":
                self._far_end.restart(lasts * self._speed, clean=True)
            case "kill":
                for client in self._clients:
                    client.line.fault("reset")
                self._far_end.restart(lasts * self._speed, clean=False)
            case "flood":
                self._flood += FLOOD
            case "reload":
                self._far_end.reload()
            case "reset_statistics":
                self._far_end.reset_statistics()
            case _:
                for client in self._clients:
                    client.line.fault(name, now + lasts)
        if not self._far_end.is_up:
            self._shut()
        self._flush()

    def heal(self) -> None:
        """Every fault of the link is over, and the flood; a product that is down comes back when it comes back."""
        self._flood = 0
        for name in [name for name in self._until if BY_NAME[name].kind == "link"]:
            del self._until[name]
        for client in self._clients:
            client.line.heal()
        self._flush()

    def left(self, name: FaultName) -> float | None:
        """Real seconds this fault still lasts; None when it does not."""
        if name == "flood":
            return self._flood * STEP / FLOOD_AT_ONCE if self._flood else None
        left = self._until.get(name, 0.0) - asyncio.get_running_loop().time()
        if BY_NAME[name].kind == "pbx" and self._far_end.is_up:
            return None
        return left if left > 0 else None

    # ── every step ──

    async def _live(self) -> None:
        while True:
            target = self.now
            step = min(target, self._far_end.now + LONGEST_STEP)
            if self._flood:
                some = min(self._flood, FLOOD_AT_ONCE)
                self._flood -= some
                if self._far_end.is_up:
                    self._far_end.flood(some)
            self._far_end.advance(step)
            self._flush()
            await self._listen()
            if step >= target:
                return
            await asyncio.sleep(0)

    def _flush(self) -> None:
        for client in list(self._clients):
            client.flush()

    async def _listen(self) -> None:
        """Listen exactly while the product is up."""
        if not self._far_end.is_up:
            self._shut()
        elif self._listening is None:
            try:
                self._share(True)
                self._listening = await self._prepared()
                await self._listening.start_serving()
                self.ready.set()
            except OSError:
                self._shut()  # somebody else took the port meanwhile; we try again at the next step
            finally:
                self._share(False)

    async def _prepared(self) -> asyncio.Server:
        """A server that does not listen yet, so that it is ours before anything can interrupt us."""
        if self._kept is not None and not KEEPS:
            listening, self._kept = self._kept, None
        else:
            listening = _bound(self._host, self.port)
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: _Client(self), sock=listening, backlog=WAITING, start_serving=False
        )

    def _share(self, shared: bool) -> None:
        """Whether another socket may have the kept port too: ours, for a moment, and nobody else's, or two simulators on one
        machine come to share a port while one of their products is down."""
        if self._kept is not None and KEEPS:
            self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(shared))

    def _shut(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    # ── clients ──

    def _came(self, client: "_Client") -> Line | None:
        """A new client; None when nobody takes it."""
        if len(self._clients) >= CLIENTS:
            return None
        try:
            connection = self._far_end.connect()
        except ConnectionRefusedError:
            return None
        self._served += 1
        line = Line(connection, self._seed * 1_000_003 + self._served)
        for name in self._active_on_link():
            line.fault(name, self._until[name])
        self._clients.add(client)
        return line

    def _went(self, client: "_Client") -> None:
        if client in self._clients:
            self._clients.remove(client)
            client.line.close()

    def _active_on_link(self) -> Iterator[LinkFault]:
        for name in self._until:
            if BY_NAME[name].kind == "link" and self.left(name) is not None:
                yield cast("LinkFault", name)


RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""Do not linger at all: the connection is not ended but torn down."""
KEEPS = sys.platform == "linux"
"""There a bound socket that does not listen keeps the port for us while another of ours comes and goes, and nobody else's
connection is given it by chance (a client that tries a port of its own range may even connect to itself)."""


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL)
        bound.bind(address)
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    return bound


class _Client(asyncio.Protocol):
    """One client on its socket, at the other end of a line."""

    line: Line

    def __init__(self, server: Server) -> None:
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._may_write = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(UNSENT)
        opened: socket.socket = transport.get_extra_info("socket")
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = self._server._came(self)
        if line is None:
            self.abort()
        else:
            self.line = line
            self.flush()

    def data_received(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self.line.from_client(data, self._loop.time())
            self.flush()

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._server._went(self)

    def flush(self) -> None:
        """Whatever the line lets through by now, and its end."""
        if self._transport is None or self._transport.is_closing():
            return
        now = self._loop.time()
        for _ in range(PIECES):
            piece = self.line.to_client(now, UNSENT if self._may_write else 0)
            if not piece:
                break
            self._transport.write(piece)
        self._read_or_not(self._transport)
        if self.line.ended == "eof":
            self._transport.close()
        elif self.line.ended == "reset":
            self.abort()

    def _read_or_not(self, transport: asyncio.Transport) -> None:
        """Of a half-open link nothing is read: not even that the client went away."""
        if self.line.is_open != transport.is_reading() and not transport.is_closing():
            (transport.resume_reading if self.line.is_open else transport.pause_reading)()

    def abort(self) -> None:
        """Reset the connection."""
        if self._transport is not None:
            opened: socket.socket = self._transport.get_extra_info("socket")
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self._transport.abort()
