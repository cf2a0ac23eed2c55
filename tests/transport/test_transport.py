"""Addresses as configuration writes them, and links that open."""

import asyncio
from collections import deque
from pathlib import Path

import pytest

from ccwall.transport import address, connect, stream


@pytest.mark.parametrize(
    ("url", "means"),
    [
        ("tcp://pbx", "tcp://pbx:5038"),
        ("TCP://pbx:1/", "tcp://pbx:1"),
        ("tcp://192.0.2.1:5038", "tcp://192.0.2.1:5038"),
        ("tls://[2001:db8::1]:5039", "tls://[2001:db8::1]:5039"),
        ("unix:///run/pbx.ctl", "unix:///run/pbx.ctl"),
        ("serial:///dev/ttyUSB0", "serial:///dev/ttyUSB0?baud=9600"),
        ("serial:///dev/ttyUSB0?baud=4800&parity=even", "serial:///dev/ttyUSB0?baud=4800"),
        ("file:///var/log/smdr", "file:///var/log/smdr"),
        ("file:///var/log/smdr?follow=yes", "file:///var/log/smdr?follow=yes"),
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
        ("udp://pbx:1", "no transport for this source; it is read over tcp, tls"),
        ("pty:///dev/pts/1", "serial:///dev/pts"),
        ("serial://ttyS0", "three slashes"),
        ("serial:///dev/ttyS0?baud=9601", 'must be one of 300, .*, not "9601"'),
        ("serial:///dev/ttyS0?baud=9600&baud=9600", "said twice"),
        ("serial:///dev/ttyS0?parity=N", "none, even, odd"),
        ("serial:///dev/ttyS0?speed=9600", "none of what may stand"),
        ("serial:///dev/ttyS0?", "none of what may stand"),
        ("serial:///dev/ttyS0?rtscts", "none of what may stand"),
        ("file://smdr.log", "three slashes"),
        ("file:///smdr.log?follow=1", "yes, no"),
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


async def test_a_far_end_that_does_not_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "UNWRITTEN_AT_MOST", 1000)
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
