"""The numbers of one publisher on one topic: what is missing, what came twice, and what waits for what is missing.

A message that is missing may come late (another way through the network), or be said again by the publisher: while it
may, what came after it waits, so that everything is told in the order it happened.
"""

from typing import Generic, TypeVar

Item = TypeVar("Item")

MOST_HOLES = 1024
"""Stretches of missing numbers; a stream that is more hole than stream is not remembered hole by hole."""


class Series(Generic[Item]):
    """`last` is the highest number that came, `holes` are the stretches below it that did not, in order."""

    def __init__(self, epoch: str, first: int) -> None:
        self.epoch, self.last = epoch, first - 1
        self.holes: list[tuple[int, int]] = []
        self.waiting: dict[int, list[Item]] = {}
        self.duplicates = 0

    @property
    def missing(self) -> int:
        return sum(end - begin + 1 for begin, end in self.holes)

    def came(self, number: int) -> bool:
        """Whether this number is new; it is not missing any more."""
        if number > self.last:
            if number > self.last + 1:
                self.holes.append((self.last + 1, number - 1))
                if len(self.holes) > MOST_HOLES:
                    (begin, _), (_, end) = self.holes[:2]
                    self.holes[:2] = [(begin, end)]
            self.last = number
            return True
        for place, (begin, end) in enumerate(self.holes):
            if begin <= number <= end:
                if number in self.waiting:  # two holes were taken for one
                    break
                parts = [(begin, number - 1), (number + 1, end)]
                self.holes[place : place + 1] = [part for part in parts if part[0] <= part[1]]
                return True
        self.duplicates += 1
        return False

    def put(self, number: int, items: list[Item]) -> None:
        """Let them wait."""
        self.waiting[number] = items

    def ready(self) -> list[Item]:
        """What waits for nothing any more, in order."""
        if not self.waiting:
            return []
        end = self.holes[0][0] if self.holes else self.last + 1
        numbers = sorted(number for number in self.waiting if number < end)
        return [item for number in numbers for item in self.waiting.pop(number)]

    def give_up(self) -> list[Item]:
        """What is missing never comes; what waited for it, in order."""
        self.holes.clear()
        return self.ready()
