"""Which visit an event speaks of: the visits that are open, by member, by the caller's channel and by the agent's leg."""

from collections.abc import Sequence

from ccwall.errors import ProtocolError
from ccwall.wire.memory import Recent

from .telling import Visit

ECHO = 5.0
"""Seconds in which a list may still show a visit whose end was told: it was written before."""
REMEMBERED = 20_000
"""Finished visits kept in mind; the oldest go first."""
MOST_OPEN = 50_000
"""Callers at once; the largest FreeSWITCH has some thousands. More is a peer that wants our memory."""
MOST_QUEUES = 50_000


class Book:
    """Memory only: it tells nothing and decides nothing."""

    def __init__(self) -> None:
        self.open: dict[str, Visit] = {}
        self._sessions: dict[str, list[Visit]] = {}
        self._legs: dict[str, Visit] = {}
        self._queues: set[str] = set()
        self._seen: Recent[str, tuple[int, str, float]] = Recent(REMEMBERED)

    def number(self, member: str, session: str) -> int:
        """The how-manieth visit under this member's key begins: a caller who comes back takes the old one over."""
        times = self._seen.get(member, (0, "", 0.0))[0] + 1
        self._seen[member] = (times, session, 0.0)
        return times

    def recall(self, member: str, session: str, times: int, *, over: bool) -> None:
        """This many visits under this key were known before."""
        if times > self._seen.get(member, (0, "", 0.0))[0]:
            self._seen[member] = (times, session if over else "", 0.0)

    @property
    def crowded(self) -> bool:
        """More than any PBX has."""
        return len(self.open) >= MOST_OPEN or len(self._queues) > MOST_QUEUES

    def enter(self, visit: Visit) -> None:
        """Raises ProtocolError when there is more than any PBX has."""
        self._queues.add(visit.queue)
        if self.crowded:
            raise ProtocolError(
                f"{len(self.open):,} callers at once in {len(self._queues):,} queues: no PBX has so many"
            )
        self.open[visit.member] = visit
        if visit.session:
            self._sessions.setdefault(visit.session, []).append(visit)

    def clear(self) -> None:
        """Nothing of it is believed any more."""
        for memory in (self.open, self._sessions, self._legs, self._queues):
            memory.clear()

    def is_over(self, member: str, session: str = "") -> bool:
        """The visit has ended, and this is not another one under its key."""
        known = self._seen.get(member)
        return known is not None and member not in self.open and session in ("", known[1])

    def is_echo(self, member: str, session: str, at: float) -> bool:
        """It has just ended; a list that shows it was written before that."""
        known = self._seen.get(member)
        return (
            known is not None
            and member not in self.open
            and session in ("", known[1])
            and at - known[2] < ECHO
        )

    def of_session(self, uid: str) -> Sequence[Visit]:
        return self._sessions.get(uid, ())

    def of_queue(self, queue: str) -> list[Visit]:
        return [visit for visit in self.open.values() if visit.queue == queue]

    def connect(self, visit: Visit, leg: str) -> None:
        """The visit is talked to on this channel from now on."""
        self._legs.pop(visit.leg, None)
        visit.leg = leg
        if leg:
            self._legs[leg] = visit

    def by_leg(self, uid: str) -> Visit | None:
        return self._legs.get(uid)

    def close(self, visit: Visit, at: float) -> None:
        """The visit is over; its echo will be known as such."""
        visit.state = "over"
        times = self._seen.get(visit.member, (1, "", 0.0))[0]
        self._seen[visit.member] = (times, visit.session, at)
        self._legs.pop(visit.leg, None)
        self.open.pop(visit.member, None)
        rest = [other for other in self._sessions.get(visit.session, ()) if other is not visit]
        if rest:
            self._sessions[visit.session] = rest
        else:
            self._sessions.pop(visit.session, None)
