"""One source for ever: what becomes of each way a conversation can end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from ccwall.clock import ManualClock
from ccwall.events import SourceUp
from tests.supervise.far_end import FarEnd


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    far_end = FarEnd(ManualClock())
    task = asyncio.create_task(far_end.supervisor.run())
    await far_end.clock.advance(0)
    yield far_end
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_bytes_become_facts_and_questions_are_written(far_end: FarEnd) -> None:
    await far_end.say(b"up")
    assert far_end.links[0].written == [b"hello"]
    assert [type(event) for event in far_end.events] == [SourceUp]
    assert far_end.supervisor.health.heard == far_end.clock.now()


async def test_an_end_is_told_at_once_and_the_line_tried_again(far_end: FarEnd) -> None:
    await far_end.say(b"up")
    await far_end.say(b"")
    assert far_end.downs == ["eof"]
    assert far_end.links[0].closed
    await far_end.clock.advance(0.5)
    assert far_end.pauses == [0.5]


async def test_a_reset_is_told_at_once(far_end: FarEnd) -> None:
    await far_end.say(ConnectionResetError(104, "Connection reset by peer"))
    assert far_end.downs == ["reset"]
    assert far_end.supervisor.health.error.startswith(
        "the far end reset the connection: Connection reset by peer"
    )


async def test_a_silent_link_is_dropped(far_end: FarEnd) -> None:
    far_end.session.silent = True
    await far_end.clock.advance(0.25)
    assert far_end.downs == ["silent"]
    assert far_end.links[0].closed


async def test_pauses_double_from_half_a_second_to_ten(far_end: FarEnd) -> None:
    far_end.refusing = ConnectionRefusedError(111, "Connection refused")
    await far_end.say(b"")
    await far_end.clock.advance(200)
    assert far_end.pauses[:9] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0, 10.0]


async def test_being_refused_many_times_is_told_once(far_end: FarEnd) -> None:
    far_end.refusing = ConnectionRefusedError(111, "Connection refused")
    await far_end.say(b"")
    await far_end.clock.advance(100)
    assert far_end.downs == ["eof", "refused"]
    assert far_end.supervisor.health.condition == "down"


async def test_a_link_that_flaps_does_not_shorten_the_pauses(far_end: FarEnd) -> None:
    for _ in range(5):
        await far_end.say(b"up")
        await far_end.say(b"")
        await far_end.clock.advance(far_end.supervisor.health.failures and 8)
    assert far_end.supervisor.health.failures == 5


async def test_a_steady_link_ends_the_series(far_end: FarEnd) -> None:
    await far_end.say(b"")
    await far_end.clock.advance(0.5)
    await far_end.say(b"up")
    await far_end.clock.advance(6)
    await far_end.say(b"more")
    assert far_end.supervisor.health.failures == 0


async def test_who_is_not_let_in_waits_five_minutes(far_end: FarEnd) -> None:
    await far_end.say(b"refuse")
    assert far_end.downs == ["rejected"]
    assert far_end.supervisor.health.condition == "refused"
    assert far_end.supervisor.health.next_try == far_end.clock.now() + 300
    await far_end.clock.advance(299)
    assert far_end.pauses == []
    await far_end.clock.advance(1)
    assert far_end.pauses == [300.0]
    assert far_end.supervisor.health.next_try is None


async def test_the_last_words_of_a_foreign_protocol_are_kept(far_end: FarEnd) -> None:
    await far_end.say(b"foreign")
    assert far_end.downs == ["protocol"]
    assert far_end.supervisor.health.last_words.endswith(b"foreign")
    assert len(far_end.supervisor.health.last_words) == 4096
    await far_end.clock.advance(0.5)
    assert len(far_end.links) == 2


async def test_a_bug_stops_this_source_for_good_and_nothing_else(far_end: FarEnd) -> None:
    with capture_logs() as logs:
        await far_end.say(b"bug")
    assert far_end.downs == ["failed"]
    assert far_end.supervisor.health.condition == "failed"
    assert far_end.supervisor.health.error.startswith("ZeroDivisionError: division by zero")
    assert [(log["log_level"], bool(log["exc_info"])) for log in logs] == [("error", True)]
    await far_end.clock.advance(1000)
    assert len(far_end.links) == 1


async def test_to_be_stopped_is_a_farewell() -> None:
    far_end = FarEnd(ManualClock())
    task = asyncio.create_task(far_end.supervisor.run())
    await far_end.clock.advance(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert far_end.downs == ["closed"]
    assert far_end.links[0].closed


async def test_the_first_failure_is_loud_the_others_quiet_and_recovery_says_how_long() -> None:
    far_end = FarEnd(ManualClock())
    far_end.refusing = ConnectionRefusedError(111, "Connection refused")
    with capture_logs() as logs:
        task = asyncio.create_task(far_end.supervisor.run())
        await far_end.clock.advance(3)
        far_end.refusing = None
        await far_end.clock.advance(4)
        await far_end.say(b"up")
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    levels = [log["log_level"] for log in logs]
    assert levels[:3] == ["warning", "debug", "debug"]
    assert levels[-1] == "info"
    assert logs[-1]["after"] == "7.0 s"


async def test_a_tap_hears_both_directions_and_every_connection(far_end: FarEnd) -> None:
    await far_end.say(b"up")
    await far_end.say(b"")
    far_end.refusing = ConnectionRefusedError(111, "Connection refused")
    await far_end.clock.advance(0.5)
    assert far_end.tap.heard == [
        (0, "connect"),
        (0, b">hello"),
        (0, b"<up"),
        (0, "eof"),
        (1, "refused"),
    ]
