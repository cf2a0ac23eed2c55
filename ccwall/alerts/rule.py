"""A rule: which number of which scope, when it is too much, and what happens then."""

from typing import Literal

import msgspec

from ccwall.events import AlertSeverity, RuleCard

__all__ = ["SEVERITIES", "Clock24", "Rule", "Severity", "Window", "worst_of"]

Severity = AlertSeverity
SEVERITIES: tuple[Severity, ...] = ("info", "warn", "breach", "critical")
"""From the least to the worst."""
Window = Literal["now", "today", "interval", "rolling 5", "rolling 15", "rolling 30", "rolling 60"]
Test = Literal["above", "at_least", "below", "outside"]
Zero = Literal["infinite", "nothing", "one"]
"""What a number by nobody is: without an end, not to be judged, or as by one."""
Bound = float | str
"""A number, or the path of one in the subject's own object: ``target.service_level``."""
Clock24 = tuple[int, int]
"""Seconds of the local day from and to; over midnight when the second is smaller."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """All of a rule. Durations in seconds, rates as fractions.

    ``scope`` is the kind of subject, each of which is judged by itself; ``only`` these ids. ``states`` narrows metrics that
    count the time in a state. ``per`` divides. It fires when ``test`` against ``threshold`` (``low`` as well for ``outside``) held
    for ``lasts``, with at least ``needs`` of ``needs_of`` in the window; it is over when the value is back at ``clear`` for
    ``clear_for``. At ``worse`` it is of ``worse_severity``, and whoever acknowledged it is told again. It is watched in
    ``hours`` of ``days``; in ``quiet_hours`` nobody is told.
    """

    id: str
    metric: str
    scope: str
    names: dict[str, str] = {}
    todo: dict[str, str] = {}
    only: tuple[str, ...] = ()
    window: Window = "now"
    test: Test = "at_least"
    threshold: Bound = 0.0
    low: float = 0.0
    states: tuple[str, ...] = ()
    per: str = ""
    per_zero: Zero = "infinite"
    lasts: float = 0.0
    clear: Bound | None = None
    clear_for: float = 0.0
    worse: float | None = None
    worse_severity: Severity = "breach"
    severity: Severity = "warn"
    needs: float = 0.0
    needs_of: str = "offered"
    hours: tuple[Clock24, ...] = ()
    quiet_hours: tuple[Clock24, ...] = ()
    days: tuple[str, ...] = ()
    wall: bool = False
    ladder: str = ""
    inhibited_by: tuple[str, ...] = ()
    enabled: bool = True


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS, FREE_DAYS = "workdays", "free_days"


def worst_of(one: Severity, other: Severity) -> Severity:
    """The worse of both.

    >>> worst_of("breach", "warn")
    'breach'
    """
    return max(one, other, key=SEVERITIES.index)


def holds(rule: Rule, value: float, threshold: float) -> bool:
    """Whether the value is as the rule does not want it.

    >>> holds(Rule(id="r", metric="waiting", scope="queue", test="above"), 2.0, 2.0)
    False
    """
    match rule.test:
        case "above":
            return value > threshold
        case "at_least":
            return value >= threshold
        case "below":
            return value < threshold
        case "outside":
            return not rule.low <= value <= threshold


def is_clear(rule: Rule, value: float, clear: float, threshold: float) -> bool:
    """Whether the value is back where it belongs: at the clear threshold, or on the good side of it. A band is as much narrower below
    as `clear` is under its upper bound.

    >>> band = Rule(id="r", metric="service_level", scope="queue", test="outside", low=0.7, threshold=0.9)
    >>> [is_clear(band, value, 0.85, 0.9) for value in (0.7, 0.74, 0.76, 0.85, 0.86)]
    [False, False, True, True, False]
    """
    match rule.test:
        case "above":
            return value <= clear
        case "at_least":
            return value < clear
        case "below":
            return value >= clear
        case "outside":
            return rule.low + (threshold - clear) <= value <= clear


def is_worse(rule: Rule, value: float) -> bool:
    if rule.worse is None:
        return False
    return value <= rule.worse if rule.test == "below" else value >= rule.worse


def is_beyond(rule: Rule, threshold: float) -> bool:
    """Whether what is worse is worse than the threshold. One that is a target may lie beyond it in some queue: there it never is.

    >>> patient = Rule(id="r", metric="longest_waiting", scope="queue", threshold="target.longest_wait", worse=300.0)
    >>> is_beyond(patient, 60.0), is_beyond(patient, 600.0)
    (True, False)
    """
    if rule.worse is None or rule.test == "outside":
        return True
    return rule.worse < threshold if rule.test == "below" else rule.worse > threshold


def within(hours: tuple[Clock24, ...], second: int) -> bool:
    """Whether this second of the local day is in any of them.

    >>> within(((79_200, 21_600),), 0), within(((79_200, 21_600),), 40_000)
    (True, False)
    """
    return any(
        start <= second < end if start <= end else second >= start or second < end for start, end in hours
    )


def card_of(rule: Rule, unit: str, timer: bool) -> RuleCard:
    """What screens must know of it."""
    return msgspec.convert(
        {
            "names": rule.names,
            "todo": rule.todo,
            "metric": rule.metric,
            "window": rule.window,
            "unit": unit,
            "severity": rule.severity,
            "timer": timer,
            "wall": rule.wall,
            "limit": _limit(rule) if timer else None,
            "per": rule.per,
        },
        RuleCard,
    )


def _limit(rule: Rule) -> float | None:
    """What screens may count against, of every person and at any hour."""
    holds_for_all = rule.scope == "agent" and not (rule.only or rule.hours or rule.days or rule.per)
    plain = rule.test in ("above", "at_least") and isinstance(rule.threshold, float)
    return rule.threshold if holds_for_all and plain else None  # type: ignore[return-value]
