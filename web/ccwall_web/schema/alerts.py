"""Alerts and their rules in the REST interface, for the OpenAPI document; web/README.md and docs/alerts.md say what each field means."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, StrictStr

from ccwall_web.schema.words import Instant, Model, Text

Words = Annotated[
    dict[Annotated[StrictStr, Field(max_length=64)], JsonValue],
    Field(max_length=40, description="as in `[[rule]]`: docs/alerts.md"),
]


class AlertList(Model):
    alerts: list[dict[str, JsonValue]]


class AlertWhole(Model):
    """The alert as the board has it, with all of its history, and with the names of who was told; `before`: when it came earlier
    today; `now`: what its number is now."""

    alert: dict[str, JsonValue]
    before: list[dict[str, JsonValue]]
    rule: dict[str, JsonValue] = Field(default_factory=dict)
    curve: dict[str, JsonValue] = Field(default_factory=dict)
    now: float | None = None


class RuleItem(Model):
    """`changed`: it is not as it came, and DELETE brings that back."""

    id: Text
    origin: Literal["shipped", "configured", "own"]
    words: dict[str, JsonValue]
    changed: bool = False


class RuleList(Model):
    rules: list[RuleItem]
    metrics: dict[str, JsonValue]
    may_edit: bool


class RuleSave(Model):
    words: Words
    note: Annotated[StrictStr, Field(max_length=200)] = ""


class RuleTry(Model):
    words: Words


class Lately(Model):
    since: Instant
    times: int


class Tried(Model):
    """What the rule would say now, those for which it would fire first (of `subjects`); `lately`: how often its condition would have begun,
    where there is a curve of it."""

    would: list[dict[str, JsonValue]]
    subjects: int
    lately: Lately | None = None
