"""Accounts and display links: who may act, what they may see, who is signed in. Every wish is in the audit log, no password is."""

import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeVar, get_args

import msgspec
from fastapi import APIRouter, FastAPI, Path, Request
from starlette.responses import Response

from ccwall.access import Accounts
from ccwall.access import account_changes as changes
from ccwall.access.accounts import digest
from ccwall.access.model import Account, AccountRole, Link, Signed, log_in
from ccwall.access.objections import (
    AccountObjection,
    Busy,
    LastManager,
    NotAllowed,
    NotGood,
    NotStored,
    Taken,
    Unknown,
)
from ccwall.access.passwords import judge, one_time
from ccwall.events import Principal
from ccwall_web.door import COOKIE, Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem, response
from ccwall_web.rest import encoded
from ccwall_web.schema import accounts as schema

T = TypeVar("T")
ROLES: tuple[AccountRole, ...] = get_args(AccountRole)
NULLABLE = frozenset({"teams", "queues", "agent"})
STATUS: dict[type[AccountObjection], int] = {
    NotAllowed: 403,
    Unknown: 404,
    Taken: 409,
    LastManager: 409,
    NotGood: 422,
    Busy: 503,
    NotStored: 503,
}
READ = problems(400, 401, 403, 429, 503)
NEW = problems(400, 401, 403, 409, 411, 413, 422, 429, 503)
CHANGE = problems(400, 401, 403, 404, 409, 411, 413, 422, 429, 503)
Id = Annotated[str, Path(min_length=1, max_length=64)]

router = APIRouter(prefix="/api/v1", tags=["accounts"], dependencies=signed_in)


def install(app: FastAPI) -> None:
    """Objections are answers of this app."""

    @app.exception_handler(AccountObjection)
    async def answer(request: Request, error: AccountObjection) -> Response:
        headers = {"Retry-After": "5"} if isinstance(error, Busy) else None
        where = request.url.path
        return response(STATUS[type(error)], str(error), where, headers=headers, more={"code": error.code})


# ── accounts ──


@router.get("/accounts", response_model=schema.Accounts, responses=READ)
async def accounts(request: Request, principal: Who) -> Response:
    """Everybody who may act, and who is signed in. For who manages accounts or may reset passwords."""
    found = _accounts(request)
    _allowed(request, principal, changes.may_reset(principal), "accounts")
    manages = changes.MANAGES.get(principal.role, frozenset())
    signed: dict[str | None, list[Signed]] = defaultdict(list)
    for session in found.sessions():
        signed[session.account].append(session)
    return encoded(
        {
            "accounts": [
                _shown(request, principal, each, signed[id]) for id, each in sorted(found.all.items())
            ],
            "roles": [role for role in ROLES if role in manages],
            "kept": found.kept,
            "problem": found.problem or found.damage,
        }
    )


@router.post("/accounts", status_code=201, response_model=schema.AccountMade, responses=NEW)
async def new_account(request: Request, principal: Who, body: schema.NewAccount) -> Response:
    """A new one. Without a password in the wish it gets a one-time one, which has to be changed at the first sign-in."""
    found, id = _accounts(request), log_in(body.id)
    _allowed(request, principal, changes.may_manage(principal), "accounts")
    if body.password is not None:
        judge(body.password, id, body.name)
    given = one_time() if body.password is None else None
    wanted = msgspec.convert(
        {**body.model_dump(exclude={"password"}), "id": id, "password": ""}, Account, strict=False
    )
    now, hashed = found.now, await found.passwords.hash(body.password or given or "")
    account = msgspec.structs.replace(
        wanted, password=hashed, must_change=given is not None, created=now, changed=now
    )
    asked = {"account": id, "wish": "made", "gives": account.role}
    await _audited(request, principal, asked, lambda db: changes.create(db, principal, account))
    return encoded(_made(request, principal, id, given), 201)


@router.patch("/accounts/{id}", response_model=schema.AccountMade, responses=CHANGE)
async def change_account(request: Request, principal: Who, id: Id, body: schema.AccountChange) -> Response:
    """Another name, role or scope, or no way in. What somebody may do holds at once: their sessions end."""
    found = _accounts(request)
    _allowed(request, principal, changes.may_manage(principal), "accounts")
    told = body.model_dump(exclude_unset=True)
    wish = {name: value for name, value in told.items() if value is not None or name in NULLABLE}
    for name in ("teams", "queues"):
        if wish.get(name) is not None:
            wish[name] = tuple(wish[name])
    asked = {"account": id, "wish": "changed", "changes": sorted(wish)}
    await _audited(request, principal, asked, lambda db: changes.change(db, principal, id, wish, found.now))
    return encoded(_made(request, principal, id, None))


@router.post("/accounts/{id}/password", response_model=schema.AccountMade, responses=CHANGE)
async def reset_password(request: Request, principal: Who, id: Id) -> Response:
    """A one-time password for somebody who forgot theirs; all their sessions end."""
    found, given = _accounts(request), one_time()
    _allowed(request, principal, changes.may_reset(principal), "accounts")
    hashed = await found.passwords.hash(given)
    asked = {"account": id, "wish": "password reset"}
    await _audited(request, principal, asked, lambda db: changes.reset(db, principal, id, hashed, found.now))
    return encoded(_made(request, principal, id, given))


@router.delete("/accounts/{id}/sessions", status_code=204, response_class=Response, responses=CHANGE)
async def sign_out(request: Request, principal: Who, id: Id) -> Response:
    """Sign somebody out everywhere."""
    _allowed(request, principal, changes.may_reset(principal), "accounts")
    asked = {"account": id, "wish": "signed out"}
    await _audited(request, principal, asked, lambda db: changes.end_everywhere(db, principal, id))
    return Response(status_code=204)


# ── display links ──


@router.get("/display-links", response_model=schema.Links, responses=READ)
async def links(request: Request, principal: Who) -> Response:
    """The links of screens, the revoked ones too; the secret in a link is not known here."""
    found = _accounts(request)
    _allowed(request, principal, changes.may_manage(principal), "display links")
    newest = sorted(found.links.values(), key=lambda each: (-each.created, each.id))
    return encoded({"links": [_link(found, each) for each in newest]})


@router.post("/display-links", status_code=201, response_model=schema.LinkMade, responses=NEW)
async def new_link(request: Request, principal: Who, body: schema.NewLink) -> Response:
    """A way in for one screen, which can be taken away again without touching any other."""
    found, token = _accounts(request), secrets.token_urlsafe(32)
    _allowed(request, principal, changes.may_manage(principal), "display links")
    told = {**body.model_dump(), "id": changes.new_id(), "by": principal.id, "created": found.now}
    link = msgspec.convert({**told, "digest": b""}, Link, strict=False)
    link = msgspec.structs.replace(link, digest=digest(token))
    asked = {"link": link.id, "wish": "link made", "board": link.board}
    await _audited(request, principal, asked, lambda db: changes.make_link(db, principal, link))
    return encoded({"link": _link(found, link), "token": token}, 201)


@router.delete("/display-links/{id}", status_code=204, response_class=Response, responses=CHANGE)
async def revoke_link(request: Request, principal: Who, id: Id) -> Response:
    """The screens that came in by it show nothing any more, at once."""
    found = _accounts(request)
    _allowed(request, principal, changes.may_manage(principal), "display links")
    asked = {"link": id, "wish": "link revoked"}
    await _audited(request, principal, asked, lambda db: changes.revoke_link(db, principal, id, found.now))
    return Response(status_code=204)


# ── shared ──


def _accounts(request: Request) -> Accounts:
    found = access_of(request).accounts
    if found is None:
        raise Problem(503, "There are no accounts here.")
    return found


def _allowed(request: Request, principal: Principal, is_so: bool, what: str) -> None:
    if not is_so:
        access_of(request).audit.refused(principal, what, client=client_of(request))
        raise NotAllowed(f"The role {principal.role} may not manage {what}.")


async def _audited(
    request: Request,
    principal: Principal,
    asked: Mapping[str, object],
    write: Callable[[sqlite3.Connection], T],
) -> T:
    audit, client = access_of(request).audit, client_of(request)
    try:
        done = await _accounts(request).change(write)
    except AccountObjection as objection:
        audit.changed(principal, "account", client=client, **asked, objection=str(objection)[:300])
        raise
    audit.changed(principal, "account", client=client, **asked)
    return done


def _made(request: Request, principal: Principal, id: str, given: str | None) -> dict[str, object]:
    found = _accounts(request)
    told: dict[str, object] = {"account": _shown(request, principal, found.all[id], found.sessions(id))}
    return told if given is None else {**told, "password": given}


def _shown(
    request: Request, principal: Principal, account: Account, sessions: Sequence[Signed]
) -> dict[str, object]:
    told = {name: value for name, value in msgspec.structs.asdict(account).items() if value is not None}
    del told["password"]
    own = account.id == principal.id
    manages = changes.may_manage(principal)
    change = (own and manages) or account.role in changes.MANAGES.get(principal.role, ())
    reset = not own and account.role in changes.RESETS.get(principal.role, ())
    here = request.cookies.get(COOKIE, "")
    told["may"] = [what for what, is_so in (("change", change), ("reset", reset)) if is_so]
    told["sessions"] = [_session(each, digest(here)) for each in sessions]
    return told


def _session(session: Signed, here: bytes) -> dict[str, object]:
    return {
        "created": session.created,
        "used": session.used,
        "expires": session.expires,
        "client": session.client,
        "browser": session.browser,
        "current": session.digest == here,
    }


def _link(found: Accounts, link: Link) -> dict[str, object]:
    told = {name: value for name, value in msgspec.structs.asdict(link).items() if value is not None}
    del told["digest"]
    screens = sum(each.link == link.id for each in found.sessions())
    return {**told, "screens": screens}
