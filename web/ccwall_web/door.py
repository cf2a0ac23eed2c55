"""Who asks: the token in the header, the session in the cookie, or nobody at all. Signing in and out."""

from collections.abc import Awaitable
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from ccwall.access import Access, Begun, Refused, TooManyTries
from ccwall.access.door import loopback
from ccwall.access.may import may
from ccwall.events import Principal
from ccwall_web.problem import Problem
from ccwall_web.schema.accounts import AsPersona, Door, Me, PasswordChange, SignIn, WithToken
from ccwall_web.schema.problem import ProblemDocument

COOKIE = "ccwall_session"

Answers = dict[int | str, dict[str, object]]


def problems(*statuses: int) -> Answers:
    """The error answers of a route, for its description."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {status: {"model": ProblemDocument, "content": content} for status in statuses}


def access_of(connection: HTTPConnection) -> Access:
    access: Access = connection.app.state.access
    return access


def client_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def enter(connection: HTTPConnection, *, unfinished: bool = False) -> Principal:
    """Who is behind this request or socket; raises Refused. `unfinished`: also who must change their password first."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return access_of(connection).enter(
        token=token.strip() if scheme.lower() == "bearer" else None,
        session=connection.cookies.get(COOKIE),
        client=client_of(connection),
        unfinished=unfinished,
    )


def is_still(connection: HTTPConnection, principal: Principal) -> bool:
    """Whether who came in as `principal` would be the same one now, with the same in sight."""
    try:
        now = enter(connection)
    except TooManyTries:
        return True  # others' tries; a token that was right is
    except Refused:
        return False
    return _sight(now) == _sight(principal)


def _sight(principal: Principal) -> tuple[object, ...]:
    return principal.id, principal.role, principal.teams, principal.queues, principal.agent


def who(request: Request) -> Principal:
    """The signed-in, or the answer 401 or 429."""
    try:
        return enter(request)
    except Refused as refused:
        raise _unauthorised(refused) from refused


# Only described here; `enter` reads them, because it serves the socket too.
_DESCRIBED = [
    Depends(HTTPBearer(auto_error=False, description="a token from the configuration")),
    Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="set by POST /api/v1/session")),
]
signed_in = [*_DESCRIBED]
Who = Annotated[Principal, Depends(who)]

router = APIRouter(prefix="/api/v1", tags=["session"])


SESSION = problems(400, 401, 403, 411, 413, 422, 429, 503)


@router.get("/door", response_model=Door, responses=problems(400))
async def door(request: Request) -> Response:
    """What a page offers to who is not signed in. Open to everybody."""
    access = access_of(request)
    accounts = access.accounts
    if accounts is None:
        return encoded({"accounts": False, "first": False, "problem": False})
    own = access.open_to is not None and loopback(client_of(request))
    people = [accounts.all[id] for id in accounts.personas if own and id in accounts.all]
    return encoded(
        {
            "accounts": bool(accounts.all),
            "first": accounts.needs_first,
            "problem": bool(accounts.problem or accounts.damage),
            "personas": [{"id": each.id, "name": each.name, "role": each.role} for each in people],
        }
    )


@router.post("/session", responses=SESSION, response_model=Me)
async def sign_in(request: Request, body: SignIn) -> Response:
    """Exchange a password, or a token, for a session cookie."""
    access, client, browser = access_of(request), client_of(request), browser_of(request)
    if isinstance(body, WithToken):
        begun, how = await _let_in(access.begin(body.token, client=client, browser=browser)), "token"
    elif isinstance(body, AsPersona):
        begun, how = (
            await _let_in(access.practise_as(body.persona, client=client, browser=browser)),
            "persona",
        )
    else:
        begun, how = (
            await _let_in(access.sign_in(body.account, body.password, client=client, browser=browser)),
            "password",
        )
    access.audit.signed_in(begun.principal, how, client=client)
    if old := request.cookies.get(COOKIE):
        await access.leave(old)  # one browser, one session: what it had is not left lying about
    return with_cookie(request, encoded(_me(access, begun.principal, begun.secret)), begun)


@router.get("/session", responses=problems(400, 401, 429), response_model=Me, dependencies=signed_in)
async def who_am_i(request: Request) -> Response:
    """Who is signed in, and what they may do; also who has to change their password first."""
    try:
        principal = enter(request, unfinished=True)
    except Refused as refused:
        raise _unauthorised(refused) from refused
    return encoded(_me(access_of(request), principal, request.cookies.get(COOKIE, "")))


@router.delete("/session", status_code=204, responses=problems(400, 422, 503), response_class=Response)
async def sign_out(request: Request, everywhere: bool = False) -> Response:
    """End the session and forget the cookie; `everywhere`: every session of this account."""
    access = access_of(request)
    if session := request.cookies.get(COOKIE):
        account = None if access.accounts is None else access.accounts.account_of(session)
        if everywhere and account is not None and access.accounts is not None:
            await access.accounts.sign_out_everywhere(account.id)
        await access.leave(session)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_secure(request))
    return answer


@router.post("/password", responses=SESSION, response_model=Me, dependencies=signed_in)
async def change_password(request: Request, body: PasswordChange) -> Response:
    """Of oneself; every other session of the account ends, and this one goes on under another secret."""
    access, session = access_of(request), request.cookies.get(COOKIE, "")
    account = None if access.accounts is None else access.accounts.account_of(session)
    if account is None:
        raise Problem(401, "Only who is signed in with an account has a password here.")
    client = client_of(request)
    begun = await _let_in(access.change_password(session, body.old, body.new, client=client))
    access.audit.changed(begun.principal, "password", client=client, account=account.id)
    return with_cookie(request, encoded(_me(access, begun.principal, begun.secret)), begun)


def encoded(answer: object) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")


def _me(access: Access, principal: Principal, session: str) -> dict[str, object]:
    account, signed = None, None
    if access.accounts is not None and session:
        signed = access.accounts.session_of(session)
        account = access.accounts.account_of(session)
    told: dict[str, object] = {
        "id": principal.id,
        "role": principal.role,
        "name": principal.name,
        "teams": principal.teams,
        "queues": principal.queues,
        "agent": principal.agent,
        "account": account is not None,
        "language": "" if account is None else account.language,
        "must_change": account is not None and account.must_change,
        "expires": None if signed is None else signed.expires,
        "may": may(principal, edit=access.may_edit(principal)),
    }
    return {name: value for name, value in told.items() if value is not None}


async def exchange_link(request: Request) -> Response | None:
    """A link with `?token=` becomes a session and the same address without it; None when there is no token in it."""
    token = request.query_params.get("token")
    if token is None:
        return None
    access = access_of(request)
    begun = await _let_in(access.begin(token, client=client_of(request), browser=browser_of(request)))
    access.audit.signed_in(begun.principal, "link", client=client_of(request))
    if old := request.cookies.get(COOKIE):
        await access.leave(old)
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != "token"]
    target = request.url.path + (f"?{urlencode(rest)}" if rest else "")
    return with_cookie(request, RedirectResponse(target, 303), begun)


def browser_of(request: Request) -> str:
    """A few words about what asks, without what changes with every release: `Chrome on Windows`."""
    told = request.headers.get("user-agent", "")[:400]
    engine = next((name for mark, name in BROWSERS if mark in told), "")
    system = next((name for mark, name in SYSTEMS if mark in told), "")
    return " · ".join(each for each in (engine, system) if each)


BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ("curl/", "curl"), ("python-httpx/", "Python"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


async def _let_in(entering: Awaitable[Begun]) -> Begun:
    try:
        return await entering
    except Refused as refused:
        raise _unauthorised(refused) from refused


def _unauthorised(refused: Refused) -> Problem:
    if isinstance(refused, TooManyTries):
        return Problem(429, str(refused), headers={"Retry-After": str(int(refused.wait) + 1)})
    return Problem(401, str(refused), headers={"WWW-Authenticate": "Bearer"})


def with_cookie(request: Request, answer: Response, begun: Begun) -> Response:
    lasts = int(begun.expires - access_of(request).now())
    answer.set_cookie(
        COOKIE, begun.secret, max_age=lasts, httponly=True, samesite="strict", secure=_secure(request)
    )
    return answer


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
