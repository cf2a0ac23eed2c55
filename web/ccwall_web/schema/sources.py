"""Where facts come from, who and what they tell of that nobody knows, and whether it is kept."""

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.words import Count, Instant, Model, Text

SourceState = Literal["connecting", "live", "resync", "silent", "down", "refused", "failed"]


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
