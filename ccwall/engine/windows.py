"""Counts in buckets that merge: every window on a board or in a report is a sum of these.

A fact is counted in the bucket of its own time (event time), and an outcome once more in the bucket in which its
contact arrived (arrival cohort). Sums are whole milliseconds, so that merging is exact in any order.
"""

import math
from bisect import bisect_left

import msgspec

from ccwall.engine.day import MINUTE, Frame

FINE = 5
FINE_KEPT = 3600
"""5-second buckets are kept for the last hour, for rolling windows."""

LATE = 300.0
"""A bucket that is changed so much later has been looked at, and is marked as revised."""

LINEAR = 600


def _edges() -> list[int]:
    edges = [LINEAR]
    while edges[-1] < 7 * 86_400:
        edges.append(edges[-1] + edges[-1] // 20)
    return edges


EDGES = _edges()
"""Upper edges above 600 s: each 5 % further, in whole seconds, so that no logarithm has to agree between machines."""


def bin_of(wait: float) -> int:
    """The histogram bin of a wait: ceil(wait) to 600 s, then one bin per 5 %.

    >>> bin_of(0.0), bin_of(20.0), bin_of(20.001), bin_of(600.0), bin_of(600.5), bin_of(631.0)
    (0, 20, 21, 600, 601, 602)
    """
    if wait <= LINEAR:
        return math.ceil(wait)
    return LINEAR + bisect_left(EDGES, wait)


class Bucket(msgspec.Struct, gc=False, omit_defaults=True):
    """Counts of one stretch of time. Outcomes exclude each other: ``abandoned`` is without ``short``.

    ``timed_*`` count those whose wait is known; ``within`` and ``abandoned_within`` are A_T and B_T (short included);
    ``wait`` is Σ wait of the timed answers, ``handling`` Σ talk, hold and wrap-up of the handled, in milliseconds.
    ``longest`` never shrinks: a revised outcome does not take a wait back. ``unseen`` counts visits that only the source's
    own counters know of, when that was found out; ``revised`` the changes made more than `LATE` seconds afterwards.
    """

    offered: int = 0
    answered: int = 0
    timed_answers: int = 0
    within: int = 0
    wait: int = 0
    abandoned: int = 0
    timed_abandons: int = 0
    abandoned_within: int = 0
    short: int = 0
    lost: int = 0
    refused: int = 0
    unseen: int = 0
    revised: int = 0
    handled: int = 0
    handling: int = 0
    longest: int = -1
    flowed_out: dict[str, int] = {}
    answer_waits: dict[int, int] = {}
    abandon_waits: dict[int, int] = {}

    def merge(self, other: "Bucket") -> None:
        """Take the other's counts in, histograms too."""
        self.merge_counts(other)
        _merge_bins(self.answer_waits, other.answer_waits)
        _merge_bins(self.abandon_waits, other.abandon_waits)

    def merge_counts(self, other: "Bucket") -> None:
        """Take the other's counts in, without its histograms."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest = max(self.longest, other.longest)
        for cause, count in other.flowed_out.items():
            self.flowed_out[cause] = self.flowed_out.get(cause, 0) + count

    def outcomes(self) -> int:
        """Contacts that are decided."""
        return self.answered + self.abandoned + self.short + self.lost + sum(self.flowed_out.values())


COUNTS = tuple(
    name
    for name in Bucket.__struct_fields__
    if name not in ("longest", "flowed_out", "answer_waits", "abandon_waits")
)


def _merge_bins(mine: dict[int, int], theirs: dict[int, int]) -> None:
    for edge, count in theirs.items():
        mine[edge] = mine.get(edge, 0) + count


def add(counts: dict[int, int], key: int, n: int) -> None:
    """Add to a sparse count; what becomes 0 is not kept."""
    if total := counts.get(key, 0) + n:
        counts[key] = total
    else:
        counts.pop(key, None)


class Books(msgspec.Struct, gc=False):
    """The buckets of one queue, by start of bucket. Days and intervals are kept sums of the minutes."""

    fine: dict[int, Bucket] = {}
    minutes: dict[int, Bucket] = {}
    intervals: dict[int, Bucket] = {}
    days: dict[int, Bucket] = {}

    def at(self, at: float, frame: Frame) -> tuple[Bucket, ...]:
        """The buckets in which a fact of that time is counted; none when its business day is closed."""
        day = frame.day_of(at)
        if day is None:
            return ()
        second = int(at)
        return (
            _bucket(self.days, day),
            _bucket(self.intervals, second - second % frame.length),
            _bucket(self.minutes, second - second % MINUTE),
        )

    def fine_at(self, at: float, now: float) -> Bucket | None:
        """The 5-second bucket, None when it is more than an hour ago."""
        if at <= now - FINE_KEPT:
            return None
        start = int(at) - int(at) % FINE
        if start not in self.fine:
            while self.fine and (oldest := next(iter(self.fine))) < now - FINE_KEPT - FINE:
                del self.fine[oldest]
        return _bucket(self.fine, start)

    def close_before(self, day_start: int, length: int) -> None:
        """Forget what belongs to days that are over."""
        first_interval = day_start // length * length
        for kept, first in (
            (self.days, day_start),
            (self.minutes, day_start),
            (self.intervals, first_interval),
        ):
            for start in [start for start in kept if start < first]:
                del kept[start]

    def clear(self) -> None:
        self.fine.clear()
        self.minutes.clear()
        self.intervals.clear()
        self.days.clear()


def _bucket(kept: dict[int, Bucket], start: int) -> Bucket:
    bucket = kept.get(start)
    if bucket is None:
        bucket = kept[start] = Bucket()
    return bucket


def window(books: Books, start: float, end: float) -> Bucket:
    """The sum of the minutes in [start, end), whose edges are whole minutes."""
    total = Bucket()
    for minute, bucket in books.minutes.items():
        if start <= minute < end:
            total.merge(bucket)
    return total
