"""A connection to SQLite that fails at the n-th call, as a disk would."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from ccwall.history import store

TEXTS = {
    sqlite3.SQLITE_IOERR: "disk I/O error",
    sqlite3.SQLITE_FULL: "database or disk is full",
    sqlite3.SQLITE_CORRUPT: "database disk image is malformed",
    sqlite3.SQLITE_BUSY: "database is locked",
    sqlite3.SQLITE_CANTOPEN: "unable to open database file",
}


class Faults:
    """``at`` the number of the call that fails (and the ``lasting`` ones after it), before or after it did its work."""

    def __init__(
        self,
        code: int = sqlite3.SQLITE_IOERR,
        at: int = 0,
        when: Literal["before", "after"] = "before",
        lasting: int = 1,
        only: str = "",
    ) -> None:
        self.code, self.at, self.when, self.lasting, self.only = code, at, when, lasting, only
        self.calls = self.fired = 0

    def connect(self, path: Path) -> sqlite3.Connection:
        faults = self

        class Failing(sqlite3.Connection):
            def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # sqlite3's own words
                return faults._do(sql, lambda: super(Failing, self).execute(sql, parameters))

            def executescript(self, sql_script: str, /) -> sqlite3.Cursor:
                return faults._do(sql_script, lambda: super(Failing, self).executescript(sql_script))

        return sqlite3.connect(
            path, timeout=store.BUSY, isolation_level=None, check_same_thread=False, factory=Failing
        )

    def _do(self, sql: str, work: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        if self.only and self.only not in sql:
            return work()
        self.calls += 1
        due = self.at > 0 and self.at <= self.calls < self.at + self.lasting
        if due and self.when == "after":
            work()
        if due:
            self.fired += 1
            error: sqlite3.DatabaseError = sqlite3.OperationalError(TEXTS[self.code])
            if self.code == sqlite3.SQLITE_CORRUPT:
                error = sqlite3.DatabaseError(TEXTS[self.code])
            error.sqlite_errorcode = self.code
            raise error
        return work()
