"""What the queues' own counters say that nobody told: visits that ended while we did not hear the PBX.

`calls_answered` counts when an agent answers, `calls_abandoned` every other exit, whatever its cause; both fall to 0 by a
restart or a `queue reload`, of which nobody tells. So between two lists each visit we know explains one increase at most.
What is left after every explanation is a visit that nobody saw. In doubt a visit explains, so the result is a lower bound.
It is worked out only after an outage, and a second after the list, because events of before the list may follow it.
"""

from dataclasses import dataclass, field

DOUBT = 2.0
"""Seconds around a list in which it cannot be said whether it counts an event already: clocks, and what the network took."""
MOST_REMEMBERED = 100_000
"""Visits since the last list; with more the counters are not looked at until the next one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One queue in one list."""

    answered: int
    abandoned: int


@dataclass(slots=True)
class Known:
    """When visits of one queue were answered or left since the last list; one that vanished explains either."""

    answered: list[float] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    vanished: list[float] = field(default_factory=list)

    def unseen(self, before: Counted, now: Counted, upto: float) -> int:
        if now.answered < before.answered or now.abandoned < before.abandoned:
            before = Counted(0, 0)  # they began again, and all that is counted has happened since
        answered = max(0, now.answered - before.answered - _until(self.answered, upto))
        left = max(0, now.abandoned - before.abandoned - _until(self.left, upto))
        return max(0, answered + left - _until(self.vanished, upto))

    def forget(self, before: float) -> None:
        for times in (self.answered, self.left, self.vanished):
            times[:] = [at for at in times if at >= before]

    def forget_until(self, last: float) -> None:
        for times in (self.answered, self.left, self.vanished):
            times[:] = [at for at in times if at > last]


class Ledger:
    """The counters of one source's queues, and what is known beside them."""

    def __init__(self) -> None:
        self.settle_after = 1.0
        self._base: dict[str, Counted] | None = None
        self._based = 0.0
        self._known: dict[str, Known] = {}
        self.taken: tuple[float, dict[str, Counted]] | None = None
        """a list that is not believed yet"""
        self._remembered = 0
        self.missed_since: float | None = None
        """when an outage began that no list has accounted for"""

    def answered(self, queue: str, at: float) -> None:
        if self._remembers(at):
            self._of(queue).answered.append(at)

    def left(self, queue: str, at: float) -> None:
        """Left unanswered."""
        if self._remembers(at):
            self._of(queue).left.append(at)

    def vanished(self, queue: str, at: float) -> None:
        """Waited and is gone; nobody knows how."""
        if self._remembers(at):
            self._of(queue).vanished.append(at)

    def restarted(self, at: float) -> None:
        """The PBX began anew, and we did not hear it since: its counters were 0, and what was known then is not in them.
        What is known of later explains what they have counted; a list of later has counted from 0."""
        if self._base is not None and self._based <= at:
            self._base = dict.fromkeys(self._base, Counted(0, 0))
        for known in self._known.values():
            known.forget_until(at)

    def missed(self, since: float) -> None:
        """From then on we heard nothing. A list that has not settled by now is not believed."""
        self.taken = None
        if self.missed_since is None and self._base is not None:
            self.missed_since = since

    def take(self, counters: dict[str, Counted], at: float) -> None:
        """A whole list. Of two lists within a second the first counts."""
        if self.taken is None:
            self.taken = at, counters

    def settle(self, now: float) -> list[tuple[str, float, float, int]]:
        """(queue, since, at, visits) for each queue of which visits were not seen."""
        if self.taken is None or now - self.taken[0] < self.settle_after:
            return []
        at, counters = self.taken
        found, since, base = [], self.missed_since, self._base or {}
        if since is not None:
            for queue, counted in counters.items():
                before = base.get(queue)
                if before is not None and (n := self._of(queue).unseen(before, counted, at + DOUBT)):
                    found.append((queue, since, at, n))
        self._known = {queue: known for queue, known in self._known.items() if queue in counters}
        for known in self._known.values():
            known.forget(at - DOUBT)
        self._base, self._based, self.taken = counters, at, None
        self._remembered, self.missed_since = 0, None
        return found

    def _of(self, queue: str) -> Known:
        return self._known.setdefault(queue, Known())

    def _remembers(self, at: float) -> bool:
        """Nothing is compared before the first list, and nothing is kept for ever without a next one."""
        if self._base is None and self.taken is None:
            return False
        if self._base is not None and at < self._based - DOUBT:
            return False  # counted in it already
        self._remembered += 1
        if self._remembered <= MOST_REMEMBERED:
            return True
        self._base, self.taken, self.missed_since = None, None, None
        self._known.clear()
        return False


def _until(times: list[float], upto: float) -> int:
    return sum(at <= upto for at in times)
