"""The way from a queue to an agent's phone through a Local channel, which is two, and a dialplan between them."""

from .acd import Acd, Membership, is_optimised
from .channel import DOWN, RING, RINGING, Bridge, Channel
from .leg import RINGS_AFTER, Leg
from .speaker import lines
from .switch import BUSY_HERE, Switch

OPTIMISED_AFTER = 0.027
"""From the answer until a Local channel is out of the call; 27 to 45 ms were seen."""


class LocalLeg(Leg):
    """``Local/1012@from-queue``: the queue talks to ``;1``, the dialplan behind ``;2`` dials the phone.

    Without ``/n`` both halves leave the call a moment after the answer and the phone takes the place of ``;1``.
    """

    def __init__(self, switch: Switch, acd: Acd, caller: Channel, membership: Membership, visit: int) -> None:
        super().__init__(switch, acd, caller, membership, visit)
        address = membership.interface.removeprefix("Local/")
        self.address, self.context = address, address.partition("@")[2].removesuffix("/n")
        self.far: Channel
        self.inner: Bridge | None = None
        self.optimised = False

    def ring(self) -> None:
        switch, member = self._switch, self.membership
        base = switch.numbers.local(f"Local/{self.exten}@{self.context}")
        uids = switch.numbers.uid(switch.now), switch.numbers.uid(switch.now)
        of_local = {"context": self.context, "exten": self.exten}
        self.head = switch.open(f"{base};1", self.caller, uid=uids[0], state=DOWN, **of_local)
        self.far = switch.open(f"{base};2", self.caller, uid=uids[1], state=RING, **of_local)
        switch.run(self.head, "AppQueue", "(Outgoing Line)")
        switch.caller_id(self.head, self.exten, self.name)
        for half in (self.head, self.far):
            switch.set(half, DIALEDPEERNUMBER=self.address, __DIDQUEUE=member.queue)
        switch.caller_id(self.far, self.caller.number, self.caller.caller)
        switch.connected_line(self.far, self.exten, self.name)
        self._say_bridged()
        self._agent_event("AgentCalled")
        switch.dial_begin(self.caller, self.head, member.interface)
        self._dial_phone()
        switch.timers.after(RINGS_AFTER, self.start_ringing)

    def _say_bridged(self) -> None:
        where = lines(("Context", self.context), ("Exten", self.exten))
        optimises = lines(("LocalOptimization", "Yes" if is_optimised(self.membership.interface) else "No"))
        blocks = self.head.block("LocalOne"), self.far.block("LocalTwo")
        self._switch.say("LocalBridge", "call", *blocks, where, optimises)

    def _dial_phone(self) -> None:
        switch = self._switch
        switch.run(self.far, "NoOp", f"queue call to {self.exten}")
        switch.dial(self.far, self.device, 15)
        self.phone = self._open_phone(self.caller)
        switch.set(self.phone, DIALEDPEERNUMBER=self.exten, __DIDQUEUE=self.membership.queue)
        self.phone.change(exten=self.exten, line=self.caller.number, line_name=self.caller.caller)
        switch.run(self.phone, "AppDial", "(Outgoing Line)")
        switch.connected_line(self.phone, self.caller.number, self.caller.caller)
        switch.dial_begin(self.far, self.phone, self.exten)
        switch.connected_line(self.far, self.exten, self.name)
        switch.connected_line(self.caller, self.exten, self.name)

    def start_ringing(self) -> None:
        if self.rings or self.over:
            return
        self.rings = True
        switch = self._switch
        switch.state(self.phone, RINGING)
        self._show_caller(self.head)
        switch.state(self.head, RINGING)
        switch.run(self.head, "AppQueue", "(Outgoing Line)")
        switch.caller_id(self.head, self.exten, self.name)
        switch.connected_line(self.head, self.caller.number, self.caller.caller)
        switch.dial_state(self.caller, self.head)
        switch.set(self.far, RINGTIME="0", RINGTIME_MS="1")
        switch.dial_state(self.far, self.phone)

    def be_busy(self, ring: float) -> None:
        self.over = True
        switch = self._switch
        switch.request_hangup(self.phone, 17, BUSY_HERE)
        switch.dial_end(self.far, self.phone, "BUSY")
        switch.set(self.far, DIALSTATUS="BUSY")
        switch.close(self.phone, 17, BUSY_HERE)
        switch.run(self.far, "Hangup")
        switch.soft_hangup(self.far)
        switch.set(self.head, CHANLOCALSTATUS="BUSY")
        switch.request_hangup(self.head, 17)
        switch.close(self.far, 17)
        switch.dial_end(self.caller, self.head, "NOANSWER")
        self.say_unanswered(ring)
        switch.close(self.head, 17)

    def _give_back(self, cause: int) -> None:
        switch = self._switch
        switch.request_hangup(self.far, cause)
        switch.close(self.head, cause)
        switch.dial_end(self.far, self.phone, "CANCEL")
        switch.close(self.phone, cause)
        switch.set(self.far, DIALSTATUS="CANCEL")
        switch.soft_hangup(self.far)
        switch.close(self.far, cause)

    def answer(self) -> None:
        self.start_ringing()
        self.answered = self._switch.now
        switch = self._switch
        switch.up(self.phone)
        switch.set(self.far, DIALSTATUS="ANSWER", DIALEDPEERNAME=self.phone.name, DIALEDPEERNUMBER=self.exten)
        switch.dial_end(self.far, self.phone, "ANSWER")
        switch.up(self.far)
        self.phone.change(exten="")
        switch.run(self.phone, "AppDial", "(Outgoing Line)")
        self.inner = switch.bridge()
        switch.enter(self.inner, self.phone)
        switch.up(self.head)
        switch.dial_end(self.caller, self.head, "ANSWER")
        switch.enter(self.inner, self.far)
        switch.name_peers(self.phone, self.far)

    def join(self) -> None:
        super().join()
        if is_optimised(self.membership.interface):
            self._switch.timers.after(OPTIMISED_AFTER, self.optimise)

    def optimise(self) -> None:
        """Both halves leave; the queue counts the call as completed here (asterisk-notes 6, 41)."""
        if self.over or self.optimised or self.bridge is None or self.inner is None:
            return
        self.optimised = True
        switch, caller, phone, head, far = self._switch, self.caller, self.phone, self.head, self.far
        both = head.block("LocalOne") + far.block("LocalTwo")
        of_source = lines(("DestUniqueId", far.uid), ("Id", "0"))
        switch.say("LocalOptimizationBegin", "call", both, phone.block("Source"), of_source)
        switch.leave(phone)
        switch.forget_peers(head)
        switch.leave(head)
        switch.enter(self.bridge, phone, instead_of=head)
        switch.name_peers(caller, phone)
        switch.forget_peers(far)
        switch.say("LocalOptimizationEnd", "call", both, lines(("Success", "No"), ("Id", "0")))
        switch.request_hangup(far, 16)
        switch.close(head)
        switch.leave(far)
        switch.destroy(self.inner)
        switch.times(far, far.created, self.answered)
        switch.soft_hangup(far)
        switch.close(far)
        self.head, self.inner = phone, None
        self._acd.finished(self.membership)

    @property
    def talks_to(self) -> Channel:
        return self.caller if self.optimised else self.far

    def hang_up(self, wait: int, talk: int, by: str) -> None:
        if self.optimised:
            super().hang_up(wait, talk, by)
        elif by == "agent":
            self._hang_up_phone()
            self.lose_agent(wait, talk)
        else:
            self.lose_caller(wait, talk)
            self._close_inner()
            self._switch.close(self.far)

    def lose_agent(self, wait: int, talk: int) -> None:
        """The far end of ``;2`` is gone: ``;1`` learns it, and then the queue."""
        self.over = True
        self._switch.set(self.head, CHANLOCALSTATUS="ANSWER")
        self._switch.request_hangup(self.head, 16)
        self._switch.close(self.far)
        self._end_talk(wait, talk, "agent")
        self._switch.close(self.head)

    def lose_caller(self, wait: int, talk: int) -> None:
        """The caller is gone: the queue says so, and ``;2`` learns it."""
        self.over = True
        self._end_talk(wait, talk, "caller")
        self._switch.request_hangup(self.far, 16)
        self._switch.close(self.head)

    def end_far(self) -> None:
        """``;2``, whose agent passed the caller on, ends after its caller did."""
        self._switch.leave(self.far)
        self._switch.soft_hangup(self.far)
        self._switch.close(self.far)

    def _hang_up_phone(self) -> None:
        """The agent's end; ``;2`` follows, then ``;1`` is told."""
        self._switch.request_hangup(self.phone)
        self._close_inner()

    def _close_inner(self) -> None:
        switch = self._switch
        for channel in (self.phone, self.far):
            switch.leave(channel)
        if self.inner is not None:
            switch.destroy(self.inner)
            self.inner = None
        switch.times(self.far, self.far.created, self.answered)
        switch.set(self.far, DIALSTATUS="ANSWER")
        switch.soft_hangup(self.far)
        switch.close(self.phone)

    def release(self) -> None:
        super().release()
        inner, self.inner = self.inner, None
        if inner is not None and not inner.inside:
            self._switch.destroy(inner)

    def part(self, other: Channel) -> None:
        if self.optimised:
            super().part(other)
            return
        self.over = True
        self._hang_up_phone()
        self._switch.set(self.head, CHANLOCALSTATUS="ANSWER")
        self._switch.request_hangup(self.head, 16)
        self._switch.close(self.far)
        self._part(other)

    def drop(self) -> None:
        self._switch.leave(self.far)
        self._switch.close(self.far)
        super().drop()


def leg_to(switch: Switch, acd: Acd, caller: Channel, membership: Membership, visit: int) -> Leg:
    kind = LocalLeg if membership.interface.startswith("Local/") else Leg
    return kind(switch, acd, caller, membership, visit)
