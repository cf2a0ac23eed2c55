"""What is said when something cannot be."""

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.words import Count, Instant, Model, Text


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
    code: Text | SkipJsonSchema[None] = Field(
        None, description="of an objection about accounts: which one it is"
    )
    version: Count | SkipJsonSchema[None] = Field(None, description="of a document: what it is now")
    changed_by: Text | SkipJsonSchema[None] = None
    changed_at: Instant | SkipJsonSchema[None] = None
