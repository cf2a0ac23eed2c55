"""What really happened, with the names under which it was seen on this switch."""

from collections.abc import Mapping, Sequence

import msgspec

from ccwall_simulators.callcentre import contract
from ccwall_simulators.callcentre.contract import Floor

from .call import Seen
from .names import queue_name

CAUSES = {"empty": "no_agents"}
"""What a queue without agents does here is to give its callers up after some time."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One visit. `call` is the UUID of the caller's channel, `member` the CC-Member-UUID, which one who came back shares
    with the visit before; `person` the agent's key on the floor. Instants are exact. None is where there is nothing to say."""

    queue: str
    call: str
    member: str
    caller: str
    queued: float
    outcome: str
    cause: str | None = None
    wait: float | None = None
    ended: float | None = None
    agent: str | None = None
    person: str | None = None
    talk: float | None = None
    how: str | None = None
    no_answers: int = 0
    visit: int
    """the floor's number of it"""


def told_by(floor: Floor, seen: Mapping[int, Seen]) -> Sequence[Visit]:
    """Visits that no channel ever made (the switch was down) are left out."""
    return [_visit(visit, seen[visit.visit]) for visit in floor.visits() if visit.visit in seen]


def _visit(visit: contract.Visit, seen: Seen) -> Visit:
    decided = visit.answered if visit.answered is not None else visit.ended
    return Visit(
        visit=visit.visit,
        queue=queue_name(visit.queue),
        call=seen.session,
        member=seen.member,
        caller=seen.caller,
        queued=visit.queued,
        outcome=visit.outcome,
        cause=CAUSES.get(visit.cause, visit.cause) or None,
        wait=None if decided is None or visit.outcome in ("open", "lost") else decided - visit.queued,
        ended=visit.ended,
        agent=seen.agent or None,
        person=visit.agent or None,
        talk=visit.ended - visit.answered if visit.ended is not None and visit.answered is not None else None,
        how=visit.end or None,
        no_answers=visit.no_answers,
    )
