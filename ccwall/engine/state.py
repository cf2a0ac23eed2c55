"""What the engine knows: contacts, queues, agents, sources, and what changed since somebody last looked.

Everything here is changed by the reducers and by nobody else.
"""

import math
from bisect import bisect_left, insort
from typing import Literal

import msgspec

from ccwall.engine.commands import Command
from ccwall.engine.course import Trend
from ccwall.engine.day import Frame
from ccwall.engine.desk.shape import Desk
from ccwall.engine.evidence import Gear, Sitting
from ccwall.engine.persons import Agent
from ccwall.engine.sums import Shift
from ccwall.engine.visits import Attempt, Contact
from ccwall.engine.windows import Amended, Books
from ccwall.engine.yesterday import Days, Yesterday
from ccwall.events import (
    AgentId,
    CommandId,
    ContactId,
    DeviceId,
    Policy,
    QueueCard,
    QueueId,
    SeatId,
    SourceId,
)


class Declared(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a source says of its queue, under its own names. ``base`` is what it said at ``since``: from then on we have
    seen what its counters count."""

    source: SourceId
    at: float
    figures: dict[str, float]
    since: float
    base: dict[str, float]


class Queue(msgspec.Struct, kw_only=True, gc=False):
    """One queue: who waits and talks now, and its books. ``line``: the waiting with a known wait, longest first.

    ``talks`` and ``holds`` are the conversations and those on hold, by when they began, longest first.
    """

    id: QueueId
    name: str
    card: QueueCard
    source: SourceId | None = None
    described: bool = False
    waiting: dict[ContactId, None] = {}
    line: list[tuple[float, ContactId]] = []
    talking: dict[ContactId, None] = {}
    talks: list[tuple[float, ContactId]] = []
    holds: list[tuple[float, ContactId]] = []
    events: Books = msgspec.field(default_factory=Books)
    cohorts: Books = msgspec.field(default_factory=Books)
    declared: Declared | None = None

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

    def overdue(self, now: float, threshold: float | None = None) -> int:
        """W_T: callers waiting now for longer than this threshold, or the queue's own."""
        return bisect_left(self.line, now - self._limit(threshold), key=_queued)

    def overdue_of(self, start: float, end: float, now: float, threshold: float | None = None) -> int:
        """Those of them who arrived in [start, end)."""
        first = bisect_left(self.line, start, key=_queued)
        return max(0, bisect_left(self.line, min(end, now - self._limit(threshold)), key=_queued) - first)

    def _limit(self, threshold: float | None) -> float:
        return self.card.threshold if threshold is None else threshold

    def arrivals(self, length: int) -> set[int]:
        """The intervals in which those now waiting arrived."""
        return {int(queued // length) * length for queued, _ in self.line}


def put(line: list[tuple[float, ContactId]], since: float, contact: ContactId) -> None:
    """Into a line that is sorted by when it began; twice is once."""
    place = bisect_left(line, (since, contact))
    if place == len(line) or line[place] != (since, contact):
        line.insert(place, (since, contact))


def take(line: list[tuple[float, ContactId]], since: float, contact: ContactId) -> None:
    """The inverse of `put`."""
    place = bisect_left(line, (since, contact))
    if place < len(line) and line[place] == (since, contact):
        del line[place]


def _queued(entry: tuple[float, ContactId]) -> float:
    return entry[0]


class Team(msgspec.Struct, kw_only=True, gc=False):
    """The books of one team; that of nobody's is "". Its sums over all teams are those over all queues."""

    id: str
    events: Books = msgspec.field(default_factory=Books)
    cohorts: Books = msgspec.field(default_factory=Books)


class Source(msgspec.Struct, kw_only=True, gc=False):
    """One source. ``down_since`` is when the present (or just mended) outage began, until the resync is over. ``took``: by
    stream, the marks taken last, oldest first, see `SourceTook`. ``first_live``: since when we have heard it at all."""

    id: SourceId
    type: str = ""
    state: str = "connecting"
    since: float = 0.0
    live_since: float | None = None
    first_live: float | None = None
    product: str = ""
    limits: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""
    epoch: int = 0
    resyncing: bool = False
    was_up: bool = False
    down_since: float | None = None
    took: dict[str, list[str]] = {}


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

    __slots__ = (
        "agents",
        "amended",
        "desk",
        "everything",
        "intervals",
        "queues",
        "recording",
        "sources",
        "strangers",
        "stretches",
        "teams",
    )

    def __init__(self) -> None:
        self.everything = True
        self.agents: set[AgentId] = set()
        self.queues: set[QueueId] = set()
        self.sources: set[SourceId] = set()
        self.intervals: set[int] = set()
        self.teams: set[str] = set()
        self.stretches = False
        self.strangers = False
        self.recording = False
        self.desk: set[str] = set()
        self.amended = Amended()

    def clear(self) -> None:
        self.everything = False
        self.stretches = False
        self.strangers = False
        self.recording = False
        self.agents.clear()
        self.queues.clear()
        self.sources.clear()
        self.intervals.clear()
        self.teams.clear()
        self.desk.clear()
        self.amended.found.clear()


class Suspects:
    """Who may be in a conversation that is over, and when that is to be believed; ``next`` is not later than the first of these.
    They follow from the evidence: `ccwall.engine.suspects`."""

    __slots__ = ("due", "next")

    def __init__(self) -> None:
        self.due: dict[AgentId, float] = {}
        self.next = math.inf


EMPTY_FRAME = Frame(start=0, end=0, length=60)


class State:
    """The whole of it. ``dirty`` is not part of the state: it depends on who looked when. ``shift``, ``decided``,
    ``suspects`` and ``sitters`` follow from what is kept."""

    KEPT = ("seq", "now", "policy", "frame", "contacts", "queues", "agents", "sources", "stretches", "refused",
            "devices", "commands", "unseen", "cut", "recording", "all_open", "teams", "attempts",
            "callers", "passed_on", "gear", "seats", "trend", "yesterday", "past", "desk")  # fmt: skip
    __slots__ = (*KEPT, "decided", "dirty", "risen", "shift", "sitters", "suspects")
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
    refused: dict[ContactId, tuple[QueueId, float, str]]
    """When, and why."""
    devices: dict[DeviceId, AgentId]
    commands: dict[CommandId, Command]
    unseen: list[Unseen]
    cut: dict[ContactId, None]
    """Visits whose wait may have met a stretch: the curve looks at them again."""
    recording: Recording | None
    all_open: bool
    """No visit in memory was closed when one was last looked for to be forgotten."""
    teams: dict[str, Team]
    attempts: dict[str, Attempt]
    callers: dict[str, dict[str, float]]
    """By caller, who called last at the end: calls of the last 24 hours, and when each queued last."""
    passed_on: dict[str, int]
    """By call, those passed on last at the end: how often it was."""
    gear: dict[DeviceId, Gear]
    """Devices that are not the ACD's own; `devices` are those of which it told whose they are."""
    seats: dict[SeatId, dict[SourceId, Sitting]]
    trend: Trend
    """The last two hours, in steps of five minutes."""
    yesterday: Yesterday
    past: Days
    """The figures of days that are over."""
    desk: Desk
    decided: dict[int, dict[ContactId, None]]
    """By minute: the visits with a known wait that arrived or were decided in it."""
    dirty: Dirty
    shift: Shift
    risen: list[Queue]
    """In which more wait than before the present fact."""
    suspects: Suspects
    sitters: dict[SeatId, list[AgentId]]
    """Whose seat it is."""

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
        self.teams = {}
        self.attempts = {}
        self.callers = {}
        self.passed_on = {}
        self.gear = {}
        self.seats = {}
        self.trend = Trend()
        self.yesterday = Yesterday()
        self.past = Days()
        self.desk = Desk()
        self.decided = {}
        self.dirty = Dirty()
        self.shift = Shift()
        self.risen = []
        self.suspects = Suspects()
        self.sitters = {}

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

    def team(self, team: str) -> Team:
        known = self.teams.get(team)
        if known is None:
            known = self.teams[team] = Team(id=team)
        return known

    def team_of(self, agent: AgentId) -> str:
        """As configured; empty for who has none."""
        card = self.policy.agents.get(agent)
        return "" if card is None else card.team

    def agent(self, agent: AgentId) -> Agent:
        known = self.agents.get(agent)
        if known is None:
            known = self.agents[agent] = Agent(id=agent)
            self.dirty.agents.add(agent)
            self.dirty.strangers = True
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

    def heard_since(self, agent: AgentId) -> float | None:
        """Since when anything is known of this person: what tells of them was first heard then. None: never."""
        known = self.agents.get(agent)
        source = None if known is None or known.source is None else self.sources.get(known.source)
        return None if source is None else source.first_live

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
