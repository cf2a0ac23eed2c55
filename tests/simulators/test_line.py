"""The line passes bytes exactly, and breaks as it was told to."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall_simulators.line import BACKLOG, LARGEST_PIECE, SLOW, Line, LinkFault
from tests.simulators.parrot import ParrotConnection

NOW = 50.0
ALL = b"Event: Hangup\r\n\r\n" * 400
STANDING: list[LinkFault] = ["half_open", "slow", "split", "garbage", "silence"]


def a_line(said: bytes = b"", seed: int = 7) -> tuple[Line, ParrotConnection]:
    connection = ParrotConnection(said)
    return Line(connection, seed), connection


def arrived(line: Line, now: float = NOW) -> list[bytes]:
    pieces = []
    while piece := line.to_client(now):
        pieces.append(piece)
    return pieces


@given(st.lists(st.binary(max_size=300)), st.lists(st.binary(max_size=300)))
def test_without_faults_bytes_pass_exactly(down: list[bytes], up: list[bytes]) -> None:
    line, connection = a_line()
    got = b""
    for said in down:
        connection.said += said
        got += b"".join(arrived(line))
    for asked in up:
        line.from_client(asked, NOW)
    assert got == b"".join(down)
    assert connection.heard == b"".join(up)


@given(st.binary(max_size=20_000), st.integers())
def test_split_gives_the_same_bytes_in_other_pieces(said: bytes, seed: int) -> None:
    line, _ = a_line(said, seed)
    line.fault("split")
    pieces = arrived(line)
    assert b"".join(pieces) == said
    assert all(len(piece) <= LARGEST_PIECE for piece in pieces)


def test_split_makes_single_bytes_and_large_pieces() -> None:
    line, _ = a_line(ALL * 20)
    line.fault("split")
    sizes = [len(piece) for piece in arrived(line)]
    assert min(sizes) == 1
    assert max(sizes) > 1000


def test_a_cut_delivers_a_beginning_and_then_the_end() -> None:
    ends = set()
    for seed in range(20):
        line, connection = a_line(ALL, seed)
        line.fault("cut")
        got = b"".join(arrived(line))
        assert ALL.startswith(got)
        assert line.ended == "eof"
        assert connection.closed
        ends.add(len(got) % len(b"Event: Hangup\r\n\r\n"))
    assert len(ends) > 5, "it must break off in the middle of messages"


def test_nothing_said_after_a_cut_arrives() -> None:
    line, connection = a_line(b"before")
    line.fault("cut")
    connection.said += b"after"
    assert b"after" not in b"".join(arrived(line))


def test_a_reset_delivers_nothing_more() -> None:
    line, connection = a_line(ALL)
    line.fault("reset")
    assert (arrived(line), line.ended, connection.closed) == ([], "reset", True)


def test_what_the_product_said_before_it_hung_up_arrives_first() -> None:
    line, connection = a_line(b"goodbye")
    connection.closed = True
    assert (line.to_client(NOW), line.ended) == (b"goodbye", "eof")


def test_a_half_open_link_passes_nothing_and_ends_nothing() -> None:
    line, connection = a_line(b"lost")
    line.fault("half_open")
    line.from_client(b"anybody?", NOW)
    connection.closed = True
    assert (arrived(line), line.ended, connection.heard) == ([], "", b"")


@pytest.mark.parametrize("ending", ["cut", "reset"])
def test_a_half_open_link_swallows_its_own_end(ending: LinkFault) -> None:
    line, connection = a_line()
    line.fault("half_open")
    line.fault(ending)
    line.close()
    assert (arrived(line), line.ended, connection.closed) == ([], "", False)


def test_what_hung_in_a_half_open_link_is_dead_when_it_heals() -> None:
    line, connection = a_line(b"lost")
    line.fault("half_open")
    line.to_client(NOW)
    line.heal()
    assert (arrived(line), line.ended, connection.closed) == ([], "reset", True)


def test_what_is_said_into_a_half_open_link_costs_no_memory() -> None:
    line, connection = a_line()
    line.fault("half_open")
    tracemalloc.start()
    for _ in range(50):
        connection.said += bytes(1024 * 1024)
        line.to_client(NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 1024 * 1024


def test_a_slow_link_carries_so_many_bytes_a_second() -> None:
    line, _ = a_line(ALL)
    line.fault("slow")
    line.to_client(NOW)
    got = sum(len(line.to_client(NOW + tick * 0.02)) for tick in range(1, 51))
    assert got == pytest.approx(SLOW, rel=0.02)


def test_a_slow_link_loses_nothing() -> None:
    line, _ = a_line(ALL)
    line.fault("slow")
    assert b"".join(line.to_client(NOW + second * 0.1) for second in range(200)) == ALL


def test_silence_holds_back_what_is_said_until_it_is_over() -> None:
    line, _ = a_line(b"late")
    line.fault("silence", NOW + 5)
    assert arrived(line, NOW + 4.9) == []
    assert arrived(line, NOW + 5) == [b"late"]


def test_silence_lets_questions_pass() -> None:
    line, connection = a_line()
    line.fault("silence")
    line.from_client(b"anybody?", NOW)
    assert connection.heard == b"anybody?"


def test_garbage_comes_between_the_bytes_and_takes_none_away() -> None:
    for seed in range(20):
        line, _ = a_line(b"Event: Hangup\r\n\r\n", seed)
        line.fault("garbage", NOW)
        got = b"".join(arrived(line))
        rest = iter(got)
        assert len(got) > len(b"Event: Hangup\r\n\r\n")
        assert all(byte in rest for byte in b"Event: Hangup\r\n\r\n"), (
            "the message is no subsequence of what came"
        )


def test_one_burst_of_garbage_comes_even_when_nothing_is_said() -> None:
    line, _ = a_line()
    line.fault("garbage", NOW)
    assert len(arrived(line, NOW + 1)) == 1


@pytest.mark.parametrize("fault", STANDING)
def test_every_fault_ends_at_its_time(fault: LinkFault) -> None:
    line, connection = a_line()
    line.fault(fault, NOW + 10)
    for tick in range(11):
        arrived(line, NOW + tick)
    connection.said += ALL
    after = arrived(line, NOW + 11)
    assert after == ([] if fault == "half_open" else [ALL])


@pytest.mark.parametrize("fault", ["slow", "split", "garbage", "silence"])
def test_a_healed_line_is_as_good_as_new(fault: LinkFault) -> None:
    line, connection = a_line()
    line.fault(fault)
    arrived(line)
    line.heal()
    connection.said += ALL
    assert arrived(line) == [ALL]


def test_a_client_that_reads_nothing_is_hung_up_on() -> None:
    line, connection = a_line()
    for _ in range(BACKLOG // 2**20 + 1):
        connection.said += bytes(2**20)
        line.to_client(NOW, room=0)
    assert (line.ended, connection.closed) == ("reset", True)
    assert line.to_client(NOW) == b""


def test_equal_seeds_break_equally() -> None:
    def run() -> list[bytes]:
        line, _ = a_line(ALL, 3)
        for fault in ("split", "garbage"):
            line.fault(fault)
        return arrived(line)

    assert run() == run()


def test_the_product_learns_that_the_client_is_gone() -> None:
    line, connection = a_line()
    line.close()
    assert (connection.closed, line.ended) == (True, "eof")
    line.from_client(b"a ghost", NOW)
    assert connection.heard == b""
