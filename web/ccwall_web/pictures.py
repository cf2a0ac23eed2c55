"""Pictures for boards: logos and the like. Served so that, whatever is in one, it is a picture and nothing else."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ccwall.api import Conflict, Wish
from ccwall_web.documents import (
    CHANGE,
    LIST,
    NEW,
    READ,
    Base,
    Id,
    Objected,
    about,
    audited,
    has,
    library_of,
    listed,
    matching,
    may_change,
    not_modified,
    obeyed,
    tagged,
)
from ccwall_web.door import Who, signed_in
from ccwall_web.rest import encoded
from ccwall_web.schema.boards import DocumentId, PictureAnswer, PictureList

PICTURES = "/api/v1/pictures"
ALONE = "sandbox; default-src 'none'"
"""The policy of a picture that somebody opens by itself."""
FOR_EVER = "private, max-age=31536000, immutable"
TYPES = ("image/png", "image/jpeg", "image/webp")
BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
SENT = {"requestBody": {"required": True, "content": dict.fromkeys(TYPES, BYTES)}}
GIVEN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": dict.fromkeys(TYPES, BYTES)}
}

router = APIRouter(tags=["boards"], dependencies=signed_in)


@router.get(PICTURES, response_model=PictureList, responses=LIST)
async def pictures(request: Request, principal: Who) -> Response:
    """Every picture that a board may show."""
    told = {"pictures": await library_of(request).pictures.entries(), **about(request, principal)}
    return listed(request, told)


@router.post(
    PICTURES,
    status_code=201,
    response_model=PictureAnswer,
    responses=NEW,
    openapi_extra=SENT,
)
async def new_picture(
    request: Request,
    principal: Who,
    id: Annotated[DocumentId | None, Query(description="made from its bytes when absent")] = None,
) -> Response:
    """A picture, as its bytes: PNG, JPEG or WebP, at most 512 KiB and 4096 pixels each way. 409 when the id is taken."""
    may_change(request, principal, "picture")
    wish = Wish(told=(id or "", await request.body()), by=principal.id)
    shelf = library_of(request).pictures
    try:
        shown = await audited(request, principal, "picture", id or "", "made", shelf.create(wish))
    except Objected as error:
        known = error.objection.current if isinstance(error.objection, Conflict) else None
        if id is not None or known is None:
            raise
        shown = await obeyed(request, shelf.one(known.id))  # the very same bytes
    answer = tagged(encoded({"entry": shown.entry}, 201), shown.tag)
    answer.headers["location"] = f"{PICTURES}/{shown.entry['id']}"
    return answer


@router.get(PICTURES + "/{id}", responses={**GIVEN, **READ}, response_class=Response)
async def picture(
    request: Request,
    principal: Who,
    id: Id,
    v: Annotated[
        int | None, Query(ge=1, le=2**53, description="its version: then it may be kept for ever")
    ] = None,
) -> Response:
    """The picture itself."""
    shelf = library_of(request).pictures
    entry, tag = await obeyed(request, shelf.entry(id))
    if has(request, tag):
        return not_modified(tag)
    shown = await obeyed(request, shelf.one(id))
    answer = tagged(Response(shown.body, media_type=shown.entry["type"]), shown.tag)
    answer.headers["content-security-policy"] = ALONE
    answer.headers["content-disposition"] = "inline"
    if v == entry["version"]:
        answer.headers["cache-control"] = FOR_EVER
    return answer


@router.put(PICTURES + "/{id}", response_model=PictureAnswer, responses=CHANGE, openapi_extra=SENT)
async def save_picture(request: Request, principal: Who, id: Id, base: Base = None) -> Response:
    """Another picture in its place: every board that shows it shows this one."""
    may_change(request, principal, "picture")
    shelf = library_of(request).pictures
    await matching(request, shelf, id)
    if base is None:
        base = (await obeyed(request, shelf.entry(id)))[0]["version"]
    wish = Wish(told=(id, await request.body()), by=principal.id, base=base)
    shown = await audited(request, principal, "picture", id, "changed", shelf.change(id, wish))
    return tagged(encoded({"entry": shown.entry}), shown.tag)


@router.delete(PICTURES + "/{id}", status_code=204, responses=CHANGE, response_class=Response)
async def delete_picture(request: Request, principal: Who, id: Id, base: Base = None) -> Response:
    """Take it away; a board that shows it says that it is missing."""
    may_change(request, principal, "picture")
    shelf = library_of(request).pictures
    await matching(request, shelf, id)
    await audited(request, principal, "picture", id, "deleted", shelf.delete(id, principal.id, base))
    return Response(status_code=204)
