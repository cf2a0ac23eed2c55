"""A wall on a living Asterisk link: real sockets, the real supervisor, the whole house; and its bad days.

Promises in seconds are checked once here, in real time, with threefold slack.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest

from ccwall.clock import SystemClock
from ccwall.config import load
from ccwall.house import House
from tests.integration.manager import Manager

CONFIG = """
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{port}"
username = "wallboard"
secret = {{ env = "CCWALL_TEST_SECRET" }}
silent_after = "{silent}"
ping_every = "100ms"
"""


class Wall:
    """A house with one source, and its board as a screen would see it."""

    def __init__(self, house: House) -> None:
        self.house = house

    @property
    def board(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.house.engine.board(self.house.clock.now()))

    @property
    def source(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.board["sources"]["pbx1"])

    @property
    def queue(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.board["queues"]["pbx1/consult"])

    async def until(self, true: Callable[[], bool], within: float = 9.0) -> None:
        try:
            async with asyncio.timeout(within):
                while not true():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            pytest.fail(f"not within {within} s; the board says {self.board}")

    async def live(self) -> None:
        await self.until(lambda: self.board["sources"].get("pbx1", {}).get("state") == "live")


Build = Callable[..., Wall]


@pytest.fixture
async def build(manager: Manager, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Build]:
    tasks: list[asyncio.Task[None]] = []

    def make(secret: str = "s3cret", silent: str = "10s") -> Wall:
        monkeypatch.setenv("CCWALL_TEST_SECRET", secret)
        file = tmp_path / "ccwall.toml"
        file.write_text(CONFIG.format(port=manager.port, silent=silent))
        config = load(file)
        house = House(config, SystemClock())
        house.begin()
        tasks.extend(asyncio.create_task(house.supervise(source).run()) for source in config.sources)
        return Wall(house)

    yield make
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_call_goes_from_the_socket_to_the_board(manager: Manager, build: Build) -> None:
    manager.waiting = ["7.7"]
    wall = build()
    await wall.live()
    assert {agent["name"] for agent in wall.board["agents"].values()} == {"Wang Fang", "Li Na"}
    assert (wall.queue["waiting"], wall.queue["ready"]) == (1, 2)
    manager.caller("QueueCallerJoin", "1.1")
    await wall.until(lambda: wall.queue["waiting"] == 2)
    manager.caller("QueueCallerLeave", "1.1")
    manager.caller("AgentConnect", "1.1", Interface="PJSIP/1001", MemberName="Wang Fang", DestUniqueid="1.9")
    await wall.until(lambda: wall.queue["talking"] == 1)
    assert wall.board["agents"]["pbx1/PJSIP/1001"]["state"] == "talking"


async def test_a_killed_pbx_is_seen_and_what_it_lost_is_lost_when_it_is_back(
    manager: Manager, build: Build
) -> None:
    wall = build()
    await wall.live()
    for uid in ("1.1", "1.2"):
        manager.caller("QueueCallerJoin", uid)
    await wall.until(lambda: wall.queue["waiting"] == 2)
    await manager.kill()
    await wall.until(lambda: wall.source["state"] in ("down", "connecting"), within=9.0)
    manager.waiting = ["1.1"]
    await manager.start()
    await wall.until(lambda: wall.source["state"] == "live", within=30.0)
    await wall.until(lambda: wall.queue["lost"] == 1)
    assert wall.queue["waiting"] == 1
    assert wall.board["incomplete"][0][0] == "pbx1"


async def test_a_link_that_stands_and_says_nothing_is_given_up(manager: Manager, build: Build) -> None:
    wall = build(silent="500ms")
    await wall.live()
    manager.fall_silent()
    await wall.until(lambda: wall.source["state"] in ("down", "silent", "connecting"))
    await wall.until(lambda: wall.source["state"] == "live")
    assert manager.logins >= 2


async def test_a_wrong_secret_is_red_on_the_wall_and_tried_once(manager: Manager, build: Build) -> None:
    wall = build(secret="wrong")
    await wall.until(lambda: wall.board["sources"].get("pbx1", {}).get("state") == "refused")
    assert "wallboard" in wall.source["detail"]
    assert manager.logins == 0
