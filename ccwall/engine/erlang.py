"""Erlang B, C and A: the queueing formulas of call centres, exact, as pure functions.

Units: rates per second, times in seconds, loads in erlangs (rate × mean handle time). Numbers of agents are whole.
Sources: Erlang (1917) for B and C; Palm (1957), and Mandelbaum & Zeltyn, "Service engineering in action: the
Palm/Erlang-A queue" (2007) for A. Calls come at random (Poisson), handle times and patience are exponential.
"""

import math
from collections.abc import Callable, Mapping
from typing import get_args

import msgspec

from ccwall.engine.palm import masses
from ccwall.events import Variant

VARIANTS: tuple[Variant, ...] = get_args(Variant)


class ErlangC(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """M/M/n: callers wait for ever. Everything is a long-run mean; ``inf`` where the queue grows without end."""

    waiting: float
    """P_w, the share of callers who have to wait at all"""
    service_level: float
    """the share answered within the threshold; without abandons all five variants agree"""
    asa: float
    queue: float
    """L_q, mean number waiting"""
    occupancy: float
    drain: float
    """(n − load) / AHT: how fast the tail of the wait falls, per second; 0 when unstable"""

    def quantile(self, share: float) -> float:
        """The wait that `share` of all callers do not exceed, seconds.

        >>> round(erlang_c(48 / 60, 60, 50, 20).quantile(0.9), 3)
        58.139
        """
        if not 0 <= share < 1:
            raise ValueError(
                f"quantile: the share must be in 0 ≤ share < 1, not {share!r}; write 0.9 for 90 %"
            )
        if self.waiting <= 1 - share:
            return 0.0
        return math.log(self.waiting / (1 - share)) / self.drain if self.drain > 0 else math.inf


class ErlangA(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """M/M/n+M: callers lose patience. Long-run means; there is always an answer, at any load."""

    waiting: float
    abandoning: float
    """P_ab, the share of callers who give up"""
    asa: float
    """mean wait of all callers"""
    asa_served: float
    """mean wait of those answered"""
    queue: float
    occupancy: float
    levels: Mapping[Variant, float]
    """service level by variant"""


def erlang_b(load: float, n: int) -> float:
    """The share of calls blocked by `n` lines without a queue.

    1 / B = Σ_j n!/(n−j)! / load^j, the recursion 1/B(k) = 1 + (k/load)/B(k−1) written out: only positive terms.

    >>> erlang_b(1, 2)
    0.2
    >>> erlang_b(10, 0)
    1.0
    """
    _positive("erlang_b", "load", load, "erlangs")
    _agents("erlang_b", n, 0)
    total = term = 1.0
    for left in range(n, 0, -1):
        term *= left / load
        total += term
        if (left <= load and term < 1e-17 * total) or total == math.inf:
            break
    return 1 / total


def erlang_c(rate: float, aht: float, n: int, threshold: float) -> ErlangC:
    """M/M/n with `rate` calls a second, `aht` seconds each, `n` agents; the service level within `threshold` seconds.

    P_w = n·B / (n − a·(1 − B)), SL = 1 − P_w·e^(−(n−a)T/AHT), ASA = P_w·AHT/(n − a). n ≤ a is unstable: P_w 1, SL 0,
    ASA ∞.

    >>> steady = erlang_c(100 / 1800, 180, 14, 20)
    >>> round(steady.service_level, 6), round(steady.asa, 4)
    (0.88835, 7.8359)
    >>> erlang_c(100 / 1800, 180, 10, 20).asa
    inf
    """
    _positive("erlang_c", "rate", rate, "calls per second")
    _positive("erlang_c", "aht", aht, "seconds")
    _agents("erlang_c", n, 1)
    _span("erlang_c", "threshold", threshold)
    return _steady(rate * aht, aht, n, threshold, erlang_b(rate * aht, n) if rate * aht > 0 else 0.0)


def _steady(load: float, aht: float, n: int, threshold: float, blocked: float) -> ErlangC:
    if n <= load:
        return ErlangC(waiting=1.0, service_level=0.0, asa=math.inf, queue=math.inf, occupancy=1.0, drain=0.0)
    waiting = min(1.0, n * blocked / (n - load * (1 - blocked)))
    drain = (n - load) / aht
    return ErlangC(
        waiting=waiting,
        service_level=1 - waiting * math.exp(-drain * threshold),
        asa=waiting / drain,
        queue=waiting * load / (n - load),
        occupancy=load / n,
        drain=drain,
    )


def erlang_a(
    rate: float, aht: float, patience: float, n: int, threshold: float, short: float = 0.0
) -> ErlangA:
    """M/M/n+M: as :func:`erlang_c`, with callers who hang up after `patience` seconds on average.

    `short` is the length S below which an abandon is short, for ``offered_less_short``. The five levels are
    ``offered`` = served within T; ``answered`` = that / served; ``abandon_positive`` = that + abandoned within T;
    ``abandon_ignored`` = that / (1 − abandoned within T); ``offered_less_short`` = that / (1 − abandoned within S).

    >>> queue = erlang_a(100 / 1800, 180, 300, 13, 20)
    >>> round(queue.abandoning, 6), round(queue.asa, 4), round(queue.levels["offered"], 6)
    (0.024963, 7.489, 0.858178)
    """
    _positive("erlang_a", "rate", rate, "calls per second")
    _positive("erlang_a", "aht", aht, "seconds")
    _positive("erlang_a", "patience", patience, "seconds")
    _agents("erlang_a", n, 1)
    _span("erlang_a", "threshold", threshold)
    _span("erlang_a", "short", short)
    blocked = erlang_b(rate * aht, n - 1) if rate * aht > 0 else float(n == 1)
    at = masses(rate, n / aht, 1 / patience, blocked, (short, threshold))
    short_part, within, whole = at
    served = whole.served
    hit = min(within.served, served)

    def left_by(limit: float, served_by: float, virtual_by: float) -> float:
        """abandoned within `limit`: those whose turn had come by then, and those whose turn came later"""
        return min(1.0, (virtual_by - served_by) - math.expm1(-limit / patience) * (1 - virtual_by))

    abandoned = left_by(threshold, within.served, within.virtual)
    briefly = left_by(short, short_part.served, short_part.virtual)
    levels: dict[Variant, float] = {
        "answered": hit / served,
        "offered": hit,
        "offered_less_short": hit / (1 - briefly),
        "abandon_ignored": hit / (1 - abandoned),
        "abandon_positive": hit + abandoned,
    }
    return ErlangA(
        waiting=whole.waiting,
        abandoning=whole.left,
        asa=whole.left * patience,
        asa_served=whole.wait_served / served,
        queue=rate * whole.left * patience,
        occupancy=min(1.0, rate * aht * served / n),
        levels={variant: min(1.0, max(0.0, level)) for variant, level in levels.items()},
    )


def agents_needed(
    rate: float,
    aht: float,
    threshold: float,
    target: float,
    *,
    variant: Variant = "offered_less_short",
    patience: float | None = None,
    short: float = 0.0,
) -> int:
    """The smallest number of agents whose long-run service level is at least `target`: Erlang A, or C without patience.

    >>> agents_needed(100 / 1800, 180, 20, 0.8)
    14
    >>> agents_needed(100 / 1800, 180, 20, 0.8, variant="offered", patience=300)
    13
    """
    if not 0 <= target <= 1:
        raise ValueError(f"agents_needed: the target must be from 0 to 1, not {target!r}; write 0.8 for 80 %")
    if variant not in VARIANTS:
        raise ValueError(f"agents_needed: no service level {variant!r}; there are {', '.join(VARIANTS)}")
    _positive("agents_needed", "rate", rate, "calls per second")
    _positive("agents_needed", "aht", aht, "seconds")
    _span("agents_needed", "threshold", threshold)
    if patience is None:
        return _needed_c(rate * aht, aht, threshold, target)

    def level(n: int) -> float:
        return erlang_a(rate, aht, patience, n, threshold, short).levels[variant]

    return _smallest(level, target, _needed_c(rate * aht, aht, threshold, target))


def _smallest(level: Callable[[int], float], target: float, guess: int) -> int:
    """The smallest n from 1 with level(n) ≥ target, of a level that rises with n and is 0 without agents.

    Bounds close in from the guess by the secant of the last two points; every fourth time they are halved.
    """
    low, high = 0, guess
    known = {0: 0.0, guess: level(guess)}
    step = 1
    while known[high] < target:
        low, high, step = high, high + step, step * 2
        known[high] = level(high)
    trial = max(low + 1, high - 1)
    while high - low > 1:
        known[trial] = level(trial)
        if known[trial] < target:
            low, other = trial, high
        else:
            high, other = trial, high if low == 0 else low
        rise = (known[other] - known[trial]) / (other - trial)
        halve = rise <= 0 or len(known) % 4 == 0
        aim = (low + high) / 2 if halve else trial + (target - known[trial]) / rise
        trial = min(high - 1, max(low + 1, math.ceil(aim)))
    return high


def _needed_c(load: float, aht: float, threshold: float, target: float) -> int:
    """Upwards from the first stable n; B(k+1) = load·B / (k + 1 + load·B)."""
    n = math.floor(load) + 1
    blocked = erlang_b(load, n) if load > 0 else 0.0
    while _steady(load, aht, n, threshold, blocked).service_level < target:
        n += 1
        blocked = load * blocked / (n + load * blocked)
    return n


def _positive(where: str, what: str, value: float, unit: str) -> None:
    if not 0 < value < math.inf:
        raise ValueError(f"{where}: {what} must be a finite number of {unit} above 0, not {value!r}")


def _span(where: str, what: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ValueError(f"{where}: {what} must be a finite number of seconds, 0 or more, not {value!r}")


def _agents(where: str, n: int, least: int) -> None:
    if n != int(n) or n < least:
        raise ValueError(f"{where}: n must be a whole number of agents, {least} or more, not {n!r}")
