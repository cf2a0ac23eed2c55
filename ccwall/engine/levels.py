"""How a caller will fare who finds a certain crowd before him, for each service level.

With q callers before him, all agents busy, his turn comes after V = Σ_{j=0..q} Exp(d + jθ), d = nμ: the number of those
who would have gone by then is negative binomial, which gives all that is needed.
"""

import math
from typing import Protocol

from ccwall.events import Variant

MANY = 30
"""From so many turns in a threshold on, each caller's own patience matters little, and their number is normal."""


class Staffing(Protocol):
    @property
    def rate(self) -> float: ...
    @property
    def aht(self) -> float: ...
    @property
    def capacity(self) -> float: ...
    @property
    def leave(self) -> float: ...
    @property
    def threshold(self) -> float: ...
    @property
    def short(self) -> float: ...
    @property
    def variant(self) -> Variant: ...


def hits(queue: Staffing, crowd: list[float]) -> list[float]:
    """The expected part of hits among counted callers, for each number of callers found (ascending, parts allowed)."""
    ahead = [x - queue.capacity for x in crowd]
    first = next((k for k, q in enumerate(ahead) if q > -1), len(ahead))
    behind = ahead[first:]
    drain, leave, variant = queue.capacity / queue.aht, queue.leave, queue.variant
    hit = _served(drain, leave, behind, queue.threshold)
    result = [1.0] * first
    if variant == "offered" or not leave:
        return result + hit
    if variant == "answered":
        return result + [
            min(1.0, h * (1 + (q + 1) * leave / drain)) for h, q in zip(hit, behind, strict=True)
        ]
    limit = queue.short if variant == "offered_less_short" else queue.threshold
    gone = [
        max(0.0, 1 - late * math.exp(-leave * limit) - served)
        for late, served in zip(
            _late(drain, leave, behind, limit), _served(drain, leave, behind, limit), strict=True
        )
    ]
    if variant == "abandon_positive":
        return result + [min(1.0, h + g) for h, g in zip(hit, gone, strict=True)]
    return result + [min(1.0, h / (1 - g)) if g < 1 else 0.0 for h, g in zip(hit, gone, strict=True)]


def backlog_hits(queue: Staffing, waiting: int, overdue: int, ready: int) -> float:
    """How many of those who wait now will be hits: none of the overdue; the others came evenly, the last just now."""
    young = waiting - overdue
    drain = queue.capacity / queue.aht
    result = 0.0
    for place in range(overdue, waiting):
        age = (waiting - place - 0.5) * min(1 / queue.rate, queue.threshold / young)
        turns = drain * (queue.threshold - age)
        ahead = place - ready
        in_time = (
            math.erfc((ahead + 0.5 - turns) / math.sqrt(2 * turns)) / 2 if turns > 0 else float(ahead < 0)
        )
        result += in_time * drain / (drain + max(0, ahead + 1) * queue.leave)
    return result


def _served(drain: float, leave: float, ahead: list[float], limit: float) -> list[float]:
    """P(turn within `limit`, and still there): e^(−θV) is Beta(d/θ, q + 1), and weighting by it adds 1 to d/θ."""
    late = _late(drain + leave, leave, ahead, limit)
    return [drain / (drain + (q + 1) * leave) * (1 - part) for q, part in zip(ahead, late, strict=True)]


def _late(drain: float, leave: float, ahead: list[float], limit: float) -> list[float]:
    """P(V > limit) for each q of `ahead` (ascending, > −1; −1 itself would be a free agent)."""
    reach = -math.expm1(-leave * limit) / leave if leave else limit
    stays = math.exp(-leave * limit)
    if drain * reach > MANY * stays and drain > MANY * leave:
        if stays < 1e-6:
            return [0.0] * len(ahead)
        mean = drain * reach / stays
        width = math.sqrt(2 * mean / stays)
        return [math.erfc((mean - q - 0.5) / width) / 2 for q in ahead]
    late, gone = [], -1
    term = math.exp(-drain * limit)
    total = before = 0.0
    for q in ahead:
        while gone < q and before < 1 - 1e-9:
            before = total
            total += term
            gone += 1
            term *= (drain + gone * leave) * reach / (gone + 1)
        late.append(min(1.0, before + (total - before) * (q - gone + 1)))  # linear between whole callers
    return late
