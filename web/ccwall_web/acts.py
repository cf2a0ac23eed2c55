"""POST what somebody does at the desk: asks for a break, grants it, acknowledges an alert, opens an incident, …"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import Field, JsonValue, StrictStr
from starlette.responses import Response

from ccwall.api import Acts, Objection
from ccwall_web.commands import objected
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.words import Model, Text

PATH = "/api/v1/acts"

router = APIRouter(tags=["acts"], dependencies=signed_in)


WORDS = frozenset({"number", "text", "texts", "title", "note", "topic", "name"})
"""What people write, and whom it is about: it is in the journal, and never in a log."""


def for_the_record(arguments: Mapping[str, object]) -> dict[str, object]:
    """What an act was about, without anybody's words or number."""
    return {key: "…" if key in WORDS and value else value for key, value in arguments.items()}


class Doing(Model):
    """The words of one act; docs/acts.md has them all."""

    arguments: Annotated[
        dict[StrictStr, JsonValue], Field(max_length=24, description="by name, as the act takes them")
    ] = Field(default_factory=dict)


class Possible(Model):
    """What your role may do at all; whether the floor allows it now is said when it is tried."""

    acts: list[Text]


@router.get(PATH, response_model=Possible, responses=problems(400, 401, 403, 429, 503))
async def possible(request: Request, principal: Who) -> Response:
    """The names of all acts that you may do."""
    return encoded({"acts": _acts(request).may(principal)})


@router.post(
    PATH + "/{name}",
    response_model=dict[str, JsonValue],
    responses=problems(400, 401, 403, 404, 409, 411, 413, 422, 429, 503),
)
async def act(
    request: Request, principal: Who, name: Annotated[str, Path(max_length=64)], body: Doing
) -> Response:
    """Do it. 200: it is so, and recorded; 409: somebody was faster, or the floor does not allow it now. Every try is
    written to the audit log."""
    audit, client = access_of(request).audit, client_of(request)
    try:
        told = await _acts(request).do(principal, name, body.arguments)
    except Objection as objection:
        audit.acted(
            principal, name, client=client, asked=for_the_record(body.arguments), objection=str(objection)
        )
        return objected(request, objection)
    audit.acted(principal, name, client=client, asked=for_the_record(body.arguments))
    return encoded(told)


def _acts(request: Request) -> Acts:
    acts = floor_of(request).acts
    if acts is None:
        raise Problem(503, "Nothing can be done here: this is a recording.")
    return acts
