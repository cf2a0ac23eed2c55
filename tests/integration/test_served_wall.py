"""`ccwall serve` as its user has it: a process, a configuration file, a token, a PBX on a socket and a screen on another."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from ccwall_adapters.asterisk_ami.frame import encode
from tests.integration.manager import Manager

TOKEN = "w" * 40
CONFIG = """
[web]
port = {web}
token = {{ env = "WALL_TOKEN" }}

[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{pbx}"
username = "wallboard"
secret = {{ env = "PBX_SECRET" }}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def port(manager: Manager, tmp_path: Path) -> AsyncIterator[int]:
    web = free_port()
    file = tmp_path / "ccwall.toml"
    file.write_text(CONFIG.format(web=web, pbx=manager.port))
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("ccwall"),
        *("serve", "-c", str(file)),
        env=os.environ | {"WALL_TOKEN": TOKEN, "PBX_SECRET": "s3cret"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(30):
            while not await _answers(client, web):
                await asyncio.sleep(0.05)
        yield web
    finally:
        process.terminate()
        _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def _answers(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
    except httpx.TransportError:
        return False


def screen(port: int) -> connect:
    return connect(
        f"ws://127.0.0.1:{port}/api/v1/live", additional_headers={"Authorization": f"Bearer {TOKEN}"}
    )


async def until(socket: ClientConnection, path: list[str], value: object) -> None:
    """Read until a patch or a snapshot says so."""
    async with asyncio.timeout(9):
        while True:
            message = json.loads(await socket.recv())
            if message["type"] == "snapshot" and _found(message["board"], path) == value:
                return
            if message["type"] == "patch" and any(
                _found_in(change, path) == value for change in message["set"]
            ):
                return


def _found_in(change: list[Any], path: list[str]) -> object:
    at, value = change
    return _found(value, path[len(at) :]) if path[: len(at)] == at else None


def _found(value: Any, path: list[str]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


async def test_a_change_is_on_the_screens_socket_within_a_tenth_of_a_second(
    port: int, manager: Manager
) -> None:
    """Threefold slack; the middle of twenty, because this machine does other things too."""
    clock, taken = asyncio.get_running_loop().time, []
    async with screen(port) as wall:
        await until(wall, ["sources", "pbx1", "state"], "live")
        for number in range(1, 21):
            began = clock()
            manager.caller("QueueCallerJoin", f"1.{number}")
            await until(wall, ["floor", "waiting"], number)
            taken.append(clock() - began)
    assert sorted(taken)[10] < 0.3


async def test_a_killed_pbx_is_on_the_screen_within_three_seconds(port: int, manager: Manager) -> None:
    async with screen(port) as wall:
        await until(wall, ["sources", "pbx1", "state"], "live")
        await manager.kill()
        await until(wall, ["sources", "pbx1", "state"], "down")


async def test_without_the_token_there_is_nothing_to_see(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/api/v1/board")).status_code == 401
        wrong = await client.get("/api/v1/board", headers={"Authorization": "Bearer guess"})
        right = await client.get("/api/v1/board", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (wrong.status_code, right.status_code) == (401, 200)


async def test_a_flood_of_fifty_thousand_events_a_second_leaves_the_wall_served_and_right(
    port: int, manager: Manager
) -> None:
    """For two seconds; as they are when a queue's phones all change at once, so that each goes as far as the engine."""
    flood = [b"".join(_phone(n) for n in range(k * TENTH, (k + 1) * TENTH)) for k in range(2)]
    clock, taken = asyncio.get_running_loop().time, []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with screen(port) as wall, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await until(wall, ["sources", "pbx1", "state"], "live")
        looks = asyncio.create_task(_look(wall))
        ends = asyncio.create_task(_flood(manager, flood, rounds=20))
        while not ends.done():
            began = clock()
            assert (await client.get("/healthz")).status_code == 200
            taken.append(clock() - began)
            await asyncio.sleep(0.02)
        assert sorted(taken)[len(taken) // 2] < 0.1
        manager.waiting = ["1.1"]
        manager.caller("QueueCallerJoin", "1.1")
        async with asyncio.timeout(15):
            while True:
                board = (await client.get("/api/v1/board", headers=headers)).json()
                if board["sources"]["pbx1"]["state"] == "live" and board["floor"]["waiting"] == 1:
                    break
                await asyncio.sleep(0.05)
        looks.cancel()


async def _look(wall: ClientConnection) -> None:
    async for _ in wall:
        pass


TENTH = 5000


def _phone(number: int) -> bytes:
    told = {"Queue": "consult", "MemberName": "Wang Fang", "Interface": "PJSIP/1001", "Membership": "static"}
    return encode({"Event": "QueueMemberStatus", **told, "Status": str(1 + number % 2), "Paused": "0"})


async def _flood(manager: Manager, blobs: list[bytes], rounds: int) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    for number in range(rounds):
        manager.say(blobs[number % len(blobs)])
        await asyncio.sleep(max(0.0, began + (number + 1) / 10 - clock()))
