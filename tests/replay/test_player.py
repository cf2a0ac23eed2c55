"""Playing recordings: ticks on a fixed grid, connections as they were, and a clock that follows."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import pytest

from ccwall.adapter import Known, State
from ccwall.clock import ManualClock
from ccwall.errors import AuthRejected, ProtocolError, TranscriptError
from ccwall.events import AnyEvent, CommandRequested, SourceDown, SourceUp
from ccwall.replay import Player, ReplayClock, follow, pace, play
from ccwall.transcript import Record

START = 1_800_000_000.0


class Witness:
    """A session that writes down what is done to it; bytes that begin with ! it refuses, with ? it does not know."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, object, float]] = []
        self.state: State = "closed"
        self.counts: Mapping[str, int] = {}

    def open(self, now: float) -> Sequence[AnyEvent]:
        self.calls.append(("open", None, now))
        return [SourceUp(at=now)]

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        self.calls.append(("receive", data, now))
        if data.startswith(b"!"):
            raise AuthRejected("go away")
        if data.startswith(b"?"):
            raise ProtocolError("what is this?", data)
        return []

    def sent(self, data: bytes, now: float) -> None:
        self.calls.append(("sent", data, now))

    def tick(self, now: float) -> Sequence[AnyEvent]:
        self.calls.append(("tick", None, now))
        return []

    def close(self, now: float, reason: str = "eof", detail: str = "") -> Sequence[AnyEvent]:
        self.calls.append(("close", reason, now))
        return []

    def outgoing(self) -> bytes:
        raise AssertionError("nothing is asked of an observer")

    def at_pace(self, rate: float) -> None:
        raise AssertionError("an observer has no link")

    def remember(self, visits: Iterable[Known]) -> None:
        raise AssertionError("a recording begins with what it says")

    def skipped(self, since: float, now: float) -> Sequence[AnyEvent]:
        raise AssertionError("a recording has no flood")

    def command(self, wish: CommandRequested, now: float) -> Sequence[AnyEvent]:
        raise AssertionError("a recording obeys nobody")

    def told(self) -> list[tuple[str, object]]:
        return [(name, what) for name, what, _ in self.calls if name != "tick"]

    def ticks(self) -> list[float]:
        return [now - START for name, _, now in self.calls if name == "tick"]


def event(at: float, kind: str, conn: int = 0) -> Record:
    return Record(START + at, conn, "ev", b"", kind)


def rx(at: float, body: bytes, conn: int = 0) -> Record:
    return Record(START + at, conn, "rx", body)


def perform(*records: Record) -> tuple[Witness, list[AnyEvent]]:
    witness, events = Witness(), list[AnyEvent]()
    player = Player(witness, lambda facts, _now: events.extend(facts))
    for record in records:
        player.play(record)
    return witness, events


def test_a_connection_is_opened_read_asked_and_closed() -> None:
    witness, _ = perform(
        event(0, "connect"), rx(0, b"a"), Record(START, 0, "tx", b"q"), event(0.1, "client-close")
    )
    assert witness.told() == [("open", None), ("receive", b"a"), ("sent", b"q"), ("close", "closed")]


def test_ticks_fall_on_a_grid_however_the_bytes_are_cut() -> None:
    whole, _ = perform(event(0, "connect"), rx(1.7, b"abc"), rx(2.6, b"d"))
    cut, _ = perform(event(0, "connect"), rx(1.7, b"a"), rx(1.7, b"b"), rx(1.7, b"c"), rx(2.6, b"d"))
    assert whole.ticks() == cut.ticks() == [0.5, 1.0, 1.5, 2.0, 2.5]


def test_a_tick_comes_before_what_happens_at_its_moment() -> None:
    witness, _ = perform(event(0, "connect"), rx(0.5, b"a"))
    assert [name for name, _, _ in witness.calls] == ["open", "tick", "receive"]


def test_a_century_of_silence_costs_a_few_ticks() -> None:
    witness, _ = perform(event(0, "connect"), rx(3e9, b"a"))
    assert len(witness.ticks()) < 200


def test_a_new_connection_ends_the_one_before() -> None:
    witness, _ = perform(event(0, "connect"), event(0, "connect", conn=1))
    assert witness.told() == [("open", None), ("close", "eof"), ("open", None)]


def test_a_recording_without_its_beginning_is_opened_by_its_first_bytes() -> None:
    witness, _ = perform(rx(0, b"a"))
    assert witness.told() == [("open", None), ("receive", b"a")]


def test_a_refused_connection_is_a_source_that_is_down() -> None:
    _, events = perform(event(0, "refused"))
    assert events == [SourceDown(at=START, reason="refused")]


def test_who_is_not_let_in_is_closed_and_not_read_on() -> None:
    witness, _ = perform(event(0, "connect"), rx(0, b"!"), rx(0, b"more"), event(0, "eof"))
    assert witness.told() == [("open", None), ("receive", b"!"), ("close", "rejected")]


def test_the_next_connection_after_a_refusal_is_read_again() -> None:
    witness, _ = perform(event(0, "connect"), rx(0, b"!"), event(0, "connect", conn=1), rx(0, b"a", conn=1))
    assert witness.told()[-2:] == [("open", None), ("receive", b"a")]


def test_bytes_of_another_protocol_are_told_in_the_end() -> None:
    witness = Witness()
    player = Player(witness, lambda _facts, _now: None, "some.file")
    with pytest.raises(TranscriptError, match=r"some\.file: .*what is this"):
        play([event(0, "connect"), rx(0, b"?"), rx(0, b"more"), event(0, "eof")], player)
    assert witness.told() == [("open", None), ("receive", b"?"), ("close", "protocol")]


def test_an_unknown_happening_is_counted() -> None:
    player = Player(Witness(), lambda _facts, _now: None)
    player.play(event(0, "eclipse"))
    assert player.ignored == 1


async def test_each_record_is_played_at_its_moment() -> None:
    clock, witness = ManualClock(START), Witness()
    player = Player(witness, lambda _facts, _now: None)
    task = asyncio.create_task(pace([event(0, "connect"), rx(2, b"a"), rx(2.2, b"b")], player, clock))
    await clock.advance(1.9)
    assert witness.told() == [("open", None)]
    assert witness.ticks() == [0.5, 1.0, 1.5]
    await clock.advance(0.2)
    assert witness.told()[-1] == ("receive", b"a")
    await clock.advance(0.2)
    await task
    assert witness.told()[-1] == ("receive", b"b")


async def test_the_clock_of_a_replay_stands_before_and_after_it() -> None:
    clock, witness = ReplayClock(1000.0), Witness()
    player = Player(witness, lambda _facts, _now: None)
    clock.stand(START)
    assert clock.now() == pytest.approx(START, abs=1e-3)
    await follow([event(0, "connect"), rx(5, b"a")], player, clock)
    assert clock.now() == pytest.approx(START + 5, abs=1e-3)
    assert clock.rate == ReplayClock.STILL
