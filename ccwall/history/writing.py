"""What the journal's writer does to its file, statement by statement."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import aiosqlite

from ccwall import __version__
from ccwall.history import snapshots
from ccwall.history.rows import AT_ONCE, Row, insertion, portions
from ccwall.history.snapshots import Snapshot

ROOM = 256 * 1024
"""Bytes that must fit into a file that was full, before it is believed to have room again."""


async def insert(db: aiosqlite.Connection, rows: Sequence[Row]) -> None:
    """Committed when it returns. One statement commits by itself; several are held together."""
    if len(rows) <= AT_ONCE:
        await db.execute(insertion(len(rows)), [value for row in rows for value in row])
        return
    await db.execute("BEGIN IMMEDIATE")
    place = 0
    for count in portions(len(rows)):
        await db.execute(insertion(count), [value for row in rows[place : place + count] for value in row])
        place += count
    await db.execute("COMMIT")


async def begin_run(db: aiosqlite.Connection, run: int, now: float) -> None:
    await db.execute(
        "INSERT INTO run (id, version, started, lived) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (run, __version__, now, now),
    )


async def live(db: aiosqlite.Connection, run: int, now: float, *, ended: bool = False) -> None:
    """Somebody lives here; or lived here to the end."""
    await db.execute("UPDATE run SET lived = ?, ended = ? WHERE id = ?", (now, now if ended else None, run))


async def keep(db: aiosqlite.Connection, snapshot: Snapshot) -> None:
    """And forget those that are old."""
    await db.execute("BEGIN IMMEDIATE")
    await db.execute(
        snapshots.WRITE, (snapshot.seq, snapshot.at, snapshot.shape, snapshot.digest, snapshot.state)
    )
    await db.execute(snapshots.FORGET)
    await db.execute("COMMIT")


async def write_again(db: aiosqlite.Connection) -> None:
    """What a failed sync left in the system's cache reads back well and may not be on the disk: carry it over."""
    await db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def try_room(db: aiosqlite.Connection) -> None:
    """An sqlite3.Error when there is none, be it by a quota of the file's own."""
    await db.execute("BEGIN IMMEDIATE")
    await db.execute(snapshots.WRITE, (-1, 0.0, "", "", bytes(ROOM)))
    await db.execute("ROLLBACK")


async def missing(db: aiosqlite.Connection, committed: int) -> int:
    """How many facts were committed and are not there any more."""
    async with db.execute("SELECT count(*), min(seq) FROM event WHERE seq <= ?", (committed,)) as found:
        row = await found.fetchone()
    if row is None or row[1] is None:
        return 0
    return max(0, committed - int(row[1]) + 1 - int(row[0]))


def condemns(error: sqlite3.DatabaseError) -> bool:
    """Whether SQLite itself says that the file is damaged, whatever a look over it may find."""
    code = getattr(error, "sqlite_errorcode", 0)
    return (code & 0xFF) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def size(path: Path, sides: Sequence[str] = ("", "-wal")) -> int:
    """Bytes on the disk."""
    found = 0
    for side in sides:
        with suppress(OSError):
            found += path.with_name(path.name + side).stat().st_size
    return found
