"""Rows out of the bare pages of a damaged SQLite file, without SQLite: https://www.sqlite.org/fileformat2.html.

Every page that looks like a leaf of a table is read, wherever it is, and every record in it that could be a row of ours.
What is right is told by the crc of a row and the digest of a snapshot, not by where it was found.
"""

import struct
from collections.abc import Callable, Iterator
from typing import cast

from ccwall.history.rows import WIDTH, Row, is_whole
from ccwall.history.snapshots import Snapshot, unpack
from ccwall.history.store import PAGE

Value = int | float | str | bytes | None
Fetch = Callable[[int], bytes]
"""Gives a page by its number; what is not there is empty."""

LEAF = 0x0D
HEADER = 100
LARGEST = 64 * 1024 * 1024
"""Bytes of one record; beyond this its length is damaged."""
WAL_HEADER, FRAME_HEADER = 32, 24
WAL_MAGIC = (0x377F0682, 0x377F0683)
SNAPSHOT_WIDTH = 5
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class _Nonsense(Exception):
    """Not a record."""


def rows_in(page: bytes, fetch: Fetch, first: bool = False) -> Iterator[Row]:
    """The whole rows of the journal's events in one page."""
    for key, values in _records(page, fetch, first):
        if len(values) == WIDTH and values[0] is None:
            row = _row(key, values)
            if is_whole(row):
                yield row


def snapshots_in(page: bytes, fetch: Fetch) -> Iterator[Snapshot]:
    """The undamaged snapshots that begin in one page."""
    for key, values in _records(page, fetch, False):
        if len(values) == SNAPSHOT_WIDTH and values[0] is None and isinstance(values[4], bytes):
            _, at, shape, digest, _ = values
            snapshot = Snapshot(
                seq=key,
                at=float(cast(float, at or 0)),
                shape=str(shape),
                digest=str(digest),
                state=values[4],
            )
            try:
                unpack(snapshot)
            except ValueError:
                continue
            yield snapshot


def _row(key: int, values: list[Value]) -> Row:
    received = values[5]
    if isinstance(received, int):  # SQLite keeps a whole number so, whatever it is declared as
        received = float(received)
    return cast(Row, (key, *values[1:5], received, *values[6:]))


def _records(page: bytes, fetch: Fetch, first: bool) -> Iterator[tuple[int, list[Value]]]:
    """Key and values of every cell that can be read."""
    start = HEADER if first else 0
    if len(page) < start + 8 or page[start] != LEAF:
        return
    (cells,) = struct.unpack_from(">H", page, start + 3)
    for number in range(min(cells, (len(page) - start - 8) // 2)):
        (offset,) = struct.unpack_from(">H", page, start + 8 + 2 * number)
        try:
            yield _cell(page, offset, fetch)
        except (_Nonsense, IndexError, struct.error, UnicodeDecodeError):
            continue


def _cell(page: bytes, offset: int, fetch: Fetch) -> tuple[int, list[Value]]:
    size, offset = _varint(page, offset)
    key, offset = _varint(page, offset)
    if not 0 < size <= LARGEST:
        raise _Nonsense
    return key, _record(_payload(page, offset, size, fetch))


def _payload(page: bytes, offset: int, size: int, fetch: Fetch) -> bytes:
    """What a cell holds, with what overflowed into other pages."""
    usable = len(page)
    most, least = usable - 35, (usable - 12) * 32 // 255 - 23
    if size <= most:
        return page[offset : offset + size]
    local = least + (size - least) % (usable - 4)
    local = local if local <= most else least
    parts = [page[offset : offset + local]]
    (following,) = struct.unpack_from(">I", page, offset + local)
    missing = size - local
    while missing > 0:
        more = fetch(following)
        if len(more) < 4 or following == 0:
            raise _Nonsense
        (following,) = struct.unpack_from(">I", more)
        parts.append(more[4 : 4 + missing])
        missing -= len(more) - 4
    return b"".join(parts)


def _record(payload: bytes) -> list[Value]:
    length, place = _varint(payload, 0)
    if not 0 < length <= min(len(payload), 200):
        raise _Nonsense
    kinds = []
    while place < length:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    values: list[Value] = []
    place = length
    for kind in kinds:
        value, place = _value(payload, place, kind)
        values.append(value)
    if place != len(payload):
        raise _Nonsense
    return values


def _value(payload: bytes, place: int, kind: int) -> tuple[Value, int]:
    if kind in _INTEGERS:
        end = place + _INTEGERS[kind]
        value: Value = int.from_bytes(payload[place:end], "big", signed=True)
    elif kind == 7:
        end = place + 8
        (value,) = struct.unpack_from(">d", payload, place)
    elif kind == 0:
        return None, place
    elif kind in {8, 9}:
        return kind - 8, place
    elif kind >= 12:
        end = place + (kind - 12) // 2
        part = payload[place:end]
        value = part.decode("utf-8") if kind % 2 else part
    else:
        raise _Nonsense
    if end > len(payload):
        raise _Nonsense
    return value, end


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[place]
        place += 1
        if count == 8:
            return (value << 8) | byte, place
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, place
    raise AssertionError("a varint has nine bytes at most")


# ── the write-ahead log ──


def _is_header(wal: bytes, magic: int) -> bool:
    """Whether the log's header has the checksum of what is in it."""
    words = struct.unpack_from(">6I" if magic & 1 else "<6I", wal)
    one = other = 0
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return struct.unpack_from(">2I", wal, 24) == (one, other)


def frames(wal: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Page number, size of the file after a commit (0: not a commit) and page of every frame in a log, in order."""
    step = FRAME_HEADER + PAGE
    for start in range(WAL_HEADER, len(wal) - step + 1, step):
        number, commit = struct.unpack_from(">II", wal, start)
        yield number, commit, wal[start + FRAME_HEADER : start + step]


def claimed_frames(wal: bytes) -> tuple[int, int] | None:
    """Frames up to the last one, and up to the last commit, of those that were written since the log was begun anew.

    None when its header cannot be right.
    """
    if len(wal) < WAL_HEADER:
        return 0, 0
    magic, _, page, _, *salts = struct.unpack_from(">IIIIII", wal)
    if magic not in WAL_MAGIC or page != PAGE or not _is_header(wal, magic):
        return None
    last = committed = 0
    starts = range(WAL_HEADER, len(wal) - FRAME_HEADER - PAGE + 1, FRAME_HEADER + PAGE)
    for count, start in enumerate(starts, 1):
        _, commit, *own = struct.unpack_from(">IIII", wal, start)
        if own == salts:
            last = count
            committed = count if commit else committed
    return last, committed
