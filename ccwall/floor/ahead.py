"""What was granted ahead, or promised, when its time has come: the floor is looked at once more, and then it is sent, or held.

    granted ahead | postponed ──its time──▶ nothing is against it: granted, and carried out at the PBX
                                         └▶ a cap, the load or the minimum is: held, until there is room or a lead decides

Whoever was to go first is looked at first, so that a place that becomes free is theirs. What a lead has overruled when they granted
it holds nobody. Like all that the house says, this is decided from the state and the time alone: a restart forgets nothing.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.desk.breaks import Break
from ccwall.engine.desk.presence import Presence
from ccwall.events import (
    AnyEvent,
    BreakCarriedOut,
    BreakGranted,
    BreakHeld,
    BreakId,
    CommandId,
    Obstacle,
    Principal,
)
from ccwall.floor.against import by_load, wish_of
from ccwall.floor.carrying import pause
from ccwall.floor.watching import Take

if TYPE_CHECKING:
    from ccwall.engine import Engine
    from ccwall.engine.desk.who import Who
    from ccwall.floor.commands import Commands

ASK_AGAIN = 15.0
"""Real seconds after which the forecast is asked again whether somebody may leave, and a PBX that took nothing is told again."""
PBX_AWAY = 30.0
"""Seconds for which a promise waits for a PBX that is away, so that it can be carried out there; then they may leave without."""


class Again:
    """Of the same things, looked at again and again, those that were not tried for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._tried = seconds, dict[BreakId, float]()

    def of(self, items: Sequence[Break], now: float) -> list[Break]:
        tried = {item.id: self._tried[item.id] for item in items if item.id in self._tried}
        found = [item for item in items if now - tried.get(item.id, -self._seconds) >= self._seconds]
        self._tried = tried | {item.id: now for item in found}
        return found


def come(engine: "Engine", now: float) -> list[Break]:
    """Whose time has come, and who were not let go yet, in the order in which they were to go."""
    found = [
        item
        for item in engine.breaks.open()
        if (item.state in ("postponed", "held") or item.is_ahead)
        and not item.errands
        and item.begins is not None
        and item.begins <= now
    ]
    present = engine.presences(now) if found else {}
    heard = [item for item in found if now >= _waits(engine, item, present.get(item.agent))]
    return sorted(heard, key=lambda item: (item.begins or now, item.decided or 0.0))


def _waits(engine: "Engine", item: Break, seen: Presence | None) -> float:
    """Until when, for a PBX that is away: a promise a while, what is granted or held until it is heard."""
    if seen is None or not seen.blind or not engine.break_policy.carry_out:
        return 0.0
    return (item.begins or 0.0) + PBX_AWAY if item.state == "postponed" else math.inf


def unsent(engine: "Engine", now: float) -> list[Break]:
    """Let go when their time came, of whom the PBX was told nothing: it took nothing then, and is heard now."""
    if not engine.break_policy.carry_out:
        return []
    found = [
        item
        for item in engine.breaks.open()
        if item.state == "granted"
        and item.automatic
        and item.by is not None
        and not item.errands
        and (item.begins or 0.0) <= now
    ]
    present = engine.presences(now) if found else {}
    return [item for item in found if (seen := present.get(item.agent)) is not None and not seen.blind]


class Ahead:
    """`take` is the door of the house for its own facts; `again`: `ASK_AGAIN`, in seconds of the floor."""

    def __init__(self, engine: "Engine", take: Take, commands: "Commands | None", again: float) -> None:
        self._engine, self._take, self._commands = engine, take, commands
        self._to_ask, self._to_send = Again(again), Again(again)

    def look(self, now: float) -> None:
        for item in self._to_send.of(unsent(self._engine, now), now):
            commands = self._paused(item, item.begins or now)
            if commands:
                self._take(_carried(item.id, commands, now), None)
        due = come(self._engine, now)
        by_load = [item for item in due if any(each.what == "load" for each in item.against)]
        is_asked = {item.id for item in self._to_ask.of(by_load, now)}
        for item in due:
            stands = self._against(item, now, is_asked=item not in by_load or item.id in is_asked)
            if not stands:
                self._let_go(item, now)
            elif item.state != "held" or _said(stands) != _said(item.against):
                self._take([BreakHeld(at=now, break_id=item.id, against=stands)], None)

    def _against(self, item: Break, now: float, *, is_asked: bool) -> tuple[Obstacle, ...]:
        """Caps and minimum, and when these are not, the load; that is as it was, while the forecast is not asked."""
        stands = self._engine.obstacles_due(item.agent, item.kind, now)
        found = tuple(each for each in stands if each.key not in item.despite)
        if found or any(each.what == "cap" for each in stands):
            return found
        if not is_asked:
            return item.against
        load = by_load(self._engine, wish_of(item), now)
        return () if load is None else (load,)

    def _let_go(self, item: Break, now: float) -> None:
        """On behalf of who said it ahead: from its own time on, or, of what was held, from now."""
        begins = now if item.begins is None or item.held is not None else item.begins
        commands = self._paused(item, item.held or begins)
        first = commands[0] if commands else None
        granted = BreakGranted(
            at=now, break_id=item.id, begins=begins, lasts=item.lasts, automatic=True, command=first
        )
        self._take([granted, *_carried(item.id, commands[1:], now)], None)

    def _paused(self, item: Break, since: float) -> tuple[CommandId, ...]:
        """On behalf of who said the last word on it; a pause asked for since then is this one."""
        if item.by is None or not self._engine.break_policy.carry_out:
            return ()
        who = _principal(item.by)
        return pause(self._engine, self._commands, who, item.agent, item.kind, since).commands


def _said(stands: Sequence[Obstacle]) -> list[tuple[str, str, float]]:
    """What people are told of it; who is away by load changes with everybody who comes and goes."""
    return [(each.key, each.queue, 0.0 if each.what == "load" else each.limit) for each in stands]


def _carried(id: BreakId, commands: Sequence[CommandId], now: float) -> list[AnyEvent]:
    return [BreakCarriedOut(at=now, break_id=id, command=each) for each in commands]


def _principal(who: "Who") -> Principal:
    """As whom a promise was made; what they may see was looked at then."""
    return msgspec.convert({"id": who.id, "role": who.role, "name": who.name}, Principal)
