"""What the house itself has to say of the floor: what a pressed button asks for, what is broken, and what concerns everybody.

Everything follows from the state and the time: looked at twice, the same state gives nothing the second time, because each
fact that is said is in the state by then.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from ccwall.engine.desk import detect
from ccwall.engine.desk.deeds import team_of
from ccwall.engine.desk.dropouts import often
from ccwall.engine.desk.presses import KEPT_FOR, Press
from ccwall.engine.evidence import is_away
from ccwall.events import (
    AgentId,
    AnyEvent,
    FaultClosed,
    FaultId,
    FaultReported,
    HelpId,
    HelpRequested,
    IncidentDismissed,
    IncidentId,
    IncidentKind,
    IncidentProposed,
    PatrolId,
    PatrolMade,
)

if TYPE_CHECKING:
    from ccwall.engine.persons import Agent
    from ccwall.engine.state import State

UNREACHABLE = 60.0
"""Seconds for which somebody's phone is gone while they are signed in, until that is a fault (F19)."""
NOT_AGAIN = 1800.0
"""Seconds after a person has closed or dismissed something in which the house does not say it again."""
ONE_PATROL = 60.0
"""Seconds in which presses in one team are one patrol."""
MOST_FAULTS = 120
"""open ones that the house itself says at once: beyond, the floor has another trouble"""


def of_people(state: "State", now: float) -> list[AnyEvent]:
    """What buttons ask for, and what devices say of themselves: to be looked at after every fact."""
    return [*_calls(state, now), *_patrols(state, now), *_faults(state, now)]


def of_everybody(state: "State", now: float) -> list[AnyEvent]:
    """Incidents: to be looked at once a minute."""
    return [*_detected(state, now), *_over(state, now)]


# ── buttons ──


def _fresh(state: "State", now: float, button: str) -> Iterator[Press]:
    return (p for p in state.desk.presses if p.button == button and now - p.at < KEPT_FOR)


def _calls(state: "State", now: float) -> Iterator[AnyEvent]:
    """A press during a call for help is the same call."""
    asked = set[AgentId]()
    for press in _fresh(state, now, "help"):
        agent = press.agent
        if agent is None or agent in asked:
            continue
        mine = [call for call in state.desk.help.values() if call.agent == agent]
        if any(call.ended is None or call.ended.at >= press.at or call.id == _id(press.id) for call in mine):
            continue
        asked.add(agent)
        yield HelpRequested(
            at=press.at, help_id=HelpId(_id(press.id)), agent=agent, via="button", seat=press.seat
        )


def _patrols(state: "State", now: float) -> Iterator[AnyEvent]:
    walked = dict[str, float]()
    for press in _fresh(state, now, "patrol"):
        team = team_of(state, press.agent)
        known = [each.at for each in state.desk.patrols.made.get(team, [])]
        if team in walked:
            known.append(walked[team])
        if any(abs(at - press.at) < ONE_PATROL for at in known):
            continue
        walked[team] = press.at
        yield PatrolMade(
            at=press.at, patrol_id=PatrolId(_id(press.id)), team=team, row=press.seat or "", via="button"
        )


# ── faults ──

Broken = tuple[str, str, AgentId | None]
"""Which fault, of which device, whose."""


def _faults(state: "State", now: float) -> Iterator[AnyEvent]:
    known = {
        (fault.fault, fault.device): fault
        for fault in state.desk.faults.values()
        if fault.closed is None and fault.device
    }
    broken = {(code, device): agent for code, device, agent in _broken(state, now)}
    for place, fault in known.items():
        if place not in broken and fault.by is None and not _is_blind(state, fault.device):
            yield FaultClosed(at=now, fault_id=fault.id, how="cleared")
    told = {
        (fault.fault, fault.device): fault.closed.at
        for fault in state.desk.faults.values()
        if fault.closed is not None and fault.closed.what != "cleared"
    }
    room = MOST_FAULTS - len(known)
    for (code, device), agent in broken.items():
        if (code, device) in known or now - told.get((code, device), -NOT_AGAIN) < NOT_AGAIN:
            continue
        if (room := room - 1) < 0:
            return
        id = FaultId(_id(f"{code}\0{device}\0{now}"))
        yield FaultReported(at=now, fault_id=id, fault=code, device=device, agent=agent)


def _broken(state: "State", now: float) -> Iterator[Broken]:
    """Of somebody's phone that two sources miss, one tells."""
    missed = set[AgentId | None]()
    for device, gear in state.gear.items():
        if is_away(state, gear.source):
            continue
        if gear.fault:
            yield gear.fault, device, gear.agent
        if often(state, device, now):
            yield "headset_dropouts", device, gear.agent
        line = gear.line
        owner = None if gear.agent is None else state.agents.get(gear.agent)
        gone = line is not None and line.says == "unavailable" and now - line.since > UNREACHABLE
        if gone and owner is not None and _is_on(owner) and owner.id not in missed:
            missed.add(owner.id)
            yield "unreachable", device, gear.agent
    for agent in state.agents.values():
        for device, fault in agent.faults.items():
            yield fault, device, agent.id
        if not _is_on(agent) or agent.id in missed:
            continue
        for device, phone in agent.phones.items():
            gone = phone.state in {"unavailable", "invalid"} and now - phone.since > UNREACHABLE
            if gone and not is_away(state, phone.source):
                yield "unreachable", device, agent.id


def _is_on(agent: "Agent") -> bool:
    return agent.state not in {"off", "unknown"}


def _is_blind(state: "State", device: str) -> bool:
    """Whether nobody hears this device now: then its silence says nothing."""
    for known, gear in state.gear.items():
        if known == device:
            return is_away(state, gear.source)
    owner = next((a for a in state.agents.values() for d in a.phones if d == device), None)
    if owner is None:
        return False
    return any(d == device and is_away(state, phone.source) for d, phone in owner.phones.items())


# ── incidents ──


def _detected(state: "State", now: float) -> Iterator[AnyEvent]:
    tests: tuple[tuple[IncidentKind, detect.Figures | None], ...] = (
        ("surge", None if _is_known(state, "surge", now) else detect.surge(state, now)),
        ("drops", None if _is_known(state, "drops", now) else detect.drops(state, now)),
    )
    for kind, figures in tests:
        if figures is not None:
            evidence = {name: value for name, value in figures.items() if name != "began"}
            id = IncidentId(_id(f"{kind}\0{now}"))
            yield IncidentProposed(
                at=now, incident_id=id, kind=kind, began=figures["began"], evidence=evidence
            )


def _is_known(state: "State", kind: str, now: float) -> bool:
    """One of this kind is open, or was over a moment ago."""
    over = (each.over for each in state.desk.incidents.values() if each.kind == kind)
    return any(at is None or now - at < NOT_AGAIN for at in over)


def _over(state: "State", now: float) -> Iterator[AnyEvent]:
    """A detector's own proposal that nobody looked at is taken back when all is as usual again for long."""
    for each in state.desk.incidents.values():
        if each.state != "proposed" or each.deeds[0].by is not None or now - each.deeds[0].at < NOT_AGAIN:
            continue
        usual = detect.is_calm(state, now) if each.kind == "surge" else detect.drops(state, now) is None
        if usual:
            yield IncidentDismissed(at=now, incident_id=each.id, reason="as_usual")


def _id(of: str) -> str:
    return blake2b(of.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
