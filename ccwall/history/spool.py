"""Facts on their way to the disk: a queue with an end."""

from collections import deque
from collections.abc import Sequence

from ccwall.history.rows import Row

MOST, MOST_BYTES = 200_000, 64 * 1024 * 1024
OVERHEAD = 400
"""Bytes that a row costs beside its body."""
RANGES = 1000
"""Of numbers that were dropped; of more, the oldest two become one."""


class Spool:
    """Once it is full, nothing is let in until `reopen`: what is missing is then one stretch, not a sieve."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._rows: deque[Row] = deque()
        self._most, self._most_bytes = most, most_bytes
        self._dropped: list[list[int]] = []
        self.bytes = 0
        self.full = False
        self.missing = 0
        """dropped since `reopen`"""

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Row) -> None:
        if self.full or len(self._rows) >= self._most or self.bytes >= self._most_bytes:
            self.full = True
            self.missing += 1
            self._drop(row[0])
            return
        self._rows.append(row)
        self.bytes += _size(row)

    def head(self, count: int, most_bytes: int) -> list[Row]:
        """The oldest, up to so many and so large, at least one; and what was said in one breath with the last of them: a
        fact without the `source.took` that comes after it would be taken twice after a crash between the two."""
        found: list[Row] = []
        size = 0
        for row in self._rows:
            size += _size(row)
            if found and (len(found) >= count or size > most_bytes) and not _in_one_breath(found, row, count):
                break
            found.append(row)
        return found

    def forget(self, rows: Sequence[Row]) -> None:
        """The oldest are written."""
        for row in rows:
            self._rows.popleft()
            self.bytes -= _size(row)

    def reopen(self) -> int:
        """Let in again what comes; how many were dropped."""
        missing, self.missing, self.full = self.missing, 0, False
        return missing

    def dropped(self, seq: int) -> bool:
        return any(first <= seq <= last for first, last in self._dropped)

    def _drop(self, seq: int) -> None:
        if self._dropped and self._dropped[-1][1] == seq - 1:
            self._dropped[-1][1] = seq
            return
        self._dropped.append([seq, seq])
        if len(self._dropped) > RANGES:
            self._dropped[0:2] = [[self._dropped[0][0], self._dropped[1][1]]]


def _in_one_breath(found: Sequence[Row], row: Row, count: int) -> bool:
    """Of one source, heard at one instant; no more than as many again."""
    return row[4:6] == found[-1][4:6] and len(found) < 2 * count


def _size(row: Row) -> int:
    return len(row[8]) + OVERHEAD
