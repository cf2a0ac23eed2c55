"""GET what a lead looks at before deciding on a break: its effect, its best time, how many may leave, whom to move; and the
breaks of the day."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from pydantic import JsonValue
from starlette.responses import Response

from ccwall.api import Breaks, Objection
from ccwall_web.commands import objected
from ccwall_web.door import Who, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.words import Instant, Model

PREFIX = "/api/v1"

router = APIRouter(prefix=PREFIX, tags=["breaks"], dependencies=signed_in)


class Effects(Model):
    """By break that waits: `effect` (by queue before and after, service level as low, middle, high by minutes ahead), `slots` of
    the next hour, and what is `against` it. `may_leave` by scope. `more`: so many wait whose effect is not worked out."""

    at: Instant
    breaks: dict[str, JsonValue]
    may_leave: dict[str, JsonValue]
    more: int = 0


class Moves(Model):
    """Best first; service levels as low, middle, high of the next 15 minutes."""

    at: Instant
    moves: list[JsonValue]


class Today(Model):
    """Every break of the business day that you may see, as the board has those of now."""

    at: Instant
    breaks: dict[str, JsonValue]


@router.get("/breaks/effects", response_model=Effects, responses=problems(400, 401, 403, 429, 503))
async def effects(request: Request, principal: Who) -> Response:
    """What every wish that waits for you would do, if it was granted now. At most five seconds old."""
    return _told(request, lambda breaks: breaks.effects(principal))


@router.get("/breaks/today", response_model=Today, responses=problems(400, 401, 403, 429, 503))
async def today(request: Request, principal: Who) -> Response:
    """The breaks of this business day: those of your people, or your own."""
    return _told(request, lambda breaks: breaks.today(principal))


@router.get("/moves", response_model=Moves, responses=problems(400, 401, 403, 429, 503))
async def moves(request: Request, principal: Who) -> Response:
    """Whom to move from which queue to which, so that more targets are kept. At most five seconds old."""
    return _told(request, lambda breaks: breaks.moves(principal))


def _told(request: Request, ask: Callable[[Breaks], dict[str, object]]) -> Response:
    breaks = floor_of(request).breaks
    if breaks is None:
        raise Problem(503, "Nobody decides on breaks here: this is a recording.")
    try:
        return encoded(ask(breaks))
    except Objection as objection:
        return objected(request, objection)
