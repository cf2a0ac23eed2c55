"""The simulated product on a real socket: its floor's time, and every fault as a client sees it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from ccwall_simulators.line import BACKLOG
from ccwall_simulators.server import CLIENTS, FLOOD, LONGEST_FAULT, Server
from tests.simulators.parrot import Parrot

SOON = 10.0
"""A loaded machine needs patience; alone these take milliseconds."""


@asynccontextmanager
async def served(speed: float = 1.0, seed: int = 1) -> AsyncIterator[tuple[Server, Parrot]]:
    parrot = Parrot()
    server = Server(parrot, speed, seed=seed)
    server.open()
    task = asyncio.create_task(server.run(), name="server")
    try:
        async with asyncio.timeout(30):
            await server.ready.wait()
            yield server, parrot
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Client:
    """As raw as can be."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.got = b""

    async def hears(self, what: bytes) -> None:
        while what not in self.got:
            data = await self.reader.read(65536)
            assert data, f"the end, after {self.got[-200:]!r}"
            self.got += data

    async def end(self) -> str:
        """Read to the end: how it ended."""
        try:
            while data := await self.reader.read(65536):
                self.got += data
        except ConnectionResetError:
            return "reset"
        return "eof"

    async def hears_nothing_for(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self.reader.read(1) == b"never"
        except TimeoutError:
            return True

    def say(self, what: bytes) -> None:
        self.writer.write(what)


@asynccontextmanager
async def client(server: Server) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110  # a product rings no bell for a test
            await asyncio.sleep(0.005)


async def refused(server: Server) -> bool:
    """Whether nobody listens; not who came just before that, and is reset."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        return False
    writer.transport.abort()
    return False


async def until_refused(server: Server, wanted: bool = True) -> None:
    async with asyncio.timeout(SOON):
        while await refused(server) != wanted:  # noqa: ASYNC110  # a port rings no bell
            await asyncio.sleep(0.005)


async def test_it_greets_and_answers() -> None:
    async with served() as (server, _), client(server) as one:
        one.say(b"hello")
        await one.hears(b"HELLO")
        assert one.got.startswith(b"parrot\n")


@pytest.mark.parametrize("speed", [1.0, 50.0])
async def test_the_floor_lives_at_its_speed(speed: float) -> None:
    async with served(speed) as (server, parrot):
        real, floor = asyncio.get_running_loop().time(), server.now
        await asyncio.sleep(0.5)
        passed = asyncio.get_running_loop().time() - real
        assert server.now - floor == pytest.approx(passed * speed, rel=0.05)
        await until(lambda: parrot.now >= floor + 0.4 * speed)


async def test_the_speed_changes_without_a_leap() -> None:
    async with served(1.0) as (server, _):
        await asyncio.sleep(0.2)
        before = server.now
        server.speed = 100.0
        assert server.now == pytest.approx(before, abs=0.5)
        await until(lambda: server.now > before + 10)


async def test_a_floor_may_begin_in_the_past() -> None:
    parrot = Parrot()
    server = Server(parrot)
    server.open()
    task = asyncio.create_task(server.run(at=parrot.now + 500))
    await until(server.ready.is_set)
    await until(lambda: parrot.now >= 1_500)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_cut_is_the_end_of_the_stream() -> None:
    async with served() as (server, _), client(server) as one:
        await one.hears(b"parrot")
        server.fault("cut")
        assert await one.end() == "eof"
        assert not await refused(server)


async def test_a_reset_is_a_reset() -> None:
    async with served() as (server, _), client(server) as one:
        await one.hears(b"parrot")
        server.fault("reset")
        assert await one.end() == "reset"


async def test_a_half_open_link_says_nothing_and_ends_with_a_reset_when_healed() -> None:
    async with served(20) as (server, parrot), client(server) as one:
        await one.hears(b"parrot")
        server.fault("half_open", 60)
        one.say(b"anybody?")
        assert await one.hears_nothing_for(0.5)
        server.heal()
        assert await one.end() == "reset"
        assert parrot.connections[0].heard == b""


async def test_who_comes_while_the_link_is_half_open_hears_nothing_either() -> None:
    async with served(20) as (server, _):
        server.fault("half_open", 60)
        async with client(server) as one:
            assert await one.hears_nothing_for(0.3)
            server.heal()
            assert await one.end() == "reset"


async def test_who_goes_while_the_link_is_half_open_is_not_missed() -> None:
    async with served() as (server, parrot):
        async with client(server) as one:
            await one.hears(b"parrot")
            server.fault("half_open", 60)
        await asyncio.sleep(0.1)
        assert not parrot.connections[0].closed
        server.heal()
        await until(lambda: parrot.connections[0].closed and not server.clients)


async def test_a_fault_ends_by_itself() -> None:
    async with served() as (server, _), client(server) as one:
        await one.hears(b"parrot")
        server.fault("half_open", 0.2)
        assert (server.left("half_open") or 0) > 0
        assert await one.end() == "reset"
        assert server.left("half_open") is None


async def test_no_fault_lasts_for_ever() -> None:
    async with served() as (server, _):
        server.fault("slow", 1e9)
        assert (server.left("slow") or 0) <= LONGEST_FAULT


async def test_a_slow_link_is_slow() -> None:
    async with served() as (server, parrot), client(server) as one:
        await one.hears(b"parrot")
        server.fault("slow", 60)
        began = asyncio.get_running_loop().time()
        parrot.connections[0].said += b"x" * 2_000 + b"end"
        await one.hears(b"end")
        assert asyncio.get_running_loop().time() - began > 0.8


async def test_a_split_link_brings_the_same_bytes() -> None:
    async with served() as (server, parrot), client(server) as one:
        await one.hears(b"parrot")
        server.fault("split", 60)
        said = b"".join(b"Event: %d\r\n\r\n" % number for number in range(5_000))
        parrot.connections[0].said += said
        await one.hears(b"Event: 4999\r\n\r\n")
        assert said in re.sub(rb"10\d\d\n", b"", one.got)


async def test_garbage_arrives() -> None:
    async with served() as (server, _), client(server) as one:
        await one.hears(b"parrot\n")
        server.fault("garbage")
        one.got = await one.reader.read(65536)
        assert re.sub(rb"10\d\d\n", b"", one.got)


async def test_silence_is_late_speech() -> None:
    async with served() as (server, _), client(server) as one:
        await one.hears(b"parrot\n")
        server.fault("silence", 0.5)
        one.say(b"hello")
        assert await one.hears_nothing_for(0.2)
        await one.hears(b"HELLO")


@pytest.mark.parametrize(("name", "how"), [("restart", "eof"), ("kill", "reset")])
async def test_a_product_that_is_down_is_refused_at_its_port_and_comes_back(name: str, how: str) -> None:
    async with served(50) as (server, parrot), client(server) as one:
        await one.hears(b"parrot")
        server.fault("restart" if name == "restart" else "kill", 0.4)
        assert await one.end() == how
        assert parrot.done == [f"restart 20 {'clean' if how == 'eof' else 'killed'}"]
        assert (b"bye" in one.got) == (how == "eof")
        await until_refused(server)
        assert server.left("restart" if name == "restart" else "kill") is not None
        await until_refused(server, False)
        async with client(server) as again:
            await again.hears(b"parrot")


async def test_nobody_else_gets_the_port_while_the_product_is_down() -> None:
    async with served() as (server, _):
        server.fault("kill", 60)
        await until_refused(server)
        with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
            await asyncio.start_server(lambda *_: None, "127.0.0.1", server.port, reuse_address=False)


async def test_another_simulator_does_not_get_the_port_while_the_product_is_down() -> None:
    async with served() as (server, _):
        server.fault("kill", 60)
        await until_refused(server)
        with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
            Server(Parrot(), port=server.port).open()


async def test_a_flood_is_spread_over_a_second_and_is_over() -> None:
    async with served() as (server, _), client(server) as one:
        await one.hears(b"parrot")
        server.fault("flood")
        assert server.left("flood") == pytest.approx(1.0)
        async with asyncio.timeout(SOON):
            while one.got.count(b".") < FLOOD:
                one.got += await one.reader.read(65536)
        assert server.left("flood") is None


@pytest.mark.parametrize(("name", "done"), [("reload", "reload"), ("reset_statistics", "reset statistics")])
async def test_what_the_product_does_itself_is_told_to_it(name: str, done: str) -> None:
    async with served() as (server, parrot):
        server.fault("reload" if name == "reload" else "reset_statistics")
        assert parrot.done == [done]


async def test_a_client_that_never_reads_does_not_hold_up_the_others() -> None:
    async with served() as (server, parrot), client(server) as sleeper, client(server) as other:
        await other.hears(b"parrot")
        await sleeper.hears(b"parrot")
        for connection in parrot.connections:
            connection.said += b"x" * 20_000_000 + b"end"
        await other.hears(b"end")
        assert server.clients == 2


async def test_a_client_that_never_reads_is_hung_up_on_before_it_uses_us_up() -> None:
    async with served() as (server, parrot), client(server) as sleeper:
        await sleeper.hears(b"parrot")
        for _ in range(2):
            parrot.connections[0].said += bytes(BACKLOG * 2 // 3)
            await asyncio.sleep(0.3)
        await until(lambda: not server.clients)
        assert await sleeper.end() == "reset"


async def test_more_clients_than_one_product_has_are_turned_away() -> None:
    async with served() as (server, _), AsyncExitStack() as stack:
        for _ in range(CLIENTS):
            one = await stack.enter_async_context(client(server))
            await one.hears(b"parrot")
        last = await stack.enter_async_context(client(server))
        assert await last.end() == "reset"
        assert server.clients == CLIENTS


async def test_a_taken_port_is_told_at_once() -> None:
    async with served() as (server, _):
        with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
            Server(Parrot(), port=server.port).open()


async def test_nothing_is_left_open_at_the_end() -> None:
    async with served() as (server, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        assert await reader.readline() == b"parrot\n"
    one = Client(reader, writer)
    assert await one.end() == "reset"
    assert await refused(server)
    writer.transport.abort()
