"""What `queue list members` says of visits: who is there whom no event told of, and who is not there any more."""

from .ledger import DOUBT
from .lives import Lives
from .table import Row, number
from .telling import Visit

LATE = 3.0
"""Seconds after which a list is believed although the event that should have told the same never came."""


class Listed(Lives):
    """See `Lives`. A row may be younger than the last event, and an event of before the list may follow it (trap 9)."""

    def listed(self, row: Row, now: float, *, resyncing: bool) -> bool:
        """One row of `queue list members`; False when it is of nobody who is there (trap 9)."""
        state, member, session = row.get("state", ""), row.get("uuid", ""), row.get("session_uuid", "")
        if not member or not session or state == "Abandoned":
            return False
        known = self._book.open.get(member)
        if known is not None and self._is_another(known, row, now):
            self.lose(known, self._joined(row, now) or now, "came back")
            known = None
        elif known is None and self._book.is_echo(member, session, now):
            return False
        if known is None:
            known = self._enter_listed(row, now, quiet=resyncing)
        known.connection = self.connection
        known.queue = known.queue or row.get("queue", "")
        if state == "Answered":
            self._listed_talking(known, row, now, resyncing=resyncing)
        elif known.state == "talking" and (resyncing or now - known.answered > LATE):
            self._lose(known, now, "waits again")  # and how it came to that nobody heard
            self._enter_listed(row, now, quiet=resyncing)
        return True

    def _is_another(self, known: Visit, row: Row, now: float) -> bool:
        """Whether the row is of a later visit under the same key: of another channel, or of the same one that came back
        while we did not hear it (trap 5)."""
        if known.session not in ("", row.get("session_uuid", "")):
            return True
        unheard = known.connection not in (0, self.connection) and number(row.get("rejoined_epoch", "")) > 0
        return unheard and self._joined(row, now) > known.queued + DOUBT

    def _enter_listed(self, row: Row, now: float, *, quiet: bool) -> Visit:
        joined = self._joined(row, now)
        return self._enter(
            row["uuid"],
            row.get("session_uuid", ""),
            row.get("queue", ""),
            (row.get("cid_number", ""), row.get("cid_name", "")),
            joined or now,
            inferred=True,
            quiet=quiet,
            wait_known=joined > 0,
        )

    def _joined(self, row: Row, now: float) -> float:
        """When the caller came, or came back the last time; 0 when that is not known."""
        joined = number(row.get("rejoined_epoch", "")) or number(row.get("joined_epoch", ""))
        return self._clock.ours(joined, now)

    def _listed_talking(self, visit: Visit, row: Row, now: float, *, resyncing: bool) -> None:
        bridged = self._clock.ours(number(row.get("bridge_epoch", "")), now)
        if visit.state != "waiting" or not (resyncing or now - bridged > LATE):
            return  # without an outage, the event itself is on its way
        name = row.get("serving_agent", "")
        visit.agent, visit.agent_name = self._agents.id(name), name
        visit.answered = min(max(visit.queued, bridged), now)
        visit.declared = bridged - visit.queued if visit.wait_known and bridged >= visit.queued else None
        visit.inferred = True
        self._talk(visit, quiet=resyncing)

    def absent(self, queue: str, listed: set[str]) -> list[Visit]:
        """Those of the queue who are not in its list."""
        return [
            visit
            for visit in self._book.of_queue(queue)
            if visit.member not in listed and visit.state in ("waiting", "talking")
        ]

    def strangers(self, queues: set[str]) -> list[Visit]:
        """Those of queues that are not there any more, or of which nobody knows the name any more."""
        return [visit for visit in self._book.open.values() if visit.queue not in queues]
