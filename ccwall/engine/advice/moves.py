"""Whom to move from which queue to which (调岗): from where the target is kept with room to spare to where it will be missed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from ccwall.engine.advice.chain import SPANS
from ccwall.engine.advice.crew import Hand
from ccwall.engine.advice.look import Changed, Look
from ccwall.engine.advice.plans import Planned
from ccwall.engine.advice.road import levels
from ccwall.engine.band import Band
from ccwall.engine.prospects import Prospects
from ccwall.engine.scope import Scope
from ccwall.engine.state import State
from ccwall.events import AgentId, QueueId

MOST = 5
STEPS = SPANS[0].steps
GAIN = 0.01
"""of service level that a new proposal must bring where it goes"""
MARGIN = 0.02
"""A new proposal leaves the giver so far above its target, and goes to whom is so far below his; one that was made before stands
until either passes the target itself, the receiver by as much."""
TRIED = 3
"""givers for each receiver"""


class Move(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One person, from one queue to another; service levels of the next 15 minutes, with all moves before this one done.

    ``joins``: the person does not serve ``to`` yet and is to be added; else it is enough to take them out of ``from_queue``.
    ``ready``: free now; else they come when the call ends.
    """

    agent: AgentId
    from_queue: QueueId
    to_queue: QueueId
    ready: bool
    joins: bool
    from_before: Band
    from_after: Band
    to_before: Band
    to_after: Band
    reason: Literal["skill", "member"]
    """by the roster's word, or because they serve both"""

    @property
    def key(self) -> tuple[AgentId, QueueId, QueueId]:
        return self.agent, self.from_queue, self.to_queue


def moves(
    state: State,
    now: float,
    prospects: Prospects,
    plans: Sequence[Planned] = (),
    *,
    minimum: Mapping[Scope, int] | None = None,
    last: Iterable[Move] = (),
) -> list[Move]:
    """The best first, at most five, nobody twice; each with those before it done, so that all together are safe too.

    ``last`` is what was proposed at the look before: it stands while it is still right, so that proposals do not flap.
    """
    look, found = Look(state, now, prospects, plans), list[Move]()
    least = {QueueId(scope.id): n for scope, n in (minimum or {}).items() if scope.kind == "queue"}
    before = {move.key for move in last}
    here, taken = look.as_it_is(), set[AgentId]()
    while len(found) < MOST:
        best = _best(look, here, least, taken, before)
        if best is None:
            break
        found.append(best)
        taken.add(best.agent)
        hand = here.crew[best.agent]
        here = Changed(look, {**here.crew, hand.id: _moved(hand, best.from_queue, best.to_queue)})
    return found


Key = tuple[AgentId, QueueId, QueueId]


def _best(
    look: Look, here: Changed, least: Mapping[QueueId, int], taken: set[AgentId], before: set[Key]
) -> Move | None:
    """For whom it is worst, from whom it costs least."""
    levels_now = {
        queue: level
        for queue in sorted(look.state.queues)
        if (level := here.middle(queue, STEPS)) is not None
    }
    targets = {queue: look.traffic(queue).target for queue in levels_now}
    wanting = sorted(
        (queue for queue, level in levels_now.items() if level < targets[queue] + MARGIN),
        key=lambda queue: (levels_now[queue] - targets[queue], queue),
    )
    for to in wanting:
        able = [
            queue
            for queue in sorted(levels_now, key=lambda each: (targets[each] - levels_now[each], each))
            if queue != to and levels_now[queue] >= targets[queue]
        ]
        offers = list(_offers(look, here, to, able, levels_now, least, taken, before))
        if offers:
            _, _, move = max(offers, key=lambda offer: (offer[1], offer[0], *_order(offer[2])))
            return move
    return None


def _order(move: Move) -> tuple[bool, tuple[int, ...]]:
    """Who is free first; then always the same one."""
    return move.ready, tuple(-ord(letter) for letter in move.agent)


def _offers(
    look: Look,
    here: Changed,
    to: QueueId,
    able: Sequence[QueueId],
    levels_now: Mapping[QueueId, float],
    least: Mapping[QueueId, int],
    taken: set[AgentId],
    before: set[Key],
) -> Iterator[tuple[float, bool, Move]]:
    """The gain of both together, whether it was proposed before, and the move."""
    tried = 0
    for giver in able:
        for hand, old in _candidates(look, here, giver, to, taken, before):
            own, other = look.traffic(giver), look.traffic(to)
            if levels_now[to] >= other.target - MARGIN and not old:
                continue
            after = Changed(look, {**here.crew, hand.id: _moved(hand, giver, to)})
            if after.heads(giver, STEPS) < max(1, least.get(giver, 1)):
                continue
            kept, gets = after.middle(giver, STEPS), after.middle(to, STEPS)
            if kept is None or gets is None or kept < own.target + (0.0 if old else MARGIN):
                continue
            gain = (gets - levels_now[to]) * other.rate - (levels_now[giver] - kept) * own.rate
            if gets - levels_now[to] < (GAIN / 2 if old else GAIN) or gain <= 0:
                continue
            if not _others_stand(look, here, after, hand, giver, to):
                continue
            yield gain, old, _told(here, after, hand, giver, to)
            tried += 1
            break
        if tried >= TRIED:
            return


def _others_stand(look: Look, here: Changed, after: Changed, hand: Hand, giver: QueueId, to: QueueId) -> bool:
    """No third queue of theirs falls below its target by it."""
    for queue in hand.queues:
        if queue in (giver, to):
            continue
        was, then = here.middle(queue, STEPS), after.middle(queue, STEPS)
        if was is not None and then is not None and then < min(was, look.traffic(queue).target) - 1e-9:
            return False
    return True


def _candidates(
    look: Look, here: Changed, giver: QueueId, to: QueueId, taken: set[AgentId], before: set[Key]
) -> list[tuple[Hand, bool]]:
    """Who could go, one of each kind: those proposed before first, then who is free and serves least else."""
    found = [
        (hand, (hand.id, giver, to) in before)
        for hand in here.people.get(giver, ())
        if hand.here and hand.id not in taken and (to in hand.queues or is_skilled(look.state, hand.id, to))
    ]
    found.sort(key=lambda each: (not each[1], each[0].busy, len(each[0].queues), each[0].id))
    kinds, first = set[object](), list[tuple[Hand, bool]]()
    for hand, old in found:
        kind = (old, hand.queues, hand.busy, hand.there)
        if kind not in kinds:
            kinds.add(kind)
            first.append((hand, old))
    return first[:TRIED]


def is_skilled(state: State, agent: AgentId, queue: QueueId) -> bool:
    """By the roster: a skill is called as the queue, its line, or one of its names; or they are a member of it, paused."""
    known = state.agents.get(agent)
    if known is not None and any(m.queue == queue for m in known.memberships):
        return True
    card, own = state.policy.agents.get(agent), state.card(queue)
    if card is None or not card.skills:
        return False
    names = {queue, queue.partition("/")[2], own.line, *own.names.values()} - {""}
    if (told := state.queues.get(queue)) is not None:
        names.add(told.name)
    return not names.isdisjoint(card.skills)


def _moved(hand: Hand, giver: QueueId, to: QueueId) -> Hand:
    queues = tuple(sorted(({*hand.queues} - {giver}) | {to}))
    return msgspec.structs.replace(hand, queues=queues)


def _told(here: Changed, after: Changed, hand: Hand, giver: QueueId, to: QueueId) -> Move:
    minutes = SPANS[0].minutes
    bands = [levels(people.ends(queue))[minutes] for queue in (giver, to) for people in (here, after)]
    return Move(
        agent=hand.id,
        from_queue=giver,
        to_queue=to,
        ready=not hand.busy,
        joins=to not in hand.queues,
        from_before=bands[0],
        from_after=bands[1],
        to_before=bands[2],
        to_after=bands[3],
        reason="member" if to in hand.queues else "skill",
    )
