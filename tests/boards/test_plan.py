"""Floor plans: any text becomes a plan within bounds, or an error that says where; of an SVG nothing but shapes survives."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ccwall.boards
from ccwall.boards.plan import Facing, Plan, PlanError, parsed
from ccwall.boards.plan_parts import LARGEST, LONGEST_NAME, MOST_BYTES, MOST_MISTAKES, MOST_SEATS

GRID = """\
; a floor
#====####
#       #   {B}
# A1 A2 #   B-01 B-02
# A3 A4 #
#########   [休息室]
            [      ]
            C1  _C2  <C3
"""


def seats(plan: Plan) -> dict[str, tuple[Facing | None, int | None]]:
    return {seat.id: (seat.facing, seat.zone) for seat in plan.seats}


def mistakes(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(PlanError) as caught:
        parsed(text)
    return [(each.line, each.column, each.text) for each in caught.value.mistakes]


# ── grids ──


def test_rows_of_desks_stand_face_to_face() -> None:
    plan = parsed("A1 A2\nA3 A4\n\nA5 A6\nA7 A8\nA9")
    faces = {seat.id: seat.facing for seat in plan.seats}
    assert [faces[f"A{i}"] for i in (1, 3, 5, 7, 9)] == ["up", "down", "up", "down", "up"]
    places = {seat.id: seat for seat in plan.seats}
    gap = places["A3"].y - places["A1"].y - places["A1"].h
    assert 0 < gap < 10 < places["A5"].y - places["A3"].y - places["A3"].h


def test_who_sits_elsewhere_says_so() -> None:
    assert seats(parsed("A1\n_A2\n>A3\n<A4\n^A5")) == {
        "A1": ("up", None), "A2": ("down", None), "A3": ("right", None), "A4": ("left", None), "A5": ("up", None),
    }  # fmt: skip


def test_a_zone_has_the_seats_below_its_name_and_to_the_right() -> None:
    plan = parsed("{A}     {B}\nA1 A2   B1 B2\nA3 A4   B3 B4\n\n{C}\nC1 C2   B5 B6")
    zones = {seat.id: plan.zones[seat.zone].name for seat in plan.seats if seat.zone is not None}
    assert zones == {seat.id: seat.id[0] for seat in plan.seats}


def test_brackets_below_brackets_are_one_room() -> None:
    plan = parsed(GRID)
    assert [room.name for room in plan.rooms] == ["休息室"]
    assert plan.rooms[0].h > plan.rooms[0].w / 4
    assert (len(plan.walls), len(plan.windows)) == (4, 1)


def test_wide_characters_take_two_columns() -> None:
    wide, narrow = parsed("[休息室] A1 A2"), parsed("[Lounge] A1 A2")
    assert [seat.x for seat in wide.seats] == [seat.x for seat in narrow.seats]


def test_what_a_chinese_keyboard_types_is_understood() -> None:
    typed, meant = parsed("＃＝＝＃\n【茶】 ｛A｝\nA1　A2"), parsed("# = = # \n[ 茶 ]  { A }\nA1  A2")
    assert [seat.x for seat in typed.seats] == [seat.x for seat in meant.seats]
    assert [room.name for room in typed.rooms] == ["茶"]
    assert [zone.name for zone in typed.zones] == ["A"]


def test_windows_and_byte_marks_of_notepad_change_nothing() -> None:
    assert parsed("\ufeff" + GRID.replace("\n", "\r\n")) == parsed(GRID)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "no seat"),
        ("A1\nB1 A1", 2, 4, "already at line 1, column 1"),
        (";\n;\nA1 A1", 3, 4, "already at line 3, column 1"),
        ("A1\n[Tea", 2, 1, "not closed"),
        ("A1 {", 1, 4, "not closed"),
        ("A1 {}", 1, 4, "without a name"),
        ("A1 ]", 1, 4, "closes nothing"),
        ("^ A1", 1, 1, "right after it"),
        ("茶 A1 A1", 1, 7, "already at line 1, column 4"),
        ("A1\x07", 1, 3, "control character"),
        ("A" * 65, 1, 1, "at most 64"),
        ("A1\n" + "#" * 2_001, 2, 2_001, "at most 2000 columns"),
        ("A1\n" * 1_001, 1_001, 1, "at most 1000 lines"),
    ],
)
def test_a_mistake_says_where_it_is(text: str, line: int, column: int, words: str) -> None:
    first = mistakes(text)[0]
    assert first[:2] == (line, column), first
    assert words in first[2]


def test_all_mistakes_are_told_at_once_within_a_bound() -> None:
    assert [line for line, _, _ in mistakes("A1 ]\nA2 }\nA3 [")] == [1, 2, 3]
    assert len(mistakes("] " * 500)) == MOST_MISTAKES


def test_more_seats_than_a_map_shows_are_refused() -> None:
    rows = "\n".join(" ".join(f"S{r}-{c}" for c in range(50)) for r in range(41))
    assert "2050 seats" in mistakes(rows)[0][2]
    assert "larger than" in mistakes(" " * (MOST_BYTES + 1))[0][2]


# ── SVG ──

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 400 300">{}</svg>'


def svg(inside: str) -> Plan:
    return parsed(SVG.format(inside))


def box(plan: Plan, id: str) -> tuple[float, float, float, float]:
    (seat,) = (each for each in plan.seats if each.id == id)
    return seat.x, seat.y, seat.w, seat.h


def test_transforms_are_resolved_into_boxes() -> None:
    plan = svg(
        '<rect data-seat="A" x="0" y="0" width="60" height="30"/>'
        '<g transform="translate(100 50)"><rect data-seat="B" width="60" height="30" transform="rotate(90)"/></g>'
        '<defs><rect id="d" width="60" height="30"/></defs>'
        '<use data-seat="C" xlink:href="#d" x="200" transform="scale(1 2)"/>'
        '<g data-seat="D" transform="matrix(1 0 0 1 10 100)"><circle cx="30" cy="30" r="30"/><text>D</text></g>'
    )
    left, top, *_ = box(plan, "A")
    assert [value - start for value, start in zip(box(plan, "B"), (left, top, 0, 0), strict=True)] == [
        70,
        50,
        30,
        60,
    ]
    assert box(plan, "C") == (left + 200, top, 60, 60)
    assert box(plan, "D") == (left + 10, top + 100, 60, 60)


@pytest.mark.parametrize(
    ("inside", "ids"),
    [
        ('<rect id="A1" width="9" height="9"/><rect data-seat="B1" width="9" height="9"/>', ["B1"]),
        ('<rect id="seat-A1" width="9" height="9"/><rect id="wall" width="9" height="9"/>', ["A1"]),
        (
            '<rect id="A1" width="9" height="9"/><rect id="rect1234" width="9" height="9"/><g id="layer1"/>',
            ["A1"],
        ),
    ],
)
def test_which_elements_are_seats(inside: str, ids: list[str]) -> None:
    assert [seat.id for seat in svg(inside).seats] == ids


def test_rooms_zones_and_words_are_told() -> None:
    plan = svg(
        '<rect data-zone="A" width="200" height="100"/><rect data-room="Tea" x="300" width="50" height="50"/>'
        '<rect data-seat="A1" x="10" y="10" width="20" height="20" data-facing="down"/><text x="250" y="250">Exit</text>'
        '<path d="M0 0h400v300h-400z" style="fill:none"/>'
    )
    assert seats(plan) == {"A1": ("down", 0)}
    assert [room.name for room in plan.rooms] == ["Tea"]
    assert [caption.text for caption in plan.captions] == ["Exit"]
    assert [stroke.fill for stroke in plan.strokes] == [False]


SEAT = '<rect data-seat="A1" width="20" height="20"/>'
HOSTILE = [
    "<script>alert(1)</script>",
    '<script href="https://evil.example/x.js"/>',
    '<image href="https://evil.example/x.png" width="9" height="9"/>',
    "<foreignObject><iframe src='javascript:alert(1)'/><body onload='alert(1)'/></foreignObject>",
    '<rect width="9" height="9" onclick="alert(1)" onload="alert(1)" style="fill:url(https://evil.example)"/>',
    '<a href="javascript:alert(1)"><rect width="9" height="9"/></a>',
    '<use href="https://evil.example/x.svg#a"/><use xlink:href="data:image/svg+xml,evil"/>',
    '<animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onload" to="alert(1)"/>',
    "<style>@import url(https://evil.example/x.css); * { background: url(javascript:alert(1)) }</style>",
    '<text x="1" y="1">&lt;script&gt;alert(1)&lt;/script&gt;</text>',
    '<rect data-room="&lt;img src=x onerror=alert(1)&gt;" width="9" height="9"/>',
    '<filter id="f"><feImage href="https://evil.example"/></filter><g filter="url(#f)"/>',
    '<metadata><evil xmlns="http://www.w3.org/1999/xhtml"/></metadata>',
    '<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>',
    '<handler type="text/javascript">alert(1)</handler><iframe/><object data="x"/><embed src="x"/>',
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_alive_is_left_of_a_hostile_drawing(hostile: str) -> None:
    plan = svg(SEAT + hostile)
    told = msgspec.to_builtins(plan)
    assert set(told) <= {
        "width",
        "height",
        "seats",
        "rooms",
        "zones",
        "walls",
        "windows",
        "strokes",
        "captions",
        "left_out",
    }
    for stroke in plan.strokes:
        assert re.fullmatch(r"[MLCZ0-9 .-]*", stroke.d)
    told["captions"], told["rooms"] = [], []  # words of somebody, shown as words
    assert not re.search("evil|javascript|alert|https?:|on[a-z]+=", json.dumps(told))


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg/>',
        '<?xml version="1.0"?><!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>',
        "<svg>" * 40,
        "<svg>" + "<g>" * 40 + "</g>" * 40 + "</svg>",
        SVG.format(SEAT + '<path d="M0 0 evil"/>'),
        SVG.format(SEAT + '<rect width="1e999" height="9"/>'),
        SVG.format(
            SEAT + '<g transform="matrix(1e9 0 0 1e9 1e9 0) scale(1e9)"><rect width="9" height="9"/></g>'
        ),
        SVG.format('<rect data-seat="A1" width="0" height="9"/>'),
        SVG.format('<rect data-seat="A1" width="1e-9" height="1e-9"/><rect width="1e6" height="1"/>'),
        SVG.format(SEAT + "<path d='M0 0" + "L1 1" * 20_000 + "'/>"),
        SVG.format(
            SEAT + '<g id="a">' + '<rect width="1" height="1"/>' * 300 + "</g>" + '<use href="#a"/>' * 300
        ),
    ],
)
def test_what_is_too_much_or_broken_is_refused_with_a_word(hostile: str) -> None:
    assert all(text for _, _, text in mistakes(hostile))


def test_what_uses_itself_ends() -> None:
    twice = "".join(f'<g id="g{i}"><use href="#g{i + 1}"/><use href="#g{i + 1}"/></g>' for i in range(30))
    with pytest.raises(PlanError):
        svg(SEAT + '<rect id="g30" width="1" height="1"/>' + twice)
    assert "use × 1" in svg(SEAT + '<g id="a"><use href="#a"/></g>').left_out


# ── any text ──

SIGNS = st.text(alphabet="AB1-_^<>#=[]{}; \n\t\u3000＃【】茶\x00\u0301é", max_size=300)
PIECES = st.lists(
    st.sampled_from(
        ["<g>", "</g>", "<rect ", "<use ", "<path ", "/>", ">", 'id="A1" ', 'data-seat="B" ', 'width="9" ', 'height="9" ', 'href="#A1" ',
         'd="M0 0L9 9" ', 'd="m1 1a1 1 0 0 1 9 9z" ', 'transform="rotate(45)" ', 'transform="scale(0)" ', "<text>x</text>", "<script>x</script>", 'x="-1e8" '],
    ),
    max_size=24,
)  # fmt: skip


def outcome(text: str) -> tuple[Plan | None, list[str]]:
    try:
        return parsed(text), []
    except PlanError as error:
        return None, [each.text for each in error.mistakes]


def within_bounds(text: str) -> None:
    plan, told = outcome(text)
    if plan is None:
        assert told
        assert all(told)
        return
    assert 0 < len(plan.seats) <= MOST_SEATS
    assert 0 < plan.width <= LARGEST
    assert 0 < plan.height <= LARGEST
    assert len({seat.id for seat in plan.seats}) == len(plan.seats)
    for seat in plan.seats:
        assert 0 < len(seat.id) <= LONGEST_NAME
        assert seat.w > 0
        assert seat.h > 0
        assert -1 <= seat.x <= plan.width
        assert -1 <= seat.y <= plan.height
        assert seat.x + seat.w <= plan.width + 1
        assert seat.y + seat.h <= plan.height + 1
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


@settings(max_examples=300, deadline=None)
@given(SIGNS)
def test_any_grid_is_a_plan_or_an_error(text: str) -> None:
    within_bounds(text)


@settings(max_examples=300, deadline=None)
@given(PIECES.map("".join))
def test_any_svg_is_a_plan_or_an_error(inside: str) -> None:
    within_bounds(SVG.format(inside))
    within_bounds("<svg>" + inside)


def test_the_demos_plan_has_every_seat_of_its_floor() -> None:
    from ccwall_simulators.callcentre import load_scenario

    file = Path(ccwall.boards.__file__).parent / "plans" / "demo.json"
    plan = parsed(json.loads(file.read_text(encoding="utf-8"))["text"])
    floor = {
        agent.seat
        for name in ("demo", "branch", "witness")
        for agent in load_scenario(name).agents()
        if agent.seat
    }
    assert floor <= {seat.id for seat in plan.seats}
    assert all(seat.zone is not None and plan.zones[seat.zone].name == seat.id[0] for seat in plan.seats)
