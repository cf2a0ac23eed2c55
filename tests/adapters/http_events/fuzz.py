"""What `python -m tests.fuzz` mutates. All three senders, one behind the other."""

from ccwall.adapter import Session
from ccwall_adapters.http_events.amazon import ConnectSession, ConnectSettings
from tests.adapters.contract import NOW, PlainDirectory
from tests.adapters.http_events import test_amazon, test_twilio

SEEDS = [
    b"".join(step.data for step in test_twilio.TestContract.wire),
    b"".join(step.data for step in test_amazon.TestContract.wire),
]


def make() -> Session:
    session = ConnectSession(ConnectSettings(token="secret"), PlainDirectory(), "observe")
    session.open(NOW)
    return session
