"""The ACD: callers in, members rung, conversations given, as Asterisk's app_queue does it.

It knows nothing of people: whom it rings it tells `heard`, and whether and when they answer is theirs to say. Everything
here takes place at once, at the instant of the call; what needs time comes back through the clock and looks first whether
it still matters (`open`).
"""

from collections.abc import Callable

from .conversations import LATER, Conversations
from .ground import Ground
from .happening import (
    AgentRung,
    CallAbandoned,
    CallAnswered,
    CallFlowedOut,
    CallQueued,
    CallRefused,
    Cause,
    DeviceChanged,
    HowRingEnded,
    PauseChanged,
    RingEnded,
)
from .ledger import Ledger
from .places import Call, Left, Offer, Phone, Place, Queue, Row
from .scenario import Scenario

SOON = 0.02
"""A queue looks at a new caller after this many seconds."""
AUTO_PAUSE = "Auto-Pause"


class Exchange:
    """`phones` and `queues` by name; `by_interface` the memberships of an interface in all queues."""

    def __init__(self, scenario: Scenario, ground: Ground) -> None:
        self.scenario, self.ground = scenario, ground
        self.queues = {part.name: Queue(part) for part in scenario.queue}
        self.phones: dict[str, Phone] = {}
        self.by_interface: dict[str, list[Row]] = {}
        self.ledger = Ledger()
        self.conversations = Conversations(ground, self)
        self.down_until = 0.0
        self.heard: Callable[[Offer], None] = lambda offer: None
        self.auto_paused: Callable[[Row], None] = lambda row: None
        self._chance = ground.chance.stream("exchange")
        self._weighted = len({part.weight for part in scenario.queue}) > 1

    @property
    def is_down(self) -> bool:
        return self.ground.now < self.down_until

    # ── callers ──

    def enter(self, call: Call, queue: Queue, priority: int = 0, transferred_by: str = "") -> Place | None:
        """A place in the queue; None when it did not take the caller."""
        now, tell = self.ground.now, self.ground.tell
        if queue.part.capacity and len(queue.waiting) >= queue.part.capacity:
            tell(CallRefused(t=now, call=call.key, queue=queue.name, cause="full"))
            return None
        if not queue.part.join_empty and queue.is_deserted():
            tell(CallRefused(t=now, call=call.key, queue=queue.name, cause="empty"))
            return None
        visit = self.ledger.begin(now, call.key, queue.name, call.number)
        place = Place(call, visit, queue, priority, self.ground.clock.event())
        position = queue.line_up(place)
        tell(
            CallQueued(
                t=now,
                call=call.key,
                visit=visit.visit,
                queue=queue.name,
                position=position,
                count=len(queue.waiting),
                priority=priority,
                transferred_by=transferred_by,
            )
        )
        self.look(queue, SOON)
        return place

    def abandon(self, place: Place) -> None:
        """The caller hangs up."""
        if not place.open:
            return
        self._cancel(place)
        position = self._leave(place, "abandoned")
        place.visit.outcome = "abandoned"
        now = self.ground.now
        self.ground.tell(
            CallAbandoned(
                t=now,
                call=place.call.key,
                visit=place.visit.visit,
                queue=place.queue.name,
                wait=now - place.visit.queued,
                position=position,
                count=len(place.queue.waiting),
            )
        )

    def flow_out(self, place: Place, cause: Cause) -> None:
        """The caller leaves the queue for something else. At a timeout, members that ring have not answered."""
        if not place.open:
            return
        if cause == "timeout":
            for offer in list(place.offers):
                self._not_answered(offer)
        self._cancel(place)
        position = self._leave(place, cause)
        place.visit.outcome, place.visit.cause = "flowed_out", cause
        now = self.ground.now
        self.ground.tell(
            CallFlowedOut(
                t=now,
                call=place.call.key,
                visit=place.visit.visit,
                queue=place.queue.name,
                cause=cause,
                wait=now - place.visit.queued,
                position=position,
                count=len(place.queue.waiting),
            )
        )

    def _leave(self, place: Place, how: Left) -> int:
        """Gives the place up; the position it was."""
        position = place.queue.position(place)
        del place.queue.waiting[position - 1]
        place.open = False
        if how != "answered":
            place.visit.ended = self.ground.now
        place.left.succeed(how)
        return position

    def _cancel(self, place: Place) -> None:
        for offer in list(place.offers):
            self._end_ring(offer, "cancelled")
            self._show(offer.row)

    # ── ringing ──

    def look(self, queue: Queue, delay: float) -> None:
        """Have the queue see in so many seconds who can be served; a look that is due shortly after does as well."""
        due = self.ground.now + delay
        if not due <= queue.looks_at <= due + LATER:
            queue.looks_at = due
            self.ground.clock.after(delay, self._serve, queue)

    def _serve(self, queue: Queue) -> None:
        if queue.part.leave_when_empty and queue.waiting and queue.is_deserted():
            for place in [place for place in queue.waiting if not place.offers]:
                self.flow_out(place, "empty")
        for place in list(queue.waiting):
            if not place.offers and self.ground.now >= place.rests_until and not self._ring_for(place):
                self._look_again(queue)
                break

    def _look_again(self, queue: Queue) -> None:
        """When the first of the members in wrap-up is through with it; soon, when a queue of more weight has them."""
        now = self.ground.now
        if self._weighted and any(row.may_ring(now) for row in queue.rows.values()):
            self.look(queue, 1.0)
        ends = [row.rests_until for row in queue.rows.values() if row.rests_until > now]
        if ends:
            self.look(queue, min(ends) - now + LATER)

    def _ring_for(self, place: Place) -> bool:
        """Rings whoever's turn it is; False when there is nobody."""
        now, queue = self.ground.now, place.queue
        rows = [
            row
            for interface, row in queue.rows.items()
            if row.may_ring(now) and interface not in place.tried and not self._outranked(row)
        ]
        for row in queue.choose(rows, self._chance) if rows else ():
            self._ring(place, row)
        return bool(rows)

    def _outranked(self, row: Row) -> bool:
        """A queue of more weight needs this member."""
        if not self._weighted:
            return False
        now = self.ground.now
        return any(other.queue.outranks(row.queue, now) for other in self.by_interface[row.member.interface])

    def _ring(self, place: Place, row: Row) -> None:
        now = self.ground.now
        place.queue.last_rung = row.member.interface
        offer = Offer(place, row, now)
        place.offers.append(offer)
        self.ground.tell(
            AgentRung(
                t=now,
                call=place.call.key,
                visit=place.visit.visit,
                queue=place.queue.name,
                agent=row.member.agent,
                interface=row.member.interface,
            )
        )
        if row.through_local and row.phone.state != "idle":  # the Local channel is answered by a busy phone
            self.ground.clock.after(0.005, self.busy, offer)
            return
        offer.rings = True
        for phone in row.phones():
            phone.ringing += 1
        self._show(row)
        self.ground.clock.after(place.queue.part.timeout, self._timed_out, offer)
        self.heard(offer)

    def busy(self, offer: Offer) -> None:
        """The phone rejects the call, or is busy; the next member is tried at once."""
        if not offer.open:
            return
        place, row = offer.place, offer.row
        place.tried.add(row.member.interface)
        self._end_ring(offer, "busy")
        self._show(row)
        if not place.offers and not self._ring_for(place):
            self._rest(place)

    def _timed_out(self, offer: Offer) -> None:
        if not offer.open:
            return
        self._not_answered(offer)
        if not offer.place.offers:
            self._rest(offer.place)

    def _not_answered(self, offer: Offer) -> None:
        self._end_ring(offer, "no_answer")
        self._show(offer.row)
        row, autopause = offer.row, offer.place.queue.part.autopause
        if autopause == "no":
            return
        for other in self.by_interface.get(
            row.member.interface, []
        ):  # who was removed meanwhile is not there
            if autopause == "all" or other is row:
                self.set_pause(other, True, AUTO_PAUSE, automatic=True)
        self.auto_paused(row)

    def _rest(self, place: Place) -> None:
        """Nobody answered in this round; the next one begins after `retry`."""
        place.tried.clear()
        place.rests_until = self.ground.now + place.queue.part.retry
        self.look(place.queue, place.queue.part.retry)

    def _end_ring(self, offer: Offer, how: HowRingEnded) -> None:
        now, place, row = self.ground.now, offer.place, offer.row
        offer.open = False
        place.offers.remove(offer)
        if offer.rings:
            for phone in row.phones():
                phone.ringing -= 1
        if how in {"no_answer", "busy"}:
            place.visit.no_answers += 1
        self.ground.tell(
            RingEnded(
                t=now,
                call=place.call.key,
                visit=place.visit.visit,
                queue=place.queue.name,
                agent=row.member.agent,
                interface=row.member.interface,
                how=how,
                ring=0.0 if how == "busy" else now - offer.began,
            )
        )

    def answer(self, offer: Offer) -> bool:
        """The member picks up; False when it rings no more."""
        if not offer.open:
            return False
        place, row, now = offer.place, offer.row, self.ground.now
        for other in [other for other in place.offers if other is not offer]:
            self._end_ring(other, "cancelled")
            self._show(other.row)
        self._end_ring(offer, "answered")
        self._leave(place, "answered")
        visit, member = place.visit, row.member
        visit.outcome, visit.answered, visit.agent = "answered", now, member.agent
        self.conversations.begin(place, row)
        self.ground.tell(
            CallAnswered(
                t=now,
                call=place.call.key,
                visit=visit.visit,
                queue=place.queue.name,
                agent=member.agent,
                interface=member.interface,
                wait=now - visit.queued,
                ring=now - offer.began,
                count=len(place.queue.waiting),
            )
        )
        self._show(row)
        return True

    # ── phones ──

    def _show(self, row: Row) -> None:
        for phone in row.phones():
            self.show(phone)

    def show(self, phone: Phone) -> None:
        """Tells the phone's state if it is another than was told; a phone that is free is work for its queues."""
        if phone.state == phone.shown:
            return
        phone.shown = phone.state
        self.ground.tell(
            DeviceChanged(t=self.ground.now, device=phone.name, agent=phone.agent, state=phone.state)
        )
        if phone.state in {"idle", "unavailable"}:
            for row in phone.rows:
                self.look(row.queue, LATER)

    # ── pauses ──

    def set_pause(self, row: Row, paused: bool, reason: str, *, automatic: bool = False) -> None:
        """Told even when nothing changes, and paused again counts from now, as app_queue does."""
        member, now = row.member, self.ground.now
        member.paused, member.reason = paused, reason
        if paused:
            member.paused_since = now
        self.ground.tell(
            PauseChanged(
                t=now,
                queue=row.queue.name,
                agent=member.agent,
                interface=member.interface,
                paused=paused,
                reason=reason,
                automatic=automatic,
            )
        )
        self.look(row.queue, LATER)

    # ── a bad day ──

    def restart(self, down: float) -> None:
        """Everything that was on the table is gone, without a word."""
        self.down_until = self.ground.now + down
        for queue in self.queues.values():
            for place in list(queue.waiting):
                self._die(place)
            for row in queue.rows.values():
                self._forget(row)
        self.conversations.restart()
        for phone in self.phones.values():
            phone.clear()

    def _die(self, place: Place) -> None:
        for offer in place.offers:
            offer.open = False
        place.offers.clear()
        self._leave(place, "lost")
        place.visit.outcome = "lost"

    def _forget(self, row: Row) -> None:
        """What app_queue does not keep in its database."""
        member = row.member
        member.in_call, member.calls_taken, member.last_call, row.rests_until = False, 0, 0.0, 0.0
        if member.static:
            member.paused, member.reason, member.paused_since = False, "", 0.0
