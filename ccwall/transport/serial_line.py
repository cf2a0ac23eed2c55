"""Serial lines, and the pseudo-terminals that stand in for them.

A driver may be stuck in any call. What may wait is therefore done in a thread of its own, one at most for each device:
the others, and the loop, do not notice.
"""

import asyncio
import errno
import stat
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ccwall.adapter import Dial
from ccwall.transport import ports
from ccwall.transport.address import PARITIES, Address
from ccwall.transport.trouble import Unreachable

if TYPE_CHECKING:
    from serial import Serial
    from serial_asyncio_fast import SerialTransport

ROOM = 256 * 1024
"""Bytes kept of a line that nobody reads for a moment; 921,600 baud take three seconds to fill it."""
LISTER = ports.ports
"""Who says what is plugged in."""
STUCK = 9.5
"""Seconds after which a line that takes nothing of what we write is dead."""


class SerialLink(asyncio.Protocol):
    """A link over one serial line. To be unplugged is an OSError."""

    def __init__(self) -> None:
        self._incoming = bytearray()
        self._some = asyncio.Event()
        self._gone = asyncio.Event()
        self._why: Exception | None = None
        self._crowded = False
        self._held_since: float | None = None
        self._unsent = 0
        self.transport: SerialTransport | None = None

    # ── what the line says ──

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._some.clear()

    def data_received(self, data: bytes) -> None:
        if len(self._incoming) + len(data) > ROOM:
            self._crowded = True
            self._abort()
            return
        self._incoming += data
        self._some.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._why = exc
        self._gone.set()
        self._some.set()

    # ── what the supervisor asks ──

    async def read(self) -> bytes:
        await self._some.wait()
        if not self._incoming:
            if self._crowded:
                raise OSError(f"{ROOM:,} bytes came faster than they were read")
            if self._why is not None:
                said = str(self._why)
                why = "it was unplugged, or another programme reads it, too" if "readiness" in said else said
                raise Unreachable(f"the line is gone: {why}", "no_device") from self._why
            return b""
        data = bytes(self._incoming)
        self._incoming.clear()
        if not self._gone.is_set():
            self._some.clear()
        return data

    def write(self, data: bytes) -> None:
        if self.transport is None or self.transport.is_closing():
            raise Unreachable("the line is gone", "no_device")
        now, held = self.transport.loop.time(), self.transport.get_write_buffer_size()
        if not held or held < self._unsent:  # slow, but it goes
            self._held_since = None
        elif self._held_since is None:
            self._held_since = now
        if held > ROOM or (self._held_since is not None and now - self._held_since > STUCK):
            raise TimeoutError("the line takes nothing of what we write (is flow control right?)")
        self.transport.write(data)
        self._unsent = self.transport.get_write_buffer_size()

    async def close(self) -> None:
        """What is still to be written is dropped: a line that is held back by flow control would take for ever."""
        self._abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._gone.wait()

    def _abort(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            if (port := self.transport.serial) is not None:
                with suppress(OSError, ValueError):  # unplugged
                    # what lies in the driver would hold up its closing for 30 s
                    port.reset_output_buffer()
            self.transport.abort()


async def opened(to: Address, dial: Dial | None = None) -> SerialLink:
    """The line, for us alone; OSError when it is not to be had or cannot be set so."""
    import serial_asyncio_fast

    try:
        port = await _Opening.of(to)
        try:
            link = SerialLink()
            # it sets the line once more, and some drivers only then say that they cannot
            link.transport = serial_asyncio_fast.SerialTransport(asyncio.get_running_loop(), link, port)
        except _refusals():
            port.close()
            raise
    except _refusals() as error:
        raise OSError(f"its driver does not do what the url asks for: {error.args[-1]}") from error
    return link


def _refusals() -> tuple[type[Exception], ...]:
    """What a driver that cannot set the line so makes pyserial raise."""
    try:
        from termios import error
    except ImportError:  # Windows
        return (ValueError,)
    return (ValueError, error)


class _Opening:
    """One try to open a line. Who waits for it may give up; what is opened after that is closed again."""

    stuck: "dict[str, _Opening]" = {}  # noqa: RUF012 (the machine has one set of devices)

    def __init__(self, to: Address) -> None:
        self._to, self._loop = to, asyncio.get_running_loop()
        self._lock, self._given_up = threading.Lock(), False
        self.done: asyncio.Future[Serial] = self._loop.create_future()

    @classmethod
    async def of(cls, to: Address) -> "Serial":
        key = str(to.path)
        if key in cls.stuck:
            raise OSError("its driver still has not answered the try before this one")
        opening = cls.stuck[key] = cls(to)
        threading.Thread(target=opening._run, args=(key,), name=f"opens {key}", daemon=True).start()
        try:
            return await asyncio.shield(opening.done)
        except asyncio.CancelledError:
            opening._give_up()
            raise

    def _run(self, key: str) -> None:
        port: Serial | None = None
        failed: Exception | None = None
        try:
            port = _port(self._to)
        except OSError as error:
            failed = error
        except _refusals() as error:
            failed = error
        finally:
            self.stuck.pop(key, None)  # before it is told: who hears of it may try again at once
        self._tell(port, failed)

    def _tell(self, port: "Serial | None", error: Exception | None) -> None:
        with self._lock:
            if not self._given_up:
                with suppress(RuntimeError):  # the loop is closed, and with it whoever waited
                    self._loop.call_soon_threadsafe(self._settle, port, error)
                    return
        if port is not None:
            port.close()

    def _settle(self, port: "Serial | None", error: Exception | None) -> None:
        if self._given_up:
            if port is not None:
                port.close()
        elif port is None:
            self.done.set_exception(error or OSError())
        else:
            self.done.set_result(port)

    def _give_up(self) -> None:
        with self._lock:
            self._given_up = True
        if self.done.done() and not self.done.exception():
            self.done.result().close()


def _port(to: Address) -> "Serial":
    import serial

    path = ports.device(to, LISTER)
    if not _is_device(path):
        raise OSError(errno.ENOTTY, "it is not a serial line")
    line = to.line

    class Port(serial.Serial):
        def _reset_input_buffer(self) -> None:
            """By which pyserial's open would throw away what a device says at once: its greeting, all its state."""

    return Port(
        path,
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
    return path.startswith("COM") or stat.S_ISCHR(Path(path).stat().st_mode)
