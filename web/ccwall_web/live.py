"""The live socket: everything a wall shows comes through here. web/README.md describes each message."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from ccwall.access import Refused
from ccwall.hub import Audience, Screen, bye
from ccwall_web.door import access_of, enter, is_still
from ccwall_web.rest import hub_of

SEND_LIMIT = 15.0
"""Seconds a frame may take to fit into the socket; a screen that reads slower gets nothing out of it anyway."""
FAREWELL_LIMIT = 2.0
MESSAGE_LIMIT = 4096
MESSAGES_AT_ONCE, MESSAGES_PER_SECOND = 20, 5.0
"""A wall sends one message a second."""
GOING_AWAY, POLICY, TOO_BIG = 1001, 1008, 1009

router = APIRouter()


class Ack(msgspec.Struct, tag="ack", tag_field="type"):
    seq: int


class Resync(msgspec.Struct, tag="resync", tag_field="type"):
    pass


_messages = msgspec.json.Decoder(Ack | Resync)


class Unruly(Exception):
    """The screen sends what no wall sends; `code` closes the socket."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


@lru_cache(maxsize=8)
def text(frame: bytes) -> str:
    """ASGI wants str for text frames; decoded once for all the screens that are sent the same frame."""
    return frame.decode()


@router.websocket("/api/v1/live")
async def live(websocket: WebSocket) -> None:
    """One screen, from joining to farewell."""
    await websocket.accept()
    try:
        principal = enter(websocket)
    except Refused:
        # A refused handshake would reach the page as any broken line does: it would try for ever.
        await websocket.send_text(text(bye("refused")))
        await websocket.close(POLICY, "refused")
        return
    screen = hub_of(websocket).join(Audience("floor", principal))

    def look_again() -> None:
        if not is_still(websocket, principal):
            screen.bye("refused")

    try:
        with access_of(websocket).listen(look_again):
            await converse(websocket, screen)
    finally:
        screen.close()


async def converse(websocket: WebSocket, screen: Screen) -> None:
    """Until the hub sends the screen away, the far end is gone, or one of them misbehaves."""
    pump = asyncio.create_task(_pump(websocket, screen), name="live: pump")
    listen = asyncio.create_task(_listen(websocket, screen), name="live: listen")
    leaving = asyncio.create_task(screen.leaving.wait(), name="live: leaving")
    tasks = {pump, listen, leaving}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            await asyncio.wait({pump}, timeout=FAREWELL_LIMIT)
    finally:
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await _close(websocket, outcomes)


async def _pump(websocket: WebSocket, screen: Screen) -> None:
    async for frame in screen:
        async with asyncio.timeout(SEND_LIMIT):
            await websocket.send_text(text(frame))


async def _listen(websocket: WebSocket, screen: Screen) -> None:
    loop = asyncio.get_running_loop()
    allowed, then = float(MESSAGES_AT_ONCE), loop.time()
    while True:
        message = await _receive(websocket)
        now = loop.time()
        allowed = min(float(MESSAGES_AT_ONCE), allowed + (now - then) * MESSAGES_PER_SECOND) - 1.0
        then = now
        if allowed < 0:
            raise Unruly(POLICY, "too many messages")
        if len(message) > MESSAGE_LIMIT:
            raise Unruly(TOO_BIG, "message too big")
        obey(message, screen)


async def _receive(websocket: WebSocket) -> str:
    """The next message; Unruly when it is none of ours, WebSocketDisconnect when there will be no more."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"], message.get("reason"))
    told = message.get("text")
    if not isinstance(told, str):
        raise Unruly(POLICY, "not a text frame")
    return told


def obey(message: str, screen: Screen) -> None:
    """Do what the screen asks."""
    try:
        asked = _messages.decode(message)
    except msgspec.DecodeError as error:
        raise Unruly(POLICY, "not a message of web/README.md") from error
    if isinstance(asked, Ack):
        screen.ack(asked.seq)
    else:
        screen.resync()


async def _close(websocket: WebSocket, outcomes: Sequence[object]) -> None:
    """Close the socket as what happened asks for; bugs go on to the server's log."""
    code, reason = GOING_AWAY, ""
    for outcome in outcomes:
        match outcome:
            case Unruly():
                code, reason = outcome.code, outcome.reason
            case WebSocketDisconnect() | TimeoutError() | asyncio.CancelledError():
                pass
            case BaseException():
                raise outcome
    # A socket that takes no more does not take the close frame either: the server drops it.
    try:
        async with asyncio.timeout(FAREWELL_LIMIT):
            await websocket.close(code, reason)
    except (RuntimeError, TimeoutError, WebSocketDisconnect, OSError):
        pass
