"""An open connection, whatever it is made of, and how one is made."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import Protocol, runtime_checkable

from ccwall.adapter import Dial
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


@runtime_checkable
class Keeping(Protocol):
    """A link whose far end keeps what it sent until it hears that it is safe (MQTT QoS 1, the edge, HTTP)."""

    def taken(self, upto: int) -> None:
        """What came of the first `upto` bytes that `read` ever gave is in the journal. Called from time to time, never less
        than before."""
        ...


@runtime_checkable
class Placed(Protocol):
    """A link that knows its two ends, `host:port` each."""

    @property
    def ends(self) -> tuple[str, str]:
        """Ours, and the far one."""
        ...


async def connect(to: Address, dial: Dial | None = None) -> Link:
    """Open it within 10 s, or `Unreachable`, which says why and what to do. `dial`: what it must know beside its address."""
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            return await _open(to, dial)
    except OSError as error:  # and TimeoutError
        raise explained(error, to, CONNECT_WITHIN) from error


Opener = Callable[[Address, Dial | None], Awaitable[Link]]
OPENERS: Mapping[str, str] = {
    "serial": "serial_line",
    "file": "file",
    "mqtts": "mqtt",
    "socket": "stream",
    "tcp": "stream",
    "tls": "stream",
    "unix": "stream",
}
"""The module of each scheme, where it has another name; imported when somebody wants it."""


async def _open(to: Address, dial: Dial | None) -> Link:
    module = import_module(f"ccwall.transport.{OPENERS.get(to.scheme, to.scheme)}")
    opened: Opener = module.opened
    return await opened(to, dial)


def wordless(to: Address) -> str:
    """What to tell who looks when a connection to it ends without a word from the far end."""
    return _WORDLESS if to.scheme == "tcp" else ""
