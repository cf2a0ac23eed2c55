"""Who can be given calls of which queues, now and in the next minutes."""

from collections.abc import Iterable, Sequence

import msgspec

from ccwall.engine.advice.plans import Planned, by_agent, without
from ccwall.engine.agents import by_kind, shown
from ccwall.engine.people import STAFF, UNABLE
from ccwall.engine.persons import Agent
from ccwall.engine.state import State
from ccwall.events import AgentId, QueueId


class Hand(msgspec.Struct, frozen=True, gc=False):
    """One person. ``queues`` that may give them calls; ``there``: the part of each step ahead in which they are to be had.

    ``busy``: in a call, or in anything else that comes before the next one.
    """

    id: AgentId
    queues: tuple[QueueId, ...]
    there: tuple[float, ...]
    here: bool
    """to be had now"""
    busy: bool
    status: str

    @property
    def share(self) -> float:
        """What one of their queues can count on, of a person."""
        return 1 / len(self.queues) if self.here and self.queues else 0.0


Crew = dict[AgentId, Hand]


def crew(state: State, now: float, plans: Iterable[Planned], steps: int) -> Crew:
    """Everybody who is to be had now, or who will be back within so many steps."""
    known, found = by_agent(plans, now), Crew()
    whole, none = (1.0,) * steps, (0.0,) * steps
    for id, agent in state.agents.items():
        if not agent.memberships:
            continue
        hand = _hand(state, agent, now, known.get(id, ()), (whole, none))
        if hand is not None:
            found[id] = hand
    return found


def _hand(
    state: State,
    agent: Agent,
    now: float,
    plans: Sequence[Planned],
    ends: tuple[tuple[float, ...], tuple[float, ...]],
) -> Hand | None:
    status, _ = shown(state, agent, now)
    status = by_kind(state, agent, status)
    if status in UNABLE:
        return None
    free = tuple(sorted({m.queue for m in agent.memberships if m.queue and not m.not_ready}))
    there, here = ends[0], bool(free)
    if not free:
        # Paused in all: who is in a call then leaves when it ends, and is back when the plan says so.
        running = [plan for plan in plans if plan.start <= now]
        if not running:
            return None
        free = tuple(sorted({m.queue for m in agent.memberships if m.queue}))
        there = without(there, 0.0, max(plan.end for plan in running) - now)
    for plan in plans:
        there = without(there, max(0.0, plan.start - now), plan.end - now)
    if not free or not (here or any(there)):
        return None
    return Hand(agent.id, free, there, here, here and STAFF.get(status) != "ready", status)


def away(hand: Hand, seconds: float) -> Hand:
    """The same, gone for so long from now on; who is in a call goes when it ends."""
    return msgspec.structs.replace(hand, there=without(hand.there, 0.0, seconds))


def served(hands: Iterable[Hand]) -> dict[QueueId, list[Hand]]:
    """By queue."""
    found: dict[QueueId, list[Hand]] = {}
    for hand in hands:
        for queue in hand.queues:
            found.setdefault(queue, []).append(hand)
    return found
