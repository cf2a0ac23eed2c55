"""The way of datagrams, which loses, doubles, delays and reorders them when it is told to."""

import heapq
from random import Random
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Mischief(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of all datagrams, 0 to 1. One that is late comes up to `delay` seconds later, so others overtake it."""

    drop: float = 0.0
    double: float = 0.0
    late: float = 0.0
    delay: float = 1.0


class Way(Generic[T]):
    """One direction. Same seed, datagrams and times: same fate."""

    def __init__(self, seed: int, mischief: Mischief | None = None) -> None:
        self.mischief = Mischief() if mischief is None else mischief
        self._chance = Random(f"{seed} way")
        self._under_way: list[tuple[float, int, T]] = []
        self._count = 0

    def put(self, datagram: T, now: float) -> None:
        chance, mischief = self._chance, self.mischief
        if chance.random() < mischief.drop:
            return
        for _ in range(1 + (chance.random() < mischief.double)):
            late = chance.random() * mischief.delay if chance.random() < mischief.late else 0.0
            self._count += 1
            heapq.heappush(self._under_way, (now + late, self._count, datagram))

    def take(self, now: float) -> list[T]:
        """What has arrived by now."""
        arrived = []
        while self._under_way and self._under_way[0][0] <= now:
            arrived.append(heapq.heappop(self._under_way)[2])
        return arrived

    @property
    def is_empty(self) -> bool:
        return not self._under_way
