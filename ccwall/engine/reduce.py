"""The fold: which reducer takes which fact. What the engine does not use yet is listed, not forgotten."""

from collections.abc import Callable

from ccwall import events
from ccwall.engine import agents, closing, commands, contacts, curve, outbound, queues, senses, sources, trend
from ccwall.engine.day import frame_at
from ccwall.engine.desk.domains import TAKERS, take
from ccwall.engine.ghosts import exorcise
from ccwall.engine.longest import forget_minutes_before
from ccwall.engine.missed import forget_before
from ccwall.engine.persons import Agent
from ccwall.engine.rebook import counts_differ, rebook
from ccwall.engine.room import TOO_MANY, has_room, is_crowded
from ccwall.engine.spells import recount, settle
from ccwall.engine.state import Recording, State
from ccwall.engine.windows import FINE_KEPT
from ccwall.events import (
    CommandEvent,
    ConfigApplied,
    Envelope,
    RecordingResumed,
    RecordingStopped,
    SourceId,
)

AHEAD = 300.0
"""A source's clock so far ahead of ours is broken: its fact happened when we heard it."""


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
    trend.move_all(state)
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
    if counts_differ(before, event.policy):
        _frame(state, state.now)
        rebook(state)
    trend.recast(state)
    recount(state)
    senses.retie(state)
    if (before.not_ready_kinds, before.breaks) != (event.policy.not_ready_kinds, event.policy.breaks):
        for person in state.agents.values():
            agents.commit(state, person, at)


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
    events.AttemptPlanned: outbound.planned,
    events.AttemptDialled: outbound.dialled,
    events.AttemptConnected: outbound.connected,
    events.AttemptFailed: outbound.failed,
    events.AttemptCompleted: outbound.completed,
    events.QueueDescribed: queues.described,
    events.QueueUnseen: queues.unseen,
    events.QueueDeclared: queues.declared,
    events.AgentLoggedOn: agents.logged_on,
    events.AgentLoggedOff: agents.logged_off,
    events.AgentReady: agents.ready,
    events.AgentNotReady: agents.not_ready,
    events.AgentBusy: agents.busy,
    events.AgentWorkingAfterCall: agents.working_after_call,
    events.AgentMembershipChanged: agents.membership_changed,
    events.DeviceStateChanged: senses.device_state,
    events.DeviceHeadset: senses.device_headset,
    events.DeviceSeen: senses.device_seen,
    events.DeviceFault: senses.device_fault,
    events.SeatOccupied: senses.seat_occupied,
    events.SeatVacated: senses.seat_vacated,
    events.SeatSensor: senses.seat_sensor,
    events.CallLogged: unused,
    events.SourceUp: sources.up,
    events.SourceDown: sources.down,
    events.SourceGap: sources.gap,
    events.SourceResyncStarted: sources.resync_started,
    events.SourceResyncFinished: sources.resync_finished,
    events.SourceLimited: sources.limited,
    events.SourceTook: sources.took,
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
        if received >= state.trend.due:
            trend.follow(state, received)
        before, state.now = state.now, received
        if received >= state.frame.end:
            _open_day(state, received, before)
        settle(state)
        exorcise(state, before)
    at = event.at if 0.0 <= event.at <= received + AHEAD else received
    if is_crowded(state) and not has_room(state, event):
        sources.limit(state, envelope.source, TOO_MANY, at)
        return
    if type(event) in TAKERS:
        take(state, envelope, at)
    elif (reducer := REDUCERS.get(type(event))) is not None:
        reducer(state, envelope.source, at, event)
        if isinstance(event, CommandEvent):
            state.dirty.desk.update(("breaks", "moves"))  # which show what became of their commands
    if state.risen:
        trend.crest(state)
    if envelope.actor is not None:
        commands.wanted_by(state, event, envelope.actor)


def _frame(state: State, now: float) -> None:
    state.frame = frame_at(now, state.policy.zone, state.policy.day_starts, state.policy.interval)


def _open_day(state: State, now: float, heard: float) -> None:
    """A new business day: its counts are begun, and what ended before it is dropped. Who waits goes on waiting.

    ``heard``: when the last fact of the day before came."""
    closing.close(state, heard)
    state.yesterday = curve.kept(state)
    _frame(state, now)
    start = state.frame.start
    kept = start - FINE_KEPT  # of what rolling windows still look back to
    state.contacts = {
        id: c
        for id, c in state.contacts.items()
        if c.ended is None or max(c.ended, c.queued, c.rated or 0.0) >= kept
    }
    state.refused = {id: refusal for id, refusal in state.refused.items() if refusal[1] >= kept}
    state.attempts = {id: a for id, a in state.attempts.items() if a.talking or a.last >= kept}
    forget_minutes_before(state, kept)
    forget_before(state, kept)
    commands.open_day(state, start)
    for queue in state.queues.values():
        queue.events.close_before(state.frame)
        queue.cohorts.close_before(state.frame)
    for team in state.teams.values():
        team.events.close_before(state.frame)
        team.cohorts.close_before(state.frame)
    for agent in state.agents.values():
        agent.days = {day: counts for day, counts in agent.days.items() if day >= start}
        agent.heard = {key: said for key, said in agent.heard.items() if said.begin_day()}
    state.agents = {id: agent for id, agent in state.agents.items() if _stays(state, agent)}
    recount(state)
    state.dirty.everything = True


def _stays(state: State, agent: Agent) -> bool:
    """Somebody who is signed out may still be rung by a contact that waits over midnight."""
    known = agent.ringing or agent.days or agent.gear
    return agent.state != "off" or bool(known) or agent.id in state.policy.agents
