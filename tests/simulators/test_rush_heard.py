"""A rush over the wire of each exchange: the wall says what happened, one by one, and the house proposes an incident in minutes."""

import pytest

from ccwall.engine.yesterday import Past, Yesterday
from ccwall.events import IncidentProposed
from tests.simulators.asterisk import loop as asterisk
from tests.simulators.asterisk import test_closed_loop as asterisk_circle
from tests.simulators.freeswitch import loop as freeswitch
from tests.simulators.freeswitch import test_closed_loop as freeswitch_circle

CIRCLES = {"asterisk": (asterisk, asterisk_circle), "freeswitch": (freeswitch, freeswitch_circle)}
START, MINUTE, TEN, HOUR, DAY = asterisk.START, 60.0, 600.0, 3600.0, 86_400
USUAL = 110
"""Callers of this floor in a quarter of an hour."""

Loop = asterisk.Loop | freeswitch.Loop


def remember(loop: Loop) -> None:
    """A yesterday on which as many called; the frame of a day is that of UTC."""
    today = int(START) // DAY * DAY
    points = tuple(Past(start, USUAL) for start in range(today - DAY, today, 900))
    loop.engine.remember(Yesterday(today - DAY, today, 900, points))


def proposed(loop: Loop, kind: str, seconds: float) -> float | None:
    """Minutes until the house proposes it; None when it does not."""
    for minute in range(1, int(seconds // MINUTE) + 1):
        loop.pass_time(MINUTE)
        kinds = [each.kind for each in loop.engine.detected(loop.now) if isinstance(each, IncidentProposed)]
        if kind in kinds:
            return minute
    return None


@pytest.mark.parametrize("product", CIRCLES)
def test_a_rush_is_told_as_it_was(product: str) -> None:
    circle, closed = CIRCLES[product]
    loop = circle.Loop(1)
    loop.connect()
    loop.pass_time(5 * MINUTE)
    loop.floor.rush.begin_surge(3.0, TEN, ())
    loop.floor.rush.begin_breaking(0.7, TEN, ("consult",))
    assert closed.watch(loop, 15 * MINUTE) == []
    assert circle.differences(loop, since=START) == []
    assert len(loop.pbx.visits()) > 200


@pytest.mark.parametrize("product", CIRCLES)
@pytest.mark.parametrize("kind", ["surge", "drops"])
def test_the_house_proposes_it_in_minutes_and_never_before(product: str, kind: str) -> None:
    circle, _ = CIRCLES[product]
    loop = circle.Loop(1)
    loop.connect()
    remember(loop)
    assert proposed(loop, kind, 20 * MINUTE) is None
    if kind == "surge":
        loop.floor.rush.begin_surge(3.0, TEN, ())
    else:
        loop.floor.rush.begin_breaking(0.7, TEN, ())
    found = proposed(loop, kind, TEN)
    assert found is not None
    assert found <= 7
