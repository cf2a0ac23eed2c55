"""Facts about devices and seats, and calls that a switch wrote down."""

from typing import Literal

from ccwall.events.base import AgentId, DeviceId, Event, PhoneState, SeatId

# ── device.* and seat.* ───────────────────────────────────────────────────────────────────────────────────────────────


class DeviceStateChanged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.state", gc=False):
    """A phone's own state: evidence about its agent, not the agent's state."""

    device: DeviceId
    state: PhoneState
    agent: AgentId | None = None
    age_known: bool = True


class DeviceHeadset(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.headset", gc=False):
    """What a headset says of itself; None means it did not say. ``battery`` and ``volume`` are fractions of 1.

    ``age_known`` is False when it may have been so for long before ``at`` (a bus that keeps the last word).
    """

    device: DeviceId
    agent: AgentId | None = None
    docked: bool | None = None
    muted: bool | None = None
    battery: float | None = None
    worn: bool | None = None
    connected: bool | None = None
    volume: float | None = None
    age_known: bool = True


class DevicePressed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.pressed", gc=False):
    """Somebody pressed a button. ``button`` is what it is for, as configured (help, patrol, break, hook), else its own name."""

    device: DeviceId
    button: str
    agent: AgentId | None = None
    seat: SeatId | None = None


class DeviceSeen(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.seen", gc=False):
    """The source has this device. ``kind`` is what it is (phone, headset, line, sensor, button, light), ``name`` the
    source's own, ``product`` what it calls itself."""

    device: DeviceId
    kind: str
    name: str = ""
    product: str = ""
    agent: AgentId | None = None


class DeviceFault(Event, frozen=True, kw_only=True, omit_defaults=True, tag="device.fault", gc=False):
    """A device is broken or gone; ``cleared`` when it is well again."""

    device: DeviceId
    fault: str
    agent: AgentId | None = None
    cleared: bool = False


class SeatOccupied(Event, frozen=True, kw_only=True, omit_defaults=True, tag="seat.occupied", gc=False):
    """Somebody sits there. ``age_known`` is False when that may have been so for long."""

    seat: SeatId
    age_known: bool = True


class SeatVacated(Event, frozen=True, kw_only=True, omit_defaults=True, tag="seat.vacated", gc=False):
    """Nobody sits there. ``age_known`` is False when that may have been so for long."""

    seat: SeatId
    age_known: bool = True


class SeatSensor(Event, frozen=True, kw_only=True, omit_defaults=True, tag="seat.sensor", gc=False):
    """Whether what watches the seat can be relied on: a sensor that is gone says nothing of the seat. ``battery`` is a
    fraction of 1."""

    seat: SeatId
    available: bool = True
    battery: float | None = None


# ── call.* (history, not live) ────────────────────────────────────────────────────────────────────────────────────────


class CallLogged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="call.logged", gc=False):
    """A record that a switch wrote when a call was over: history, never the state of now. ``at`` is its end.

    ``call`` is the source's own key, or made of the record. ``ring``, ``talk`` and ``hold`` are seconds, None where the
    record does not say. ``continued``: another record of the same call follows (a transfer). ``raw`` is the record.
    """

    call: str
    direction: Literal["in", "out", "internal", "unknown"] = "unknown"
    outcome: Literal["answered", "not_answered", "unknown"] = "unknown"
    extension: str = ""
    line: str = ""
    number: str = ""
    name: str = ""
    started: float | None = None
    ring: float | None = None
    talk: float | None = None
    hold: float | None = None
    continued: bool = False
    agent: AgentId | None = None
    raw: str = ""


Fact = (
    DeviceStateChanged
    | DeviceHeadset
    | DevicePressed
    | DeviceSeen
    | DeviceFault
    | SeatOccupied
    | SeatVacated
    | SeatSensor
    | CallLogged
)
