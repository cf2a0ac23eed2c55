"""Numbers of this moment that are made of visits: who waits, who talks, and which of them for longest."""

from collections.abc import Callable
from typing import Final

import msgspec

from ccwall.engine.explain.account import Account, Part
from ccwall.engine.explain.case import Case, Limits, case_of
from ccwall.engine.explain.formula import Formula, Group, Term
from ccwall.engine.explain.question import View
from ccwall.engine.explain.things import Thing
from ccwall.engine.numbers import SECOND_DIGITS
from ccwall.engine.state import State
from ccwall.engine.visits import Contact

Since = Callable[[Contact], float | None]


def by_waiting(c: Contact, limits: Limits) -> Case | None:
    """Who waits; ``within``: not past the threshold yet."""
    if not c.is_waiting:
        return None
    return case_of("waiting", within=not c.queued < limits.now - limits.patience if c.wait_known else None)


def by_talking(c: Contact, limits: Limits) -> Case | None:
    """Who is in conversation; ``flag``: on hold."""
    return case_of("talking", flag=c.hold_since is not None) if c.is_talking else None


def _name_waiting(case: Case, group: Group) -> str:
    return {True: "on_time", False: "overdue", None: "unknown_wait"}[case.within]


def _name_talking(case: Case, group: Group) -> str:
    return "on_hold" if case.flag else "talking"


def _is_overdue(case: Case) -> bool:
    return case.within is False


def _counts(key: str, waits: bool, holds: Callable[[Case], bool]) -> Formula:
    return Formula(
        kind="count",
        sorter=by_waiting if waits else by_talking,
        numerator=(Term(key, 1, holds),),
        name=_name_waiting if waits else _name_talking,
    )


GAUGES: Final[dict[str, Formula]] = {
    "waiting": _counts("waiting", True, lambda case: True),
    "load": _counts("waiting", True, lambda case: True),
    "overdue": _counts("overdue", True, _is_overdue),
    "longest_since": _counts("waiting", True, lambda case: case.within is not None),
    "talking": _counts("talking", False, lambda case: True),
    "talk_since": _counts("talking", False, lambda case: True),
    "hold_since": _counts("hold", False, lambda case: case.flag),
}
BEGAN: Final[dict[str, Since]] = {
    "longest_since": lambda c: c.queued,
    "talk_since": lambda c: c.answered,
    "hold_since": lambda c: c.hold_since,
}
"""When that began whose longest is asked for."""


def longest(view: View, counted: Account) -> tuple[Account, float | None]:
    """The hit is the one for whom it began first, the others are shorter; and when that was."""
    since = BEGAN[view.metric.key]
    inside = [thing for part in counted.parts if part.group != "out" for thing in part.things]
    began = {
        id(thing): at for thing in inside if isinstance(thing, Contact) and (at := since(thing)) is not None
    }
    if not began:
        return msgspec.structs.replace(counted, value=None), None
    first = min(began.values())
    hit: list[Thing] = [thing for thing in inside if began.get(id(thing)) == first]
    rest: list[Thing] = [thing for thing in inside if began.get(id(thing)) != first]
    parts = [Part("longest", "hit", hit), Part("shorter", "out", rest)]
    others = [part for part in counted.parts if part.group == "out"]
    told = tuple(part for part in parts if part.things) + tuple(others)
    return msgspec.structs.replace(counted, value=first, parts=told), first


def age(state: State, view: View, counted: Account) -> float | None:
    """Seconds since the longest began, at the moment until which its source is known; None when there is nobody."""
    since = counted.value
    hits = [thing for part in counted.parts if part.key == "longest" for thing in part.things]
    known = [view.limits[thing.queue].now for thing in hits if isinstance(thing, Contact)]
    return None if since is None or not known else round(max(0.0, max(known) - since), SECOND_DIGITS)
