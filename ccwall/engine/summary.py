"""Counters and metrics as plain values, for people at a command line."""

from collections import Counter

from ccwall.engine.day import frame_at
from ccwall.engine.measure import bucket_of, measure, queues_of, variant_of
from ccwall.engine.numbers import judged_by, tally
from ccwall.engine.scope import Scope, Window, window_of
from ccwall.engine.state import State

KEYS = (
    "offered",
    "answered",
    "abandoned",
    "short",
    "lost",
    "refused",
    "waiting",
    "talking",
    "answer_rate",
    "abandon_rate",
    "asa",
    "aht",
    "longest_wait",
)


def summarise(state: State, now: float) -> dict[str, object]:
    """The day that ``now`` is in. Queues go by their own names; by their ids where two share a name."""
    policy = state.policy
    day = window_of("today", frame_at(now, policy.zone, policy.day_starts, policy.interval), now)
    names = Counter(queue.name for queue in state.queues.values())
    queues = {
        queue.name if names[queue.name] == 1 else queue.id: _numbers(
            state, Scope("queue", queue.id), day, now
        )
        for queue in sorted(state.queues.values(), key=lambda queue: (queue.card.order, queue.id))
    }
    return {"at": now, "queues": queues, "floor": _numbers(state, Scope("floor"), day, now)}


def _numbers(state: State, scope: Scope, day: Window, now: float) -> dict[str, object]:
    numbers = measure(state, scope, day, now)
    level = _service_level(state, scope, day) | {"value": numbers["service_level"]}
    flowed_out = {"flowed_out": numbers["flowed_out_by"], "callbacks": numbers["callbacks"]}
    return {key: numbers[key] for key in KEYS} | flowed_out | {"service_level": level}


def _service_level(state: State, scope: Scope, day: Window) -> dict[str, object]:
    """With its variant, threshold and short, which are None where the queues disagree."""
    queues, variant = queues_of(state, scope), variant_of(state, scope)
    measures = {judged_by(queue.card, variant) for queue in queues}
    (one,) = measures if len(measures) == 1 else (None,)
    within = sum(tally(bucket_of(q.events, day), q.card, variant, 0).within for q in queues)
    return {
        "variant": variant,
        "threshold": None if one is None else one.threshold,
        "short": None if one is None else one.short,
        "answered_within": within,
    }
