"""A source's own figures of a queue, and ours made in its way, side by side.

Asterisk's `ServicelevelPerf` is A_T / A and its `ServicelevelPerf2` (A_T + B_T) / (A + B), in percent to one digit, by its
own whole-second waits, over conversations that are over, with every exit but one by key for an abandon, since its counters
were last reset (app_queue.c). What it had counted before we came, or when it began anew, is taken from it. Its `Holdtime` and `TalkTime` are moving averages, which no books can repeat.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from ccwall.engine.explain.question import View
from ccwall.engine.metrics import SERVICE_LEVELS, Tally
from ccwall.engine.state import Declared, Queue, State
from ccwall.engine.visits import Contact

Told = dict[str, object]

NOT_ABANDONED: Final = frozenset({"key", "callback"})
"""Flow-outs that Asterisk's counters do not see."""
MOST_QUEUES: Final = 50


class Ours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the counters of the source would say by our visits. ``exits``: of its abandons, those that we count as flowed
    out; ``talking``: answered, and not in its counters yet; ``untimed``: answered after a wait that nobody knows."""

    tally: Tally
    exits: int
    talking: int
    untimed: int


def declared(state: State, view: View) -> list[Told]:
    """By queue, as far as its source tells figures; for more than a queue of no other number than the service level."""
    if view.asked.scope.kind != "queue" and view.metric.key != "service_level":
        return []
    if view.team is not None or view.agent is not None:
        return []
    telling = [queue for queue in view.queues if queue.declared is not None][:MOST_QUEUES]
    return [_told(state, queue, queue.declared) for queue in telling if queue.declared is not None]


def _told(state: State, queue: Queue, theirs: Declared) -> Told:
    threshold = theirs.figures.get("ServiceLevel", queue.card.threshold)
    seen = reproduced(
        (c for c in state.contacts.values() if c.queue == queue.id), threshold, theirs.since, theirs.at
    )
    mine = msgspec.structs.replace(seen, tally=seen.tally + behind(theirs.base))
    ours = _ours(mine, len(queue.waiting))
    return {
        "source": theirs.source,
        "queue": queue.id,
        "at": theirs.at,
        "figures": dict(theirs.figures),
        "ours": {name: figure for name, figure in ours.items() if name in theirs.figures},
        "why": _why(theirs, mine),
    }


def reproduced(contacts: Iterable[Contact], threshold: float, since: float, until: float) -> Ours:
    """The counts of those of these visits that ended in (since, until], as Asterisk keeps them."""
    answered = within = abandoned = abandoned_within = exits = talking = untimed = 0
    for c in contacts:
        if c.is_talking:
            talking += 1
        if c.ended is None or not since < c.ended <= until:
            continue
        wait = c.declared_wait if c.declared_wait is not None else c.wait
        in_time = wait is not None and wait <= threshold
        if c.outcome == "answered":
            answered += 1
            within += in_time
            untimed += wait is None
        elif c.outcome == "abandoned" or (c.outcome == "flowed_out" and c.cause not in NOT_ABANDONED):
            abandoned += 1
            abandoned_within += in_time
            exits += c.outcome == "flowed_out"
    tally = Tally(answered=answered, within=within, abandoned=abandoned, abandoned_within=abandoned_within)
    return Ours(tally=tally, exits=exits, talking=talking, untimed=untimed)


def behind(figures: Mapping[str, float]) -> Tally:
    """The counts behind what it said when we began to see: percentages of one digit, taken back to calls.

    >>> behind({"Completed": 22.0, "Abandoned": 20.0, "ServicelevelPerf": 54.5, "ServicelevelPerf2": 64.3})
    Tally(answered=22, within=12, abandoned=20, abandoned_within=15, short=0, overdue=0, flow_outs=0)
    """
    answered, abandoned = int(figures.get("Completed", 0)), int(figures.get("Abandoned", 0))
    within = round(answered * figures.get("ServicelevelPerf", 0.0) / 100)
    both = round((answered + abandoned) * figures.get("ServicelevelPerf2", 0.0) / 100)
    return Tally(
        answered=answered, within=within, abandoned=abandoned, abandoned_within=max(0, both - within)
    )


def percent(variant: str, tally: Tally) -> float:
    """As Asterisk prints it: nothing to divide is 0.0.

    >>> percent("answered", Tally(answered=22, within=21)), percent("answered", Tally(answered=0, within=0))
    (95.5, 0.0)
    """
    level = SERVICE_LEVELS[variant](tally)
    return 0.0 if level is None else round(100 * level, 1)


def _ours(mine: Ours, waiting: int) -> dict[str, Told]:
    t = mine.tally
    return {
        "Calls": {"value": waiting},
        "Completed": {"value": t.answered},
        "Abandoned": {"value": t.abandoned},
        "ServicelevelPerf": {"value": percent("answered", t), "answered": t.answered, "within": t.within},
        "ServicelevelPerf2": {
            "value": percent("abandon_positive", t),
            "answered": t.answered,
            "within": t.within,
            "abandoned": t.abandoned,
            "abandoned_within": t.abandoned_within,
        },
    }


def _why(theirs: Declared, mine: Ours) -> list[str]:
    """Codes: why its figures are not the numbers beside them. ``counted_less``: it was reset, or never counted a call."""
    figures = theirs.figures
    seen = {"Completed": mine.tally.answered, "Abandoned": mine.tally.abandoned}
    told = {
        "since_its_start": any(theirs.base.get(name, 0.0) > 0 for name in ("Completed", "Abandoned")),
        "counts_at_end": mine.talking > 0,
        "exits_as_abandoned": mine.exits > 0,
        "whole_seconds": "ServicelevelPerf" in figures,
        "counted_less": any(figures.get(name, count) < count for name, count in seen.items()),
        "unknown_wait": mine.untimed > 0,
        "moving_average": "Holdtime" in figures or "TalkTime" in figures,
    }
    return [code for code, holds in told.items() if holds]
