"""ccwall is killed fifty times in the midst of a busy day, and the day in its journal has no hole.

A simulated Asterisk at twenty times the pace of the clock, the real `ccwall serve`, the real disk. After every kill
somebody else reads the journal: by SQLite alone, folded from its first fact, never through a snapshot.
"""

import asyncio
import os
import random
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from hashlib import blake2b
from pathlib import Path

import pytest

from ccwall.clock import SystemClock
from ccwall.config import SITE
from ccwall.engine import Engine
from ccwall.events import SourceDown
from ccwall.history.past import envelopes
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.server import Server
from tests.integration.served import served

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork")

KILLS = int(os.environ.get("CCWALL_KILLS", "50"))
SEED = 20261122
YOUNG = 0.3
"""The share that is killed while it starts, within `START` seconds; the others within `WORK` of their first commit."""
START, WORK = 0.8, 0.6
CONFIG = """
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{pbx}"
username = "ccwall"
secret = {{ env = "CCWALL_TEST_SECRET" }}
"""
SECRETS = {"CCWALL_TEST_SECRET": "secret"}
BEGINNING = 10
"""Facts of a ccwall that starts, before those of its source."""
STATE = re.compile(r"facts=(\d+).*from_snapshot=(\d+).*state=([0-9a-f]{32})")


class Witness:
    """Reads the journal beside ccwall, and folds it from its first fact."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self.engine = Engine(SITE)
        self.seen = 0
        self.outages: list[float] = []
        self.last_heard = 0.0

    def read(self) -> None:
        """What is new, without a hole and nothing twice."""
        with closing(sqlite3.connect(self._journal.as_uri() + "?mode=ro", uri=True)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            count, last = connection.execute("SELECT count(*), max(seq) FROM event").fetchone()
            assert count == (last or 0)
            for envelope in envelopes(connection, self.seen):
                assert envelope.seq == self.seen + 1
                self.seen = envelope.seq
                self.engine.apply(envelope)
                self.last_heard = max(self.last_heard, envelope.received)
                if isinstance(envelope.event, SourceDown) and envelope.event.reason == "house":
                    self.outages.append(envelope.event.at)
            assert self.seen == (last or 0)

    @property
    def digest(self) -> str:
        return blake2b(self.engine.dump(), digest_size=16).hexdigest()

    @property
    def hears(self) -> bool:
        return any(source.was_up and source.down_since is None for source in self.engine.sources())


@asynccontextmanager
async def busy_pbx() -> AsyncIterator[int]:
    """At twenty times the pace of the clock; gives its port."""
    now = SystemClock().now()
    scenario = load_scenario("monday_peak")
    floor = CallCentre(scenario, 7, now, at=scenario.floor.start)
    server = Server(AsteriskPbx(floor, start=now, seed=7), speed=20.0)
    server.open()
    running = asyncio.create_task(server.run())
    try:
        yield server.port
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_fifty_kills_lose_nothing_that_was_said_to_be_safe(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    witness = Witness(tmp_path / "journal" / "journal.sqlite")
    killed_at: list[float] = []
    snapshots: set[int] = set()
    clock = SystemClock()
    async with busy_pbx() as pbx, served(tmp_path, CONFIG.format(pbx=pbx), SECRETS) as ccwall:
        for number in range(KILLS + 1):
            digest, before, hears, heard = witness.digest, witness.seen, witness.hears, witness.last_heard
            pid = await ccwall.start()
            watch = asyncio.create_task(ccwall.watch())
            last = number == KILLS
            if last or chance.random() > YOUNG:
                await ccwall.works(after=before + BEGINNING)
                await asyncio.sleep(5.0 if last else chance.uniform(0.0, WORK))
            else:
                await asyncio.sleep(chance.uniform(0.0, START))
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            said = await ccwall.end(pid, signal.SIGTERM if last else signal.SIGKILL)
            assert "Traceback" not in said, said
            if not (tmp_path / "journal" / "journal.sqlite").exists():
                continue  # it had not even begun
            outages = len(witness.outages)
            witness.read()
            assert witness.seen >= ccwall.committed, (
                f"kill {number}: said {ccwall.committed}, kept {witness.seen}"
            )
            if found := STATE.search(said):
                assert (int(found[1]), found[3]) == (before, digest), f"kill {number}"
                snapshots.add(int(found[2]))
            if witness.seen > before and hears:
                assert len(witness.outages) == outages + 1, f"kill {number}: the outage is not told"
                assert heard <= witness.outages[-1] <= killed_at[-1] + 0.5
            if not last:
                killed_at.append(clock.now())
        now = clock.now()
    with closing(sqlite3.connect(tmp_path / "journal" / "journal.sqlite")) as connection:
        runs = connection.execute("SELECT ended IS NULL FROM run ORDER BY id").fetchall()
    assert runs[-1] == (0,)
    assert all(run == (1,) for run in runs[:-1]), "a ccwall that was killed did not stop by itself"
    stretches = witness.engine.board(now)["incomplete"]
    assert isinstance(stretches, list)
    for at in witness.outages:
        assert any(start <= at and (not end or end >= at) for _, start, end in stretches), at
    sys.stdout.write(
        f"{len(killed_at)} kills, {witness.seen} facts, {ccwall.committed} seen committed, "
        f"{len(witness.outages)} outages, snapshots used {len(snapshots)}\n"
    )
    assert len(witness.outages) > KILLS / 5
    assert witness.seen > KILLS * 20
