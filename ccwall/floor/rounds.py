"""The house makes its rounds: it says what buttons ask for, what is broken, and what concerns everybody (F11, F13, F12, F19).

What there is to say the engine works out of its state; here it is only asked often enough, and what it says is taken in as the
house's own fact. Nothing is remembered here but when the floor was last asked, so a restart forgets nothing.
"""

from typing import TYPE_CHECKING

from ccwall.clock import Clock
from ccwall.floor.watching import Take, watch

if TYPE_CHECKING:
    from ccwall.engine import Engine

MINUTE = 60


class Rounds:
    def __init__(self, engine: "Engine", take: Take, clock: Clock) -> None:
        self._engine, self._take, self._clock = engine, take, clock
        self._minute = -1

    async def run(self) -> None:
        await watch(self._engine, self._clock, self.look)

    def look(self, now: float) -> None:
        """What concerns everybody is counted in whole minutes: looked at once in each."""
        found = list(self._engine.noticed(now))
        minute = int(now // MINUTE)
        if minute != self._minute:
            self._minute = minute
            found += self._engine.detected(now)
        if found:
            self._take(found, None)
