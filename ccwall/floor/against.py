"""What is against a break as the forecast has it, and so whether the house may grant it by itself (F3, F6)."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.advice import Effect, of_desk
from ccwall.engine.desk.breaks import Break
from ccwall.events import AgentId, BreakId, Obstacle, QueueId

if TYPE_CHECKING:
    from ccwall.engine import Engine

ALIKE = 0.005
"""of service level: what costs less costs nothing"""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants, or what would be granted to them; ``id``: of a break that is known. ``due``: the time has come of what was
    said ahead, and only how the floor stands at this moment is against it."""

    agent: AgentId
    kind: str
    lasts: float
    begins: float | None = None
    id: BreakId | None = None
    due: bool = False


def wish_of(item: Break) -> Wish:
    return Wish(
        agent=item.agent,
        kind=item.kind,
        lasts=item.lasts,
        begins=item.begins,
        id=item.id,
        due=item.state == "held",
    )


def missed(effect: Effect) -> QueueId | None:
    """The first queue that would not keep its target, and would keep it better without this break."""
    return next(
        (
            each.queue
            for each in effect.queues
            if each.before.level is not None
            and each.after.level is not None
            and any(
                after[1] < min(each.basis.target, each.before.level[span][1] - ALIKE)
                for span, after in each.after.level.items()
            )
        ),
        None,
    )


def against(engine: "Engine", wish: Wish, now: float, effect: Effect | None = None) -> tuple[Obstacle, ...]:
    """What stands against it: cap, minimum, budget, and where no cap stands already, the cap as the load leaves it.

    ``effect``: of granting it now, when that is known."""
    if wish.due:
        found = engine.obstacles_due(wish.agent, wish.kind, now)
    else:
        found = engine.obstacles(wish.agent, wish.kind, wish.lasts, now, wish.begins)
    is_later = wish.begins is not None and wish.begins > now
    if is_later or any(each.what == "cap" for each in found):
        return found
    load = by_load(engine, wish, now, effect)
    return found if load is None else (*found, load)


def by_load(engine: "Engine", wish: Wish, now: float, effect: Effect | None = None) -> Obstacle | None:
    """The cap as the load leaves it now, when a queue would miss its target."""
    if not engine.break_policy.shrinks:
        return None
    if effect is None:
        others = of_desk(engine.breaks.open(), now, wish.id)
        effect = engine.break_effect([wish.agent], wish.lasts, now, others)
    queue = missed(effect)
    return None if queue is None else engine.shrunk(wish.agent, wish.kind, queue)


def may_be_granted(engine: "Engine", item: Break, now: float) -> bool:
    """By the house: nothing is against it, and every queue that can be predicted keeps its target, or loses nothing."""
    if item.kind not in engine.break_policy.automatic or (item.begins is not None and item.begins > now):
        return False
    if engine.is_off(item.agent) or engine.obstacles(item.agent, item.kind, item.lasts, now):
        return False
    if not engine.break_policy.shrinks:
        return True
    effect = engine.break_effect([item.agent], item.lasts, now, of_desk(engine.breaks.open(), now, item.id))
    said = any(each.before.level is not None and each.after.level is not None for each in effect.queues)
    return said and missed(effect) is None
