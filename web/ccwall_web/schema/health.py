"""How the house is."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.sources import Source, SourceState, Strangers
from ccwall_web.schema.words import Count, Instant, Model, Seconds, Text


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
