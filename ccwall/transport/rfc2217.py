"""A serial line behind a terminal server that speaks RFC 2217: Telnet, with options to set the line.

pyserial's own client runs in threads, with a queue that has no end; this one lives in the loop, and its buffers have one.
"""

import asyncio
import struct
from contextlib import suppress

from ccwall.adapter import Dial
from ccwall.transport.address import Address, Line
from ccwall.transport.stream import READ_AT_MOST, UNWRITTEN_AT_MOST, keep_alive

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
BINARY, SUPPRESS_GO_AHEAD, COM_PORT = 0, 3, 44
SET_BAUDRATE, SET_DATASIZE, SET_PARITY, SET_STOPSIZE, SET_CONTROL = 1, 2, 3, 4, 5
SET_LINESTATE_MASK, SET_MODEMSTATE_MASK = 10, 11
SERVER = 100
"""Added to the number of what a server answers or tells."""
SUSPEND, RESUME = 8, 9
NO_FLOW, XON_XOFF, HARDWARE, DTR_ON, RTS_ON = 1, 2, 3, 8, 11
PARITY = {"none": 1, "odd": 2, "even": 3, "mark": 4, "space": 5}
STOP = {1.0: 1, 2.0: 2, 1.5: 3}
LONGEST_OPTION = 1024
"""Bytes of one subnegotiation; those of RFC 2217 but for a signature have six."""
_WANTED = (BINARY, SUPPRESS_GO_AHEAD, COM_PORT)
_NAMES = {SET_BAUDRATE: "speed", SET_DATASIZE: "bits", SET_PARITY: "parity", SET_STOPSIZE: "stop bits"}


class Negotiation:
    """The client's side, without I/O: `feed` what came, get what the line said; `outgoing` is to be sent.

    `set_up`: the server has confirmed the line as it was asked for. OSError when it does not do that, or is no such server.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._asked = {
            SET_BAUDRATE: struct.pack(">I", line.baud),
            SET_DATASIZE: bytes([line.bytesize]),
            SET_PARITY: bytes([PARITY[line.parity]]),
            SET_STOPSIZE: bytes([STOP[line.stopbits]]),
        }
        self._open, self._told = set(self._asked), False
        self._ours: dict[int, bool] = {}
        self._theirs: dict[int, bool] = {}
        self._rest = bytearray()
        self._outgoing = bytearray()
        self.held = False
        for option in _WANTED:
            self._say(WILL, option, self._ours)
        self._say(DO, BINARY, self._theirs)
        self._say(DO, SUPPRESS_GO_AHEAD, self._theirs)

    @property
    def set_up(self) -> bool:
        return not self._open

    def outgoing(self) -> bytes:
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    def feed(self, data: bytes) -> bytes:
        self._rest += data
        said, rest, start = bytearray(), self._rest, 0
        while start < len(rest):
            mark = rest.find(IAC, start)
            if mark < 0:
                said += rest[start:]
                start = len(rest)
                break
            said += rest[start:mark]
            start, length = mark, self._command(mark, said)
            if not length:
                break
            start += length
        del rest[:start]
        if len(rest) > LONGEST_OPTION:
            raise OSError(f"no end of an option within {LONGEST_OPTION} bytes: this is no RFC 2217 server")
        return bytes(said)

    def _command(self, at: int, said: bytearray) -> int:
        """The length of the command there; 0 when it is not whole yet."""
        rest = self._rest
        if len(rest) < at + 2:
            return 0
        kind = rest[at + 1]
        if kind == IAC:
            said.append(IAC)
            return 2
        if kind in (DO, DONT, WILL, WONT):
            if len(rest) < at + 3:
                return 0
            self._option(kind, rest[at + 2])
            return 3
        if kind != SB:
            return 2
        end = at + 2
        while (end := rest.find(IAC, end)) >= 0 and end + 1 < len(rest):
            if rest[end + 1] == SE:
                self._suboption(bytes(rest[at + 2 : end]).replace(b"\xff\xff", b"\xff"))
                return end + 2 - at
            end += 2
        return 0

    def _option(self, kind: int, option: int) -> None:
        """Agree to what we want, refuse the rest; say either once, or two polite ends never stop."""
        if option == COM_PORT and kind == DONT and self._open:
            raise OSError("it does not set serial lines (RFC 2217); write socket:// and set the line there")
        if kind in (DO, DONT):
            self._say(WILL if kind == DO and option in _WANTED else WONT, option, self._ours)
        else:
            self._say(DO if kind == WILL and option in _WANTED else DONT, option, self._theirs)
        if option == COM_PORT and kind in (DO, WILL) and not self._told:  # servers agree by either
            self._told = True
            self._set_line()

    def _say(self, kind: int, option: int, told: dict[int, bool]) -> None:
        if told.get(option, False) != (kind in (WILL, DO)) or option not in told:
            told[option] = kind in (WILL, DO)
            self._outgoing += bytes((IAC, kind, option))

    def _set_line(self) -> None:
        for what, value in self._asked.items():
            self._send(what, value)
        line = self._line
        flow = HARDWARE if line.rtscts else XON_XOFF if line.xonxoff else NO_FLOW
        for control in (flow, DTR_ON, *(() if line.rtscts else (RTS_ON,))):
            self._send(SET_CONTROL, bytes([control]))
        self._send(SET_LINESTATE_MASK, b"\0")
        self._send(SET_MODEMSTATE_MASK, b"\0")

    def _send(self, what: int, value: bytes) -> None:
        self._outgoing += bytes((IAC, SB, COM_PORT, what)) + escaped(value) + bytes((IAC, SE))

    def _suboption(self, said: bytes) -> None:
        if len(said) < 2 or said[0] != COM_PORT:
            return
        what, value = said[1] - SERVER, said[2:]
        if what in (SUSPEND, RESUME):
            self.held = what == SUSPEND
        elif what in self._asked:
            if value != self._asked[what]:
                told = int.from_bytes(value[:4], "big")
                raise OSError(f"its driver does not do what the url asks for: {_NAMES[what]} is {told} there")
            self._open.discard(what)


def escaped(data: bytes) -> bytes:
    """As Telnet carries it."""
    return data.replace(b"\xff", b"\xff\xff")


class Rfc2217Link:
    """A link over Telnet."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, negotiation: Negotiation
    ) -> None:
        self._reader, self._writer, self._negotiation = reader, writer, negotiation
        self._first = b""
        self._waiting = bytearray()

    async def set_up(self) -> None:
        """Until the line is set; OSError when it cannot be."""
        self._writer.write(self._negotiation.outgoing())
        while not self._negotiation.set_up:
            self._first += await self._some()
            if len(self._first) > READ_AT_MOST:
                raise OSError("it talks and never sets the line: this is no RFC 2217 server; write socket://")

    async def read(self) -> bytes:
        said, self._first = self._first, b""
        while not said:
            try:
                said = await self._some()
            except ConnectionResetError:
                return b""
        return said

    async def _some(self) -> bytes:
        data = await self._reader.read(READ_AT_MOST)
        if not data:
            raise ConnectionResetError("the terminal server hung up")
        said = self._negotiation.feed(data)
        self._writer.write(self._negotiation.outgoing())
        if self._waiting and not self._negotiation.held:
            self._writer.write(bytes(self._waiting))
            self._waiting.clear()
        return said

    def write(self, data: bytes) -> None:
        unwritten = len(self._waiting) + self._writer.transport.get_write_buffer_size()
        if unwritten > UNWRITTEN_AT_MOST:
            raise TimeoutError("the terminal server does not take what we write")
        if self._negotiation.held:
            self._waiting += escaped(data)
        else:
            self._writer.write(escaped(data))

    async def close(self) -> None:
        self._writer.close()
        try:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._writer.wait_closed()
        finally:
            self._writer.transport.abort()


async def opened(to: Address, dial: Dial | None = None) -> Rfc2217Link:
    """Connected, and the line set as the url says."""
    reader, writer = await asyncio.open_connection(to.host, to.port, limit=READ_AT_MOST)
    keep_alive(writer.get_extra_info("socket"))
    link = Rfc2217Link(reader, writer, Negotiation(to.line))
    try:
        await link.set_up()
    except BaseException:
        await link.close()
        raise
    return link
