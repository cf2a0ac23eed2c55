"""What happened on the floor: the tagged union of facts, and the ids they speak of.

Facts are in the past tense and in the words of ECMA-269 (CSTA) where it has one; no vendor's word appears here.
On the wire and in the journal every fact carries its dotted tag in the key ``type`` (``contact.answered``).
Durations are seconds, instants are seconds since the Unix epoch (UTC), both as float.

A *contact* is one visit of one party to one queue: a caller who overflows into a second queue is two contacts.
This module imports nothing of ccwall, so that everything else may import it.
"""

from typing import Literal, NewType

import msgspec

SCHEMA_VERSION = 1
"""The ``v`` of every envelope written by this release; older journals are lifted by upcasters."""

SiteId = NewType("SiteId", str)
SourceId = NewType("SourceId", str)
QueueId = NewType("QueueId", str)
AgentId = NewType("AgentId", str)
DeviceId = NewType("DeviceId", str)
SeatId = NewType("SeatId", str)
ContactId = NewType("ContactId", str)
CommandId = NewType("CommandId", str)

Medium = Literal["voice", "video", "chat", "email", "other"]
Direction = Literal["in", "out"]
FlowOutCause = Literal[
    "timeout", "key", "empty", "withdrawn", "no_agents", "overflow", "voicemail", "error", "unknown"
]
"""``error``: the source itself failed the party; counted apart from what routing decided."""
AbandonCause = Literal["hangup", "unknown"]
RefusedCause = Literal["full", "empty", "unknown"]
ReleasedBy = Literal["caller", "agent", "transfer", "unknown"]
PhoneState = Literal[
    "unknown", "idle", "in_use", "busy", "invalid", "unavailable", "ringing", "ringing_in_use", "on_hold"
]
Sense = Literal["acd", "phone", "desk", "seat", "none"]
"""How well a source knows a person, best first: ACD or CTI; the phone itself (SIP); what lies on the desk (headset, line);
where they sit. ``none`` says nothing of people (a printer of call records)."""
Role = Literal[
    "system", "manager", "operations", "supervisor", "lead", "quality", "complaints", "agent", "display"
]


class Principal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who looks, asks or acts. ``teams`` and ``queues`` narrow what they may see; None means everything."""

    id: str
    role: Role
    name: str = ""
    teams: tuple[str, ...] | None = None
    queues: tuple[QueueId, ...] | None = None


SYSTEM = Principal(id="system", role="system")


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", gc=False):
    """Base of all facts. ``at`` is when it happened by the source's clock."""

    at: float


# ── contact.* ──────────────────────────────────────────────────────────────────────────────────────────────────────


class ContactEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``queue`` is repeated in every fact, so that a fact about an unseen contact still finds its queue."""

    contact: ContactId
    queue: QueueId


class ContactOffered(ContactEvent, frozen=True, kw_only=True, tag="contact.offered", gc=False):
    """The call reached the number in front of the queue (VDN, CDN, call type)."""

    call: str = ""
    caller: str = ""


class ContactQueued(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.queued", gc=False
):
    """The party entered the queue. Said again for a contact already known, it confirms that contact (resync).

    ``inferred``: told by a snapshot or a later fact, not seen happening. ``wait_known`` is False when even ``at`` is
    a guess, so that no wait may be computed from it.
    """

    call: str = ""
    caller: str = ""
    caller_name: str = ""
    direction: Direction = "in"
    medium: Medium = "voice"
    inferred: bool = False
    wait_known: bool = True


class ContactAlerting(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.alerting", gc=False
):
    """The contact rings at an agent."""

    agent: AgentId
    interface: str = ""


class ContactNotAnswered(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.not_answered", gc=False
):
    """An agent did not take it. ``ring_time`` 0 means busy or rejected, above 0 that it was left ringing (RONA).

    ``cancelled`` is True when nobody is to blame: answered elsewhere, or the caller left while it rang.
    """

    agent: AgentId
    ring_time: float = 0.0
    cancelled: bool = False


class ContactAnswered(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.answered", gc=False
):
    """An agent answered. ``declared_wait`` is the source's own figure, kept beside ours, never instead of it.

    ``agent_name``, ``member`` and ``interface`` are the words the source used at that moment. Said again for the same
    contact and agent, it confirms a conversation (resync).
    """

    agent: AgentId
    agent_name: str = ""
    member: str = ""
    interface: str = ""
    declared_wait: float | None = None
    inferred: bool = False


class ContactHeld(ContactEvent, frozen=True, kw_only=True, tag="contact.held", gc=False):
    """The agent put the party on hold."""

    agent: AgentId


class ContactRetrieved(ContactEvent, frozen=True, kw_only=True, tag="contact.retrieved", gc=False):
    """The agent took the party off hold."""

    agent: AgentId


class ContactTransferred(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.transferred", gc=False
):
    """The agent passed the party on; the agent's own part is over."""

    agent: AgentId
    kind: Literal["blind", "attended"] = "blind"
    to: str = ""


class ContactConferenced(ContactEvent, frozen=True, kw_only=True, tag="contact.conferenced", gc=False):
    """A third party joined the conversation."""

    agent: AgentId


class ContactAbandoned(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.abandoned", gc=False
):
    """The party hung up before an answer. ``unknown``: the source cannot tell this from a flow-out."""

    cause: AbandonCause = "hangup"
    declared_wait: float | None = None
    inferred: bool = False


class ContactFlowedOut(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.flowed_out", gc=False
):
    """The party left the queue unanswered and went on elsewhere."""

    cause: FlowOutCause
    declared_wait: float | None = None
    inferred: bool = False


class ContactRefused(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.refused", gc=False
):
    """The queue did not let the party in: *blocked*, never a visit, never part of offered."""

    cause: RefusedCause
    call: str = ""
    caller: str = ""


class ContactReleased(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.released", gc=False
):
    """The agent's conversation with the party ended."""

    agent: AgentId
    by: ReleasedBy = "unknown"
    declared_talk: float | None = None


class ContactCleared(ContactEvent, frozen=True, kw_only=True, tag="contact.cleared", gc=False):
    """The party's call is gone from the source."""


class ContactLost(ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.lost", gc=False):
    """The source can no longer say what became of it (restart, outage). Never counted as abandoned.

    ``exit_known``: it was seen to end at ``at``, and only what the party wanted is not known (a PBX that shut down).
    """

    reason: str = ""
    exit_known: bool = False


class ContactCallbackRequested(
    ContactEvent, frozen=True, kw_only=True, tag="contact.callback_requested", gc=False
):
    """The party asked to be called back and left the queue."""

    number: str = ""


class ContactRated(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.rated", gc=False
):
    """The party rated the service; ``score`` of ``best``."""

    score: float
    best: float = 5.0
    agent: AgentId | None = None


# ── attempt.* (outbound lines) ─────────────────────────────────────────────────────────────────────────────────────


class AttemptEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One try to reach one party. ``attempt`` is the source's own key."""

    attempt: str
    queue: QueueId
    agent: AgentId | None = None


class AttemptPlanned(AttemptEvent, frozen=True, kw_only=True, tag="attempt.planned", gc=False):
    """Put on the day's list."""


class AttemptDialled(AttemptEvent, frozen=True, kw_only=True, tag="attempt.dialled", gc=False):
    """Dialling began."""


class AttemptConnected(AttemptEvent, frozen=True, kw_only=True, tag="attempt.connected", gc=False):
    """The party answered."""


class AttemptFailed(
    AttemptEvent, frozen=True, kw_only=True, omit_defaults=True, tag="attempt.failed", gc=False
):
    """The party was not reached."""

    cause: str = ""


class AttemptCompleted(AttemptEvent, frozen=True, kw_only=True, tag="attempt.completed", gc=False):
    """The conversation and its purpose are done."""


# ── queue.* ────────────────────────────────────────────────────────────────────────────────────────────────────────


class QueueDescribed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="queue.described", gc=False):
    """The source has this queue, even if nobody ever called it. ``name`` is the source's own."""

    queue: QueueId
    name: str
    strategy: str = ""
    capacity: int = 0


class QueueUnseen(Event, frozen=True, kw_only=True, tag="queue.unseen", gc=False):
    """By the source's own counters at least ``visits`` more visits of this queue ended between ``since`` and ``at`` than
    were told: nobody can say whose they were. A lower bound, above 0."""

    queue: QueueId
    since: float
    visits: int


class QueueDeclared(Event, frozen=True, kw_only=True, tag="queue.declared", gc=False):
    """What the source itself says of this queue, under its own names (``ServicelevelPerf``): to be shown beside our
    numbers, never instead of them. A figure has the unit and the meaning that the source gives it."""

    queue: QueueId
    figures: dict[str, float]


# ── agent.* ────────────────────────────────────────────────────────────────────────────────────────────────────────


class AgentEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``agent`` is a roster id when the roster knows the person, else ``source/state-interface``."""

    agent: AgentId


class AgentLoggedOn(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.logged_on", gc=False
):
    """The agent is a member of at least one queue."""

    name: str = ""
    device: DeviceId | None = None


class AgentLoggedOff(AgentEvent, frozen=True, kw_only=True, tag="agent.logged_off", gc=False):
    """The agent is a member of no queue any more."""


class AgentReady(AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.ready", gc=False):
    """May be given contacts; of one queue when ``queue`` is said, else of all. ``interface``: by which membership."""

    queue: QueueId | None = None
    interface: str = ""


class AgentNotReady(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.not_ready", gc=False
):
    """May not be given contacts. ``reason`` is the raw code; ``automatic``: the source did it, not a person."""

    queue: QueueId | None = None
    interface: str = ""
    reason: str = ""
    automatic: bool = False


class AgentBusy(AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.busy", gc=False):
    """Engaged, with a contact or with something no queue gave."""

    contact: ContactId | None = None


class AgentWorkingAfterCall(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.working_after_call", gc=False
):
    """Wrap-up. ``until`` is when it ends by itself; None: until another state is told."""

    contact: ContactId | None = None
    until: float | None = None


class AgentMembershipChanged(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.membership_changed", gc=False
):
    """The agent joined (``member``) or left a queue, or was renamed or re-weighted in it."""

    queue: QueueId
    member: bool
    name: str = ""
    interface: str = ""
    penalty: int = 0
    static: bool = False


# ── device.* and seat.* ────────────────────────────────────────────────────────────────────────────────────────────


class DeviceStateChanged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.state", gc=False):
    """A phone's own state: evidence about its agent, not the agent's state."""

    device: DeviceId
    state: PhoneState
    agent: AgentId | None = None
    age_known: bool = True


class DeviceHeadset(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.headset", gc=False):
    """What a headset says of itself; None means it did not say. ``battery`` and ``volume`` are fractions of 1.

    ``age_known`` is False when it may have been so for long before ``at`` (a bus that keeps the last word).
    """

    device: DeviceId
    agent: AgentId | None = None
    docked: bool | None = None
    muted: bool | None = None
    battery: float | None = None
    worn: bool | None = None
    connected: bool | None = None
    volume: float | None = None
    age_known: bool = True


class DevicePressed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.pressed", gc=False):
    """Somebody pressed a button. ``button`` is what it is for, as configured (help, patrol, break, hook), else its own name."""

    device: DeviceId
    button: str
    agent: AgentId | None = None
    seat: SeatId | None = None


class DeviceSeen(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.seen", gc=False):
    """The source has this device. ``kind`` is what it is (phone, headset, line, sensor, button, light), ``name`` the
    source's own, ``product`` what it calls itself."""

    device: DeviceId
    kind: str
    name: str = ""
    product: str = ""
    agent: AgentId | None = None


class DeviceFault(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.fault", gc=False):
    """A device is broken or gone; ``cleared`` when it is well again."""

    device: DeviceId
    fault: str
    agent: AgentId | None = None
    cleared: bool = False


class SeatOccupied(Event, frozen=True, kw_only=True, omit_defaults=True, tag="seat.occupied", gc=False):
    """Somebody sits there. ``age_known`` is False when that may have been so for long."""

    seat: SeatId
    age_known: bool = True


class SeatVacated(Event, frozen=True, kw_only=True, omit_defaults=True, tag="seat.vacated", gc=False):
    """Nobody sits there. ``age_known`` is False when that may have been so for long."""

    seat: SeatId
    age_known: bool = True


class SeatSensor(Event, frozen=True, kw_only=True, omit_defaults=True, tag="seat.sensor", gc=False):
    """Whether what watches the seat can be relied on: a sensor that is gone says nothing of the seat. ``battery`` is a
    fraction of 1."""

    seat: SeatId
    available: bool = True
    battery: float | None = None


# ── call.* (history, not live) ─────────────────────────────────────────────────────────────────────────────────────


class CallLogged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="call.logged", gc=False):
    """A record that a switch wrote when a call was over: history, never the state of now. ``at`` is its end.

    ``call`` is the source's own key, or made of the record. ``ring``, ``talk`` and ``hold`` are seconds, None where the
    record does not say. ``continued``: another record of the same call follows (a transfer). ``raw`` is the record.
    """

    call: str
    direction: Literal["in", "out", "internal", "unknown"] = "unknown"
    outcome: Literal["answered", "not_answered", "unknown"] = "unknown"
    extension: str = ""
    line: str = ""
    number: str = ""
    name: str = ""
    started: float | None = None
    ring: float | None = None
    talk: float | None = None
    hold: float | None = None
    continued: bool = False
    agent: AgentId | None = None
    raw: str = ""


# ── source.* (the envelope says which) ─────────────────────────────────────────────────────────────────────────────


class SourceUp(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.up", gc=False):
    """The link is open and logged in. ``product`` is what the far end calls itself."""

    product: str = ""


class SourceDown(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.down", gc=False):
    """The link is gone. ``reason`` is a code a catalogue translates; ``detail`` the words of the far end or the OS.

    ``house``: nothing is wrong with the source; ccwall itself was not running.
    """

    reason: Literal[
        "eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart", "house"
    ]
    detail: str = ""


class SourceGap(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.gap", gc=False):
    """Facts between ``since`` and ``at`` may be missing although the link was up."""

    since: float
    reason: str = ""


class SourceResyncStarted(Event, frozen=True, kw_only=True, tag="source.resync_started", gc=False):
    """From here on, facts confirm what is still true."""


class SourceResyncFinished(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.resync_finished", gc=False
):
    """Everything that is true has been said; what was not confirmed is gone.

    ``limits`` names what this source cannot tell, as codes: ``abandon_cause`` (timeouts look like abandons),
    ``queues`` (members and waiting callers could not be listed),
    ``conversations`` (calls in conversation could not be listed), ``devices`` (no phone states). The engine adds
    ``too_many``: more was told than is remembered.
    """

    limits: tuple[str, ...] = ()


class SourceLimited(Event, frozen=True, kw_only=True, tag="source.limited", gc=False):
    """The source has shown that it cannot tell something; `limit` as in `SourceResyncFinished.limits`.

    Holds until the next resync.
    """

    limit: str


class SourceTook(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.took", gc=False):
    """What the sender of ``stream`` called ``mark`` is taken in: said again, it is not taken twice.

    ``upto``: and so is all it said before; such a stream has one mark, the last. Comes after the facts it speaks of, in
    the same breath.
    """

    stream: str
    mark: str
    upto: bool = False


# ── config.* ───────────────────────────────────────────────────────────────────────────────────────────────────────


Variant = Literal["answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive"]
"""The five service-level formulas in real use; docs/metrics.md has each with its users."""


class Measure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Threshold and short abandon of one service-level formula, whole seconds; None: those of the queue."""

    threshold: int | None = None
    short: int | None = None


class QueueCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What configuration says of a queue. Rates are fractions, times seconds.

    ``variant`` is the service level of the screens; ``measures`` gives a formula a threshold or a short of its own.
    ``flow_outs`` and ``callbacks`` say whether these are in the service level's denominator (a removed callback counts
    as an abandon does). ``patience`` is the callers' mean patience to be assumed until enough of them have hung up.
    ``team`` answers for those whom nobody was rung for.
    """

    names: dict[str, str] = {}
    line: str = ""
    team: str = ""
    order: int = 0
    threshold: float = 20.0
    short: float = 5.0
    variant: Variant = "offered_less_short"
    measures: dict[str, Measure] = {}
    flow_outs: Literal["exclude", "count"] = "exclude"
    callbacks: Literal["exclude", "removed"] = "exclude"
    patience: float | None = None
    service_level_target: float = 0.80
    answer_rate_target: float = 0.95
    longest_wait_limit: float = 60.0
    waiting_limit: int = 6


class LineCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What configuration says of a business line (业务线). Outbound lines are judged by whom they reach."""

    names: dict[str, str] = {}
    direction: Direction = "in"
    order: int = 0
    service_level_target: float = 0.80
    answer_rate_target: float = 0.95
    connect_rate_target: float = 0.50
    completion_target: float = 0.90


class AgentCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the roster says of a person. ``acd``: an ACD is to tell of them; until it does they are off."""

    names: dict[str, str] = {}
    team: str = ""
    seat: SeatId | None = None
    extension: str = ""
    skills: tuple[str, ...] = ()
    acd: bool = False


class Policy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that the engine may know of the configuration. ``default`` serves queues without a card.

    ``mode`` says that what is shown is not the floor of now: ``demo``, ``replay``; empty for a living floor.
    ``places`` says at which site a source stands, when it is not ``site``; ``calls_target`` is what a person is to answer
    in a day. ``titles`` is what people call a source; ``senses`` says how well each source knows people; ``devices`` whose a device is; ``limits`` after how many
    seconds a contradiction between senses is shown, by its kind, and an end that was lost is believed.
    """

    site: SiteId = SiteId("site")
    mode: Literal["", "demo", "replay"] = ""
    names: dict[str, str] = {}
    zone: str = "UTC"
    day_starts: int = 0
    interval: int = 900
    calls_target: int = 70
    default: QueueCard = QueueCard()
    queues: dict[QueueId, QueueCard] = {}
    lines: dict[str, LineCard] = {}
    agents: dict[AgentId, AgentCard] = {}
    sources: dict[SourceId, str] = {}
    places: dict[SourceId, SiteId] = {}
    not_ready_kinds: dict[str, str] = {}
    titles: dict[SourceId, dict[str, str]] = {}
    senses: dict[SourceId, Sense] = {}
    devices: dict[DeviceId, AgentId] = {}
    limits: dict[str, float] = {}


class ConfigApplied(Event, frozen=True, kw_only=True, tag="config.applied", gc=False):
    """Configuration took effect. The engine reads it only from here, so that a journal is complete by itself."""

    hash: str
    policy: Policy


# ── recording.* (of the house itself) ──────────────────────────────────────────────────────────────────────────────


class RecordingStopped(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="recording.stopped", gc=False
):
    """The journal takes nothing more (disk full, error): what happens from here on would be lost by a restart."""

    reason: Literal["full", "error", "slow"]
    detail: str = ""


class RecordingResumed(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="recording.resumed", gc=False
):
    """The journal is whole again; ``missing`` facts are not in it, and a snapshot of the state stands in for them."""

    missing: int = 0


# ── command.* ──────────────────────────────────────────────────────────────────────────────────────────────────────


class CommandEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One wish to change the world; the envelope's ``actor`` wanted it."""

    command_id: CommandId


class CommandRequested(
    CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.requested", gc=False
):
    """Somebody asked. ``name`` is imperative (``agent.pause``)."""

    name: str
    target: str
    arguments: dict[str, str] = {}
    reason: str = ""


class CommandSent(CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.sent", gc=False):
    """It left for the source. ``shown``: the only reason this source can show for it, whatever was wished; None: it keeps
    reasons."""

    shown: str | None = None


class CommandConfirmed(
    CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.confirmed", gc=False
):
    """The source did it: by its own answer, or, when that was lost, as its next snapshot shows."""

    by: Literal["answer", "snapshot"] = "answer"


class CommandRefused(
    CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.refused", gc=False
):
    """The source said no."""

    detail: str = ""


class CommandUnknown(CommandEvent, frozen=True, kw_only=True, tag="command.unknown", gc=False):
    """Nobody can say whether it happened; a re-snapshot will."""


AnyEvent = (
    ContactOffered
    | ContactQueued
    | ContactAlerting
    | ContactNotAnswered
    | ContactAnswered
    | ContactHeld
    | ContactRetrieved
    | ContactTransferred
    | ContactConferenced
    | ContactAbandoned
    | ContactFlowedOut
    | ContactRefused
    | ContactReleased
    | ContactCleared
    | ContactLost
    | ContactCallbackRequested
    | ContactRated
    | AttemptPlanned
    | AttemptDialled
    | AttemptConnected
    | AttemptFailed
    | AttemptCompleted
    | QueueDescribed
    | QueueUnseen
    | QueueDeclared
    | AgentLoggedOn
    | AgentLoggedOff
    | AgentReady
    | AgentNotReady
    | AgentBusy
    | AgentWorkingAfterCall
    | AgentMembershipChanged
    | DeviceStateChanged
    | DeviceHeadset
    | DevicePressed
    | DeviceSeen
    | DeviceFault
    | SeatOccupied
    | SeatVacated
    | SeatSensor
    | CallLogged
    | SourceUp
    | SourceDown
    | SourceGap
    | SourceResyncStarted
    | SourceResyncFinished
    | SourceLimited
    | SourceTook
    | ConfigApplied
    | RecordingStopped
    | RecordingResumed
    | CommandRequested
    | CommandSent
    | CommandConfirmed
    | CommandRefused
    | CommandUnknown
)


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact as it enters the house. ``seq`` orders state; ``id`` comes from the fact itself, so a replay is idempotent.

    ``received`` is our clock at intake. ``actor`` is the person who did it, if a person did.
    """

    seq: int
    id: str
    source: SourceId
    site: SiteId
    received: float
    event: AnyEvent
    v: int = msgspec.field(default_factory=lambda: SCHEMA_VERSION)  # a plain default would not be written
    actor: Principal | None = None
