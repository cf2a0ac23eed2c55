"""What the books are made of: visits to queues, and outbound attempts.

Everything here is changed by the reducers and by nobody else.
"""

from typing import Literal

import msgspec

from ccwall.events import AgentId, ContactId, Direction, QueueId, SourceId

Rang = tuple[Literal["missed", "declined", "cancelled"], float, tuple[AgentId, ...]]
"""How alerting attempts ended, when, and at whom."""
Outcome = Literal["open", "answered", "abandoned", "flowed_out", "lost"]
End = Literal["", "caller", "agent", "transfer", "lost", "unknown"]

GHOST = "ghost"
"""The cause of an end that nobody told: `ccwall.engine.ghosts`."""


class Contact(msgspec.Struct, kw_only=True, gc=False):
    """One visit of one party to one queue. Read-only to everyone but the reducers.

    ``outcome`` is how the wait ended; ``end`` who ended the conversation, or the wait. An answered contact whose
    conversation was lost stays ``answered`` with end ``lost``. One that was believed lost by time alone has the cause
    `GHOST`. ``wait`` and ``talk`` are None while unknown.
    """

    id: ContactId
    source: SourceId
    queue: QueueId
    queue_name: str = ""
    call: str = ""
    direction: Direction = "in"
    caller: str = ""
    caller_name: str = ""
    queued: float
    outcome: Outcome = "open"
    cause: str = ""
    answered: float | None = None
    ended: float | None = None
    end: End = ""
    wait: float | None = None
    declared_wait: float | None = None
    talk: float | None = None
    agent: AgentId | None = None
    agent_name: str = ""
    member: str = ""
    interface: str = ""
    inferred: bool = False
    repeat: int = 0
    """Earlier calls of the same caller in the 24 hours before, as far as known at arrival."""
    team: str = ""
    """Of the agent who answered; else of whom it rang at last; else, and while it waits, of the queue."""
    holds: int = 0
    rang: tuple[Rang, ...] = ()
    """The alerting attempts that ended without an answer."""
    rated: float | None = None
    """When the rating that counts, the party's last one, was given."""
    satisfied: bool = False
    """Whether that rating is in the top two boxes of five."""
    # Below: the engine's own book-keeping.
    wait_known: bool = True
    exit_known: bool = True
    """False when the wait ended nobody knows when: answered while the source was not heard."""
    answer_seen: bool = True
    """False when the answer was told by a snapshot, so that the talk time is too short to be averaged."""
    wrap: float = 0.0
    epoch: int = 0
    """The source's resync in which, or after which, this contact was last spoken of."""
    told: float = 0.0
    """When anything was last told of it."""
    alerting: dict[AgentId, float] = {}
    """Who is shown as being rung, and since when."""
    rung: dict[AgentId, tuple[float, bool]] = {}
    """While it waits: the last alerting attempt at each agent, when it began, and whether it is still undecided."""
    alerted: AgentId | None = None
    leg: float = 0.0
    """When the present leg of the conversation began: the answer, the last hold or the last retrieval."""
    hold_since: float | None = None
    hold_closed: float = 0.0
    hold_longest: float = 0.0
    """Σ and maximum of the holds that ended by a retrieval."""

    @property
    def hold(self) -> float:
        """Seconds on hold, of finished holds; the end of the conversation finishes the last."""
        return self.hold_closed + self._last_hold

    @property
    def longest_hold(self) -> float:
        return max(self.hold_longest, self._last_hold)

    @property
    def _last_hold(self) -> float:
        if self.hold_since is None or self.ended is None:
            return 0.0
        return max(0.0, self.ended - self.hold_since)

    @property
    def decided(self) -> float | None:
        """When the wait ended; None while it lasts."""
        return self.answered if self.outcome == "answered" else self.ended

    @property
    def is_ghost(self) -> bool:
        return self.cause == GHOST

    @property
    def is_waiting(self) -> bool:
        return self.outcome == "open"

    @property
    def is_talking(self) -> bool:
        return self.outcome == "answered" and self.ended is None


class Attempt(msgspec.Struct, kw_only=True, gc=False):
    """One try to reach one party. Each moment is that of the fact that told it; ``ended`` by ``outcome``.

    ``talking``: its conversation goes on. ``team``: of the agent, of the queue while nobody dials.
    """

    id: str
    source: SourceId
    queue: QueueId
    agent: AgentId | None = None
    team: str = ""
    planned: float | None = None
    dialled: float | None = None
    connected: float | None = None
    ended: float | None = None
    outcome: Literal["", "completed", "failed"] = ""
    cause: str = ""
    talking: bool = False
    epoch: int = 0
    last: float = 0.0
    """The latest of its moments."""

    @property
    def talk(self) -> float | None:
        """Seconds; None while unknown."""
        if self.ended is None or self.connected is None:
            return None
        return max(0.0, self.ended - self.connected)
