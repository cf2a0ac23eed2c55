"""Agents on the board, and how many of them are in which state: each person counted once."""

from ccwall.engine.agents import shown
from ccwall.engine.day import Frame
from ccwall.engine.missed import day_touched
from ccwall.engine.state import Agent, AgentDay, Membership, State, short_name
from ccwall.engine.words import KINDS, kind_of
from ccwall.events import QueueId

LIMITS = {"talking": 300.0, "hold": 60.0} | dict.fromkeys(KINDS, 900.0)
"""How long a state may last, seconds: the floor's rules F9 (common questions), F7 (hold), F1 (leaving the desk)."""

STAFF = {
    "ready": "ready",
    "ringing": "busy",
    "talking": "busy",
    "hold": "busy",
    "busy": "busy",
    "wrap": "wrap",
}
STAFF |= dict.fromkeys(KINDS, "not_ready")
"""State to the head count it is in; ``fault`` and ``unknown`` are in ``staffed`` alone."""

HEADS = ("staffed", "ready", "busy", "wrap", "not_ready")

NOBODY = AgentDay()

Share = tuple[str, list[str], dict[str, str]]
"""What one agent adds: the state, the heads of the floor, and the head in each queue."""


def agent_object(state: State, agent: Agent, day: Frame, now: float) -> dict[str, object]:
    """One agent as the board shows it."""
    card = state.policy.agents.get(agent.id)
    paused = last_not_ready(agent)
    status, since = shown(state, agent, now)
    kind = ""
    if paused is not None and agent.not_ready_since is not None:
        kind = kind_of(paused.reason, state.policy.not_ready_kinds)
    if status == "not_ready":
        status = kind
    own = agent.days.get(day.start, NOBODY)
    until = agent.wrap.until if status == "wrap" and agent.wrap is not None else None
    board: dict[str, object] = {
        "name": agent.name or short_name(agent.id),
        "names": dict(card.names) if card is not None else {},
        "state": status,
        "queues": sorted({m.queue for m in agent.memberships if m.queue}),
        "answered": own.answered,
        "talk": own.talk / 1000,
        "not_ready_in": not_ready_in(agent),
    }
    conversation = min((call.answered for call in agent.calls.values()), default=None)
    optional: tuple[tuple[str, object], ...] = (
        ("team", card.team or None if card is not None else None),
        ("seat", card.seat if card is not None else None),
        ("reason", (paused.reason or None) if kind and paused is not None else None),
        ("kind", kind or None),
        ("since", since),
        ("until", until),
        ("limit", LIMITS.get(status)),
        ("source", agent.source),
        ("contact_since", conversation),
    )
    board.update((key, value) for key, value in optional if value is not None)
    if day_touched(state, agent, day.start, day.end):
        board["incomplete"] = True
    return board


def last_not_ready(agent: Agent) -> Membership | None:
    """The membership whose reason was told last; None when the agent is ready in all."""
    paused = [m for m in agent.memberships if m.not_ready]
    return max(paused, key=lambda m: m.told) if paused else None


def not_ready_in(agent: Agent) -> list[str]:
    """Queues that may give this agent nothing, by any interface."""
    open_in = {m.queue for m in agent.memberships if not m.not_ready}
    return sorted({m.queue for m in agent.memberships if m.not_ready and m.queue} - open_in)


class Heads:
    """Head counts, kept up to date by what each agent adds to them."""

    __slots__ = ("_mine", "floor", "queues", "states")

    def __init__(self) -> None:
        self.states: dict[str, int] = {}
        self.floor: dict[str, int] = dict.fromkeys(HEADS, 0)
        self.queues: dict[str, dict[str, int]] = {}
        self._mine: dict[str, Share] = {}

    def put(self, agent: Agent, status: str) -> set[QueueId]:
        """Count an agent as being in this state; the queues whose counts changed."""
        head = STAFF.get(status, "")
        floor = [part for part in ("staffed", head) if part and agent.memberships]
        mine: Share = (status, floor, dict.fromkeys((m.queue for m in agent.memberships if m.queue), head))
        if head == "ready":
            mine[2].update(dict.fromkeys(not_ready_in(agent), "not_ready"))
        before = self._mine.get(agent.id)
        if before == mine:
            return set()
        if before is not None:
            self._add(before, -1)
        self._mine[agent.id] = mine
        self._add(mine, 1)
        return {QueueId(queue) for queue in [*mine[2], *(before[2] if before is not None else ())]}

    def remove(self, agent: str) -> set[QueueId]:
        before = self._mine.pop(agent, None)
        if before is None:
            return set()
        self._add(before, -1)
        return {QueueId(queue) for queue in before[2]}

    def of(self, queue: str) -> dict[str, int]:
        return self.queues.get(queue, {})

    def _add(self, mine: Share, n: int) -> None:
        status, floor, queues = mine
        if total := self.states.get(status, 0) + n:
            self.states[status] = total
        else:
            del self.states[status]
        for head in floor:
            self.floor[head] += n
        for queue, head in queues.items():
            counts = self.queues.setdefault(queue, dict.fromkeys(HEADS, 0))
            counts["staffed"] += n
            if head:
                counts[head] += n
