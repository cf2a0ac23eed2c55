"""Old facts go in small steps while new ones come; the log of the file stays small."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from ccwall.clock import SystemClock
from ccwall.config import HOUSE, SITE
from ccwall.events import ConfigApplied, Policy
from ccwall.history import Habits, open_folder, recording, retention, store
from ccwall.history.opening import JOURNAL
from tests.engine.journal import queued
from tests.history.desk import BRISK, Desk, brisk, desk, kept, rows_of

DAY = 86_400.0


async def test_what_is_too_old_goes_and_what_was_configured_then_stays(tmp_path: Path) -> None:
    now = SystemClock().now()
    async with desk(tmp_path, brisk(keep=1e12)) as here:
        here.now = now - 20 * DAY
        here.take(ConfigApplied(at=here.now, hash="first", policy=Policy()), source=HOUSE)
        for day in range(20, -1, -1):
            here.now = now - day * DAY
            if day == 15:
                here.take(ConfigApplied(at=here.now, hash="second", policy=Policy()), source=HOUSE)
            here.take(*(queued(here.now, f"d{day}/{number}") for number in range(50)))
    async with desk(tmp_path, brisk(keep=10.5 * DAY)) as here:
        await here.until(
            lambda: len(rows_of(tmp_path, "SELECT seq FROM event WHERE received < ?", now - 11 * DAY)) == 1
        )
    first, *rest = kept(tmp_path)
    assert isinstance(first.event, ConfigApplied)
    assert first.event.hash == "second"
    assert len(rest) == 11 * 50
    assert min(each.received for each in rest) >= now - 10.5 * DAY


async def test_a_purge_under_load_stops_nobody_and_the_log_stays_small(tmp_path: Path) -> None:
    now = SystemClock().now()
    async with desk(tmp_path, Habits()) as here:
        here.now = now - 500 * DAY
        for number in range(30_000):
            here.take(queued(here.now, f"old{number}"))
            if number % 1000 == 0:
                await here.journal.wait(here.intake.seq)
    old = len(kept(tmp_path))  # a slow first life has purged some of them itself
    largest, longest, loop = 0, 0.0, asyncio.get_running_loop()
    steps: list[int] = []

    class Counting(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # as sqlite3 has it
            done = super().execute(sql, parameters)
            if sql.startswith("DELETE FROM event"):
                steps.append(done.rowcount)
            return done

    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Counting)

    async with desk(tmp_path, BRISK, connect) as here:
        here.now = now
        turn = 0
        while rows_of(tmp_path, "SELECT 1 FROM event WHERE received < ? LIMIT 1", now - 401 * DAY):
            turn += 1
            for number in range(100):
                here.take(queued(now, f"new{turn}/{number}"))
            began = loop.time()
            await here.journal.wait(here.intake.seq)
            longest = max(longest, loop.time() - began)
            largest = max(largest, (tmp_path / f"{JOURNAL}-wal").stat().st_size)
            assert turn < 2000
    assert turn > 1
    assert max(steps) <= retention.STEP
    assert sum(steps) == old > retention.STEP
    assert longest < 3.0
    assert largest < 16 * 1024 * 1024
    assert len([each for each in kept(tmp_path) if each.received >= now]) == turn * 100


async def test_the_log_grows_beside_a_long_reader_and_shrinks_when_it_is_gone(tmp_path: Path) -> None:
    opened = open_folder(tmp_path, SystemClock(), SITE, BRISK)
    log = tmp_path / f"{JOURNAL}-wal"
    async with recording(opened):
        here = Desk(opened)
        await here.journal.wait(here.visits(10))
        reader = store.look(tmp_path / JOURNAL)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event").fetchone()
        for _ in range(40):
            await here.journal.wait(here.visits(300))
        grown = log.stat().st_size
        reader.close()
        for _ in range(30):
            await here.journal.wait(here.visits(300))
        after = log.stat().st_size
        assert grown > 5 * 1024 * 1024
        assert after < grown * 1.2
        assert here.journal.status().state == "on"
