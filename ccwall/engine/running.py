"""Sums that follow the books: what a board shows of many queues, and of the last minutes, without adding up anew.

Sums are sparse: a dictionary from what is counted to how many, and absent where there is nothing. What is added is the
contents of a bucket, or the difference between two looks at it, so that a sum costs what changed and not what there is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Literal

import msgspec

from ccwall.engine.day import MINUTE
from ccwall.engine.scope import ROLLING, STEP, Scope
from ccwall.engine.windows import LONGEST, Books, Bucket
from ccwall.events import QueueId

Key = str | tuple[str, str]
"""A count of `Bucket`; a cause of one of its dictionaries; ``("level", …)`` and ``("own", …)``: parts of service levels."""
Sparse = dict[Key, int]
Basis = Literal["events", "cohorts"]
BASES: tuple[Basis, ...] = ("events", "cohorts")
Leveller = Callable[[Bucket], Mapping[Key, int]]
"""What a bucket adds to service levels."""

BY_CAUSE = ("flowed_out", "refused")
COUNTS = tuple(
    field
    for field in Bucket.__struct_fields__
    if field not in (*BY_CAUSE, *LONGEST) and not isinstance(getattr(Bucket(), field), dict)
)
_counts = attrgetter(*COUNTS)
_longest = attrgetter(*LONGEST)

Waits = tuple[int, int, int]
"""The longest waits of the answered, the abandoned and the others, milliseconds; -1 where there is none."""
NO_WAITS: Waits = (-1, -1, -1)

FAR = 60
"""Seconds between two looks after which rolling sums are made anew."""


def contents(bucket: Bucket, level: Leveller | None = None) -> Sparse:
    """All that is counted in a bucket, without its histograms and its longest waits."""
    found: Sparse = {name: n for name, n in zip(COUNTS, _counts(bucket), strict=True) if n}
    if bucket.flowed_out:
        found.update((("flowed_out", cause), n) for cause, n in bucket.flowed_out.items())
    if bucket.refused:
        found.update((("refused", cause), n) for cause, n in bucket.refused.items())
    if level is not None:
        found.update(level(bucket))
    return found


def longest(bucket: Bucket) -> Waits:
    answered, abandoned, other = _longest(bucket)
    return answered, abandoned, other


def add(total: Sparse, more: Mapping[Key, int], sign: int = 1) -> None:
    for key, n in more.items():
        if result := total.get(key, 0) + sign * n:
            total[key] = result
        else:
            total.pop(key, None)


def difference(before: Sparse, after: Sparse) -> Sparse:
    changed = {key: n - before.get(key, 0) for key, n in after.items() if before.get(key) != n}
    changed.update((key, -n) for key, n in before.items() if key not in after)
    return changed


def bucket_of(total: Sparse, waits: Waits = NO_WAITS) -> Bucket:
    """The sum as a bucket without histograms."""
    counts: dict[str, int] = {}
    causes: dict[str, dict[str, int]] = {}
    for key, n in total.items():
        if isinstance(key, str):
            counts[key] = n
        elif key[0] in BY_CAUSE:
            causes.setdefault(key[0], {})[key[1]] = n
    answered, abandoned, other = waits
    return msgspec.structs.replace(
        EMPTY, longest_answered=answered, longest_abandoned=abandoned, longest_other=other, **counts, **causes
    )


EMPTY = Bucket()


class Sums:
    """One window of one scope, by event time and by cohort."""

    __slots__ = ("cohorts", "events")

    def __init__(self) -> None:
        self.events: Sparse = {}
        self.cohorts: Sparse = {}

    def add(self, basis: Basis, more: Mapping[Key, int], sign: int = 1) -> None:
        add(self.events if basis == "events" else self.cohorts, more, sign)

    def exchange(self, basis: Basis, after: Sparse) -> Sparse:
        """Take the new contents; what differs."""
        changed = difference(self.events if basis == "events" else self.cohorts, after)
        if basis == "events":
            self.events = after
        else:
            self.cohorts = after
        return changed


class Longest:
    """The longest waits of many queues in one window: the maximum by scope, of the maxima of its queues."""

    __slots__ = ("_members", "_own", "_top")

    def __init__(self) -> None:
        self._own: dict[QueueId, Waits] = {}
        self._top: dict[Scope, list[int]] = {}
        self._members: dict[Scope, dict[QueueId, None]] = {}

    def put(self, queue: QueueId, waits: Waits, around: Iterable[Scope]) -> bool:
        """A queue's own longest waits are these now; whether they were others."""
        before = self._own.get(queue, NO_WAITS)
        if waits == before:
            return False
        self._own[queue] = waits
        for scope in around:
            self._members.setdefault(scope, {})[queue] = None
            top = self._top.setdefault(scope, [-1, -1, -1])
            for kind in range(3):
                if waits[kind] >= top[kind]:
                    top[kind] = waits[kind]
                elif before[kind] == top[kind]:
                    top[kind] = max(self._own[other][kind] for other in self._members[scope])
        return True

    def of(self, scope: Scope) -> Waits:
        answered, abandoned, other = self._top.get(scope, NO_WAITS)
        return answered, abandoned, other


class Rolling:
    """The rolling windows of one set of books, in steps of 5 seconds; ``end`` is that of the last step taken in.

    ``also`` are sums of other scopes that are to follow. Of the longest waits it is known in which minutes they were, so
    that they are looked for again when such a minute leaves.
    """

    __slots__ = ("_also", "_books", "_level", "_tops", "end", "sums")

    def __init__(
        self,
        events: Books,
        cohorts: Books,
        end: int,
        level: Leveller,
        also: Iterable[Mapping[int, Sums]] = (),
    ) -> None:
        self._books = (events, cohorts)
        self._level = level
        self._also = tuple(also)
        self.end = end
        self.sums = {minutes: Sums() for minutes in ROLLING}
        self._tops: dict[int, tuple[list[int], list[int]]] = {
            minutes: ([-1, -1, -1], [0, 0, 0]) for minutes in ROLLING
        }
        for windows, pair in self._pieces(ROLLING):
            for basis, bucket in zip(BASES, pair, strict=True):
                if bucket is not None:
                    self._put(basis, windows, contents(bucket, level if basis == "events" else None), 1)
        for minutes in ROLLING:
            self._scan(minutes)

    def _pieces(
        self, asked: Iterable[int]
    ) -> Iterator[tuple[list[int], tuple[Bucket | None, Bucket | None]]]:
        """What windows are made of, events and cohorts: whole minutes, and steps at both ends."""
        events, cohorts = self._books
        last = self.end - self.end % MINUTE
        for start in range(last, self.end, STEP):
            yield list(asked), (events.fine.get(start), cohorts.fine.get(start))
        for start in range(last - MINUTE, self.end - MINUTE * max(asked) - 1, -MINUTE):
            windows = [minutes for minutes in asked if start >= self.end - MINUTE * minutes]
            yield windows, (events.minutes.get(start), cohorts.minutes.get(start))
        for minutes in asked:
            first = self.end - MINUTE * minutes
            for start in range(first, first + -first % MINUTE, STEP):
                yield [minutes], (events.fine.get(start), cohorts.fine.get(start))

    def waits(self, minutes: int) -> Waits:
        answered, abandoned, other = self._tops[minutes][0]
        return answered, abandoned, other

    def leave(self) -> None:
        """Take all of it out of the other scopes' sums."""
        for minutes, own in self.sums.items():
            for others in self._also:
                others[minutes].add("events", own.events, -1)
                others[minutes].add("cohorts", own.cohorts, -1)

    def reaches(self, end: int) -> bool:
        """Whether `advance` can go there."""
        return self.end <= end <= self.end + FAR

    def advance(self, end: int) -> set[int]:
        """Let the windows end later; those whose numbers may be others now."""
        changed = set[int]()
        before, self.end = self.end, end
        for start in range(before, end, STEP):
            changed |= self._enter(start, ROLLING)
        for minutes in ROLLING:
            for start in range(before - MINUTE * minutes, end - MINUTE * minutes, STEP):
                if self._exit(start, minutes):
                    changed.add(minutes)
        return changed

    def amend(self, basis: Basis, start: int, more: Bucket) -> set[int]:
        """So much was booked into a step that was taken in before; the windows it is in."""
        windows = [minutes for minutes in ROLLING if self.end - MINUTE * minutes <= start < self.end]
        if not windows:
            return set()
        self._put(basis, windows, contents(more, self._level if basis == "events" else None), 1)
        if basis == "events":
            self._look_at(start, windows)
        return set(windows)

    def _enter(self, start: int, windows: Iterable[int]) -> set[int]:
        found = False
        for basis, books in zip(BASES, self._books, strict=True):
            bucket = books.fine.get(start)
            if bucket is not None:
                found = True
                self._put(basis, windows, contents(bucket, self._level if basis == "events" else None), 1)
                if basis == "events":
                    self._raise(start, longest(bucket), windows)
        return set(windows) if found else set()

    def _exit(self, start: int, minutes: int) -> bool:
        found, (top, where) = False, self._tops[minutes]
        for basis, books in zip(BASES, self._books, strict=True):
            bucket = books.fine.get(start)
            if bucket is not None:
                found = True
                self._put(basis, (minutes,), contents(bucket, self._level if basis == "events" else None), -1)
        if start // MINUTE in where:
            left = self._books[0].fine.get(start)
            waits = NO_WAITS if left is None else longest(left)
            if left is None or any(0 <= wait == top[kind] for kind, wait in enumerate(waits)):
                self._scan(minutes)
        return found

    def _put(self, basis: Basis, windows: Iterable[int], more: Mapping[Key, int], sign: int) -> None:
        for minutes in windows:
            self.sums[minutes].add(basis, more, sign)
            for others in self._also:
                others[minutes].add(basis, more, sign)

    def _raise(self, start: int, waits: Waits, windows: Iterable[int]) -> None:
        """Longest waits came into these windows."""
        for minutes in windows:
            top, where = self._tops[minutes]
            for kind, wait in enumerate(waits):
                if wait >= 0 and wait >= top[kind]:
                    top[kind], where[kind] = wait, start // MINUTE

    def _look_at(self, start: int, windows: Iterable[int]) -> None:
        """The longest waits of this step may be others than before: lower ones, even."""
        bucket = self._books[0].fine.get(start)
        if bucket is not None:
            self._raise(start, longest(bucket), windows)
        for minutes in windows:
            if bucket is None or start // MINUTE in self._tops[minutes][1]:
                self._scan(minutes)

    def _scan(self, minutes: int) -> None:
        """The longest waits of a window, and in which minutes they are, anew."""
        top, where = [-1, -1, -1], [0, 0, 0]
        for start, bucket in self._of_events(minutes):
            if bucket is not None:
                for kind, wait in enumerate(longest(bucket)):
                    if wait > top[kind]:
                        top[kind], where[kind] = wait, start // MINUTE
        self._tops[minutes] = top, where

    def _of_events(self, minutes: int) -> Iterator[tuple[int, Bucket | None]]:
        events, first, last = self._books[0], self.end - MINUTE * minutes, self.end - self.end % MINUTE
        whole = first + -first % MINUTE
        for start in (*range(last, self.end, STEP), *range(first, whole, STEP)):
            yield start, events.fine.get(start)
        for start in range(whole, last, MINUTE):
            yield start, events.minutes.get(start)
