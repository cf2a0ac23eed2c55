"""A writer that is cancelled is over when it says so: its thread has ended and its file is free."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ccwall.clock import SystemClock
from ccwall.config import SITE
from ccwall.history import open_folder, store
from ccwall.history.connecting import connected
from ccwall.history.opening import JOURNAL
from tests.history.desk import BRISK


class Slow:
    """A disk that takes as long as the test wants."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.opened: list[sqlite3.Connection] = []

    def connect(self, path: Path) -> sqlite3.Connection:
        self.begun.set()
        assert self.go_on.wait(20)
        self.opened.append(store.connect(path))
        return self.opened[-1]


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def left_of(before: set[threading.Thread]) -> set[threading.Thread]:
    """Threads that are of nobody's pool."""
    return {each for each in threading.enumerate() if each not in before and "asyncio" not in each.name}


async def cancelled_while_opening(run: Callable[[], asyncio.Task[None]], slow: Slow) -> None:
    before = set(threading.enumerate())
    writer = run()
    assert await asyncio.to_thread(slow.begun.wait, 20)
    writer.cancel()
    await asyncio.sleep(0.05)
    assert not writer.done()  # its thread is still in the file
    slow.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writer
    assert all(map(is_closed, slow.opened))
    for each in left_of(before):
        each.join(20)  # it has nothing to do any more
    assert not left_of(before)


async def test_who_is_cancelled_while_it_opens_waits_for_its_thread(tmp_path: Path) -> None:
    slow = Slow()

    async def opens() -> None:
        async with connected(partial(slow.connect, tmp_path / "file")):
            raise AssertionError("it was cancelled")

    await cancelled_while_opening(lambda: asyncio.create_task(opens()), slow)


async def test_a_journal_that_is_killed_at_once_leaves_no_thread_behind(tmp_path: Path) -> None:
    slow = Slow()
    slow.go_on.set()
    opened = open_folder(tmp_path, SystemClock(), SITE, BRISK, slow.connect)
    slow.go_on.clear()
    slow.begun.clear()
    await cancelled_while_opening(lambda: asyncio.create_task(opened.journal.run()), slow)
    opened.lock.release()
    assert (tmp_path / JOURNAL).exists()


async def test_what_cannot_be_opened_says_why_and_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())

    def broken() -> sqlite3.Connection:
        raise sqlite3.OperationalError("no such disk")

    with pytest.raises(sqlite3.OperationalError, match="no such disk"):
        async with connected(broken):
            raise AssertionError("it cannot be")
    assert not left_of(before)


async def test_an_error_within_closes_it(tmp_path: Path) -> None:
    kept: list[sqlite3.Connection] = []

    def opened() -> sqlite3.Connection:
        kept.append(store.connect(tmp_path / "file"))
        return kept[-1]

    async def fails() -> None:
        async with connected(opened) as db:
            await db.execute("CREATE TABLE a (b)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert is_closed(kept[0])
