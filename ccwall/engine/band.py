"""The band that a share of hits will fall into eight of ten times: beta-binomial, from its mean and its variance."""

import math
from collections.abc import Sequence

NOMINAL = 0.8
"""of the distribution lies between low and high; what is promised, and measured by simulation, is 0.8"""
MARGIN = 0.02
"""added on both sides: a stretch without a single miss, or hit, is more frequent than any smooth distribution says"""
POINTS = 48
FAR = 30.0
"""logits: 1e-13 from 0 or 1"""

Band = tuple[float, float, float]


def band(mean: float, variance: float, count: float) -> Band:
    """Low, middle and high of the share of hits among `count` calls.

    `mean` and `variance` are of the chance that a call is a hit, which all the calls share; the calls' own chance comes
    to it, and half a call on both sides, since shares of few calls are far apart.

    >>> band(0.8, 0.0, 400), band(0.8, 0.01, 400)
    ((0.753, 0.801, 0.847), (0.638, 0.814, 0.942))
    >>> band(1.0, 0.0, 400)
    (0.979, 1.0, 1.0)
    """
    count = max(1.0, count)
    low, middle, high = mean, mean, mean
    room = mean * (1 - mean)
    if room > 1e-9:
        shared = min(variance, 0.98 * room)
        size = room / (shared + (room - shared) / count) - 1
        size = max(0.02, size)
        low, middle, high = quantiles(
            mean * size, (1 - mean) * size, ((1 - NOMINAL) / 2, 0.5, (1 + NOMINAL) / 2)
        )
    margin = MARGIN + 0.5 / count
    return round(max(0.0, low - margin), 3), round(middle, 3), round(min(1.0, high + margin), 3)


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
