"""One edge as the server knows it: how far its facts were taken in, how its clock goes, and which devices it has."""

from collections import deque
from collections.abc import Iterator

from ccwall.events import (
    AgentId,
    AnyEvent,
    DeviceHeadset,
    DeviceId,
    DeviceSeen,
    DeviceStateChanged,
    SeatId,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
)

MOST_DEVICES = 500
"""Of one edge; of more, the first are known."""
SAMPLES = 10
"""The last words by which a clock is judged: the one that came quickest is the truest."""
EXACT = 0.25
"""Seconds up to which a difference may as well be the network's."""
OFF, RIGHT = 3.0, 2.0
"""Seconds by which a clock is said to be wrong, and to be right again."""
OLDEST = 30 * 86_400.0
"""No fact is older: the clock was not set when it was told."""


class Device:
    """`source` is the edge's own; the flags say in which words it was told of. `silenced`: what it said holds no more."""

    __slots__ = ("agent", "confirmed", "headset", "phone", "seat", "silenced", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.agent: AgentId | None = None
        self.headset = self.phone = self.seat = self.silenced = False
        self.confirmed = True


class Desk:
    """`series` and `upto`: all facts of this series up to that number are taken in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.id = ""
        self.series, self.upto = "", 0
        self.heard: float | None = None
        self.away = True
        self.said_away = False
        self.settled = False
        self.clock_off = False
        self.down: set[str] = set()
        self.said_down = self.recalled = False
        self.devices: dict[str, Device] = {}
        self._offsets: deque[float] = deque(maxlen=SAMPLES)

    # ── its clock ──

    def hear(self, now: float, its: float) -> None:
        self.heard = now
        self._offsets.append(now - its)

    @property
    def offset(self) -> float:
        """Seconds to be added to its instants."""
        return min(self._offsets, default=0.0)

    def corrected(self, at: float, now: float) -> float:
        offset = self.offset
        true = at if abs(offset) <= EXACT else at + offset
        return min(max(true, now - OLDEST), now)

    # ── its devices ──

    def told(self, source: str, event: AnyEvent, now: float) -> Iterator[AnyEvent]:
        """Remember what it is about; what must be said before, because we had said that it is gone."""
        if isinstance(event, SeatOccupied | SeatVacated | SeatSensor):
            device = self._device(event.seat, source)
            device.seat = True
            if device.silenced and not isinstance(event, SeatSensor):
                yield SeatSensor(at=now, seat=event.seat)
        elif isinstance(event, DeviceHeadset | DeviceStateChanged | DeviceSeen):
            device = self._device(event.device, source)
            device.agent = event.agent
            device.headset |= isinstance(event, DeviceHeadset)
            device.phone |= isinstance(event, DeviceStateChanged)
            connected = isinstance(event, DeviceHeadset) and event.connected is not None
            if device.silenced and device.headset and not connected:
                yield DeviceHeadset(at=now, device=event.device, agent=event.agent, connected=True)
        else:
            return
        device.silenced, device.confirmed, device.source = False, True, source

    def gone(self, at: float, source: str | None = None, *, unconfirmed: bool = False) -> Iterator[AnyEvent]:
        """What its devices said holds no more: of all, of one source, or of those that were not told of again."""
        for id, device in self.devices.items():
            if device.silenced or (source is not None and device.source != source):
                continue
            if unconfirmed and device.confirmed:
                continue
            device.silenced = True
            if device.headset:
                yield DeviceHeadset(at=at, device=DeviceId(id), agent=device.agent, connected=False)
            if device.phone:
                yield DeviceStateChanged(at=at, device=DeviceId(id), agent=device.agent, state="unknown")
            if device.seat:
                yield SeatSensor(at=at, seat=SeatId(id), available=False)

    def doubt(self, source: str) -> None:
        """It says anew what it has."""
        for device in self.devices.values():
            if device.source == source:
                device.confirmed = False

    def _device(self, id: str, source: str) -> Device:
        device = self.devices.get(id)
        if device is None:
            device = Device(source)
            if len(self.devices) < MOST_DEVICES:
                self.devices[id] = device
        return device
