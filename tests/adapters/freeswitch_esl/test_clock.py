"""Whose time it is: what comes late keeps its own moment, and a clock that lies does no harm."""

import random

import pytest

from ccwall.events import ContactFlowedOut, ContactQueued, ContactTransferred
from ccwall_adapters.freeswitch_esl.clock import FARTHEST, LATEST, SLACK, WINDOW, Clock
from tests.adapters.contract import NOW
from tests.adapters.freeswitch_esl.pbx import Pbx, live, waiting


def at(pbx: Pbx, moment: float) -> str:
    """A stamp as FreeSWITCH writes it."""
    return str(round(moment * 1e6))


def prompt(clock: Clock, offset: float, seconds: int = 30) -> None:
    """Events that come at once, one a second, by a clock that is `offset` behind ours."""
    for second in range(seconds):
        assert clock.at(NOW + second - offset - 0.02, NOW + second) == pytest.approx(NOW + second, abs=0.1)


@pytest.mark.parametrize("offset", [0.0, 1.5, -1.5, 3600.0, -3600.0])
def test_what_comes_late_keeps_its_own_moment(offset: float) -> None:
    clock = Clock()
    clock.begin(NOW)
    prompt(clock, 0.0 if abs(offset) < SLACK else offset)
    for late in (8.0, 5.0, 0.5, 20.0):
        happened = NOW + 60 - late
        told = clock.at(happened - (offset if abs(offset) > SLACK else 0.0), NOW + 60)
        assert told == pytest.approx(
            max(happened, NOW + 60 - 0.5 - SLACK) if late == 20 else happened, abs=0.1
        )


def test_the_first_event_of_a_connection_is_taken_for_prompt() -> None:
    clock = Clock()
    clock.begin(NOW)
    assert clock.at(NOW - 3590, NOW + 10) == NOW + 10
    assert clock.at(NOW - 3588, NOW + 10) == NOW + 10  # and the next shows that it was late itself
    assert clock.at(NOW - 3583, NOW + 20) == pytest.approx(NOW + 15, abs=0.1)


def test_what_was_longer_on_its_way_than_anything_is_told_as_it_comes() -> None:
    clock = Clock()
    clock.begin(NOW)
    prompt(clock, 0.0)
    later = NOW + 30 + 2 * LATEST
    assert clock.at(later - LATEST - 1, later) == later


def test_a_clock_that_was_set_is_followed_again() -> None:
    clock = Clock()
    clock.begin(NOW)
    prompt(clock, 0.0)
    for second in range(30, 200):
        told = clock.at(NOW + second - 40.0, NOW + second)
    assert told == pytest.approx(NOW + 199, abs=0.1)


def test_without_a_stamp_it_is_now() -> None:
    assert Clock().at(0.0, NOW) == NOW


@pytest.mark.parametrize("seed", range(20))
def test_no_clock_tells_of_the_future_or_turns_time_back(seed: int) -> None:
    dice, clock, latest = random.Random(seed), Clock(), NOW
    clock.begin(NOW)
    now = NOW
    for _ in range(500):
        now += dice.choice((0.0, 0.01, 1.0, WINDOW))
        lie = dice.choice((0.0, 0.0, dice.uniform(-5, 5), dice.uniform(-100, 100), dice.uniform(-1, 1) * 2e9))
        told = clock.at(max(0.0, now + lie), now)
        assert latest - SLACK <= told <= now
        latest = max(latest, told)
        moment = clock.ours(now - 50, now)
        assert moment == 0.0 or -FARTHEST <= now - 50 - moment <= FARTHEST


def test_a_visit_that_was_held_up_on_the_way_has_its_own_times() -> None:
    pbx = live()
    for _ in range(5):
        pbx.event("HEARTBEAT")
        pbx.wait(1)
    joined = pbx.now
    pbx.now += 8.5
    pbx.member("member-queue-start", Event_Date_Timestamp=at(pbx, joined))
    pbx.member(
        "member-queue-end",
        CC_Cause="Cancel",
        CC_Cancel_Reason="TIMEOUT",
        Event_Date_Timestamp=at(pbx, joined + 6),
    )
    assert [one.at for one in pbx.of(ContactQueued)] == [pytest.approx(joined)]
    assert [one.at for one in pbx.of(ContactFlowedOut)] == [pytest.approx(joined + 6)]


def test_a_list_is_read_by_the_same_clock() -> None:
    """FreeSWITCH is an hour behind; who has waited for 20 s has waited for 20 s."""
    pbx = live()
    pbx.event("HEARTBEAT", Event_Date_Timestamp=at(pbx, pbx.now - 3600))
    pbx.members = [waiting("m1", joined=pbx.now - 3600)]
    pbx.pass_time(65)
    assert [one.at - NOW for one in pbx.of(ContactQueued)] == [pytest.approx(1.1, abs=1.0)]


def test_a_transfer_is_known_by_the_same_clock() -> None:
    pbx = Pbx()
    pbx.pass_time(10)
    stamp = {"Event_Date_Timestamp": at(pbx, pbx.now - 3600)}
    pbx.member("member-queue-start", **stamp)
    pbx.member("bridge-agent-start", CC_Agent="1001@pbx", CC_Agent_UUID="leg", **stamp)
    pbx.event("CHANNEL_BRIDGE", Unique_ID="s-m1", **stamp)
    moved = f"{int(pbx.now) - 3600}:uuid:bl_xfer:9999/default/XML"
    ends = {"CC_Agent": "1001@pbx", "CC_Cause": "Terminated", "Answer_State": "answered", **stamp}
    pbx.member("member-queue-end", variable_transfer_source=moved, **ends)
    assert [one.to for one in pbx.of(ContactTransferred)] == ["9999"]
