"""Amazon Connect's agent events: what each agent is and has, again and again; the difference is what happened.

https://docs.aws.amazon.com/connect/latest/adminguide/agent-event-stream-model.html. They come from a Firehose stream with
an HTTP endpoint as destination, or one by one or as an array from anything else that can POST. How many wait in a queue is
not in them: a visit is known from when it is offered to somebody, with the instant at which it had queued.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.events import (
    AgentBusy,
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentNotReady,
    AgentReady,
    AgentWorkingAfterCall,
    AnyEvent,
    ContactAlerting,
    ContactAnswered,
    ContactCleared,
    ContactHeld,
    ContactId,
    ContactNotAnswered,
    ContactQueued,
    ContactReleased,
    ContactRetrieved,
    Medium,
    QueueDescribed,
    QueueId,
)
from ccwall.wire.memory import Recent

from .requests import HttpSession, Refusal, Request, Told, let_in, took

MOST_AGENTS, MOST_CONTACTS, MOST_RECORDS = 10_000, 50, 2_000
FIREHOSE_KEY = "x-amz-firehose-access-key"
STREAM = "connect"
RINGS = {"INCOMING", "PENDING", "CONNECTING"}
MEDIA: dict[str, Medium] = {"VOICE": "voice", "CHAT": "chat", "TASK": "other", "EMAIL": "email"}


class ConnectSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`token`: what the sender must say, as Firehose's access key or as a bearer token."""

    token: str


class _Status(msgspec.Struct):
    Name: str = ""
    Type: str = ""
    StartTimestamp: str = ""


class _Queue(msgspec.Struct):
    ARN: str = ""
    Name: str = ""


class _Contact(msgspec.Struct):
    ContactId: str
    State: str = ""
    Channel: str = "VOICE"
    InitiationMethod: str = ""
    StateStartTimestamp: str | None = None
    QueueTimestamp: str | None = None
    ConnectedToAgentTimestamp: str | None = None
    Queue: _Queue | None = None


class _Configuration(msgspec.Struct):
    Username: str = ""
    FirstName: str | None = None
    LastName: str | None = None


class _Snapshot(msgspec.Struct):
    AgentStatus: _Status | None = None
    Configuration: _Configuration | None = None
    Contacts: list[_Contact] | None = None


class _AgentEvent(msgspec.Struct):
    EventId: str
    EventType: str
    EventTimestamp: str
    AgentARN: str
    CurrentAgentSnapshot: _Snapshot | None = None


class _Record(msgspec.Struct):
    data: str


class _Firehose(msgspec.Struct):
    request_id: str = msgspec.field(name="requestId")
    timestamp: int
    records: list[_Record]


class _Had(msgspec.Struct, kw_only=True):
    """A contact as an agent had it."""

    contact: ContactId
    queue: QueueId | None
    state: str
    since: float
    answered: bool = False
    over: bool = False


class _Agent(msgspec.Struct, kw_only=True):
    id: AgentId
    at: float = 0.0
    status: tuple[str, str] = ("", "")
    contacts: dict[str, _Had] = {}


class ConnectSession(HttpSession):
    """See the module."""

    product = "Amazon Connect"
    limits = ("queues", "devices")

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        super().__init__(mode)
        self._settings, self._directory = cast(ConnectSettings, settings), directory
        self._agents: Recent[str, _Agent] = Recent(MOST_AGENTS)
        self._queues: Recent[QueueId, None] = Recent(MOST_AGENTS)
        self._queued: Recent[ContactId, None] = Recent(MOST_AGENTS)

    def understand(self, request: Request, now: float) -> Told:
        firehose = FIREHOSE_KEY in request.headers
        if self._mode == "live":
            secret = self._settings.token
            if firehose:
                let_in(request, secret, header=FIREHOSE_KEY, scheme="")
            else:
                let_in(request, secret)
        bodies, answer = _unwrapped(request.body) if firehose else ([request.body], b"")
        events = [event for body in bodies for event in _events(body)]
        facts = [fact for event in events for fact in self._event(event, now)]
        return Told(facts, 200, answer, "application/json") if firehose else Told(facts)

    def _event(self, event: _AgentEvent, now: float) -> Sequence[AnyEvent]:
        if not self.taken.is_new(STREAM, event.EventId):
            self.count("again")
            return ()
        kind = event.EventType
        self.count(
            kind if kind in {"LOGIN", "LOGOUT", "STATE_CHANGE", "HEART_BEAT"} else f"unknown:{kind[:64]}"
        )
        at = _instant(event.EventTimestamp, now)
        agent = self._agent(event)
        if at < agent.at:
            return took([], now, STREAM, event.EventId)  # a later one was here first, and said all
        agent.at = at
        facts = list(self._off(agent, at) if kind == "LOGOUT" else self._snapshot(agent, event, at))
        return took(facts, now, STREAM, event.EventId)

    def _agent(self, event: _AgentEvent) -> _Agent:
        known = self._agents.get(event.AgentARN)
        if known is None:
            snapshot = event.CurrentAgentSnapshot
            name = snapshot.Configuration.Username if snapshot and snapshot.Configuration else ""
            key = name or event.AgentARN.rpartition("/")[2]
            known = _Agent(id=self._directory.agent(key, event.AgentARN))
            self._agents[event.AgentARN] = known
        return known

    def _off(self, agent: _Agent, at: float) -> Iterable[AnyEvent]:
        yield from self._without(agent, {}, at)
        agent.status = "OFFLINE", "Offline"
        yield AgentLoggedOff(at=at, agent=agent.id)

    def _snapshot(self, agent: _Agent, event: _AgentEvent, at: float) -> Iterable[AnyEvent]:
        snapshot = event.CurrentAgentSnapshot
        if snapshot is None:
            return
        yield from self._status(agent, snapshot, at)
        contacts = {each.ContactId: each for each in (snapshot.Contacts or [])[:MOST_CONTACTS]}
        yield from self._without(agent, contacts, at)
        for each in contacts.values():
            yield from self._contact(agent, each, at)

    def _status(self, agent: _Agent, snapshot: _Snapshot, at: float) -> Iterable[AnyEvent]:
        status = snapshot.AgentStatus
        if status is None or agent.status == (status.Type, status.Name):
            return
        before, agent.status = agent.status, (status.Type, status.Name)
        since = _instant(status.StartTimestamp, at)
        if status.Type == "OFFLINE":
            yield AgentLoggedOff(at=since, agent=agent.id)
            return
        if before[0] in {"", "OFFLINE"}:
            card = snapshot.Configuration or _Configuration()
            name = f"{card.FirstName or ''} {card.LastName or ''}".strip() or card.Username
            yield AgentLoggedOn(at=since, agent=agent.id, name=name)
        if status.Type == "ROUTABLE":
            yield AgentReady(at=since, agent=agent.id)
        else:
            yield AgentNotReady(at=since, agent=agent.id, reason=status.Name)

    def _without(self, agent: _Agent, contacts: dict[str, _Contact], at: float) -> Iterable[AnyEvent]:
        """What the agent had and has no more."""
        for key in [key for key in agent.contacts if key not in contacts]:
            had = agent.contacts.pop(key)
            if had.queue is None:
                continue
            if not had.over:
                yield from self._ended(agent, had, at)
            if had.answered:
                yield ContactCleared(at=at, contact=had.contact, queue=had.queue)
                yield from self._free(agent, at)

    def _free(self, agent: _Agent, at: float) -> Iterable[AnyEvent]:
        """Work after the call is over: the agent is what the status says."""
        kind, name = agent.status
        if kind == "ROUTABLE":
            yield AgentReady(at=at, agent=agent.id)
        elif kind == "CUSTOM":
            yield AgentNotReady(at=at, agent=agent.id, reason=name)

    def _ended(self, agent: _Agent, had: _Had, at: float) -> Iterable[AnyEvent]:
        had.over = True
        if had.queue is None:
            return
        if had.answered:
            yield ContactReleased(at=at, contact=had.contact, queue=had.queue, agent=agent.id)
        elif had.state in RINGS:
            yield ContactNotAnswered(
                at=at, contact=had.contact, queue=had.queue, agent=agent.id, cancelled=True
            )

    def _contact(self, agent: _Agent, each: _Contact, at: float) -> Iterable[AnyEvent]:
        since = _instant(each.StateStartTimestamp or "", at)
        had = agent.contacts.get(each.ContactId)
        if had is not None and had.state == each.State:
            return
        if had is None:
            queue = (
                self._directory.queue(each.Queue.Name or each.Queue.ARN) if each.Queue is not None else None
            )
            had = _Had(
                contact=ContactId(self._directory.own(each.ContactId)), queue=queue, state="", since=since
            )
            agent.contacts[each.ContactId] = had
            if queue is not None:
                yield from self._first(had, queue, each, since)
        before, had.state = had.state, each.State
        yield from self._turned(agent, had, each, before, since)
        had.since = since

    def _first(self, had: _Had, queue: QueueId, each: _Contact, since: float) -> Iterable[AnyEvent]:
        if queue not in self._queues:
            self._queues[queue] = None
            yield QueueDescribed(at=since, queue=queue, name=each.Queue.Name if each.Queue else str(queue))
        if had.contact in self._queued:
            return
        self._queued[had.contact] = None
        outbound = each.InitiationMethod in {"OUTBOUND", "CALLBACK"}
        yield ContactQueued(
            at=_instant(each.QueueTimestamp or "", since),
            contact=had.contact,
            queue=queue,
            call=had.contact,
            direction="out" if outbound else "in",
            medium=MEDIA.get(each.Channel, "other"),
            inferred=True,
            wait_known=each.QueueTimestamp is not None,
        )

    def _turned(
        self, agent: _Agent, had: _Had, each: _Contact, before: str, since: float
    ) -> Iterable[AnyEvent]:
        queue, state = had.queue, each.State
        if queue is None:
            if state.startswith("CONNECTED"):
                yield AgentBusy(at=since, agent=agent.id)
            elif state == "ENDED":
                yield AgentWorkingAfterCall(at=since, agent=agent.id)
            return
        contact = had.contact
        if state in RINGS and before not in RINGS:
            yield ContactAlerting(at=since, contact=contact, queue=queue, agent=agent.id)
        elif state == "CONNECTED" and before == "CONNECTED_ONHOLD":
            yield ContactRetrieved(at=since, contact=contact, queue=queue, agent=agent.id)
        elif state.startswith("CONNECTED"):
            if not had.answered:
                had.answered = True
                answered = _instant(each.ConnectedToAgentTimestamp or "", since)
                yield ContactAnswered(at=answered, contact=contact, queue=queue, agent=agent.id)
            if state == "CONNECTED_ONHOLD":
                yield ContactHeld(at=since, contact=contact, queue=queue, agent=agent.id)
        elif state in {"MISSED", "REJECTED"} and not had.over:
            had.over = True
            rang = max(0.0, since - had.since) if state == "MISSED" else 0.0
            yield ContactNotAnswered(at=since, contact=contact, queue=queue, agent=agent.id, ring_time=rang)
        elif state in {"ENDED", "ERROR"} and not had.over:
            yield from self._ended(agent, had, since)
            if had.answered:
                yield AgentWorkingAfterCall(at=since, agent=agent.id, contact=contact)


_decode = msgspec.json.Decoder(_AgentEvent).decode
_decode_many = msgspec.json.Decoder(list[_AgentEvent]).decode
_decode_firehose = msgspec.json.Decoder(_Firehose).decode


def _events(body: bytes) -> list[_AgentEvent]:
    """One event, an array, or one after the other, as Firehose writes them into one record."""
    try:
        if body.lstrip()[:1] == b"[":
            return _decode_many(body)
        lines = [line for line in body.splitlines() if line.strip()]
        return [_decode(line) for line in lines] if _is_one_a_line(lines) else [_decode(body)]
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refusal(422, f"These are no agent events of Amazon Connect: {error}") from None


def _is_one_a_line(lines: Sequence[bytes]) -> bool:
    return len(lines) > 1 and all(line.lstrip()[:1] == b"{" and line.rstrip()[-1:] == b"}" for line in lines)


def _unwrapped(body: bytes) -> tuple[list[bytes], bytes]:
    """The records of a delivery by Firehose, and the answer that it waits for."""
    try:
        sent = _decode_firehose(body)
        if len(sent.records) > MOST_RECORDS:
            raise Refusal(413, f"A delivery has at most {MOST_RECORDS} records.")
        records = [base64.b64decode(each.data, validate=True) for each in sent.records]
    except (msgspec.DecodeError, binascii.Error, UnicodeError, RecursionError) as error:
        raise Refusal(400, f"This is no delivery of Firehose: {error}") from None
    return records, msgspec.json.encode({"requestId": sent.request_id, "timestamp": sent.timestamp})


def _instant(text: str, otherwise: float) -> float:
    """ISO 8601 with a zone, or `otherwise`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return found.timestamp() if found.tzinfo is not None else otherwise
