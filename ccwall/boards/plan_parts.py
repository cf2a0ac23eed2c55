"""What a floor plan is made of, whatever it was written in, and what can be wrong with one.

Lengths are in plan units: a desk is some 60 wide, x goes right and y down from the upper left corner.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from ccwall.errors import CcwallError

DESK = 60.0
"""How wide a desk is drawn, plan units."""
MOST_SEATS = 2_000
MOST_PARTS = 4_000
"""Of walls, windows, rooms, zones, strokes and captions, each."""
MOST_BYTES = 512 * 1024
LONGEST_NAME = 64
LARGEST = 200_000.0
"""Width and height of a plan, plan units."""
MOST_MISTAKES = 20

Facing = Literal["up", "down", "left", "right"]
"""The side of the desk on which the person sits."""


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Part of a plan."""


class Seat(Part, frozen=True):
    """One desk. Without `facing` the box is all there is: what is shown of the person is shown in it. `zone`: index."""

    id: str
    x: float
    y: float
    w: float
    h: float
    facing: Facing | None = None
    zone: int | None = None


class Area(Part, frozen=True):
    """A room, or a zone whose name is a team's id or name, or words of its own."""

    name: str
    x: float
    y: float
    w: float
    h: float


class Line(Part, frozen=True):
    """A straight piece of wall or window."""

    x1: float
    y1: float
    x2: float
    y2: float


class Stroke(Part, frozen=True):
    """What else is drawn: SVG path data, letters and numbers only. `fill`: it is an area, not a line."""

    d: str
    fill: bool = False


class Caption(Part, frozen=True):
    """Words on the plan that are no room and no zone; `x`, `y` is their middle, `size` the height of the letters."""

    text: str
    x: float
    y: float
    size: float


class Plan(Part, frozen=True):
    """A floor as the map shows it. `left_out`: what the file had that a plan has not, each with its number."""

    width: float
    height: float
    seats: tuple[Seat, ...]
    rooms: tuple[Area, ...] = ()
    zones: tuple[Area, ...] = ()
    walls: tuple[Line, ...] = ()
    windows: tuple[Line, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    captions: tuple[Caption, ...] = ()
    left_out: tuple[str, ...] = ()


class Mistake(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong and what would be right. `line` and `column` count from 1, 0 where they are not known; `element` is an
    SVG's, as `rect#A-07`."""

    text: str
    line: int = 0
    column: int = 0
    element: str = ""

    def __str__(self) -> str:
        if self.line:
            return f"line {self.line}, column {self.column}: {self.text}"
        return f"{self.element}: {self.text}" if self.element else self.text


class PlanError(CcwallError):
    """This text is no plan; all its `mistakes`, the first MOST_MISTAKES of them."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes[:MOST_MISTAKES])
        super().__init__("; ".join(str(mistake) for mistake in self.mistakes))


def wrong(text: str, *, line: int = 0, column: int = 0, element: str = "") -> PlanError:
    """An error with one mistake."""
    return PlanError([Mistake(text, line, column, element)])


def shown(text: str) -> str:
    """A name out of a file as an error may repeat it."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in text[:40])
    return f'"{plain}{"…" if len(text) > 40 else ""}"'
