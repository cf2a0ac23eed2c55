"""The things on the bus: what they say becomes facts, each is introduced once per connection, and their last word is kept.

A message that the broker kept (retained) or held back for us is a state of unknown age: it never begins a new `since`.
"""

from collections.abc import Iterable

from ccwall.adapter import Directory
from ccwall.events import (
    AnyEvent,
    DeviceHeadset,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
)
from ccwall.wire.memory import Recent

from .said import KINDS, Said

MOST_THINGS = 5000
"""Things whose last words are kept; a publisher that invents more is forgotten from its beginning."""
CLOCK_AHEAD = 5.0
"""Seconds by which a sender's clock may be ahead of ours; an instant further on is not believed."""


class Things:
    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._seen: Recent[str, DeviceSeen] = Recent(MOST_THINGS)
        self._last: Recent[tuple[str, str], AnyEvent] = Recent(4 * MOST_THINGS)
        self._introduced: set[str] = set()

    def forget(self) -> None:
        self._seen.clear()
        self._last.clear()
        self._introduced.clear()

    def again(self, now: float) -> list[AnyEvent]:
        """A new connection to a broker that kept our session: what was true is, until what came meanwhile says otherwise."""
        self._introduced = set(self._seen)
        return [*(_at(seen, now) for seen in self._seen.values()), *self._last.values()]

    def begin(self) -> None:
        """A new connection to a broker that knows nothing of us."""
        self.forget()

    def facts(self, told: Iterable[Said], now: float, *, age_known: bool) -> list[AnyEvent]:
        found: list[AnyEvent] = []
        for said in told:
            if not age_known and said.what == "button" and said.at is None:
                continue
            at = said.at if said.at is not None and said.at <= now + CLOCK_AHEAD else now
            found += self._introduction(said, at)
            fact = self._fact(said, at, age_known)
            if said.what != "button":
                self._last[said.key, said.what] = fact
            found.append(fact)
        return found

    def _introduction(self, said: Said, at: float) -> list[AnyEvent]:
        if said.key in self._introduced:
            return []
        seen = DeviceSeen(
            at=at,
            device=self._device(said),
            kind=KINDS[said.what.partition(".")[0]],
            name=said.key,
            agent=self._directory.person(said.key),
        )
        if len(self._introduced) >= 2 * MOST_THINGS:
            self._introduced.clear()
        self._introduced.add(said.key)
        self._seen[said.key] = seen
        return [seen]

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
            state = DeviceStateChanged.__annotations__ and said.value
            return DeviceStateChanged(
                at=at, device=device, state=state, agent=agent, age_known=age_known  # type: ignore[arg-type]
            )
        value = {field: said.value}
        return DeviceHeadset(at=at, device=device, agent=agent, age_known=age_known, **value)  # type: ignore[arg-type]

    def _seat(self, said: Said, field: str, at: float, age_known: bool) -> AnyEvent:
        seat = self._directory.seat(said.key)
        if not field:
            kind = SeatOccupied if said.value else SeatVacated
            return kind(at=at, seat=seat, age_known=age_known)
        if field == "sensor":
            return SeatSensor(at=at, seat=seat, available=bool(said.value))
        sensor = self._last.get((said.key, "seat.sensor"))
        available = not isinstance(sensor, SeatSensor) or sensor.available
        return SeatSensor(at=at, seat=seat, available=available, battery=float(said.value))


def _at(seen: DeviceSeen, now: float) -> DeviceSeen:
    return DeviceSeen(at=now, device=seen.device, kind=seen.kind, name=seen.name, agent=seen.agent)
