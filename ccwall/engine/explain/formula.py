"""A formula of the catalogue made into one that sorts: its terms, and what each part of it is called.

A case whose weights in the denominator add up to one is part of the number (`hit` when the numerator counts it too, else
`miss`), and every other is left out: so the parts can but add up to the whole.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal

import msgspec

from ccwall.engine.catalogue import METRICS, Metric, sides
from ccwall.engine.catalogue.shape import Term as Written
from ccwall.engine.explain.case import (
    Case,
    Sorter,
    by_arrival,
    by_ghost,
    by_handling,
    by_hold,
    by_outcome,
    by_rating,
)
from ccwall.engine.explain.terms import AMOUNTS, HOLDS, LEVELS, Amount, Holds
from ccwall.engine.explain.things import Extra
from ccwall.events import Variant

Group = Literal["hit", "miss", "out"]
Name = Callable[[Case, Group], str]
Kind = Literal["rate", "mean", "count", "total", "max", "percentile"]


class Term(msgspec.Struct, frozen=True, gc=False):
    """``amount``: what each adds, in milliseconds; without it each adds one."""

    key: str
    sign: int
    holds: Holds
    amount: Amount | None = None


class Formula(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``extra``: things that are no visits, and sorted in with them. ``share``: of the waits, up to a percentile."""

    kind: Kind
    sorter: Sorter
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()
    name: Name
    extra: Extra | None = None
    share: float = 0.0

    def group(self, case: Case) -> Group:
        """An attempt that was connected in the window and dialled before is a hit that no denominator counts."""
        top = weight(self.numerator, case)
        if weight(self.denominator or self.numerator, case) != 1:
            return "hit" if self.extra == "attempts" and top == 1 else "out"
        return "hit" if self.kind != "rate" or top == 1 else "miss"


def weight(terms: Iterable[Term], case: Case) -> int:
    return sum(term.sign for term in terms if term.holds(case))


# ── names of parts and of what is left out ─────────────────────────────────────────────────────────────────────────

_PLURAL: Final = {
    "callback": "callbacks",
    "error": "errors",
    "ghost": "ghosts",
    "waiting": "in_progress",
    "talking": "not_over",
}
_ENDS_A_WAIT: Final = ("answered", "abandoned", "flowed_out", "callback", "error")


def by_sort(case: Case, group: Group) -> str:
    """What became of it."""
    if case.sort in ("flowed_out", "refused"):
        return f"{case.sort}.{case.cause or 'unknown'}"
    if case.sort == "abandoned" and case.short:
        return "short"
    if case.sort == "elsewhere":
        return "other_basis" if case.cause == "arrived" else "decided_elsewhere"
    return _PLURAL.get(case.sort, case.sort)


def by_wait(case: Case, group: Group) -> str:
    """The same, and of what counts whether it was within the threshold."""
    if group == "out":
        return by_sort(case, group)
    if case.within is None:
        return "unknown_wait"
    if case.sort == "answered":
        return "within" if case.within else "late"
    return f"{_PLURAL.get(case.sort, case.sort)}_{'within' if case.within else 'late'}"


def by_timing(case: Case, group: Group) -> str:
    """What became of it; left out is also whose wait nobody knows."""
    return "unknown_wait" if case.within is None and case.sort in _ENDS_A_WAIT else by_sort(case, group)


def _by_flag(yes: str, no: str, *sorts: str) -> Name:
    def name(case: Case, group: Group) -> str:
        if sorts and case.sort not in sorts:
            return by_sort(case, group)
        return yes if case.flag else no

    return name


def _by_progress(done: str, begun: str) -> Name:
    def name(case: Case, group: Group) -> str:
        if case.sort != begun:
            return "earlier"
        return done if case.flag else f"not_{done}"

    return name


def _in_level(variant: Variant) -> Name:
    def name(case: Case, group: Group) -> str:
        within = case.within
        if case.sort == "waiting":
            if within is None:
                return "unknown_wait"
            return "undecided" if within else ("overdue" if group == "miss" else "in_progress")
        if within is None and (
            case.sort in ("answered", "abandoned") or (case.sort == "callback" and case.counted)
        ):
            return "unknown_wait"
        if case.sort == "answered":
            return "within" if within else "late"
        if case.sort == "abandoned" and group == "out":
            return {"offered_less_short": "short", "abandon_ignored": "abandoned_within"}.get(
                variant, "abandoned"
            )
        if case.sort not in ("abandoned", "callback"):
            return by_sort(case, group)
        plural = _PLURAL.get(case.sort, case.sort)
        ignored = group == "out" and case.counted and variant == "abandon_ignored"
        return f"{plural}_within" if group == "hit" or ignored else plural

    return name


# ── the formulas ───────────────────────────────────────────────────────────────────────────────────────────────────

_NAMES: Final[dict[str, Name]] = {
    "answered": by_wait,
    "abandoned": by_wait,
    "callbacks": by_wait,
    "repeats": _by_flag("repeats", "first"),
    "repeat_rate": _by_flag("repeats", "first"),
    "transferred": _by_flag("transferred", "not_transferred", "handled"),
    "transfer_rate": _by_flag("transferred", "not_transferred", "handled"),
    "handled": _by_flag("transferred", "not_transferred", "handled"),
    "held": _by_flag("held", "not_held", "handled"),
    "hold_time": _by_flag("held", "not_held", "handled"),
    "ratings": _by_flag("satisfied", "not_satisfied", "rated"),
    "satisfied": _by_flag("satisfied", "not_satisfied", "rated"),
    "satisfaction": _by_flag("satisfied", "not_satisfied", "rated"),
    "connect_rate": _by_progress("connected", "dialled"),
    "completion_rate": _by_progress("completed", "planned"),
}
_SORTERS: Final[dict[str, Sorter]] = {
    "offered": by_arrival,
    "repeats": by_arrival,
    "repeat_rate": by_arrival,
    "handled": by_handling,
    "transferred": by_handling,
    "transfer_rate": by_handling,
    "held": by_hold,
    "hold_time": by_hold,
    "aht": by_handling,
    "talk_time": by_handling,
    "wrap_time": by_handling,
    "ratings": by_rating,
    "satisfied": by_rating,
    "satisfaction": by_rating,
    "ghosts": by_ghost,
}
_EXTRAS: Final[dict[str, Extra]] = {
    "refused": "refused",
    "lost_rate": "refused",
    "offered": "refused",
    "answered": "refused",
    "answer_rate": "refused",
    "abandon_rate": "refused",
    "pickup_rate": "rings",
    "missed": "rings",
    "declined": "rings",
    "cancelled": "rings",
    "planned": "attempts",
    "dialled": "attempts",
    "connected": "attempts",
    "failed": "attempts",
    "completed": "attempts",
    "connect_rate": "attempts",
    "completion_rate": "attempts",
    "outbound_talk_time": "attempts",
}
_LONGEST: Final = {
    "longest_wait": HOLDS["timed_exits"],
    "longest_answered": HOLDS["timed_answers"],
    "longest_abandoned": LEVELS["abandoned_total"],
}
_OWN: Final = {"own_talk": "talk", "own_hold": "hold", "own_wrap": "wrap"}
_PERCENTILES: Final = {"wait_p50": 0.50, "wait_p80": 0.80, "wait_p90": 0.90, "wait_p95": 0.95}


def _side(terms: Iterable[Written], holds: Mapping[str, Holds]) -> tuple[Term, ...]:
    return tuple(Term(each.term, each.sign, holds[each.term], AMOUNTS.get(each.term)) for each in terms)


@lru_cache(maxsize=32)
def service_level(variant: Variant, flow_outs: bool, callbacks: bool) -> Formula:
    """``flow_outs`` and ``callbacks``: some queue of the scope counts these."""
    numerator, denominator = sides(variant, flow_outs=flow_outs, callbacks=callbacks)
    return Formula(
        kind="rate",
        sorter=by_outcome,
        numerator=_side(numerator, LEVELS),
        denominator=_side(denominator, LEVELS),
        name=_in_level(variant),
        extra="refused",
    )


@lru_cache(maxsize=128)
def formula_of(key: str) -> Formula | None:
    """The formula of a number that is made of visits; None for any other. KeyError for a metric that is none."""
    metric = METRICS[key]
    sorter, extra = _SORTERS.get(key, by_outcome), _EXTRAS.get(key)
    if metric.kind in ("rate", "mean"):
        return _quotient(metric, sorter, extra)
    if key in _LONGEST:
        term = Term("exit_wait", 1, _LONGEST[key], AMOUNTS["exit_wait"])
        return Formula(kind="max", sorter=sorter, numerator=(term,), name=by_timing)
    if key in _PERCENTILES:
        term = Term("timed_answers", 1, HOLDS["timed_answers"], AMOUNTS["answer_wait"])
        return Formula(
            kind="percentile", sorter=sorter, numerator=(term,), name=by_timing, share=_PERCENTILES[key]
        )
    if key in _OWN:
        term = Term(_OWN[key], 1, HOLDS[_OWN[key]], AMOUNTS[_OWN[key]])
        return Formula(kind="total", sorter=by_handling, numerator=(term,), name=by_sort)
    if metric.kind == "count" and key in HOLDS:
        term = Term(key, 1, HOLDS[key])
        return Formula(
            kind="count", sorter=sorter, numerator=(term,), name=_NAMES.get(key, by_sort), extra=extra
        )
    return None


def _quotient(metric: Metric, sorter: Sorter, extra: Extra | None) -> Formula:
    return Formula(
        kind="rate" if metric.kind == "rate" else "mean",
        sorter=sorter,
        numerator=_side(metric.numerator, HOLDS),
        denominator=_side(metric.denominator, HOLDS),
        name=_NAMES.get(metric.key, by_sort if metric.kind == "rate" else by_timing),
        extra=extra,
    )
