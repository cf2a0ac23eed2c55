"""Datagrams: a socket that knows one far end, and hears nobody else. Each datagram is a parcel with an empty head."""

import asyncio
import socket
from collections import deque
from contextlib import suppress
from typing import cast

from ccwall.adapter import Dial
from ccwall.transport.address import Address
from ccwall.transport.place import place
from ccwall.wire.parcel import Parcels, pack
from ccwall.wire.udp_dial import UdpDial

ROOM = 4 * 1024 * 1024
"""Bytes kept of datagrams that nobody reads for a moment; more are lost, as datagrams are."""
KERNEL = 1024 * 1024
"""Bytes the kernel is asked to keep for us: some hundreds of NOTIFYs that come at once. It gives what it may."""
REFUSED_WITHIN = 0.1
"""Seconds for the far end's host to say that nobody listens; later it is an error while we read."""
LONGEST = 65_507
"""Bytes of the longest datagram over IPv4."""


class UdpLink(asyncio.DatagramProtocol):
    """A link over one connected socket. That nobody listens there is an OSError, when its host says so."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._some = asyncio.Event()
        self._gone = asyncio.Event()
        self._why: Exception | None = None
        self._out = Parcels(LONGEST)
        self._transport: asyncio.DatagramTransport | None = None
        self.ends = ("", "")
        """`Placed`: ours, and the far one."""
        self.lost = 0
        """Datagrams for which there was no room."""

    # ── what the socket says ──

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        own, far = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        self.ends = place(own), place(far)
        opened: socket.socket = transport.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL)

    def datagram_received(self, data: bytes, addr: object) -> None:
        if self._size + len(data) > ROOM:
            self.lost += 1
            return
        self._size += len(data)
        self._waiting.append(pack({}, data))
        self._some.set()

    def error_received(self, exc: Exception) -> None:
        """ICMP: nobody listens there any more. What came before is read first."""
        self._why = self._why or exc
        self._some.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._why = self._why or exc
        self._gone.set()
        self._some.set()

    # ── what the supervisor asks ──

    async def read(self) -> bytes:
        await self._some.wait()
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            if self._why is None and not self._gone.is_set():
                self._some.clear()
            return data
        if self._why is not None:
            raise self._why
        return b""

    def write(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("the socket is closed")
        for parcel in self._out.feed(data):
            self._transport.sendto(parcel.body)

    async def refused_within(self, seconds: float) -> Exception | None:
        """What the far end's host says to what was sent."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._some.wait()
        return self._why

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            await self._gone.wait()


async def opened(to: Address, dial: Dial | None = None) -> UdpLink:
    """A host that is there and on which nobody listens may say so, if it is given something to refuse."""
    _, link = await asyncio.get_running_loop().create_datagram_endpoint(
        UdpLink, remote_addr=(to.host, to.port)
    )
    if not isinstance(dial, UdpDial) or not dial.greeting:
        return link
    refused: BaseException | None = None
    try:
        link.write(pack({}, dial.greeting))
        refused = await link.refused_within(REFUSED_WITHIN)
    except asyncio.CancelledError as error:
        refused = error
    if refused is not None:
        await link.close()
        raise refused
    return link
