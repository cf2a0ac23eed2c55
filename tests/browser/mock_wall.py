"""A server with nothing behind it: the built wall, and a live socket that says what the test wants."""

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.browser.boards import NOW, Json

STATIC = Path(__file__).parents[2] / "web" / "ccwall_web" / "static"
# As strict as the real server's: nothing inline, nothing from elsewhere.
PAGES = frozenset({"/", "/health", "/practice"})
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"


class MockWall:
    """Pulses once a second for as long as `beats`; what screens say is in `said`."""

    def __init__(self, board: Json, *, rate: float = 1.0) -> None:
        self.board = board
        self.rate = rate
        self.beats = True
        self.refuses = False
        self.speaks = True
        self.skews = 0.0
        self.documents: dict[str, Json] = {}
        """What `/api/…` answers, by path; `now` is put in."""
        self.explains: Callable[[dict[str, str]], tuple[int, Json]] | None = None
        """What `/api/v1/explain` answers to its query: status and document."""
        self.questions: list[dict[str, str]] = []
        self.asked: list[str] = []
        self.said: list[Json] = []
        self.said_something = asyncio.Event()
        self.joins = 0
        self._seq = 100
        self._screens: set[ServerConnection] = set()
        self._started = asyncio.get_running_loop().time()
        self._server: Server | None = None

    @property
    def now(self) -> float:
        return NOW + self.skews + (asyncio.get_running_loop().time() - self._started) * self.rate

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}/"

    async def start(self, port: int = 0) -> None:
        self._server = await serve(self._screen, "127.0.0.1", port, process_request=self._page)

    async def stop(self) -> None:
        """Gone, as a server whose power was cut: every socket with it."""
        assert self._server is not None
        for screen in list(self._screens):
            screen.transport.abort()
        self._server.close()
        await self._server.wait_closed()

    async def change(self, *changes: tuple[list[str], Any], base: int | None = None) -> None:
        """One patch for every screen; a `base` of its own is a patch after one that got lost."""
        await self._patch([list(change) for change in changes], [], base)

    async def remove(self, *paths: list[str]) -> None:
        await self._patch([], list(paths), None)

    async def replace(self, board: Json) -> None:
        self.board = board
        self._seq += 1
        await self._tell(self._snapshot())

    async def until_said(self, kind: str) -> Json:
        """The first message of this kind that a screen sent, or sends."""
        while True:
            for message in self.said:
                if message["type"] == kind:
                    return message
            self.said_something.clear()
            await self.said_something.wait()

    async def _patch(self, changes: list[list[Any]], gone: list[list[str]], base: int | None) -> None:
        seq = self._seq + 1
        patch = {"type": "patch", "base": self._seq if base is None else base, "seq": seq, "now": self.now}
        self._seq = seq
        await self._tell(patch | {"set": changes, "del": gone})

    async def _tell(self, message: Json) -> None:
        text = json.dumps(message)
        for screen in list(self._screens):
            await screen.send(text)

    def _snapshot(self) -> Json:
        return {
            "type": "snapshot", "v": 1, "version": "0.1.0", "audience": "mock", "seq": self._seq, "now": self.now,
            "rate": self.rate, "board": self.board,
        }  # fmt: skip

    def _pulse(self) -> Json:
        heard = {
            source: self.now - 0.4 for source, it in self.board["sources"].items() if it["state"] == "live"
        }
        return {"type": "pulse", "seq": self._seq, "now": self.now, "rate": self.rate, "heard": heard}

    async def _screen(self, screen: ServerConnection) -> None:
        self._screens.add(screen)
        self.joins += 1
        pulse = asyncio.create_task(self._pulses(screen))
        try:
            if self.speaks:
                await screen.send(json.dumps(self._snapshot()))
            async for text in screen:
                message = json.loads(text)
                self.said.append(message)
                self.said_something.set()
                if message["type"] == "resync":
                    await screen.send(json.dumps(self._snapshot()))
        except ConnectionClosed:
            pass
        finally:
            self._screens.discard(screen)
            pulse.cancel()

    async def _pulses(self, screen: ServerConnection) -> None:
        try:
            while True:
                if self.beats and self.speaks:
                    await screen.send(json.dumps(self._pulse()))
                await asyncio.sleep(1)
        except ConnectionClosed:
            return

    def _page(self, connection: ServerConnection, request: Request) -> Response | None:
        path, _, query = request.path.partition("?")
        if path.startswith("/api/"):
            if self.refuses:
                return connection.respond(HTTPStatus.UNAUTHORIZED, "no token\n")
            if path == "/api/v1/explain":
                return self._explained(connection, dict(parse_qsl(query)))
            return None if path == "/api/v1/live" else self._document(connection, path)
        file = STATIC / "index.html" if path in PAGES else (STATIC / path.lstrip("/")).resolve()
        if not file.is_file() or not file.is_relative_to(STATIC):
            return connection.respond(HTTPStatus.NOT_FOUND, "not here\n")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes()
        headers = Headers(
            {"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": POLICY}
        )
        return Response(HTTPStatus.OK, "OK", headers, body)

    def _explained(self, connection: ServerConnection, question: dict[str, str]) -> Response:
        self.questions.append(question)
        if self.explains is None:
            return connection.respond(HTTPStatus.NOT_FOUND, "not here\n")
        status, document = self.explains(question)
        return _json(connection, HTTPStatus(status), {"now": self.now, **document})

    def _document(self, connection: ServerConnection, path: str) -> Response:
        self.asked.append(path)
        document = self.board if path == "/api/v1/board" else self.documents.get(path)
        if document is None:
            return connection.respond(HTTPStatus.NOT_FOUND, "not here\n")
        return _json(connection, HTTPStatus.OK, {**document, "now": self.now})


def _json(connection: ServerConnection, status: HTTPStatus, document: Json) -> Response:
    response = connection.respond(status, json.dumps(document))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json"
    return response


@asynccontextmanager
async def mock_wall(board: Json, *, rate: float = 1.0) -> AsyncIterator[MockWall]:
    if not (STATIC / "index.html").is_file():
        pytest.fail("the wall is not built: make web", pytrace=False)
    wall = MockWall(board, rate=rate)
    await wall.start()
    try:
        yield wall
    finally:
        await wall.stop()
