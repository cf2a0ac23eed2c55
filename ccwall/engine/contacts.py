"""Reducers of ``contact.*``: the life of one visit, and its place in the books.

queued → (alerting | not_answered)* → answered → (held | retrieved)* → transferred | released → cleared,
or abandoned, flowed_out, lost. A later fact that knows better revises an outcome (`RANK`); one that does not is
ignored, so that hearing a fact again changes nothing. The counts move with it: what a contact puts into the books
depends on the contact alone, so taking out what it put in and putting in what it is now restates every bucket.
"""

import math

from ccwall.engine.agents import begin_call, cut_wrap, end_call, hold_call, start_ringing, stop_ringing
from ccwall.engine.books import (
    book_all,
    book_arrival,
    book_handling,
    book_outcome,
    book_own_rating,
    book_rang,
    book_rating,
    book_refusal,
    settle_team,
    shorten,
)
from ccwall.engine.callers import count_transfer, earlier_calls
from ccwall.engine.desk.cases import Wanted, asked_for
from ccwall.engine.metrics import is_satisfied
from ccwall.engine.missed import note
from ccwall.engine.persons import Agent
from ccwall.engine.room import MOST_ALERTING, MOST_CONTACTS
from ccwall.engine.state import State
from ccwall.engine.trend import joined, left
from ccwall.engine.visits import Contact, End, Outcome, Rang
from ccwall.events import (
    AgentId,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactCallbackRequested,
    ContactCleared,
    ContactConferenced,
    ContactEvent,
    ContactFlowedOut,
    ContactHeld,
    ContactLost,
    ContactNotAnswered,
    ContactQueued,
    ContactRated,
    ContactRefused,
    ContactReleased,
    ContactRetrieved,
    ContactTransferred,
    SourceId,
)

RANK: dict[tuple[Outcome, bool], int] = {
    # (outcome, cause known): a fact of higher rank revises one of lower rank.
    ("open", False): 0,
    ("lost", False): 1,
    ("lost", True): 1,
    ("abandoned", False): 2,
    ("flowed_out", False): 3,
    ("abandoned", True): 4,
    ("flowed_out", True): 4,
    ("answered", True): 5,
}

END_RANK: dict[End, int] = {"": 0, "lost": 1, "unknown": 2, "caller": 3, "agent": 3, "transfer": 3}


# ── finding and moving a contact ──────────────────────────────────────────────────────────────────────────────────────


def _touch(state: State, source: SourceId, event: ContactEvent) -> Contact | None:
    """The contact, confirmed for a running resync; None when nobody knows it."""
    contact = state.contacts.get(event.contact)
    if contact is not None:
        owner = state.sources.get(contact.source)
        contact.epoch = owner.epoch if owner is not None else 0
        listed = owner is not None and owner.resyncing
        contact.told = max(contact.told, state.now if listed else min(max(0.0, event.at), state.now))
    return contact


def _make(state: State, source: SourceId, contact: Contact) -> Contact:
    queue = state.queue(contact.queue, source)
    contact.queue_name, contact.team = queue.name, queue.card.team
    contact.repeat = earlier_calls(state, contact)
    contact.epoch = state.source(source, contact.queued).epoch
    contact.told = state.now
    state.contacts[contact.id] = contact
    book_arrival(state, queue, contact, 1)
    queue.wait_begins(contact)
    joined(state, queue)
    note(state, contact)
    return contact


def _seen(state: State, source: SourceId, at: float, event: ContactEvent) -> Contact:
    """The contact; one that nobody saw queueing is made, with its wait unknown."""
    contact = _touch(state, source, event)
    if contact is not None:
        return contact
    return _make(
        state,
        source,
        Contact(
            id=event.contact, source=source, queue=event.queue, queued=at, inferred=True, wait_known=False
        ),
    )


def _decide(
    state: State, c: Contact, outcome: Outcome, at: float, *, cause: str, end: End, exit_known: bool = True
) -> bool:
    """Give the contact its outcome, if this knows better than what was known. True when it did."""
    known = outcome == "answered" or (outcome != "lost" and cause != "unknown")
    if RANK[outcome, known] <= RANK[c.outcome, c.outcome == "answered" or c.cause not in ("", "unknown")]:
        return False
    queue = state.queues[c.queue]
    if c.is_waiting:
        queue.wait_ends(c)
        left(state, queue, c, at)
        _silence(state, c, at)
    else:
        book_outcome(state, queue, c, -1)
    c.outcome, c.cause, c.exit_known = outcome, cause, exit_known
    c.wait = max(0.0, at - c.queued) if c.wait_known and c.exit_known else None
    if outcome == "answered":
        c.answered, c.ended, c.end = at, None, ""
        c.leg, c.hold_since = at, None
        queue.talking[c.id] = None
    else:
        c.ended, c.end, state.all_open = at, end, False
        _cancel(state, c, at)
        settle_team(state, queue, c)
        book_outcome(state, queue, c, 1)
    note(state, c)
    return True


def _silence(state: State, c: Contact, at: float) -> None:
    for agent in c.alerting:
        stop_ringing(state, state.agent(agent), c.id, at)
    c.alerting = {}


def _cancel(state: State, c: Contact, at: float, but: AgentId | None = None) -> None:
    """It no longer rings anywhere: whoever did not pick it up is not to blame."""
    if not c.rung:
        return
    agents = tuple([agent for agent, (_, undecided) in c.rung.items() if undecided and agent != but])
    c.rung = {}
    if agents:
        _rang(state, c, ("cancelled", at, agents))


def _rang(state: State, c: Contact, rang: Rang) -> None:
    c.rang = (*c.rang[1 - MOST_ALERTING :], rang)
    book_rang(state, state.queues[c.queue], rang)


def _finish(state: State, c: Contact, at: float, end: End, cause: str = "") -> None:
    """End the conversation, or say better how it ended. Only a ghost has a ``cause``."""
    if c.outcome != "answered" or c.answered is None or END_RANK[end] <= END_RANK[c.end]:
        return
    queue, before = state.queues[c.queue], c.ended
    if before is not None:
        book_handling(state, queue, c, -1)
    queue.talking.pop(c.id, None)
    c.ended, c.end, c.cause, state.all_open = at, end, cause, False
    unknown = end == "lost" or (not c.answer_seen and at <= c.answered)
    c.talk = None if unknown else max(0.0, at - c.answered)
    book_handling(state, queue, c, 1)
    state.dirty.queues.add(c.queue)
    if c.agent is not None:
        end_call(state, state.agent(c.agent), c.id, at)
        if before is not None and at < before:
            shorten(state, c.agent, before)


# ── the reducers ───────────────────────────────────────────────────────────────────────────────────────────────────


def queued(state: State, source: SourceId, at: float, event: ContactQueued) -> None:
    contact = _touch(state, source, event)
    if contact is None:
        _make(
            state,
            source,
            Contact(
                id=event.contact,
                source=source,
                queue=event.queue,
                call=event.call,
                direction=event.direction,
                caller=event.caller,
                caller_name=event.caller_name,
                queued=at,
                inferred=event.inferred,
                wait_known=event.wait_known,
            ),
        )
        return
    contact.call = contact.call or event.call
    contact.direction = event.direction
    named = not contact.caller and bool(event.caller)
    contact.caller = contact.caller or event.caller
    contact.caller_name = contact.caller_name or event.caller_name
    if contact.outcome == "lost" and state.source(contact.source, at).resyncing:
        _find_again(state, contact)
    if event.wait_known and not contact.wait_known:
        _learn_arrival(state, contact, at)
        contact.inferred = event.inferred
    elif named:
        book_arrival(state, state.queues[contact.queue], contact, -1)
        contact.repeat = earlier_calls(state, contact)
        book_arrival(state, state.queues[contact.queue], contact, 1)


def _find_again(state: State, c: Contact) -> None:
    """It was taken for lost, and the source says it is still there."""
    queue = state.queues[c.queue]
    book_outcome(state, queue, c, -1)
    c.outcome, c.cause, c.ended, c.end, c.exit_known = "open", "", None, "", True
    settle_team(state, queue, c)
    queue.wait_begins(c)
    joined(state, queue)
    note(state, c)


def _learn_arrival(state: State, c: Contact, queued: float) -> None:
    queue = state.queues[c.queue]
    book_all(state, queue, c, -1)
    if c.is_waiting:
        queue.wait_ends(c)
    c.queued, c.wait_known = queued, True
    c.repeat = earlier_calls(state, c)
    left = c.decided
    c.wait = max(0.0, left - queued) if left is not None and c.exit_known else None
    if c.is_waiting:
        queue.wait_begins(c)
    book_all(state, queue, c, 1)
    note(state, c)


def alerting(state: State, source: SourceId, at: float, event: ContactAlerting) -> None:
    """An attempt begins, unless it is told again."""
    contact = _seen(state, source, at, event)
    known = contact.rung.get(event.agent)
    if not contact.is_waiting or (known is not None and at <= known[0]):
        return
    if known is None and len(contact.rung) >= MOST_ALERTING:
        return
    if known is None or not known[1]:
        contact.rung[event.agent] = (at, True)
        last = contact.rung.get(contact.alerted) if contact.alerted is not None else None
        if last is None or last[0] <= at:
            contact.alerted = event.agent
    if event.agent not in contact.alerting:
        contact.alerting[event.agent] = at
        start_ringing(state, state.agent(event.agent), contact.id, at)


def not_answered(state: State, source: SourceId, at: float, event: ContactNotAnswered) -> None:
    """An attempt ends. That the phone fell silent before does not decide it: only this says who is to blame."""
    contact = _seen(state, source, at, event)
    began, undecided = contact.rung.get(event.agent, (at, False))
    if at < began:
        return
    if undecided:
        contact.rung[event.agent] = (began, False)
        if event.cancelled:
            _rang(state, contact, ("cancelled", at, (event.agent,)))
        else:
            _rang(state, contact, ("missed" if event.ring_time > 0 else "declined", at, (event.agent,)))
    if contact.alerting.pop(event.agent, None) is not None:
        stop_ringing(state, state.agent(event.agent), contact.id, at)


def answered(state: State, source: SourceId, at: float, event: ContactAnswered) -> None:
    contact = _seen(state, source, at, event)
    if contact.declared_wait is None:
        contact.declared_wait = event.declared_wait
    # Found in conversation by a list, when it was answered is a guess; a source that declares its wait has seen it.
    exit_known = not event.inferred or event.declared_wait is not None
    if not _decide(state, contact, "answered", at, cause="", end="", exit_known=exit_known):
        _confirm_answer(state, contact, at, event)
        return
    contact.answer_seen = not event.inferred
    contact.inferred = contact.inferred or event.inferred
    agent = _name_agent(state, contact, event)
    _cancel(state, contact, at, event.agent)
    settle_team(state, state.queues[contact.queue], contact)
    book_outcome(state, state.queues[contact.queue], contact, 1)
    cut_wrap(state, agent, at)
    begin_call(state, agent, contact.id, at)


def _confirm_answer(state: State, c: Contact, at: float, event: ContactAnswered) -> None:
    """The same conversation again; with another agent than we thought, or found after it was taken for lost."""
    queue = state.queues[c.queue]
    if c.end == "lost" and c.answered is not None and state.source(c.source, at).resyncing:
        book_handling(state, queue, c, -1)
        _take_off_hold(c, at if c.ended is None else c.ended)
        c.ended, c.end, c.cause = None, "", ""
        queue.talking[c.id] = None
        state.dirty.queues.add(c.queue)
    if not c.is_talking or c.answered is None:
        return
    if c.agent != event.agent and at > c.answered:
        book_outcome(state, queue, c, -1)
        if c.agent is not None:
            end_call(state, state.agent(c.agent), c.id, at)
        _name_agent(state, c, event)
        settle_team(state, queue, c)
        book_outcome(state, queue, c, 1)
    if c.agent is not None and c.id not in (agent := state.agent(c.agent)).calls:
        _take_off_hold(c, at)
        c.leg = c.answered
        begin_call(state, agent, c.id, c.answered)


def _name_agent(state: State, c: Contact, event: ContactAnswered) -> Agent:
    agent = state.agent(event.agent)
    if event.agent_name and not agent.name:
        agent.name = event.agent_name
    book_own_rating(state, c, -1)
    c.agent, c.member, c.interface = event.agent, event.member, event.interface
    c.agent_name = event.agent_name or agent.name
    book_own_rating(state, c, 1)
    return agent


def _conversation(state: State, source: SourceId, at: float, event: ContactEvent, agent: AgentId) -> Contact:
    """The contact of a fact that only a conversation can have; one that nobody saw is made as answered."""
    contact = _seen(state, source, at, event)
    if contact.outcome in ("open", "lost"):
        answered(
            state,
            source,
            at,
            ContactAnswered(at=at, contact=event.contact, queue=event.queue, agent=agent, inferred=True),
        )
    return contact


def held(state: State, source: SourceId, at: float, event: ContactHeld) -> None:
    contact = _conversation(state, source, at, event, event.agent)
    if contact.is_talking and contact.agent is not None:
        if contact.hold_since is None and at >= contact.leg:
            contact.hold_since = contact.leg = at
            contact.holds += 1
        hold_call(state, state.agent(contact.agent), contact.id, at, held=True)


def retrieved(state: State, source: SourceId, at: float, event: ContactRetrieved) -> None:
    contact = _conversation(state, source, at, event, event.agent)
    if contact.is_talking and contact.agent is not None:
        if contact.hold_since is not None and at >= contact.leg:
            _take_off_hold(contact, at)
            contact.leg = at
        hold_call(state, state.agent(contact.agent), contact.id, at, held=False)


def _take_off_hold(c: Contact, at: float) -> None:
    if c.hold_since is not None:
        lasted = max(0.0, at - c.hold_since)
        c.hold_longest = max(c.hold_longest, lasted)
        c.hold_closed += lasted
        c.hold_since = None


def conferenced(state: State, source: SourceId, at: float, event: ContactConferenced) -> None:
    _conversation(state, source, at, event, event.agent)


def transferred(state: State, source: SourceId, at: float, event: ContactTransferred) -> None:
    contact = _conversation(state, source, at, event, event.agent)
    was = contact.end
    _finish(state, contact, at, "transfer")
    if contact.end == "transfer" != was:
        count_transfer(state, contact)


def released(state: State, source: SourceId, at: float, event: ContactReleased) -> None:
    _finish(state, _conversation(state, source, at, event, event.agent), at, event.by)


def abandoned(state: State, source: SourceId, at: float, event: ContactAbandoned) -> None:
    contact = _seen(state, source, at, event)
    _exit(state, contact, "abandoned", at, event.cause, event)


def flowed_out(state: State, source: SourceId, at: float, event: ContactFlowedOut) -> None:
    contact = _seen(state, source, at, event)
    _exit(state, contact, "flowed_out", at, event.cause, event)


def _exit(
    state: State,
    c: Contact,
    outcome: Outcome,
    at: float,
    cause: str,
    event: ContactAbandoned | ContactFlowedOut,
) -> None:
    if _decide(state, c, outcome, at, cause=cause, end="caller" if cause == "hangup" else "unknown"):
        c.inferred = c.inferred or event.inferred
        c.declared_wait = event.declared_wait if c.declared_wait is None else c.declared_wait


def callback_requested(state: State, source: SourceId, at: float, event: ContactCallbackRequested) -> None:
    """Flowed out, cause ``callback``, and counted apart: neither answered nor abandoned."""
    contact = _seen(state, source, at, event)
    if contact.outcome != "flowed_out":
        wanted = Wanted(at=at, queue=event.queue, number=event.number or contact.caller)
        asked_for(state.desk.cases, contact.id, wanted)
    _decide(state, contact, "flowed_out", at, cause="callback", end="caller")


def lost(state: State, source: SourceId, at: float, event: ContactLost) -> None:
    contact = _seen(state, source, at, event)
    lose(state, contact, at, exit_known=event.exit_known)


def lose(state: State, contact: Contact, at: float, cause: str = "", *, exit_known: bool = False) -> None:
    if contact.is_waiting:
        left = max(at, contact.queued)
        _decide(state, contact, "lost", left, cause=cause, end="lost", exit_known=exit_known)
    elif contact.is_talking and contact.answered is not None:
        _finish(state, contact, max(at, contact.answered), "lost", cause)


def cleared(state: State, source: SourceId, at: float, event: ContactCleared) -> None:
    """The call is gone. For one still open that is all we shall know, unless a better fact comes."""
    contact = _touch(state, source, event)
    if contact is None:
        return
    if contact.is_talking:
        _finish(state, contact, at, "unknown")
    else:
        lose(state, contact, at)


def refused(state: State, source: SourceId, at: float, event: ContactRefused) -> None:
    """Blocked: counted by itself, never offered."""
    if event.contact in state.refused:
        return
    if len(state.refused) >= MOST_CONTACTS:
        del state.refused[next(iter(state.refused))]
    state.refused[event.contact] = (event.queue, at, event.cause)
    book_refusal(state, state.queue(event.queue, source), at, event.cause)


def rated(state: State, source: SourceId, at: float, event: ContactRated) -> None:
    """The party's last word counts. A rating that is none, or of a visit nobody knows (any more), is not counted."""
    contact = _touch(state, source, event)
    if contact is None or not 0.0 <= event.score <= event.best < math.inf or event.best == 0.0:
        return
    satisfied = is_satisfied(event.score, event.best)
    before = contact.rated
    if before is not None and (at < before or (at, satisfied) == (before, contact.satisfied)):
        return
    queue = state.queues[contact.queue]
    book_rating(state, queue, contact, -1)
    contact.rated, contact.satisfied = at, satisfied
    book_rating(state, queue, contact, 1)
