"""What was told and has no receipt yet, on the disk: numbered once and for ever, bounded, and still there after any end.

A number is given by SQLite (AUTOINCREMENT), so it is never given twice, whatever was deleted. Nothing leaves for the
server that is not on the disk: or after a crash another fact would bear a number that the server has taken in already.

When it is full, what is new is refused, until a quarter is free again; and then a `source.gap` says since when.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

from ccwall.errors import CcwallError

FILE = "spool.sqlite3"
OVERHEAD = 64
"""Bytes that a fact takes beside its own."""
FREE_AGAIN = 0.75
"""Of the limit: what must be free of it again until new facts are let in."""
BUSY = 2.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS spool (n INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class Spool:
    """Of one thread at a time. sqlite3.Error when the disk does not do what it should."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._limit = limit
        folder.mkdir(parents=True, exist_ok=True)
        self._db = self._opened(folder / FILE)
        self.series = self._about("series", token_hex(8))
        self.full = bool(self._about("full_since", ""))
        row = self._db.execute("SELECT coalesce(sum(length(body) + ?), 0), count(*) FROM spool", (OVERHEAD,))
        self.size, self.count = (int(number) for number in row.fetchone())
        self._look()

    @property
    def last(self) -> int:
        """The highest number ever given."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'spool'").fetchone()
        return 0 if row is None else int(row[0])

    def add(self, bodies: Sequence[bytes], now: float) -> int:
        """Keep them, in one transaction that is on the disk when this returns; how many were refused because it is full."""
        kept: list[bytes] = []
        size = 0
        for body in () if self.full else bodies:
            if self.size + size + len(body) + OVERHEAD > self._limit:
                self.full = True
                break
            kept.append(body)
            size += len(body) + OVERHEAD
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            if self.full:
                self._db.execute("INSERT OR IGNORE INTO about VALUES ('full_since', ?)", (repr(now),))
            self._db.executemany("INSERT INTO spool (body) VALUES (?)", [(body,) for body in kept])
        self.size += size
        self.count += len(kept)
        return len(bodies) - len(kept)

    @property
    def full_since(self) -> float | None:
        """When it became full, once it is not any more, until `gap_said`."""
        row = (
            None
            if self.full
            else self._db.execute("SELECT value FROM about WHERE key = 'full_since'").fetchone()
        )
        return None if row is None else float(row[0])

    def say_gap(self, body: bytes) -> None:
        """The gap since it was full, and that it has been said, in one."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO spool (body) VALUES (?)", (body,))
            self._db.execute("DELETE FROM about WHERE key = 'full_since'")
        self.size += len(body) + OVERHEAD
        self.count += 1

    def head(self, after: int, most: int, most_bytes: int) -> list[tuple[int, bytes]]:
        """The oldest after that number, without a hole among them, up to so many and so large, at least one."""
        found: list[tuple[int, bytes]] = []
        size = 0
        for n, body in self._db.execute(
            "SELECT n, body FROM spool WHERE n > ? ORDER BY n LIMIT ?", (after, most)
        ):
            size += len(body)
            if found and (size > most_bytes or n != found[-1][0] + 1):
                break
            found.append((n, body))
        return found

    def forget(self, upto: int) -> None:
        """They have a receipt."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            gone = self._db.execute(
                "SELECT coalesce(sum(length(body) + ?), 0), count(*) FROM spool WHERE n <= ?",
                (OVERHEAD, upto),
            ).fetchone()
            self._db.execute("DELETE FROM spool WHERE n <= ?", (upto,))
        self.size -= int(gone[0])
        self.count -= int(gone[1])
        self._look()

    def _look(self) -> None:
        if self.full and self.size <= self._limit * FREE_AGAIN:
            self.full = False

    def close(self) -> None:
        self._db.close()

    def _about(self, key: str, default: str) -> str:
        row = self._db.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return str(row[0])
        if default:
            with self._db:
                self._db.execute("INSERT INTO about VALUES (?, ?)", (key, default))
        return default

    @staticmethod
    def _opened(file: Path) -> sqlite3.Connection:
        """The file, ours alone; a damaged one is set aside, and a new series begins."""
        try:
            return _connected(file)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise CcwallError(f"{file}: {error}; check the folder and its rights") from None
            raise CcwallError(
                f"{file} is in use: another ccwall edge runs with this folder. End that one, or give this one a folder of its own"
            ) from None
        except sqlite3.DatabaseError:
            aside = file.with_name(f"{file.name}.damaged-{token_hex(4)}")
            file.rename(aside)
            for rest in ("-wal", "-shm"):
                file.with_name(file.name + rest).unlink(missing_ok=True)
            return _connected(file)


def _connected(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=BUSY, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA journal_size_limit = 4194304")
        db.executescript(_SCHEMA)
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")
    except BaseException:
        db.close()
        raise
    return db
