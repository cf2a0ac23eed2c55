"""Recordings are read as streams, whatever is wrong with them; what is written is read back exactly."""

import gzip
import json
import stat
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.errors import TranscriptError
from ccwall.transcript import LONGEST_LINE, Header, Record, Writer, read

HEADER = b'{"wire":1,"protocol":"fake"}\n'
Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: bytes) -> Path:
        path = tmp_path / "recording"
        path.write_bytes(content)
        return path

    return write


def records(path: Path) -> list[Record]:
    with read(path) as recording:
        return list(recording)


def complaint(path: Path) -> str:
    with pytest.raises(TranscriptError) as caught:
        records(path)
    return str(caught.value)


LINES = (
    HEADER
    + b'{"t":1.5,"conn":0,"ev":"connect"}\n{"t":2,"conn":0,"rx":"\xc3\xbf\\u0000"}\n\n{"t":3,"tx":"x"}\n'
)
EXPECTED = [
    Record(1.5, 0, "ev", b"", "connect"),
    Record(2.0, 0, "rx", b"\xff\x00"),
    Record(3.0, 0, "tx", b"x"),
]


def test_bytes_come_back_as_they_were_recorded(write: Write) -> None:
    assert records(write(LINES)) == EXPECTED


def test_gzip_is_told_by_its_first_bytes_not_by_the_name(write: Write) -> None:
    assert records(write(gzip.compress(LINES))) == EXPECTED


def test_empty_lines_without_end_are_no_transcript(write: Write) -> None:
    assert "line 1002: ends 1000 empty lines" in complaint(write(gzip.compress(HEADER + b"\n" * 1_000_000)))


def test_a_last_line_without_an_end_is_read(write: Write) -> None:
    assert records(write(LINES.rstrip(b"\n"))) == EXPECTED


def test_time_never_goes_back_and_the_jumps_are_counted(write: Write) -> None:
    with read(write(HEADER + b'{"t":5,"rx":"a"}\n{"t":4,"rx":"b"}\n{"t":6,"rx":"c"}\n')) as recording:
        assert [record.t for record in recording] == [5.0, 5.0, 6.0]
        assert recording.backwards == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02\xff", "is not a transcript"),
        (b"hello\n", "is not a transcript"),
        (b'{"wire":1}\n', "is not a transcript"),
        (b'{"wire":"1","protocol":"x"}\n', "is not a transcript"),
        (b"[" * 100_000, "is not a transcript"),
        (b'{"wire":2,"protocol":"x"}\n', "version 2"),
        (HEADER + b"nonsense\n", "line 2"),
        (HEADER + b'{"t":"noon","rx":""}\n', "line 2"),
        (HEADER + b'{"t":null,"rx":""}\n', "line 2"),
        (HEADER + b'{"t":-1,"rx":""}\n', "no epoch seconds"),
        (HEADER + b'{"t":1e300,"rx":""}\n', "no epoch seconds"),
        (HEADER + b'{"t":1,"rx":5}\n', "line 2"),
        (HEADER + '{"t":1,"rx":"张"}\n'.encode(), "latin-1"),
        (HEADER + b'{"t":1,"rx":"\xff"}\n', "line 2"),
        (HEADER + b'{"t":1}\n', "none of rx, tx, ev"),
        (HEADER + b'{"t":1,"rx":"a"}\n{"t":2,"rx":"b', "in the middle of a line"),
        (HEADER + b'{"t":1,"rx":"a"}\n{"t":2,"rx":"b', "the record before it is good"),
        (b"\x1f\x8b" + b"\x00" * 40, "damaged"),
        (gzip.compress(LINES, mtime=0)[:30], "cut off"),
        (gzip.compress(LINES, mtime=0)[:-12] + b"\x00" * 12, "damaged"),
    ],
)
def test_every_damage_is_one_line_that_names_the_file(write: Write, content: bytes, says: str) -> None:
    path = write(content)
    message = complaint(path)
    assert message.startswith(str(path))
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["absent", "."])
def test_what_is_no_readable_file_is_said_so(tmp_path: Path, name: str) -> None:
    assert "cannot be opened" in complaint(tmp_path / name)


def test_a_name_with_a_null_in_it_is_said_so() -> None:
    assert "cannot be opened" in complaint(Path("a\0b"))


def test_what_came_before_the_cut_is_read(write: Write) -> None:
    pressed = zlib.compressobj(wbits=31)
    whole = pressed.compress(LINES) + pressed.flush(zlib.Z_SYNC_FLUSH)
    seen = list[Record]()
    with pytest.raises(TranscriptError, match="cut off"), read(write(whole)) as recording:
        seen.extend(recording)
    assert seen == EXPECTED


@pytest.mark.parametrize("header", [b"", HEADER])
@pytest.mark.parametrize("packed", [False, True])
def test_a_line_of_100_mb_is_refused_in_bounded_memory(tmp_path: Path, header: bytes, packed: bool) -> None:
    path, block = tmp_path / "long", b"x" * 1_000_000
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        file.write(header)
        for _ in range(100):
            file.write(block)
    tracemalloc.start()
    try:
        assert "longer than 8 MiB" in complaint(path)
        assert tracemalloc.get_traced_memory()[1] < 4 * LONGEST_LINE
    finally:
        tracemalloc.stop()


def test_a_recording_that_unpacks_to_a_gigabyte_is_read_in_bounded_memory(write: Write) -> None:
    line = json.dumps({"t": 1, "rx": "x" * 1_000_000}).encode() + b"\n"
    pressed = zlib.compressobj(1, wbits=31)
    content = pressed.compress(HEADER) + b"".join(pressed.compress(line) for _ in range(50)) + pressed.flush()
    path = write(content)
    tracemalloc.start()
    try:
        with read(path) as recording:
            assert sum(len(record.body) for record in recording) == 50_000_000
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=300))
def test_random_bytes_give_the_documented_error(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("junk") / "recording"
    path.write_bytes(HEADER + b'{"t":1,"rx":"a"}\n' + junk)
    with suppress(TranscriptError), read(path) as recording:
        assert next(iter(recording)).body == b"a"
        assert all(isinstance(record, Record) for record in recording)


@given(st.binary(max_size=200))
def test_what_is_written_is_read_back_exactly(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.mktemp("out") / "out.wire.ndjson.gz"
    writer = Writer(path, Header(wire=1, protocol="fake"))
    writer.event(1.0, 0, "connect")
    writer.received(2.0, 0, body)
    writer.close()
    assert records(path) == [Record(1.0, 0, "ev", b"", "connect"), Record(2.0, 0, "rx", body)]


def test_secrets_and_what_proves_them_are_starred_out(tmp_path: Path) -> None:
    path = tmp_path / "out.wire.ndjson"
    writer = Writer(path, Header(wire=1, protocol="fake"), secrets=("hunter2",))
    writer.sent(
        1.0, 0, b"Action: Login\r\nSecret: other\r\nKey: 0123abcd\r\n\r\nauth ClueCon\n\nsay hunter2\n"
    )
    writer.close()
    sent = records(path)[0].body
    assert sent == b"Action: Login\r\nSecret: *****\r\nKey: ********\r\n\r\nauth *******\n\nsay *******\n"


def test_a_recording_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.wire.ndjson.gz"
    Writer(path, Header(wire=1, protocol="fake")).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "out.wire.ndjson.gz"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        Writer(path, Header(wire=1, protocol="fake"))
    assert path.read_bytes() == b"precious"


def test_what_was_flushed_survives_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "out.wire.ndjson.gz"
    writer = Writer(path, Header(wire=1, protocol="fake"))
    writer.received(1.0, 0, b"a")
    writer.flush()
    seen = list[Record]()
    with pytest.raises(TranscriptError, match="cut off"), read(path) as recording:
        seen.extend(recording)
    writer.close()
    assert [record.body for record in seen] == [b"a"]
