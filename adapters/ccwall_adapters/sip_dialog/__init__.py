"""Phones over SIP: who rings, talks and holds, as a PBX or SIP server tells it (RFC 6665, RFC 4235, RFC 3856).

docs/adapters/sip.md says what to configure there and what this cannot tell.
"""

from ccwall.adapter import Adapter

from .session import SipSession
from .settings import SipSettings

__all__ = ["ADAPTER", "SipSession", "SipSettings"]

ADAPTER = Adapter(
    name="sip-dialog",
    protocol="sip",
    port=5060,
    settings=SipSettings,
    session=SipSession,
    schemes=("udp", "tcp", "tls"),
    sense="phone",
)
