"""Every number of a scope and a window, from the books: what screens, reports and explanations say is what this says."""

import msgspec

from ccwall.engine.metrics import SERVICE_LEVELS, Tally
from ccwall.engine.numbers import (
    Value,
    blocked_of,
    counts_of,
    level,
    moments_of,
    percentiles_of,
    rates_of,
    seconds_of,
    tally,
    threshold_of,
    total,
)
from ccwall.engine.scope import STEP, Basis, Scope, Window
from ccwall.engine.state import Queue, State
from ccwall.engine.windows import Books, Bucket
from ccwall.events import QueueCard, SiteId

NOTHING = Bucket()


def queues_of(state: State, scope: Scope) -> list[Queue]:
    """The queues whose sum the scope is; of a team, those that are its own: whom nobody was rung for is theirs."""
    queues = state.queues
    if scope.kind == "floor":
        return list(queues.values())
    if scope.kind == "queue":
        return [queue for id, queue in queues.items() if id == scope.id]
    if scope.kind == "line":
        return [queue for queue in queues.values() if queue.card.line == scope.id]
    if scope.kind == "team":
        return [queue for queue in queues.values() if queue.card.team == scope.id]
    if scope.kind == "site":
        return [queue for queue in queues.values() if site_of(state, queue) == scope.id]
    raise ValueError(f"{scope} is a person: who asks for people's numbers asks for their time")


def site_of(state: State, queue: Queue) -> SiteId:
    policy = state.policy
    return policy.site if queue.source is None else policy.places.get(queue.source, policy.site)


def variant_of(state: State, scope: Scope) -> str:
    """The service level that is shown of it: the queue's own, else the default."""
    if scope.kind == "queue":
        return next((q.card.variant for q in queues_of(state, scope)), state.policy.default.variant)
    return state.policy.default.variant


def bucket_of(books: Books, window: Window) -> Bucket:
    """The counts of a window. To be read, never written."""
    if window.kind == "today":
        return books.days.get(window.start, NOTHING)
    if window.kind == "interval":
        return books.intervals.get(window.start, NOTHING)
    return books.between(window.start, window.end)


def seen_of(state: State, queue: Queue, window: Window, now: float) -> Window:
    """The part of time that a window is for this queue: a rolling one stands still while its source is away."""
    known = state.known_at(queue.source, now)
    if window.kind != "rolling" or known >= window.end:
        return window
    end = int(known // STEP) * STEP
    return msgspec.structs.replace(window, start=end - 60 * window.minutes, end=end)


def measure(
    state: State, scope: Scope, window: Window, now: float, basis: Basis = "event"
) -> dict[str, Value]:
    """Rates are fractions, times seconds; None where there is nothing to divide. ValueError for a person.

    By cohort everything is counted of those who arrived in the window; alerting and outbound attempts have no cohort.
    What time alone changes stands still for a queue whose source is away (`State.known_at`).
    """
    queues = queues_of(state, scope)
    pairs = _books(state, scope, queues)
    is_team = scope.kind == "team"
    seen = [(queue, window if is_team else seen_of(state, queue, window, now)) for queue in queues]
    spans = [window] * len(pairs) if is_team else [part for _, part in seen]
    of_events = [bucket_of(events, part) for (events, _, _), part in zip(pairs, spans, strict=True)]
    of_cohorts = [bucket_of(cohorts, part) for (_, cohorts, _), part in zip(pairs, spans, strict=True)]
    happened, arrived = total(of_events), total(of_cohorts)
    counted = happened if basis == "event" else arrived
    numbers = counts_of(counted) | blocked_of(happened)
    if basis == "event":
        numbers |= moments_of(happened)
    else:
        numbers["in_progress"] = sum(_arrived(state, queue, part) for queue, part in seen)
    numbers |= rates_of(counted, arrived, happened.blocked) | seconds_of(counted) | percentiles_of(counted)
    house = state.policy.default if is_team else None

    def late(queue: Queue, part: Window, variant: str) -> int:
        threshold = threshold_of(house or queue.card, queue.card, variant)
        return _overdue(queue, threshold, part, state.known_at(queue.source, now), basis)

    # Of those who arrived in a window that is over, somebody may still wait.
    is_undecided = window.is_open or basis == "cohort"
    sums = of_events if basis == "event" else of_cohorts
    levels = {
        variant: _level(
            state, variant, [(bucket, card) for bucket, (_, _, card) in zip(sums, pairs, strict=True)],
            sum(late(q, part, variant) for q, part in seen) if is_undecided else 0,
        )
        for variant in SERVICE_LEVELS
    }  # fmt: skip
    shown = variant_of(state, scope)
    numbers["service_level"], numbers["service_levels"] = levels[shown], levels
    if window.is_open:
        numbers |= _gauges(state, scope, queues)
        numbers["overdue"] = sum(late(q, part, shown) for q, part in seen)
    return numbers


def _books(state: State, scope: Scope, queues: list[Queue]) -> list[tuple[Books, Books, QueueCard]]:
    """The books that are summed, each with the card that judges it."""
    if scope.kind != "team":
        return [(queue.events, queue.cohorts, queue.card) for queue in queues]
    team = state.teams.get(scope.id)
    return [] if team is None else [(team.events, team.cohorts, state.policy.default)]


def _level(state: State, variant: str, sums: list[tuple[Bucket, QueueCard]], overdue: int) -> float | None:
    whole = Tally(answered=0, within=0, overdue=overdue)
    for bucket, card in sums:
        whole += tally(bucket, card, variant, 0)
    return level(variant, whole)


def _overdue(queue: Queue, threshold: float, window: Window, known: float, basis: Basis) -> int:
    """W_T: of the cohort, or of all who wait."""
    if basis == "cohort":
        return queue.overdue_of(window.start, window.end, known, threshold)
    return queue.overdue(known, threshold)


def _arrived(state: State, queue: Queue, window: Window) -> int:
    """Of those who arrived in the window, how many still wait."""
    return sum(window.start <= state.contacts[id].queued < window.end for id in queue.waiting)


def _gauges(state: State, scope: Scope, queues: list[Queue]) -> dict[str, Value]:
    """Who waits and who talks now, and since when the longest does."""
    gauges: dict[str, Value] = {
        "waiting": sum(len(queue.waiting) for queue in queues),
        "longest_since": min((queue.line[0][0] for queue in queues if queue.line), default=None),
    }
    if scope.kind == "team":
        return gauges | _talking_of_team(state, scope.id)
    return gauges | {
        "talking": sum(len(queue.talking) for queue in queues),
        "talk_since": min((queue.talks[0][0] for queue in queues if queue.talks), default=None),
        "hold_since": min((queue.holds[0][0] for queue in queues if queue.holds), default=None),
    }


def _talking_of_team(state: State, team: str) -> dict[str, Value]:
    talking = (state.contacts[id] for queue in state.queues.values() for id in queue.talking)
    mine = [contact for contact in talking if contact.team == team]
    return {
        "talking": len(mine),
        "talk_since": min((c.answered for c in mine if c.answered is not None), default=None),
        "hold_since": min((c.hold_since for c in mine if c.hold_since is not None), default=None),
    }
