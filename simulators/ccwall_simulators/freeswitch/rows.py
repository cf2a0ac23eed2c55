"""The tables of mod_callcenter: agents, tiers, queues, and the members who wait in them."""

from dataclasses import dataclass, field
from typing import Literal

WAITING, TRYING, ANSWERED, ABANDONED = "Waiting", "Trying", "Answered", "Abandoned"
AVAILABLE, ON_BREAK, LOGGED_OUT, ON_DEMAND = "Available", "On Break", "Logged Out", "Available (On Demand)"
SYSTEM = "single_box"
RING_ALL = "ring-all"

Strategy = Literal[
    "ring-all", "round-robin", "longest-idle-agent", "agent-with-fewest-calls", "top-down", "random"
]
STRATEGIES: dict[str, Strategy] = {
    "ringall": "ring-all",
    "rrmemory": "round-robin",
    "leastrecent": "longest-idle-agent",
    "fewestcalls": "agent-with-fewest-calls",
    "linear": "top-down",
    "random": "random",
}


@dataclass(slots=True, eq=False, kw_only=True)
class Agent:
    """`dark`: the phone is logged off. `said_status` is what somebody set by hand, and the floor has no word for."""

    name: str
    interface: str
    phone: str
    contact: str
    status: str = LOGGED_OUT
    state: str = WAITING
    uuid: str = ""
    max_no_answer: int = 3
    wrap_up: int = 0
    last_bridge_start: int = 0
    last_bridge_end: int = 0
    last_offered: int = 0
    last_status_change: int = 0
    no_answer_count: int = 0
    calls_answered: int = 0
    talk_time: int = 0
    ready_time: int = 0
    own_calls: int = 0
    dark: bool = False
    said_status: str = ""


@dataclass(slots=True, eq=False)
class Tier:
    queue: str
    agent: str
    level: int
    position: int
    paused: bool = False
    state: str = "Ready"


@dataclass(slots=True, eq=False, kw_only=True)
class Member:
    """A caller in a queue, as `queue list members` tells it. `joined` is the first time of one who came back, `rejoined`
    the last, or 0."""

    queue: str
    uuid: str
    session: str
    number: str
    name: str
    system: int
    joined: int
    rejoined: int = 0
    bridged: int = 0
    abandoned: int = 0
    agent: str = ""
    agent_system: str = ""
    state: str = WAITING

    @property
    def latest(self) -> int:
        return self.rejoined or self.joined


@dataclass(slots=True, eq=False)
class Queue:
    name: str
    strategy: str
    resumes: bool
    max_wait: int
    no_answer_status: str = ON_BREAK
    answered: int = 0
    abandoned: int = 0
    members: dict[str, Member] = field(default_factory=dict)

    def count(self) -> int:
        """`members-count`: who waits or is being offered."""
        return sum(member.state in (WAITING, TRYING) for member in self.members.values())
