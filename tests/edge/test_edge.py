"""An edge and its server in one process, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ccwall import registry
from ccwall.clock import SystemClock
from ccwall.config import read
from ccwall.directory import ConfiguredDirectory
from ccwall.edge import Edge, load
from ccwall.events import (
    AnyEvent,
    DeviceFault,
    DeviceHeadset,
    DevicePressed,
    SourceGap,
    SourceId,
    SourceTook,
)
from ccwall.supervise import EndPoint, Supervisor
from ccwall.transport import connect
from ccwall_adapters.edge import ADAPTER
from tests.edge.floor import BUTTON, NAME, PC, SERVER, Box, box, edge_file, free_port, proxy


@pytest.fixture(autouse=True)
def _button(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**registry.adapters(), "button": BUTTON}
    monkeypatch.setattr(registry, "adapters", lambda: known)


class Desks:
    """The server's end: a supervisor over the real link, its facts kept. `safe` as a journal would: when told."""

    def __init__(self, port: int, took: dict[str, list[str]] | None = None) -> None:
        tree = {
            "name": "desks",
            "type": "edge",
            "url": f"zmq://127.0.0.1:{port}",
            "secret": {"env": "EDGE_TEST_SECRET"},
            "edges": {NAME: PC[0]},
        }
        config = read(
            {"source": [tree], "agent": [{"id": "a1", "name": "王芳", "interfaces": {"desks": [NAME]}}]}, "t"
        )
        (source,) = config.sources
        session = ADAPTER.session(source.settings, ConfiguredDirectory(SourceId("desks"), config), "live")
        session.recall(took or {})  # type: ignore[attr-defined]
        self.facts: list[AnyEvent] = []
        self.writes = asyncio.Event()
        self.writes.set()
        self._supervisor = Supervisor(
            SourceId("desks"),
            session,
            lambda: connect(source.address, ADAPTER.dial(source.settings, "desks")),
            lambda events, _now: self.facts.extend(events),
            SystemClock(),
            end_point=EndPoint(scheme="zmq", safe=self._safe),
        )

    async def _safe(self) -> None:
        await self.writes.wait()

    async def run(self) -> None:
        await self._supervisor.run()

    @property
    def pressed(self) -> list[str]:
        return [fact.button for fact in self.facts if isinstance(fact, DevicePressed)]

    @property
    def took(self) -> dict[str, list[str]]:
        return {fact.stream: [fact.mark] for fact in self.facts if isinstance(fact, SourceTook)}


async def until(what: Callable[[], object], within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while not what():  # noqa: ASYNC110 - real sockets ring no bell for a test
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(desks: Desks) -> AsyncIterator[Desks]:
    task = asyncio.create_task(desks.run())
    try:
        yield desks
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def edge(file: Path) -> AsyncIterator[Edge]:
    found = Edge(load(file), SystemClock())
    tasks = [asyncio.create_task(work, name=name) for name, work in found.jobs()]
    try:
        yield found
    finally:
        for task in reversed(tasks):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await found.close()


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_TEST_SECRET", SERVER[1])


async def presses(device: Box, count: int) -> None:
    await until(lambda: device.read)
    for _ in range(count):
        device.press()


def numbers(upto: int) -> list[str]:
    return [str(number) for number in range(1, upto + 1)]


async def test_what_the_device_says_comes_to_the_server_as_the_persons_whose_pc_it_is(tmp_path: Path) -> None:
    port = free_port()
    async with (
        box() as device,
        running(Desks(port)) as desks,
        edge(edge_file(tmp_path, port, device.port)) as pc,
    ):
        await presses(device, 100)
        await until(lambda: len(desks.pressed) >= 100)
        await until(lambda: pc.store.waiting == 0)
    assert desks.pressed == numbers(100)
    press = next(fact for fact in desks.facts if isinstance(fact, DevicePressed))
    assert (press.device, press.agent) == ("desks/pc-12/box/box", "a1")


async def test_nothing_is_forgotten_before_the_journal_has_it(tmp_path: Path) -> None:
    port = free_port()
    async with (
        box() as device,
        running(Desks(port)) as desks,
        edge(edge_file(tmp_path, port, device.port)) as pc,
    ):
        desks.writes.clear()
        await presses(device, 50)
        await until(lambda: len(desks.pressed) >= 50)
        assert pc.store.waiting >= 50
        desks.writes.set()
        await until(lambda: pc.store.waiting == 0)


async def test_what_has_no_receipt_when_the_network_is_cut_is_said_again(tmp_path: Path) -> None:
    port = free_port()
    async with (
        box() as device,
        running(Desks(port)) as desks,
        proxy(port) as network,
        edge(edge_file(tmp_path, network.port, device.port)) as pc,
    ):
        desks.writes.clear()
        await presses(device, 50)
        await until(lambda: len(desks.pressed) >= 50)
        network.cut()
        await until(lambda: pc.talk.state == "down")
        desks.writes.set()
        await until(lambda: pc.store.waiting == 0)
    assert desks.pressed == numbers(50)


async def test_what_was_said_while_the_server_was_away_comes_afterwards_and_once(tmp_path: Path) -> None:
    port = free_port()
    async with box() as device, edge(edge_file(tmp_path, port, device.port)) as pc:
        await presses(device, 30)
        await until(lambda: pc.store.last >= 30)
        async with running(Desks(port)) as first:
            first.writes.clear()  # taken in, and never told so
            await until(lambda: len(first.pressed) >= 30)
        device.press()
        async with running(Desks(port, first.took)) as second:
            await until(lambda: pc.store.waiting == 0)
    assert [*first.pressed, *second.pressed] == numbers(31)


async def test_a_network_that_is_cut_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    port = free_port()
    async with (
        box() as device,
        running(Desks(port)) as desks,
        proxy(port) as network,
        edge(edge_file(tmp_path, network.port, device.port)) as pc,
    ):
        for _ in range(6):
            await presses(device, 20)
            await asyncio.sleep(0.02)
            network.cut()
            await presses(device, 5)
            await until(lambda: pc.talk.state == "live")
        await until(lambda: len(desks.pressed) >= 150)
        await until(lambda: pc.store.waiting == 0)
    assert desks.pressed == numbers(150)
    assert not [fact for fact in desks.facts if isinstance(fact, SourceGap)]


async def test_an_edge_that_says_goodbye_is_away_and_its_headset_with_it(tmp_path: Path) -> None:
    port = free_port()
    async with box() as device, running(Desks(port)) as desks:
        async with edge(edge_file(tmp_path, port, device.port)):
            await until(lambda: device.read)
            device.say("docked")
            await until(lambda: any(isinstance(fact, DeviceHeadset) for fact in desks.facts))
        await until(lambda: any(isinstance(fact, DeviceFault) for fact in desks.facts))
        gone = [fact for fact in desks.facts if isinstance(fact, DeviceHeadset)][-1]
        assert gone.connected is False
        async with edge(edge_file(tmp_path, port, device.port)):
            await until(lambda: [f for f in desks.facts if isinstance(f, DeviceFault)][-1].cleared)
            await until(
                lambda: [f.connected for f in desks.facts if isinstance(f, DeviceHeadset)][-1:] == [True]
            )
