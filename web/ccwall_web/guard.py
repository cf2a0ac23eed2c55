"""Before any route: is this request meant for us, does it come from our own page, is it small; and the headers of every answer.

A plain ASGI middleware, because it must guard WebSockets too.
"""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccwall.access import Access
from ccwall.api import MOST_BODY
from ccwall_web import problem

BODY_LIMIT = 16 * 1024
EVENTS = "/api/v1/events"
"""There sources come, with more to say than people have."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::[0-9]{1,5})?", re.IGNORECASE)


class Guard:
    """`frame_ancestors`: who may show the wall inside a page of their own (CSP sources); nobody by default."""

    def __init__(self, app: ASGIApp, access: Access, frame_ancestors: Sequence[str] = ()) -> None:
        self._app, self._access = app, access
        self._ancestors = " ".join(frame_ancestors) or "'none'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        objection = self._objection(scope, headers)
        if scope["type"] == "websocket":
            if objection is not None:
                await send({"type": "websocket.close", "code": 1008, "reason": objection[1]})
            else:
                await self._app(scope, receive, send)
            return
        known = objection is None or objection[0] not in {400, 421}
        send = self._with_headers(send, headers.get("host", "") if known else "")
        if objection is not None:
            status, detail = objection
            await problem.response(status, detail, scope["path"])(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _objection(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Why this goes no further: a status, and a sentence."""
        host = headers.get("host", "")
        match = HOST.fullmatch(host)
        if match is None:
            return 400, "The Host header is missing or malformed."
        name = match["name"].strip("[]")
        if not self._access.knows_host(name):
            return 421, f"This server does not go by the name {name}."
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if unsafe and not same_place(headers.get("origin"), host):
            return 403, "The request comes from a page of another place (Origin)."
        if scope["type"] == "http":
            return _too_big(headers, MOST_BODY if scope["path"].startswith(EVENTS) else BODY_LIMIT)
        return None

    def _with_headers(self, send: Send, host: str) -> Send:
        fixed = {
            "content-security-policy": self._policy(host),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), microphone=(), geolocation=()",
        }

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in fixed.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        return with_headers

    def _policy(self, host: str) -> str:
        # Some kiosk browsers do not count ws: as 'self'.
        sockets = f" ws://{host} wss://{host}" if host else ""
        return (
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self'{sockets}; object-src 'none'; base-uri 'none'; form-action 'self'; "
            f"frame-ancestors {self._ancestors}"
        )


def same_place(origin: str | None, host: str) -> bool:
    """Whether a browser says that the page is our own. Without an Origin it is no browser's page that asks.

    The scheme is left out: a proxy in front of us may speak TLS where we do not.

    >>> same_place("https://wall.example:8443", "wall.example:8443"), same_place("null", "wall.example")
    (True, False)
    """
    if origin is None:
        return True
    scheme, _, place = origin.partition("://")
    return scheme in {"http", "https"} and place.lower() == host.lower()


def _too_big(headers: Headers, most: int) -> tuple[int, str] | None:
    """A body is judged by its announced length; one without is not read at all."""
    if "transfer-encoding" in headers:
        return 411, "The body must say its length."
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return 400, "The Content-Length is no number."
    if len(length) > 9 or int(length) > most:
        return 413, f"A body has at most {most} bytes."
    return None
