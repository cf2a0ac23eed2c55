"""Serial lines, and the pseudo-terminals that stand in for them."""

import asyncio
import errno
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ccwall.adapter import Dial
from ccwall.transport.address import PARITIES, Address

if TYPE_CHECKING:
    from serial import Serial
    from serial_asyncio_fast import SerialTransport

ROOM = 256 * 1024
"""Bytes kept of a line that nobody reads for a moment; 921,600 baud take three seconds to fill it."""


class SerialLink(asyncio.Protocol):
    """A link over one serial line. To be unplugged is an OSError."""

    def __init__(self) -> None:
        self._incoming = bytearray()
        self._some = asyncio.Event()
        self._gone = asyncio.Event()
        self._why: Exception | None = None
        self.transport: SerialTransport | None = None

    # ── what the line says ──

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._some.clear()

    def data_received(self, data: bytes) -> None:
        if len(self._incoming) + len(data) > ROOM:
            self._why = OSError(f"{ROOM:,} bytes came faster than they were read")
            self._abort()
            return
        self._incoming += data
        self._some.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._why = self._why or exc
        self._gone.set()
        self._some.set()

    # ── what the supervisor asks ──

    async def read(self) -> bytes:
        await self._some.wait()
        if not self._incoming:
            if self._why is not None:
                raise OSError(f"the line is gone: {self._why}") from self._why
            return b""
        data = bytes(self._incoming)
        self._incoming.clear()
        if not self._gone.is_set():
            self._some.clear()
        return data

    def write(self, data: bytes) -> None:
        if self.transport is None or self.transport.is_closing():
            raise ConnectionResetError("the line is gone")
        if self.transport.get_write_buffer_size() > ROOM:
            raise TimeoutError("the line takes nothing of what we write (is flow control right?)")
        self.transport.write(data)

    async def close(self) -> None:
        """What is still to be written is dropped: a line that is held back by flow control would take for ever."""
        self._abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._gone.wait()

    def _abort(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.abort()


async def opened(to: Address, dial: Dial | None = None) -> SerialLink:
    """The line, for us alone; OSError when it is not to be had or cannot be set so."""
    import termios

    import serial_asyncio_fast

    if not _is_device(to.path):
        raise OSError(errno.ENOTTY, "it is not a serial line")
    try:
        port = await asyncio.to_thread(_port, to)  # opening may wait for the device
        try:
            link = SerialLink()
            # it sets the line once more, and some drivers only then say that they cannot
            link.transport = serial_asyncio_fast.SerialTransport(asyncio.get_running_loop(), link, port)
        except termios.error:
            port.close()
            raise
    except (ValueError, termios.error) as error:
        raise OSError(f"its driver does not do what the url asks for: {error.args[-1]}") from error
    return link


def _port(to: Address) -> "Serial":
    import serial

    line = to.line
    return serial.Serial(
        to.path,
        baudrate=line.baud,
        bytesize=line.bytesize,
        parity=PARITIES[line.parity],
        stopbits=line.stopbits,
        rtscts=line.rtscts,
        xonxoff=line.xonxoff,
        timeout=0,
        write_timeout=0,
        exclusive=True,
    )


def _is_device(path: str) -> bool:
    return stat.S_ISCHR(Path(path).stat().st_mode)
