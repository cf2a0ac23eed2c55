"""Why a wish about a document is not granted; each text says what to do next."""

from collections.abc import Sequence

from ccwall.boards.paper import Mistake, Mistaken
from ccwall.boards.store import Version

TOLD = 5
"""Mistakes in one sentence; `mistakes` has all."""


class Objection(Exception):
    """Base of all."""


class NotThere(Objection):
    """Nobody knows such a document, or no longer."""


class Refused(Objection):
    """What was sent is no document that may be kept."""

    def __init__(self, error: Mistaken, where: str) -> None:
        self.mistakes: Sequence[Mistake] = [
            Mistake(f"{where}.{each.where}" if each.where else where, each.what) for each in error.mistakes
        ]
        told = [f"{each.where}: {each.what}" for each in self.mistakes]
        more = [f"and {len(told) - TOLD} more"] if len(told) > TOLD else []
        super().__init__("; ".join([*told[:TOLD], *more]))


class Conflict(Objection):
    """It is not as the wish takes it to be; ``current`` is what it is, None where nobody made it."""

    def __init__(self, told: str, version: int = 0, current: Version | None = None) -> None:
        self.version, self.current = version, current
        super().__init__(told)


class NoRoom(Objection):
    """There are as many documents as there may be."""


class NotKept(Objection):
    """The disk does not do what is asked of it."""
