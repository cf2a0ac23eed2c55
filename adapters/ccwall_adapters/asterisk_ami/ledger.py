"""What the queues' own counters say that nobody told: visits that ended while we did not hear the PBX.

`Completed` counts a conversation when the agent's part of it ends (trap 6), or never (trap 7); until then the member is
`InCall`. `Abandoned` counts every exit but those by key (traps 2, 3), before the caller has left the list. Both fall
to 0 by a restart, a reload of the module and `queue reset stats`, of which nobody tells (trap 38).

So between two snapshots each visit we know can explain one increase at most, of one counter. What is left after every
explanation is a visit that nobody saw. In doubt a visit explains: the result is a lower bound. It is worked out only
after an outage, and told `SETTLE` seconds after the list, because events of before the list may follow it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ccwall.events import ContactId

from .telling import Visit

MOST_REMEMBERED = 100_000
"""Visits since the last snapshot; with more the counters are not looked at until the next one."""


@dataclass(slots=True)
class Counted:
    """One queue in one snapshot."""

    completed: int
    abandoned: int

    def fell(self, before: "Counted") -> bool:
        return self.completed < before.completed or self.abandoned < before.abandoned


@dataclass(slots=True)
class Period:
    """What may explain an increase of one queue's counters since its snapshot; a visit that vanished while it waited
    explains either. `strays` are ends of conversations we had given up, and conversations that no list could name."""

    base: Counted | None = None
    talked: set[ContactId] = field(default_factory=set)
    left: set[ContactId] = field(default_factory=set)
    vanished: set[ContactId] = field(default_factory=set)
    strays: int = 0

    def restart(self) -> None:
        """The counters began again, and nothing known has been counted yet."""
        self.base, self.strays = Counted(0, 0), 0
        for known in (self.talked, self.left, self.vanished):
            known.clear()

    def take_in(self, later: "Period") -> None:
        """The snapshot between the two is not believed."""
        self.talked |= later.talked
        self.left |= later.left
        self.vanished |= later.vanished
        self.strays += later.strays

    def unseen(self, now: Counted) -> int:
        base = self.base
        if base is None:  # the queue is new
            return 0
        if now.fell(base):
            base = Counted(0, 0)  # they began again, and all that is counted has happened since
        talked = max(0, now.completed - base.completed - len(self.talked) - self.strays)
        left = max(0, now.abandoned - base.abandoned - len(self.left))
        return max(0, talked + left - len(self.vanished))


@dataclass(slots=True)
class Taken:
    """A whole QueueStatus: the counters, and who waited."""

    at: float
    counters: dict[str, Counted]
    waiting: set[tuple[str, str]]
    unnamed: set[tuple[str, str]]
    """members `InCall`, less those of whom we know with whom"""
    absent: set[ContactId]
    """visits we took for waiting that were not in the list: they had left"""

    def names(self, visit: Visit) -> bool:
        """Whether this visit is what its member was `InCall` with: not counted yet, then."""
        member = (visit.queue, visit.interface)
        if member not in self.unnamed:
            return False
        self.unnamed.discard(member)
        return True


class Ledger:
    """The counters of one source's queues, and what is known beside them."""

    def __init__(self) -> None:
        self.settle_after = 1.0
        self._periods: dict[str, Period] = {}
        self._later: dict[str, Period] = {}
        self._taken: Taken | None = None
        self._remembered = 0
        self.missed_since: float | None = None
        """when an outage began that no snapshot has accounted for"""

    # ── what is told ──

    def talked(self, visit: Visit) -> None:
        """A conversation began, or turned out to have begun."""
        if not self._remembers(visit):
            return
        taken = self._taken
        if taken is not None and taken.names(visit):
            self._after(visit.queue).talked.add(visit.contact)
            return
        for period in self._of(visit, certain=False):
            period.talked.add(visit.contact)

    def left(self, visit: Visit) -> None:
        """Left unanswered, not by key."""
        if self._remembers(visit):
            for period in self._of(visit, certain=True):
                period.left.add(visit.contact)

    def vanished(self, visit: Visit) -> None:
        """Waited and is gone; nobody knows how."""
        if self._remembers(visit):
            for period in self._of(visit, certain=True):
                period.vanished.add(visit.contact)

    def stray(self, queue: str) -> None:
        """A conversation ended that we had given up."""
        if queue in self._periods:
            self._periods[queue].strays += 1
            if self._taken is not None:
                self._after(queue).strays += 1

    def restarted(self) -> None:
        """The PBX began anew."""
        self._taken = None
        for period in self._periods.values():
            period.restart()

    def missed(self, since: float) -> None:
        """From then on we heard nothing. A snapshot that has not settled by now is not believed."""
        if self._taken is not None:
            self._taken = None
            for queue, later in self._later.items():
                self._periods.setdefault(queue, Period()).take_in(later)
        if self.missed_since is None and self._periods:
            self.missed_since = since

    # ── snapshots ──

    @property
    def fell(self) -> bool:
        """Whether any counter of the snapshot just taken is lower than it was."""
        taken = self._taken.counters if self._taken is not None else {}
        bases = ((now, self._before(queue).base) for queue, now in taken.items())
        return any(base is not None and now.fell(base) for now, base in bases)

    def take(self, taken: Taken, talking: Iterable[Visit]) -> None:
        """A whole list has been read; `talking`: whom we know to talk. What comes now belongs to the next period, if it
        is not late. Of two lists within a second the first counts."""
        if self._taken is not None:
            return
        self._taken, self._later, self._remembered = taken, {}, 0
        for visit in sorted(talking, key=_answered, reverse=True):
            if taken.names(visit):
                self._before(visit.queue).talked.discard(visit.contact)
            # Who is not InCall may be counted already, or later: a reload clears InCall and nothing else (trap 17).
            self._after(visit.queue).talked.add(visit.contact)

    def settle(self, now: float) -> list[tuple[str, float, float, int]]:
        """(queue, since, at, visits) for each queue of which visits were not seen."""
        taken = self._taken
        if taken is None or now - taken.at < self.settle_after:
            return []
        for queue, _ in taken.unnamed:
            self._after(queue).strays += 1
        found, since = [], self.missed_since
        if since is not None:
            for queue, counters in taken.counters.items():
                if unseen := self._before(queue).unseen(counters):
                    found.append((queue, since, taken.at, unseen))
        self._periods = {queue: self._later.get(queue) or Period() for queue in taken.counters}
        for queue, counters in taken.counters.items():
            self._periods[queue].base = counters
        self._taken, self.missed_since = None, None
        return found

    # ── which period ──

    def _remembers(self, visit: Visit) -> bool:
        """Nothing is compared before the first snapshot, and nothing is kept for ever without a next one."""
        if visit.queue not in self._periods and self._taken is None:
            return False
        self._remembered += 1
        if self._remembered <= MOST_REMEMBERED:
            return True
        self._periods, self._later, self._taken, self.missed_since = {}, {}, None, None
        return False

    def _before(self, queue: str) -> Period:
        return self._periods.setdefault(queue, Period())

    def _after(self, queue: str) -> Period:
        return self._later.setdefault(queue, Period())

    def _of(self, visit: Visit, *, certain: bool) -> list[Period]:
        """The periods in which this may be counted; `certain`: the list tells which of two it is."""
        before, taken = self._before(visit.queue), self._taken
        if taken is None:
            return [before]
        after = self._after(visit.queue)
        if (visit.uid, visit.queue) in taken.waiting:
            return [after]  # it was still waiting when the list was written
        if visit.contact in taken.absent or visit.inferred:
            return [before] if certain else [before, after]
        return [after]


def _answered(visit: Visit) -> float:
    return visit.answered
