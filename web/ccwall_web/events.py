"""POST what happened: sources that are not read but come to us (CloudEvents, Twilio TaskRouter, Amazon Connect).

Who comes is not a person: each source has its own secret, which its adapter looks at. What is here is the way there.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from ccwall.access import TooManyTries
from ccwall.api import Arrived, Reception
from ccwall_web.door import access_of, client_of, problems
from ccwall_web.guard import EVENTS
from ccwall_web.problem import Problem, response
from ccwall_web.rest import floor_of

router = APIRouter(tags=["events"])

GIVEN: dict[int | str, dict[str, object]] = {
    202: {"description": "It is recorded: forget it"},
    204: {"description": "It is recorded: forget it"},
}
ANSWERS = {**GIVEN, **problems(400, 401, 403, 404, 411, 413, 415, 422, 429, 503)}


@router.post(EVENTS, responses=ANSWERS, status_code=202, response_class=Response)
async def event(request: Request) -> Response:
    """One or more CloudEvents 1.0 (binary, structured or batch) for the only source that takes any. 202: what came of them
    is recorded. Sent again with the same `source` and `id`, an event is not taken twice. docs/adapters/http.md."""
    names = _reception(request).names
    if len(names) != 1:
        raise Problem(
            404,
            f"Say which source this is: {EVENTS}/{{source}}." if names else "No source takes events here.",
        )
    return await _deliver(request, next(iter(names)))


@router.post(EVENTS + "/{source}", responses=ANSWERS, status_code=202, response_class=Response)
async def event_of(request: Request, source: Annotated[str, Path(max_length=256)]) -> Response:
    """The same for the source of this name, in its own words: CloudEvents, Twilio's callbacks, Amazon Connect's events."""
    return await _deliver(request, source)


@router.options(EVENTS + "/{source}", responses=problems(400, 404, 422), response_class=Response)
async def may_i(request: Request, source: Annotated[str, Path(max_length=256)]) -> Response:
    """Whether events may be delivered (CloudEvents 1.0 WebHook, section 4)."""
    wanted = request.headers.get("webhook-request-origin", "")
    if source not in _reception(request).names or not wanted:
        raise Problem(404, "No source of this name takes events.")
    allowed = {"WebHook-Allowed-Origin": wanted[:253], "WebHook-Allowed-Rate": "1200", "Allow": "POST"}
    return Response(status_code=200, headers=allowed)


def _reception(request: Request) -> Reception:
    reception = floor_of(request).inlets
    if reception is None:
        raise Problem(404, "No source takes events here: this is a recording.")
    return reception


async def _deliver(request: Request, source: str) -> Response:
    client, tries = client_of(request), access_of(request).tries
    now = access_of(request).now()
    if (wait := tries.wait(client, now)) > 0:
        refused = TooManyTries(wait)
        raise Problem(429, str(refused), headers={"Retry-After": str(int(wait) + 1)})
    arrived = Arrived(
        method=request.method,
        path=request.url.path,
        query=request.url.query,
        headers={name.lower(): value for name, value in request.headers.items()},
        url=str(request.url),
        client=client,
        body=await request.body(),
    )
    try:
        answer = await _reception(request).deliver(source, arrived)
    except KeyError:
        raise Problem(404, "No source of this name takes events.") from None
    if answer.status in {401, 403}:
        tries.failed(client, now)
    kept = {name: value for name, value in answer.headers.items() if name.lower() != "content-type"}
    if answer.status < 300:
        return Response(answer.body, answer.status, answer.headers)
    return response(answer.status, answer.body.decode("utf-8", "replace"), request.url.path, headers=kept)
