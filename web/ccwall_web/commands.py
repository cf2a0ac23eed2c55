"""POST what somebody wants of the floor, GET how it stands: requested, sent, confirmed, refused or unknown."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import Field, StrictInt, StrictStr
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import Response

from ccwall.api import (
    Desk,
    Forbidden,
    Mistaken,
    NotNow,
    NotRecording,
    NotThere,
    Objection,
    TooMany,
)
from ccwall.events import Principal
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem, response
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.words import Instant, Model, Text

STATUS: dict[type[Objection], int] = {
    Forbidden: 403,
    NotThere: 404,
    NotNow: 409,
    Mistaken: 422,
    TooMany: 429,
    NotRecording: 503,
}

PATH = "/api/commands"
State = Literal["requested", "sent", "confirmed", "refused", "unknown"]

router = APIRouter(tags=["commands"], dependencies=signed_in)


class Wish(Model):
    """`agent.pause` (a reason is needed), `agent.resume`: `queue` narrows it. `queue.add_member`, `queue.remove_member`:
    `queue` is needed. docs/commands.md has all of it."""

    name: Annotated[StrictStr, Field(max_length=64, examples=["agent.pause"])]
    target: Annotated[StrictStr, Field(max_length=256, description="the id of an agent")]
    arguments: dict[StrictStr, StrictStr | StrictInt] = Field(
        default_factory=dict,
        max_length=8,
        description="queue, source, interface, penalty: as the command takes them",
    )
    reason: Annotated[StrictStr, Field(max_length=200)] = ""


class Accepted(Model):
    """It is on its way; GET /api/commands/{command_id} tells what became of it."""

    command_id: Text
    state: State


class Actor(Model):
    id: Text
    role: Text
    name: Text = ""


class Command(Model):
    """One wish and its life."""

    command_id: Text
    name: Text
    target: Text
    arguments: dict[str, str] = Field(default_factory=dict)
    reason: Text | SkipJsonSchema[None] = None
    state: State
    source: Text | SkipJsonSchema[None] = None
    requested: Instant
    sent: Instant | SkipJsonSchema[None] = None
    ended: Instant | SkipJsonSchema[None] = None
    by: Literal["answer", "snapshot"] | SkipJsonSchema[None] = Field(
        None, description="confirmed by the source's own answer, or by what its next snapshot shows"
    )
    detail: Text | SkipJsonSchema[None] = Field(None, description="why it was refused, and what to do")
    actor: Actor | SkipJsonSchema[None] = None


class Commands(Model):
    """Newest first."""

    commands: list[Command]


@router.post(
    PATH,
    status_code=202,
    response_model=Accepted,
    responses=problems(400, 401, 403, 404, 409, 411, 413, 422, 429, 503),
)
async def command(request: Request, principal: Who, body: Wish) -> Response:
    """Ask for something to be done. 202: it is recorded and then sent, once; whether it was done is asked later. Every
    try is written to the audit log."""
    audit, client = access_of(request).audit, client_of(request)
    arguments = {key: str(value) for key, value in body.arguments.items()}
    asked = {"name": body.name, "target": body.target, "arguments": arguments, "reason": body.reason}
    try:
        taken = _desk(request).request(principal, body.name, body.target, arguments, body.reason)
    except Objection as objection:
        audit.commanded(principal, client=client, **asked, objection=str(objection))
        return objected(request, objection)
    audit.commanded(principal, client=client, **asked, command_id=taken["command_id"])
    answer = encoded(taken, 202)
    answer.headers["location"] = f"{PATH}/{taken['command_id']}"
    return answer


@router.get(PATH, response_model=Commands, responses=problems(400, 401, 403, 429, 503))
async def commands(request: Request, principal: Who) -> Response:
    """The latest hundred of today that you may see."""
    return _looked(request, principal, lambda desk: {"commands": desk.recent(principal)})


@router.get(
    PATH + "/{command_id}", response_model=Command, responses=problems(400, 401, 403, 404, 422, 429, 503)
)
async def one_command(
    request: Request, principal: Who, command_id: Annotated[str, Path(max_length=64)]
) -> Response:
    """How it stands with one command."""
    return _looked(request, principal, lambda desk: desk.one(principal, command_id))


def _looked(request: Request, principal: Principal, look: Callable[[Desk], object]) -> Response:
    try:
        return encoded(look(_desk(request)))
    except Objection as objection:
        if isinstance(objection, Forbidden):
            access_of(request).audit.refused(principal, "commands", client=client_of(request))
        return objected(request, objection)


def _desk(request: Request) -> Desk:
    desk = floor_of(request).commands
    if desk is None:
        raise Problem(503, "Nobody can be commanded here: this is a recording.")
    return desk


def objected(request: Request, objection: Objection) -> Response:
    headers = {"Retry-After": str(int(objection.wait) + 1)} if isinstance(objection, TooMany) else None
    told, mistakes = str(objection), []
    if isinstance(objection, Mistaken):
        mistakes = [{"where": f"body.{objection.where}", "what": told}]
        told = f"body.{objection.where}: {told}"
    more = objection.more if isinstance(objection, NotNow) else None
    return response(
        STATUS[type(objection)], told, request.url.path, headers=headers, mistakes=mistakes, more=more
    )
