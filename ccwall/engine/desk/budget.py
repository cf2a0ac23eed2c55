"""What a person has of breaks in a shift, and what of it is used (F1, F3).

A shift's budget is spent from two hours before it begins until three hours after it ends, or as far as the shifts before and after
leave; what is taken at no such time is of the business day's. So every second of a break is of exactly one budget, and a person
with two shifts has two. What was taken is kept, and whose budget it was follows from the rota as it is: a shift that is brought in
or moved later has what lies in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.day import frame_at
from ccwall.events import AgentId, BreakKind, Shift, ShiftId, ShiftQuota

if TYPE_CHECKING:
    from ccwall.engine.state import State

BEFORE, AFTER = 2 * 3600.0, 3 * 3600.0
"""So long before a shift, and so long after it, its budget is spent."""
FREE = frozenset({"leave", "sick", "off"})
"""Kinds of shifts in which nobody works."""
ABUTS = 60.0
"""Seconds between work and a training that are one shift."""
KEPT_FOR = 48 * 3600.0
"""of a break that is over: longer than the longest shift with what lies around it"""
NEAR = 16 * 3600.0
"""Seconds before and after a day: of shifts farther away nothing lies in it"""
FAR = 7 * 86_400.0
"""Seconds ahead that are looked at for the next border"""
MOST_TAKEN = 300
"""of a person: of more, the oldest are forgotten"""

Pieces = tuple[tuple[float, float], ...]


class Taken(msgspec.Struct, frozen=True, gc=False):
    """A break that is over."""

    kind: str
    began: float
    ended: float


class Used(msgspec.Struct, kw_only=True, gc=False):
    times: int = 0
    seconds: float = 0.0


class Budget(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``shift`` None: of the business day. It begins and ends as the shift or the day does, and is spent in ``pieces`` of time."""

    begins: float
    ends: float
    pieces: Pieces
    shift: ShiftId | None = None
    quotas: tuple[ShiftQuota, ...] = ()

    def holds(self, at: float) -> bool:
        return any(start <= at < end for start, end in self.pieces)

    def limits(self, kind: str, card: BreakKind) -> tuple[int | None, float | None]:
        """Times and seconds of this kind; None: as much as is granted."""
        if self.shift is None:
            return card.quota_times, card.quota_seconds
        own = next((each for each in self.quotas if each.kind == kind), None)
        rule = next((each for each in card.by_length if self.ends - self.begins <= each.up_to), None)
        said = [each for each in (own, rule) if each is not None]
        times = [each.times for each in said if each.times is not None]
        seconds = [each.seconds for each in said if each.seconds is not None]
        return (times[0] if times else card.quota_times), (seconds[0] if seconds else card.quota_seconds)

    def used(self, taken: Iterable[Taken]) -> dict[str, Used]:
        """By kind. A break is one time where it began, and seconds where they were."""
        found: dict[str, Used] = {}
        for each in taken:
            times = int(self.holds(each.began))
            seconds = sum(
                max(0.0, min(each.ended, end) - max(each.began, start)) for start, end in self.pieces
            )
            if times or seconds:
                used = found.setdefault(each.kind, Used())
                used.times += times
                used.seconds += seconds
        return found


def take(taken: dict[AgentId, list[Taken]], agent: AgentId, one: Taken) -> None:
    """One more that is over."""
    kept = [each for each in taken.get(agent, ()) if each.ended > one.ended - KEPT_FOR]
    taken[agent] = [*kept[-MOST_TAKEN + 1 :], one]


def forget(taken: dict[AgentId, list[Taken]], now: float) -> dict[AgentId, list[Taken]]:
    """Without what no shift looks back to."""
    kept = {agent: [one for one in each if one.ended > now - KEPT_FOR] for agent, each in taken.items()}
    return {agent: each for agent, each in kept.items() if each}


def of_shifts(shifts: Iterable[Shift]) -> list[Budget]:
    """The budgets of one person's shifts, in their order; no two are spent at the same time."""
    joined = list(_joined(sorted(shifts, key=lambda each: (each.begins, each.shift_id))))
    borders = [-inf]
    for (_, ends, _, _), (begins, *_) in pairwise(joined):
        borders.append(min(max(ends, begins - BEFORE), begins))
    borders.append(inf)
    return [
        Budget(
            begins=begins,
            ends=ends,
            pieces=((max(begins - BEFORE, since), min(ends + AFTER, until)),),
            shift=shift,
            quotas=quotas,
        )
        for (begins, ends, shift, quotas), since, until in zip(joined, borders, borders[1:], strict=False)
    ]


Joined = tuple[float, float, ShiftId, tuple[ShiftQuota, ...]]


def _joined(shifts: Iterable[Shift]) -> Iterator[Joined]:
    """A training in the middle of the work makes no three shifts of one; two shifts one after the other stay two."""
    before: Joined | None = None
    kind = ""
    for shift in shifts:
        if shift.kind in FREE or shift.ends <= shift.begins:
            continue
        if before is not None and abs(shift.begins - before[1]) <= ABUTS and "training" in (kind, shift.kind):
            known = {each.kind for each in before[3]}
            more = tuple(each for each in shift.quotas if each.kind not in known)
            before = before[0], max(before[1], shift.ends), before[2], before[3] + more
        else:
            if before is not None:
                yield before
            before = shift.begins, shift.ends, shift.shift_id, shift.quotas
        kind = shift.kind
    if before is not None:
        yield before


def of_day(start: float, end: float, shifts: Iterable[Budget]) -> Budget:
    """That of the business day: whatever is of no shift."""
    pieces, at = [], start
    for since, until in sorted(piece for each in shifts for piece in each.pieces):
        if since > at:
            pieces.append((at, min(since, end)))
        at = max(at, until)
        if at >= end:
            break
    if at < end:
        pieces.append((at, end))
    return Budget(begins=start, ends=end, pieces=tuple(piece for piece in pieces if piece[0] < piece[1]))


class Budgets:
    """Of everybody, as they are ``at`` a time. To be thrown away after use: it knows nothing of what comes after."""

    def __init__(self, state: "State", at: float, agents: Iterable[AgentId] | None = None) -> None:
        self.at, self._state = at, state
        frame = state.frame
        if not frame.start <= at < frame.end:
            policy = state.policy
            frame = frame_at(at, policy.zone, policy.day_starts, policy.interval)
        self._start, self._end = float(frame.start), float(frame.end)
        about = None if agents is None else frozenset(agents)
        since, until = min(at, self._start) - NEAR, max(at, self._end) + NEAR
        near: dict[AgentId, list[Shift]] = {}
        for shift in state.desk.rota.shifts.values():
            if shift.ends > since and shift.begins < until and (about is None or shift.agent in about):
                near.setdefault(shift.agent, []).append(shift)
        self.shifts: Mapping[AgentId, list[Budget]] = {agent: of_shifts(each) for agent, each in near.items()}

    def of(self, agent: AgentId) -> Budget:
        """The one that this person spends from."""
        shifts = self.shifts.get(agent, [])
        return next((each for each in shifts if each.holds(self.at)), None) or of_day(
            self._start, self._end, shifts
        )


def due(state: "State", now: float) -> float:
    """Not later than when somebody next spends from another budget; infinite: never."""
    near = (
        s for s in state.desk.rota.shifts.values() if s.ends + AFTER > now and s.begins - BEFORE < now + FAR
    )
    edges = (edge for s in near for edge in (s.begins - BEFORE, s.begins, s.ends, s.ends + AFTER))
    return min((edge for edge in edges if edge > now), default=inf)


def budget_of(state: "State", agent: AgentId, at: float) -> Budget:
    return Budgets(state, at, (agent,)).of(agent)
