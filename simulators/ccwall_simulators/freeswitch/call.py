"""What is known of one call while it lives, and of one visit for the truth."""

from dataclasses import dataclass, field

from .leg import Leg
from .rows import Agent, Member, Queue


@dataclass(slots=True, eq=False)
class Ring:
    """An agent's leg. `called`: whole seconds, as it was rung; `bridged`: somebody talks on it."""

    agent: Agent
    leg: Leg
    queue: Queue
    member: Member
    called: int
    bridged: bool = False


@dataclass(slots=True, eq=False)
class Call:
    """`leg` is the caller's. `ringing` by interface. `withdrawn` are offers that are over, but not yet told. `third` is whom
    the caller was passed on to; `gone`: how its leg will be told to end."""

    key: str
    leg: Leg
    member: Member | None = None
    queue: Queue | None = None
    ringing: dict[str, Ring] = field(default_factory=dict)
    withdrawn: list[Ring] = field(default_factory=list)
    ring: Ring | None = None
    gone: str = "hangup_unqueued"
    third: Leg | None = None
    agent: str = ""
    """Whose call it is that no queue gave; empty for a caller's."""
    partner: Ring | None = None
    """Somebody whom another queue chose, and to whom the caller was put through."""
    passed_on: bool = False
    """The conversation goes on without the queue, and with another caller."""


@dataclass(slots=True)
class Seen:
    """How a visit looked from outside. `member`: CC-Member-UUID; `session`: the caller's channel."""

    session: str
    member: str
    caller: str
    agent: str = ""
