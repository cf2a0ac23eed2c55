"""Commands on the simulated Asterisk, by REST, over real sockets: the switch, the board and the command tell the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from ccwall.access import Access
from ccwall.clock import SystemClock
from ccwall.config import load
from ccwall.events import Principal
from ccwall.house import House
from ccwall_simulators.asterisk import PLAIN, READ_ONLY, AsteriskPbx, Variant
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.server import Server
from ccwall_web.app import create_app

PATH = "/api/commands"
REASON = "谈话"
"""None that the simulated floor has of its own."""
MORNING = 1_795_312_800.0
SOURCE = 'type = "asterisk-ami"\n'
SECRET = SOURCE + 'username = "ccwall"\nsecret = {{ env = "CCWALL_TEST_SECRET" }}\n'
Tree = dict[str, Any]


class Practice:
    """A simulated switch and a wall on it."""

    def __init__(self, pbx: AsteriskPbx, house: House, client: httpx.AsyncClient) -> None:
        self.pbx, self.house, self.client = pbx, house, client

    async def command(self, name: str, target: str, **arguments: str) -> Tree:
        """What became of it."""
        wish = {"name": name, "target": target, "arguments": arguments, "reason": REASON}
        answer = await self.client.post(PATH, json=wish)
        assert answer.status_code == 202, answer.text
        told: Tree = {}
        async with asyncio.timeout(20):
            while told.get("state") not in ("confirmed", "refused", "unknown"):
                await asyncio.sleep(0.02)
                told = (await self.client.get(answer.headers["location"])).json()
        return told

    def members(self, agent: str) -> dict[tuple[str, str], tuple[bool, str]]:
        """The truth: (queue, interface) to paused and reason."""
        return {
            (queue.name, member.interface): (member.paused, member.reason)
            for queue in self.pbx.floor.queues()
            for member in queue.members
            if agent in member.interface
        }

    @property
    def board(self) -> Tree:
        return cast(Tree, self.house.engine.board(self.house.clock.now()))

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.02)


Build = Callable[..., Awaitable[Practice]]


@pytest.fixture
async def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Build]:
    tasks: list[asyncio.Task[None]] = []
    clients: list[httpx.AsyncClient] = []

    async def make(variant: Variant = PLAIN) -> Practice:
        clock = SystemClock(start=MORNING)
        scenario = load_scenario("small_floor")
        centre = CallCentre(scenario, 7, clock.now())
        pbx = AsteriskPbx(centre, start=clock.now(), secret="practice", seed=7, variant=variant)
        server = Server(pbx)
        server.open()
        monkeypatch.setenv("CCWALL_TEST_SECRET", "practice")
        text = scenario.configuration().replace(":5038", f":{server.port}")
        file = tmp_path / "ccwall.toml"
        file.write_text(text.replace(SOURCE, SECRET.format()), encoding="utf-8")
        config = load(file)
        house = House(config, clock)
        house.begin()
        jobs = [("pbx", server.run(clock.now())), *house.jobs()]
        jobs += [(source.name, house.supervise(source).run()) for source in config.sources]
        tasks.extend(asyncio.create_task(cast(Any, job), name=name) for name, job in jobs)
        access = Access(clock=clock, open_to=Principal(id="chen", role="lead"))
        transport = httpx.ASGITransport(
            create_app(house.floor, house.hub, access), client=("127.0.0.1", 40000)
        )
        clients.append(httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1"))
        practice = Practice(pbx, house, clients[-1])
        await practice.until(lambda: practice.board["sources"].get("pbx1", {}).get("state") == "live")
        return practice

    yield make
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for client in clients:
        await client.aclose()


async def test_a_pause_is_on_the_switch_and_on_the_board_with_its_reason(build: Build) -> None:
    practice = await build()
    told = await practice.command("agent.pause", "1007")
    assert (told["state"], told["by"]) == ("confirmed", "answer"), told
    truth = practice.members("1007")
    assert len(truth) > 1
    assert set(truth.values()) == {(True, REASON)}
    await practice.until(lambda: practice.board["agents"]["1007"].get("reason") == REASON)
    assert (await practice.command("agent.resume", "1007"))["state"] == "confirmed"
    assert not any(paused for paused, _ in practice.members("1007").values())


async def test_a_member_is_added_and_removed_on_the_switch(build: Build) -> None:
    practice = await build()
    serves = {queue for queue, _ in practice.members("1001")}
    free = next(q.name for q in practice.pbx.floor.queues() if q.name not in serves)
    queue = f"pbx1/{free}"
    assert (await practice.command("queue.add_member", "1001", queue=queue))["state"] == "confirmed"
    assert (free, "PJSIP/1001") in practice.members("1001")
    await practice.until(lambda: queue in practice.board["agents"]["1001"]["queues"])
    assert (await practice.command("queue.remove_member", "1001", queue=queue))["state"] == "confirmed"
    assert (free, "PJSIP/1001") not in practice.members("1001")


async def test_without_the_right_it_is_refused_with_the_remedy(build: Build) -> None:
    practice = await build(READ_ONLY)
    told = await practice.command("agent.pause", "1001")
    assert told["state"] == "refused"
    assert "manager.conf" in told["detail"]
    assert REASON not in {reason for _, reason in practice.members("1001").values()}
