"""The figures of the day before the demonstration began, as a house keeps those of a day that is over.

All are of those who came that day, by the board's own formulas. What visits do not tell (attendance, ratings) is absent.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ccwall.config import Config, Queue
from ccwall.engine.books import millis
from ccwall.engine.closing import FEWEST, HALF_HOUR, NUMBERS, TARGETS
from ccwall.engine.day import Frame
from ccwall.engine.metrics import Tally
from ccwall.engine.numbers import Value, level, numbers_of, tally
from ccwall.engine.scope import Scope
from ccwall.engine.totals import formula
from ccwall.engine.windows import Bucket, bin_of
from ccwall.engine.yesterday import Best, Day, Days, Figures, Worst
from ccwall.events import AgentId, QueueCard, QueueId

TOLD = tuple(name for name in NUMBERS if name not in {"refused", "lost_rate", "ratings", "satisfaction"})
"""The others would be zeros that nobody has counted, or made with one."""


class Lived(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One visit. ``team``: of who answered, else of whom it last rang at, else the queue's; ``wait``: until it was answered or
    left the queue, ``talk``: of a conversation that is over, both in seconds, None while they last."""

    queue: Queue
    team: str
    queued: float
    outcome: str
    cause: str = ""
    wait: float | None = None
    talk: float | None = None
    agent: str = ""


Booked = Mapping[int, Mapping[QueueId, Bucket]]
"""By the start of the half hour in which they came, and by queue."""


def figures(config: Config, day: Frame, start: float, end: float, visits: Iterable[Lived]) -> Days:
    """Of the floor, every team and every queue that anybody came to; of the day only [``start``, ``end``) was lived."""
    mine: dict[Scope, list[Lived]] = {Scope(): []}
    for visit in visits:
        mine[Scope()].append(visit)
        mine.setdefault(Scope("queue", visit.queue.id), []).append(visit)
        if visit.team:
            mine.setdefault(Scope("team", visit.team), []).append(visit)
    since = start if start > day.start else None
    return Days(
        since=start,
        days={day.start: Day(start=day.start, end=day.end, heard=end, since=since)},
        figures={str(scope): _figures(config, day, scope, came) for scope, came in mine.items() if came},
    )


def _figures(config: Config, day: Frame, scope: Scope, visits: Sequence[Lived]) -> Figures:
    cards = {visit.queue.id: visit.queue.card for visit in visits}
    is_queue, is_team = scope.kind == "queue", scope.kind == "team"
    card = next(iter(cards.values())) if is_queue else config.default
    # A team is judged by the house's own card, as its books are.
    judges = dict.fromkeys(cards, config.default) if is_team else cards
    length = HALF_HOUR if HALF_HOUR % day.length == 0 else day.length
    booked = _book(visits, length)
    whole = Bucket()
    for parts in booked.values():
        for part in parts.values():
            whole.merge(part)
    reached = level(card.variant, _tally(booked.values(), judges, card.variant))
    numbers: dict[str, Value] = numbers_of(whole, whole) | {"service_level": reached}
    how = formula(judges.values(), card.variant)
    threshold, short = how.get("threshold"), how.get("short")
    answered = {} if is_queue else _by_agent(visits)
    best = min(answered, key=lambda agent: (-answered[agent], agent)) if len(answered) > 1 else None
    goal = 0 if is_queue else config.site.calls_target
    return Figures(
        day=day.start,
        numbers={name: float(n) for name in TOLD if isinstance(n := numbers.get(name), int | float)},
        target={name: float(getattr(card, field)) for name, field in TARGETS.items()},
        variant=card.variant,
        threshold=float(threshold) if isinstance(threshold, int | float) else None,
        short=float(short) if isinstance(short, int | float) else None,
        worst=_worst(booked, judges, card.variant, length),
        persons=len(answered),
        goal=goal,
        reached=sum(n >= goal for n in answered.values()),
        best=() if best is None else (Best(agent=AgentId(best), what="answered", value=answered[best]),),
    )


def _by_agent(visits: Iterable[Lived]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for visit in visits:
        if visit.outcome == "answered" and visit.agent:
            found[visit.agent] = found.get(visit.agent, 0) + 1
    return found


def _worst(booked: Booked, judges: Mapping[QueueId, QueueCard], variant: str, length: int) -> Worst | None:
    """The earliest of equals with the most offered, as when a day is closed."""
    found: list[Worst] = []
    for start, parts in booked.items():
        offered = sum(part.offered for part in parts.values())
        reached = level(variant, _tally([parts], judges, variant))
        if reached is not None and offered >= FEWEST:
            found.append(Worst(start=start, length=length, offered=offered, level=reached))
    return min(found, key=lambda each: (each.level, -each.offered, each.start), default=None)


# ── counting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _tally(
    halves: Iterable[Mapping[QueueId, Bucket]], judges: Mapping[QueueId, QueueCard], variant: str
) -> Tally:
    whole = Tally(answered=0, within=0)
    for parts in halves:
        for queue, part in parts.items():
            whole += tally(part, judges[queue], variant, 0)
    return whole


def _book(visits: Iterable[Lived], length: int) -> Booked:
    found: dict[int, dict[QueueId, Bucket]] = {}
    for visit in visits:
        parts = found.setdefault(int(visit.queued // length) * length, {})
        bucket = parts.get(visit.queue.id)
        if bucket is None:
            # Its own mappings: those of an empty one are everybody's.
            bucket = parts[visit.queue.id] = Bucket(
                flowed_out={}, answer_waits={}, abandon_waits={}, abandon_edges={}
            )
        _count(bucket, visit)
    return found


def _count(bucket: Bucket, visit: Lived) -> None:
    bucket.offered += 1
    wait, card = visit.wait, visit.queue.card
    if wait is None:
        return
    waited, within = millis(wait), int(wait <= card.threshold)
    if visit.outcome == "answered":
        _count_answer(bucket, visit, wait, waited, within)
    elif visit.outcome == "abandoned":
        if wait < card.short:
            bucket.short += 1
            bucket.short_wait += waited
        else:
            bucket.abandoned += 1
            bucket.timed_abandons += 1
            bucket.abandon_wait += waited
        bucket.abandoned_within += within
        bucket.longest_abandoned = max(bucket.longest_abandoned, waited)
        key = bin_of(wait)
        bucket.abandon_waits[key] = bucket.abandon_waits.get(key, 0) + 1
        if wait == key:
            bucket.abandon_edges[key] = bucket.abandon_edges.get(key, 0) + 1
    elif visit.outcome == "flowed_out":
        bucket.flowed_out[visit.cause] = bucket.flowed_out.get(visit.cause, 0) + 1
        bucket.timed_flow_outs += 1
        bucket.flow_wait += waited
        bucket.longest_other = max(bucket.longest_other, waited)
    else:
        bucket.lost += 1


def _count_answer(bucket: Bucket, visit: Lived, wait: float, waited: int, within: int) -> None:
    bucket.answered += 1
    bucket.timed_answers += 1
    bucket.within += within
    bucket.wait += waited
    bucket.longest_answered = max(bucket.longest_answered, waited)
    key = bin_of(wait)
    bucket.answer_waits[key] = bucket.answer_waits.get(key, 0) + 1
    if visit.talk is not None:
        bucket.handled += 1
        bucket.talk += millis(visit.talk)
        bucket.wrap += millis(visit.queue.wrap_up)
