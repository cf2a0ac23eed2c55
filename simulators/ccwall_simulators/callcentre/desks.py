"""What lies on every agent's desk and who sits at it: headsets, seat sensors, buttons, moved by the people of the floor.

Most people do as they should: they sit down and take the headset from its dock when they come, put it back and go when they
leave. Some do not, and now and then a thing breaks: what the senses of a wall are there to find out.
"""

from collections import deque
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Literal

import msgspec

from .chance import Chance, Stream
from .contract import Floor
from .happening import AnyHappening, CallAnswered, PersonMoved

What = Literal["seat", "docked", "battery", "button", "sensor"]
HOUR = 3600.0
STEP = 0.01
"""Batteries are told in whole hundredths."""


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How often things go wrong; shares of occasions, or per person and hour. Times in seconds."""

    forgets_to_dock: float = 0.06
    """leaving the desk with the headset left off its dock"""
    walks_with_headset: float = 0.5
    """the same, of those who go without a word to the ACD"""
    docks_while_ready: float = 0.1
    """per hour: puts the headset away and stays in the queues"""
    docked_for: float = 90.0
    help: float = 0.2
    patrol: float = 0.15
    break_button: float = 0.3
    """share of breaks for which the button on the desk is pressed, too"""
    sensor_faults: float = 0.02
    sensor_gone: float = 300.0
    tired_batteries: float = 0.04
    """share of headsets whose battery lasts an hour"""


class DeskChanged(msgspec.Struct, frozen=True, kw_only=True):
    """`value`: of seat whether somebody sits there, of docked and of sensor (whether it works) a bool; of battery a fraction
    of 1; of button its name (help, patrol, break), told when it is pressed."""

    t: float
    agent: str
    what: What
    value: bool | float | str


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One desk as it is now. `sensor`: the seat's sensor works; while it does not, nobody is told of the seat."""

    seated: bool = False
    docked: bool = True
    battery: float = 1.0
    sensor: bool = True


class _Place:
    """One desk in the making. `plan` counts moves of the person: what was planned before the last one is off."""

    def __init__(self, agent: str, chance: Stream, tired: bool) -> None:
        self.agent, self.chance = agent, chance
        self.seated, self.docked, self.sensor = False, True, True
        self.here: PersonMoved | None = None
        self.plan = 0
        self.drain = 1.0 / HOUR if tired else 0.09 / HOUR
        self.battery, self.charged_at, self.level = 0.0, 0.0, -1.0

    def charge(self, t: float) -> float:
        """What is in the battery: it drains off the dock and fills in about two hours on it."""
        rate = 0.5 / HOUR if self.docked else -self.drain
        return min(1.0, max(0.0, self.battery + rate * (t - self.charged_at)))

    def settle(self, t: float) -> None:
        self.battery, self.charged_at = self.charge(t), t


class Desks:
    """Equal floor and seed: the same desks, however time is cut. `floor`: a view of its own.

    >>> from .model import CallCentre
    >>> from .scenario import Scenario
    >>> Desks(CallCentre(Scenario(), 1, 1_800_000_000.0), seed=1).advance(1_800_000_060.0)
    []
    """

    def __init__(self, floor: Floor, seed: int, habits: Habits | None = None) -> None:
        self._floor, self._habits, self._chance = floor, habits or Habits(), Chance(seed)
        self._places: dict[str, _Place] = {}
        self._coming: deque[AnyHappening] = deque()
        self._plans: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = 0
        self._told: list[DeskChanged] = []
        self._now = floor.now

    @property
    def now(self) -> float:
        return self._now

    def agents(self) -> Sequence[str]:
        """Whose desks are known so far: everybody's, once the floor is open."""
        return list(self._places)

    def desk(self, agent: str) -> Desk:
        place = self._places.get(agent)
        if place is None:
            return Desk()
        return Desk(
            seated=place.seated,
            docked=place.docked,
            battery=_level(place, self._now),
            sensor=place.sensor,
        )

    def advance(self, to: float) -> Sequence[DeskChanged]:
        """Everything that changed up to and including `to`, in order."""
        to = max(to, self._now)
        self._coming.extend(self._floor.advance(to))
        while self._coming and self._coming[0].t <= to:
            happening = self._coming.popleft()
            self._live(happening.t, including=False)
            self._hear(happening)
        self._live(to, including=True)
        self._now = to
        told, self._told = self._told, []
        return told

    def put_away(self, agent: str, length: float) -> bool:
        """Somebody who sits there ready puts the headset on its dock for so many seconds; False when nobody does, or when it
        lies there already."""
        place = self._places.get(agent)
        if place is None or place.docked or not self._works(place):
            return False
        self._dock(place, self._now, True)
        self._planned(place, self._now + length, lambda t: self._dock(place, t, False))
        return True

    # ── time ──

    def _live(self, to: float, *, including: bool) -> None:
        while self._plans and (self._plans[0][0] < to or (including and self._plans[0][0] <= to)):
            t, _, do = heappop(self._plans)
            do(t)

    def _at(self, t: float, do: Callable[[float], None]) -> None:
        self._count += 1
        heappush(self._plans, (t, self._count, do))

    # ── what the floor tells ──

    def _hear(self, happening: AnyHappening) -> None:
        match happening:
            case PersonMoved():
                place = self._places.get(happening.agent) or self._moved_in(happening.agent, happening.t)
                self._moved(place, happening)
            case CallAnswered():
                answering = self._places.get(happening.agent)
                if answering is not None:
                    self._dock(answering, happening.t, False)
            case _:
                pass

    def _moved_in(self, agent: str, t: float) -> _Place:
        chance = self._chance.stream("desk", agent)
        place = _Place(agent, chance, chance.happens(self._habits.tired_batteries))
        place.battery, place.charged_at = 0.7 + 0.3 * chance.random(), t
        self._places[agent] = place
        self._battery(place, t)
        for mean, do in (
            (self._habits.docks_while_ready, self._dock_while_ready),
            (self._habits.help, self._help),
            (self._habits.patrol, self._patrol),
            (self._habits.sensor_faults, self._sensor_fails),
        ):
            if mean > 0.0:
                self._again(place, self._chance.stream("desk", agent, do.__name__), HOUR / mean, do, t)
        return place

    def _again(
        self,
        place: _Place,
        chance: Stream,
        mean: float,
        do: Callable[[_Place, Stream, float], None],
        t: float,
    ) -> None:
        def done(t: float) -> None:
            do(place, chance, t)
            self._again(place, chance, mean, do, t)

        self._at(t + chance.every(mean), done)

    def _moved(self, place: _Place, moved: PersonMoved) -> None:
        was, place.here = place.here is not None and place.here.at_desk, moved
        if was != moved.at_desk:
            place.plan += 1
            if moved.at_desk:
                self._comes(place, moved.t)
            else:
                self._goes(place, moved)

    def _comes(self, place: _Place, t: float) -> None:
        sits = t + 0.2 + place.chance.random() * 2.0
        self._planned(place, sits, lambda t: self._seat(place, t, True))
        self._planned(place, sits + 0.5 + place.chance.random() * 3.0, lambda t: self._dock(place, t, False))

    def _goes(self, place: _Place, moved: PersonMoved) -> None:
        off = not moved.on_shift or moved.on_break
        leaves_it = place.chance.happens(
            self._habits.forgets_to_dock if off else self._habits.walks_with_headset
        )
        presses = moved.on_break and place.chance.happens(self._habits.break_button)
        rises = moved.t + 0.5 + place.chance.random() * 2.0
        if presses:
            self._planned(place, moved.t + 0.3, lambda t: self._tell(place, t, "button", "break"))
        if not leaves_it:
            self._planned(place, rises, lambda t: self._dock(place, t, True))
        self._planned(place, rises + 0.5 + place.chance.random() * 3.0, lambda t: self._seat(place, t, False))

    def _planned(self, place: _Place, t: float, do: Callable[[float], None]) -> None:
        plan = place.plan

        def perhaps(t: float) -> None:
            if place.plan == plan:
                do(t)

        self._at(t, perhaps)

    # ── what changes on a desk ──

    def _tell(self, place: _Place, t: float, what: What, value: bool | float | str) -> None:
        self._told.append(DeskChanged(t=t, agent=place.agent, what=what, value=value))

    def _seat(self, place: _Place, t: float, seated: bool) -> None:
        if place.seated != seated:
            place.seated = seated
            if place.sensor:
                self._tell(place, t, "seat", seated)

    def _dock(self, place: _Place, t: float, docked: bool) -> None:
        if place.docked != docked:
            place.settle(t)
            place.docked = docked
            self._tell(place, t, "docked", docked)

    def _battery(self, place: _Place, t: float) -> None:
        """Told whenever a hundredth more or less is in it; looked at every minute."""
        level = _level(place, t)
        if level != place.level:
            place.level = level
            self._tell(place, t, "battery", level)
        self._at(t + 60.0, lambda t: self._battery(place, t))

    # ── bad habits and faults ──

    def _works(self, place: _Place) -> bool:
        here = place.here
        return here is not None and here.at_desk and not here.on_break and place.seated

    def _dock_while_ready(self, place: _Place, chance: Stream, t: float) -> None:
        length = chance.lognormal(self._habits.docked_for)
        if self._works(place) and not place.docked:
            self._dock(place, t, True)
            self._planned(place, t + length, lambda t: self._dock(place, t, False))

    def _help(self, place: _Place, _chance: Stream, t: float) -> None:
        if self._works(place):
            self._tell(place, t, "button", "help")

    def _patrol(self, place: _Place, _chance: Stream, t: float) -> None:
        """A lead walks by and says so."""
        if place.here is not None and place.here.on_shift:
            self._tell(place, t, "button", "patrol")

    def _sensor_fails(self, place: _Place, chance: Stream, t: float) -> None:
        length = chance.lognormal(self._habits.sensor_gone)
        if place.sensor:
            place.sensor = False
            self._tell(place, t, "sensor", False)
            self._at(t + length, lambda t: self._sensor_back(place, t))

    def _sensor_back(self, place: _Place, t: float) -> None:
        place.sensor = True
        self._tell(place, t, "sensor", True)
        self._tell(place, t, "seat", place.seated)


def _level(place: _Place, t: float) -> float:
    return round(int(place.charge(t) / STEP) * STEP, 2)
