"""What a source said and nobody has worked off yet: bounded, in order, each piece with the instant it came at."""

from collections import deque

ROOM = 8 * 1024 * 1024
PIECE = 128
"""Bytes a piece takes beside its own: a far end that writes single bytes must not cost a hundred times what it sends."""


class Spool:
    """At most `room` bytes."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.size = 0
        self._pieces: deque[tuple[bytes, float]] = deque()
        self._taken = 0
        """of the first piece"""

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def oldest(self) -> float | None:
        """When the first of what is in it came."""
        return self._pieces[0][1] if self._pieces else None

    def put(self, data: bytes, now: float) -> bool:
        """False, and nothing kept, when there is no room for it."""
        if self.size + len(data) + PIECE * (len(self._pieces) + 1) > self.room:
            return False
        self._pieces.append((data, now))
        self.size += len(data)
        return True

    def take(self, most: int) -> tuple[bytes, float]:
        """The next bytes, of one piece, and when they came. Not of an empty spool."""
        data, came = self._pieces[0]
        part = data[self._taken : self._taken + most] if self._taken or len(data) > most else data
        self._taken += len(part)
        self.size -= len(part)
        if self._taken == len(data):
            self._pieces.popleft()
            self._taken = 0
        return part, came

    def clear(self) -> int:
        """Forget everything; how many bytes that were."""
        gone, self.size, self._taken = self.size, 0, 0
        self._pieces.clear()
        return gone
