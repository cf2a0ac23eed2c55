"""A queue followed in expectation, not played with dice: what it is made of, and the chain it is followed on.

The number of callers in the queue and in hand is a chain that goes up with every call and down with every end and every
hang-up. It is solved on some thirty nodes (`ccwall.engine.advice.chain`), so that the cost does not grow with the number of
agents.
"""

import math

import msgspec

from ccwall.events import Variant

GAMMA = 1 - math.sqrt(0.5)
"""of the two-stage L-stable Runge–Kutta method (SDIRK2), which large steps do not shake"""


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


def rates(course: Course, nodes: list[float]) -> tuple[list[float], list[float]]:
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
