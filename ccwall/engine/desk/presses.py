"""Buttons that people pressed, as long as something may still come of them: the house looks at them, and says what it makes
of each (`ccwall.engine.desk.noticed`)."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.events import AgentId, AnyEvent, DeviceId, DevicePressed, Envelope, SeatId

if TYPE_CHECKING:
    from ccwall.engine.state import State

KEPT_FOR = 600.0
"""Seconds; of what was pressed so long ago nobody wants anything any more."""
MOST = 200


class Press(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``id`` is that of the fact, ``at`` when it was heard. ``agent`` is whose the device, or the seat, is."""

    id: str
    at: float
    device: DeviceId
    button: str
    agent: AgentId | None = None
    seat: SeatId | None = None


FACTS: tuple[type[AnyEvent], ...] = (DevicePressed,)


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    event = envelope.event
    if not isinstance(event, DevicePressed):
        return
    heard = envelope.received
    presses = [each for each in state.desk.presses if each.at > heard - KEPT_FOR and each.id != envelope.id]
    press = Press(
        id=envelope.id,
        at=heard,
        device=event.device,
        button=event.button,
        agent=event.agent or _owner(state, event.device, event.seat),
        seat=event.seat,
    )
    state.desk.presses = [*presses[-MOST + 1 :], press]


def _owner(state: "State", device: DeviceId, seat: SeatId | None) -> AgentId | None:
    """Whose it is, as configured or told; else who sits there, when it is one person's seat."""
    gear = state.gear.get(device)
    told = None if gear is None else gear.agent
    if found := state.policy.devices.get(device) or state.devices.get(device) or told:
        return found
    sitters = [] if seat is None else state.sitters.get(seat, [])
    return sitters[0] if len(sitters) == 1 else None
