"""Every fact is on the disk when it is said to be, in order, readable by hand, and the state comes back from it."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ccwall.clock import SystemClock
from ccwall.config import SITE
from ccwall.errors import JournalError, NotRecorded
from ccwall.events import ContactQueued, Principal, SourceId
from ccwall.history import open_folder
from ccwall.history.habits import Habits
from ccwall.history.opening import JOURNAL
from tests.engine.journal import NOON, PBX, queued
from tests.history.desk import begun, brisk, desk, folded, kept, rows_of, seqs


async def test_what_was_taken_is_read_back_as_it_was(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
        here.visits(50)
    assert kept(tmp_path) == here.taken


async def test_the_number_committed_is_on_the_disk_already(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
        for _ in range(20):
            last = here.visits(3)
            await here.journal.wait(last)
            assert here.journal.committed >= last
            assert max(seqs(tmp_path)) >= last


async def test_a_body_is_read_by_hand(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.intake.take(
            SourceId("pbx1"),
            [ContactQueued(at=NOON, contact="c1", queue="pbx1/咨询", caller="138")],  # type: ignore[arg-type]  # ids
            NOON,
            Principal(id="u1", role="lead", name="王芳"),
        )
    ((body, actor, kind),) = rows_of(tmp_path, "SELECT body, actor, type FROM event WHERE seq = 1")
    assert json.loads(str(body))["queue"] == "pbx1/咨询"
    assert json.loads(str(actor)) == {"id": "u1", "role": "lead", "name": "王芳"}
    assert kind == "contact.queued"


async def test_an_idle_writer_commits_at_once_and_a_busy_one_in_groups(tmp_path: Path) -> None:
    async with desk(tmp_path, Habits()) as here:
        await here.journal.wait(here.take(*begun()))
        began = asyncio.get_running_loop().time()
        await here.journal.wait(here.take(queued(NOON)))
        alone = asyncio.get_running_loop().time() - began
        for _ in range(200):
            here.visits(20)
            await asyncio.sleep(0)
        await here.journal.wait(here.intake.seq)
        both = asyncio.get_running_loop().time() - began
    assert alone < 0.5
    assert both < 10.0
    assert seqs(tmp_path) == list(range(1, here.intake.seq + 1))


async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
        here.visits(40)
        before, dump = here.engine.board(NOON + 300), here.engine.dump()
    async with desk(tmp_path) as again:
        assert again.engine.board(NOON + 300) == before
        assert again.engine.dump() == dump
        assert again.intake.seq == here.intake.seq
        again.visits(5)
    assert seqs(tmp_path) == list(range(1, again.intake.seq + 1))


async def test_a_start_from_a_snapshot_is_a_start_from_the_beginning(tmp_path: Path) -> None:
    async with desk(tmp_path, brisk(snapshot_after=100)) as here:
        here.take(*begun())
        for _ in range(10):
            here.visits(30)
            await asyncio.sleep(0.05)
    async with desk(tmp_path) as again:
        assert again.opened.past.base > 0
        assert again.engine.dump() == folded(kept(tmp_path)).dump()


async def test_only_the_newest_snapshots_are_kept(tmp_path: Path) -> None:
    async with desk(tmp_path, brisk(snapshot_after=10)) as here:
        here.take(*begun())
        for _ in range(8):
            await here.journal.wait(here.visits(10))
            await asyncio.sleep(0.08)
    assert len(rows_of(tmp_path, "SELECT seq FROM snapshot")) == 3


async def test_no_snapshot_is_kept_before_the_facts_in_it(tmp_path: Path) -> None:
    """A crash between the two would leave a state that its journal cannot explain."""
    early: list[int] = []

    class Watching(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # as sqlite3 has it
            if "INTO snapshot" in sql:
                (last,) = super().execute("SELECT max(seq) FROM event").fetchone()
                early.append(parameters[0] - last)
            return super().execute(sql, parameters)

    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Watching)

    async with desk(tmp_path, brisk(snapshot_after=5, beat=0.001), connect) as here:
        here.take(*begun())
        async with asyncio.timeout(30):
            while len(early) <= 10:
                here.visits(1)
                await asyncio.sleep(0.002)
    assert max(early) <= 0


async def _with_snapshots(folder: Path) -> None:
    async with desk(folder, brisk(snapshot_after=10)) as here:
        here.take(*begun())
        for _ in range(6):
            await here.journal.wait(here.visits(10))
            await asyncio.sleep(0.08)


@pytest.mark.parametrize("state", ["'no blob'", "x'00'", "(SELECT state FROM snapshot ORDER BY seq LIMIT 1)"])
async def test_of_a_damaged_snapshot_the_next_older_is_used(tmp_path: Path, state: str) -> None:
    await _with_snapshots(tmp_path)
    *_, (second,), (newest,) = rows_of(tmp_path, "SELECT seq FROM snapshot ORDER BY seq")
    with closing(sqlite3.connect(tmp_path / JOURNAL)) as connection, connection:
        connection.execute(f"UPDATE snapshot SET state = {state} WHERE seq = ?", (newest,))
    async with desk(tmp_path) as again:
        assert again.opened.past.base == second
        assert again.engine.dump() == folded(kept(tmp_path)).dump()


async def test_of_snapshots_of_another_release_none_is_used(tmp_path: Path) -> None:
    await _with_snapshots(tmp_path)
    with closing(sqlite3.connect(tmp_path / JOURNAL)) as connection, connection:
        connection.execute("UPDATE snapshot SET shape = 'another'")
    async with desk(tmp_path) as again:
        assert (again.opened.past.base, len(again.opened.past.refused)) == (0, 3)
        assert again.engine.dump() == folded(kept(tmp_path)).dump()


async def test_the_house_knows_when_it_last_lived(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
        begun_at = here.opened.journal._clock.now()

        def said() -> float:
            ((lived, ended),) = rows_of(tmp_path, "SELECT max(lived), max(ended) FROM run")
            assert ended is None
            return float(str(lived or 0.0))

        await here.until(lambda: said() > begun_at + 0.1)
        assert said() <= here.opened.journal._clock.now()
    async with desk(tmp_path) as again:
        assert again.opened.past.ended
        assert again.opened.past.run > 0


async def test_it_last_lived_when_it_last_heard_whatever_was_numbered_after(tmp_path: Path) -> None:
    """A fact that took a while to be made is numbered after a younger one; one of before the clock was set back is none."""
    async with desk(tmp_path) as here:
        for received in (NOON + 3600.0, NOON + 0.5, NOON + 0.9, NOON + 0.2):
            here.intake.take(PBX, [queued(NOON, f"c{received}")], received)
        await here.journal.wait(here.intake.seq)
    with closing(sqlite3.connect(tmp_path / JOURNAL)) as connection, connection:
        connection.execute("UPDATE run SET lived = 0")
    async with desk(tmp_path) as again:
        assert again.opened.past.lived == NOON + 0.9


async def test_two_cannot_write_one_journal(tmp_path: Path) -> None:
    async with desk(tmp_path):
        with pytest.raises(JournalError, match="another running ccwall"):
            open_folder(tmp_path, SystemClock(), SITE)
    async with desk(tmp_path):
        pass


async def test_a_newer_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
    with closing(sqlite3.connect(tmp_path / JOURNAL)) as connection, connection:
        connection.execute("UPDATE format SET version = 99")
        connection.execute("PRAGMA user_version = 99")
    before = (tmp_path / JOURNAL).read_bytes()
    with pytest.raises(JournalError, match="newer ccwall"):
        open_folder(tmp_path, SystemClock(), SITE)
    assert (tmp_path / JOURNAL).read_bytes() == before


async def test_waiting_ends_with_the_writer(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        waiting = asyncio.create_task(here.journal.wait(10**9))
        await asyncio.sleep(0.01)
    with pytest.raises(NotRecorded):
        await waiting
    with pytest.raises(NotRecorded):
        await here.journal.wait(10**9)


async def test_the_same_number_twice_is_kept_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.take(*begun())
        here.journal.append(here.taken[1])
        here.visits(1)
    assert kept(tmp_path) == here.taken
