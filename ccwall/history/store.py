"""An SQLite file of ours: how it is opened, and how its tables came to be.

`schema/<kind>/0001_*.sql` and on are applied in order, each in a transaction; `PRAGMA user_version` says how many were.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from ccwall.errors import JournalError

Kind = Literal["journal", "wire", "documents", "accounts", "outbox"]
Connect = Callable[[Path], sqlite3.Connection]

PAGE = 4096
"""Bytes. Written into the file once; `carve` relies on it when the file's own word on it is damaged."""
WAL_PAGES = 1000
"""The log is carried over into the file when it has so many pages: some 4 MiB."""
WAL_LIMIT = 64 * 1024 * 1024
"""What is left of the log's file when a long reader had made it grow."""
BUSY = 5.0
"""Seconds to wait for somebody else's look into the file."""

DURABLE = ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON")
QUICK = ("synchronous = NORMAL",)
_COMMON = (f"wal_autocheckpoint = {WAL_PAGES}", f"journal_size_limit = {WAL_LIMIT}", "cell_size_check = ON",
           "trusted_schema = OFF")  # fmt: skip


class Damaged(Exception):
    """The file is not, or no longer, what we wrote."""


DAMAGE = frozenset({
    sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_INTERNAL,
    sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_TOOBIG,
})  # fmt: skip
"""Primary result codes that speak of the file's content; every other one speaks of the disk or of who else uses it."""
_SHORT_READ = 522
"""SQLITE_IOERR_SHORT_READ: the file ends where it must not."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether what is in the file is wrong, and not the disk it is on."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # by the module itself, of a text that is none
        return isinstance(error, sqlite3.OperationalError)
    return code == _SHORT_READ or (code & 0xFF) in DAMAGE


def connect(path: Path) -> sqlite3.Connection:
    """Read and write; made when it is not there, for this user alone. Transactions are said in SQL."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return sqlite3.connect(
        path, timeout=BUSY, isolation_level=None, check_same_thread=False, cached_statements=64
    )


def look(path: Path) -> sqlite3.Connection:
    """Read only, also while somebody writes."""
    uri = path.absolute().as_uri() + "?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=BUSY, isolation_level=None, check_same_thread=False)


def leniently(text: bytes) -> str:
    """For `text_factory`: a damaged text is to be told by its crc, not by an exception in the midst of others."""
    return text.decode("utf-8", "surrogateescape")


def settled(connect: Connect, path: Path, kind: Kind) -> sqlite3.Connection:
    """Ready to be written to."""
    connection = connect(path)
    try:
        settle(connection, kind)
    except BaseException:
        connection.close()
        raise
    return connection


def settle(connection: sqlite3.Connection, kind: Kind) -> None:
    """The way we write into it, and its tables as this release wants them. JournalError when a newer one made it."""
    wanted = QUICK if kind == "wire" else DURABLE
    connection.execute(f"PRAGMA page_size = {PAGE}")
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise Damaged("it cannot be switched to a write-ahead log")
    for pragma in (*wanted, *_COMMON):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    migrate(connection, kind)


def migrate(connection: sqlite3.Connection, kind: Kind) -> None:
    """Apply what is not applied yet."""
    scripts = migrations(kind)
    version = format_of(connection)
    if version > len(scripts):
        raise JournalError(
            f"this {kind} was written by a newer ccwall (format {version}, this one knows {len(scripts)}): "
            "run that ccwall, or give this one a [journal] folder of its own"
        )
    for number, script in enumerate(scripts[version:], version + 1):
        bump = f"PRAGMA user_version = {number}; UPDATE format SET version = {number};"
        try:
            connection.executescript(f"BEGIN IMMEDIATE; {script} {bump} COMMIT;")
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


def format_of(connection: sqlite3.Connection) -> int:
    """How many migrations were applied; Damaged when its two records disagree."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables and version == 0:
        return 0
    (told,) = connection.execute("SELECT max(version) FROM format").fetchone()
    if told != version or not isinstance(told, int) or told < 1:
        raise Damaged(f"it says of itself that it has format {version} and format {told}")
    return told


@cache
def migrations(kind: Kind) -> tuple[str, ...]:
    """The scripts, in order."""
    folder = files("ccwall.history") / "schema" / kind
    found = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    return tuple((folder / name).read_text(encoding="utf-8") for name in found)
