"""A person on the board, what the sources say of them, and their day."""

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.words import AgentState, Count, Instant, Model, Names, Seconds, Text


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
    ratings: Count = 0
    satisfied: Count = 0
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


class SpellSpan(Model):
    """One state of a person; `to` is absent while it lasts. `unknown` while the source that tells of it was away."""

    from_: Instant = Field(alias="from")
    to: Instant | SkipJsonSchema[None] = None
    state: AgentState
    reason: Text | SkipJsonSchema[None] = None


class CallSpan(Model):
    from_: Instant = Field(alias="from")
    to: Instant | SkipJsonSchema[None] = None
    queue: Text
    direction: Literal["in", "out"]


class WordSpan(Model):
    from_: Instant = Field(alias="from")
    to: Instant | SkipJsonSchema[None] = None
    says: Text


class SenseSpans(Model):
    """What one source said of a person by one device, or of their seat."""

    source: Text
    sense: Literal["acd", "phone", "desk", "seat"]
    device: Text | SkipJsonSchema[None] = None
    spans: list[WordSpan]


class ConflictSpan(Model):
    from_: Instant = Field(alias="from")
    to: Instant | SkipJsonSchema[None] = None
    kind: Literal["ready_docked", "ready_vacant", "ready_unreachable", "idle_talking", "call_ended"]


class PersonsDay(Model):
    """The business day of one person up to now; where there is no spell, they were logged off."""

    agent: Text
    from_: Instant = Field(alias="from")
    to: Instant
    spells: list[SpellSpan]
    calls: list[CallSpan] = Field(description="conversations that a queue gave or a campaign, oldest first")
    senses: list[SenseSpans]
    conflicts: list[ConflictSpan]
    limited: Literal[True] | SkipJsonSchema[None] = Field(None, description="some of the day is not kept")
