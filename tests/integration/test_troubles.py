"""What the operator sees on a bad day: the whole house and its web, against real sockets that are wrong in every way.

The wall is served throughout, and the health page says what happened and what to do next.
"""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from structlog.testing import capture_logs

from ccwall.access import Access
from ccwall.clock import SystemClock
from ccwall.config import load
from ccwall.events import Principal
from ccwall.house import House
from ccwall_web.app import create_app
from tests.integration.manager import Manager

CERTIFICATES = Path(__file__).parents[1] / "transport" / "certificates"
CONFIG = """
[[source]]
name = "{name}"
type = "asterisk-ami"
url = "{url}"
username = "wallboard"
secret = {{ env = "CCWALL_TEST_SECRET" }}
silent_after = "{silent}"
ping_every = "100ms"
"""

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Watched(House):
    """A house, its web, and who looks."""

    client: httpx.AsyncClient

    async def health(self) -> dict[str, Any]:
        answer = await self.client.get("/api/health")
        assert answer.status_code == 200
        return cast(dict[str, Any], answer.json())

    async def source(self, name: str = "pbx1") -> dict[str, Any]:
        found: dict[str, Any] = (await self.health())["sources"][name]
        return found

    async def until(self, true: Callable[[dict[str, Any]], bool], name: str = "pbx1") -> dict[str, Any]:
        async with asyncio.timeout(15):
            while not true(source := await self.source(name)):
                await asyncio.sleep(0.01)
        return source

    async def trouble(self) -> dict[str, Any]:
        """The source when it has an error to tell; the wall is served all the same."""
        found = await self.until(lambda source: "error" in source and source["state"] != "connecting")
        assert (await self.client.get("/healthz")).status_code == 200
        assert (await self.client.get("/api/v1/board")).status_code == 200
        return found


Build = Callable[..., Awaitable[Watched]]


@pytest.fixture
async def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Build]:
    tasks: list[asyncio.Task[None]] = []
    clients: list[httpx.AsyncClient] = []

    async def make(*urls: str, secret: str = "s3cret", silent: str = "5s") -> Watched:
        monkeypatch.setenv("CCWALL_TEST_SECRET", secret)
        file = tmp_path / "ccwall.toml"
        file.write_text(
            "".join(CONFIG.format(name=f"pbx{n}", url=url, silent=silent) for n, url in enumerate(urls, 1))
        )
        config = load(file)
        house = Watched(config, SystemClock())
        house.begin()
        access = Access(clock=SystemClock(), open_to=Principal(id="chen", role="manager"))
        transport = httpx.ASGITransport(
            create_app(house.floor, house.hub, access), client=("127.0.0.1", 40000)
        )
        house.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        clients.append(house.client)
        jobs = [*house.jobs(), *((source.name, house.supervise(source).run()) for source in config.sources)]
        tasks.extend(asyncio.create_task(job, name=name) for name, job in jobs)
        await asyncio.sleep(0)
        return house

    yield make
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(
        0.05
    )  # the far ends, here too, hear that nobody is there any more, and close what they had accepted
    for client in clients:
        await client.aclose()


@asynccontextmanager
async def listening(answer: Answer, tls: bool = False) -> AsyncIterator[int]:
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / "good.pem")
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


async def a_web_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)  # it waits to be asked
    writer.close()


async def an_ssh_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    await reader.read(1000)
    writer.close()


async def noise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(random.Random(7).randbytes(5000))
    await reader.read(1000)
    writer.close()


def shown(source: dict[str, Any]) -> tuple[str, str]:
    return source["state"], source["cause"]


async def test_a_wrong_password(manager: Manager, build: Build) -> None:
    house = await build(f"tcp://127.0.0.1:{manager.port}", secret="wrong")
    source = await house.trouble()
    assert shown(source) == ("refused", "rejected")
    assert "'wallboard' (Authentication failed). Check username and secret" in source["error"]
    assert "Check username and secret" in source["detail"]
    source = await house.until(lambda each: "next_try" in each)
    wait = source["next_try"] - (await house.health())["now"]
    assert 290 < wait <= 300
    assert manager.logins == 0


async def test_a_port_where_nothing_listens(manager: Manager, build: Build) -> None:
    port = manager.port
    await manager.kill()
    source = await (await build(f"tcp://127.0.0.1:{port}")).trouble()
    assert shown(source) == ("down", "not_listening")
    assert f"nothing listens at tcp://127.0.0.1:{port}. Check the port" in source["error"]
    assert source["address"] == f"tcp://127.0.0.1:{port}"


async def test_a_web_servers_port(build: Build) -> None:
    async with listening(a_web_server) as port:
        source = await (await build(f"tcp://127.0.0.1:{port}", silent="500ms")).trouble()
    assert shown(source) == ("silent", "wordless")
    assert "such as a web server" in source["error"]


async def test_an_ssh_servers_port(build: Build) -> None:
    async with listening(an_ssh_server) as port:
        source = await (await build(f"tcp://127.0.0.1:{port}")).trouble()
    assert shown(source) == ("failed", "foreign")
    assert "this is not an Asterisk manager port: it greets with b'SSH-2.0-OpenSSH" in source["error"]
    assert "Check the port" in source["error"]
    assert source["last_words"] == "SSH-2.0-OpenSSH_9.2p1 Debian-2\n"


async def test_random_bytes(build: Build) -> None:
    async with listening(noise) as port:
        source = await (await build(f"tcp://127.0.0.1:{port}")).trouble()
    assert shown(source) == ("failed", "foreign")
    assert 0 < len(source["last_words"]) <= 4096
    assert all(sign.isprintable() or sign in "\n\t" for sign in source["last_words"])


async def test_random_bytes_in_the_middle_of_a_good_link(manager: Manager, build: Build) -> None:
    house = await build(f"tcp://127.0.0.1:{manager.port}")
    await house.until(lambda source: source["state"] == "live")
    manager.say(random.Random(7).randbytes(3_000_000))
    source = await house.until(lambda source: source["rates"]["bytes"] > 0 and source["spool"] == 0)
    await house.until(lambda source: source["state"] == "live")
    manager.caller("QueueCallerJoin", "1.1")
    async with asyncio.timeout(9):
        while _queue(await house.client.get("/api/v1/board")).get("waiting") != 1:
            manager.waiting = ["1.1"]
            await asyncio.sleep(0.05)
    assert source["condition"] in {"connected", "down", "connecting"}


def _queue(board: httpx.Response) -> dict[str, Any]:
    return cast(dict[str, Any], board.json()["queues"].get("pbx1/consult", {}))


async def test_tls_to_a_plain_port(manager: Manager, build: Build) -> None:
    source = await (await build(f"tls://127.0.0.1:{manager.port}")).trouble()
    assert shown(source) == ("down", "no_tls")
    assert "does not speak TLS" in source["error"]
    assert "Write tcp:// for this port" in source["error"]


async def test_plain_to_a_tls_port(build: Build) -> None:
    async with listening(a_web_server, tls=True) as port:
        source = await (await build(f"tcp://127.0.0.1:{port}", silent="500ms")).trouble()
    assert shown(source) == ("silent", "wordless")
    assert "may speak TLS (then write tls://)" in source["error"]


async def test_a_certificate_that_nobody_known_signed(build: Build) -> None:
    async with listening(an_ssh_server, tls=True) as port:
        source = await (await build(f"tls://127.0.0.1:{port}")).trouble()
    assert shown(source) == ("down", "certificate_untrusted")
    assert "as tls_ca" in source["error"]


async def test_a_bug_in_one_source_stops_that_source_alone(manager: Manager, build: Build) -> None:
    other = Manager({"wallboard": "s3cret"})
    await other.start()
    house = await build(f"tcp://127.0.0.1:{manager.port}", f"tcp://127.0.0.1:{other.port}")
    for name in ("pbx1", "pbx2"):
        await house.until(lambda source: source["state"] == "live", name)

    def broken(_data: bytes, _now: float) -> list[object]:
        raise ZeroDivisionError("planted")

    house.supervisors[0]._session.receive = broken  # type: ignore[method-assign, assignment]  # a bug
    with capture_logs():
        manager.caller("QueueCallerJoin", "1.1")
        failed = await house.until(lambda source: source["state"] == "failed")
    assert failed["cause"] == "bug"
    assert "bug in ccwall" in failed["error"]
    other.caller("QueueCallerJoin", "2.1")
    async with asyncio.timeout(9):
        while True:
            board = (await house.client.get("/api/v1/board")).json()
            if board["queues"]["pbx2/consult"]["waiting"] == 1:
                break
            await asyncio.sleep(0.01)
    assert (await house.source("pbx2"))["state"] == "live"
    await other.kill()
