"""The curve of the day: of those who arrived in each interval, whenever they were answered, the service level.

Each queue's part in a point is known from the last look, so that a caller's end moves one point by its difference.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from msgspec import structs

from ccwall.engine.day import Frame
from ccwall.engine.metrics import SERVICE_LEVELS
from ccwall.engine.missed import of_calls, wait_touched
from ccwall.engine.numbers import RATE_DIGITS, judged_by, rounded
from ccwall.engine.running import Key, Sparse, add, difference
from ccwall.engine.state import Queue, State, Stretch
from ccwall.engine.totals import NONE, levels, tally_of
from ccwall.engine.windows import Bucket
from ccwall.engine.yesterday import Past, Yesterday
from ccwall.events import QueueId

LATE = ("level", "overdue")


class Curve:
    """The points of one day."""

    def __init__(self, day: Frame, everywhere: str) -> None:
        self.day, self._everywhere = day, everywhere
        self._first = day.interval_of(day.start)
        self._parts: dict[int, dict[QueueId, Sparse]] = {}
        self._sums: dict[int, Sparse] = {}
        self._overdue: dict[QueueId, dict[int, int]] = {}
        self._points: dict[int, list[object]] = {}
        self._stale: set[int] = set()
        self._marked: set[int] = set()
        self._cut: tuple[int, set[int]] = (0, set())

    def put(self, queue: Queue, known: float, starts: Iterable[int]) -> None:
        """Look at a queue again: at those who arrived in these intervals, and at who is overdue."""
        for start in starts:
            if not self._first <= start < self.day.end:
                continue
            parts = self._parts.setdefault(start, {})
            after = self._part(queue, queue.cohorts.intervals.get(start, NONE))
            if changed := difference(parts.get(queue.id, {}), after):
                parts[queue.id] = after
                self._add(start, changed)
        overdue, before = self._late(queue, known), self._overdue.get(queue.id, {})
        if overdue != before:
            self._overdue[queue.id] = overdue
            for start in overdue.keys() | before.keys():
                self._add(start, {LATE: overdue.get(start, 0) - before.get(start, 0)})

    def _add(self, start: int, changed: Mapping[Key, int]) -> None:
        add(self._sums.setdefault(start, {}), changed)
        self._stale.add(start)

    def _part(self, queue: Queue, arrived: Bucket) -> Sparse:
        part = dict(levels(queue.card, self._everywhere, arrived))
        own = {"offered": arrived.offered, "revised": arrived.revised}
        part.update((name, n) for name, n in own.items() if n)
        return part

    def _late(self, queue: Queue, known: float) -> dict[int, int]:
        """W_T by the interval of arrival."""
        line, threshold = queue.line, judged_by(queue.card, self._everywhere).threshold
        n = queue.overdue(known, threshold) if line else 0
        if not n:
            return {}
        length = self.day.length
        starts = range(self.day.interval_of(line[0][0]), self.day.interval_of(line[n - 1][0]) + 1, length)
        if len(starts) == 1:
            return {starts[0]: n}
        by_start = {start: queue.overdue_of(start, start + length, known, threshold) for start in starts}
        return {start: n for start, n in by_start.items() if n}

    @property
    def is_stale(self) -> bool:
        return bool(self._stale)

    def points(self, last: int) -> list[object]:
        """From the first interval in which somebody came to the last one: [start, service level, offered]."""
        for start in self._stale:
            if start >= self._first:
                self._points[start] = self._point(start)
        self._stale.clear()
        filled = [
            start for start, point in self._points.items() if start <= last and (point[-1] or len(point) > 2)
        ]
        whole = range(min(filled), last + 1, self.day.length) if filled else ()
        return [self._points.get(start) or [start, 0] for start in whole]

    def _point(self, start: int) -> list[object]:
        total = self._sums[start]
        offered = total.get("offered", 0)
        counted = tally_of(total, "level", total.get(LATE, 0))
        level = rounded(SERVICE_LEVELS[self._everywhere](counted), RATE_DIGITS)
        return [start, offered] if level is None else [start, level, offered]

    # ── marks ──

    def revised(self, last: int) -> list[object]:
        """What was told otherwise long after."""
        return [
            start for start, total in sorted(self._sums.items()) if total.get("revised") and start <= last
        ]

    def incomplete(self, state: State, last: int, stretches: bool, starts: set[int]) -> list[object]:
        """What misses something: worked out anew when the stretches are others, or a visit that they cut is."""
        cut, known = len(state.cut), self._cut
        if stretches or known[0] != cut or known[1] & starts:
            self._mark(state, last)
        return [start for start in sorted(self._marked) if self._first <= start <= last]

    def _mark(self, state: State, last: int) -> None:
        marked, length, cut = set[int](), self.day.length, set[int]()
        for stretch in of_calls(state):
            marked |= self._starts(stretch, last + length)
        for id in state.cut if state.stretches else ():
            contact = state.contacts.get(id)
            if contact is not None:
                start = self.day.interval_of(contact.queued)
                cut.add(start)
                if start not in marked and wait_touched(state, contact):
                    marked.add(start)
        self._marked, self._cut = marked, (len(state.cut), cut)

    def _starts(self, stretch: Stretch, last: int) -> set[int]:
        """The intervals of today, up to now, into which it falls."""
        length = self.day.length
        first = self.day.interval_of(max(stretch.start, self.day.start))
        end = last if stretch.end is None else min(stretch.end, last)
        return {start for start in range(first, last, length) if start < end}


def made(state: State, day: Frame, now: float) -> Curve:
    """The curve anew from the books."""
    curve = Curve(day, state.policy.default.variant)
    for queue in state.queues.values():
        curve.put(queue, state.known_at(queue.source, now), queue.cohorts.intervals)
    return curve


def kept(state: State) -> Yesterday:
    """The curve of the day that the state is in, as it is at the end of that day."""
    day = state.frame
    last = day.interval_of(day.end - 1)
    curve = made(state, day, day.end)
    points = tuple(_past(cast(list[float], point)) for point in curve.points(last))
    marked = curve.incomplete(state, last, True, set()) if points else []
    return Yesterday(day.start, day.end, day.length, points, tuple(cast(list[int], marked)))


def _past(point: list[float]) -> Past:
    return Past(int(point[0]), int(point[-1]), point[1] if len(point) > 2 else None)


def yesterday(state: State, day: Frame) -> Yesterday | None:
    """The day before this one, if the house has watched it; an outage that reached into it may have been told since."""
    found = kept(state) if state.frame.end == day.start else state.yesterday
    if found.end != day.start or not found.points:
        return None
    marked = set(found.incomplete)
    for stretch in of_calls(state):
        end = found.end if stretch.end is None else min(stretch.end, found.end)
        marked |= {p.start for p in found.points if stretch.start < p.start + found.length and p.start < end}
    return structs.replace(found, incomplete=tuple(sorted(marked)))
