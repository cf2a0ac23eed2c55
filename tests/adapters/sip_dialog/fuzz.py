"""For a driver that mutates bytes: a session that watches, and genuine wire over both kinds of way."""

from collections.abc import Sequence

from ccwall.adapter import Session
from ccwall_adapters.sip_dialog import SipSession, SipSettings
from tests.adapters.contract import NOW, PlainDirectory

from .recordings import steps


def make() -> Session:
    """Observing and opened; it has seen every SUBSCRIBE of the recordings, so that their NOTIFYs are believed."""
    session = SipSession(SipSettings(username="wall", watch=("1001",)), PlainDirectory(), "observe")
    session.open(NOW)
    for step in STEPS:
        if step.kind == "tx":
            session.sent(step.data, NOW)
    return session


STEPS = steps("tcp")
SEEDS: Sequence[bytes] = [
    b"".join(step.data for step in STEPS if step.kind == "rx"),
    b"".join(step.data for step in steps("udp") if step.kind == "rx"),
]
