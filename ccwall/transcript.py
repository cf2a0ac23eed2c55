"""Recorded wire: what `ccwall record` writes and `replay` and `decode` read.

NDJSON, gzipped or plain (told by its first bytes, not by its name). The first line is the header
``{"wire": 1, "protocol": …}``; then in order of time one object a line: ``t`` (epoch seconds), ``conn`` (which connection)
and one of ``rx`` (received), ``tx`` (sent), both bytes as latin-1, or ``ev`` (connect, eof, reset, refused, client-close …).

A file is read as a stream: memory is bounded by one line, whatever the file unpacks to.
"""

import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Literal, cast

import msgspec

from ccwall.errors import TranscriptError

VERSION = 1
LONGEST_LINE = 8 * 1024 * 1024
"""A far end writes at most a few hundred KiB in one read; beyond this a file is no transcript, or an attack on our memory."""

MOST_EMPTY_LINES = 1000
"""In a row. A gzip bomb of line ends costs no memory, but the minutes in which nobody could stop us."""

LATEST = 253_402_300_799.0
"""The end of the year 9999."""

NOTICE_EVERY = 256

_GZIP = b"\x1f\x8b"
STANDARD_INPUT = "-"
_PROOF = re.compile(rb"(?im)^((?:secret|key|password)[ \t]*:[ \t]*|auth[ \t]+)([^\r\n]+)")
"""What proves that we know a secret: the secret itself, or a digest that a weak one could be guessed from."""


def _nobody(_done: float) -> None:
    pass


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The first line."""

    wire: int
    protocol: str
    recorded: str = ""
    scenario: str = ""
    client: str = ""


class Record(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened on connection ``conn`` at ``t``: ``body`` for rx and tx, ``event`` for ev."""

    t: float
    conn: int
    kind: Literal["rx", "tx", "ev"]
    body: bytes = b""
    event: str = ""


class _Line(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    t: float
    conn: int = 0
    rx: str | None = None
    tx: str | None = None
    ev: str | None = None


_decode_header = msgspec.json.Decoder(Header).decode
_decode_line = msgspec.json.Decoder(_Line).decode


class Transcript:
    """An open recording: iterate over its records once. ``records`` and ``backwards`` count what was read so far.

    ``notice``, if given, is called now and then with the fraction read, and with 1.0 at the end or at an error.
    Time never goes back: a record whose ``t`` is before its predecessor's gets the predecessor's, and is counted.
    """

    def __init__(self, name: str, stream: IO[bytes], close: IO[bytes] | None) -> None:
        self.name = name
        self.line = self.records = self.backwards = 0
        self.notice: Callable[[float], None] = _nobody
        self._stream, self._close = stream, close
        self._size = 0 if close is None else os.fstat(close.fileno()).st_size
        self._last = -float("inf")
        try:
            self.header = self._read_header()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Transcript":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._close is not None:
            self._close.close()

    @property
    def done(self) -> float:
        """How much of the file was read, as a fraction; 0 when nobody can know."""
        return self._close.tell() / self._size if self._close is not None and self._size else 0.0

    def __iter__(self) -> Iterator[Record]:
        try:
            empty = 0
            while line := self._next_line():
                if line.isspace():
                    empty += 1
                    if empty > MOST_EMPTY_LINES:
                        raise self.wrong(f"ends {MOST_EMPTY_LINES} empty lines: this is not a transcript")
                else:
                    empty = 0
                    record = self._record(line)
                    self.records += 1
                    if not self.records % NOTICE_EVERY:
                        self.notice(self.done)
                    yield record
        finally:
            self.notice(1.0)

    def wrong(self, text: str) -> TranscriptError:
        count = "record before it is" if self.records == 1 else f"{self.records} records before it are"
        good = f" (the {count} good)" if self.records else ""
        return TranscriptError(f"{self.name}: line {self.line}: {text}{good}")

    def _next_line(self) -> bytes:
        self.line += 1
        try:
            line = self._stream.readline(LONGEST_LINE + 1)
        except EOFError:
            raise self.wrong("the gzip file is cut off here: copy it again") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise self.wrong(f"the gzip file is damaged here ({error}): copy it again") from None
        except OSError as error:
            raise self.wrong(f"cannot be read: {error.strerror or error}") from None
        if len(line) > LONGEST_LINE:
            raise self.wrong(f"is longer than {LONGEST_LINE // 1024 // 1024} MiB: this is not a transcript")
        return line

    def _read_header(self) -> Header:
        line = self._next_line()
        if not line:
            raise TranscriptError(
                f'{self.name}: is empty: a transcript begins with {{"wire": 1, "protocol": …}}'
            )
        try:
            header = _decode_header(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise TranscriptError(
                f'{self.name}: is not a transcript: its first line must be {{"wire": 1, "protocol": …}}'
            ) from None
        if header.wire != VERSION:
            raise TranscriptError(
                f"{self.name}: is of version {header.wire}, and this ccwall reads version {VERSION}"
            )
        return header

    def _record(self, line: bytes) -> Record:
        try:
            found = _decode_line(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            cut = "" if line.endswith(b"\n") else "; the file ends in the middle of a line"
            raise self.wrong(f"is not a record: {str(error)[:200]}{cut}") from None
        if not 0 <= found.t <= LATEST:
            raise self.wrong(f"has a time that is no epoch seconds: {found.t!r}")
        if found.t < self._last:
            self.backwards += 1
        self._last = t = max(found.t, self._last)
        try:
            if found.rx is not None:
                return Record(t, found.conn, "rx", found.rx.encode("latin-1"))
            if found.tx is not None:
                return Record(t, found.conn, "tx", found.tx.encode("latin-1"))
        except UnicodeEncodeError:
            raise self.wrong("rx and tx must be bytes as latin-1, and this has other characters") from None
        if found.ev is None:
            raise self.wrong("has none of rx, tx, ev")
        return Record(t, found.conn, "ev", b"", found.ev)


def read(path: str | Path) -> Transcript:
    """Open a recording; ``-`` is standard input. TranscriptError says what is wrong and what to do."""
    name = str(path)
    if not name:
        raise TranscriptError("no recording is named: the name is empty")
    if name == STANDARD_INPUT:
        return _unpacked("standard input", cast(io.BufferedReader, sys.stdin.buffer), None)
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - Transcript closes it
    except OSError as error:
        raise TranscriptError(f"{name}: cannot be opened: {error.strerror or error}") from None
    except ValueError as error:
        raise TranscriptError(f"{name!r}: cannot be opened: {error}") from None
    return _unpacked(name, file, file)


def _unpacked(name: str, file: io.BufferedReader, close: IO[bytes] | None) -> Transcript:
    try:
        packed = file.peek(2)[:2] == _GZIP
    except OSError as error:
        if close is not None:
            close.close()
        raise TranscriptError(f"{name}: cannot be read: {error.strerror or error}") from None
    stream = cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb")) if packed else file
    return Transcript(name, stream, close)


def starred(body: bytes, secrets: Sequence[bytes]) -> bytes:
    """What we sent, with stars of the same length where a secret or a proof of one was."""
    body = _PROOF.sub(lambda found: found[1] + b"*" * len(found[2]), body)
    for secret in secrets:
        body = body.replace(secret, b"*" * len(secret))
    return body


_encode_line = msgspec.json.Encoder().encode


def line_of(record: Record) -> bytes:
    """A record as it stands in a transcript, with the end of its line. Secrets must be `starred` out before."""
    text = record.body.decode("latin-1")
    line = _Line(t=record.t, conn=record.conn)
    if record.kind == "ev":
        line.ev = record.event
    else:
        line.rx, line.tx = (text, None) if record.kind == "rx" else (None, text)
    return _encode_line(line) + b"\n"


class Writer:
    """A recording being written. ``secrets`` never reach the file: where one was sent, stars stand.

    The file is for its owner alone (mode 0600) and must not exist: a recording is never overwritten.
    """

    def __init__(self, path: Path, header: Header, secrets: tuple[str, ...] = ()) -> None:
        self.records = 0
        self._secrets = [secret.encode() for secret in secrets if secret]
        self._encode = msgspec.json.Encoder().encode
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: BinaryIO = os.fdopen(opened, "wb")
        self._out: IO[bytes] = self._file
        if path.suffix == ".gz":
            self._out = cast(IO[bytes], gzip.GzipFile(filename="", fileobj=self._file, mode="wb", mtime=0))
        self._out.write(self._encode(header) + b"\n")

    def event(self, t: float, conn: int, event: str) -> None:
        self._write(_Line(t=t, conn=conn, ev=event))

    def received(self, t: float, conn: int, body: bytes) -> None:
        self._write(_Line(t=t, conn=conn, rx=body.decode("latin-1")))

    def sent(self, t: float, conn: int, body: bytes) -> None:
        self._write(_Line(t=t, conn=conn, tx=starred(body, self._secrets).decode("latin-1")))

    def flush(self) -> None:
        """What was written until now survives a crash."""
        self._out.flush()
        self._file.flush()

    def close(self) -> None:
        if self._out is not self._file:
            self._out.close()
        self._file.close()

    def _write(self, line: _Line) -> None:
        self.records += 1
        self._out.write(self._encode(line) + b"\n")
