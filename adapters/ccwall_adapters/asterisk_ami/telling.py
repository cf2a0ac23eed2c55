"""One visit as remembered, and the facts told of it: the only place that makes `contact.*` events of queue calls."""

from dataclasses import dataclass, field
from typing import Literal

from ccwall.events import (
    AgentId,
    AgentWorkingAfterCall,
    AnyEvent,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactCleared,
    ContactFlowedOut,
    ContactHeld,
    ContactId,
    ContactLost,
    ContactNotAnswered,
    ContactQueued,
    ContactRated,
    ContactRefused,
    ContactReleased,
    ContactRetrieved,
    ContactTransferred,
    FlowOutCause,
    QueueId,
    QueueUnseen,
    RefusedCause,
    ReleasedBy,
    SourceLimited,
)


@dataclass(slots=True)
class Visit:
    """One visit. `left` is when it left the queue unexplained, `hung` whether a hang-up was asked for before that; `said` how
    much of its life has been told, for what a list shows during a resync is told only at its end."""

    uid: str
    queue: str
    queue_id: QueueId
    contact: ContactId
    linked: str
    caller: str
    caller_name: str
    queued: float
    inferred: bool = False
    wait_known: bool = True
    state: Literal["waiting", "leaving", "talking", "over"] = "waiting"
    left: float = 0.0
    hung: bool = False
    abandoned: bool = False
    declared: float | None = None
    ringing: dict[str, AgentId] = field(default_factory=dict)
    agent: AgentId = AgentId("")
    interface: str = ""
    member: str = ""
    leg: str = ""
    answered: float = 0.0
    held: bool = False
    gone: float = 0.0
    said: Literal["", "queued", "answered"] = ""


class Telling:
    """Appends facts to `out`."""

    def __init__(self, out: list[AnyEvent]) -> None:
        self._out = out

    def queued(self, v: Visit) -> None:
        v.said = v.said or "queued"
        self._out.append(
            ContactQueued(
                at=v.queued,
                contact=v.contact,
                queue=v.queue_id,
                call=v.uid,
                caller=v.caller,
                caller_name=v.caller_name,
                inferred=v.inferred,
                wait_known=v.wait_known,
            )
        )

    def _introduce(self, v: Visit, *, talking: bool = False) -> None:
        """Whatever happens to a visit, it has been told of before."""
        if not v.said:
            self.queued(v)
        if talking and v.said != "answered":
            self.answered(v)

    def alerting(self, v: Visit, agent: AgentId, interface: str, at: float) -> None:
        self._introduce(v)
        self._out.append(
            ContactAlerting(at=at, contact=v.contact, queue=v.queue_id, agent=agent, interface=interface)
        )

    def not_answered(self, v: Visit, agent: AgentId, ring_time: float, at: float) -> None:
        self._introduce(v)
        self._out.append(
            ContactNotAnswered(at=at, contact=v.contact, queue=v.queue_id, agent=agent, ring_time=ring_time)
        )

    def cancelled(self, v: Visit, leg: str, at: float) -> None:
        """One of the phones that rang for the visit rings no more, and nobody is to blame."""
        agent = v.ringing.pop(leg)
        self._out.append(
            ContactNotAnswered(at=at, contact=v.contact, queue=v.queue_id, agent=agent, cancelled=True)
        )

    def answered(self, v: Visit) -> None:
        self._introduce(v)
        v.said = "answered"
        self._out.append(
            ContactAnswered(
                at=v.answered,
                contact=v.contact,
                queue=v.queue_id,
                agent=v.agent,
                agent_name=v.member,
                member=v.member,
                interface=v.interface,
                declared_wait=v.declared,
                inferred=v.inferred,
            )
        )

    def held(self, v: Visit, at: float) -> None:
        self._introduce(v, talking=True)
        said = ContactHeld if v.held else ContactRetrieved
        self._out.append(said(at=at, contact=v.contact, queue=v.queue_id, agent=v.agent))

    def transferred(self, v: Visit, to: str, at: float, *, attended: bool) -> None:
        self._introduce(v, talking=True)
        self._out.append(
            ContactTransferred(
                at=at,
                contact=v.contact,
                queue=v.queue_id,
                agent=v.agent,
                kind="attended" if attended else "blind",
                to=to,
            )
        )

    def released(self, v: Visit, by: ReleasedBy, declared: float | None, wrap_up: float, at: float) -> None:
        """The conversation ended; with a wrap-up time configured, work after it begins (no PBX event says so)."""
        self._introduce(v, talking=True)
        self._out.append(
            ContactReleased(
                at=at, contact=v.contact, queue=v.queue_id, agent=v.agent, by=by, declared_talk=declared
            )
        )
        if wrap_up > 0:
            until = at + wrap_up
            self._out.append(AgentWorkingAfterCall(at=at, agent=v.agent, contact=v.contact, until=until))

    def abandoned(self, v: Visit, at: float, *, known: bool) -> None:
        self._introduce(v)
        self._out.append(
            ContactAbandoned(
                at=at,
                contact=v.contact,
                queue=v.queue_id,
                cause="hangup" if known else "unknown",
                declared_wait=v.declared,
                inferred=v.inferred,
            )
        )

    def flowed_out(self, v: Visit, cause: FlowOutCause, at: float) -> None:
        self._introduce(v)
        self._out.append(
            ContactFlowedOut(
                at=at,
                contact=v.contact,
                queue=v.queue_id,
                cause=cause,
                declared_wait=v.declared,
                inferred=v.inferred,
            )
        )

    def lost(self, v: Visit, reason: str, at: float) -> None:
        self._introduce(v, talking=v.state == "talking")
        self._out.append(ContactLost(at=at, contact=v.contact, queue=v.queue_id, reason=reason))

    def cleared(self, v: Visit, at: float) -> None:
        self._out.append(ContactCleared(at=at, contact=v.contact, queue=v.queue_id))

    def rated(self, v: Visit, score: float, best: float, at: float) -> None:
        self._out.append(ContactRated(at=at, contact=v.contact, queue=v.queue_id, score=score, best=best))

    def refused(
        self, contact: ContactId, queue: QueueId, cause: RefusedCause, call: str, caller: str, at: float
    ) -> None:
        self._out.append(
            ContactRefused(at=at, contact=contact, queue=queue, cause=cause, call=call, caller=caller)
        )

    def unseen(self, queue: QueueId, since: float, at: float, visits: int) -> None:
        self._out.append(QueueUnseen(at=at, queue=queue, since=since, visits=visits))

    def limited(self, limit: str, at: float) -> None:
        self._out.append(SourceLimited(at=at, limit=limit))
