"""A port of our own, for a switch that calls the one who listens (Avaya's IP Office with its call records)."""

import asyncio
from contextlib import suppress

from ccwall.adapter import Dial
from ccwall.transport.address import Address
from ccwall.transport.stream import READ_AT_MOST, keep_alive

MOST_CALLERS = 8
"""A switch that lost its way comes back before its old connection is known to be dead."""
LONGEST_LINE = 64 * 1024
UNREAD = 16
"""Pieces that are kept of what nobody reads for a moment; then the callers wait."""


class ListenLink:
    """All callers in one stream, line by line, so that none gets into the middle of another's."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue(UNREAD)
        self._callers: set[asyncio.Task[None]] = set()
        self.server: asyncio.Server | None = None

    async def called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One caller, to its end."""
        this = asyncio.current_task()
        if this is None or len(self._callers) >= MOST_CALLERS:
            writer.transport.abort()
            return
        self._callers.add(this)
        keep_alive(writer.get_extra_info("socket"))
        try:
            with suppress(OSError):
                await self._listen(reader)
        except asyncio.CancelledError:  # we close
            pass
        finally:
            self._callers.discard(this)
            writer.transport.abort()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        rest = b""
        while data := await reader.read(READ_AT_MOST):
            lines, end, rest = (rest + data).rpartition(b"\n")
            if end:
                await self._pieces.put(lines + end)
            if len(rest) > LONGEST_LINE:
                return
        if rest:
            await self._pieces.put(rest + b"\n")

    async def read(self) -> bytes:
        return await self._pieces.get()

    def write(self, data: bytes) -> None:
        """It goes one way."""

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()
        callers = tuple(self._callers)
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)


async def opened(to: Address, dial: Dial | None = None) -> ListenLink:
    """Listening; OSError when somebody else does already."""
    link = ListenLink()
    link.server = await asyncio.start_server(link.called, to.host, to.port, limit=READ_AT_MOST)
    return link
