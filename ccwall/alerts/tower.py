"""Everything about alerts behind one wall, put together: the rules, the job that looks, and what pages ask."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from ccwall.alerts.alarms import Alarms, Take
from ccwall.alerts.desk import AlertDesk
from ccwall.alerts.ladder import Ladders
from ccwall.alerts.metrics import Tree
from ccwall.alerts.rule import Rule
from ccwall.alerts.rulebook import Rulebook
from ccwall.alerts.ruleset import Ruleset
from ccwall.boards.store import Store
from ccwall.clock import Clock

if TYPE_CHECKING:
    from ccwall.config import Config
    from ccwall.engine import Engine


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What the tower needs of the house; see `Alarms`."""

    board: Callable[[], Tree]
    take: Take
    safe: Callable[[], Awaitable[None]]


class Tower:
    def __init__(
        self, engine: "Engine", clock: Clock, config: "Config", store: Store, outlook: Outlook
    ) -> None:
        zone = config.site.zone

        def is_free(day: date) -> bool:
            """By the calendar that people may have changed since."""
            return not engine.working_days().is_working(day)

        def ruleset(rules: Sequence[Rule]) -> Ruleset:
            return Ruleset(rules, zone, is_free)

        self._ruleset = ruleset
        self.rulebook = Rulebook(store, clock.now, config.alerts.rules)
        self.alarms = Alarms(
            engine,
            clock,
            board=outlook.board,
            take=outlook.take,
            rules=ruleset(self.rulebook.rules),
            ladders=Ladders(config.alerts.ladders, config.alerts.channels),
            safe=outlook.safe,
            base=config.alerts.url,
        )
        self.desk = AlertDesk(engine, clock, self.alarms, self.rulebook, board=outlook.board, ruleset=ruleset)

    async def run(self) -> None:
        """Until cancelled."""
        await self.rulebook.load()
        self.alarms.replace(self._ruleset(self.rulebook.rules))
        await self.alarms.for_ever()
