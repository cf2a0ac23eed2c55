"""Broken things (F19): reported by people or by the devices themselves, looked after, repaired."""

from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.desk.deeds import Deed, Tree, filled, forget, team_of, who_shown
from ccwall.engine.desk.who import Who
from ccwall.events import AgentId, AnyEvent, Envelope, FaultClosed, FaultId, FaultReported, FaultTaken

if TYPE_CHECKING:
    from ccwall.engine.state import State

KEPT_FOR = 24 * 3600.0
MOST = 300


class Fault(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """``by`` None: a device's own evidence, whose end closes it."""

    id: FaultId
    fault: str
    since: float
    device: str = ""
    seat: str = ""
    agent: AgentId | None = None
    team: str = ""
    note: str = ""
    by: Who | None = None
    taken: Deed | None = None
    closed: Deed | None = None

    @property
    def state(self) -> Literal["open", "taken", "closed"]:
        return "closed" if self.closed is not None else "taken" if self.taken is not None else "open"


FACTS: tuple[type[AnyEvent], ...] = (FaultReported, FaultTaken, FaultClosed)


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    faults, event, by = state.desk.faults, envelope.event, Who.of(envelope.actor)
    match event:
        case FaultReported() if event.fault_id not in faults:
            card = None if event.agent is None else state.policy.agents.get(event.agent)
            faults[event.fault_id] = Fault(
                id=event.fault_id,
                fault=event.fault,
                since=at,
                device=event.device,
                seat=event.seat or (str(card.seat) if card is not None and card.seat else ""),
                agent=event.agent,
                team=team_of(state, event.agent),
                note=event.note,
                by=by,
            )
        case FaultTaken() if (fault := faults.get(event.fault_id)) is not None and fault.state == "open":
            fault.taken = Deed(at=at, by=by)
        case FaultClosed() if (fault := faults.get(event.fault_id)) is not None and fault.closed is None:
            fault.closed = Deed(at=at, what=event.how, by=by, note=event.note)
        case _:
            pass
    forget(faults, lambda each: None if each.closed is None else each.closed.at, at - KEPT_FOR, MOST)


def shown(state: "State", now: float) -> dict[str, object]:
    return {"faults": {id: _shown(fault) for id, fault in state.desk.faults.items()}}


def _shown(fault: Fault) -> Tree:
    return filled(
        fault=fault.fault,
        device=fault.device,
        seat=fault.seat,
        agent=fault.agent,
        team=fault.team,
        note=fault.note,
        state=fault.state,
        since=fault.since,
        by=None if fault.by is None else who_shown(fault.by),
        taken=None if fault.taken is None else fault.taken.shown(),
        closed=None if fault.closed is None else fault.closed.shown(),
    )
