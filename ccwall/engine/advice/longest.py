"""The longest wait of the next minutes: how likely it is that nobody waits longer than w, for some w.

Of who finds x callers before him, λ·P(V > w)·e^(−θw) a second will wait longer than w, and can have done so by the end of the
span only when they come w before it. A chain that ends at that rate survives as long as nobody has: P(M ≤ w) is its
survival. Callers one after another wait for the same ends of calls and so fare alike: what would end it several times over
within one such wait is counted once (`alone`).
Who waits already is known by his wait so far: he too must be served, or give up, before w.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from ccwall.engine.advice.chain import PARTS, Net, Path, Solver, Values, at, left, read
from ccwall.engine.advice.plans import BIN
from ccwall.engine.levels import _late

EDGES = (
    2.0,
    5.0,
    8.0,
    12.0,
    16.0,
    20.0,
    25.0,
    30.0,
    40.0,
    50.0,
    65.0,
    85.0,
    110.0,
    150.0,
    200.0,
    270.0,
    360.0,
    500.0,
    700.0,
    1000.0,
    1800.0,
)
"""Seconds at which the distribution is worked out; straight in between."""
RING_SHAPE = 4
"""of the time until somebody picks up, a gamma distribution: its deviation is half its mean"""
RUNG_OUT = 20.0
"""Seconds that a ring takes that nobody answers, with the pause after it: 15 and 5, app_queue's defaults."""
TAILS = 0.065, 0.5, 0.935
AGAIN = 0.35
"""The chance that it rings out once more: often it is the same empty chair's turn again."""
SURE = 1e-4


class Reach(msgspec.Struct, frozen=True, gc=False):
    """Seconds: the longest wait is between low and high eight of ten times; ``expected`` is its mean."""

    low: float
    middle: float
    high: float
    expected: float


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who waits now, and how the house answers."""

    waits: tuple[float, ...]
    """so far, the longest first; of callers nobody rings for yet"""
    ready: int
    rate: float
    """of this queue alone, a second"""
    ring: float
    missed: float


def survival(path: Path, steps: int, line: Line) -> list[float]:
    """P(M ≤ w) for each of `EDGES`; ascending."""
    span, found = steps * BIN, list[float]()
    for w in EDGES:
        if w >= span + max(line.waits, default=0.0) or (found and found[-1] > 1 - SURE):
            found.append(1.0)
        else:
            known = _known(path.nets[0], line, w, span)
            coming = _nobody(path, line, w, span) if known > SURE and w < span else 1.0
            found.append(max(known * coming, found[-1] if found else 0.0))
    return found


def _nobody(path: Path, line: Line, w: float, span: float) -> float:
    """That none of those who come until w before the end waits longer than w."""
    until, alive = span - w, list[float]()
    alone: dict[int, Values] = {}
    last = max(0, math.ceil(until / BIN) - 1)
    alive = [1.0] * len(path.nets[last].nodes)
    for k in range(last, -1, -1):
        net = path.nets[k]
        if k < last and path.nets[k + 1] is not net:
            after = path.nets[k + 1]
            alive = read(after.nodes, alive, left(net, after.course.capacity))
        ends = alone.get(id(net))
        if ends is None:
            ends = alone[id(net)] = _ends(
                net, line, w, line.rate * net.course.rate / path.nets[0].course.rate
            )
        length = min(BIN, until - k * BIN) / PARTS
        if length > 0:
            solver = Solver(net.up, net.down, GAMMA_STEP * length, ends)
            for _ in range(PARTS):
                alive = [min(1.0, max(0.0, x)) for x in solver.pass_on(alive)]
    return at(path.nets[0].nodes, alive, path.present)


def _ends(net: Net, line: Line, w: float, rate: float) -> Values:
    """How often, a second, somebody comes who will wait longer than w."""
    course = net.course
    n, drain, leave = course.capacity, course.capacity / course.aht, course.leave
    rung = _unanswered(line, w)
    ahead = [x - n for x in net.nodes]
    first = next((k for k, q in enumerate(ahead) if q > -1), len(ahead))
    late = _late(drain, leave, ahead[first:], max(0.0, w - line.ring))
    stays = math.exp(-leave * w)
    clump = 1 + CLUMP * rate * w
    return [rate * rung * stays] * first + [
        rate * stays * (rung * (1 - part) + part / clump) for part in late
    ]


CLUMP = 0.08
GAMMA_STEP = 1 - math.sqrt(0.5)


def _unanswered(line: Line, w: float) -> float:
    """The part of those for whom somebody is free who wait longer than w all the same: it rings, and rings out at some."""
    if not line.ring:
        return 0.0
    late, part, gone = 0.0, 1.0, 0.0
    while part > SURE and gone < w:
        out = line.missed if part == 1 else max(line.missed, AGAIN)
        late += part * (1 - out) * _rings_on(line.ring, w - gone)
        part, gone = part * out, gone + RUNG_OUT
    return min(1.0, late + part)


def _rings_on(ring: float, w: float) -> float:
    scaled = RING_SHAPE * w / ring
    term, tail = math.exp(-min(700.0, scaled)), 0.0
    for k in range(RING_SHAPE):
        tail += term
        term *= scaled / (k + 1)
    return tail


def _known(net: Net, line: Line, w: float, span: float) -> float:
    """That none of those who wait now waits longer than w: they wait for the same ends of calls, so the worst one tells."""
    course = net.course
    drain, leave = course.capacity / course.aht, course.leave
    best = 1.0
    count = len(line.waits)
    for place in {0, count // 4, count // 2, 3 * count // 4, count - 1} if count else ():
        more = w - line.waits[place]
        if more < 0:
            return 0.0
        if more >= span:
            continue
        ahead = float(place - line.ready)
        if ahead <= -1:
            tail = _unanswered(line, more)
        else:
            (late,) = _late(drain, leave, [ahead], max(0.0, more - line.ring))
            tail = late * math.exp(-leave * more)
        best = min(best, 1 - tail)
    return best


def reach(shares: Sequence[float]) -> Reach:
    """The band of a distribution over `EDGES`."""
    edges, below = (0.0, *EDGES), (0.0, *shares)
    mean = sum(
        (b - a) * (1 - (fa + fb) / 2)
        for (a, b), (fa, fb) in zip(pairwise(edges), pairwise(below), strict=True)
    )
    low, middle, high = (_quantile(edges, below, part) for part in TAILS)
    return Reach(round(low, 1), round(middle, 1), round(high, 1), round(mean, 1))


def _quantile(edges: Sequence[float], below: Sequence[float], part: float) -> float:
    for (a, b), (fa, fb) in zip(pairwise(edges), pairwise(below), strict=True):
        if fb >= part:
            return a if fb <= fa else a + (b - a) * (part - fa) / (fb - fa)
    return edges[-1]
