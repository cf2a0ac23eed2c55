"""The things on the bus: what they say becomes facts, and each is introduced once.

A message that the broker kept (retained) or held back for us is a state of unknown age: it never begins a new `since`.
"""

from collections.abc import Iterable
from typing import cast

from ccwall.adapter import Directory
from ccwall.events import (
    AnyEvent,
    DeviceHeadset,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    PhoneState,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
)
from ccwall.wire.memory import Recent

from .said import KINDS, Said

MOST_THINGS = 5000
"""Things that are known; of a publisher that invents more, the oldest are introduced again."""
CLOCK_AHEAD = 5.0
"""Seconds by which a sender's clock may be ahead of ours; an instant further on is not believed."""


class Things:
    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._introduced: Recent[str, None] = Recent(MOST_THINGS)
        self._available: Recent[str, bool] = Recent(MOST_THINGS)
        """of seats, whether their sensor was last said to be there"""

    def forget(self) -> None:
        """A new connection to a broker that knows nothing of us."""
        self._introduced.clear()
        self._available.clear()

    def facts(self, told: Iterable[Said], now: float, *, retained: bool, late: bool) -> list[AnyEvent]:
        """`late`: the broker may have held it back for us."""
        found: list[AnyEvent] = []
        age_known = not (retained or late)
        for said in told:
            if retained and said.what == "button":  # a press is no state: it was told when it was
                continue
            at = said.at if said.at is not None and said.at <= now + CLOCK_AHEAD else now
            found += self._introduction(said, at)
            found.append(self._fact(said, at, age_known))
        return found

    def _introduction(self, said: Said, at: float) -> list[AnyEvent]:
        if said.key in self._introduced:
            return []
        self._introduced[said.key] = None
        return [
            DeviceSeen(
                at=at,
                device=self._device(said),
                kind=KINDS[said.what.partition(".")[0]],
                name=said.key,
                agent=self._directory.person(said.key),
            )
        ]

    def _device(self, said: Said) -> DeviceId:
        return DeviceId(self._directory.own(said.key))

    def _fact(self, said: Said, at: float, age_known: bool) -> AnyEvent:
        kind, _, field = said.what.partition(".")
        if kind == "seat":
            return self._seat(said, field, at, age_known)
        device, agent = self._device(said), self._directory.person(said.key)
        if kind == "button":
            return DevicePressed(at=at, device=device, button=str(said.value), agent=agent)
        if kind == "phone":
            state = cast(PhoneState, said.value)
            return DeviceStateChanged(at=at, device=device, state=state, agent=agent, age_known=age_known)
        value = {field: said.value}
        return DeviceHeadset(at=at, device=device, agent=agent, age_known=age_known, **value)  # type: ignore[arg-type]

    def _seat(self, said: Said, field: str, at: float, age_known: bool) -> AnyEvent:
        seat = self._directory.seat(said.key)
        if not field:
            kind = SeatOccupied if said.value else SeatVacated
            return kind(at=at, seat=seat, age_known=age_known)
        if field == "sensor":
            self._available[said.key] = bool(said.value)
            return SeatSensor(at=at, seat=seat, available=bool(said.value))
        available = self._available.get(said.key, True)
        return SeatSensor(at=at, seat=seat, available=available, battery=float(said.value))
