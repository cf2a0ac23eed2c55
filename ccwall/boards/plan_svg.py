"""A floor plan out of a drawing program's SVG.

Of the file only numbers, names and words are taken, and a new drawing is made of them: there is no element, attribute, colour,
style, link or script that could pass. What is no shape, word or group is left out and counted by name. A seat is an element
with `data-seat`, or in a file without any an `id` that begins with `seat-`, or in a file without these any `id` of a shape
or group that no drawing program gave by itself.
"""

import re
from collections.abc import Iterator

from ccwall.boards import svg_shapes
from ccwall.boards.plan_parts import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_PARTS,
    MOST_SEATS,
    Facing,
    Mistake,
    Plan,
    PlanError,
    shown,
    wrong,
)
from ccwall.boards.svg_plan import Desk, Drawing, plan_of
from ccwall.boards.svg_reading import all_of, called, filled, is_hidden, name_of, size_of
from ccwall.boards.svg_shapes import SAME, Matrix, Piece
from ccwall.wire.xml import Element, parse

DEEPEST, MOST_ELEMENTS, MOST_ATTRIBUTES = 32, 20_000, 64
MOST_DRAWN, MOST_LOOKS = 100_000, 30_000
"""Path pieces, and elements: what `use` repeats is counted each time."""
SHAPES = frozenset({"rect", "circle", "ellipse", "line", "polyline", "polygon", "path"})
GROUPS = frozenset({"svg", "g", "a", "switch"})
SILENT = frozenset(
    {"defs", "symbol", "title", "desc", "metadata", "namedview", "clipPath", "mask", "marker", "pattern"}
)
"""Left out without a word: nobody misses them."""
FACINGS: dict[str, Facing] = {"up": "up", "down": "down", "left": "left", "right": "right"}
_BY_ITSELF = re.compile(
    r"(rect|path|circle|ellipse|poly(gon|line)|line|g|group|use|text|tspan|layer|svg|shape|clip|SVGID_?|_x?)[-_]?\d*([-_]\d+)*_?\Z",
    re.I,
)


def of_svg(text: str) -> Plan:
    """The plan in this SVG; PlanError names the element and what to do."""
    try:
        root = parse(
            text.encode("utf-8", "replace"),
            most=MOST_BYTES,
            deepest=DEEPEST,
            elements=MOST_ELEMENTS,
            attributes=MOST_ATTRIBUTES,
        )
    except ValueError as error:
        raise _unread(str(error)) from None
    if root.name != "svg":
        raise wrong("this is XML, but no SVG; save the drawing as plain SVG", element=root.name[:40])
    walk = _Walk(root)
    walk.down(root, SAME, fill=True, depth=0)
    if walk.mistakes:
        raise PlanError(walk.mistakes)
    if not walk.found.seats:
        raise wrong(
            'no element of this drawing is a seat; give each desk data-seat="A-01", or an id as seat-A-01',
            element="svg",
        )
    return plan_of(walk.found)


def _unread(text: str) -> PlanError:
    if "document type" in text:
        return wrong(
            "this SVG has a document type; save it as plain SVG, or delete its line <!DOCTYPE …>",
            line=1,
            column=1,
        )
    place = re.search(r"line (\d+), column (\d+)", text)
    return wrong(
        f"{text}; save it again as plain SVG",
        line=int(place[1]) if place else 1,
        column=int(place[2]) + 1 if place else 1,
    )


class _Walk:
    """Through all that is drawn, each thing put where its transforms say."""

    def __init__(self, root: Element) -> None:
        self.by_id: dict[str, Element] = {}
        names = set[str]()
        has_data = False
        for element in all_of(root):
            if name := element.attributes.get("id"):
                self.by_id.setdefault(name, element)
                if element.name in SHAPES or element.name in {"g", "use"}:
                    names.add(name)
            has_data = has_data or "data-seat" in element.attributes
        self._has_data = has_data
        self._has_prefix = any(name.startswith(("seat-", "seat_")) for name in names)
        self.found = Drawing()
        self.mistakes: list[Mistake] = []
        self._drawn = self._looks = 0

    # ── what an element is ──

    def _seat_of(self, element: Element) -> str:
        attributes = element.attributes
        if self._has_data:
            return attributes.get("data-seat", "").strip()
        name = attributes.get("id", "")
        if element.name not in SHAPES and element.name not in {"g", "use"}:
            return ""
        if self._has_prefix:
            return name[5:].strip() if name.startswith(("seat-", "seat_")) else ""
        if (
            element.name == "g"
            or _BY_ITSELF.match(name)
            or "data-room" in attributes
            or "data-zone" in attributes
        ):
            return ""
        return name.strip()

    def down(self, element: Element, outer: Matrix, *, fill: bool, depth: int) -> None:
        """Takes what this element draws."""
        self._look()
        if element.name in SILENT or is_hidden(element):
            return
        if element.name not in SHAPES | GROUPS | {"text", "use"}:
            self.found.left_out[name_of(element.name)] += 1
            return
        try:
            matrix = svg_shapes.product(outer, svg_shapes.transform(element.attributes.get("transform")))
            self._take(element, matrix, fill=filled(element, fill), depth=depth)
        except ValueError as error:
            self.mistakes.append(Mistake(f"{error}; draw it again", element=called(element)))

    def _take(self, element: Element, matrix: Matrix, *, fill: bool, depth: int) -> None:
        attributes = element.attributes
        seat = self._seat_of(element)
        room, zone = attributes.get("data-room", "").strip(), attributes.get("data-zone", "").strip()
        if seat or room or zone:
            self._place(element, matrix, seat, room, zone, depth)
        elif element.name == "text":
            self._caption(element, matrix)
        elif element.name in SHAPES:
            shape = self._moved(svg_shapes.pieces(element.name, attributes), matrix)
            if shape and len(self.found.strokes) < MOST_PARTS:
                self.found.strokes.append((shape, fill))
            elif shape:
                self.found.left_out[element.name] += 1
        elif element.name == "use":
            target, moved = self._used(element, matrix, depth)
            if target is not None:
                self._inside(target, moved, fill=fill, depth=depth + 1)
        else:
            if element.name == "svg" and depth:
                matrix = svg_shapes.product(
                    matrix,
                    (
                        1,
                        0,
                        0,
                        1,
                        svg_shapes.number(attributes.get("x")),
                        svg_shapes.number(attributes.get("y")),
                    ),
                )
            self._inside(element, matrix, fill=fill, depth=depth)

    def _inside(self, element: Element, matrix: Matrix, *, fill: bool, depth: int) -> None:
        if element.name == "symbol" or element.name in GROUPS:
            for child in element.children:
                self.down(child, matrix, fill=fill, depth=depth + 1)
        else:
            self.down(element, matrix, fill=fill, depth=depth)

    def _used(self, element: Element, matrix: Matrix, depth: int) -> tuple[Element | None, Matrix]:
        """What a `use` of this file repeats, and where."""
        attributes = element.attributes
        target = attributes.get("href", "").strip()
        found = self.by_id.get(target[1:]) if target.startswith("#") else None
        if found is None or depth > DEEPEST:
            self.found.left_out["use"] += 1
            return None, matrix
        at = (
            1.0,
            0.0,
            0.0,
            1.0,
            svg_shapes.number(attributes.get("x")),
            svg_shapes.number(attributes.get("y")),
        )
        return found, svg_shapes.product(matrix, at)

    def _look(self) -> None:
        """Each time something is looked at: what repeats what repeats others ends."""
        self._looks += 1
        if self._looks > MOST_LOOKS:
            raise wrong("this drawing repeats too much; take what it uses apart", element="svg")

    def _moved(self, shape: list[Piece], matrix: Matrix) -> list[Piece]:
        self._drawn += len(shape) + 1
        if self._drawn > MOST_DRAWN:
            raise PlanError(
                [
                    Mistake(
                        "this drawing has too many lines; simplify it, or leave furniture out", element="svg"
                    )
                ]
            )
        return svg_shapes.moved(shape, matrix)

    # ── seats, rooms, zones, words ──

    def _place(self, element: Element, matrix: Matrix, seat: str, room: str, zone: str, depth: int) -> None:
        name = seat or room or zone
        where = called(element)
        if len(name) > LONGEST_NAME or not name.isprintable():
            self.mistakes.append(
                Mistake(
                    f"{shown(name)} is no name: at most {LONGEST_NAME} characters that can be seen",
                    element=where,
                )
            )
            return
        shape = list(self._shapes(element, matrix, depth))
        box = svg_shapes.box(shape) if shape else (0.0, 0.0, 0.0, 0.0)
        if box[2] - box[0] <= 0 or box[3] - box[1] <= 0:
            self.mistakes.append(Mistake(f"{shown(name)} has no size; draw it as a rectangle", element=where))
        elif room:
            self.found.rooms.append((room, box))
        elif not seat:
            self.found.zones.append((zone, box))
        elif seat in self.found.seats:
            self.mistakes.append(
                Mistake(f"the seat {shown(seat)} is there twice; give one of them another id", element=where)
            )
        else:
            self.found.seats[seat] = Desk(seat, box, FACINGS.get(element.attributes.get("data-facing", "")))
            if len(self.found.seats) > MOST_SEATS:
                raise wrong(
                    f"this plan has more than {MOST_SEATS} seats; make a plan for each floor", element="svg"
                )
        if not seat and element.name in GROUPS:  # a room or zone may hold seats
            for child in element.children:
                self.down(child, matrix, fill=True, depth=depth + 1)

    def _shapes(self, element: Element, matrix: Matrix, depth: int) -> Iterator[Piece]:
        """All that is drawn in an element, together."""
        self._look()
        if element.name in SHAPES:
            yield from self._moved(svg_shapes.pieces(element.name, element.attributes), matrix)
        elif element.name == "use":
            target, moved = self._used(element, matrix, depth)
            if target is not None:
                moved = svg_shapes.product(moved, svg_shapes.transform(target.attributes.get("transform")))
                yield from self._shapes(target, moved, depth + 1)
        elif element.name in GROUPS or element.name == "symbol":
            if depth > DEEPEST * 2:
                return
            for child in element.children:
                inner = svg_shapes.product(matrix, svg_shapes.transform(child.attributes.get("transform")))
                yield from self._shapes(child, inner, depth + 1)

    def _caption(self, element: Element, matrix: Matrix) -> None:
        words = " ".join(
            " ".join(
                [element.text, *(child.text for child in element.children if child.name == "tspan")]
            ).split()
        )
        if not words or len(self.found.captions) >= MOST_PARTS:
            return
        words = "".join(sign for sign in words[:LONGEST_NAME] if sign.isprintable())
        at = element.attributes
        first = next((child.attributes for child in element.children if child.name == "tspan"), {})
        x, y = (svg_shapes.number((at.get(axis) or first.get(axis) or "0").split()[0]) for axis in ("x", "y"))
        size = size_of(element)
        anchor = at.get("text-anchor") or (
            "middle" if "text-anchor:middle" in at.get("style", "").replace(" ", "") else "start"
        )
        ems = sum(1.0 if sign >= "\u2e80" else 0.55 for sign in words)
        x += {"middle": 0.0, "end": -ems * size / 2}.get(anchor, ems * size / 2)
        x, y = svg_shapes.placed(matrix, (x, y - size * 0.35))
        scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
        self.found.captions.append((words, x, y, size * scale))
