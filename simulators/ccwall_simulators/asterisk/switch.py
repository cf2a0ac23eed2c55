"""What channels do, and the events that say so. Knows no queue."""

from random import Random

from ccwall_simulators.timers import Timers

from .channel import DOWN, UNKNOWN, UP, Bridge, Channel, Numbers
from .speaker import Speaker, lines
from .variant import Variant

CAUSES = {
    0: "Unknown",
    16: "Normal Clearing",
    17: "User busy",
    26: "Answered elsewhere",
}
BUSY_HERE = 486
"""SIP: the phone is in use or refuses."""
CARRIER = "PJSIP/carrier"
DIALLING = (
    "DIALSTATUS",
    "DIALEDPEERNUMBER",
    "DIALEDPEERNAME",
    "ANSWEREDTIME",
    "ANSWEREDTIME_MS",
    "DIALEDTIME",
    "DIALEDTIME_MS",
    "RINGTIME",
    "RINGTIME_MS",
    "PROGRESSTIME",
    "PROGRESSTIME_MS",
)
"""Emptied when Dial() begins."""


class Switch:
    """`channels` are the living ones by Uniqueid, `processed` counts all there ever were since the start."""

    def __init__(self, variant: Variant, speaker: Speaker, timers: Timers, seed: int) -> None:
        self._variant, self.timers = variant, timers
        self.numbers = Numbers(variant, seed)
        self.channels: dict[str, Channel] = {}
        self.processed = 0
        self.say = speaker.event
        self._dice = Random(f"{seed} call ids")

    @property
    def now(self) -> float:
        return self.timers.now

    def restart(self) -> None:
        self.numbers.restart()
        self.channels.clear()
        self.processed = 0

    # ── channels ──

    def open(
        self,
        name: str,
        linked: Channel | None = None,
        *,
        uid: str = "",
        state: int = DOWN,
        number: str = UNKNOWN,
        caller: str = UNKNOWN,
        context: str,
        exten: str,
    ) -> Channel:
        """A channel is there. `linked` is the call it was made for."""
        uid = uid or self.numbers.uid(self.now)
        channel = Channel(
            name=name,
            uid=uid,
            linked=linked.linked if linked else uid,
            created=self.now,
            state=state,
            number=number,
            caller=caller,
            context=context,
            exten=exten,
            shown=self._variant.channel_variables,
        )
        self.channels[uid] = channel
        self.processed += 1
        self.say("Newchannel", "call", channel.block())
        return channel

    def set(self, channel: Channel, **variables: str) -> None:
        for name, value in variables.items():
            channel.set_variable(name, value)
            self.say("VarSet", "dialplan", channel.block(), lines(("Variable", name), ("Value", value)))

    def state(self, channel: Channel, state: int) -> None:
        channel.change(state=state)
        self.say("Newstate", "call", channel.block())

    def run(self, channel: Channel, application: str, arguments: str = "") -> None:
        """The dialplan's next step."""
        channel.change(application=application, arguments=arguments)
        told = lines(("Extension", channel.exten), ("Application", application), ("AppData", arguments))
        self.say("Newexten", "dialplan", channel.block(), told)

    def connected_line(self, channel: Channel, number: str, name: str) -> None:
        channel.change(line=number, line_name=name)
        self.say("NewConnectedLine", "call", channel.block())

    def caller_id(self, channel: Channel, number: str, name: str) -> None:
        channel.change(number=number, caller=name)
        shown = lines(("CID-CallingPres", "0 (Presentation Allowed, Not Screened)"))
        self.say("NewCallerid", "call", channel.block(), shown)

    def music(self, channel: Channel) -> None:
        self.say("MusicOnHoldStart", "call", channel.block(), lines(("Class", "default")))

    def silence(self, channel: Channel) -> None:
        self.say("MusicOnHoldStop", "call", channel.block())

    def request_hangup(self, channel: Channel, cause: int | None = None, sip: int | None = None) -> None:
        """The channel's own end hung up."""
        self.say("HangupRequest", "call", channel.block(), _cause(cause, sip))

    def soft_hangup(self, channel: Channel, cause: int = 16) -> None:
        """We hang it up."""
        self.say("SoftHangupRequest", "call", channel.block(), _cause(cause, None))

    def close(self, channel: Channel, cause: int = 16, sip: int | None = None) -> None:
        """Its last word; a second one is not said."""
        if self.channels.pop(channel.uid, None) is None:
            return
        told = (("Cause", str(cause)), ("Cause-txt", CAUSES[cause]))
        self.say("Hangup", "call", channel.block(), lines(*told), _cause(None, sip))

    # ── dialling ──

    def dial_begin(self, caller: Channel, called: Channel, string: str) -> None:
        self.say("DialBegin", "call", caller.block(), called.block("Dest"), lines(("DialString", string)))

    def dial_state(self, caller: Channel, called: Channel) -> None:
        self._dial("DialState", caller, called, "RINGING")

    def dial_end(self, caller: Channel, called: Channel, status: str) -> None:
        self._dial("DialEnd", caller, called, status)

    def _dial(self, kind: str, caller: Channel, called: Channel, status: str) -> None:
        self.say(kind, "call", caller.block(), called.block("Dest"), lines(("DialStatus", status)))

    def dial(self, channel: Channel, string: str, seconds: int) -> None:
        """The dialplan's Dial() begins."""
        self.run(channel, "Dial", f"{string},{seconds},tT")
        self.set(channel, **dict.fromkeys(DIALLING, ""))

    # ── bridges ──

    def bridge(self) -> Bridge:
        bridge = Bridge(self.numbers.uuid())
        self.say("BridgeCreate", "call", bridge.block())
        return bridge

    def enter(self, bridge: Bridge, channel: Channel, *, instead_of: Channel | None = None) -> None:
        bridge.join(channel)
        swap = lines(("SwapUniqueid", instead_of.uid)) if instead_of else b""
        self.say("BridgeEnter", "call", bridge.block(), channel.block(), swap)

    def leave(self, channel: Channel) -> None:
        """No event if it is in none."""
        bridge = channel.bridge
        if bridge is None:
            return
        bridge.leave(channel)
        self.say("BridgeLeave", "call", bridge.block(), channel.block())

    def destroy(self, bridge: Bridge) -> None:
        self.say("BridgeDestroy", "call", bridge.block())

    def name_peers(self, one: Channel, other: Channel) -> None:
        """What bridging two channels sets on each of them."""
        for channel, peer in ((one, other), (other, one)):
            self.set(channel, BRIDGEPEER=peer.name, BRIDGEPVTCALLID=self._call_id())

    def forget_peers(self, *channels: Channel) -> None:
        for channel in channels:
            self.set(channel, BRIDGEPEER="", BRIDGEPVTCALLID="")

    def times(self, channel: Channel, dialled: float, answered: float | None) -> None:
        """How long it all took, when an application ends. `dialled`, `answered`: instants."""
        talk = self.now - answered if answered else 0.0
        whole = self.now - dialled
        self.set(
            channel,
            ANSWEREDTIME=str(int(talk)),
            ANSWEREDTIME_MS=str(int(talk * 1000)),
            DIALEDTIME=str(int(whole)),
            DIALEDTIME_MS=str(int(whole * 1000)),
        )

    def up(self, channel: Channel) -> None:
        self.state(channel, UP)

    def _call_id(self) -> str:
        return f"{self._dice.getrandbits(96):024x}@127.0.0.2"


def _cause(cause: int | None, sip: int | None) -> bytes:
    told = [("Cause", str(cause))] if cause is not None else []
    return lines(*told, *([("TechCause", str(sip))] if sip is not None else []))
