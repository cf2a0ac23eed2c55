"""What really happened: the complete story of every visit, attempt and person, as plain records.

Instants are epoch seconds and multiples of 1/8 s, so that every difference is exact. `NEVER` stands for what is still to come.
A record may be cut at any moment: what lies behind that moment has not happened yet.
"""

import math
from dataclasses import dataclass, field

from ccwall.events import Policy

NEVER = math.inf
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Alert:
    """One try to give a visit to one person. ``how``: picked, missed, declined, cancelled."""

    agent: str
    at: float
    end: float
    how: str


@dataclass(frozen=True, slots=True)
class Wrap:
    """After-call work from ``start`` to ``end``; ``until`` is the end foretold, None when nobody foretold one."""

    start: float
    end: float
    until: float | None


@dataclass(frozen=True, slots=True)
class Rating:
    """``score`` of ``best``; sometimes one that cannot be."""

    at: float
    score: float
    best: float


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one party to one queue.

    ``fate``: answered, abandoned, flowed_out, callback, error, lost, open. ``left`` is the end of the wait. ``timed``: the
    wait is known. ``seen``: the conversation's beginning was seen. ``end``: agent, caller, transfer, lost. ``blurred``: told
    first as an abandon of unknown cause.
    """

    id: str
    queue: str
    source: str
    queued: float
    call: str = ""
    caller: str = ""
    timed: bool = True
    fate: str = "open"
    left: float = NEVER
    cause: str = ""
    agent: str = ""
    alerts: tuple[Alert, ...] = ()
    seen: bool = True
    talk_end: float = NEVER
    end: str = ""
    holds: tuple[tuple[float, float], ...] = ()
    wrap: Wrap | None = None
    blurred: bool = False
    learned: float = -NEVER
    """when it was found out that it, or its conversation, was lost"""
    ratings: tuple["Rating", ...] = ()
    phone: bool = False
    """the phone says in_use while the conversation lasts"""


@dataclass(frozen=True, slots=True)
class Refusal:
    id: str
    queue: str
    source: str
    at: float
    cause: str


@dataclass(frozen=True, slots=True)
class Unseen:
    queue: str
    source: str
    at: float
    visits: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach one party. An instant that never came is `NEVER`. ``end``: completed, failed or empty."""

    id: str
    queue: str
    source: str
    agent: str
    planned: float = NEVER
    dialled: float = NEVER
    connected: float = NEVER
    ended: float = NEVER
    end: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that was so from ``start`` to ``end``; ``what`` says of which queue, kind or phone."""

    start: float
    end: float
    what: str = ""
    kinds: tuple[tuple[float, str], ...] = ()
    """of a break: (since, reason), the first at ``start``"""

    def holds_at(self, moment: float) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Person:
    """``memberships`` by queue; ``pauses`` by queue; ``busy``, ``faults`` and ``told`` (the phone was told of) of the person."""

    id: str
    memberships: tuple[Span, ...] = ()
    pauses: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    faults: tuple[Span, ...] = ()
    phone_from: float = NEVER


@dataclass(frozen=True, slots=True)
class Outage:
    """``source`` was not heard from ``down`` to ``up``, and had said everything again by ``up``."""

    source: str
    down: float
    up: float
    restart: bool = False


@dataclass(slots=True)
class Story:
    """A whole simulated stretch of time. ``policies`` by the moment they took effect; ``sites`` by source."""

    start: float
    end: float
    policies: list[tuple[float, Policy]]
    sites: dict[str, str]
    queues: dict[str, str]
    """the source of each queue"""
    visits: list[Visit] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)

    def policy(self, now: float) -> Policy:
        """The one in force."""
        return [policy for since, policy in self.policies if since <= now][-1]

    def known_at(self, source: str, now: float) -> float:
        """Now, or the moment from which on nobody hears this source."""
        for outage in self.outages:
            if outage.source == source and outage.down <= now < outage.up:
                return outage.down
        return now
