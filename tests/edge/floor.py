"""A PC with one device, and a server: whole, in one process or in their own."""

import asyncio
import socket
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import msgspec
import zmq

from ccwall.adapter import Adapter, Directory, Known, Mode, State
from ccwall.edge.spool import FILE
from ccwall.events import (
    AnyEvent,
    CommandRequested,
    DeviceHeadset,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    SourceDown,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)

SERVER, PC = ([key.decode() for key in zmq.curve_keypair()] for _ in range(2))
"""(public, secret)"""
NAME = "pc-12"


class ButtonSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class ButtonSession:
    """A box with a headset and a button: each line it writes is a press, `docked` and `undocked` tell of the headset."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        self._device = DeviceId(directory.own("box"))
        self._rest = b""
        self.state: State = "closed"
        self.counts: Mapping[str, int] = Counter()

    def open(self, now: float) -> Sequence[AnyEvent]:
        self._rest, self.state = b"", "live"
        return [
            SourceUp(at=now),
            SourceResyncStarted(at=now),
            DeviceSeen(at=now, device=self._device, kind="headset", name="box"),
            SourceResyncFinished(at=now),
        ]

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [self._fact(line.decode(), now) for line in lines]

    def _fact(self, line: str, now: float) -> AnyEvent:
        if line in {"docked", "undocked"}:
            return DeviceHeadset(at=now, device=self._device, docked=line == "docked")
        return DevicePressed(at=now, device=self._device, button=line)

    def close(self, now: float, reason: str = "eof", detail: str = "") -> Sequence[AnyEvent]:
        self.state = "closed"
        return [msgspec.convert({"type": "source.down", "at": now, "reason": reason}, SourceDown)]

    def tick(self, now: float) -> Sequence[AnyEvent]:
        return []

    def sent(self, data: bytes, now: float) -> None:
        pass

    def outgoing(self) -> bytes:
        return b""

    def at_pace(self, rate: float) -> None:
        pass

    def remember(self, visits: Iterable[Known]) -> None:
        pass

    def skipped(self, since: float, now: float) -> Sequence[AnyEvent]:
        return []

    def command(self, wish: CommandRequested, now: float) -> Sequence[AnyEvent]:
        return []


BUTTON = Adapter(
    name="button", protocol="button", port=1, settings=ButtonSettings, session=ButtonSession, sense="desk"
)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def edge_file(folder: Path, server: int, device: int, more: str = "") -> Path:
    (folder / "pc.secret").write_text(PC[1])
    file = folder / "edge.toml"
    file.write_text(
        f"""
[edge]
name = "{NAME}"
server = "zmq://127.0.0.1:{server}"
server_key = "{SERVER[0]}"
secret = {{ file = "{folder / "pc.secret"}" }}
{more}

[[source]]
name = "box"
type = "button"
url = "tcp://127.0.0.1:{device}"
"""
    )
    return file


def server_file(folder: Path, port: int, web: int) -> Path:
    (folder / "server.secret").write_text(SERVER[1])
    file = folder / "ccwall.toml"
    file.write_text(
        f"""
[web]
port = {web}
token = {{ env = "CCWALL_TEST_TOKEN" }}

[[source]]
name = "desks"
type = "edge"
url = "zmq://127.0.0.1:{port}"
secret = {{ file = "{folder / "server.secret"}" }}
edges = {{ {NAME} = "{PC[0]}" }}
"""
    )
    return file


class Box:
    """The device: writes a number a line, one after the other, to whoever reads it."""

    def __init__(self) -> None:
        self.number = 0
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()

    def press(self) -> None:
        self.number += 1
        self.say(str(self.number))

    def say(self, line: str) -> None:
        for writer in self._writers:
            writer.write(f"{line}\n".encode())

    async def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with suppress(OSError):
                await reader.read()
        finally:
            self._writers.discard(writer)
            writer.close()

    @property
    def read(self) -> bool:
        return bool(self._writers)

    def unplug(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def box() -> AsyncIterator[Box]:
    found = Box()
    server = await asyncio.start_server(found.come, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        found.unplug()
        await asyncio.sleep(0)


class Proxy:
    """A network that can be cut: `cut` ends every connection, `stall` keeps them and lets nothing through."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.port = 0
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, there[1]}
        await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    def cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    def stall(self, stalled: bool) -> None:
        (self._flows.clear if stalled else self._flows.set)()


@asynccontextmanager
async def proxy(to: int) -> AsyncIterator[Proxy]:
    found = Proxy(to)
    server = await asyncio.start_server(found.come, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        found.stall(False)
        found.cut()
        await asyncio.sleep(0.05)


def in_spool(folder: Path) -> tuple[int, list[int]]:
    """Of an edge that does not run: the highest number ever given, and those that wait."""
    file = folder / "spool" / FILE
    if not file.exists():
        return 0, []
    with closing(sqlite3.connect(file)) as db:
        last = db.execute("SELECT seq FROM sqlite_sequence").fetchone()
        return (last[0] if last else 0), [n for (n,) in db.execute("SELECT n FROM spool ORDER BY n")]
