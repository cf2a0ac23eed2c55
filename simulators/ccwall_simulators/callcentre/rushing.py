"""What befalls the callers of several floors, begun and ended by a person who wants to see what a wall makes of it."""

from collections.abc import Callable, Collection, Mapping

from ccwall_simulators.breaking import HEAL, LONGEST, Breakable, Unknown, told_of

from .model import CallCentre
from .rush import Rush, Spell

SURGE, BREAKING = "surge", "drop_lines"
KEYS: Mapping[str, str] = {SURGE: "t", BREAKING: "i"}
TIMES = 3.0
"""as many callers as usual"""
SHARE = 0.7
"""of the lines that break"""
LASTS = 600.0
"""Seconds of the floor."""
KIND = "callers"


BEGIN: Mapping[str, Callable[[Rush, float, Collection[str]], None]] = {
    SURGE: lambda rush, lasts, queues: rush.begin_surge(TIMES, lasts, queues),
    BREAKING: lambda rush, lasts, queues: rush.begin_breaking(SHARE, lasts, queues),
}
END: Mapping[str, Callable[[Rush], None]] = {SURGE: Rush.end_surge, BREAKING: Rush.end_breaking}
NOW: Mapping[str, Callable[[Rush], Spell | None]] = {
    SURGE: lambda rush: rush.surge,
    BREAKING: lambda rush: rush.breaking,
}


class Callers(Breakable):
    """`floors` by the name of their switch; a queue goes by ``switch/name``. `now` is the floors' time, `speed` its seconds in
    a real one. Both may go on at once, each in all queues or in one."""

    def __init__(
        self, floors: Mapping[str, CallCentre], now: Callable[[], float], speed: Callable[[], float]
    ) -> None:
        self._floors, self._now, self._speed = dict(floors), now, speed
        self._queues = {
            f"{source}/{part.name}": part.title
            for source, floor in self._floors.items()
            for part in floor.scenario.queue
            if part.calls_per_minute > 0
        }

    def menu(self) -> Mapping[str, str]:
        return {key: name for name, key in KEYS.items()}

    def told(self) -> dict[str, object]:
        """And of which queues it can be. `size`: times as many callers, or the share of the lines."""
        return {
            "product": f"callers of {len(self._queues)} queues",
            "up": True,
            "speed": self._speed(),
            "now": self._now(),
            "faults": [self._told(SURGE, TIMES), self._told(BREAKING, SHARE)],
            "queues": [{"id": id, "title": dict(title)} for id, title in self._queues.items()],
        }

    def _told(self, name: str, size: float) -> dict[str, object]:
        spells = self._spells(name)
        until = max((spell.until for spell in spells.values()), default=None)
        told = told_of(name, KEYS[name], KIND, LASTS / self._speed(), until=until, about=self._about(spells))
        told["size"] = size
        if spells:
            told["since"] = min(spell.since for spell in spells.values())
        return told

    def _about(self, spells: Mapping[str, Spell]) -> str:
        """The queue in which it goes on; empty for all of them."""
        one = (f"{source}/{queue}" for source, spell in spells.items() for queue in spell.queues)
        return next(one, "")

    def about(self, name: str) -> str:
        return self._about(self._spells(name))

    def left(self, name: str) -> float | None:
        until = max((spell.until for spell in self._spells(name).values()), default=None)
        return None if until is None else max(0.0, until - self._now()) / self._speed()

    def fault(self, name: str, seconds: float | None = None) -> None:
        if name == HEAL:
            for each in KEYS:
                self.stop(each)
            return
        self._begin(name, seconds, dict.fromkeys(self._floors, ()))

    def fault_of(self, name: str, queue: str, seconds: float | None = None) -> None:
        if queue not in self._queues:
            raise Unknown(f"nobody calls {queue!r} here; queues are {', '.join(self._queues)}")
        source, _, own = queue.partition("/")
        self._begin(name, seconds, {source: (own,)})

    def stop(self, name: str) -> None:
        self._known(name)
        for floor in self._floors.values():
            END[name](floor.rush)

    def _begin(self, name: str, seconds: float | None, where: Mapping[str, Collection[str]]) -> None:
        """In these places, and no longer in others."""
        self._known(name)
        lasts = LASTS if seconds is None else min(seconds, LONGEST) * self._speed()
        for source, floor in self._floors.items():
            if source in where:
                BEGIN[name](floor.rush, lasts, where[source])
            else:
                END[name](floor.rush)

    def _spells(self, name: str) -> Mapping[str, Spell]:
        """What goes on, by switch."""
        if name not in NOW:
            return {}
        found = {source: NOW[name](floor.rush) for source, floor in self._floors.items()}
        return {source: spell for source, spell in found.items() if spell is not None}

    def _known(self, name: str) -> None:
        if name not in KEYS:
            raise Unknown(f"{name!r} cannot befall callers; what can: {', '.join((*KEYS, HEAL))}")
