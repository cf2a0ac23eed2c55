"""Calls that agents make themselves, and callers who are passed on to somebody else."""

from ccwall_simulators.callcentre import happening as h

from .acd import Acd
from .call import Call
from .names import extension, queue_name
from .switch import Switch

PICKED_UP_AFTER = 0.8
"""Seconds until somebody outside answers."""


class Transfers:
    """`calls` are everybody's, by the floor's key."""

    def __init__(self, switch: Switch, acd: Acd, calls: dict[str, Call]) -> None:
        self._switch, self._acd, self._calls = switch, acd, calls
        self._to: dict[str, str] = {}

    # ── callers who are passed on ──

    def transferred(self, happened: h.CallTransferred) -> None:
        """Told just before the agent's part is over."""
        call = self._calls.get(happened.call)
        if call is None or call.ring is None:
            return
        asking = self._asking(happened.agent) if happened.kind == "attended" else None
        if asking is not None and asking.ring is not None:
            call.partner, asking.passed_on = asking.ring, True
        elif asking is not None and asking.third is not None:
            call.third, asking.third = asking.third, None
        elif not happened.to_queue:
            self._to[call.key] = happened.to

    def _asking(self, agent: str) -> Call | None:
        """The call of this agent's own on which somebody is asked."""
        return next((call for call in reversed(self._calls.values()) if call.agent == agent), None)

    def passed_on(self, call: Call) -> None:
        """The agent is out."""
        to = self._to.pop(call.key, "")
        if call.partner is not None:
            self._switch.bridge(call.leg, call.partner.leg)
        elif call.third is not None:
            self._switch.bridge(call.leg, call.third)
        elif to:
            self._dial(call, to)

    def _dial(self, call: Call, number: str) -> None:
        third = call.third = self._switch.dial_out(call.leg, number)

        def pick_up() -> None:
            if third.alive and call.leg.alive and call.third is third:
                self._switch.answer(third)
                self._switch.bridge(call.leg, third)

        self._switch.timers.after(PICKED_UP_AFTER, pick_up)

    def part(self, call: Call) -> None:
        """Caller and third party hang up."""
        if call.third is not None:
            self._switch.hang_up(call.third, "hangup")
        self._switch.hang_up(call.leg, "hangup_by_caller")
        if call.partner is not None:
            self._switch.hang_up(call.partner.leg, "hangup_by_caller")

    # ── calls that no queue gave ──

    def side_began(self, happened: h.SideCallBegan) -> None:
        """An agent dials; or is the third party of a transfer of this instant, and has a channel already."""
        for agent in self._acd.agents.values():
            agent.own_calls += agent.phone == happened.device
        exten = extension(happened.device)
        if any(call.third is not None and call.third.dialled == exten for call in self._calls.values()):
            return
        into_queue = queue_name(happened.number) in self._acd.queues
        leg = self._switch.own(exten, happened.number, into_queue=into_queue)
        call = self._calls[happened.call] = Call(happened.call, leg, agent=happened.agent)
        if not into_queue:
            self._dial(call, happened.number)

    def side_ended(self, happened: h.SideCallEnded) -> None:
        for agent in self._acd.agents.values():
            agent.own_calls -= agent.phone == happened.device and agent.own_calls > 0
        call = self._calls.pop(happened.call, None)
        if call is None:
            return
        if call.third is not None:
            self._switch.hang_up(call.third, "hangup")
        self._switch.hang_up(call.leg, "hangup" if call.leg.kind == "own" else "hangup_left")
