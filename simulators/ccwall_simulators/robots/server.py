"""Robots on one loopback port, and everything that can go wrong between them and us."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal, Protocol

from .http import LONGEST_HEAD, Request, Response, read

Fault = Literal["", "hang", "reset", "half", "lost", "error", "busy", "garbage", "elsewhere", "endless"]
"""`hang` says nothing; `reset` hangs up at once; `half` and `lost` take the message, and end in the middle of the answer or
before it; `error` is HTTP 500; `busy` is 503 with Retry-After; `garbage` no JSON; `elsewhere` a redirect; `endless` an answer
without an end."""
RETRY_AFTER = 7
LONGEST_HANG = 60.0


class Robot(Protocol):
    @property
    def kind(self) -> str:
        """The type of channel that speaks to it."""
        ...

    @property
    def path(self) -> str: ...
    @property
    def address(self) -> str:
        """Its path, with what of the query is its own."""
        ...

    def answer(self, request: Request, now: float) -> Response: ...


class Robots:
    """`async with Robots(robots, now) as there`; ``now`` gives epoch seconds. ``faults``: of the next requests, then ``fault``
    of all others."""

    def __init__(self, robots: Sequence[Robot], now: Callable[[], float]) -> None:
        self._robots = {robot.path: robot for robot in robots}
        self._now = now
        self.fault: Fault = ""
        self.faults: list[Fault] = []
        self.requests = 0
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self.port = 0

    def url(self, robot: Robot) -> str:
        return f"http://127.0.0.1:{self.port}{robot.address}"

    def configuration(self) -> str:
        """`[[channel]]` for each, as a floor for practice has it; robots that want a secret are left to who knows it."""
        return "".join(
            f'[[channel]]\nname = "{robot.kind}"\ntype = "{robot.kind}"\nurl = "{self.url(robot)}"\n'
            for robot in self._robots.values()
        )

    async def open(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=LONGEST_HEAD * 2)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def __aenter__(self) -> "Robots":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # the client is gone, or we are
        finally:
            self._clients.discard(task)
            with suppress(OSError):
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.faults.pop(0) if self.faults else self.fault
        if fault == "reset":
            self.requests += 1
            _reset(writer)
            return
        request = await read(reader)
        if request is None:
            writer.write(Response(status=400).written())
            return
        self.requests += 1
        robot = self._robots.get(request.path)
        match fault:
            case "hang":
                await asyncio.sleep(LONGEST_HANG)
            case "error":
                writer.write(Response(status=500, body=b"<h1>Internal Server Error</h1>").written())
            case "busy":
                writer.write(Response(status=503, headers={"retry-after": str(RETRY_AFTER)}).written())
            case "garbage":
                writer.write(Response(body=b"<html>log in to the wireless network</html>").written())
            case "elsewhere":
                writer.write(Response(status=302, headers={"location": "http://127.0.0.1:9/"}).written())
            case "endless":
                await _endless(writer)
            case _ if robot is None:
                writer.write(Response(status=404).written())
            case _:
                answer = robot.answer(request, self._now()).written()
                if fault == "lost":
                    _reset(writer)
                else:
                    writer.write(answer[: len(answer) // 2] if fault == "half" else answer)
        await writer.drain()


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 told\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x" * 16384)
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """The connection ends as when a process was killed."""
    found = writer.get_extra_info("socket")
    if isinstance(found, socket.socket) or hasattr(found, "setsockopt"):
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.transport.abort()
