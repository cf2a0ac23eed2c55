"""The presets: boards that come with ccwall, one JSON file each. Who changes one gets a version of their own over it."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec
import structlog

from ccwall.boards.checking import Mistake, Mistaken, board_of
from ccwall.boards.model import Board

_log = structlog.get_logger("ccwall.boards")
DEFAULT = "floor"
"""What a wall shows that names no board."""


@cache
def presets() -> Mapping[str, Board]:
    """By id. A file that is no board is left out, and named in the log: a wall is not dark for that."""
    found: dict[str, Board] = {}
    folder = files("ccwall.boards") / "presets"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".json"):
            try:
                board = read(file.name, file.read_bytes())
            except Mistaken as error:
                _log.error("a preset is no board", mistakes=str(error))
                continue
            found[board.id] = board
    return found


def demo_plans() -> list[object]:
    """The floor plans of the demo, as their files have them."""
    folder = files("ccwall.boards") / "plans"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".json"))
    return [msgspec.json.decode((folder / name).read_bytes()) for name in names]


def read(name: str, content: bytes) -> Board:
    """The board of one file, whose name is its id."""
    try:
        board = board_of(msgspec.json.decode(content))
    except msgspec.DecodeError as error:
        raise Mistaken([Mistake(name, f"is no JSON: {error}")]) from None
    except Mistaken as error:
        raise Mistaken([Mistake(f"{name}: {each.where}", each.what) for each in error.mistakes]) from None
    if board.id != name.removesuffix(".json"):
        raise Mistaken([Mistake(name, f"has the id {board.id}; name the file after it")])
    return board
