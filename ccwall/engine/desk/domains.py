"""Which domain takes which fact, and shows which parts of the board."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.desk import (
    alert_board,
    alerts,
    break_board,
    breaks,
    budget,
    cases,
    faults,
    helping,
    incidents,
    moves,
    notices,
    patrols,
    presses,
    rota,
)
from ccwall.events import AnyEvent, Envelope

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]
Reduce = Callable[["State", Envelope, float], None]
"""The state, the fact with its actor, and when it happened by a clock that can be believed."""
Shown = Callable[["State", float], Mapping[str, object]]
"""The parts of the board, by name; looked at again after a fact of the domain and when `due`."""
Due = Callable[["State", float], float]
"""When time alone changes what is shown, without what a browser works out of instants; infinite: never."""


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """``facts``: those it takes. ``parts``: the names of what it shows, in the order of web/README.md. ``moves``: other domains
    that show something else after a fact of this one."""

    name: str
    facts: tuple[type[AnyEvent], ...]
    reduce: Reduce
    parts: tuple[str, ...] = ()
    shown: Shown = lambda state, now: {}
    due: Due | None = None
    moves: tuple[str, ...] = ()


DOMAINS: tuple[Domain, ...] = (
    Domain(
        name="alerts",
        facts=alerts.FACTS,
        reduce=alerts.reduce,
        parts=("alerts", "alert_rules"),
        shown=alert_board.shown,
    ),
    Domain(
        name="breaks",
        facts=breaks.FACTS,
        reduce=breaks.reduce,
        parts=("breaks", "break_desk"),
        shown=break_board.shown,
        due=budget.due,
    ),
    Domain(name="moves", facts=moves.FACTS, reduce=moves.reduce, parts=("moves",), shown=moves.shown),
    Domain(
        name="rota",
        facts=rota.FACTS,
        reduce=rota.reduce,
        parts=("rota", "meetings"),
        shown=rota.shown,
        moves=("breaks", "cases"),
    ),
    Domain(
        name="help",
        facts=helping.FACTS,
        reduce=helping.reduce,
        parts=("help", "help_limit"),
        shown=helping.shown,
    ),
    Domain(
        name="incidents",
        facts=incidents.FACTS,
        reduce=incidents.reduce,
        parts=("incidents",),
        shown=incidents.shown,
    ),
    Domain(
        name="notices",
        facts=notices.FACTS,
        reduce=notices.reduce,
        parts=("announcements", "thanks"),
        shown=notices.shown,
    ),
    Domain(
        name="patrols",
        facts=patrols.FACTS,
        reduce=patrols.reduce,
        parts=("patrols", "handover"),
        shown=patrols.shown,
    ),
    Domain(name="faults", facts=faults.FACTS, reduce=faults.reduce, parts=("faults",), shown=faults.shown),
    Domain(
        name="cases", facts=cases.FACTS, reduce=cases.reduce, parts=("cases", "case_desk"), shown=cases.shown
    ),
    Domain(name="presses", facts=presses.FACTS, reduce=presses.reduce),
)

TAKERS: dict[type, Domain] = {fact: domain for domain in DOMAINS for fact in domain.facts}


def take(state: "State", envelope: Envelope, at: float) -> None:
    """Give the fact to its domain, and mark what the board must show again."""
    domain = TAKERS[type(envelope.event)]
    domain.reduce(state, envelope, at)
    state.dirty.desk.update((domain.name, *domain.moves))
