"""Reducers of ``agent.*`` and ``device.*``: each keeps the source's last word, then the state is resolved anew.

`resolve` is the fixed precedence of evidence; `commit` notes the state and since when. Wrap-up that ends by itself
ends at no fact, so whoever shows an agent asks `shown` with the time.
"""

from ccwall.engine.books import book_wrap, millis
from ccwall.engine.evidence import by_senses, heard_of
from ccwall.engine.persons import Agent, Conversation, Engaged, Membership, Phone, Spell, Wrap
from ccwall.engine.room import MOST_MEMBERSHIPS, MOST_PHONES
from ccwall.engine.spells import turn
from ccwall.engine.state import Queue, State, put, take
from ccwall.engine.suspects import look
from ccwall.engine.trend import moves
from ccwall.engine.words import state_of
from ccwall.events import (
    AgentBusy,
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    AgentWorkingAfterCall,
    ContactId,
    DeviceFault,
    DeviceId,
    DeviceStateChanged,
    PhoneState,
    QueueId,
    SourceId,
)

RINGING: frozenset[PhoneState] = frozenset({"ringing", "ringing_in_use"})
ENGAGED: frozenset[PhoneState] = frozenset({"in_use", "busy", "on_hold", "ringing_in_use"})
BROKEN: frozenset[PhoneState] = frozenset({"unavailable", "invalid"})

TOGETHER = 5.0
"""Not-ready told queue by queue within so many seconds is one decision, made at the first of them."""


# ── the state of a person ──────────────────────────────────────────────────────────────────────────────────────────


def resolve(state: State, agent: Agent, now: float) -> tuple[str, float | None]:
    """The state at ``now``, and since when if the evidence itself says so.

    talking > hold > off > ringing > wrap > not ready > fault > busy > unknown > ready. A conversation comes first: it
    is certain, whatever else is said. ``not_ready`` stands for all its kinds.
    """
    if agent.calls:
        return _conversation(agent)
    if not agent.memberships:
        return "off", None
    if agent.ringing:
        return "ringing", min(agent.ringing.values())
    if agent.wrap is not None and (agent.wrap.until is None or now < agent.wrap.until):
        return "wrap", agent.wrap.since
    if agent.not_ready_since is not None:
        return "not_ready", agent.not_ready_since
    return _by_device(state, agent), None


def _conversation(agent: Agent) -> tuple[str, float]:
    calls = list(agent.calls.values())
    for call in reversed(calls):
        if not call.held:
            return "talking", call.since
    return "hold", calls[-1].since


def _by_device(state: State, agent: Agent) -> str:
    phones = {phone.state for phone in agent.phones.values()}
    if agent.faults or (phones and phones <= BROKEN):
        return "fault"
    if phones & ENGAGED or agent.engaged is not None:
        return "busy"
    if phones - {"unknown"}:
        return "ready"
    source = state.sources.get(agent.source) if agent.source is not None else None
    # A source that cannot tell phones leaves us with its own word that the agent may be given contacts.
    return "ready" if source is not None and "devices" in source.limits else "unknown"


def commit(state: State, agent: Agent, at: float) -> None:
    """Resolve after a fact. A state without a start of its own starts now, or when wrap-up ran out."""
    state.dirty.agents.add(agent.id)
    if not agent.memberships or not all(m.not_ready for m in agent.memberships):
        agent.not_ready_since = None
    elif agent.not_ready_since is None:
        recent = [m.since for m in agent.memberships if at - m.since <= TOGETHER]
        agent.not_ready_since = min(recent, default=at)
    before, wrap = agent.state, agent.wrap
    if wrap is not None and wrap.until is not None and wrap.until <= at:
        agent.wrap = None
    agent.state, since = resolve(state, agent, at)
    if since is not None:
        agent.since = since
    elif agent.state != before:
        ran_out = before == "wrap" and wrap is not None and wrap.until is not None and wrap.until <= at
        spell = agent.spell
        into = spell.then if spell.state == "wrap" else spell.state
        # into another state than this one, when a fact of meanwhile only showed then
        went_on = ran_out and into == by_kind(state, agent, agent.state)
        agent.since = wrap.until if went_on and wrap is not None else at
    turn(state, agent, at, since, _spell(state, agent))
    if agent.gear:
        look(state, agent)


def _spell(state: State, agent: Agent) -> Spell:
    wrap = agent.wrap
    if agent.state != "wrap" or wrap is None or wrap.until is None:
        return Spell(by_kind(state, agent, agent.state), 0, agent.source, reason=_reason(agent, agent.state))
    then, _ = resolve(state, agent, wrap.until)
    after, reason = by_kind(state, agent, then), _reason(agent, then)
    return Spell("wrap", 0, agent.source, millis(wrap.until), after, reason)


def _reason(agent: Agent, status: str) -> str:
    paused = agent.last_not_ready() if status == "not_ready" else None
    return "" if paused is None else paused.reason


def by_kind(state: State, agent: Agent, status: str) -> str:
    """The state as shown: ``not_ready`` by its kind."""
    paused = agent.last_not_ready() if status == "not_ready" else None
    if paused is None:
        return status
    policy = state.policy
    return state_of(policy.breaks, policy.not_ready_kinds, paused.source, paused.reason)


def shown(state: State, agent: Agent, now: float) -> tuple[str, float | None]:
    """State and since at ``now``: as committed, unless a wrap-up has run out in the meantime. Of whom no ACD tells, the other
    senses do."""
    if agent.state == "off" and is_unknown_to_acd(state, agent):
        return by_senses(heard_of(state, agent))
    now = state.known_at(agent.source, now)
    if agent.state != "wrap" or agent.wrap is None or agent.wrap.until is None or now < agent.wrap.until:
        return agent.state, agent.since
    after, since = resolve(state, agent, now)
    return after, agent.wrap.until if since is None else since


def is_unknown_to_acd(state: State, agent: Agent) -> bool:
    """No ACD has told of this person, or is expected to: they are not off, they are just not there."""
    card = state.policy.agents.get(agent.id)
    return agent.source is None and not (card is not None and card.acd)


# ── called by the reducers of contacts ─────────────────────────────────────────────────────────────────────────────


def start_ringing(state: State, agent: Agent, contact: ContactId, at: float) -> None:
    agent.ringing[contact] = at
    commit(state, agent, at)


def stop_ringing(state: State, agent: Agent, contact: ContactId, at: float) -> None:
    if agent.ringing.pop(contact, None) is not None:
        commit(state, agent, at)


def begin_call(state: State, agent: Agent, contact: ContactId, at: float) -> None:
    agent.calls[contact] = Conversation(answered=at, since=at)
    if (found := _visit(state, contact)) is not None:
        put(found[0].talks, found[1], contact)
    commit(state, agent, at)


def hold_call(state: State, agent: Agent, contact: ContactId, at: float, *, held: bool) -> None:
    """A fact older than the present leg of the conversation changes nothing."""
    call = agent.calls.get(contact)
    if call is None or call.held == held or at < call.since:
        return
    if (found := _visit(state, contact)) is not None:
        if held:
            put(found[0].holds, at, contact)
        else:
            take(found[0].holds, call.since, contact)
    call.held, call.since = held, at
    commit(state, agent, at)


def end_call(state: State, agent: Agent, contact: ContactId, at: float) -> None:
    call = agent.calls.pop(contact, None)
    if call is None:
        return
    if (found := _visit(state, contact)) is not None:
        take(found[0].talks, found[1], contact)
        if call.held:
            take(found[0].holds, call.since, contact)
    commit(state, agent, at)


def _visit(state: State, contact: ContactId) -> tuple[Queue, float] | None:
    """The queue of this conversation, which changes, and when it began there; None when no queue gave it."""
    known = state.contacts.get(contact)
    if known is None or known.answered is None:
        return None
    state.dirty.queues.add(known.queue)
    return state.queues[known.queue], known.answered


def cut_wrap(state: State, agent: Agent, at: float) -> None:
    """Another state came: wrap-up is over, if it was not already, and lasted until now."""
    wrap = agent.wrap
    if wrap is None:
        return
    agent.wrap = None
    end = at if wrap.until is None else min(at, wrap.until)
    book_wrap(state, wrap.contact, max(0.0, end - wrap.since))


# ── the reducers ───────────────────────────────────────────────────────────────────────────────────────────────────


def _epoch(state: State, source: SourceId, at: float) -> int:
    return state.source(source, at).epoch


def _told_by(state: State, agent: Agent, source: SourceId, name: str) -> None:
    agent.source = source
    agent.name = name or agent.name


def logged_on(state: State, source: SourceId, at: float, event: AgentLoggedOn) -> None:
    agent = state.agent(event.agent)
    _told_by(state, agent, source, event.name)
    if event.device is not None:
        state.devices[event.device] = event.agent
    own = [m for m in agent.memberships if m.source == source]
    epoch = _epoch(state, source, at)
    if not own:
        moves(state, agent, at)
        agent.memberships.append(Membership(source=source, queue=QueueId(""), interface="", epoch=epoch))
    elif own[0].queue == "":
        own[0].epoch = epoch
    commit(state, agent, at)


def logged_off(state: State, source: SourceId, at: float, event: AgentLoggedOff) -> None:
    agent = state.agent(event.agent)
    moves(state, agent, at)
    _leave(state, agent, [m for m in agent.memberships if m.source == source])
    if not agent.memberships:
        cut_wrap(state, agent, at)
        agent.engaged = None
    commit(state, agent, at)


def membership_changed(state: State, source: SourceId, at: float, event: AgentMembershipChanged) -> None:
    agent = state.agent(event.agent)
    moves(state, agent, at)
    if event.member:
        _told_by(state, agent, source, event.name)
        member = _membership(state, agent, source, at, event.queue, event.interface)
        if member is not None:
            member.epoch = _epoch(state, source, at)
    else:
        _leave(state, agent, _of(agent, source, event.queue, event.interface))
    commit(state, agent, at)


def _membership(
    state: State, agent: Agent, source: SourceId, at: float, queue: QueueId, interface: str
) -> Membership | None:
    """That membership, made when new; it takes over what was said of the agent before any queue was named. None: too
    many of one person."""
    for member in agent.memberships:
        if (member.source, member.queue, member.interface) == (source, queue, interface):
            return member
    state.queue(queue, source)
    general = next((m for m in agent.memberships if m.source == source and m.queue == ""), None)
    if general is None and len(agent.memberships) >= MOST_MEMBERSHIPS:
        return None
    if general is None:
        general = Membership(source=source, queue=queue, interface=interface, epoch=_epoch(state, source, at))
        agent.memberships.append(general)
    general.queue, general.interface = queue, interface
    return general


def _of(agent: Agent, source: SourceId, queue: QueueId | None, interface: str) -> list[Membership]:
    """The memberships a fact speaks of: what it does not name, it does not narrow."""
    return [
        m
        for m in agent.memberships
        if m.source == source and queue in (None, m.queue) and interface in ("", m.interface)
    ]


def _leave(state: State, agent: Agent, memberships: list[Membership]) -> None:
    for member in memberships:
        agent.memberships.remove(member)
        if member.queue:
            state.dirty.queues.add(member.queue)


def _meant(
    state: State, agent: Agent, source: SourceId, at: float, event: AgentReady | AgentNotReady
) -> list[Membership]:
    found = _of(agent, source, event.queue, event.interface)
    if not found and len(agent.memberships) >= MOST_MEMBERSHIPS:
        return []
    if not found:
        queue = event.queue if event.queue is not None else QueueId("")
        member = Membership(
            source=source, queue=queue, interface=event.interface, epoch=_epoch(state, source, at)
        )
        if queue:
            state.queue(queue, source)
        elif agent.memberships:
            return []  # of an interface that is a member of nothing
        moves(state, agent, at)
        agent.memberships.append(member)
        found = [member]
    return found


def ready(state: State, source: SourceId, at: float, event: AgentReady) -> None:
    agent = state.agent(event.agent)
    agent.source = agent.source or source
    meant = _meant(state, agent, source, at, event)
    if any(member.not_ready for member in meant):
        moves(state, agent, at)
    for member in meant:
        member.ready_epoch = _epoch(state, source, at)
        member.not_ready, member.reason, member.automatic = False, "", False
    _word_of_state(state, agent, source, at)


def not_ready(state: State, source: SourceId, at: float, event: AgentNotReady) -> None:
    agent = state.agent(event.agent)
    agent.source = agent.source or source
    meant = _meant(state, agent, source, at, event)
    if not all(member.not_ready for member in meant):
        moves(state, agent, at)
    for member in meant:
        member.ready_epoch = _epoch(state, source, at)
        if not member.not_ready:
            member.not_ready, member.since = True, at
        member.told, member.reason, member.automatic = at, event.reason, event.automatic
    _word_of_state(state, agent, source, at)


def _word_of_state(state: State, agent: Agent, source: SourceId, at: float) -> None:
    """Ready or not ready ends what the same source said of busy, and wrap-up that waits for a word."""
    if agent.engaged is not None and agent.engaged.source == source:
        agent.engaged = None
    if agent.wrap is not None and agent.wrap.until is None and agent.wrap.source == source:
        cut_wrap(state, agent, at)
    commit(state, agent, at)


def busy(state: State, source: SourceId, at: float, event: AgentBusy) -> None:
    agent = state.agent(event.agent)
    epoch = _epoch(state, source, at)
    since = agent.engaged.since if agent.engaged is not None else at
    agent.engaged = Engaged(source=source, since=since, epoch=epoch, told=at)
    commit(state, agent, at)


def working_after_call(state: State, source: SourceId, at: float, event: AgentWorkingAfterCall) -> None:
    """Planned wrap-up is handling from its beginning, and is restated when it is cut short."""
    agent = state.agent(event.agent)
    known = agent.wrap
    if known is not None and known.contact == event.contact and known.source == source:
        known.epoch, known.until = _epoch(state, source, at), event.until
    else:
        cut_wrap(state, agent, at)
        agent.wrap = Wrap(
            source=source, since=at, until=event.until, contact=event.contact, epoch=_epoch(state, source, at)
        )
    if agent.wrap is not None and event.until is not None:
        book_wrap(state, event.contact, max(0.0, event.until - agent.wrap.since))
    if agent.engaged is not None and agent.engaged.source == source:
        agent.engaged = None
    commit(state, agent, at)


def device_state(state: State, source: SourceId, at: float, event: DeviceStateChanged) -> None:
    agent = _owner(state, event.device, event.agent)
    if agent is None:
        return
    epoch = _epoch(state, source, at)
    phone = agent.phones.get(event.device)
    if phone is None and len(agent.phones) >= MOST_PHONES:
        return
    if phone is None:
        agent.phones[event.device] = Phone(source=source, state=event.state, since=at, epoch=epoch)
    else:
        phone.source, phone.epoch = source, epoch
        if phone.state == event.state:
            return
        # Into use: it is most likely being answered, and the answer itself ends the ringing.
        if phone.state in RINGING and event.state not in RINGING and event.state not in ENGAGED:
            _hush(state, agent)
        phone.state, phone.since = event.state, at
    commit(state, agent, at)


def _hush(state: State, agent: Agent) -> None:
    for contact in agent.ringing:
        if contact in state.contacts:
            state.contacts[contact].alerting.pop(agent.id, None)
    agent.ringing.clear()


def device_fault(state: State, source: SourceId, at: float, event: DeviceFault) -> None:
    agent = _owner(state, event.device, event.agent)
    if agent is None:
        return
    if event.cleared:
        agent.faults.pop(event.device, None)
    else:
        agent.faults[event.device] = event.fault
    commit(state, agent, at)


def _owner(state: State, device: DeviceId, agent: AgentId | None) -> Agent | None:
    """Whose device it is. A device of nobody (a trunk, a queue's own lamp) is evidence about nobody."""
    if agent is not None:
        state.devices[device] = agent
    owner = state.devices.get(device)
    return state.agent(owner) if owner is not None else None


def confirm(state: State, agent: Agent, source: SourceId, epoch: int, at: float) -> None:
    """A resync of this source is over: what it did not say again of this agent is no longer true."""
    before = (len(agent.memberships), len(agent.phones), agent.engaged, agent.wrap, agent.not_ready_since)
    moves(state, agent, at)
    stale = [m for m in agent.memberships if m.source == source and m.epoch != epoch]
    _leave(state, agent, stale)
    changed = False
    for member in agent.memberships:
        if member.source == source and member.ready_epoch != epoch and member.not_ready:
            member.not_ready, member.reason, member.automatic = False, "", False
            changed = True
    for device in [d for d, phone in agent.phones.items() if phone.source == source and phone.epoch != epoch]:
        del agent.phones[device]
    if agent.engaged is not None and agent.engaged.source == source and agent.engaged.epoch != epoch:
        agent.engaged = None
    wrap = agent.wrap
    # A wrap-up with an end is our own knowledge: no source lists it.
    if wrap is not None and wrap.until is None and wrap.source == source and wrap.epoch != epoch:
        cut_wrap(state, agent, at)
    after = (len(agent.memberships), len(agent.phones), agent.engaged, agent.wrap, agent.not_ready_since)
    if changed or before != after:
        commit(state, agent, at)
