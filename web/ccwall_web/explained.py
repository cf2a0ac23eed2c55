"""The answers of /api/v1/explain, /metrics and /catalogue, for the OpenAPI document; docs/explain.md says what they mean.

Answers are encoded by msgspec from what the engine says, not through these models; a test holds the two together.
"""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.contacts import Contact
from ccwall_web.schema.sources import SourceState
from ccwall_web.schema.words import Count, Instant, Model, Names, Seconds, Stretch, Text

MOST_CARDS = 200
SCOPE = "floor, or site:, line:, team:, queue: or agent: before an id"
WINDOW = "today, interval, interval:<its start>, or rolling:5, :15, :30, :60"

Value = float
Group = Literal["hit", "miss", "out"]
BasisName = Literal["event", "cohort"]
VariantName = Literal["answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive"]


class Whose(Model):
    """Of whom and when the numbers are asked for."""

    scope: Annotated[Text, Field(max_length=300, description=SCOPE)] = "floor"
    window: Annotated[Text, Field(max_length=40, description=WINDOW)] = "today"
    basis: BasisName = Field(
        "event", description="counted when it happened, or of those who arrived in the window"
    )


class Why(Whose):
    """Which number is to be explained, and whose part of it to be listed."""

    metric: Annotated[Text, Field(max_length=60, description="a `key` of the catalogue")]
    variant: VariantName | None = Field(None, description="of service_level; else the scope's own")
    part: Annotated[Text, Field(max_length=60, description="hit, miss, out, or a `part` or `why`")] = ""
    after: Annotated[Text, Field(max_length=600, description="`next` of the page before")] = ""
    limit: Annotated[int, Field(ge=0, le=MOST_CARDS)] = 50


class ScopeTold(Model):
    kind: Literal["floor", "site", "line", "team", "queue", "agent"]
    id: Text
    name: Text = Field(description="for a language that `names` has nothing in")
    names: Names = Field({})


class WindowTold(Model):
    """[start, end)"""

    kind: Literal["today", "interval", "rolling"]
    start: Instant
    end: Instant
    open: bool
    minutes: Count | SkipJsonSchema[None] = None


class FormulaTold(Model):
    symbols: Text
    words: Names


class TermTold(Model):
    term: Text
    sign: Literal[1, -1]
    value: Value
    names: Names


class SideTold(Model):
    """A numerator or a denominator: the sum of its terms."""

    value: Value
    terms: list[TermTold]


class PartTold(Model):
    """A piece of the whole. `hit`: the numerator counts it."""

    part: Text
    value: Value
    hit: bool
    names: Names


class Beside(Model):
    """Another queue that people of this one answer for too: the part of its calls, and that in erlangs."""

    queue: Text
    part: Value
    load: Value
    names: Names


class LeftOut(Model):
    why: Text
    value: Value
    names: Names


class MarginTold(Model):
    """So many more misses until it is below the target, or hits until it is on it."""

    calls: Count
    side: Literal["above", "below"]


class Other(Model):
    """The service level by another formula."""

    variant: VariantName
    names: Names
    short_names: Names
    value: Value | SkipJsonSchema[None] = None
    threshold: Seconds | SkipJsonSchema[None] = None
    short: Seconds | SkipJsonSchema[None] = None
    mixed: Literal[True] | SkipJsonSchema[None] = None
    shown: bool


class Behind(Contact):
    """What is behind a number: a visit; a refused call, or an outbound attempt, whose `outcome` says so; or a phone that rang
    for a visit and stopped at `rang`."""

    outcome: Literal[  # type: ignore[assignment]  # more than a visit can have
        "open",
        "answered",
        "abandoned",
        "flowed_out",
        "lost",
        "refused",
        "planned",
        "dialled",
        "connected",
        "failed",
        "completed",
    ]
    source: Text | SkipJsonSchema[None] = None  # type: ignore[assignment]  # not told of refused calls
    part: Text
    why: Text | SkipJsonSchema[None] = Field(None, description="why it is left out")
    value: Value | SkipJsonSchema[None] = Field(None, description="what it adds to a mean, seconds")
    rang: Instant | SkipJsonSchema[None] = None


class Page(Model):
    """Newest first."""

    part: Text
    total: Count
    names: dict[Text, Names] = Field({}, description="of the cards' parts and reasons")
    cards: list[Behind]
    next: Text | SkipJsonSchema[None] = Field(None, description="`after` of the next page")


class Person(Model):
    agent: Text
    name: Text
    names: Names = Field({})
    state: Text | SkipJsonSchema[None] = None
    states: dict[Text, Seconds] = Field({})
    value: Value | SkipJsonSchema[None] = None


class Figure(Model):
    value: Value
    answered: Count | SkipJsonSchema[None] = None
    within: Count | SkipJsonSchema[None] = None
    abandoned: Count | SkipJsonSchema[None] = None
    abandoned_within: Count | SkipJsonSchema[None] = None


class DeclaredTold(Model):
    """What a source itself says of a queue, and the same reckoned from our visits in its way."""

    source: Text
    queue: Text
    at: Instant
    figures: dict[Text, Value]
    ours: dict[Text, Figure]
    why: list[
        Literal[
            "since_its_start",
            "counts_at_end",
            "exits_as_abandoned",
            "whole_seconds",
            "counted_less",
            "unknown_wait",
            "moving_average",
        ]
    ]


class SourceTold(Model):
    source: Text
    state: SourceState
    age: Seconds | SkipJsonSchema[None] = None
    heard: Instant | SkipJsonSchema[None] = None
    as_of: Instant | SkipJsonSchema[None] = None


class Explanation(Model):
    """Why a number is what it is."""

    metric: Text
    scope: ScopeTold
    window: WindowTold
    basis: BasisName
    now: Instant
    as_of: Instant | SkipJsonSchema[None] = Field(
        None, description="a source is away: the numbers stand still"
    )
    value: Value | SkipJsonSchema[None] = None
    since: Instant | SkipJsonSchema[None] = Field(None, description="when that began whose age is the value")
    unit: Literal["count", "calls", "people", "share", "seconds", "instant", "per_second", "level"]
    target: Value | SkipJsonSchema[None] = None
    verdict: Literal["good", "bad"] | SkipJsonSchema[None] = None
    names: Names
    variant: VariantName | SkipJsonSchema[None] = None
    threshold: Seconds | SkipJsonSchema[None] = None
    short: Seconds | SkipJsonSchema[None] = None
    mixed: Literal[True] | SkipJsonSchema[None] = Field(
        None, description="the queues have thresholds of their own"
    )
    formula: FormulaTold
    numerator: SideTold | SkipJsonSchema[None] = None
    denominator: SideTold | SkipJsonSchema[None] = None
    parts: list[PartTold] = Field([])
    margin: MarginTold | SkipJsonSchema[None] = None
    groups: dict[Group, Count] | SkipJsonSchema[None] = None
    left_out: list[LeftOut] = Field([])
    others: list[Other] | SkipJsonSchema[None] = None
    inputs: dict[Text, Value] | SkipJsonSchema[None] = Field(None, description="what an estimate rests on")
    samples: dict[Text, Count] | SkipJsonSchema[None] = Field(None, description="so many observations each")
    forecast: dict[Text, tuple[Value, Value, Value]] | SkipJsonSchema[None] = None
    heads: dict[Text, Value] | SkipJsonSchema[None] = Field(
        None, description="people the forecast counts on, by minutes ahead"
    )
    beside: list[Beside] | SkipJsonSchema[None] = None
    too_little: Text | SkipJsonSchema[None] = Field(None, description="why an estimate has no value")
    contacts: Page | SkipJsonSchema[None] = None
    people: list[Person] | SkipJsonSchema[None] = None
    declared: list[DeclaredTold] | SkipJsonSchema[None] = None
    sources: list[SourceTold]
    gaps: list[tuple[Text, float, float]] = Field([])
    incomplete: Stretch | SkipJsonSchema[None] = None
    inferred: Count
    unseen: Count
    revised: bool
    forgotten: Count | SkipJsonSchema[None] = None
    checked: bool | SkipJsonSchema[None] = Field(None, description="counted one by one, it comes to the same")
    recounted: Value | SkipJsonSchema[None] = None


class Metrics(Model):
    """All numbers of a scope and a window; what has no value is absent."""

    scope: Text
    window: Text
    basis: BasisName
    now: Instant
    numbers: dict[Text, Annotated[float | dict[Text, float], Field(union_mode="left_to_right")]]


class MetricTold(Model):
    key: Text
    kind: Text
    unit: Text
    basis: Text
    names: Names
    plain: Names
    words: Names
    edge: Names = Field({})
    symbols: Text = ""
    numerator: list[dict[Text, Text | int]] = Field([])
    denominator: list[dict[Text, Text | int]] = Field([])
    scopes: list[Text]
    windows: list[Text] = Field([])
    path: list[Text] = Field([])
    since: bool = False
    better: Text = ""
    target: Text = ""


class VariantTold(Model):
    key: VariantName
    names: Names
    short_names: Names
    symbols: Text
    words: Names
    users: Names
    four_ps: Count = 0
    numerator: list[dict[Text, Text | int]]
    denominator: list[dict[Text, Text | int]]


class Catalogue(Model):
    """What every number, term and formula is called and means."""

    languages: list[Text]
    metrics: list[MetricTold]
    terms: dict[Text, Names]
    variants: list[VariantTold]
