"""The contract of a session, and recordings that tell what the living session told."""

import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.errors import ProtocolError
from ccwall.events import AnyEvent, CommandId, CommandRequested, DeviceStateChanged, SourceGap
from ccwall_adapters.sip_dialog import SipSession, SipSettings
from ccwall_simulators.sip import Mischief
from tests.adapters.contract import NOW, PlainDirectory, SessionContract, Step, feed

from . import fuzz
from .joined import Joined, wall
from .recordings import day, steps

GREETING = (
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 192.0.2.7:5060;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
    b"To: <sip:b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


class TestOverAStream(SessionContract):
    wire = steps("tcp")
    greeting = GREETING

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return SipSession(SipSettings(username="wall", watch=()), directory or PlainDirectory(), mode)


class TestOverDatagrams(TestOverAStream):
    wire = steps("udp")
    greeting = b"=2 %d\n{}" % len(GREETING) + GREETING

    def test_a_message_without_end_is_refused_before_it_fills_the_memory(self) -> None:
        with pytest.raises(ProtocolError, match="no end of message"):
            feed(self.opened(), [b"=2 999999999\n{}"])

    def test_half_a_message_before_a_close_is_forgotten(self) -> None:
        session = self.opened()
        session.receive(b"=2 100\n{}SIP/2.0 200", NOW)
        session.close(NOW)
        session.open(NOW)
        session.receive(self.greeting, NOW)
        assert session.state == "login"

    def test_junk_in_a_datagram_is_counted_and_ends_nothing(self) -> None:
        session = self.opened()
        feed(session, [b"=2 4\n{}junk", b"=2 0\n{}"])
        assert session.counts["unknown:no SIP"] == 2
        assert session.state == "login"


def replayed(recorded: list[Step]) -> list[AnyEvent]:
    """As `ccwall replay` plays it: what was asked and heard, with a look at the clock in between."""
    session = SipSession(SipSettings(username="", watch=()), PlainDirectory(), "observe")
    facts: list[AnyEvent] = []
    now = NOW
    for step in recorded:
        while now + 0.25 < step.at:
            now += 0.25
            facts += session.tick(now)
        if step.kind == "open":
            facts += session.open(step.at)
        elif step.kind == "tx":
            session.sent(step.data, step.at)
        elif step.kind == "rx":
            facts += session.receive(step.data, step.at)
    return facts + session.tick(now + 60.0)


BAD = Mischief(drop=0.1, double=0.3, late=0.3)


@pytest.mark.parametrize(
    ("scheme", "mischief", "seed"),
    [("tcp", None, 0), ("udp", None, 0), *(("udp", BAD, seed) for seed in (1, 2, 25, 26))],
)
def test_a_recording_tells_what_the_living_session_told(
    scheme: str, mischief: Mischief | None, seed: int
) -> None:
    live = day(scheme, mischief, seed)
    states = [fact for fact in live.facts if isinstance(fact, DeviceStateChanged)]
    again = [fact for fact in replayed(live.steps) if isinstance(fact, DeviceStateChanged)]
    assert [(fact.device, fact.state) for fact in again] == [(fact.device, fact.state) for fact in states]
    assert len(states) >= 8


def test_after_bytes_were_thrown_away_a_stream_is_found_again() -> None:
    floor = Joined(wall(), scheme="tcp").open().run(5)
    floor.phones["1001"].main = "c1"  # type: ignore[union-attr]
    floor.facts += floor.session.skipped(floor.now - 1.0, floor.now)
    assert any(isinstance(fact, SourceGap) for fact in floor.facts)
    floor.facts += floor.session.receive(b"the rest of a message\r\nthat began before\r\n", floor.now)
    assert floor.session.state == "snapshot"
    floor._carry()
    assert floor.run(2).states == {"1001": "in_use", "1002": "idle"}
    assert floor.kinds()[-1] == "source.resync_finished"


def test_a_phone_cannot_be_commanded() -> None:
    floor = Joined(wall()).open().run(2)
    wish = CommandRequested(
        at=floor.now,
        command_id=CommandId("c1"),
        name="agent.pause",
        target="src/1001",
    )
    (refused,) = floor.session.command(wish, floor.now)
    assert refused.__struct_config__.tag == "command.refused"


def test_the_seeds_of_the_fuzzer_are_understood() -> None:
    for seed in fuzz.SEEDS:
        session = fuzz.make()
        feed(session, [seed])
        assert session.counts["NOTIFY"] > 10
        assert not any(kind.startswith("unknown:") for kind in session.counts)
