"""The truth of every visit of the day."""

from collections.abc import Sequence

from .contract import Visit
from .duration import DAY

MOST = 500_000
"""Visits kept; the oldest that are over go first. A centre of 2,000 seats has fewer in a day."""


class Ledger:
    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._count = 0
        self._day = 0.0

    def begin(self, now: float, call: str, queue: str, caller: str) -> Visit:
        self._count += 1
        visit = Visit(visit=self._count, call=call, queue=queue, caller=caller, queued=now, outcome="open")
        self._visits.append(visit)
        if len(self._visits) > MOST:
            self._forget(len(self._visits) - MOST * 9 // 10)
        return visit

    def new_day(self, midnight: float) -> None:
        """Yesterday is forgotten, but for what still goes on."""
        if midnight - self._day < DAY / 2:  # it is the same one, but for rounding
            return
        self._day = midnight
        self._visits = [v for v in self._visits if v.queued >= midnight or v.ended is None]

    def _forget(self, many: int) -> None:
        self._visits = [v for v in self._visits[:many] if v.ended is None] + self._visits[many:]

    def visits(self) -> Sequence[Visit]:
        return tuple(self._visits)
