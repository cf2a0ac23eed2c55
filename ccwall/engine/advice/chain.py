"""The chain of callers present while staffing changes: as `ccwall.engine.forecast`, in steps of five minutes, each with its
own rate and people, backwards for what comes of a state and forwards for where the state will be.

Where people leave at the border of two steps, those of them who are in a call take it along: what is left of n people with
x callers has x − Δ·min(1, x/n).
"""

from collections.abc import Sequence

import msgspec

from ccwall.engine.advice.plans import BIN
from ccwall.engine.forecast import GAMMA, Course, mesh, rates
from ccwall.engine.levels import hits

PARTS, AT_FIRST = 2, 3
"""Solutions in each step; and where nothing but the first is asked for, in which a backlog goes."""
AHEAD = (1 - GAMMA) / GAMMA
NOBODY = 0.05
"""Persons: of fewer, nobody is left to predict anything of."""

Values = list[float]


class Net:
    """One step: its nodes, the chance of a hit at each, and (1 − h·L)⁻¹ in both directions."""

    __slots__ = ("_solvers", "best", "chance", "course", "down", "nodes", "up")

    def __init__(self, course: Course, best: float) -> None:
        """``best``: the share of hits among those for whom somebody is free."""
        self.course, self.best = course, best
        self.nodes = mesh(course)
        self.chance = [best * part for part in hits(course, self.nodes)]
        self.up, self.down = rates(course, self.nodes)
        self._solvers: dict[float, Solver] = {}

    def solver(self, step: float) -> "Solver":
        known = self._solvers.get(step)
        if known is None:
            known = self._solvers[step] = Solver(self.up, self.down, GAMMA * step)
        return known


class Solver:
    """(1 − h·(L − κ))⁻¹, factorised once; κ ends what passes through a node."""

    __slots__ = ("down", "onward", "pivots", "step", "up")

    def __init__(self, up: Values, down: Values, step: float, ends: Values | None = None) -> None:
        self.step = step
        self.up = [step * rise for rise in up]
        self.down, self.pivots, self.onward = [step * fall for fall in down], [], []
        onward = 0.0
        for k, (rise, fall) in enumerate(zip(self.up, self.down, strict=True)):
            diagonal = 1 + rise + fall + (step * ends[k] if ends is not None else 0.0)
            pivot = 1 / (diagonal - fall * onward)
            onward = rise * pivot
            self.pivots.append(pivot)
            self.onward.append(onward)

    def solve(self, right: Values) -> Values:
        value = 0.0
        forward = [
            value := pivot * (r + fall * value)
            for r, pivot, fall in zip(right, self.pivots, self.down, strict=True)
        ]
        value = 0.0
        back = [
            value := f + onward * value for f, onward in zip(forward[::-1], self.onward[::-1], strict=True)
        ]
        return back[::-1]

    def spread(self, right: Values) -> Values:
        """The same of the transposed, for masses instead of values."""
        value = 0.0
        forward, passed = [], 0.0
        for r, onward in zip(right, self.onward, strict=True):
            value = r + passed * value
            passed = onward
            forward.append(value)
        value, fall = 0.0, 0.0
        back = []
        for f, pivot, own in zip(forward[::-1], self.pivots[::-1], self.down[::-1], strict=True):
            value = pivot * (f + fall * value)
            fall = own
            back.append(value)
        return back[::-1]

    def pass_on(self, u: Values, gains: Values | None = None) -> Values:
        """One step of u' = Lu + p."""
        h = self.step
        if gains is None:
            first = self.solve(u)
            return self.solve([a + AHEAD * (b - a) for a, b in zip(u, first, strict=True)])
        first = self.solve([a + h * q for a, q in zip(u, gains, strict=True)])
        return self.solve([a + AHEAD * (b - a) + h * q for a, b, q in zip(u, first, gains, strict=True)])

    def both(self, u: Values, v: Values, p: Values) -> tuple[Values, Values]:
        """One step of u' = Lu + p and v' = Lv + 2pu: the mean and the mean square of what is gained."""
        h = self.step
        u1 = self.solve([a + h * q for a, q in zip(u, p, strict=True)])
        u2 = self.solve([a + AHEAD * (b - a) + h * q for a, b, q in zip(u, u1, p, strict=True)])
        v1 = self.solve([a + 2 * h * q * b for a, b, q in zip(v, u1, p, strict=True)])
        v2 = self.solve(
            [a + AHEAD * (b - a) + 2 * h * q * c for a, b, c, q in zip(v, v1, u2, p, strict=True)]
        )
        return u2, v2

    def carry(self, mass: Values) -> Values:
        """One step of the distribution of x."""
        first = self.spread(mass)
        return [(1 - AHEAD) * a + AHEAD * b for a, b in zip(first, self.spread(first), strict=True)]


class Path:
    """The steps ahead of one queue, and where it stands now."""

    __slots__ = ("nets", "present")

    def __init__(self, courses: Sequence[Course], present: float, best: float) -> None:
        known: dict[Course, Net] = {}
        self.nets = [known.get(course) or known.setdefault(course, Net(course, best)) for course in courses]
        self.present = present

    @classmethod
    def over(cls, nets: Sequence[Net]) -> "Path":
        """These very steps."""
        path = cls.__new__(cls)
        path.nets, path.present = list(nets), nets[0].course.present
        return path

    def mean(self, start: int, end: int) -> Values:
        """The mean part of hits among who comes in [start, end), by the nodes of the first of these steps; not yet of the
        callers: times the steps' own rates."""
        value: Values = [0.0] * len(self.nets[end - 1].nodes)
        for k in range(end - 1, start - 1, -1):
            if k < end - 1:
                value = self._back(k, value)
            net = self.nets[k]
            weight = net.course.rate
            solver, gains = net.solver(BIN / PARTS), [weight * p for p in net.chance]
            for _ in range(PARTS):
                value = solver.pass_on(value, gains)
        whole = self._arrivals(start, end)
        return [value_ / whole for value_ in value]

    def mean_and_variance(self, end: int) -> tuple[float, float]:
        """Of the share of hits among who comes in the first `end` steps, from where it stands now."""
        u: Values = [0.0] * len(self.nets[end - 1].nodes)
        v, parts = u, PARTS if end > 1 else AT_FIRST
        for k in range(end - 1, -1, -1):
            if k < end - 1:
                u, v = self._back(k, u), self._back(k, v)
            net = self.nets[k]
            weight = net.course.rate
            solver, gains = net.solver(BIN / parts), [weight * p for p in net.chance]
            for _ in range(parts):
                u, v = solver.both(u, v, gains)
        whole, nodes = self._arrivals(0, end), self.nets[0].nodes
        mean, square = at(nodes, u, self.present) / whole, at(nodes, v, self.present) / whole**2
        return min(1.0, max(0.0, mean)), max(0.0, square - mean * mean)

    def _arrivals(self, start: int, end: int) -> float:
        return sum(net.course.rate for net in self.nets[start:end]) * BIN

    def _back(self, k: int, value: Values) -> Values:
        """The values of step k + 1 as seen from the nodes of step k."""
        here, there = self.nets[k], self.nets[k + 1]
        if here is there:
            return value
        return read(there.nodes, value, left(here, there.course.capacity))

    def masses(self, upto: int) -> list[Values]:
        """The distribution of x at the beginning of each step, on that step's nodes."""
        mass = laid([self.present], [1.0], self.nets[0].nodes)
        found = [mass]
        for k in range(upto):
            net = self.nets[k]
            solver = net.solver(BIN / PARTS)
            for _ in range(PARTS):
                mass = solver.carry(mass)
            if k + 1 < len(self.nets):
                after = self.nets[k + 1]
                if after is not net:
                    mass = laid(left(net, after.course.capacity), mass, after.nodes)
            found.append(mass)
        return found


def left(net: Net, capacity: float) -> Values:
    """How many callers are left of those at each node, when so many people are."""
    n = net.course.capacity
    gone = n - capacity
    return net.nodes if gone <= 0 else [x - gone * min(1.0, x / n) for x in net.nodes]


def at(nodes: Values, values: Values, x: float) -> float:
    """Straight between nodes, level outside."""
    return read(nodes, values, [x])[0]


def read(nodes: Values, values: Values, places: Sequence[float]) -> Values:
    """The same for ascending places."""
    found, k, last = [], 0, len(nodes) - 1
    for x in places:
        while k < last and nodes[k + 1] < x:
            k += 1
        if x <= nodes[0]:
            found.append(values[0])
        elif k == last:
            found.append(values[-1])
        else:
            part = (x - nodes[k]) / (nodes[k + 1] - nodes[k])
            found.append(values[k] + (values[k + 1] - values[k]) * part)
    return found


def laid(places: Sequence[float], masses: Sequence[float], nodes: Values) -> Values:
    """Masses at ascending places, put on the nodes next to them: the transposed of `read`."""
    found, k, last = [0.0] * len(nodes), 0, len(nodes) - 1
    for x, mass in zip(places, masses, strict=True):
        while k < last and nodes[k + 1] < x:
            k += 1
        if x <= nodes[0]:
            found[0] += mass
        elif k == last:
            found[-1] += mass
        else:
            part = (x - nodes[k]) / (nodes[k + 1] - nodes[k])
            found[k] += mass * (1 - part)
            found[k + 1] += mass * part
    return found


class Span(msgspec.Struct, frozen=True, gc=False):
    """What a stretch ahead is judged by."""

    minutes: int

    @property
    def steps(self) -> int:
        return round(self.minutes * 60 / BIN)


SPANS = (Span(15), Span(30))
"""What the desk asks for"""
SOON = Span(5), *SPANS
"""and what the board shows."""
REACH = SPANS[-1].steps


def product(mass: Values, values: Values) -> float:
    return sum(a * b for a, b in zip(mass, values, strict=True))


__all__ = [
    "NOBODY",
    "REACH",
    "SOON",
    "SPANS",
    "Net",
    "Path",
    "Solver",
    "Span",
    "at",
    "laid",
    "left",
    "product",
    "read",
]
