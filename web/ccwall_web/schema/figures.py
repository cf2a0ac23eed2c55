"""What is counted and expected of queues, lines, teams, sites and the floor."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.words import (
    AgentState,
    Count,
    Fraction,
    Instant,
    Model,
    Points,
    Rate,
    Seconds,
    Stretch,
    Text,
)

Variant = Literal["answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive"]


class Formula(Model):
    """`threshold` and `short` are absent where the queues differ."""

    service_level: Variant
    threshold: Seconds | SkipJsonSchema[None] = None
    short: Seconds | SkipJsonSchema[None] = None


class Target(Model):
    service_level: Fraction | SkipJsonSchema[None] = None
    answer_rate: Fraction | SkipJsonSchema[None] = None
    satisfaction: Fraction | SkipJsonSchema[None] = None
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
    ratings: Count | SkipJsonSchema[None] = Field(None, description="visits whose party rated the service")
    satisfied: Count | SkipJsonSchema[None] = Field(None, description="of these, those in the top two boxes")
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
    satisfaction: Fraction | SkipJsonSchema[None] = None
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


class Trend(Model):
    """The last two hours in steps: the k-th begins `k` * `step` seconds after `from`. Only steps that are over, each with its value;
    what was not seen is left out."""

    from_: Instant = Field(alias="from")
    step: Literal[300]
    waiting: Points[Count] | SkipJsonSchema[None] = Field(None, description="the most in the step")
    longest: Points[Seconds] | SkipJsonSchema[None] = Field(
        None, description="the longest in the step, seconds"
    )
    ready: Points[Seconds] | SkipJsonSchema[None] = Field(None, description="people, the mean of the step")
    offered: Points[Count] | SkipJsonSchema[None] = None
    service_level: Points[Fraction] | SkipJsonSchema[None] = Field(
        None, description="of who arrived in the step"
    )
    answer_rate: Points[Fraction] | SkipJsonSchema[None] = Field(
        None, description="of who arrived in the step"
    )
    incomplete: list[Annotated[int, Field(ge=0, lt=24)]] | SkipJsonSchema[None] = Field(
        None, description="steps that an outage touches"
    )


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
    trend: Trend | SkipJsonSchema[None] = None
    people: PeoplesTime | SkipJsonSchema[None] = None
    outlook: Outlook | SkipJsonSchema[None] = None
