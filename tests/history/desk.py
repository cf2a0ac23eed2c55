"""A journal to try: a folder, an engine, an intake, and a writer that can be stopped."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import msgspec

from ccwall.clock import SystemClock
from ccwall.config import HOUSE, SITE
from ccwall.engine import Engine
from ccwall.events import AnyEvent, ConfigApplied, Envelope, Policy, SourceId
from ccwall.history import Habits, Opened, open_folder, recording, store
from ccwall.history.opening import JOURNAL
from ccwall.history.past import envelopes
from ccwall.intake import Intake
from tests.engine.journal import NOON, PBX, answered, connected, queued, released

BRISK = Habits(beat=0.02, pauses=(0.02,))
"""A writer that does its chores, and tries again, fifty times a second."""


class Desk:
    """What of a house a journal needs."""

    def __init__(self, opened: Opened) -> None:
        self.opened, self.journal = opened, opened.journal
        self.engine = opened.past.engine
        self.told: list[AnyEvent] = []
        self.intake = Intake(SITE, self.engine.apply, self._noted, self.journal.append, after=opened.past.seq)
        self.taken: list[Envelope] = []
        self.journal.bind(self._say, self.engine.dump)
        self.now = NOON + self.intake.seq

    def _noted(self, envelope: Envelope) -> None:
        self.taken.append(envelope)

    def _say(self, event: AnyEvent) -> None:
        self.told.append(event)
        self.intake.take(HOUSE, [event], self.now)

    def take(self, *events: AnyEvent, source: SourceId = PBX) -> int:
        """Gives the number of the last."""
        self.intake.take(source, events, max([self.now, *(event.at for event in events)]))
        return self.intake.seq

    def visits(self, count: int, at: float | None = None) -> int:
        """So many whole visits, three facts each."""
        start = NOON + self.intake.seq if at is None else at
        for number in range(count):
            name, then = f"c{self.intake.seq}", start + number
            self.take(queued(then, name), answered(then + 4, name), released(then + 60, name))
        return self.intake.seq

    async def until(self, true: object, within: float = 10.0) -> None:
        async with asyncio.timeout(within):
            while not (true() if callable(true) else true):
                await asyncio.sleep(0.005)

    @property
    def words(self) -> list[str]:
        return [str(event.__struct_config__.tag) for event in self.told]


def begun(at: float = NOON) -> list[AnyEvent]:
    return [ConfigApplied(at=at, hash="", policy=Policy()), *connected(at)]


@asynccontextmanager
async def desk(
    folder: Path, habits: Habits = BRISK, connect: store.Connect = store.connect
) -> AsyncIterator[Desk]:
    """Until the end of the block, then stopped as `ccwall serve` stops."""
    opened = open_folder(folder, SystemClock(), SITE, habits, connect)
    async with recording(opened):
        yield Desk(opened)


def kept(folder: Path) -> list[Envelope]:
    """What is in the journal, as anybody may read it."""
    with closing(store.look(folder / JOURNAL)) as connection:
        return list(envelopes(connection))


def seqs(folder: Path) -> list[int]:
    return [each.seq for each in kept(folder)]


def folded(envelopes: Sequence[Envelope]) -> Engine:
    """From the very beginning, without any snapshot."""
    engine = Engine(SITE)
    for envelope in envelopes:
        engine.apply(envelope)
    return engine


def rows_of(folder: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / JOURNAL)) as connection:
        return connection.execute(sql, values).fetchall()


def brisk(**more: object) -> Habits:
    return msgspec.structs.replace(BRISK, **more)
