"""What can happen to a visit, whoever tells of it: it is entered, talks, is decided in time, and ends in one of its ways.

The traps are numbered as in docs/adapters/freeswitch.md.
"""

from collections.abc import Iterable

from ccwall.adapter import Directory, Known
from ccwall.events import AnyEvent, ContactId, FlowOutCause, ReleasedBy
from ccwall.wire.memory import Recent

from .agents import Agents
from .book import Book
from .clock import Clock
from .ledger import Ledger
from .telling import Telling, Visit

SETTLE = 1.0
"""Seconds after which what nothing explained is decided."""
REMEMBERED = 20_000
"""Calls to be cleared, and channels that have hung up, kept in mind; the oldest go first."""
SHUT_DOWN = "shutdown"
"""Why such a visit is lost: it was seen to end, and the caller did not want it."""


class Lives:
    """Memory of the visits of one source; facts are appended to `out`."""

    def __init__(self, directory: Directory, agents: Agents, clock: Clock, out: list[AnyEvent]) -> None:
        self._directory, self._agents, self._clock, self._tell = directory, agents, clock, Telling(out)
        self._book = Book()
        self.ledger = Ledger()
        self.settle_after = SETTLE
        self.connection = 0
        self.now = 0.0
        """when what is being taken in came"""
        self.unsettled: dict[str, Visit] = {}
        self._uncleared: Recent[str, Visit] = Recent(REMEMBERED)
        self._gone: Recent[str, float] = Recent(REMEMBERED)

    def begin_connection(self) -> None:
        self.connection += 1

    def at_pace(self, rate: float) -> None:
        """See `Session.at_pace`: what is waited for here is on its way over the network."""
        self.settle_after = self.ledger.settle_after = SETTLE * rate

    def missed(self, since: float) -> None:
        """From then on, what happened was not heard."""
        self.ledger.missed(since)

    def remember(self, visits: Iterable[Known]) -> None:
        """See `Session.remember`. Who was there then is taken for waiting; the first snapshot says what is true."""
        own = self._directory.own("")
        for known in visits:
            member, _, times = known.contact.removeprefix(own).partition("/")
            count = int(times) if times.isdecimal() and len(times) < 6 else 1
            self._book.recall(member, known.call, count, over=known.over)
            if known.over or member in self._book.open:
                continue
            self._book.enter(
                Visit(
                    member=member,
                    session=known.call,
                    queue="",
                    queue_id=known.queue,
                    contact=known.contact,
                    caller="",
                    caller_name="",
                    queued=known.queued,
                    connection=0,
                    wait_known=False,
                    said="queued",
                )
            )

    def _enter(
        self,
        member: str,
        session: str,
        queue: str,
        caller: tuple[str, str],
        queued: float,
        *,
        inferred: bool = False,
        quiet: bool = False,
        wait_known: bool = True,
    ) -> Visit:
        times = self._book.number(member, session)
        visit = Visit(
            member=member,
            session=session,
            queue=queue,
            queue_id=self._directory.queue(queue),
            contact=ContactId(self._directory.own(member if times == 1 else f"{member}/{times}")),
            caller=caller[0],
            caller_name=caller[1],
            queued=queued,
            connection=self.connection,
            inferred=inferred,
            wait_known=wait_known,
        )
        self._book.enter(visit)
        if not quiet:
            self._tell.queued(visit)
        return visit

    def _talk(self, visit: Visit, *, quiet: bool = False) -> None:
        if not visit.gone:
            self.unsettled.pop(visit.member, None)
        visit.state = "talking"
        self.ledger.answered(visit.queue, visit.answered)
        if quiet:
            visit.ringing.clear()
            return
        self._tell.answered(visit)
        self._tell.silence(visit, visit.answered, but=visit.agent_name)

    # ── decided by time ──

    def _unsettle(self, visit: Visit) -> None:
        visit.unsettled = self.now
        self.unsettled[visit.member] = visit

    def settle(self, now: float) -> None:
        """Decide what has been undecided for `SETTLE` seconds."""
        for visit in list(self.unsettled.values()):
            if now - visit.unsettled >= self.settle_after:
                self._settle_one(visit)

    def settle_all(self) -> None:
        """The connection is over: what was ending has ended."""
        for visit in list(self.unsettled.values()):
            if visit.state != "answering" or visit.gone:
                self._settle_one(visit)
            else:
                self._talk(visit)

    def _settle_one(self, visit: Visit) -> None:
        at = visit.ended or visit.gone
        if visit.state == "answering" and not visit.gone:
            self._talk(visit)
        elif visit.state == "talking":
            self._finish_talk(visit, at, "caller" if visit.gone and not visit.ended else "unknown")
        elif visit.shut_down:
            self._lose(visit, at, SHUT_DOWN)
        else:
            self._finish_abandoned(visit, at)

    def settle_counters(self, now: float) -> None:
        """What the queues' counters say that nobody told."""
        for queue, since, at, visits in self.ledger.settle(now):
            self._tell.unseen(self._directory.queue(queue), since, at, visits)

    # ── resync ──

    @property
    def crowded(self) -> bool:
        return self._book.crowded

    def lose(self, visit: Visit, at: float, reason: str) -> None:
        """It is not there any more and nobody told how it ended."""
        self._lose(visit, max(at, visit.queued, visit.answered), reason)

    def lose_older(self, at: float, reason: str) -> None:
        """The PBX began anew: of whom we have not heard since, none is there, and none is in its counters."""
        for visit in list(self._book.open.values()):
            if visit.connection != self.connection:
                self.lose(visit, at, reason)
        self.ledger.restarted(at)

    def lose_all(self, at: float, reason: str) -> None:
        for visit in list(self._book.open.values()):
            self.lose(visit, at, reason)
        self._book.clear()

    def say_all(self) -> None:
        """Every open visit, for a resync."""
        for visit in self._book.open.values():
            self._tell.queued(visit)
            if visit.state == "talking":
                self._tell.answered(visit)

    # ── ends ──

    def _finish_talk(self, visit: Visit, at: float, by: ReleasedBy) -> None:
        if visit.state == "answering":
            self._talk(visit)
        wrap_up = self._agents.wrap_up(visit.agent_name)
        if wrap_up is None:
            wrap_up = self._directory.wrap_up(visit.queue)
        self._tell.released(visit, by, wrap_up, at)
        self._over(visit, at)

    def _finish_abandoned(self, visit: Visit, at: float) -> None:
        self._silence(visit, at)
        self.ledger.left(visit.queue, at)
        self._tell.abandoned(visit, at)
        self._over(visit, at)

    def _finish_flowed_out(self, visit: Visit, cause: FlowOutCause, at: float) -> None:
        self._silence(visit, at)
        self.ledger.left(visit.queue, at)
        self._tell.flowed_out(visit, cause, at)
        self._over(visit, at)

    def _lose(self, visit: Visit, at: float, reason: str) -> None:
        self._silence(visit, at)
        if visit.state != "talking":
            self.ledger.vanished(visit.queue, at)
        self._tell.lost(visit, reason, at, exit_known=reason == SHUT_DOWN)
        self._over(visit, at)

    def _silence(self, visit: Visit, at: float) -> None:
        """Also the one who had just picked up."""
        self._tell.silence(visit, at)

    def _over(self, visit: Visit, at: float) -> None:
        self.unsettled.pop(visit.member, None)
        self._book.close(visit, at)
        gone = self._gone.get(visit.session)
        if gone is None:
            self._uncleared[visit.session] = visit
        elif not self._book.of_session(visit.session):
            del self._gone[visit.session]
            self._tell.cleared(visit, max(gone, at))
