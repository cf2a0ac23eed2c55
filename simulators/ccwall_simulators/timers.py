"""What a switch itself will do a moment later, in simulated time."""

import heapq
from collections.abc import Callable
from itertools import count


class Timers:
    """Runs in order of time, and of setting where the time is the same."""

    def __init__(self, now: float = 0.0) -> None:
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self.now = now

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (self.now + seconds, next(self._order), act))

    def run(self, to: float) -> None:
        """Everything due up to and including `to`; then it is `to`."""
        while self._heap and self._heap[0][0] <= to:
            due, _, act = heapq.heappop(self._heap)
            self.now = max(self.now, due)
            act()
        self.now = max(self.now, to)

    def clear(self) -> None:
        self._heap.clear()
