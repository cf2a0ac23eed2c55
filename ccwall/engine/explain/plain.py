"""Two numbers with an explanation of their own kind: the load, which is a rule and no sum, and visits that nobody saw."""

from ccwall.engine.explain.account import Account
from ccwall.engine.explain.booked import booked
from ccwall.engine.explain.doubt import unseen
from ccwall.engine.explain.heading import heading
from ccwall.engine.explain.question import View
from ccwall.engine.gauges import NONE, Around, Gauge
from ccwall.engine.people import heads_of
from ccwall.engine.state import Queue, State

Told = dict[str, object]


def of_unseen(state: State, view: View) -> Told:
    """There is nobody to list: all that is known is how many more visits a source counted than it told."""
    value, _ = booked(state, view)
    found = unseen(state, view)
    told = heading(state, view, value) | {"checked": value == found}
    return told if value == found else told | {"recounted": found}


def of_load(state: State, view: View, counted: Account) -> Told:
    """Which line of the rule holds follows from these few counts."""
    around = Around()
    for queue in view.queues:
        around.exchange(NONE, _gauge(queue, view.limits[queue.id].now))
    ready = int(heads_of(state, view.asked.scope, view.now).get("ready", 0))
    inputs = {
        "waiting": around.waiting,
        "waiting_limit": around.limit,
        "late_queues": around.late,
        "queues_over_limit": around.over,
        "ready": ready,
    }
    told = heading(state, view, around.load(ready))
    return told | {"inputs": inputs, "checked": around.waiting == counted.value}


def _gauge(queue: Queue, now: float) -> Gauge:
    longest = now - queue.line[0][0] if queue.line else 0.0
    return Gauge(
        waiting=len(queue.waiting),
        limit=queue.card.waiting_limit,
        is_late=longest > queue.card.threshold,
        is_over=longest > queue.card.longest_wait_limit,
    )
