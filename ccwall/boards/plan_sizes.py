"""How large what stands in a grid of characters is: columns are as wide as they are typed, rows as high as what is in them.

Rows of desks without an empty row between them stand face to face, an empty row is an aisle.
"""

from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from statistics import median

import msgspec

from ccwall.boards.plan_parts import (
    DESK,
    LARGEST,
    LONGEST_NAME,
    Area,
    Facing,
    Line,
    Mistake,
    Plan,
    Seat,
    wrong,
)

SIDE = 54.0
"""Beside a desk: where the person sits, and the state is shown."""
GAP = 6.0
DESK_HEIGHT = 58.0
AISLE, LABEL, WALL = 34.0, 52.0, 18.0
"""Heights of rows without desks: empty or with rooms, with zones' names, with nothing but walls."""
_NEXT = ((0, 1), (1, 0), (0, -1), (-1, 0))


Scale = tuple[float, float]
"""How wide a column is, and where the first one begins."""


class Word(msgspec.Struct, frozen=True):
    """A seat, a room's slice or a zone's name, in columns `at` up to before `to`; lines and columns count from 0."""

    text: str
    line: int
    at: int
    to: int
    face: Facing | None = None


class Drawn(msgspec.Struct):
    """What stands where, before it has sizes."""

    seats: list[Word] = []
    rooms: list[Word] = []
    zones: list[Word] = []
    walls: dict[tuple[int, int], str] = {}
    lines: int = 0
    columns: int = 0
    mistakes: list[Mistake] = []

    def wrong(self, text: str, line: int, column: int) -> None:
        self.mistakes.append(Mistake(text, line + 1, column + 1))


def sized(drawn: Drawn) -> Plan:
    """The plan of what was read; it has a seat at the least."""
    faces = _faces(drawn.seats)
    rows = _rows(drawn, faces)
    wide = (DESK + GAP) / _pitch(drawn.seats)
    # A desk stands around its word: half of what it is wider lies to the left of it.
    shift = max(0.0, (DESK - median(seat.to - seat.at for seat in drawn.seats) * wide) / 2)
    ends = [_ends(seat.at * wide - shift, face) for seat, face in zip(drawn.seats, faces, strict=True)]
    origin = max(0.0, -min(left for left, _ in ends))
    width = origin + max(drawn.columns * wide, *(right for _, right in ends))
    plan = Plan(
        width=round(width, 2),
        height=round(rows[-1][0] + rows[-1][1], 2),
        seats=_seats(drawn, faces, rows, (wide, origin - shift)),
        rooms=tuple(_room(room, rows, (wide, origin)) for room in _joined(drawn.rooms)),
        zones=tuple(
            Area(
                zone.text,
                round(max(0.0, origin - shift + zone.at * wide), 2),
                rows[zone.line][0],
                round((zone.to - zone.at) * wide, 2),
                rows[zone.line][1],
            )
            for zone in drawn.zones
        ),
        walls=_lines(drawn, rows, (wide, origin), "#"),
        windows=_lines(drawn, rows, (wide, origin), "="),
    )
    if plan.width > LARGEST or plan.height > LARGEST:
        raise wrong("this plan is too large; leave out empty columns and rows", line=1, column=1)
    return plan


def _ends(x: float, face: Facing) -> tuple[float, float]:
    """From where to where a desk reaches, with the place beside it."""
    return x - (SIDE if face == "left" else 0.0), x + DESK + (SIDE if face == "right" else 0.0)


def _pitch(seats: list[Word]) -> int:
    """Columns from desk to desk, where they stand closest."""
    by_line: dict[int, list[int]] = defaultdict(list)
    for seat in seats:
        by_line[seat.line].append(seat.at)
    nearest = [after - before for starts in by_line.values() for before, after in pairwise(starts)]
    return min(nearest, default=6)


def _faces(seats: list[Word]) -> list[Facing]:
    """Of desks in rows right below each other the first has its person above it, the second below it, and so on."""
    pitch = _pitch(seats)
    depths: dict[int, list[tuple[int, int]]] = defaultdict(
        list
    )  # by line: (column, how many desks above), by column
    faces: list[Facing] = []
    for seat in seats:
        above = depths.get(seat.line - 1, [])
        i = bisect_left(above, (seat.at, 0))
        over = [depth for at, depth in above[max(0, i - 1) : i + 1] if abs(at - seat.at) * 2 <= pitch]
        depth = 1 + max(over) if over else 0
        depths[seat.line].append((seat.at, depth))
        faces.append(seat.face or ("down" if depth % 2 else "up"))
    return faces


def _rows(drawn: Drawn, faces: list[Facing]) -> list[tuple[float, float, float]]:
    """Of each line its top, its height, and the top of desks in it."""
    sides: dict[int, set[str]] = defaultdict(set)
    for seat, face in zip(drawn.seats, faces, strict=True):
        sides[seat.line].add(face)
    labels = {word.line for word in drawn.zones}
    rooms = {word.line for word in drawn.rooms}
    walls: dict[int, int] = defaultdict(int)
    for line, _ in drawn.walls:
        walls[line] += 1
    rows: list[tuple[float, float, float]] = []
    top = 0.0
    for line in range(drawn.lines):
        faced = sides.get(line)
        above = SIDE if faced and "up" in faced else 0.0
        if faced:
            height = above + DESK_HEIGHT + GAP + (SIDE if "down" in faced else 0.0)
        elif line in labels:
            height = LABEL
        else:
            height = WALL if line not in rooms and walls[line] * 2 > drawn.columns else AISLE
        rows.append((top, height, top + above + GAP / 2))
        top += height
    return rows


def _seats(
    drawn: Drawn, faces: list[Facing], rows: list[tuple[float, float, float]], put: Scale
) -> tuple[Seat, ...]:
    return tuple(
        Seat(
            seat.text, round(put[1] + seat.at * put[0], 2), rows[seat.line][2], DESK, DESK_HEIGHT, face, zone
        )
        for seat, face, zone in zip(drawn.seats, faces, _zones(drawn), strict=True)
    )


def _zones(drawn: Drawn) -> list[int | None]:
    """Which zone each seat is in: desks that stand together are in one."""
    pitch = _pitch(drawn.seats)
    islands = _islands(drawn.seats, pitch)
    corners: dict[int, tuple[int, int]] = {}
    for seat, island in zip(drawn.seats, islands, strict=True):
        line, at = corners.get(island, (seat.line, seat.at))
        corners[island] = min(line, seat.line), min(at, seat.at)
    found = {island: _zone(line, at, drawn.zones, pitch) for island, (line, at) in corners.items()}
    return [found[island] for island in islands]


def _islands(seats: list[Word], pitch: int) -> list[int]:
    """Of each seat the number of the first one that it stands together with: beside it, or right below it."""
    first = list(range(len(seats)))

    def root(i: int) -> int:
        while first[i] != i:
            first[i] = first[first[i]]
            i = first[i]
        return i

    together = 1 + min((b.at - a.to for a, b in pairwise(seats) if a.line == b.line), default=0)
    above: list[tuple[int, int]] = []
    row: list[tuple[int, int]] = []
    for i, seat in enumerate(seats):
        if i and seat.line != seats[i - 1].line:
            above, row = row if seats[i - 1].line == seat.line - 1 else [], []
        if row and seat.at - seats[i - 1].to <= together:
            first[root(i)] = root(row[-1][1])
        k = bisect_left(above, (seat.at, -1))
        for at, j in above[max(0, k - 1) : k + 1]:
            if abs(at - seat.at) * 2 <= pitch:
                first[root(i)] = root(j)
        row.append((seat.at, i))
    return [root(i) for i in range(len(seats))]


def _zone(line: int, at: int, zones: list[Word], pitch: int) -> int | None:
    """The lowest name above, of those that begin hardly farther to the left than the nearest one does."""
    left = [
        (at - zone.at, i) for i, zone in enumerate(zones) if zone.line < line and zone.at <= at + pitch // 2
    ]
    if not left:
        return None
    nearest = min(away for away, _ in left)
    return max((zones[i].line, i) for away, i in left if away <= nearest + 2 * pitch)[1]


def _joined(rooms: list[Word]) -> list[tuple[Word, int]]:
    """Rooms with their last line: brackets right below brackets are one room, and its name is what is written in any of them."""
    joined: list[tuple[Word, int]] = []
    open_: dict[tuple[int, int], int] = {}
    for room in rooms:
        i = open_.get((room.at, room.to))
        if i is not None and joined[i][1] == room.line - 1:
            first, _ = joined[i]
            name = f"{first.text} {room.text}".strip()[:LONGEST_NAME]
            joined[i] = (msgspec.structs.replace(first, text=name), room.line)
            continue
        open_[room.at, room.to] = len(joined)
        joined.append((room, room.line))
    return joined


def _room(room: tuple[Word, int], rows: list[tuple[float, float, float]], put: Scale) -> Area:
    word, last = room
    top = rows[word.line][0]
    return Area(
        word.text,
        round(put[1] + word.at * put[0], 2),
        top,
        round((word.to - word.at) * put[0], 2),
        rows[last][0] + rows[last][1] - top,
    )


def _lines(drawn: Drawn, rows: list[tuple[float, float, float]], put: Scale, sign: str) -> tuple[Line, ...]:
    """Straight pieces from the middle of a character to the middle of the last one in a row with it, across and down."""

    def x(column: int) -> float:
        return round(put[1] + (column + 0.5) * put[0], 2)

    def y(line: int) -> float:
        return round(rows[line][0] + rows[line][1] / 2, 2)

    cells = drawn.walls
    found: list[Line] = []
    for (line, column), kind in cells.items():
        if kind != sign:
            continue
        if sign == "#" and not any(cells.get((line + i, column + j)) for i, j in _NEXT):
            found.append(Line(x(column), y(line), x(column), y(line)))  # a pillar
        for down, right in ((0, 1), (1, 0)):
            start = end = (line, column)
            if cells.get((line - down, column - right)) == sign:
                continue
            while cells.get((end[0] + down, end[1] + right)) == sign:
                end = (end[0] + down, end[1] + right)
            if sign == "=":  # from the wall it is in to the wall it ends at
                before, after = (line - down, column - right), (end[0] + down, end[1] + right)
                start, end = before if before in cells else start, after if after in cells else end
            if end != start:
                found.append(Line(x(start[1]), y(start[0]), x(end[1]), y(end[0])))
    return tuple(found)
