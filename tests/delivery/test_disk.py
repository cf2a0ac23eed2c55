"""A disk that fails stops no alert."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from ccwall.clock import ManualClock, SystemClock
from ccwall.delivery import Ok, Retry, rows
from ccwall.delivery.disk import TRY_AGAIN, Disk, Overrun
from ccwall.delivery.outbox import Outbox
from ccwall.history import store
from tests.delivery.making import NOW, Recorder, line, note
from tests.delivery.test_outbox import House, Inline


class Small:
    """A disk with room for so many pages; ``room`` may be changed at any time."""

    def __init__(self) -> None:
        self.room = 100_000
        self._open: list[sqlite3.Connection] = []

    def connect(self, path: Path) -> sqlite3.Connection:
        db = store.connect(path)
        db.execute(f"PRAGMA max_page_count = {self.room}")
        self._open.append(db)
        return db

    def fill(self) -> None:
        self.room = 1  # SQLite takes the number of pages there are
        for db in self._open:
            try:
                db.execute("PRAGMA max_page_count = 1")
            except sqlite3.ProgrammingError:
                continue  # closed

    def free(self) -> None:
        self.room = 100_000


async def test_on_a_full_disk_alerts_still_go_and_are_on_the_disk_when_there_is_room(tmp_path: Path) -> None:
    small, path = Small(), tmp_path / "outbox.sqlite"
    robot = Recorder(Ok(), Retry("down"))
    house = House(line(robot))
    house.disk = house.outbox._disk = Inline(path, house.clock.now, small.connect)
    async with house.running():
        await house.outbox.put(note("earlier"), ["robot"])
        await house.settle()
        await house.outbox.put(note("before"), ["robot"])
        small.fill()
        for number in range(40):  # until a page more is needed
            await house.outbox.put(note(f"{number}", text={"en": "x" * 1900}), ["robot"])
        assert house.outbox.problem == "the disk is full"
        await house.clock.advance(10)
        await house.settle()
        told = {"earlier", "before", *(f"{number}" for number in range(40))}
        assert set(robot.keys) == told
        for key in ("earlier", "before"):
            assert await house.outbox.put(note(key), ["robot"]) == []
        small.free()
        await house.clock.advance(TRY_AGAIN)
        await house.outbox.put(note("after"), ["robot"])
        assert house.outbox.problem == ""
        await house.clock.advance(1)
    again = Recorder()
    second = House(line(again), disk=Inline(path, house.clock.now))
    async with second.running():
        entries = await second.outbox.entries(100)
        assert {each.key for each in entries} == {*told, "after"}
        assert {each.state for each in entries} == {"sent"}
        assert again.told == []


async def test_what_was_not_taken_over_is_still_there_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_COPIED", 1)
    small = Small()
    house = House(line(Recorder(Retry("down", 800.0)), "away"), line(Recorder()))
    house.disk = house.outbox._disk = Inline(tmp_path / "outbox.sqlite", house.clock.now, small.connect)
    async with house.running():
        await house.outbox.put(note("waits"), ["away"])
        for number in range(4):
            await house.outbox.put(note(f"done {number}"), ["robot"])
        await house.settle()
        small.fill()
        for number in range(40):
            await house.outbox.put(note(f"{number}", text={"en": "x" * 1900}), ["robot"])
        assert house.outbox.problem
        await house.settle()
        small.free()
        await house.clock.advance(1000)
        assert house.outbox.problem == ""
        found = await house.outbox.entries(100)
        assert {each.key for each in found} == {
            "waits",
            *(f"done {n}" for n in range(4)),
            *(f"{n}" for n in range(40)),
        }
        assert {each.state for each in found} == {"sent"}


def set_aside(folder: Path) -> list[Path]:
    return list(folder.glob("outbox.sqlite.damaged-*"))


async def test_a_damaged_file_is_set_aside_and_alerts_still_go(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"no database at all" * 1000)
    robot = Recorder()
    house = House(line(robot), disk=Inline(path, lambda: NOW))
    async with house.running():
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(1)
        assert robot.keys == ["alert/1"]
        assert house.outbox.problem == ""
    assert set_aside(tmp_path)


async def test_a_folder_that_cannot_be_written_does_not_stop_alerts(tmp_path: Path) -> None:
    robot = Recorder()
    house = House(line(robot), disk=Inline(tmp_path / "nowhere" / "outbox.sqlite", lambda: NOW))
    async with house.running():
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(1)
        assert robot.keys == ["alert/1"]
        assert house.outbox.problem


async def test_with_a_real_file_and_a_real_clock_it_is_on_the_disk_when_put_returns(tmp_path: Path) -> None:
    path, clock, robot = tmp_path / "outbox.sqlite", SystemClock(), Recorder()
    over = asyncio.Event()
    outbox = Outbox(Disk(path, clock.now), {"robot": line(robot)}, clock, told=lambda _: over.set())
    await outbox.put(note(), ["robot"])
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT key, state FROM entry").fetchall() == [("alert/1", "waiting")]
    db.close()
    tasks = [asyncio.create_task(work) for _, work in outbox.jobs()]
    async with asyncio.timeout(20):
        await over.wait()
    assert (await outbox.entries())[0].state == "sent"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await outbox.close()
    with pytest.raises(Overrun):
        await outbox.put(note("2"), ["robot"])
    assert path.stat().st_mode & 0o077 == 0


async def test_another_that_holds_the_file_does_not_stop_alerts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY", 0.05)
    clock, robot, path = ManualClock(NOW), Recorder(), tmp_path / "outbox.sqlite"
    disk = Inline(path, clock.now)
    outbox = Outbox(disk, {"robot": line(robot)}, clock)
    await outbox.put(note("1"), ["robot"])
    thief = sqlite3.connect(path, isolation_level=None)
    thief.execute("BEGIN IMMEDIATE")
    assert await outbox.put(note("2"), ["robot"]) == ["robot"]
    assert "locked" in outbox.problem
    thief.execute("ROLLBACK")
    thief.close()
    await clock.advance(TRY_AGAIN)
    assert {each.key for each in await outbox.entries()} == {"1", "2"}
    assert outbox.problem == ""
    await outbox.close()
