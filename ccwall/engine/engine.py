"""The engine: facts in, one state, numbers out.

A fold without clock, chance or disk: the same journal gives the same state, byte for byte.
"""

from collections.abc import Iterable

import msgspec

from ccwall.engine.board import Changes, Projection
from ccwall.engine.reduce import reduce
from ccwall.engine.state import Contact, Dirty, State
from ccwall.engine.summary import summarise
from ccwall.events import Envelope, Policy, SiteId


class Engine:
    """One site's floor."""

    def __init__(self, site: SiteId = SiteId("site")) -> None:
        self._state = State(Policy(site=site))
        self._shown = Projection()

    def apply(self, envelope: Envelope) -> None:
        """Take a fact in. Never raises for a well-formed envelope; hearing a fact twice counts it once."""
        reduce(self._state, envelope)

    @property
    def seq(self) -> int:
        """The ``seq`` of the envelope applied last."""
        return self._state.seq

    def contacts(self) -> Iterable[Contact]:
        """Today's visits and those still open, in the order of queueing. To be read, never written."""
        return sorted(self._state.contacts.values(), key=_by_arrival)

    def board(self, now: float) -> dict[str, object]:
        """The whole board, the caller's own to keep."""
        projection = Projection()
        projection.refresh(self._state, now, ALL)
        return projection.board()

    def changes(self, now: float) -> Changes:
        """What differs from the last call; everything at the first."""
        changes = self._shown.refresh(self._state, now, self._state.dirty)
        self._state.dirty.clear()
        return changes

    def summary(self, now: float) -> dict[str, object]:
        """Counters and metrics by queue and for the floor; a number that does not exist is None."""
        return summarise(self._state, now)

    def dump(self) -> bytes:
        """The whole state in one encoding: equal journals give equal bytes."""
        return msgspec.msgpack.encode(self._state.kept())


def _by_arrival(contact: Contact) -> float:
    return contact.queued


ALL = Dirty()
"""Marks everything, as a projection that has shown nothing yet must see it."""
