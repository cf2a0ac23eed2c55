"""`ccwall demo` as a process: a simulated switch on a socket, ccwall reading it, and a wall; broken, and healed."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.main.processes import URL, Running, command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
SHOWN_WITHIN = 3.0
SLACK = 3.0
"""For a machine where everything else runs too."""


@asynccontextmanager
async def demo(*options: str) -> AsyncIterator[tuple[Running, httpx.AsyncClient]]:
    async with command("demo", "--no-browser", "--scenario", "demo", *options) as running:
        async with httpx.AsyncClient(base_url=await running.says(URL)) as client:
            yield running, client
        assert await running.stop() == 0
    assert "Traceback" not in running.said


async def message(screen: ClientConnection) -> dict[str, object]:
    return msgspec.json.decode(await screen.recv(), type=dict[str, object])


async def until_source(client: httpx.AsyncClient, true: Callable[[str], bool]) -> float:
    """Seconds until /healthz says so of the switch."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        sources = (await client.get("/healthz")).json()["sources"]
        if any(true(str(source.get("state"))) for source in sources.values()):
            return loop.time() - began
        await asyncio.sleep(0.05)


async def break_(client: httpx.AsyncClient, name: str, seconds: float | None = None) -> None:
    wish = {"name": name} if seconds is None else {"name": name, "seconds": seconds}
    assert (await client.post("/api/practice/faults", json=wish)).status_code == 200


async def test_a_screen_gets_numbers_and_they_move() -> None:
    async with demo("--speed", "10") as (_, client):
        await until_source(client, lambda state: state == "live")
        url = str(client.base_url.copy_with(scheme="ws", path="/api/v1/live"))
        async with connect(url, proxy=None) as screen:
            while (first := await message(screen))["type"] != "snapshot":
                pass
            board = first["board"]
            assert isinstance(board, dict)
            assert board["queues"]
            assert board["agents"]
            moved: set[str] = set()
            while not {"queues", "agents"} <= moved:
                patch = await message(screen)
                changes = msgspec.convert(patch.get("set", []), list[tuple[list[str], object]])
                moved |= {path[0] for path, _ in changes}


@pytest.mark.parametrize("name", ["kill", "restart"])
async def test_a_switch_that_dies_is_shown_and_so_is_its_return(name: str) -> None:
    async with demo() as (_, client):
        await until_source(client, lambda state: state == "live")
        await break_(client, name, 2)
        assert await until_source(client, lambda state: state != "live") <= SHOWN_WITHIN * SLACK
        await until_source(client, lambda state: state == "live")


@pytest.mark.slow
async def test_a_silent_link_is_shown_and_heals() -> None:
    async with demo() as (_, client):
        await until_source(client, lambda state: state == "live")
        await break_(client, "half_open", 60)
        assert await until_source(client, lambda state: state != "live") <= 10 * SLACK
        await break_(client, "heal")
        await until_source(client, lambda state: state == "live")


@pytest.mark.slow
async def test_the_wall_agrees_with_the_truth_visit_by_visit() -> None:
    """Of those that began and ended while ccwall looked."""
    async with demo("--speed", "20") as (_, client):
        await until_source(client, lambda state: state == "live")
        began = (await client.get("/api/practice")).json()["now"]
        over: dict[tuple[str, str], dict[str, object]] = {}
        while len(over) < 10:
            await asyncio.sleep(0.5)
            truth = (await client.get("/api/practice/truth")).json()
            over = {
                (visit["queue"], visit["call"]): visit
                for visit in truth["visits"]
                if visit["queued"] > began and visit.get("ended")
            }
        await asyncio.sleep(0.5)
        wall = (await client.get("/api/v1/contacts", params={"limit": 1000})).json()["contacts"]
        shown = {(visit["queue_name"], visit["call"]): visit for visit in wall}
        for key, visit in over.items():
            assert shown[key]["outcome"] == visit["outcome"]
            assert shown[key]["wait"] == pytest.approx(visit["wait"], abs=5), "20 floor seconds pass in one"


async def test_another_place_cannot_break_it() -> None:
    async with demo() as (_, client):
        await until_source(client, lambda state: state == "live")
        answer = await client.post(
            "/api/practice/faults", json={"name": "kill"}, headers={"origin": "https://evil.example"}
        )
        assert answer.status_code == 403
        assert (await client.get("/api/practice")).json()["up"] is True


async def test_it_says_where_to_break_it_and_that_page_is_there() -> None:
    async with demo() as (running, client):
        await running.says(r"/practice and watch")
        assert (await client.get("/practice")).status_code in {200, 503}


async def test_two_demos_do_not_share_a_switch() -> None:
    async with demo() as (_, one), demo() as (_, other):
        await until_source(one, lambda state: state == "live")
        await until_source(other, lambda state: state == "live")
        assert (await one.get("/api/practice")).json()["clients"] == 1
        assert (await other.get("/api/practice")).json()["clients"] == 1


async def test_its_speed_is_the_walls_too_and_stays() -> None:
    async with demo("--speed", "5") as (_, client):
        assert (await client.get("/api/practice")).json()["speed"] == 5
        assert (await client.post("/api/practice/speed", json={"speed": 2})).status_code == 422


@pytest.mark.parametrize("scenario", ["no_such_day", "absent.toml"])
async def test_an_unknown_scenario_is_one_message_and_exit_2(scenario: str) -> None:
    async with command("demo", "--no-browser", "--scenario", scenario) as running:
        await running.says(scenario)
        assert await running.child.wait() == 2
