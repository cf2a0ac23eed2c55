"""The far ends of all sources on their real wires: TCP and UDP sockets, a broker, ZeroMQ, pseudo-terminals. Each can be made to
die and to come back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import zmq
import zmq.asyncio

from ccwall.clock import SystemClock
from ccwall.edge import Edge
from ccwall.edge import load as load_edge
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.callcentre.desks import Desks, Habits
from ccwall_simulators.csta import CstaSwitch
from ccwall_simulators.far_end import FarEnd
from ccwall_simulators.freeswitch import FreeSwitchPbx
from ccwall_simulators.mqtt import Bus, Sensors
from ccwall_simulators.serial import HeadsetOnPty, ModemOnPty, OnPty, Printed, PrinterOnPty, WhozzOnPty
from ccwall_simulators.server import Server
from ccwall_simulators.sip import SipServer
from tests.adapters.zeromq.publisher import Publisher
from tests.edge.floor import NAME, PC, SERVER, free_port
from tests.integration.ends import csta_own, seen_state, users
from tests.integration.world import SECRET, Gauges, Tree
from tests.transport.mosquitto import Mosquitto

SCENARIO, SEED = load_scenario("small_floor"), 3
NOW = SystemClock().now
LINE = "1001"

Doing = Callable[[], Awaitable[None]]


@dataclass
class Wire:
    """`source` is its table in the configuration, `rest` others. `told` reads a board as `truth` writes it.
    `dies` and `returns` are what happens to the far end; `freezes` and `thaws` where it can hang. `marks`: an outage is a gap."""

    source: Tree
    told: Callable[[Tree], Gauges]
    truth: Callable[[], Gauges]
    dies: Doing
    returns: Doing
    rest: Tree = field(default_factory=dict)
    marks: bool = True
    freezes: Callable[[], None] | None = None
    thaws: Callable[[], None] | None = None


@asynccontextmanager
async def working(*work: Awaitable[None]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def says(board: Tree, agent: str, sense: str) -> object:
    """What is said of a person, if it is known not to be stale."""
    found = board["agents"].get(agent, {}).get("senses", [])
    return next((each["says"] for each in found if each["sense"] == sense and not each.get("stale")), None)


def _people(*keys: str) -> Tree:
    return {"agent": [{"id": key, "name": key, "interfaces": {"src": [key]}} for key in keys]}


# ── switches ──


def _switch(make: Callable[[Floor, float], FarEnd], **own: object) -> "Wiring":
    @asynccontextmanager
    async def wiring(_folder: Path) -> AsyncIterator[Wire]:
        now = NOW()
        floor = CallCentre(SCENARIO, SEED, now)
        server = Server(make(floor, now))
        server.open()

        def told(board: Tree) -> Gauges:
            return {"waiting": _sum(board, "waiting"), "talking": _sum(board, "talking")}

        def truth() -> Gauges:
            waiting = sum(len(queue.waiting) for queue in floor.queues())
            return {"waiting": waiting, "talking": len(floor.talking())}

        async def dies() -> None:
            server.fault("kill", 3.0)

        async def returns() -> None:
            while not server.far_end.is_up:
                await asyncio.sleep(0.05)

        async with working(server.run()):
            await server.ready.wait()
            source = {"url": f"tcp://127.0.0.1:{server.port}", **own}
            yield Wire(source, told, truth, dies, returns)

    return wiring


def _sum(board: Tree, key: str) -> int:
    return sum(queue[key] for queue in board["queues"].values())


def _asterisk(floor: Floor, now: float) -> FarEnd:
    return AsteriskPbx(floor, start=now, seed=SEED, secret="secret")


def _freeswitch(floor: Floor, now: float) -> FarEnd:
    return FreeSwitchPbx(floor, start=now, seed=SEED, password="secret")


def _csta(floor: Floor, now: float) -> FarEnd:
    return CstaSwitch(floor, start=now, seed=SEED, pace=1.0)


# ── phones ──


def _sip(scheme: str) -> "Wiring":
    @asynccontextmanager
    async def wiring(_folder: Path) -> AsyncIterator[Wire]:
        floor = CallCentre(SCENARIO, SEED, NOW())
        server = SipServer(floor, "ccwall", "secret", now=NOW)
        server.step()
        await server.open()

        def told(board: Tree) -> Gauges:
            return {user: says(board, user, "phone") for user in users()}

        def truth() -> Gauges:
            return {user: seen_state(phone) for user, phone in server.phones.handsets.items()}

        async def dies() -> None:
            server.restart(clean=False)
            server.shut()

        async with working(server.run()):
            source = {
                "type": "sip-dialog",
                "url": f"{scheme}://127.0.0.1:{server.port}",
                "username": "ccwall",
                "secret": SECRET,
                "domain": "pbx.example",
                "watch": users(),
                "events": ["dialog", "presence"],
            }
            yield Wire(source, told, truth, dies, server.open, _people(*users()))

    return wiring


# ── the bus ──


@asynccontextmanager
async def mqtt(folder: Path) -> AsyncIterator[Wire]:
    agents = [agent.id for agent in SCENARIO.agents()]
    desks = Desks(CallCentre(SCENARIO, SEED, NOW()), SEED, Habits(sensor_faults=0.0))
    desks.advance(NOW())
    async with Mosquitto(folder) as broker:
        bus = Bus(broker.port, Sensors(desks), NOW)

        def told(board: Tree) -> Gauges:
            return {agent: says(board, agent, "seat") for agent in desks.agents()}

        def truth() -> Gauges:
            return {a: "occupied" if desks.desk(a).seated else "vacant" for a in desks.agents()}

        rest = {
            "agent": [{"id": agent, "name": agent, "seat": f"S{agent}"} for agent in agents],
            "seat": [{"id": f"S{agent}", "sensors": {"src": [f"seat-{agent}"]}} for agent in agents],
        }
        source = {"type": "mqtt", "url": broker.url, "preset": "zigbee2mqtt"}
        async with working(bus.run()):
            yield Wire(
                source,
                told,
                truth,
                broker.kill,
                broker.start,
                rest,
                freezes=broker.freeze,
                thaws=broker.thaw,
            )


# ── ZeroMQ ──


class Stream:
    """A publisher on a real socket: beats every second, and says every two what stands."""

    def __init__(self) -> None:
        self.port, self.waiting, self._lives = free_port(), 0, 0
        self._context = zmq.asyncio.Context()
        self._socket: Any = None
        self._publisher = Publisher()

    async def opens(self) -> None:
        """With a life that counts anew."""
        self._lives += 1
        self._publisher = Publisher(epoch=f"life {self._lives}")
        self._socket = self._context.socket(zmq.PUB)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.bind(f"tcp://127.0.0.1:{self.port}")
        self.waiting += 1

    async def dies(self) -> None:
        self._socket.close()
        self._socket = None

    async def run(self) -> None:
        while True:
            await self._say("heartbeat", every=1.0, resync_every=2.0)
            await self._say("resync_started")
            for number in range(self.waiting):
                about = {"contact": f"c{self._lives}.{number}", "queue": "consult", "at": NOW()}
                await self._say("contact.queued", stands=True, **about)
            await self._say("resync_finished")
            await asyncio.sleep(2.0)

    async def _say(self, kind: str, **said: object) -> None:
        if self._socket is not None:
            body = msgspec.json.encode(self._publisher.body(kind, **said))
            await self._socket.send_multipart([b"facts", body])

    def end(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._context.term()


@asynccontextmanager
async def zeromq(_folder: Path) -> AsyncIterator[Wire]:
    stream = Stream()
    await stream.opens()

    def told(board: Tree) -> Gauges:
        return {"waiting": _sum(board, "waiting")}

    source = {"type": "zeromq", "url": f"zmq://127.0.0.1:{stream.port}"}
    try:
        async with working(stream.run()):
            yield Wire(source, told, lambda: {"waiting": stream.waiting}, stream.dies, stream.opens)
    finally:
        stream.end()


# ── agents' PCs ──


@asynccontextmanager
async def edge(folder: Path) -> AsyncIterator[Wire]:
    """A PC with a headset; it is switched off and on again, and its spool stays."""
    port = free_port()
    headset = HeadsetOnPty(folder / "headset")
    headset.undock()
    (folder / "pc.secret").write_text(PC[1])
    file = folder / "edge.toml"
    file.write_text(
        f'[edge]\nname = "{NAME}"\nserver = "zmq://127.0.0.1:{port}"\nserver_key = "{SERVER[0]}"\n'
        f'secret = {{ file = "{folder / "pc.secret"}" }}\n'
        f'[[source]]\nname = "h"\ntype = "serial-headset"\nurl = "serial://{headset.path}"\nkey = "h1"\n'
    )
    (folder / "server.secret").write_text(SERVER[1])
    running: list[tuple[Edge, list[asyncio.Task[None]]]] = []

    async def returns() -> None:
        found = Edge(load_edge(file), SystemClock())
        running.append((found, [asyncio.create_task(work, name=name) for name, work in found.jobs()]))

    async def dies() -> None:
        found, tasks = running.pop()
        for task in reversed(tasks):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await found.close()
        headset.dock() if not headset.headset.docked else headset.undock()

    def told(board: Tree) -> Gauges:
        return {"says": says(board, NAME, "desk")}

    source = {
        "type": "edge",
        "url": f"zmq://127.0.0.1:{port}",
        "secret": {"file": str(folder / "server.secret")},
        "edges": {NAME: PC[0]},
    }
    await returns()
    try:
        async with working(headset.run()):
            true = {True: "docked", False: "undocked"}
            yield Wire(
                source,
                told,
                lambda: {"says": true[headset.headset.docked]},
                dies,
                returns,
                _people(NAME),
                marks=False,
            )
    finally:
        if running:
            await dies()


# ── serial lines ──


def _line(
    plug: Callable[[Path], OnPty],
    happens: Callable[[Any], None],
    told: Callable[[Tree], Gauges],
    truth: Callable[[Any], Gauges],
    **own: object,
) -> "Wiring":
    """Something happens to it twice a second."""

    @asynccontextmanager
    async def wiring(folder: Path) -> AsyncIterator[Wire]:
        device = plug(folder / "line")

        async def live() -> None:
            while True:
                await asyncio.sleep(0.5)
                happens(device)
                device.flush()

        async def dies() -> None:
            device.unplug()

        async def returns() -> None:
            device.plug()

        source = {"url": f"serial://{device.path}", **own}
        async with working(device.run(), live()):
            yield Wire(source, told, lambda: truth(device), dies, returns, _people(LINE))

    return wiring


def _headset_moves(headset: HeadsetOnPty) -> None:
    headset.undock() if headset.headset.docked else headset.dock()


def _telephone(box: WhozzOnPty) -> None:
    box.box.ring(1, NOW(), "13800138000")
    box.box.hang_up(1, NOW())


def _prints(printer: PrinterOnPty) -> None:
    when = _utc(NOW()).replace(tzinfo=None, microsecond=0)
    printer.log(
        Printed(started=when, ended=when, inbound=True, extension=LINE, line=1, number="139", ring=3, talk=9)
    )


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


Wiring = Callable[[Path], Any]
WIRES: Mapping[str, Wiring] = {
    "asterisk": _switch(_asterisk, type="asterisk-ami", username="ccwall", secret=SECRET),
    "freeswitch": _switch(_freeswitch, type="freeswitch-esl", password=SECRET),
    "csta": _switch(_csta, type="csta-xml", **csta_own()),
    "sip over udp": _sip("udp"),
    "sip over tcp": _sip("tcp"),
    "mqtt": mqtt,
    "zeromq": zeromq,
    "edge": edge,
    "headset": _line(
        HeadsetOnPty,
        _headset_moves,
        lambda board: {"says": says(board, LINE, "desk")},
        lambda device: {"says": "docked" if device.headset.docked else "undocked"},
        type="serial-headset",
        key=LINE,
    ),
    "whozz": _line(
        lambda path: WhozzOnPty(path, _utc),
        _telephone,
        lambda _: {},
        lambda _: {},
        type="whozz-calling",
    ),
    "modem": _line(
        ModemOnPty,
        lambda device: device.modem.ring("13800138000"),
        lambda _: {},
        lambda _: {},
        type="modem-caller-id",
    ),
    "smdr": _line(
        lambda path: PrinterOnPty(path, "avaya-ipo"), _prints, lambda _: {}, lambda _: {}, type="smdr"
    ),
}
"""By name. Of lines that tell only what happens there is no truth of now."""
