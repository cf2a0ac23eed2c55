"""From callcenter and channel events to the life of each visit. The traps are numbered as in docs/adapters/freeswitch.md.

A visit is one stay of one caller in one queue, known by CC-Member-UUID. Its life:

    waiting ──bridge-agent-start──▶ answering ──bridged──▶ talking ──member-queue-end Terminated──▶ over
       │                               └── bridge-agent-end, not bridged: waiting again (trap 4)
       └── member-queue-end Cancel ──▶ over: abandoned, or flowed out by its reason (traps 1, 2)

`answering` lasts some hundredths of a second: an agent picked up, and nobody has heard anybody yet. What is undecided for
`lives.SETTLE` seconds is decided by what is known then.
"""

from ccwall.events import FlowOutCause, ReleasedBy

from .event import Event
from .listed import Listed
from .lives import SHUT_DOWN
from .table import number
from .telling import Ring, Visit

FLOW_OUT: dict[str, FlowOutCause] = {
    "TIMEOUT": "timeout",
    "NO_AGENT_TIMEOUT": "no_agents",
    "EXIT_WITH_KEY": "key",
}
SHUTDOWN = "SYSTEM_SHUTDOWN"
"""The only sign that the PBX itself ended the call (trap 3)."""
NOBODY = frozenset({"LOSE_RACE", "ORIGINATOR_CANCEL", "PICKED_OFF", SHUTDOWN})
"""Attempts that failed by nobody's fault: somebody else was quicker, the caller left, the agent was called off (trap 6)."""
RANG = frozenset(
    {"NO_ANSWER", "ALLOTTED_TIMEOUT", "NO_USER_RESPONSE", "PROGRESS_TIMEOUT", "RECOVERY_ON_TIMER_EXPIRE"}
)
"""The phone was left ringing. Of all other causes it was busy, rejected or not there at all: ring time 0."""


class Visits(Listed):
    """See `Lives`: here is what the events say."""

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
            self._terminated(visit, event, at, "caller" if hangs_up else "agent")
        elif visit.state == "talking":
            self._finish_talk(visit, at, "caller")
        else:
            self._cancelled(visit, event, at)

    def _terminated(self, visit: Visit, event: Event, at: float, by: ReleasedBy) -> None:
        if visit.state == "waiting":
            self._answered_unheard(visit, event, at)
        kind, to = _transfer(event.get(b"variable_transfer_source"), self._clock.theirs(visit.answered))
        if kind:
            self._tell.transferred(visit, to, visit.ended or at, attended=kind == "att_xfer")
            self._finish_talk(visit, visit.ended or at, "transfer")
        else:
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
