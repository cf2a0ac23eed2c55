"""The outbox's tables: pure statements on a connection that somebody else opened; every method is one transaction."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Literal

import msgspec

from ccwall.delivery.note import Note, Severity, rank

State = Literal["waiting", "sending", "sent", "failed", "dropped"]

MOST_ROWS = 50_000
MOST_ATTEMPTS = 20
"""Of one row, the newest."""
KEPT = 14 * 86_400.0
"""Seconds for which what is done is kept."""
LONGEST_ENTRIES = 1000
UNREADABLE = {
    "zh-CN": "一条无法读取的告警",
    "zh-TW": "一則無法讀取的警示",
    "en": "An alert that cannot be read",
}
MOST_COPIED = 10_000
"""Rows an outbox in memory takes over from one on a disk that fails."""
NEWEST_AND_OPEN = "SELECT * FROM entry ORDER BY done IS NULL DESC, id DESC"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent."""

    id: int
    note: Note
    due: float
    attempts: int
    twice: bool


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try, in seconds of the delivery's clock. ``together``: notes in its message; ``listed`` False: only counted in it."""

    number: int
    at: float
    took: float
    outcome: Literal["ok", "retry", "failed"]
    said: str
    together: int
    listed: bool


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One note on its way to one channel, as a page shows it. ``maybe_twice``: we stopped while it was sent, and sent it again."""

    channel: str
    key: str
    note: Note
    put: float
    state: State
    attempts: int
    next_try: float
    said: str
    done: float | None
    maybe_twice: bool
    tries: tuple[Attempt, ...]


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """A note whose way to one channel is over. ``twice``: it may have arrived before."""

    channel: str
    note: Note
    state: State
    attempts: int
    put: float
    done: float
    said: str
    twice: bool


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message. ``next_try``: when again; None: never. ``listed``: ids of the rows that were in its text."""

    outcome: Literal["ok", "retry", "failed"]
    said: str
    began: float
    ended: float
    next_try: float | None = None
    listed: frozenset[int] = frozenset()


class Rows:
    """Call from one thread at a time."""

    def __init__(self, db: sqlite3.Connection, most: int = MOST_ROWS) -> None:
        self.db, self._most = db, most

    def put(self, note: Note, dues: Mapping[str, float], now: float) -> tuple[list[str], list[Delivered]]:
        """The channels to which it is new, and what had to go for it when there was no room."""
        body, level = msgspec.json.encode(note).decode(), rank(note.severity)
        with self._transaction():
            new = [
                channel
                for channel, due in dues.items()
                if self.db.execute(
                    "INSERT OR IGNORE INTO entry (channel, key, level, note, put, due, state, next_try) "
                    "VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?)",
                    (channel, note.key, level, body, now, due, due),
                ).rowcount
            ]
            return new, self._make_room(now) if new else []

    def record(self, note: Note, channel: str, verdict: Verdict) -> None:
        """A message that did not wait: a test."""
        with self._transaction():
            id = self.db.execute(
                "INSERT INTO entry (channel, key, level, note, put, due, state, next_try) "
                "VALUES (?, ?, ?, ?, ?, ?, 'sending', ?)",
                (
                    channel,
                    note.key,
                    rank(note.severity),
                    msgspec.json.encode(note).decode(),
                    *[verdict.began] * 3,
                ),
            ).lastrowid
            self._judge(
                [id or 0], msgspec.structs.replace(verdict, next_try=None, listed=frozenset({id or 0}))
            )
            self._make_room(verdict.ended)

    def due(self, channel: str, now: float, most: int) -> list[Row]:
        """What may go now, the worst first, then the oldest."""
        found = self.db.execute(
            "SELECT id, note, due, attempts, twice FROM entry "
            "WHERE channel = ? AND done IS NULL AND next_try <= ? ORDER BY level DESC, id LIMIT ?",
            (channel, now, most),
        )
        return [
            Row(id=id, note=_note(note), due=due, attempts=attempts, twice=bool(twice))
            for id, note, due, attempts, twice in found
        ]

    def next_due(self, channel: str) -> float | None:
        (when,) = self.db.execute(
            "SELECT min(next_try) FROM entry WHERE channel = ? AND done IS NULL", (channel,)
        ).fetchone()
        return when if isinstance(when, int | float) else None

    def waiting(self, channel: str) -> int:
        (count,) = self.db.execute(
            "SELECT count(*) FROM entry WHERE channel = ? AND done IS NULL", (channel,)
        ).fetchone()
        return int(count)

    def begin(self, ids: Sequence[int]) -> None:
        """From here on a crash leaves it open whether they arrived."""
        with self._transaction():
            self.db.executemany("UPDATE entry SET state = 'sending' WHERE id = ?", [(id,) for id in ids])

    def end(self, ids: Sequence[int], verdict: Verdict) -> list[Delivered]:
        with self._transaction():
            return self._judge(ids, verdict)

    def wake(self, channel: str, now: float) -> None:
        """The channel is back: what waits for a next try need not wait."""
        with self._transaction():
            self.db.execute(
                "UPDATE entry SET next_try = ? WHERE channel = ? AND done IS NULL AND attempts > 0 AND next_try > ?",
                (now, channel, now),
            )

    def recover(self, channels: Sequence[str], now: float) -> list[Delivered]:
        """After a start: what was being sent is sent again, once more; what is for a channel that is gone never is."""
        with self._transaction():
            self.db.execute(
                "UPDATE entry SET state = 'waiting', twice = 1, next_try = ? WHERE state = 'sending'", (now,)
            )
            gone = [
                row
                for (name,) in self.db.execute(
                    "SELECT DISTINCT channel FROM entry WHERE done IS NULL"
                ).fetchall()
                if name not in channels
                for (row,) in self.db.execute(
                    "SELECT id FROM entry WHERE channel = ? AND done IS NULL", (name,)
                )
            ]
            return self._drop(gone, "there is no channel of this name any more", now)

    def give_up(self, channel: str, limits: Mapping[Severity, float], now: float) -> list[Delivered]:
        """What has waited longer than its severity may."""
        with self._transaction():
            old = [
                id
                for severity, longest in limits.items()
                for (id,) in self.db.execute(
                    "SELECT id FROM entry WHERE channel = ? AND done IS NULL AND level = ? AND due < ?",
                    (channel, rank(severity), now - longest),
                )
            ]
            return [
                self._close(id, "failed", self._last_words(id, "it could not be delivered in time"), now)
                for id in old
            ]

    def ended(self, key: str, channels: Sequence[str], before: float) -> list[Delivered]:
        """What became of this note where its way was over before then."""
        found = (
            self.db.execute(
                "SELECT channel, note, state, attempts, put, done, said, twice FROM entry "
                "WHERE channel = ? AND key = ? AND done < ?",
                (channel, key, before),
            ).fetchone()
            for channel in channels
        )
        return [
            Delivered(
                channel=channel, note=_note(note), state=state, attempts=attempts, put=put, done=done, said=said,
                twice=bool(twice),
            )
            for channel, note, state, attempts, put, done, said, twice in filter(None, found)
        ]  # fmt: skip

    def prune(self, now: float) -> None:
        with self._transaction():
            self._forget("SELECT id FROM entry WHERE done < ?", (now - KEPT,))

    def counts(self) -> dict[str, dict[str, int]]:
        """By channel and state."""
        found: dict[str, dict[str, int]] = {}
        for channel, state, count in self.db.execute(
            "SELECT channel, state, count(*) FROM entry GROUP BY channel, state"
        ):
            found.setdefault(channel, {})[state] = count
        return found

    def recent(self, channel: str, since: float) -> list[float]:
        """When messages went to it; of those at one moment, each."""
        found = self.db.execute(
            "SELECT at, round(sum(1.0 / together)) FROM attempt JOIN entry ON entry.id = attempt.entry "
            "WHERE channel = ? AND at > ? GROUP BY at ORDER BY at",
            (channel, since),
        )
        return [at for at, messages in found for _ in range(int(messages))]

    def entries(self, limit: int, state: State | None, channel: str | None = None) -> list[Entry]:
        """The newest first, with their tries."""
        found = self.db.execute(
            "SELECT id, channel, key, note, put, state, attempts, next_try, said, done, twice FROM entry "
            "WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR channel = ?2) ORDER BY id DESC LIMIT ?3",
            (state, channel, max(0, min(limit, LONGEST_ENTRIES))),
        ).fetchall()
        return [
            Entry(
                channel=name, key=key, note=_note(note), put=put, state=told, attempts=attempts, next_try=next_try,
                said=said, done=done, maybe_twice=bool(twice), tries=self._tries(id),
            )
            for id, name, key, note, put, told, attempts, next_try, said, done, twice in found
        ]  # fmt: skip

    def stand_in(self, other: "Rows", now: float) -> None:
        """What is open there, and what is newly done, into this empty outbox, so that delivery goes on while that file cannot
        be written. Ids stay what they are, and new ones are like none there."""
        found = other.db.execute(NEWEST_AND_OPEN).fetchmany(MOST_COPIED)
        (last,) = other.db.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
        with self._transaction():
            for row in found:
                self._insert("entry", row)
            self._begin_after(max(last, int(now * 1000)))

    def alone(self, now: float) -> None:
        """As `stand_in`, where nothing of that file can be read."""
        with self._transaction():
            self._begin_after(int(now * 1000))

    def take_back(self, other: "Rows") -> None:
        """What became of them, and of what came since, from the outbox that stood in."""
        with self._transaction():
            for row in other.db.execute("SELECT * FROM entry"):
                id, channel, key = row[:3]
                self._forget(
                    "SELECT id FROM entry WHERE id = ? OR (channel = ? AND key = ?)", (id, channel, key)
                )
                self._insert("entry", row)
            for row in other.db.execute("SELECT * FROM attempt"):
                self._insert("attempt", row)

    def close(self) -> None:
        self.db.close()

    # ── within a transaction ──

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")
            raise

    def _insert(self, table: Literal["entry", "attempt"], row: Sequence[Any]) -> None:
        self.db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def _begin_after(self, id: int) -> None:
        self.db.execute("DELETE FROM sqlite_sequence WHERE name = 'entry'")
        self.db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entry', ?)", (id,))

    def _judge(self, ids: Sequence[int], verdict: Verdict) -> list[Delivered]:
        ended = []
        for id in ids:
            (number,) = self.db.execute("SELECT attempts FROM entry WHERE id = ?", (id,)).fetchone()
            self.db.execute(
                "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (id, number + 1, verdict.began, verdict.ended - verdict.began, verdict.outcome, verdict.said,
                 len(ids), int(id in verdict.listed)),
            )  # fmt: skip
            self.db.execute(
                "DELETE FROM attempt WHERE entry = ? AND number <= ?", (id, number + 1 - MOST_ATTEMPTS)
            )
            self.db.execute(
                "UPDATE entry SET attempts = ?, state = 'waiting', next_try = ?, said = ? WHERE id = ?",
                (number + 1, verdict.next_try or verdict.ended, verdict.said, id),
            )
            if verdict.next_try is None:
                state: State = "sent" if verdict.outcome == "ok" else "failed"
                ended.append(self._close(id, state, verdict.said, verdict.ended))
        return ended

    def _close(self, id: int, state: State, said: str, now: float) -> Delivered:
        channel, note, attempts, put, twice = self.db.execute(
            "UPDATE entry SET state = ?, said = ?, done = ? WHERE id = ? RETURNING channel, note, attempts, put, twice",
            (state, said, now, id),
        ).fetchone()
        return Delivered(
            channel=channel, note=_note(note), state=state, attempts=attempts, put=put, done=now, said=said,
            twice=bool(twice),
        )  # fmt: skip

    def _last_words(self, id: int, why: str) -> str:
        (said,) = self.db.execute("SELECT said FROM entry WHERE id = ?", (id,)).fetchone()
        return f"{why}; last: {said}" if said else why

    def _drop(self, ids: Sequence[int], why: str, now: float) -> list[Delivered]:
        return [self._close(id, "dropped", why, now) for id in ids]

    def _make_room(self, now: float) -> list[Delivered]:
        """What is done goes first, the oldest; then, of what waits, the least bad and oldest, which is told."""
        (count,) = self.db.execute("SELECT count(*) FROM entry").fetchone()
        over = count - self._most
        if over <= 0:
            return []
        over -= self._forget("SELECT id FROM entry WHERE done IS NOT NULL ORDER BY done LIMIT ?", (over,))
        if over <= 0:
            return []
        waiting = self.db.execute(
            "SELECT id FROM entry WHERE state = 'waiting' ORDER BY level, id LIMIT ?", (over,)
        ).fetchall()
        ended = self._drop([id for (id,) in waiting], f"more than {self._most} were waiting", now)
        self._forget("SELECT id FROM entry WHERE done IS NOT NULL ORDER BY done LIMIT ?", (over,))
        return ended

    def _forget(self, which: str, values: Sequence[object]) -> int:
        ids = self.db.execute(which, values).fetchall()
        self.db.executemany("DELETE FROM attempt WHERE entry = ?", ids)
        self.db.executemany("DELETE FROM entry WHERE id = ?", ids)
        return len(ids)

    def _tries(self, id: int) -> tuple[Attempt, ...]:
        found = self.db.execute(
            "SELECT number, at, took, outcome, said, together, listed FROM attempt WHERE entry = ? ORDER BY number",
            (id,),
        )
        return tuple(
            Attempt(
                number=number,
                at=at,
                took=took,
                outcome=outcome,
                said=said,
                together=together,
                listed=bool(listed),
            )
            for number, at, took, outcome, said, together, listed in found
        )


def _note(text: str) -> Note:
    """One that cannot be read is told as that: somebody is to learn that there was something."""
    try:
        return msgspec.json.decode(text, type=Note)
    except msgspec.DecodeError:
        return Note(key="unreadable", kind="fired", severity="info", title=UNREADABLE, at=0.0)
