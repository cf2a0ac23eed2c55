"""A recording moved in time: every instant in the wire's own bytes, whatever the cuts."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ccwall.transcript import read
from ccwall_simulators import rounds

AROUND = 1_795_307_255.4


def moved(*chunks: bytes) -> bytes:
    shift = rounds.Shift(AROUND, 1000)
    return b"".join(map(shift.feed, chunks))


def test_instants_move_alone_and_inside_ids() -> None:
    wire = b"LastCall: 1795307000\r\nUniqueid: 1795307413.23\r\nLinkedid: pbx1-1795307413.2\r\n"
    assert (
        moved(wire) == b"LastCall: 1795308000\r\nUniqueid: 1795308413.23\r\nLinkedid: pbx1-1795308413.2\r\n"
    )


def test_numbers_that_are_no_instant_of_this_recording_stay() -> None:
    wire = b"79123454034 0123456789 1595307000 17953070001 179530700\r\n"
    assert moved(wire) == wire


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_cut_number_moves_as_a_whole(first: int, second: int) -> None:
    wire = b"Uniqueid: 1795307413.23\r\nLastCall: 1795307000 1795307001\r\n"
    a, b = sorted((first, second))
    assert moved(wire[:a], wire[a:b], wire[b:]) == moved(wire)


def test_what_is_held_back_is_bounded() -> None:
    assert len(moved(b"1" * 10_000)) >= 10_000 - 32


def test_the_shipped_recordings_are_small_and_complete() -> None:
    paths = rounds.shipped()
    assert len(paths) >= 3
    assert sum(path.stat().st_size for path in paths) < 1_000_000
    for path in paths:
        with read(path) as recording:
            assert sum(1 for _ in recording) > 1000


def test_no_call_of_one_round_has_the_id_of_another() -> None:
    seen: set[bytes] = set()
    begins = 1_800_000_000.0
    for path in (*rounds.shipped(), *rounds.shipped()):
        with read(path) as recording:
            records = list(recording)
        shift = rounds.Shift(records[0].t, round(begins - records[0].t))
        wire = b"".join(shift.feed(record.body) for record in records if record.kind == "rx")
        calls = set(re.findall(rb"(?m)^(?:Dest)?Uniqueid: ([\w.-]+)", wire))
        assert calls
        assert calls & seen == set(), path
        seen |= calls
        begins += records[-1].t - records[0].t
