"""GET the day of one person, as it went: for who may list people, about those whom they may see."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from ccwall.api import OutOfSight, Tree
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.persons import PersonsDay

router = APIRouter(prefix="/api/v1/people", tags=["people"], dependencies=signed_in)
WHAT = "day of a person"
Person = Annotated[str, Path(min_length=1, max_length=256, description="an agent's id; it may hold slashes")]


@router.get("/{agent:path}/day", response_model=PersonsDay, responses=problems(400, 401, 403, 404, 422, 429))
async def day(request: Request, principal: Who, agent: Person) -> Response:
    """The present business day of one person, up to now: states, conversations, what each sense said of them, and where
    these contradicted each other. For the staff, and for leads about their own; every look is in the audit log."""
    audit, client = access_of(request).audit, client_of(request)
    try:
        answer = floor_of(request).explaining.day_of(principal, agent)
    except OutOfSight as error:
        audit.refused(principal, WHAT, client=client)
        raise Problem(403, f"What {error} did today is more than {principal.id} may see.") from error
    if answer is None:
        raise Problem(404, "There is nobody of this id on the floor.")
    audit.kept_looking(principal, WHAT, (agent,), client=client, agent=agent, count=_length(answer))
    return encoded(answer)


def _length(answer: Tree) -> int:
    spells = answer["spells"]
    return len(spells) if isinstance(spells, list) else 0
