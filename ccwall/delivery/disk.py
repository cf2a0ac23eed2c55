"""Where the outbox's rows are: in a file beside the journal, in memory without one, and in memory while the disk fails.

An alert is worth most when something is broken, so a full disk must not stop it: what is open is taken over into memory and
delivered from there, and written back when the file can be written again. What came meanwhile is lost in a crash, and what was
sent meanwhile may be sent once more after one.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog

from ccwall.delivery.rows import MOST_ROWS, Rows
from ccwall.errors import CcwallError, JournalError
from ccwall.history import rescue, store
from ccwall.history.reserve import is_full

T = TypeVar("T")
MOST_WAITING = 1000
"""Wishes that may wait for a slow disk."""
TRY_AGAIN = 30.0
"""Seconds between two tries to write to a file that could not be written."""
_TROUBLE = (sqlite3.Error, OSError, store.Damaged, JournalError)
_log = structlog.get_logger("ccwall.delivery")


class Overrun(CcwallError):
    """The disk does not keep up, or the outbox is closed: nothing was taken."""


class Disk:
    """``path`` None: in memory, and what is asked for is done at once."""

    def __init__(
        self,
        path: Path | None,
        now: Callable[[], float],
        connect: store.Connect = store.connect,
        most: int = MOST_ROWS,
    ) -> None:
        self._path, self._now, self._connect, self._most = path, now, connect, most
        self._rows: Rows | None = None
        self._standing_in = False
        self._condemned = False
        self._tried = float("-inf")
        self._waiting = 0
        self._closed = False
        self._thread = None if path is None else ThreadPoolExecutor(1, "outbox")
        self.problem = ""
        """Why what is told now is not on the disk; empty when it is."""

    async def do(self, job: Callable[[Rows], T]) -> T:
        """One after the other; done when this returns. Whoever stops waiting does not stop what was begun."""
        if self._closed:
            raise Overrun("ccwall is stopping")
        if self._thread is None:
            return self._run(job)
        if self._waiting >= MOST_WAITING:
            raise Overrun("the disk does not keep up with the outbox")
        self._waiting += 1
        begun = asyncio.get_running_loop().run_in_executor(self._thread, partial(self._run, job))
        begun.add_done_callback(self._ended)
        return await asyncio.shield(begun)

    async def close(self) -> None:
        """What waits is written; then nothing is taken any more."""
        if self._closed:
            return
        self._closed = True
        if self._thread is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._shut)
            self._thread.shutdown(wait=False)
        else:
            self._shut()

    def _ended(self, job: "asyncio.Future[Any]") -> None:
        self._waiting -= 1
        if not job.cancelled():
            job.exception()  # whoever waited has it

    # ── in the thread ──

    def _run(self, job: Callable[[Rows], T]) -> T:
        if self._standing_in and not 0 <= self._now() - self._tried < TRY_AGAIN:
            self._come_back()
        if self._rows is None:
            self._open()
        rows = self._rows
        assert rows is not None
        try:
            return job(rows)
        except _TROUBLE as error:
            if self._path is None or self._standing_in:
                raise
            return job(self._stood_in(error))

    def _open(self) -> None:
        try:
            self._rows = self._memory() if self._path is None else self._file(self._path)
        except _TROUBLE as error:
            self._stood_in(error)

    def _memory(self) -> Rows:
        db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        store.migrate(db, "outbox")
        return Rows(db, self._most)

    def _file(self, path: Path) -> Rows:
        found = rescue.prepare(path, "outbox", self._now(), self._connect, condemned=self._condemned)
        self._condemned = False
        if found.problem:
            _log.error("the outbox was damaged", problem=found.problem, set_aside=found.aside)
        db = self._connect(path)
        try:
            store.settle(db, "outbox")
        except BaseException:
            db.close()
            raise
        return Rows(db, self._most)

    def _stood_in(self, error: Exception) -> Rows:
        """Go on in memory."""
        self._tried = self._now()
        damaged = isinstance(error, store.Damaged) or (
            isinstance(error, sqlite3.Error) and store.is_damage(error)
        )
        full = isinstance(error, sqlite3.Error | OSError) and is_full(error)
        self.problem = "the disk is full" if full else str(error)
        _log.error("the outbox cannot be written; delivery goes on from memory", error=self.problem)
        memory, file = self._memory(), self._rows
        try:
            if file is None:
                raise store.Damaged("never opened")
            memory.stand_in(file, self._now())
        except _TROUBLE:
            memory.close()
            memory = self._memory()
            memory.alone(self._now())
        if file is not None:
            with suppress(sqlite3.Error):
                file.close()
        self._rows, self._standing_in, self._condemned = memory, True, damaged
        return memory

    def _come_back(self) -> None:
        """To the file, with everything, if it can be written again."""
        assert self._path is not None
        assert self._rows is not None
        self._tried = self._now()
        file: Rows | None = None
        try:
            file = self._file(self._path)
            file.take_back(self._rows)
        except _TROUBLE as error:
            if file is not None:
                file.close()
            self.problem = str(error)
            return
        self._rows.close()
        self._rows, self._standing_in, self.problem = file, False, ""
        _log.info("the outbox is on the disk again")

    def _shut(self) -> None:
        if self._standing_in:
            self._come_back()
        if self._rows is not None:
            with suppress(sqlite3.Error):
                self._rows.close()
            self._rows = None
