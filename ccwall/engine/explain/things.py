"""What can stand behind a number: a visit, a call that was refused, a phone that rang, an outbound attempt."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Literal

import msgspec

from ccwall.engine.explain.case import Case, Found, Sort, case_of
from ccwall.engine.explain.question import View
from ccwall.engine.state import State
from ccwall.engine.visits import Attempt, Contact
from ccwall.events import AgentId, ContactId, QueueId

Extra = Literal["refused", "rings", "attempts"]


class Refusal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A call that the queue did not let in; ``queued`` is when."""

    id: ContactId
    queue: QueueId
    queued: float
    cause: str


class Ring(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A phone that rang for a visit and was not answered; ``queued`` is when it stopped."""

    contact: Contact
    agent: AgentId
    queued: float

    @property
    def id(self) -> str:
        return f"{self.contact.id} {self.agent} {self.queued}"


class Outbound(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An outbound attempt; ``queued`` is when what is counted happened."""

    attempt: Attempt
    queued: float

    @property
    def id(self) -> str:
        return self.attempt.id


Thing = Contact | Refusal | Ring | Outbound


moment: Callable[[Thing], tuple[float, str]] = attrgetter("queued", "id")
"""By which things are put in order; those of the same instant by their ids."""


def sorted_extra(state: State, view: View, extra: Extra | None) -> Found[Thing]:
    """The things that are no visits, by their cases; each counts at its own moment, by whichever basis."""
    found: defaultdict[Case, list[Thing]] = defaultdict(list)
    for case, thing in _extra(state, view, extra):
        found[case].append(thing)
    return dict(found)


def _extra(state: State, view: View, extra: Extra | None) -> Iterator[tuple[Case, Thing]]:
    if extra == "refused":
        return _refusals(state, view)
    if extra == "rings":
        return _rings(state, view)
    if extra == "attempts":
        return _attempts(state, view)
    return iter(())


def _refusals(state: State, view: View) -> Iterator[tuple[Case, Thing]]:
    for id, (queue, at, cause) in state.refused.items():
        if view.counts(queue, at) and view.team in (None, state.queues[queue].card.team):
            yield case_of("refused", cause), Refusal(id=id, queue=queue, queued=at, cause=cause)


_RINGS: dict[str, Case] = {
    "missed": case_of("missed"),
    "declined": case_of("declined"),
    "cancelled": case_of("cancelled"),
}


def _rings(state: State, view: View) -> Iterator[tuple[Case, Thing]]:
    """For a team, those at its own people, whoever answered in the end."""
    agent = None if view.agent is None else view.agent.id
    for contact in state.contacts.values():
        if contact.rang:
            for kind, at, agents in contact.rang:
                for rung in agents if view.counts(contact.queue, at) else ():
                    if agent in (None, rung) and view.team in (None, state.team_of(rung)):
                        yield _RINGS[kind], Ring(contact=contact, agent=rung, queued=at)


_QUOTIENTS: dict[str, tuple[Sort | None, Sort]] = {
    "connect_rate": ("connected", "dialled"),
    "completion_rate": ("completed", "planned"),
    "planned": (None, "planned"),
    "dialled": (None, "dialled"),
    "connected": (None, "connected"),
    "failed": (None, "failed"),
    "completed": (None, "completed"),
}


def _attempts(state: State, view: View) -> Iterator[tuple[Case, Thing]]:
    """For a rate, each attempt once: whether what its numerator counts was in the window (``flag``), too."""
    if (key := view.metric.key) == "outbound_talk_time":
        for attempt in _of(view, state.attempts.values()):
            if (
                attempt.talk is not None
                and attempt.ended is not None
                and view.counts(attempt.queue, attempt.ended)
            ):
                yield case_of("conversed"), Outbound(attempt=attempt, queued=attempt.ended)
        return
    above, below = _QUOTIENTS[key]
    for attempt in _of(view, state.attempts.values()):
        moments = _moments(attempt)
        at, top = moments.get(below), None if above is None else moments.get(above)
        if at is not None and view.counts(attempt.queue, at):
            yield case_of(below, flag=view.counts(attempt.queue, top)), Outbound(attempt=attempt, queued=at)
        elif above is not None and top is not None and view.counts(attempt.queue, top):
            yield case_of(above), Outbound(attempt=attempt, queued=top)


def _of(view: View, attempts: Iterable[Attempt]) -> Iterator[Attempt]:
    for attempt in attempts:
        of_person = view.agent is None or attempt.agent == view.agent.id
        if of_person and attempt.queue in view.limits and view.team in (None, attempt.team):
            yield attempt


def _moments(attempt: Attempt) -> dict[str, float | None]:
    return {
        "planned": attempt.planned,
        "dialled": attempt.dialled,
        "connected": attempt.connected,
        attempt.outcome: attempt.ended,
    }
