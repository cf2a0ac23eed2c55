"""For the fuzzer: observers of genuine wire, and living sessions in the midst of a simulated day."""

import pickle
from collections.abc import Sequence
from functools import partial
from typing import cast

from ccwall.adapter import Session
from ccwall.events import CommandId, CommandRequested
from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings
from ccwall_simulators.asterisk import PLAIN, READ_ONLY, STAMPED, Variant
from tests.adapters.asterisk_ami.test_session import CAPTURES, TestContract, first_bytes
from tests.adapters.contract import NOW, PlainDirectory
from tests.fuzz.__main__ import Kind, Overheard, Witness, frozen
from tests.simulators.asterisk.loop import Loop

_RECORDINGS = (
    "b-steady/ami",
    "b-steady/ami-filtered",
    "d-breaks/ami",
    "h-timestamp-chanvars/ami",
    "j-local-optimised/ami",
)
_SIZE = 30_000
_STRETCH = 4096
_WIRE = b"".join(step.data for step in TestContract.wire if step.kind == "rx")
SEEDS: Sequence[bytes] = [_WIRE[at : at + _STRETCH] for at in range(0, len(_WIRE), _STRETCH)]


def make() -> Session:
    """An observer who was let in."""
    session = TestContract().session()
    session.open(NOW)
    session.receive(TestContract.greeting, NOW)
    return session


WISHES = [
    CommandRequested(
        at=NOW,
        command_id=CommandId(f"{number}"),
        name=name,
        target=target,
        arguments=arguments,
        reason="lunch, then b|c",
    )
    for number, (name, target, arguments) in enumerate(
        (name, target, arguments)
        for name in ("agent.pause", "agent.resume", "queue.add_member", "queue.remove_member", "agent.dance")
        for target in ("src/PJSIP/1001", "src/PJSIP/1002", "nobody")
        for arguments in (
            {},
            {"queue": "src/consult"},
            {"queue": "src/promo", "interface": "PJSIP/1001", "penalty": "x"},
            {"queue": "?", "interface": "1001\r\n"},
        )
    )
]


def _observed(name: str) -> Kind:
    """Who hears a recording from its greeting on, and knows all that was asked in it."""
    taken = first_bytes(CAPTURES / f"{name}.wire.ndjson.gz", _SIZE)
    session = TestContract().session()
    session.open(NOW)
    session.sent(b"".join(step.data for step in taken if step.kind == "tx"), NOW)
    wire = b"".join(step.data for step in taken if step.kind == "rx")
    return Kind(partial(pickle.loads, frozen(session)), [wire, wire[: _SIZE // 4]])


def _lived(variant: Variant, settings: AmiSettings, stages: int) -> Sequence[Kind]:
    """A living session at several moments: let in, asking for lists, wished things, cut off and back again."""
    loop = Loop(stages, variant=variant)
    witness = Witness(AmiSession(settings, PlainDirectory(wrap_up=5.0), "live"))
    loop.session = cast(AmiSession, witness)
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
    loop.pass_time(80)
    return witness.kinds(stages, _SIZE, wishes=WISHES)


def _asked() -> Session:
    return Overheard(make())


_QUESTIONS = b"".join(step.data for step in TestContract.wire if step.kind == "tx")
KINDS: Sequence[Kind] = (
    Kind(_asked, [_QUESTIONS]),
    *map(_observed, _RECORDINGS),
    *_lived(PLAIN, AmiSettings(username="ccwall", secret="secret"), 12),
    *_lived(STAMPED, AmiSettings(username="ccwall", secret="secret", auth="plain", lazy=False), 6),
    *_lived(READ_ONLY, AmiSettings(username="ccwall", secret="secret"), 5),
)
