"""Queues, lines, teams, sites and the floor as the board shows them, of the sums and gauges that are kept for it."""

from collections.abc import Callable
from typing import Final

from ccwall.engine.advice.look import forecast
from ccwall.engine.estimates import Inputs
from ccwall.engine.gauges import NONE, Around, Gauges
from ccwall.engine.numbers import level, tally, target
from ccwall.engine.outlook import Outlook
from ccwall.engine.patch import Tree
from ccwall.engine.people import UNIT, Heads
from ccwall.engine.prospects import (
    Forecast,
    Prospects,
    Together,
    inputs_of,
    of_floor,
    outlook_object,
    together,
)
from ccwall.engine.scope import ROLLING, Scope, Window
from ccwall.engine.shown import MAIN, NOTHING, Missed, heads, line_card, numbers, revised
from ccwall.engine.state import Queue, State, Stretch
from ccwall.engine.totals import FLOOR, Fixed, Totals, formula, tally_of
from ccwall.engine.windows import Bucket
from ccwall.events import LineCard, QueueCard, QueueId, SourceId

PARTS: Final = {"queue": "queues", "line": "lines", "team": "teams", "site": "sites"}
NOBODY = Around()


class Views:
    """What is behind the objects, and the numbers of rolling windows, which stay until their sums change."""

    def __init__(self, totals: Totals, gauges: Gauges, heads: Heads, prospects: Prospects) -> None:
        self._totals, self._gauges, self._heads, self._prospects = totals, gauges, heads, prospects
        self._rolls: dict[Scope, Tree] = {}
        self._late: dict[Scope, int] = {}
        self._fixed: dict[Scope, tuple[Tree, Tree]] = {}
        self._cards: dict[Scope, Tree] = {}
        self._known: dict[Scope, Outlook] = {}
        self._together: Together | None = None
        self._formulas: dict[Scope, tuple[int, Tree]] = {}
        self._outages: dict[tuple[Scope, int], tuple[float, float | None]] = {}
        """What the rolling windows are marked with as incomplete."""

    def look(self, state: State, now: float, turns: set[Scope], *, every: bool) -> None:
        """A new look begins, at ``every`` number or at what changed; ``turns`` may be worked out anew."""
        self._now, self._turns, self._missed = now, turns, Missed(state)
        if every:
            self._fixed.clear()

    # ── which ──

    def all_scopes(self, state: State) -> set[Scope]:
        lines = {Scope("line", line) for line in state.policy.lines}
        found = {scope for scope in (*self._totals.members, *self._totals.teams, *lines) if scope.id}
        return found.union(self._totals.queues)

    def is_shown(self, state: State, scope: Scope) -> bool:
        if scope.kind == "line" and scope.id in state.policy.lines:
            return True
        known = {"queue": self._totals.queues, "team": self._totals.teams}.get(
            scope.kind, self._totals.members
        )
        return bool(scope.id) and scope in known

    def moved(self, but: set[Scope]) -> list[Scope]:
        """Those whose rolling windows alone are others than shown."""
        return [scope for scope, windows in self._totals.changed.items() if windows and scope not in but]

    @property
    def floor_moved(self) -> bool:
        return bool(self._totals.changed.get(FLOOR))

    def note_outages(self, state: State) -> None:
        """The windows moved on, or there is another outage: it may be in some now that nothing else has changed."""
        if not (state.stretches or self._outages):
            return
        missed = Missed(state)
        for scope in (*self._totals.queues, *self._totals.members, *self._totals.teams):
            for minutes in ROLLING:
                stretch = self._missed_in(state, missed, scope, minutes)
                shown = self._outages.get((scope, minutes))
                if shown != (None if stretch is None else (stretch.start, stretch.end)):
                    self._totals.changed.setdefault(scope, set()).add(minutes)

    # ── objects ──

    def object_of(self, state: State, scope: Scope) -> Tree:
        if scope.kind == "queue":
            return self._queue(state, scope, state.queues[QueueId(scope.id)])
        if scope.kind == "team":
            return self._team(state, scope)
        sums = self._gauges.around.get(scope, NOBODY)
        board: Tree = {
            "waiting": sums.waiting,
            "talking": sums.talking,
            **self._windows(state, scope),
            **heads(self._heads.at(scope)),
            "formula": self._formula(state, scope),
        }
        since = (("longest_since", sums.since), ("talk_since", sums.talks), ("hold_since", sums.holds))
        board.update((key, at) for key, earliest in since if (at := earliest.get()) is not None)
        if scope.kind == "line":
            board |= self._card(scope, lambda: line_card(state.policy.lines.get(scope.id, NO_CARD)))
            board["queues"] = sorted(self._totals.members.get(scope, ()))
            return board
        board |= self._card(scope, lambda: {"target": target(state.policy.default)})
        return board | self._of_floor(state, sums) if scope == FLOOR else board

    def _card(self, scope: Scope, made: Callable[[], Tree]) -> Tree:
        """What configuration says of it, always the same objects."""
        known = self._cards.get(scope)
        if known is None:
            known = self._cards[scope] = made()
        return known

    def _queue(self, state: State, scope: Scope, queue: Queue) -> Tree:
        card, gauge = queue.card, self._gauges.own.get(queue.id, NONE)
        own = heads(self._heads.at(scope))
        board: Tree = {
            "name": queue.name,
            "order": card.order,
            "waiting": gauge.waiting,
            "talking": gauge.talking,
            **self._windows(state, scope),
            **own,
            **self._card(scope, lambda: _of_queue(card)),
            "outlook": self._outlook(state, scope, queue, own["ready"]),
        }
        told = (("longest_since", queue.line), ("talk_since", queue.talks), ("hold_since", queue.holds))
        board.update((key, line[0][0]) for key, line in told if line)
        if queue.source is not None:
            board["source"] = queue.source
        if card.line:
            board["line"] = card.line
        return board

    def _team(self, state: State, scope: Scope) -> Tree:
        return {
            **self._windows(state, scope),
            **heads(self._heads.at(scope)),
            **self._card(scope, lambda: _of_queue(state.policy.default, names=False)),
            "people": self._people(state, scope),
        }

    def _of_floor(self, state: State, sums: Around) -> Tree:
        capacity = self._heads.capacity(FLOOR) / UNIT
        if self._together is None:
            self._together = together(self._known.values())
        return {
            "agents": dict(sorted(self._heads.states.items())),
            "load": sums.load(self._heads.floor["ready"]),
            "conflicts": len(self._heads.at_odds),
            "people": self._people(state, FLOOR),
            "outlook": of_floor(self._together, capacity),
        }

    def _people(self, state: State, scope: Scope) -> Tree:
        day = self._totals.day
        window = Window("today", day.start, day.end)
        return self._prospects.of_people(state, scope, window, self._now, scope in self._turns)

    def _outlook(self, state: State, scope: Scope, queue: Queue, ready: int) -> Tree:
        capacity, gauge = self._heads.capacity(scope) / UNIT, self._gauges.own.get(queue.id, NONE)

        def inputs() -> Inputs:
            sums = self._totals.rolling[scope].sums
            watched = self._prospects.watched(state, self._now)
            return inputs_of(queue, sums[60].events, sums[15].events, gauge, ready, capacity, watched)

        def ahead() -> Forecast | None:
            return forecast(state, queue.id, self._now, self._prospects)

        known = self._prospects.of_queue(scope, self._now, scope in self._turns, inputs, ahead)
        if self._known.get(scope) is not known:
            self._known[scope], self._together = known, None
        return outlook_object(known, gauge.waiting, ready, capacity)

    # ── windows ──

    def _windows(self, state: State, scope: Scope) -> Tree:
        """Today at the top, and below it the interval and the rolling windows. What has not changed is the same object."""
        late, totals = self._overdue(scope), self._totals
        is_late = late != self._late.get(scope)
        self._late[scope] = late
        if is_late:
            totals.changed.setdefault(scope, set()).update(ROLLING)
        known = self._fixed.get(scope)
        if known is None or is_late or scope in totals.fresh:
            totals.fresh.discard(scope)
            known = self._fixed[scope] = (
                self._counted(state, scope, "today"),
                self._counted(state, scope, "interval"),
            )
        return {**known[0], "interval": known[1], "rolling": self.rolling(state, scope)}

    def _counted(self, state: State, scope: Scope, window: Fixed) -> Tree:
        totals, policy = self._totals, state.policy
        if scope.kind in ("queue", "team"):
            known = state.queues[QueueId(scope.id)] if scope.kind == "queue" else state.teams.get(scope.id)
            card = known.card if isinstance(known, Queue) else policy.default
            happened = totals.bucket(known.events, window) if known is not None else NOTHING_COUNTED
            arrived = totals.bucket(known.cohorts, window) if known is not None else NOTHING_COUNTED
            counted = tally(happened, card, card.variant, self._overdue(scope))
            reached = level(card.variant, counted)
        else:
            happened, arrived, sums = totals.of(scope, window)
            reached = level(policy.default.variant, tally_of(sums, "level", self._overdue(scope)))
        start, end = totals.day.start, totals.day.end
        if window == "interval":
            start, end = totals.interval, totals.interval + totals.day.length
        missed = self._stretch(state, self._missed, scope, start, end)
        if window == "today":
            return numbers(happened, arrived, reached, missed)
        return numbers(happened, arrived, reached, missed, only=MAIN) | revised(happened)

    def rolling(self, state: State, scope: Scope) -> Tree:
        """The numbers of the rolling windows, by minutes."""
        changed, known = self._totals.changed.pop(scope, None), self._rolls.get(scope)
        if known is None:
            known, changed = {}, set(ROLLING)
        if changed:
            late = self._overdue(scope)
            again = {
                str(minutes): self._roll(state, scope, minutes, late)
                for minutes in ROLLING
                if minutes in changed
            }
            self._rolls[scope] = known = {**known, **again}
        return known

    def _roll(self, state: State, scope: Scope, minutes: int, late: int) -> Tree:
        totals, variant, which = self._totals, state.policy.default.variant, "level"
        if not totals.has(scope):
            return {}
        if scope.kind == "queue" and state.queues[QueueId(scope.id)].card.variant != variant:
            variant, which = state.queues[QueueId(scope.id)].card.variant, "own"
        happened, arrived, sums = totals.of(scope, minutes)
        missed = self._missed_in(state, self._missed, scope, minutes)
        if missed is None:
            self._outages.pop((scope, minutes), None)
        else:
            self._outages[scope, minutes] = missed.start, missed.end
        reached = level(variant, tally_of(sums, which, late))
        return numbers(happened, arrived, reached, missed, always=NOTHING, only=MAIN)

    def _overdue(self, scope: Scope) -> int:
        """W_T."""
        if scope.kind == "queue":
            return self._gauges.own.get(QueueId(scope.id), NONE).overdue
        return self._gauges.around.get(scope, NOBODY).missed

    # ── outages ──

    def _missed_in(self, state: State, missed: Missed, scope: Scope, minutes: int) -> Stretch | None:
        source = state.queues[QueueId(scope.id)].source if scope.kind == "queue" else None
        end = self._totals.end(scope, source)
        return self._stretch(state, missed, scope, end - 60 * minutes, end)

    def _stretch(self, state: State, missed: Missed, scope: Scope, start: int, end: int) -> Stretch | None:
        if not state.stretches:
            return None
        if scope.kind == "queue":
            source = state.queues[QueueId(scope.id)].source
            return None if source is None else missed.within(start, end, source)
        if scope.kind in ("floor", "team"):
            return missed.within(start, end)
        return missed.of_any(start, end, self.sources(state, scope))

    def missed(self, state: State, scope: Scope, start: int, end: int) -> Stretch | None:
        """The last stretch of missed events in that time which its numbers are told by."""
        return self._stretch(state, self._missed, scope, start, end)

    def sources(self, state: State, scope: Scope) -> frozenset[SourceId]:
        """Who tells of the queues of a scope that is a sum of queues."""
        found = (state.queues[queue].source for queue in self._totals.members.get(scope, ()))
        return frozenset(source for source in found if source is not None)

    def _formula(self, state: State, scope: Scope) -> Tree:
        members = self._totals.members.get(scope, {})
        known = self._formulas.get(scope)
        if known is None or known[0] != len(members):
            cards = [state.queues[queue].card for queue in members]
            known = self._formulas[scope] = len(members), formula(cards, state.policy.default.variant)
        return known[1]


def _of_queue(card: QueueCard, *, names: bool = True) -> Tree:
    told: Tree = {"formula": formula([card], card.variant), "target": target(card)}
    return {"names": dict(card.names), **told} if names else told


NO_CARD = LineCard()
NOTHING_COUNTED = Bucket()
