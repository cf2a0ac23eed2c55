"""Counters and metrics as plain values, for people at a command line."""

from collections import Counter

from ccwall.engine.day import Frame, frame_at
from ccwall.engine.metrics import DEFAULT_SERVICE_LEVEL
from ccwall.engine.numbers import formula, rates, total
from ccwall.engine.state import Queue, State
from ccwall.engine.windows import Bucket
from ccwall.events import QueueCard


def summarise(state: State, now: float) -> dict[str, object]:
    """The day that ``now`` is in. Queues go by their own names; by their ids where two share a name."""
    policy = state.policy
    day = frame_at(now, policy.zone, policy.day_starts, policy.interval)
    names = Counter(queue.name for queue in state.queues.values())
    queues = {
        queue.name if names[queue.name] == 1 else queue.id: _numbers(state, [queue], day, now)
        for queue in sorted(state.queues.values(), key=lambda queue: (queue.card.order, queue.id))
    }
    return {"at": now, "queues": queues, "floor": _numbers(state, list(state.queues.values()), day, now)}


def _numbers(state: State, queues: list[Queue], day: Frame, now: float) -> dict[str, object]:
    bucket = total(queue.events.days.get(day.start) for queue in queues)
    overdue = sum(queue.overdue(state.known_at(queue.source, now)) for queue in queues)
    computed = rates(bucket, overdue)
    return {
        "offered": bucket.offered,
        "answered": bucket.answered,
        "abandoned": bucket.abandoned,
        "short": bucket.short,
        "flowed_out": dict(sorted(bucket.flowed_out.items())),
        "lost": bucket.lost,
        "refused": bucket.refused,
        "waiting": sum(len(queue.waiting) for queue in queues),
        "talking": sum(len(queue.talking) for queue in queues),
        "service_level": _service_level([queue.card for queue in queues], computed["service_level"], bucket),
        "answer_rate": computed["answer_rate"],
        "abandon_rate": computed["abandon_rate"],
        "asa": computed["asa"],
        "aht": computed["aht"],
        "longest_wait": computed["longest_wait"],
    }


def _service_level(cards: list[QueueCard], value: float | None, bucket: Bucket) -> dict[str, object]:
    """With its variant, threshold and short, which are None where the queues disagree."""
    measure = formula(cards)
    return {
        "variant": DEFAULT_SERVICE_LEVEL,
        "threshold": measure.get("threshold"),
        "short": measure.get("short"),
        "value": value,
        "answered_within": bucket.within,
    }
