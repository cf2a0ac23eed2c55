"""Serial lines behind a network: RFC 2217 against pyserial's own server, raw sockets, and switches that call us."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, cast

import pytest
import serial
import serial.rfc2217
from hypothesis import given
from hypothesis import strategies as st

from ccwall.transport import Link, Unreachable, address, connect
from ccwall.transport.address import Address, Line
from ccwall.transport.rfc2217 import COM_PORT, DO, DONT, IAC, SB, SE, SERVER, WILL, Negotiation, escaped
from ccwall.transport.stream import keep_alive

SCHEMES = ("socket", "rfc2217", "listen")
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class _Sent:
    """What pyserial's server writes to: it wants a connection with `write`."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data


class PyserialServer:
    """A terminal server made of pyserial's half of RFC 2217, with a plug on its line that returns what comes."""

    def __init__(self) -> None:
        self.port = serial.serial_for_url("loop://", timeout=0)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = _Sent()
        manager = serial.rfc2217.PortManager(cast(Any, self.port), cast(Any, sent))
        while True:
            writer.write(bytes(sent.data))
            sent.data.clear()
            data = await reader.read(4096)
            if not data:
                break
            said = b"".join(manager.filter(data))
            sent.data += b"".join(manager.escape(said))
        writer.close()


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def read(link: Link, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += await link.read()
    return data


async def test_pyserial_s_server_sets_the_line_and_carries_every_byte() -> None:
    server = PyserialServer()
    async with serving(server) as port:
        link = await connect(
            address(
                f"rfc2217://127.0.0.1:{port}?baud=4800&parity=even&bytesize=7&stopbits=2&rtscts=yes",
                0,
                SCHEMES,
            )
        )
        line = server.port
        assert (line.baudrate, line.bytesize, line.parity, line.stopbits) == (4800, 7, "E", 2)
        assert line.rtscts
        every = bytes(range(256)) * 4
        link.write(every)
        assert await read(link, len(every)) == every
        await link.close()


async def test_a_server_that_will_not_set_lines_is_told_apart() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(bytes((IAC, DONT, COM_PORT)))
        await reader.read(100)
        writer.close()

    async with serving(plain) as port:
        with pytest.raises(Unreachable, match=r"does not set serial lines .* write socket://"):
            await connect(address(f"rfc2217://127.0.0.1:{port}", 0, SCHEMES))


async def test_a_raw_port_taken_for_rfc2217_is_told_apart() -> None:
    async def raw(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"01/02/26 10:03AM 1200\r\n" * 2000)
            try:
                await writer.drain()
            except ConnectionError:
                break
        writer.close()

    async with serving(raw) as port:
        with pytest.raises(Unreachable, match="no RFC 2217 server"):
            await connect(address(f"rfc2217://127.0.0.1:{port}", 0, SCHEMES))


async def test_a_server_that_hangs_up_is_an_end() -> None:
    server, enough = PyserialServer(), asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.create_task(server(reader, writer))
        await enough.wait()
        serving.cancel()
        writer.close()

    async with serving(once) as port:
        link = await connect(address(f"rfc2217://127.0.0.1:{port}", 0, SCHEMES))
        enough.set()
        assert await link.read() == b""
        await link.close()


# ── the negotiation ──


def agreed(negotiation: Negotiation, *, baud: int = 9600) -> bytes:
    """Let it be agreed to by a server that does as it is told; gives what was asked."""
    negotiation.feed(bytes((IAC, DO, COM_PORT)))
    asked = negotiation.outgoing()
    for what, value in ((1, baud.to_bytes(4, "big")), (2, b"\x08"), (3, b"\x01"), (4, b"\x01")):
        negotiation.feed(bytes((IAC, SB, COM_PORT, what + SERVER)) + escaped(value) + bytes((IAC, SE)))
    return asked


def test_a_speed_with_a_255_in_it_is_escaped() -> None:
    negotiation = Negotiation(Line(baud=65_280))
    assert b"\x2c\x01\x00\x00\xff\xff\x00\xff\xf0" in agreed(negotiation, baud=65_280)
    assert negotiation.set_up


def test_another_speed_than_was_asked_for_is_not_taken() -> None:
    with pytest.raises(OSError, match="speed is 1200 there"):
        agreed(Negotiation(Line()), baud=1200)


def test_two_polite_ends_come_to_an_end() -> None:
    negotiation = Negotiation(Line())
    negotiation.outgoing()
    negotiation.feed(bytes((IAC, WILL, 1, IAC, DO, 24)))
    assert negotiation.outgoing() == bytes((IAC, DONT, 1, IAC, 252, 24))
    negotiation.feed(bytes((IAC, WILL, 1, IAC, DO, 24)) * 100)
    assert negotiation.outgoing() == b""


def test_it_is_held_when_the_server_says_so() -> None:
    negotiation = Negotiation(Line())
    negotiation.feed(bytes((IAC, SB, COM_PORT, 108, 0, IAC, SE)))
    assert negotiation.held
    negotiation.feed(bytes((IAC, SB, COM_PORT, 109, 0, IAC, SE)))
    assert not negotiation.held


def test_an_option_without_end_is_refused() -> None:
    negotiation = Negotiation(Line())
    with pytest.raises(OSError, match="no end of an option"):
        negotiation.feed(bytes((IAC, SB, COM_PORT)) + b"x" * 2000)


@given(st.binary(max_size=200), st.data())
def test_any_cut_gives_the_same_bytes(data: bytes, draw: st.DataObject) -> None:
    notice = bytes((IAC, SB, COM_PORT, 107, 0x30, IAC, SE))
    wire = notice + escaped(data) + notice + bytes((IAC, 241))
    cut, found = Negotiation(Line()), b""
    while wire:
        size = draw.draw(st.integers(1, len(wire)))
        found += cut.feed(wire[:size])
        wire = wire[size:]
    assert found == data


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_any_bytes_are_read_or_refused_in_words(pieces: list[bytes]) -> None:
    negotiation = Negotiation(Line())
    with suppress(OSError):
        for piece in pieces:
            negotiation.feed(piece)
    assert len(negotiation.outgoing()) < 10_000


# ── raw ──


async def test_a_raw_port_is_a_socket() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            writer.write(data)
        writer.close()

    async with serving(echo) as port:
        link = await connect(address(f"socket://127.0.0.1:{port}", 0, SCHEMES))
        link.write(bytes(range(256)))
        assert await read(link, 256) == bytes(range(256))
        await link.close()


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="the system decides")
def test_a_terminal_server_that_is_gone_without_a_word_is_noticed_within_10_seconds() -> None:
    with socket.socket() as plug:
        keep_alive(plug)
        idle, interval, count = (
            plug.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        )
        assert plug.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert idle + interval * count <= 10


# ── a port of our own ──


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


async def listening() -> tuple[Link, int]:
    with _free_port() as port:
        pass
    return await connect(Address(scheme="listen", host="127.0.0.1", port=port)), port


async def test_who_calls_us_is_heard_line_by_line() -> None:
    link, port = await listening()
    _, one = await asyncio.open_connection("127.0.0.1", port)
    _, other = await asyncio.open_connection("127.0.0.1", port)
    one.write(b"half a ")
    other.write(b"whole\r\n")
    assert await link.read() == b"whole\r\n"
    one.write(b"line\r\nand the rest")
    assert await link.read() == b"half a line\r\n"
    one.close()
    assert await link.read() == b"and the rest\n"
    other.close()
    await link.close()


async def test_one_who_never_ends_a_line_is_sent_away() -> None:
    link, port = await listening()
    reader, endless = await asyncio.open_connection("127.0.0.1", port)
    endless.write(b"x" * 200_000)
    with suppress(ConnectionError):
        assert await reader.read() == b""
    await link.close()
    endless.close()


async def test_a_port_that_is_taken_is_said_so() -> None:
    link, port = await listening()
    with pytest.raises(Unreachable, match="cannot be opened"):
        await connect(Address(scheme="listen", host="127.0.0.1", port=port))
    await link.close()
