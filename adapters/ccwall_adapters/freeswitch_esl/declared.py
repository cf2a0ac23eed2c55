"""What FreeSWITCH says of its queues itself (`queue list`), to be shown beside our numbers.

Its counters begin at its start or at `queue reload`, and take every exit without an agent for an abandon (trap 10).
"""

from collections import Counter
from collections.abc import Mapping

from ccwall.adapter import Directory
from ccwall.events import AnyEvent, QueueDeclared

from .ledger import Counted


class Declared:
    """Tells what differs from what was told last: at most once per list and queue."""

    def __init__(self, directory: Directory, out: list[AnyEvent]) -> None:
        self._directory, self._out = directory, out
        self._told: Mapping[str, Counted] = {}
        self._read: tuple[float, Mapping[str, Counted]] | None = None

    def read(self, listed: Mapping[str, Counted], at: float) -> None:
        """A whole list."""
        self._read = at, listed

    def tell(self) -> None:
        if self._read is None:
            return
        (at, listed), self._read = self._read, None
        ids = {name: self._directory.queue(name) for name in listed}
        shared = Counter(ids.values())
        for name, counted in listed.items():
            # Of two of FreeSWITCH's queues that are one of ours, neither speaks for the whole.
            if self._told.get(name) != counted and shared[ids[name]] == 1:
                figures = {
                    "calls_answered": float(counted.answered),
                    "calls_abandoned": float(counted.abandoned),
                }
                self._out.append(QueueDeclared(at=at, queue=ids[name], figures=figures))
        self._told = listed
