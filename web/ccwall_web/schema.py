"""The answers of the REST interface, for the OpenAPI document; web/README.md says what each field means.

Answers are encoded by msgspec from the board itself, not through these models; a test holds the two together.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]
Instant = Annotated[float, Field(description="epoch seconds, UTC, of the floor's clock")]
Fraction = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, description="above 1 where more of one stretch of time ended in another")]
Text = Annotated[str, Field(max_length=4096)]
Language = Literal["zh-CN", "zh-TW", "en"]
Names = dict[Language, Text]
Stretch = Annotated[tuple[float, float], Field(description="[from, to], or [from, 0] while it lasts")]

AgentState = Literal[
    "ready",
    "ringing",
    "talking",
    "hold",
    "wrap",
    "break",
    "meal",
    "breather",
    "away",
    "training",
    "busy",
    "off",
    "fault",
    "unknown",
]
Variant = Literal["answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive"]
SourceState = Literal["connecting", "live", "resync", "silent", "down", "refused", "failed"]
Outcome = Literal["open", "answered", "abandoned", "flowed_out", "lost"]


class Model(BaseModel):
    """No key but those named here; nothing is null: what has no value is absent."""

    model_config = ConfigDict(extra="forbid")


class Site(Model):
    name: Names = {}
    zone: Text


class Day(Model):
    starts: Instant


class Interval(Model):
    starts: Instant
    length: Seconds


class Formula(Model):
    """`threshold` and `short` are absent where the queues differ."""

    service_level: Variant
    threshold: Seconds | SkipJsonSchema[None] = None
    short: Seconds | SkipJsonSchema[None] = None


class Target(Model):
    service_level: Fraction | SkipJsonSchema[None] = None
    answer_rate: Fraction | SkipJsonSchema[None] = None
    longest_wait: Seconds | SkipJsonSchema[None] = None
    waiting: Count | SkipJsonSchema[None] = None
    connect_rate: Fraction | SkipJsonSchema[None] = None
    completion_rate: Fraction | SkipJsonSchema[None] = None


class Counted(Model):
    """What was counted in one stretch of time. A rate is absent when there is nothing to divide, a count when it is 0."""

    offered: Count | SkipJsonSchema[None] = None
    answered: Count | SkipJsonSchema[None] = None
    abandoned: Count | SkipJsonSchema[None] = None
    short: Count | SkipJsonSchema[None] = None
    lost: Count | SkipJsonSchema[None] = None
    ghosts: Count | SkipJsonSchema[None] = Field(
        None, description="ends that nobody told; the waiting ones are in lost"
    )
    refused: Count | SkipJsonSchema[None] = None
    unseen: Count | SkipJsonSchema[None] = Field(None, description="known only by the source's own counters")
    flowed_out: Count | SkipJsonSchema[None] = None
    flowed_out_by: dict[Text, Count] | SkipJsonSchema[None] = None
    repeats: Count | SkipJsonSchema[None] = None
    abandoned_total: Count | SkipJsonSchema[None] = None
    callbacks: Count | SkipJsonSchema[None] = None
    errors: Count | SkipJsonSchema[None] = None
    handled: Count | SkipJsonSchema[None] = None
    held: Count | SkipJsonSchema[None] = None
    transferred: Count | SkipJsonSchema[None] = None
    missed: Count | SkipJsonSchema[None] = None
    declined: Count | SkipJsonSchema[None] = None
    cancelled: Count | SkipJsonSchema[None] = None
    planned: Count | SkipJsonSchema[None] = None
    dialled: Count | SkipJsonSchema[None] = None
    connected: Count | SkipJsonSchema[None] = None
    failed: Count | SkipJsonSchema[None] = None
    completed: Count | SkipJsonSchema[None] = None
    service_level: Fraction | SkipJsonSchema[None] = None
    answer_rate: Fraction | SkipJsonSchema[None] = None
    lost_rate: Fraction | SkipJsonSchema[None] = None
    flow_rate: Fraction | SkipJsonSchema[None] = None
    pickup_rate: Fraction | SkipJsonSchema[None] = None
    abandon_rate: Fraction | SkipJsonSchema[None] = None
    transfer_rate: Rate | SkipJsonSchema[None] = None
    repeat_rate: Rate | SkipJsonSchema[None] = None
    connect_rate: Rate | SkipJsonSchema[None] = None
    completion_rate: Rate | SkipJsonSchema[None] = None
    asa: Seconds | SkipJsonSchema[None] = None
    awt: Seconds | SkipJsonSchema[None] = None
    abandon_wait: Seconds | SkipJsonSchema[None] = None
    aht: Seconds | SkipJsonSchema[None] = None
    talk_time: Seconds | SkipJsonSchema[None] = None
    hold_time: Seconds | SkipJsonSchema[None] = None
    wrap_time: Seconds | SkipJsonSchema[None] = None
    outbound_talk_time: Seconds | SkipJsonSchema[None] = None
    longest_wait: Seconds | SkipJsonSchema[None] = None
    longest_answered: Seconds | SkipJsonSchema[None] = None
    longest_abandoned: Seconds | SkipJsonSchema[None] = None
    incomplete: Stretch | SkipJsonSchema[None] = None


class Outlook(Model):
    """What is to be expected: worked out once a minute of the last hour; `gap` and `ewt` follow what is now."""

    capacity: Annotated[float, Field(ge=0, description="people; who serves k queues counts 1/k in each")]
    need: Count | SkipJsonSchema[None] = None
    gap: float | SkipJsonSchema[None] = Field(
        None, description="capacity less need; below 0, so many are missing"
    )
    ewt: Seconds | SkipJsonSchema[None] = Field(None, description="the wait that who comes now has to expect")
    rate: Annotated[float, Field(ge=0, description="calls a second")] | SkipJsonSchema[None] = None
    rate_n: Count = 0
    aht: Seconds | SkipJsonSchema[None] = None
    aht_n: Count = 0
    patience: Seconds | SkipJsonSchema[None] = None
    patience_n: Count = 0
    forecast: dict[Literal["5", "15", "30"], tuple[Fraction, Fraction, Fraction]] | SkipJsonSchema[None] = (
        Field(None, description="service level of the next minutes: low, middle, high")
    )
    why: Literal["too_little_data", "nobody"] | SkipJsonSchema[None] = None


class PeoplesTime(Model):
    """What the people of floor or team did with their time today, in steps of 5 seconds."""

    occupancy: Fraction | SkipJsonSchema[None] = None
    shares: dict[AgentState, Fraction] = {}
    logged_on_time: Seconds = 0
    persons: Count = 0
    calls_per_agent: Annotated[float, Field(ge=0)] | SkipJsonSchema[None] = None
    calls_target: Count | SkipJsonSchema[None] = None


class Totals(Counted):
    """Numbers of today with what is now, or of the current interval."""

    waiting: Count | SkipJsonSchema[None] = None
    longest_since: Instant | SkipJsonSchema[None] = None
    talking: Count | SkipJsonSchema[None] = None
    talk_since: Instant | SkipJsonSchema[None] = Field(None, description="of the longest conversation now")
    hold_since: Instant | SkipJsonSchema[None] = Field(None, description="of the longest hold now")
    ready: Count | SkipJsonSchema[None] = None
    staffed: Count | SkipJsonSchema[None] = None
    busy: Count | SkipJsonSchema[None] = None
    wrap: Count | SkipJsonSchema[None] = None
    not_ready: Count | SkipJsonSchema[None] = None
    formula: Formula | SkipJsonSchema[None] = None
    target: Target | SkipJsonSchema[None] = None


class IntervalTotals(Totals):
    revised: Literal[True] | SkipJsonSchema[None] = None


class Numbers(Totals):
    interval: IntervalTotals | SkipJsonSchema[None] = None
    rolling: dict[Literal["5", "15", "30", "60"], Counted] | SkipJsonSchema[None] = Field(
        None, description="the last minutes, up to the last whole step of 5 seconds"
    )


class FloorNumbers(Numbers):
    agents: dict[AgentState, Count] = {}
    load: Annotated[float, Field(ge=0)] | SkipJsonSchema[None] = None
    conflicts: Count = Field(0, description="people of whom two senses say what cannot both be so")
    people: PeoplesTime | SkipJsonSchema[None] = None
    outlook: Outlook | SkipJsonSchema[None] = None


class Line(Numbers):
    names: Names = {}
    direction: Literal["in", "out"] = "in"
    order: int = 0
    queues: list[Text] = []


class Team(Numbers):
    people: PeoplesTime | SkipJsonSchema[None] = None


class Queue(Numbers):
    name: Text
    names: Names = {}
    source: Text
    order: int = 0
    line: Text = ""
    outlook: Outlook | SkipJsonSchema[None] = None


class Sense(Model):
    """The last word of one source on a person."""

    source: Text
    sense: Literal["acd", "phone", "desk", "seat"]
    device: Text | SkipJsonSchema[None] = None
    says: Text
    since: Instant | SkipJsonSchema[None] = None
    age_known: Literal[False] | SkipJsonSchema[None] = Field(
        None, description="it may have been so for longer"
    )
    fault: Text | SkipJsonSchema[None] = None
    stale: Literal[True] | SkipJsonSchema[None] = Field(None, description="its source is away")


class Conflict(Model):
    """Two senses contradict each other since then."""

    kind: Literal["ready_docked", "ready_vacant", "ready_unreachable", "idle_talking", "call_ended"]
    since: Instant
    sources: list[Text]


class Agent(Model):
    name: Text
    names: Names = {}
    team: Text = ""
    seat: Text | SkipJsonSchema[None] = None
    state: AgentState
    reason: Text = ""
    kind: Text = ""
    since: Instant | SkipJsonSchema[None] = None
    until: Instant | SkipJsonSchema[None] = None
    limit: Seconds | SkipJsonSchema[None] = None
    queues: list[Text] = []
    answered: Count = 0
    talk: Seconds = 0
    handled: Count = 0
    transferred: Count = 0
    missed: Count = 0
    declined: Count = 0
    outbound: Count = 0
    hold: Seconds = 0
    wrap: Seconds = 0
    longest_talk: Seconds = 0
    longest_hold: Seconds = 0
    logged_on: Instant | SkipJsonSchema[None] = Field(None, description="first of today")
    times: dict[AgentState, Seconds] = Field({}, description="in each state today, up to times_at")
    times_at: Instant | SkipJsonSchema[None] = Field(None, description="when the present spell began")
    source: Text = ""
    contact_since: Instant | SkipJsonSchema[None] = None
    not_ready_in: list[Text] = []
    extension: Text | SkipJsonSchema[None] = None
    skills: list[Text] | SkipJsonSchema[None] = None
    senses: list[Sense] | SkipJsonSchema[None] = Field(
        None, description="best first; absent where one ACD alone speaks"
    )
    conflicts: list[Conflict] | SkipJsonSchema[None] = None
    incomplete: Literal[True] | SkipJsonSchema[None] = None


class Source(Model):
    name: Text
    names: dict[str, Text] = Field({}, description="what people call it, by language")
    type: Text = ""
    sense: Literal["phone", "desk", "seat", "none"] | SkipJsonSchema[None] = Field(
        None, description="absent: an ACD, whose calls are counted"
    )
    state: SourceState
    since: Instant | SkipJsonSchema[None] = None
    as_of: Instant | SkipJsonSchema[None] = Field(None, description="its numbers stand still since then")
    product: Text = ""
    limits: list[Text] = []
    reason: Text = ""
    detail: Text = ""
    unknown: Count = 0


class StrangeDevice(Model):
    source: Text
    kind: Text
    name: Text | SkipJsonSchema[None] = None
    says: Text | SkipJsonSchema[None] = None
    since: Instant | SkipJsonSchema[None] = None


class StrangeSeat(Model):
    source: Text
    says: Text
    since: Instant


class Strangers(Model):
    """Who and what was seen and belongs to nobody; of each sort 200 at most."""

    devices: dict[Text, StrangeDevice] = {}
    seats: dict[Text, StrangeSeat] = {}
    agents: list[Text] = []


class Recording(Model):
    """Whether what happens is being kept."""

    state: Literal["on", "stopped"]
    since: Instant
    reason: Literal["full", "error", "slow"] | SkipJsonSchema[None] = None


class Board(Model):
    """Everything this viewer may see, now. `floor`, `lines`, `sites` and `curve` are absent for who may see some queues
    only; `sites` is empty where there is one."""

    site: Site
    day: Day | SkipJsonSchema[None] = None
    interval: Interval | SkipJsonSchema[None] = None
    floor: FloorNumbers | SkipJsonSchema[None] = None
    queues: dict[Text, Queue] = {}
    lines: dict[Text, Line] | SkipJsonSchema[None] = None
    teams: dict[Text, Team] = {}
    sites: dict[Text, Numbers] | SkipJsonSchema[None] = None
    agents: dict[Text, Agent] = {}
    sources: dict[Text, Source] = {}
    curve: list[tuple[float, float, int] | tuple[float, Literal[0]]] | SkipJsonSchema[None] = None
    curve_incomplete: list[Instant] | SkipJsonSchema[None] = None
    curve_revised: list[Instant] | SkipJsonSchema[None] = None
    incomplete: list[tuple[Text, float, float]] = []
    recording: Recording | SkipJsonSchema[None] = None
    strangers: Strangers | SkipJsonSchema[None] = Field(None, description="for who may see everybody")


class Contact(Model):
    """One visit of one party to one queue."""

    id: Text
    source: Text
    queue: Text
    queue_name: Text | SkipJsonSchema[None] = None
    call: Text | SkipJsonSchema[None] = None
    caller: Text | SkipJsonSchema[None] = Field(
        None, description="masked (791****4034, or **** when short) unless the role may see it"
    )
    caller_name: Text | SkipJsonSchema[None] = None
    queued: Instant
    outcome: Outcome
    cause: Text | SkipJsonSchema[None] = None
    answered: Instant | SkipJsonSchema[None] = None
    ended: Instant | SkipJsonSchema[None] = None
    end: Literal["caller", "agent", "transfer", "lost", "unknown"] | SkipJsonSchema[None] = None
    wait: Seconds | SkipJsonSchema[None] = None
    declared_wait: Seconds | SkipJsonSchema[None] = None
    talk: Seconds | SkipJsonSchema[None] = None
    agent: Text | SkipJsonSchema[None] = None
    agent_name: Text | SkipJsonSchema[None] = None
    member: Text | SkipJsonSchema[None] = None
    interface: Text | SkipJsonSchema[None] = None
    inferred: bool = False
    incomplete: Literal[True] | SkipJsonSchema[None] = Field(
        None, description="an outage of its source falls into its life"
    )


class Contacts(Model):
    """One page of today's visits, in order of queueing."""

    contacts: list[Contact]
    next: Text | SkipJsonSchema[None] = Field(
        None, description="`after` of the next page; absent on the last"
    )


class SourceGlimpse(Model):
    """How one source is, for everybody."""

    state: SourceState | SkipJsonSchema[None] = None
    since: Instant | SkipJsonSchema[None] = None
    age: Seconds | SkipJsonSchema[None] = Field(None, description="seconds since anything last came from it")
    unknown: Count = Field(0, description="messages of kinds the protocol is not known to have")


class RecordingGlimpse(Model):
    state: Literal["on", "stopped"]


class Healthz(Model):
    """How the house is, for everybody."""

    version: Text
    now: Instant
    running: bool
    recording: RecordingGlimpse | SkipJsonSchema[None] = None
    sources: dict[Text, SourceGlimpse] = {}


class RecordingHealth(RecordingGlimpse):
    """How the journal is; absent when none is kept."""

    since: Instant | SkipJsonSchema[None] = None
    reason: Text = ""
    committed: Count = 0
    pending: Count = 0
    rate: Annotated[float, Field(ge=0, description="facts a second")] = 0
    bytes: Count = 0


class Rates(Model):
    """Per real second, over the last ten."""

    bytes: Annotated[float, Field(ge=0)] = 0
    messages: Annotated[float, Field(ge=0)] = 0
    facts: Annotated[float, Field(ge=0)] = 0


class SourceHealth(Source):
    """How one source is, for the staff. What is known of its link is absent when it is played, not read."""

    state: SourceState | SkipJsonSchema[None] = None  # type: ignore[assignment]  # configured, not yet heard of
    name: Text = ""
    heard: Instant | SkipJsonSchema[None] = Field(None, description="when anything last came from it")
    age: Seconds | SkipJsonSchema[None] = Field(None, description="seconds since then")
    counts: dict[Text, Count] = Field({}, description="messages by kind")
    address: Text | SkipJsonSchema[None] = None
    condition: (
        Literal["connecting", "connected", "down", "refused", "failed", "closed"] | SkipJsonSchema[None]
    ) = None
    condition_since: Instant | SkipJsonSchema[None] = None
    connections: Count | SkipJsonSchema[None] = None
    failures: Count | SkipJsonSchema[None] = Field(None, description="in a row, until a link is steady")
    error: Text | SkipJsonSchema[None] = Field(None, description="what happened last, and what to do")
    error_at: Instant | SkipJsonSchema[None] = None
    cause: Text | SkipJsonSchema[None] = Field(None, description="the same as a code of docs/operations.md")
    last_words: Text | SkipJsonSchema[None] = Field(None, description="what came before the last error")
    next_try: Instant | SkipJsonSchema[None] = None
    rates: Rates | SkipJsonSchema[None] = None
    spool: Count | SkipJsonSchema[None] = Field(None, description="bytes read and not yet worked off")
    skipped: Count | SkipJsonSchema[None] = Field(None, description="bytes thrown away unread")
    gaps: Count | SkipJsonSchema[None] = Field(None, description="how often that happened")


class Health(Model):
    """How everything is, for the staff."""

    version: Text
    now: Instant
    rate: float
    seq: Count
    running: bool
    screens: Count
    loop_lag: Seconds = Field(
        description="the longest the event loop kept anything waiting, last ten seconds"
    )
    recording: RecordingHealth | SkipJsonSchema[None] = None
    sources: dict[Text, SourceHealth] = {}
    strangers: Strangers | SkipJsonSchema[None] = Field(None, description="as on the board")
    outlets: dict[Text, dict[str, object]] = Field({}, description="where ccwall tells others what it knows")


class SignIn(Model):
    token: Annotated[str, Field(min_length=1, max_length=512)]


class Session(Model):
    """Who is signed in now; the session itself is in the cookie."""

    id: Text
    role: Text
    name: Text = ""
    expires: Instant


class Mistake(Model):
    where: Text
    what: Text


class ProblemDocument(Model):
    """RFC 9457, and what to do next."""

    type: Literal["about:blank"]
    title: Text
    status: int
    detail: Text
    instance: Text
    next: Text
    mistakes: list[Mistake] = []
