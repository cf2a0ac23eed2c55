"""What the journal remembers when ccwall starts: the state, its number, and when somebody last lived here."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress

import msgspec

from ccwall.engine import Engine
from ccwall.events import Envelope, SiteId
from ccwall.history import snapshots
from ccwall.history.rows import COLUMNS, Row, Unreadable, envelope_of
from ccwall.history.store import leniently

PAGE_OF_ROWS = 2000
MOST_FOLDED = 2_000_000
"""Facts read at a start without a usable snapshot: a day or two of a large floor, in half a minute."""

OUT_OF_ORDER = 1000
"""Facts among which the one heard last is looked for: one that took a while to be made is numbered after a younger one."""
SET_CLOCK = 1.0
"""Seconds; one heard so much later than the last was heard before somebody set the system's clock back."""
LAST_HEARD = """
    SELECT max(event.received) FROM event, (SELECT received FROM event WHERE seq = ?) AS last
    WHERE event.seq > ? AND event.received <= last.received + ?"""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """``seq`` is the number given last, ``lived`` when ccwall last lived (None: never), ``ended`` whether it stopped by itself."""

    engine: Engine
    seq: int = 0
    lived: float | None = None
    ended: bool = True
    run: int = 0
    """the number of the run before; 0: there was none"""
    base: int = 0
    """the seq of the snapshot it began with; 0: from the beginning"""
    folded: int = 0
    unreadable: int = 0
    refused: tuple[str, ...] = ()
    """why newer snapshots were of no use"""

    @property
    def digest(self) -> str:
        return snapshots.digest_of(self.engine.dump())


def rows(connection: sqlite3.Connection, after: int = 0, until: int | None = None) -> Iterator[Row]:
    """Rows of seq in (after, until], in order; short reads, so that nobody's log grows meanwhile."""
    last = (1 << 63) - 1 if until is None else until
    while page := _page(connection, after, last):
        yield from page
        after = page[-1][0]


def _page(connection: sqlite3.Connection, after: int, last: int) -> list[Row]:
    sql = f"SELECT {COLUMNS} FROM event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
    quick = connection.text_factory
    try:
        return connection.execute(sql, (after, last, PAGE_OF_ROWS)).fetchall()
    except sqlite3.OperationalError as error:
        if hasattr(error, "sqlite_errorcode"):
            raise
        connection.text_factory = leniently
        return connection.execute(sql, (after, last, PAGE_OF_ROWS)).fetchall()
    finally:
        connection.text_factory = quick


def envelopes(connection: sqlite3.Connection, after: int = 0, until: int | None = None) -> Iterator[Envelope]:
    """Those that can be read."""
    for row in rows(connection, after, until):
        try:
            yield envelope_of(row)
        except Unreadable:
            continue


def remember(connection: sqlite3.Connection, site: SiteId) -> Past:
    """The newest snapshot that is of use, and the journal after it."""
    connection.text_factory = leniently
    engine, base, refused = _newest(connection, site)
    connection.text_factory = str
    folded = unreadable = 0
    last = max(base, _number(connection, "SELECT max(seq) FROM event"))
    start = base if base else _beginning(connection, engine, last)
    for row in rows(connection, start):
        try:
            engine.apply(envelope_of(row))
            folded += 1
        except Unreadable:
            unreadable += 1
    run = connection.execute("SELECT lived, ended FROM run ORDER BY id DESC LIMIT 1").fetchone()
    heard = connection.execute(LAST_HEARD, (last, last - OUT_OF_ORDER, SET_CLOCK)).fetchone()
    lived = [float(found[0]) for found in (heard, run) if found is not None and found[0] is not None]
    return Past(
        engine=engine,
        seq=last,
        run=_number(connection, "SELECT max(id) FROM run"),
        lived=max(lived, default=None),
        ended=run is not None and run[1] is not None,
        base=base,
        folded=folded,
        unreadable=unreadable,
        refused=tuple(refused),
    )


def _newest(connection: sqlite3.Connection, site: SiteId) -> tuple[Engine, int, list[str]]:
    refused: list[str] = []
    for snapshot in snapshots.newest_first(connection):
        try:
            return snapshots.engine_of(snapshot), snapshot.seq, refused
        except ValueError as error:
            refused.append(f"the snapshot after fact {snapshot.seq} is not used: {error}")
    return Engine(site), 0, refused


def _beginning(connection: sqlite3.Connection, engine: Engine, last: int) -> int:
    """Without a snapshot the whole journal is read; of one of years only the end, under the configuration it had."""
    first = _number(connection, "SELECT min(seq) FROM event")
    if last - first < MOST_FOLDED:
        return 0
    start = last - MOST_FOLDED
    for row in connection.execute(
        f"SELECT {COLUMNS} FROM event WHERE type = 'config.applied' AND seq <= ? ORDER BY seq DESC LIMIT 1",
        (start,),
    ):
        with suppress(Unreadable):
            engine.apply(envelope_of(row))
    return start


def _number(connection: sqlite3.Connection, sql: str) -> int:
    (found,) = connection.execute(sql).fetchone()
    return int(found or 0)
