"""The engine's state written down now and then, so that a start reads minutes of the journal and not months."""

import sqlite3
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from zlib import compress, decompress
from zlib import error as zlib_error

import msgspec

from ccwall.engine import Engine
from ccwall.engine.dump import shape

KEPT = 3
"""The newest so many; an older one is of use only when a newer one is damaged."""
LEVEL = 1
"""Of compression: a state has some hundred KiB, and the disk waits for it."""

own_shape = cache(shape)
"""Of what runs here, which does not change while it runs; to tell it takes as long as to write a state."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The state after the fact ``seq``; see the table `snapshot`."""

    seq: int
    at: float
    shape: str
    digest: str
    state: bytes


def digest_of(dump: bytes) -> str:
    return blake2b(dump, digest_size=16).hexdigest()


def pack(seq: int, at: float, dump: bytes) -> Snapshot:
    return Snapshot(seq=seq, at=at, shape=own_shape(), digest=digest_of(dump), state=compress(dump, LEVEL))


def unpack(snapshot: Snapshot) -> bytes:
    """The dump; ValueError when it is damaged."""
    if not isinstance(snapshot.state, bytes):  # a column holds what was put into it
        raise ValueError("it is damaged: it is no blob")
    try:
        dump = decompress(snapshot.state)
    except zlib_error as error:
        raise ValueError(f"it is damaged: {error}") from None
    if digest_of(dump) != snapshot.digest:
        raise ValueError("it is damaged: its digest is another")
    return dump


def engine_of(snapshot: Snapshot) -> Engine:
    """The engine as it was; ValueError says why this snapshot is of no use."""
    dump = unpack(snapshot)
    if snapshot.shape != own_shape():
        raise ValueError("it is of another release, whose state had another shape")
    return Engine.restore(dump)


def newest_first(connection: sqlite3.Connection) -> Iterator[Snapshot]:
    """One at a time: a state may be large."""
    before = (1 << 63) - 1
    while True:
        row = connection.execute(
            "SELECT seq, at, shape, digest, state FROM snapshot WHERE seq < ? ORDER BY seq DESC LIMIT 1",
            (before,),
        ).fetchone()
        if row is None:
            return
        before = row[0]
        yield Snapshot(seq=row[0], at=row[1], shape=row[2], digest=row[3], state=row[4])


WRITE = "INSERT OR REPLACE INTO snapshot (seq, at, shape, digest, state) VALUES (?, ?, ?, ?, ?)"
FORGET = f"DELETE FROM snapshot WHERE seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT {KEPT})"
