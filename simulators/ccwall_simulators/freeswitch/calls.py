"""The life of every call, happening by happening, as channels and mod_callcenter tell of it.

The order of events, and how they cross, is the one of the genuine transcripts (tests/simulators/freeswitch).
"""

from collections.abc import Callable
from random import Random

from ccwall_simulators.callcentre import happening as h

from . import telling
from .acd import Acd
from .call import Call, Ring, Seen
from .names import queue_name
from .rows import ABANDONED, ANSWERED, RING_ALL, SYSTEM, TRYING, WAITING, Agent, Member
from .switch import Switch
from .transfer import Transfers
from .variant import Variant

NUMBER_DIALLED = "4930555100"
REASONS = {
    "timeout": "TIMEOUT",
    "key": "EXIT_WITH_KEY",
    "empty": "NO_AGENT_TIMEOUT",
    "withdrawn": "BREAK_OUT",
}
REMEMBERED = 100_000
"""Visits whose UUIDs are known; a day of a busy floor has some thousands."""
ANONYMOUS = "anonymous"
WITHDRAWN_AFTER = 0.0005
"""A withdrawn offer is told at once by whatever withdrew it, or alone after this."""
POLL = 0.1
"""mod_callcenter looks so often whether a conversation is over."""
WAITING_AGENT = "Waiting"
BRIDGED_AFTER = 0.02
FAILED_AFTER = 0.02
CALLER_HEARS = 0.42
"""An agent hung up: the caller's leg still plays a tone, and then ends."""


class Calls:
    """`seen`: every visit by the floor's number of it."""

    def __init__(self, switch: Switch, acd: Acd, variant: Variant, dice: Random) -> None:
        self._switch, self._acd, self._variant, self._dice = switch, acd, variant, dice
        self._speaker = switch.speaker
        self.calls: dict[str, Call] = {}
        self.seen: dict[int, Seen] = {}
        self._missed: dict[str, Member] = {}
        self._transfers = Transfers(switch, acd, self.calls)
        self.handlers: dict[type[h.Happening], Callable[..., None]] = {
            h.CallArrived: self._arrived,
            h.CallQueued: self._queued,
            h.AgentRung: self._rung,
            h.RingEnded: self._ring_ended,
            h.CallAnswered: self._answered,
            h.CallHeld: self._held,
            h.CallRetrieved: self._retrieved,
            h.CallTransferred: self._transfers.transferred,
            h.CallCompleted: self._completed,
            h.CallAbandoned: self._abandoned,
            h.CallFlowedOut: self._flowed_out,
            h.CallEnded: self._ended,
            h.SideCallBegan: self._transfers.side_began,
            h.SideCallEnded: self._transfers.side_ended,
        }

    @property
    def now(self) -> int:
        return int(self._switch.now)

    def clear(self) -> None:
        """The switch is dead, and every channel with it."""
        self.calls.clear()

    # ── into a queue ──

    def _arrived(self, happened: h.CallArrived) -> None:
        number = happened.number or ANONYMOUS
        leg = self._switch.trunk(number, happened.name or number, NUMBER_DIALLED, happened.call)
        self.calls[happened.call] = Call(happened.call, leg)

    def _queued(self, happened: h.CallQueued) -> None:
        call = self.calls.get(happened.call)
        if call is None:
            return
        leg, queue = call.leg, self._acd.queues[queue_name(happened.queue)]
        member = Member(
            queue=queue.name,
            uuid=self._switch.numbers.uuid(),
            session=leg.uuid,
            number=leg.number,
            name=leg.name,
            system=leg.created // 1_000_000,
            joined=self.now,
        )
        resumed = queue.resumes and leg.number != ANONYMOUS and self._acd.abandoned(queue, leg.number)
        if resumed:
            member.uuid = resumed.uuid
        leg.more |= {"queue": queue.name, "member": member.uuid, "joined_s": str(self.now)}
        telling.joined(self._speaker, leg, member, resumed=bool(resumed))
        call.queue, call.member = queue, self._acd.join(queue, member, resumed or None)
        self._acd.say_count(queue)
        self.seen[happened.visit] = Seen(leg.uuid, member.uuid, leg.number)
        if len(self.seen) > REMEMBERED:
            del self.seen[next(iter(self.seen))]

    # ── ringing ──

    def _rung(self, happened: h.AgentRung) -> None:
        """Nothing is offered to an agent who has a call of a queue, or whose last offer has not been called failed."""
        call, agent = self.calls.get(happened.call), self._acd.of(happened.interface)
        if call is None or agent is None or agent.interface in call.ringing:
            return
        if agent.state == WAITING_AGENT:
            self._offer(call, agent)
        elif agent.uuid not in self._switch.legs:
            self._switch.timers.after(FAILED_AFTER, lambda: self._rung(happened))

    def _offer(self, call: Call, agent: Agent) -> None:
        if call.member is None or call.queue is None:
            return
        member, queue = call.member, call.queue
        member.state, together = TRYING, queue.strategy == RING_ALL
        member.agent, member.agent_system = (RING_ALL, "") if together else (agent.name, SYSTEM)
        agent.last_offered = self.now
        self._acd.set_state(agent, "Receiving")
        self._acd.show(agent, queue.name, "Offering")
        telling.offered(self._speaker, agent, member)
        leg = self._switch.ring(
            call.leg,
            agent.name.partition("@")[0].partition(".")[0],
            {
                "queue": queue.name,
                "member": member.uuid,
                "agent": agent.name,
                "joined_s": str(member.joined),
            },
        )
        agent.uuid = leg.uuid
        call.ringing[agent.interface] = Ring(agent, leg, queue, member, self.now)

    def _ring_ended(self, happened: h.RingEnded) -> None:
        call = self.calls.get(happened.call)
        if call is None or happened.how == "answered":
            return
        ring = call.ringing.pop(happened.interface, None)
        if ring is None:
            return
        if happened.how == "cancelled":
            call.withdrawn.append(ring)
            self._switch.timers.after(WITHDRAWN_AFTER, lambda: self._withdraw(call, "ORIGINATOR_CANCEL"))
            return
        if not call.ringing and ring.member.state == TRYING:
            ring.member.state, ring.member.agent, ring.member.agent_system = WAITING, "", ""
        if happened.how == "no_answer":
            ring.agent.no_answer_count += 1
            self._fail(ring, "NO_ANSWER")
        elif self._crosses():
            self._drop_at_answer(ring)
        else:
            self._fail(ring, self._dice.choice(("CALL_REJECTED", "USER_BUSY")))

    def missed(self, agent: str) -> Member | None:
        """Whose call this agent has just not answered."""
        return self._missed.get(agent)

    def _withdraw(self, call: Call, cause: str) -> None:
        rings, call.withdrawn = call.withdrawn, []
        for ring in rings:
            self._fail(ring, cause)

    def _fail(self, ring: Ring, cause: str) -> None:
        """The agent's leg ends unanswered; mod_callcenter says so a moment later."""
        self._switch.hang_up(ring.leg, f"hangup_{cause.lower()}", cause)
        self._missed[ring.agent.name] = ring.member

        def say() -> None:
            telling.failed(self._speaker, ring.agent, ring.member, cause, ring.called, self.now)
            self._acd.show(ring.agent, ring.queue.name, "No Answer" if cause == "NO_ANSWER" else "Ready")
            self._free(ring)

        self._switch.timers.after(0.0 if cause == "LOSE_RACE" else FAILED_AFTER, say)

    def _free(self, ring: Ring) -> None:
        if ring.agent.uuid == ring.leg.uuid:
            ring.agent.uuid = ""
            self._acd.set_state(ring.agent, WAITING_AGENT)

    # ── talking ──

    def _answered(self, happened: h.CallAnswered) -> None:
        call, agent = self.calls.get(happened.call), self._acd.of(happened.interface)
        if call is None or agent is None:
            return
        if happened.interface not in call.ringing:
            self._offer(call, agent)
        ring = call.ringing.pop(happened.interface, None)
        if ring is None:
            return
        self._switch.answer(ring.leg)
        early = self._dice.random() < 0.3
        if early:
            self._withdraw(call, "LOSE_RACE")
        self._begin(call, ring)
        self._withdraw(call, "LOSE_RACE")
        self._acd.say_count(ring.queue)  # before the row is changed: one too many
        ring.queue.answered += 1
        ring.member.state, ring.member.bridged = ANSWERED, self.now
        ring.member.agent, ring.member.agent_system = ring.agent.name, SYSTEM
        self.seen[happened.visit].agent = ring.agent.name
        call.ring, call.member = ring, None
        self._switch.timers.after(BRIDGED_AFTER, lambda: self._bridge(call, ring))

    def _begin(self, call: Call, ring: Ring) -> None:
        telling.bridge_begun(self._speaker, ring.leg, ring.agent, ring.member, ring.called)
        call.leg.more["agent"] = ring.agent.name

    def _bridge(self, call: Call, ring: Ring) -> None:
        agent = ring.agent
        self._switch.bridge(call.leg, ring.leg)
        ring.bridged = True
        agent.last_bridge_start, agent.no_answer_count = self.now, 0
        agent.calls_answered += 1
        self._acd.show(agent, ring.queue.name, "Active Inbound", "Standby")
        self._acd.set_state(agent, "In a queue call")

    def _held(self, happened: h.CallHeld) -> None:
        call = self.calls.get(happened.call)
        if call is not None and call.ring is not None and not call.ring.leg.held:
            self._switch.hold(call.ring.leg)

    def _retrieved(self, happened: h.CallRetrieved) -> None:
        call = self.calls.get(happened.call)
        if call is not None and call.ring is not None and call.ring.leg.held:
            self._switch.unhold(call.ring.leg)

    def _completed(self, happened: h.CallCompleted) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.ring is None:
            return
        ring, call.ring, switch = call.ring, None, self._switch
        by = "agent" if happened.by == "transfer" else happened.by
        if not call.passed_on:
            switch.hang_up(ring.leg, f"hangup_by_{by}")
        if happened.by == "caller" and not call.passed_on:
            switch.hang_up(call.leg, "hangup_by_caller")
        call.gone = f"hangup_by_{by}"
        moment = "end_transferred" if happened.by == "transfer" else f"end_by_{by}"
        self._finish(call, ring, f"end_by_{by}", moment)
        if happened.by == "transfer":
            self._transfers.passed_on(call)

    def _finish(self, call: Call, ring: Ring, of_agent: str, of_caller: str) -> None:
        """mod_callcenter notices that the conversation is over."""

        def say() -> None:
            self._unbridged(ring, of_agent, bridged=True)
            call.leg.more["left_s"] = str(self.now)
            telling.terminated(
                self._speaker, call.leg, of_caller, ring.leg, ring.agent, ring.member, ring.called, self.now
            )
            ring.queue.members.pop(ring.member.uuid, None)
            self._free(ring)

        self._switch.timers.after(self._dice.uniform(0.02, POLL), say)

    def _unbridged(self, ring: Ring, moment: str, *, bridged: bool) -> None:
        agent = ring.agent
        if bridged:
            agent.last_bridge_end = self.now
            agent.talk_time += self.now - agent.last_bridge_start
        self._acd.show(agent, ring.queue.name, "Ready", "Ready")
        telling.bridge_ended(
            self._speaker, ring.leg, moment, agent, ring.member, ring.called, bridged=bridged, now=self.now
        )

    # ── leaving without an agent ──

    def _abandoned(self, happened: h.CallAbandoned) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.member is None:
            return
        if call.withdrawn and self._crosses():
            self._vanish_at_answer(call)
            return
        member = call.member
        self._cancel(call, "BREAK_OUT", "end_gone")
        self._switch.hang_up(call.leg, "hangup_gone")
        self._withdraw(call, "ORIGINATOR_CANCEL")
        member.session = ""

    def _flowed_out(self, happened: h.CallFlowedOut) -> None:
        call = self.calls.get(happened.call)
        if call is None or call.member is None:
            return
        self._cancel(call, REASONS[happened.cause], "end_left")
        call.gone = "hangup_left"
        self._withdraw(call, "ORIGINATOR_CANCEL")

    def _cancel(self, call: Call, reason: str, moment: str) -> None:
        assert call.member is not None
        assert call.queue is not None
        member, queue, call.member = call.member, call.queue, None
        member.state, member.abandoned = ABANDONED, self.now
        member.agent, member.agent_system = "", ""
        queue.abandoned += 1
        call.leg.more |= {"left_s": str(self.now), "cancel_reason": reason}
        telling.cancelled(self._speaker, call.leg, moment, member, reason, self.now)
        self._acd.say_count(queue)

    # ── crossing ──

    def _crosses(self) -> bool:
        return self._dice.random() < self._variant.races

    def _drop_at_answer(self, ring: Ring) -> None:
        """The agent picks up and is gone at once: no conversation, and the caller is offered again."""
        switch = self._switch
        switch.answer(ring.leg)
        telling.bridge_begun(self._speaker, ring.leg, ring.agent, ring.member, ring.called)
        switch.hang_up(ring.leg, "hangup_by_agent")
        self._end_unbridged(ring, "end_by_agent")

    def _vanish_at_answer(self, call: Call) -> None:
        """The caller hangs up as an agent answers: sometimes no event says that the visit is over."""
        ring = call.withdrawn.pop(0)
        assert call.member is not None
        member, queue = call.member, ring.queue
        self._switch.answer(ring.leg)
        self._begin(call, ring)
        self._withdraw(call, "LOSE_RACE")
        if self._dice.random() < 0.5:
            self._cancel(call, "NONE", "end_gone")
        else:
            call.member = None
            queue.answered += 1
            queue.members.pop(member.uuid, None)
            self._acd.say_count(queue)
        self._switch.hang_up(call.leg, "hangup_gone")
        self._switch.hang_up(ring.leg, "hangup_by_caller")
        self._end_unbridged(ring, "end_by_caller")

    def _end_unbridged(self, ring: Ring, moment: str) -> None:
        def say() -> None:
            self._unbridged(ring, moment, bridged=False)
            self._free(ring)

        self._switch.timers.after(self._dice.uniform(0.02, POLL), say)

    # ── the end ──

    def _ended(self, happened: h.CallEnded) -> None:
        call = self.calls.pop(happened.call, None)
        if call is None:
            return
        if call.partner is not None or call.third is not None:
            self._transfers.part(call)
        elif call.gone == "hangup_by_agent":
            self._switch.timers.after(CALLER_HEARS, lambda: self._switch.hang_up(call.leg, call.gone))
        else:
            self._switch.hang_up(call.leg, call.gone)

    # ── the switch goes down ──

    def shut_down(self) -> None:
        """SIGTERM: everybody is hung up on, and the queues say what that means to them."""
        cause, switch = "SYSTEM_SHUTDOWN", self._switch
        talking = [(call, call.ring) for call in self.calls.values() if call.ring is not None]
        for call in list(self.calls.values()):
            rings = [*call.ringing.values(), *call.withdrawn]
            call.ringing.clear()
            call.withdrawn.clear()
            for ring in rings:
                switch.hang_up(ring.leg, "hangup_originator_cancel", cause)
                telling.failed(self._speaker, ring.agent, ring.member, cause, ring.called, self.now)
                self._free(ring)
            if call.member is not None:
                call.leg.cause = cause
                member = call.member
                self._cancel(call, "BREAK_OUT", "end_gone")
                switch.hang_up(call.leg, "hangup_gone", cause)
                member.session = ""
            elif call.ring is not None:
                switch.hang_up(call.leg, "hangup_by_caller", cause)
                switch.hang_up(call.ring.leg, "hangup_by_caller", cause)
        for call, ring in talking:
            self._unbridged(ring, "end_by_caller", bridged=True)
            telling.terminated(
                self._speaker,
                call.leg,
                "end_by_caller",
                ring.leg,
                ring.agent,
                ring.member,
                ring.called,
                self.now,
            )
            ring.queue.members.pop(ring.member.uuid, None)
        for leg in list(switch.legs.values()):
            switch.hang_up(leg, _LAST[leg.kind], cause)


_LAST = {"caller": "hangup_unqueued", "agent": "hangup_by_caller", "own": "hangup", "outside": "hangup"}
