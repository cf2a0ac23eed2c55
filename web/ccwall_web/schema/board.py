"""Everything a viewer may see, now."""

from typing import Any, Literal

from pydantic import Field, JsonValue
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.figures import FloorNumbers, Numbers, Outlook, PeoplesTime, Trend
from ccwall_web.schema.persons import Agent
from ccwall_web.schema.sources import Recording, Source, Strangers
from ccwall_web.schema.words import Instant, Model, Names, Seconds, Text


class Site(Model):
    name: Names = {}
    zone: Text


class Day(Model):
    starts: Instant


class Interval(Model):
    starts: Instant
    length: Seconds


class Line(Numbers):
    names: Names = {}
    direction: Literal["in", "out"] = "in"
    order: int = 0
    queues: list[Text] = []
    trend: Trend | SkipJsonSchema[None] = None


class Team(Numbers):
    trend: Trend | SkipJsonSchema[None] = None
    people: PeoplesTime | SkipJsonSchema[None] = None


class Queue(Numbers):
    name: Text
    names: Names = {}
    source: Text
    order: int = 0
    line: Text = ""
    trend: Trend | SkipJsonSchema[None] = None
    outlook: Outlook | SkipJsonSchema[None] = None


Desk = dict[Text, JsonValue] | SkipJsonSchema[None]
DESK: Any = Field(None, description="of the desk, what this viewer may see; web/README.md has the fields")


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
    yesterday: list[tuple[float, float, int] | tuple[float, int]] | SkipJsonSchema[None] = Field(
        None,
        description="the curve of the business day before, as it was at its end; absent when nobody watched",
    )
    yesterday_incomplete: list[Instant] | SkipJsonSchema[None] = None
    incomplete: list[tuple[Text, float, float]] = []
    recording: Recording | SkipJsonSchema[None] = None
    strangers: Strangers | SkipJsonSchema[None] = Field(None, description="for who may see everybody")
    alerts: Desk = DESK
    alert_rules: Desk = DESK
    breaks: Desk = DESK
    break_desk: Desk = DESK
    moves: Desk = DESK
    help: Desk = DESK
    help_limit: float | SkipJsonSchema[None] = Field(None, description="seconds until somebody must be there")
    incidents: Desk = DESK
    announcements: Desk = DESK
    thanks: Desk = DESK
    patrols: Desk = DESK
    handover: Desk = DESK
    faults: Desk = DESK
    rota: Desk = DESK
    meetings: Desk = DESK
    cases: Desk = DESK
    case_desk: Desk = DESK
