"""What is a board, and what each mistake is called."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.boards.checking import board_of, origin_of
from ccwall.boards.paper import MOST_MISTAKES, Mistaken
from tests.boards.sketches import EMBED, PLAIN, Json, board, boards, put

TILE: tuple[str | int, ...] = ("pages", 0, "tiles", 0)


def mistakes(told: object) -> dict[str, str]:
    with pytest.raises(Mistaken) as caught:
        board_of(told, EMBED)
    return {each.where: each.what for each in caught.value.mistakes}


def as_sent(told: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(board_of(told, EMBED)))


@given(boards)
def test_what_is_read_is_written_again(told: Json) -> None:
    quiet = {"sound": {"quiet": [], **told["sound"]}} if "sound" in told else {}
    once = as_sent(told)
    assert once == {**told, **quiet}
    assert as_sent(once) == once


def test_a_whole_board_keeps_every_field() -> None:
    assert as_sent(PLAIN) == PLAIN


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(st.characters(), max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip
PLACES: list[tuple[str | int, ...]] = [
    *((key,) for key in PLAIN),
    *(("pages", 0, key) for key in ("name", "dwell", "tiles")),
    *((*TILE, key) for key in PLAIN["pages"][0]["tiles"][0]),
    *(("sound", key) for key in PLAIN["sound"]),
    ("pages", 0, "tiles", 2, "options", "address"),
    ("rotation", "stop_on"),
    ("a new key",),
]


@given(st.sampled_from(PLACES), json_values)
def test_anything_anywhere_is_kept_or_named(place: tuple[str | int, ...], value: Any) -> None:
    """And never raises anything else; what it says can be sent."""
    told = put(PLAIN, place, value)
    try:
        kept = as_sent(told)
    except Mistaken as error:
        found = error.mistakes
    else:
        assert as_sent(kept) == kept
        return
    assert 0 < len(found) <= MOST_MISTAKES
    msgspec.json.encode(found)
    assert all(len(each.what) < 300 for each in found)


@given(json_values)
def test_no_value_is_too_strange(value: Any) -> None:
    with pytest.raises(Mistaken):
        board_of(value)


WRONG: list[tuple[tuple[str | int, ...], Any, str, str]] = [
    ((*TILE, "w"), 17, "pages[0].tiles[0].w", "17 is more than the 16 columns of a board; make it smaller"),
    ((*TILE, "h"), 25, "pages[0].tiles[0].h", "25 is more than the 24 rows"),
    ((*TILE, "x"), 9, "pages[0].tiles[0].w", "goes over the edge"),
    ((*TILE, "y"), 24, "pages[0].tiles[0].y", "outside the board"),
    ((*TILE, "x"), -1, "pages[0].tiles[0].x", "a whole number from 0 on"),
    ((*TILE, "w"), 0, "pages[0].tiles[0].w", "a whole number from 1 on"),
    ((*TILE, "w"), True, "pages[0].tiles[0].w", "whole number"),
    ((*TILE, "w"), 9, "pages[0].tiles[1]", "lies over pages[0].tiles[0]"),
    ((*TILE, "id"), "b", "pages[0].tiles[1].id", "another tile of this page"),
    ((*TILE, "kind"), "Number!", "pages[0].tiles[0].kind", "a kind of tile"),
    ((*TILE, "colour"), "red", "pages[0].tiles[0].colour", "is not a key"),
    ((*TILE, "options"), [], "pages[0].tiles[0].options", "must be an object"),
    ((*TILE, "options"), {f"k{n}": "x" * 1900 for n in range(5)}, "pages[0].tiles[0].options", "8192 are the most"),
    ((*TILE, "options"), {"text": {"en": "x" * 2001}}, "pages[0].tiles[0].options.text.en", "2000 are the most"),
    ((*TILE, "options"), {"n": 2**60}, "pages[0].tiles[0].options.n", "too large for a browser"),
    ((*TILE, "options"), {"t": "\ud800"}, "pages[0].tiles[0].options.t", "control character"),
    ((*TILE, "options"), {"a": [[[[[[[1]]]]]]]}, "pages[0].tiles[0].options.a[0][0][0][0][0][0]", "nested"),
    (("pages",), [], "pages", "at least one page"),
    (("pages",), [PLAIN["pages"][1]] * 13, "pages", "has 13 pages, and 12 are the most"),
    (("pages", 1, "tiles"), [{}] * 41, "pages[1].tiles", "has 41 tiles, and 40 are the most"),
    (("pages", 1, "dwell"), 1, "pages[1].dwell", "from 3 to 3600 seconds"),
    (("pages", 1, "dwell"), float("nan"), "pages[1].dwell", "from 3 to 3600 seconds"),
    (("id",), "Hall", "id", "is not an id"),
    (("name",), {}, "name", "at least one language"),
    (("name",), {"fr": "Salle"}, "name.fr", "is not a key"),
    (("theme",), "drak", "theme", 'did you mean "dark"?'),
    (("accent",), "blue", "accent", "#3b82f6"),
    (("lang",), None, "lang", "leave the key out"),
    (("distance",), 0, "distance", "metres"),
    (("sound", "volume"), 1.5, "sound.volume", "from 0 to 1"),
    (("sound", "quiet"), [["24:00", "07:00"]], "sound.quiet[0]", '["22:00", "07:00"]'),
    (("sound", "quiet"), [["22:00"]], "sound.quiet[0]", "two times"),
    (("rotation", "stop_on"), "always", "rotation.stop_on", "breach, source, never"),
    (("thme",), "dark", "thme", 'did you mean "theme"?'),
    (("format",), "1", "format", "must be 1"),
    (("format",), True, "format", "must be 1"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "where", "what"), WRONG)
def test_a_mistake_is_named_with_its_path(
    place: tuple[str | int, ...], value: Any, where: str, what: str
) -> None:
    assert what in mistakes(put(PLAIN, place, value))[where]


def test_all_mistakes_are_told_at_once() -> None:
    told = put(put(board(theme=None), (*TILE, "w"), 17), ("pages", 1, "dwell"), 0)
    assert set(mistakes(told)) == {"theme", "pages[0].tiles[0].w", "pages[1].dwell"}


def test_a_newer_format_is_told_alone() -> None:
    told = mistakes(put(board(), ("format",), 2) | {"something": "new"})
    assert list(told) == ["format"]
    assert "newer ccwall" in told["format"]


def test_a_board_of_too_many_bytes_is_refused() -> None:
    tiles = [
        {"id": f"t{n}", "kind": "text", "x": n % 8 * 2, "y": n // 8 * 4, "w": 2, "h": 4,
         "options": {"a": "x" * 1990, "b": "x" * 1990}}
        for n in range(40)
    ]  # fmt: skip
    told = mistakes(board(pages=[{"dwell": 10, "tiles": tiles}]))
    assert "131072 are the most" in told[""]


ADDRESSES = [
    ("http://status.example.com/", "must begin with https://"),
    ("https://evil.example/", "may not be shown: allowed are https://status.example.com"),
    ("https://status.example.com.evil.example/", "may not be shown"),
    ("https://status.example.com@evil.example/", "user name"),
    ("https://status.example.com:8443/", "may not be shown"),
    ("javascript:alert(1)", "must begin with https://"),
    ("//status.example.com/", "must begin with https://"),
    ("https://status.example.com\\@evil.example/", "blanks"),
    ("https://status.example.com/ /x", "blanks"),
    ("https://[::1", "is not an address"),
    ("https://", "must name a host"),
]


@pytest.mark.parametrize(("address", "what"), ADDRESSES)
@pytest.mark.parametrize("key", ["address", "page"])
def test_only_pages_of_the_allowed_places_are_shown(key: str, address: str, what: str) -> None:
    if key == "page" and "://" not in address:
        return  # a word with a colon is a scope, as queue:consult
    told = mistakes(put(PLAIN, (*TILE, "options"), {key: address}))
    assert what in told[f"pages[0].tiles[0].options.{key}"]


@given(st.text(max_size=60))
def test_no_origin_is_made_of_anything(text: str) -> None:
    try:
        origin = origin_of(text)
    except ValueError:
        return
    assert origin_of(origin) == origin
    assert not set(origin) & set(" ;,'\"\\\n")
