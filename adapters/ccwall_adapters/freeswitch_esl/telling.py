"""One visit as remembered, and the facts told of it: the only place that makes `contact.*` events of queue calls."""

from typing import Literal

import msgspec

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
    ContactReleased,
    ContactRetrieved,
    ContactTransferred,
    FlowOutCause,
    QueueId,
    QueueUnseen,
    ReleasedBy,
)


class Ring(msgspec.Struct):
    """A phone that rings for a visit, since `at`."""

    agent: AgentId
    at: float


class Visit(msgspec.Struct):
    """One visit: `member` is mod_callcenter's key of it, `session` the caller's channel.

    `connection` is the one in which it was last confirmed; `gone` when its channel hung up, `ended` when the agent's part
    was over, `unsettled` since when it is to be decided; `said` how much of its life has been told, for what a list shows during a resync is told only at its end.
    """

    member: str
    session: str
    queue: str
    queue_id: QueueId
    contact: ContactId
    caller: str
    caller_name: str
    queued: float
    connection: int
    inferred: bool = False
    wait_known: bool = True
    state: Literal["waiting", "answering", "talking", "over"] = "waiting"
    declared: float | None = None
    ringing: dict[str, Ring] = {}
    agent: AgentId = AgentId("")
    agent_name: str = ""
    leg: str = ""
    answered: float = 0.0
    held: bool = False
    gone: float = 0.0
    ended: float = 0.0
    unsettled: float = 0.0
    shut_down: bool = False
    said: Literal["", "queued", "answered"] = ""

    @property
    def since(self) -> float:
        """When what it is in now began."""
        return max(self.queued, self.answered)


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
                call=v.session,
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

    def alerting(self, v: Visit, name: str, ring: Ring) -> None:
        self._introduce(v)
        self._out.append(
            ContactAlerting(at=ring.at, contact=v.contact, queue=v.queue_id, agent=ring.agent, interface=name)
        )

    def not_answered(
        self, v: Visit, agent: AgentId, at: float, ring_time: float = 0.0, *, cancelled: bool = False
    ) -> None:
        self._introduce(v)
        self._out.append(
            ContactNotAnswered(
                at=at,
                contact=v.contact,
                queue=v.queue_id,
                agent=agent,
                ring_time=ring_time,
                cancelled=cancelled,
            )
        )

    def silence(self, v: Visit, at: float, but: str = "") -> None:
        """The phones that ring for the visit ring no more, and nobody is to blame."""
        for name in list(v.ringing):
            ring = v.ringing.pop(name)
            if name != but:
                self.not_answered(v, ring.agent, at, cancelled=True)

    def answered(self, v: Visit) -> None:
        self._introduce(v)
        v.said = "answered"
        self._out.append(
            ContactAnswered(
                at=v.answered,
                contact=v.contact,
                queue=v.queue_id,
                agent=v.agent,
                agent_name=v.agent_name,
                member=v.agent_name,
                interface=v.agent_name,
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
        kind: Literal["blind", "attended"] = "attended" if attended else "blind"
        self._out.append(
            ContactTransferred(at=at, contact=v.contact, queue=v.queue_id, agent=v.agent, kind=kind, to=to)
        )

    def released(self, v: Visit, by: ReleasedBy, wrap_up: float, at: float) -> None:
        """The conversation ended; work after it begins without a word from the PBX."""
        self._introduce(v, talking=True)
        self._out.append(ContactReleased(at=at, contact=v.contact, queue=v.queue_id, agent=v.agent, by=by))
        if wrap_up > 0:
            self._out.append(
                AgentWorkingAfterCall(at=at, agent=v.agent, contact=v.contact, until=at + wrap_up)
            )

    def abandoned(self, v: Visit, at: float) -> None:
        self._introduce(v)
        self._out.append(
            ContactAbandoned(
                at=at,
                contact=v.contact,
                queue=v.queue_id,
                cause="hangup",
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

    def lost(self, v: Visit, reason: str, at: float, *, exit_known: bool) -> None:
        self._introduce(v, talking=v.state == "talking")
        self._out.append(
            ContactLost(at=at, contact=v.contact, queue=v.queue_id, reason=reason, exit_known=exit_known)
        )

    def cleared(self, v: Visit, at: float) -> None:
        self._out.append(ContactCleared(at=at, contact=v.contact, queue=v.queue_id))

    def unseen(self, queue: QueueId, since: float, at: float, visits: int) -> None:
        self._out.append(QueueUnseen(at=at, queue=queue, since=since, visits=visits))
