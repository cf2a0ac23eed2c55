"""The way from a queue to an agent's phone: here a channel of the phone itself; `local_leg` has the other.

`head` is what the queue rings and talks to (Dest* in its events), `phone` the agent's own channel.
"""

from .acd import Acd, Membership, extension
from .channel import RINGING, Bridge, Channel
from .speaker import lines
from .switch import BUSY_HERE, Switch

RINGS_AFTER = 0.0015
"""Until the phone says that it rings."""
ENDS_AFTER = 0.002
"""From AgentRingNoAnswer until the phone is told."""


class Leg:
    """A member's phone, rung directly. `caller` is the channel that waits in the queue."""

    def __init__(self, switch: Switch, acd: Acd, caller: Channel, membership: Membership, visit: int) -> None:
        self._switch, self._acd = switch, acd
        self.caller, self.membership, self.visit = caller, membership, visit
        self.device, self.exten = membership.phone, extension(membership.phone)
        self.name = f"Agent {self.exten}"
        self.began = switch.now
        self.rings = self.over = self.held = False
        self.answered = 0.0
        self.transferred_to = ""
        self.bridge: Bridge | None = None
        self.head: Channel
        self.phone: Channel

    # ── what the queue says of it ──

    def _agent_event(self, kind: str, *told: tuple[str, str]) -> None:
        member = self.membership
        of_member = (("Queue", member.queue), ("Interface", member.interface), ("MemberName", member.name))
        dest = self.head.block("Dest")
        self._switch.say(kind, "agent", self.caller.block(), dest, lines(*of_member, *told))

    def say_connected(self, wait: int, ring: float) -> None:
        self._agent_event("AgentConnect", ("HoldTime", str(wait)), ("RingTime", str(int(ring))))

    def say_complete(self, wait: int, talk: int, reason: str) -> None:
        told = (("HoldTime", str(wait)), ("TalkTime", str(talk)), ("Reason", reason))
        self._agent_event("AgentComplete", *told)

    # ── ringing ──

    def ring(self) -> None:
        """The offer begins; that the phone rings comes a moment later, if it does."""
        switch = self._switch
        self.head = self.phone = self._open_phone(self.caller)
        switch.set(self.head, __DIDQUEUE=self.membership.queue, DIALEDPEERNUMBER=self.exten)
        self._show_caller(self.head)
        self._agent_event("AgentCalled")
        switch.dial_begin(self.caller, self.head, self.membership.interface)
        switch.connected_line(self.caller, self.exten, self.name)
        switch.timers.after(RINGS_AFTER, self.start_ringing)

    def start_ringing(self) -> None:
        """Now, if not before."""
        if self.rings or self.over:
            return
        self.rings = True
        switch = self._switch
        switch.state(self.head, RINGING)
        switch.run(self.head, "AppQueue", "(Outgoing Line)")
        switch.connected_line(self.head, self.caller.number, self.caller.caller)
        switch.dial_state(self.caller, self.head)

    def be_busy(self, ring: float) -> None:
        """The phone refuses (asterisk-notes 21: RingTime 0)."""
        self.over = True
        switch = self._switch
        switch.request_hangup(self.phone, 17, BUSY_HERE)
        switch.dial_end(self.caller, self.head, "NOANSWER")
        self.say_unanswered(ring)
        switch.close(self.head, 17, BUSY_HERE)

    def say_unanswered(self, ring: float) -> None:
        self._agent_event("AgentRingNoAnswer", ("RingTime", str(int(ring * 1000))))

    def ring_out(self, ring: float) -> None:
        """Nobody answered in time."""
        self.start_ringing()
        self.over = True
        self.say_unanswered(ring)
        self._switch.timers.after(ENDS_AFTER, self._ring_out)

    def _ring_out(self) -> None:
        self._switch.dial_end(self.caller, self.head, "NOANSWER")
        self._switch.dial_end(self.caller, self.head, "CANCEL")
        self._give_back(0)

    def cancel(self, cause: int) -> None:
        """The offer is withdrawn: 0 the caller left, 26 answered elsewhere. No queue event says so, and DialEnd twice."""
        self.over = True
        for _ in range(2):
            self._switch.dial_end(self.caller, self.head, "CANCEL")
        self._give_back(cause)

    def _give_back(self, cause: int) -> None:
        """The phone rings no more."""
        self._switch.close(self.head, cause)

    # ── talking ──

    def answer(self) -> None:
        self.start_ringing()
        self.answered = self._switch.now
        self._switch.up(self.head)
        self._switch.dial_end(self.caller, self.head, "ANSWER")

    def join(self) -> None:
        """Caller and agent can hear each other."""
        switch = self._switch
        self.bridge = switch.bridge()
        switch.enter(self.bridge, self.head)
        switch.enter(self.bridge, self.caller)
        switch.name_peers(self.head, self.caller)

    @property
    def talks_to(self) -> Channel:
        """The other end of the bridge the phone is in: what a transfer moves."""
        return self.caller

    def hold(self) -> None:
        self.held = True
        music = lines(("MusicClass", "default"))
        self._switch.say("Hold", "call", self.phone.block(), music)
        self._switch.music(self.talks_to)

    def retrieve(self) -> None:
        self.held = False
        self._switch.say("Unhold", "call", self.phone.block())
        self._switch.silence(self.talks_to)

    def hang_up(self, wait: int, talk: int, by: str) -> None:
        """The conversation ends; a caller has asked for it already, and the caller's channel stays for what comes after."""
        self.over = True
        if by == "agent":
            self._switch.request_hangup(self.phone)
        self._end_talk(wait, talk, by)
        self._switch.close(self.head)

    def _end_talk(self, wait: int, talk: int, by: str) -> None:
        switch = self._switch
        self.say_complete(wait, talk, by)
        switch.forget_peers(self.head, self.caller)
        for channel in (self.head, self.caller) if by == "agent" else (self.caller, self.head):
            switch.leave(channel)
        switch.times(self.caller, self.caller.created, self.answered)
        self._destroy_bridge()

    def release(self) -> None:
        """The phone is out of the call, which goes on without it."""
        self.over = True
        self._switch.leave(self.phone)
        self._destroy_bridge()
        self._switch.close(self.phone)

    def part(self, other: Channel) -> None:
        """The agent hangs up on `other` in a call that is the queue's no more."""
        self.over = True
        self._switch.request_hangup(self.phone)
        self._part(other)

    def _part(self, other: Channel) -> None:
        switch = self._switch
        switch.forget_peers(self.head, other)
        switch.leave(self.head)
        switch.leave(other)
        self._destroy_bridge()
        switch.close(self.head)

    def drop(self) -> None:
        """The exchange goes down."""
        self.over = True
        for channel in (self.head, self.phone):
            self._switch.leave(channel)
            self._switch.close(channel)
        self._destroy_bridge()

    def _destroy_bridge(self) -> None:
        if self.bridge is not None and not self.bridge.inside:
            self._switch.destroy(self.bridge)
            self.bridge = None

    def _open_phone(self, linked: Channel) -> Channel:
        return self._switch.open(
            self._switch.numbers.phone(self.device),
            linked,
            number=self.exten,
            caller=self.name,
            context="from-internal",
            exten="s",
        )

    def _show_caller(self, channel: Channel) -> None:
        """Who calls, before anything is said of it."""
        channel.change(line=self.caller.number, line_name=self.caller.caller, exten=self.caller.exten)
