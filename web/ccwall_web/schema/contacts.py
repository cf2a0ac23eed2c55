"""Visits of parties to queues."""

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.words import Instant, Model, Seconds, Text

Outcome = Literal["open", "answered", "abandoned", "flowed_out", "lost"]


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
