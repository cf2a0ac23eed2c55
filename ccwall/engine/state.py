"""What the engine knows: contacts, queues, agents, sources, and what changed since somebody last looked.

Everything here is changed by the reducers and by nobody else.
"""

from bisect import bisect_left, insort
from typing import Literal

import msgspec

from ccwall.engine.commands import Command
from ccwall.engine.day import Frame
from ccwall.engine.windows import Books
from ccwall.events import (
    AgentId,
    CommandId,
    ContactId,
    DeviceId,
    PhoneState,
    Policy,
    QueueCard,
    QueueId,
    SourceId,
)

Outcome = Literal["open", "answered", "abandoned", "flowed_out", "lost"]
End = Literal["", "caller", "agent", "transfer", "lost", "unknown"]


class Contact(msgspec.Struct, kw_only=True, gc=False):
    """One visit of one party to one queue. Read-only to everyone but the reducers.

    ``outcome`` is how the wait ended; ``end`` who ended the conversation, or the wait. An answered contact whose
    conversation was lost stays ``answered`` with end ``lost``. ``wait`` and ``talk`` are None while unknown.
    """

    id: ContactId
    source: SourceId
    queue: QueueId
    queue_name: str = ""
    call: str = ""
    caller: str = ""
    caller_name: str = ""
    queued: float
    outcome: Outcome = "open"
    cause: str = ""
    answered: float | None = None
    ended: float | None = None
    end: End = ""
    wait: float | None = None
    declared_wait: float | None = None
    talk: float | None = None
    agent: AgentId | None = None
    agent_name: str = ""
    member: str = ""
    interface: str = ""
    inferred: bool = False
    # Below: the engine's own book-keeping.
    wait_known: bool = True
    exit_known: bool = True
    """False when the wait ended nobody knows when: answered while the source was not heard."""
    answer_seen: bool = True
    """False when the answer was told by a snapshot, so that the talk time is too short to be averaged."""
    wrap: float = 0.0
    epoch: int = 0
    """The source's resync in which, or after which, this contact was last spoken of."""
    alerting: dict[AgentId, float] = {}

    @property
    def is_waiting(self) -> bool:
        return self.outcome == "open"

    @property
    def is_talking(self) -> bool:
        return self.outcome == "answered" and self.ended is None


class Queue(msgspec.Struct, kw_only=True, gc=False):
    """One queue: who waits and talks now, and its books. ``line``: the waiting with a known wait, longest first."""

    id: QueueId
    name: str
    card: QueueCard
    source: SourceId | None = None
    described: bool = False
    waiting: dict[ContactId, None] = {}
    line: list[tuple[float, ContactId]] = []
    talking: dict[ContactId, None] = {}
    events: Books = msgspec.field(default_factory=Books)
    cohorts: Books = msgspec.field(default_factory=Books)

    def wait_begins(self, contact: Contact) -> None:
        self.waiting[contact.id] = None
        if contact.wait_known:
            insort(self.line, (contact.queued, contact.id))

    def wait_ends(self, contact: Contact) -> None:
        self.waiting.pop(contact.id, None)
        if contact.wait_known:
            place = bisect_left(self.line, (contact.queued, contact.id))
            if place < len(self.line) and self.line[place][1] == contact.id:
                del self.line[place]

    def overdue(self, now: float) -> int:
        """W_T: callers waiting now for longer than the threshold."""
        return bisect_left(self.line, now - self.card.threshold, key=_queued)

    def overdue_of(self, start: float, end: float, now: float) -> int:
        """Those of them who arrived in [start, end)."""
        first = bisect_left(self.line, start, key=_queued)
        return max(0, bisect_left(self.line, min(end, now - self.card.threshold), key=_queued) - first)

    def arrivals(self, length: int) -> set[int]:
        """The intervals in which those now waiting arrived."""
        return {int(queued // length) * length for queued, _ in self.line}


def _queued(entry: tuple[float, ContactId]) -> float:
    return entry[0]


class Membership(msgspec.Struct, kw_only=True, gc=False):
    """One agent in one queue by one interface. ``queue`` "" stands for a source that knows agents but no members.

    ``since`` begins the not-ready period, ``told`` is when its reason was last said.
    """

    source: SourceId
    queue: QueueId
    interface: str
    epoch: int
    ready_epoch: int = 0
    not_ready: bool = False
    since: float = 0.0
    told: float = 0.0
    reason: str = ""
    automatic: bool = False


class Phone(msgspec.Struct, kw_only=True, gc=False):
    source: SourceId
    state: PhoneState
    since: float
    epoch: int


class Wrap(msgspec.Struct, kw_only=True, gc=False):
    """Work after a call; ``until`` None lasts until another state is told."""

    source: SourceId
    since: float
    until: float | None
    contact: ContactId | None
    epoch: int


class Engaged(msgspec.Struct, kw_only=True, gc=False):
    """The source says the agent is busy."""

    source: SourceId
    since: float
    epoch: int


class Conversation(msgspec.Struct, kw_only=True, gc=False):
    """``since`` begins the present leg of it: the answer, the last hold or the last retrieval."""

    answered: float
    since: float
    held: bool = False


class AgentDay(msgspec.Struct, kw_only=True, gc=False):
    """One person's own counts of one business day; ``talk`` in milliseconds."""

    answered: int = 0
    talk: int = 0


class Agent(msgspec.Struct, kw_only=True, gc=False):
    """One person. ``state`` and ``since`` are as resolved after the last fact; wrap-up may have run out since."""

    id: AgentId
    name: str = ""
    source: SourceId | None = None
    memberships: list[Membership] = []
    phones: dict[DeviceId, Phone] = {}
    faults: dict[DeviceId, str] = {}
    calls: dict[ContactId, Conversation] = {}
    ringing: dict[ContactId, float] = {}
    wrap: Wrap | None = None
    engaged: Engaged | None = None
    not_ready_since: float | None = None
    state: str = "off"
    since: float | None = None
    days: dict[int, AgentDay] = {}


class Source(msgspec.Struct, kw_only=True, gc=False):
    """One source. ``down_since`` is when the present (or just mended) outage began, until the resync is over."""

    id: SourceId
    type: str = ""
    state: str = "connecting"
    since: float = 0.0
    live_since: float | None = None
    product: str = ""
    limits: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""
    epoch: int = 0
    resyncing: bool = False
    was_up: bool = False
    down_since: float | None = None


class Stretch(msgspec.Struct, kw_only=True, gc=False):
    """Events of this source were missed from ``start`` to ``end``; None while that lasts."""

    source: SourceId
    start: float
    end: float | None = None


class Unseen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """By the source's own counters so many visits of the queue ended between ``since`` and ``at`` that nobody saw."""

    queue: QueueId
    since: float
    at: float
    visits: int


class Recording(msgspec.Struct, kw_only=True, gc=False):
    """Whether what happens is being kept; ``reason`` why not."""

    state: Literal["on", "stopped"]
    since: float
    reason: str = ""


class Dirty:
    """What the next projection has to look at again."""

    __slots__ = ("agents", "everything", "intervals", "queues", "recording", "sources", "stretches")

    def __init__(self) -> None:
        self.everything = True
        self.agents: set[AgentId] = set()
        self.queues: set[QueueId] = set()
        self.sources: set[SourceId] = set()
        self.intervals: set[int] = set()
        self.stretches = False
        self.recording = False

    def clear(self) -> None:
        self.everything = False
        self.stretches = False
        self.recording = False
        self.agents.clear()
        self.queues.clear()
        self.sources.clear()
        self.intervals.clear()


EMPTY_FRAME = Frame(start=0, end=0, length=60)


class State:
    """The whole of it. ``dirty`` is not part of the state: it depends on who looked when."""

    KEPT = ("seq", "now", "policy", "frame", "contacts", "queues", "agents", "sources", "stretches", "refused",
            "devices", "commands", "unseen", "cut", "recording", "all_open")  # fmt: skip
    __slots__ = (*KEPT, "dirty")
    # What is kept has its type here, where `dump` finds it.
    seq: int
    now: float
    policy: Policy
    frame: Frame
    contacts: dict[ContactId, Contact]
    queues: dict[QueueId, Queue]
    agents: dict[AgentId, Agent]
    sources: dict[SourceId, Source]
    stretches: list[Stretch]
    refused: dict[ContactId, tuple[QueueId, float]]
    devices: dict[DeviceId, AgentId]
    commands: dict[CommandId, Command]
    unseen: list[Unseen]
    cut: dict[ContactId, None]
    """Visits whose wait may have met a stretch: the curve looks at them again."""
    recording: Recording | None
    all_open: bool
    """No visit in memory was closed when one was last looked for to be forgotten."""
    dirty: Dirty

    def __init__(self, policy: Policy) -> None:
        self.seq = 0
        self.now = 0.0
        self.policy = policy
        self.frame = EMPTY_FRAME
        self.contacts = {}
        self.queues = {}
        self.agents = {}
        self.sources = {}
        self.stretches = []
        self.refused = {}
        self.devices = {}
        self.commands = {}
        self.unseen = []
        self.cut = {}
        self.recording = None
        self.all_open = False
        self.dirty = Dirty()

    def card(self, queue: QueueId) -> QueueCard:
        return self.policy.queues.get(queue, self.policy.default)

    def queue(self, queue: QueueId, source: SourceId | None) -> Queue:
        """The queue, made when new; whoever speaks of it last is its source."""
        known = self.queues.get(queue)
        if known is None:
            known = self.queues[queue] = Queue(id=queue, name=short_name(queue), card=self.card(queue))
            self.dirty.queues.add(queue)
        if source is not None and known.source != source:
            known.source = source
            self.dirty.queues.add(queue)
        return known

    def agent(self, agent: AgentId) -> Agent:
        known = self.agents.get(agent)
        if known is None:
            known = self.agents[agent] = Agent(id=agent)
            self.dirty.agents.add(agent)
        return known

    def source(self, source: SourceId, at: float, state: str = "live") -> Source:
        """The source, made when new: one that tells facts before it says that it is up is evidently live."""
        known = self.sources.get(source)
        if known is None:
            live = at if state == "live" else None
            kind = self.policy.sources.get(source, "")
            known = self.sources[source] = Source(
                id=source, type=kind, state=state, since=at, live_since=live
            )
            self.dirty.sources.add(source)
        return known

    def known_at(self, source: SourceId | None, now: float) -> float:
        """Until when we know what a source tells: now, or the moment it went down, until it has told all again.

        What time alone changes (callers passing the threshold, wrap-up running out) stops there too: a number shown as
        of that moment must be the number of that moment.
        """
        known = self.sources.get(source) if source is not None else None
        return now if known is None or known.down_since is None else min(now, known.down_since)

    def kept(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.KEPT}


def short_name(id: str) -> str:  # it is one
    """An id without its source: what a queue or a person is called before anybody said a name."""
    return id.partition("/")[2] or id
