"""What really happened, in the format of the captures' own truth (tests/captures/README.md)."""

from collections.abc import Mapping, Sequence

import msgspec

from ccwall_simulators.callcentre import contract
from ccwall_simulators.callcentre.contract import Floor

from .call import Seen


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One visit as the exchange's own log has it. `call` is the Uniqueid, `person` the agent's key on the floor;
    instants are not cut to seconds. None is where there is nothing to say."""

    queue: str
    call: str
    caller: str
    queued: float
    outcome: str
    cause: str | None = None
    wait: float | None = None
    ended: float | None = None
    agent: str | None = None
    """the member's name, as in queue_log"""
    person: str | None = None
    talk: float | None = None
    how: str | None = None
    no_answers: int = 0
    visit: int
    """the floor's number of it"""


def told_by(floor: Floor, seen: Mapping[int, Seen]) -> Sequence[Visit]:
    """Visits that no channel ever made (the exchange was down) are left out."""
    return [_visit(visit, seen[visit.visit]) for visit in floor.visits() if visit.visit in seen]


def _visit(visit: contract.Visit, seen: Seen) -> Visit:
    outcome, ended = visit.outcome, visit.ended
    if outcome == "lost" and seen.shut_down is not None:
        outcome, ended = "abandoned", seen.shut_down
    decided = visit.answered if visit.answered is not None else ended
    return Visit(
        visit=visit.visit,
        queue=visit.queue,
        call=seen.uid,
        caller=seen.caller,
        queued=visit.queued,
        outcome=outcome,
        cause=visit.cause or None,
        wait=None if decided is None or outcome in ("open", "lost") else decided - visit.queued,
        ended=ended,
        agent=seen.member or None,
        person=visit.agent or None,
        talk=ended - visit.answered if ended is not None and visit.answered is not None else None,
        how=visit.end or None,
        no_answers=visit.no_answers,
    )
