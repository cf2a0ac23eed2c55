"""What the last hour says of calls, handle times and patience, with the number of observations behind each."""

import msgspec

from ccwall.events import Variant

FEWEST_ABANDONS = 30
"""below these a patience is a guess"""
FEWEST_HANDLED = 10
LEAST_ABANDONS = 3
"""below these the forecast lets nobody hang up"""
LEAST_PATIENCE = 1.0
"""seconds: lines that drop callers at once are no measure of people"""
MOST_DOUBT = 1.0
"""e-folds by which a rate may be wrong: a queue whose calls have stopped may be at any rate"""


class Inputs(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What has been seen, usually in the last 60 minutes, and what is seen now. Times in seconds."""

    arrivals: int
    arrival_seconds: float
    """how long they were watched for"""
    recent_arrivals: int | None = None
    """of these, in the last `recent_seconds`, so that a changing rate is noticed"""
    recent_seconds: float = 900.0
    handled: int
    handling_ms: int
    """Σ talk + hold + wrap-up of the handled"""
    aht_default: float | None = None
    patience_wait_ms: int
    """Σ wait of all who left the queue, in whatever way"""
    abandons: int
    """short ones included"""
    patience_default: float | None = None
    waiting: int
    overdue: int = 0
    """of these, past the threshold"""
    ready: int
    capacity: float
    """people at work here, ready or busy; who works for k queues counts 1/k"""
    threshold: float
    short: float = 0.0
    target: float = 0.8
    variant: Variant = "offered_less_short"


class Estimate(msgspec.Struct, frozen=True, gc=False):
    """A mean, and how many observations it rests on: 0 for a configured one."""

    value: float
    n: int


def arrival_rate(inputs: Inputs) -> Estimate | None:
    """Calls per second, over the whole window."""
    if inputs.arrival_seconds <= 0:
        return None
    return Estimate(inputs.arrivals / inputs.arrival_seconds, inputs.arrivals)


def handle_time(inputs: Inputs) -> Estimate | None:
    """Measured from ten calls on; below, what is configured, or else the few there are."""
    if inputs.aht_default and inputs.handled < FEWEST_HANDLED:
        return Estimate(inputs.aht_default, 0)
    if not inputs.handled or inputs.handling_ms <= 0:
        return None
    return Estimate(inputs.handling_ms / 1000 / inputs.handled, inputs.handled)


def patience(inputs: Inputs) -> Estimate | None:
    """Total wait of all callers / abandons, the maximum likelihood where patience is exponential (Erlang A).

    Who was answered counts with the wait he did have patience for.
    """
    if inputs.abandons >= FEWEST_ABANDONS:
        return Estimate(_endurance(inputs), inputs.abandons)
    return Estimate(max(LEAST_PATIENCE, inputs.patience_default), 0) if inputs.patience_default else None


def rough_patience(inputs: Inputs) -> float | None:
    """For the forecast, which is nearer the truth with a rough patience than with callers who wait for ever."""
    known = patience(inputs)
    if known is not None:
        return known.value
    return _endurance(inputs) if inputs.abandons >= LEAST_ABANDONS else None


def _endurance(inputs: Inputs) -> float:
    return max(LEAST_PATIENCE, inputs.patience_wait_ms / 1000 / inputs.abandons)


def present_rate(inputs: Inputs, rate: float) -> tuple[float, float]:
    """The rate of the coming minutes, and the variance of its logarithm.

    The recent rate and the one before are compared. What differs by more than chance is drift: it draws the estimate
    towards the recent rate, and widens it by as much again. A steady rate keeps the whole window's precision.
    """
    recent, whole = inputs.recent_seconds, inputs.arrival_seconds
    if inputs.recent_arrivals is None or whole < 2 * recent:
        return rate, 1 / inputs.arrivals
    lately = inputs.recent_arrivals / recent
    before = (inputs.arrivals - inputs.recent_arrivals) / (whole - recent)
    chance = rate / recent + rate / (whole - recent)
    drift = max(0.0, (lately - before) ** 2 - chance)
    trust = drift / (drift + chance)
    now = rate + trust * (lately - rate)
    variance = trust * rate / recent + (1 - trust) * rate / whole + drift
    return now, min(MOST_DOUBT**2, variance / now**2)
