"""A file, a FIFO or a character device, read from its beginning: what another programme writes down."""

import asyncio
import os
import stat
from pathlib import Path

from ccwall.adapter import Dial
from ccwall.transport.address import Address

READ_AT_MOST = 64 * 1024
LOOK_EVERY = 0.25
"""Real seconds between two looks at the end of a file that is followed: nothing else tells that it grew."""


class FileLink:
    """A regular file. `follow`: its end is not the end, unless it was cut short or another one has its name now."""

    def __init__(self, path: str, follow: bool) -> None:
        self._path, self._follow = path, follow
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._read = 0

    async def read(self) -> bytes:
        while True:
            # Here and not in a thread: one that still read when we close would read what has the number next.
            data = os.read(self._descriptor, READ_AT_MOST)
            self._read += len(data)
            await asyncio.sleep(0)
            if data or not self._follow or self._is_another():
                return data
            await asyncio.sleep(LOOK_EVERY)

    def _is_another(self) -> bool:
        ours = os.fstat(self._descriptor)
        try:
            named = Path(self._path).stat()
        except FileNotFoundError:
            return True
        return (named.st_dev, named.st_ino) != (ours.st_dev, ours.st_ino) or named.st_size < self._read

    def write(self, data: bytes) -> None:
        """Nobody reads what a session might say to a file."""

    async def close(self) -> None:
        os.close(self._descriptor)


class PipeLink:
    """A FIFO: its end comes when the last of its writers is gone."""

    def __init__(self, reader: asyncio.StreamReader, transport: asyncio.BaseTransport) -> None:
        self._reader, self._transport = reader, transport

    async def read(self) -> bytes:
        return await self._reader.read(READ_AT_MOST)

    def write(self, data: bytes) -> None:
        """It goes one way."""

    async def close(self) -> None:
        self._transport.close()
        await asyncio.sleep(0)  # the descriptor is closed in the loop's next round


async def opened(to: Address, dial: Dial | None = None) -> FileLink | PipeLink:
    mode = _mode(to.path)
    if stat.S_ISREG(mode):
        return FileLink(to.path, to.follow)
    if not stat.S_ISFIFO(mode):
        raise OSError("it is neither a file nor a FIFO; a device is opened as serial://")
    reader = asyncio.StreamReader(limit=READ_AT_MOST)
    # Without O_NONBLOCK the open would wait for a writer, and the whole wall with it.
    pipe = os.fdopen(os.open(to.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    return PipeLink(reader, transport)


def _mode(path: str) -> int:
    return Path(path).stat().st_mode
