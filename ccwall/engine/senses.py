"""Reducers of ``device.*`` and ``seat.*``: the last word of every sense below the ACD, see `ccwall.engine.evidence`.

What an ACD says of its own phones stays with the person (`ccwall.engine.agents`). Whose a device is its facts say, else the
configuration; a device of nobody is a stranger.
"""

from ccwall.engine import agents
from ccwall.engine.desk.dropouts import dropped
from ccwall.engine.diary import Said
from ccwall.engine.evidence import SAYS, USED, Gear, Sitting, Word, heard_of, is_away, worn
from ccwall.engine.persons import Agent
from ccwall.engine.room import MOST_PHONES, MOST_SENSORS
from ccwall.engine.state import Source, State
from ccwall.engine.suspects import look, look_at_all
from ccwall.events import (
    AgentId,
    DeviceFault,
    DeviceHeadset,
    DeviceId,
    DeviceSeen,
    DeviceStateChanged,
    SeatId,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
    Sense,
    SourceId,
)


def sense_of(state: State, source: SourceId) -> Sense:
    """Of a source that nobody configured: the best, so that it is believed."""
    return state.policy.senses.get(source, "acd")


# ── devices ────────────────────────────────────────────────────────────────────────────────────────────────────────


def device_state(state: State, source: SourceId, at: float, event: DeviceStateChanged) -> None:
    if sense_of(state, source) == "acd":
        agents.device_state(state, source, at, event)
        return
    gear = _gear(state, source, at, event.device, event.agent)
    known = state.source(source, at)
    gear.line = _said(state, known, gear.line, SAYS[event.state], at, age_known=event.age_known)
    _show(state, gear)


def device_headset(state: State, source: SourceId, at: float, event: DeviceHeadset) -> None:
    """What it does not say this time, it said before; but not before it was gone."""
    gear = _gear(state, source, at, event.device, event.agent)
    if event.connected and gear.connected is False:
        gear.docked = gear.worn = None
    if event.connected is False and gear.connected:
        dropped(state, event.device, at)
    if event.connected is not None:
        gear.connected = event.connected
    if event.docked is not None:
        gear.docked = event.docked
    if event.worn is not None:
        gear.worn = event.worn
    says = worn(gear)
    if not says:
        gear.wear = None
    elif (event.docked, event.worn, event.connected) != (None, None, None):
        gear.wear = _said(state, state.source(source, at), gear.wear, says, at, age_known=event.age_known)
    _show(state, gear)


def device_seen(state: State, source: SourceId, at: float, event: DeviceSeen) -> None:
    """The source has it, and says whose it is."""
    gear = _gear(state, source, at, event.device, event.agent)
    gear.kind, gear.name = event.kind, event.name
    if event.agent is None and gear.agent is not None and event.device not in state.policy.devices:
        _tie(state, event.device, gear, None)
    _show(state, gear)


def device_fault(state: State, source: SourceId, at: float, event: DeviceFault) -> None:
    if sense_of(state, source) == "acd":
        agents.device_fault(state, source, at, event)
        return
    gear = _gear(state, source, at, event.device, event.agent)
    gear.fault = "" if event.cleared else event.fault
    _show(state, gear)


def _gear(state: State, source: SourceId, at: float, device: DeviceId, agent: AgentId | None) -> Gear:
    """The device, made when new, confirmed for a running resync."""
    gear, epoch, sense = state.gear.get(device), state.source(source, at).epoch, sense_of(state, source)
    if gear is None:
        gear = state.gear[device] = Gear(source=source, sense=sense, epoch=epoch)
        state.dirty.strangers = True
    if (gear.source, gear.epoch) != (source, epoch):
        gear.docked = gear.worn = gear.connected = None
    gear.source, gear.epoch = source, epoch
    gear.sense = sense if sense == "phone" else "desk"
    owner = state.policy.devices.get(device) if agent is None else agent
    if owner is not None and owner != gear.agent:
        _tie(state, device, gear, owner)
    return gear


def _tie(state: State, device: DeviceId, gear: Gear, owner: AgentId | None) -> None:
    """It is of another person now, or of nobody; also of nobody when that person has too many."""
    before = state.agents.get(gear.agent) if gear.agent is not None else None
    if before is not None and before.gear.pop(device, 0) is None:
        _told_of(state, before)
    agent = state.agent(owner) if owner is not None else None
    if agent is not None and len(agent.gear) >= MOST_PHONES:
        agent = None
    gear.agent = None
    if agent is not None:
        gear.agent, agent.gear[device] = agent.id, None
    state.dirty.strangers = True


def _said(
    state: State, source: Source, before: Word | None, says: str, at: float, *, age_known: bool
) -> Word:
    """The same said again began when it was first said, unless nobody listened in the meantime."""
    if before is not None and not _is_heard_since(state, source, before.epoch):
        before = None
    if before is not None and before.says == says:
        before.epoch = source.epoch
        return before
    hung_up = before is not None and before.says in USED and says == "idle"
    return Word(says=says, since=at, age_known=age_known, hung_up=hung_up, epoch=source.epoch)


def _is_heard_since(state: State, source: Source, epoch: int) -> bool:
    """Whether somebody has listened to this source all the time since something was said in this epoch of it."""
    # Away, and yet not resyncing: a session that was kept for us, in which nothing was missed.
    return not is_away(state, source.id) or not source.resyncing or epoch == source.epoch


def _show(state: State, gear: Gear) -> None:
    if gear.agent is None:
        state.dirty.strangers = True
    else:
        _told_of(state, state.agent(gear.agent))


def _told_of(state: State, agent: Agent) -> None:
    state.dirty.agents.add(agent.id)
    look(state, agent)
    _write_down(state, agent)


def _write_down(state: State, agent: Agent) -> None:
    """What is said of them, into their day: every word since it began, and silence from now on."""
    said = {f"{heard.of} {heard.device or heard.source}": heard for heard in heard_of(state, agent)}
    for key, heard in said.items():
        known = agent.heard.get(key)
        if known is None:
            if len(agent.heard) >= MOST_PHONES:
                continue
            known = agent.heard[key] = Said(
                source=heard.source, sense=heard.sense, of=heard.of, device=heard.device
            )
        known.note(heard.says, round((state.now if heard.since is None else heard.since) * 1000))
    for key, known in agent.heard.items():
        if key not in said:
            known.note("", round(state.now * 1000))


# ── seats ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def seat_occupied(state: State, source: SourceId, at: float, event: SeatOccupied) -> None:
    _sit(state, source, at, event.seat, "occupied", event.age_known)


def seat_vacated(state: State, source: SourceId, at: float, event: SeatVacated) -> None:
    _sit(state, source, at, event.seat, "vacant", event.age_known)


def _sit(state: State, source: SourceId, at: float, seat: SeatId, says: str, age_known: bool) -> None:
    known, sitting = state.source(source, at), _sitting(state, source, seat)
    if sitting is None:
        return
    if sitting.says != says or not _is_heard_since(state, known, sitting.epoch):
        sitting.says, sitting.since, sitting.age_known = says, at, age_known
    sitting.told, sitting.epoch = at, known.epoch
    _show_seat(state, seat)


def seat_sensor(state: State, source: SourceId, at: float, event: SeatSensor) -> None:
    """Back again, it is believed only in what it has said since it was gone."""
    known, sitting = state.source(source, at), _sitting(state, source, event.seat)
    if sitting is None:
        return
    if not event.available and sitting.gone_since is None:
        sitting.gone_since = at
    elif event.available and sitting.gone_since is not None:
        if sitting.told <= sitting.gone_since:
            sitting.says = ""
        sitting.gone_since = None
    if not _is_heard_since(state, known, sitting.epoch):
        sitting.says = ""
    sitting.epoch = known.epoch
    _show_seat(state, event.seat)


def _sitting(state: State, source: SourceId, seat: SeatId) -> Sitting | None:
    sensors = state.seats.setdefault(seat, {})
    found = sensors.get(source)
    if found is None and len(sensors) >= MOST_SENSORS:
        return None
    if found is None:
        found = sensors[source] = Sitting()
    return found


def _show_seat(state: State, seat: SeatId) -> None:
    sitters = state.sitters.get(seat)
    if sitters:
        state.dirty.agents.update(sitters)
        for id in sitters:
            if (agent := state.agents.get(id)) is not None:
                _write_down(state, agent)
    else:
        state.dirty.strangers = True


# ── what holds after a resync, and another configuration ───────────────────────────────────────────────────────────


def confirm(state: State, source: SourceId, epoch: int) -> None:
    """A resync of this source is over: what it did not say again it says no more."""
    for device in [d for d, g in state.gear.items() if g.source == source]:
        gear = state.gear[device]
        if gear.epoch != epoch:
            _tie(state, device, gear, None)
            del state.gear[device]
            continue
        before = gear.line, gear.wear
        if gear.line is not None and gear.line.epoch != epoch:
            gear.line = None
        if gear.wear is not None and gear.wear.epoch != epoch:
            gear.wear = None
        if before != (gear.line, gear.wear):
            _show(state, gear)
    for seat, sensors in list(state.seats.items()):
        if source in sensors and sensors[source].epoch != epoch:
            del sensors[source]
            if not sensors:
                del state.seats[seat]
            _show_seat(state, seat)


def reseat(state: State) -> None:
    """What follows from the configuration and the evidence: who sits where, and whom to suspect."""
    state.sitters = {}
    for agent, card in state.policy.agents.items():
        if card.seat is not None:
            state.sitters.setdefault(card.seat, []).append(agent)
    look_at_all(state)


def retie(state: State) -> None:
    """Another configuration holds: whose a device is, it says, unless the source said so of somebody who is still there."""
    policy = state.policy
    for device, gear in state.gear.items():
        stays = gear.agent if not policy.agents or gear.agent in policy.agents else None
        owner = policy.devices.get(device, stays)
        if owner != gear.agent:
            _tie(state, device, gear, owner)
    reseat(state)
    for agent in state.agents.values():
        if agent.heard or state.seats:
            _write_down(state, agent)
