"""What is known of one call while it lives, and of one visit for the truth."""

from dataclasses import dataclass, field

from .acd import Entry
from .channel import Channel
from .leg import Leg
from .local_leg import LocalLeg
from .transfer import Third


@dataclass(slots=True, eq=False)
class Stay:
    """One visit of a call to a queue."""

    visit: int
    queue: str
    entry: Entry
    answered: float = 0.0
    wait: int = 0


@dataclass(slots=True, eq=False)
class Call:
    """`line` is the channel that queues and talks: the caller's own, or the far half of a Local channel whose agent
    passed the caller on. `passed` are those agents' legs, which their queues believe to be talking still."""

    key: str
    caller: Channel
    line: Channel
    stay: Stay | None = None
    ringing: dict[str, Leg] = field(default_factory=dict)
    withdrawn: list[Leg] = field(default_factory=list)
    leg: Leg | None = None
    passed: list[tuple[LocalLeg, Stay]] = field(default_factory=list)
    third: Third | None = None
    hung_up: bool = False
    """The caller's end has hung up; else the dialplan will."""
    gave_up: bool = False
    """It hung up while it waited."""
    agent: str = ""
    """Whose call it is that no queue gave; empty for a caller's."""
    partner: Leg | None = None
    """Somebody whom another queue chose, and to whom the caller was put through."""


@dataclass(slots=True)
class Seen:
    """How a visit looked from outside: its Uniqueid, the caller's number, the name of the member who answered, and, if it waited when the
    exchange was shut down cleanly, when: the exchange then says, and logs, that it abandoned."""

    uid: str
    caller: str = ""
    member: str = ""
    shut_down: float | None = None
