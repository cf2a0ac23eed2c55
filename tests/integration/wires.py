"""The far ends of all sources on their real wires: TCP and UDP sockets, a broker, ZeroMQ, pseudo-terminals. Each can be made to
die and to come back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import CallCentre
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.callcentre.desks import Desks, Habits
from ccwall_simulators.csta import CstaSwitch
from ccwall_simulators.far_end import FarEnd
from ccwall_simulators.freeswitch import FreeSwitchPbx
from ccwall_simulators.mqtt import Bus, Sensors
from ccwall_simulators.server import Server
from ccwall_simulators.sip import SipServer
from tests.integration.ends import csta_own
from tests.integration.line_wires import LINES
from tests.integration.phone_ends import seen_state, users
from tests.integration.wire import NOW, SCENARIO, SEED, Wire, Wiring, people, says, total, working
from tests.integration.world import SECRET, Gauges, Tree
from tests.integration.zmq_wires import edge, zeromq
from tests.transport.mosquitto import Mosquitto

# ── switches ──


def _switch(make: Callable[[Floor, float], FarEnd], **own: object) -> Wiring:
    @asynccontextmanager
    async def wiring(_folder: Path) -> AsyncIterator[Wire]:
        now = NOW()
        floor = CallCentre(SCENARIO, SEED, now)
        server = Server(make(floor, now))
        server.open()

        def told(board: Tree) -> Gauges:
            return {"waiting": total(board, "waiting"), "talking": total(board, "talking")}

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


def _asterisk(floor: Floor, now: float) -> FarEnd:
    return AsteriskPbx(floor, start=now, seed=SEED, secret="secret")


def _freeswitch(floor: Floor, now: float) -> FarEnd:
    return FreeSwitchPbx(floor, start=now, seed=SEED, password="secret")


def _csta(floor: Floor, now: float) -> FarEnd:
    return CstaSwitch(floor, start=now, seed=SEED, pace=1.0)


# ── phones ──


def _sip(scheme: str) -> Wiring:
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
            yield Wire(source, told, truth, dies, server.open, people(*users()))

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


WIRES: Mapping[str, Wiring] = {
    "asterisk": _switch(_asterisk, type="asterisk-ami", username="ccwall", secret=SECRET),
    "freeswitch": _switch(_freeswitch, type="freeswitch-esl", password=SECRET),
    "csta": _switch(_csta, type="csta-xml", **csta_own()),
    "sip over udp": _sip("udp"),
    "sip over tcp": _sip("tcp"),
    "mqtt": mqtt,
    "zeromq": zeromq,
    "edge": edge,
    **LINES,
}
"""By name. Of lines that tell only what happens there is no truth of now."""
