"""Phones over SIP: who rings, talks and holds, as a PBX or SIP server tells it (RFC 6665, RFC 4235, RFC 3856).

docs/adapters/sip.md says what to configure there and what this cannot tell.
"""

import msgspec

from ccwall.adapter import Adapter, Dial
from ccwall.wire.udp_dial import UdpDial

from .session import SipSession
from .settings import SipSettings

__all__ = ["ADAPTER", "SipSession", "SipSettings"]


def _dial(_settings: msgspec.Struct, _source: str) -> Dial:
    """Empty lines are what SIP keeps a way open with (RFC 5626); nobody answers them over UDP."""
    return UdpDial(greeting=b"\r\n\r\n")


ADAPTER = Adapter(
    name="sip-dialog",
    protocol="sip",
    port=5060,
    settings=SipSettings,
    session=SipSession,
    schemes=("udp", "tcp", "tls"),
    sense="phone",
    dial=_dial,
)
