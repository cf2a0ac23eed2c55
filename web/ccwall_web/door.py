"""Who asks: the token in the header, the session in the cookie, or nobody at all. Signing in and out."""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from ccwall.access import Access, Key, Refused, TooManyTries
from ccwall.events import Principal
from ccwall_web.problem import Problem
from ccwall_web.schema import ProblemDocument, Session, SignIn

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


def enter(connection: HTTPConnection) -> Principal:
    """Who is behind this request or socket; raises Refused."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return access_of(connection).enter(
        token=token.strip() if scheme.lower() == "bearer" else None,
        session=connection.cookies.get(COOKIE),
        client=client_of(connection),
    )


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


@router.post("/session", responses=problems(400, 401, 411, 413, 422, 429), response_model=Session)
async def sign_in(request: Request, body: SignIn) -> Response:
    """Exchange a token for a session cookie."""
    key = _by_token(request, body.token)
    session, expires = access_of(request).session(key)
    told = Session(id=key.principal.id, role=key.principal.role, name=key.principal.name, expires=expires)
    answer = Response(msgspec.json.encode(told.model_dump()), media_type="application/json")
    return _with_cookie(request, answer, session, key)


@router.delete("/session", status_code=204, responses=problems(400), response_class=Response)
async def sign_out(request: Request) -> Response:
    """End the session and forget the cookie."""
    if session := request.cookies.get(COOKIE):
        access_of(request).end(session)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_secure(request))
    return answer


def exchange_link(request: Request) -> Response | None:
    """A link with `?token=` becomes a session and the same address without it; None when there is no token in it."""
    token = request.query_params.get("token")
    if token is None:
        return None
    key = _by_token(request, token)
    session, _ = access_of(request).session(key)
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != "token"]
    target = request.url.path + (f"?{urlencode(rest)}" if rest else "")
    return _with_cookie(request, RedirectResponse(target, 303), session, key)


def _by_token(request: Request, token: str) -> Key:
    try:
        return access_of(request).by_token(token, client_of(request))
    except Refused as refused:
        raise _unauthorised(refused) from refused


def _unauthorised(refused: Refused) -> Problem:
    if isinstance(refused, TooManyTries):
        return Problem(429, str(refused), headers={"Retry-After": str(int(refused.wait) + 1)})
    return Problem(401, str(refused), headers={"WWW-Authenticate": "Bearer"})


def _with_cookie(request: Request, answer: Response, session: str, key: Key) -> Response:
    answer.set_cookie(
        COOKIE, session, max_age=int(key.lasts), httponly=True, samesite="strict", secure=_secure(request)
    )
    return answer


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
