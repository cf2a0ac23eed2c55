"""Which visit a message speaks of: the visits that are open, by caller, by queue and by the agent's leg."""

from collections.abc import Sequence

from ccwall.errors import ProtocolError
from ccwall.wire.memory import Recent

from .frame import Message
from .telling import Visit

ECHO = 5.0
"""Seconds in which a Leave or an Abandon of a finished visit is its echo, not a new one's."""
REMEMBERED = 20_000
"""Finished visits kept in mind; the oldest go first."""
MOST_OPEN = 50_000
"""Callers at once; the largest known Asterisk has some thousands. More is a peer that wants our memory."""
MOST_QUEUES = 50_000
"""Names of queues in one day; installations with 40,000 are known."""


class Book:
    """Memory only: it tells nothing and decides nothing."""

    def __init__(self) -> None:
        self.echo_after = ECHO
        self.open: dict[tuple[str, str], Visit] = {}
        self._callers: dict[str, list[Visit]] = {}
        self._legs: dict[str, Visit] = {}
        self._orphans: dict[str, list[Visit]] = {}
        self._queues: set[str] = set()
        self._seen: Recent[tuple[str, str], tuple[int, float]] = Recent(REMEMBERED)

    def number(self, uid: str, queue: str, at: float) -> int:
        """The how-manieth visit of this call to this queue begins."""
        times = self._seen.get((uid, queue), (0, 0.0))[0] + 1
        self._seen[uid, queue] = (times, at)
        return times

    def recall(self, uid: str, queue: str, times: int) -> None:
        """This many visits of this call to this queue were known before."""
        if times > self._seen.get((uid, queue), (0, 0.0))[0]:
            self._seen[uid, queue] = (times, 0.0)

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
        self.open[visit.uid, visit.queue] = visit
        self._callers.setdefault(visit.uid, []).append(visit)

    def clear(self) -> None:
        """Nothing of it is believed any more."""
        for memory in (self.open, self._callers, self._legs, self._orphans, self._queues):
            memory.clear()

    def has_seen(self, uid: str, queue: str) -> bool:
        return (uid, queue) in self._seen

    def is_echo(self, message: Message, at: float) -> bool:
        """The visit this speaks of has just ended."""
        key = (message.get(b"Uniqueid"), message.get(b"Queue"))
        return key not in self.open and at - self._seen.get(key, (0, 0.0))[1] < self.echo_after

    def find(self, message: Message) -> Visit | None:
        """The open visit of this caller to this queue.

        When a waiting caller's channel is masqueraded (an attended transfer completed before an answer), its Uniqueid
        dies as a zombie and the queue goes on under one never seen before: the queue's longest-waiting orphan is
        taken for it (trap 46).
        """
        key = (message.get(b"Uniqueid"), message.get(b"Queue"))
        visit = self.open.get(key)
        if visit is not None or key[1] not in self._orphans or key in self._seen:
            return visit
        orphans = [orphan for orphan in self._orphans.pop(key[1]) if orphan.state == "waiting"]
        if len(orphans) > 1:
            self._orphans[key[1]] = orphans[1:]
        return self._rename(orphans[0], key[0], message) if orphans else None

    def orphan(self, visit: Visit) -> None:
        """The visit goes on, under a Uniqueid we do not know yet."""
        self._orphans.setdefault(visit.queue, []).append(visit)

    def of_caller(self, uid: str) -> Sequence[Visit]:
        return self._callers.get(uid, ())

    def connect(self, visit: Visit, leg: str) -> None:
        """The visit is talked to on this channel from now on."""
        self._legs.pop(visit.leg, None)
        visit.leg = leg
        if leg:
            self._legs[leg] = visit

    def by_leg(self, uid: str) -> Visit | None:
        return self._legs.get(uid)

    def by_phone(self, uid: str, linked: str) -> Visit | None:
        """The conversation an agent's channel belongs to. Behind a Local member the phone's channel is another than the
        leg, tied to the caller by Linkedid only."""
        visit = self._legs.get(uid)
        if visit is None and uid != linked:
            talking = (v for v in self._callers.get(linked, ()) if v.state == "talking")
            visit = next((v for v in talking if v.interface.startswith("Local/")), None)
        return visit

    def in_state(self, state: str) -> list[Visit]:
        return [visit for visit in self.open.values() if visit.state == state]

    def close(self, visit: Visit, at: float) -> None:
        """The visit is over; its echo will be known as such."""
        visit.state = "over"
        key = (visit.uid, visit.queue)
        self._seen[key] = (self._seen.get(key, (1, 0.0))[0], at)
        self._legs.pop(visit.leg, None)
        self._forget(visit)

    def _rename(self, visit: Visit, uid: str, message: Message) -> Visit:
        self._forget(visit)
        visit.uid, visit.linked = uid, message.get(b"Linkedid") or uid
        self._seen[uid, visit.queue] = (1, visit.queued)
        self.enter(visit)
        return visit

    def _forget(self, visit: Visit) -> None:
        self.open.pop((visit.uid, visit.queue), None)
        rest = [other for other in self._callers.get(visit.uid, ()) if other is not visit]
        if rest:
            self._callers[visit.uid] = rest
        else:
            self._callers.pop(visit.uid, None)
