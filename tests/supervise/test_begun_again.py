"""What looks after the floor by itself goes on after a bug."""

import asyncio

from structlog.testing import capture_logs

from ccwall.clock import ManualClock
from ccwall.supervise import BEGUN_AGAIN, begun_again


async def test_a_watcher_with_a_bug_looks_again() -> None:
    clock, looks = ManualClock(), 0

    async def run() -> None:
        nonlocal looks
        looks += 1
        if looks < 3:
            raise ZeroDivisionError
        await asyncio.Event().wait()

    with capture_logs() as lines:
        task = asyncio.create_task(begun_again("rota", run, clock))
        await clock.advance(0)
        assert looks == 1
        await clock.advance(BEGUN_AGAIN)
        await clock.advance(BEGUN_AGAIN)
        assert looks == 3
        await clock.advance(60)
        assert looks == 3
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [line["outlet"] for line in lines] == ["rota", "rota"]
