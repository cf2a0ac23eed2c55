"""Workdays of the rules are those of the house: what people say of a day on the page holds at once, and after a restart."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ccwall.clock import ManualClock
from ccwall.config import HOUSE, SITE, Config, policy
from ccwall.engine import Engine
from ccwall.events import AnyEvent, Calendar, ConfigApplied, Envelope, Principal, QueueId, SourceId
from ccwall.floor.acts import Acts, Bench
from ccwall.floor.desk_rota import ACTS
from ccwall.history import Documents
from ccwall.intake import Intake
from tests.alerts.floor import ZONE, fact
from tests.alerts.tower import tower

QUEUE = QueueId("pbx1/consult")
BOSS = Principal(id="chen", role="supervisor", name="Chen")
RULES = {"work": ["workdays"], "free": ["free_days"], "saturdays": ["sat"], "mixed": ["workdays", "sat"]}


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp()


class Tower:
    """Somebody waits whenever it is looked, and rules have days. ``journal``: of a house that was closed."""

    def __init__(self, now: float, store: Documents, journal: Sequence[Envelope] = ()) -> None:
        calendar = Calendar(holidays=("2026-10-05",), workdays=("2026-10-10",))
        self.config = Config(site=msgspec.structs.replace(Config().site, zone=ZONE), calendar=calendar)
        self.clock, self.engine, self.store = ManualClock(now), Engine(SITE), store
        self.journal = list(journal)
        for envelope in journal:
            self.engine.apply(envelope)
        self.intake = Intake(SITE, self._append, after=len(self.journal))
        self.tower = tower(self.engine, self.clock, self.config, store)
        bench = Bench(self.engine, self.intake.take, self.clock, house=HOUSE, ids=lambda: "id")
        self.acts = Acts(bench, ACTS)

    async def open(self) -> "Tower":
        if not self.journal:
            now = self.clock.now()
            self.say(ConfigApplied(at=now, hash="", policy=policy(self.config)), source=HOUSE)
            for id, days in RULES.items():
                words = {"metric": "waiting", "scope": "queue", "at_least": 1, "days": days, "name": id}
                await self.tower.desk.save(BOSS, id, words)
        else:
            await self.tower.rulebook.load()
            self.tower.alarms.replace(self.tower._ruleset(self.tower.rulebook.rules))
        return self

    def _append(self, envelope: Envelope) -> None:
        self.journal.append(envelope)
        self.engine.apply(envelope)

    def say(self, *facts: AnyEvent, source: SourceId = SourceId("pbx1")) -> None:
        self.intake.take(source, facts, self.clock.now())

    async def on(self, day: str) -> set[str]:
        """Which of them watch on that day at noon."""
        ahead = at(f"{day}T12:00") - self.clock.now()
        await self.clock.advance(max(0.0, ahead))
        self.intake.seq = self.engine.seq
        now = self.clock.now()
        self.say(fact("contact.queued", now, contact=f"c{now}", queue=QUEUE))
        self.tower.alarms.look()
        return {alert.rule for alert in self.engine.alerts.open.values() if alert.rule in RULES}

    async def say_day(self, day: str, what: str) -> None:
        self.intake.seq = self.engine.seq
        await self.acts.do(BOSS, "calendar.set", {"day": day, "what": what})


async def test_a_saturday_that_is_made_up_and_a_monday_that_is_free() -> None:
    house = await Tower(at("2026-10-30T09:00"), Documents(None, lambda: 0.0)).open()
    assert await house.on("2026-10-30") == {"work", "mixed"}  # a Friday
    assert await house.on("2026-10-31") == {"free", "saturdays", "mixed"}
    await house.say_day("2026-10-31", "workday")
    assert await house.on("2026-10-31") == {"work", "saturdays", "mixed"}  # at once
    await house.say_day("2026-11-02", "holiday")
    assert await house.on("2026-11-01") == {"free"}
    assert await house.on("2026-11-02") == {"free"}
    await house.say_day("2026-11-02", "usual")
    assert await house.on("2026-11-02") == {"work", "mixed"}


@pytest.mark.parametrize(("day", "what", "watch"), [("2026-10-31", "workday", {"work", "saturdays", "mixed"}), ("2026-11-02", "holiday", {"free"})])  # fmt: skip
async def test_it_is_so_after_a_restart(day: str, what: str, watch: set[str]) -> None:
    store = Documents(None, lambda: 0.0)
    before = await Tower(at("2026-10-30T09:00"), store).open()
    assert await before.on("2026-10-30") == {"work", "mixed"}
    await before.say_day(day, what)
    after = await Tower(at(f"{day}T08:00"), store, before.journal).open()
    assert await after.on(day) == watch


async def test_what_the_configuration_says_holds_until_then() -> None:
    house = await Tower(at("2026-10-04T09:00"), Documents(None, lambda: 0.0)).open()
    assert await house.on("2026-10-05") == {"free"}
    assert await house.on("2026-10-10") == {"work", "saturdays", "mixed"}
    await house.say_day("2026-10-10", "holiday")
    assert await house.on("2026-10-10") == {"free", "saturdays", "mixed"}
