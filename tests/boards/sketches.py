"""Boards for tests: one that is right, and any that hypothesis can think of."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

PLAIN: Json = {
    "format": 1,
    "id": "hall",
    "name": {"zh-CN": "大厅", "zh-TW": "大廳", "en": "Hall"},
    "theme": "dark",
    "accent": "#3B82f6",
    "logo": "our-logo",
    "lang": "zh-TW",
    "distance": 8,
    "diagonal": 55,
    "pages": [
        {
            "name": {"en": "One"},
            "dwell": 20,
            "tiles": [
                {"id": "a", "kind": "number", "x": 0, "y": 2, "w": 8, "h": 22, "options": {"metric": "waiting"}},
                {"id": "b", "kind": "of-tomorrow", "x": 8, "y": 2, "w": 8, "h": 11, "options": {"deep": [{"x": [1]}]}},
                {"id": "c", "kind": "embed", "x": 8, "y": 13, "w": 8, "h": 11,
                 "options": {"address": "https://status.example.com/floor?a=1"}},
            ],
        },
        {"dwell": 10, "tiles": []},
    ],
    "rotation": {"stop_on": "breach"},
    "sound": {"breach": "both", "warn": "tone", "source": "off", "volume": 0.5, "quiet": [["22:00", "07:00"]]},
}  # fmt: skip
EMBED = ["https://status.example.com"]


def board(**changed: Any) -> Json:
    """The plain one with other members; None leaves one out."""
    told = {**deepcopy(PLAIN), **changed}
    return {key: value for key, value in told.items() if value is not None}


def put(told: Json, path: tuple[str | int, ...], value: Any) -> Json:
    """The same with another value at this path; the last step may be new."""
    copy = deepcopy(told)
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)
names = st.dictionaries(st.sampled_from(["zh-CN", "zh-TW", "en"]), texts.filter(str.strip), min_size=1)
times = st.from_regex(r"([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True)
values = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | texts.filter(lambda text: "://" not in text),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ids, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def pages(draw: st.DrawFn) -> Json:
    """Tiles in rows, none over another."""
    tiles: list[Json] = []
    y = draw(st.integers(0, 3))
    while y < 24 and draw(st.booleans()):
        h = draw(st.integers(1, 24 - y))
        x = 0
        while x < 16 and draw(st.booleans()):
            x += draw(st.integers(0, 15 - x))
            w = draw(st.integers(1, 16 - x))
            options = draw(st.dictionaries(ids.filter(lambda key: key != "address"), values, max_size=3))
            kind = draw(st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True))
            tiles.append(
                {"id": f"t{len(tiles)}", "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": options}
            )
            x += w
        y += h
    page: Json = {"dwell": draw(st.integers(3, 3600)), "tiles": tiles[:40]}
    return page | ({"name": draw(names)} if draw(st.booleans()) else {})


says = st.sampled_from(["off", "tone", "speak", "both"])
boards = st.fixed_dictionaries(
    {
        "format": st.just(1),
        "id": ids,
        "name": names,
        "theme": st.sampled_from(["dark", "light", "hc"]),
        "distance": st.floats(0.3, 50),
        "diagonal": st.floats(4, 500),
        "pages": st.lists(pages(), min_size=1, max_size=4),
    },
    optional={
        "accent": st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True),
        "logo": ids,
        "lang": st.sampled_from(["zh-CN", "zh-TW", "en"]),
        "rotation": st.fixed_dictionaries({"stop_on": st.sampled_from(["breach", "source", "never"])}),
        "sound": st.fixed_dictionaries(
            {"breach": says, "warn": says, "source": says, "volume": st.floats(0, 1)},
            optional={"quiet": st.lists(st.lists(times, min_size=2, max_size=2), max_size=8)},
        ),
    },
)
