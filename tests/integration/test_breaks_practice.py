"""A break over real sockets: asked for by the agent, granted by one of two leads, paused at the simulated Asterisk, over-run, back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from ccwall.access import Access
from ccwall.clock import SystemClock
from ccwall.config import load
from ccwall.events import AgentId, Principal
from ccwall.house import House
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.server import Server
from ccwall_web.app import create_app

MORNING = 1_795_312_800.0
RATE = 20.0
SOURCE = 'type = "asterisk-ami"\n'
SECRET = SOURCE + 'username = "ccwall"\nsecret = { env = "CCWALL_TEST_SECRET" }\n'
POLICY = """
[breaks]
cap = 40

[[break]]
id = "prayer"
name = "Prayer"
lasts = "1m"
quota_times = 1
says = "祷告"
"""
AGENT = "1007"
PEOPLE = {
    "agent": Principal(id="wang", role="agent", agent=AgentId(AGENT), teams=("A",)),
    "song": Principal(id="song", role="lead", name="Song Jia"),
    "lin": Principal(id="lin", role="lead", name="Lin Yue"),
}
Tree = dict[str, Any]


class Floor:
    """A simulated switch, and a browser of each of three people."""

    def __init__(self, pbx: AsteriskPbx, house: House, clients: dict[str, httpx.AsyncClient]) -> None:
        self.pbx, self.house, self.clients = pbx, house, clients

    async def act(self, who: str, name: str, **arguments: object) -> httpx.Response:
        return await self.clients[who].post(f"/api/v1/acts/{name}", json={"arguments": arguments})

    def members(self) -> set[tuple[bool, str]]:
        """The truth: paused, and why."""
        return {
            (member.paused, member.reason)
            for queue in self.pbx.floor.queues()
            for member in queue.members
            if AGENT in member.interface
        }

    def item(self, id: str) -> Tree:
        board = cast(Tree, self.house.engine.board(self.house.clock.now()))
        return cast(Tree, board["breaks"].get(id, {}))

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.02)


@pytest.fixture
async def floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Floor]:
    clock = SystemClock(start=MORNING, rate=RATE)
    scenario = load_scenario("small_floor")
    pbx = AsteriskPbx(CallCentre(scenario, 7, clock.now()), start=clock.now(), secret="practice", seed=7)
    server = Server(pbx, speed=RATE)
    server.open()
    monkeypatch.setenv("CCWALL_TEST_SECRET", "practice")
    file = tmp_path / "ccwall.toml"
    text = scenario.configuration().replace(":5038", f":{server.port}").replace(SOURCE, SECRET)
    file.write_text(text + POLICY, encoding="utf-8")
    config = load(file)
    house = House(config, clock)
    house.begin()
    jobs = [("pbx", server.run(clock.now())), *house.jobs()]
    jobs += [(source.name, house.supervise(source).run()) for source in config.sources]
    tasks = [asyncio.create_task(cast(Any, job), name=name) for name, job in jobs]

    def client(who: Principal) -> httpx.AsyncClient:
        app = create_app(house.floor, house.hub, Access(clock=clock, open_to=who))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    found = Floor(pbx, house, {name: client(who) for name, who in PEOPLE.items()})
    try:
        await found.until(lambda: house.engine.memberships(AgentId(AGENT)))
        yield found
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in found.clients.values():
            await each.aclose()


async def test_from_the_wish_over_the_switch_to_the_return(floor: Floor) -> None:
    told = await floor.act("agent", "break.request", kind="prayer", note="noon")
    assert told.status_code == 200, told.text
    id = told.json()["break_id"]

    # Both leads see it, and what granting it would do; the agent does not.
    effects = (await floor.clients["song"].get("/api/v1/breaks/effects")).json()
    assert id in effects["breaks"]
    assert (await floor.clients["agent"].get("/api/v1/breaks/effects")).status_code == 403

    # Two leads press at once: one acts, and the other is told who was faster.
    first, second = await asyncio.gather(
        floor.act("song", "break.grant", break_id=id), floor.act("lin", "break.grant", break_id=id)
    )
    assert sorted((first.status_code, second.status_code)) == [200, 409]
    loser, winner = (second, "Song Jia") if second.status_code == 409 else (first, "Lin Yue")
    assert (loser.json()["done"], loser.json()["by"]) == ("granted", winner)
    assert winner in loser.json()["detail"]

    # Carried out once, with the word this switch has for it.
    await floor.until(lambda: floor.members() == {(True, "祷告")})
    await floor.until(lambda: floor.item(id).get("state") in ("running", "granted"))
    assert len([c for c in floor.house.engine.commands() if c.name == "agent.pause"]) == 1
    await floor.until(lambda: floor.item(id).get("state") == "running")
    assert [each["state"] for each in floor.item(id)["commands"]] == ["confirmed"]

    # Over-run, by the floor's clock; then called back and made ready at the switch.
    await floor.until(lambda: floor.house.clock.now() > floor.item(id)["due"] + 5)
    assert floor.item(id)["state"] == "running"
    called = await floor.act("lin", "break.end", break_id=id, resume=True)
    assert called.status_code == 200, called.text
    await floor.until(lambda: not any(paused for paused, _ in floor.members()))
    await floor.until(lambda: floor.item(id).get("state") == "ended")
    over = floor.item(id)
    assert over["ended"] - over["began"] > 60
    assert (over["how"], over["caller"]["name"]) == ("back", "Lin Yue")

    # The budget is used up: the next wish says so, and a grant needs a second thought.
    again = (await floor.act("agent", "break.request", kind="prayer")).json()
    assert [each["what"] for each in again["against"]] == ["quota_times"]
    refused = await floor.act("song", "break.grant", break_id=again["break_id"])
    assert (refused.status_code, refused.json()["done"]) == (409, "against")
    mine = (await floor.clients["agent"].get("/api/v1/breaks/today")).json()["breaks"]
    assert set(mine) == {id, again["break_id"]}


async def test_somebody_is_moved_and_moved_back(floor: Floor) -> None:
    # Only who was added by hand can be taken out of a queue: this one is lent to another first, and that is undone.
    agent, board = "1001", floor.house.engine
    served = sorted({post.queue for post in board.memberships(AgentId(agent)) or ()})
    known = sorted(f"pbx1/{queue.name}" for queue in floor.pbx.floor.queues())
    first, to = [queue for queue in known if queue not in served][:2]

    def serves() -> set[str]:
        return {f"pbx1/{q.name}" for q in floor.pbx.floor.queues() for m in q.members if agent in m.interface}

    async def quiet() -> None:
        await floor.until(lambda: not any(c.is_open for c in board.commands()))

    lent = await floor.act("song", "move.make", agent=agent, from_queue=served[0], to_queue=first)
    await quiet()
    await floor.until(lambda: first in {post.queue for post in board.memberships(AgentId(agent)) or ()})
    states = {c.name: c.state for c in board.commands()}
    assert states == {"queue.add_member": "confirmed", "queue.remove_member": "refused"}  # a static member
    made = await floor.act("song", "move.make", agent=agent, from_queue=first, to_queue=to, reason="surge")
    assert made.status_code == 200, made.text
    await floor.until(lambda: to in serves() and first not in serves())
    await quiet()
    await floor.until(lambda: to in {post.queue for post in board.memberships(AgentId(agent)) or ()})

    move = made.json()["move_id"]
    assert (await floor.act("agent", "move.undo", move_id=move)).status_code == 403
    early = await floor.act("lin", "move.undo", move_id=lent.json()["move_id"])
    assert (early.status_code, early.json()["done"]) == (409, "changed")  # moved again since
    undone = await floor.act("lin", "move.undo", move_id=move)
    assert undone.status_code == 200, undone.text
    await floor.until(lambda: serves() == {*served, first})
    again = await floor.act("song", "move.undo", move_id=move)
    assert (again.status_code, again.json()["by"]) == (409, "Lin Yue")
