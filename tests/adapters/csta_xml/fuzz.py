"""For a fuzzer: a session that has been greeted, and genuine stretches of a switch's wire."""

import random
from collections.abc import Sequence

from ccwall.adapter import Session
from ccwall_adapters.csta_xml import CstaSession
from ccwall_adapters.csta_xml.frame import EVENT, HEADER, LONGEST, Frames, framed
from ccwall_simulators.csta import Variant
from tests.adapters.contract import NOW, Step
from tests.adapters.csta_xml.switch import SETTINGS, Switch, Taped

GREETING = framed(
    0,
    b'<RequestSystemStatusResponse xmlns="ed4"><systemStatus>normal</systemStatus></RequestSystemStatusResponse>',
)
DIVERSE = Variant(
    edition="ed6",
    prefix="csta",
    device_ids="uri",
    new_call_id=True,
    late_diverted=True,
    spelled="Transferred",
)


def recorded(seed: int, seconds: float, variant: Variant | None = None) -> tuple[list[Step], Taped]:
    """So much of a simulated floor's day on one connection."""
    loop = Taped(seed, variant)
    loop.connect()
    loop.pass_time(seconds)
    return [Step("open"), *(Step(kind, data, at) for kind, data, at in loop.records)], loop


def make() -> Session:
    """A live session, let in and resynced."""
    switch = Switch(settings=SETTINGS)
    session: CstaSession = switch.session
    session.receive(GREETING, NOW)
    return session


def wrap(data: bytes, dice: random.Random) -> bytes:
    """Mutated XML, whole and broken, each in a frame that is right: a wrong length says nothing of what is inside."""
    pieces = [piece for piece in data.split(_BETWEEN) if piece][:20] or [b"<a/>"]
    return b"".join(framed(EVENT, piece[: LONGEST - HEADER]) for piece in pieces)


_BETWEEN = b"\x00\x00\x00\x00"
"""Between the messages of a seed, where their frames were."""


def _received(seed: int, variant: Variant | None) -> bytes:
    steps, _ = recorded(seed, 60.0, variant)
    wire = b"".join(step.data for step in steps if step.kind == "rx")[:20_000]
    return _BETWEEN.join(xml for _, xml in Frames().feed(wire))


SEEDS: Sequence[bytes] = (
    _received(1, None),
    _received(2, DIVERSE),
    b'<AgentReadyEvent xmlns="ed4"><agentDevice>3001</agentDevice><agentID>7</agentID></AgentReadyEvent>',
)
