"""What befalls an ordinary day when somebody wants to see it: more callers, or lines that break.

Both have chance of their own: those who would have called anyway still do, at the same instants, with the same patience.
"""

from collections.abc import Callable, Collection, Generator

import msgspec
import simpy

from .chance import Stream
from .ground import Ground
from .places import Place
from .scenario import QueuePart, Scenario

LINE_LIVES = 1.5, 7.5
"""Seconds of a conversation until its line breaks."""
LINE_WAITS = 2.0, 30.0
"""Seconds in a queue until it does."""


class Spell(msgspec.Struct, kw_only=True, frozen=True):
    """Something that goes on for a while. `queues`: in these; in all when there are none. Epoch seconds."""

    number: int
    size: float
    queues: tuple[str, ...]
    since: float
    until: float

    def holds(self, queue: str, now: float) -> bool:
        return now < self.until and (not self.queues or queue in self.queues)


Arrive = Callable[[QueuePart, Stream], None]


class Rush:
    """`arrive` lets a caller of this chance call a queue."""

    def __init__(self, scenario: Scenario, ground: Ground, arrive: Arrive) -> None:
        self._scenario, self._ground, self._clock, self._arrive = scenario, ground, ground.clock, arrive
        self._surge: Spell | None = None
        self._breaking: Spell | None = None
        self._count = 0

    # ── more callers ──

    @property
    def surge(self) -> Spell | None:
        """What goes on at this instant."""
        return self._now(self._surge)

    def begin_surge(self, times: float, seconds: float, queues: Collection[str]) -> None:
        """`times` as many callers as usual. The same again makes it longer; another takes its place."""
        if times <= 1.0:
            raise ValueError(f"a surge is more than once the usual, not {times:g} times")
        before = self.surge
        self._surge = spell = self._spell(before, times, seconds, queues)
        if before is not None and before.number == spell.number:
            return
        for part in self._scenario.queue:
            if part.calls_per_minute > 0 and spell.holds(part.name, self._ground.now):
                self._clock.process(self._more(part, spell.number))

    def end_surge(self) -> None:
        self._surge = None

    def _more(self, part: QueuePart, number: int) -> Generator[simpy.Event, object, None]:
        """A Poisson process beside the ordinary one: together they have the rate that is wanted at every time of day."""
        chance = self._ground.chance.stream("surge", number, part.name)
        points = self._scenario.profile.get(part.profile, ())
        highest = max((level for _, level in points), default=1.0)
        caller = 0
        while (spell := self._surge) is not None and spell.number == number:
            rate = part.calls_per_minute * highest * (spell.size - 1.0)
            yield self._clock.timeout(chance.every(60.0 / rate))
            is_one = chance.random() * highest < self._scenario.level(part.profile, self._ground.today)
            now = self.surge
            if now is None or now.number != number:
                return
            if is_one:
                caller += 1
                self._arrive(part, self._ground.chance.stream("caller", part.name, "surge", number, caller))

    # ── lines that break ──

    @property
    def breaking(self) -> Spell | None:
        return self._now(self._breaking)

    def begin_breaking(self, share: float, seconds: float, queues: Collection[str]) -> None:
        """That share of the lines breaks, soon after they are answered or while they wait. The same again makes it longer."""
        if not 0.0 < share <= 1.0:
            raise ValueError(f"a share of the lines is over 0 and at most 1, not {share:g}")
        self._breaking = self._spell(self.breaking, share, seconds, queues)

    def end_breaking(self) -> None:
        self._breaking = None

    def talks(self, place: Place) -> float | None:
        """In how many seconds the line of a conversation that begins now breaks; None for one that holds."""
        return self._breaks(place, "talk", LINE_LIVES)

    def waits(self, place: Place) -> float | None:
        """The same of who begins to wait now."""
        return self._breaks(place, "wait", LINE_WAITS)

    def _breaks(self, place: Place, what: str, within: tuple[float, float]) -> float | None:
        spell = self.breaking
        if spell is None or not spell.holds(place.queue.name, self._ground.now):
            return None
        chance = self._ground.chance.stream("line", spell.number, what, place.visit.visit)
        return chance.uniform(*within) if chance.happens(spell.size) else None

    def _spell(self, before: Spell | None, size: float, seconds: float, queues: Collection[str]) -> Spell:
        now, where = self._ground.now, tuple(sorted(set(queues)))
        if before is not None and (before.size, before.queues) == (size, where):
            return msgspec.structs.replace(before, until=max(before.until, now + seconds))
        self._count += 1
        return Spell(number=self._count, size=size, queues=where, since=now, until=now + seconds)

    def _now(self, spell: Spell | None) -> Spell | None:
        return spell if spell is not None and self._ground.now < spell.until else None
