"""Counts to the Numbers of the board: of one queue, or of all as the sum of their counts, never a mean of means."""

from collections.abc import Iterable
from typing import Final

from ccwall.engine.metrics import (
    DEFAULT_SERVICE_LEVEL,
    SERVICE_LEVELS,
    Tally,
    abandon_rate,
    answer_rate,
    average_handle_time,
    average_speed_of_answer,
)
from ccwall.engine.state import Queue, Stretch
from ccwall.engine.windows import Bucket
from ccwall.events import QueueCard

RATE_DIGITS: Final = 6
SECOND_DIGITS: Final = 3


def tally(bucket: Bucket, overdue: int) -> Tally:
    """What a service level is computed from: contacts with a known wait, and W_T."""
    return Tally(
        answered=bucket.timed_answers,
        within=bucket.within,
        abandoned=bucket.timed_abandons + bucket.short,
        abandoned_within=bucket.abandoned_within,
        short=bucket.short,
        overdue=overdue,
    )


def service_level(bucket: Bucket, overdue: int, variant: str = DEFAULT_SERVICE_LEVEL) -> float | None:
    return _rounded(SERVICE_LEVELS[variant](tally(bucket, overdue)), RATE_DIGITS)


def rates(bucket: Bucket, overdue: int) -> dict[str, float | None]:
    """All that is computed of counts; None where there was nothing to divide."""
    longest = bucket.longest / 1000 if bucket.longest >= 0 else None
    return {
        "service_level": service_level(bucket, overdue),
        "answer_rate": _rounded(answer_rate(bucket.answered, bucket.offered), RATE_DIGITS),
        "abandon_rate": _rounded(abandon_rate(bucket.answered, bucket.abandoned), RATE_DIGITS),
        "asa": _rounded(average_speed_of_answer(bucket.wait / 1000, bucket.timed_answers), SECOND_DIGITS),
        "aht": _rounded(average_handle_time(bucket.handling / 1000, bucket.handled), SECOND_DIGITS),
        "longest_wait": longest,
    }


def counts(bucket: Bucket) -> dict[str, object]:
    """The counts of one window under the board's names."""
    return {
        "offered": bucket.offered,
        "answered": bucket.answered,
        "abandoned": bucket.abandoned,
        "short": bucket.short,
        "lost": bucket.lost,
        "refused": bucket.refused,
        "flowed_out": sum(bucket.flowed_out.values()),
        "flowed_out_by": dict(sorted(bucket.flowed_out.items())),
    }


def numbers(bucket: Bucket, overdue: int, missed: Stretch | None) -> dict[str, object]:
    """Counts and rates of one window; what has no value is absent."""
    board = counts(bucket)
    board.update((key, value) for key, value in rates(bucket, overdue).items() if value is not None)
    if bucket.unseen:
        board["unseen"] = bucket.unseen
    if missed is not None:
        board["incomplete"] = [missed.start, missed.end or 0]
    return board


def total(buckets: Iterable[Bucket | None]) -> Bucket:
    """The sum of buckets, without their histograms."""
    result = Bucket()
    for bucket in buckets:
        if bucket is not None:
            result.merge_counts(bucket)
    return result


def target(card: QueueCard) -> dict[str, object]:
    return {
        "service_level": card.service_level_target,
        "answer_rate": card.answer_rate_target,
        "longest_wait": card.longest_wait_limit,
        "waiting": card.waiting_limit,
    }


def formula(cards: Iterable[QueueCard]) -> dict[str, object]:
    """How the service level was computed; threshold and short only where all agree on them."""
    measures = {(card.threshold, card.short) for card in cards}
    board: dict[str, object] = {"service_level": DEFAULT_SERVICE_LEVEL}
    if len(measures) == 1:
        board["threshold"], board["short"] = measures.pop()
    return board


def load(queues: Iterable[tuple[Queue, float]], ready: int) -> int:
    """How hard the floor is pressed, by the first line that holds. Each queue comes with the moment it is known at.

    5: somebody waits longer than the queue's longest-wait limit, or twice the waiting limits are waiting
    4: somebody waits longer than the threshold, or as many as the waiting limits allow are waiting
    3: more wait than agents are ready
    2: somebody waits, or nobody is ready
    1: nobody waits and somebody is ready
    """
    waiting = limit = 0
    over_limit = over_threshold = False
    for queue, now in queues:
        waiting += len(queue.waiting)
        limit += queue.card.waiting_limit
        if queue.line:
            longest = now - queue.line[0][0]
            over_limit |= longest > queue.card.longest_wait_limit
            over_threshold |= longest > queue.card.threshold
    if over_limit or (waiting and waiting >= 2 * limit):
        return 5
    if over_threshold or (waiting and waiting >= limit):
        return 4
    if waiting > ready:
        return 3
    return 2 if waiting or not ready else 1


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
