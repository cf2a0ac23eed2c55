"""Who answers whose callers, where people serve several queues: the load of each queue split over the kinds of people.

A call goes to whoever has been idle longest, so it goes to a kind of people as often as one of them is idle: the parts are
proportional to n·(1 − occupancy) of each kind, and the occupancy follows from the parts. That is solved by repetition.
"""

from collections.abc import Iterable, Mapping

from ccwall.engine.advice.crew import Hand
from ccwall.events import QueueId

ROUNDS = 24
DAMPING = 0.5
LEAST_IDLE = 0.03
"""Also of who is always busy: whoever gets free takes whoever waits."""

Kind = tuple[QueueId, ...]
Parts = dict[Kind, dict[QueueId, float]]
"""By kind of people (the queues they serve): the part of each queue's load that they carry."""


def parts(hands: Iterable[Hand], loads: Mapping[QueueId, float]) -> Parts:
    """`loads` in erlangs; queues not in it bring none."""
    heads = dict[Kind, float]()
    for hand in hands:
        if (there := sum(hand.there)) > 0:
            heads[hand.queues] = heads.get(hand.queues, 0.0) + there / len(hand.there)
    serving = {queue: [kind for kind in heads if queue in kind] for queue in loads}
    found: Parts = {kind: {} for kind in heads}
    for queue, kinds in serving.items():
        whole = sum(heads[kind] for kind in kinds)
        for kind in kinds:
            found[kind][queue] = heads[kind] / whole
    if all(len(kinds) < 2 for kinds in serving.values()):
        return found
    for _ in range(ROUNDS):
        idle = {
            kind: n * max(LEAST_IDLE, 1 - sum(part * loads[queue] for queue, part in found[kind].items()) / n)
            for kind, n in heads.items()
        }
        for queue, kinds in serving.items():
            if len(kinds) > 1:
                whole = sum(idle[kind] for kind in kinds)
                for kind in kinds:
                    was = found[kind][queue]
                    found[kind][queue] = was + DAMPING * (idle[kind] / whole - was)
    return found


def around(queue: QueueId, known: Parts) -> dict[QueueId, float]:
    """Of each other queue's load, the part that this queue's people carry."""
    found = dict[QueueId, float]()
    for kind, carried in known.items():
        if queue in kind:
            for other, part in carried.items():
                if other != queue:
                    found[other] = found.get(other, 0.0) + part
    return found
