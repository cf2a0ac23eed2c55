"""The life of every call, happening by happening, as channels and queues tell of it.

The order of events is the one of the genuine transcripts (tests/simulators/asterisk/test_vocabulary.py).
"""

from collections.abc import Callable

from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.chance import Stream

from .acd import Acd, Entry, extension
from .call import Call, Seen, Stay
from .channel import RING, UNKNOWN, Channel
from .dialplan import Dialplan
from .leg import Leg
from .local_leg import LocalLeg, leg_to
from .speaker import lines
from .switch import CARRIER, Switch
from .transfer import INTO_QUEUE, Third, blind, consult, put_through

NUMBER_DIALLED = "4951000000"
STATUS = {"timeout": "TIMEOUT", "empty": "LEAVEEMPTY", "withdrawn": "WITHDRAW", "full": "FULL"}
REMEMBERED = 100_000
"""Visits whose Uniqueid is known; a day of a busy floor has some thousands."""
RATERS = 0.5
"""Of the callers whose agent hung up first, those who rate the service."""
SCORES = (5, 4, 3, 2, 1)
CONTENT, CROSS = (56, 27, 8, 4, 5), (8, 14, 20, 24, 34)
"""How many of a hundred give which score: of those for whom it went well, and of those whom waiting made cross."""
BEARABLE, UNBEARABLE = 20.0, 150.0
"""Seconds of waiting that make nobody cross, and everybody."""
CANCELLED_AFTER = 0.0005
"""A withdrawn offer is told at once by whatever withdrew it, or alone after this."""


class Calls:
    """`seen`: every visit by the floor's number of it."""

    def __init__(self, switch: Switch, acd: Acd) -> None:
        self._switch, self._acd, self._dialplan = switch, acd, Dialplan(switch)
        self.calls: dict[str, Call] = {}
        self.seen: dict[int, Seen] = {}
        self._carried = 0
        self.handlers: dict[type[h.Happening], Callable[..., None]] = {
            h.CallArrived: self._arrived,
            h.CallQueued: self._queued,
            h.CallRefused: self._refused,
            h.AgentRung: self._rung,
            h.RingEnded: self._ring_ended,
            h.CallAnswered: self._answered,
            h.CallHeld: self._held,
            h.CallRetrieved: self._retrieved,
            h.CallTransferred: self._transferred,
            h.CallCompleted: self._completed,
            h.CallAbandoned: self._abandoned,
            h.CallFlowedOut: self._flowed_out,
            h.CallEnded: self._ended,
            h.SideCallBegan: self._side_began,
            h.SideCallEnded: self._side_ended,
        }

    def clear(self) -> None:
        """The exchange is dead, and every channel with it."""
        self.calls.clear()
        self._carried = 0

    # ── arriving ──

    def _arrived(self, happened: h.CallArrived) -> None:
        switch = self._switch
        channel = switch.open(
            switch.numbers.phone(CARRIER),
            state=RING,
            number=happened.number or UNKNOWN,
            caller=happened.name or UNKNOWN,
            context="from-carrier",
            exten=NUMBER_DIALLED,
        )
        self.calls[happened.call] = Call(happened.call, channel, channel)
        self._dialplan.welcome(channel)
        self._carry(1)

    def _carry(self, channels: int) -> None:
        """So many more or less on the carrier's line."""
        before, self._carried = self._carried, self._carried + channels
        if bool(before) != bool(self._carried):
            self._acd.carrier(busy=self._carried > 0)

    # ── queueing ──

    def _queued(self, happened: h.CallQueued) -> None:
        call = self.calls.get(happened.call)
        if call is None:
            return
        self._dialplan.enter(call.line, happened.queue)
        channel = call.line
        entry = Entry(channel, happened.visit, happened.t, happened.position, happened.priority)
        call.stay = Stay(happened.visit, happened.queue, entry)
        self.seen[happened.visit] = Seen(channel.uid, "" if channel.number == UNKNOWN else channel.number)
        if len(self.seen) > REMEMBERED:
            del self.seen[next(iter(self.seen))]
        count = self._acd.join(happened.queue, entry)
        self._queue_event(
            "QueueCallerJoin", call, ("Position", str(happened.position)), ("Count", str(count))
        )
        self._switch.music(channel)

    def _queue_event(self, kind: str, call: Call, *told: tuple[str, str]) -> None:
        assert call.stay is not None
        queue = ("Queue", call.stay.queue)
        self._switch.say(kind, "agent", call.line.block(), lines(queue, *told))

    def _refused(self, happened: h.CallRefused) -> None:
        """No event of any queue says so (asterisk-notes 4)."""
        call = self.calls.get(happened.call)
        if call is None:
            return
        self._dialplan.enter(call.line, happened.queue)
        self._dialplan.after(call.line, happened.queue, "JOINEMPTY" if happened.cause == "empty" else "FULL")

    # ── ringing ──

    def _rung(self, happened: h.AgentRung) -> None:
        call = self.calls.get(happened.call)
        membership = self._acd.find(happened.queue, happened.interface)
        if call is None or membership is None or call.stay is None:
            return
        leg = leg_to(self._switch, self._acd, call.line, membership, happened.visit)
        call.ringing[happened.interface] = leg
        leg.ring()

    def _ring_ended(self, happened: h.RingEnded) -> None:
        call = self.calls.get(happened.call)
        if call is None or happened.how == "answered":
            return
        leg = call.ringing.pop(happened.interface, None)
        if leg is None:
            return
        if happened.how == "busy":
            leg.be_busy(happened.ring)
        elif happened.how == "no_answer":
            leg.ring_out(happened.ring)
        else:
            call.withdrawn.append(leg)
            self._switch.timers.after(CANCELLED_AFTER, lambda: self._withdraw(call, 0))

    def _withdraw(self, call: Call, cause: int) -> None:
        legs, call.withdrawn = call.withdrawn, []
        for leg in legs:
            leg.cancel(cause)

    # ── talking ──

    def _answered(self, happened: h.CallAnswered) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.stay is None or happened.interface not in call.ringing:
            return
        leg = call.leg = call.ringing.pop(happened.interface)
        stay, line, switch = call.stay, call.line, self._switch
        leg.answer()
        self._withdraw(call, 26)
        switch.silence(line)
        self._describe_member(line, leg)
        self._describe_member(leg.head, leg)
        stay.answered = switch.now
        self.seen[stay.visit].member = leg.membership.name
        stay.wait = self._acd.connected(leg.membership, stay.queue, stay.entry.queued)
        for channel in (line, leg.head):
            switch.set(channel, QEHOLDTIME=str(stay.wait), QEORIGINALPOS=str(stay.entry.position))
        self._leave(call)
        switch.set(line, QUEUEWAIT=str(stay.wait), QUEUEWAIT_MS=str(1000 * stay.wait))
        leg.say_connected(stay.wait, happened.ring)
        leg.join()

    def _describe_member(self, channel: Channel, leg: Leg) -> None:
        member = leg.membership
        self._switch.set(
            channel,
            MEMBERINTERFACE=member.interface,
            MEMBERNAME=member.name,
            MEMBERCALLS=str(member.calls_taken),
            MEMBERLASTCALL=str(int(member.last_call)),
            MEMBERPENALTY=str(member.penalty),
            MEMBERDYNAMIC=str(int(not member.static)),
            MEMBERREALTIME="0",
        )

    def _leave(self, call: Call) -> None:
        assert call.stay is not None
        position, count = self._acd.leave(call.stay.queue, call.stay.entry)
        self._queue_event("QueueCallerLeave", call, ("Position", str(position)), ("Count", str(count)))
        self._switch.set(call.line, QUEUEPOSITION=str(position))

    def _held(self, happened: h.CallHeld) -> None:
        call = self.calls.get(happened.call)
        if call is not None and call.leg is not None:
            call.leg.hold()

    def _retrieved(self, happened: h.CallRetrieved) -> None:
        call = self.calls.get(happened.call)
        if call is not None and call.leg is not None and call.leg.held:
            call.leg.retrieve()

    def _transferred(self, happened: h.CallTransferred) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.leg is None:
            return
        switch, leg, to = self._switch, call.leg, INTO_QUEUE if happened.to_queue else happened.to
        asking = self._asking(happened.agent) if happened.kind == "attended" else None
        if asking is not None and asking.leg is not None:
            call.partner = asking.leg
            put_through(switch, leg, asking.line, asking.leg)
        elif asking is not None and asking.third is not None:
            call.third, asking.third = asking.third, None
            consult(switch, leg, asking.line, call.third)
        else:
            blind(switch, leg, to)
        leg.transferred_to = to

    def _asking(self, agent: str) -> Call | None:
        """The call of this agent's own on which somebody is asked."""
        return next((call for call in reversed(self.calls.values()) if call.agent == agent), None)

    def _completed(self, happened: h.CallCompleted) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.leg is None or call.stay is None:
            return
        leg, stay = call.leg, call.stay
        call.leg = call.stay = None
        talk = int(self._switch.now) - int(stay.answered)
        if happened.by == "transfer":
            self._pass_on(call, leg, stay, talk)
        elif call.line.bridge is None:  # somebody was put through in its place
            leg.say_complete(stay.wait, talk, happened.by)
        else:
            if happened.by == "caller":
                self._caller_hangs_up(call)
            leg.hang_up(stay.wait, talk, happened.by)
            if happened.by == "agent" and call.line is call.caller:
                self._ask(call, stay)
        self._acd.finished(leg.membership)

    def _ask(self, call: Call, stay: Stay) -> None:
        """How it was: few press a key, and most of these are content, unless they had to wait."""
        temper = Stream(f"rating/{call.key}")
        if temper.happens(RATERS):
            is_cross = temper.happens((stay.wait - BEARABLE) / (UNBEARABLE - BEARABLE))
            scores = CROSS if is_cross else CONTENT
            self._dialplan.rate(call.line, stay.queue, temper.choices(SCORES, scores)[0])

    def _pass_on(self, call: Call, leg: Leg, stay: Stay, talk: int) -> None:
        """The agent is out; behind a Local member the queue does not know it (asterisk-notes 14)."""
        switch = self._switch
        if isinstance(leg, LocalLeg) and not leg.optimised:
            call.passed.append((leg, stay))
            call.line = leg.talks_to
        else:
            leg.say_complete(stay.wait, talk, "transfer")
        alone = call.third is None and call.partner is None
        if alone:
            arguments = call.line.arguments
            call.line.change(context="from-internal", exten=leg.transferred_to, priority=1)
            switch.run(call.line, call.line.application, arguments)
            switch.leave(call.line)
        leg.release()
        if call.third is not None:
            call.third.take_over(call.line)
        elif alone and leg.transferred_to != INTO_QUEUE:
            call.third = Third(switch, call.line, leg.transferred_to)
            call.third.dial()

    # ── leaving unanswered ──

    def _abandoned(self, happened: h.CallAbandoned) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.stay is None:
            return
        call.gave_up = True
        self._caller_hangs_up(call)
        self._switch.silence(call.line)
        self._withdraw(call, 0)
        self._give_up(call)
        self._leave(call)
        call.stay = None

    def _give_up(self, call: Call) -> None:
        """QueueCallerAbandon, which is also sent for those who did not hang up (asterisk-notes 2)."""
        assert call.stay is not None
        stay, switch = call.stay, self._switch
        wait = self._acd.gave_up(stay.queue, stay.entry.queued)
        switch.set(call.line, QUEUEWAIT=str(wait), QUEUEWAIT_MS=str(1000 * wait))
        switch.times(call.line, call.line.created, None)
        switch.set(call.line, ABANDONED="TRUE")
        position = self._acd.position(stay.queue, stay.entry)
        told = (("Position", str(position)), ("OriginalPosition", str(stay.entry.position)))
        self._queue_event("QueueCallerAbandon", call, *told, ("HoldTime", str(wait)))

    def _flowed_out(self, happened: h.CallFlowedOut) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.stay is None:
            return
        switch, queue = self._switch, call.stay.queue
        self._withdraw(call, 0)
        if happened.cause == "key":
            self._leave_by_key(call)
            return
        self._give_up(call)
        if happened.cause == "withdrawn":
            switch.set(call.line, QUEUE_WITHDRAW_INFO="")
        switch.silence(call.line)
        self._leave(call)
        call.stay = None
        self._dialplan.after(call.line, queue, STATUS[happened.cause])

    def _leave_by_key(self, call: Call) -> None:
        """Only a Leave tells (asterisk-notes 3)."""
        assert call.stay is not None
        switch, line, queue = self._switch, call.line, call.stay.queue
        self._dialplan.press(line)
        wait = int(switch.now) - int(call.stay.entry.queued)
        switch.set(line, QUEUEWAIT=str(wait), QUEUEWAIT_MS=str(1000 * wait))
        switch.times(line, line.created, None)
        self._dialplan.exit_by_key(line, queue)
        switch.silence(line)
        self._leave(call)
        call.stay = None
        self._dialplan.after_key(line, queue)

    # ── the end ──

    def _ended(self, happened: h.CallEnded) -> None:
        call = self.calls.pop(happened.call, None)
        if call is None:
            return
        switch = self._switch
        if call.partner is not None:
            call.partner.part(call.line)
        elif call.third is not None:
            call.third.hang_up(call.line)
        else:
            self._dialplan.hang_up(call.line)
        for leg, stay in reversed(call.passed):
            self._unwind(call, leg, stay)
        switch.soft_hangup(call.caller)
        switch.close(call.caller, 0 if call.gave_up else 16)
        self._carry(-1)

    def _caller_hangs_up(self, call: Call) -> None:
        """Asked for at the caller's end; every Local channel on the way passes it on."""
        call.hung_up = True
        for leg, stay in call.passed:
            if leg.caller is call.caller:
                self._switch.request_hangup(leg.caller)
            leg.lose_caller(stay.wait, int(self._switch.now) - int(stay.answered))
        if not call.passed:
            self._switch.request_hangup(call.line)

    def _unwind(self, call: Call, leg: LocalLeg, stay: Stay) -> None:
        """The queue of an agent who passed the caller on learns only now that the call is over."""
        if call.hung_up:
            leg.end_far()
        else:
            self._switch.soft_hangup(leg.far)
            leg.lose_agent(stay.wait, int(self._switch.now) - int(stay.answered))

    # ── calls that no queue gave ──

    def _side_began(self, happened: h.SideCallBegan) -> None:
        """An agent dials; or is the third party of a transfer of this instant, and has a channel already."""
        switch, device = self._switch, happened.device
        exten = extension(device)
        if any(call.third and call.third.is_new(exten) for call in self.calls.values()):
            return
        into_queue = happened.number in self._acd.queues
        channel = switch.open(
            switch.numbers.phone(device),
            state=RING,
            number=exten,
            caller=f"Agent {exten}",
            context="from-internal",
            exten=INTO_QUEUE if into_queue else happened.number,
        )
        call = self.calls[happened.call] = Call(happened.call, channel, channel, agent=happened.agent)
        switch.set(channel, SIPDOMAIN="127.0.0.1")
        if not into_queue:
            call.third = Third(switch, channel, happened.number)
            call.third.dial()
            self._carry(call.third.is_outside)

    def _side_ended(self, happened: h.SideCallEnded) -> None:
        call = self.calls.pop(happened.call, None)
        if call is None:
            return
        switch, channel = self._switch, call.caller
        if call.third is not None:
            call.third.hang_up(channel)
            self._carry(-call.third.is_outside)
        if channel.uid in switch.channels:
            switch.soft_hangup(channel)
            switch.close(channel, 0 if call.gave_up else 16)

    # ── the exchange goes down ──

    def shut_down(self) -> None:
        """`core restart now`: the exchange hangs up on everybody, and its queues say what that means to them."""
        for call in list(self.calls.values()):
            self._switch.soft_hangup(call.line, 4)
        for call in list(self.calls.values()):
            self._drop(call)

    def _drop(self, call: Call) -> None:
        switch, stay = self._switch, call.stay
        if stay is not None and call.leg is None:
            switch.silence(call.line)
            for leg in (*call.ringing.values(), *call.withdrawn):
                leg.cancel(0)
            self.seen[stay.visit].shut_down = switch.now
            self._give_up(call)
            self._leave(call)
        elif stay is not None and call.leg is not None:
            talk = int(switch.now) - int(stay.answered)
            call.leg.say_complete(stay.wait, talk, "caller")
            self._acd.finished(call.leg.membership)
            call.leg.drop()
        switch.leave(call.caller)
        switch.soft_hangup(call.caller)
        switch.close(call.caller)
