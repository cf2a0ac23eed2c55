"""How long the event loop keeps the punctual waiting: what every screen, source and page of this process feels."""

import asyncio
from collections import deque

from ccwall.clock import Clock

EVERY = 0.25
OVER = 10.0


class LoopLag:
    """`worst` is the longest wait of the last ten seconds, real ones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._late: deque[float] = deque(maxlen=round(OVER / EVERY))

    @property
    def worst(self) -> float:
        return max(self._late, default=0.0)

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY
            await self._clock.sleep(EVERY * self._clock.rate)
            self._late.append(max(0.0, loop.time() - due))
