"""The engine: facts in, one state, numbers out.

A fold without clock, chance or disk: the same journal gives the same state, byte for byte.
"""

from collections.abc import Iterable, Sequence

from ccwall.engine.board import Projection
from ccwall.engine.commands import Command, Verdict, verdict
from ccwall.engine.day import frame_at
from ccwall.engine.dump import dumped, undumped
from ccwall.engine.explain import Explanation, Question, explain, is_known
from ccwall.engine.measure import measure
from ccwall.engine.missed import touched
from ccwall.engine.numbers import Value
from ccwall.engine.patch import Changes
from ccwall.engine.people import heads_of
from ccwall.engine.persons import Membership
from ccwall.engine.prospects import Prospects
from ccwall.engine.reduce import reduce
from ccwall.engine.scope import Basis, Scope, Window, window_of
from ccwall.engine.shift import people
from ccwall.engine.state import Dirty, Source, State
from ccwall.engine.summary import summarise
from ccwall.engine.visits import Contact
from ccwall.events import AgentId, CommandId, Envelope, Policy, QueueId, SiteId, SourceId


class Engine:
    """One site's floor."""

    def __init__(self, site: SiteId = SiteId("site")) -> None:
        self._state = State(Policy(site=site))
        self._prospects = Prospects()
        self._shown = Projection(self._prospects)

    def apply(self, envelope: Envelope) -> None:
        """Take a fact in. Never raises for a well-formed envelope; hearing a fact twice counts it once."""
        reduce(self._state, envelope)

    @property
    def seq(self) -> int:
        """The ``seq`` of the envelope applied last."""
        return self._state.seq

    def contacts(self) -> Iterable[Contact]:
        """Today's visits and those still open, in the order of queueing. To be read, never written."""
        start = self._state.frame.start
        today = (c for c in self._state.contacts.values() if c.ended is None or c.ended >= start)
        return sorted(today, key=_by_arrival)

    def incomplete(self, contact: Contact) -> bool:
        """Whether an outage of its source falls into the life of this visit."""
        return touched(self._state, contact)

    def commands(self) -> Iterable[Command]:
        """Today's commands and those without an end, oldest first. To be read, never written."""
        return list(self._state.commands.values())

    def command(self, id: CommandId) -> Command | None:
        return self._state.commands.get(id)

    def verdict(self, id: CommandId) -> Verdict | None:
        """Whether the floor looks as this command wanted it; None when nobody can tell."""
        command = self._state.commands.get(id)
        return verdict(self._state, command) if command is not None else None

    def memberships(self, agent: AgentId) -> Sequence[Membership] | None:
        """Which queues somebody serves, and how; None for somebody never heard of. To be read, never written."""
        known = self._state.agents.get(agent)
        return None if known is None else tuple(known.memberships)

    def queue_source(self, queue: QueueId) -> SourceId | None:
        """The source that speaks of this queue; None when none did."""
        known = self._state.queues.get(queue)
        return None if known is None else known.source

    def team(self, agent: AgentId) -> str:
        """As configured; empty for who has none."""
        card = self._state.policy.agents.get(agent)
        return "" if card is None else card.team

    def sources(self) -> Iterable[Source]:
        """Every source that was configured or ever spoke. To be read, never written."""
        return list(self._state.sources.values())

    def board(self, now: float) -> dict[str, object]:
        """The whole board, the caller's own to keep."""
        projection = Projection(self._prospects)
        projection.refresh(self._state, now, Dirty())
        return projection.board()

    def changes(self, now: float) -> Changes:
        """What differs from the last call; everything at the first."""
        changes = self._shown.refresh(self._state, now, self._state.dirty)
        self._state.dirty.clear()
        return changes

    def window(self, text: str, now: float) -> Window:
        """The window that is so written, in the business day of ``now``; ValueError when there is none."""
        policy = self._state.policy
        return window_of(text, frame_at(now, policy.zone, policy.day_starts, policy.interval), now)

    def measure(self, scope: Scope, window: Window, now: float, basis: Basis = "event") -> dict[str, Value]:
        """Every number of a scope and a window (`ccwall.engine.measure.measure`); ValueError for a person."""
        return measure(self._state, scope, window, now, basis)

    def summary(self, now: float) -> dict[str, object]:
        """Counters and metrics by queue and for the floor; a number that does not exist is None."""
        return summarise(self._state, now)

    def people(self, scope: Scope, window: Window, now: float) -> dict[str, object]:
        """What the people of a scope do with their time (`ccwall.engine.shift.people`), and the heads of now;
        ValueError for rolling windows."""
        return people(self._state, scope, window, now) | {"heads": heads_of(self._state, scope, now)}

    def explain(self, asked: Question, now: float) -> Explanation:
        """Why a number is what it is (`ccwall.engine.explain`); `Mistaken` when nobody can answer that."""
        return explain(self._state, asked, now, self._prospects)

    def knows(self, scope: Scope) -> bool:
        """Whether there is such a queue, line, team, site or person."""
        return is_known(self._state, scope)

    def dump(self) -> bytes:
        """The whole state in one encoding: equal journals give equal bytes."""
        return dumped(self._state)

    @classmethod
    def restore(cls, dump: bytes) -> "Engine":
        """The engine that gave this `dump`; ValueError when it is none, or of another `ccwall.engine.dump.shape`."""
        engine = cls()
        engine._state = undumped(dump)
        return engine


def _by_arrival(contact: Contact) -> float:
    return contact.queued
