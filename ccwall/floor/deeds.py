"""What the acts of the floor's domains have in common: words of arguments, scope, and who was faster."""

from typing import Annotated

import msgspec
from msgspec import Meta

from ccwall.engine.desk.deeds import Deed
from ccwall.events import AgentId, Principal
from ccwall.floor.acts import LEADS, Bench
from ccwall.floor.wish import Mistaken, NotNow, NotThere, Roster

EARLIEST, LATEST = 946_684_800.0, 4_102_444_800.0
"""2000 to 2100"""
NOTE, TEXT, WORD = 200, 400, 80

Id = Annotated[str, Meta(min_length=1, max_length=128)]
Instant = Annotated[float, Meta(ge=EARLIEST, le=LATEST)]
Note = Annotated[str, Meta(max_length=NOTE * 4)]
Text = Annotated[str, Meta(max_length=TEXT * 4)]
Word = Annotated[str, Meta(max_length=WORD * 4)]
"""Looked at more closely by `ccwall.floor.words`, whose objections say how many characters are allowed."""

DECIDES = LEADS - {"lead"}
"""Who says that something is an incident, and that it is over."""


class Args(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all arguments."""


def sees_team(principal: Principal, team: str) -> bool:
    """Nobody's is everybody's."""
    return not team or principal.teams is None or team in principal.teams


def sees_agent(roster: Roster, principal: Principal, agent: AgentId, team: str = "") -> bool:
    """``team``: of the agent, where that was remembered."""
    if principal.agent is not None and agent == principal.agent:
        return True
    if principal.role == "agent":
        return False
    if principal.queues is not None:
        there = roster.memberships(agent) or ()
        if not any(post.queue in principal.queues for post in there):
            return False
    return principal.teams is None or (team or roster.team(agent)) in principal.teams


def not_there(kind: str, id: str) -> NotThere:
    return NotThere(f"There is no {kind} {id!r} here.")


def faster(thing: str, deed: Deed, done: str) -> NotNow:
    """Somebody did it before: who, and when."""
    who = "the house" if deed.by is None else deed.by.name or deed.by.id
    return NotNow(f"{thing} was {done} by {who}.", done=done, by=who, at=deed.at)


def until_of(bench: Bench, where: str, until: float, longest: float) -> float:
    """An instant to come, not too far away."""
    if until <= bench.now:
        raise Mistaken(where, "is over already")
    if until > bench.now + longest:
        raise Mistaken(where, f"is more than {longest / 86400:g} days away")
    return until
