"""For a fuzzer: living sessions in the midst of a simulated day, and genuine stretches of a switch's wire."""

import pickle
import random
from collections.abc import Sequence
from functools import partial
from typing import cast

from ccwall.adapter import Session
from ccwall.events import CommandId, CommandRequested
from ccwall_adapters.csta_xml import CstaSession, CstaSettings
from ccwall_adapters.csta_xml.frame import EVENT, HEADER, LONGEST, Frames, framed
from ccwall_adapters.csta_xml.writing import leaf, tag
from ccwall_simulators.csta import PLAIN, Variant
from tests.adapters.contract import NOW, PlainDirectory, Step
from tests.adapters.csta_xml.switch import CALLER, SETTINGS, Switch, Taped, connection, party
from tests.fuzz.__main__ import BETWEEN, Kind, Overheard, Witness, frozen
from tests.simulators.csta.loop import Loop

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
WITHOUT = Variant(
    session=0.0, edition="ed3", device_ids="digits", called="first", status_every=0.0, queued_events=False
)
_SIZE = 30_000


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
    pieces = [piece for piece in data.split(BETWEEN) if piece][:200] or [b"<a/>"]
    return b"".join(map(_framed, pieces))


def _framed(piece: bytes) -> bytes:
    """With the invoke id that it begins with, or as an event."""
    told = piece[:4].isdigit()
    invoke = int(piece[:4]) if told else EVENT
    return framed(invoke, piece[4 * told :][: LONGEST - HEADER])


def unframed(wire: bytes) -> bytes:
    """A seed of genuine wire."""
    return BETWEEN.join(b"%04d" % invoke + xml for invoke, xml in Frames().feed(wire))


def _received(seed: int, variant: Variant | None) -> bytes:
    steps, _ = recorded(seed, 60.0, variant)
    return unframed(b"".join(step.data for step in steps if step.kind == "rx")[:20_000])


class _Kept(Switch):
    """Keeps what it says."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        super().__init__()
        self.said.clear()

    def raw(self, data: bytes) -> None:
        self.said.append(data)
        super().raw(data)

    def merged(self, name: str, which: str, listed: str, who: str) -> None:
        """Calls 1 and 2 put together at 3001 under a third id."""
        item = tag(
            "connectionListItem",
            tag("newConnection", connection("c", "9", "3002")),
            tag("oldConnection", connection("c", "1", "3002")),
        )
        gone = tag("connectionListItem", tag("oldConnection", connection("c", "2", "3001")))
        old = connection("primaryOldCall", "1", "3001"), connection("secondaryOldCall", "2", "3001")
        self.event(name, *old, party(who, "3001"), party(which, "3002"), tag(listed, item, gone), at="3001")


def _seldom() -> bytes:
    """What a simulated day does not have, to the session of `make`."""
    switch = _Kept()
    switch.agent("LoggedOn", "3001", "7", "6001")
    for state in ("Ready", "NotReady", "Busy", "WorkingAfterCall", "LoggedOff"):
        switch.agent(state, "3001", "7", "6001", cause="forcedPause")
    switch.agent("Ready", "3002")
    for call, cause in (("1", "newCall"), ("2", "multipleQueuing"), ("3", "overflow"), ("4", "busy")):
        switch.delivered(call, "6001", cause=cause)
        switch.queued(call, cause=cause)
        switch.queued(call, "6002", cause="multipleQueuing")
    switch.rings("1", "3001")
    switch.established("1", "3001")
    switch.held("1", "3001")
    where = connection("initiatedConnection", "2", "3001"), connection("originatedConnection", "2", "3001")
    switch.event("ServiceInitiated", where[0], at="3001")
    switch.event("Originated", where[1], party("callingDevice", "3001"), at="3001")
    switch.event(
        "NetworkReached", connection("outboundConnection", "2", "3001"), at="3001", local="connected"
    )
    switch.merged("Conferenced", "addedParty", "conferenceConnections", "conferencingDevice")
    switch.held("9", "3001", held=False)
    switch.merged("Transfered", "transferredToDevice", "transferredConnections", "transferringDevice")
    switch.cleared("3", "3001", CALLER, at="6001")
    switch.diverted("4", "6001", "6002", cause="overflow")
    failed = connection("failedConnection", "4", "6002"), party("failingDevice", "6002")
    switch.event("Failed", *failed, at="6002", cause="busy")
    for call in ("1", "4", "9"):
        switch.event("CallCleared", connection("clearedCall", call, ""), at="3001", local="null")
    for event in ("OutOfService", "BackInService"):
        switch.event(event, party("device", "3002"), at="3002")
    switch.event("Offered", connection("offeredConnection", "5", "6001"), party("offeredDevice", "6001"))
    switch.event("Bridged", connection("bridgedConnection", "5", "3002"), at="3002", local="alerting")
    for status in ("normal", "messagesLost"):
        switch.raw(framed(4321, switch.xml("SystemStatus", leaf("systemStatus", status))))
    for monitored in list(switch.session.monitors):
        switch.raw(framed(7, switch.xml("MonitorStop", leaf("monitorCrossRefID", monitored))))
    for name in ("RequestSystemStatus", "MakeCoffee"):
        switch.raw(framed(8, switch.xml(name)))
    return unframed(b"".join(switch.said))


SEEDS: Sequence[bytes] = (
    _received(1, None),
    _received(2, DIVERSE),
    b'<AgentReadyEvent xmlns="ed4"><agentDevice>3001</agentDevice><agentID>7</agentID></AgentReadyEvent>',
    _seldom(),
)
SESSION_SEEDS: Sequence[bytes] = (
    b"0000<StartApplicationSessionNegResponse><errorCode/></StartApplicationSessionNegResponse>",
    b"0000<StartApplicationSessionPosResponse><sessionID>S1</sessionID></StartApplicationSessionPosResponse>"
    + BETWEEN
    + b"0001<CSTAErrorCode><operation>generic</operation></CSTAErrorCode>",
    b"0000<CSTAErrorCode><operation>generic</operation></CSTAErrorCode>"
    + BETWEEN
    + b"9999<ApplicationSessionTerminated><sessionID>S1</sessionID></ApplicationSessionTerminated>",
)


def make_session() -> Session:
    """A living session that has asked to be let in."""
    session = CstaSession(
        CstaSettings(devices=("3001",), groups=("6001",), session=20.0), PlainDirectory(), "live"
    )
    session.open(NOW)
    session.outgoing()
    return session


WISHES = [
    CommandRequested(at=NOW, command_id=CommandId(f"{number}"), name=name, target=target, arguments=arguments)
    for number, (name, target, arguments) in enumerate(
        (name, target, arguments)
        for name in ("agent.pause", "agent.resume", "agent.dance")
        for target in ("src/1001", "src/1002", "src/1003", "nobody")
        for arguments in (
            {},
            {"queue": "src/consult"},
            {"interface": "1002"},
            {"queue": "?"},
            {"queue": "\r"},
        )
    )
]


def _lived(variant: Variant, stages: int) -> Sequence[Kind]:
    """A living session at several moments: let in, asking for everything, wished things, cut off and back again."""
    loop = Loop(stages, variant=variant)
    known = loop.settings
    groups = known.groups if stages % 2 else tuple(known.groups)
    loop.settings = CstaSettings(
        devices=(*known.devices[1:], "9999"), groups=groups, edition=known.edition, session=known.session
    )
    witness = Witness(loop.new_session())
    loop.session = cast(CstaSession, witness)
    loop.connect()
    loop.pass_time(20)
    for wish in WISHES:
        witness.command(wish, loop.now)
        loop.pass_time(0.25)
    loop.disconnect("reset")
    loop.pass_time(40)
    witness.remember(loop.known())
    loop.connect()
    loop.pass_time(40)
    loop.switch.restart(10, clean=stages % 2 == 0)
    while not loop.switch.is_up:
        loop.pass_time(1)
    loop.connect()
    loop.pass_time(60)
    return witness.kinds(stages, _SIZE, seeds=unframed, wrap=wrap, wishes=WISHES)


def _observed(seed: int, variant: Variant) -> Kind:
    """Who hears a day from its beginning on, and knows all that was asked in it."""
    steps, loop = recorded(seed, 60.0, variant)
    session = CstaSession(loop.settings, PlainDirectory(), "observe")
    session.open(NOW)
    for step in steps:
        if step.kind == "tx":
            session.sent(step.data, NOW)
    wire = unframed(b"".join(step.data for step in steps if step.kind == "rx")[:_SIZE])
    return Kind(partial(pickle.loads, frozen(session)), [wire, wire[: _SIZE // 4]], wrap=wrap)


def _asked() -> Session:
    session = CstaSession(SETTINGS, PlainDirectory(), "observe")
    session.open(NOW)
    return Overheard(session)


_QUESTIONS = b"".join(step.data for step in recorded(1, 1.0)[0] if step.kind == "tx")
KINDS: Sequence[Kind] = (
    Kind(_asked, [unframed(_QUESTIONS)], wrap=wrap),
    *_lived(PLAIN, 9),
    *_lived(DIVERSE, 8),
    *_lived(WITHOUT, 6),
    _observed(3, PLAIN),
    _observed(4, DIVERSE),
)
