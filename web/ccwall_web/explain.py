"""GET why a number is what it is, all numbers of a scope, and what every number means."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from ccwall.access import may_see_callers
from ccwall.api import Asked, Explanations, MistakenQuestion, OutOfSight, Tree
from ccwall.events import Principal
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.explained import Catalogue, Explanation, Metrics, Whose, Why
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of

router = APIRouter(prefix="/api/v1", tags=["numbers"], dependencies=signed_in)


@router.get("/explain", response_model=Explanation, responses=problems(400, 401, 403, 422, 429))
async def explain(request: Request, principal: Who, why: Annotated[Why, Query()]) -> Response:
    """Why this number is what it is: the formula in words and figures, who is in it, and who was left out and why.
    Contacts are for the roles that may list them, and every look at them is written to the audit log."""
    asked = Asked(**why.model_dump())
    answer = _asked(request, principal, "explain", lambda of: of.explain(principal, asked))
    _note(request, principal, asked, answer)
    return encoded(answer)


@router.get("/metrics", response_model=Metrics, responses=problems(400, 401, 403, 422, 429))
async def metrics(request: Request, principal: Who, whose: Annotated[Whose, Query()]) -> Response:
    """All numbers of a scope and a window, those that exist."""
    asked = whose.model_dump()
    return encoded(_asked(request, principal, "metrics", lambda of: of.metrics(principal, **asked)))


@router.get("/catalogue", response_model=Catalogue, responses=problems(400, 401, 429))
async def catalogue(request: Request, principal: Who) -> Response:
    """What every number, every term and every formula is called and means, in all languages of the wall."""
    return encoded(floor_of(request).explaining.catalogue())


def _asked(request: Request, principal: Principal, what: str, ask: Callable[[Explanations], Tree]) -> Tree:
    try:
        return ask(floor_of(request).explaining)
    except OutOfSight as error:
        access_of(request).audit.refused(principal, what, client=client_of(request))
        raise Problem(403, f"What {error} is made of is more than {principal.id} may see.") from error
    except MistakenQuestion as error:
        if error.where == "after":
            raise Problem(400, f"`after` {error.what}.") from error
        mistake = {"loc": ("query", error.where), "msg": error.what, "type": "value_error"}
        raise RequestValidationError([mistake]) from error


def _note(request: Request, principal: Principal, asked: Asked, answer: Tree) -> None:
    """A look at callers, or at what people did, is on record; a number alone is nobody's."""
    page, people = answer.get("contacts"), answer.get("people")
    cards = page.get("cards") if isinstance(page, dict) else None
    if not cards and not people:
        return
    access_of(request).audit.kept_looking(
        principal,
        "explain",
        tuple(str(each) for each in msgspec.structs.astuple(asked)),
        client=client_of(request),
        metric=asked.metric,
        scope=asked.scope,
        window=asked.window,
        part=page.get("part", "") if isinstance(page, dict) else "",
        count=len(cards) if isinstance(cards, list) else 0,
        people=len(people) if isinstance(people, list) else 0,
        callers="full" if may_see_callers(principal) else "masked",
    )
