"""The projection: state to the board of web/README.md, and what differs since it was last looked at.

A `Projection` holds the board as it was last shown. `refresh` looks again only at what the reducers marked and at
what time alone changes: callers passing the threshold, wrap-up running out, contradictions that last too long, a new step, a
new interval, a new day.
"""

import math
from collections.abc import Iterable
from heapq import heappop, heappush

from ccwall.engine.conflicts import face
from ccwall.engine.curve import made as curve_made
from ccwall.engine.curve import yesterday
from ccwall.engine.day import Frame, frame_at
from ccwall.engine.desk import DOMAINS
from ccwall.engine.gauges import Gauges
from ccwall.engine.lately import Lately
from ccwall.engine.numbers import judged_by, threshold_of
from ccwall.engine.patch import TREND, Changes, Path, Tree, compare, copied, differ
from ccwall.engine.people import Heads, agent_object
from ccwall.engine.prospects import AT_ONCE, QUEUES_AT_ONCE, Prospects
from ccwall.engine.scope import Scope, ScopeKind
from ccwall.engine.shown import source_object
from ccwall.engine.state import Dirty, Queue, State
from ccwall.engine.strangers import strangers
from ccwall.engine.totals import FLOOR, Totals
from ccwall.engine.views import PARTS, Views
from ccwall.events import AgentId, QueueId, SourceId

__all__ = ["Board", "Changes", "Path", "Projection"]

Board = dict[str, object]
KINDS: dict[str, ScopeKind] = {"queues": "queue", "lines": "line", "teams": "team"}
"""Of which parts there are trends, beside the floor."""


class Projection:
    """The board as last shown, with the sums behind it. ``prospects`` are shared by all boards of an engine."""

    def __init__(self, prospects: Prospects) -> None:
        self._prospects = prospects
        self._parts: Tree = {}
        self._agents: dict[str, Tree] = {}
        self._objects: dict[str, dict[str, Tree]] = {"queues": {}, "lines": {}, "teams": {}, "sites": {}}
        self._heads = Heads()
        self._lately = Lately()
        self._frame: Frame | None = None
        self._interval = 0
        self._before = (0, 0)
        self._seen_at = 0.0
        self._away: dict[SourceId, float | None] = {}
        self._coming: list[tuple[float, AgentId]] = []
        self._due: dict[AgentId, float] = {}
        self._turns: dict[Scope, int] = {}
        self._told: dict[Scope, int] = {}
        self._desk_due: dict[str, float] = {}

    def board(self) -> Board:
        return {**self._parts, **self._objects, "agents": self._agents}

    def refresh(self, state: State, now: float, dirty: Dirty) -> Changes:
        """Look again at what is dirty or due, and say what came out differently."""
        changes, first = Changes(set=[], delete=[]), self._frame is None
        anew, moved = self._move(state, now, dirty)
        away = (anew or bool(dirty.sources)) and self._look_away(state)
        every = anew or away or dirty.stretches
        touched = self._refresh_agents(state, now, dirty, every, changes)
        anew = self._refresh_sums(state, now, dirty, touched, anew=anew, moved=moved, every=every)
        self._show_scopes(state, now, touched, anew or moved or every, changes)
        self._refresh_curve(state, dirty, anew or moved, changes)
        self._refresh_yesterday(state, anew or moved or dirty.stretches, changes)
        self._refresh_rest(state, dirty, anew or moved, changes)
        self._refresh_desk(state, now, dirty, anew, changes)
        dirty.amended.before = self._totals.before
        if first:  # also the parts that are empty so far
            return Changes(set=[((part,), copied(shown)) for part, shown in self.board().items()], delete=[])
        return changes

    # ── time ──

    def _move(self, state: State, now: float, dirty: Dirty) -> tuple[bool, bool]:
        """Follow day and interval: whether all has to be made anew, and whether it is another interval."""
        policy, frame = state.policy, self._frame
        # When everything is dirty, another day may have been configured.
        if frame is None or dirty.everything or not frame.start <= now < frame.end:
            frame = frame_at(now, policy.zone, policy.day_starts, policy.interval)
        interval = frame.interval_of(now)
        back = now < self._seen_at  # somebody set the clock: what had ended by time may go on again
        anew = back or dirty.everything or frame != self._frame or dirty.amended.is_full
        moved = interval != self._interval
        self._frame, self._interval, self._seen_at = frame, interval, now
        return anew, moved

    def _look_away(self, state: State) -> bool:
        """Whether another source is away than before, or since another moment: what it tells stands still, or goes on."""
        away = {id: source.down_since for id, source in state.sources.items()}
        before, self._away = self._away, away
        return any(since != before.get(id) for id, since in away.items())

    @property
    def _day(self) -> Frame:
        assert self._frame is not None  # set by the first thing that refresh does
        return self._frame

    # ── people ──

    def _refresh_agents(
        self, state: State, now: float, dirty: Dirty, everything: bool, changes: Changes
    ) -> set[Scope]:
        touched: set[Scope] = set()
        due: Iterable[AgentId] = sorted(dirty.agents | self._ripe(now))
        if everything:
            due = sorted(state.agents)
            for gone in [id for id in self._agents if id not in state.agents]:
                del self._agents[gone]
                changes.delete.append(("agents", gone))
                self._due.pop(AgentId(gone), None)
                touched |= self._heads.remove(gone)
        for id in due:
            agent = state.agents.get(id)
            if agent is None:
                continue
            seen = face(state, agent, now)
            shown = agent_object(state, agent, self._day, now, seen)
            self._note_due(id, shown, seen.due)
            (self._heads.at_odds.add if seen.conflicts else self._heads.at_odds.discard)(id)
            differ(("agents", id), self._agents.get(id), shown, changes)
            self._agents[id] = shown
            touched |= self._heads.put(state, agent, str(shown["state"]))
        if changes.set or changes.delete:
            touched.add(FLOOR)
        return touched

    def _note_due(self, agent: AgentId, shown: Tree, ripe: float) -> None:
        """When to look at this agent again although no fact comes: wrap-up runs out, or a contradiction has lasted too long."""
        until = shown.get("until")
        due = min(ripe, until) if isinstance(until, float) else ripe
        if due == math.inf:
            self._due.pop(agent, None)
        elif self._due.get(agent) != due:
            self._due[agent] = due
            heappush(self._coming, (due, agent))

    def _ripe(self, now: float) -> set[AgentId]:
        """Whose time has come. Where a source that is away lets wrap-up go on, its return makes us look again."""
        found = set[AgentId]()
        while self._coming and self._coming[0][0] <= now:
            due, agent = heappop(self._coming)
            if self._due.get(agent) == due:
                found.add(agent)
                del self._due[agent]
        return found

    # ── queues, and what is around them ──

    def _refresh_sums(
        self,
        state: State,
        now: float,
        dirty: Dirty,
        touched: set[Scope],
        *,
        anew: bool,
        moved: bool,
        every: bool,
    ) -> bool:
        """Bring the sums up to date, and add the scopes to be shown again; whether all was made anew after all."""
        if not anew:
            self._totals.amend(dirty.amended.found)
            if moved:
                self._totals.begin(state, self._day, self._interval)
            # Queues of which only the people changed are shown anew, and no more.
            due = self._gauges.due(now) | dirty.queues
            summed = self._totals.queues
            due.update(
                QueueId(scope.id) for scope in touched if scope.kind == "queue" and scope not in summed
            )
            queues = [
                state.queues[id]
                for id in (state.queues if every or moved else sorted(due))
                if id in state.queues
            ]
            stay = [self._totals.put(state, queue) for queue in queues]
            anew = not all(stay)
        if anew:
            queues = list(state.queues.values())
            self._make(state, now)
        for queue in queues:
            near = self._totals.near(queue)
            known = state.known_at(queue.source, now)
            self._gauges.put(queue, known, now, near)
            self._curve.put(queue, known, dirty.intervals)
            touched.add(Scope("queue", queue.id))
            touched.update(near)
        for team in dirty.teams:
            if team in state.teams:
                self._totals.put_team(state, state.teams[team], now)
                touched.add(Scope("team", team))
        stepped = self._totals.advance(state, now)
        if stepped or every:
            self._views.note_outages(state)
        if stepped or anew:
            people = [FLOOR, *self._totals.teams]
            self._turns |= dict(self._prospects.turns(self._totals.queues, people, now, self._told))
        return anew

    def _make(self, state: State, now: float) -> None:
        self._totals = Totals(state, self._day, self._interval, now)
        for queue in state.queues.values():
            self._totals.put(state, queue)
        everywhere = state.policy.default.variant

        def thresholds(queue: Queue) -> tuple[float, float, float]:
            card = queue.card
            of_team = threshold_of(state.policy.default, card, everywhere)
            return judged_by(card, card.variant).threshold, judged_by(card, everywhere).threshold, of_team

        self._gauges = Gauges(thresholds)
        self._curve = curve_made(state, self._day, now)
        self._views = Views(self._totals, self._gauges, self._heads, self._prospects)

    def _show_scopes(
        self, state: State, now: float, touched: set[Scope], every: bool, changes: Changes
    ) -> None:
        queues = [scope for scope in self._turns if scope.kind == "queue"][:QUEUES_AT_ONCE]
        turns = [*(scope for scope in self._turns if scope.kind != "queue"), *queues][:AT_ONCE]
        for scope in turns:
            self._told[scope] = self._turns.pop(scope)
        views = self._views
        views.look(state, now, set(turns), every=every)
        stepped = self._lately.look(state, now, anew=every)
        due = views.all_scopes(state) if every else touched.union(turns)
        if every:
            self._drop(due, changes)
        elif stepped:
            self._show_trends(state, due, changes)
        for scope in sorted(due, key=_order):
            part = PARTS.get(scope.kind)
            if scope == FLOOR:
                continue
            if part is not None and views.is_shown(state, scope):
                shown = self._object(state, scope)
                differ((part, scope.id), self._objects[part].get(scope.id), shown, changes)
                self._objects[part][scope.id] = shown
        for scope in views.moved(due):
            part = PARTS.get(scope.kind)
            if part is not None and scope.id in self._objects[part]:
                known = self._objects[part][scope.id]
                rolling = views.rolling(state, scope)
                compare((part, scope.id, "rolling"), known["rolling"], rolling, changes)
                known["rolling"] = rolling
        if every or due or stepped or views.floor_moved:
            self._show("floor", self._object(state, FLOOR), changes)

    def _object(self, state: State, scope: Scope) -> Tree:
        shown, trend = self._views.object_of(state, scope), self._trend(state, scope)
        return shown if trend is None else {**shown, TREND: trend}

    def _trend(self, state: State, scope: Scope) -> Tree | None:
        return self._lately.of(state, scope, len(self._totals.members.get(scope, ())), self._views)

    def _show_trends(self, state: State, but: set[Scope], changes: Changes) -> None:
        """A step is finished: also of who is otherwise as before."""
        for part, kind in KINDS.items():
            for id, known in self._objects[part].items():
                scope = Scope(kind, id)
                trend = None if scope in but else self._trend(state, scope)
                if trend is not None:
                    compare((part, id, TREND), known.get(TREND), trend, changes)
                    known[TREND] = trend
                elif scope not in but and known.pop(TREND, None) is not None:
                    changes.delete.append((part, id, TREND))

    def _drop(self, due: set[Scope], changes: Changes) -> None:
        """Lines, teams and sites that are no more."""
        for part, shown in self._objects.items():
            stay = {scope.id for scope in due if PARTS.get(scope.kind) == part}
            for gone in [id for id in shown if id not in stay]:
                del shown[gone]
                changes.delete.append((part, gone))

    # ── the rest ──

    def _refresh_curve(self, state: State, dirty: Dirty, everything: bool, changes: Changes) -> None:
        curve, last = self._curve, self._interval
        if everything or dirty.intervals or curve.is_stale:
            self._show("curve", curve.points(last), changes)
        if everything or dirty.stretches or dirty.intervals:
            marked = curve.incomplete(state, last, everything or dirty.stretches, dirty.intervals)
            self._show("curve_incomplete", marked, changes)
            self._show("curve_revised", curve.revised(last), changes)

    def _refresh_yesterday(self, state: State, everything: bool, changes: Changes) -> None:
        """While no fact of the new day has come, one that comes late may still change the day before."""
        day = self._day
        key = state.frame.start, state.seq if state.frame.end == day.start else 0
        if key == self._before and not everything:
            return
        self._before, found = key, yesterday(state, day)
        if found is not None:
            self._show("yesterday", [point.point() for point in found.points], changes)
            self._show("yesterday_incomplete", list(found.incomplete), changes)
        elif self._parts.pop("yesterday", None) is not None:
            del self._parts["yesterday_incomplete"]
            changes.delete += [("yesterday",), ("yesterday_incomplete",)]

    def _refresh_rest(self, state: State, dirty: Dirty, everything: bool, changes: Changes) -> None:
        if everything or dirty.sources or dirty.stretches:
            self._show(
                "sources",
                {id: source_object(s, state.policy) for id, s in sorted(state.sources.items())},
                changes,
            )
        if everything or dirty.stretches:
            self._show("incomplete", self._incomplete(state), changes)
        if everything or dirty.strangers:
            self._show("strangers", strangers(state), changes)
        if (everything or dirty.recording) and (told := state.recording) is not None:
            reason = {"reason": told.reason} if told.reason else {}
            self._show("recording", {"state": told.state, "since": told.since} | reason, changes)
        if everything:
            policy = state.policy
            mode = {"mode": policy.mode} if policy.mode else {}
            self._show("site", {"name": dict(policy.names), "zone": policy.zone} | mode, changes)
            self._show("day", {"starts": self._day.start}, changes)
            self._show("interval", {"starts": self._interval, "length": self._day.length}, changes)

    def _refresh_desk(
        self, state: State, now: float, dirty: Dirty, everything: bool, changes: Changes
    ) -> None:
        for domain in DOMAINS:
            if everything or domain.name in dirty.desk or now >= self._desk_due.get(domain.name, math.inf):
                if domain.due is not None:
                    self._desk_due[domain.name] = domain.due(state, now)
                for part, shown in domain.shown(state, now).items():
                    self._show(part, shown, changes)

    def _incomplete(self, state: State) -> list[object]:
        today = (s for s in state.stretches if s.end is None or s.end > self._day.start)
        return [[s.source, s.start, s.end or 0] for s in sorted(today, key=lambda s: (s.start, s.source))]

    def _show(self, part: str, shown: object, changes: Changes) -> None:
        if part not in self._parts:
            changes.set.append(((part,), copied(shown)))
        else:
            compare((part,), self._parts[part], shown, changes)
        self._parts[part] = shown


def _order(scope: Scope) -> tuple[str, str]:
    return scope.kind, scope.id
