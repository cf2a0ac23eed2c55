"""What stands against somebody's leaving: the cap of those away at once, the least who must stay, and their own budget (F3, F6)."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.day import zone_of
from ccwall.engine.desk.breaks import away, is_in, kind_of
from ccwall.engine.desk.budget import Used, budget_of
from ccwall.events import AgentId, BreakLimit, QueueId

if TYPE_CHECKING:
    from ccwall.engine.state import State

ABSENT = frozenset({"off", "fault", "not_ready"})
ALMOST = 1e-9
"""29 % of 100 people are 29, although 0.29 × 100 is a little less."""
NARROW = ("team", "line", "floor")


class Obstacle(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``have`` is what there would be, ``limit`` what may be: people, times, or seconds. ``scope`` is ``floor``, ``team:x``, ``line:y``;
    empty for a person's own budget, which is of the shift from ``begins`` to ``ends``, or without these of the business day.
    ``load``: the cap as the load leaves it, because ``queue`` would miss its target."""

    what: Literal["cap", "load", "minimum", "quota_times", "quota_seconds"]
    have: float
    limit: float
    scope: str = ""
    queue: str = ""
    begins: float | None = None
    ends: float | None = None


def obstacles(
    state: "State", agent: AgentId, kind: str, lasts: float, now: float, begins: float | None = None
) -> tuple[Obstacle, ...]:
    """If this person left now, too, for so many seconds; nothing: nothing is against it. ``begins``: when they want to, if that is
    later; their own budget and the hours of a minimum are of then."""
    then = now if begins is None else max(now, begins)
    return (*_budget(state, agent, kind, lasts, then), *_scopes(state, agent, kind, then))


def _budget(state: "State", agent: AgentId, kind: str, lasts: float, at: float) -> Iterator[Obstacle]:
    budget = budget_of(state, agent, at)
    times, seconds = budget.limits(kind, kind_of(state, kind))
    used = budget.used(state.desk.breaks.taken.get(agent, ())).get(kind, Used())
    begins, ends = (None, None) if budget.shift is None else (budget.begins, budget.ends)
    if times is not None and used.times + 1 > times:
        yield Obstacle(what="quota_times", have=used.times + 1, limit=times, begins=begins, ends=ends)
    if seconds is not None and used.seconds + lasts > seconds:
        yield Obstacle(
            what="quota_seconds", have=used.seconds + lasts, limit=seconds, begins=begins, ends=ends
        )


def shrunk(state: "State", agent: AgentId, kind: str, queue: QueueId) -> Obstacle | None:
    """The cap that the load leaves, when ``queue`` would miss its target without this person: no more than are away. Of the narrowest
    scope that has a cap; None where none has."""
    if not kind_of(state, kind).counts:
        return None
    for limit in sorted(state.policy.breaks.limits, key=lambda each: NARROW.index(each.kind)):
        if cap(state, limit) is not None and is_in(state, agent, limit.kind, limit.id):
            gone = len(away(state, limit.kind, limit.id, granted=True) - {agent})
            return Obstacle(what="load", have=gone + 1, limit=gone, scope=key_of(limit), queue=queue)
    return None


def key_of(limit: BreakLimit) -> str:
    return limit.kind if limit.kind == "floor" else f"{limit.kind}:{limit.id}"


def _scopes(state: "State", agent: AgentId, kind: str, now: float) -> Iterator[Obstacle]:
    if not kind_of(state, kind).counts:
        return
    for limit in state.policy.breaks.limits:
        if not is_in(state, agent, limit.kind, limit.id):
            continue
        scope = key_of(limit)
        gone = len(away(state, limit.kind, limit.id, granted=True) - {agent}) + 1
        most = cap(state, limit)
        if most is not None and gone > most:
            yield Obstacle(what="cap", have=gone, limit=most, scope=scope)
        if limit.minimum is not None and is_hour(state, limit, now):
            left = len(_at_work(state, limit) - {agent})
            if left < limit.minimum:
                yield Obstacle(what="minimum", have=left, limit=limit.minimum, scope=scope)


def cap(state: "State", limit: BreakLimit) -> int | None:
    """How many may be away at once; a share is of those who are signed on, and lets at least one go."""
    found = limit.cap
    if limit.share is not None:
        staffed = sum(
            agent.state != "off" and is_in(state, agent.id, limit.kind, limit.id)
            for agent in state.agents.values()
        )
        part = max(1, int(limit.share * staffed + ALMOST))
        found = part if found is None else min(found, part)
    return found


def is_hour(state: "State", limit: BreakLimit, now: float) -> bool:
    """Whether the limit's minimum holds now; over midnight when it ends before it begins."""
    if limit.begins == limit.ends:
        return True
    local = datetime.fromtimestamp(now, zone_of(state.policy.zone))
    second = local.hour * 3600 + local.minute * 60 + local.second
    if limit.begins < limit.ends:
        return limit.begins <= second < limit.ends
    return second >= limit.begins or second < limit.ends


def _at_work(state: "State", limit: BreakLimit) -> set[AgentId]:
    """Who is there and stays, for all that is granted."""
    leaving = away(state, limit.kind, limit.id, granted=True)
    return {
        agent.id
        for agent in state.agents.values()
        if agent.state not in ABSENT
        and agent.id not in leaving
        and is_in(state, agent.id, limit.kind, limit.id)
    }
