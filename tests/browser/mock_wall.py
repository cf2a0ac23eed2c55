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
from weakref import WeakSet

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from ccwall_web.guard import policy
from ccwall_web.static import MEDIA, PAGES
from tests.browser.boards import NOW, Json
from tests.browser.mock_library import Answer, MockLibrary

STATIC = Path(__file__).parents[2] / "web" / "ccwall_web" / "static"


class WithBodies(ServerConnection):
    """Requests with a body, which the library leaves to others: a POST, PUT or DELETE is answered here, and the line closed."""

    wall: "MockWall"
    _gathered: bytes | None = b""
    """None when this connection is the library's own."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.wall.lines.add(self.transport)

    def data_received(self, data: bytes) -> None:
        if self._gathered is None:
            super().data_received(data)
            return
        self._gathered += data
        method = self._gathered.split(b" ", 1)[0]
        if method not in {b"PUT", b"POST", b"DELETE"}:
            if not any(each.startswith(method) for each in (b"PUT", b"POST", b"DELETE")):
                gathered, self._gathered = self._gathered, None
                super().data_received(gathered)
            return
        head, found, body = self._gathered.partition(b"\r\n\r\n")
        if not found:
            return
        line, *lines = head.decode().split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)
        }
        if len(body) < int(headers.get("content-length", "0")):
            return
        path, _, query = line.split(" ")[1].partition("?")
        status, more, told = self.wall.written(method.decode(), path, dict(parse_qsl(query)), headers, body)
        told_head = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        answer = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: {len(told)}\r\n{told_head}Connection: close\r\n\r\n"
        self.transport.write(answer.encode() + told)
        self.transport.close()


class MockWall:
    """Pulses once a second for as long as `beats`; what screens say is in `said`."""

    def __init__(self, board: Json, *, rate: float = 1.0) -> None:
        self.board = board
        self.rate = rate
        self.version = "0.1.0"
        self.beats = True
        self.refuses = False
        self.speaks = True
        self.skews = 0.0
        self.documents: dict[str, Json] = {}
        """What `/api/…` answers, by path; `now` is put in."""
        self.explains: Callable[[dict[str, str]], tuple[int, Json]] | None = None
        """What `/api/v1/explain` answers to its query: status and document."""
        self.library = MockLibrary(lambda: self.now)
        """Boards, plans and pictures."""
        self.questions: list[dict[str, str]] = []
        self.asked: list[str] = []
        self.said: list[Json] = []
        self.said_something = asyncio.Event()
        self.joins = 0
        self._seq = 100
        self._screens: set[ServerConnection] = set()
        self.lines: WeakSet[asyncio.Transport] = WeakSet()
        """Every socket there is, those of a page that is still loading too."""
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
        connection = type("Connection", (WithBodies,), {"wall": self})
        self._server = await serve(
            self._screen, "127.0.0.1", port, process_request=self._page, create_connection=connection
        )

    async def stop(self) -> None:
        """Gone, as a server whose power was cut: every socket with it."""
        assert self._server is not None
        for door in self._server.sockets:  # whom the loop has just let in is there a few turns later
            asyncio.get_running_loop().remove_reader(door.fileno())
        for _ in range(4):
            await asyncio.sleep(0)
        for line in list(self.lines):
            line.abort()
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

    async def upgrade(self, version: str) -> None:
        """As if a newer server answered from now on."""
        self.version = version
        await self.replace(self.board)

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
            "type": "snapshot", "v": 1, "version": self.version, "audience": "mock", "seq": self._seq, "now": self.now,
            "rate": self.rate, "board": self.board,
        }  # fmt: skip

    def _pulse(self) -> Json:
        heard = {
            source: self.now - 0.4 for source, it in self.board["sources"].items() if it["state"] == "live"
        }
        return {
            "type": "pulse", "seq": self._seq, "now": self.now, "rate": self.rate, "heard": heard,
            "boards": self.library.changes,
        }  # fmt: skip

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
            if path == "/api/v1/live":
                return None
            asked = {name.lower(): value for name, value in request.headers.raw_items()}
            shelf = None  # what a test puts into `documents` comes first
            if path not in self.documents:
                shelf = self.library.answer("GET", path, dict(parse_qsl(query)), asked, b"")
            return self._document(connection, path) if shelf is None else _answer(shelf)
        file = STATIC / "index.html" if path in PAGES else (STATIC / path.lstrip("/")).resolve()
        if not file.is_file() or not file.is_relative_to(STATIC):
            return connection.respond(HTTPStatus.NOT_FOUND, "not here\n")
        kind = MEDIA.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes()
        headers = Headers(
            {
                "Content-Type": kind,
                "Content-Length": str(len(body)),
                "Content-Security-Policy": policy(request.headers["Host"], embed=self.library.embed),
            }
        )
        return Response(HTTPStatus.OK, "OK", headers, body)

    def written(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> Answer:
        """What a POST, PUT or DELETE is answered."""
        self.asked.append(f"{method} {path}")
        if self.refuses:
            return 401, {}, b""
        return self.library.answer(method, path, query, headers, body) or (404, {}, b"")

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


def _answer(answer: Answer) -> Response:
    status, headers, body = answer
    return Response(
        status, HTTPStatus(status).phrase, Headers({**headers, "Content-Length": str(len(body))}), body
    )


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
