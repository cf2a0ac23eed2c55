"""Counts to the Numbers of the board: of one queue, or of all as the sum of their counts, never a mean of means."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from ccwall.engine.metrics import (
    SERVICE_LEVELS,
    Tally,
    abandon_rate,
    answer_rate,
    average_handle_time,
    average_speed_of_answer,
    flow_rate,
    lost_rate,
    nearest_rank,
    pickup_rate,
    ratio,
    satisfaction,
)
from ccwall.engine.windows import Bucket, bin_of, edge_of
from ccwall.events import QueueCard

Value = float | int | None | dict[str, int] | dict[str, float | None]
PERCENTILES: Final = (50, 80, 90, 95)
RATE_DIGITS: Final = 6
SECOND_DIGITS: Final = 3


class Level(msgspec.Struct, frozen=True, gc=False):
    """How one service level is judged: T and S in seconds."""

    threshold: float
    short: float


def judged_by(card: QueueCard, variant: str) -> Level:
    """The formula's own T and S of this queue, else the queue's."""
    own = card.measures.get(variant)
    threshold = card.threshold if own is None or own.threshold is None else own.threshold
    short = card.short if own is None or own.short is None else own.short
    return Level(threshold, short)


def threshold_of(judge: QueueCard, card: QueueCard, variant: str) -> float:
    """The T of who waits in a queue with this card: the judge's own of this formula, else the queue's.

    A queue is its own judge; a team's is the default card, as its books are, so that nobody who waits is judged by
    another T than once he is answered.
    """
    own = judge.measures.get(variant)
    return card.threshold if own is None or own.threshold is None else own.threshold


def tally(bucket: Bucket, card: QueueCard, variant: str, overdue: int) -> Tally:
    """What a service level is computed from, exactly: contacts with a known wait, and W_T by this formula's own T.

    What was booked by the queue's own T and S is taken as it is; by others, whole seconds, the histograms are asked.
    """
    own = card.measures.get(variant)
    removed = card.callbacks == "removed"
    if own is None or own.threshold is None:
        within, gone = bucket.within, bucket.abandoned_within
        gone += bucket.callbacks_within if removed else 0
    else:
        within, gone = _up_to(bucket.answer_waits, own.threshold), _up_to(bucket.abandon_waits, own.threshold)
        gone += _up_to(bucket.callback_waits, own.threshold) if removed else 0
    abandoned = bucket.timed_abandons + bucket.short
    return Tally(
        answered=bucket.timed_answers,
        within=within,
        abandoned=abandoned + (sum(bucket.callback_waits.values()) if removed else 0),
        abandoned_within=gone,
        short=bucket.short if own is None or own.short is None else _shorter(bucket, own.short),
        overdue=overdue,
        flow_outs=bucket.flow_outs if card.flow_outs == "count" else 0,
    )


def _up_to(waits: Mapping[int, int], seconds: int) -> int:
    last = bin_of(seconds)
    return sum(count for key, count in waits.items() if key <= last)


def _shorter(bucket: Bucket, seconds: int) -> int:
    return _up_to(bucket.abandon_waits, seconds) - bucket.abandon_edges.get(seconds, 0)


def level(variant: str, counted: Tally) -> float | None:
    """The service level of this formula; None where nobody is in it."""
    return rounded(SERVICE_LEVELS[variant](counted), RATE_DIGITS)


def counts_of(happened: Bucket) -> dict[str, Value]:
    """What is counted whichever the basis."""
    return {
        "offered": happened.offered,
        "repeats": happened.repeats,
        "answered": happened.answered,
        "abandoned": happened.abandoned,
        "short": happened.short,
        "abandoned_total": happened.abandoned + happened.short,
        "flowed_out": happened.flow_outs,
        "flowed_out_by": dict(sorted(happened.flowed_out.items())),
        "callbacks": happened.callbacks,
        "errors": happened.errors,
        "lost": happened.lost,
        "ghosts": happened.ghosts,
        "handled": happened.handled,
        "held": happened.held,
        "transferred": happened.transferred,
        "ratings": happened.ratings,
        "satisfied": happened.satisfied,
    }


def moments_of(happened: Bucket) -> dict[str, Value]:
    """What has no cohort: it is counted when it happens."""
    return {
        "missed": happened.missed,
        "declined": happened.declined,
        "cancelled": happened.cancelled,
        "pickup_rate": rate(pickup_rate(happened.answered, happened.missed, happened.declined)),
        "planned": happened.planned,
        "dialled": happened.dialled,
        "connected": happened.connected,
        "failed": happened.failed,
        "completed": happened.completed,
        "connect_rate": rate(ratio(happened.connected, happened.dialled)),
        "completion_rate": rate(ratio(happened.completed, happened.planned)),
        "outbound_talk_time": _mean(happened.outbound_talk, happened.conversed),
    }


def blocked_of(happened: Bucket) -> dict[str, Value]:
    """What never was a visit that anybody saw."""
    return {
        "refused": happened.blocked,
        "refused_by": dict(sorted(happened.refused.items())),
        "unseen": happened.unseen,
    }


def rates_of(counted: Bucket, arrived: Bucket, refused: int) -> dict[str, Value]:
    """Answer, lost and flow rate are always of those who arrived in the window."""
    left = arrived.flow_outs + arrived.callbacks + arrived.errors
    return {
        "answer_rate": rate(answer_rate(arrived.answered, arrived.offered)),
        "lost_rate": rate(lost_rate(arrived.answered, arrived.offered, refused)),
        "flow_rate": rate(flow_rate(left, arrived.offered)),
        "abandon_rate": rate(abandon_rate(counted.answered, counted.abandoned)),
        "transfer_rate": rate(ratio(counted.transferred, counted.handled)),
        "repeat_rate": rate(ratio(counted.repeats, counted.offered)),
        "satisfaction": rate(satisfaction(counted.satisfied, counted.ratings)),
    }


def seconds_of(counted: Bucket) -> dict[str, Value]:
    """Means and maxima."""
    waits = counted.wait + counted.abandon_wait + counted.short_wait + counted.flow_wait
    exits = counted.timed_answers + counted.timed_abandons + counted.short + counted.timed_flow_outs
    return {
        "asa": rounded(average_speed_of_answer(counted.wait / 1000, counted.timed_answers), SECOND_DIGITS),
        "awt": _mean(waits, exits),
        "abandon_wait": _mean(counted.abandon_wait, counted.timed_abandons),
        "longest_wait": _longest(counted.longest),
        "longest_answered": _longest(counted.longest_answered),
        "longest_abandoned": _longest(counted.longest_abandoned),
        "aht": rounded(average_handle_time(counted.handling / 1000, counted.handled), SECOND_DIGITS),
        "talk_time": _mean(counted.talk, counted.handled),
        "hold_time": _mean(counted.hold, counted.handled),
        "wrap_time": _mean(counted.wrap, counted.handled),
    }


def percentiles_of(counted: Bucket) -> dict[str, Value]:
    """How long so many of a hundred who were answered had waited at most: exact to the second up to ten minutes."""
    found: dict[str, Value] = {}
    for percent in PERCENTILES:
        key = nearest_rank(counted.answer_waits, percent)
        found[f"wait_p{percent}"] = None if key is None else float(edge_of(key))
    return found


def numbers_of(happened: Bucket, arrived: Bucket) -> dict[str, Value]:
    """All that comes of counts alone, by event time: of what happened in a window, and who arrived in it.

    Without service levels, which are judged queue by queue (`tally`, `level`), and percentiles. None where there is
    nothing to divide.
    """
    return {
        **counts_of(happened),
        **blocked_of(happened),
        **moments_of(happened),
        **rates_of(happened, arrived, happened.blocked),
        **seconds_of(happened),
    }


def total(buckets: Iterable[Bucket | None]) -> Bucket:
    """The sum of buckets."""
    result = Bucket()
    for bucket in buckets:
        if bucket is not None:
            result.merge(bucket)
    return result


def target(card: QueueCard) -> dict[str, object]:
    return {
        "service_level": card.service_level_target,
        "answer_rate": card.answer_rate_target,
        "satisfaction": card.satisfaction_target,
        "longest_wait": card.longest_wait_limit,
        "waiting": card.waiting_limit,
    }


def _mean(millis: int, count: int) -> float | None:
    return rounded(ratio(millis / 1000, count), SECOND_DIGITS)


def _longest(millis: int) -> float | None:
    return None if millis < 0 else millis / 1000


def rate(value: float | None) -> float | None:
    return rounded(value, RATE_DIGITS)


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
