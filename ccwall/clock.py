"""Time as an argument: every clock in ccwall is one of these, given in from outside.

At 20x the *engine's* clock runs fast while network timers stay real; `rate` travels to the browser in every pulse.
"""

import asyncio
import heapq
import time
from typing import Protocol


class Clock(Protocol):
    """`now` is epoch seconds of the floor's time; `rate` is floor seconds per real second."""

    @property
    def rate(self) -> float: ...
    def now(self) -> float: ...
    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds of *this* clock."""
        ...


class SystemClock:
    """The wall clock, steady between steps of the operating system's time; optionally fast and starting elsewhere."""

    def __init__(self, rate: float = 1.0, start: float | None = None) -> None:
        if rate <= 0:
            raise ValueError(f"rate must be above 0, not {rate}")
        self._rate = rate
        self._follows = start is None and rate == 1.0
        self._start = time.time() if start is None else start
        self._origin = time.monotonic()

    @property
    def rate(self) -> float:
        return self._rate

    def now(self) -> float:
        if self._follows and abs(drift := time.time() - self._steady()) > 1.0:
            self._start += drift  # somebody set the system's clock
        return self._steady()

    def _steady(self) -> float:
        return self._start + (time.monotonic() - self._origin) * self._rate

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds / self._rate))


class ManualClock:
    """A clock that moves only when told; sleepers wake in order of their time."""

    rate = 1.0

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self._now = now
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._count = 0

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        bell = asyncio.Event()
        heapq.heappush(self._sleepers, (self._now + max(0.0, seconds), self._count, bell))
        await bell.wait()

    async def advance(self, seconds: float) -> None:
        """Move on, waking every sleeper on the way at its own moment and letting it run."""
        end = self._now + seconds
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._now, _, bell = heapq.heappop(self._sleepers)
            bell.set()
            await self._settle()
        self._now = end
        await self._settle()

    @staticmethod
    async def _settle() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
