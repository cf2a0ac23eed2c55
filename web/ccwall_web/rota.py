"""GET the rota and the day's attendance; POST a file to look at what it would change, and then to bring it in."""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field, JsonValue, StrictBool, StrictStr
from starlette.responses import Response

from ccwall.api import Brought, Objection, Office
from ccwall.events import Principal
from ccwall_web.commands import objected
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.words import Instant, Model

PREFIX = "/api/v1/rota"
MOST_FILE = 11 * 1024 * 1024 - 4096

router = APIRouter(prefix=PREFIX, tags=["rota"], dependencies=signed_in)
Team = Annotated[str, Query(max_length=256, description="only of this team")]


class File(Model):
    """A rota as CSV (docs/rota.md has the columns) or iCalendar, read for the days in [since, until)."""

    content: Annotated[StrictStr, Field(max_length=MOST_FILE)]
    base64: StrictBool = Field(
        False, description="`content` is base64 of the file's own bytes, whatever their encoding"
    )
    format: Literal["csv", "ical"] = "csv"
    since: Instant
    until: Instant
    clears: StrictBool = Field(True, description="what else the people of the file have in these days goes")
    note: Annotated[StrictStr, Field(max_length=200)] = ""


class Rota(Model):
    """Shifts by id with what came of them (`judged`), who changed what, and the days that are not worked."""

    shifts: dict[str, JsonValue]
    changes: list[JsonValue]
    free: list[str]
    codes: dict[str, JsonValue]


class Sheet(Model):
    """Attendance and adherence of this business day so far; a row a shift."""

    from_: Instant = Field(alias="from")
    to: Instant
    rows: list[JsonValue]


class Agendas(Model):
    """The meetings of today by when they begin. Each has `sections`: of a team, or of the floor, the figures of the last business
    day that was watched (docs/rota.md has the fields), or `none` with the reason why there are none."""

    now: Instant
    meetings: list[JsonValue]


class Preview(Model):
    """What the file would change, and its mistakes by line."""

    shifts: int
    kept: int
    added: list[JsonValue]
    changed: list[JsonValue]
    removed: list[JsonValue]
    overlaps: list[JsonValue]
    counts: dict[str, int]
    mistakes: list[dict[str, str]]
    more_mistakes: int


class Done(Model):
    """How many shifts the file has, and what it changed."""

    shifts: int
    added: int
    changed: int
    removed: int


@router.get("", response_model=Rota, responses=problems(400, 401, 403, 422, 429, 503))
async def rota(
    request: Request,
    principal: Who,
    since: Annotated[float, Query(ge=0, le=4_102_444_800)],
    until: Annotated[float, Query(ge=0, le=4_102_444_800)],
    team: Team = "",
) -> Response:
    """Shifts that touch [since, until). For those who lead, about whom they lead; every look is in the audit log."""
    return _look(request, principal, "rota", lambda office: office.rota(principal, since, until, team), team)


@router.get("/sheet", response_model=Sheet, responses=problems(400, 401, 403, 422, 429, 503))
async def sheet(request: Request, principal: Who, team: Team = "") -> Response:
    """Who came when, who is late or absent, and how well the plan was kept today."""
    return _look(request, principal, "attendance", lambda office: office.sheet(principal, team), team)


@router.get("/meetings", response_model=Agendas, responses=problems(400, 401, 403, 429, 503))
async def meetings(request: Request, principal: Who) -> Response:
    """Today's meetings, their agendas filled with the last day's figures: of the teams whose numbers one may see. Persons are
    named to those who lead only."""
    return _look(request, principal, "meetings", lambda office: office.meetings(principal), "")


@router.post("/preview", response_model=Preview, responses=problems(400, 401, 403, 411, 413, 422, 429, 503))
async def preview(request: Request, principal: Who, body: File) -> Response:
    """What a file would change. Nothing is changed."""
    brought = _brought(body)
    return await _file(request, principal, "rota.preview", lambda office: office.preview(principal, brought))


@router.post("/import", response_model=Done, responses=problems(400, 401, 403, 409, 411, 413, 422, 429, 503))
async def bring(request: Request, principal: Who, body: File) -> Response:
    """Bring a file in, whole or not at all."""
    brought = _brought(body)
    return await _file(
        request, principal, "rota.import", lambda office: office.bring(principal, brought, body.note)
    )


def _brought(body: File) -> Brought:
    try:
        content = (
            b64decode(body.content, validate=True) if body.base64 else body.content.encode("utf-8", "replace")
        )
    except ValueError as error:
        raise Problem(422, "body.content: is not base64.") from error
    return Brought(
        content=content,
        format=body.format,
        since=body.since,
        until=body.until,
        clears=body.clears,
    )


def _look(
    request: Request, principal: Principal, what: str, look: Callable[[Office], object], team: str
) -> Response:
    audit, client = access_of(request).audit, client_of(request)
    try:
        told = look(_office(request))
    except Objection as objection:
        audit.refused(principal, what, client=client)
        return objected(request, objection)
    audit.kept_looking(principal, what, (team,), client=client, team=team)
    return encoded(told)


async def _file(
    request: Request, principal: Principal, what: str, do: Callable[[Office], Awaitable[object]]
) -> Response:
    audit, client = access_of(request).audit, client_of(request)
    try:
        told = await do(_office(request))
    except Objection as objection:
        audit.acted(principal, what, client=client, objection=str(objection))
        return objected(request, objection)
    audit.acted(principal, what, client=client)
    return encoded(told)


def _office(request: Request) -> Office:
    office = floor_of(request).office
    if office is None:
        raise Problem(503, "There is no rota here: this is a recording.")
    return office
