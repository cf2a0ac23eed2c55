"""tcp, tls and unix sockets; a terminal server's raw port is a tcp socket, too."""

import asyncio
import socket
import ssl
from contextlib import suppress
from pathlib import Path

from ccwall.adapter import Dial
from ccwall.transport.address import Address
from ccwall.transport.place import place

READ_AT_MOST = 256 * 1024
UNWRITTEN_AT_MOST = 1024 * 1024
"""A far end that lets this much of our few questions lie unread is as good as dead."""


class StreamLink:
    """A link over asyncio streams."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.ends = place(writer.get_extra_info("sockname")), place(writer.get_extra_info("peername"))
        """`Placed`: ours, and the far one; empty where they have no such names (unix)."""

    async def read(self) -> bytes:
        return await self._reader.read(READ_AT_MOST)

    def write(self, data: bytes) -> None:
        if self._writer.transport.get_write_buffer_size() > UNWRITTEN_AT_MOST:
            raise TimeoutError("the far end does not read what we write")
        self._writer.write(data)

    async def close(self) -> None:
        """Say goodbye for at most a second; a far end that does not answer is dropped."""
        self._writer.close()
        try:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._writer.wait_closed()
        finally:
            self._writer.transport.abort()


async def opened(to: Address, dial: Dial | None = None) -> StreamLink:
    if to.scheme == "unix":
        return StreamLink(*await asyncio.open_unix_connection(to.path, limit=READ_AT_MOST))
    trust = _trust(to.ca) if to.scheme == "tls" else None
    reader, writer = await asyncio.open_connection(to.host, to.port, ssl=trust, limit=READ_AT_MOST)
    keep_alive(writer.get_extra_info("socket"))
    return StreamLink(reader, writer)


def keep_alive(connected: socket.socket) -> None:
    """A far end that is gone without a word is noticed by the system within 10 s, also where nobody may ask it anything."""
    with suppress(OSError, AttributeError):  # not every system has all of these
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 3)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)


def _trust(ca: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(Path(ca)) if ca else None)
