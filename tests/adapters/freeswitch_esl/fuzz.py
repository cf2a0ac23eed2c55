"""What a fuzzer mutates: genuine stretches of both forms of events, of lists and of goodbyes."""

import pickle
import random
from collections.abc import Sequence
from functools import partial
from typing import Literal, cast

from ccwall.adapter import Session
from ccwall.events import CommandId, CommandRequested
from ccwall_adapters.freeswitch_esl import EslSession, EslSettings
from ccwall_adapters.freeswitch_esl.wire import AUTH_REQUEST
from tests.adapters.contract import NOW, PlainDirectory
from tests.adapters.freeswitch_esl.pbx import ACCEPTED, CAPTURES, SETTINGS, first_bytes, steps
from tests.fuzz.__main__ import BETWEEN, Kind, Overheard, Witness, frozen, parted, sized
from tests.simulators.freeswitch.loop import Loop

_LIVE = (
    "smoke/esl",
    "smoke/esl-json",
    "loopback/esl-json",
    "protocol/api-forms",
    "protocol/switch-format",
    "protocol/xml",
)
_LOGIN = len(AUTH_REQUEST + ACCEPTED)
_QUESTIONS = (
    b"event json CHANNEL_HOLD CUSTOM callcenter::info\n\napi status\n\napi callcenter_config queue list\n\n"
    b"api callcenter_config agent list\n\napi callcenter_config tier list\n\n"
    b"api callcenter_config queue list members consult\n\napi show channels as json\n\n"
)


def make() -> EslSession:
    """An observer whose client has just asked for everything."""
    session = EslSession(SETTINGS, PlainDirectory(wrap_up=5.0), "observe")
    session.open(NOW)
    session.receive(AUTH_REQUEST + ACCEPTED, NOW)
    for _ in range(20):
        session.sent(_QUESTIONS, NOW)
    return session


SEEDS: Sequence[bytes] = [
    b"".join(step.data for step in steps(CAPTURES / f"{name}.wire.ndjson.gz") if step.kind == "rx")[
        _LOGIN:60_000
    ]
    for name in _LIVE
] + [
    b"".join(
        step.data
        for step in first_bytes(CAPTURES / "midshift" / "esl.wire.ndjson.gz", 30_000)
        if step.kind == "rx"
    )[_LOGIN:]
]
"""Behind the login."""


WISHES = [
    CommandRequested(at=NOW, command_id=CommandId(f"{number}"), name=name, target=target, arguments=arguments)
    for number, (name, target, arguments) in enumerate(
        (name, target, arguments)
        for name in ("agent.pause", "agent.resume", "queue.add_member", "queue.remove_member", "agent.dance")
        for target in ("src/1001@default", "src/1003@default", "nobody")
        for arguments in (
            {},
            {"queue": "src/consult@default"},
            {"queue": "src/promo@default", "interface": "1001@default", "penalty": "3"},
            {"queue": "?", "interface": "'"},
        )
    )
]
_SIZE = 60_000
_EMPTY = b"\n\n"


def _seed(wire: bytes) -> bytes:
    return BETWEEN.join(parted(wire, _EMPTY))


def wrapped(data: bytes, dice: random.Random) -> bytes:
    """Mutated messages of right lengths."""
    return b"".join(sized(piece, _EMPTY) for piece in data.split(BETWEEN))


def _lived(form: Literal["json", "plain"], stages: int) -> Sequence[Kind]:
    """A living session at several moments: let in, asking for lists, wished things, cut off and back again."""
    loop = Loop(stages, form=form)
    settings = EslSettings(password="ClueCon", format=form, lazy=form == "json")
    witness = Witness(EslSession(settings, PlainDirectory(wrap_up=5.0), "live"))
    loop.session = cast(EslSession, witness)
    loop.connect()
    loop.pass_time(30)
    for wish in WISHES:
        witness.command(wish, loop.now)
        loop.pass_time(0.25)
    loop.disconnect("reset")
    loop.pass_time(40)
    loop.connect()
    loop.pass_time(30)
    loop.restart(20, clean=stages % 2 == 0)
    loop.pass_time(70)
    return witness.kinds(stages, _SIZE, seeds=_seed, wrap=wrapped, wishes=WISHES)


def _observed(name: str) -> Kind:
    """Who hears a recording from its greeting on, and knows all that was asked in it."""
    taken = first_bytes(CAPTURES / f"{name}.wire.ndjson.gz", _SIZE)
    session = EslSession(SETTINGS, PlainDirectory(wrap_up=5.0), "observe")
    session.open(NOW)
    session.sent(b"".join(step.data for step in taken if step.kind == "tx"), NOW)
    wire = b"".join(step.data for step in taken if step.kind == "rx")
    return Kind(
        partial(pickle.loads, frozen(session)), [_seed(wire), _seed(wire[: _SIZE // 4])], wrap=wrapped
    )


def _asked() -> Session:
    session = EslSession(SETTINGS, PlainDirectory(), "observe")
    session.open(NOW)
    return Overheard(session)


_REFUSALS = (
    b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n",
    AUTH_REQUEST + BETWEEN + b"Content-Type: command/reply\nReply-Text: -ERR invalid\n\n",
)


def _greeted() -> Session:
    session = EslSession(SETTINGS, PlainDirectory(), "live")
    session.open(NOW)
    return session


KINDS: Sequence[Kind] = (
    *_lived("json", 9),
    *_lived("plain", 8),
    *map(
        _observed,
        ("smoke/esl-json", "smoke/esl", "loopback/esl", "restart/esl-json", "protocol/bad-password"),
    ),
    Kind(_asked, [_QUESTIONS, b"noevents\n\nnixevent CHANNEL_HOLD\n\nevent plain ALL\n\n"]),
    Kind(_greeted, _REFUSALS, wrap=wrapped),
)
