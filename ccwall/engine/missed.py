"""What an outage touches: every number and every visit that would be another, had the source been heard all the time.

Windows are [start, end). A visit is touched when a stretch of its own source falls into its life. One that was seen to
end at the very instant of the loss is whole, and so is one seen to begin when the resync was over; a visit that was
lost, or that only the resync told of, is touched at these instants too.
"""

from collections.abc import Iterable
from itertools import pairwise

from ccwall.engine.persons import Agent
from ccwall.engine.state import State, Stretch
from ccwall.engine.visits import Contact
from ccwall.events import SourceId

MAX_STRETCHES = 200
"""Of one day. A source that flaps more often has the hole between two of them counted as missed, too."""


def missed_in(
    stretches: Iterable[Stretch], start: float, end: float, source: SourceId | None = None
) -> Stretch | None:
    """The last stretch of missed events inside a window; of one source, or of any."""
    touching = (
        s
        for s in stretches
        if s.start < end and (s.end is None or s.end > start) and source in (None, s.source)
    )
    return max(touching, key=lambda s: s.start, default=None)


def of_calls(state: State) -> list[Stretch]:
    """The stretches in which calls may have been missed: what a headset or a phone did not say makes no number of calls another."""
    senses = state.policy.senses
    return [s for s in state.stretches if senses.get(s.source, "acd") == "acd"]


def touched(state: State, contact: Contact) -> bool:
    """Whether events of this visit may have been missed."""
    return any(_meets(contact, contact.ended, s) for s in state.stretches)


def wait_touched(state: State, contact: Contact) -> bool:
    """The same of its wait alone, from which service levels are computed."""
    until = contact.answered if contact.outcome == "answered" else contact.ended
    return any(_meets(contact, until, s) for s in state.stretches)


def _meets(c: Contact, until: float | None, s: Stretch) -> bool:
    if c.source != s.source:
        return False
    begun = s.end is None or c.queued < s.end or (c.inferred and c.queued == s.end)
    lost = c.end == "lost" and until == c.ended
    return begun and (until is None or until > s.start or (lost and until == s.start))


def day_touched(state: State, agent: Agent, start: float, end: float) -> bool:
    """Whether calls of this agent may have been missed between these instants."""
    sources = {agent.source} | {member.source for member in agent.memberships}
    return any(
        s.source in sources for s in state.stretches if s.start < end and (s.end is None or s.end > start)
    )


def note(state: State, contact: Contact) -> None:
    """The wait of this visit is another than before: it may meet a stretch now."""
    if state.stretches and contact.id not in state.cut and wait_touched(state, contact):
        state.cut[contact.id] = None


def note_waiting(state: State, source: SourceId) -> None:
    """A stretch begins now: all who wait are in it."""
    for queue in state.queues.values():
        for id in queue.waiting:
            if state.contacts[id].source == source:
                state.cut[id] = None


def note_all(state: State) -> None:
    """A stretch was told afterwards, or grew: anybody may be in it."""
    for contact in state.contacts.values():
        note(state, contact)


def miss(state: State, stretch: Stretch) -> None:
    """Remember it. Too many of a day are made fewer, and never one of them forgotten."""
    state.stretches.append(stretch)
    state.dirty.stretches = True
    if len(state.stretches) > MAX_STRETCHES:
        _close_a_hole(state)


def _close_a_hole(state: State) -> None:
    """Two stretches of one source become one: those with the least time between them."""
    by_source: dict[SourceId, list[Stretch]] = {}
    for stretch in sorted(state.stretches, key=lambda s: s.start):
        by_source.setdefault(stretch.source, []).append(stretch)
    pairs = [pair for mine in by_source.values() for pair in pairwise(mine)]
    if not pairs:
        return
    first, second = min(pairs, key=lambda pair: pair[1].start - (pair[0].end or pair[1].start))
    lasts = first.end is None or second.end is None
    first.end = None if lasts else max(first.end or 0.0, second.end or 0.0)
    state.stretches = [s for s in state.stretches if s is not second]
    note_all(state)


def forget_before(state: State, start: float) -> None:
    """A new day began: a stretch stays while a visit that it touched does."""
    oldest = min((c.queued for c in state.contacts.values()), default=start)
    state.stretches = [s for s in state.stretches if s.end is None or s.end > min(start, oldest)]
    state.cut = {id: None for id in state.cut if id in state.contacts}
    state.unseen = [told for told in state.unseen if told.at >= start]
