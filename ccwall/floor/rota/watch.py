"""Who came for their shift, left it, sits elsewhere, or let the headset lie: what the house sees by itself.

`look` is pure, and tells each thing once: what it said is in the rota when it looks again.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ccwall.clock import Clock
from ccwall.engine.desk.rota import AFTER, BEFORE, Rota, Worked
from ccwall.events import AgentId, AttendanceMarked, SeatId, Shift, SourceId

if TYPE_CHECKING:
    from ccwall.engine import Engine
    from ccwall.floor.commands import Take

Card = Mapping[str, object]
SeatSays = Callable[[SeatId], tuple[str, float] | None]
"""``occupied`` or ``vacant``, and since when; None where nobody watches the seat."""
Heard = Callable[[AgentId, float], bool]
"""Whether somebody listened to what tells of this person right before that moment."""

ELSEWHERE_AFTER = 300.0
"""Seconds for which somebody works while their seat is empty."""
LAID_DOWN_WITHIN = 120.0
"""Seconds after signing off within which the headset is on its hook."""
EVERY = 5.0
"""Real seconds between two looks."""
SILENT = frozenset({"", "unknown"})
LYING_ABOUT = frozenset({"undocked", "worn", "removed"})


def look(
    rota: Rota,
    people: Mapping[str, Card],
    seat_says: SeatSays,
    now: float,
    heard: Heard = lambda agent, at: True,
) -> list[AttendanceMarked]:
    """``people``: the agents of the board. Of whom nothing is known nothing is said."""
    found: list[AttendanceMarked] = []
    for shift in rota.shifts.values():
        if shift.kind != "work" or not shift.begins - BEFORE <= now <= shift.ends + AFTER:
            continue
        card = people.get(shift.agent)
        if card is None or str(card.get("state", "")) in SILENT:
            continue
        worked = rota.worked.get(shift.shift_id) or Worked()
        on = card.get("state") != "off"
        found += _presence(shift, worked, card, on, now, heard)
        if on and worked.came is not None:
            found += _seat(shift, worked, card, seat_says, now)
        elif worked.left is not None and now > worked.left + LAID_DOWN_WITHIN:
            found += _headset(shift, worked, card, now)
    return found


def _presence(
    shift: Shift, worked: Worked, card: Card, on: bool, now: float, heard: Heard
) -> list[AttendanceMarked]:
    if on and (worked.came is None or worked.left is not None):
        if now >= shift.ends:  # here for another reason: the next shift, or they never left
            return []
        first = worked.came is None
        came = max(shift.begins - BEFORE, _instant(card, "logged_on", now)) if first else now
        latest = first and not heard(AgentId(shift.agent), came)
        return [AttendanceMarked(at=min(came, now), shift_id=shift.shift_id, what="came", latest=latest)]
    if not on and worked.came is not None and worked.left is None:
        left = max(worked.came, _instant(card, "since", now))
        return [AttendanceMarked(at=min(left, now), shift_id=shift.shift_id, what="left")]
    return []


def _seat(
    shift: Shift, worked: Worked, card: Card, seat_says: SeatSays, now: float
) -> list[AttendanceMarked]:
    told = seat_says(SeatId(shift.seat)) if shift.seat else None
    if told is None:
        return []
    says, since = told
    working = card.get("state") in {"ready", "ringing", "talking", "hold", "wrap", "busy"}
    if says == "occupied" and worked.wrong_seat is not None:
        return [AttendanceMarked(at=since, shift_id=shift.shift_id, what="right_seat")]
    if says != "vacant" or not working or worked.wrong_seat is not None or worked.came is None:
        return []
    begun = max(since, worked.came, _instant(card, "since", now))
    if now - begun >= ELSEWHERE_AFTER:
        return [AttendanceMarked(at=begun, shift_id=shift.shift_id, what="wrong_seat")]
    return []


def _headset(shift: Shift, worked: Worked, card: Card, now: float) -> list[AttendanceMarked]:
    senses = card.get("senses")
    says = (
        {str(each.get("says")) for each in senses if isinstance(each, Mapping)}
        if isinstance(senses, list)
        else set()
    )
    if "docked" in says and worked.undocked is not None:
        return [AttendanceMarked(at=now, shift_id=shift.shift_id, what="docked")]
    if says & LYING_ABOUT and "docked" not in says and worked.undocked is None:
        return [AttendanceMarked(at=now, shift_id=shift.shift_id, what="undocked")]
    return []


def _instant(card: Card, key: str, otherwise: float) -> float:
    value = card.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


class RotaWatch:
    """Looks now and then, and says what it sees."""

    def __init__(
        self,
        engine: "Engine",
        people: Callable[[], Mapping[str, Card]],
        take: "Take",
        clock: Clock,
        house: SourceId,
    ) -> None:
        self._engine, self._people, self._take, self._clock, self._house = engine, people, take, clock, house

    def look(self) -> None:
        rota, now = self._engine.desk.rota, self._clock.now()
        engine = self._engine
        if rota.shifts and (facts := look(rota, self._people(), engine.seat_says, now, engine.was_heard)):
            self._take(self._house, facts, now)

    async def run(self) -> None:
        while True:
            await self._clock.sleep(EVERY * self._clock.rate)
            self.look()
            await asyncio.sleep(0)
