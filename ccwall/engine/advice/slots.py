"""When in the next hour a break would hurt least."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from ccwall.engine.advice.chain import NOBODY, SPANS, Net, Path, Values, left, product, read
from ccwall.engine.advice.crew import Hand
from ccwall.engine.advice.look import Look
from ccwall.engine.advice.plans import BIN, Planned
from ccwall.engine.advice.road import Ends, middle
from ccwall.engine.prospects import Prospects
from ccwall.engine.state import State
from ccwall.events import AgentId, QueueId

SLOTS = 13
"""Now, and every five minutes of the next hour."""
LONGEST = SPANS[-1].steps
ALIKE = 0.005
"""What differs by less is as good: the earlier is taken."""


class Slot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A break that begins ``wait`` seconds from now. Service levels are of its first 15 to 30 minutes, by its length.

    ``level`` and ``before``, with the break and without it, are of the queue touched that fares worst against its target;
    ``floor`` is of all queues together.
    """

    start: float
    wait: float
    queue: QueueId | None = None
    level: float | None = None
    before: float | None = None
    floor: float | None = None
    is_best: bool = False


class Slots(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``best`` is one of ``slots``, the earliest of those that are as good."""

    agent: AgentId
    seconds: float
    slots: tuple[Slot, ...] = ()
    best: Slot | None = None
    why: Literal["", "too_little_data", "nobody", "unknown_agent", "not_at_work"] = ""


def break_slots(
    state: State,
    agent: AgentId,
    seconds: float,
    now: float,
    prospects: Prospects,
    plans: Sequence[Planned] = (),
) -> Slots:
    if agent not in state.agents:
        return Slots(agent=agent, seconds=seconds, why="unknown_agent")
    span = min(LONGEST, max(SPANS[0].steps, round(seconds / BIN)))
    look = Look(state, now, prospects, plans, SLOTS - 1 + span)
    hand = look.crew.get(agent)
    if hand is None:
        return Slots(agent=agent, seconds=seconds, why="not_at_work")
    before = look.as_it_is()
    said = [
        queue for queue in hand.queues if queue in state.queues and before.middle(queue, span) is not None
    ]
    if not said:
        return Slots(agent=agent, seconds=seconds, why="too_little_data")
    found = {queue: _of_queue(before.ends(queue), hand, seconds, span) for queue in said}
    others = _others(look, said)
    slots = [_slot(look, found, others, k) for k in range(SLOTS)]
    best = _best(slots)
    slots[best] = msgspec.structs.replace(slots[best], is_best=True)
    return Slots(agent=agent, seconds=seconds, slots=tuple(slots), best=slots[best])


Pairs = list[tuple[float, float]]
"""With and without the break, by slot."""


def _slot(look: Look, found: dict[QueueId, Pairs], others: tuple[float, float], k: int) -> Slot:
    queue = min(found, key=lambda each: (found[each][k][0] - look.traffic(each).target, each))
    level, before = found[queue][k]
    hits, calls = others
    for each, pairs in found.items():
        own = look.traffic(each)
        hits += own.rate * own.course[k] * pairs[k][0]
        calls += own.rate * own.course[k]
    return Slot(
        start=look.now + k * BIN,
        wait=k * BIN,
        queue=queue,
        level=round(level, 3),
        before=round(before, 3),
        floor=round(hits / calls, 3) if calls else None,
    )


def _best(slots: Sequence[Slot]) -> int:
    highest = max(slot.level or 0.0 for slot in slots)
    return next(k for k, slot in enumerate(slots) if (slot.level or 0.0) >= highest - ALIKE)


def _others(look: Look, said: Sequence[QueueId]) -> tuple[float, float]:
    """Hits and calls, a second, of the queues that this person does not serve: as the board predicts them."""
    hits = calls = 0.0
    for queue in look.state.queues:
        known = None if queue in said else look.outlook(queue)
        if known is not None and known.rate and known.forecast is not None:
            calls += known.rate
            hits += known.rate * known.forecast[SPANS[0].minutes][1]
    return hits, calls


def _of_queue(asked: Ends, hand: Hand, seconds: float, span: int) -> Pairs:
    both = [_of_path(path, hand, seconds, span) for path in (asked.busy, asked.quiet)]
    pairs = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in zip(*both, strict=True)]
    # Of now it is known who waits, and how long.
    now = middle(asked, span)
    first = pairs[0]
    pairs[0] = max(0.0, min(1.0, now + first[0] - first[1])), now
    return pairs


def _of_path(path: Path, hand: Hand, seconds: float, span: int) -> Pairs:
    masses, found = path.masses(SLOTS - 1), Pairs()
    nets: dict[tuple[int, float], Net] = {}
    values: dict[tuple[int, ...], Values] = {}

    def valued(steps: Sequence[Net]) -> Values:
        key = tuple(id(net) for net in steps)
        if key not in values:
            values[key] = Path.over(steps).mean(0, len(steps))
        return values[key]

    def less(net: Net, part: float) -> Net:
        """With so much of a person less."""
        if part <= 0:
            return net
        known = nets.get((id(net), part))
        if known is None:
            course = msgspec.structs.replace(net.course, capacity=max(NOBODY, net.course.capacity - part))
            known = nets[id(net), part] = Net(course, net.best)
        return known

    for k, mass in enumerate(masses):
        steps = path.nets[k : k + span]
        gone = [
            less(net, hand.there[k + n] * min(1.0, max(0.0, seconds / BIN - n)))
            for n, net in enumerate(steps)
        ]
        without = product(mass, valued(steps))
        if k == 0 and hand.busy and gone[0] is not steps[0]:
            there = read(gone[0].nodes, valued(gone), [max(0.0, path.present - 1)])[0]
        elif k == 0:
            there = read(gone[0].nodes, valued(gone), [path.present])[0]
        else:
            there = product(mass, read(gone[0].nodes, valued(gone), left(steps[0], gone[0].course.capacity)))
        found.append((there, without))
    return found
