"""What Asterisk says of its queues itself (`QueueParams`), to be shown beside our numbers.

Its counters begin at its start or at `queue reset stats`, count a call when it ends, and take every exit but those by key
for an abandon (traps 6, 2, 3); `Holdtime` and `TalkTime` are (3 · old + new) / 4 in whole seconds, no means.
"""

from collections import Counter
from collections.abc import Mapping

from ccwall.adapter import Directory
from ccwall.events import AnyEvent, QueueDeclared

from .frame import Message

FIGURES = (
    b"Calls",
    b"Completed",
    b"Abandoned",
    b"Holdtime",
    b"TalkTime",
    b"ServiceLevel",
    b"ServicelevelPerf",
    b"ServicelevelPerf2",
)
"""As Asterisk names them; old releases have no `ServicelevelPerf2`."""
Figures = dict[str, float]


def figures(message: Message) -> Figures:
    """The figures that are there and are numbers."""
    found = {}
    for name in FIGURES:
        text = message.get(name)
        if text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 20:
            found[name.decode()] = float(text)
    return found


class Declared:
    """Tells what differs from what was told last: at most once per list and queue."""

    def __init__(self, directory: Directory, out: list[AnyEvent]) -> None:
        self._directory, self._out = directory, out
        self._told: Mapping[str, Figures] = {}
        self._read: tuple[float, Mapping[str, Figures]] | None = None

    def read(self, listed: Mapping[str, Figures], at: float) -> None:
        """A whole list."""
        self._read = at, listed

    def tell(self) -> None:
        if self._read is None:
            return
        (at, listed), self._read = self._read, None
        ids = {name: self._directory.queue(name) for name in listed}
        shared = Counter(ids.values())
        for name, found in listed.items():
            # Of two of Asterisk's queues that are one of ours, neither speaks for the whole.
            if found and self._told.get(name) != found and shared[ids[name]] == 1:
                self._out.append(QueueDeclared(at=at, queue=ids[name], figures=found))
        self._told = listed
