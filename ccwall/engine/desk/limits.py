"""What stands against somebody's leaving: the cap of those away at once, the least who must stay, and their own budget (F3, F6)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ccwall.engine.day import zone_of
from ccwall.engine.desk.breaks import Break, away, is_in, kind_of
from ccwall.engine.desk.budget import Used, budget_of
from ccwall.events import AgentId, BreakLimit, Obstacle, QueueId

if TYPE_CHECKING:
    from ccwall.engine.state import State

ABSENT = frozenset({"off", "fault", "not_ready"})
ALMOST = 1e-9
"""29 % of 100 people are 29, although 0.29 × 100 is a little less."""
NARROW = ("team", "line", "floor")
Which = Callable[[Break], bool]


def obstacles(
    state: "State", agent: AgentId, kind: str, lasts: float, now: float, begins: float | None = None
) -> tuple[Obstacle, ...]:
    """If this person left now, too, for so many seconds; nothing: nothing is against it. ``begins``: when they want to, if that is
    later; their own budget, who is away, and the hours of a minimum are of then."""
    then = now if begins is None else max(now, begins)
    moments = _moments(state, then, then + lasts, now)
    return (*_budget(state, agent, kind, lasts, then), *_scopes(state, agent, kind, then, moments))


def obstacles_due(state: "State", agent: AgentId, kind: str, now: float) -> tuple[Obstacle, ...]:
    """As the floor stands at this moment, for somebody whose time has come: caps and minimum. A place that others are kept for a later
    time, or wait for themselves, is not taken yet."""
    return tuple(_scopes(state, agent, kind, now, [_is_gone]))


def _is_gone(item: Break) -> bool:
    """Away, or free to leave now."""
    return item.state == "running" or (item.state == "granted" and not item.is_ahead)


def _moments(state: "State", begins: float, ends: float, now: float) -> list[Which]:
    """Who is away when it begins, and whenever a break that is granted ahead begins before it ends: most are away then."""
    starts = {
        item.begins
        for item in state.desk.breaks.items.values()
        if item.is_ahead and item.begins is not None and begins < item.begins < ends
    }
    return [_gone_at(at, now) for at in (begins, *sorted(starts))]


def _gone_at(at: float, now: float) -> Which:
    """Granted ahead is a place from its time on, held is one at once. For what is later, who is away now is back in time."""

    def is_gone(item: Break) -> bool:
        if item.state == "running":
            return at <= now or (item.until or 0.0) > at
        if item.state not in ("granted", "held"):
            return False
        start = max(item.begins or 0.0, now)
        return start <= at < start + item.lasts

    return is_gone


def _budget(state: "State", agent: AgentId, kind: str, lasts: float, at: float) -> Iterator[Obstacle]:
    budget = budget_of(state, agent, at)
    times, seconds = budget.limits(kind, kind_of(state, kind))
    used = budget.used(state.desk.breaks.taken.get(agent, ())).get(kind, Used())
    begins, ends = (None, None) if budget.shift is None else (budget.begins, budget.ends)
    if times is not None and used.times + 1 > times:
        yield Obstacle(
            what="quota_times", have=float(used.times + 1), limit=float(times), begins=begins, ends=ends
        )
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
            gone = len(away(state, limit, _is_gone) - {agent})
            return Obstacle(what="load", have=gone + 1.0, limit=float(gone), scope=key_of(limit), queue=queue)
    return None


def key_of(limit: BreakLimit) -> str:
    return limit.kind if limit.kind == "floor" else f"{limit.kind}:{limit.id}"


def _scopes(
    state: "State", agent: AgentId, kind: str, now: float, moments: Sequence[Which]
) -> Iterator[Obstacle]:
    if not kind_of(state, kind).counts:
        return
    for limit in state.policy.breaks.limits:
        if not is_in(state, agent, limit.kind, limit.id):
            continue
        scope = key_of(limit)
        gone = max((away(state, limit, which) - {agent} for which in moments), key=len)
        most = cap(state, limit)
        if most is not None and len(gone) + 1 > most:
            yield Obstacle(what="cap", have=len(gone) + 1.0, limit=float(most), scope=scope)
        if limit.minimum is not None and is_hour(state, limit, now):
            left = len(_at_work(state, limit) - gone - {agent})
            if left < limit.minimum:
                yield Obstacle(what="minimum", have=float(left), limit=float(limit.minimum), scope=scope)


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
    """Who is there."""
    return {
        agent.id
        for agent in state.agents.values()
        if agent.state not in ABSENT and is_in(state, agent.id, limit.kind, limit.id)
    }
