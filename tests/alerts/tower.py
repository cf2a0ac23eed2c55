"""A whole tower about an engine, for tests of what pages ask."""

from collections.abc import Sequence

from ccwall.alerts.desk import AlertDesk
from ccwall.alerts.tower import Outlook, Tower
from ccwall.clock import Clock
from ccwall.config import HOUSE, SITE, Config
from ccwall.engine import Engine
from ccwall.events import AnyEvent, Envelope
from ccwall.history import Documents
from ccwall.intake import Intake


def tower(
    engine: Engine, clock: Clock, config: Config | None = None, store: Documents | None = None
) -> Tower:
    intake = Intake(SITE, engine.apply, after=engine.seq)

    def board() -> dict[str, object]:
        engine.changes(clock.now())
        return engine.shown

    def take(facts: Sequence[AnyEvent], now: float) -> Sequence[Envelope]:
        return intake.take(HOUSE, facts, now)

    async def safe() -> None:
        return None

    store = store or Documents(None, clock.now)
    return Tower(engine, clock, config or Config(), store, Outlook(board=board, take=take, safe=safe))


def watched(engine: Engine, clock: Clock) -> AlertDesk:
    return tower(engine, clock).desk
