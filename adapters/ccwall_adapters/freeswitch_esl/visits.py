"""From callcenter and channel events to the life of each visit. The traps are numbered as in docs/adapters/freeswitch.md.

A visit is one stay of one caller in one queue, known by CC-Member-UUID. Its life:

    waiting ──bridge-agent-start──▶ answering ──bridged──▶ talking ──member-queue-end Terminated──▶ over
       │                               └── bridge-agent-end, not bridged: waiting again (trap 4)
       └── member-queue-end Cancel ──▶ over: abandoned, or flowed out by its reason (traps 1, 2)

`answering` lasts some hundredths of a second: an agent picked up, and nobody has heard anybody yet. What is undecided for
`SETTLE` seconds is decided by what is known then.
"""

from collections.abc import Iterable

from ccwall.adapter import Directory, Known
from ccwall.events import AnyEvent, ContactId, FlowOutCause, ReleasedBy
from ccwall.wire.memory import Recent

from .agents import Agents
from .book import Book
from .clock import Clock
from .event import Event
from .ledger import DOUBT, Ledger
from .table import Row, number
from .telling import Ring, Telling, Visit

SETTLE = 1.0
"""Seconds after which what nothing explained is decided."""
LATE = 3.0
"""Seconds after which a list is believed although the event that should have told the same never came."""
REMEMBERED = 20_000
"""Calls to be cleared, and channels that have hung up, kept in mind; the oldest go first."""

FLOW_OUT: dict[str, FlowOutCause] = {
    "TIMEOUT": "timeout",
    "NO_AGENT_TIMEOUT": "no_agents",
    "EXIT_WITH_KEY": "key",
}
SHUTDOWN = "SYSTEM_SHUTDOWN"
"""The only sign that the PBX itself ended the call (trap 3)."""
SHUT_DOWN = "shutdown"
"""Why such a visit is lost: it was seen to end, and the caller did not want it."""
NOBODY = frozenset({"LOSE_RACE", "ORIGINATOR_CANCEL", "PICKED_OFF", SHUTDOWN})
"""Attempts that failed by nobody's fault: somebody else was quicker, the caller left, the agent was called off (trap 6)."""
RANG = frozenset(
    {"NO_ANSWER", "ALLOTTED_TIMEOUT", "NO_USER_RESPONSE", "PROGRESS_TIMEOUT", "RECOVERY_ON_TIMER_EXPIRE"}
)
"""The phone was left ringing. Of all other causes it was busy, rejected or not there at all: ring time 0."""


class Visits:
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

    # ── joining ──

    def started(self, event: Event, at: float) -> None:
        """member-queue-start."""
        self._join(event, at, anew=False)

    def resumed(self, event: Event, at: float) -> None:
        """member-queue-resume: another visit under the same key, perhaps of the same channel (trap 5)."""
        self._join(event, at, anew=True)

    def _join(self, event: Event, at: float, *, anew: bool) -> None:
        member, session = event.get(b"CC-Member-UUID"), event.get(b"CC-Member-Session-UUID")
        known = self._book.open.get(member)
        if known is not None:
            told = not anew or known.connection == self.connection
            if told and known.session in ("", session):
                self._confirm(known, event)  # by a list already
                return
            self._lose(known, at, "came back")  # the caller was away in between, and nobody told
        elif not member or (not anew and self._book.is_over(member, session)):
            return
        self._enter(member, session, event.get(b"CC-Queue"), _caller(event), at)

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

    def _found(self, event: Event, at: float) -> Visit | None:
        """The visit an event speaks of. One whose beginning we did not hear is made of what the event says of it; of one
        that is over nothing more is to be told."""
        member = event.get(b"CC-Member-UUID")
        visit = self._book.open.get(member)
        if visit is not None:
            self._confirm(visit, event)
            return visit
        session = event.get(b"CC-Member-Session-UUID")
        if not member or self._book.is_over(member, session):
            return None
        joined = self._clock.ours(number(event.get(b"CC-Member-Joined-Time")), at)
        queue, queued = event.get(b"CC-Queue"), joined or at
        known = bool(joined)
        return self._enter(member, session, queue, _caller(event), queued, inferred=True, wait_known=known)

    def _confirm(self, visit: Visit, event: Event) -> None:
        visit.connection = self.connection
        if not visit.queue:
            visit.queue = event.get(b"CC-Queue")

    # ── agents ──

    def offered(self, event: Event, at: float) -> None:
        """agent-offering."""
        name = event.get(b"CC-Agent")
        self._agents.offered(event.get(b"CC-Queue"), name, at)
        visit = self._found(event, at)
        if visit is None or visit.state != "waiting":
            return
        ring = visit.ringing[name] = Ring(self._agents.id(name), at)
        self._tell.alerting(visit, name, ring)

    def failed(self, event: Event, at: float) -> None:
        """bridge-agent-fail."""
        visit, name = self._found(event, at), event.get(b"CC-Agent")
        if visit is None:
            return
        ring = visit.ringing.pop(name, None)
        if ring is None and visit.state != "waiting":
            return
        if ring is not None:
            called = ring.at
        else:
            called = self._clock.ours(number(event.get(b"CC-Agent-Called-Time")), at) or at
        cause = event.get(b"CC-Hangup-Cause")
        rang = max(0.001, at - called) if cause in RANG else 0.0
        self._tell.not_answered(visit, self._agents.id(name), at, rang, cancelled=cause in NOBODY)

    def bridge_started(self, event: Event, at: float) -> None:
        """bridge-agent-start: the agent picked up; whether the two will hear each other is not known yet (trap 4)."""
        visit = self._found(event, at)
        if visit is None:
            return
        name, leg = event.get(b"CC-Agent"), event.get(b"CC-Agent-UUID")
        if visit.state in ("answering", "talking") and visit.leg == leg:
            return
        joined = number(event.get(b"CC-Member-Joined-Time"))
        answered = number(event.get(b"CC-Agent-Answered-Time"))
        visit.state, visit.answered, visit.ended = "answering", at, 0.0
        visit.declared = answered - joined if 0 < joined <= answered else None
        visit.agent, visit.agent_name = self._agents.id(name), name
        self._book.connect(visit, leg)
        self._unsettle(visit)

    def agent_talks(self, name: str) -> None:
        """agent-state-change to `In a queue call`: what the agent was being connected to is connected."""
        for visit in list(self.unsettled.values()):
            if visit.state == "answering" and visit.agent_name == name:
                self._talk(visit)

    def bridged(self, event: Event, at: float) -> None:
        """CHANNEL_BRIDGE of the caller's channel."""
        for visit in list(self._book.of_session(event.get(b"Unique-ID"))):
            if visit.state == "answering":
                self._talk(visit)

    def bridge_ended(self, event: Event, at: float) -> None:
        """bridge-agent-end. `CC-Hangup-Cause` in it is of the call to the agent, always SUCCESS (trap 7)."""
        visit = self._found(event, at)
        if visit is None:
            return
        if event.get(b"CC-Agent-Bridged") == "false":
            self._not_bridged(visit, at)
            return
        if visit.state == "waiting":
            self._answered_unheard(visit, event, at)
        if visit.state == "answering":
            self._talk(visit)
        visit.ended = at
        self._unsettle(visit)

    def _not_bridged(self, visit: Visit, at: float) -> None:
        """Nobody heard anybody: the caller waits on, or has hung up and nothing else is told of it (trap 4)."""
        if visit.state == "talking":
            self._finish_talk(visit, at, "unknown")
        elif visit.state == "answering":
            self.ledger.answered(visit.queue, at)  # FreeSWITCH itself counts it
            visit.ringing.pop(visit.agent_name, None)
            self._tell.not_answered(visit, visit.agent, at, cancelled=True)
            visit.state, visit.answered, visit.declared = "waiting", 0.0, None
            self._book.connect(visit, "")
            if not visit.gone:
                self.unsettled.pop(visit.member, None)

    def _answered_unheard(self, visit: Visit, event: Event, at: float) -> None:
        """A conversation of whose end we hear, and not of its beginning."""
        name = event.get(b"CC-Agent")
        joined = number(event.get(b"CC-Member-Joined-Time"))
        answered = number(event.get(b"CC-Agent-Answered-Time"))
        visit.agent, visit.agent_name = self._agents.id(name), name
        visit.answered = min(max(visit.queued, self._clock.ours(answered, at)), at)
        visit.declared = answered - joined if 0 < joined <= answered else None
        visit.inferred = True
        self._talk(visit)

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

    # ── holds ──

    def held(self, event: Event, at: float) -> None:
        """CHANNEL_HOLD: comes on the agent's leg alone (trap 8)."""
        self._hold(event, at, on=True)

    def retrieved(self, event: Event, at: float) -> None:
        """CHANNEL_UNHOLD."""
        self._hold(event, at, on=False)

    def _hold(self, event: Event, at: float, *, on: bool) -> None:
        visit = self._book.by_leg(event.get(b"Unique-ID"))
        if visit is None and event.get(b"variable_cc_side") == "agent":
            visit = self._book.open.get(event.get(b"variable_cc_member_uuid"))
        if visit is None or visit.held == on:
            return
        if visit.state == "answering":
            self._talk(visit)
        if visit.state == "talking":
            visit.held = on
            self._tell.held(visit, at)

    # ── leaving ──

    def queue_ended(self, event: Event, at: float) -> None:
        """member-queue-end."""
        visit = self._found(event, at)
        if visit is None:
            return
        hangs_up = event.get(b"Answer-State") == "hangup"  # only then there is a cause
        if hangs_up and event.get(b"Hangup-Cause") == SHUTDOWN:
            visit.shut_down = True
        if event.get(b"CC-Cause") == "Terminated":
            self._terminated(visit, event, at)
        elif visit.state == "talking":
            self._finish_talk(visit, at, "caller")
        else:
            self._cancelled(visit, event, at)

    def _terminated(self, visit: Visit, event: Event, at: float) -> None:
        if visit.state == "waiting":
            self._answered_unheard(visit, event, at)
        kind, to = _transfer(event.get(b"variable_transfer_source"), visit.answered)
        if kind:
            self._tell.transferred(visit, to, visit.ended or at, attended=kind == "att_xfer")
            self._finish_talk(visit, visit.ended or at, "transfer")
        else:
            by: ReleasedBy = "caller" if event.get(b"Answer-State") == "hangup" else "agent"
            self._finish_talk(visit, visit.ended or at, "unknown" if visit.shut_down else by)

    def _cancelled(self, visit: Visit, event: Event, at: float) -> None:
        """Left without an agent; a caller who hangs up is BREAK_OUT, not NONE (trap 1)."""
        joined = number(event.get(b"CC-Member-Joined-Time"))
        left = number(event.get(b"CC-Member-Leaving-Time"))
        visit.declared = left - joined if 0 < joined <= left else None
        reason = event.get(b"CC-Cancel-Reason")
        if reason in FLOW_OUT:
            self._finish_flowed_out(visit, FLOW_OUT[reason], at)
        elif visit.shut_down:
            self._lose(visit, at, SHUT_DOWN)
        elif reason == "BREAK_OUT" and event.get(b"Answer-State") == "answered":
            self._finish_flowed_out(
                visit, "withdrawn", at
            )  # taken out of the queue: the call goes on (trap 2)
        else:
            self._finish_abandoned(visit, at)

    def hung_up(self, uid: str, event: Event, at: float) -> None:
        """CHANNEL_HANGUP_COMPLETE of a caller's channel; the queue's own word comes before it, or within a second."""
        for visit in self._book.of_session(uid):
            visit.gone, visit.shut_down = at, event.get(b"Hangup-Cause") == SHUTDOWN
            self._unsettle(visit)
        last = self._uncleared.pop(uid, None)
        if last is not None:
            self._tell.cleared(last, at)
        elif self._book.of_session(uid):
            self._gone[uid] = at

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

    # ── told by a list ──

    def listed(self, row: Row, now: float, *, resyncing: bool) -> bool:
        """One row of `queue list members`; False when it is of nobody who is there (trap 9)."""
        state, member, session = row.get("state", ""), row.get("uuid", ""), row.get("session_uuid", "")
        if not member or not session or state == "Abandoned":
            return False
        known = self._book.open.get(member)
        if known is not None and self._is_another(known, row, now):
            self.lose(known, self._joined(row, now) or now, "came back")
            known = None
        elif known is None and self._book.is_echo(member, session, now):
            return False
        if known is None:
            known = self._enter_listed(row, now, quiet=resyncing)
        known.connection = self.connection
        known.queue = known.queue or row.get("queue", "")
        if state == "Answered":
            self._listed_talking(known, row, now, resyncing=resyncing)
        elif known.state == "talking" and (resyncing or now - known.answered > LATE):
            self._lose(known, now, "waits again")  # and how it came to that nobody heard
            self._enter_listed(row, now, quiet=resyncing)
        return True

    def _is_another(self, known: Visit, row: Row, now: float) -> bool:
        """Whether the row is of a later visit under the same key: of another channel, or of the same one that came back
        while we did not hear it (trap 5)."""
        if known.session not in ("", row.get("session_uuid", "")):
            return True
        unheard = known.connection not in (0, self.connection) and number(row.get("rejoined_epoch", "")) > 0
        return unheard and self._joined(row, now) > known.queued + DOUBT

    def _enter_listed(self, row: Row, now: float, *, quiet: bool) -> Visit:
        joined = self._joined(row, now)
        return self._enter(
            row["uuid"],
            row.get("session_uuid", ""),
            row.get("queue", ""),
            (row.get("cid_number", ""), row.get("cid_name", "")),
            joined or now,
            inferred=True,
            quiet=quiet,
            wait_known=joined > 0,
        )

    def _joined(self, row: Row, now: float) -> float:
        """When the caller came, or came back the last time; 0 when that is not known."""
        joined = number(row.get("rejoined_epoch", "")) or number(row.get("joined_epoch", ""))
        return self._clock.ours(joined, now)

    def _listed_talking(self, visit: Visit, row: Row, now: float, *, resyncing: bool) -> None:
        bridged = self._clock.ours(number(row.get("bridge_epoch", "")), now)
        if visit.state != "waiting" or not (resyncing or now - bridged > LATE):
            return  # without an outage, the event itself is on its way
        name = row.get("serving_agent", "")
        visit.agent, visit.agent_name = self._agents.id(name), name
        visit.answered = min(max(visit.queued, bridged), now)
        visit.declared = bridged - visit.queued if visit.wait_known and bridged >= visit.queued else None
        visit.inferred = True
        self._talk(visit, quiet=resyncing)

    def absent(self, queue: str, listed: set[str]) -> list[Visit]:
        """Those of the queue who are not in its list."""
        return [
            visit
            for visit in self._book.of_queue(queue)
            if visit.member not in listed and visit.state in ("waiting", "talking")
        ]

    def strangers(self, queues: set[str]) -> list[Visit]:
        """Those of queues that are not there any more, or of which nobody knows the name any more."""
        return [visit for visit in self._book.open.values() if visit.queue not in queues]

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
                self._lose(visit, max(at, visit.since), reason, counted=False)
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

    def _lose(self, visit: Visit, at: float, reason: str, *, counted: bool = True) -> None:
        self._silence(visit, at)
        if counted and visit.state != "talking":
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


def _caller(event: Event) -> tuple[str, str]:
    return event.get(b"CC-Member-CID-Number"), event.get(b"CC-Member-CID-Name")


def _transfer(source: str, answered: float) -> tuple[str, str]:
    """How and where to the caller was transferred in this conversation; empty when that was not so.

    FreeSWITCH writes ``epoch:uuid:kind:where``, and marks its own bridging, too: ``uuid_br``.

    >>> _transfer("1795307030:deaaffea-bdb9:bl_xfer:9999/default/XML", 1795307014.0)
    ('bl_xfer', '9999')
    >>> _transfer("1795307014:3d6880fc-7d61:uuid_br:b66a8aaf-2be6", 1795307014.0)
    ('', '')
    """
    parts = source.split(":", 3)
    if len(parts) < 4 or parts[2] not in ("bl_xfer", "att_xfer") or number(parts[0]) < int(answered):
        return "", ""
    return parts[2], parts[3].split("/")[0] if parts[2] == "bl_xfer" else ""
