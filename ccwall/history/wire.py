"""The whole wire of every source for some days, both directions: what a mended adapter translates a day again from.

Lines of transcripts, packed into blocks, in a file and a thread of their own: the journal never waits for it, and when
it cannot keep up it loses lines and says so in the transcript (`gap`), which the journal may never do.
"""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from io import BufferedReader, RawIOBase
from pathlib import Path
from zlib import compress, decompress
from zlib import error as zlib_error

import aiosqlite
import msgspec
import structlog

from ccwall.clock import Clock
from ccwall.events import SourceId
from ccwall.history import rescue, store
from ccwall.history.connecting import connected
from ccwall.transcript import Header, Record, Transcript, line_of, starred

GAP = "gap"
"""The event of a transcript in whose place something is missing."""
BLOCK = 256 * 1024
"""Bytes of lines, unpacked; a block is written when it is so long, or after `EVERY`."""
EVERY = 2.0
"""Real seconds. What a killed ccwall loses of the wire, at most."""
MOST = 32 * 1024 * 1024
"""Bytes that wait for the disk, of all sources together."""
PAUSE = 5.0
LEVEL = 3
TIDY_EVERY = 60
"""Blocks' turns between two looks at what is too old or too much."""
DAY = 86_400.0

_log = structlog.get_logger("ccwall.history")


class Block(msgspec.Struct, kw_only=True):
    """Lines of one source that are written together."""

    source: SourceId
    protocol: str
    first: float
    last: float
    lines: list[bytes] = []
    size: int = 0


class Wire:
    """``days`` and ``limit`` (bytes on the disk) bound it; the oldest goes first."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        run: int,
        days: int,
        limit: int,
        most: int = MOST,
        connect: store.Connect = store.connect,
    ) -> None:
        self._path, self._clock, self._connect = path, clock, connect
        self._run, self._days, self._limit, self._most = run, days, limit, most
        self._open: dict[SourceId, Block] = {}
        self._ready: list[Block] = []
        self._bell = asyncio.Event()
        self._closing = False
        self._failed = False
        self.waiting = 0
        """bytes not written yet"""
        self.lost = 0
        """records that were not kept"""

    def tap(self, source: SourceId, protocol: str, secrets: Sequence[str] = ()) -> "WireTap":
        return WireTap(self, source, protocol, secrets)

    def put(self, source: SourceId, protocol: str, record: Record) -> bool:
        """Take a record; False when there is no room for it."""
        if self.waiting > self._most:
            self.lost += 1
            return False
        line = line_of(record)
        block = self._open.get(source)
        if block is None:
            block = self._open[source] = Block(
                source=source, protocol=protocol, first=record.t, last=record.t
            )
        block.lines.append(line)
        block.last = max(block.last, record.t)
        block.size += len(line)
        self.waiting += len(line)
        if block.size >= BLOCK:
            self._ready.append(self._open.pop(source))
            self._bell.set()
        return True

    async def run(self) -> None:
        """Write until `close`; a disk that fails is tried again for ever."""
        over = False
        while not over:
            try:
                await self._write()
                over = True
            except (sqlite3.Error, OSError, store.Damaged) as error:
                if not self._failed:
                    _log.error("the wire is not kept", error=str(error), file=str(self._path))
                self._failed = True
                over = self._closing
                if not over:
                    await self._clock.sleep(PAUSE * self._clock.rate)

    def close(self) -> None:
        self._closing = True
        self._bell.set()

    async def _write(self) -> None:
        found = await asyncio.to_thread(rescue.prepare, self._path, "wire", self._clock.now(), self._connect)
        if found.problem:
            _log.error("the wire was damaged", problem=found.problem, set_aside=found.aside)
        async with connected(partial(store.settled, self._connect, self._path, "wire")) as db:
            turn = 0
            while True:
                if turn % TIDY_EVERY == 0:
                    await self._tidy(db)
                turn += 1
                await self._some_time()
                closing = self._closing
                self._ready += self._open.values()
                self._open.clear()
                while self._ready:
                    await self._keep(db, self._ready[0])
                    self.waiting -= self._ready.pop(0).size
                self._failed = False
                if closing:
                    return

    async def _some_time(self) -> None:
        """Until there is a whole block, or time is up."""
        if self._closing:
            return
        self._bell.clear()
        if self._ready:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(EVERY):
                await self._bell.wait()

    async def _keep(self, db: aiosqlite.Connection, block: Block) -> None:
        body = await asyncio.to_thread(_packed, block.lines)
        await db.execute(
            "INSERT INTO block (run, source, protocol, first, last, lines, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._run,
                block.source,
                block.protocol,
                block.first,
                block.last,
                len(block.lines),
                _digest(body),
                body,
            ),
        )

    async def _tidy(self, db: aiosqlite.Connection) -> None:
        await db.execute("DELETE FROM block WHERE last < ?", (self._clock.now() - self._days * DAY,))
        while await _pages(db) * store.PAGE > self._limit:
            await db.execute("DELETE FROM block WHERE id IN (SELECT id FROM block ORDER BY id LIMIT 16)")


class WireTap:
    """A `ccwall.supervise.Tap` for one source. Secrets are starred out before anything is kept."""

    def __init__(self, wire: Wire, source: SourceId, protocol: str, secrets: Sequence[str]) -> None:
        self._wire, self._source, self._protocol = wire, source, protocol
        self._secrets = [secret.encode() for secret in secrets if secret]
        self._gap = False

    def event(self, t: float, conn: int, event: str) -> None:
        self._put(Record(t, conn, "ev", event=event))

    def received(self, t: float, conn: int, body: bytes) -> None:
        self._put(Record(t, conn, "rx", body))

    def sent(self, t: float, conn: int, body: bytes) -> None:
        self._put(Record(t, conn, "tx", starred(body, self._secrets)))

    def _put(self, record: Record) -> None:
        if self._gap and not self._wire.put(
            self._source, self._protocol, Record(record.t, record.conn, "ev", event=GAP)
        ):
            return
        self._gap = not self._wire.put(self._source, self._protocol, record)


# ── reading ──


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """The blocks of one source in one run of ccwall: wire without a hole, but for what `gap` records say."""

    source: SourceId
    run: int
    protocol: str
    first: float
    last: float
    blocks: tuple[int, ...]


def stretches(connection: sqlite3.Connection) -> list[Stretch]:
    """All there is, in order of time."""
    found: dict[tuple[str, int, str], Stretch] = {}
    for id, run, source, protocol, first, last in connection.execute(
        "SELECT id, run, source, protocol, first, last FROM block ORDER BY id"
    ):
        before = found.get((source, run, protocol))
        found[source, run, protocol] = Stretch(
            source=SourceId(source),
            run=run,
            protocol=protocol,
            first=before.first if before else first,
            last=last,
            blocks=(*before.blocks, id) if before else (id,),
        )
    return sorted(found.values(), key=_by_first)


def _by_first(stretch: Stretch) -> float:
    return stretch.first


def transcript(connection: sqlite3.Connection, stretch: Stretch) -> Transcript:
    """The records of a stretch, as a recording."""
    header = msgspec.json.encode(Header(wire=1, protocol=stretch.protocol)) + b"\n"
    stream = BufferedReader(_Lines(header, connection, stretch.blocks))
    return Transcript(f"the wire of {stretch.source}", stream, None)


class _Lines(RawIOBase):
    """A header and the lines of some blocks. Of a damaged block, a record says that it is missing."""

    def __init__(self, header: bytes, connection: sqlite3.Connection, blocks: Sequence[int]) -> None:
        self._parts = self._unpacked(connection, blocks)
        self._rest = header

    @staticmethod
    def _unpacked(connection: sqlite3.Connection, blocks: Sequence[int]) -> Iterator[bytes]:
        for id in blocks:
            row = connection.execute("SELECT first, digest, body FROM block WHERE id = ?", (id,)).fetchone()
            if row is None:
                continue  # it became too old meanwhile
            first, digest, body = row
            try:
                if _digest(body) != digest:
                    raise ValueError("its digest is another")
                yield decompress(body)
            except (ValueError, zlib_error):
                yield line_of(Record(first, 0, "ev", event=GAP))

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]  # any writable buffer; BufferedReader gives this
        while not self._rest:
            found = next(self._parts, None)
            if found is None:
                return 0
            self._rest = found
        count = min(len(into), len(self._rest))
        into[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _packed(lines: Sequence[bytes]) -> bytes:
    return compress(b"".join(lines), LEVEL)


def _digest(body: bytes) -> str:
    return blake2b(body, digest_size=8).hexdigest()


async def _pages(db: aiosqlite.Connection) -> int:
    """Of the file that are in use."""
    used = 0
    for sign, pragma in ((1, "page_count"), (-1, "freelist_count")):
        async with db.execute(f"PRAGMA {pragma}") as found:
            row = await found.fetchone()
        used += sign * int(row[0] if row is not None else 0)
    return used
