"""How the app is served: a socket whose buffers are bounded, and a server that says farewell before it closes."""

import asyncio
import socket
import sys

import uvicorn
from fastapi import FastAPI

from ccwall.hub import Hub
from ccwall_web.live import FAREWELL_LIMIT, MESSAGE_LIMIT

SEND_BUFFER = 64 * 1024
"""Bytes of frames the kernel may hold for one screen. Left to itself it grows to megabytes: a minute of old frames
that a slow screen would have to read before it sees a new one."""
UNSENT = 16 * 1024
GONE_AFTER = 20_000
"""Milliseconds until the kernel drops a screen that takes nothing of what is sent."""
CONNECTIONS = 2000


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening socket at a numeric address or name, port 0 for any; connections inherit its limits. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        limit(listening)
        listening.bind(address)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def limit(listening: socket.socket, *, gone_after: int = GONE_AFTER) -> None:
    """Set what this system knows of the limits above."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    for name, value in (("TCP_NOTSENT_LOWAT", UNSENT), ("TCP_USER_TIMEOUT", gone_after), ("TCP_NODELAY", 1)):
        option = getattr(socket, name, None)
        if isinstance(option, int):
            listening.setsockopt(socket.IPPROTO_TCP, option, value)


class WallServer(uvicorn.Server):
    """Uvicorn, which on stopping closes sockets at once; the screens are told first."""

    def __init__(self, configured: uvicorn.Config, hub: Hub) -> None:
        self._hub = hub
        super().__init__(configured)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            async with asyncio.timeout(FAREWELL_LIMIT):
                await self._hub.stop()
        except TimeoutError:
            pass  # those who do not listen are closed all the same
        await super().shutdown(sockets)


def config(app: FastAPI, *, deflate: bool = False, tls_cert: str = "", tls_key: str = "") -> uvicorn.Config:
    """`deflate` is for lines over the internet; in a house it doubles the time a frame takes to 50 screens."""
    return uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_LIMIT,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        ws_per_message_deflate=deflate,
        lifespan="off",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=16 * 1024,
        access_log=False,  # it would write the tokens of display links
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=tls_cert or None,
        ssl_keyfile=tls_key or None,
    )
