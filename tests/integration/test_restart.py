"""ccwall dies in mid-day and comes back: the day is there, the outage is marked, and nobody is counted twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from ccwall.clock import SystemClock
from ccwall.config import Config, load
from ccwall.events import ContactQueued, SourceDown
from ccwall.history import Opened
from ccwall.house import House
from ccwall.main.serve import open_journal
from tests.history.desk import kept
from tests.integration.manager import Manager

CONFIG = """
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{port}"
username = "wallboard"
secret = {{ env = "CCWALL_TEST_SECRET" }}
ping_every = "100ms"
"""


@pytest.fixture
def config(manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("CCWALL_TEST_SECRET", "s3cret")
    file = tmp_path / "ccwall.toml"
    file.write_text(CONFIG.format(port=manager.port))
    return load(file)


class Life:
    """One life of a ccwall."""

    def __init__(self, house: House, opened: Opened) -> None:
        self.house, self.opened = house, opened

    @property
    def board(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.house.engine.board(self.house.clock.now()))

    @property
    def queue(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.board["queues"].get("pbx1/consult", {}))

    async def until(self, true: Any) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.01)

    async def live(self) -> None:
        await self.until(lambda: self.board["sources"]["pbx1"]["state"] == "live")


@asynccontextmanager
async def life(config: Config) -> AsyncIterator[Life]:
    """It ends as by kill -9: nothing is said, nothing is written."""
    clock = SystemClock()
    opened = open_journal(config, clock)
    assert opened is not None
    house = House(config, clock, history=opened)
    house.begin()
    work = [opened.journal.run(), *(house.supervise(source).run() for source in config.sources)]
    assert opened.wire is not None
    work.append(opened.wire.run())
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield Life(house, opened)
    finally:
        tasks[0].cancel()  # before the others say goodbye
        await asyncio.gather(tasks[0], return_exceptions=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        opened.lock.release()


def as_counted(part: object) -> object:
    """Without what is worked out once in a while, and shown as of then: estimates, and what people do with their time."""
    if isinstance(part, dict):
        return {key: as_counted(value) for key, value in part.items() if key not in {"outlook", "people"}}
    return part


async def test_the_day_is_back_and_visits_go_on_under_their_names(manager: Manager, config: Config) -> None:
    folder = Path(config.file).parent / "journal"
    manager.waiting = ["7.7"]
    async with life(config) as first:
        await first.live()
        for uid in ("1.1", "1.2", "1.3"):
            manager.caller("QueueCallerJoin", uid)
        await first.until(lambda: first.queue.get("waiting") == 4)
        manager.caller("QueueCallerAbandon", "1.3")
        manager.caller("QueueCallerLeave", "1.3")
        await first.until(lambda: first.queue.get("waiting") == 3)
        await first.opened.journal.wait(first.house.intake.seq)
        now = first.house.clock.now()
        before = first.house.engine.board(now)

    again = open_journal(config, SystemClock())
    assert again is not None
    again.lock.release()
    assert as_counted(again.past.engine.board(now)) == as_counted(before)
    assert again.past.seq == len(kept(folder))

    manager.waiting = ["7.7", "1.1"]
    async with life(config) as second:
        assert second.board["sources"]["pbx1"]["reason"] == "house"
        ((source, start, end),) = second.board["incomplete"]
        assert (source, end) == ("pbx1", 0)
        assert now - 3 <= start <= now + 3
        await second.live()
        await second.until(lambda: second.queue["waiting"] == 2)
        assert second.queue["offered"] == 4
        manager.caller("QueueCallerJoin", "1.3")  # who gave up before the restart comes again: another visit
        await second.until(lambda: second.queue["offered"] == 5)
        ((_, _, end),) = second.board["incomplete"]
        assert end >= start
        await second.opened.journal.wait(second.house.intake.seq)
    found = kept(folder)
    assert [each.seq for each in found] == list(range(1, len(found) + 1))
    contacts = {each.event.contact for each in found if isinstance(each.event, ContactQueued)}
    assert len(contacts) == 5
    downs = [each.event for each in found if isinstance(each.event, SourceDown)]
    assert [down.reason for down in downs] == ["house"]


async def test_the_wall_says_that_it_is_recorded(manager: Manager, config: Config) -> None:
    async with life(config) as here:
        assert here.board["recording"]["state"] == "on"
        told = here.house.recording()
        assert told is not None
        await here.until(lambda: here.opened.journal.committed == here.house.intake.seq)


async def test_without_a_journal_nothing_is_said_of_recording(config: Config) -> None:
    house = House(config, SystemClock())
    house.begin()
    assert "recording" not in house.engine.board(house.clock.now())
    assert house.recording() is None
