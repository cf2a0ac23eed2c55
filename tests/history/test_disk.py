"""A disk that fails stops the recording and nothing else; what was said to be safe is safe; afterwards all is whole."""

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Literal

import pytest

from ccwall.errors import NotRecorded
from ccwall.events import RecordingResumed, RecordingStopped
from ccwall.history import store
from ccwall.history.opening import JOURNAL
from ccwall.history.reserve import Reserve
from tests.engine.journal import NOON, queued
from tests.history.desk import Desk, begun, brisk, desk, folded, kept, rows_of, seqs
from tests.history.faults import Faults

INSERT = "INSERT INTO event"


def whole(folder: Path) -> None:
    """Nothing is damaged, and no number is missing or twice."""
    with closing(sqlite3.connect(folder / JOURNAL)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = seqs(folder)
    assert found == list(range(1, len(found) + 1))


# ── what people see ──


async def test_a_failing_disk_is_told_and_nothing_of_what_happened_meanwhile_is_missing(
    tmp_path: Path,
) -> None:
    faults = Faults(at=3, lasting=8, only=INSERT)
    async with desk(tmp_path, connect=faults.connect) as here:
        await here.journal.wait(here.take(*begun()))
        await here.journal.wait(here.take(queued(NOON)))
        here.visits(2)
        await here.until(lambda: here.words)
        assert here.journal.status().state == "stopped"
        here.visits(2)
        await here.until(lambda: here.words == ["recording.stopped", "recording.resumed"])
        assert here.journal.status().state == "on"
        await here.journal.wait(here.intake.seq)
    stopped, resumed = here.told
    assert isinstance(stopped, RecordingStopped)
    assert stopped.reason == "error"
    assert isinstance(resumed, RecordingResumed)
    assert resumed.missing == 0
    assert faults.fired == 8
    assert kept(tmp_path) == here.taken
    whole(tmp_path)


async def test_a_disk_that_hangs_is_told_while_it_hangs(tmp_path: Path) -> None:
    hang = asyncio.Event()

    class Hanging(Faults):
        def _do(self, sql, work):  # type: ignore[no-untyped-def]  # as its base
            if INSERT in sql and self.calls == -1:
                asyncio.run_coroutine_threadsafe(hang.wait(), loop).result()
            return work()

    loop, faults = asyncio.get_running_loop(), Hanging()
    async with desk(tmp_path, brisk(slow=0.1), connect=faults.connect) as here:
        await here.journal.wait(here.take(*begun()))
        faults.calls = -1
        here.visits(1)
        await here.until(lambda: here.words == ["recording.stopped"])
        assert here.journal.status().reason == "slow"
        hang.set()
        await here.until(lambda: here.journal.status().state == "on")
    assert kept(tmp_path) == here.taken


async def test_what_did_not_fit_is_counted_and_a_snapshot_stands_in_for_it(tmp_path: Path) -> None:
    faults = Faults(only=INSERT)
    async with desk(tmp_path, brisk(most=50), connect=faults.connect) as here:
        await here.journal.wait(here.take(*begun()))
        faults.at, faults.lasting = faults.calls + 1, 20
        first = here.visits(1)
        waiting = asyncio.create_task(here.journal.wait(first))
        await here.until(lambda: here.words)
        last = here.visits(40)
        with pytest.raises(NotRecorded):
            await here.journal.wait(last)
        await here.until(lambda: here.journal.status().state == "on")
        await waiting
        ((covered,),) = rows_of(tmp_path, "SELECT max(seq) FROM snapshot")
        assert int(str(covered)) >= last
        after = here.visits(1)
        await here.journal.wait(after)
        dump = here.engine.dump()
    resumed = here.told[-1]
    assert isinstance(resumed, RecordingResumed)
    found = seqs(tmp_path)
    assert resumed.missing == after - len(found) > 50
    with pytest.raises(NotRecorded):
        await here.journal.wait(last)
    async with desk(tmp_path) as again:
        assert again.engine.dump() == dump
        assert again.intake.seq == after


async def test_a_queue_that_fills_although_the_disk_works_is_told(tmp_path: Path) -> None:
    async with desk(tmp_path, brisk(most=30)) as here:
        await here.journal.wait(here.take(*begun()))
        here.visits(100)  # before the writer has a turn
        await here.until(lambda: here.words == ["recording.stopped", "recording.resumed"])
        stopped, resumed = here.told
        assert isinstance(stopped, RecordingStopped)
        assert stopped.reason == "slow"
        assert isinstance(resumed, RecordingResumed)
        assert resumed.missing > 200
        dump = here.engine.dump()
    async with desk(tmp_path) as again:
        assert again.engine.dump() == dump


# ── full ──


class Quota:
    """A file that may not grow beyond so many pages."""

    def __init__(self, pages: int) -> None:
        self.pages = pages

    def connect(self, path: Path) -> sqlite3.Connection:
        connection = store.connect(path)
        connection.execute(f"PRAGMA page_size = {store.PAGE}")
        connection.execute(f"PRAGMA max_page_count = {self.pages}")
        return connection


async def test_a_full_disk_is_told_once_and_when_there_is_room_all_of_it_is_written(tmp_path: Path) -> None:
    quota = Quota(60)
    async with desk(tmp_path, connect=quota.connect) as here:
        here.take(*begun())
        await _fill(here)
        assert here.journal.status().reason == "full"
        assert [event.reason for event in here.told if isinstance(event, RecordingStopped)] == ["full"]
        here.visits(10)
        await asyncio.sleep(0.3)
        assert here.words == ["recording.stopped"]
        quota.pages = 10_000
        await here.until(lambda: here.words == ["recording.stopped", "recording.resumed"])
        await here.journal.wait(here.intake.seq)
    assert kept(tmp_path) == here.taken
    whole(tmp_path)


async def test_a_queue_that_fills_while_the_disk_is_full_changes_nothing_of_what_was_told(
    tmp_path: Path,
) -> None:
    quota = Quota(60)
    async with desk(tmp_path, brisk(most=200), connect=quota.connect) as here:
        here.take(*begun())
        await _fill(here)
        for _ in range(5):
            here.visits(100)
            await asyncio.sleep(0.05)
        assert here.words == ["recording.stopped"]
        assert here.journal.status().reason == "full"
        quota.pages = 10_000
        await here.until(lambda: here.words == ["recording.stopped", "recording.resumed"])
        resumed = here.told[-1]
        assert isinstance(resumed, RecordingResumed)
        assert resumed.missing > 1000
        dump = here.engine.dump()
    async with desk(tmp_path) as again:
        assert again.engine.dump() == dump


async def _fill(here: Desk) -> None:
    """The disk, not the queue before it: nothing more is given before what there was is written, or could not be."""
    while not here.words:
        here.visits(20)
        await here.until(lambda: here.words or not here.journal.status().pending)


async def test_what_was_held_back_is_given_up_to_say_what_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reserve is room; here the disk has as much as the reserve was."""
    quota = Quota(60)
    free = Reserve.free

    def gives(self: Reserve) -> None:
        free(self)
        quota.pages = max(quota.pages, 100)  # and no more, until somebody made room

    monkeypatch.setattr(Reserve, "free", gives)
    async with desk(tmp_path, connect=quota.connect) as here:
        here.take(*begun())
        assert not (tmp_path / "reserve").exists()
        await here.until((tmp_path / "reserve").exists)
        await _fill(here)
        stopped = here.intake.seq
        while not any(envelope.event == here.told[0] for envelope in here.taken):
            await asyncio.sleep(0.01)
        await here.until(
            lambda: "recording.stopped" in {row[0] for row in rows_of(tmp_path, "SELECT type FROM event")}
        )
        assert max(seqs(tmp_path)) >= stopped
        await asyncio.sleep(0.2)  # ten attempts
        assert here.words == ["recording.stopped"]
        quota.pages = 1000
        await here.until(lambda: here.journal.status().state == "on")
    whole(tmp_path)


async def test_a_full_disk_at_the_start_shows_the_day_and_says_that_nothing_is_recorded(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
        here.visits(10)
        dump = here.engine.dump()
    faults = Faults(sqlite3.SQLITE_FULL, at=1, lasting=10**9)
    async with desk(tmp_path, connect=faults.connect) as again:
        assert again.engine.dump() == dump
        assert again.journal.status().state == "stopped"
        assert isinstance(again.journal.first_word(), RecordingStopped)
        again.visits(3)
        faults.at = 0
        await again.until(lambda: again.journal.status().state == "on")
        await again.journal.wait(again.intake.seq)
    assert seqs(tmp_path) == list(range(1, again.intake.seq + 1))


async def test_a_journal_that_cannot_even_be_read_is_set_aside_when_the_disk_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
    faults = Faults(sqlite3.SQLITE_IOERR, at=1, lasting=10**9)
    monkeypatch.setattr(store, "look", faults.connect)
    async with desk(tmp_path, connect=faults.connect) as again:
        assert again.intake.seq == 0
        again.take(*begun())
        again.visits(3)
        dump = again.engine.dump()
        faults.at = 0
        await again.until(lambda: again.journal.status().state == "on")
        await again.journal.wait(again.intake.seq)
        dump = again.engine.dump()
    monkeypatch.undo()
    assert seqs(tmp_path) == list(range(1, again.intake.seq + 1))
    (aside,) = (each for each in tmp_path.iterdir() if ".damaged-" in each.name and each.name.endswith("Z"))
    with closing(store.look(aside)) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (4,)
    async with desk(tmp_path) as third:
        assert third.engine.dump() == dump


@pytest.mark.skipif(sys.platform == "win32", reason="there is no RLIMIT_FSIZE")
async def test_on_a_disk_that_takes_no_more_bytes_the_wall_goes_on(tmp_path: Path) -> None:
    """Not by SQLite's word: the system itself refuses to let any file grow."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.history.small_disk", str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    out, errors = await child.communicate()
    assert child.returncode == 0, errors.decode()
    told = json.loads(out.decode().splitlines()[-1])
    assert told["stood"] == "stopped"
    assert told["told"] == ["recording.stopped", "recording.resumed"] * (len(told["told"]) // 2)
    assert told["safe"] < told["taken"]
    assert told["shown"] * 3 <= told["taken"] <= told["shown"] * 3 + 10
    assert seqs(tmp_path) == list(range(1, told["taken"] + 1))
    whole(tmp_path)


# ── every call, one after the other ──


async def _day(folder: Path, faults: Faults) -> tuple[Desk, int]:
    """Some traffic and everything the writer does beside; the last number that was said to be safe."""
    safe = 0
    async with desk(folder, brisk(snapshot_after=4, beat=0.001, pauses=(0.0,)), faults.connect) as here:
        here.take(*begun())
        for _ in range(4):
            async with asyncio.timeout(10):
                await here.journal.wait(last := here.visits(1))
            safe = last
            await asyncio.sleep(0.004)
    return here, safe


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("code", "when"),
    [
        pytest.param(sqlite3.SQLITE_IOERR, "before", id="io"),
        pytest.param(sqlite3.SQLITE_IOERR, "after", id="io-although-done"),
        pytest.param(sqlite3.SQLITE_FULL, "before", id="full"),
        pytest.param(sqlite3.SQLITE_CORRUPT, "before", id="damaged"),
        pytest.param(sqlite3.SQLITE_BUSY, "before", id="busy"),
    ],
)
async def test_whichever_call_fails_nothing_said_to_be_safe_is_missing(
    tmp_path: Path, code: int, when: Literal["before", "after"]
) -> None:
    number = 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        faults = Faults(code, at=number, when=when)
        here, safe = await _day(folder, faults)
        if not faults.fired:
            break
        whole(folder)
        assert kept(folder) == here.taken, number
        assert len(here.taken) >= safe
        assert folded(kept(folder)).dump() == here.engine.dump(), number
    assert number > 40
