"""The service level of the next minutes, with a band: a queue followed in expectation, not played with dice.

The number of callers in the queue and in hand is a chain that goes up with every call and down with every end and every
hang-up. On it, `p(x)` is the chance that a caller who finds `x` before him is a hit. Mean and variance of ∫p(X)dt from
the present state solve the backward equations u' = Lu + p and v' = Lv + 2pu. The chain is solved on some thirty nodes,
so that the cost does not grow with the number of agents.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from ccwall.events import Variant

GAMMA = 1 - math.sqrt(0.5)
"""of the two-stage L-stable Runge–Kutta method (SDIRK2), which large steps do not shake"""
STEPS = 3, 2, 1
"""of equal length up to each horizon: two digits of the mean, and of its deviation"""


class Course(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the coming minutes are made of. Per second, seconds; `patience` None: nobody hangs up."""

    rate: float
    aht: float
    patience: float | None
    capacity: float
    """persons, at least a part of one"""
    present: float
    """callers waiting and in hand now"""
    threshold: float
    short: float
    variant: Variant

    @property
    def leave(self) -> float:
        return 1 / self.patience if self.patience else 0.0

    def with_load(self, rate: float, aht: float) -> "Course":
        """The same with rate and AHT so many e-folds higher."""
        return msgspec.structs.replace(self, rate=self.rate * math.exp(rate), aht=self.aht * math.exp(aht))


def share_of_hits(
    course: Course, horizons: Sequence[float], nodes: list[float], chance: list[float]
) -> list[tuple[float, float]]:
    """Mean and variance of the share of hits, over each horizon (ascending, seconds).

    `nodes` are numbers of callers, ascending, and `chance` is that of a hit at each of them.
    """
    up, down = _rates(course, nodes)
    u = [0.0] * len(nodes)
    v = u
    found = []
    for steps, (start, end) in zip(STEPS, pairwise((0.0, *horizons)), strict=True):
        solver = _Solver(up, down, GAMMA * (end - start) / steps)
        for _ in range(steps):
            u, v = solver.advance(u, v, chance)
        mean, square = _at(nodes, u, course.present) / end, _at(nodes, v, course.present) / end**2
        found.append((min(1.0, max(0.0, mean)), max(0.0, square - mean * mean)))
    return found


def mesh(course: Course) -> list[float]:
    """The nodes: fine where a wait begins and where it passes the threshold, coarser outwards to where nobody comes."""
    n, load = course.capacity, course.rate * course.aht
    turn = n / course.aht * course.threshold
    spread = math.sqrt(max(1.0, n))
    low = min(course.present, load, n) - 4 * math.sqrt(max(1.0, min(load, n)))
    core = n + turn + 3 * math.sqrt(turn) + 1
    crowd = (course.rate - n / course.aht) * min(1800.0, course.patience or 1800.0)
    high = max(core, course.present, n + crowd) + 3 * spread
    fine = max(1.0, spread / 3, (core - n) / 12)
    nodes = [n - 1.0]
    while nodes[-1] < core:
        nodes.append(nodes[-1] + fine)
    step = fine
    while nodes[-1] < high:
        step = max(min(step * 1.3, spread), (high - core) / 12)
        nodes.append(nodes[-1] + step)
    below, step = [n - 1.0], fine
    while below[-1] > max(0.0, low):
        step = min(step * 1.3, spread)
        below.append(max(0.0, below[-1] - step))
    return below[:0:-1] + nodes if n > 1 else [0.0, *(node for node in nodes if node > 0)]


def _rates(course: Course, nodes: list[float]) -> tuple[list[float], list[float]]:
    """Up and down from each node, so that drift and variance are the chain's own; where that fails, the drift alone."""
    rate, mu, n, leave = course.rate, 1 / course.aht, course.capacity, course.leave
    up, down = [], []
    last = len(nodes) - 1
    for k, x in enumerate(nodes):
        out = mu * min(x, n) + leave * max(0.0, x - n)
        drift, noise = rate - out, rate + out
        above = nodes[k + 1] - x if k < last else 0.0
        below = x - nodes[k - 1] if k else 0.0
        if not below or not above:
            up.append(max(0.0, drift) / above if above else 0.0)
            down.append(max(0.0, -drift) / below if below else 0.0)
            continue
        rise = (noise + drift * below) / (above * (above + below))
        fall = (noise - drift * above) / (below * (above + below))
        if rise < 0 or fall < 0:
            rise, fall = max(0.0, drift) / above, max(0.0, -drift) / below
        up.append(rise)
        down.append(fall)
    return up, down


class _Solver:
    """(1 − step·L)⁻¹ of a chain, factorised once for all steps of one length."""

    def __init__(self, up: list[float], down: list[float], step: float) -> None:
        self.step = step
        self.down, self.pivots, self.onward = [], [], []
        onward = 0.0
        for rise, fall in zip(up, down, strict=True):
            pivot = 1 / (1 + step * (rise + fall * (1 - onward)))
            onward = step * rise * pivot
            self.down.append(step * fall * pivot)
            self.pivots.append(pivot)
            self.onward.append(onward)

    def solve(self, right: list[float]) -> list[float]:
        value = 0.0
        forward = [
            value := pivot * r + fall * value
            for r, pivot, fall in zip(right, self.pivots, self.down, strict=True)
        ]
        value = 0.0
        back = [
            value := f + onward * value for f, onward in zip(forward[::-1], self.onward[::-1], strict=True)
        ]
        return back[::-1]

    def advance(self, u: list[float], v: list[float], p: list[float]) -> tuple[list[float], list[float]]:
        """One step of u' = Lu + p, v' = Lv + 2pu."""
        h, ahead = self.step, (1 - GAMMA) / GAMMA
        u1 = self.solve([a + h * q for a, q in zip(u, p, strict=True)])
        u2 = self.solve([a + ahead * (b - a) + h * q for a, b, q in zip(u, u1, p, strict=True)])
        v1 = self.solve([a + 2 * h * q * b for a, b, q in zip(v, u1, p, strict=True)])
        v2 = self.solve(
            [a + ahead * (b - a) + 2 * h * q * c for a, b, c, q in zip(v, v1, u2, p, strict=True)]
        )
        return u2, v2


def _at(nodes: list[float], values: list[float], x: float) -> float:
    """Linear between nodes, level outside."""
    if x <= nodes[0]:
        return values[0]
    for (a, b), (fa, fb) in zip(pairwise(nodes), pairwise(values), strict=True):
        if x <= b:
            return fa + (fb - fa) * (x - a) / (b - a)
    return values[-1]
