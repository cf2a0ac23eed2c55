"""The simulated SIP server on its sockets, on a floor of people, read by the adapter as it is shipped."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest

from ccwall.clock import SystemClock
from ccwall.events import AnyEvent, DeviceStateChanged, SourceDown, SourceId, SourceUp
from ccwall.supervise import EndPoint, Supervisor
from ccwall.transport import address, connect
from ccwall_adapters.sip_dialog import ADAPTER, SipSession, SipSettings
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.callcentre.shared import SharedFloor
from ccwall_simulators.server import FaultName, Server
from ccwall_simulators.sip import Behaviour, Mischief, SipPbx, SipServer
from ccwall_simulators.sip.phones import user_of
from tests.adapters.contract import PlainDirectory

START = 1_800_000_000.0


@asynccontextmanager
async def served(server: SipServer) -> AsyncIterator[SipServer]:
    task = asyncio.create_task(server.run())
    await server.ready.wait()
    try:
        yield server
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def wall(server: SipServer | Server, scheme: str, users: list[str]) -> AsyncIterator[list[AnyEvent]]:
    facts: list[AnyEvent] = []
    settings = SipSettings(
        username="ccwall",
        secret="secret",
        domain="pbx.example",
        watch=tuple(users),
        events=("dialog", "presence"),
    )
    to = address(f"{scheme}://127.0.0.1:{server.port}", schemes=ADAPTER.schemes)
    supervisor = Supervisor(
        SourceId("phones"),
        SipSession(settings, PlainDirectory(), "live"),
        lambda: connect(to, ADAPTER.dial(settings, "phones")),
        lambda some, _: facts.extend(some),
        SystemClock(),
        jitter=lambda _: 0.1,
        end_point=EndPoint(scheme=scheme),
    )
    task = asyncio.create_task(supervisor.run())
    try:
        yield facts
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not what():  # noqa: ASYNC110 - the facts ring no bell
            await asyncio.sleep(0.02)


def states(facts: list[AnyEvent]) -> dict[str, str]:
    return {f.device.removeprefix("src/"): f.state for f in facts if isinstance(f, DeviceStateChanged)}


def truth(floor: Floor) -> dict[str, str]:
    """The floor's own word of each phone; that it holds, it does not say."""
    return {user: state for device, state in floor.devices().items() if (user := user_of(device))}


SAME: Mapping[str, frozenset[str]] = {
    "idle": frozenset({"idle"}),
    "ringing": frozenset({"ringing"}),
    "in_use": frozenset({"in_use", "on_hold"}),
    "ringing_in_use": frozenset({"in_use", "on_hold"}),
    "unavailable": frozenset({"unavailable"}),
}


def agree(facts: list[AnyEvent], floor: Floor) -> bool:
    told, true = states(facts), truth(floor)
    return told.keys() >= true.keys() and all(told[user] in SAME[state] for user, state in true.items())


@pytest.mark.parametrize(
    ("scheme", "mischief"),
    [
        ("udp", Mischief()),
        ("udp", Mischief(drop=0.1, double=0.1, late=0.3, delay=0.2)),
        ("tcp", Mischief()),
    ],
    ids=["udp", "bad udp", "tcp"],
)
async def test_every_phone_of_the_floor_is_shown_as_it_is(scheme: str, mischief: Mischief) -> None:
    """The floor lives for ten minutes of its time; then it stands still and the wall agrees with it."""
    shared = SharedFloor(CallCentre(load_scenario("demo"), 7, START))
    pbx = shared.view(leading=True)
    server = SipServer(shared.view(), behaviour=Behaviour(seed=7))
    server.disturb(mischief)
    users = sorted(truth(pbx))
    async with served(server), wall(server, scheme, users) as facts:
        await until(lambda: len(states(facts)) == len(users))
        seen = set[str]()
        for minute in range(60):
            shared.live(START + minute * 10.0)
            await asyncio.sleep(0.03)
            seen.update(states(facts).values())
        server.disturb(Mischief())
        await until(lambda: agree(facts, pbx))
    assert {"idle", "in_use", "ringing"} <= seen


async def test_it_is_restarted_and_silenced() -> None:
    shared = SharedFloor(CallCentre(load_scenario("demo"), 7, START))
    server = SipServer(shared.view(), now=lambda: START)
    users = sorted(truth(shared.floor))
    async with served(server), wall(server, "tcp", users) as facts:
        await until(lambda: agree(facts, shared.floor))
        server.restart(clean=False)
        await until(lambda: sum(isinstance(fact, SourceDown) for fact in facts) == 1)
        await until(lambda: sum(isinstance(fact, SourceUp) for fact in facts) == 2)
        await until(lambda: server.notifier.counts["SUBSCRIBE 200"] >= 4 * len(users))


async def test_who_speaks_something_else_is_hung_up_on() -> None:
    server = SipServer(SharedFloor(CallCentre(load_scenario("demo"), 7, START)).view())
    async with served(server):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()


def has_come_up(facts: list[AnyEvent], times: int) -> bool:
    return sum(isinstance(fact, SourceUp) for fact in facts) == times


FAULTS: Sequence[tuple[FaultName, int]] = (("cut", 2), ("restart", 3), ("split", 3))
"""And how often the source has come up when it is over."""


async def test_as_a_product_on_a_line_that_breaks_it_shows_the_floor_after_every_fault() -> None:
    """At ten times the speed of life, cut, split and restarted."""
    floor = CallCentre(load_scenario("demo"), 7, START)
    pbx = SipPbx(floor, start=START)
    server = Server(pbx, 10.0)
    server.open()
    task = asyncio.create_task(server.run())
    await server.ready.wait()
    users = sorted(truth(floor))
    try:
        async with wall(server, "tcp", users) as facts:
            for fault, ups in FAULTS:
                await until(lambda: agree(facts, floor))
                server.fault(fault, 1.0)
                await until(partial(has_come_up, facts, ups))
            await until(lambda: agree(facts, floor))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
