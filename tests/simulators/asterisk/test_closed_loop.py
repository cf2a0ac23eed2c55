"""The adapter and the engine over the simulated exchange: what the wall says is what happened, one by one."""

import pytest

from ccwall_simulators.asterisk import PLAIN, STAMPED, Variant
from tests.simulators.asterisk.loop import START, Loop, differences, gauges_of_board, gauges_of_floor

MINUTE, HOUR = 60.0, 3600.0
SETTLED = 1.5
"""Seconds after which a key exit is known to be one: the adapter waits that long for an AgentConnect."""


def watch(loop: Loop, seconds: float) -> list[str]:
    """Live on; the minutes at which the board showed other gauges than the floor's, and not only for an instant."""
    wrong = []
    for _ in range(int(seconds // MINUTE)):
        loop.pass_time(MINUTE - SETTLED)
        equal = False
        for _ in loop.live(SETTLED):
            equal = equal or gauges_of_board(loop) == gauges_of_floor(loop)
        if not equal:
            wrong.append(f"{loop.now}: {gauges_of_board(loop)} instead of {gauges_of_floor(loop)}")
    return wrong


@pytest.mark.parametrize("seed", [1, 2, 3, *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 21))])
def test_an_hour_is_told_as_it_was(seed: int) -> None:
    loop = Loop(seed)
    loop.connect()
    assert watch(loop, HOUR) == []
    assert differences(loop, since=START) == []
    assert len(loop.pbx.visits()) > 300


@pytest.mark.parametrize("variant", [PLAIN, STAMPED], ids=["plain", "stamped"])
@pytest.mark.parametrize("seed", [2, 3])
def test_who_connects_in_the_middle_of_a_shift_sees_it_as_it_is(seed: int, variant: Variant) -> None:
    loop = Loop(seed, variant=variant)
    loop.pass_time(HOUR / 4)
    connected = loop.now
    loop.connect()
    assert gauges_of_board(loop) == gauges_of_floor(loop)
    assert watch(loop, HOUR / 2) == []
    assert differences(loop, since=connected) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_restarts_clean_and_killed_lose_what_they_lost_and_nothing_else(seed: int) -> None:
    """And names of channels, which come again, are taken for nobody else's."""
    loop = Loop(seed)
    loop.connect()
    for clean in (True, False):
        loop.pass_time(HOUR / 6)
        loop.restart(20.0, clean=clean)
    assert watch(loop, HOUR / 6) == []
    assert differences(loop, since=START) == []


@pytest.mark.slow
def test_a_peak_is_told_as_it_was() -> None:
    """Some forty calls a minute."""
    loop = Loop(1, scenario="monday_peak")
    loop.connect()
    assert watch(loop, HOUR / 2) == []
    assert differences(loop, since=START) == []


def test_a_wall_that_was_told_nothing_is_caught() -> None:
    """The comparison itself can say no."""
    loop = Loop(1)
    loop.pass_time(MINUTE)
    assert differences(loop, since=START)
    assert not gauges_of_board(loop)


def test_the_secret_may_go_over_the_wire_too() -> None:
    loop = Loop(1, auth="plain")
    loop.connect()
    loop.pass_time(1.0)
    assert loop.session.state == "live"
