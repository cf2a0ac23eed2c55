"""GET what the wall shows, the contacts behind it, and how the house itself is."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.requests import HTTPConnection
from starlette.responses import Response

from ccwall.access import is_staff, may_list_contacts, may_see_callers
from ccwall.api import CONTACTS_LIMIT, Api, UnknownCursor
from ccwall.hub import Hub
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.schema.board import Board
from ccwall_web.schema.contacts import Contacts, Outcome
from ccwall_web.schema.health import Health, Healthz

router = APIRouter()


def floor_of(connection: HTTPConnection) -> Api:
    floor: Api = connection.app.state.floor
    return floor


def hub_of(connection: HTTPConnection) -> Hub:
    hub: Hub = connection.app.state.hub
    return hub


def encoded(answer: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(answer), status, media_type="application/json")


@router.get(
    "/api/v1/board",
    tags=["wall"],
    dependencies=signed_in,
    response_model=Board,
    responses=problems(400, 401, 429),
)
async def board(request: Request, principal: Who) -> Response:
    """The whole board, once. A screen that stays should use the WebSocket /api/v1/live instead."""
    return encoded(floor_of(request).board(principal))


@router.get(
    "/api/v1/contacts",
    tags=["wall"],
    dependencies=signed_in,
    response_model=Contacts,
    responses=problems(400, 401, 403, 422, 429),
)
async def contacts(
    request: Request,
    principal: Who,
    queue: Annotated[str, Query(max_length=256, description="only this queue id")] = "",
    outcome: Annotated[Outcome | None, Query(description="only this outcome")] = None,
    limit: Annotated[int, Query(ge=1, le=CONTACTS_LIMIT)] = 100,
    after: Annotated[str, Query(max_length=512, description="`next` of the page before")] = "",
) -> Response:
    """Today's visits to the queues, in order of queueing. Every look is written to the audit log."""
    audit, client = access_of(request).audit, client_of(request)
    if not may_list_contacts(principal):
        audit.refused(principal, "contacts", client=client)
        raise Problem(403, f"The role {principal.role} may not list contacts.")
    try:
        answer = floor_of(request).contacts(
            principal, queue=queue, outcome=outcome or "", limit=limit, after=after
        )
    except UnknownCursor as error:
        raise Problem(400, "`after` names no contact of today. Start again without it.") from error
    found = answer["contacts"]
    audit.looked_up(
        principal,
        "contacts",
        client=client,
        queue=queue,
        outcome=outcome or "",
        count=len(found) if isinstance(found, list) else 0,
        callers="full" if may_see_callers(principal) else "masked",
    )
    return encoded(answer)


@router.get(
    "/healthz",
    tags=["house"],
    response_model=Healthz,
    responses={**problems(400), 503: {"model": Healthz, "description": "The engine is not running"}},
)
async def healthz(request: Request) -> Response:
    """200 while this server serves, whatever its sources do: see each one's state and age. Open to all, so it says no more."""
    health = floor_of(request).health(None)
    return encoded(health, 200 if health["running"] else 503)


@router.get(
    "/api/health",
    tags=["house"],
    dependencies=signed_in,
    response_model=Health,
    responses=problems(400, 401, 403, 429),
)
async def health(request: Request, principal: Who) -> Response:
    """How everything is: the journal, the event loop, and of each source the link, its rates and its own last words.
    For the staff; docs/operations.md says what each field means."""
    if not is_staff(principal):
        access_of(request).audit.refused(principal, "health", client=client_of(request))
        raise Problem(403, f"The role {principal.role} may not see how the house is.")
    return encoded(floor_of(request).health(principal))
