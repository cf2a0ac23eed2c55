"""Channels: made, answered, bridged, held, hung up, and the events that say so. Knows no queue."""

from ccwall_simulators.timers import Timers

from .leg import Leg, Numbers, micro
from .sheet import Kind
from .speaker import Place, Speaker

CREATED = Place("switch_core_state_machine.c", "switch_core_session_run", 626)
ANSWERED = Place("switch_channel.c", "switch_channel_perform_mark_answered", 3846)
BRIDGED = Place("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", 1689)
HELD = Place("switch_channel.c", "switch_channel_mark_hold", 875)
HUNG_UP = Place("switch_core_state_machine.c", "switch_core_session_reporting_state", 943)


class Switch:
    """`legs` are the living ones by UUID."""

    def __init__(self, speaker: Speaker, timers: Timers, seed: int) -> None:
        self.speaker, self.timers = speaker, timers
        self.numbers = Numbers(seed)
        self.legs: dict[str, Leg] = {}
        self.peak = 0

    @property
    def now(self) -> float:
        return self.timers.now

    def restart(self) -> None:
        self.legs.clear()
        self.numbers.sessions = self.peak = 0

    def trunk(self, number: str, name: str, dialled: str, ref: str) -> Leg:
        """A call from outside; it is answered at once."""
        leg = self._open(
            "caller", f"sofia/trunk/{number.replace('+', '%2B')}@127.0.0.1", number, name, dialled
        )
        leg.ref = ref
        self._create(leg)
        self.answer(leg)
        return leg

    def own(self, extension: str, dialled: str, *, into_queue: bool) -> Leg:
        """A call that a phone of the house makes. One into a queue is told as every caller is."""
        kind: Kind = "caller" if into_queue else "own"
        leg = self._open(kind, f"sofia/internal/{extension}@127.0.0.1", extension, extension, dialled)
        self._create(leg)
        self.answer(leg)
        return leg

    def ring(self, caller: Leg, extension: str, more: dict[str, str]) -> Leg:
        """The leg to an agent's phone."""
        leg = self._open(
            "agent", f"sofia/internal/{extension}@127.0.0.1:5090", caller.number, caller.name, extension
        )
        leg.peer, leg.more = caller, more
        leg.progress = leg.created
        self._create(leg)
        return leg

    def dial_out(self, caller: Leg, number: str) -> Leg:
        """A leg to a number outside."""
        leg = self._open("outside", f"sofia/trunk/{number}", caller.number, caller.name, number)
        leg.peer = caller
        self._create(leg)
        return leg

    def _open(self, kind: Kind, channel: str, number: str, name: str, dialled: str) -> Leg:
        numbers = self.numbers
        return Leg(
            kind=kind,
            uuid=numbers.uuid(),
            channel=channel,
            number=number,
            name=name,
            dialled=dialled,
            session=numbers.session(),
            created=micro(self.now),
            core=self.speaker.core,
            sequence=self.speaker.sequence,
            call_id=numbers.uuid(),
            tag=numbers.tag(),
            far_tag=numbers.tag(),
            branch=numbers.tag(),
            ssrc=numbers.ssrc(),
            bond=numbers.uuid(),
        )

    def _create(self, leg: Leg) -> None:
        self.legs[leg.uuid] = leg
        self.peak = max(self.peak, len(self.legs))
        self.speaker.core_event("CHANNEL_CREATE", CREATED, leg, "create")

    def answer(self, leg: Leg) -> None:
        leg.answered = micro(self.now)
        self.speaker.core_event("CHANNEL_ANSWER", ANSWERED, leg, "answer")

    def bridge(self, caller: Leg, called: Leg) -> None:
        caller.bridged = called.bridged = caller.profile = called.profile = micro(self.now)
        caller.peer, called.peer = called, caller
        self.speaker.core_event("CHANNEL_BRIDGE", BRIDGED, caller, "bridge")

    def hold(self, leg: Leg) -> None:
        leg.held, leg.held_at = True, micro(self.now)
        self.speaker.core_event("CHANNEL_HOLD", HELD, leg, "hold")

    def unhold(self, leg: Leg) -> None:
        leg.held = False
        leg.hold += micro(self.now) - leg.held_at
        self.speaker.core_event("CHANNEL_UNHOLD", HELD, leg, "unhold")

    def hang_up(self, leg: Leg, moment: str, cause: str = "NORMAL_CLEARING") -> None:
        """Its last word; a second one is not said."""
        if self.legs.pop(leg.uuid, None) is None:
            return
        leg.alive, leg.cause, leg.hungup = False, cause, micro(self.now)
        self.speaker.core_event("CHANNEL_HANGUP_COMPLETE", HUNG_UP, leg, moment)
