"""Acts about broken things (F19)."""

from typing import Annotated, Literal

from msgspec import Meta

from ccwall.engine.desk.faults import Fault
from ccwall.events import AgentId, FaultClosed, FaultId, FaultReported, FaultTaken, Principal
from ccwall.floor.acts import EVERYBODY, LEADS, Act, Bench, Tree
from ccwall.floor.deeds import NOTE, WORD, Args, Id, Note, Word, faster, not_there, sees_agent
from ccwall.floor.wish import Mistaken
from ccwall.floor.words import plain, seen_agent

Thing = Annotated[str, Meta(max_length=256)]


class Report(Args, frozen=True, kw_only=True):
    """``fault``: what is broken, a code (headset, phone, computer, network, seat, other) or a word. An agent's is at their own
    seat."""

    fault: Word
    device: Thing = ""
    seat: Thing = ""
    agent: Thing = ""
    note: Note = ""


class Take(Args, frozen=True, kw_only=True):
    fault: Id


class Close(Args, frozen=True, kw_only=True):
    fault: Id
    how: Literal["repaired", "replaced", "moved", "none"] = "repaired"
    note: Note = ""


def report(bench: Bench, principal: Principal, asked: Report) -> Tree:
    """Said again of the same thing while it is open, it is the same fault."""
    fault = plain("fault", asked.fault, WORD, needed=True)
    device, seat = plain("device", asked.device, 256), plain("seat", asked.seat, 256)
    note = plain("note", asked.note, NOTE)
    agent = seen_agent(bench.engine, principal, asked.agent) if asked.agent else None
    if principal.role == "agent":
        agent = principal.agent
    if not (device or seat or agent or note):
        raise Mistaken("seat", "is missing: say where it is, whose, or what it is about")
    for known in bench.engine.desk.faults.values():
        same = (known.fault, known.device, known.agent) == (fault, device, agent)
        if same and known.closed is None and (not seat or seat == known.seat):
            return {"fault": known.id}
    id = FaultId(bench.fresh())
    bench.take(
        principal,
        FaultReported(
            at=bench.now, fault_id=id, fault=fault, device=device, seat=seat, agent=agent, note=note
        ),
    )
    return {"fault": id}


def take(bench: Bench, principal: Principal, asked: Take) -> Tree:
    fault = _seen(bench, principal, asked.fault)
    if fault.closed is not None:
        raise faster("This fault", fault.closed, "closed")
    if fault.taken is not None:
        if fault.taken.by is not None and fault.taken.by.id == principal.id:
            return {"fault": fault.id}
        raise faster("This fault", fault.taken, "taken")
    bench.take(principal, FaultTaken(at=bench.now, fault_id=fault.id))
    return {"fault": fault.id}


def close(bench: Bench, principal: Principal, asked: Close) -> Tree:
    fault = _seen(bench, principal, asked.fault)
    note = plain("note", asked.note, NOTE)
    if fault.closed is not None:
        raise faster("This fault", fault.closed, "closed")
    bench.take(principal, FaultClosed(at=bench.now, fault_id=fault.id, how=asked.how, note=note))
    return {"fault": fault.id}


def _seen(bench: Bench, principal: Principal, id: str) -> Fault:
    fault = bench.engine.desk.faults.get(FaultId(id))
    agent = None if fault is None else fault.agent
    if fault is None or (
        agent is not None and not sees_agent(bench.engine, principal, AgentId(agent), fault.team)
    ):
        raise not_there("fault", id)
    return fault


ACTS: tuple[Act, ...] = (
    Act(name="fault.report", takes=Report, may=EVERYBODY, do=report),
    Act(name="fault.take", takes=Take, may=LEADS, do=take),
    Act(name="fault.close", takes=Close, may=LEADS, do=close),
)
