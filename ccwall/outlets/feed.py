"""The house's stream and board as an outlet reads them: bounded, and nobody waits for it."""

import asyncio
from collections import deque
from collections.abc import Callable

from ccwall.clock import Clock
from ccwall.events import Envelope
from ccwall.mirror import Tree

MOST = 10_000
"""Facts that wait for an outlet: some seconds of a busy floor."""


class HouseFeed:
    """Implements `contract.Feed`; `put` is a sink of the intake."""

    def __init__(self, clock: Clock, board: Callable[[], Tree], site: str, zone: str) -> None:
        self.clock, self.board, self.site, self.zone = clock, board, site, zone
        self.dropped = 0
        self._waiting: deque[Envelope] = deque()
        self._some = asyncio.Event()

    def put(self, envelope: Envelope) -> None:
        if len(self._waiting) >= MOST:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(envelope)
        self._some.set()

    async def next(self) -> Envelope:
        while not self._waiting:
            self._some.clear()
            await self._some.wait()
        return self._waiting.popleft()
