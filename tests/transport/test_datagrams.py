"""Datagrams over real sockets, each a parcel; and links that know where they are."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import cast

import pytest

from ccwall.transport import Placed, Unreachable, address, connect, udp
from ccwall.wire.parcel import Parcels, pack
from ccwall.wire.udp_dial import UdpDial


class Far(asyncio.DatagramProtocol):
    """Says back what it hears, twice."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.peer: object = None
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard.append(data)
        self.peer = addr
        for _ in range(2):
            self.transport.sendto(data, addr)  # type: ignore[arg-type]


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(Far, local_addr=("127.0.0.1", 0))
    yield protocol
    transport.close()


def port_of(far: Far) -> int:
    port: int = far.transport.get_extra_info("sockname")[1]
    return port


def link_to(port: int) -> str:
    return f"udp://127.0.0.1:{port}"


async def read_until(link: udp.UdpLink, count: int) -> list[bytes]:
    parcels = Parcels()
    found: list[bytes] = []
    while len(found) < count:
        found += [parcel.body for parcel in parcels.feed(await link.read())]
    return found


async def opened(url: str, dial: UdpDial | None = None) -> udp.UdpLink:
    return cast(udp.UdpLink, await connect(address(url, schemes=("udp",)), dial))


async def test_each_parcel_is_a_datagram_both_ways(far: Far) -> None:
    link = await opened(link_to(port_of(far)))
    link.write(pack({}, b"one") + pack({}, b"=2 2\n{}")[:5])
    link.write(pack({}, b"=2 2\n{}")[5:])
    assert await read_until(link, 4) == [b"one", b"one", b"=2 2\n{}", b"=2 2\n{}"]
    assert far.heard == [b"one", b"=2 2\n{}"]
    await link.close()


async def test_it_knows_both_its_ends(far: Far) -> None:
    link = await opened(link_to(port_of(far)))
    assert isinstance(link, Placed)
    link.write(pack({}, b"who am I"))
    await read_until(link, 2)
    host, port = cast(tuple[str, int], far.peer)
    assert link.ends == (f"{host}:{port}", f"127.0.0.1:{port_of(far)}")
    await link.close()


async def test_nobody_but_the_far_end_is_heard(far: Far) -> None:
    link = await opened(link_to(port_of(far)))
    link.write(pack({}, b"first"))
    await read_until(link, 2)
    host, port = link.ends[0].rsplit(":", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"forged", (host, int(port)))
    link.write(pack({}, b"second"))
    assert await read_until(link, 2) == [b"second", b"second"]
    await link.close()


async def test_that_nobody_listens_is_known_at_once_when_there_is_a_greeting(far: Far) -> None:
    port = port_of(far)
    far.transport.abort()
    await asyncio.sleep(0)
    with pytest.raises(Unreachable, match=f"nothing listens at udp://127.0.0.1:{port}") as caught:
        await opened(link_to(port), UdpDial(greeting=b"\r\n\r\n"))
    assert caught.value.cause == "not_listening"


async def test_a_greeting_goes_first(far: Far) -> None:
    link = await opened(link_to(port_of(far)), UdpDial(greeting=b"\r\n\r\n"))
    assert await read_until(link, 2) == [b"\r\n\r\n"] * 2
    await link.close()


async def test_that_nobody_listens_any_more_is_an_error(far: Far) -> None:
    link = await opened(link_to(port_of(far)))
    link.write(pack({}, b"last"))
    assert await read_until(link, 2) == [b"last", b"last"]
    far.transport.abort()
    await asyncio.sleep(0)
    link.write(pack({}, b"anybody"))
    with pytest.raises(ConnectionRefusedError):
        await link.read()
    await link.close()


async def test_what_nobody_reads_has_an_end(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(udp, "ROOM", 10)
    link = await opened(link_to(port_of(far)))
    link.write(pack({}, b"123456"))
    while not link.lost:  # noqa: ASYNC110 - what is lost rings no bell
        await asyncio.sleep(0)
    assert await read_until(link, 1) == [b"123456"]
    await link.close()


async def test_a_closed_link_ends_and_takes_nothing(far: Far) -> None:
    link = await opened(link_to(port_of(far)))
    await link.close()
    assert await link.read() == b""
    with pytest.raises(ConnectionResetError):
        link.write(pack({}, b"late"))


async def test_a_stream_knows_both_its_ends() -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write("{}:{}".format(*writer.get_extra_info("peername")).encode())
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        link = await connect(address(f"tcp://127.0.0.1:{port}"))
        assert isinstance(link, Placed)
        assert link.ends == ((await link.read()).decode(), f"127.0.0.1:{port}")
        await link.close()
