"""One visit as remembered, and the facts told of it: the only place that makes `contact.*` events."""

from dataclasses import dataclass, field
from typing import Literal

from ccwall.events import (
    AgentId,
    AnyEvent,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactCleared,
    ContactConferenced,
    ContactFlowedOut,
    ContactHeld,
    ContactId,
    ContactLost,
    ContactNotAnswered,
    ContactOffered,
    ContactQueued,
    ContactRefused,
    ContactReleased,
    ContactRetrieved,
    ContactTransferred,
    FlowOutCause,
    QueueId,
    RefusedCause,
    ReleasedBy,
    SourceLimited,
)

Leaving = Literal["", "abandoned", "lost"] | FlowOutCause
"""What a call that has left its group will turn out to have been, if nothing more is heard of it."""


@dataclass(slots=True)
class Ring:
    """A phone rings for the visit."""

    agent: AgentId
    since: float


@dataclass(slots=True)
class Visit:
    """One visit. `said` is how much of its life has been told, for what a snapshot shows during a resync is told only at its
    end; `seen` is False until this connection has shown that it still is. `called` is the calledDevice last told."""

    call: str
    group: str
    queue: QueueId
    contact: ContactId
    caller: str
    queued: float
    state: Literal["offered", "waiting", "talking", "over"] = "waiting"
    inferred: bool = False
    wait_known: bool = True
    seen: bool = True
    ringing: dict[str, Ring] = field(default_factory=dict)
    leaving: Leaving = ""
    left: float = 0.0
    agent: AgentId = AgentId("")
    phone: str = ""
    answered: float = 0.0
    answer_inferred: bool = False
    held: bool = False
    conference: bool = False
    said: Literal["", "queued", "answered"] = ""
    called: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.state in ("offered", "waiting")


class Telling:
    """Appends facts to `out`."""

    def __init__(self, out: list[AnyEvent]) -> None:
        self._out = out

    def offered(self, v: Visit, at: float) -> None:
        self._out.append(
            ContactOffered(at=at, contact=v.contact, queue=v.queue, call=v.call, caller=v.caller)
        )

    def queued(self, v: Visit) -> None:
        v.said = v.said or "queued"
        self._out.append(
            ContactQueued(
                at=v.queued,
                contact=v.contact,
                queue=v.queue,
                call=v.call,
                caller=v.caller,
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

    def alerting(self, v: Visit, phone: str) -> None:
        self._introduce(v)
        ring = v.ringing[phone]
        self._out.append(
            ContactAlerting(
                at=ring.since, contact=v.contact, queue=v.queue, agent=ring.agent, interface=phone
            )
        )

    def not_answered(
        self, v: Visit, phone: str, at: float, *, rejected: bool = False, cancelled: bool = False
    ) -> None:
        """The phone rings no more. `cancelled`: and nobody is to blame."""
        ring = v.ringing.pop(phone)
        self._introduce(v)
        self._out.append(
            ContactNotAnswered(
                at=at,
                contact=v.contact,
                queue=v.queue,
                agent=ring.agent,
                ring_time=0.0 if rejected or cancelled else max(0.001, at - ring.since),
                cancelled=cancelled,
            )
        )

    def answered(self, v: Visit) -> None:
        self._introduce(v)
        v.said = "answered"
        self._out.append(
            ContactAnswered(
                at=v.answered,
                contact=v.contact,
                queue=v.queue,
                agent=v.agent,
                member=v.phone,
                interface=v.phone,
                inferred=v.answer_inferred,
            )
        )

    def held(self, v: Visit, at: float) -> None:
        self._introduce(v, talking=True)
        said = ContactHeld if v.held else ContactRetrieved
        self._out.append(said(at=at, contact=v.contact, queue=v.queue, agent=v.agent))

    def conferenced(self, v: Visit, at: float) -> None:
        self._introduce(v, talking=True)
        self._out.append(ContactConferenced(at=at, contact=v.contact, queue=v.queue, agent=v.agent))

    def transferred(self, v: Visit, to: str, at: float, *, attended: bool) -> None:
        self._introduce(v, talking=True)
        self._out.append(
            ContactTransferred(
                at=at,
                contact=v.contact,
                queue=v.queue,
                agent=v.agent,
                kind="attended" if attended else "blind",
                to=to,
            )
        )

    def released(self, v: Visit, by: ReleasedBy, at: float) -> None:
        self._introduce(v, talking=True)
        self._out.append(ContactReleased(at=at, contact=v.contact, queue=v.queue, agent=v.agent, by=by))

    def abandoned(self, v: Visit, at: float) -> None:
        self._introduce(v)
        self._out.append(ContactAbandoned(at=at, contact=v.contact, queue=v.queue, inferred=v.inferred))

    def flowed_out(self, v: Visit, cause: FlowOutCause, at: float) -> None:
        self._introduce(v)
        self._out.append(
            ContactFlowedOut(at=at, contact=v.contact, queue=v.queue, cause=cause, inferred=v.inferred)
        )

    def lost(self, v: Visit, reason: str, at: float) -> None:
        self._introduce(v, talking=v.state == "talking")
        self._out.append(ContactLost(at=at, contact=v.contact, queue=v.queue, reason=reason))

    def cleared(self, v: Visit, at: float) -> None:
        self._out.append(ContactCleared(at=at, contact=v.contact, queue=v.queue))

    def refused(
        self, contact: ContactId, queue: QueueId, cause: RefusedCause, call: str, caller: str, at: float
    ) -> None:
        self._out.append(
            ContactRefused(at=at, contact=contact, queue=queue, cause=cause, call=call, caller=caller)
        )

    def limited(self, limit: str, at: float) -> None:
        self._out.append(SourceLimited(at=at, limit=limit))
