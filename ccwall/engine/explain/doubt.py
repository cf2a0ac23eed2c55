"""What to know before one trusts a number: its sources, what was missed in its window, what is only inferred or forgotten."""

from collections.abc import Iterable

from ccwall.engine.explain.account import Account
from ccwall.engine.explain.case import Span
from ccwall.engine.explain.question import View
from ccwall.engine.missed import missed_in
from ccwall.engine.room import MOST_CONTACTS
from ccwall.engine.state import Queue, State, Stretch, Team
from ccwall.engine.visits import Contact
from ccwall.engine.windows import Books
from ccwall.events import SourceId

Told = dict[str, object]


def doubts(state: State, view: View, counted: Account | None) -> Told:
    """The last part of every answer; what there is nothing to say of is absent, but for counts."""
    sources = sources_of(view)
    stretches = [s for s in state.stretches if s.source in sources and _touches(s, view)]
    last = missed_in(stretches, view.span.start, view.span.end)
    told: Told = {
        "sources": [_source(state, source) for source in sorted(sources)],
        "gaps": [
            [s.source, s.start, s.end or 0] for s in sorted(stretches, key=lambda s: (s.start, s.source))
        ],
        "inferred": inferred(counted),
        "unseen": unseen(state, view),
        "revised": revised(state, view),
    }
    if last is not None:
        told["incomplete"] = [last.start, last.end or 0]
    away = [state.known_at(source, view.now) for source in sources]
    if away and (as_of := min(away)) < view.now and view.span.is_open:
        told["as_of"] = as_of
    if missing := forgotten(state, view):
        told["forgotten"] = missing
    return told


def sources_of(view: View) -> set[SourceId]:
    """Who tells of the scope. A person is told of by whoever has them as a member."""
    if view.agent is not None:
        mine = {member.source for member in view.agent.memberships}
        return mine | ({view.agent.source} if view.agent.source is not None else set())
    return {queue.source for queue in view.queues if queue.source is not None}


def _touches(stretch: Stretch, view: View) -> bool:
    return stretch.start < view.span.end and (stretch.end is None or stretch.end > view.span.start)


def _source(state: State, id: SourceId) -> Told:
    source = state.sources.get(id)
    if source is None:
        return {"source": id, "state": "connecting"}
    told: Told = {"source": id, "state": source.state}
    if source.down_since is not None:
        told["as_of"] = source.down_since
    return told


def inferred(counted: Account | None) -> int:
    """Of the visits in the number, those that were told by a snapshot and not seen happening."""
    if counted is None:
        return 0
    behind = (thing for part in counted.parts if part.group != "out" for thing in part.things)
    return sum(isinstance(thing, Contact) and thing.inferred for thing in behind)


def unseen(state: State, view: View) -> int:
    """Visits that only the source's own counters know of, found out in the window."""
    return sum(
        told.visits
        for told in state.unseen
        if view.counts(told.queue, told.at)
        and view.agent is None
        and view.team in (None, state.queues[told.queue].card.team)
    )


def revised(state: State, view: View) -> bool:
    """Whether a fact of this window was told or corrected long afterwards."""
    return any(
        bucket.revised
        for books in _books(state, view, cohorts=view.span.cohort)
        for start, bucket in books.minutes.items()
        if view.span.start <= start < view.span.end
    )


def _books(state: State, view: View, *, cohorts: bool) -> Iterable[Books]:
    kept: Iterable[Queue | Team] = view.queues
    if view.team is not None:
        kept = [state.teams[view.team]] if view.team in state.teams else []
    return (each.cohorts if cohorts else each.events for each in kept)


def forgotten(state: State, view: View) -> int:
    """Visits of the window that are no longer in memory: too many came, or their day is over. The books know how many
    arrived, by whichever basis."""
    crowded = len(state.contacts) >= MOST_CONTACTS - MOST_CONTACTS // 100
    if not crowded and view.span.start >= state.frame.start:
        return 0
    booked = sum(
        books.between(int(span.start), int(span.end)).offered
        for books, span in zip(_books(state, view, cohorts=False), _spans(view), strict=False)
    )
    here = sum(
        view.counts(c.queue, c.queued) and view.team in (None, c.team) for c in state.contacts.values()
    )
    return 0 if view.agent is not None else max(0, booked - here)


def _spans(view: View) -> list[Span]:
    """Of each of the books."""
    return [view.span] if view.team is not None else [limits.span for limits in view.limits.values()]
