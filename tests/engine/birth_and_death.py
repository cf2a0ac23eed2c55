"""Erlang A the other way round: the chain of callers present, and what becomes of one caller, step by step."""

import math
from typing import NamedTuple


class Chain(NamedTuple):
    waiting: float
    abandoning: float
    asa: float
    asa_served: float
    queue: float
    occupancy: float
    offered: float
    answered: float
    offered_less_short: float
    abandon_ignored: float
    abandon_positive: float


def chain(rate: float, aht: float, patience: float, n: int, threshold: float, short: float) -> Chain:
    """Stationary law of the chain with death rate min(k, n)/aht + max(k − n, 0)/patience, seen by who arrives."""
    weights = [1.0]
    while len(weights) <= n or weights[-1] > 1e-18 * max(weights):
        k = len(weights)
        weights.append(weights[-1] * rate / (min(k, n) / aht + max(k - n, 0) / patience))
        if weights[-1] > 1e200:
            weights = [weight / 1e200 for weight in weights]
    total = math.fsum(weights)
    law = [weight / total for weight in weights]
    behind = law[n:]
    drain, leave = n / aht, 1 / patience
    within, gone = fates(drain, leave, len(behind), threshold)
    _, briefly = fates(drain, leave, len(behind), short)
    hit = math.fsum(law[:n]) + math.fsum(p * share for p, share in zip(behind, within, strict=True))
    left = math.fsum(p * share for p, share in zip(behind, gone, strict=True))
    left_briefly = math.fsum(p * share for p, share in zip(behind, briefly, strict=True))
    queue = math.fsum(q * p for q, p in enumerate(behind))
    abandoning = leave * queue / rate
    # E[V e^(−θV)] with q before him: d/(d + (q + 1)θ) · Σ 1/(d + (i + 1)θ)
    wait, turns = 0.0, 0.0
    for q, p in enumerate(behind):
        turns += 1 / (drain + (q + 1) * leave)
        wait += p * turns * drain / (drain + (q + 1) * leave)
    return Chain(
        waiting=math.fsum(behind),
        abandoning=abandoning,
        asa=queue / rate,
        asa_served=wait / (1 - abandoning),
        queue=queue,
        occupancy=math.fsum(min(k, n) * p for k, p in enumerate(law)) / n,
        offered=hit,
        answered=hit / (1 - abandoning),
        offered_less_short=hit / (1 - left_briefly),
        abandon_ignored=hit / (1 - left),
        abandon_positive=hit + left,
    )


def fates(drain: float, leave: float, length: int, limit: float) -> tuple[list[float], list[float]]:
    """For 0, 1, … callers before him: the chance to be served, and to have left, within `limit`. By uniformisation."""
    clock = drain + length * leave
    jumps = clock * limit
    served, gone = [0.0] * length, [0.0] * length
    all_served, all_gone = [0.0] * length, [0.0] * length
    steps = math.ceil(jumps + 10 * math.sqrt(jumps) + 30)
    for k in range(steps):
        weight = math.exp(k * math.log(jumps) - jumps - math.lgamma(k + 1)) if jumps else float(k == 0)
        for q in range(length):
            all_served[q] += weight * served[q]
            all_gone[q] += weight * gone[q]
        served = [
            (
                (drain + q * leave) * (served[q - 1] if q else 1.0)
                + (clock - drain - (q + 1) * leave) * served[q]
            )
            / clock
            for q in range(length)
        ]
        gone = [
            (
                (drain + q * leave) * (gone[q - 1] if q else 0.0)
                + leave
                + (clock - drain - (q + 1) * leave) * gone[q]
            )
            / clock
            for q in range(length)
        ]
    return all_served, all_gone
