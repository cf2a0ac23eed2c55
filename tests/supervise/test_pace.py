"""On a floor that runs twenty times as fast, the network keeps real time; and what health counts is per real second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from ccwall.clock import ManualClock
from ccwall.events import CommandId, CommandRefused, CommandRequested, CommandSent, CommandUnknown, SourceDown
from tests.supervise.far_end import FarEnd


class FastClock(ManualClock):
    rate = 20.0


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    far_end = FarEnd(FastClock())
    task = asyncio.create_task(far_end.supervisor.run())
    await far_end.clock.advance(0)
    yield far_end
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def wish(name: str) -> CommandRequested:
    return CommandRequested(at=0.0, command_id=CommandId("c1"), name=name, target="a1")


async def test_the_session_is_told_the_pace(far_end: FarEnd) -> None:
    assert far_end.session.pace == 20.0


async def test_pauses_are_real_seconds(far_end: FarEnd) -> None:
    await far_end.say(b"")
    assert far_end.supervisor.health.next_try == far_end.clock.now() + 0.5 * 20
    await far_end.clock.advance(0.5 * 20)
    assert far_end.pauses == [0.5 * 20]


async def test_facts_are_stamped_with_the_floors_clock(far_end: FarEnd) -> None:
    await far_end.clock.advance(100)
    await far_end.say(b"")
    (down,) = far_end.events
    assert isinstance(down, SourceDown)
    assert down.at == far_end.clock.now()


async def test_a_tick_is_a_quarter_of_a_real_second(far_end: FarEnd) -> None:
    await far_end.clock.advance(20)
    assert len(far_end.session.ticks) == 4


async def test_a_link_is_steady_after_five_real_seconds(far_end: FarEnd) -> None:
    await far_end.say(b"")
    await far_end.clock.advance(0.5 * 20)
    await far_end.say(b"up")
    await far_end.clock.advance(4 * 20)
    assert far_end.supervisor.health.failures == 1
    await far_end.clock.advance(1.5 * 20)
    assert far_end.supervisor.health.failures == 0


async def test_rates_are_per_real_second_over_the_last_ten(far_end: FarEnd) -> None:
    for _ in range(20):
        await far_end.say(b"x" * 50)
        await far_end.say(b"y" * 50)
        await far_end.clock.advance(20)
    assert far_end.supervisor.vitals.rates.bytes == 100.0
    await far_end.clock.advance(11 * 20)
    assert far_end.supervisor.vitals.rates.bytes == 0.0


async def test_messages_and_facts_are_counted(far_end: FarEnd) -> None:
    far_end.session.counts = {"QueueCallerJoin": 30, "unknown:Odd": 10}
    await far_end.say(b"up")
    await far_end.clock.advance(20)
    rates = far_end.supervisor.vitals.rates
    assert (rates.messages, rates.facts) == (4.0, 0.1)


# ── what people want done ──


async def test_a_wish_goes_out_at_once(far_end: FarEnd) -> None:
    await far_end.say(b"up")
    far_end.supervisor.command(wish("agent.pause"))
    assert far_end.links[0].written[-1] == b"agent.pause"
    assert isinstance(far_end.events[-1], CommandSent)


async def test_a_wish_without_a_link_is_refused_and_not_kept(far_end: FarEnd) -> None:
    await far_end.say(b"")
    far_end.supervisor.command(wish("agent.pause"))
    assert isinstance(far_end.events[-1], CommandRefused)
    await far_end.clock.advance(0.5 * 20)
    assert far_end.links[1].written == [b"hello"]


async def test_a_bug_in_a_command_stops_the_source_and_not_who_asked(far_end: FarEnd) -> None:
    await far_end.say(b"up")
    far_end.supervisor.command(wish("bug"))
    await far_end.clock.advance(0)
    assert [type(event) for event in far_end.events[-2:]] == [CommandUnknown, SourceDown]
    assert far_end.supervisor.health.condition == "failed"
