"""GET what was sent out and how each channel is, and POST a test; for the staff."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import JsonValue
from starlette.responses import Response

from ccwall.access import is_staff
from ccwall.api import Post
from ccwall.events import Principal
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.words import Model, Text

MOST = 500

router = APIRouter(prefix="/api/v1", tags=["deliveries"], dependencies=signed_in)

EntryState = Literal["waiting", "sending", "sent", "failed", "dropped"]


class Deliveries(Model):
    """Without any address or secret. `channels` with how each is, `entries` with their attempts, the newest first; `problem`: why
    what is sent is not on the disk, empty when it is. Instants are the machine's, which a simulated floor's are not."""

    channels: list[dict[str, JsonValue]]
    entries: list[dict[str, JsonValue]]
    problem: str
    may_test: bool


class Answered(Model):
    """What the far end said to it, in its own words."""

    outcome: Literal["ok", "retry", "failed"]
    said: Text


@router.get("/deliveries", response_model=Deliveries, responses=problems(400, 401, 403, 422, 429, 503))
async def deliveries(
    request: Request,
    principal: Who,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    state: Annotated[EntryState | None, Query(description="only what is there")] = None,
) -> Response:
    """Every channel, and what became of the newest notes. Names of people and queues stand in them, so it is for the staff."""
    post = _post(request, principal)
    told = await post.page(limit, state)
    access_of(request).audit.kept_looking(
        principal, "deliveries", (state or "",), client=client_of(request), state=state or ""
    )
    return encoded({**told, "may_test": True})


@router.post(
    "/channels/{name}/test",
    response_model=Answered,
    responses=problems(400, 401, 403, 404, 411, 413, 422, 429, 503),
)
async def test(request: Request, principal: Who, name: Annotated[str, Path(max_length=128)]) -> Response:
    """Send a test message now, within the channel's own limits; the answer comes when the far end has answered."""
    post = _post(request, principal)
    try:
        told = await post.tried(name)
    except KeyError:
        raise Problem(404, "There is no such channel.") from None
    access_of(request).audit.acted(
        principal, "channel.test", client=client_of(request), asked={"channel": name}, told=dict(told)
    )
    return encoded(told)


def _post(request: Request, principal: Principal) -> Post:
    if not is_staff(principal):
        access_of(request).audit.refused(principal, "deliveries", client=client_of(request))
        raise Problem(403, "What was sent out is for the staff.")
    post = floor_of(request).post
    if post is None:
        raise Problem(503, "Nothing is sent out here: this is a recording.")
    return post
