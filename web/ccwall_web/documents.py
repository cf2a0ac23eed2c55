"""What the routes of boards, floor plans and pictures have in common: who may, tags, objections, and the audit log."""

from collections.abc import Awaitable
from hashlib import blake2b
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import FastAPI, Path, Query, Request
from starlette.responses import Response

from ccwall.api import (
    Conflict,
    DocumentObjection,
    Library,
    NoRoom,
    NotKept,
    NotStored,
    Refused,
    Shelf,
    Shown,
    Wish,
)
from ccwall.events import Principal
from ccwall_web.door import access_of, client_of, problems
from ccwall_web.problem import Problem, response
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.boards import DocumentId

T = TypeVar("T")
STATUS: dict[type[DocumentObjection], int] = {
    NotStored: 404,
    Conflict: 409,
    Refused: 422,
    NoRoom: 409,
    NotKept: 503,
}
ASK_AGAIN = "private, no-cache"
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "It is as the `If-None-Match` has it"}}
LIST = {**NOT_MODIFIED, **problems(400, 401, 429, 503)}
OLD = problems(400, 401, 404, 422, 429, 503)
READ = {**NOT_MODIFIED, **OLD}
CHANGE = problems(400, 401, 403, 404, 409, 411, 412, 413, 422, 429, 503)
NEW = problems(400, 401, 403, 409, 411, 413, 422, 429, 503)

Id = Annotated[DocumentId, Path()]
Number = Annotated[int, Path(ge=0, le=2**53)]
Base = Annotated[
    int | None, Query(ge=0, le=2**53, description="only when this is the version that is there now")
]


def library_of(request: Request) -> Library:
    library = floor_of(request).library
    if library is None:
        raise Problem(503, "There are no boards here.")
    return library


def about(request: Request, principal: Principal) -> dict[str, object]:
    """What a list says of all of them: whether a restart keeps them, and whether this person may change them."""
    return {"kept": library_of(request).kept, "may_edit": access_of(request).may_edit(principal)}


def may_change(request: Request, principal: Principal, what: str) -> None:
    if not access_of(request).may_edit(principal):
        access_of(request).audit.refused(principal, what, client=client_of(request))
        raise Problem(403, f"The role {principal.role} may not change {what}s.")


def has(request: Request, tag: str) -> bool:
    """Whether the asker has what this tag stands for (`If-None-Match`)."""
    told = request.headers.get("if-none-match", "")[:2000]
    return told.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in told.split(","))


def not_modified(tag: str) -> Response:
    return Response(status_code=304, headers={"etag": tag, "cache-control": ASK_AGAIN})


def listed(request: Request, told: dict[str, object]) -> Response:
    answer = encoded(told)
    tag = f'"{blake2b(bytes(answer.body), digest_size=8).hexdigest()}"'
    if has(request, tag):
        return not_modified(tag)
    return tagged(answer, tag)


def tagged(answer: Response, tag: str) -> Response:
    answer.headers["etag"], answer.headers["cache-control"] = tag, ASK_AGAIN
    return answer


async def one(request: Request, shelf: Shelf, kind: str, id: str) -> Response:
    _, tag = await obeyed(request, shelf.entry(id))
    if has(request, tag):
        return not_modified(tag)
    return await _answer(request, kind, await obeyed(request, shelf.one(id)))


async def made(request: Request, principal: Principal, kind: str, shelf: Shelf, wish: Wish) -> Response:
    may_change(request, principal, kind)
    id = wish.told.get("id", "") if isinstance(wish.told, dict) else ""
    shown = await audited(request, principal, kind, str(id)[:40], "made", shelf.create(wish))
    answer = await _answer(request, kind, shown, 201)
    answer.headers["location"] = f"{request.url.path}/{shown.entry['id']}"
    return answer


async def changed(request: Request, principal: Principal, kind: str, id: str, wish: Wish) -> Response:
    may_change(request, principal, kind)
    shelf = _shelf(request, kind)
    await matching(request, shelf, id)
    return await _answer(
        request, kind, await audited(request, principal, kind, id, "changed", shelf.change(id, wish))
    )


async def deleted(request: Request, principal: Principal, kind: str, id: str, base: int | None) -> Response:
    may_change(request, principal, kind)
    shelf = _shelf(request, kind)
    await matching(request, shelf, id)
    await audited(request, principal, kind, id, "deleted", shelf.delete(id, principal.id, base))
    return Response(status_code=204)


async def matching(request: Request, shelf: Shelf, id: str) -> None:
    """`If-Match`, for programs that know it; `base` says the same."""
    told = request.headers.get("if-match", "").strip()
    if told and told != "*":
        _, tag = await obeyed(request, shelf.entry(id))
        if tag not in (each.strip() for each in told.split(",")):
            raise Problem(412, f"{id} is no longer what your If-Match names. Load it again.")


async def obeyed(request: Request, wish: Awaitable[T]) -> T:
    """Its result; an objection becomes the answer."""
    try:
        return await wish
    except DocumentObjection as objection:
        raise Objected(objection) from objection


class Objected(Exception):
    """Becomes the answer that `objected` makes of it."""

    def __init__(self, objection: DocumentObjection) -> None:
        self.objection = objection
        super().__init__(str(objection))


def objected(request: Request, objection: DocumentObjection) -> Response:
    more: dict[str, object] = {}
    mistakes: list[dict[str, str]] = []
    if isinstance(objection, Refused):
        mistakes = [{"where": each.where, "what": each.what} for each in objection.mistakes]
    if isinstance(objection, Conflict):
        more["version"] = objection.version
        if (current := objection.current) is not None:
            more |= {"changed_by": current.by, "changed_at": current.at}
    return response(STATUS[type(objection)], str(objection), request.url.path, mistakes=mistakes, more=more)


def install(app: FastAPI) -> None:
    """Objections are answers of this app."""

    @app.exception_handler(Objected)
    async def answer(request: Request, error: Objected) -> Response:
        return objected(request, error.objection)


async def audited(
    request: Request, principal: Principal, kind: str, id: str, did: str, wish: Awaitable[T]
) -> T:
    audit, asked = access_of(request).audit, {"client": client_of(request), "id": id, "wish": did}
    try:
        done = await wish
    except DocumentObjection as objection:
        audit.changed(principal, kind, **asked, objection=str(objection)[:500])
        raise Objected(objection) from objection
    version = done.entry["version"] if isinstance(done, Shown) else getattr(done, "version", 0)
    audit.changed(
        principal,
        kind,
        **{**asked, "id": done.entry["id"] if isinstance(done, Shown) else id},
        version=version,
    )
    return done


async def _answer(request: Request, kind: str, shown: Shown, status: int = 200) -> Response:
    told: dict[str, object] = {"entry": shown.entry, kind: msgspec.Raw(shown.body)}
    if kind == "plan":
        text = msgspec.json.decode(shown.body)["text"]
        told["parsed"] = await obeyed(request, library_of(request).parsed(text))
    return tagged(encoded(told, status), shown.tag)


def _shelf(request: Request, kind: str) -> Shelf:
    library = library_of(request)
    return library.boards if kind == "board" else library.plans
