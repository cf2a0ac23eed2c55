"""Ghosts: what goes on in the books although it is over, because the fact that ended it was lost.

A resync finds them, if there is one. Without it they are found by age against other evidence: the phone of the person in
conversation hung up so long ago (`ccwall.engine.suspects`), or nobody has said a word of a caller who waits for so long.
They are closed as lost, with the cause `ghost`, and counted apart. What is told of one afterwards revises it, as it does
anything lost.

Time is that between facts: the same journal gives the same ghosts at the same moments. While a source is away its own
stand still.
"""

from ccwall.engine.agents import commit
from ccwall.engine.contacts import lose
from ccwall.engine.evidence import is_away
from ccwall.engine.outbound import lose_talk
from ccwall.engine.persons import Agent
from ccwall.engine.state import State
from ccwall.engine.suspects import (
    ATTEMPT,
    GHOST,
    WAITING_GHOST,
    limit_of,
    look,
    over,
    phone_down,
)
from ccwall.engine.visits import GHOST as LOST_BY_TIME
from ccwall.events import ContactId

LOOK_EVERY = 60.0
"""Callers who wait are looked through so often."""


def exorcise(state: State, before: float) -> None:
    """Time has moved from ``before`` to now."""
    if state.suspects.next <= state.now:
        _hang_up(state)
    if before // LOOK_EVERY != state.now // LOOK_EVERY:
        _stop_waiting(state)


def _hang_up(state: State) -> None:
    due = state.suspects.due
    for _, id in sorted((moment, id) for id, moment in due.items() if moment <= state.now):
        agent = state.agents.get(id)
        if agent is None:
            del due[id]
        else:
            _end_what_is_over(state, agent)
            look(state, agent)
    state.suspects.next = min(due.values(), default=float("inf"))


def _end_what_is_over(state: State, agent: Agent) -> None:
    """At the moment at which the phone hung up."""
    phone, limit = phone_down(state, agent), limit_of(state, GHOST)
    if phone is None or limit <= 0:
        return
    for contact, told in list(over(state, agent, phone)):
        if told + limit > state.now:
            continue
        if contact is None:
            agent.engaged = None
            commit(state, agent, phone.since)
        elif contact in state.contacts:
            lose(state, state.contacts[contact], phone.since, LOST_BY_TIME)
        else:
            _lose_attempt(state, contact, phone.since)


def _lose_attempt(state: State, contact: ContactId, at: float) -> None:
    attempt = state.attempts.get(contact.removeprefix(ATTEMPT))
    if attempt is not None:
        lose_talk(state, attempt, at)


def _stop_waiting(state: State) -> None:
    """Of a wait whose beginning is not known nobody can say how long it lasts."""
    limit = limit_of(state, WAITING_GHOST)
    if limit <= 0:
        return
    for queue in state.queues.values():
        if not queue.line or state.now - queue.line[0][0] <= limit:
            continue
        for queued, id in list(queue.line):
            if state.now - queued <= limit:
                break
            contact = state.contacts[id]
            due = max(queued, contact.told) + limit
            if due < state.now and not is_away(state, contact.source):
                lose(state, contact, due, LOST_BY_TIME)
