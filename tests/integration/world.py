"""A house in simulated time, with far ends that break in every way.

The house, its supervisors, the adapters and the engine are real; the far ends are the simulators, sans I/O; only the bytes on
the way are carried in memory (`ccwall_simulators.line`), so that promises in seconds are tested to the second.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, cast
from unittest.mock import patch

import ccwall.house
from ccwall.adapter import Dial
from ccwall.config import Config
from ccwall.events import SourceId
from ccwall.house import House
from ccwall.transport import Address, Link, Unreachable
from ccwall.transport.link import CONNECT_WITHIN
from ccwall.transport.mqtt import READ_AT_MOST
from ccwall_simulators.far_end import Connection
from ccwall_simulators.line import Line, LinkFault
from ccwall_simulators.serial import Headset
from tests.simulated.loop import SimulatedClock, simulate

START = 1_795_500_000.0
STEP = 0.05
OURS, THEIRS = "192.0.2.7:40000", "192.0.2.1:5060"
VARIABLE = "CCWALL_TEST_SECRET"
SECRET = {"env": VARIABLE}

Tree = dict[str, Any]
Gauges = Mapping[str, object]


class End(Protocol):
    """A far end. `advance` lets it live up to an instant."""

    @property
    def is_up(self) -> bool: ...
    def advance(self, now: float) -> None: ...
    def connect(self) -> Connection:
        """ConnectionRefusedError, or Unreachable, when it is not there."""
        ...

    def restart(self, down: float) -> None:
        """It dies, and is back after so many seconds."""
        ...

    def needless(self, connection: Connection) -> bytes:
        """Some true words that change nothing: what a flood is made of."""
        ...

    def truth(self) -> Gauges:
        """What a wall should show now."""
        ...


class DeviceEnd:
    """A device on a serial line, which may be pulled out. A subclass says what its people do with it."""

    def __init__(self, now: float) -> None:
        self.now, self._back = now, 0.0
        self._connections: list[DeviceConnection] = []

    device: Any

    @property
    def is_up(self) -> bool:
        return self.now >= self._back

    def advance(self, now: float) -> None:
        self.now = now
        if self.is_up:
            self.live()
            self.device.tick(now)

    def live(self) -> None:
        """Nothing happens by itself."""

    def connect(self) -> "DeviceConnection":
        if not self.is_up:
            raise Unreachable("the device is not there", "no_device")
        for other in self._connections:
            other.closed = True
        connection = DeviceConnection(self)
        self._connections = [connection]
        self.device.opened(self.now)
        self.opened()
        return connection

    def opened(self) -> None:
        """Somebody listens from here on."""

    def flooded(self) -> None:
        """What it said before is not believed any more, and nobody can ask it."""

    def restart(self, down: float) -> None:
        self._back = self.now + down
        for connection in self._connections:
            connection.closed = True
        self._connections.clear()

    @property
    def is_heard(self) -> bool:
        return bool(self._connections)


class DeviceConnection:
    """See `far_end.Connection`."""

    def __init__(self, end: DeviceEnd) -> None:
        self._end, self.closed = end, False

    def receive(self, data: bytes) -> None:
        self._end.device.receive(data, self._end.now)

    def outgoing(self) -> bytes:
        return b"" if self.closed else cast(bytes, self._end.device.outgoing())

    def close(self) -> None:
        self.closed = True
        if self in self._end._connections:
            self._end._connections.remove(self)


class QuietHeadset(DeviceEnd):
    """It lies there until somebody takes it."""

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.device = Headset()

    def set(self, *, docked: bool) -> None:
        self.device.dock() if docked else self.device.undock()

    def needless(self, connection: Connection) -> bytes:
        return b"AT+VGS=9\r"

    def truth(self) -> Gauges:
        return {"docked": self.device.docked}


class Carrier:
    """`ccwall.transport.Link` over a line in memory. `most`: bytes that one read gives, if there is a limit."""

    ends = OURS, THEIRS

    def __init__(self, line: Line, where: str, connection: Connection) -> None:
        self.line, self.where, self.connection = line, where, connection
        self.most = 0
        self.lost_until = 0.0
        """Until then everything is lost on the way, in both directions."""
        self._incoming = bytearray()
        self._there = asyncio.Event()

    def carry(self, now: float) -> None:
        while piece := self.line.to_client(now):
            if now >= self.lost_until:
                self._incoming += piece
        if self._incoming or self.line.ended:
            self._there.set()

    def pour(self, data: bytes) -> None:
        """What nobody would say, all of it at once."""
        self._incoming += data
        self._there.set()

    async def read(self) -> bytes:
        await self._there.wait()
        if self._incoming:
            data = bytes(self._incoming[: self.most or len(self._incoming)])
            del self._incoming[: len(data)]
            if not self._incoming and not self.line.ended:
                self._there.clear()
            return data
        if self.line.ended == "reset":
            raise ConnectionResetError(104, "Connection reset by peer")
        return b""

    def write(self, data: bytes) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self.lost_until:
            self.line.from_client(data, now)

    async def close(self) -> None:
        self.line.close()


class KeptCarrier(Carrier):
    """The far end hears what is safe (`ccwall.transport.Keeping`)."""

    def __init__(self, line: Line, where: str, connection: Connection) -> None:
        super().__init__(line, where, connection)
        self.most = READ_AT_MOST

    def taken(self, upto: int) -> None:
        cast(Any, self.connection).taken(upto)


def _is_connected(where: str) -> bool:
    return not where.startswith(("udp:", "serial:"))


class World:
    """A house and the far ends of its sources, by url. `play` a script in it."""

    def __init__(self, config: Config, ends: Mapping[str, End]) -> None:
        self.config, self.ends = config, ends
        self.clock = SimulatedClock(START, 1.0)
        self.house = House(config, self.clock)
        self.links: list[Carrier] = []
        self.tries: dict[str, list[float]] = {}
        """By url, when it was tried to connect."""
        self.held: End | None = None
        """The one for which time stands still."""
        self._active: dict[tuple[str, LinkFault], float] = {}
        self._dark: dict[str, float] = {}

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return asyncio.get_running_loop().time()

    async def _connect(self, to: Address, dial: Dial | None = None) -> Link:
        await asyncio.sleep(0.001)
        where = str(to).partition("?")[0]
        self.tries.setdefault(where, []).append(self.now)
        await self._in_the_dark(where)
        try:
            connection = self.ends[where].connect()
        except ConnectionRefusedError as error:
            raise Unreachable(str(error), "not_listening") from None
        kind = KeptCarrier if hasattr(connection, "taken") else Carrier
        link = kind(Line(connection, seed=len(self.links)), where, connection)
        for (at, name), until in self._active.items():
            if at == where and until > self.now:
                link.line.fault(name, until)
        if not _is_connected(where):
            link.lost_until = self._dark.get(where, 0.0)
        self.made(link)
        self.links = [*(each for each in self.links if not each.line.ended), link]
        return link

    async def _in_the_dark(self, where: str) -> None:
        """As with TCP: a host that comes back in time still answers."""
        gives_up = self.now + CONNECT_WITHIN
        while _is_connected(where) and self._dark.get(where, 0.0) > self.now:
            await asyncio.sleep(STEP)
            if self.now >= gives_up:
                raise Unreachable("no answer", "no_answer")

    def made(self, link: Carrier) -> None:
        """A new one."""

    async def _live(self) -> None:
        while True:
            for end in self.ends.values():
                if end is not self.held:
                    end.advance(self.clock.now())
            for link in self.links:
                link.carry(self.now)
            self.look()
            await asyncio.sleep(STEP)

    def look(self) -> None:
        """At every step."""

    def play(self, script: Coroutine[object, object, None]) -> None:
        async def play() -> None:
            with patch.object(ccwall.house, "connect", self._connect):
                await self._play(script)

        simulate(play())

    async def _play(self, script: Coroutine[object, object, None]) -> None:
        self.house.begin()
        supervisors = [self.house.supervise(source) for source in self.config.sources]
        for supervisor in supervisors:
            supervisor._jitter = lambda longest: longest  # the worst that chance can do
        work = [*(job for _, job in self.house.jobs()), *(each.run() for each in supervisors), self._live()]
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await script
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    # ── what goes wrong ──

    def fault(self, where: str, name: LinkFault, seconds: float = 0.0) -> None:
        """Of every link there is to it, and of those that are made meanwhile."""
        if seconds:
            self._active[where, name] = self.now + seconds
        for link in self.links:
            if link.where == where:
                link.line.fault(name, self.now + seconds)

    def darken(self, where: str, seconds: float) -> None:
        """Nothing passes on the way to it. A connection does not survive that; a line and a socket for datagrams do."""
        self._dark[where] = self.now + seconds
        for link in self.links:
            if link.where == where and not _is_connected(where):
                link.lost_until = self.now + seconds
            elif link.where == where:
                link.line.fault("half_open", self.now + seconds)

    def lighten(self, where: str) -> None:
        """It passes again."""
        self._dark.pop(where, None)
        for link in self.links:
            if link.where == where:
                link.lost_until = 0.0
                link.line.heal()

    def kill(self, where: str, seconds: float) -> None:
        """The far end dies now, and is back after so long."""
        self.ends[where].advance(self.clock.now())
        self.ends[where].restart(seconds)

    def link(self, where: str) -> Carrier:
        """The one that is open."""
        return next(link for link in reversed(self.links) if link.where == where and not link.line.ended)

    # ── what the wall says ──

    @property
    def board(self) -> Tree:
        """As screens have it."""
        return cast(Tree, self.house._board())

    def state_of(self, source: SourceId) -> str:
        return next(each.state for each in self.house.engine.sources() if each.id == source)

    def senses(self, agent: str, source: SourceId) -> Sequence[Tree]:
        """What this source says of a person."""
        found = self.board["agents"].get(agent, {}).get("senses", [])
        return [each for each in found if each["source"] == source]
