"""The integrals of the Palm/Erlang-A queue (M/M/n+M), safe at any load.

With λ the rate, d = nμ the drain, θ = 1/patience and G(x) = exp[(λ/θ)(1 − e^(−θx)) − d·x], the virtual wait V (what a
caller of endless patience would wait) has P(V = 0) ∝ 1/B(n−1) and the density λ·G(x). G is log-concave: it is measured
from its peak, so that nothing overflows, in panels as wide as its local scale.
"""

import math
from collections.abc import Sequence

import msgspec

ORDER = 20
STRIDE = 12.0
"""A panel is so many local scales wide; with 20 nodes the error is below 1e-10."""
REACH = 34.0
"""e-folds below the peak at which G is over: e⁻³⁴ ≈ 2e-15"""


class Mass(msgspec.Struct, frozen=True, gc=False):
    """Shares of all callers up to a wait x: those whose turn had come (virtual), and of these the answered and the gone.

    ``wait_served`` is Σ wait of the answered / callers, seconds; ``waiting`` is the share with a virtual wait in (0, x].
    """

    virtual: float
    served: float
    left: float
    waiting: float
    wait_served: float


def _legendre(order: int) -> tuple[tuple[float, float], ...]:
    """Nodes and weights of Gauss and Legendre on [0, 1], by Newton's method."""
    nodes = []
    for k in range(order):
        x = math.cos(math.pi * (k + 0.75) / (order + 0.5))
        for _ in range(8):
            p, before = x, 1.0
            for j in range(2, order + 1):
                p, before = ((2 * j - 1) * x * p - (j - 1) * before) / j, p
            slope = order * (x * p - before) / (x * x - 1)
            x -= p / slope
        nodes.append(((1 - x) / 2, 1 / ((1 - x * x) * slope * slope)))
    return tuple(nodes)


NODES = _legendre(ORDER)


def _excess(y: float) -> float:
    """y − 1 + e^(−y), without cancellation near 0."""
    if -0.01 < y < 0.01:
        return y * y / 2 * (1 - y / 3 * (1 - y / 4 * (1 - y / 5 * (1 - y / 6))))
    return y + math.expm1(-y)


def masses(rate: float, drain: float, leave: float, blocked: float, marks: Sequence[float]) -> list[Mass]:
    """The masses up to each mark (ascending or not, seconds), and last up to infinity.

    `rate` λ, `drain` nμ, `leave` θ, all per second; `blocked` is B(n − 1, λ/μ).
    """
    over = (rate - drain) / drain
    peak = math.log1p(over) / leave if over > 0 else 0.0
    height = drain / leave * (over - math.log1p(over)) if over > 0 else 0.0
    sums = _march(min(rate, drain), drain, leave, peak, sorted({*marks, math.inf}))
    # Everything is divided by e^height / B: where the one is huge, the other is not small.
    idle = math.exp(-height)
    scale = blocked * rate
    whole = idle + scale * sums[math.inf][0]
    return [
        Mass(
            virtual=(idle + scale * g) / whole,
            served=(idle + scale * s) / whole,
            left=scale * a / whole,
            waiting=scale * g / whole,
            wait_served=scale * w / whole,
        )
        for g, s, a, w in (sums[mark] for mark in (*marks, math.inf))
    ]


Sums = tuple[float, float, float, float]


def _march(crest: float, drain: float, leave: float, peak: float, marks: list[float]) -> dict[float, Sums]:
    """∫G, ∫e^(−θx)G, ∫(1 − e^(−θx))G and ∫x·e^(−θx)G from 0 to each mark (ascending), G measured from its peak.

    `crest` is λ·e^(−θ·peak), so that ln G(peak + y) = (crest − drain)·y − crest/θ·(θy − 1 + e^(−θy)).
    """
    k = REACH * leave / crest
    x = max(0.0, peak - min(math.sqrt(2 * k), 2 + math.log1p(k)) / leave)
    sums = (0.0, 0.0, 0.0, 0.0)
    found: dict[float, Sums] = {}
    for mark in marks:
        while x < mark:
            arrive = crest * math.exp(leave * (peak - x))
            log = (crest - drain) * (x - peak) - crest / leave * _excess(leave * (x - peak))
            if log < -REACH and x > peak:
                break
            if mark == math.inf and leave * x > REACH and arrive / leave < 1e-17:
                # Nothing but e^(−drain·x) is left, and nobody has so much patience.
                tail = math.exp(log) / drain
                sums = (sums[0] + tail, sums[1], sums[2] + tail, sums[3])
                break
            width = STRIDE / max(abs(arrive - drain), math.sqrt(arrive * leave), leave)
            end = min(mark, x + width)
            sums = _panel(crest, drain, leave, peak, x, end, sums)
            x = end
        found[mark] = sums
    return found


def _panel(crest: float, drain: float, leave: float, peak: float, x: float, end: float, sums: Sums) -> Sums:
    g_sum = served = left = wait = 0.0
    width = end - x
    slope, bend = crest - drain, crest / leave
    exp, expm1 = math.exp, math.expm1
    for node, weight in NODES:
        at = x + node * width
        y = at - peak
        z = leave * y
        # _excess(z), written out: this is where the time goes.
        if -0.01 < z < 0.01:
            excess = z * z / 2 * (1 - z / 3 * (1 - z / 4 * (1 - z / 5 * (1 - z / 6))))
        else:
            excess = z + expm1(-z)
        g = weight * exp(slope * y - bend * excess)
        gone = g * expm1(-leave * at)
        g_sum += g
        served += g + gone
        left -= gone
        wait += at * (g + gone)
    return (
        sums[0] + width * g_sum,
        sums[1] + width * served,
        sums[2] + width * left,
        sums[3] + width * wait,
    )
