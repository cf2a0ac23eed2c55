"""Addresses as configuration writes them, and links that open."""

import asyncio
import socket
from collections import deque
from pathlib import Path

import pytest

from ccwall import transport
from ccwall.transport import address, connect


@pytest.mark.parametrize(
    ("url", "means"),
    [
        ("tcp://pbx", "tcp://pbx:5038"),
        ("TCP://pbx:1/", "tcp://pbx:1"),
        ("tcp://192.0.2.1:5038", "tcp://192.0.2.1:5038"),
        ("tls://[2001:db8::1]:5039", "tls://[2001:db8::1]:5039"),
        ("unix:///run/pbx.ctl", "unix:///run/pbx.ctl"),
    ],
)
def test_an_address_says_where(url: str, means: str) -> None:
    assert str(address(url, 5038)) == means


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("pbx:5038", "not an address"),
        ("", "not an address"),
        ("http://pbx", "not a transport"),
        ("serial:///dev/ttyS0", "not in this release"),
        ("udp://pbx:1", "not in this release"),
        ("tcp://", "not a host"),
        ("tcp://a b", "not a host"),
        ("tcp://a..b:1", "cannot be the name of a host"),
        (f"tcp://{'a' * 64}:1", "cannot be the name of a host"),
        ("tcp://h\0:1", "control characters"),
        ("tcp://user:word@pbx", "not a host"),
        ("tcp://pbx:0", "from 1 to 65535"),
        ("tcp://pbx:65536", "from 1 to 65535"),
        ("tcp://pbx:five", "not a host"),
        ("unix://run/pbx", "three slashes"),
    ],
)
def test_a_wrong_address_says_what_would_be_right(url: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        address(url, 5038)


async def test_a_tcp_link_carries_bytes_both_ways() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(100))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        link = await connect(address(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
        link.write(b"hello")
        assert await link.read() == b"hello"
        assert await link.read() == b""
        await link.close()


async def test_a_unix_link_carries_bytes(tmp_path: Path) -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()
        await writer.wait_closed()

    path = tmp_path / "s"
    async with await asyncio.start_unix_server(greet, path):
        link = await connect(address(f"unix://{path}"))
        assert await link.read() == b"hello"
        await link.close()


async def test_nobody_there_is_an_os_error() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # taken, but not listening
        with pytest.raises(ConnectionRefusedError):
            await connect(address(f"tcp://127.0.0.1:{held.getsockname()[1]}"))


async def test_a_far_end_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_to: transport.Address) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(transport, "_open", never)
    monkeypatch.setattr(transport, "CONNECT_WITHIN", 0.01)
    with pytest.raises(TimeoutError, match="no answer from tcp://pbx:1"):
        await connect(address("tcp://pbx:1"))


async def test_a_server_that_does_not_speak_tls_is_an_os_error() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        await reader.read(1000)
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        with pytest.raises(OSError, match="SSL"):
            await connect(address(f"tls://127.0.0.1:{server.sockets[0].getsockname()[1]}"))


async def test_a_far_end_that_does_not_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "UNWRITTEN_AT_MOST", 1000)
    stalled = asyncio.Event()

    async def stall(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stalled.wait()
        writer.close()

    async with await asyncio.start_server(stall, "127.0.0.1", 0) as server:
        link = await connect(address(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
        with pytest.raises(TimeoutError, match="does not read"):
            deque(map(link.write, [b"x" * 10_000] * 10_000), maxlen=0)
        await link.close()
        stalled.set()
