"""One publisher on one topic: its numbers, what it promised, and how far its resync is."""

from collections.abc import Sequence
from typing import Literal

from ccwall.events import AnyEvent

from .message import Cover
from .series import Series

Reason = Literal["eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed"]

MOST_STANDING = 50_000
"""Facts of one snapshot; one that says more is not taken."""
LONGEST_EVERY = 3600.0


class Publisher:
    """`wanted`: what stands must still be heard. `hole_since`: when the last word came before what is missing,
    `hole_seen`: when that was noticed, `said_gap`: it has been said to be missing."""

    def __init__(self, cover: Cover, now: float) -> None:
        self.name = cover.publisher
        self.heard = now
        self.every = self.resync_every = 0.0
        self.hole_since = self.hole_seen = now
        self.said_gap = False
        self.wanted, self._wanted_since = True, now
        self._standing: list[AnyEvent] | None = None
        self._begun = 0
        self.series: Series[AnyEvent] = Series(cover.epoch, cover.n)

    def restart(self, cover: Cover, now: float) -> Sequence[AnyEvent]:
        """It counts anew; what waited for what was missing."""
        waited = self.give_up()
        self.series = Series(cover.epoch, cover.n)
        self.doubt(now)
        return waited

    def promise(self, cover: Cover) -> None:
        self.every = min(max(cover.every, 0.0), LONGEST_EVERY)
        self.resync_every = min(max(cover.resync_every, 0.0), LONGEST_EVERY)

    def lacks(self, number: int) -> bool:
        return any(begin <= number <= end for begin, end in self.series.holes)

    def doubt(self, now: float) -> None:
        """What it says next time of what stands is wanted."""
        self.wanted, self._wanted_since = True, now
        self._standing = None

    def overdue(self, now: float, unpromised: float, rate: float) -> bool:
        """Whether it was waited for long enough."""
        if not self.wanted:
            return False
        limit = 2 * self.resync_every * rate + unpromised if self.resync_every else unpromised
        return now - self._wanted_since >= limit

    def begin_resync(self) -> None:
        self._standing = [] if self.wanted else None
        self._begun = self.series.last

    def stands(self, facts: Sequence[AnyEvent]) -> None:
        if self._standing is not None:
            self._standing += facts
            if len(self._standing) > MOST_STANDING:
                self._standing = None

    @property
    def is_whole(self) -> bool:
        """Whether what stands has been heard from its beginning, and nothing of it is missing; else the next one will do."""
        return self._standing is not None and all(end < self._begun for _, end in self.series.holes)

    def end_resync(self) -> list[AnyEvent]:
        """What was missing and was not said again is lost; then what waited, and what stands."""
        standing, self._standing, self.wanted = self._standing or [], None, False
        return [*self.give_up(), *standing]

    def give_up(self) -> list[AnyEvent]:
        self.said_gap = False
        return self.series.give_up()
