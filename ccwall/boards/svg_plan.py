"""What was found in a drawing, as a plan: scaled so that a desk is as wide as a desk, cut to what is drawn."""

from collections import Counter
from statistics import median

import msgspec

from ccwall.boards import svg_shapes
from ccwall.boards.plan_parts import (
    DESK,
    LARGEST,
    MOST_PARTS,
    Area,
    Caption,
    Facing,
    Plan,
    Seat,
    Stroke,
    wrong,
)
from ccwall.boards.svg_shapes import Matrix, Piece

MARGIN = 24.0
SIDE = 54.0
Box = tuple[float, float, float, float]


class Desk(msgspec.Struct, frozen=True):
    """A seat where the drawing has it."""

    id: str
    box: Box
    face: Facing | None


class Drawing(msgspec.Struct):
    """What was found, in the drawing's own units."""

    seats: dict[str, Desk] = {}
    rooms: list[tuple[str, Box]] = []
    zones: list[tuple[str, Box]] = []
    strokes: list[tuple[list[Piece], bool]] = []
    captions: list[tuple[str, float, float, float]] = []
    left_out: Counter[str] = msgspec.field(default_factory=Counter)


def plan_of(drawing: Drawing) -> Plan:
    """In plan units; there is a seat at the least."""
    boxes = [desk.box for desk in drawing.seats.values()]
    scale = DESK / median(box[2] - box[0] for box in boxes)
    side = SIDE / scale
    reach = (
        [(b[0] - side, b[1] - side, b[2] + side, b[3] + side) for b in boxes]
        if any(d.face for d in drawing.seats.values())
        else boxes
    )
    everything = [
        *reach,
        *(box for _, box in (*drawing.rooms, *drawing.zones)),
        *(svg_shapes.box(shape) for shape, _ in drawing.strokes),
    ]
    everything += [(x, y, x, y) for _, x, y, _ in drawing.captions]
    left, top = min(box[0] for box in everything), min(box[1] for box in everything)
    width = (max(box[2] for box in everything) - left) * scale + 2 * MARGIN
    height = (max(box[3] for box in everything) - top) * scale + 2 * MARGIN
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise wrong(
            "this drawing is too large for its seats; leave out what lies far away from them", element="svg"
        )
    put: Matrix = (scale, 0.0, 0.0, scale, MARGIN - left * scale, MARGIN - top * scale)

    def area(box: Box) -> tuple[float, float, float, float]:
        x, y = svg_shapes.placed(put, (box[0], box[1]))
        return (
            round(x, 2),
            round(y, 2),
            round((box[2] - box[0]) * scale, 2),
            round((box[3] - box[1]) * scale, 2),
        )

    zones = tuple(Area(name, *area(box)) for name, box in drawing.zones[:MOST_PARTS])
    return Plan(
        width=round(width, 2),
        height=round(height, 2),
        seats=tuple(
            Seat(desk.id, *area(desk.box), desk.face, _zone(area(desk.box), zones))
            for desk in drawing.seats.values()
        ),
        rooms=tuple(Area(name, *area(box)) for name, box in drawing.rooms[:MOST_PARTS]),
        zones=zones,
        strokes=tuple(
            Stroke(svg_shapes.data(svg_shapes.moved(shape, put)), fill) for shape, fill in drawing.strokes
        ),
        captions=tuple(_caption(each, put, scale) for each in drawing.captions),
        left_out=tuple(f"{name} × {count}" for name, count in sorted(drawing.left_out.items())[:20]),
    )


def _caption(told: tuple[str, float, float, float], put: Matrix, scale: float) -> Caption:
    text, x, y, size = told
    x, y = svg_shapes.placed(put, (x, y))
    return Caption(text, round(x, 2), round(y, 2), round(size * scale, 2))


def _zone(seat: Box, zones: tuple[Area, ...]) -> int | None:
    """The smallest zone that the middle of a seat lies in."""
    x, y = seat[0] + seat[2] / 2, seat[1] + seat[3] / 2
    around = [
        (zone.w * zone.h, i)
        for i, zone in enumerate(zones)
        if zone.x <= x <= zone.x + zone.w and zone.y <= y <= zone.y + zone.h
    ]
    return min(around)[1] if around else None
