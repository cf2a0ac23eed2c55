"""Who may be in a conversation that is over: at the ACD it goes on, and the phone has hung up.

Asked whenever something is told of a person who has devices of their own, so that `ccwall.engine.ghosts` need only look at
the clock. Only what another, living source was heard to end at a known moment is evidence that an end was lost: a phone
that was never heard in use, or one whose silence is of unknown age, proves nothing.
"""

import math
from collections.abc import Iterator

from ccwall.engine.evidence import Phone, heard_of, is_away, phone_of
from ccwall.engine.persons import Agent
from ccwall.engine.state import State
from ccwall.events import ContactId, SourceId

GHOST, WAITING_GHOST = "ghost", "waiting_ghost"
LIMITS = {GHOST: 120.0, WAITING_GHOST: 4 * 3600.0}
"""Seconds after which an end that nobody told is believed; 0 is never."""
ATTEMPT = "attempt/"
"""Before the id of an outbound attempt: `ccwall.engine.outbound.conversation`."""


def limit_of(state: State, kind: str) -> float:
    return state.policy.limits.get(kind, LIMITS[kind])


def look(state: State, agent: Agent) -> None:
    """Something was told of this person, or of a device of theirs."""
    found = _due(state, agent) if agent.calls or agent.engaged is not None else math.inf
    if found == math.inf:
        state.suspects.due.pop(agent.id, None)
    else:
        state.suspects.due[agent.id] = found
        state.suspects.next = min(state.suspects.next, found)


def look_at_all(state: State) -> None:
    """After a restart, when another configuration is applied, when a source comes back."""
    state.suspects.due.clear()
    state.suspects.next = math.inf
    for agent in state.agents.values():
        if agent.gear:
            look(state, agent)


def _due(state: State, agent: Agent) -> float:
    limit = limit_of(state, GHOST)
    hung_up = phone_down(state, agent) if limit > 0 else None
    if hung_up is None:
        return math.inf
    return min((told + limit for _, told in over(state, agent, hung_up)), default=math.inf)


def phone_down(state: State, agent: Agent) -> Phone | None:
    """The phone, if it was heard to hang up and has been idle since."""
    phone = phone_of(heard_of(state, agent))
    return phone if phone is not None and phone.says == "idle" and phone.age_known and phone.hung_up else None


def over(state: State, agent: Agent, phone: Phone) -> Iterator[tuple[ContactId | None, float]]:
    """The conversations, and None for being busy, that began before this phone hung up; and since when nobody says otherwise."""
    for contact, call in agent.calls.items():
        source, told = _last_word(state, contact)
        if call.answered < phone.since and _may_be_wrong(state, source, phone):
            yield contact, max(phone.since, told)
    busy = agent.engaged
    if busy is not None and busy.since < phone.since and _may_be_wrong(state, busy.source, phone):
        yield None, max(phone.since, busy.told)


def _may_be_wrong(state: State, source: SourceId | None, phone: Phone) -> bool:
    """Whether it is alive, and another one than those who hear the phone."""
    return source is not None and not is_away(state, source) and source not in phone.sources


def _last_word(state: State, contact: ContactId) -> tuple[SourceId | None, float]:
    visit = state.contacts.get(contact)
    if visit is not None:
        return visit.source, visit.told
    attempt = state.attempts.get(contact.removeprefix(ATTEMPT))
    return (None, 0.0) if attempt is None else (attempt.source, attempt.last)
