"""What is broken on purpose at something simulated: faults by name and by key, each for a while, and what is told of them."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

import msgspec

HEAL = "heal"
HEAL_KEY = "0"
LONGEST = 600.0
LOOK_EVERY = 0.05
AGAIN = 1.0
"""Real seconds until what did not start is started again."""


class Unknown(ValueError):
    """Nothing of that name can be broken here, or not now."""


class Breakable(ABC):
    """One simulated thing. Seconds are real ones, unless something else is said."""

    @abstractmethod
    def menu(self) -> Mapping[str, str]:
        """Faults by the key of a terminal that breaks it so."""

    @abstractmethod
    def told(self) -> dict[str, object]:
        """What it is, whether it is up, what can be broken and what is; instants on the floor's clock."""

    @abstractmethod
    def fault(self, name: str, seconds: float | None = None) -> None:
        """Break it for so many seconds, or heal. Raises Unknown."""

    @abstractmethod
    def left(self, name: str) -> float | None:
        """Seconds this fault still lasts; None when it does not."""

    def fault_of(self, name: str, queue: str, seconds: float | None = None) -> None:
        """The same, of one queue alone, where it has some. Raises Unknown."""
        raise Unknown(f"{name!r} is not of a queue")

    def stop(self, name: str) -> None:
        """What can be ended alone is over. Raises Unknown."""
        raise Unknown(f"{name!r} ends by itself, or with {HEAL!r}")

    def about(self, name: str) -> str:
        """Whom this fault hit last."""
        return ""

    def key(self, key: str) -> str:
        """What this key of a terminal breaks; empty when it means nothing. It is broken."""
        if name := {**self.menu(), HEAL_KEY: HEAL}.get(key, ""):
            self.fault(name)
        return name


class Pace(msgspec.Struct, frozen=True):
    """The floor's clock: what it shows, and its seconds in a real one."""

    now: Callable[[], float]
    speed: float = 1.0


class Doing(msgspec.Struct, frozen=True):
    """Something that can be done to a thing. `begin` gets the seconds it will last (0: it is over at once) and may say whom
    it hits; it raises Unknown when it cannot be done now. `end` undoes it; without one it ends by itself."""

    name: str
    key: str
    kind: str
    begin: Callable[[float], str | None]
    seconds: float = 0.0
    end: Callable[[], None] | None = None


class Faulty(Breakable):
    """A thing that is broken by its `doings`."""

    def __init__(
        self, product: str, doings: Sequence[Doing], pace: Pace, *, is_up: Callable[[], bool] = lambda: True
    ) -> None:
        self._product, self._pace, self._is_up = product, pace, is_up
        self._doings = {doing.name: doing for doing in doings}
        self._ends: dict[str, asyncio.TimerHandle] = {}
        self._about: dict[str, str] = {}

    def menu(self) -> Mapping[str, str]:
        return {doing.key: doing.name for doing in self._doings.values()}

    def told(self) -> dict[str, object]:
        pace = self._pace
        faults = []
        for doing in self._doings.values():
            left = self.left(doing.name)
            until = None if left is None else pace.now() + left * pace.speed
            about = self._about.get(doing.name, "") if left is not None else ""
            faults.append(told_of(doing.name, doing.key, doing.kind, doing.seconds, until=until, about=about))
        return {
            "product": self._product,
            "up": self._is_up(),
            "speed": pace.speed,
            "now": pace.now(),
            "faults": faults,
        }

    def fault(self, name: str, seconds: float | None = None) -> None:
        if name == HEAL:
            for each in list(self._ends):
                if self._doings[each].end is not None:
                    self._ends[each].cancel()
                    self._over(each)
            return
        doing = self._doings.get(name)
        if doing is None:
            raise Unknown(f"{name!r} cannot be broken here; what can: {', '.join((*self._doings, HEAL))}")
        lasts = min(seconds or doing.seconds, LONGEST) if doing.seconds else 0.0
        self._about[name] = doing.begin(lasts) or ""
        if lasts:
            loop = asyncio.get_running_loop()
            ends = loop.time() + lasts
            if (before := self._ends.pop(name, None)) is not None:
                before.cancel()
                ends = max(ends, before.when())
            self._ends[name] = loop.call_at(ends, self._over, name)

    def about(self, name: str) -> str:
        return self._about.get(name, "")

    def left(self, name: str) -> float | None:
        handle = self._ends.get(name)
        return None if handle is None else max(0.0, handle.when() - asyncio.get_running_loop().time())

    def _over(self, name: str) -> None:
        del self._ends[name]
        if (end := self._doings[name].end) is not None:
            end()


def told_of(
    name: str, key: str, kind: str, seconds: float, *, until: float | None, about: str = ""
) -> dict[str, object]:
    """One fault as a page gets it."""
    told: dict[str, object] = {
        "name": name,
        "key": key,
        "kind": kind,
        "active": until is not None,
        "seconds": seconds,
    }
    if until is not None:
        told["until"] = until
    if about:
        told["about"] = about
    return told


class Together(Breakable):
    """Several under one name; the first that has a fault of that name has it."""

    def __init__(self, *things: Breakable) -> None:
        self._things = things

    def menu(self) -> Mapping[str, str]:
        menu: dict[str, str] = {}
        for thing in self._things:
            menu = {**menu, **{key: name for key, name in thing.menu().items() if key not in menu}}
        return menu

    def told(self) -> dict[str, object]:
        first, *rest = (thing.told() for thing in self._things)
        faults = [fault for told in (first, *rest) for fault in cast("list[object]", told["faults"])]
        return {**first, "up": all(told["up"] for told in (first, *rest)), "faults": faults}

    def fault(self, name: str, seconds: float | None = None) -> None:
        if name == HEAL:
            for thing in self._things:
                thing.fault(HEAL)
            return
        self._of(name).fault(name, seconds)

    def fault_of(self, name: str, queue: str, seconds: float | None = None) -> None:
        self._of(name).fault_of(name, queue, seconds)

    def stop(self, name: str) -> None:
        self._of(name).stop(name)

    def left(self, name: str) -> float | None:
        return self._of(name).left(name)

    def about(self, name: str) -> str:
        return self._of(name).about(name)

    def _of(self, name: str) -> Breakable:
        having = (thing for thing in self._things if name in thing.menu().values())
        return next(having, self._things[0])


class Kept:
    """A server that is up exactly as long as it is wanted. `start` may raise OSError; then it is tried again."""

    def __init__(
        self,
        is_up: Callable[[], bool],
        start: Callable[[], Awaitable[None]],
        stop: Callable[[], Awaitable[None]],
    ) -> None:
        self._is_up, self._start, self._stop = is_up, start, stop
        self._wanted, self._again = True, False

    @property
    def is_up(self) -> bool:
        """And is to stay so."""
        return self._is_up() and self._wanted and not self._again

    def down(self) -> None:
        self._wanted = False

    def up(self) -> None:
        self._wanted = True

    def again(self) -> None:
        """Down, and up at once."""
        self._again = True

    async def run(self) -> None:
        while True:
            if self._is_up() and (self._again or not self._wanted):
                self._again = False
                await self._stop()
            elif not self._is_up() and self._wanted:
                try:
                    await self._start()
                except OSError:
                    await asyncio.sleep(AGAIN)
            await asyncio.sleep(LOOK_EVERY)
