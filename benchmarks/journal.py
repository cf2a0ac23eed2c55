"""Facts to the disk: the journal beside bare sqlite3 on the same disk, and how long one fact waits for its commit.

The rival does the least that can be done: rows made before, `executemany`, one transaction per thousand, the same
PRAGMAs, no queue, no loop, no thread. The journal is fed as fast as it takes facts, from the event loop, as in a house.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.big_floor import calls, envelopes
from benchmarks.timing import percentile, spread, still, table
from ccwall.clock import SystemClock
from ccwall.events import Envelope
from ccwall.history.habits import Habits
from ccwall.history.journal import Journal
from ccwall.history.rows import COLUMNS, WIDTH, Row, row_of
from ccwall.history.store import connect, settle

CALLS = 10_000
GROUP = 1000
AT_ONCE = 500
"""Facts given to the journal before others have their turn, as a busy source would."""
WANTED = 0.3
"""Of bare sqlite3: below it, the run fails."""
RATE, SECONDS = 2000, 3.0


def bare(path: Path, rows: list[Row]) -> None:
    """The least that can be done."""
    with closing(connect(path)) as connection:
        settle(connection, "journal")
        places = ",".join("?" * WIDTH)
        for start in range(0, len(rows), GROUP):
            connection.execute("BEGIN")
            connection.executemany(
                f"INSERT INTO event ({COLUMNS}) VALUES ({places})", rows[start : start + GROUP]
            )
            connection.execute("COMMIT")


async def _through(path: Path, facts: list[Envelope]) -> None:
    journal = Journal(path, SystemClock(), Habits(most=len(facts) + 1, most_bytes=1 << 40))
    writer = asyncio.create_task(journal.run())
    for number, envelope in enumerate(facts):
        journal.append(envelope)
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    await journal.wait(facts[-1].seq)
    journal.close()
    await writer


async def _waits(path: Path, facts: list[Envelope]) -> list[float]:
    """Seconds from each fact to its commit, at `RATE` facts a second."""
    journal = Journal(path, SystemClock())
    writer = asyncio.create_task(journal.run())
    waits: list[float] = []

    async def one(envelope: Envelope) -> None:
        began = time.perf_counter()
        journal.append(envelope)
        await journal.wait(envelope.seq)
        waits.append(time.perf_counter() - began)

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(RATE * SECONDS)):
            due = started + number / RATE
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            group.create_task(one(facts[number]))
    journal.close()
    await writer
    return waits


def _kept(path: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM event").fetchone()
        (state,) = connection.execute("PRAGMA integrity_check").fetchone()
        return rows, state


def run(rounds: int) -> bool:
    """Print the tables; whether nothing is missing and the speed is as it must be."""
    facts = envelopes(calls(50, 500, CALLS, 2000.0))
    rows = [row_of(each) for each in facts]
    whole = True
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".journal-bench-") as folder:
        numbers = count()

        def timed(work: Callable[[Path], object]) -> float:
            nonlocal whole
            path = Path(folder) / f"{next(numbers)}.sqlite"
            with still():
                began = time.perf_counter()
                work(path)
                taken = time.perf_counter() - began
            whole = whole and _kept(path) == (len(facts), "ok")
            path.unlink()
            return taken

        rivals: dict[str, Callable[[Path], object]] = {
            "bare sqlite3, rows made before": lambda path: bare(path, rows),
            "bare sqlite3, making the rows": lambda path: bare(path, [row_of(each) for each in facts]),
            "the journal": lambda path: asyncio.run(_through(path, facts)),
        }
        taken: dict[str, list[float]] = {name: [] for name in rivals}
        for turn in range(rounds + 1):
            for name, work in rivals.items():
                seconds = timed(work)
                if turn:
                    taken[name].append(seconds)
        waits = asyncio.run(_waits(Path(folder) / "waits.sqlite", facts))
    least = median(taken["bare sqlite3, rows made before"])
    size = sum(len(msgspec.json.encode(each.event)) for each in facts) / len(facts)
    print(
        f"journal: {len(facts):,} facts of {size:.0f} bytes on average, committed; medians of {rounds} rounds\n"
    )
    table(
        ["", "s", "± %", "facts/s", "of bare"],
        [
            [
                name,
                f"{median(times):.2f}",
                f"{spread(times) * 100:.0f}",
                f"{len(facts) / median(times):,.0f}",
                f"{least / median(times):.2f}",
            ]
            for name, times in taken.items()
        ],
    )
    table(
        [f"at {RATE:,} facts a second", "median", "p99", "longest"],
        [
            [
                "from fact to commit",
                *(
                    f"{seconds * 1e3:.1f} ms"
                    for seconds in (median(waits), percentile(waits, 0.99), max(waits))
                ),
            ]
        ],
    )
    ratio = least / median(taken["the journal"])
    print(
        f"  {'every fact is there' if whole else 'FACTS ARE MISSING'}; {ratio:.2f} of bare sqlite3 (wanted: {WANTED})\n"
    )
    return whole and ratio >= WANTED
