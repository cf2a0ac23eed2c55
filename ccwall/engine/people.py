"""Agents on the board, and how many of them are in which state: each person counted once."""

import msgspec

from ccwall.engine.agents import by_kind, shown
from ccwall.engine.conflicts import UNSEEN, Face, conflicts_told, senses_told
from ccwall.engine.day import Frame
from ccwall.engine.missed import day_touched
from ccwall.engine.persons import OFF, Agent, AgentDay, Membership
from ccwall.engine.scope import Scope, ScopeKind
from ccwall.engine.shift import people_of
from ccwall.engine.spells import finished, logged_on, team_of
from ccwall.engine.state import State, short_name
from ccwall.engine.words import KINDS, break_kind
from ccwall.events import AgentCard, AgentId

LIMITS = {"talking": 300.0, "hold": 60.0} | dict.fromkeys(KINDS, 900.0)
"""How long a state may last where no rule says so, seconds: F9 (common questions), F7 (hold), F1 (leaving the desk)."""

JUDGED_BY = {"talking": "agent.conversation", "hold": "agent.hold_now"}
"""The metric of the rules that say how long a state may last."""

STAFF = {
    "ready": "ready",
    "ringing": "busy",
    "talking": "busy",
    "hold": "busy",
    "busy": "busy",
    "wrap": "wrap",
}
STAFF |= dict.fromkeys(KINDS, "not_ready")
"""State to the head count it is in; ``fault`` and ``unknown`` are in ``staffed`` alone."""

HEADS = ("staffed", "ready", "busy", "wrap", "not_ready")

NOBODY = AgentDay()

UNIT = 27_720
"""One person's capacity, so that a half, a third, … a twelfth of it are whole."""

UNABLE = frozenset({"fault", "unknown", OFF})
"""Who is in these can be given nothing."""

Where = tuple[ScopeKind, str]
"""Kind and id of a scope."""

FLOOR: Where = ("floor", "")


def agent_object(
    state: State, agent: Agent, day: Frame, now: float, seen: Face = UNSEEN
) -> dict[str, object]:
    """One agent as the board shows it. Absent counts are 0; ``times`` are up to ``times_at``, when the present spell
    began, or up to now for who is off."""
    card = state.policy.agents.get(agent.id)
    paused = agent.last_not_ready() if agent.not_ready_since is not None else None
    kind = by_kind(state, agent, "not_ready") if paused is not None else ""
    status, since = shown(state, agent, now)
    if status == "not_ready":
        status = kind
    own = agent.days.get(day.start, NOBODY)
    until = agent.wrap.until if status == "wrap" and agent.wrap is not None else None
    board: dict[str, object] = {
        "name": agent.name or short_name(agent.id),
        "names": dict(card.names) if card is not None else {},
        "state": status,
        "queues": sorted({m.queue for m in agent.memberships if m.queue}),
        "answered": own.answered,
        "talk": own.talk / 1000,
        "not_ready_in": sorted(agent.not_ready_in()),
    }
    conversation = min((call.answered for call in agent.calls.values()), default=None)
    source = agent.source if agent.source is not None or not seen.senses else seen.senses[0].source
    optional: tuple[tuple[str, object], ...] = (
        *(_of_card(card) if card is not None else ()),
        ("senses", senses_told(seen) or None),
        ("conflicts", conflicts_told(seen) or None),
        ("reason", (paused.reason or None) if paused is not None else None),
        ("kind", kind or None),
        ("since", since),
        ("until", until),
        ("limit", _limit(state, agent.id, status, paused)),
        ("source", source),
        ("contact_since", conversation),
        ("call", _of_call(state, agent) if agent.calls else None),
        ("logged_on", logged_on(agent, day)),
        *((name, getattr(own, name) or None) for name in COUNTS),
        *((name, getattr(own, name) / 1000 or None) for name in DURATIONS),
    )
    board.update((key, value) for key, value in optional if value is not None)
    times, times_at = finished(state, agent, day, now)
    if times:
        board["times"] = {status: length / 1000 for status, length in sorted(times.items())}
    if times_at is not None:
        board["times_at"] = times_at / 1000
    if day_touched(state, agent, day.start, day.end):
        board["incomplete"] = True
    return board


def _of_call(state: State, agent: Agent) -> dict[str, int] | None:
    """What a call that goes on has behind it, of the one that began first; None when nothing."""
    first = min(agent.calls, key=lambda contact: agent.calls[contact].answered)
    contact = state.contacts.get(first)
    if contact is None:
        return None
    transfers = state.passed_on.get(contact.call or contact.id, 0)
    told = (("holds", contact.holds), ("transfers", transfers), ("repeats", contact.repeat))
    return {name: count for name, count in told if count} or None


def _limit(state: State, agent: AgentId, status: str, paused: Membership | None) -> float | None:
    """Seconds that this state may last: of a break as was granted, else as long as one of its kind is."""
    if status in KINDS and paused is not None:
        policy, gone = state.policy, state.desk.breaks.running(agent)
        if gone is not None:
            return gone.lasts
        kind = break_kind(policy.breaks, policy.not_ready_kinds, paused.source, paused.reason)
        if (card := policy.breaks.known.get(kind)) is not None:
            return card.lasts
    metric, alerts = JUDGED_BY.get(status), state.desk.alerts
    return alerts.limits.get(metric) if metric is not None and alerts.rules else LIMITS.get(status)


def _of_card(card: AgentCard) -> tuple[tuple[str, object], ...]:
    return (
        ("team", card.team or None),
        ("seat", card.seat),
        ("extension", card.extension or None),
        ("skills", list(card.skills) or None),
    )


COUNTS = ("handled", "transferred", "missed", "declined", "outbound", "ratings", "satisfied")
DURATIONS = ("hold", "wrap", "longest_talk", "longest_hold")


class Share(msgspec.Struct, frozen=True, gc=False):
    """What one person adds: the state, and in each scope the head and the capacity in units."""

    state: str
    heads: dict[Where, tuple[str, int]]


def share(state: State, agent: Agent, status: str) -> Share:
    """A queue, a line, a site count a person who serves them once. One who is ready counts as not ready where nothing may
    be given to them; one who can be given something is shared alike by the queues that may."""
    if not agent.memberships:
        return Share(status, {})
    policy, is_open, places = state.policy, dict[Where, bool](), dict[str, list[Where]]()
    for m in agent.memberships:
        around: list[Where] = [("site", policy.places.get(m.source, policy.site))]
        if m.queue:
            around += (("queue", m.queue), ("line", state.card(m.queue).line))
        for where in around:
            is_open[where] = is_open.get(where, False) or not m.not_ready
        if not m.not_ready:
            places[m.queue] = around
    head = STAFF.get(status, "")
    elsewhere = "not_ready" if head == "ready" else head
    heads = {where: (head if free else elsewhere, 0) for where, free in is_open.items()}
    able = bool(places) and status not in UNABLE
    heads[FLOOR] = heads["team", team_of(state, agent)] = (head, UNIT if able else 0)
    shared = [queue for queue in places if queue] or list(places)
    for queue in shared if able else ():
        for where in places[queue]:
            heads[where] = (heads[where][0], heads[where][1] + UNIT // len(shared))
    return Share(status, heads)


class Heads:
    """Head counts of the floor, its queues, lines, teams and sites, kept up to date by what each person adds to them."""

    __slots__ = ("_counts", "_mine", "_units", "at_odds", "states")

    def __init__(self) -> None:
        self.states: dict[str, int] = {}
        self.at_odds: set[str] = set()
        """those of whom two senses say what cannot both be so"""
        self._counts: dict[Where, dict[str, int]] = {FLOOR: dict.fromkeys(HEADS, 0)}
        self._units: dict[Where, int] = {}
        self._mine: dict[str, Share] = {}

    def put(self, state: State, agent: Agent, status: str) -> set[Scope]:
        """Count a person as being in this state; the scopes whose counts or capacity changed."""
        mine = share(state, agent, status)
        before = self._mine.get(agent.id)
        if before == mine:
            return set()
        self._mine[agent.id] = mine
        return self._exchange(before or NOTHING, mine)

    def remove(self, agent: str) -> set[Scope]:
        self.at_odds.discard(agent)
        return self._exchange(self._mine.pop(agent, NOTHING), NOTHING)

    @property
    def floor(self) -> dict[str, int]:
        return self._counts[FLOOR]

    def of(self, queue: str) -> dict[str, int]:
        return self._counts.get(("queue", queue), {})

    def at(self, scope: Scope) -> dict[str, int]:
        """Head counts of any scope but a person; empty where nobody ever was."""
        return self._counts.get((scope.kind, scope.id), {})

    def capacity(self, scope: Scope) -> int:
        """How many persons' worth of work can be given from this scope, counted in `UNIT`."""
        return self._units.get((scope.kind, scope.id), 0)

    def _exchange(self, before: Share, after: Share) -> set[Scope]:
        if before.state != after.state:
            for status, n in ((before.state, -1), (after.state, 1)):
                if status:
                    self.states[status] = self.states.get(status, 0) + n
            if not self.states.get(before.state, 1):
                del self.states[before.state]
        changed = set[Scope]()
        for shares, other, n in ((before.heads, after.heads, -1), (after.heads, before.heads, 1)):
            for where, (head, units) in shares.items():
                if other.get(where) != (head, units):
                    self._add(where, head, units, n)
                    changed.add(Scope(where[0], where[1]))
        return changed

    def _add(self, where: Where, head: str, units: int, n: int) -> None:
        counts = self._counts.get(where)
        if counts is None:
            counts = self._counts[where] = dict.fromkeys(HEADS, 0)
        counts["staffed"] += n
        if head:
            counts[head] += n
        self._units[where] = self._units.get(where, 0) + n * units


NOTHING = Share("", {})


def heads_of(state: State, scope: Scope, now: float) -> dict[str, float]:
    """Head counts and ``capacity`` (persons) of a scope, counted from its people; empty for one person."""
    if scope.kind == "agent":
        return {}
    counts, units = dict.fromkeys(HEADS, 0), 0
    for agent in people_of(state, scope):
        mine = share(state, agent, by_kind(state, agent, shown(state, agent, now)[0]))
        found = mine.heads.get((scope.kind, scope.id))
        if found is not None:
            counts["staffed"] += 1
            units += found[1]
            if found[0]:
                counts[found[0]] += 1
    return {**counts, "capacity": units / UNIT}
