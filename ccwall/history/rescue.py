"""A file that can be written to: looked over, and when it is damaged set aside and what is whole in it saved.

Nothing is ever deleted: a damaged file is renamed `<name>.damaged-<time>`, and its rows go into a new one. The new one
is made whole before names are changed, so that this may be interrupted anywhere.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import msgspec

from ccwall.history import carve, snapshots
from ccwall.history.rows import Row, insertion, portions
from ccwall.history.snapshots import Snapshot
from ccwall.history.store import PAGE, Connect, Damaged, Kind, connect, format_of, is_damage, look, settle

CHECKED_AT_ONCE = 512 * 1024 * 1024
"""Bytes of a file that is looked through as a whole when it is opened: a second or two. Rows have a crc in any case."""
LARGEST_LOG = 256 * 1024 * 1024
PATIENCE = 60.0
"""Seconds spent on saving rows, the newest first; the wall does not wait longer. The rest stays in the file set aside."""
BATCH = 5000
SIDES = ("-wal", "-shm")


class Rescue(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. ``problem`` is empty when nothing was wrong."""

    problem: str = ""
    aside: str = ""
    saved: int = 0
    complete: bool = True
    """False when there was more than `PATIENCE` to read"""


def prepare(
    path: Path, kind: Kind, now: float, connect: Connect = connect, *, condemned: bool = False
) -> Rescue:
    """Leave a sound file of this kind at ``path``. sqlite3.Error or OSError when the disk does not let us.

    ``condemned``: it was seen to be damaged, whatever a look over it says.
    """
    _finish(path, now)
    wal = _log_of(path)
    try:
        if condemned:
            raise Damaged("it was found to be damaged when it was written to")
        _look_over(path, wal)
        with closing(connect(path)) as connection:
            settle(connection, kind)
            return _lost_with_the_log(connection, path, now, wal) if kind == "journal" else Rescue()
    except Damaged as error:
        return _replace(path, kind, now, str(error), wal)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        return _replace(path, kind, now, str(error), wal)


def _look_over(path: Path, wal: bytes) -> None:
    """Damaged, or an sqlite3.Error, says what is wrong. Only looks: what is damaged is to be kept as it was."""
    size = path.stat().st_size if path.exists() else 0
    if wal and size < PAGE:
        raise Damaged("the file is gone and its log is not")
    if size == 0:
        return
    with closing(look(path)) as connection:
        if wal and connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            raise Damaged("its header denies its log")
        format_of(connection)
        if size <= CHECKED_AT_ONCE:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != ("ok",):
                raise Damaged(str(found[0]))


def _log_of(path: Path) -> bytes:
    """The write-ahead log as it lies there, before SQLite cleans up behind a crash."""
    log = path.with_name(path.name + "-wal")
    try:
        return log.read_bytes() if 0 < log.stat().st_size <= LARGEST_LOG else b""
    except FileNotFoundError:
        return b""


def _lost_with_the_log(connection: sqlite3.Connection, path: Path, now: float, wal: bytes) -> Rescue:
    """SQLite reads a log up to its first damaged frame and says nothing of what was behind; we do."""
    if not wal:
        return Rescue()
    _, understood, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    claimed = carve.claimed_frames(wal)
    if claimed is not None and understood >= claimed[1]:
        if (
            understood < claimed[0]
        ):  # a commit that was cut off: nobody was told of it, but what is there did happen
            _insert(connection, _following(connection, _rows_of_log(wal, _nothing)))
        return Rescue()
    aside = _free_name(path.with_name(path.name + "-wal"), now)
    aside.write_bytes(wal)
    before = connection.total_changes
    _insert(connection, _rows_of_log(wal, _nothing))
    saved = connection.total_changes - before
    return Rescue(problem="its log is damaged", aside=aside.name, saved=saved)


def _following(connection: sqlite3.Connection, found: Iterable[Row]) -> list[Row]:
    """Of these rows, those that follow the last one without a hole."""
    (last,) = connection.execute("SELECT max(seq) FROM event").fetchone()
    by_seq = {row[0]: row for row in found}
    following, seq = [], (last or 0) + 1
    while seq in by_seq:
        following.append(by_seq[seq])
        seq += 1
    return following


# ── a new file for a damaged one ──


def _replace(path: Path, kind: Kind, now: float, problem: str, wal: bytes) -> Rescue:
    fresh = path.with_name(path.name + ".salvage")
    for each in _with_sides(fresh):
        each.unlink(missing_ok=True)  # of an attempt that was interrupted; what it read is all still there
    with closing(connect(fresh)) as connection:
        settle(connection, kind)
        saved, complete = _salvage(path, wal, connection) if kind == "journal" else (0, True)
    fresh.replace(_ready(path))
    aside = _finish(path, now)
    return Rescue(problem=problem, aside=aside, saved=saved, complete=complete)


def set_aside(path: Path, now: float) -> str:
    """Give up a file, log and all; gives its new name."""
    aside = _free_name(path, now)
    for side in ("", *SIDES):
        with suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(aside.with_name(aside.name + side))
    return aside.name


def _ready(path: Path) -> Path:
    return path.with_name(path.name + ".salvaged")


def _finish(path: Path, now: float) -> str:
    """Change the names, or what is left to change of an interrupted attempt; gives the name of what was set aside."""
    ready = _ready(path)
    if not ready.exists():
        return ""
    aside = set_aside(path, now)
    ready.rename(path)
    return aside


def _free_name(path: Path, now: float) -> Path:
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    name = f"{path.name}.damaged-{stamp}"
    taken = 1
    while (found := path.with_name(name if taken == 1 else f"{name}-{taken}")).exists():
        taken += 1
    return found


def _with_sides(path: Path) -> list[Path]:
    return [path.with_name(path.name + side) for side in ("", *SIDES)]


def _salvage(path: Path, wal: bytes, into: sqlite3.Connection) -> tuple[int, bool]:
    """Rows and snapshots out of the bare pages; how many rows, and whether all pages were read."""
    hurry = _Hurry(PATIENCE)
    before = into.total_changes
    try:
        file = path.open("rb")
    except FileNotFoundError:
        _insert(into, _rows_of_log(wal, _nothing))
        return into.total_changes - before, True
    with file:
        plain = _pages_of(file)
        fetch = _overlaid(plain, wal)
        last = path.stat().st_size // PAGE + 1  # what was cut off may have left a part of a page
        numbers = range(last, 0, -1)
        _insert(into, _rows_of_log(wal, fetch))
        ways = (fetch, plain) if wal else (plain,)
        _insert(
            into,
            (
                row
                for number in hurry.through(numbers)
                for way in ways
                for row in carve.rows_in(plain(number), way, first=number == 1)
            ),
        )
        saved = into.total_changes - before
        if not hurry.over:
            _insert_snapshots(into, _snapshots_of(numbers, plain, fetch, wal))
    return saved, not hurry.over


class _Hurry:
    """Goes through something until time is up."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._until = time.monotonic() + seconds

    def through(self, numbers: Iterable[int]) -> Iterator[int]:
        for number in numbers:
            if time.monotonic() > self._until:
                self.over = True
                return
            yield number


def _pages_of(file: BinaryIO) -> Callable[[int], bytes]:
    def fetch(number: int) -> bytes:
        if number < 1:
            return b""
        file.seek((number - 1) * PAGE)
        page = file.read(PAGE)
        return page if not page else page.ljust(PAGE, b"\0")

    return fetch


def _overlaid(plain: Callable[[int], bytes], wal: bytes) -> Callable[[int], bytes]:
    newest = {number: page for number, _, page in carve.frames(wal)}

    def fetch(number: int) -> bytes:
        return newest.get(number) or plain(number)

    return fetch


def _nothing(_number: int) -> bytes:
    return b""


def _rows_of_log(wal: bytes, fetch: Callable[[int], bytes]) -> Iterator[Row]:
    """Of every version of every page in it: an older one may be whole where the newest is not."""
    own = {number: page for number, _, page in carve.frames(wal)}

    def overlaid(number: int) -> bytes:
        return own.get(number) or fetch(number)

    for number, _, page in carve.frames(wal):
        yield from carve.rows_in(page, overlaid, first=number == 1)


def _snapshots_of(
    numbers: Iterable[int], plain: Callable[[int], bytes], fetch: Callable[[int], bytes], wal: bytes
) -> Iterator[Snapshot]:
    for _, _, page in carve.frames(wal):
        yield from carve.snapshots_in(page, fetch)
    for number in numbers:
        yield from carve.snapshots_in(plain(number), fetch)


def _insert(into: sqlite3.Connection, rows: Iterable[Row]) -> None:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        into.execute("BEGIN IMMEDIATE")
        place = 0
        for size in portions(len(batch)):
            part = batch[place : place + size]
            into.execute(insertion(size), [value for row in part for value in row])
            place += size
        into.execute("COMMIT")


def _insert_snapshots(into: sqlite3.Connection, found: Iterable[Snapshot]) -> None:
    for each in found:
        into.execute(snapshots.WRITE, (each.seq, each.at, each.shape, each.digest, each.state))
    into.execute(snapshots.FORGET)
