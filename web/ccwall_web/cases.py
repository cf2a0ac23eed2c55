"""GET the register of complaints, callbacks and promises, and one case of it. Every look is in the audit log."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import JsonValue
from starlette.responses import Response

from ccwall.api import Objection, Register
from ccwall_web.commands import objected
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.words import Model

PREFIX = "/api/v1/cases"

router = APIRouter(prefix=PREFIX, tags=["cases"], dependencies=signed_in)


class Cases(Model):
    """At most 200 of them, and how many there are; what is due first at the top, of the closed ones the latest."""

    cases: list[dict[str, JsonValue]]
    count: int


@router.get("", response_model=Cases, responses=problems(400, 401, 403, 422, 429, 503))
async def cases(
    request: Request,
    principal: Who,
    state: Literal["open", "closed"] = "open",
    kind: Annotated[Literal["", "complaint", "callback", "service"], Query()] = "",
) -> Response:
    """Those you may see; numbers are masked for who may not see callers."""
    audit, client = access_of(request).audit, client_of(request)
    try:
        told = _register(request).cases(principal, closed=state == "closed", kind=kind)
    except Objection as objection:
        audit.refused(principal, "cases", client=client)
        return objected(request, objection)
    audit.kept_looking(principal, "cases", (state, kind), client=client, state=state, kind=kind)
    return encoded(told)


@router.get(
    "/{case:path}",
    response_model=dict[str, JsonValue],
    responses=problems(400, 401, 403, 404, 422, 429, 503),
)
async def case(
    request: Request, principal: Who, case: Annotated[str, Path(min_length=1, max_length=300)]
) -> Response:
    """One case with all that was said."""
    audit, client = access_of(request).audit, client_of(request)
    try:
        told = _register(request).case(principal, case)
    except Objection as objection:
        audit.refused(principal, "case", client=client)
        return objected(request, objection)
    audit.kept_looking(principal, "case", (case,), client=client, case=case)
    return encoded(told)


def _register(request: Request) -> Register:
    register = floor_of(request).register
    if register is None:
        raise Problem(503, "There is no register here: this is a recording.")
    return register
