"""Commands on real sockets: asked by REST, recorded, sent to a manager port, answered, or cut off at the worst moment."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from ccwall.access import Access
from ccwall.clock import SystemClock
from ccwall.config import SITE, load
from ccwall.events import Principal
from ccwall.history import open_folder
from ccwall.house import House
from ccwall_web.app import create_app
from tests.integration.manager import Manager
from tests.integration.test_served_wall import free_port

CONFIG = """
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{port}"
username = "wallboard"
secret = {{ env = "CCWALL_TEST_SECRET" }}

[[agent]]
id = "wang"
interfaces = {{ pbx1 = ["PJSIP/1001"] }}

[[agent]]
id = "zhao"
interfaces = {{ pbx1 = ["PJSIP/1009"] }}
"""
PATH = "/api/commands"
Tree = dict[str, Any]


class Wall:
    """A house with a journal and a web; `die` as a process dies."""

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self.house, self.client = house, client
        self.tasks: list[asyncio.Task[Any]] = []

    async def post(
        self, name: str = "agent.pause", target: str = "wang", arguments: Tree | None = None
    ) -> str:
        wish = {"name": name, "target": target, "reason": "午餐", "arguments": arguments or {}}
        answer = await self.client.post(PATH, json=wish)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["command_id"])

    async def get(self, id: str) -> Tree:
        return cast(Tree, (await self.client.get(f"{PATH}/{id}")).json())

    async def end(self, id: str, *states: str) -> Tree:
        told: Tree = {}
        async with asyncio.timeout(20):
            while told.get("state") not in states:
                await asyncio.sleep(0.02)
                told = await self.get(id)
        return told

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.01)

    @property
    def board(self) -> Tree:
        return cast(Tree, self.house.engine.board(self.house.clock.now()))

    async def live(self) -> None:
        await self.until(lambda: self.board["sources"].get("pbx1", {}).get("state") == "live")

    async def die(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.client.aclose()
        if self.house.history is not None:
            self.house.history.lock.release()  # as the system does for the dead


Build = Callable[..., Awaitable[Wall]]


@pytest.fixture
async def build(manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Build]:
    monkeypatch.setenv("CCWALL_TEST_SECRET", "s3cret")
    walls: list[Wall] = []

    async def make(*, outbox: bool = True) -> Wall:
        file = tmp_path / "ccwall.toml"
        file.write_text(CONFIG.format(port=manager.port))
        config, clock = load(file), SystemClock()
        history = open_folder(tmp_path / "journal", clock, SITE)
        house = House(config, clock, history=history)
        house.begin()
        access = Access(clock=clock, open_to=Principal(id="chen", role="supervisor"))
        app = create_app(house.floor, house.hub, access)
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
        wall = Wall(house, httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1"))
        jobs = [*house.jobs()]
        if not outbox:
            jobs.remove(idle := next(job for job in jobs if job[0] == "commands"))
            idle[1].close()
        jobs += [("journal", history.journal.run())]
        jobs += [(source.name, house.supervise(source).run()) for source in config.sources]
        wall.tasks = [asyncio.create_task(job, name=name) for name, job in jobs]
        walls.append(wall)
        await wall.live()
        return wall

    yield make
    for wall in walls:
        await wall.die()


async def test_a_pause_goes_from_the_desk_to_the_member_and_back_to_the_wall(
    manager: Manager, build: Build
) -> None:
    wall = await build()
    told = await wall.end(await wall.post(), "confirmed")
    assert (told["by"], told["source"], told["actor"]["id"]) == ("answer", "pbx1", "chen")
    member = manager.members["consult", "PJSIP/1001"]
    assert (member.paused, member.reason) == (True, "午餐")
    await wall.until(lambda: bool(wall.board["agents"]["wang"]["reason"] == "午餐"))
    await wall.end(await wall.post("agent.resume"), "confirmed")
    assert not member.paused


async def test_a_member_comes_and_goes(manager: Manager, build: Build) -> None:
    wall = await build()
    promo = {"queue": "pbx1/promo", "penalty": 2}
    await wall.end(await wall.post("queue.add_member", arguments=promo), "confirmed")
    assert manager.acted[-1]["Penalty"] == "2"
    assert manager.members["promo", "PJSIP/1001"].name == "Wang Fang"
    await wall.until(lambda: "pbx1/promo" in wall.board["agents"]["wang"]["queues"])
    again = await wall.end(await wall.post("queue.add_member", arguments=promo), "refused")
    assert again["detail"] == "PJSIP/1001: Asterisk says 'Unable to add interface: Already there'"
    await wall.end(await wall.post("queue.remove_member", arguments={"queue": "pbx1/promo"}), "confirmed")
    assert ("promo", "PJSIP/1001") not in manager.members


async def test_who_is_in_no_queue_is_added_where_the_configuration_says(
    manager: Manager, build: Build
) -> None:
    wall = await build()
    await wall.end(
        await wall.post("queue.add_member", "zhao", arguments={"queue": "pbx1/promo"}), "confirmed"
    )
    assert ("promo", "PJSIP/1009") in manager.members


async def test_a_missing_right_is_told_with_the_remedy(manager: Manager, build: Build) -> None:
    manager.temper = "no rights"
    wall = await build()
    told = await wall.end(await wall.post(), "refused")
    assert "Permission denied" in told["detail"]
    assert "manager.conf" in told["detail"]


async def test_a_link_that_dies_before_it_was_done(manager: Manager, build: Build) -> None:
    manager.temper = "dies before"
    wall = await build()
    told = await wall.end(await wall.post(), "refused")
    assert "wang is not paused in pbx1/consult" in told["detail"]
    assert len(manager.acted) == 1


async def test_a_link_that_dies_after_it_was_done(manager: Manager, build: Build) -> None:
    manager.temper = "dies after"
    wall = await build()
    told = await wall.end(await wall.post(), "confirmed")
    assert told["by"] == "snapshot"
    assert len(manager.acted) == 1


async def test_an_answer_that_never_comes(manager: Manager, build: Build) -> None:
    manager.temper = "speechless"
    wall = await build()
    id = await wall.post()
    await wall.end(id, "unknown")
    manager.event(
        "QueueMemberPause", Queue="consult", Interface="PJSIP/1001", Paused="1", PausedReason="午餐"
    )
    assert (await wall.end(id, "confirmed"))["by"] == "snapshot"


async def test_while_the_link_is_down_it_is_refused_at_once(manager: Manager, build: Build) -> None:
    wall = await build()
    await manager.kill()
    await wall.until(lambda: wall.board["sources"]["pbx1"]["state"] == "down")
    told = await wall.end(await wall.post(), "refused")
    assert "not connected" in told["detail"]
    assert manager.acted == []


async def test_recorded_but_not_sent_when_ccwall_died_it_is_not_sent_afterwards(
    manager: Manager, build: Build
) -> None:
    wall = await build(outbox=False)
    id = await wall.post()
    seq, history = wall.house.intake.seq, wall.house.history
    assert history is not None
    await history.journal.wait(seq)
    await wall.die()
    again = await build()
    told = await again.end(id, "refused")
    assert "wang is not paused in pbx1/consult" in told["detail"]
    assert told["actor"]["id"] == "chen"
    await asyncio.sleep(0.3)
    assert manager.acted == []


# ── a process, killed ──

SERVED = (
    CONFIG
    + """
[web]
port = {web}
token = {{ env = "WALL_TOKEN" }}
staff_token = {{ env = "STAFF_TOKEN" }}

[journal]
folder = "{journal}"
"""
)


@pytest.mark.parametrize(("temper", "end"), [("speechless", "confirmed"), ("deaf", "refused")])
async def test_killed_between_sent_and_answer_it_is_settled_by_the_snapshot_after_the_start(
    manager: Manager, tmp_path: Path, temper: str, end: str
) -> None:
    manager.temper = temper  # type: ignore[assignment]  # it is one
    web = free_port()
    file = tmp_path / "ccwall.toml"
    file.write_text(SERVED.format(port=manager.port, web=web, journal=tmp_path / "journal"))
    secrets = {"WALL_TOKEN": "w" * 40, "STAFF_TOKEN": "s" * 40, "CCWALL_TEST_SECRET": "s3cret"}

    async def serve() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("ccwall"),
            *("serve", "-c", str(file)),
            env=os.environ | secrets,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{web}", headers={"Authorization": "Bearer " + "s" * 40}
    ) as client:

        async def told(path: str) -> Tree:
            try:
                return cast(Tree, (await client.get(path)).json())
            except httpx.TransportError:
                return {}

        async def live() -> None:
            async with asyncio.timeout(30):
                while (await told("/healthz")).get("sources", {}).get("pbx1", {}).get("state") != "live":
                    await asyncio.sleep(0.05)

        process = await serve()
        try:
            await live()
            wish = {"name": "agent.pause", "target": "wang", "reason": "午餐"}
            id = (await client.post(PATH, json=wish)).json()["command_id"]
            async with asyncio.timeout(9):
                while not manager.acted:
                    await asyncio.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            await process.wait()
            process = await serve()
            await live()
            async with asyncio.timeout(9):
                while (found := await told(f"{PATH}/{id}")).get("state") != end:
                    await asyncio.sleep(0.05)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
    assert (found["actor"]["role"], found["reason"]) == ("manager", "午餐")
    assert len(manager.acted) == 1
