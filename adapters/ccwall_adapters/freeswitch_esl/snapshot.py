"""The truth as FreeSWITCH lists it: read, reconciled with what we remember, and told.

What memory has and a whole list has not gets a second for its own event to arrive (it may have been on the way), then it
is lost. A row of a list may be younger than the last event, and an event of before the list may follow it.
"""

import re

import msgspec

from ccwall.adapter import Directory
from ccwall.events import AnyEvent

from .agents import Agents
from .clock import Clock
from .declared import Declared
from .ledger import Counted
from .listed import LATE
from .phones import Phones
from .questions import Kind, Question
from .table import Row, number, rows
from .telling import Visit
from .visits import Visits

_UPTIME = re.compile(
    r"UP (\d{1,4}) years?, (\d{1,4}) days?, (\d{1,3}) hours?, (\d{1,3}) minutes?, (\d{1,3}) seconds?, (\d{1,4}) milli"
)
_VERSION = re.compile(r"FreeSWITCH \(Version (\S{1,40})")


class Floor:
    """What one source's events build up, and the facts told since the last `take`."""

    def __init__(self, directory: Directory) -> None:
        self.out: list[AnyEvent] = []
        self.clock = Clock()
        self.phones = Phones(directory, self.out)
        self.agents = Agents(directory, self.phones, self.clock, self.out)
        self.visits = Visits(directory, self.agents, self.clock, self.out)
        self.declared = Declared(directory, self.out)

    def take(self) -> list[AnyEvent]:
        out = self.out
        if not out:
            return []
        facts = out[:]
        out.clear()
        return facts

    def at_pace(self, rate: float) -> None:
        """See `Session.at_pace`."""
        self.clock.at_pace(rate)
        self.visits.at_pace(rate)

    def begin_connection(self) -> None:
        self.visits.begin_connection()
        self.phones.begin_connection()


class Snapshot:
    """`resyncing`: facts are kept back until `finish_resync` tells all of them at once."""

    def __init__(self, floor: Floor) -> None:
        self._floor, self._unsettled, self._ledger = floor, floor.visits.unsettled, floor.visits.ledger
        self.suspects: list[tuple[float, Visit, str]] = []
        self.lost_at = 0.0
        """when what a list lacks was last known to be there: at the loss of the link, if there was one"""
        self.heard = 0.0
        """when the last list came"""
        self.queues: list[str] = []
        self.hurry = False
        """somebody too new to be judged was in no list: ask again soon"""
        self._resyncing = False
        self._read: dict[Kind, bool] = {}
        self._awaited: set[str] = set()
        self._unread: set[str] = set()

    @property
    def complete(self) -> bool:
        """All lists have been read, or refused."""
        return {"queues", "agents", "tiers"} <= self._read.keys() and not self._awaited and not self.suspects

    @property
    def pending(self) -> bool:
        """Whether something is decided by time alone."""
        return bool(self._unsettled or self.suspects or self._ledger.taken)

    def forget(self) -> None:
        self.suspects.clear()
        self._awaited.clear()

    def begin_resync(self, lost_at: float) -> None:
        self._resyncing, self.lost_at = True, lost_at
        self._read.clear()
        self._awaited.clear()
        self._unread.clear()

    def answer(self, asked: Question, text: str, now: float) -> None:
        """The answer to a question that was ours or an observed client's."""
        if asked.kind == "channels":
            self._channels(text, now)
            return
        found = rows(text)
        if asked.kind not in ("queues", "agents", "tiers", "members"):
            return
        self.heard = now
        if asked.kind == "members":
            self._members(asked.argument, found, now)
            return
        self._read[asked.kind] = found is not None
        if found is None:
            return
        quiet = self._resyncing
        if asked.kind == "queues":
            self._queues(found, now)
        elif asked.kind == "agents":
            self._floor.agents.list_agents(found, now, quiet=quiet)
        else:
            self._floor.agents.list_tiers(found, now, quiet=quiet)
        if not quiet:
            self._floor.phones.say_new(now)

    def settle(self, now: float) -> None:
        """Lose the suspects whose own event did not come in time; then say what the counters know beyond that."""
        visits = self._floor.visits
        if self.suspects and now - self.suspects[0][0] >= visits.settle_after:
            for _, visit, state in self.suspects:
                if visit.state == state:
                    heard = visit.connection == visits.connection
                    visits.lose(visit, now if heard else self.lost_at or now, "not in the snapshot")
            self.suspects.clear()
        if self._ledger.taken and not self.suspects and not self._awaited:
            visits.settle_counters(now)

    def finish_resync(self, now: float) -> tuple[str, ...]:
        """Tell everything that is true; returns what this source cannot tell."""
        self._resyncing, self.lost_at = False, 0.0
        floor = self._floor
        floor.agents.say_all(now)
        floor.phones.say_all(now)
        floor.declared.tell()
        floor.visits.say_all()
        lists = [self._read.get(kind, False) for kind in ("queues", "agents", "tiers")]
        limits = {
            "queues": all(lists),
            "conversations": self._read.get("queues", False) and not self._unread and not self._awaited,
            "devices": floor.phones.listed and not floor.agents.without_phone,
        }
        return tuple(name for name, told in limits.items() if not told)

    # ── one list ──

    def _queues(self, listed: list[Row], now: float) -> None:
        floor = self._floor
        floor.agents.list_queues(listed, now, quiet=self._resyncing)
        counters = {
            row["name"]: Counted(
                int(number(row.get("calls_answered", ""))), int(number(row.get("calls_abandoned", "")))
            )
            for row in listed
            if row.get("name")
        }
        self.queues = list(counters)
        self._awaited = set(counters)
        self._unread = set(counters)
        floor.visits.ledger.take(counters, now)
        floor.declared.read(counters, now)
        if not self._resyncing:
            floor.declared.tell()
        if not self._awaited:
            self._everybody(now)

    def _members(self, queue: str, found: list[Row] | None, now: float) -> None:
        """`queue list members Q`. Without a name FreeSWITCH lists all queues; nobody is missed in that."""
        self._awaited.discard(queue)
        if found is None:
            return
        visits = self._floor.visits
        listed = {row.get("uuid", "") for row in found if visits.listed(row, now, resyncing=self._resyncing)}
        if not queue:
            return
        self._unread.discard(queue)
        absent = visits.absent(queue, listed)
        gone = [v for v in absent if v.connection != visits.connection or v.since < now - LATE]
        self._suspect(gone, now)
        self.hurry = self.hurry or len(absent) > len(gone)
        if not self._awaited:
            self._everybody(now)

    def _everybody(self, now: float) -> None:
        """All queues have been read: who is in a queue that is not there is nowhere."""
        if not self._unread:
            self._suspect(self._floor.visits.strangers(set(self.queues)), now)

    def _suspect(self, visits: list[Visit], now: float) -> None:
        self.suspects.extend((now, visit, visit.state) for visit in visits)

    def _channels(self, text: str, now: float) -> None:
        try:
            told = msgspec.json.decode(text, type=dict[str, object])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        found = told.get("rows", [] if told.get("row_count") == 0 else None)
        if isinstance(found, list):
            channels = [row for row in found if isinstance(row, dict)]
            self._floor.phones.list_channels(channels, now, quiet=self._resyncing)


def status(text: str) -> tuple[str, float | None]:
    """(product, seconds since its start) of `api status`.

    >>> status("UP 0 years, 1 day, 0 hours, 1 minute, 22 seconds, 92 milliseconds, 5 microseconds\\nFreeSWITCH (Version 1.10.12")
    ('FreeSWITCH 1.10.12', 86482.092)
    """
    version, up = _VERSION.search(text), _UPTIME.search(text)
    product = f"FreeSWITCH {version[1]}" if version else ""
    if up is None:
        return product, None
    years, days, hours, minutes, seconds, millis = (int(part) for part in up.groups())
    return product, ((years * 365 + days) * 24 + hours) * 3600 + minutes * 60 + seconds + millis / 1000
