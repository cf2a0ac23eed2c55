"""The fold: which reducer takes which fact. What the engine does not use yet is listed, not forgotten."""

from collections.abc import Callable

from ccwall import events
from ccwall.engine import agents, commands, contacts, sources
from ccwall.engine.books import book_unseen, rebook
from ccwall.engine.day import frame_at
from ccwall.engine.missed import forget_before
from ccwall.engine.room import TOO_MANY, has_room, is_crowded
from ccwall.engine.state import Agent, Recording, State, Unseen
from ccwall.events import (
    ConfigApplied,
    Envelope,
    Policy,
    QueueDescribed,
    QueueUnseen,
    RecordingResumed,
    RecordingStopped,
    SourceId,
)

MOST_UNSEEN = 10_000
"""Findings of one day, kept so that the books can be written anew; beyond it the counts alone keep the oldest."""

AHEAD = 300.0
"""A source's clock so far ahead of ours is broken: its fact happened when we heard it."""


def queue_described(state: State, source: SourceId, at: float, event: QueueDescribed) -> None:
    queue = state.queue(event.queue, source)
    if queue.described and queue.name == event.name:
        return
    queue.name, queue.described = event.name or queue.name, True
    state.dirty.queues.add(queue.id)
    for contact in state.contacts.values():
        if contact.queue == queue.id:
            contact.queue_name = queue.name


def queue_unseen(state: State, source: SourceId, at: float, event: QueueUnseen) -> None:
    """Heard twice it is the same; of yesterday it counts nowhere."""
    told = Unseen(queue=event.queue, since=event.since, at=at, visits=event.visits)
    if event.visits <= 0 or at < state.frame.start or told in state.unseen:
        return
    state.queue(event.queue, source)
    if len(state.unseen) >= MOST_UNSEEN:
        del state.unseen[0]
    state.unseen.append(told)
    book_unseen(state, told)


def recording_stopped(state: State, source: SourceId, at: float, event: RecordingStopped) -> None:
    _record(state, Recording(state="stopped", since=at, reason=event.reason))


def recording_resumed(state: State, source: SourceId, at: float, event: RecordingResumed) -> None:
    _record(state, Recording(state="on", since=at))


def _record(state: State, recording: Recording) -> None:
    """Said again, it began when it was first said."""
    before = state.recording
    if before is None or (before.state, before.reason) != (recording.state, recording.reason):
        state.recording, state.dirty.recording = recording, True


def config_applied(state: State, source: SourceId, at: float, event: ConfigApplied) -> None:
    before, state.policy = state.policy, event.policy
    state.dirty.everything = True
    for queue in state.queues.values():
        queue.card = state.card(queue.id)
    for name in event.policy.queues:
        state.queue(name, None)
    for agent in event.policy.agents:
        state.agent(agent)
    for expected, kind in event.policy.sources.items():
        state.source(expected, at, state="connecting").type = kind
    if _counts_differ(before, event.policy):
        _frame(state, state.now)
        rebook(state)


def _counts_differ(before: Policy, after: Policy) -> bool:
    """Whether anything changed that decides what is counted where."""

    def measure(policy: Policy) -> object:
        cards = {name: (card.threshold, card.short) for name, card in policy.queues.items()}
        default = (policy.default.threshold, policy.default.short)
        return policy.zone, policy.day_starts, policy.interval, default, cards

    return measure(before) != measure(after)


def unused(state: State, source: SourceId, at: float, event: events.AnyEvent) -> None:
    """Kept in the journal for what comes later."""


REDUCERS: dict[type, Callable[..., None]] = {
    events.ContactOffered: unused,
    events.ContactQueued: contacts.queued,
    events.ContactAlerting: contacts.alerting,
    events.ContactNotAnswered: contacts.not_answered,
    events.ContactAnswered: contacts.answered,
    events.ContactHeld: contacts.held,
    events.ContactRetrieved: contacts.retrieved,
    events.ContactTransferred: contacts.transferred,
    events.ContactConferenced: contacts.conferenced,
    events.ContactAbandoned: contacts.abandoned,
    events.ContactFlowedOut: contacts.flowed_out,
    events.ContactRefused: contacts.refused,
    events.ContactReleased: contacts.released,
    events.ContactCleared: contacts.cleared,
    events.ContactLost: contacts.lost,
    events.ContactCallbackRequested: contacts.callback_requested,
    events.ContactRated: contacts.rated,
    events.AttemptPlanned: unused,
    events.AttemptDialled: unused,
    events.AttemptConnected: unused,
    events.AttemptFailed: unused,
    events.AttemptCompleted: unused,
    events.QueueDescribed: queue_described,
    events.QueueUnseen: queue_unseen,
    events.AgentLoggedOn: agents.logged_on,
    events.AgentLoggedOff: agents.logged_off,
    events.AgentReady: agents.ready,
    events.AgentNotReady: agents.not_ready,
    events.AgentBusy: agents.busy,
    events.AgentWorkingAfterCall: agents.working_after_call,
    events.AgentMembershipChanged: agents.membership_changed,
    events.DeviceStateChanged: agents.device_state,
    events.DeviceHeadset: unused,
    events.DeviceFault: agents.device_fault,
    events.SeatOccupied: unused,
    events.SeatVacated: unused,
    events.SourceUp: sources.up,
    events.SourceDown: sources.down,
    events.SourceGap: sources.gap,
    events.SourceResyncStarted: sources.resync_started,
    events.SourceResyncFinished: sources.resync_finished,
    events.SourceLimited: sources.limited,
    events.ConfigApplied: config_applied,
    events.RecordingStopped: recording_stopped,
    events.RecordingResumed: recording_resumed,
    events.CommandRequested: commands.requested,
    events.CommandSent: commands.sent,
    events.CommandConfirmed: commands.confirmed,
    events.CommandRefused: commands.refused,
    events.CommandUnknown: commands.unknown,
}


def reduce(state: State, envelope: Envelope) -> None:
    """Take one fact in. Time moves by what is received, and closes the business day when it passes its end."""
    event, received = envelope.event, envelope.received
    state.seq = envelope.seq
    if received > state.now:
        state.now = received
        if received >= state.frame.end:
            _open_day(state, received)
    at = event.at if 0.0 <= event.at <= received + AHEAD else received
    if is_crowded(state) and not has_room(state, event):
        sources.limit(state, envelope.source, TOO_MANY, at)
        return
    reducer = REDUCERS.get(type(event))
    if reducer is not None:
        reducer(state, envelope.source, at, event)
    if envelope.actor is not None:
        commands.wanted_by(state, event, envelope.actor)


def _frame(state: State, now: float) -> None:
    state.frame = frame_at(now, state.policy.zone, state.policy.day_starts, state.policy.interval)


def _open_day(state: State, now: float) -> None:
    """A new business day: its counts are begun, and what ended before it is dropped. Who waits goes on waiting."""
    _frame(state, now)
    start = state.frame.start
    state.contacts = {id: c for id, c in state.contacts.items() if c.ended is None or c.ended >= start}
    state.refused = {id: refusal for id, refusal in state.refused.items() if refusal[1] >= start}
    forget_before(state, start)
    commands.open_day(state, start)
    for queue in state.queues.values():
        queue.events.close_before(start, state.frame.length)
        queue.cohorts.close_before(start, state.frame.length)
    for agent in state.agents.values():
        agent.days = {day: counts for day, counts in agent.days.items() if day >= start}
    state.agents = {id: agent for id, agent in state.agents.items() if _stays(state, agent)}
    state.dirty.everything = True


def _stays(state: State, agent: Agent) -> bool:
    """Somebody who is signed out may still be rung by a contact that waits over midnight."""
    return agent.state != "off" or bool(agent.ringing or agent.days) or agent.id in state.policy.agents
