"""A retranslated day put in the place of the old one: all of it, or nothing."""

import sqlite3
from collections.abc import Iterator

from ccwall.history.again import Outcome, renumbered
from ccwall.history.rows import COLUMNS, WIDTH, Row, insertion

BATCH = 500


class NewDay:
    """Collects the rows in a table beside the journal, and then changes the journal in one transaction."""

    def __init__(self, journal: sqlite3.Connection) -> None:
        self._journal = journal
        self._rows: list[Row] = []
        self._places = ",".join("?" * WIDTH)
        journal.execute(f"CREATE TEMP TABLE fresh AS SELECT {COLUMNS} FROM event WHERE 0")

    def add(self, row: Row, _fresh: bool) -> None:
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush()

    def replace(self, outcome: Outcome, now: float) -> None:
        """What is taken out is kept in `superseded`; what follows gets new numbers; snapshots of what was are dropped."""
        self._flush()
        journal = self._journal
        (count,) = journal.execute("SELECT count(*) FROM temp.fresh").fetchone()
        journal.execute("BEGIN IMMEDIATE")
        try:
            for seq in outcome.replaced:
                journal.execute(
                    f"INSERT INTO superseded (at, {COLUMNS}) SELECT ?, {COLUMNS} FROM event WHERE seq = ?",
                    (now, seq),
                )
            journal.execute("DELETE FROM event WHERE seq BETWEEN ? AND ?", (outcome.first, outcome.last))
            self._move(outcome.last, count - (outcome.last - outcome.first + 1))
            journal.execute(f"INSERT INTO event ({COLUMNS}) SELECT {COLUMNS} FROM temp.fresh")
            journal.execute("DELETE FROM snapshot WHERE seq >= ?", (outcome.first,))
        except BaseException:
            journal.execute("ROLLBACK")
            raise
        journal.execute("COMMIT")
        # A rescue reads bare pages: no old version of a number may be left on one.
        journal.execute("VACUUM")
        journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _move(self, after: int, by: int) -> None:
        """Give every later fact its new number, from the side where there is room."""
        if by == 0:
            return
        for row in self._later(after, backwards=by > 0):
            self._journal.execute("DELETE FROM event WHERE seq = ?", (row[0],))
            self._journal.execute(insertion(1), renumbered(row, row[0] + by))

    def _later(self, after: int, *, backwards: bool) -> Iterator[Row]:
        """Every row after that, as it is at the beginning."""
        order, sign, place = ("DESC", "<", (1 << 63) - 1) if backwards else ("ASC", ">", after)
        while page := self._journal.execute(
            f"SELECT {COLUMNS} FROM event WHERE seq {sign} ? AND seq > ? ORDER BY seq {order} LIMIT {BATCH}",
            (place, after),
        ).fetchall():
            yield from page
            place = page[-1][0]

    def _flush(self) -> None:
        self._journal.executemany(f"INSERT INTO temp.fresh VALUES ({self._places})", self._rows)
        self._rows.clear()
