"""What is too old goes, a little at a time: a purge that takes minutes would be a recording that stands still."""

import aiosqlite

STEP = 4000
"""Rows a second: more than any floor writes, some milliseconds of the disk."""
LOOK_EVERY = 600.0


class Purge:
    """One step a second. What was configured before the first fact that stays is kept: without it the rest has no meaning."""

    def __init__(self, keep: float) -> None:
        self._keep = keep
        self._first = 0
        self._spared = 0
        self._looked = float("-inf")

    async def step(self, db: aiosqlite.Connection, now: float) -> None:
        if now - self._looked >= LOOK_EVERY or now < self._looked:
            self._looked = now
            self._first = await _first_since(db, now - self._keep)
            self._spared = await _number(
                db, "SELECT max(seq) FROM event WHERE type = 'config.applied' AND seq <= ?", self._first
            )
            await db.execute("DELETE FROM superseded WHERE received < ?", (now - self._keep,))
        if self._first == 0:
            return
        last = await _number(
            db,
            "SELECT max(seq) FROM (SELECT seq FROM event WHERE seq < ?1 ORDER BY seq LIMIT ?2)",
            self._first,
            STEP,
        )
        if last in {0, self._spared}:
            self._first = 0  # done until the next look
            return
        await db.execute("DELETE FROM event WHERE seq <= ? AND seq != ?", (last, self._spared))


async def _first_since(db: aiosqlite.Connection, at: float) -> int:
    """The first fact received since then, by halving: numbers and times grow together. 0 when nothing is older."""
    low = await _number(db, "SELECT min(seq) FROM event")
    high = await _number(db, "SELECT max(seq) FROM event") + 1
    first = low
    while low < high:
        middle = (low + high) // 2
        async with db.execute("SELECT seq, received FROM event WHERE seq >= ? LIMIT 1", (middle,)) as found:
            row = await found.fetchone()
        if row is None or row[1] >= at:
            high = middle
        else:
            low = row[0] + 1
    return low if low > first else 0


async def _number(db: aiosqlite.Connection, sql: str, *values: float) -> int:
    async with db.execute(sql, values) as found:
        row = await found.fetchone()
    return int(row[0]) if row is not None and row[0] is not None else 0
