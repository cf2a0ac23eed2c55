"""accounts.sqlite, or the same in memory: accounts, links and sessions, read whole and written one change at a time.

Everything here blocks; `ccwall.access.accounts` runs it in a thread, `ccwall account` at once. Several processes may have it open.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog

from ccwall.access.model import Account, Kept, Link, Signed
from ccwall.errors import JournalError
from ccwall.history import rescue, store

ACCOUNTS = "accounts.sqlite"
MOST_ACCOUNTS, MOST_LINKS = 5000, 500
SESSIONS_EACH, PLACES_EACH = 20, 8
"""Of an account or a link; the longest unused goes first."""
T = TypeVar("T")
Change = Callable[[sqlite3.Connection], T]
_log = structlog.get_logger("ccwall.access")


class Unwritable(Exception):
    """The disk did not take it, or cannot be read."""


class AccountFile:
    """``path`` None: in memory. ``now`` names a file that is set aside. ``mends``: a damaged file is; else it is left to who has it open."""

    def __init__(
        self,
        path: Path | None,
        now: Callable[[], float],
        connect: store.Connect = store.connect,
        *,
        mends: bool = True,
    ) -> None:
        self.path, self._now, self._connect, self._mends = path, now, connect, mends
        self._db: sqlite3.Connection | None = None
        self._last = Kept()
        self._seen = -1
        self.problem = ""
        """What became of a damaged file, in words for people; empty when all is well."""

    def load(self) -> Kept:
        """All of it. A damaged file is set aside, and what was known of it goes into a new one."""
        try:
            return self._read()
        except (sqlite3.Error, store.Damaged, msgspec.ValidationError, msgspec.DecodeError, OSError) as error:
            if not self._is_damage(error):
                self._shut()
                raise Unwritable(str(error)) from error
            self._begin_anew(error)
            return self._read()

    def change(self, change: Change[T]) -> T:
        """In one transaction. Unwritable when it is not done."""
        try:
            return self._changed(change)
        except (sqlite3.Error, store.Damaged, OSError) as error:
            if isinstance(error, sqlite3.IntegrityError) and not self._is_broken():
                raise
            if not self._is_damage(error):
                self._shut()
                raise Unwritable(str(error)) from error
            self._begin_anew(error)
            try:
                return self._changed(change)
            except (sqlite3.Error, OSError) as again:
                raise Unwritable(str(again)) from again

    def is_changed(self) -> bool:
        """Whether another process wrote since the last `load`."""
        try:
            (version,) = self._opened().execute("PRAGMA data_version").fetchone()
        except (sqlite3.Error, store.Damaged, OSError):
            return True  # loading says what it is
        return bool(version != self._seen)

    def close(self) -> None:
        self._shut()

    # ── within ──

    def _changed(self, change: Change[T]) -> T:
        db = self._opened()
        db.execute("BEGIN IMMEDIATE")
        try:
            told = change(db)
            db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise
        return told

    def _read(self) -> Kept:
        db = self._opened()
        (self._seen,) = db.execute("PRAGMA data_version").fetchone()
        accounts = {each.id: each for each in _rows(db, "account", Account, FLAGS)}
        links = {each.id: each for each in _rows(db, "display_link", Link)}
        sessions = {each.digest: each for each in _rows(db, "session", Signed)}
        places = frozenset(db.execute("SELECT account, place FROM known_place").fetchall())
        self._last = Kept(accounts, links, sessions, places)
        return self._last

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = _memory() if self.path is None else self._file(self.path, condemned=False)
        return self._db

    def _file(self, path: Path, *, condemned: bool) -> sqlite3.Connection:
        found = rescue.Rescue()
        if self._mends:
            found = rescue.prepare(path, "accounts", self._now(), self._connect, condemned=condemned)
        if found.problem:
            self.problem = (
                f"the file of the accounts was damaged and is now {found.aside}; "
                "what could not be read in it must be added again"
            )
            _log.error("the file of the accounts was damaged", problem=found.problem, set_aside=found.aside)
        db = self._connect(path)
        try:
            store.settle(db, "accounts")
            db.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            db.close()
            raise
        return db

    def _begin_anew(self, error: Exception) -> None:
        """A new file, with all that is still known, or can be read in the old one."""
        self._last = self._salvaged()
        self._shut()
        _log.error("the file of the accounts is damaged", error=str(error))
        try:
            self._db = _memory() if self.path is None else self._file(self.path, condemned=True)
            self._changed(self._remember)
        except (sqlite3.Error, OSError, store.Damaged, JournalError) as problem:
            self._shut()
            raise Unwritable(
                f"the file of the accounts is damaged, and no new one can be made: {problem}"
            ) from problem

    def _salvaged(self) -> Kept:
        if self._db is None:
            return self._last
        found = self._last
        with suppress(sqlite3.Error, msgspec.ValidationError, msgspec.DecodeError):
            accounts = {each.id: each for each in _rows(self._db, "account", Account, FLAGS)}
            found = msgspec.structs.replace(found, accounts=accounts)
        with suppress(sqlite3.Error, msgspec.ValidationError, msgspec.DecodeError):
            links = {each.id: each for each in _rows(self._db, "display_link", Link)}
            found = msgspec.structs.replace(found, links=links)
        return found

    def _remember(self, db: sqlite3.Connection) -> None:
        for account in self._last.accounts.values():
            put(db, "account", account)
        for link in self._last.links.values():
            put(db, "display_link", link)
        for session in self._last.sessions.values():
            if session.account in self._last.accounts or session.link in self._last.links:
                put(db, "session", session)

    def _is_broken(self) -> bool:
        """Whether a refused row is the file's fault: its own look over itself says so."""
        try:
            (told,) = self._opened().execute("PRAGMA quick_check(1)").fetchone()
            return bool(told != "ok")
        except sqlite3.Error:
            return True

    def _is_damage(self, error: Exception) -> bool:
        if not self._mends:
            return False
        if isinstance(error, sqlite3.Error):
            return store.is_damage(error)
        return not isinstance(error, OSError)

    def _shut(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None


def _memory() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    store.migrate(db, "accounts")
    db.execute("PRAGMA foreign_keys = ON")
    return db


# ── rows ──

_LISTS, FLAGS = ("teams", "queues"), ("disabled", "must_change")


def account_of(db: sqlite3.Connection, id: str) -> Account | None:
    return next(iter(_rows(db, "account", Account, FLAGS, id)), None)


def _rows(
    db: sqlite3.Connection, table: str, kind: type[T], flags: Sequence[str] = (), id: str | None = None
) -> list[T]:
    """Raises ValidationError when a column holds what we never put into it."""
    only, which = ("", ()) if id is None else (" WHERE id = ?", (id,))
    cursor = db.execute(f"SELECT * FROM {table}{only}", which)
    names = [column[0] for column in cursor.description]
    found = []
    for row in cursor:
        told: dict[str, Any] = dict(zip(names, row, strict=True))
        for name in _LISTS:
            if told.get(name) is not None:
                told[name] = msgspec.json.decode(told[name])
        for name in flags:
            told[name] = bool(told[name])
        found.append(msgspec.convert(told, kind))
    return found


def put(db: sqlite3.Connection, table: str, row: Account | Link | Signed, *, new: bool = False) -> None:
    """Write a row; ``new``: IntegrityError when there is one already."""
    told = msgspec.structs.asdict(row)
    for name in _LISTS:
        if told.get(name) is not None:
            told[name] = msgspec.json.encode(told[name]).decode()
    names = ", ".join(told)
    marks = ", ".join("?" * len(told))
    key = "digest" if table == "session" else "id"
    # Not REPLACE: that deletes the old row first, and what hangs on it.
    rest = ", ".join(f"{name} = excluded.{name}" for name in told if name != key)
    tail = "" if new else f" ON CONFLICT ({key}) DO UPDATE SET {rest}"
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks}){tail}", tuple(told.values()))


def put_session(db: sqlite3.Connection, session: Signed) -> None:
    """With it the longest unused go, and those that are over."""
    put(db, "session", session, new=True)
    whose, who = ("account", session.account) if session.account is not None else ("link", session.link)
    db.execute("DELETE FROM session WHERE expires <= ?", (session.created,))
    db.execute(
        f"""DELETE FROM session WHERE digest IN
            (SELECT digest FROM session WHERE {whose} = ? ORDER BY used DESC, digest LIMIT -1 OFFSET {SESSIONS_EACH})""",
        (who,),
    )


def put_place(db: sqlite3.Connection, account: str, place: str, at: float) -> None:
    db.execute("INSERT OR REPLACE INTO known_place VALUES (?, ?, ?)", (account, place, at))
    db.execute(
        f"""DELETE FROM known_place WHERE account = ? AND place IN
            (SELECT place FROM known_place WHERE account = ? ORDER BY at DESC, place LIMIT -1 OFFSET {PLACES_EACH})""",
        (account, account),
    )
