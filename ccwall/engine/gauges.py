"""What is now, by queue and for lines, sites and floor: who waits, who talks, since when, and who passed the threshold.

Time alone changes two things of a queue, and only one queue at a time: a caller passes the threshold, or the first in line
the longest-wait limit. When that will be next is known as soon as the line is, and kept in one heap for all queues.
"""

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import NamedTuple

from ccwall.engine.scope import Scope
from ccwall.engine.state import Queue
from ccwall.events import QueueId

EARLY = 1e-3
"""A queue is looked at so many seconds before it is due, so that no rounding can let it be missed."""


class Gauge(NamedTuple):
    """One queue; ``overdue`` by its own formula's threshold, ``missed`` by that of lines and floor, ``of_team`` by that of
    its team (W_T)."""

    waiting: int = 0
    talking: int = 0
    overdue: int = 0
    missed: int = 0
    of_team: int = 0
    limit: int = 0
    """How many may wait."""
    is_late: bool = False
    """Somebody waits longer than the threshold."""
    is_over: bool = False
    """Somebody waits longer than the longest-wait limit."""


NONE = Gauge()


class Earliest:
    """The least of many values that come and go, each under the name of a queue."""

    __slots__ = ("_heap", "_values")

    def __init__(self) -> None:
        self._values: dict[QueueId, float] = {}
        self._heap: list[tuple[float, QueueId]] = []

    def put(self, queue: QueueId, value: float | None) -> None:
        if value == self._values.get(queue):
            return
        if value is None:
            del self._values[queue]
            return
        self._values[queue] = value
        if len(self._heap) > 64 + 4 * len(self._values):  # mostly what is true no more
            self._heap = sorted((at, name) for name, at in self._values.items())
        else:
            heappush(self._heap, (value, queue))

    def get(self) -> float | None:
        while self._heap and self._values.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None


class Around:
    """The gauges of a scope of several queues."""

    __slots__ = ("holds", "late", "limit", "missed", "over", "since", "talking", "talks", "waiting")

    def __init__(self) -> None:
        self.waiting = self.talking = self.missed = self.limit = self.late = self.over = 0
        self.since, self.talks, self.holds = Earliest(), Earliest(), Earliest()

    def exchange(self, before: Gauge, after: Gauge, *, is_team: bool = False) -> None:
        self.waiting += after.waiting - before.waiting
        self.talking += after.talking - before.talking
        self.missed += after.of_team - before.of_team if is_team else after.missed - before.missed
        self.limit += after.limit - before.limit
        self.late += after.is_late - before.is_late
        self.over += after.is_over - before.is_over

    def load(self, ready: int) -> int:
        """How hard the scope is pressed, by the first line that holds.

        5: somebody waits longer than the queue's longest-wait limit, or twice the waiting limits are waiting
        4: somebody waits longer than the threshold, or as many as the waiting limits allow are waiting
        3: more wait than agents are ready
        2: somebody waits, or nobody is ready
        1: nobody waits and somebody is ready
        """
        waiting = self.waiting
        if self.over or (waiting and waiting >= 2 * self.limit):
            return 5
        if self.late or (waiting and waiting >= self.limit):
            return 4
        if waiting > ready:
            return 3
        return 2 if waiting or not ready else 1


class Gauges:
    """The gauges of all queues, the sums over them, and when to look at which again although no fact comes.

    ``thresholds`` says by which thresholds a queue's callers are overdue: the queue's own formula's, the floor's, and its
    team's.
    """

    __slots__ = ("_at", "_due", "_thresholds", "around", "own")

    def __init__(self, thresholds: Callable[[Queue], tuple[float, float, float]]) -> None:
        self._thresholds = thresholds
        self.own: dict[QueueId, Gauge] = {}
        self.around: dict[Scope, Around] = {}
        self._due: list[tuple[float, QueueId]] = []
        self._at: dict[QueueId, float] = {}

    def due(self, now: float) -> set[QueueId]:
        """The queues that time may have changed."""
        found = set[QueueId]()
        while self._due and self._due[0][0] <= now:
            at, queue = heappop(self._due)
            if self._at.get(queue) == at:
                del self._at[queue]
                found.add(queue)
        return found

    def put(self, queue: Queue, known: float, now: float, around: Iterable[Scope]) -> Gauge:
        """Look at a queue again; ``known`` is until when its source is known."""
        own, everywhere, of_team = thresholds = self._thresholds(queue)
        line, limit = queue.line, queue.card.longest_wait_limit
        gauge = Gauge(
            waiting=len(queue.waiting),
            talking=len(queue.talking),
            overdue=queue.overdue(known, own) if line else 0,
            missed=queue.overdue(known, everywhere) if line else 0,
            of_team=queue.overdue(known, of_team) if line else 0,
            limit=queue.card.waiting_limit,
            is_late=bool(line) and known - line[0][0] > queue.card.threshold,
            is_over=bool(line) and known - line[0][0] > limit,
        )
        before = self.own.get(queue.id, NONE)
        self.own[queue.id] = gauge
        since, talks, holds = (queue.line, queue.talks, queue.holds)
        for scope in around:
            sums = self.around.get(scope)
            if sums is None:
                sums = self.around[scope] = Around()
            if gauge != before:
                sums.exchange(before, gauge, is_team=scope.kind == "team")
            sums.since.put(queue.id, since[0][0] if since else None)
            sums.talks.put(queue.id, talks[0][0] if talks else None)
            sums.holds.put(queue.id, holds[0][0] if holds else None)
        self._note(queue, gauge, thresholds, known == now)
        return gauge

    def _note(
        self, queue: Queue, gauge: Gauge, thresholds: tuple[float, float, float], is_known: bool
    ) -> None:
        line = queue.line
        dues = [
            line[passed][0] + threshold
            for passed, threshold in zip(
                (gauge.overdue, gauge.missed, gauge.of_team), thresholds, strict=True
            )
            if passed < len(line)
        ]
        if line and not gauge.is_late:
            dues.append(line[0][0] + queue.card.threshold)
        if line and not gauge.is_over:
            dues.append(line[0][0] + queue.card.longest_wait_limit)
        if not dues or not is_known:  # a number of a source that is away stands still
            self._at.pop(queue.id, None)
            return
        at = min(dues) - EARLY
        if self._at.get(queue.id) != at:
            self._at[queue.id] = at
            heappush(self._due, (at, queue.id))
