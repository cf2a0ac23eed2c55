"""How many may leave, and who would be missing: target and minimum staff."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from ccwall.engine.advice.chain import SPANS
from ccwall.engine.advice.crew import Crew, Hand, away, crew
from ccwall.engine.advice.look import Look
from ccwall.engine.advice.plans import BIN, Planned
from ccwall.engine.prospects import Prospects
from ccwall.engine.scope import Scope
from ccwall.engine.shift import people_of
from ccwall.engine.state import State
from ccwall.events import AgentId, QueueId

LENGTH = 900.0


class Room(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """So many may leave now for a quarter of an hour, and every queue they serve is still expected to keep its target.

    ``many`` is None where it cannot be said. ``queue`` is the first that would not, with one more.
    """

    many: int | None = None
    of: int = 0
    queue: QueueId | None = None
    why: Literal["", "too_little_data", "nobody"] = ""


def how_many_may_leave(
    state: State,
    scope: Scope,
    now: float,
    prospects: Prospects,
    plans: Sequence[Planned] = (),
    seconds: float = LENGTH,
) -> Room:
    """Of a queue, a team, a line, a site or the floor: who is ready goes first, then who does most nearly nothing else."""
    look = Look(state, now, prospects, plans)
    there = {agent.id for agent in people_of(state, scope)}
    hands = sorted((hand for hand in look.crew.values() if hand.id in there and hand.here), key=_first)
    if not hands:
        return Room(why="nobody")
    touched = sorted({queue for hand in hands for queue in hand.queues if queue in state.queues})
    if scope.kind == "queue":
        touched = [queue for queue in touched if queue == scope.id]
    said = [queue for queue in touched if not look.traffic(queue).why]
    if not said:
        return Room(of=len(hands), why="too_little_data")

    def short(many: int) -> QueueId | None:
        """The first queue that would miss its target."""
        gone = look.changed(away(hand, seconds) for hand in hands[:many])
        for queue in said:
            level = gone.middle(queue, SPANS[0].steps)
            if level is not None and level < look.traffic(queue).target:
                return queue
        return None

    low, high, broken = -1, len(hands) + 1, None
    while high - low > 1:
        trial = (low + high) // 2 if low >= 0 else 0
        missed = short(trial) if trial <= len(hands) else None
        if missed is None:
            low = trial
        else:
            high, broken = trial, missed
    return Room(many=max(0, low), of=len(hands), queue=broken)


def _first(hand: Hand) -> tuple[bool, int, str]:
    return hand.busy, len(hand.queues), hand.id


class Missing(msgspec.Struct, frozen=True, gc=False):
    """Fewer people at work than the least that is wanted, at its worst."""

    scope: Scope
    people: float
    minimum: int
    start: float
    """when it begins, epoch seconds, to five minutes"""


def below_minimum(
    state: State,
    agents: Iterable[AgentId],
    seconds: float,
    now: float,
    minimum: Mapping[Scope, int],
    plans: Sequence[Planned] = (),
) -> tuple[Missing, ...]:
    """Where fewer than wanted would be at work within this break, in the order of `minimum`; without `agents`, where they
    are. Who is logged on counts, in a call or not; who is on a break does not."""
    steps = max(1, -int(-seconds // BIN))
    known = crew(state, now, plans, steps)
    known |= {id: away(known[id], seconds) for id in agents if id in known}
    found = []
    for scope, least in minimum.items():
        there = _there(state, scope, known, steps)
        worst = min(there)
        if worst < least:
            first = next(k for k, people in enumerate(there) if people < least)
            found.append(Missing(scope, round(worst, 2), least, now + first * BIN))
    return tuple(found)


def _there(state: State, scope: Scope, known: Crew, steps: int) -> list[float]:
    """People at work, by step."""
    if scope.kind == "queue":
        mine = [hand for hand in known.values() if scope.id in hand.queues]
    elif scope.kind == "line":
        mine = [
            hand
            for hand in known.values()
            if any(state.card(queue).line == scope.id for queue in hand.queues)
        ]
    else:
        mine = [known[agent.id] for agent in people_of(state, scope) if agent.id in known]
    return [round(sum(hand.there[k] for hand in mine), 6) for k in range(steps)]
