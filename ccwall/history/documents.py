"""Boards, floor plans, pictures and rules of alerts in an SQLite file of their own: every version of each, one writer, everything bounded.

Whoever waited for `save` has it on the disk. A damaged file is set aside, and the walls go on with what comes with ccwall;
a disk that fails is told to whoever saves. Without a file everything is in memory, and gone with the process.
"""

import asyncio
import os
import sqlite3
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog

from ccwall.boards.store import Draft, Full, Kind, Stale, Unwritable, Version
from ccwall.errors import JournalError
from ccwall.history import rescue, store
from ccwall.history.reserve import is_full

T = TypeVar("T")
MOST_WAITING = 64
"""Wishes that may wait for a slow disk; who comes then is told so."""
MOST_HELD = 8 * 1024 * 1024
"""Bytes of documents held in memory."""
TRY_AGAIN = 30.0
"""Seconds between two tries to open a file that could not be opened."""
NEWEST = "kind, id, max(version), at, by, note, about, size"
COLUMNS = "kind, id, version, at, by, note, about, size"
_log = structlog.get_logger("ccwall.history")


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How many documents of a kind, and versions of one, are kept; and how many bytes of all of them. What is shown now is
    never dropped for an older one. ``deleted``: how many that were deleted are remembered, of a kind."""

    documents: Mapping[Kind, int] = msgspec.field(
        default_factory=lambda: {"board": 500, "plan": 100, "picture": 100, "rule": 300}
    )
    versions: Mapping[Kind, int] = msgspec.field(
        default_factory=lambda: {"board": 200, "plan": 50, "picture": 5, "rule": 50}
    )
    bytes: int = 512 * 1024 * 1024
    deleted: int = 500


class Documents:
    """``path`` None: in memory. ``now`` names a file that is set aside."""

    def __init__(
        self,
        path: Path | None,
        now: Callable[[], float],
        bounds: Bounds | None = None,
        connect: store.Connect = store.connect,
    ) -> None:
        self._path, self._now, self._bounds, self._connect = path, now, bounds or Bounds(), connect
        self._newest: Mapping[Kind, Mapping[str, Version]] = {}
        self._changes = 0
        self._waiting = 0
        self._db: sqlite3.Connection | None = None
        self._problem = ""
        self._tried = float("-inf")
        self._closed = False
        self._writer = ThreadPoolExecutor(1, "documents")
        self._bodies: OrderedDict[tuple[Kind, str, int], bytes] = OrderedDict()
        self._held = 0
        if path is not None and any(path.parent.glob(path.name + "*")):
            with suppress(Unwritable):
                self._opened()

    # ── for everybody ──

    @property
    def kept(self) -> bool:
        return self._path is not None and not self._problem

    @property
    def changes(self) -> int:
        return self._changes

    def newest(self, kind: Kind) -> Mapping[str, Version]:
        return self._newest.get(kind, {})

    async def ready(self) -> None:
        """Try again to open what could not be opened, now and then."""
        if self._problem and not 0 <= self._now() - self._tried < TRY_AGAIN:
            with suppress(Unwritable):
                await self._in_turn(self._opened)

    async def body(self, kind: Kind, id: str, version: int) -> bytes:
        place = kind, id, version
        found = self._bodies.get(place)
        if found is None:
            found = await self._in_turn(partial(self._read, kind, id, version))
            self._remember(place, found)
        return found

    async def versions(self, kind: Kind, id: str) -> Sequence[Version]:
        return await self._in_turn(partial(self._list, kind, id))

    async def save(self, draft: Draft) -> Version:
        return await self._in_turn(partial(self._save, draft))

    async def close(self) -> None:
        """What waits is written; then nothing is taken any more."""
        if not self._closed:
            self._closed = True
            await asyncio.get_running_loop().run_in_executor(self._writer, self._shut)
            self._writer.shutdown(wait=False)

    def _remember(self, place: tuple[Kind, str, int], body: bytes) -> None:
        """What was asked for of late: a wall that begins does not wait for a disk that hangs."""
        self._held += len(body) - len(self._bodies.pop(place, b""))
        self._bodies[place] = body
        while self._held > MOST_HELD:
            self._held -= len(self._bodies.popitem(last=False)[1])

    # ── in the writer's thread ──

    async def _in_turn(self, job: Callable[[], T]) -> T:
        """One after the other. Whoever stops waiting does not stop what was begun."""
        if self._closed:
            raise Unwritable("ccwall is stopping")
        if self._waiting >= MOST_WAITING:
            raise Unwritable("the disk does not keep up; wait a little, then try again")
        self._waiting += 1
        begun = asyncio.get_running_loop().run_in_executor(self._writer, partial(self._guarded, job))
        begun.add_done_callback(self._ended)
        return await asyncio.shield(begun)

    def _ended(self, job: "asyncio.Future[Any]") -> None:
        self._waiting -= 1
        if not job.cancelled():
            job.exception()  # whoever waited has it; if nobody does any more, nobody need be told

    def _guarded(self, job: Callable[[], T]) -> T:
        try:
            return job()
        except (sqlite3.Error, store.Damaged, msgspec.DecodeError) as error:
            self._roll_back()
            if not isinstance(error, sqlite3.Error) or self._is_damage(error):
                raise Unwritable(self._set_aside(error)) from error
            if self._path is not None:
                self._shut()  # what is in the file now is not known: it is read again
                with suppress(Unwritable):
                    self._opened()
            raise Unwritable("the disk is full" if is_full(error) else str(error)) from error
        except BaseException:
            self._roll_back()
            raise

    def _opened(self) -> sqlite3.Connection:
        """The file, opened once."""
        if self._db is not None:
            return self._db
        self._tried = self._now()
        try:
            return self._use(
                self._memory() if self._path is None else self._file(self._path, condemned=False)
            )
        except (sqlite3.Error, OSError, store.Damaged, msgspec.DecodeError) as error:
            self._problem = str(error)
            _log.error("boards cannot be read; the walls show those that come with ccwall", error=str(error))
            raise Unwritable(f"{self._path}: {error}") from error

    def _use(self, db: sqlite3.Connection) -> sqlite3.Connection:
        """Have it, and know what is in it."""
        try:
            newest: dict[Kind, dict[str, Version]] = {}
            for row in db.execute(f"SELECT {NEWEST} FROM version GROUP BY kind, id"):
                version = _version(row)
                newest.setdefault(version.kind, {})[version.id] = version
            (changes,) = db.execute("SELECT coalesce(max(change), 0) FROM version").fetchone()
        except BaseException:
            db.close()
            raise
        self._newest, self._changes, self._db, self._problem = newest, changes, db, ""
        weakref.finalize(self, db.close)
        return db

    def _memory(self) -> sqlite3.Connection:
        db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        store.migrate(db, "documents")
        return db

    def _file(self, path: Path, *, condemned: bool) -> sqlite3.Connection:
        found = rescue.prepare(path, "documents", self._now(), self._connect, condemned=condemned)
        if found.problem:
            _log.error("the file of the boards was damaged", problem=found.problem, set_aside=found.aside)
        db = self._connect(path)
        try:
            store.settle(db, "documents")
        except BaseException:
            db.close()
            raise
        return db

    def _is_damage(self, error: sqlite3.Error) -> bool:
        if store.is_damage(error):
            return True
        # A file that says of itself that nobody may write it, where the disk says that we may.
        denied = (getattr(error, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_READONLY
        path = self._path
        return denied and path is not None and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)

    def _set_aside(self, error: Exception) -> str:
        """Begin anew; gives what to tell."""
        self._shut()
        self._newest = {}
        _log.error("the file of the boards is damaged", error=str(error))
        try:
            self._use(self._memory() if self._path is None else self._file(self._path, condemned=True))
        except (sqlite3.Error, OSError, store.Damaged, JournalError) as problem:
            self._problem = str(problem)
            return f"the file of the boards is damaged, and no new one can be made: {problem}"
        return "the file of the boards is damaged and was set aside, so the walls show those that come with ccwall; save again what is open"

    def _shut(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _roll_back(self) -> None:
        if self._db is not None and self._db.in_transaction:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")

    def _read(self, kind: Kind, id: str, version: int) -> bytes:
        row = self._opened().execute(
            "SELECT body FROM version WHERE kind = ? AND id = ? AND version = ?", (kind, id, version)
        ).fetchone()  # fmt: skip
        if row is None or row[0] is None:
            raise KeyError(id)
        if not isinstance(row[0], bytes):
            raise store.Damaged("a document is no blob")
        return row[0]

    def _list(self, kind: Kind, id: str) -> list[Version]:
        rows = self._opened().execute(
            f"SELECT {COLUMNS} FROM version WHERE kind = ? AND id = ? ORDER BY version DESC", (kind, id)
        )
        return [_version(row) for row in rows]

    def _save(self, draft: Draft) -> Version:
        db = self._opened()
        db.execute("BEGIN IMMEDIATE")
        row = db.execute(
            f"SELECT {COLUMNS} FROM version WHERE kind = ? AND id = ? ORDER BY version DESC LIMIT 1",
            (draft.kind, draft.id),
        ).fetchone()
        last = None if row is None else _version(row)
        current = None if last is None or last.deleted else last
        if draft.base != (0 if current is None else current.version):
            raise Stale(current)
        if draft.body is not None and current is None:
            self._make_room(db, draft.kind)
        version = Version(
            kind=draft.kind,
            id=draft.id,
            version=1 if last is None else last.version + 1,
            at=draft.at,
            by=draft.by,
            note=draft.note,
            about=draft.about,
            deleted=draft.body is None,
        )
        change = db.execute(
            f"INSERT INTO version ({COLUMNS}, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _row(version, draft.body),
        ).lastrowid
        forgotten = self._purge(db, version)
        db.execute("COMMIT")
        self._changes = change or self._changes
        # Anew, and not changed: others look at it meanwhile.
        of_kind = {**self.newest(draft.kind), version.id: version}
        for id in forgotten:
            of_kind.pop(id, None)
        self._newest = {**self._newest, draft.kind: of_kind}
        return version

    def _make_room(self, db: sqlite3.Connection, kind: Kind) -> None:
        there = sum(not version.deleted for version in self.newest(kind).values())
        if there >= (most := self._bounds.documents[kind]):
            raise Full(
                f"There are {most} {kind}s already, as many as there may be. Delete one that nobody needs."
            )

    def _purge(self, db: sqlite3.Connection, new: Version) -> Sequence[str]:
        """Old versions go, and whole documents that were deleted long ago; gives the ids of those."""
        bounds, known = self._bounds, self.newest(new.kind)
        db.execute(
            "DELETE FROM version WHERE kind = ? AND id = ? AND version <= ?",
            (new.kind, new.id, new.version - bounds.versions[new.kind]),
        )
        gone = sorted((each.at, each.id) for each in known.values() if each.deleted and each.id != new.id)
        forgotten = [id for _, id in gone[: max(0, len(gone) - bounds.deleted)]]
        for id in forgotten:
            db.execute("DELETE FROM version WHERE kind = ? AND id = ?", (new.kind, id))
        (size,) = db.execute(TOTAL).fetchone()
        while size > bounds.bytes and (row := db.execute(OLDEST_SPARE).fetchone()) is not None:
            db.execute("DELETE FROM version WHERE change = ?", (row[0],))
            size -= row[1] or 0
        return forgotten


TOTAL = "SELECT coalesce(sum(size), 0) FROM version"
OLDEST_SPARE = """
SELECT change, size FROM version AS old
WHERE EXISTS (SELECT 1 FROM version AS new WHERE new.kind = old.kind AND new.id = old.id AND new.version > old.version)
ORDER BY change LIMIT 1
"""


def _row(version: Version, body: bytes | None) -> tuple[Any, ...]:
    about = msgspec.json.encode(version.about).decode()
    return (
        version.kind,
        version.id,
        version.version,
        version.at,
        version.by,
        version.note,
        about,
        None if body is None else len(body),
        body,
    )


def _version(row: Sequence[Any]) -> Version:
    """Raises Damaged when a column holds what we never put into it."""
    kind, id, version, at, by, note, about, size = row
    told = {
        "kind": kind,
        "id": id,
        "version": version,
        "at": at,
        "by": by,
        "note": note,
        "deleted": size is None,
    }
    try:
        return msgspec.convert({**told, "about": msgspec.json.decode(about)}, Version)
    except (msgspec.ValidationError, TypeError) as error:
        raise store.Damaged(str(error)) from error
