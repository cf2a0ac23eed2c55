"""Objects of the board: numbers of a window, heads, targets, sources. What has no value is absent."""

from ccwall.engine.missed import missed_in, of_calls
from ccwall.engine.numbers import numbers_of
from ccwall.engine.patch import Tree
from ccwall.engine.people import HEADS
from ccwall.engine.state import Source, State, Stretch
from ccwall.engine.windows import Bucket
from ccwall.events import LineCard, Policy, SourceId

ALWAYS = frozenset(
    {"offered", "answered", "abandoned", "short", "lost", "refused", "flowed_out", "flowed_out_by"}
)
"""Shown of today and the interval even when they are 0; every other count that is 0 is absent."""
NOT_SHOWN = frozenset({"refused_by"})
NOTHING: frozenset[str] = frozenset()
MAIN = ALWAYS | {
    "callbacks", "unseen", "dialled", "connected", "completed", "connect_rate",
    "answer_rate", "abandon_rate", "asa", "aht", "longest_wait", "satisfaction",
}  # fmt: skip
"""What is sent of the interval and of rolling windows: each fact changes them, and every screen is sent every change. The rest of
their numbers is for who asks (`measure`)."""


def numbers(
    happened: Bucket,
    arrived: Bucket,
    level: float | None,
    missed: Stretch | None,
    *,
    always: frozenset[str] = ALWAYS,
    only: frozenset[str] | None = None,
) -> Tree:
    """Counts and rates of one window."""
    board: Tree = {
        key: value
        for key, value in numbers_of(happened, arrived).items()
        if value is not None
        and (key in only if only is not None else key not in NOT_SHOWN)
        and (value or isinstance(value, float) or key in always)
    }
    if level is not None:
        board["service_level"] = level
    if missed is not None:
        board["incomplete"] = [missed.start, missed.end or 0]
    return board


def revised(bucket: Bucket) -> Tree:
    """That something in it was told or corrected more than five minutes afterwards."""
    return {"revised": True} if bucket.revised else {}


def heads(counts: dict[str, int]) -> dict[str, int]:
    return {head: counts.get(head, 0) for head in HEADS}


def line_card(card: LineCard) -> Tree:
    """What configuration says of a business line."""
    target = {
        "service_level": card.service_level_target,
        "answer_rate": card.answer_rate_target,
        "satisfaction": card.satisfaction_target,
        "connect_rate": card.connect_rate_target,
        "completion_rate": card.completion_target,
    }
    return {"names": dict(card.names), "direction": card.direction, "order": card.order, "target": target}


def source_object(source: Source, policy: Policy) -> Tree:
    """One source. How many frames nobody could translate is the session's to say."""
    board: Tree = {
        "name": source.id,
        "type": source.type,
        "state": source.state,
        "since": source.since,
        "limits": list(source.limits),
    }
    if source.down_since is not None:
        board["as_of"] = source.down_since
    if source.id in policy.titles:
        board["names"] = dict(policy.titles[source.id])
    if (sense := policy.senses.get(source.id, "acd")) != "acd":
        board["sense"] = sense
    told = {"product": source.product, "reason": source.reason, "detail": source.detail}
    return board | {key: value for key, value in told.items() if value}


class Missed:
    """The last stretch of missed events in a window, of one source or of any; asked for once at each look."""

    def __init__(self, state: State) -> None:
        self._stretches = of_calls(state)
        self._found: dict[tuple[int, int, SourceId | None], Stretch | None] = {}

    def within(self, start: int, end: int, source: SourceId | None = None) -> Stretch | None:
        if not self._stretches:
            return None
        key = start, end, source
        if key not in self._found:
            self._found[key] = missed_in(self._stretches, start, end, source)
        return self._found[key]

    def of_any(self, start: int, end: int, sources: frozenset[SourceId]) -> Stretch | None:
        found = [s for source in sorted(sources) if (s := self.within(start, end, source)) is not None]
        return max(found, key=lambda s: s.start, default=None)
