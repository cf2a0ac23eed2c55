"""The shift: what a scope's people do with their time, in sums.

For a team and for the floor the day's sums are kept (`ccwall.engine.sums`); every other question is answered from the
persons themselves. Both give the same, to the millisecond.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ccwall.engine.persons import OFF, Agent
from ccwall.engine.scope import Scope, Window
from ccwall.engine.spells import day_at, known_millis, team_of, times
from ccwall.engine.state import State
from ccwall.engine.sums import Sums
from ccwall.engine.windows import Books
from ccwall.events import SourceId

HANDLING = ("talking", "hold", "wrap", "ringing")
"""``busy``, a call that no queue gave, is neither handling nor idle: it is left out of the occupancy."""

Span = tuple[float, float]
"""[start, end) in epoch seconds."""


class Spent(msgspec.Struct, gc=False):
    """Milliseconds in each state, of so many persons who were logged on in the window."""

    states: dict[str, int]
    persons: int


def spent(state: State, scope: Scope, window: Window, now: float) -> Spent:
    """The time of a scope's people in the day, or in one interval of it; ValueError for rolling windows."""
    day = day_at(state, now)
    is_kept = window.kind == "today" and day == state.frame and scope.kind in ("floor", "team")
    return _from_sums(state, scope, now) if is_kept else _from_persons(state, scope, window, now)


def _from_persons(state: State, scope: Scope, window: Window, now: float) -> Spent:
    total, persons = dict[str, int](), 0
    for agent in people_of(state, scope):
        for status, length in (own := times(state, agent, now, window)).items():
            total[status] = total.get(status, 0) + length
        persons += bool(own) or _is_on(state, agent, window, now)
    return Spent(total, persons)


def _is_on(state: State, agent: Agent, window: Window, now: float) -> bool:
    """Logged on, though for no time yet."""
    end = day_at(state, now).end if window.kind == "today" else window.end
    return agent.spell.state != OFF and agent.spell.since < end * 1000


def _from_sums(state: State, scope: Scope, now: float) -> Spent:
    shift = state.shift
    teams = shift.teams.values() if scope.kind == "floor" else [shift.teams.get(scope.id, NOBODY)]
    total, persons = dict[str, int](), 0
    known = {source: known_millis(state, source, now) for source in (None, *state.sources)}
    for sums in teams:
        persons += sums.persons
        for status, length in sums.closed.items():
            total[status] = total.get(status, 0) + length
        for (source, status), (n, begun) in sums.begun.items():
            if known[source] > shift.start:
                total[status] = total.get(status, 0) + n * known[source] - begun
    for status, length in _by_time_alone(state, scope, known):
        total[status] = total.get(status, 0) + length
    return Spent({status: length for status, length in total.items() if length > 0}, persons)


def _by_time_alone(
    state: State, scope: Scope, known: Mapping[SourceId | None, int]
) -> Iterator[tuple[str, int]]:
    """What is to be added because spells begin later than their source is known to, or ran out without a fact."""
    shift = state.shift
    for source, due in shift.ahead.items():
        at = known[source]
        for since, id in reversed(due):
            if since <= at or at <= shift.start:
                break
            agent = state.agents[id]
            if _is_in(state, scope, agent):
                yield agent.spell.state, since - at
    for source, due in shift.ending.items():
        at = known[source]
        for until, id in due:
            if until >= at:
                break
            agent = state.agents[id]
            length = at - max(until, agent.spell.since, shift.start)
            if length > 0 and _is_in(state, scope, agent):
                yield agent.spell.state, -length
                yield agent.spell.then, length


NOBODY = Sums()


# ── whose ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def people_of(state: State, scope: Scope) -> Iterator[Agent]:
    """The persons of a scope: all, those of a team, one, or the present members of its queues."""
    if scope.kind == "agent":
        one = [state.agents[agent] for agent in state.agents if agent == scope.id]
        return iter(one)
    return (agent for agent in state.agents.values() if _is_in(state, scope, agent))


def _is_in(state: State, scope: Scope, agent: Agent) -> bool:
    if scope.kind == "floor":
        return True
    if scope.kind == "team":
        return team_of(state, agent) == scope.id
    if scope.kind == "agent":
        return agent.id == scope.id
    if scope.kind == "queue":
        return any(m.queue == scope.id for m in agent.memberships)
    if scope.kind == "line":
        return any(m.queue and state.card(m.queue).line == scope.id for m in agent.memberships)
    policy = state.policy
    return any(policy.places.get(m.source, policy.site) == scope.id for m in agent.memberships)


def answered(state: State, scope: Scope, window: Window, now: float) -> int | None:
    """Contacts answered in the window: by these people, or in the queues of a line or site; None for one person's
    intervals, which are kept as time alone."""
    day = day_at(state, now)
    start = day.start if window.kind == "today" else window.start
    if scope.kind == "agent":
        if window.kind != "today":
            return None
        return sum(agent.days[start].answered for agent in people_of(state, scope) if start in agent.days)
    total = 0
    for books in _books(state, scope):
        bucket = (books.days if window.kind == "today" else books.intervals).get(start)
        total += bucket.answered if bucket is not None else 0
    return total


def _books(state: State, scope: Scope) -> Iterator[Books]:
    policy = state.policy
    if scope.kind == "team":
        if scope.id in state.teams:
            yield state.teams[scope.id].events
        return
    for queue in state.queues.values():
        if (
            scope.kind == "floor"
            or (scope.kind == "queue" and queue.id == scope.id)
            or (scope.kind == "line" and queue.card.line == scope.id)
            or (scope.kind == "site" and policy.places.get(queue.source or NOWHERE, policy.site) == scope.id)
        ):
            yield queue.events


NOWHERE = SourceId("")


# ── quotients ──────────────────────────────────────────────────────────────────────────────────────────────────────


def occupancy(states: Mapping[str, int]) -> float | None:
    """Handling ÷ (handling + ready), of times in any one unit; None when there is neither.

    >>> occupancy({"talking": 50, "hold": 4, "wrap": 20, "ringing": 6, "ready": 20, "meal": 900, "busy": 7})
    0.8
    """
    handling = sum(states.get(status, 0) for status in HANDLING)
    whole = handling + states.get("ready", 0)
    return handling / whole if whole else None


def shares(states: Mapping[str, int]) -> dict[str, float]:
    """Of the time logged on, the part in each state; empty when nobody was."""
    whole = sum(states.values())
    return {status: length / whole for status, length in sorted(states.items())} if whole else {}


def people(state: State, scope: Scope, window: Window, now: float) -> dict[str, object]:
    """The shift of a scope. Times in seconds, shares and occupancy as fractions; None when there is nothing to divide.

    ``persons`` were logged on in the window; ``calls_per_agent`` is per person of them, ``calls_target`` for a whole day.
    """
    mine = spent(state, scope, window, now)
    busy, calls = occupancy(mine.states), answered(state, scope, window, now)
    return {
        "states": {status: length / 1000 for status, length in sorted(mine.states.items())},
        "shares": {status: round(share, 6) for status, share in shares(mine.states).items()},
        "logged_on_time": sum(mine.states.values()) / 1000,
        "occupancy": round(busy, 6) if busy is not None else None,
        "persons": mine.persons,
        "answered": calls,
        "calls_per_agent": round(calls / mine.persons, 6) if mine.persons and calls is not None else None,
        "calls_target": state.policy.calls_target,
    }


# ── against a schedule ─────────────────────────────────────────────────────────────────────────────────────────────


def adherence(schedule: Iterable[Span], worked: Iterable[Span]) -> float | None:
    """Work at the scheduled time ÷ scheduled time: who comes late does not adhere. None when nothing was scheduled.

    >>> adherence([(32400.0, 36000.0)], [(33300.0, 36900.0)])  # 09:00-10:00, worked 09:15-10:15
    0.75
    """
    planned, done = _merged(schedule), _merged(worked)
    whole = _length(planned)
    common = sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in planned for b in done)
    return common / whole if whole else None


def conformance(schedule: Iterable[Span], worked: Iterable[Span]) -> float | None:
    """Work ÷ scheduled time, whenever it was done; above 1 for who worked longer. None when nothing was scheduled.

    >>> conformance([(32400.0, 36000.0)], [(33300.0, 36900.0)])
    1.0
    """
    whole = _length(_merged(schedule))
    return _length(_merged(worked)) / whole if whole else None


def _merged(spans: Iterable[Span]) -> list[Span]:
    """In order and without overlaps: time that is told twice passed once."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def _length(spans: Sequence[Span]) -> float:
    return sum(end - start for start, end in spans)
