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
LIMITS = (
    (EVENTS, MOST_BODY),
    ("/api/v1/boards", 512 * 1024),
    ("/api/v1/plans", 1280 * 1024),
    ("/api/v1/pictures", 576 * 1024),
    ("/api/v1/rota", 11 * 1024 * 1024),
)
"""Where more comes than people say: from sources, and as documents, which are judged more narrowly (their blanks do not count)."""
PERMISSIONS = (
    "camera=(), microphone=(), geolocation=(), autoplay=(self), fullscreen=(self), screen-wake-lock=(self)"
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::[0-9]{1,5})?", re.IGNORECASE)


class Guard:
    """`frame_ancestors`: who may show the wall inside a page of their own (CSP sources), beside the editor of this very server.
    `embed`: the origins whose pages a board may show."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        frame_ancestors: Sequence[str] = (),
        embed: Sequence[str] = (),
    ) -> None:
        self._app, self._access = app, access
        self._ancestors, self._embed = tuple(frame_ancestors), tuple(embed)

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
            path = scope["path"]
            most = next((most for place, most in LIMITS if path.startswith(place)), BODY_LIMIT)
            return _too_big(headers, most)
        return None

    def _with_headers(self, send: Send, host: str) -> Send:
        fixed = {
            "content-security-policy": policy(host, self._ancestors, self._embed),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": PERMISSIONS,
        }

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in fixed.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        return with_headers


def policy(host: str, ancestors: Sequence[str] = (), embed: Sequence[str] = ()) -> str:
    """The content security policy of everything that is called by this Host (empty: a name that is not ours)."""
    # Some kiosk browsers do not count ws: as 'self'.
    sockets = f" ws://{host} wss://{host}" if host else ""
    frames, around = " ".join(("'self'", *embed)), " ".join(("'self'", *ancestors))
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'{sockets}; frame-src {frames}; worker-src 'self'; "
        "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {around}"
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
