"""The ground the floor stands on: simulated time, chance, and everything that has happened and was not yet told."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVarTuple, Unpack
from zoneinfo import ZoneInfo

import simpy

from .chance import Chance
from .duration import DAY
from .happening import AnyHappening

Arguments = TypeVarTuple("Arguments")


class Clock(simpy.Environment):
    """simpy's time, which can be stopped at any instant and gone on with, and nothing shows where it was stopped."""

    def live(self, to: float) -> None:
        """Everything up to and including `to` takes place; then it is `to`, whenever the last event was."""
        while self.peek() <= to:
            self.step()
        self._now = to  # what is done to the floor now is done at this instant

    def after(self, delay: float, do: Callable[[Unpack[Arguments]], object], *with_: *Arguments) -> None:
        """Call `do` in so many seconds."""
        callbacks = self.timeout(max(delay, 0.0)).callbacks
        assert callbacks is not None  # it is yet to come

        def done(_: simpy.Event) -> None:
            do(*with_)

        callbacks.append(done)


class Ground:
    """`now` is epoch seconds; `today` seconds after midnight on the floor's clock (a zone's change of the hour is not
    followed within a run). `at`: what time of day it is when it opens, if not what the zone says."""

    def __init__(self, seed: int, opened: float, zone: str, at: float | None = None) -> None:
        self.clock = Clock(opened)
        self.chance = Chance(seed)
        self.told: list[AnyHappening] = []
        local = datetime.fromtimestamp(opened, ZoneInfo(zone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        self.midnight = midnight if at is None else opened - at

    @property
    def now(self) -> float:
        return self.clock.now

    @property
    def today(self) -> float:
        return (self.clock.now - self.midnight) % DAY

    def tell(self, happening: AnyHappening) -> None:
        self.told.append(happening)

    def take(self) -> list[AnyHappening]:
        told, self.told = self.told, []
        return told

    def until(self, time: float) -> float:
        """Seconds from now to this time of day, today or tomorrow.

        An event that lies exactly on it waits no time.
        """
        return (time - self.today) % DAY
