"""Lines of devices: any cut, any end, bounded; and what is text."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.errors import ProtocolError
from ccwall.wire.lines import MOST_GARBLED, MOST_STRANGE, Clarity, Lines, text_of

pieces = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"RING", b"\xe5\xbc\xa0", b"\x00", b"x" * 50]), max_size=40
)


@given(pieces, st.data())
def test_any_cut_gives_the_same_lines(said: list[bytes], data: st.DataObject) -> None:
    wire = b"".join(said)
    if max(map(len, wire.replace(b"\r", b"\n").split(b"\n"))) > 100:
        wire = wire.replace(b"x" * 50, b"x")[:100]
    cut = Lines(100)
    whole = Lines(100).feed(wire)
    found: list[bytes] = []
    while wire:
        size = data.draw(st.integers(1, len(wire)))
        found += cut.feed(wire[:size])
        wire = wire[size:]
    assert found == whole
    assert all(line and b"\r" not in line and b"\n" not in line for line in whole)


def test_a_line_without_end_is_refused_with_advice() -> None:
    lines = Lines(100)
    assert lines.feed(b"x" * 100) == []
    with pytest.raises(
        ProtocolError, match="no end of message within 100 bytes: this looks like the wrong speed"
    ):
        lines.feed(b"x")
    assert lines.feed(b"RING\r") == [b"RING"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"RING", "RING"),
        ("张三".encode(), "张三"),
        (b"1200 01 <I>" + "张三".encode("gb18030"), "1200 01 <I>张三"),
        (b"\x0cpage\t2", "\x0cpage\t2"),
        (b"RI\x00NG", None),
        (b"\x80\xff\xfe", None),
        (b"\xf3\x80\x9c\xe6", None),
    ],
)
def test_what_is_text(line: bytes, text: str | None) -> None:
    assert text_of(line) == text


def repeat(judge: Callable[[bytes], None], times: int, line: bytes) -> None:
    for _ in range(times):
        judge(line)


def test_noise_between_good_lines_is_for_ever_noise() -> None:
    clarity = Clarity("a box")
    for _ in range(10):
        for _ in range(MOST_GARBLED - 1):
            clarity.garbled(b"\x80")
        clarity.understood()


def test_nothing_but_noise_is_the_wrong_speed() -> None:
    clarity = Clarity("a box", 1200)
    with pytest.raises(ProtocolError, match="usual here: 1200") as caught:
        repeat(clarity.garbled, MOST_GARBLED, b"\x80")
    assert caught.value.wire == b"\x80"


def test_text_that_never_means_anything_is_another_device() -> None:
    clarity = Clarity("a box")
    with pytest.raises(ProtocolError, match="a line of a box was expected"):
        repeat(clarity.strange, MOST_STRANGE, b"hello")


def test_text_that_means_nothing_after_some_that_did_is_only_counted() -> None:
    clarity = Clarity("a box")
    clarity.understood()
    for _ in range(MOST_STRANGE * 2):
        clarity.strange(b"hello")
