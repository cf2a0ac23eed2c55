"""The one writer of the journal: takes every fact at once, commits what has gathered, and says so.

Beside the state, not before it: `append` only puts a row into a bounded queue. Whoever must not act before a fact is
safe (a command, an acknowledgement) waits with `wait`. A disk that fails stops the recording, never the wall.

    on ──a write fails, hangs, or the queue is full──▶ stopped ──everything queued is written──▶ on
                                                          │ retried every few seconds
"""

import asyncio
import errno
import heapq
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Literal

import aiosqlite
import structlog

from ccwall.clock import Clock
from ccwall.errors import JournalError, NotRecorded
from ccwall.events import AnyEvent, Envelope, RecordingResumed, RecordingStopped
from ccwall.health import Meter
from ccwall.history import rescue, retention, snapshots, store, writing
from ccwall.history.connecting import connected
from ccwall.history.habits import FIRST, USUAL, Beginning, Habits, Reason, Status
from ccwall.history.reserve import NOTHING, Reserve, is_full
from ccwall.history.rows import row_of
from ccwall.history.snapshots import Snapshot
from ccwall.history.spool import Spool

Say = Callable[[AnyEvent], None]
Dump = Callable[[], bytes]

GROUP, GROUP_BYTES = 4096, 4 * 1024 * 1024
"""Of one commit at most."""
PACE = 0.01
"""Seconds from the beginning of one commit to that of the next, when busy; the first after a pause is made at once."""
_log = structlog.get_logger("ccwall.history")


def _nobody(_event: AnyEvent) -> None:
    pass


class Journal:
    """See the module."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        habits: Habits = USUAL,
        beginning: Beginning = FIRST,
        connect: store.Connect = store.connect,
    ) -> None:
        self.committed = self.last = beginning.after
        self._path, self._clock, self._habits, self._connect = path, clock, habits, connect
        self._run = beginning.run
        self._say: Say = _nobody
        self._dump: Dump | None = None
        self._spool = Spool(habits.most, habits.most_bytes)
        self._reserve = Reserve(path.parent)
        self._bell = asyncio.Event()
        self._closing = self._over = False
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._tickets = count()
        self._state: Literal["on", "stopped"] = "on" if beginning.stopped is None else "stopped"
        self._reason: Reason | Literal[""] = beginning.stopped or ""
        self._since = clock.now()
        self._failures = 0
        self._last_word = False
        self._apart = beginning.apart
        self._suspect = self._broken = False
        self._lost = 0
        self._uncovered = False
        self._beats = self._warned = False
        self._began = 0.0
        self._writing: float | None = None
        self._meter = Meter()
        self._snapshot: Snapshot | None = None
        self._snapped_seq, self._snapped_at = beginning.base, clock.now()
        self._overdue = beginning.after - beginning.base >= habits.snapshot_if_read
        self._purge = retention.Purge(habits.keep)
        self._bytes = 0

    # ── for everybody ──

    def bind(self, say: Say, dump: Dump) -> None:
        """Where to tell what becomes of the recording, and whose state to keep; before `run`."""
        self._say, self._dump = say, dump

    def append(self, envelope: Envelope) -> None:
        """Take a fact. Never blocks; when the queue is full the fact is dropped, and counted."""
        self.last = envelope.seq
        self._spool.add(row_of(envelope))
        if not self._bell.is_set():
            self._bell.set()

    async def wait(self, seq: int) -> None:
        """Return when this fact is safe on the disk. NotRecorded when it never will be."""
        if self._spool.dropped(seq):
            raise _not_recorded(seq)
        if seq <= self.committed:
            return
        if self._over:
            raise _not_recorded(seq)
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (seq, next(self._tickets), future))
        await future

    def status(self) -> Status:
        return Status(
            state=self._state,
            since=self._since,
            reason=self._reason,
            committed=self.committed,
            pending=len(self._spool),
            bytes=self._bytes,
            events_per_second=self._meter.rate(time.monotonic()),
        )

    def first_word(self) -> AnyEvent:
        """What to say of the recording when the house begins."""
        now = self._clock.now()
        if self._state == "stopped" and self._reason:
            return RecordingStopped(at=now, reason=self._reason)
        return RecordingResumed(at=now)

    # ── the writer ──

    async def run(self) -> None:
        """Write until `close`."""
        beat = asyncio.create_task(self._beat(), name="journal: beat")
        try:
            while not self._over:
                try:
                    await self._write()
                    self._over = True
                except (sqlite3.Error, OSError, store.Damaged, JournalError) as error:
                    await self._fail(error)
        finally:
            if not self._over:
                self._stop("error", "the journal's writer has ended")
            self._over = True
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)
            self._disappoint()

    def close(self) -> None:
        """No more facts come: `run` writes what there is, a snapshot, and returns."""
        self._closing = True
        self._bell.set()

    async def _write(self) -> None:
        """On one connection, until `close` or an error."""
        await self._prepare()
        async with connected(partial(store.settled, self._connect, self._path, "journal")) as db:
            await self._enter(db)
            while not (self._closing and not self._spool):
                await self._something_to_do()
                self._writing = time.monotonic()
                await self._commit(db)
                await self._chores(db)
                await self._come_back(db)
                self._writing = None
            await self._conclude(db)

    async def _enter(self, db: aiosqlite.Connection) -> None:
        await writing.begin_run(db, self._run, self._clock.now())
        if self._state == "on":
            with suppress(OSError):
                await asyncio.to_thread(self._reserve.hold)
            return
        await writing.write_again(db)
        if self._uncovered:
            self._lost = await writing.missing(db, self.committed)
        await self._come_back(db)

    async def _prepare(self) -> None:
        """After an error, or when the start could do nothing with the file: make it sound, or begin another."""
        if self._reason == "full" and self._last_word:
            await asyncio.to_thread(self._reserve.hold)
        if not (self._suspect or self._apart):
            return
        found = await asyncio.to_thread(self._rescued)
        self._suspect = self._broken = False
        if found.problem:
            self._uncovered = True
            _log.error(
                "the journal is damaged", problem=found.problem, set_aside=found.aside, saved=found.saved
            )

    def _rescued(self) -> rescue.Rescue:
        now = self._clock.now()
        if self._apart:
            aside = rescue.set_aside(self._path, now)
            self._apart = False
            return rescue.Rescue(problem="it could not be read when ccwall started", aside=aside)
        return rescue.prepare(self._path, "journal", now, self._connect, condemned=self._broken)

    async def _something_to_do(self) -> None:
        while not (self._spool or self._beats or self._closing):
            self._bell.clear()
            await self._bell.wait()
        ahead = self._began + PACE - time.monotonic()
        if ahead > 0 and not self._closing:
            await asyncio.sleep(ahead)

    async def _commit(self, db: aiosqlite.Connection) -> None:
        """What has gathered, in one transaction."""
        rows = self._spool.head(GROUP, GROUP_BYTES)
        if not rows:
            return
        self._began = time.monotonic()
        await writing.insert(db, rows)
        self._spool.forget(rows)
        self._meter.add(time.monotonic(), len(rows))
        self._committed(rows[-1][0])

    def _committed(self, seq: int) -> None:
        self._failures = 0
        self.committed = max(self.committed, seq)
        while self._waiting and self._waiting[0][0] <= self.committed:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)

    # ── the chores of every second ──

    async def _beat(self) -> None:
        while True:
            await self._clock.sleep(self._habits.beat * self._clock.rate)
            self._beats = True
            self._bell.set()
            if self._state == "stopped":
                continue
            if self._writing is not None and time.monotonic() - self._writing > self._habits.slow:
                self._stop("slow", "the disk does not answer")
            elif self._spool.full:
                self._stop("slow", "the disk does not keep up")

    async def _chores(self, db: aiosqlite.Connection) -> None:
        if not self._beats:
            return
        self._beats = False
        now = self._clock.now()
        await writing.live(db, self._run, now)
        self._bytes = writing.size(self._path)
        self._watch_log()
        if self._state == "on":
            await self._take_snapshot(now)
            await self._keep_snapshot(db)
            await self._purge.step(db, now)

    def _watch_log(self) -> None:
        """Somebody who reads for long keeps the log from being begun anew, and it grows."""
        size = writing.size(self._path, ("-wal",))
        if size > store.WAL_LIMIT and not self._warned:
            _log.warning("the journal's log grows: somebody reads it and does not end", bytes=size)
        self._warned = size > store.WAL_LIMIT

    async def _take_snapshot(self, now: float, *, at_once: bool = False) -> None:
        """Of this very moment; it is written when every fact before it is."""
        facts = self.last - self._snapped_seq
        due = (
            self._overdue
            or facts >= self._habits.snapshot_after
            or now - self._snapped_at >= self._habits.snapshot_every
        )
        if self._dump is None or self._snapshot is not None or not (at_once or (due and facts > 0)):
            return
        seq, dump, self._overdue = self.last, self._dump(), False
        self._snapped_seq, self._snapped_at = seq, now
        self._snapshot = await asyncio.to_thread(snapshots.pack, seq, now, dump)

    async def _keep_snapshot(self, db: aiosqlite.Connection) -> None:
        if self._snapshot is not None and self._snapshot.seq <= self.committed:
            await writing.keep(db, self._snapshot)
            self._snapshot = None

    async def _conclude(self, db: aiosqlite.Connection) -> None:
        now = self._clock.now()
        if self.last > self._snapped_seq:
            self._snapshot = None
            await self._take_snapshot(now, at_once=True)
        await self._keep_snapshot(db)
        await writing.live(db, self._run, now, ended=True)

    # ── when the disk fails ──

    def _stop(self, reason: Reason, detail: str) -> None:
        if self._state == "stopped" and self._reason == reason:
            return
        if self._state == "on":
            self._since = self._clock.now()
        self._state, self._reason = "stopped", reason
        _log.error("recording stopped", reason=reason, detail=detail, journal=str(self._path))
        self._say(RecordingStopped(at=self._clock.now(), reason=reason, detail=detail))

    async def _fail(self, error: Exception) -> None:
        """Say it, make room, and let some time pass."""
        self._writing = None
        full = isinstance(error, sqlite3.Error | OSError) and is_full(error)
        full = full or self._reserve.room < NOTHING
        self._suspect = not full and not isinstance(error, OSError)
        self._broken = isinstance(error, sqlite3.DatabaseError) and writing.condemns(error)
        first = self._state == "on"
        self._stop("full" if full else "error", str(error))
        if full:
            self._reserve.free()
            self._last_word = not first
            if first:
                return  # what was held back is for saying this, at once
        pauses = self._habits.pauses
        self._failures += 1
        if self._closing and self._failures > len(pauses):
            _log.error("the last facts are not recorded", facts=len(self._spool), error=str(error))
            self._over = True
            return
        await self._clock.sleep(pauses[min(self._failures, len(pauses)) - 1] * self._clock.rate)

    async def _come_back(self, db: aiosqlite.Connection) -> None:
        """Everything that waited is written: the recording goes on, after a snapshot when something is missing."""
        if self._state == "on":
            return
        if self._reason == "full" and not self._last_word:
            await self._commit(db)
            self._last_word = True
            raise OSError(errno.ENOSPC, "no room, but for the last word")
        await self._commit(db)
        if self._reason == "full":
            await writing.try_room(db)
        if self._spool.full or self._uncovered:
            await self._cover(db)
        missing, self._lost = self._lost, 0
        self._state, self._reason, self._since = "on", "", self._clock.now()
        self._last_word = False
        _log.info("recording goes on", missing=missing, journal=str(self._path))
        self._say(RecordingResumed(at=self._since, missing=missing))

    async def _cover(self, db: aiosqlite.Connection) -> None:
        """Facts are missing: write what there is, then the state as it is now, which knows them all."""
        self._uncovered = True
        while self._spool:
            await self._commit(db)
        self._lost += self._spool.reopen()
        self._snapshot = None
        self.committed = self.last
        await self._take_snapshot(self._clock.now(), at_once=True)
        await self._keep_snapshot(db)
        self._committed(self.committed)
        self._uncovered = False

    def _disappoint(self) -> None:
        """Nobody waits for what will not come."""
        while self._waiting:
            seq, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_exception(_not_recorded(seq))


def _not_recorded(seq: int) -> NotRecorded:
    return NotRecorded(f"fact {seq} was not recorded: the journal could not take it")
