"""How each thing behind a number is sorted: one case for each, and everything else follows from counting the cases.

A `Case` says what became of a visit as far as numbers care: its outcome, whether its wait is known, within the
threshold and shorter than a short abandon, and whether its queue counts such an outcome in the service level.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Literal, TypeVar

import msgspec

from ccwall.engine.visits import Contact
from ccwall.events import QueueId

Sort = Literal[
    "answered",
    "abandoned",
    "flowed_out",
    "callback",
    "error",
    "lost",
    "ghost",
    "waiting",
    "elsewhere",
    "handled",
    "talking",
    "unknown_talk",
    "rated",
    "not_rated",
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


class Case(msgspec.Struct, eq=False, gc=False):
    """Made by `case_of` alone, so that equal cases are one and the same, and cost nothing to tell apart.

    ``within``: wait ≤ T (of who waits: so far); None when the wait is unknown. ``counted``: its queue counts flow-outs,
    or callbacks, in the service level. ``flag``: a repeated call, a transferred conversation, a satisfied rating, an attempt of before."""

    sort: Sort
    cause: str = ""
    within: bool | None = None
    short: bool = False
    counted: bool = False
    flag: bool = False


class Span(msgspec.Struct, frozen=True, gc=False):
    """[start, end). ``cohort``: who arrived in it; else what happened in it. ``is_open``: somebody may still wait in it."""

    start: float
    end: float
    is_open: bool
    cohort: bool

    def has(self, at: float | None) -> bool:
        return at is not None and self.start <= at < self.end


class Limits(msgspec.Struct, frozen=True, gc=False):
    """How a queue is judged: T and S in seconds, what its service level counts, and until when it is known. ``patience`` is
    T for those who still wait; ``span`` the window, which may have ended earlier for a queue whose source is away."""

    threshold: float
    short: float
    patience: float
    flow_outs: bool
    callbacks: bool
    now: float
    span: Span


Item = TypeVar("Item")
Found = dict[Case, list[Item]]
Sorter = Callable[[Contact, Limits], Case | None]


@lru_cache(maxsize=4096)
def case_of(
    sort: Sort,
    cause: str = "",
    within: bool | None = None,
    short: bool = False,
    counted: bool = False,
    flag: bool = False,
) -> Case:
    return Case(sort, cause, within, short, counted, flag)


ARRIVED_ELSEWHERE, DECIDED_ELSEWHERE = case_of("elsewhere", "arrived"), case_of("elsewhere", "decided")
LOST, BY_TIME = case_of("lost"), case_of("ghost")
TALKING = case_of("talking")
UNKNOWN_TALK = case_of("unknown_talk")
HANDLED, TRANSFERRED = case_of("handled"), case_of("handled", flag=True)
HELD = TRANSFERRED
RATED = {satisfied: case_of("rated", flag=satisfied) for satisfied in (True, False)}
NOT_RATED = case_of("not_rated")
ANSWERED = {within: case_of("answered", "", within) for within in (True, False, None)}
WAITING = {within: case_of("waiting", "", within) for within in (True, False, None)}


def sorted_out(
    contacts: Iterable[Contact],
    limits: Mapping[QueueId, Limits],
    sorter: Sorter,
    team: str | None = None,
) -> dict[Case, list[Contact]]:
    """The visits of these queues (of this team alone, when one is said) by their cases."""
    found: defaultdict[Case, list[Contact]] = defaultdict(list)
    for contact in contacts:
        mine = limits.get(contact.queue)
        if mine is None or (team is not None and contact.team != team):
            continue
        case = sorter(contact, mine)
        if case is not None:
            found[case].append(contact)
    return dict(found)


def by_outcome(c: Contact, limits: Limits) -> Case | None:
    """How its wait ended; None when that does not touch the window."""
    outcome, queued, span = c.outcome, c.queued, limits.span
    start, end = span.start, span.end
    began = start <= queued < end
    if outcome == "open":
        return _waiting(c, limits, began)
    decided = c.answered if outcome == "answered" else c.ended
    happened = decided is not None and start <= decided < end
    if not (began if span.cohort else happened):
        return _elsewhere(span) if began or happened else None
    return _decided(c, limits)


def _decided(c: Contact, limits: Limits) -> Case:
    outcome, wait = c.outcome, c.wait
    within = None if wait is None else wait <= limits.threshold
    if outcome == "answered":
        return ANSWERED[within]
    if outcome == "abandoned":
        return case_of("abandoned", "", within, wait is not None and wait < limits.short, False)
    if outcome == "lost":
        return LOST
    if c.cause == "callback":
        return case_of("callback", "", within, False, limits.callbacks)
    if c.cause == "error":
        return case_of("error", "", within, False, False)
    return case_of("flowed_out", c.cause, within, False, limits.flow_outs)


def _waiting(c: Contact, limits: Limits, began: bool) -> Case | None:
    """In an open window everybody who waits counts, wherever they began; of a cohort only its own."""
    span = limits.span
    if not (began or (span.is_open and not span.cohort)):
        return None
    if span.is_open:
        return WAITING[not c.queued < limits.now - limits.patience if c.wait_known else None]
    return DECIDED_ELSEWHERE


def _elsewhere(span: Span) -> Case:
    return ARRIVED_ELSEWHERE if span.cohort else DECIDED_ELSEWHERE


def by_arrival(c: Contact, limits: Limits) -> Case | None:
    """What became of who arrived in the window, whichever basis; ``flag``: their number had called before."""
    span = limits.span
    if not span.start <= c.queued < span.end:
        return None
    case = WAITING[None] if c.outcome == "open" else _decided(c, limits)
    return repeated(case) if c.repeat else case


@lru_cache(maxsize=4096)
def repeated(case: Case) -> Case:
    return case_of(case.sort, case.cause, case.within, case.short, case.counted, True)


def by_handling(c: Contact, limits: Limits) -> Case | None:
    """How the conversation ended: counted when its end and its whole length are known; ``flag``: it was passed on."""
    if c.outcome != "answered":
        return None
    span, ended = limits.span, c.ended
    if ended is None:
        talking = span.has(c.queued) if span.cohort else span.is_open or span.has(c.answered)
        return TALKING if talking else None
    if not span.start <= (c.queued if span.cohort else ended) < span.end:
        return _elsewhere(span) if span.has(c.queued) or span.has(ended) else None
    if c.talk is None or not c.answer_seen:
        return UNKNOWN_TALK
    return TRANSFERRED if c.end == "transfer" else HANDLED


def by_rating(c: Contact, limits: Limits) -> Case | None:
    """Whether its party rated the service; ``flag``: is satisfied. Who was answered and did not is left out."""
    span = limits.span
    if c.rated is None:
        answered = c.queued if span.cohort else c.answered
        return NOT_RATED if c.outcome == "answered" and span.has(answered) else None
    if not span.has(c.queued if span.cohort else c.rated):
        return _elsewhere(span) if span.has(c.queued) or span.has(c.rated) else None
    return RATED[c.satisfied]


def by_ghost(c: Contact, limits: Limits) -> Case | None:
    """Whether nobody told its end; None for every other."""
    if not c.is_ghost or c.ended is None:
        return None
    return BY_TIME if limits.span.has(c.queued if limits.span.cohort else c.ended) else None


def by_hold(c: Contact, limits: Limits) -> Case | None:
    """The same; ``flag``: it was on hold at least once."""
    case = by_handling(c, limits)
    if case is not HANDLED and case is not TRANSFERRED:
        return case
    return HELD if c.holds else HANDLED
