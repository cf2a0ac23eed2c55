"""Boards and floor plans: who is signed in may look, who leads may change them. Each change is a version, and in the audit log."""

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from ccwall.api import Wish
from ccwall_web.documents import (
    CHANGE,
    LIST,
    NEW,
    OLD,
    READ,
    Base,
    Id,
    Number,
    about,
    changed,
    deleted,
    library_of,
    listed,
    made,
    may_change,
    obeyed,
    one,
)
from ccwall_web.door import Who, problems, signed_in
from ccwall_web.rest import encoded
from ccwall_web.schema.boards import (
    BoardAnswer,
    BoardList,
    BoardNew,
    BoardSave,
    BoardVersion,
    DocumentVersions,
    PlanAnswer,
    PlanList,
    PlanLook,
    PlanLooked,
    PlanNew,
    PlanSave,
    PlanVersion,
)

BOARDS, PLANS = "/api/v1/boards", "/api/v1/plans"

router = APIRouter(tags=["boards"], dependencies=signed_in)


# ── boards ──


@router.get(BOARDS, response_model=BoardList, responses=LIST)
async def boards(request: Request, principal: Who) -> Response:
    """Every board, those that come with ccwall too; `default` is the one that `/` shows, `embed` whose pages a board may show."""
    library = library_of(request)
    told = {
        "boards": await library.boards.entries(),
        "default": library.default,
        "embed": library.embed,
        **about(request, principal),
    }
    return listed(request, told)


@router.get(BOARDS + "/{id}", response_model=BoardAnswer, responses=READ)
async def board(request: Request, principal: Who, id: Id) -> Response:
    """One board. `board` is its file: what an import takes."""
    return await one(request, library_of(request).boards, "board", id)


@router.post(BOARDS, status_code=201, response_model=BoardAnswer, responses=NEW)
async def new_board(request: Request, principal: Who, body: BoardNew) -> Response:
    """A new board, or one from a file. 409 when its id is taken."""
    wish = Wish(told=body.board, by=principal.id, note=body.note)
    return await made(request, principal, "board", library_of(request).boards, wish)


@router.put(BOARDS + "/{id}", response_model=BoardAnswer, responses=CHANGE)
async def save_board(request: Request, principal: Who, id: Id, body: BoardSave) -> Response:
    """A new version over `base`. 409 when somebody else saved meanwhile: it says who, when, and what their version is."""
    wish = Wish(told=body.board, by=principal.id, base=body.base, note=body.note)
    return await changed(request, principal, "board", id, wish)


@router.delete(BOARDS + "/{id}", status_code=204, responses=CHANGE, response_class=Response)
async def delete_board(request: Request, principal: Who, id: Id, base: Base = None) -> Response:
    """Take it away; of a preset, what people made of it. Its versions stay for a while."""
    return await deleted(request, principal, "board", id, base)


@router.get(BOARDS + "/{id}/versions", response_model=DocumentVersions, responses=OLD)
async def board_versions(request: Request, principal: Who, id: Id) -> Response:
    """Who changed it when, newest first. A preset is version 0, and not in the list."""
    return encoded({"versions": await obeyed(request, library_of(request).boards.versions(id))})


@router.get(BOARDS + "/{id}/versions/{number}", response_model=BoardVersion, responses=OLD)
async def board_version(request: Request, principal: Who, id: Id, number: Number) -> Response:
    """One version; to bring it back, save it over the newest."""
    version, body = await obeyed(request, library_of(request).boards.version(id, number))
    return encoded({"version": version, "board": msgspec.Raw(body)})


# ── floor plans ──


@router.get(PLANS, response_model=PlanList, responses=LIST)
async def plans(request: Request, principal: Who) -> Response:
    """Every floor plan."""
    told = {"plans": await library_of(request).plans.entries(), **about(request, principal)}
    return listed(request, told)


@router.get(PLANS + "/{id}", response_model=PlanAnswer, responses=READ)
async def plan(request: Request, principal: Who, id: Id) -> Response:
    """One floor plan: `plan` is its file, `parsed` what a map draws (docs/seats.md)."""
    return await one(request, library_of(request).plans, "plan", id)


@router.post(PLANS, status_code=201, response_model=PlanAnswer, responses=NEW)
async def new_plan(request: Request, principal: Who, body: PlanNew) -> Response:
    """A new floor plan: a grid of seat ids, or an SVG, as text."""
    wish = Wish(told=body.plan, by=principal.id, note=body.note)
    return await made(request, principal, "plan", library_of(request).plans, wish)


@router.post(
    PLANS + "/look", response_model=PlanLooked, responses=problems(400, 401, 403, 411, 413, 422, 429, 503)
)
async def look_at_plan(request: Request, principal: Who, body: PlanLook) -> Response:
    """What this text would be as a floor plan. Nothing is kept."""
    may_change(request, principal, "plan")
    return encoded({"parsed": await obeyed(request, library_of(request).parsed(body.text))})


@router.put(PLANS + "/{id}", response_model=PlanAnswer, responses=CHANGE)
async def save_plan(request: Request, principal: Who, id: Id, body: PlanSave) -> Response:
    """A new version over `base`, as of a board."""
    wish = Wish(told=body.plan, by=principal.id, base=body.base, note=body.note)
    return await changed(request, principal, "plan", id, wish)


@router.delete(PLANS + "/{id}", status_code=204, responses=CHANGE, response_class=Response)
async def delete_plan(request: Request, principal: Who, id: Id, base: Base = None) -> Response:
    """Take it away. Its versions stay for a while."""
    return await deleted(request, principal, "plan", id, base)


@router.get(PLANS + "/{id}/versions", response_model=DocumentVersions, responses=OLD)
async def plan_versions(request: Request, principal: Who, id: Id) -> Response:
    """Who changed it when, newest first."""
    return encoded({"versions": await obeyed(request, library_of(request).plans.versions(id))})


@router.get(PLANS + "/{id}/versions/{number}", response_model=PlanVersion, responses=OLD)
async def plan_version(request: Request, principal: Who, id: Id, number: Number) -> Response:
    """One version."""
    version, body = await obeyed(request, library_of(request).plans.version(id, number))
    return encoded({"version": version, "plan": msgspec.Raw(body)})
