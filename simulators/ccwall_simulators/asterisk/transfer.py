"""Transfers, and the third party that a caller or an agent talks to then."""

from .channel import DOWN, RING, RINGING, Bridge, Channel
from .leg import RINGS_AFTER, Leg
from .speaker import lines
from .switch import CARRIER, Switch

ANSWERS_AFTER = 3.0
"""Seconds until a third party answers."""
INTERNAL = 4
"""Digits of an extension; a longer number is the carrier's."""
INTO_QUEUE = "700"
"""The extension by which agents send callers into queues."""


class Third:
    """Somebody dialled by `caller`, whom no queue chose."""

    def __init__(self, switch: Switch, caller: Channel, number: str) -> None:
        self._switch, self.caller, self.number = switch, caller, number
        self.is_outside = len(number) > INTERNAL
        self.channel: Channel | None = None
        self.bridge: Bridge | None = None
        self._dialled = switch.now
        self._answered = 0.0
        self._over = False

    def is_new(self, number: str) -> bool:
        """Whether it has this extension and has just been dialled."""
        return self.number == number and self._dialled == self._switch.now

    def dial(self) -> None:
        self._place()
        self._switch.timers.after(RINGS_AFTER, self._ring)
        self._switch.timers.after(ANSWERS_AFTER, self.answer)

    def _place(self) -> None:
        switch, caller, number = self._switch, self.caller, self.number
        string = f"{CARRIER.partition('/')[0]}/{number}@carrier" if self.is_outside else f"PJSIP/{number}"
        switch.dial(caller, string, 20)
        channel = self.channel = switch.open(
            switch.numbers.phone(CARRIER if self.is_outside else string),
            caller,
            state=DOWN,
            number=number,
            caller="<unknown>" if self.is_outside else f"Agent {number}",
            context="from-carrier" if self.is_outside else "from-internal",
            exten="s",
        )
        switch.set(channel, DIALEDPEERNUMBER=string.removeprefix("PJSIP/"))
        channel.change(exten=caller.exten, line=caller.number, line_name=caller.caller)
        switch.run(channel, "AppDial", "(Outgoing Line)")
        switch.connected_line(channel, caller.number, caller.caller)
        switch.dial_begin(caller, channel, string.removeprefix("PJSIP/"))
        switch.connected_line(caller, number, channel.caller)

    def _ring(self) -> None:
        if self._over or self.channel is None:
            return
        switch = self._switch
        switch.state(self.channel, RINGING)
        switch.set(self.caller, RINGTIME="0", RINGTIME_MS="1")
        switch.dial_state(self.caller, self.channel)

    def answer(self) -> None:
        if self._over or self.channel is None or self._answered:
            return
        switch, caller, channel = self._switch, self.caller, self.channel
        self._answered = switch.now
        switch.up(channel)
        peer = {"DIALEDPEERNAME": channel.name, "DIALEDPEERNUMBER": self.number}
        switch.set(caller, DIALSTATUS="ANSWER", **peer)
        switch.dial_end(caller, channel, "ANSWER")
        if caller.state == RING:
            switch.up(caller)
        channel.change(exten="")
        switch.run(channel, "AppDial", "(Outgoing Line)")
        bridge = self.bridge = switch.bridge()
        switch.enter(bridge, channel)
        switch.enter(bridge, caller)
        switch.name_peers(channel, caller)

    def take_over(self, caller: Channel) -> None:
        """The transferrer's second channel ends; the caller is in its place."""
        switch, second = self._switch, self.caller
        switch.leave(second)
        if self.bridge is not None:
            switch.destroy(self.bridge)
        switch.times(second, self._dialled, self._answered)
        switch.set(second, DIALSTATUS="ANSWER")
        switch.soft_hangup(second)
        switch.close(second)
        self.caller = caller
        self.bridge = caller.bridge

    def hang_up(self, caller: Channel) -> None:
        """The third party hangs up, or is hung up on before it answered."""
        self._over = True
        switch, channel = self._switch, self.channel
        if channel is None:
            return
        if not self._answered:
            switch.dial_end(caller, channel, "CANCEL")
            switch.close(channel, 16)
            return
        switch.request_hangup(channel, 16)
        switch.forget_peers(channel, caller)
        switch.leave(channel)
        switch.close(channel)
        switch.leave(caller)
        switch.times(caller, self._dialled, self._answered)
        if self.bridge is not None:
            switch.destroy(self.bridge)
        switch.set(caller, DIALSTATUS="ANSWER")


def blind(switch: Switch, leg: Leg, to: str) -> None:
    """The agent lets go: the other end goes to `to` alone."""
    phone, other, bridge = leg.phone, leg.talks_to, leg.phone.bridge
    if leg.held:
        leg.retrieve()
    switch.set(other, BLINDTRANSFER=phone.name)
    switch.set(phone, BLINDTRANSFER=other.name)
    refer = {"__SIPREFERREDBYHDR": f"<sip:{leg.exten}@127.0.0.1>", "SIPREFERTOHDR": f"sip:{to}@127.0.0.1"}
    switch.set(other, SIPTRANSFER="yes", SIPREFERRINGCONTEXT="from-internal", **refer)
    switch.forget_peers(phone)
    where = lines(("IsExternal", "Yes"), ("Context", "from-internal"), ("Extension", to))
    blocks = phone.block("Transferer"), other.block("Transferee"), bridge.block() if bridge else b""
    switch.say("BlindTransfer", "call", lines(("Result", "Success")), *blocks, where)
    leg.transferred_to = to


def consult(switch: Switch, leg: Leg, second: Channel, third: Third) -> None:
    """The agent held the caller, asked `third` on a second channel, and puts the two together.

    The third party comes into the caller's bridge.
    """
    third.answer()
    phone, other, first = leg.phone, leg.talks_to, leg.phone.bridge
    target, asked = third.channel, third.bridge
    if target is None or asked is None or first is None:
        return
    blocks = _let_go(switch, leg, second, target)
    switch.leave(target)
    switch.silence(other)
    switch.forget_peers(phone)
    switch.leave(phone)
    switch.enter(first, target, instead_of=phone)
    _put_together(switch, other, target, second)
    _say_attended(switch, blocks, first)


def put_through(switch: Switch, leg: Leg, second: Channel, answered: Leg) -> None:
    """The agent asked a queue on a second channel; the caller comes into the bridge of whoever answered."""
    phone, other, first, asked = leg.phone, leg.talks_to, leg.phone.bridge, second.bridge
    if first is None or asked is None:
        return
    blocks = _let_go(switch, leg, second, answered.head)
    switch.leave(other)
    switch.forget_peers(second)
    switch.leave(second)
    switch.enter(asked, other, instead_of=second)
    switch.silence(other)
    switch.forget_peers(phone)
    switch.leave(phone)
    _put_together(switch, other, answered.head, second)
    _say_attended(switch, blocks, asked)


def _let_go(switch: Switch, leg: Leg, second: Channel, target: Channel) -> tuple[bytes, ...]:
    """Everybody in the transfer, as they were before it."""
    phone, other = leg.phone, leg.talks_to
    for channel in (phone, second):
        switch.say("Unhold", "call", channel.block())
    leg.held = False
    switch.set(other, ATTENDEDTRANSFER=phone.name)
    switch.set(phone, ATTENDEDTRANSFER=other.name)
    first, asked = phone.bridge, second.bridge
    return (
        phone.block("OrigTransferer"),
        first.block("Orig") if first else b"",
        second.block("SecondTransferer"),
        asked.block("Second") if asked else b"",
        other.block("Transferee"),
        target.block("TransferTarget"),
    )


def _put_together(switch: Switch, other: Channel, target: Channel, second: Channel) -> None:
    switch.name_peers(other, target)
    switch.connected_line(other, target.number, target.caller)
    switch.soft_hangup(second, 1)
    switch.connected_line(target, other.number, other.caller)


def _say_attended(switch: Switch, blocks: tuple[bytes, ...], bridge: Bridge) -> None:
    dest = lines(("IsExternal", "No"), ("DestType", "Bridge"), ("DestBridgeUniqueid", bridge.uid))
    switch.say("AttendedTransfer", "call", lines(("Result", "Success")), *blocks, dest)
