"""Errors as RFC 9457 problem documents: what happened (`title`), where (`instance`), why (`detail`), what to do (`next`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

JSON = "application/problem+json"

NEXT = {
    400: "Correct the request; /api/v1/openapi.json describes every one.",
    401: "Sign in, or send the header 'Authorization: Bearer <token>'.",
    403: "Ask for a token of a role that may do this.",
    404: "/api/v1/openapi.json lists what there is.",
    405: "Use one of the methods in the Allow header.",
    409: "Look at the board, and ask again when it is as you need it.",
    411: "Send a Content-Length.",
    412: "Load it again, and make your change on what is there now.",
    413: "Send less.",
    421: "Call the server by its address, or add this name to the hosts in its configuration.",
    422: "Correct the request; /api/v1/openapi.json describes every one.",
    429: "Wait as long as the Retry-After header says.",
    503: "See how the house is (/healthz), then try again.",
}
ASK_THE_LOG = "Look into the server's log."


class Problem(Exception):
    """Raised anywhere under a route; becomes the response."""

    def __init__(self, status: int, detail: str, *, headers: dict[str, str] | None = None) -> None:
        self.status, self.detail, self.headers = status, detail, headers
        super().__init__(detail)


def response(
    status: int,
    detail: str,
    where: str,
    *,
    headers: dict[str, str] | None = None,
    mistakes: Sequence[dict[str, str]] = (),
    more: Mapping[str, object] | None = None,
) -> Response:
    """``more``: members of this very problem (RFC 9457, 3.2)."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": where,
        "next": NEXT.get(status, ASK_THE_LOG),
    }
    if mistakes:
        told["mistakes"] = list(mistakes)
    told |= more or {}
    return Response(msgspec.json.encode(told), status, headers, JSON)


def install(app: FastAPI) -> None:
    """Every error of this app is a problem document."""

    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> Response:
        return response(error.status, error.detail, request.url.path, headers=error.headers)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == 405 and (described := _described(app, request.url.path)):
            # The framework names the methods of the first route with this path only.
            headers["Allow"] = ", ".join(sorted(method.upper() for method in described))
        return response(error.status_code, str(error.detail), request.url.path, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        mistakes = [
            {"where": ".".join(str(part) for part in mistake["loc"]), "what": str(mistake["msg"])}
            for mistake in error.errors()
        ]
        detail = "; ".join(f"{mistake['where']}: {mistake['what']}" for mistake in mistakes)
        return response(422, detail, request.url.path, mistakes=mistakes)

    @app.exception_handler(Exception)
    async def bug(request: Request, _: Exception) -> Response:
        return response(500, "The server has a bug.", request.url.path)


def _described(app: FastAPI, path: str) -> Iterable[str]:
    """The methods of a path, as the description has them; none of one that is not in it."""
    paths = app.openapi()["paths"]
    if path in paths:
        return tuple(paths[path])
    for template, methods in paths.items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            return tuple(methods)
    return ()
