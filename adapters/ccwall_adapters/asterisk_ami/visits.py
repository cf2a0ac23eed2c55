"""From queue and channel events to the life of each visit. The traps are numbered as in docs/adapters/asterisk.md.

A visit is (Uniqueid, Queue): one call may visit two queues, and the same queue twice (trap 5). Its life:

    waiting ──AgentConnect──▶ talking ──AgentComplete──▶ over
       │ QueueCallerAbandon ──▶ leaving: QUEUESTATUS tells a flow-out within milliseconds; without it, it was a hang-up
       │                        if one had been asked for before (trap 2)
       └ QueueCallerLeave alone ──▶ leaving: AgentConnect follows within 2 ms, or it was a key exit (traps 1, 3)

What is still `leaving` a second later is decided by what is known then.
"""

from collections.abc import Iterable

from ccwall.adapter import Directory, Known
from ccwall.events import AnyEvent, ContactId, FlowOutCause, RefusedCause, ReleasedBy
from ccwall.wire.memory import Recent

from .book import ECHO, Book
from .channels import Channel
from .frame import Message, caller_of, number, unescape
from .ledger import Ledger
from .members import Members
from .telling import Telling, Visit

SETTLE = 1.0
"""Seconds after which an exit that nothing explained is decided."""
AGAIN = 2.0
"""Seconds by which a snapshot's `Wait` may differ from what we know of the same visit."""
REMEMBERED = 20_000
"""Hang-up requests, queue applications and calls to be cleared, kept in mind; the oldest go first."""

FLOW_OUT: dict[str, FlowOutCause] = {
    "TIMEOUT": "timeout",
    "LEAVEEMPTY": "empty",
    "LEAVEUNAVAIL": "empty",
    "WITHDRAW": "withdrawn",
}
REFUSED: dict[str, RefusedCause] = {"FULL": "full", "JOINEMPTY": "empty", "JOINUNAVAIL": "empty"}
RELEASED_BY: dict[str, ReleasedBy] = {"caller": "caller", "agent": "agent", "transfer": "transfer"}


class Visits:
    """Memory of the visits of one source; facts are appended to `out`."""

    def __init__(self, directory: Directory, members: Members, out: list[AnyEvent]) -> None:
        self._directory, self._members, self._tell = directory, members, Telling(out)
        self._book = Book()
        self.ledger = Ledger()
        self.settle_after = SETTLE
        self._given_up: Recent[tuple[str, str], None] = Recent(REMEMBERED)
        self.unsettled: dict[ContactId, Visit] = {}
        self._hanging: Recent[str, None] = Recent(REMEMBERED)
        self._applications: Recent[str, str] = Recent(REMEMBERED)
        self._uncleared: Recent[str, Visit] = Recent(REMEMBERED)
        self.sees_hangups = False
        """A hang-up request has been seen on this connection, so their absence means something (trap 2)."""
        self._said_limit = False
        self._hears_since = 0.0

    def begin_connection(self, now: float) -> None:
        self.sees_hangups = self._said_limit = False
        self._hears_since = now

    def at_pace(self, rate: float) -> None:
        """See `Session.at_pace`: what is waited for here is on its way over the network."""
        self.settle_after = self.ledger.settle_after = SETTLE * rate
        self._book.echo_after = ECHO * rate

    def missed(self, since: float, now: float) -> None:
        """What happened between these was not heard; a hang-up asked for then tells nothing by its absence."""
        self.ledger.missed(since)
        self._hears_since = now

    def remember(self, visits: Iterable[Known]) -> None:
        """See `Session.remember`. Who was there then is taken for waiting; the first snapshot says what is true."""
        for known in visits:
            queue, times = self._named(known)
            self._book.recall(known.call, queue, times)
            if known.over or (known.call, queue) in self._book.open:
                continue
            self._book.enter(
                Visit(
                    uid=known.call,
                    queue=queue,
                    queue_id=known.queue,
                    contact=known.contact,
                    linked=known.call,
                    caller="",
                    caller_name="",
                    queued=known.queued,
                    wait_known=False,
                    said="queued",
                )
            )

    def _named(self, known: Known) -> tuple[str, int]:
        """The queue's own name, and the how-manieth visit of the call to it: both are in the contact's id (trap 5)."""
        rest = known.contact.removeprefix(self._directory.own(f"{known.call}/"))
        name, _, times = rest.rpartition("/")
        if self._directory.queue(rest) != known.queue and name and times.isdecimal() and int(times) > 1:
            return name, int(times)
        return rest, 1

    # ── joining ──

    def joined(self, message: Message, at: float) -> None:
        """QueueCallerJoin."""
        uid, queue = message.get(b"Uniqueid"), message.get(b"Queue")
        known = self._book.open.get((uid, queue))
        if known is not None and known.state == "waiting":
            return  # told by the snapshot already
        if known is not None and known.state == "talking":
            self._finish_talk(known, at, "unknown")  # it cannot queue and talk at once: the end was not told
        elif known is not None:
            self.settle_one(known)
        self._begin(message, at)

    def listed(self, message: Message, at: float, *, quiet: bool) -> None:
        """QueueEntry of a snapshot: was waiting when the list was written."""
        known = self._book.find(message)
        waited = number(message.get(b"Wait"))
        if known is not None and quiet and self._waits_again(known, at - waited):
            self._finish_lost(known, at, "waits again")  # and how it came to that nobody heard
        elif known is not None or self._book.is_echo(message, at):
            return  # or its end has just been told, and the list is older
        name = message.get(b"CallerIDName")
        self._begin(message, at - waited, name="" if name == "unknown" else name, inferred=True, quiet=quiet)

    def _waits_again(self, known: Visit, queued: float) -> bool:
        """The same call in the same queue, but not since then: whole seconds, and what the network took."""
        return known.state == "talking" or queued - known.queued > AGAIN + self.settle_after

    def _begin(
        self,
        message: Message,
        queued: float,
        *,
        name: str | None = None,
        inferred: bool = False,
        wait_known: bool = True,
        quiet: bool = False,
    ) -> Visit:
        """A visit as a message with the caller's channel tells of it."""
        uid, queue = message.get(b"Uniqueid"), message.get(b"Queue")
        visit = Visit(
            uid=uid,
            queue=queue,
            queue_id=self._directory.queue(queue),
            contact=self._contact(uid, queue, queued),
            linked=message.get(b"Linkedid") or uid,
            caller=caller_of(message),
            caller_name=unescape(message.get(b"CallerIDName")) if name is None else name,
            queued=queued,
            inferred=inferred,
            wait_known=wait_known,
        )
        self._book.enter(visit)
        if not quiet:
            self._tell.queued(visit)
        return visit

    def _contact(self, uid: str, queue: str, at: float) -> ContactId:
        """The visit's id: the same for every client and every connection."""
        times = self._book.number(uid, queue, at)
        return ContactId(self._directory.own(f"{uid}/{queue}" if times == 1 else f"{uid}/{queue}/{times}"))

    # ── leaving the queue ──

    def hangup_requested(self, message: Message, at: float) -> None:
        """HangupRequest, SoftHangupRequest."""
        self.sees_hangups = True
        self._hanging[message.get(b"Uniqueid")] = None

    def abandoned(self, message: Message, at: float) -> None:
        """QueueCallerAbandon: a hang-up only if one was asked for before (trap 2), and not even then if the queue gave up
        in the same instant: QUEUESTATUS has the last word, and the channel's Hangup comes after it."""
        held = number(message.get(b"HoldTime"))
        if self._book.is_echo(message, at):
            return
        visit = self._visit_or_inferred(message, at - held)
        if visit.state == "talking":
            return
        visit.declared, visit.abandoned = held, True
        self.ledger.left(visit)
        if visit.state != "leaving":
            visit.left = at
        visit.hung = visit.hung or visit.uid in self._hanging
        self._leaving(visit)

    def left(self, message: Message, at: float) -> None:
        """QueueCallerLeave: by itself it says nothing about how (trap 1)."""
        if self._book.is_echo(message, at):
            return  # the Leave that follows an Abandon
        visit = self._book.find(message) or self._begin(message, at, inferred=True, wait_known=False)
        if visit.state == "waiting":
            visit.left, visit.hung = at, visit.uid in self._hanging
            self._leaving(visit)

    def status(self, message: Message, status: str, at: float, queue: str = "") -> None:
        """QUEUESTATUS of a call: the cause of an unexplained exit, or a refusal (traps 2, 4)."""
        uid = message.get(b"Uniqueid")
        undecided = (v for v in reversed(self._book.of_caller(uid)) if v.state in ("waiting", "leaving"))
        visit = next(undecided, None)
        queue = queue or self._applications.get(uid, "")
        if visit is not None and status in FLOW_OUT:
            self._finish_flowed_out(visit, FLOW_OUT[status], visit.left or at)
        elif status in REFUSED and queue:
            contact = ContactId(self._directory.own(f"{uid}/{queue}/refused"))
            queue_id = self._directory.queue(queue)
            self._tell.refused(contact, queue_id, REFUSED[status], uid, caller_of(message), at)

    def rated(self, uid: str, queue: str, score: float, best: float, at: float) -> None:
        """The caller's last visit: the one that goes on, else the one that ended before the channel is gone."""
        last = self._uncleared.get(uid)
        known = [*([] if last is None else [last]), *self._book.of_caller(uid)]
        visit = next((v for v in reversed(known) if not queue or v.queue == queue), None)
        if visit is not None:
            self._tell.rated(visit, score, best, at)

    def application(self, uid: str, data: str) -> None:
        """The call runs app_queue with these arguments; the first is the queue's name."""
        self._applications[uid] = data.partition(",")[0]

    def hung_up(self, message: Message, at: float) -> None:
        """Hangup of a caller's channel: whatever is undecided can wait no longer. Of a leg it says nothing (trap 41)."""
        uid = message.get(b"Uniqueid")
        for visit in list(self._book.of_caller(uid)):
            if visit.state == "leaving":
                self.settle_one(visit)
            elif visit.state == "waiting" and message.get(b"Channel").endswith("<ZOMBIE>"):
                self._book.orphan(visit)
            else:
                visit.gone = at
                self.unsettled[visit.contact] = visit
        if not self._book.of_caller(uid):  # what the queue still has to say of it will be judged by it
            self._hanging.pop(uid, None)
        self._applications.pop(uid, None)
        last = self._uncleared.pop(uid, None)
        if last is not None:
            self._tell.cleared(last, at)

    def settle(self, now: float) -> None:
        """Decide what has been undecided for `SETTLE` seconds."""
        if not self.unsettled:
            return
        for visit in list(self.unsettled.values()):
            if now - (visit.gone or visit.left) >= self.settle_after:
                self.settle_one(visit)

    def settle_counters(self, now: float) -> None:
        """What the queues' counters say that nobody told."""
        for queue, since, at, visits in self.ledger.settle(now):
            self._tell.unseen(self._directory.queue(queue), since, at, visits)

    def settle_all(self) -> None:
        """The connection is over: what was leaving has left (trap 44)."""
        for visit in list(self.unsettled.values()):
            self.settle_one(visit)

    def settle_one(self, visit: Visit) -> None:
        if visit.state == "talking":
            self._finish_talk(visit, visit.gone, "unknown")
        elif visit.state == "waiting":  # the channel is gone, the queue said nothing
            if visit.uid in self._hanging:
                self.ledger.vanished(visit)
                self._finish_abandoned(visit, visit.gone)
            else:
                self._finish_lost(visit, visit.gone, "hung up without leaving the queue")
        elif visit.hung:
            self._finish_abandoned(visit, visit.left)
        elif not visit.abandoned:
            self._finish_flowed_out(visit, "key", visit.left)
        elif self.sees_hangups and not self._began_blind(visit):
            self._finish_flowed_out(visit, "unknown", visit.left)
        else:
            self._finish_abandoned(visit, visit.left, known=False)
            if not self._said_limit and not self.sees_hangups:
                self._said_limit = True
                self._tell.limited("abandon_cause", visit.left)

    def _began_blind(self, visit: Visit) -> bool:
        """It left so soon after we began to hear that a hang-up may have been asked for before."""
        return visit.queued < self._hears_since and visit.left - self._hears_since < self.settle_after

    def _leaving(self, visit: Visit) -> None:
        visit.state = "leaving"
        self.unsettled[visit.contact] = visit

    # ── agents ──

    def called(self, message: Message, at: float) -> None:
        """AgentCalled."""
        visit = self._book.find(message)
        if visit is None or visit.state != "waiting":
            return
        interface = message.get(b"Interface")
        agent = self._members.agent(interface)
        visit.ringing[message.get(b"DestUniqueid") or interface] = agent
        self._tell.alerting(visit, agent, interface, at)

    def not_answered(self, message: Message, at: float) -> None:
        """AgentRingNoAnswer; RingTime here is milliseconds (0: busy or rejected, trap 21)."""
        visit = self._book.find(message)
        if visit is None:
            return
        interface = message.get(b"Interface")
        visit.ringing.pop(message.get(b"DestUniqueid") or interface, None)
        ring_time = number(message.get(b"RingTime")) / 1000
        self._tell.not_answered(visit, self._members.agent(interface), ring_time, at)

    def dial_ended(self, message: Message, at: float) -> None:
        """DialEnd CANCEL: rang and somebody else was quicker, or the caller left; AMI has no queue event for it."""
        if message.get(b"DialStatus") != "CANCEL":
            return
        leg = message.get(b"DestUniqueid")
        for visit in self._book.of_caller(message.get(b"Uniqueid")):
            if leg in visit.ringing:
                self._tell.cancelled(visit, leg, at)

    def connected(self, message: Message, at: float) -> None:
        """AgentConnect."""
        held = number(message.get(b"HoldTime"))
        visit = self._visit_or_inferred(message, at - held)
        interface = message.get(b"Interface")
        self._talk(
            visit,
            at,
            interface=interface,
            member=message.get(b"MemberName") or interface,
            leg=message.get(b"DestUniqueid"),
            declared=held,
        )

    def completed(self, message: Message, at: float) -> None:
        """AgentComplete. After a restart it may lack the caller's channel: then only the leg is left (trap 13)."""
        uid, queue, leg = message.get(b"Uniqueid"), message.get(b"Queue"), message.get(b"DestUniqueid")
        talk, held = number(message.get(b"TalkTime")), number(message.get(b"HoldTime"))
        visit = self._book.find(message) or self._book.by_leg(leg)
        if visit is None and uid and not self._book.has_seen(uid, queue):
            visit = self._begin(message, at - talk - held, inferred=True)
        if visit is None:
            if (uid, queue) in self._given_up:
                del self._given_up[uid, queue]
                self.ledger.stray(queue)
            return
        if visit.state in ("waiting", "leaving"):
            interface = message.get(b"Interface")
            name = message.get(b"MemberName") or interface
            self._talk(
                visit, at - talk, interface=interface, member=name, leg=leg, declared=held, inferred=True
            )
        self._finish_talk(
            visit, at, RELEASED_BY.get(message.get(b"Reason").lower(), "unknown"), declared=talk
        )

    def dumped(self, message: Message, at: float) -> None:
        """AgentDump: the agent hung up during the announcement; the caller stays in the queue (trap 45)."""
        visit = self._book.find(message)
        if visit is None:
            return
        interface = message.get(b"Interface")
        visit.ringing.pop(message.get(b"DestUniqueid") or interface, None)
        self._tell.not_answered(visit, self._members.agent(interface), 0.0, at)

    def held(self, message: Message, at: float) -> None:
        """Hold: the only sign that an agent put a caller on hold (trap 18)."""
        self._hold(message, at, on=True)

    def retrieved(self, message: Message, at: float) -> None:
        """Unhold."""
        self._hold(message, at, on=False)

    def _hold(self, message: Message, at: float, *, on: bool) -> None:
        visit = self._book.by_phone(message.get(b"Uniqueid"), message.get(b"Linkedid"))
        if visit is None or visit.held == on:
            return
        visit.held = on
        self._tell.held(visit, at)

    def transferred_blind(self, message: Message, at: float) -> None:
        """BlindTransfer."""
        self._transferred(message, at, attended=False)

    def transferred_attended(self, message: Message, at: float) -> None:
        """AttendedTransfer."""
        self._transferred(message, at, attended=True)

    def _transferred(self, message: Message, at: float, *, attended: bool) -> None:
        """The agent is free now, whatever AgentComplete says later (trap 14)."""
        if message.get(b"Result") != "Success":
            return
        who = b"OrigTransferer" if attended else b"Transferer"
        visit = self._book.by_phone(message.get(who + b"Uniqueid"), message.get(who + b"Linkedid"))
        if visit is None:
            return
        to = message.get(b"TransferTargetCallerIDNum") if attended else message.get(b"Extension")
        self._tell.transferred(visit, to, at, attended=attended)
        self._finish_talk(visit, at, "transfer")

    def swapped(self, message: Message, at: float) -> None:
        """BridgeEnter with SwapUniqueid: a Local channel was optimised away; the call goes on (trap 41)."""
        visit = self._book.by_leg(message.get(b"SwapUniqueid"))
        if visit is not None:
            self._book.connect(visit, message.get(b"Uniqueid"))

    # ── conversations told by a list ──

    def conversation(self, caller: Channel, leg: Channel, at: float, *, resyncing: bool) -> None:
        """A caller and an agent's leg in one bridge. If we missed how it began, it is there all the same."""
        queue = caller.queue
        visit = self._book.open.get((caller.uid, queue))
        if visit is None and self._book.has_seen(caller.uid, queue):
            return  # has left that queue; what it does in the bridge is not the queue's doing
        if visit is not None and not resyncing:
            return  # without an outage the event itself is on its way
        if visit is not None and visit.state == "talking":
            return
        if visit is None:
            visit = self._found(caller, queue, at)
            if not resyncing:
                self._tell.queued(visit)
        member = self._members.find(queue, leg.name) or self._members.find_optimised(queue, leg.name)
        interface = self._members.interface(queue, leg.name)
        self._talk(
            visit,
            max(visit.queued, at - leg.age),
            interface=interface,
            member=member.name if member else interface,
            leg=leg.uid,
            inferred=True,
            quiet=resyncing,
        )

    def conversation_of(self, caller: Channel) -> Visit | None:
        """The one we know of."""
        visit = self._book.open.get((caller.uid, caller.queue))
        return visit if visit is not None and visit.state == "talking" else None

    def _found(self, caller: Channel, queue: str, at: float) -> Visit:
        """A visit of which only the conversation is known; when it queued is a guess."""
        visit = Visit(
            uid=caller.uid,
            queue=queue,
            queue_id=self._directory.queue(queue),
            contact=self._contact(caller.uid, queue, at),
            linked=caller.linked or caller.uid,
            caller=caller.caller,
            caller_name="",
            queued=at - caller.age,
            inferred=True,
            wait_known=False,
        )
        self._book.enter(visit)
        return visit

    # ── resync ──

    @property
    def crowded(self) -> bool:
        return self._book.crowded

    def talking(self) -> list[Visit]:
        return self._book.in_state("talking")

    def waiting(self) -> list[Visit]:
        return self._book.in_state("waiting")

    def lose(self, visit: Visit, at: float, reason: str) -> None:
        """It is not there any more and nobody told how it ended."""
        self._finish_lost(visit, at, reason)

    def lose_all(self, at: float, reason: str) -> None:
        for visit in list(self._book.open.values()):
            self._finish_lost(visit, at, reason)
        for memory in (self._hanging, self._applications, self._uncleared, self._given_up):
            memory.clear()
        self._book.clear()
        self.ledger.restarted()

    def say_all(self) -> None:
        """Every open visit, for a resync."""
        for visit in self._book.open.values():
            self._tell.queued(visit)
            if visit.state == "talking":
                self._tell.answered(visit)

    # ── ends, and what is said ──

    def _visit_or_inferred(self, message: Message, queued: float) -> Visit:
        return self._book.find(message) or self._begin(message, queued, inferred=True)

    def _talk(
        self,
        visit: Visit,
        at: float,
        *,
        interface: str,
        member: str,
        leg: str,
        declared: float | None = None,
        inferred: bool = False,
        quiet: bool = False,
    ) -> None:
        self.unsettled.pop(visit.contact, None)
        visit.state, visit.answered, visit.declared = "talking", at, declared
        visit.interface, visit.member = interface, member
        visit.agent, visit.inferred = self._members.agent(interface), visit.inferred or inferred
        visit.ringing.pop(leg or interface, None)
        self._book.connect(visit, leg)
        self.ledger.talked(visit)
        if not quiet:
            self._tell.answered(visit)
            for other in list(visit.ringing):
                self._tell.cancelled(visit, other, at)

    def _finish_talk(self, visit: Visit, at: float, by: ReleasedBy, declared: float | None = None) -> None:
        self._tell.released(visit, by, declared, self._directory.wrap_up(visit.queue), at)
        self._over(visit, at)

    def _finish_abandoned(self, visit: Visit, at: float, *, known: bool = True) -> None:
        self._cancel_ringing(visit, at)
        self._tell.abandoned(visit, at, known=known)
        self._over(visit, at)

    def _finish_flowed_out(self, visit: Visit, cause: FlowOutCause, at: float) -> None:
        self._cancel_ringing(visit, at)
        if cause != "key":
            self.ledger.left(visit)
        self._tell.flowed_out(visit, cause, at)
        self._over(visit, at)

    def _finish_lost(self, visit: Visit, at: float, reason: str) -> None:
        self._cancel_ringing(visit, at)
        if visit.state != "talking":
            self.ledger.vanished(visit)
        self._given_up[visit.uid, visit.queue] = None
        self._tell.lost(visit, reason, at)
        self._over(visit, at)

    def _over(self, visit: Visit, at: float) -> None:
        self.unsettled.pop(visit.contact, None)
        self._uncleared[visit.uid] = visit
        self._book.close(visit, at)

    def _cancel_ringing(self, visit: Visit, at: float) -> None:
        for leg in list(visit.ringing):
            self._tell.cancelled(visit, leg, at)
