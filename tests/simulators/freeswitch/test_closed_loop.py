"""The adapter and the engine over the simulated switch: what the wall says is what happened, one by one."""

from typing import Literal

import pytest

from ccwall_simulators.freeswitch import CALM, PLAIN, Variant
from tests.simulators.freeswitch.loop import START, Loop, differences, gauges_of_board, gauges_of_floor

MINUTE, HOUR = 60.0, 3600.0
SETTLED = 1.5
"""Seconds within which the wall must show what the floor is: the wire is looked at four times a second."""
WILD = Variant(races=0.5, resumes=True)
"""Half of those who leave while a phone rings leave as it is answered, and every queue takes abandoned rows over."""


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


@pytest.mark.parametrize("variant", [CALM, WILD], ids=["calm", "wild"])
@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 4))])
def test_half_an_hour_is_told_as_it_was(seed: int, variant: Variant) -> None:
    loop = Loop(seed, variant=variant)
    loop.connect()
    assert watch(loop, HOUR / 2) == []
    assert differences(loop, since=START) == []
    assert len(loop.pbx.visits()) > 150


@pytest.mark.parametrize("form", ["plain", "json"])
@pytest.mark.parametrize("seed", [3])
def test_who_connects_in_the_middle_of_a_shift_sees_it_as_it_is(
    seed: int, form: Literal["plain", "json"]
) -> None:
    loop = Loop(seed, form=form)
    loop.pass_time(HOUR / 4)
    connected = loop.now
    loop.connect()
    assert gauges_of_board(loop) == gauges_of_floor(loop)
    assert watch(loop, HOUR / 4) == []
    assert differences(loop, since=connected) == []


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 3))])
def test_restarts_clean_and_killed_lose_what_they_lost_and_nothing_else(seed: int) -> None:
    loop = Loop(seed, variant=PLAIN)
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
    assert watch(loop, HOUR / 12) == []
    assert differences(loop, since=START) == []


def test_a_wall_that_was_told_nothing_is_caught() -> None:
    """The comparison itself can say no."""
    loop = Loop(1)
    loop.pass_time(MINUTE)
    assert differences(loop, since=START)
    assert not gauges_of_board(loop)
