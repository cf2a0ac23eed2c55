"""The sums of lines, sites and floor, and the rolling windows of everything, from one look at the books to the next.

What a queue adds to the scopes around it is known from its last look; what has changed since is the difference. So a look
costs as much as what changed, on a floor of any size.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final, Literal

from msgspec.structs import astuple

from ccwall.engine.day import Frame
from ccwall.engine.metrics import Tally
from ccwall.engine.numbers import judged_by, tally
from ccwall.engine.running import (
    BASES,
    Basis,
    Key,
    Longest,
    Rolling,
    Sparse,
    Sums,
    bucket_of,
    contents,
    longest,
)
from ccwall.engine.scope import ROLLING, STEP, Scope
from ccwall.engine.state import Queue, State, Team
from ccwall.engine.windows import Books, Bucket
from ccwall.events import QueueCard, QueueId, SourceId

FLOOR: Final = Scope()
NONE: Final = Bucket()
Fixed = Literal["today", "interval"]
FIXED: Final[tuple[Fixed, ...]] = ("today", "interval")
TALLIED: Final = Tally.__struct_fields__


def step_of(now: float) -> int:
    """The end of the last finished step."""
    return int(now // STEP) * STEP


def levels(card: QueueCard, everywhere: str, bucket: Bucket) -> Mapping[Key, int]:
    """Its part in the service level of lines and floor, and in the queue's own where that is another formula."""
    whole = tally(bucket, card, everywhere, 0)
    found: Sparse = {("level", name): n for name, n in zip(TALLIED, astuple(whole), strict=True) if n}
    if card.variant != everywhere:
        own = tally(bucket, card, card.variant, 0)
        found.update((("own", name), n) for name, n in zip(TALLIED, astuple(own), strict=True) if n)
    return found


def tally_of(total: Mapping[Key, int], which: str, overdue: int) -> Tally:
    """The sum of tallies that `levels` put into a sum."""
    counted = {name: total.get((which, name), 0) for name in TALLIED}
    return Tally(**{**counted, "overdue": overdue})


class Totals:
    """`changed` are the rolling windows that may differ since they were last shown, `fresh` the scopes whose today or interval
    may."""

    def __init__(self, state: State, day: Frame, interval: int, now: float) -> None:
        policy = state.policy
        self._everywhere = policy.default.variant
        self._sites = {policy.site, *policy.places.values()}
        self.day, self.interval = day, interval
        self.around: dict[QueueId, tuple[Scope, ...]] = {}
        self.members: dict[Scope, dict[QueueId, None]] = {FLOOR: {}}
        self.fixed: dict[Scope, dict[Fixed, Sums]] = {}
        self.moving: dict[Scope, dict[int, Sums]] = {}
        self.rolling: dict[Scope, Rolling] = {}
        self.changed: dict[Scope, set[int]] = {}
        self.fresh: set[Scope] = set()
        self._longest: dict[Fixed | int, Longest] = {window: Longest() for window in (*FIXED, *ROLLING)}
        self._seen: dict[QueueId, dict[Fixed, Sums]] = {}
        self._owners: dict[int, tuple[Scope, Basis, QueueId | None]] = {}
        self._places: dict[QueueId, tuple[str, str, str, SourceId | None]] = {}
        self._steps: dict[SourceId | None, int] = {}
        self._note_steps(state, now)
        self._make(FLOOR)
        self.queues: dict[Scope, None] = {}
        self.teams = {Scope("team", card.team): None for card in policy.agents.values() if card.team}
        for team in state.teams.values():
            self.put_team(state, team, now)

    # ── who belongs where ──

    def put(self, state: State, queue: Queue) -> bool:
        """Look at a queue again, or for the first time; False when it belongs elsewhere now, and all must be made anew."""
        policy = state.policy
        site = policy.site if queue.source is None else policy.places.get(queue.source, policy.site)
        place = (queue.card.line, site, queue.card.team, queue.source)
        known = self._places.get(queue.id)
        if known is None:
            self._places[queue.id] = place
            self._begin(state, queue, site)
        elif known != place:
            return False
        told = [self._look(state, queue, window) for window in FIXED]
        if any(told):
            self.fresh.add(Scope("queue", queue.id))
            self.fresh.update(self.around[queue.id])
        return True

    def put_team(self, state: State, team: Team, now: float) -> None:
        scope = Scope("team", team.id)
        self.fresh.add(scope)
        if scope not in self.rolling:
            level = partial(levels, state.policy.default, self._everywhere)
            self.rolling[scope] = Rolling(team.events, team.cohorts, step_of(now), level)
            self.changed[scope] = set(ROLLING)
            self._own(scope, None, team.events, team.cohorts)
        if team.id:
            self.teams[scope] = None

    def _begin(self, state: State, queue: Queue, site: str) -> None:
        around = [Scope("line", queue.card.line)] if queue.card.line else []
        around += [Scope("site", site)] if len(self._sites) > 1 else []
        around.append(FLOOR)
        for scope in around:
            self._make(scope)
            self.members[scope][queue.id] = None
        self.around[queue.id] = tuple(around)
        self._seen[queue.id] = {window: Sums() for window in FIXED}
        self._roll(state, queue)

    def _make(self, scope: Scope) -> None:
        if scope not in self.fixed:
            self.members.setdefault(scope, {})
            self.fixed[scope] = {window: Sums() for window in FIXED}
            self.moving[scope] = {minutes: Sums() for minutes in ROLLING}
            self.changed[scope] = set(ROLLING)

    def _own(self, scope: Scope, queue: QueueId | None, events: Books, cohorts: Books) -> None:
        self._owners[id(events)] = scope, "events", queue
        self._owners[id(cohorts)] = scope, "cohorts", queue

    def near(self, queue: Queue) -> tuple[Scope, ...]:
        """The scopes whose numbers its callers are in: those around it, and its own team."""
        team = queue.card.team
        return (*self.around[queue.id], Scope("team", team)) if team else self.around[queue.id]

    def has(self, scope: Scope) -> bool:
        return scope in self.rolling or scope in self.moving

    # ── today, and the interval of now ──

    def _look(self, state: State, queue: Queue, window: Fixed) -> bool:
        """Whether anything is counted otherwise than at the last look."""
        seen, around, told = self._seen[queue.id][window], self.around[queue.id], False
        level = partial(levels, queue.card, self._everywhere)
        for basis, books in zip(BASES, (queue.events, queue.cohorts), strict=True):
            after = contents(self.bucket(books, window), level if basis == "events" else None)
            if changed := seen.exchange(basis, after):
                told = True
                for scope in around:
                    self.fixed[scope][window].add(basis, changed)
        waits = longest(self.bucket(queue.events, window))
        return self._longest[window].put(queue.id, waits, around) or told

    def bucket(self, books: Books, window: Fixed) -> Bucket:
        if window == "today":
            return books.days.get(self.day.start, NONE)
        return books.intervals.get(self.interval, NONE)

    def begin(self, state: State, day: Frame, interval: int) -> None:
        """Another day or interval: the sums of those anew."""
        self.day, self.interval = day, interval
        for window in FIXED:
            self._longest[window] = Longest()
            for sums in self.fixed.values():
                sums[window] = Sums()
        for id in self._seen:
            self._seen[id] = {window: Sums() for window in FIXED}
            for window in FIXED:
                self._look(state, state.queues[id], window)
        self.fresh.update(self.queues, self.members, self.teams)

    # ── rolling windows ──

    def _note_steps(self, state: State, now: float) -> bool:
        """Whether any source is known to another step than before."""
        steps = {source: step_of(state.known_at(source, now)) for source in (None, *state.sources)}
        before, self._steps = self._steps, steps
        return steps != before

    def _roll(self, state: State, queue: Queue) -> None:
        around = self.around[queue.id]
        level = partial(levels, queue.card, self._everywhere)
        end = self._steps.get(queue.source, self._steps[None])
        scope = Scope("queue", queue.id)
        self.queues[scope] = None
        self.rolling[scope] = made = Rolling(
            queue.events, queue.cohorts, end, level, [self.moving[other] for other in around]
        )
        self._own(scope, queue.id, queue.events, queue.cohorts)
        self._note(scope, queue.id, made, set(ROLLING))

    def advance(self, state: State, now: float) -> bool:
        """Let the windows follow the time; whether any did."""
        if not self._note_steps(state, now):
            return False
        for id in self.around:
            queue, scope = state.queues[id], Scope("queue", id)
            end, own = self._steps.get(queue.source, self._steps[None]), self.rolling[scope]
            if own.reaches(end):
                if end > own.end:
                    self._note(scope, id, own, own.advance(end))
            else:
                own.leave()
                self._roll(state, queue)
        for team in state.teams.values():
            scope, end = Scope("team", team.id), self._steps[None]
            known = self.rolling.get(scope)
            if known is not None and known.reaches(end):
                self._note(scope, None, known, known.advance(end))
            else:
                self.rolling.pop(scope, None)
                self.put_team(state, team, now)
        return True

    def amend(self, found: Mapping[tuple[int, int], Bucket]) -> None:
        """What was booked into steps that are taken in."""
        for (books, start), more in found.items():
            owner = self._owners.get(books)
            if owner is not None:
                scope, basis, queue = owner
                rolling = self.rolling[scope]
                self._note(scope, queue, rolling, rolling.amend(basis, start, more))

    def _note(self, scope: Scope, queue: QueueId | None, own: Rolling, windows: set[int]) -> None:
        if not windows:
            return
        self.changed.setdefault(scope, set()).update(windows)
        if queue is not None:
            around = self.around[queue]
            for minutes in windows:
                self._longest[minutes].put(queue, own.waits(minutes), around)
            for other in around:
                self.changed.setdefault(other, set()).update(windows)

    # ── reading ──

    @property
    def before(self) -> int:
        """What is booked into steps before this has to be told (`amend`)."""
        return max(self._steps.values())

    def end(self, scope: Scope, source: SourceId | None) -> int:
        """When the rolling windows of a scope end."""
        return self._steps.get(source, self._steps[None]) if scope.kind == "queue" else self._steps[None]

    def of(self, scope: Scope, window: Fixed | int) -> tuple[Bucket, Bucket, Sparse]:
        """What happened, who arrived, and the parts of service levels, of a line, a site or the floor, or in a rolling window."""
        if isinstance(window, int) and scope in self.rolling:
            own = self.rolling[scope]
            sums, waits = own.sums[window], own.waits(window)
        else:
            self._make(scope)  # a line that is configured may have no queue yet
            every = self.moving[scope][window] if isinstance(window, int) else self.fixed[scope][window]
            sums, waits = every, self._longest[window].of(scope)
        return bucket_of(sums.events, waits), bucket_of(sums.cohorts), sums.events

    def formula(self, state: State, scope: Scope) -> dict[str, object]:
        """How the service level was computed; threshold and short only where all queues agree on them."""
        cards = (state.queues[id].card for id in self.members[scope])
        return formula(cards, self._everywhere)


def formula(cards: Iterable[QueueCard], variant: str) -> dict[str, object]:
    judged = {judged_by(card, variant) for card in cards}
    board: dict[str, object] = {"service_level": variant}
    if len(judged) == 1:
        one = judged.pop()
        board["threshold"], board["short"] = one.threshold, one.short
    return board
