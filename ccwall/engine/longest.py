"""The longest waits stay exact when an outcome is revised.

A sum gives back what was put in; a maximum does not. When the longest wait of a bucket is taken out, the bucket of its
minute is looked through again, by the visits in memory, and what is longer than a minute is the maximum of its minutes.
"""

from collections.abc import Iterable, Iterator

from ccwall.engine.day import MINUTE
from ccwall.engine.state import Queue, State, Team
from ccwall.engine.visits import Contact
from ccwall.engine.windows import FINE, Books, Bucket


def remember_wait(state: State, c: Contact, at: float) -> None:
    """This visit, decided at ``at``, is to be found by the minutes in which it is booked."""
    arrived, decided = int(c.queued) // MINUTE, int(at) // MINUTE
    for minute in (decided,) if arrived == decided else (arrived, decided):
        visits = state.decided.get(minute)
        if visits is None:
            state.decided[minute] = {c.id: None}
        else:
            visits[c.id] = None


def forget_wait(state: State, c: Contact, at: float) -> None:
    for minute in {int(c.queued) // MINUTE, int(at) // MINUTE}:
        if minute in state.decided:
            state.decided[minute].pop(c.id, None)


def reindex(state: State) -> None:
    """The index, made from the contacts alone."""
    state.decided = {}
    for c in state.contacts.values():
        if c.wait is not None and c.decided is not None and c.outcome != "lost":
            remember_wait(state, c, c.decided)


def forget_minutes_before(state: State, start: int) -> None:
    state.decided = {minute: ids for minute, ids in state.decided.items() if minute * MINUTE >= start}


def lower(state: State, queue: Queue, team: Team, c: Contact, at: float, waited: int) -> None:
    """``waited`` was just taken out of the books: where it was the longest, another is."""
    level = _level(c)
    for books, moment, when, of_team in (
        (queue.events, at, _decided, False),
        (team.events, at, _decided, True),
        (queue.cohorts, c.queued, _arrived, False),
        (team.cohorts, c.queued, _arrived, True),
    ):
        # It may have been the longest of its step and not of the minute.
        minute, step = int(moment) // MINUTE * MINUTE, int(moment) // FINE * FINE
        around = (books.minutes.get(minute), books.fine.get(step))
        if all(bucket is None or getattr(bucket, level) != waited for bucket in around):
            continue
        waits = [
            (when(other), round(other.wait * 1000))
            for other in _of_minute(state, int(moment) // MINUTE)
            if other.wait is not None
            and _level(other) == level
            and (other.team == team.id if of_team else other.queue == queue.id)
        ]
        _lower_books(state, books, moment, level, waited, waits)


def _of_minute(state: State, minute: int) -> Iterator[Contact]:
    for id in state.decided.get(minute, ()):
        if (contact := state.contacts.get(id)) is not None:
            yield contact


def _lower_books(
    state: State, books: Books, moment: float, level: str, waited: int, waits: list[tuple[float, int]]
) -> None:
    """``waits`` are those of the visits in memory that may be in the same minute: when each counts, and its length."""
    second, frame = int(moment), state.frame
    for kept, length in ((books.fine, FINE), (books.minutes, MINUTE)):
        start = second - second % length
        _set(kept.get(start), level, waited, (wait for then, wait in waits if start <= then < start + length))
    start = frame.interval_of(moment)
    inside = (books.minutes.get(minute) for minute in range(start, start + frame.length, MINUTE))
    _set(books.intervals.get(start), level, waited, (getattr(b, level) for b in inside if b is not None))
    day = frame.day_of(moment)
    if day is not None:
        of_day = (b for minute, b in books.minutes.items() if frame.day_of(minute) == day)
        _set(books.days.get(day), level, waited, (getattr(b, level) for b in of_day))


def _set(bucket: Bucket | None, level: str, waited: int, waits: Iterable[int]) -> None:
    if bucket is not None and getattr(bucket, level) == waited:
        setattr(bucket, level, max(waits, default=-1))


def _level(c: Contact) -> str:
    """The field that this wait is the longest of."""
    return {"answered": "longest_answered", "abandoned": "longest_abandoned"}.get(c.outcome, "longest_other")


def _decided(c: Contact) -> float:
    return c.queued if c.decided is None else c.decided


def _arrived(c: Contact) -> float:
    return c.queued
