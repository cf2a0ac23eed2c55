"""How each thing behind a number is sorted: one case for each, and everything else follows from counting the cases.

A `Case` says what became of a visit as far as numbers care: its outcome, whether its wait is known, within the
threshold and shorter than a short abandon, and whether its queue counts such an outcome in the service level.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, TypeVar

import msgspec

from ccwall.engine.state import Contact
from ccwall.events import QueueId

Sort = Literal[
    "answered",
    "abandoned",
    "flowed_out",
    "callback",
    "error",
    "lost",
    "waiting",
    "undecided",
    "elsewhere",
    "handled",
    "talking",
    "unknown_talk",
    "refused",
    "missed",
    "declined",
    "cancelled",
    "planned",
    "dialled",
    "connected",
    "failed",
    "completed",
    "conversed",
]
"""``waiting`` is of open windows, ``undecided`` of closed ones; ``elsewhere`` touches the window and counts in another.
``unknown_talk``: the conversation is over, and nobody saw it all."""


class Case(NamedTuple):
    """``within``: wait ≤ T (of who waits: so far); None when the wait is unknown. ``counted``: its queue counts flow-outs,
    or callbacks, in the service level. ``flag``: a repeated call, a transferred conversation, an attempt of before."""

    sort: Sort
    cause: str = ""
    within: bool | None = None
    short: bool = False
    counted: bool = False
    flag: bool = False


class Limits(msgspec.Struct, frozen=True, gc=False):
    """How a queue is judged: T and S in seconds, what its service level counts, and until when it is known. ``patience`` is
    T for those who still wait."""

    threshold: float
    short: float
    patience: float
    flow_outs: bool
    callbacks: bool
    now: float


class Span(msgspec.Struct, frozen=True, gc=False):
    """[start, end). ``cohort``: who arrived in it; else what happened in it."""

    start: float
    end: float
    is_open: bool
    cohort: bool

    def has(self, at: float | None) -> bool:
        return at is not None and self.start <= at < self.end


Item = TypeVar("Item")
Found = dict[Case, list[Item]]
Sorter = Callable[[Contact, Limits, Span], Case | None]

ARRIVED_ELSEWHERE, DECIDED_ELSEWHERE = Case("elsewhere", "arrived"), Case("elsewhere", "decided")
UNDECIDED = Case("undecided")
LOST = Case("lost")
TALKING = Case("talking")
UNKNOWN_TALK = Case("unknown_talk")
HANDLED = {flag: Case("handled", flag=flag) for flag in (False, True)}
ANSWERED = {within: Case("answered", within=within) for within in (True, False, None)}
WAITING = {within: Case("waiting", within=within) for within in (True, False, None)}


@lru_cache(maxsize=1024)
def _case(sort: Sort, cause: str, within: bool | None, short: bool, counted: bool) -> Case:
    return Case(sort, cause, within, short, counted)


def sorted_out(
    contacts: Iterable[Contact],
    limits: Mapping[QueueId, Limits],
    span: Span,
    sorter: Sorter,
    team: str | None = None,
) -> dict[Case, list[Contact]]:
    """The visits of these queues (of this team alone, when one is said) by their cases."""
    found: defaultdict[Case, list[Contact]] = defaultdict(list)
    for contact in contacts:
        mine = limits.get(contact.queue)
        if mine is None or (team is not None and contact.team != team):
            continue
        case = sorter(contact, mine, span)
        if case is not None:
            found[case].append(contact)
    return dict(found)


def by_outcome(c: Contact, limits: Limits, span: Span) -> Case | None:
    """How its wait ended; None when that does not touch the window."""
    outcome, queued, start, end = c.outcome, c.queued, span.start, span.end
    began = start <= queued < end
    if outcome == "open":
        return _waiting(c, limits, span, began)
    decided = c.answered if outcome == "answered" else c.ended
    happened = decided is not None and start <= decided < end
    if not (began if span.cohort else happened):
        return _elsewhere(span) if began or happened else None
    wait = c.wait
    within = None if wait is None else wait <= limits.threshold
    if outcome == "answered":
        return ANSWERED[within]
    if outcome == "abandoned":
        return _case("abandoned", "", within, wait is not None and wait < limits.short, False)
    if outcome == "lost":
        return LOST
    if c.cause == "callback":
        return _case("callback", "", within, False, limits.callbacks)
    if c.cause == "error":
        return _case("error", "", within, False, False)
    return _case("flowed_out", c.cause, within, False, limits.flow_outs)


def _waiting(c: Contact, limits: Limits, span: Span, began: bool) -> Case | None:
    """In an open window everybody who waits counts, wherever they began; of a cohort only its own."""
    if not (began or (span.is_open and not span.cohort)):
        return None
    if span.is_open:
        return WAITING[not c.queued < limits.now - limits.patience if c.wait_known else None]
    return UNDECIDED if span.cohort else DECIDED_ELSEWHERE


def _elsewhere(span: Span) -> Case:
    return ARRIVED_ELSEWHERE if span.cohort else DECIDED_ELSEWHERE


def by_arrival(c: Contact, limits: Limits, span: Span) -> Case | None:
    """What became of who arrived in the window, whichever basis; ``flag``: their number had called before."""
    if not span.start <= c.queued < span.end:
        return None
    if c.outcome == "open":
        case = WAITING[None]
    else:
        case = by_outcome(c, limits, Span(span.start, span.end, span.is_open, cohort=True)) or UNDECIDED
    return case._replace(flag=True) if c.repeat else case


def by_handling(c: Contact, limits: Limits, span: Span) -> Case | None:
    """How the conversation ended: counted when its end and its whole length are known; ``flag``: it was passed on."""
    if c.outcome != "answered":
        return None
    if c.ended is None:
        talking = span.has(c.queued) if span.cohort else span.is_open or span.has(c.answered)
        return TALKING if talking else None
    if not span.has(c.queued if span.cohort else c.ended):
        return _elsewhere(span) if span.has(c.queued) or span.has(c.ended) else None
    if c.talk is None or not c.answer_seen:
        return UNKNOWN_TALK
    return HANDLED[c.end == "transfer"]


def by_hold(c: Contact, limits: Limits, span: Span) -> Case | None:
    """The same; ``flag``: it was on hold at least once."""
    case = by_handling(c, limits, span)
    return HANDLED[c.holds > 0] if case is not None and case.sort == "handled" else case
