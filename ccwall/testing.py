"""What every adapter's session must do, whatever it speaks. An adapter's tests inherit `SessionContract`; needs pytest.

A subclass says how to make a session, one genuine stretch of wire, and which bytes its protocol refuses.
"""

import random
import tracemalloc
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.errors import ProtocolError, SourceError
from ccwall.events import AgentId, AnyEvent, QueueId, SeatId

NOW = 1_800_000_000.0


class PlainDirectory:
    """No configuration: every id is `src/name`."""

    def __init__(self, wrap_up: float = 0.0) -> None:
        self._wrap_up = wrap_up

    def queue(self, name: str) -> QueueId:
        return QueueId(f"src/{name}")

    def agent(self, *keys: str) -> AgentId:
        return AgentId(f"src/{keys[0]}")

    def person(self, *keys: str) -> AgentId | None:
        return None

    def seat(self, key: str) -> SeatId:
        return SeatId(f"src/{key}")

    def own(self, key: str) -> str:
        return f"src/{key}"

    def wrap_up(self, queue: str) -> float:
        return self._wrap_up


@dataclass(frozen=True)
class Step:
    """One thing in a stretch of wire."""

    kind: str  # "rx" | "tx" | "open" | "close"
    data: bytes = b""
    at: float = NOW


def encoded(events: Sequence[AnyEvent]) -> list[bytes]:
    """Facts as bytes, to compare them to the letter."""
    return [msgspec.json.encode(event) for event in events]


def play(session: Session, steps: Sequence[Step]) -> list[AnyEvent]:
    """All facts of a stretch, ticks only at its end."""
    facts: list[AnyEvent] = []
    for step in steps:
        if step.kind == "open":
            facts += session.open(step.at)
        elif step.kind == "close":
            facts += session.close(step.at)
        elif step.kind == "rx":
            facts += session.receive(step.data, step.at)
        else:
            session.sent(step.data, step.at)
    return facts


def cut(steps: Sequence[Step], dice: random.Random, longest: int) -> list[Step]:
    """The same stretch with every piece cut anywhere."""
    pieces: list[Step] = []
    for step in steps:
        rest = step.data
        if not rest:
            pieces.append(step)
        while rest:
            size = dice.randint(1, longest)
            pieces.append(Step(step.kind, rest[:size], step.at))
            rest = rest[size:]
    return pieces


def feed(session: Session, pieces: Sequence[bytes]) -> None:
    for piece in pieces:
        session.receive(piece, NOW)


class SessionContract:
    """Inherit, and say these four."""

    wire: Sequence[Step]
    greeting: bytes
    foreign: Sequence[bytes] = (
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
    )
    half: bytes = b"Half a mess"
    """The beginning of a message."""
    endless: bytes = b"x" * 4096
    """The middle of a message that has no end."""
    most_memory = 8 << 20

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        raise NotImplementedError  # a subclass makes one of its own

    def opened(self) -> Session:
        session = self.session()
        session.open(NOW)
        session.receive(self.greeting, NOW)
        return session

    def test_the_same_bytes_give_the_same_facts_one_by_one(self) -> None:
        whole = encoded(play(self.session(), self.wire))
        assert whole
        assert encoded(play(self.session(), cut(self.wire, random.Random(0), 1))) == whole

    @pytest.mark.parametrize("seed", range(10))
    def test_the_same_bytes_give_the_same_facts_however_they_are_cut(self, seed: int) -> None:
        whole = encoded(play(self.session(), self.wire))
        dice = random.Random(seed)
        assert (
            encoded(play(self.session(), cut(self.wire, dice, dice.choice((3, 50, 2000, 70_000))))) == whole
        )

    @pytest.mark.parametrize("seed", range(20))
    def test_junk_gives_facts_or_the_documented_error_within_bounded_memory(self, seed: int) -> None:
        dice, session = random.Random(seed), self.opened()
        tracemalloc.start()
        with suppress(ProtocolError):
            for _ in range(200):
                session.receive(dice.randbytes(dice.randint(1, 20_000)), NOW)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < self.most_memory

    @pytest.mark.parametrize("seed", range(20))
    def test_damaged_wire_never_raises_anything_else(self, seed: int) -> None:
        dice, session = random.Random(seed), self.session()
        damaged = [Step(s.kind, _damage(s.data, dice), s.at) if s.kind == "rx" else s for s in self.wire]
        with suppress(SourceError):
            play(session, damaged)

    def test_a_message_without_end_is_refused_before_it_fills_the_memory(self) -> None:
        session = self.opened()
        with pytest.raises(ProtocolError, match="no end of message"):
            feed(session, [self.endless] * 4096)

    def test_a_foreign_protocol_is_refused_by_what_it_says(self) -> None:
        for wire in self.foreign:
            session = self.session()
            session.open(NOW)
            with pytest.raises(ProtocolError) as caught:
                feed(session, [bytes([byte]) for byte in wire])
            assert caught.value.wire

    def test_an_observer_says_nothing_and_never_times_out(self) -> None:
        session = self.opened()
        session.tick(NOW + 10_000)
        assert session.outgoing() == b""

    def test_a_closed_session_takes_nothing_and_may_be_opened_again(self) -> None:
        session = self.session()
        play(session, self.wire)
        session.close(NOW + 1e6)
        assert session.close(NOW + 1e6) == []
        assert session.receive(b"anything", NOW + 1e6) == []
        session.open(NOW + 1e6)
        session.receive(self.greeting, NOW + 1e6)
        assert session.state != "closed"

    def test_half_a_message_before_a_close_is_forgotten(self) -> None:
        session = self.opened()
        session.receive(self.half, NOW)
        session.close(NOW)
        session.open(NOW)
        session.receive(self.greeting, NOW)
        assert session.state != "greeting"


def _damage(data: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(dice.randint(0, 5)):
        if damaged:
            where = dice.randrange(len(damaged))
            damaged[where : where + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
    return bytes(damaged)


class ParcelContract(SessionContract):
    """For a session that reads whole messages (`ccwall.wire.parcel`)."""

    half = b"=10 5\n{"
    endless = b"=10 99999999\n"
