"""The live socket, over a real one."""

import json
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ccwall.access import Access
from ccwall.clock import ManualClock
from ccwall.events import Principal
from ccwall.hub import Hub
from ccwall_web import live
from ccwall_web.app import create_app
from ccwall_web.server import SEND_BUFFER, bound_socket
from tests.hub.glass import Board, Glass, until
from tests.web.conftest import Serve
from tests.web.house import NARROW, WALL, LittleFloor


@pytest.fixture
async def port(app: FastAPI, serve: Serve) -> AsyncIterator[int]:
    async with serve(app) as (_, port):
        yield port


def screen(port: int, token: str = WALL, **more: Any) -> connect:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return connect(f"ws://127.0.0.1:{port}/api/v1/live", additional_headers=headers, proxy=None, **more)


async def told(socket: ClientConnection) -> dict[str, Any]:
    message = await socket.recv()
    assert isinstance(message, str)
    answer: dict[str, Any] = json.loads(message)
    return answer


async def read_on(socket: ClientConnection, sending: Sequence[str] = ()) -> None:
    """Send all this, and read until the server closes."""
    for message in sending:
        await socket.send(message)
    while True:
        await socket.recv()


async def test_a_wall_gets_snapshot_patch_and_pulse(
    port: int, hub: Hub, board: Board, clock: ManualClock
) -> None:
    glass = Glass()
    async with screen(port) as wall:
        glass.show(await wall.recv())
        board.tell((("queues", "q1", "waiting"), 5))
        hub.touch()
        await clock.advance(0.05)
        assert glass.show(await wall.recv()) == "patch"
        await clock.advance(1.0)
        assert glass.show(await wall.recv()) == "pulse"
    assert glass.board["queues"]["q1"]["waiting"] == 5
    assert glass.board["agents"]["a1"]["name"] == "张三"
    assert not glass.lost


async def test_a_narrow_token_sees_its_queue_only(port: int) -> None:
    async with screen(port, NARROW) as wall:
        assert (await told(wall))["board"]["queues"].keys() == {"q1"}


async def test_a_session_cookie_opens_the_socket(port: int, access: Access) -> None:
    session, _ = access.session(access.by_token(WALL, "127.0.0.1"))
    async with screen(port, "", origin=f"http://127.0.0.1:{port}") as wall:
        assert (await told(wall))["type"] == "bye"
    cookie = {"Cookie": f"ccwall_session={session}"}
    url = f"ws://127.0.0.1:{port}/api/v1/live"
    async with connect(url, additional_headers=cookie, proxy=None) as wall:
        assert (await told(wall))["type"] == "snapshot"


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_who_is_not_let_in_is_told_not_to_come_back(port: int, hub: Hub, token: str) -> None:
    async with screen(port, token) as wall:
        assert await told(wall) == {"type": "bye", "reason": "refused"}
        with pytest.raises(ConnectionClosed) as closed:
            await wall.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    assert hub.screens == 0


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_page_may_not_open_the_socket(port: int, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with screen(port, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_a_rebound_name_may_not_open_the_socket_of_the_demo(
    floor: LittleFloor, hub: Hub, clock: ManualClock, serve: Serve
) -> None:
    app = create_app(floor, hub, Access(clock=clock, open_to=Principal(id="demo", role="display")))
    async with serve(app) as (_, port):
        async with screen(port, "") as wall:
            assert (await told(wall))["type"] == "snapshot"
        evil = connect(f"ws://evil.example:{port}/api/v1/live", host="127.0.0.1", proxy=None)
        with pytest.raises(InvalidStatus):
            async with evil:
                pass


async def test_resync_brings_a_snapshot(port: int) -> None:
    async with screen(port) as wall:
        await wall.recv()
        await wall.send('{"type":"resync"}')
        assert (await told(wall))["type"] == "snapshot"


async def test_a_wall_that_acknowledges_is_kept_and_a_silent_one_is_not(
    port: int, clock: ManualClock, hub: Hub
) -> None:
    async with screen(port) as lively, screen(port) as silent:
        await lively.recv()
        for _ in range(20):
            await clock.advance(1.0)
            pulse = await told(lively)
            await lively.send(json.dumps({"type": "ack", "seq": pulse["seq"]}))
            await heard(hub)
        last = [json.loads(message) async for message in silent][-1]
        assert last == {"type": "bye", "reason": "slow"}
        await clock.advance(1.0)
        assert (await told(lively))["type"] == "pulse"


async def heard(hub: Hub) -> None:
    """Until the hub has the acknowledgement that is on its way."""
    screens = [screen for stream in hub._streams.values() for screen in stream.screens]
    await until(lambda: any(screen._quiet == 0 for screen in screens))


@pytest.mark.parametrize(
    "message", ["", "{", "[]", '{"type":"drop"}', '{"type":"ack"}', '{"type":"ack","seq":"1"}', b"\x00"]
)
async def test_nonsense_closes_the_socket(port: int, message: str | bytes) -> None:
    async with screen(port) as wall:
        await wall.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            await read_on(wall)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in {1003, 1008}


async def test_a_big_message_closes_the_socket(port: int) -> None:
    async with screen(port) as wall:
        await wall.send('{"type":"resync"}' + " " * 5000)
        with pytest.raises(ConnectionClosed) as closed:
            await read_on(wall)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_a_flood_of_messages_closes_the_socket(port: int) -> None:
    async with screen(port) as wall:
        with pytest.raises(ConnectionClosed) as closed:
            await read_on(wall, sending=['{"type":"ack","seq":1}'] * 1000)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "too many messages")


async def test_a_wall_that_leaves_is_forgotten(port: int, hub: Hub) -> None:
    async with screen(port) as wall:
        await wall.recv()
        assert hub.screens == 1
    await until(lambda: not hub.screens)


async def test_a_stopping_server_says_so(app: FastAPI, serve: Serve) -> None:
    async with serve(app) as (server, port), screen(port) as wall:
        await wall.recv()
        server.should_exit = True
        assert await told(wall) == {"type": "bye", "reason": "stopping"}
        with pytest.raises(ConnectionClosed) as closed:
            await wall.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001


def stalled(port: int) -> socket.socket:
    """A wall that opened the stream and then never reads."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", port))
    line.sendall(
        b"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        b"Authorization: Bearer %s\r\n\r\n" % (port, WALL.encode())
    )
    return line


@pytest.mark.timeout(10)  # the kernel's own limit, 20 s, must not be what ends it
async def test_a_wall_that_never_reads_delays_nobody_and_is_dropped(
    port: int, hub: Hub, board: Board, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SEND_LIMIT", 0.2)
    monkeypatch.setattr(live, "FAREWELL_LIMIT", 0.1)
    glass = Glass()
    with stalled(port):
        await until(lambda: hub.screens == 1)
        async with screen(port) as quick:
            glass.show(await quick.recv())
            for number in range(60):
                board.tell((("queues", "q1", "name"), str(number) * 20_000))
                hub.flush()
                glass.show(await quick.recv())
                assert not glass.lost
            await until(lambda: hub.screens == 1)
            board.tell((("floor", "waiting"), 77))
            hub.flush()
            glass.show(await quick.recv())
    assert glass.board["floor"]["waiting"] == 77


def test_the_send_buffer_of_every_connection_is_bounded() -> None:
    with bound_socket("127.0.0.1", 0) as listening:
        listening.setblocking(True)
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            # Linux doubles what it is told, for its own bookkeeping.
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * SEND_BUFFER
            if hasattr(socket, "TCP_NOTSENT_LOWAT"):
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == 16 * 1024
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000


def test_a_taken_port_is_an_error_at_once() -> None:
    with bound_socket("127.0.0.1", 0) as first:
        first.listen()
        with pytest.raises(OSError, match="in use"):
            bound_socket("127.0.0.1", first.getsockname()[1])
