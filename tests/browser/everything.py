"""One board with every page of every preset, and every kind of tile on it: what holds for it holds for each of them."""

import copy
from typing import Any

from tests.browser.boards import Json
from tests.browser.mock_library import MockLibrary

NAME = "everything"
# Every kind with numbers of its own, in its usual size: kind, x, y, w, h, options; two pages of them.
KINDS: tuple[tuple[tuple[str, int, int, int, int, Json], ...], ...] = (
    (
        ("totals", 0, 2, 16, 2, {}),
        ("queue", 0, 4, 16, 3, {}),
        ("alerts", 0, 7, 6, 8, {}),
        ("waiting", 6, 7, 6, 11, {}),
        ("load", 12, 7, 4, 9, {}),
        ("sources", 0, 15, 6, 2, {}),
        ("clock", 12, 16, 4, 4, {}),
    ),
    (
        ("outlook", 0, 2, 6, 6, {}),
        ("gap", 6, 2, 6, 8, {}),
        ("curve", 0, 8, 6, 6, {"metric": "answer_rate"}),
        ("leaderboard", 0, 14, 5, 7, {}),
        ("race", 6, 10, 6, 7, {}),
        ("hero", 12, 2, 4, 9, {"metric": "aht"}),
    ),
)


def everything(library: MockLibrary, **more: Any) -> list[str]:
    """Puts the board `everything` on the shelf; what its pages are, in order: a preset's name, or `kinds`."""
    pages: list[Json] = []
    names: list[str] = []
    for name, preset in sorted(library.presets.items()):
        for page in copy.deepcopy(preset["pages"]):
            pages.append({**page, "dwell": 3600})
            names.append(name)
    head = {"id": "head", "kind": "header", "x": 0, "y": 0, "w": 16, "h": 2, "options": {}}
    for i, kinds in enumerate(KINDS):
        tiles = [
            {"id": f"{kind}-{i}", "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": options}
            for kind, x, y, w, h, options in kinds
        ]
        pages.append({"dwell": 3600, "tiles": [head, *tiles]})
        names.append(f"kinds {i + 1}")
    board = {
        **copy.deepcopy(library.presets["floor"]), "id": NAME, "pages": pages, "rotation": {"stop_on": "never"}, **more,
    }  # fmt: skip
    library.save("boards", NAME, board)
    return names
