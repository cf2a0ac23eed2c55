"""Reducers of ``queue.*``: what sources say of a queue as a whole."""

import math

from ccwall.engine.books import book_unseen
from ccwall.engine.missed import missed_in
from ccwall.engine.state import Declared, State, Unseen
from ccwall.engine.windows import FINE_KEPT
from ccwall.events import QueueDeclared, QueueDescribed, QueueUnseen, SourceId

MOST_UNSEEN = 10_000
"""Findings of one day, kept so that the books can be written anew; beyond it the counts alone keep the oldest."""

MOST_FIGURES = 32
LONGEST_FIGURE = 64
"""Of what a source declares: so many figures of a queue, by names of so many characters."""
COUNTERS = ("Completed", "Abandoned")
"""Of Asterisk's figures, those that only grow until it is restarted, or its counters are reset."""


def described(state: State, source: SourceId, at: float, event: QueueDescribed) -> None:
    queue = state.queue(event.queue, source)
    if queue.described and queue.name == event.name:
        return
    queue.name, queue.described = event.name or queue.name, True
    state.dirty.queues.add(queue.id)
    for contact in state.contacts.values():
        if contact.queue == queue.id:
            contact.queue_name = queue.name


def unseen(state: State, source: SourceId, at: float, event: QueueUnseen) -> None:
    """Heard twice it is the same; of yesterday it counts nowhere, but for the last hour."""
    told = Unseen(queue=event.queue, since=event.since, at=at, visits=event.visits)
    if event.visits <= 0 or at < state.frame.start - FINE_KEPT or told in state.unseen:
        return
    state.queue(event.queue, source)
    if len(state.unseen) >= MOST_UNSEEN:
        del state.unseen[0]
    state.unseen.append(told)
    book_unseen(state, told)


def declared(state: State, source: SourceId, at: float, event: QueueDeclared) -> None:
    """What it said last, whole; of what is older than that, nothing."""
    queue = state.queue(event.queue, source)
    if queue.declared is not None and at < queue.declared.at:
        return
    usable = [
        (name, figure)
        for name, figure in event.figures.items()
        if len(name) <= LONGEST_FIGURE and math.isfinite(figure)
    ]
    figures = dict(usable[:MOST_FIGURES])
    before = queue.declared
    if before is None or before.source != source or _is_new(state, before, at, figures):
        queue.declared = Declared(source=source, at=at, figures=figures, since=at, base=figures)
    else:
        queue.declared = Declared(source=source, at=at, figures=figures, since=before.since, base=before.base)


def _is_new(state: State, before: Declared, at: float, figures: dict[str, float]) -> bool:
    """Whether what it counts is to be seen from here on: its counters began anew, we did not hear all of it, or a day of
    ours did."""
    less = any(figures.get(name, 0.0) < before.figures.get(name, 0.0) for name in COUNTERS)
    return (
        less
        or before.since < state.frame.start
        or missed_in(state.stretches, before.at, at, before.source) is not None
    )
