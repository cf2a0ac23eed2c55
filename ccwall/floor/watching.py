"""Looking at the floor often enough: at once after facts, and every second without them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ccwall.clock import Clock
from ccwall.events import AnyEvent, Principal

if TYPE_CHECKING:
    from ccwall.engine import Engine

LOOK_EVERY, LOOK_AT_LEAST = 0.25, 1.0
"""Real seconds: after facts so often at most, and without them so often at least."""

Take = Callable[[Sequence[AnyEvent], Principal | None], object]
"""Takes facts in as the house's own."""


async def watch(engine: "Engine", clock: Clock, look: Callable[[float], None]) -> None:
    """Calls ``look`` with the floor's time, for ever."""
    looked, seen = -LOOK_AT_LEAST, -1
    while True:
        await clock.sleep(LOOK_EVERY * clock.rate)
        now = clock.now()
        if engine.seq != seen or now - looked >= LOOK_AT_LEAST * clock.rate:
            look(now)
            looked, seen = now, engine.seq
