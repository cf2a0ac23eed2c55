"""What a link of datagrams must know beyond its address."""

from ccwall.adapter import Dial


class UdpDial(Dial, frozen=True, kw_only=True):
    """`greeting`: a datagram that the protocol lets pass without an answer. It is sent first, so that a host on which nobody
    listens says so at once (ICMP); empty when there is none."""

    greeting: bytes = b""
