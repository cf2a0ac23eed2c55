"""For a driver that mutates bytes: a session that watches, and genuine wire over both kinds of way."""

import random
from collections.abc import Sequence
from typing import cast

from ccwall.adapter import Session
from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.sip_dialog import SipSession, SipSettings
from ccwall_simulators.sip import Behaviour
from tests.adapters.contract import NOW, PlainDirectory
from tests.fuzz.__main__ import BETWEEN, Kind, Overheard, Witness, parted, sized

from .joined import Joined, wall
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


_SIZE = 20_000
_EMPTY = b"\r\n\r\n"


def _stream(data: bytes, dice: random.Random) -> bytes:
    """Mutated messages of right lengths."""
    return b"".join(sized(piece, _EMPTY) for piece in data.split(BETWEEN))


def _datagrams(data: bytes, dice: random.Random) -> bytes:
    """Each in a parcel of its own, of right lengths and of wrong ones."""
    pieces = data.split(BETWEEN)
    return b"".join(pack({}, sized(piece, _EMPTY) if dice.random() < 0.9 else piece) for piece in pieces)


def _of_stream(wire: bytes) -> bytes:
    return BETWEEN.join(parted(wire, _EMPTY))


def _of_datagrams(wire: bytes) -> bytes:
    return BETWEEN.join(parcel.body for parcel in Parcels().feed(wire))


def _lived(scheme: str, behaviour: Behaviour, stages: int) -> Sequence[Kind]:
    """A living session at several moments: asked who it is, subscribed, told of calls, forgotten, cut off and back again."""
    settings = wall(events=("dialog", "presence") if stages % 2 else ("dialog",), expires=60.0)
    floor = Joined(settings, behaviour=behaviour, scheme=scheme, seed=stages)
    witness = Witness(floor.session)
    floor.session = cast(SipSession, witness)
    floor.open().run(3)
    for user, changes in (
        ("1001", {"early": "c1"}),
        ("1001", {"early": "", "main": "c1"}),
        ("1002", {"sides": {"s1": None}}),
        ("1001", {"held": True}),
        ("1001", {"held": False}),
        ("1002", {"registered": False, "sides": {}}),
        ("1001", {"main": ""}),
    ):
        floor.phone(user, **changes)
        floor.run(1)
    floor.notifier.restart(floor.now, clean=stages % 2 == 0)
    floor.run(40)
    floor.close("reset")
    floor.run(5)
    floor.open().run(10)
    floor.phone("1001", early="c2")
    floor.run(30)
    seeds, wrap = (_of_stream, _stream) if scheme == "tcp" else (_of_datagrams, _datagrams)
    return witness.kinds(stages, _SIZE, seeds=seeds, wrap=wrap)


def _asked() -> Session:
    session = SipSession(SipSettings(username="wall", watch=("1001",)), PlainDirectory(), "observe")
    session.open(NOW)
    return Overheard(session)


KINDS: Sequence[Kind] = (
    *_lived("tcp", Behaviour(nonce_lasts=10.0), 9),
    *_lived("udp", Behaviour(partial=False, notifies_first=True, algorithm="SHA-256", min_expires=90), 8),
    *_lived("tcp", Behaviour(proxy=True, refuses={"1002": 404}, events=("presence",), leaves_out=30), 7),
    Kind(_asked, [_of_stream(b"".join(step.data for step in STEPS if step.kind == "tx"))], wrap=_stream),
)
