"""One rule and one subject: is it so now, since when, and when may that change by time alone."""

import math
from collections.abc import Mapping

import msgspec

from ccwall.alerts.metrics import MADE, METRICS, SINGLE, Tree, number, subjects
from ccwall.alerts.rule import Rule, holds, is_beyond, is_clear, is_worse


class Judged(msgspec.Struct, frozen=True, gc=False):
    """``began``: since when it is so, of a timer exactly. ``clear``: it is back where it belongs. ``worse_at``: when it got
    worse, None while it has not. ``due``: when time alone changes any of this."""

    on: bool = False
    clear: bool = True
    began: float = 0.0
    value: float | None = None
    threshold: float | None = None
    worse_at: float | None = None
    due: float = math.inf


NOT_SO = Judged()


def window_of(subject: Tree, window: str) -> Tree | None:
    """The numbers of a window in a subject's object."""
    if window in ("now", "today"):
        return subject
    if window == "interval":
        found = subject.get("interval")
    else:
        rolling = subject.get("rolling")
        found = rolling.get(window.removeprefix("rolling ")) if isinstance(rolling, Mapping) else None
    return found if isinstance(found, Mapping) else None


def judge(rule: Rule, subject: Tree, now: float) -> Judged:
    """What the rule says of this subject."""
    metric = METRICS[rule.metric]
    threshold = bound(rule.threshold, subject)
    if threshold is None:
        return NOT_SO
    if not metric.timer:
        return _number(rule, subject, threshold, now)
    reading = metric.read(subject, rule.states, now)
    if reading.since is None or now >= reading.until:
        return NOT_SO
    begins = reading.since + threshold
    if now < begins:
        return Judged(due=begins if begins < reading.until else math.inf, threshold=threshold)
    worse_at = None if rule.worse is None or not is_beyond(rule, threshold) else reading.since + rule.worse
    is_due = worse_at if worse_at is not None and worse_at > now else reading.until
    return Judged(
        on=True,
        clear=False,
        began=begins,
        value=now - reading.since,
        threshold=threshold,
        worse_at=worse_at if worse_at is not None and worse_at <= now else None,
        due=is_due,
    )


def _number(rule: Rule, subject: Tree, threshold: float, now: float) -> Judged:
    value = value_of(rule, subject, now)
    if value is None:
        return Judged(threshold=threshold)
    clear = bound(rule.clear, subject) if rule.clear is not None else threshold
    on = holds(rule, value, threshold)
    return Judged(
        on=on,
        clear=not on and is_clear(rule, value, threshold if clear is None else clear, threshold),
        began=now,
        value=value,
        threshold=threshold,
        worse_at=now if is_worse(rule, value) and is_beyond(rule, threshold) else None,
    )


def value_of(rule: Rule, subject: Tree, now: float) -> float | None:
    """The number that is judged; None where there is none, or too few made it."""
    tree = window_of(subject, rule.window)
    if tree is None:
        return None
    metric = METRICS[rule.metric]
    if rule.needs and (number(tree, (rule.needs_of,)) or 0.0) < rule.needs:
        return None
    reading = metric.read(tree, rule.states, now)
    if metric.timer:
        return None if reading.since is None else now - reading.since
    if reading.value is None or not rule.per:
        return reading.value
    by = METRICS[rule.per].read(tree, (), now).value or 0.0
    if by > 0:
        return reading.value / by
    match rule.per_zero:
        case "infinite":
            return math.inf if reading.value > 0 else 0.0
        case "one":
            return reading.value
        case "nothing":
            return None


def value_at(rule: Rule, scope: str, board: Tree, now: float) -> float | None:
    """What it is now at the scope of an alert; None where that is gone or cannot be told."""
    if rule.scope in MADE:
        return None
    subject = subjects(board, rule.scope).get("" if rule.scope in SINGLE else scope.partition(":")[2])
    value = None if subject is None else value_of(rule, subject, now)
    return value if value is not None and math.isfinite(value) else None


def bound(bound: float | str, subject: Tree) -> float | None:
    """A threshold: a number, or the number at a path of the subject."""
    return number(subject, bound.split(".")) if isinstance(bound, str) else bound
