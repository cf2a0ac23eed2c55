"""The reader never stops, the session is never hurried, and what nobody can keep up with becomes a gap."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ccwall.clock import ManualClock
from ccwall.events import SourceDown, SourceGap, SourceResyncStarted
from ccwall.spool import Spool
from ccwall.supervise import SHED_AT_MOST, SLICE, TICK
from tests.supervise.far_end import FarEnd

Connected = Callable[[int], AbstractAsyncContextManager[FarEnd]]


class HeldUpClock(ManualClock):
    """Of a machine that was asleep: time passes and nobody is woken."""

    asleep = 0.0

    def now(self) -> float:
        return super().now() + self.asleep


@asynccontextmanager
async def connected(room: int) -> AsyncIterator[FarEnd]:
    far_end = FarEnd(HeldUpClock(), room)
    task = asyncio.create_task(far_end.supervisor.run())
    await far_end.clock.advance(0)
    await far_end.say(b"up")
    far_end.events.clear()
    yield far_end
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def flood(far_end: FarEnd, *pieces: bytes) -> None:
    """So fast that the worker has no turn in between."""
    for piece in pieces:
        far_end.links[-1].incoming.put_nowait(piece)
    await far_end.clock.advance(0)


async def test_what_does_not_fit_is_a_gap_at_once_and_the_link_is_kept() -> None:
    async with connected(1000) as far_end:
        before = list(far_end.session.heard)
        with capture_logs() as logs:
            await flood(far_end, b"x" * 600, b"y" * 600)
        assert [type(event) for event in far_end.events] == [SourceGap, SourceResyncStarted]
        assert far_end.session.heard == before
        health = far_end.supervisor.health
        assert (health.skipped, health.gaps, health.cause, health.condition) == (
            1200,
            1,
            "overrun",
            "connected",
        )
        assert [log["log_level"] for log in logs] == ["warning"]
        assert not far_end.links[0].closed


async def test_once_it_is_calm_the_truth_is_asked_for_from_where_the_gap_began() -> None:
    async with connected(1000) as far_end:
        began = far_end.clock.now()
        await flood(far_end, b"x" * 600, b"y" * 600)
        await far_end.clock.advance(TICK)  # in which the flood came
        assert b"truth?" not in far_end.links[0].written
        await far_end.clock.advance(TICK)
        assert far_end.links[0].written[-1] == b"truth?"
        gaps = [event for event in far_end.events if isinstance(event, SourceGap)]
        assert (gaps[-1].since, gaps[-1].at) == (began, began + 2 * TICK)
        await far_end.say(b"again")
        assert far_end.session.heard[-1] == (b"again", far_end.clock.now())


async def test_a_flood_that_goes_on_is_thrown_away_for_five_seconds_at_most() -> None:
    async with connected(1000) as far_end:
        await flood(far_end, b"x" * 600, b"y" * 600)
        ticks = 0
        while b"truth?" not in far_end.links[0].written:
            await flood(far_end, b"z" * 100)
            await far_end.clock.advance(TICK)
            ticks += 1
        assert ticks == round(SHED_AT_MOST / TICK)


async def test_who_hangs_up_in_the_middle_of_a_flood_leaves_a_gap_up_to_there() -> None:
    async with connected(1000) as far_end:
        began = far_end.clock.now()
        await flood(far_end, b"x" * 600, b"y" * 600)
        await far_end.clock.advance(TICK / 2)
        await flood(far_end, b"")
        gap, down = far_end.events[-2:]
        assert isinstance(gap, SourceGap)
        assert isinstance(down, SourceDown)
        assert (gap.since, gap.at, down.at) == (began, down.at, began + TICK / 2)


async def test_what_was_said_before_the_end_is_heard_before_the_end_is_told() -> None:
    async with connected(1_000_000) as far_end:
        said = [b"a" * 100_000, b"b" * 100_000]
        await flood(far_end, *said, b"")
        assert b"".join(data for data, _ in far_end.session.heard).endswith(b"".join(said))
        assert far_end.downs == ["eof"]


async def test_the_session_is_given_slices_and_others_have_their_turn_in_between() -> None:
    async with connected(1_000_000) as far_end:
        turns: list[int] = []

        async def neighbour() -> None:
            while True:
                turns.append(len(far_end.session.heard))
                await asyncio.sleep(0)

        task = asyncio.create_task(neighbour())
        await flood(far_end, b"x" * (10 * SLICE))
        task.cancel()
        assert max(len(data) for data, _ in far_end.session.heard) == SLICE
        assert len(set(turns)) >= 10


async def test_the_sessions_time_is_that_of_its_bytes_and_never_goes_back() -> None:
    async with connected(8_000_000) as far_end:
        session = far_end.session
        came = far_end.clock.now()
        await flood(far_end, b"x" * (60 * SLICE))
        assert len(session.heard) < 60  # it is still at it
        await far_end.clock.advance(2 * TICK)
        assert session.ticks[-1] in {came, far_end.clock.now()}
        assert {now for _, now in session.heard} == {came}
        assert session.ticks == sorted(session.ticks)


async def test_a_tick_while_there_is_something_to_work_off_is_a_tick_of_then() -> None:
    async with connected(8_000_000) as far_end:
        came = far_end.clock.now()
        for _ in range(8):
            far_end.links[-1].incoming.put_nowait(b"x" * (30 * SLICE))
        far_end.session.ticks.clear()
        await far_end.clock.advance(TICK)
        assert far_end.supervisor.vitals.spool > 0
        assert far_end.session.ticks == [came]


def test_a_spool_of_single_bytes_holds_no_more_pieces_than_it_has_room_for() -> None:
    spool, pieces = Spool(10_000), 0
    while spool.put(b"x", 0.0):
        pieces += 1
    assert 50 < pieces < 100  # each costs a hundred bytes and more beside its own


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=20), st.integers(1, 60))
def test_a_spool_gives_back_what_was_put_in_order(pieces: list[bytes], most: int) -> None:
    spool = Spool()
    for number, piece in enumerate(pieces):
        assert spool.put(piece, float(number))
    taken: dict[float, bytes] = {}
    while spool:
        data, came = spool.take(most)
        assert 0 < len(data) <= most
        taken[came] = taken.get(came, b"") + data
    assert list(taken.values()) == pieces
    assert (spool.size, spool.oldest) == (0, None)


async def test_who_was_held_up_reads_before_it_judges_the_far_end_silent() -> None:
    async with connected(1000) as far_end:
        await far_end.clock.advance(TICK)
        far_end.session.ticks.clear()
        assert isinstance(far_end.clock, HeldUpClock)
        far_end.clock.asleep = 60.0
        await far_end.clock.advance(TICK)
        assert far_end.session.ticks == []
        await far_end.clock.advance(TICK)
        assert far_end.session.ticks == [far_end.clock.now()]
