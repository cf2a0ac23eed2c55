"""A house for the web's tests: a small floor, real access, and a server on a port of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from ccwall.access import Access, Key
from ccwall.clock import ManualClock
from ccwall.hub import Hub
from ccwall_web.app import create_app
from ccwall_web.server import WallServer, bound_socket, config
from tests.hub.glass import Board, a_floor, hub_of, settled, until
from tests.web.house import BOSS, TOKENS, LittleFloor

Client = Callable[..., httpx.AsyncClient]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def floor() -> LittleFloor:
    return LittleFloor()


@pytest.fixture
def board() -> Board:
    return Board(*(((part,), value) for part, value in a_floor().items()))


@pytest.fixture
async def hub(board: Board, clock: ManualClock) -> AsyncIterator[Hub]:
    hub = hub_of(board, clock)
    task = asyncio.create_task(hub.run())
    await settled()
    yield hub
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def access(clock: ManualClock) -> Access:
    keys = [Key.of(token, principal) for token, principal in TOKENS.items()]
    return Access(keys, clock=clock, hosts=["wall.example"])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built wall, as small as can be."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>wall</title>")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-Bx3kQ9aZ.js").write_text("1")
    (tmp_path / "assets" / "logo.svg").write_text("<svg/>")
    (tmp_path.parent / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
def app(floor: LittleFloor, hub: Hub, access: Access, built: Path) -> FastAPI:
    return create_app(floor, hub, access, static_dir=built)


@pytest.fixture
def browser(app: FastAPI) -> Client:
    """Makes clients: browser(host=…, address=…, token=…)."""

    def make(
        *, host: str = "127.0.0.1:8800", address: str = "192.0.2.5", token: str = "", scheme: str = "http"
    ) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app, client=(address, 40000))
        return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://{host}", headers=headers)

    return make


@pytest.fixture
async def boss(browser: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(token=BOSS) as client:
        yield client


@pytest.fixture
async def stranger(browser: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with browser() as client:
        yield client


Serve = Callable[[FastAPI], AbstractAsyncContextManager[tuple[WallServer, int]]]


@pytest.fixture
def serve(hub: Hub) -> Serve:
    """Serves an app on a port the system chose; gives the server and the port."""

    @asynccontextmanager
    async def serving(app: FastAPI) -> AsyncIterator[tuple[WallServer, int]]:
        server = WallServer(config(app, deflate=False), hub)
        server.capture_signals = _no_signals  # type: ignore[method-assign]  # the test runner keeps its own
        with bound_socket("127.0.0.1", 0) as listening:
            task = asyncio.create_task(server.serve([listening]))
            await until(lambda: server.started or task.done())
            yield server, listening.getsockname()[1]
            server.should_exit = True
            await task

    return serving


@contextmanager
def _no_signals() -> Iterator[None]:
    yield
