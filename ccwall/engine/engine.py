"""The engine: facts in, one state, numbers out.

A fold without clock, chance or disk: the same journal gives the same state, byte for byte.
"""

from collections.abc import Iterable, Mapping, Sequence

from ccwall.engine import advice
from ccwall.engine.advice import Effect, Missing, Move, Planned, Room, Slots
from ccwall.engine.board import Projection
from ccwall.engine.books import millis
from ccwall.engine.commands import Command, Verdict, verdict
from ccwall.engine.day import Frame, frame_at
from ccwall.engine.desk import noticed, rota
from ccwall.engine.desk.alert import Alerts
from ccwall.engine.desk.break_board import told
from ccwall.engine.desk.breaks import Breaks
from ccwall.engine.desk.calendar import WorkingDays
from ccwall.engine.desk.effect import effect
from ccwall.engine.desk.incidents import Incident
from ccwall.engine.desk.limits import obstacles, obstacles_due, shrunk
from ccwall.engine.desk.moves import Moved
from ccwall.engine.desk.presence import Presence, presences
from ccwall.engine.desk.shape import Desk
from ccwall.engine.dump import dumped, undumped
from ccwall.engine.explain import Explanation, Question, explain, is_known
from ccwall.engine.last_day import last_day
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
from ccwall.engine.spells import day_at
from ccwall.engine.state import Dirty, Source, State
from ccwall.engine.summary import summarise
from ccwall.engine.timeline import timeline
from ccwall.engine.visits import Contact
from ccwall.engine.yesterday import Days, Yesterday
from ccwall.events import (
    AgentId,
    AnyEvent,
    BreakPolicy,
    CommandId,
    Envelope,
    MoveId,
    Obstacle,
    Policy,
    QueueId,
    SeatId,
    Shift,
    SiteId,
    SourceId,
)


class Engine:
    """One site's floor."""

    def __init__(self, site: SiteId = SiteId("site")) -> None:
        self._state = State(Policy(site=site))
        self._prospects = Prospects()
        self._shown = Projection(self._prospects)

    def apply(self, envelope: Envelope) -> None:
        """Take a fact in. Never raises for a well-formed envelope; hearing a fact twice counts it once."""
        reduce(self._state, envelope)

    def remember(self, yesterday: Yesterday, past: Days | None = None) -> None:
        """What this house is to hold today against, and the figures of ``past`` days, though it did not watch them. For a
        demonstration alone: no fact says it, and no journal keeps it."""
        self._state.yesterday = yesterday
        if past is not None:
            self._state.past = past

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

    def noticed(self, now: float) -> Sequence[AnyEvent]:
        """What buttons ask for and what is broken, that nobody said yet (`ccwall.engine.desk.noticed`)."""
        return noticed.of_people(self._state, now)

    def detected(self, now: float) -> Sequence[AnyEvent]:
        """What concerns everybody, that nobody said yet."""
        return noticed.of_everybody(self._state, now)

    def incident_effect(self, incident: Incident, ended: float) -> dict[str, float]:
        """What it did to the numbers until then (`ccwall.engine.desk.effect`)."""
        return effect(self._state, incident.scope, incident.began, ended)

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

    @property
    def shown(self) -> dict[str, object]:
        """The board as `changes` showed it last: its own objects, to be read at once, never written or kept. What is looked
        at again is another object; below ``rolling`` and ``trend`` of one that stays, too."""
        return self._shown.board()

    @property
    def breaks(self) -> Breaks:
        """Who wants away, may leave, is away. To be read, never written."""
        return self._state.desk.breaks

    @property
    def break_policy(self) -> BreakPolicy:
        return self._state.policy.breaks

    @property
    def made_moves(self) -> Mapping[MoveId, Moved]:
        """Who was sent to another queue. To be read, never written."""
        return self._state.desk.moves.items

    def presences(self, now: float) -> dict[AgentId, Presence]:
        """Of everybody who is not ready, and of those with a break that is not over."""
        return presences(self._state, now)

    def obstacles(
        self, agent: AgentId, kind: str, lasts: float, now: float, begins: float | None = None
    ) -> tuple[Obstacle, ...]:
        """What is against this person's leaving now, or at ``begins``: cap, minimum, own budget."""
        return obstacles(self._state, agent, kind, lasts, now, begins)

    def obstacles_due(self, agent: AgentId, kind: str, now: float) -> tuple[Obstacle, ...]:
        """What is against letting somebody go whose time has come: cap and minimum, as the floor stands at this moment."""
        return obstacles_due(self._state, agent, kind, now)

    def shrunk(self, agent: AgentId, kind: str, queue: QueueId) -> Obstacle | None:
        """The cap as the load leaves it, when ``queue`` would miss its target without this person."""
        return shrunk(self._state, agent, kind, queue)

    def breaks_today(self, now: float) -> dict[str, dict[str, object]]:
        """Every break of the business day that is remembered, as the board has those of now."""
        return {item.id: told(self._state, item) for item in self.breaks.items.values()}

    def is_off(self, agent: AgentId) -> bool:
        """Signed off, or never heard of."""
        known = self._state.agents.get(agent)
        return known is None or known.state == "off"

    @property
    def desk(self) -> Desk:
        """What people and the house do about the floor. To be read, never written."""
        return self._state.desk

    @property
    def policy(self) -> Policy:
        """As it was applied last."""
        return self._state.policy

    def today(self) -> Frame:
        """The business day of the last fact."""
        return self._state.frame

    def last_day(self, scope: Scope, now: float) -> dict[str, object]:
        """The figures of the last business day that was watched, of the floor, a team or a queue (`ccwall.engine.last_day`)."""
        return last_day(self._state, scope, now)

    def meetings(self, now: float) -> list[tuple[float, rota.Meeting]]:
        """Of the business day that ``now`` is in, each with when it begins, in that order. To be read, never written."""
        found = rota.meetings_on(self._state, day_at(self._state, now))
        return sorted(found, key=lambda each: (each[0], each[1].id))

    def working_days(self) -> WorkingDays:
        return rota.working_days(self._state)

    def shift_card(self, shift: Shift) -> dict[str, object]:
        """A shift as the board shows it, with what came of it."""
        return rota.shift_object(self._state, shift)

    def names(self) -> dict[AgentId, str]:
        """What the sources call people."""
        return {id: agent.name for id, agent in self._state.agents.items()}

    def heard_since(self, agent: AgentId) -> float | None:
        """Since when anything is known of this person: what tells of them was first heard then. None: never."""
        return self._state.heard_since(agent)

    def was_heard(self, agent: AgentId, at: float) -> bool:
        """Whether what tells of this person was heard right before that moment; to the millisecond, as time is booked."""
        first, known = self.heard_since(agent), self._state.agents.get(agent)
        instant = millis(at)
        if first is None or known is None or instant <= millis(first):
            return False
        return not any(
            stretch.source == known.source
            and millis(stretch.start) <= instant
            and (stretch.end is None or instant <= millis(stretch.end))
            for stretch in self._state.stretches
        )

    def seat_says(self, seat: SeatId) -> tuple[str, float] | None:
        """Whether somebody sits there, and since when; None where nobody watches, or the watchers disagree."""
        watchers = self._state.seats.get(seat, {}).values()
        told = {each.says: each.since for each in watchers if each.says and each.gone_since is None}
        return next(iter(told.items())) if len(told) == 1 else None

    @property
    def alerts(self) -> Alerts:
        """What fires, who was told, and what is over today. To be read, never written."""
        return self._state.desk.alerts

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

    def timeline(self, agent: AgentId, now: float) -> dict[str, object] | None:
        """The business day of a person (`ccwall.engine.timeline`); None for somebody never heard of."""
        known = self._state.agents.get(agent)
        return None if known is None else timeline(self._state, known, now)

    def break_effect(
        self, agents: Iterable[AgentId], seconds: float, now: float, plans: Sequence[Planned] = ()
    ) -> Effect:
        """What would come of these people's break, if it began now (`ccwall.engine.advice`); ``plans`` are the other breaks."""
        return advice.break_effect(self._state, agents, seconds, now, self._prospects, plans)

    def break_slots(self, agent: AgentId, seconds: float, now: float, plans: Sequence[Planned] = ()) -> Slots:
        """When in the next hour this person's break would hurt least."""
        return advice.break_slots(self._state, agent, seconds, now, self._prospects, plans)

    def may_leave(self, scope: Scope, now: float, plans: Sequence[Planned] = ()) -> Room:
        """How many of a queue, a team or the floor may leave now for a quarter of an hour."""
        return advice.how_many_may_leave(self._state, scope, now, self._prospects, plans)

    def below_minimum(
        self,
        agents: Iterable[AgentId],
        seconds: float,
        now: float,
        minimum: Mapping[Scope, int],
        plans: Sequence[Planned] = (),
    ) -> Sequence[Missing]:
        """Where fewer than the minimum would be at work, if these people went now; without anybody: where they are."""
        return advice.below_minimum(self._state, agents, seconds, now, minimum, plans)

    def moves(
        self,
        now: float,
        plans: Sequence[Planned] = (),
        *,
        minimum: Mapping[Scope, int] | None = None,
        last: Iterable[Move] = (),
    ) -> Sequence[Move]:
        """Whom to move from which queue to which; ``last`` is what was proposed at the look before."""
        return advice.moves(self._state, now, self._prospects, plans, minimum=minimum, last=last)

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
