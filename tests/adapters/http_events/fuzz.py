"""What `python -m tests.fuzz` mutates: the bodies of requests to all three kinds of senders."""

import random
from collections.abc import Callable, Sequence
from itertools import cycle

from ccwall.adapter import Session
from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.http_events.amazon import ConnectSession, ConnectSettings
from ccwall_adapters.http_events.events import EventsSession, EventsSettings
from ccwall_adapters.http_events.twilio import TwilioSession, TwilioSettings
from tests.adapters.contract import NOW, PlainDirectory
from tests.adapters.http_events import test_amazon, test_events, test_twilio

_KINDS = (
    "application/x-www-form-urlencoded",
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "text/plain",
)
_SENDERS: Sequence[Callable[[], Session]] = (
    lambda: ConnectSession(ConnectSettings(token="secret"), PlainDirectory(), "observe"),
    lambda: TwilioSession(TwilioSettings(token="secret", public_url=""), PlainDirectory(), "observe"),
    lambda: EventsSession(EventsSettings(token="secret"), PlainDirectory(), "observe"),
)
_turns = cycle(_SENDERS)

SEEDS: Sequence[bytes] = [
    parcel.body
    for wire in (test_twilio.TestContract.wire, test_amazon.TestContract.wire, test_events.TestContract.wire)
    for step in wire
    for parcel in Parcels().feed(step.data)
]


def make() -> Session:
    session = next(_turns)()
    session.open(NOW)
    return session


def wrap(data: bytes, dice: random.Random) -> bytes:
    """One to three requests with this body, or its halves, of any kind."""
    middle = dice.randint(0, len(data))
    bodies = dice.choice(([data], [data, data], [data[:middle], data[middle:], data]))
    headers = {"content-type": dice.choice(_KINDS)}
    if dice.random() < 0.2:
        headers["x-amz-firehose-access-key"] = "secret"
    return b"".join(pack({"request": str(n), "headers": headers}, body) for n, body in enumerate(bodies))
