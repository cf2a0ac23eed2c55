"""From call events to the life of each visit: one call at one ACD group.

    Offered, Delivered at the group ──▶ offered ──Queued──▶ waiting
                                            │                  │ Diverted to a phone, Delivered there: it rings
                                            ▼                  ▼
                              over ◀── ConnectionCleared, Diverted elsewhere
                                                               │ Established at a phone
                                                               ▼
                              over ◀── ConnectionCleared ── talking ── Transfered ──▶ over

One event comes once for every monitor it concerns, and those of different monitors in any order: all here is said twice
without harm. A call that left its group for a place that we cannot see is decided `SETTLE` seconds later.
"""

from collections.abc import Collection, Iterable, Mapping

from ccwall.adapter import Directory, Known
from ccwall.events import AnyEvent, ContactId, FlowOutCause, ReleasedBy
from ccwall.wire.memory import Recent

from .book import REMEMBERED, Book
from .causes import DISTRIBUTED, FLOW_OUT, RANG_OUT, REFUSED, REJECTED, TRANSFERS
from .people import People
from .phones import Phones
from .telling import Leaving, Ring, Telling, Visit

SETTLE = 2.0
"""Seconds after which a call that went where we cannot see is decided."""


class Visits:
    """Memory of the visits of one source; facts are appended to `out`. `groups`: by number, what the queue is called."""

    def __init__(
        self,
        groups: Mapping[str, str],
        phones: Phones,
        people: People,
        directory: Directory,
        out: list[AnyEvent],
    ) -> None:
        self._groups, self._phones, self._people, self._directory = dict(groups), phones, people, directory
        self._tell = Telling(out)
        self.book = Book(self._groups, directory)
        self.settle_after = SETTLE
        self.quiet = False
        self._uncleared: Recent[str, Visit] = Recent(REMEMBERED)
        self._leaving: dict[ContactId, Visit] = {}
        self._queueless: set[str] = set()

    def begin_connection(self) -> None:
        self._queueless.clear()
        for visit in self.book:
            visit.seen = False

    def remember(self, visits: Iterable[Known]) -> None:
        self.book.recall(visits)

    # ── at the group ──

    def called(self, call: str, group: str, called: str) -> None:
        """Whom an event at the group says was called: some switches keep the first number, some tell the last."""
        visit = self.book.find(call, group)
        if visit is not None and called:
            visit.called = called

    def arrived(self, call: str, group: str, caller: str, at: float) -> None:
        """Offered or Delivered at a group."""
        known = self.book.find(call, group)
        if known is not None and known.is_waiting:
            self._stays(known, caller)
            return
        if known is not None:
            return  # it rings again where it is talked to: the Transfered comes, or Queued
        self._moved_on(call, group, at)
        visit = self.book.begin(call, group, caller, at)
        visit.state = "offered"
        self._tell.offered(visit, at)

    def queued(self, call: str, group: str, caller: str, at: float, *, also: bool = False) -> None:
        """Queued. `also`: the call waits in other groups as well (multipleQueuing)."""
        self._queueless.discard(group)
        visit = self.book.find(call, group)
        if visit is not None and visit.state == "talking":
            self.book.pass_on(call, group)
            self._finish_talk(visit, "transfer", at)  # it cannot queue and be talked to at once
            visit = None
        if visit is not None and visit.state == "waiting":
            self._stays(visit, caller)
            return
        if visit is None:
            if not also:
                self._moved_on(call, group, at)
            visit = self.book.begin(call, group, caller, at)
        visit.state, visit.queued = "waiting", at
        self._stays(visit, caller)
        if not visit.said and not self.quiet:
            self._tell.queued(visit)

    def _stays(self, visit: Visit, caller: str) -> None:
        visit.seen, visit.leaving = True, ""
        visit.caller = visit.caller or caller
        self._leaving.pop(visit.contact, None)

    def _moved_on(self, call: str, group: str, at: float) -> None:
        """Into another group, and nobody said that it had left the first one."""
        for other in self.book.of_call(call):
            if other.is_waiting and other.group != group:
                self._finish_flowed_out(other, "overflow", other.left or at)

    def diverted(self, call: str, where: str, to: str, cause: str, at: float) -> None:
        """Diverted: from a group, or from a phone that rang."""
        visit = self.book.find(call, where)
        if visit is not None:
            if visit.is_waiting:
                self._leaves_group(visit, to, cause, at)
            return
        for ringing in self.book.of_call(call):
            if where in ringing.ringing:
                self._tell.not_answered(
                    ringing,
                    where,
                    at,
                    rejected=cause in REJECTED,
                    cancelled=cause not in REJECTED and cause not in RANG_OUT,
                )
                if to and self._is_foreign(to):
                    self._leave_later(ringing, FLOW_OUT.get(cause, "unknown"), at)

    def _leaves_group(self, visit: Visit, to: str, cause: str, at: float) -> None:
        visit.seen = True
        if visit.ringing:
            return  # to the phone that rings already
        if to in self._groups and to != visit.group:
            self._finish_flowed_out(visit, FLOW_OUT.get(cause, "overflow"), at)
        elif to in self._phones or (not to and cause in DISTRIBUTED):
            self._leave_later(visit, "lost", at)
        elif cause in FLOW_OUT:
            self._finish_flowed_out(visit, FLOW_OUT[cause], at)
        else:
            self._leave_later(visit, "unknown", at)

    def _leave_later(self, visit: Visit, how: Leaving, at: float) -> None:
        visit.leaving, visit.left = how, at
        self._leaving[visit.contact] = visit

    def failed(self, call: str, where: str, caller: str, cause: str, at: float) -> None:
        """Failed, at a group: it did not take the call; at a phone that rang: it is busy."""
        visit = self.book.find(call, where)
        if visit is not None and visit.is_waiting:
            self._finish_flowed_out(visit, FLOW_OUT.get(cause, "error"), at)
        elif visit is None and where in self._groups:
            contact = ContactId(self._directory.own(f"{call}/{self._groups[where]}/refused"))
            queue = self._directory.queue(self._groups[where])
            self._tell.refused(contact, queue, REFUSED.get(cause, "unknown"), call, caller, at)
        for other in self.book.of_call(call):
            if where in other.ringing:
                self._tell.not_answered(other, where, at, rejected=True)

    # ── at a phone ──

    def alerting(self, call: str, phone: str, came_from: tuple[str, str], caller: str, at: float) -> None:
        """Delivered at a phone; `came_from`: where it was redirected from last, and whom the caller called."""
        visit = self._given(call, came_from, caller, at)
        if visit is None:
            return
        self._stays(visit, caller)
        if phone in visit.ringing:
            return
        visit.ringing[phone] = Ring(self._people.agent(phone), at)
        if not self.quiet or visit.said:
            self._tell.alerting(visit, phone)

    def answered(self, call: str, phone: str, came_from: tuple[str, str], caller: str, at: float) -> bool:
        """Established at a phone; whether a queue gave this call."""
        talking = [v for v in self.book.of_call(call) if v.state == "talking"]
        if talking:
            for one in talking:
                one.seen = True
            return any(one.phone == phone for one in talking)
        visit = self._given(call, came_from, caller, at)
        if visit is None:
            return False
        self._stays(visit, caller)
        self._talk(visit, phone, at)
        return True

    def _talk(self, visit: Visit, phone: str, at: float, *, inferred: bool = False) -> None:
        ring = visit.ringing.pop(phone, None)
        for other in list(visit.ringing):
            self._tell.not_answered(visit, other, at, cancelled=True)
        for other_visit in self.book.of_call(visit.call):
            if other_visit is not visit and other_visit.is_waiting:  # it waited in several groups
                self._finish_flowed_out(other_visit, "overflow", at)
        visit.state, visit.phone, visit.answered = "talking", phone, at
        visit.agent = ring.agent if ring is not None else self._people.agent(phone)
        visit.answer_inferred, visit.seen = inferred, True
        self._people.talked(phone, visit.contact)
        if not self.quiet:
            self._tell.answered(visit)

    def _given(self, call: str, came_from: tuple[str, str], caller: str, at: float) -> Visit | None:
        """The waiting visit that a call at a phone belongs to. Where none is known and it comes from a group, the group tells
        us nothing of its queue, and what can be said begins here."""
        waiting = [visit for visit in self.book.of_call(call) if visit.is_waiting]
        if waiting:
            return next((v for v in waiting if v.group == came_from[0]), waiting[0])
        group = next((one for one in came_from if one in self._groups), "")
        if not group or self.book.was_passed_on(call, group):
            return None
        visit = self.book.begin(call, group, caller, at)
        visit.inferred, visit.wait_known = True, False
        if group not in self._queueless:
            self._queueless.add(group)
            self._tell.limited("queues", at)
        return visit

    def held(self, call: str, phone: str, at: float, *, held: bool) -> None:
        for visit in self.book.of_call(call):
            if visit.state == "talking" and visit.phone == phone and visit.held != held:
                visit.held = held
                self._tell.held(visit, at)

    # ── ends ──

    def cleared(self, call: str, dropped: str, releasing: str, cause: str, at: float) -> None:
        """ConnectionCleared: one party's connection is gone."""
        for visit in self.book.of_call(call):
            visit.seen = True
            if visit.state == "talking":
                self._cleared_talking(visit, dropped, releasing, cause, at)
            elif dropped == visit.group:
                self._cleared_at_group(visit, releasing, cause, at)
            elif dropped in visit.ringing:
                self._cleared_ringing(visit, dropped, releasing, cause, at)
            elif dropped == visit.caller or dropped not in self._phones:
                self._finish_abandoned(visit, at)
        if self._is_foreign(dropped):
            self._say_cleared(call, at)

    def _cleared_at_group(self, visit: Visit, releasing: str, cause: str, at: float) -> None:
        if cause in FLOW_OUT:
            self._finish_flowed_out(visit, FLOW_OUT[cause], at)
        elif visit.ringing:
            return  # it went to the phone
        elif releasing and (releasing == visit.caller or self._is_foreign(releasing)):
            self._finish_abandoned(visit, at)
        elif releasing == visit.group:
            self._finish_flowed_out(visit, "withdrawn", at)
        elif cause in DISTRIBUTED and cause:
            self._leave_later(visit, "lost", at)
        else:
            self._leave_later(visit, "abandoned", at)

    def _is_foreign(self, device: str) -> bool:
        """Neither a phone of ours nor a group: a caller."""
        return device not in self._groups and device not in self._phones

    def _cleared_ringing(self, visit: Visit, dropped: str, releasing: str, cause: str, at: float) -> None:
        if releasing and releasing == visit.caller and releasing != dropped:
            self._finish_abandoned(visit, at)
            return
        rejected = releasing == dropped or cause in REJECTED
        rang_out = bool(cause) and cause in RANG_OUT
        self._tell.not_answered(
            visit, dropped, at, rejected=rejected, cancelled=not rejected and not rang_out
        )
        if not visit.ringing:
            self._leave_later(visit, "abandoned" if not rejected and not rang_out else "lost", at)

    def _cleared_talking(self, visit: Visit, dropped: str, releasing: str, cause: str, at: float) -> None:
        if cause in TRANSFERS:
            return
        if dropped == visit.phone:
            by: ReleasedBy = "unknown"
            if releasing == visit.phone:
                by = "agent"
            elif releasing and (releasing == visit.caller or releasing not in self._phones):
                by = "caller"
            self._finish_talk(visit, by, at)
        elif dropped == visit.caller or (dropped not in self._phones and not visit.conference):
            self._finish_talk(visit, "agent" if releasing == visit.phone else "caller", at)

    def call_cleared(self, call: str, at: float) -> None:
        """CallCleared: nothing of the call is left."""
        for visit in self.book.of_call(call):
            if visit.state == "talking":
                self._finish_talk(visit, "unknown", at)
            else:
                self._finish_abandoned(visit, at)
        self._say_cleared(call, at)

    def transferred(
        self,
        calls: tuple[str, ...],
        renamed: Mapping[str, str],
        by: str,
        to: str,
        at: float,
        *,
        attended: bool,
    ) -> None:
        """Transfered: `by` has put the parties of these calls together and is out of it."""
        for call in calls:
            for visit in self.book.of_call(call):
                visit.seen = True
                if visit.state == "talking" and visit.phone == by:
                    self._tell.transferred(visit, self._groups.get(to, to), at, attended=attended)
                    self.book.pass_on(call, visit.group)
                    self._finish_talk(visit, "transfer", at)
                elif visit.state == "talking" and visit.caller == by:
                    self._finish_talk(visit, "caller", at)  # who had asked in this queue has left it
        for old, new in renamed.items():
            self.book.rename(old, new)
            last = self._uncleared.pop(old, None)
            if last is not None:
                self._uncleared[new] = last

    def conferenced(self, calls: tuple[str, ...], renamed: Mapping[str, str], at: float) -> None:
        for call in calls:
            for visit in self.book.of_call(call):
                if visit.state == "talking" and not visit.conference:
                    visit.conference = True
                    if visit.held:
                        self.held(call, visit.phone, at, held=False)
                    self._tell.conferenced(visit, at)
        for old, new in renamed.items():
            self.book.rename(old, new)

    def settle(self, now: float) -> None:
        """Decide what has been undecided for `SETTLE` seconds."""
        for visit in list(self._leaving.values()):
            if now - visit.left >= self.settle_after:
                self._decide(visit, now)

    def settle_all(self, now: float) -> None:
        """The connection is over; what left has left."""
        for visit in list(self._leaving.values()):
            self._decide(visit, now)

    def _decide(self, visit: Visit, now: float) -> None:
        if visit.leaving == "lost":
            self._finish_lost(visit, visit.left, "went where the switch lets nobody look")
        elif visit.leaving == "abandoned":
            self._finish_abandoned(visit, visit.left)
        elif visit.leaving:
            self._finish_flowed_out(visit, visit.leaving, visit.left)

    # ── snapshots ──

    def listed(self, call: str, group: str, at: float) -> None:
        """A snapshot of the group has the call in it."""
        visit = self.book.find(call, group)
        if visit is None:
            visit = self.book.begin(call, group, "", at)
            visit.inferred, visit.wait_known = True, False
        elif visit.state == "talking":
            self._finish_lost(visit, at, "waits again")
            visit = self.book.begin(call, group, visit.caller, at)
            visit.inferred, visit.wait_known = True, False
        visit.state = "waiting"
        self._stays(visit, "")

    def listed_all(self, where: str, calls: Collection[str], at: float) -> None:
        """A snapshot of a group or a phone has these calls and no others, and no event said so."""
        for visit in self.book:
            there = (
                visit.group if visit.is_waiting and not visit.ringing and not visit.leaving else visit.phone
            )
            if there == where and visit.call not in calls:
                self._finish_lost(visit, at, "not in the snapshot")

    def pictured(self, call: str, parties: Mapping[str, str], caller: str, called: str, at: float) -> bool:
        """A snapshot of the call: who is in it, in which state. False when it is an agent's, and no telling of which queue."""
        for visit in self.book.of_call(call):
            if caller and visit.caller and caller != visit.caller:
                self._finish_lost(visit, at, "another call has its number now")
            elif visit.called and called in self._groups and called not in (visit.called, visit.group):
                self._finish_lost(visit, at, "went on to another group unseen")
            else:
                visit.called = called
        waits = [v for v in self.book.of_call(call) if v.is_waiting and parties.get(v.group) is not None]
        for visit in waits:
            self._stays(visit, caller)
        phones = {
            phone: state for phone, state in parties.items() if phone in self._phones and phone != caller
        }
        talking = [phone for phone, state in phones.items() if state in ("connected", "hold")]
        ringing = [phone for phone, state in phones.items() if state == "alerting"]
        known = self._picture_known(call, talking, ringing, caller, at)
        if known or not (talking or ringing):
            return True
        if called not in self._groups:
            return bool(called) or not self._groups
        if self.book.was_passed_on(call, called):
            return True
        visit = self.book.begin(call, called, caller, at)
        visit.inferred, visit.wait_known = True, False
        self._picture_known(call, talking, ringing, caller, at)
        return True

    def _picture_known(
        self, call: str, talking: list[str], ringing: list[str], caller: str, at: float
    ) -> bool:
        """Whether the call has a visit that this is about."""
        for visit in self.book.of_call(call):
            visit.caller = visit.caller or caller
            if visit.state == "talking":
                visit.seen = visit.seen or visit.phone in talking
            elif talking:
                self._talk(visit, talking[0], at, inferred=True)
            else:
                self._picture_ringing(visit, ringing, at)
        return bool(self.book.of_call(call))

    def _picture_ringing(self, visit: Visit, ringing: list[str], at: float) -> None:
        for phone in [phone for phone in visit.ringing if phone not in ringing]:
            self._tell.not_answered(visit, phone, at, cancelled=True)
        for phone in ringing:
            if phone not in visit.ringing:
                visit.ringing[phone] = Ring(self._people.agent(phone), at)
                if visit.said and not self.quiet:
                    self._tell.alerting(visit, phone)
        if ringing:
            self._stays(visit, "")

    def lose_unseen(self, at: float) -> None:
        """Everything has been asked and answered: who was not in it is gone."""
        for visit in self.book:
            if not visit.seen:
                self._finish_lost(visit, at, "not in the snapshot")

    def say_all(self) -> None:
        """Everything that is true, for a resync: confirmed with the instants we know."""
        for visit in self.book:
            if visit.state == "offered":
                self._tell.offered(visit, visit.queued)
                continue
            self._tell.queued(visit)
            if visit.state == "talking":
                self._tell.answered(visit)
                if visit.held:
                    self._tell.held(visit, visit.answered)
            for phone in visit.ringing:
                self._tell.alerting(visit, phone)

    # ── the last word on a visit ──

    def _finish_abandoned(self, visit: Visit, at: float) -> None:
        self._stop_ringing(visit, at)
        self._close(visit)
        self._tell.abandoned(visit, at)

    def _finish_flowed_out(self, visit: Visit, cause: FlowOutCause, at: float) -> None:
        self._stop_ringing(visit, at)
        self._close(visit)
        self._tell.flowed_out(visit, cause, at)

    def _finish_lost(self, visit: Visit, at: float, why: str) -> None:
        self._tell.lost(visit, why, at)
        self._close(visit)

    def _finish_talk(self, visit: Visit, by: ReleasedBy, at: float) -> None:
        self._close(visit)
        self._tell.released(visit, by, at)
        self._uncleared[visit.call] = visit

    def _stop_ringing(self, visit: Visit, at: float) -> None:
        for phone in list(visit.ringing):
            self._tell.not_answered(visit, phone, at, cancelled=True)

    def _close(self, visit: Visit) -> None:
        self._leaving.pop(visit.contact, None)
        self.book.close(visit)

    def _say_cleared(self, call: str, at: float) -> None:
        last = self._uncleared.pop(call, None)
        if last is not None:
            self._tell.cleared(last, at)
