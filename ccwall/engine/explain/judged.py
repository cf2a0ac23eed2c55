"""What a number is judged by: its target, whether it is good, and how far it is from turning."""

from ccwall.engine.explain.account import Account
from ccwall.engine.explain.margin import Margin, margin, reached
from ccwall.engine.explain.question import View
from ccwall.engine.state import State


def target_of(state: State, view: View) -> float | None:
    """The line's own where it has one, else the queue's, else that of the house; None for what has no target."""
    name = view.metric.target
    if not name:
        return None
    line = view.line
    if line is None and view.asked.scope.kind == "queue":
        line = state.policy.lines.get(view.card.line)
    places = (view.line, view.card, line, state.policy)
    found = (getattr(place, name, None) for place in places if place is not None)
    return next((float(value) for value in found if value is not None), None)


def verdict(view: View, value: float | None, target: float | None, counted: Account | None) -> str | None:
    """``good`` or ``bad``; None without a value or a target. Shares are judged by their counts, before any rounding."""
    if value is None or target is None:
        return None
    if view.metric.better == "low":
        return "good" if value <= target else "bad"
    if counted is not None and counted.denominator is not None and counted.formula.kind == "rate":
        return "good" if reached(counted.numerator.value, counted.denominator.value, target) else "bad"
    return "good" if value >= target else "bad"


def margin_of(view: View, target: float | None, counted: Account | None) -> Margin | None:
    """Only of rates with a target that one would rather have high."""
    if target is None or counted is None or counted.denominator is None or view.metric.better == "low":
        return None
    return margin(counted.numerator.value, counted.denominator.value, target)
