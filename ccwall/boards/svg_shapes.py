"""Shapes of an SVG as numbers: each becomes path data of checked letters and numbers, and a box.

`Matrix` is SVG's own: (a, b, c, d, e, f), x' = a·x + c·y + e, y' = b·x + d·y + f.
"""

import math
import re
from collections.abc import Iterator, Mapping

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MOST_POINTS = 20_000
"""Numbers in the data of one shape."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(?:px|mm|cm|pt|in)?\s*\Z")
_TOKEN = re.compile(rf"([A-Za-z])|({_NUMBER})|[\s,]+")
_TRANSFORM = re.compile(r"\s*,?\s*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_ROUND = 0.552_284_75  # a quarter of a circle as a curve


def number(text: str | None, default: float = 0.0) -> float:
    """A length; units are taken as they are, as a plan has one scale. ValueError when it is none."""
    if text is None:
        return default
    found = _LENGTH.match(text)
    value = float(found[1]) if found else math.nan
    if not math.isfinite(value) or abs(value) > 1e9:
        raise ValueError(f'"{text[:20]}" is no length; write a plain number')
    return value


def product(outer: Matrix, inner: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def placed(matrix: Matrix, point: Point) -> Point:
    """Where this matrix puts a point."""
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def transform(text: str | None) -> Matrix:
    """What a transform attribute does. ValueError when it cannot be read."""
    matrix, at = SAME, 0
    text = (text or "").rstrip()
    while at < len(text):
        found = _TRANSFORM.match(text, at)
        if found is None:
            raise ValueError(f'the transform "{text[at : at + 20]}" cannot be read')
        values = [number(piece) for piece in re.split(r"[\s,]+", found[2].strip()) if piece]
        matrix, at = product(matrix, _one(found[1], values)), found.end()
    if not all(math.isfinite(value) and abs(value) < 1e9 for value in matrix):
        raise ValueError("the transform makes it larger than a plan can be")
    return matrix


def _one(kind: str, values: list[float]) -> Matrix:
    match kind, values:
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case "translate", [x, *rest] if len(rest) <= 1:
            return 1, 0, 0, 1, x, rest[0] if rest else 0
        case "scale", [x, *rest] if len(rest) <= 1:
            return x, 0, 0, rest[0] if rest else x, 0, 0
        case "rotate", [angle]:
            turn = math.radians(angle)
            return math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0, 0
        case "rotate", [angle, x, y]:
            return product(product((1, 0, 0, 1, x, y), _one("rotate", [angle])), (1, 0, 0, 1, -x, -y))
        case "skewX", [angle]:
            return 1, 0, math.tan(math.radians(angle)), 1, 0, 0
        case "skewY", [angle]:
            return 1, math.tan(math.radians(angle)), 0, 1, 0, 0
        case _:
            raise ValueError(f"{kind} with {len(values)} numbers is no transform")


# ── shapes ──

Piece = tuple[str, tuple[Point, ...]]
"""M, L or C with one or three points; Z with none."""


def pieces(kind: str, attributes: Mapping[str, str]) -> list[Piece]:
    """A shape as lines and curves with absolute points; empty when it is nothing to see. ValueError when it cannot be read."""

    def of(name: str) -> float:
        return number(attributes.get(name))

    match kind:
        case "rect" | "image":
            return _box(of("x"), of("y"), of("width"), of("height"))
        case "circle":
            return _oval(of("cx"), of("cy"), of("r"), of("r"))
        case "ellipse":
            return _oval(of("cx"), of("cy"), of("rx"), of("ry"))
        case "line":
            return [("M", ((of("x1"), of("y1")),)), ("L", ((of("x2"), of("y2")),))]
        case "polyline" | "polygon":
            return _many(attributes.get("points", ""), closed=kind == "polygon")
        case "path":
            return list(_path(attributes.get("d", "")))
        case _:
            return []


def _box(x: float, y: float, w: float, h: float) -> list[Piece]:
    if w <= 0 or h <= 0:
        return []
    corners = [(x + w, y), (x + w, y + h), (x, y + h)]
    return [("M", ((x, y),)), *(("L", (corner,)) for corner in corners), ("Z", ())]


def _oval(x: float, y: float, rx: float, ry: float) -> list[Piece]:
    if rx <= 0 or ry <= 0:
        return []
    p, q = rx * _ROUND, ry * _ROUND
    quarters: list[Piece] = [
        ("C", ((x + rx, y + q), (x + p, y + ry), (x, y + ry))),
        ("C", ((x - p, y + ry), (x - rx, y + q), (x - rx, y))),
        ("C", ((x - rx, y - q), (x - p, y - ry), (x, y - ry))),
        ("C", ((x + p, y - ry), (x + rx, y - q), (x + rx, y))),
    ]
    return [("M", ((x + rx, y),)), *quarters, ("Z", ())]


def _many(text: str, *, closed: bool) -> list[Piece]:
    values = [value for value in _tokens(text) if isinstance(value, float)]
    points = list(zip(values[::2], values[1::2], strict=False))
    if len(points) < 2:
        return []
    end: list[Piece] = [("Z", ())] if closed else []
    return [("M", (points[0],)), *(("L", (point,)) for point in points[1:]), *end]


def _tokens(text: str) -> Iterator[str | float]:
    at = count = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f'"{text[at : at + 12]}" cannot be read as a path')
        at = found.end()
        if found[1]:
            if found[1].upper() not in _TAKES:
                raise ValueError(f'"{found[1]}" is no command of a path')
            yield found[1]
        elif found[2]:
            count += 1
            if count > MOST_POINTS:
                raise ValueError(f"a shape has at most {MOST_POINTS} numbers; simplify it")
            yield number(found[2])


def _path(text: str) -> Iterator[Piece]:
    pen = _Pen()
    tokens = _tokens(text)
    command, values = "", list[float]()
    for token in tokens:
        if isinstance(token, float):
            if not command or command in "Zz":
                raise ValueError("a number without a command in a path")
            values.append(token)
            if len(values) == _TAKES[command.upper()]:
                yield from pen.draw(command, values)
                values = []
                command = {"M": "L", "m": "l"}.get(command, command)
            continue
        if values:
            raise ValueError(f'"{command}" in a path lacks numbers')
        command = token
        if command in "Zz":
            yield from pen.draw("Z", [])
    if values:
        raise ValueError(f'"{command}" in a path lacks numbers')


class _Pen:
    """Where a path has come to."""

    def __init__(self) -> None:
        self.at: Point = (0.0, 0.0)
        self.start: Point = (0.0, 0.0)
        self.control: Point | None = None
        self.curve = ""

    def draw(self, command: str, values: list[float]) -> Iterator[Piece]:
        x, y = self.at
        if command.islower():
            values = self._absolute(command, values)
        kind = command.upper()
        control: Point | None = None
        match kind:
            case "Z":
                self.at = self.start
                yield "Z", ()
            case "M" | "L" | "H" | "V":
                self.at = (
                    (values[0], y)
                    if kind == "H"
                    else (x, values[0])
                    if kind == "V"
                    else (values[0], values[1])
                )
                if kind == "M":
                    self.start = self.at
                yield "M" if kind == "M" else "L", (self.at,)
            case "A":
                yield from self._arc(values)
            case _:
                points = list(zip(values[::2], values[1::2], strict=True))
                if kind in "ST":
                    mirrored = self.control is not None and self.curve == ("C" if kind == "S" else "Q")
                    before = self.control if mirrored and self.control is not None else self.at
                    points.insert(0, (2 * x - before[0], 2 * y - before[1]) if mirrored else before)
                kind = "C" if kind in "CS" else "Q"
                control = points[-2]
                if kind == "Q":
                    (cx, cy), (ex, ey) = points
                    points = [
                        (x + 2 / 3 * (cx - x), y + 2 / 3 * (cy - y)),
                        (ex + 2 / 3 * (cx - ex), ey + 2 / 3 * (cy - ey)),
                        (ex, ey),
                    ]
                self.at = points[-1]
                yield "C", tuple(points)
        self.control, self.curve = control, kind

    def _absolute(self, command: str, values: list[float]) -> list[float]:
        x, y = self.at
        match command:
            case "h":
                return [values[0] + x]
            case "v":
                return [values[0] + y]
            case "a":
                return [*values[:5], values[5] + x, values[6] + y]
            case _:
                return [value + (y if i % 2 else x) for i, value in enumerate(values)]

    def _arc(self, values: list[float]) -> Iterator[Piece]:
        """As curves of at most a quarter turn each (SVG 2, B.2.4)."""
        rx, ry, angle, large, sweep, ex, ey = values
        start, end = self.at, (ex, ey)
        self.at = end
        rx, ry = abs(rx), abs(ry)
        if rx == 0 or ry == 0 or start == end:
            yield "L", (end,)
            return
        turn = math.radians(angle % 360)
        cos, sin = math.cos(turn), math.sin(turn)
        dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
        px, py = cos * dx + sin * dy, -sin * dx + cos * dy
        grow = math.hypot(px / rx, py / ry)
        if grow > 1:
            rx, ry = rx * grow, ry * grow
        ux, uy = px / rx, py / ry
        share = math.sqrt(max(0.0, 1 / (ux * ux + uy * uy) - 1)) * (-1 if bool(large) == bool(sweep) else 1)
        qx, qy = share * uy, -share * ux
        first = math.atan2(uy - qy, ux - qx)
        sweep_by = (math.atan2(-uy - qy, -ux - qx) - first) % math.tau
        if not sweep:
            sweep_by -= math.tau
        cx = cos * qx * rx - sin * qy * ry + (start[0] + end[0]) / 2
        cy = sin * qx * rx + cos * qy * ry + (start[1] + end[1]) / 2
        oval: Matrix = (cos * rx, sin * rx, -sin * ry, cos * ry, cx, cy)
        count = max(1, math.ceil(abs(sweep_by) / (math.pi / 2) - 1e-9))
        step = sweep_by / count
        bend = 4 / 3 * math.tan(step / 4)
        for i in range(count):
            a, b = first + i * step, first + (i + 1) * step
            curve = (
                (math.cos(a) - bend * math.sin(a), math.sin(a) + bend * math.cos(a)),
                (math.cos(b) + bend * math.sin(b), math.sin(b) - bend * math.cos(b)),
                (math.cos(b), math.sin(b)),
            )
            yield "C", tuple(placed(oval, point) for point in curve)


def moved(shape: list[Piece], matrix: Matrix) -> list[Piece]:
    """The shape where this matrix puts it."""
    return [(kind, tuple(placed(matrix, point) for point in points)) for kind, points in shape]


def data(shape: list[Piece]) -> str:
    """As path data: M, L, C, Z and plain numbers."""
    return "".join(kind + " ".join(f"{_plain(x)} {_plain(y)}" for x, y in points) for kind, points in shape)


def _plain(value: float) -> str:
    return (
        f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0")
        if abs(value) < 0.005
        else f"{value:.2f}".rstrip("0").rstrip(".")
    )


def box(shape: list[Piece]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of all points; of curves a little more than is drawn."""
    xs = [x for _, points in shape for x, _ in points]
    ys = [y for _, points in shape for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
