"""Breaks of people, from the wish to the return, and what of its budget each person has used (F1, F3, F6, F15).

    (nothing) ──requested──▶ requested ─┬─granted──▶ granted ──began──▶ running ──ended──▶ ended
                                 │  ▲   │             │  ▲ └── ended, unused   ▲
                                 │  └─postponed ──▶ held ┘                     └── began: nobody was asked
                                 └──refused | withdrawn

What was granted ahead or promised is *held* when its time comes and the floor has no room for it then; it keeps its place.
A person has at most one wish (requested, postponed, held, granted) and one absence (running) at a time; who takes them in sees to it.
What may not follow from where a break is, is not heard. Commands at the PBX that carry it out are noted at any time.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.desk.budget import Taken, forget, take
from ccwall.engine.desk.who import Who
from ccwall.events import (
    AgentId,
    AnyEvent,
    BreakBegan,
    BreakCalledBack,
    BreakCarriedOut,
    BreakEnded,
    BreakGranted,
    BreakHeld,
    BreakId,
    BreakKind,
    BreakLimit,
    BreakPostponed,
    BreakRefused,
    BreakRequested,
    BreakWithdrawn,
    CommandId,
    Envelope,
    Obstacle,
)

if TYPE_CHECKING:
    from ccwall.engine.state import State

Stage = Literal["requested", "postponed", "held", "granted", "running", "ended", "refused", "withdrawn"]

FACTS: tuple[type[AnyEvent], ...] = (
    BreakRequested,
    BreakGranted,
    BreakPostponed,
    BreakHeld,
    BreakRefused,
    BreakWithdrawn,
    BreakBegan,
    BreakEnded,
    BreakCarriedOut,
    BreakCalledBack,
)
WAITING: frozenset[Stage] = frozenset({"requested", "postponed", "held"})
WANTED: frozenset[Stage] = WAITING | {"granted"}
OPEN: frozenset[Stage] = WANTED | {"running"}

MOST_ENDED = 2_000
"""of one business day; of more, those that ended first are forgotten"""
MOST_OPEN = 4_000
SHOWN_FOR = 3600.0
"""Seconds for which one that is over stays on the board."""
MOST_COMMANDS = 6


class Errand(msgspec.Struct, frozen=True, gc=False):
    """A command at the PBX that belongs to a break."""

    command: CommandId
    purpose: Literal["pause", "resume"] = "pause"


class Break(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """``begins``: not before, or as granted. ``decided`` is when `by` said the last word on it. ``despite``: what that word overruled.
    ``held``: since when it waits for room, and ``against`` it is what."""

    id: BreakId
    agent: AgentId
    kind: str
    state: Stage
    requested: float
    lasts: float
    via: str = ""
    asked: bool = True
    begins: float | None = None
    began: float | None = None
    ended: float | None = None
    decided: float | None = None
    by: Who | None = None
    automatic: bool = False
    note: str = ""
    reason: str = ""
    how: str = ""
    called: float | None = None
    caller: Who | None = None
    errands: list[Errand] = []
    despite: tuple[str, ...] = ()
    held: float | None = None
    against: tuple[Obstacle, ...] = ()

    @property
    def until(self) -> float | None:
        """When it is over by what was granted."""
        return None if self.began is None else self.began + self.lasts

    @property
    def is_ahead(self) -> bool:
        """Granted for a time that was to come, and nobody was let go yet."""
        return self.state == "granted" and self.begins is not None and (self.decided or 0.0) < self.begins

    @property
    def expires(self) -> float | None:
        """Since when `unused` is counted: from its time, or from when they were let go, if that was later."""
        if self.state not in ("granted", "postponed") or self.begins is None:
            return None
        return max(self.begins, self.decided or 0.0)


class Breaks(msgspec.Struct, kw_only=True, gc=False):
    """``taken``: what is over, by person, for as long as a shift may look back to it. ``ends``: the ended ones, first ended first.
    ``day``: when the business day began. ``gone``: the break that each person is on."""

    items: dict[BreakId, Break] = {}
    gone: dict[AgentId, BreakId] = {}
    ends: list[BreakId] = []
    taken: dict[AgentId, list[Taken]] = {}
    day: int = 0

    def open(self) -> list[Break]:
        """Those that are not over, oldest first. To be read, never written."""
        return [item for item in self.items.values() if item.state in OPEN]

    def wanted(self, agent: AgentId) -> Break | None:
        """What this person waits for, or may leave for."""
        return next((b for b in self.items.values() if b.agent == agent and b.state in WANTED), None)

    def running(self, agent: AgentId) -> Break | None:
        id = self.gone.get(agent)
        return None if id is None else self.items[id]


def kind_of(state: "State", kind: str) -> BreakKind:
    """Its card; a kind that is configured no more has that of being away."""
    known = state.policy.breaks.known
    return known.get(kind) or BreakKind()


# ── facts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    desk, event = state.desk.breaks, envelope.event
    if desk.day != state.frame.start:
        _open_day(desk, state.frame.start)
    if isinstance(event, BreakRequested):
        _requested(desk, event, at, Who.of(envelope.actor))
    elif isinstance(event, BreakBegan):
        _began(desk, event, at)
    elif (item := _item_of(desk, event)) is not None:
        _go_on(state, item, event, at, Who.of(envelope.actor))
    if (item := _item_of(desk, event)) is not None and item.agent in state.agents:
        state.dirty.agents.add(item.agent)  # how long they may be away is shown with them
    _forget(desk)


def _item_of(desk: Breaks, event: AnyEvent) -> Break | None:
    return desk.items.get(getattr(event, "break_id"))  # noqa: B009 - every fact of a break has it


def _requested(desk: Breaks, event: BreakRequested, at: float, who: Who | None) -> None:
    if event.break_id in desk.items or len(desk.items) - len(desk.ends) >= MOST_OPEN:
        return
    desk.items[event.break_id] = Break(
        id=event.break_id,
        agent=event.agent,
        kind=event.kind,
        state="requested",
        requested=at,
        lasts=event.lasts,
        via=event.via,
        begins=event.begins,
        note=event.note,
        by=who,
    )


def _began(desk: Breaks, event: BreakBegan, at: float) -> None:
    item = desk.items.get(event.break_id)
    if item is None and len(desk.items) - len(desk.ends) < MOST_OPEN:
        item = desk.items[event.break_id] = Break(
            id=event.break_id,
            agent=event.agent,
            kind=event.kind,
            state="requested",
            requested=at,
            lasts=event.lasts,
            reason=event.reason,
        )
    if item is None or item.state not in WANTED:
        return
    item.state, item.began, item.asked = "running", at, event.asked
    item.kind, item.lasts = event.kind, event.lasts
    desk.gone.setdefault(item.agent, item.id)


def _go_on(state: "State", item: Break, event: AnyEvent, at: float, who: Who | None) -> None:
    """Whatever may follow from where it is."""
    if isinstance(event, BreakCarriedOut):
        _carry(item, Errand(event.command, event.purpose))
    elif isinstance(event, BreakCalledBack) and item.state == "running":
        item.called, item.caller, item.note = at, who, event.note or item.note
    elif isinstance(event, BreakHeld):
        _hold(item, event, at)
    elif isinstance(event, BreakEnded):
        if item.state == "running" or (item.state in ("granted", "postponed") and event.how == "unused"):
            _end(state, item, "ended", at, event.how)
    elif item.state in WAITING or (item.is_ahead and isinstance(event, BreakGranted) and event.automatic):
        _decide(state, item, event, at, who)
    elif item.state == "granted" and isinstance(event, BreakWithdrawn):
        item.reason, item.by, item.decided = event.reason, who, at
        _end(state, item, "withdrawn", at)


def _hold(item: Break, event: BreakHeld, at: float) -> None:
    """Only what was said ahead: who may leave now is sent back by nobody but a lead."""
    if item.state in ("postponed", "held") or item.is_ahead:
        item.held = at if item.state != "held" else item.held
        item.state, item.against = "held", event.against


def _decide(state: "State", item: Break, event: AnyEvent, at: float, who: Who | None) -> None:
    if isinstance(event, BreakGranted):
        item.state, item.begins, item.lasts = "granted", event.begins, event.lasts
        item.automatic, item.reason, item.note = event.automatic, "", event.note or item.note
        item.despite, item.held, item.against = event.despite, None, ()
        if event.command is not None:
            _carry(item, Errand(event.command))
        if event.automatic and who is None and item.by is not None and item.decided is not None:
            item.decided = at  # its time has come: who said it ahead has granted it
            return
        item.by, item.decided = who, at
    elif isinstance(event, BreakPostponed):
        item.state, item.begins, item.reason = "postponed", event.begins, event.reason
        item.despite, item.held, item.against = (), None, ()
        item.by, item.decided = who, at
    elif isinstance(event, BreakRefused | BreakWithdrawn):
        item.reason, item.by, item.decided = event.reason, who, at
        _end(state, item, "refused" if isinstance(event, BreakRefused) else "withdrawn", at)


def _carry(item: Break, errand: Errand) -> None:
    if errand not in item.errands and len(item.errands) < MOST_COMMANDS:
        item.errands.append(errand)


def _end(state: "State", item: Break, stage: Stage, at: float, how: str = "") -> None:
    desk = state.desk.breaks
    item.state, item.ended, item.how = stage, at, how
    desk.ends.append(item.id)
    if desk.gone.get(item.agent) == item.id:
        del desk.gone[item.agent]
        others = (b for b in desk.items.values() if b.agent == item.agent and b.state == "running")
        desk.gone |= {b.agent: b.id for b in others}
    if item.began is not None:
        take(desk.taken, item.agent, Taken(item.kind, item.began, max(item.began, at)))


def _open_day(desk: Breaks, start: int) -> None:
    """A new business day. Who is away stays away."""
    desk.day, desk.taken = start, forget(desk.taken, start)
    gone = [id for id in desk.ends if (desk.items[id].ended or 0.0) < start - SHOWN_FOR]
    for id in gone:
        del desk.items[id]
    desk.ends = [id for id in desk.ends if id in desk.items]


def _forget(desk: Breaks) -> None:
    while len(desk.ends) > MOST_ENDED:
        del desk.items[desk.ends.pop(0)]


# ── who is away ────────────────────────────────────────────────────────────────────────────────────────────────────


def away(
    state: "State", limit: BreakLimit, which: Callable[[Break], bool] = lambda item: item.state == "running"
) -> set[AgentId]:
    """Who of a scope is on a break that counts."""
    return {
        item.agent
        for item in state.desk.breaks.items.values()
        if which(item) and kind_of(state, item.kind).counts and is_in(state, item.agent, limit.kind, limit.id)
    }


def is_in(state: "State", agent: AgentId, kind: str, id: str) -> bool:
    """Of the floor, of a team, or in a queue of a line."""
    if kind == "floor":
        return True
    if kind == "team":
        return state.team_of(agent) == id
    known = state.agents.get(agent)
    return known is not None and any(m.queue and state.card(m.queue).line == id for m in known.memberships)
