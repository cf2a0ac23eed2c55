"""Whoever watches the floor is called at once after facts, and every second without them; in real time, at every rate."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ccwall.clock import ManualClock
from ccwall.floor.watching import watch


@pytest.mark.parametrize("rate", [1.0, 20.0])
async def test_facts_are_looked_at_soon_and_a_still_floor_every_second(rate: float) -> None:
    clock, looked = ManualClock(1000.0), list[float]()
    clock.rate = rate
    engine = SimpleNamespace(seq=0)
    watching = asyncio.ensure_future(
        watch(cast(Any, engine), clock, lambda now: looked.append((now - 1000.0) / rate))
    )
    try:
        for step in range(1, 17):
            if step == 11:
                engine.seq += 1
            await clock.advance(0.25 * rate)
        assert looked == [0.25, 1.25, 2.25, 2.75, 3.75]
    finally:
        watching.cancel()
