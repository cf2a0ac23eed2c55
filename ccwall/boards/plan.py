"""Floor plans: a grid of words that a supervisor types, or an SVG out of a drawing program (docs/seats.md).

Pure: text in, a plan or an error out. Both are read into the same parts; of an SVG nothing survives but numbers and names.
"""

from ccwall.boards.plan_grid import of_grid
from ccwall.boards.plan_parts import (
    DESK,
    MOST_BYTES,
    MOST_SEATS,
    Area,
    Caption,
    Facing,
    Line,
    Mistake,
    Plan,
    PlanError,
    Seat,
    Stroke,
    wrong,
)
from ccwall.boards.plan_svg import of_svg

__all__ = [
    "DESK",
    "MOST_SEATS",
    "Area",
    "Caption",
    "Facing",
    "Line",
    "Mistake",
    "Plan",
    "PlanError",
    "Seat",
    "Stroke",
    "parsed",
]


def parsed(text: str) -> Plan:
    """The plan in this text. PlanError says where it is wrong and what would be right.

    >>> plan = parsed("{Team A}\\nA-01 A-02\\nA-03 A-04")
    >>> [seat.id for seat in plan.seats], plan.zones[0].name
    (['A-01', 'A-02', 'A-03', 'A-04'], 'Team A')
    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise wrong(
            f"this plan is larger than {MOST_BYTES // 1024} KiB; leave out pictures and what is not needed"
        )
    text = text.removeprefix("\ufeff")
    return of_svg(text) if text.lstrip()[:1] == "<" else of_grid(text)
