"""What would come of taking people away for a while, or of moving them: by queue, before and after, with what it rests on."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from ccwall.engine.advice.chain import SPANS
from ccwall.engine.advice.crew import away
from ccwall.engine.advice.longest import Reach
from ccwall.engine.advice.look import Changed, Look
from ccwall.engine.advice.plans import Planned
from ccwall.engine.advice.road import levels, longest
from ccwall.engine.advice.traffic import Traffic
from ccwall.engine.band import Band
from ccwall.engine.prospects import Prospects
from ccwall.engine.state import State
from ccwall.events import AgentId, QueueId

Why = Literal["", "too_little_data", "nobody", "unknown_agent", "not_at_work"]


class Side(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One queue, before or after. By minutes ahead; None where it cannot be said."""

    level: dict[int, Band] | None = None
    """low, middle, high of the service level: eight of ten times it is in between"""
    longest: dict[int, Reach] | None = None
    """the longest wait, seconds, of all who wait in that time, those who wait now included"""
    gap: float | None = None
    """people at work − people needed, as on the board"""
    heads: float = 0.0
    """people who may be given its calls, in the mean of the next 15 minutes; each counted whole"""
    why: Literal["", "too_little_data", "nobody"] = ""


class Basis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a prediction rests on: calls per second, seconds, and of how many observations each is."""

    rate: float
    rate_n: int
    course: tuple[float, ...]
    """the rate ahead by five minutes, as a multiple, by yesterday; empty when it is even"""
    aht: float
    """with the time it rings"""
    aht_n: int
    patience: float | None
    patience_n: int
    ring: float
    missed: float
    waiting: int
    overdue: int
    ready: int
    busy: float
    others: float
    """of the load on these people, the part that other queues bring"""
    need: int | None
    threshold: float
    target: float


class QueueEffect(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    queue: QueueId
    before: Side
    after: Side
    basis: Basis


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``unknown``: asked for, but never heard of. ``idle``: not at work now, so that nothing changes by them. ``leaving``: in a
    call, so they go when it ends. ``why`` says why there is no queue at all."""

    at: float
    seconds: float
    agents: tuple[AgentId, ...]
    queues: tuple[QueueEffect, ...] = ()
    unknown: tuple[AgentId, ...] = ()
    idle: tuple[AgentId, ...] = ()
    leaving: tuple[AgentId, ...] = ()
    why: Why = ""

    @property
    def worst(self) -> QueueEffect | None:
        """Whose service level would be lowest, against its target, in the next 15 minutes."""

        def against(each: QueueEffect) -> float:
            return (each.after.level or {}).get(SPANS[0].minutes, (0.0, 0.0, 0.0))[1] - each.basis.target

        said = [each for each in self.queues if each.after.level is not None]
        return min(said, key=against, default=None)


def break_effect(
    state: State,
    agents: Iterable[AgentId],
    seconds: float,
    now: float,
    prospects: Prospects,
    plans: Sequence[Planned] = (),
) -> Effect:
    """These people go on a break of so many seconds now; who is in a call goes when it ends."""
    asked, look = tuple(dict.fromkeys(agents)), Look(state, now, prospects, plans)
    unknown = tuple(id for id in asked if id not in state.agents)
    hands = [look.crew[id] for id in asked if id in look.crew]
    idle = tuple(id for id in asked if id in state.agents and (id not in look.crew or not look.crew[id].here))
    gone = look.changed(away(hand, seconds) for hand in hands)
    touched = sorted({queue for hand in hands for queue in hand.queues})
    why: Why = ""
    if not touched:
        why = "unknown_agent" if unknown else "not_at_work"
    return Effect(
        at=now,
        seconds=seconds,
        agents=asked,
        queues=tuple(effect_on(look, gone, queue) for queue in touched if queue in state.queues),
        unknown=unknown,
        idle=idle,
        leaving=tuple(hand.id for hand in hands if hand.busy),
        why=why,
    )


def effect_on(look: Look, after: Changed, queue: QueueId) -> QueueEffect:
    before, own, need = look.as_it_is(), look.traffic(queue), look.outlook(queue).need
    asked = before.ends(queue).pool
    shared = 1 - own.rate * own.aht / (asked.rate * asked.aht) if asked.rate * asked.aht > 0 else 0.0
    return QueueEffect(
        queue=queue,
        before=side(before, queue, own, need),
        after=side(after, queue, own, need),
        basis=Basis(
            rate=round(own.rate, 6),
            rate_n=own.rate_n,
            course=() if set(own.course) <= {1.0} else tuple(round(x, 3) for x in own.course),
            aht=round(own.aht, 3),
            aht_n=own.aht_n,
            patience=None if own.patience is None else round(own.patience, 3),
            patience_n=own.abandons,
            ring=round(own.ring, 3),
            missed=round(own.missed, 6),
            waiting=own.waiting,
            overdue=own.overdue,
            ready=asked.ready,
            busy=round(asked.busy, 3),
            others=round(max(0.0, shared), 6),
            need=need,
            threshold=own.threshold,
            target=own.target,
        ),
    )


def side(people: Changed, queue: QueueId, own: Traffic, need: int | None) -> Side:
    heads = people.heads(queue, SPANS[0].steps)
    gap = None if need is None else round(people.share(queue) - need, 3)
    if heads <= 0 or own.why:
        return Side(gap=gap, heads=round(heads, 3), why="nobody" if heads <= 0 else own.why)
    asked = people.ends(queue)
    return Side(level=levels(asked), longest=longest(asked), gap=gap, heads=round(heads, 3))
