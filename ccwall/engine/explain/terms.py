"""What each term of a formula counts: which cases, and what each visit of them adds.

The formulas themselves are in the catalogue. A rate and its explanation can so but speak of the same terms.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ccwall.engine.books import millis
from ccwall.engine.explain.case import Case
from ccwall.engine.explain.things import Outbound, Thing
from ccwall.engine.visits import Contact

Holds = Callable[[Case], bool]
Amount = Callable[[Thing], int]

EVERY: Final = ("answered", "abandoned", "flowed_out", "callback", "error", "lost", "waiting")
"""What can have become of who arrived."""
LEFT: Final = ("answered", "abandoned", "flowed_out", "callback", "error")
"""How a wait ends at a moment that can be known."""


def _is(*sorts: str) -> Holds:
    return lambda case: case.sort in sorts


def _timed(*sorts: str) -> Holds:
    return lambda case: case.sort in sorts and case.within is not None


def _within(sort: str) -> Holds:
    return lambda case: case.sort == sort and case.within is True


def _is_short(case: Case) -> bool:
    return case.sort == "abandoned" and case.short


def _is_kept(case: Case) -> bool:
    return case.sort == "abandoned" and not case.short


def _counted(case: Case) -> bool:
    """A callback that counts as an abandon does, its wait being known."""
    return case.sort == "callback" and case.counted and case.within is not None


HOLDS: Final[Mapping[str, Holds]] = {
    "offered": _is(*EVERY),
    "repeats": lambda case: case.sort in EVERY and case.flag,
    "answered": _is("answered"),
    "timed_answers": _timed("answered"),
    "abandoned": _is_kept,
    "abandoned_total": _is("abandoned"),
    "short": _is_short,
    "timed_abandons": lambda case: _is_kept(case) and case.within is not None,
    "timed_exits": _timed(*LEFT),
    "flowed_out": _is("flowed_out"),
    "callbacks": _is("callback"),
    "errors": _is("error"),
    "lost": _is("lost"),
    "ghosts": _is("ghost"),
    "in_progress": _is("waiting"),
    "refused": _is("refused"),
    "missed": _is("missed"),
    "declined": _is("declined"),
    "cancelled": _is("cancelled"),
    "handled": _is("handled"),
    "held": lambda case: case.sort == "handled" and case.flag,
    "transferred": lambda case: case.sort == "handled" and case.flag,
    "ratings": _is("rated"),
    "satisfied": lambda case: case.sort == "rated" and case.flag,
    "planned": _is("planned"),
    "dialled": _is("dialled"),
    "connected": lambda case: (
        case.sort in ("connected", "conversed") or (case.sort == "dialled" and case.flag)
    ),
    "failed": _is("failed"),
    "completed": lambda case: case.sort == "completed" or (case.sort == "planned" and case.flag),
    "answer_wait": _timed("answered"),
    "abandon_wait": lambda case: _is_kept(case) and case.within is not None,
    "exit_wait": _timed(*LEFT),
    "talk": _is("handled"),
    "hold": _is("handled"),
    "wrap": _is("handled"),
    "outbound_talk": _is("conversed"),
}
"""Which cases a term counts, by its key in the catalogue."""

LEVELS: Final[Mapping[str, Holds]] = {
    "answered": _timed("answered"),
    "answered_within": _within("answered"),
    "abandoned_total": _timed("abandoned"),
    "abandoned_within": _within("abandoned"),
    "short": _is_short,
    "callbacks": _counted,
    "callbacks_within": lambda case: _counted(case) and case.within is True,
    "flowed_out": lambda case: case.sort == "flowed_out" and case.counted,
    "overdue": lambda case: case.sort == "waiting" and case.within is False,
}
"""The same in a service level, which only knows waits that are known."""


def _waited(thing: Thing) -> int:
    return round(thing.wait * 1000) if isinstance(thing, Contact) and thing.wait is not None else 0


def _held(thing: Thing) -> int:
    if not isinstance(thing, Contact) or not thing.holds or thing.talk is None:
        return 0
    return min(round(thing.talk * 1000), round(thing.hold * 1000))


def _talked(thing: Thing) -> int:
    if not isinstance(thing, Contact) or thing.talk is None:
        return 0
    return round(thing.talk * 1000) - (_held(thing) if thing.holds else 0)


def _wrapped(thing: Thing) -> int:
    return round(thing.wrap * 1000) if isinstance(thing, Contact) and thing.wrap else 0


def _conversed(thing: Thing) -> int:
    return millis(thing.attempt.talk) if isinstance(thing, Outbound) and thing.attempt.talk is not None else 0


AMOUNTS: Final[Mapping[str, Amount]] = {
    "answer_wait": _waited,
    "abandon_wait": _waited,
    "exit_wait": _waited,
    "talk": _talked,
    "hold": _held,
    "wrap": _wrapped,
    "outbound_talk": _conversed,
}
"""What each visit adds to a sum of times, in milliseconds; a term without adds one."""
