"""Where a source's bytes come from: an address as configuration writes it, and the open link to it."""

import asyncio
import re
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

CONNECT_WITHIN = 10.0
READ_AT_MOST = 256 * 1024
UNWRITTEN_AT_MOST = 1024 * 1024
"""A far end that lets this much of our few questions lie unread is as good as dead."""

_SCHEMES = ("tcp", "tls", "unix")
_LATER = ("udp", "serial", "pty", "file")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+(?:%\w+)?)\]|([^\s:/@?#\[\]]+))(?::(\d{1,5}))?/?")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One end point. ``host`` and ``port`` for tcp and tls, ``path`` for unix; ``ca`` trusts this file instead of the system's."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    ca: str = ""

    def __str__(self) -> str:
        if self.scheme == "unix":
            return f"unix://{self.path}"
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def address(url: str, port: int = 0) -> Address:
    """The address a url means, ``port`` when it says none; ValueError tells what would be right.

    >>> str(address("tcp://pbx.example", 5038)), str(address("tls://[::1]:5039"))
    ('tcp://pbx.example:5038', 'tls://[::1]:5039')
    """
    found = _URL.fullmatch(url)
    if not found:
        raise ValueError(f'"{url[:80]}" is not an address like "tcp://host:{port or 5038}"')
    scheme, rest = found[1].lower(), found[2]
    if scheme in _LATER:
        raise ValueError(f'"{scheme}://" is not in this release; this one opens {", ".join(_SCHEMES)}')
    if scheme not in _SCHEMES:
        raise ValueError(f'"{scheme[:20]}://" is not a transport; this release opens {", ".join(_SCHEMES)}')
    if scheme == "unix":
        if not rest.startswith("/"):
            raise ValueError('a unix address has three slashes: "unix:///run/socket"')
        return Address(scheme=scheme, path=rest)
    return _internet(scheme, rest, port)


def _internet(scheme: str, rest: str, port: int) -> Address:
    found = _HOST.fullmatch(rest)
    if not found:
        raise ValueError(f'"{rest[:80]}" is not a host with a port: write "{scheme}://host:port"')
    host = found[1] or found[2]
    try:
        host.encode("idna")
    except UnicodeError:
        raise ValueError(f'"{host[:80]}" cannot be the name of a host') from None
    if not host.isprintable():
        raise ValueError("a host's name has no control characters")
    chosen = int(found[3]) if found[3] else port
    if not 1 <= chosen <= 65535:
        raise ValueError(f"the port must be from 1 to 65535, not {found[3] or 'missing'}")
    return Address(scheme=scheme, host=host, port=chosen)


class Link(Protocol):
    """An open connection. Errors are OSError or TimeoutError."""

    async def read(self) -> bytes:
        """Some bytes; empty when the far end closed."""
        ...

    def write(self, data: bytes) -> None: ...
    async def close(self) -> None: ...


class StreamLink:
    """A link over asyncio streams."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        return await self._reader.read(READ_AT_MOST)

    def write(self, data: bytes) -> None:
        if self._writer.transport.get_write_buffer_size() > UNWRITTEN_AT_MOST:
            raise TimeoutError("the far end does not read what we write")
        self._writer.write(data)

    async def close(self) -> None:
        """Say goodbye for at most a second; a far end that does not answer is dropped."""
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()
        self._writer.transport.abort()


async def connect(to: Address) -> Link:
    """Open it within 10 s, or OSError or TimeoutError."""
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            return StreamLink(*await _open(to))
    except TimeoutError:
        raise TimeoutError(f"no answer from {to} within {CONNECT_WITHIN:g} s") from None


async def _open(to: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if to.scheme == "unix":
        return await asyncio.open_unix_connection(to.path, limit=READ_AT_MOST)
    trust = _trust(to.ca) if to.scheme == "tls" else None
    reader, writer = await asyncio.open_connection(to.host, to.port, ssl=trust, limit=READ_AT_MOST)
    opened: socket.socket = writer.get_extra_info("socket")
    with suppress(OSError):
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return reader, writer


def _trust(ca: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(Path(ca)) if ca else None)
