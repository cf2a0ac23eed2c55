"""An open connection, whatever it is made of, and how one is made."""

import asyncio
from typing import Protocol

from ccwall.transport.address import Address
from ccwall.transport.trouble import explained

CONNECT_WITHIN = 10.0

_WORDLESS = (
    "Nothing was ever said on this connection: this port may speak TLS (then write tls://) or belong to another "
    "service, such as a web server, that waits to be asked. Check the port"
)


class Link(Protocol):
    """An open connection. Errors are OSError or TimeoutError."""

    async def read(self) -> bytes:
        """Some bytes; empty when the far end closed."""
        ...

    def write(self, data: bytes) -> None: ...
    async def close(self) -> None: ...


async def connect(to: Address) -> Link:
    """Open it within 10 s, or `Unreachable`, which says why and what to do."""
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            return await _open(to)
    except OSError as error:  # and TimeoutError
        raise explained(error, to, CONNECT_WITHIN) from error


async def _open(to: Address) -> Link:
    if to.scheme == "serial":
        from ccwall.transport import serial_line

        return await serial_line.opened(to)
    if to.scheme == "file":
        from ccwall.transport import file

        return await file.opened(to)
    from ccwall.transport import stream

    return await stream.opened(to)


def wordless(to: Address) -> str:
    """What to tell who looks when a connection to it ends without a word from the far end."""
    return _WORDLESS if to.scheme == "tcp" else ""
