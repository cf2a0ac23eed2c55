"""One source in a whole house, in simulated time, with a far end that breaks in every way; and a second source beside it, a
headset, that nothing happens to.

The house, its supervisor, the adapter and the engine are real; the far ends are the simulators, sans I/O; only the bytes on
the way are carried in memory (`ccwall_simulators.line`), so that promises in seconds are tested to the second.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, cast
from unittest.mock import patch

import ccwall.house
from ccwall.adapter import Dial
from ccwall.config import Config, read
from ccwall.events import AnyEvent, Envelope, SourceId
from ccwall.house import House
from ccwall.spool import ROOM
from ccwall.transport import Address, Link, Unreachable
from ccwall.transport.mqtt import READ_AT_MOST
from ccwall_simulators.far_end import Connection
from ccwall_simulators.line import Line, LinkFault
from ccwall_simulators.serial import Headset
from tests.simulated.loop import SimulatedClock, simulate

START = 1_795_500_000.0
STEP = 0.05
SOURCE, BESIDE = SourceId("src"), SourceId("beside")
BESIDE_AT = "serial:///dev/ccwall-beside"
OURS, THEIRS = "192.0.2.7:40000", "192.0.2.1:5060"
VARIABLE = "CCWALL_TEST_SECRET"
SECRET = {"env": VARIABLE}
STILL = 3.0
"""Seconds for which nothing happens at the far end when it is compared with the board: what is under way arrives."""

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


@dataclass(frozen=True)
class Bench:
    """How a source is started, and how to know what it should show.

    `own` is the source's table beside name and url, `rest` other tables; `told` reads a board as `End.truth` writes it.
    `stranger` is an end that does not let us in, and `why` what is said of that. `asks`: it notices silence. `kept_up`: no
    flood is too much, because the far end waits for us.
    """

    name: str
    url: str
    own: Tree
    make: Callable[[float], End]
    told: Callable[["Stage"], Gauges]
    rest: Callable[[], Tree] = dict
    stranger: Callable[[float], End] | None = None
    why: str = ""
    asks: bool = True
    kept_up: bool = False
    notices_kill: float = 3.0
    notices_silence: float = 10.0
    """Seconds."""
    shows: "Callable[[Stage], str] | None" = None
    """What it shows of a far end that is not the source itself (a PC at our own router): "live" while it lives."""

    def config(self) -> Config:
        tree = self.rest()
        source = {"name": SOURCE, "type": self.name, "url": self.url, **self.own}
        beside = {
            "name": BESIDE,
            "type": "serial-headset",
            "url": BESIDE_AT,
            "key": "beside",
        }
        tree["source"] = [source, beside]
        tree.setdefault("agent", []).append(
            {"id": "beside", "name": "Beside", "interfaces": {BESIDE: ["beside"]}}
        )
        with patch.dict(os.environ, {VARIABLE: "secret"}):
            return read(tree, "bench")


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
        self._incoming = bytearray()
        self._there = asyncio.Event()

    def carry(self, now: float) -> None:
        while piece := self.line.to_client(now):
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
        self.line.from_client(data, asyncio.get_running_loop().time())

    async def close(self) -> None:
        self.line.close()


class KeptCarrier(Carrier):
    """The far end hears what is safe (`ccwall.transport.Keeping`)."""

    def __init__(self, line: Line, where: str, connection: Connection) -> None:
        super().__init__(line, where, connection)
        self.most = READ_AT_MOST

    def taken(self, upto: int) -> None:
        cast(Any, self.connection).taken(upto)


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

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return asyncio.get_running_loop().time()

    async def _connect(self, to: Address, dial: Dial | None = None) -> Link:
        await asyncio.sleep(0.001)
        where = str(to).partition("?")[0]
        self.tries.setdefault(where, []).append(self.now)
        try:
            connection = self.ends[where].connect()
        except ConnectionRefusedError as error:
            raise Unreachable(str(error), "not_listening") from None
        kind = KeptCarrier if hasattr(connection, "taken") else Carrier
        link = kind(Line(connection, seed=len(self.links)), where, connection)
        for (at, name), until in self._active.items():
            if at == where and until > self.now:
                link.line.fault(name, until)
        self.made(link)
        self.links = [*(each for each in self.links if not each.line.ended), link]
        return link

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


class Stage(World):
    """One bench's source is broken, and another one is not; see the module."""

    def __init__(self, bench: Bench, end: End | None = None) -> None:
        self.bench = bench
        self.end = bench.make(START) if end is None else end
        self.beside = QuietHeadset(START)
        self.where = bench.url
        super().__init__(bench.config(), {bench.url: self.end, BESIDE_AT: self.beside})
        self.facts: list[AnyEvent] = []
        self.house.intake._sinks = (*self.house.intake._sinks, self._keep)
        self.states: list[tuple[float, str]] = []
        """Whenever the source's state was another one than at the look before."""
        self.largest = 0
        """Bytes in its spool, at most."""
        self.piece = 0
        """Bytes that one read gives, if not all."""

    def _keep(self, told: Envelope) -> None:
        if told.source == SOURCE:
            self.facts.append(told.event)

    def made(self, link: Carrier) -> None:
        if link.where == self.where:
            link.most = self.piece or link.most

    def look(self) -> None:
        self.largest = max(self.largest, self.house.supervisors[0].vitals.spool)
        if not self.states or self.states[-1][1] != self.state:
            self.states.append((self.now, self.state))

    def flood(self, size: int) -> None:
        """So many bytes of what is true and of no use, at once."""
        link = self.link(self.where)
        link.carry(self.now)
        words = self.end.needless(link.connection)
        link.pour(words * (size // len(words) + 1))

    @property
    def state(self) -> str:
        """Of what is broken."""
        return self.state_of(SOURCE) if self.bench.shows is None else self.bench.shows(self)

    def told(self) -> Gauges:
        source = self.board["sources"][SOURCE]
        return {"state": source["state"], "as of": source.get("as_of"), **self.bench.told(self)}

    def true(self) -> Gauges:
        return {"state": "live", "as of": None, **self.end.truth()}

    async def right(self, within: float = 15.0) -> None:
        """After so many seconds all gauges are those of the far end."""
        await asyncio.sleep(within - STILL)
        self.held = self.end
        await asyncio.sleep(STILL)
        told, true = self.told(), self.true()
        self.held = None
        keys = sorted(key for key in told.keys() | true.keys() if told.get(key) != true.get(key))
        wrong = {key: (told.get(key), true.get(key)) for key in keys}
        assert not wrong, f"(told, true) at {self.now:.1f} s: {wrong}; states {self.states}"

    def left_live(self, since: float) -> float:
        """Seconds after this moment at which the source was first shown as not live; infinite if never."""
        return min(
            (at - since for at, state in self.states if at >= since and state != "live"),
            default=float("inf"),
        )

    def marks(self, since: float, until: float | None = None) -> bool:
        """Whether a stretch of the source is marked incomplete that touches this one."""
        end = self.now if until is None else until
        return any(
            source == SOURCE and start <= START + end and (stop or float("inf")) >= START + since
            for source, start, stop in self.board["incomplete"]
        )

    def says_something(self) -> bool:
        """Whether any sense of anybody is this source's, and not known to be stale."""
        agents = self.board["agents"]
        return any(
            not each.get("stale") and each["says"] not in ("disconnected", "unknown")
            for agent in agents
            for each in self.senses(agent, SOURCE)
        )

    async def beside_is_told(self) -> None:
        """What happens to the other source is on the wall within a second."""
        docked = not self.beside.device.docked
        self.beside.set(docked=docked)
        await asyncio.sleep(1.0)
        (sense,) = self.senses("beside", BESIDE)
        assert sense["says"] == ("docked" if docked else "undocked")
        assert not sense.get("stale")


def on_stage(
    bench: Bench, script: Callable[[Stage], Coroutine[object, object, None]], end: End | None = None
) -> None:
    """Play it, in simulated time."""
    stage = Stage(bench, end)
    stage.play(script(stage))


def senses(stage: Stage, agent: str) -> Sequence[Tree]:
    """What the source that is broken says of a person."""
    return stage.senses(agent, SOURCE)


def overrun() -> int:
    """Bytes that no spool holds."""
    return ROOM + ROOM // 8
