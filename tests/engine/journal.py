"""A floor to try the engine on: facts said in short, and the board read by path."""

from collections.abc import Iterable, Mapping

from ccwall import events
from ccwall.engine import Changes, Contact, Engine
from ccwall.events import (
    AgentId,
    AnyEvent,
    ContactId,
    DeviceId,
    Envelope,
    PhoneState,
    Policy,
    QueueId,
    SiteId,
    SourceId,
)

PBX = SourceId("pbx1")
HOUSE = SourceId("ccwall")
Q = QueueId("pbx1/consult")
PROMO = QueueId("pbx1/promo")
ANNA = AgentId("anna")
OLEG = AgentId("oleg")
NOON = 1_795_348_800.0
"""2026-11-22 12:00 UTC, the beginning of an interval."""


def fact(event: AnyEvent, seq: int = 1, source: SourceId = PBX, received: float | None = None) -> Envelope:
    return Envelope(
        seq=seq,
        id=f"{seq:08x}",
        source=source,
        site=SiteId("site"),
        received=event.at if received is None else received,
        event=event,
    )


class Floor:
    """An engine and the journal it was fed with."""

    def __init__(self, policy: Policy | None = None, at: float = NOON) -> None:
        self.engine = Engine()
        self.journal: list[Envelope] = []
        self.say(events.ConfigApplied(at=at, hash="", policy=policy or Policy()), source=HOUSE)

    def say(self, *facts: AnyEvent, source: SourceId = PBX, received: float | None = None) -> "Floor":
        for event in facts:
            self.hear(fact(event, len(self.journal) + 1, source, received))
        return self

    def hear(self, envelope: Envelope) -> None:
        self.journal.append(envelope)
        self.engine.apply(envelope)

    def at(self, now: float, *path: str) -> object:
        """The value at a path of the board, None when it is absent."""
        here: object = self.engine.board(now)
        for key in path:
            if not isinstance(here, Mapping) or key not in here:
                return None
            here = here[key]
        return here

    def queue(self, now: float, key: str, queue: QueueId = Q) -> object:
        return self.at(now, "queues", queue, key)

    def agent(self, now: float, key: str, agent: AgentId = ANNA) -> object:
        return self.at(now, "agents", agent, key)

    def contact(self, id: str = "c1") -> Contact:  # the field's word
        return next(c for c in self.engine.contacts() if c.id == id)


def queued(
    at: float, contact: str = "c1", queue: QueueId = Q, *, inferred: bool = False, wait_known: bool = True
) -> events.ContactQueued:
    return events.ContactQueued(
        at=at,
        contact=ContactId(contact),
        queue=queue,
        caller="13800138000",
        inferred=inferred,
        wait_known=wait_known,
    )


def alerting(at: float, contact: str = "c1", agent: AgentId = ANNA) -> events.ContactAlerting:
    return events.ContactAlerting(at=at, contact=ContactId(contact), queue=Q, agent=agent)


def not_answered(at: float, contact: str = "c1", agent: AgentId = ANNA) -> events.ContactNotAnswered:
    return events.ContactNotAnswered(at=at, contact=ContactId(contact), queue=Q, agent=agent, ring_time=15.0)


def answered(
    at: float, contact: str = "c1", agent: AgentId = ANNA, queue: QueueId = Q
) -> events.ContactAnswered:
    return events.ContactAnswered(at=at, contact=ContactId(contact), queue=queue, agent=agent)


def released(
    at: float, contact: str = "c1", agent: AgentId = ANNA, queue: QueueId = Q
) -> events.ContactReleased:
    return events.ContactReleased(at=at, contact=ContactId(contact), queue=queue, agent=agent, by="agent")


def abandoned(
    at: float, contact: str = "c1", queue: QueueId = Q, *, cause: events.AbandonCause = "hangup"
) -> events.ContactAbandoned:
    return events.ContactAbandoned(at=at, contact=ContactId(contact), queue=queue, cause=cause)


def flowed_out(
    at: float, contact: str = "c1", cause: events.FlowOutCause = "timeout", queue: QueueId = Q
) -> events.ContactFlowedOut:
    return events.ContactFlowedOut(at=at, contact=ContactId(contact), queue=queue, cause=cause)


def lost(at: float, contact: str = "c1", queue: QueueId = Q) -> events.ContactLost:
    return events.ContactLost(at=at, contact=ContactId(contact), queue=queue)


def cleared(at: float, contact: str = "c1", queue: QueueId = Q) -> events.ContactCleared:
    return events.ContactCleared(at=at, contact=ContactId(contact), queue=queue)


def member(
    at: float,
    queue: QueueId = Q,
    agent: AgentId = ANNA,
    *,
    member: bool = True,
    name: str = "",
    interface: str = "PJSIP/1",
) -> events.AgentMembershipChanged:
    return events.AgentMembershipChanged(
        at=at, agent=agent, queue=queue, member=member, name=name, interface=interface
    )


def phone(
    at: float, state: PhoneState = "idle", agent: AgentId = ANNA, device: str = "PJSIP/1"
) -> events.DeviceStateChanged:
    return events.DeviceStateChanged(at=at, device=DeviceId(device), state=state, agent=agent)


def not_ready(
    at: float,
    reason: str = "",
    agent: AgentId = ANNA,
    queue: QueueId | None = None,
    interface: str = "",
) -> events.AgentNotReady:
    return events.AgentNotReady(at=at, agent=agent, queue=queue, interface=interface, reason=reason)


def ready(
    at: float, agent: AgentId = ANNA, queue: QueueId | None = None, interface: str = ""
) -> events.AgentReady:
    return events.AgentReady(at=at, agent=agent, queue=queue, interface=interface)


def wrap(
    at: float, until: float | None, contact: str = "c1", agent: AgentId = ANNA
) -> events.AgentWorkingAfterCall:
    return events.AgentWorkingAfterCall(at=at, agent=agent, contact=ContactId(contact), until=until)


def resync(start: float, *confirmed: AnyEvent, limits: tuple[str, ...] = ()) -> list[AnyEvent]:
    """A whole resync that says these facts again."""
    end = max([start, *(event.at for event in confirmed)])
    return [
        events.SourceResyncStarted(at=start),
        *confirmed,
        events.SourceResyncFinished(at=end, limits=limits),
    ]


def connected(at: float) -> list[AnyEvent]:
    return [events.SourceUp(at=at, product="PBX 1"), *resync(at)]


def fold(board: dict[str, object], changes: Changes) -> None:
    """What a screen does with a patch."""
    for path in changes.delete:
        del _parent(board, path)[path[-1]]
    for path, value in changes.set:
        _parent(board, path)[path[-1]] = value


def _parent(board: dict[str, object], path: tuple[str, ...]) -> dict[str, object]:
    here = board
    for key in path[:-1]:
        below = here.setdefault(key, {})
        assert isinstance(below, dict), f"{path} leads through {below!r}"
        here = below
    return here


def replayed(journal: Iterable[Envelope]) -> Engine:
    engine = Engine()
    for envelope in journal:
        engine.apply(envelope)
    return engine
