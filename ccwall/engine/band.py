"""The band that a share of hits will fall into eight of ten times: beta-binomial, from its mean and its variance.

It is held against the simulator (docs/calibration.md), and is to be right eight of ten times, no more.
"""

import math
from collections.abc import Sequence

NOMINAL = 0.8
EDGE = 0.15
"""of one call, added on both sides: the shares of few calls are far apart, and a band ends between two of them"""
POINTS = 48
FAR = 30.0
"""logits: 1e-13 from 0 or 1"""

Band = tuple[float, float, float]


def band(mean: float, variance: float, count: float) -> Band:
    """Low, middle and high of the share of hits among `count` calls; the middle is the mean: what targets are held against.

    `mean` and `variance` are of the chance that a call is a hit, which all the calls share; the calls' own chance comes to it.

    >>> band(0.8, 0.0, 400), band(0.8, 0.01, 400), band(1.0, 0.0, 400)
    ((0.774, 0.8, 0.826), (0.659, 0.8, 0.921), (1.0, 1.0, 1.0))
    """
    count = max(1.0, count)
    low = high = mean
    room = mean * (1 - mean)
    if room > 1e-6:
        shared = min(variance, 0.98 * room)
        size = max(0.05, room / (shared + (room - shared) / count) - 1)
        low, high = quantiles(mean * size, (1 - mean) * size, ((1 - NOMINAL) / 2, (1 + NOMINAL) / 2))
    margin = EDGE / count
    low, high = round(max(0.0, low - margin), 3), round(min(1.0, high + margin), 3)
    return low, min(high, max(low, round(mean, 3))), high


def quantiles(a: float, b: float, shares: Sequence[float]) -> list[float]:
    """Of the beta distribution, for ascending shares; to three digits.

    By the trapezoid rule in t = ln(x/(1−x)), where the density e^(at)/(1 + e^t)^(a+b) is smooth and has no edges.

    >>> [round(x, 3) for x in quantiles(2, 2, (0.104, 0.5, 0.896))]
    [0.2, 0.5, 0.8]
    """
    peak = math.log(a / b)
    top = a * peak - (a + b) * _softplus(peak)
    spread = math.sqrt(1 / a + 1 / b)
    low = max(-FAR, peak - min(6 * spread, 2 + 20 / a))
    high = min(FAR, peak + min(6 * spread, 2 + 20 / b))
    step = (high - low) / POINTS
    masses = []
    for k in range(POINTS + 1):
        t = low + k * step
        masses.append(math.exp(a * t - (a + b) * _softplus(t) - top))
    # What lies further out is as good as 0, or 1.
    masses[0] += masses[0] / (a * step)
    masses[-1] += masses[-1] / (b * step)
    total = sum(masses)
    found, below, k = [], 0.0, 0
    for share in shares:
        while k < POINTS and below + masses[k] < share * total:
            below += masses[k]
            k += 1
        # The mass of a point lies half a step to both of its sides.
        t = low + (k - 0.5 + (share * total - below) / masses[k]) * step
        found.append(1 / (1 + math.exp(-t)))
    return found


def _softplus(t: float) -> float:
    """ln(1 + e^t)"""
    return max(t, 0.0) + math.log1p(math.exp(-abs(t)))
