"""The power fails at any moment: what was said to be safe is there, and the journal is whole."""

import asyncio
import os
import random
import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from ccwall.clock import SystemClock
from ccwall.config import SITE
from ccwall.engine import Engine
from ccwall.events import Envelope
from ccwall.history import Opened, open_folder, rescue
from ccwall.history.journal import Journal
from ccwall.history.lock import Lock
from ccwall.history.opening import JOURNAL
from ccwall.history.past import Past
from tests.history.desk import Desk, begun, brisk, kept
from tests.history.power import Connection, Disk, Said, Step, after_a_cut

CUTS = int(os.environ.get("CCWALL_CUTS", "150"))


async def _busy(folder: Path, synchronous: str) -> tuple[list[Step], list[Envelope]]:
    """Some hundred commits, checkpoints and snapshots; every step on the disk, and what the world was told between."""
    disk = Disk()
    connect = partial(Connection, synchronous=synchronous)
    journal = Journal(folder / JOURNAL, SystemClock(), brisk(snapshot_after=200), connect=connect)  # type: ignore[arg-type]  # acts as one
    here = Desk(Opened(folder=folder, journal=journal, past=Past(engine=Engine(SITE)), lock=Lock(folder)))
    writer = asyncio.create_task(journal.run())
    here.take(*begun())
    chance = random.Random(1)
    for _ in range(220):
        await journal.wait(here.visits(chance.randrange(1, 12)))
        disk.steps.append(Said(journal.committed))
    journal.close()
    await writer
    disk.unregister()
    return disk.steps, here.taken


def _lost(tmp_path: Path, synchronous: str, cuts: int) -> int:
    """How many power failures of so many lost something that was said to be safe."""
    live, before = tmp_path / "live", tmp_path / "before"
    live.mkdir()
    rescue.prepare(live / JOURNAL, "journal", 0.0)
    shutil.copytree(live, before)
    steps, taken = asyncio.run(_busy(live, synchronous))
    by_seq = {each.seq: each for each in taken}
    chance, lost = random.Random(7), 0
    for number in range(cuts):
        folder, moment = tmp_path / str(number), chance.randrange(len(steps) + 1)
        shutil.copytree(before, folder)
        after_a_cut(before, steps[:moment], chance, folder)
        open_folder(folder, SystemClock(), SITE).lock.release()
        found = kept(folder)
        assert all(by_seq[each.seq] == each for each in found)
        with closing(sqlite3.connect(folder / JOURNAL)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        said = max((step.seq for step in steps[:moment] if isinstance(step, Said)), default=0)
        lost += not set(range(1, said + 1)) <= {each.seq for each in found}
        shutil.rmtree(folder)
    return lost


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_power_failure_loses_nothing_that_was_said_to_be_safe(tmp_path: Path) -> None:
    assert _lost(tmp_path, "FULL", CUTS) == 0


@pytest.mark.slow
def test_without_syncs_it_would(tmp_path: Path) -> None:
    """The disk of this test does lose what nobody synced."""
    assert _lost(tmp_path, "NORMAL", 20) > 10
