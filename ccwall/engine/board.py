"""The projection: state to the board of web/README.md, and what differs since it was last looked at.

A `Projection` holds the board as it was last shown. `refresh` looks again only at what the reducers marked and at
what time alone changes: callers passing the threshold, wrap-up running out, a new interval, a new day.
"""

from collections.abc import Iterable

import msgspec

from ccwall.engine.day import Frame, frame_at
from ccwall.engine.missed import missed_in, wait_touched
from ccwall.engine.numbers import formula, load, numbers, service_level, target, total
from ccwall.engine.people import Heads, agent_object
from ccwall.engine.state import Dirty, Queue, Source, State, Stretch
from ccwall.engine.windows import Bucket
from ccwall.events import AgentId, QueueId

Path = tuple[str, ...]
Board = dict[str, object]


class Changes(msgspec.Struct):
    """Apply ``delete`` before ``set``. A value is a scalar, an array, or a whole new object."""

    set: list[tuple[Path, object]]
    delete: list[Path]


class Projection:
    """The board as last shown, with the sums behind it."""

    __slots__ = (
        "_agents",
        "_curve",
        "_frame",
        "_heads",
        "_interval",
        "_overdue",
        "_parts",
        "_queues",
        "_revised",
        "_seen_at",
        "_until",
    )

    def __init__(self) -> None:
        self._parts: dict[str, object] = {}
        self._agents: dict[str, dict[str, object]] = {}
        self._queues: dict[str, dict[str, object]] = {}
        self._overdue: dict[QueueId, int] = {}
        self._curve: dict[int, list[object]] = {}
        self._revised: set[int] = set()
        self._heads = Heads()
        self._frame: Frame | None = None
        self._interval = 0
        self._until: dict[AgentId, float] = {}
        self._seen_at = 0.0

    def board(self) -> Board:
        return {**self._parts, "queues": self._queues, "agents": self._agents}

    def refresh(self, state: State, now: float, dirty: Dirty) -> Changes:
        """Look again at what is dirty or due, and say what came out differently."""
        changes, first = Changes(set=[], delete=[]), self._frame is None
        moved = self._move(state, now, dirty)
        everything = moved or dirty.everything
        touched = self._refresh_agents(state, now, dirty, everything or dirty.stretches, changes)
        self._refresh_queues(state, now, dirty.queues | touched, everything or dirty.stretches, changes)
        told = changes.set or changes.delete or dirty.stretches
        if everything or touched or told or dirty.queues or self._waiting(state):
            self._show("floor", self._floor(state, now), changes)
        self._refresh_curve(state, now, dirty.intervals, everything, changes)
        if everything or dirty.stretches or dirty.intervals:
            self._mark_curve(state, changes)
        if everything or dirty.sources or dirty.stretches:
            self._show("sources", {id: source_object(s) for id, s in sorted(state.sources.items())}, changes)
        if everything or dirty.stretches:
            self._show("incomplete", self._incomplete(state), changes)
        if everything or dirty.recording:
            self._refresh_recording(state, changes)
        if everything:
            self._refresh_frame(state, changes)
        if first:  # also the parts that are empty so far
            return Changes(set=[((part,), _copy(shown)) for part, shown in self.board().items()], delete=[])
        return changes

    # ── time ──

    def _move(self, state: State, now: float, dirty: Dirty) -> bool:
        """Follow the day and the interval; True when either is another one."""
        policy = state.policy
        frame = self._frame
        # When everything is dirty, another day may have been configured.
        if frame is None or dirty.everything or not frame.start <= now < frame.end:
            frame = frame_at(now, policy.zone, policy.day_starts, policy.interval)
        interval = frame.interval_of(now)
        back = now < self._seen_at  # somebody set the clock: what had ended by time may go on again
        moved = back or frame != self._frame or interval != self._interval
        self._frame, self._interval, self._seen_at = frame, interval, now
        return moved

    @property
    def _day(self) -> Frame:
        assert self._frame is not None  # set by the first thing that refresh does
        return self._frame

    def _refresh_frame(self, state: State, changes: Changes) -> None:
        policy = state.policy
        mode = {"mode": policy.mode} if policy.mode else {}
        self._show("site", {"name": dict(policy.names), "zone": policy.zone} | mode, changes)
        self._show("day", {"starts": self._day.start}, changes)
        self._show("interval", {"starts": self._interval, "length": self._day.length}, changes)

    # ── people ──

    def _refresh_agents(
        self, state: State, now: float, dirty: Dirty, everything: bool, changes: Changes
    ) -> set[QueueId]:
        touched: set[QueueId] = set()
        due: Iterable[AgentId] = sorted(
            dirty.agents | {id for id, until in self._until.items() if until <= now}
        )
        if everything:
            due = sorted(state.agents)
            for gone in [id for id in self._agents if id not in state.agents]:
                del self._agents[gone]
                changes.delete.append(("agents", gone))
                self._until.pop(AgentId(gone), None)
                touched |= self._heads.remove(gone)
        for id in due:
            agent = state.agents.get(id)
            if agent is None:
                continue
            shown = agent_object(state, agent, self._day, now)
            self._note_wrap_up(id, shown)
            _differ(("agents", id), self._agents.get(id), shown, changes)
            self._agents[id] = shown
            touched |= self._heads.put(state, agent, str(shown["state"]))
        return touched

    def _note_wrap_up(self, agent: AgentId, shown: dict[str, object]) -> None:
        """When to look at this agent again although no fact comes."""
        until = shown.get("until")
        if isinstance(until, float):
            self._until[agent] = until
        else:
            self._until.pop(agent, None)

    # ── queues ──

    def _refresh_queues(
        self, state: State, now: float, dirty: set[QueueId], everything: bool, changes: Changes
    ) -> None:
        due = set(state.queues) if everything else dirty
        for id, queue in state.queues.items():
            overdue = queue.overdue(state.known_at(queue.source, now)) if queue.line else 0
            if self._overdue.get(id) != overdue:
                self._overdue[id] = overdue
                due = due | {id}
        for id in sorted(due):
            if id not in state.queues:
                continue
            shown = self._queue(state, state.queues[id])
            _differ(("queues", id), self._queues.get(id), shown, changes)
            self._queues[id] = shown

    def _queue(self, state: State, queue: Queue) -> dict[str, object]:
        day, card = self._day, queue.card
        today = queue.events.days.get(day.start) or NONE
        current = queue.events.intervals.get(self._interval) or NONE
        overdue = self._overdue.get(queue.id, 0)
        missed = missed_in(state.stretches, day.start, day.end, queue.source) if queue.source else None
        missed_now = self._missed_now(state, queue) if missed is not None else None
        board: dict[str, object] = {
            "name": queue.name,
            "names": dict(card.names),
            "order": card.order,
            "waiting": len(queue.waiting),
            "talking": len(queue.talking),
            **numbers(today, overdue, missed),
            **heads(self._heads.of(queue.id)),
            "interval": numbers(current, overdue, missed_now) | revised(current),
            "formula": formula([card]),
            "target": target(card),
        }
        if queue.line:
            board["longest_since"] = queue.line[0][0]
        if queue.source is not None:
            board["source"] = queue.source
        if card.line:
            board["line"] = card.line
        return board

    def _missed_now(self, state: State, queue: Queue) -> Stretch | None:
        end = self._interval + self._day.length
        return missed_in(state.stretches, self._interval, end, queue.source)

    # ── the floor ──

    def _waiting(self, state: State) -> bool:
        return any(queue.waiting for queue in state.queues.values())

    def _floor(self, state: State, now: float) -> dict[str, object]:
        day, queues = self._day, state.queues.values()
        overdue = sum(self._overdue.values())
        today = total(queue.events.days.get(day.start) for queue in queues)
        current = total(queue.events.intervals.get(self._interval) for queue in queues)
        since = [queue.line[0][0] for queue in queues if queue.line]
        end = self._interval + day.length
        board: dict[str, object] = {
            "waiting": sum(len(queue.waiting) for queue in queues),
            "talking": sum(len(queue.talking) for queue in queues),
            **numbers(today, overdue, missed_in(state.stretches, day.start, day.end)),
            **self._heads.floor,
            "interval": numbers(current, overdue, missed_in(state.stretches, self._interval, end))
            | revised(current),
            "formula": formula(queue.card for queue in queues),
            "target": target(state.policy.default),
            "agents": dict(sorted(self._heads.states.items())),
            "load": load(((q, state.known_at(q.source, now)) for q in queues), self._heads.floor["ready"]),
        }
        if since:
            board["longest_since"] = min(since)
        return board

    def _refresh_curve(
        self, state: State, now: float, dirty: set[int], everything: bool, changes: Changes
    ) -> None:
        length = self._day.length
        first_of_day = self._day.interval_of(self._day.start)
        due = set(dirty)
        for queue in state.queues.values():
            if queue.line:
                due |= queue.arrivals(length)
            if everything:
                due |= queue.cohorts.intervals.keys()
        if everything:
            self._curve.clear()
            self._revised.clear()
        for start in due:
            if first_of_day <= start <= self._interval:
                arrived = total(queue.cohorts.intervals.get(start) for queue in state.queues.values())
                self._curve[start] = _point(state, arrived, start, length, now)
                if arrived.revised:
                    self._revised.add(start)
        filled = [start for start, point in self._curve.items() if point[-1] != 0 or len(point) > 2]
        whole = range(min(filled), self._interval + 1, length) if filled else ()
        self._show("curve", [self._curve.get(start) or [start, 0] for start in whole], changes)

    def _mark_curve(self, state: State, changes: Changes) -> None:
        """Points that miss something, and points that were told otherwise long after."""
        length = self._day.length
        marked: set[int] = set()
        for stretch in state.stretches:
            marked |= self._starts(stretch, length)
        for id in state.cut if state.stretches else ():
            contact = state.contacts.get(id)
            start = self._day.interval_of(contact.queued) if contact is not None else 0
            if contact is not None and start not in marked and wait_touched(state, contact):
                marked.add(start)
        first = self._day.interval_of(self._day.start)
        for part, starts in (("curve_incomplete", marked), ("curve_revised", self._revised)):
            shown = sorted(start for start in starts if first <= start <= self._interval)
            self._show(part, shown, changes)

    def _starts(self, stretch: Stretch, length: int) -> set[int]:
        """The intervals of today, up to now, into which it falls."""
        last = self._interval + length
        first = self._day.interval_of(max(stretch.start, self._day.start))
        end = last if stretch.end is None else min(stretch.end, last)
        return {start for start in range(first, last, length) if start < end}

    def _refresh_recording(self, state: State, changes: Changes) -> None:
        told = state.recording
        if told is not None:
            reason = {"reason": told.reason} if told.reason else {}
            self._show("recording", {"state": told.state, "since": told.since} | reason, changes)

    def _incomplete(self, state: State) -> list[object]:
        today = (s for s in state.stretches if s.end is None or s.end > self._day.start)
        return [[s.source, s.start, s.end or 0] for s in sorted(today, key=lambda s: (s.start, s.source))]

    def _show(self, part: str, shown: object, changes: Changes) -> None:
        if part not in self._parts:
            changes.set.append(((part,), _copy(shown)))
        else:
            _compare((part,), self._parts[part], shown, changes)
        self._parts[part] = shown


NONE = Bucket()


def revised(bucket: Bucket) -> dict[str, object]:
    """That something in it was told or corrected more than five minutes afterwards."""
    return {"revised": True} if bucket.revised else {}


def heads(counts: dict[str, int]) -> dict[str, int]:
    return {head: counts.get(head, 0) for head in ("ready", "staffed", "busy", "wrap", "not_ready")}


def source_object(source: Source) -> dict[str, object]:
    """One source as the board shows it. How many frames nobody could translate is the session's to say."""
    board: dict[str, object] = {
        "name": source.id,
        "type": source.type,
        "state": source.state,
        "since": source.since,
        "limits": list(source.limits),
    }
    if source.down_since is not None:
        board["as_of"] = source.down_since
    told = {"product": source.product, "reason": source.reason, "detail": source.detail}
    return board | {key: value for key, value in told.items() if value}


def _point(state: State, arrived: Bucket, start: int, length: int, now: float) -> list[object]:
    """[start, service level, offered] of those who arrived in the interval, whenever they were answered."""
    overdue = sum(
        q.overdue_of(start, start + length, state.known_at(q.source, now))
        for q in state.queues.values()
        if q.line
    )
    level = service_level(arrived, overdue)
    return [start, arrived.offered] if level is None else [start, level, arrived.offered]


# ── what differs ───────────────────────────────────────────────────────────────────────────────────────────────────


def _differ(path: Path, before: dict[str, object] | None, after: dict[str, object], changes: Changes) -> None:
    if before is None:
        changes.set.append((path, _copy(after)))
    else:
        _compare(path, before, after, changes)


def _compare(path: Path, before: object, after: object, changes: Changes) -> None:
    """Say the smallest differences between two values, leaf by leaf; arrays are whole."""
    if before == after:
        return
    if not (isinstance(before, dict) and isinstance(after, dict)):
        changes.set.append((path, _copy(after)))
        return
    changes.delete.extend((*path, key) for key in before if key not in after)
    for key, value in after.items():
        if key in before:
            _compare((*path, key), before[key], value, changes)
        else:
            changes.set.append(((*path, key), _copy(value)))


def _copy(value: object) -> object:
    """What is given away may be changed by whoever takes it; what is kept may not."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
