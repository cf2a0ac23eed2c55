"""Counts in buckets that merge: every window on a board or in a report is a sum of these.

A fact is counted in the bucket of its own time (event time), and what became of a contact once more in the bucket in
which that contact arrived (arrival cohort). Sums are whole milliseconds, so that merging is exact in any order.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from ccwall.engine.day import MINUTE, Frame

FINE = 5
FINE_KEPT = 3600
"""5-second buckets are kept for the last hour, and minutes from so long before the day on: rolling windows go on over
midnight."""
SPARE = 120
"""5-second buckets are kept so much longer, for whoever has looked a while ago and takes out now what has left a window."""

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


def edge_of(key: int) -> int:
    """The longest wait of that bin, whole seconds.

    >>> edge_of(20), edge_of(600), edge_of(601), edge_of(bin_of(631.0))
    (20, 600, 630, 661)
    """
    return key if key <= LINEAR else EDGES[min(key - LINEAR, len(EDGES) - 1)]


Key = TypeVar("Key", int, str)

_NO_BINS: dict[int, int] = {}
_NO_CAUSES: dict[str, int] = {}


def _no_bins() -> dict[int, int]:
    return _NO_BINS


def _no_causes() -> dict[str, int]:
    return _NO_CAUSES


class Bucket(msgspec.Struct, gc=False, array_like=True):
    """Counts of one stretch of time. All durations are whole milliseconds.

    Outcomes exclude each other, so that offered = answered + abandoned + short + Σ flowed_out + callbacks + errors + lost
    + those in progress; ``abandoned`` is without ``short``. ``timed_*`` count those whose wait is known; ``within`` and
    ``abandoned_within`` are A_T and B_T (short included), ``callbacks_within`` the same of callbacks.

    There are very many of these, most with little in them: an empty mapping may be shared, so who adds to one that is
    empty gives the bucket a new one (`more`, `merged`).
    """

    offered: int = 0
    repeats: int = 0
    """of the offered, those whose caller had called before, in the 24 hours before"""
    answered: int = 0
    timed_answers: int = 0
    within: int = 0
    wait: int = 0
    """Σ wait of the timed answers"""
    abandoned: int = 0
    timed_abandons: int = 0
    abandoned_within: int = 0
    abandon_wait: int = 0
    """Σ wait of the timed abandons, without the short ones"""
    short: int = 0
    short_wait: int = 0
    flowed_out: dict[str, int] = msgspec.field(default_factory=_no_causes)
    """by cause; callbacks and errors are counted apart"""
    timed_flow_outs: int = 0
    flow_wait: int = 0
    """Σ wait of flow-outs, callbacks and errors whose wait is known; `timed_flow_outs` counts them"""
    callbacks: int = 0
    callbacks_within: int = 0
    errors: int = 0
    lost: int = 0
    ghosts: int = 0
    """ends that nobody told and that time made believed; of waits (these are in ``lost``) and of conversations"""
    refused: dict[str, int] = msgspec.field(default_factory=_no_causes)
    """blocked, by cause; never offered"""
    unseen: int = 0
    """visits that only the source's own counters know of, when that was found out"""
    revised: int = 0
    """changes made more than `LATE` seconds afterwards"""
    missed: int = 0
    """alerting attempts left ringing (RONA), when they ended"""
    declined: int = 0
    """alerting attempts rejected or busy (ring time 0)"""
    cancelled: int = 0
    """alerting attempts that ended with nobody to blame"""
    handled: int = 0
    talk: int = 0
    """Σ talk of the handled, without hold"""
    hold: int = 0
    wrap: int = 0
    held: int = 0
    """of the handled, those that were on hold at least once"""
    transferred: int = 0
    """of the handled, those passed on"""
    planned: int = 0
    dialled: int = 0
    connected: int = 0
    failed: int = 0
    completed: int = 0
    conversed: int = 0
    """outbound attempts that ended after they had been connected"""
    outbound_talk: int = 0
    """Σ talk of those, when they ended"""
    longest_answered: int = -1
    longest_abandoned: int = -1
    """short ones included"""
    longest_other: int = -1
    answer_waits: dict[int, int] = msgspec.field(default_factory=_no_bins)
    abandon_waits: dict[int, int] = msgspec.field(default_factory=_no_bins)
    """short ones included"""
    abandon_edges: dict[int, int] = msgspec.field(default_factory=_no_bins)
    """abandons whose wait was exactly that many whole seconds, so that "shorter than S" is exact for every whole S"""
    callback_waits: dict[int, int] = msgspec.field(default_factory=_no_bins)
    ratings: int = 0
    """visits whose party rated the service, when it did"""
    satisfied: int = 0
    """of these, those in the top two boxes"""

    @property
    def handling(self) -> int:
        return self.talk + self.hold + self.wrap

    @property
    def longest(self) -> int:
        """The longest finished wait, however it ended; -1 when none is known."""
        return max(self.longest_answered, self.longest_abandoned, self.longest_other)

    @property
    def flow_outs(self) -> int:
        """Of all causes; without callbacks and errors."""
        return sum(self.flowed_out.values())

    @property
    def blocked(self) -> int:
        return sum(self.refused.values())

    def outcomes(self) -> int:
        """Contacts that are decided."""
        left = self.flow_outs + self.callbacks + self.errors
        return self.answered + self.abandoned + self.short + left + self.lost

    def merge(self, other: "Bucket") -> None:
        """Take the other's counts in. Differences may be merged too, but for the longest."""
        self.offered += other.offered
        self.repeats += other.repeats
        self.answered += other.answered
        self.timed_answers += other.timed_answers
        self.within += other.within
        self.wait += other.wait
        self.abandoned += other.abandoned
        self.timed_abandons += other.timed_abandons
        self.abandoned_within += other.abandoned_within
        self.abandon_wait += other.abandon_wait
        self.short += other.short
        self.short_wait += other.short_wait
        self.timed_flow_outs += other.timed_flow_outs
        self.flow_wait += other.flow_wait
        self.callbacks += other.callbacks
        self.callbacks_within += other.callbacks_within
        self.errors += other.errors
        self.lost += other.lost
        self.ghosts += other.ghosts
        self.unseen += other.unseen
        self.revised += other.revised
        self._merge_people(other)
        self._merge_outbound(other)
        self.longest_answered = max(self.longest_answered, other.longest_answered)
        self.longest_abandoned = max(self.longest_abandoned, other.longest_abandoned)
        self.longest_other = max(self.longest_other, other.longest_other)
        self._merge_sparse(other)

    def _merge_people(self, other: "Bucket") -> None:
        self.missed += other.missed
        self.declined += other.declined
        self.cancelled += other.cancelled
        self.handled += other.handled
        self.talk += other.talk
        self.hold += other.hold
        self.wrap += other.wrap
        self.held += other.held
        self.transferred += other.transferred
        self.ratings += other.ratings
        self.satisfied += other.satisfied

    def _merge_outbound(self, other: "Bucket") -> None:
        self.planned += other.planned
        self.dialled += other.dialled
        self.connected += other.connected
        self.failed += other.failed
        self.completed += other.completed
        self.conversed += other.conversed
        self.outbound_talk += other.outbound_talk

    def _merge_sparse(self, other: "Bucket") -> None:
        if other.answer_waits:
            self.answer_waits = merged(self.answer_waits, other.answer_waits)
        if other.abandon_waits:
            self.abandon_waits = merged(self.abandon_waits, other.abandon_waits)
        if other.abandon_edges:
            self.abandon_edges = merged(self.abandon_edges, other.abandon_edges)
        if other.callback_waits:
            self.callback_waits = merged(self.callback_waits, other.callback_waits)
        if other.flowed_out:
            self.flowed_out = merged(self.flowed_out, other.flowed_out)
        if other.refused:
            self.refused = merged(self.refused, other.refused)


LONGEST = ("longest_answered", "longest_abandoned", "longest_other")
"""The fields of a bucket that are maxima, not sums."""


def merged(mine: dict[Key, int], theirs: dict[Key, int]) -> dict[Key, int]:
    """The sum of two sparse counts, in the first of them unless that is empty."""
    if not mine:
        return dict(theirs)
    for key, count in theirs.items():
        mine = more(mine, key, count)
    return mine


def more(counts: dict[Key, int], key: Key, n: int) -> dict[Key, int]:
    """The sparse counts with ``n`` more of this one; what becomes 0 is not kept."""
    if not counts:
        return {key: n}
    if total := counts.get(key, 0) + n:
        counts[key] = total
    else:
        del counts[key]
    return counts


_NOWHERE: tuple[Bucket, ...] = ()


class Books(msgspec.Struct, dict=True):
    """The buckets of one queue or team, by start of bucket. Days and intervals are kept sums of the minutes."""

    fine: dict[int, Bucket] = {}
    minutes: dict[int, Bucket] = {}
    intervals: dict[int, Bucket] = {}
    days: dict[int, Bucket] = {}

    # Not kept, of `gather`: the step that was booked last, the oldest kept then, and the buckets of that step.
    step = -1
    oldest = -1
    reached = _NOWHERE

    def close_before(self, frame: Frame) -> None:
        """Forget what belongs to days that are over."""
        for kept, first in (
            (self.days, frame.start),
            (self.minutes, frame.start - FINE_KEPT),
            (self.intervals, frame.interval_of(frame.start)),
        ):
            for start in [start for start in kept if start < first]:
                del kept[start]

    def between(self, start: int, end: int) -> Bucket:
        """The sum of [start, end), in steps of 5 seconds: of whole minutes, and of what is finer at both ends."""
        total = Bucket()
        first = min(end, start + -start % MINUTE)
        last = max(first, end - end % MINUTE)
        for kept, marks in (
            (self.fine, range(start, first, FINE)),
            (self.minutes, range(first, last, MINUTE)),
            (self.fine, range(last, end, FINE)),
        ):
            for mark in marks:
                if (bucket := kept.get(mark)) is not None:
                    total.merge(bucket)
        return total


class Amended:
    """What was booked into 5-second steps after somebody had taken them in: only that, by books and step.

    Steps that begin before ``before`` have been taken in; 0 while nobody looks.
    """

    __slots__ = ("before", "found")

    def __init__(self) -> None:
        self.before = 0
        self.found: dict[tuple[int, int], Bucket] = {}

    @property
    def is_full(self) -> bool:
        """So much that it is less work to look at everything again."""
        return len(self.found) >= MOST_AMENDED

    def of(self, books: Books, start: int) -> Bucket:
        """What is booked into this one as well is the difference; its longest waits say nothing."""
        bucket = self.found.get((id(books), start))
        if bucket is None:
            bucket = self.found[id(books), start] = Bucket()
            if self.is_full:
                self.before = 0
        return bucket


MOST_AMENDED = 20_000


def gather(
    books: Iterable[Books], at: float, frame: Frame, now: float, amended: Amended | None = None
) -> list[Bucket]:
    """The buckets in which a fact of that time is counted: of each of the books one by level.

    Days that are over are closed; their last hour stays open by minutes, and so does an interval that runs into the
    next day.
    """
    found: list[Bucket] = []
    if at < frame.start - FINE_KEPT:
        return found
    second = int(at)
    step = second - second % FINE
    oldest = int(now - now % FINE) - FINE_KEPT - SPARE
    for each in books:
        if each.step == step and each.oldest == oldest:
            found += each.reached
        else:
            found += reach(each, step, oldest, frame)
        if amended is not None and step < amended.before:
            found.append(amended.of(each, step))
    return found


def reach(books: Books, step: int, oldest: int, frame: Frame) -> tuple[Bucket, ...]:
    """The buckets of a 5-second step; remembered, since a fact seldom comes alone."""
    minute, interval = step - step % MINUTE, step - step % frame.length
    found = [_bucket(books.minutes, minute)]
    if step >= frame.start:
        found.append(_bucket(books.intervals, interval))
        found.append(_bucket(books.days, frame.start if step < frame.end else frame.end))
    elif interval == frame.interval_of(frame.start):
        found.append(_bucket(books.intervals, interval))
    if step >= oldest:
        fine = books.fine
        if step not in fine:
            while fine and (first := next(iter(fine))) < oldest:
                del fine[first]
        found.append(_bucket(fine, step))
    books.step, books.oldest, books.reached = step, oldest, tuple(found)
    return books.reached


def _bucket(kept: dict[int, Bucket], start: int) -> Bucket:
    bucket = kept.get(start)
    if bucket is None:
        bucket = kept[start] = Bucket()
    return bucket
