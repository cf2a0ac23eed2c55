"""Why an estimate is what it is: what was seen in the last hour, how much of it, and who is there.

The value is that of the board, which is worked out once a minute; what it rests on is told as it is now.
"""

from typing import Final

from ccwall.engine.advice.chain import SOON
from ccwall.engine.advice.look import forecast, of_house
from ccwall.engine.estimates import Estimate, Inputs, arrival_rate, handle_time, patience
from ccwall.engine.explain.heading import heading
from ccwall.engine.explain.question import View
from ccwall.engine.gauges import Gauge
from ccwall.engine.people import heads_of
from ccwall.engine.prospects import HOUR, Prospects, inputs_of, of_floor, outlook_object, together
from ccwall.engine.running import Sparse, contents
from ccwall.engine.scope import STEP, Scope
from ccwall.engine.state import Queue, State

Told = dict[str, object]

RECENT: Final = 900
BEHIND: Final = {"recent_aht": "aht", "patience": "awt", "ewt": "waiting"}
"""Which number's visits an estimate rests on; of all others it is those who arrived in the last hour."""
ON_THE_BOARD: Final = {"recent_aht": "aht"}


def behind(key: str) -> str:
    return BEHIND.get(key, "offered")


def of_outlook(state: State, view: View, prospects: Prospects) -> Told:
    """The answer without the visits behind it."""
    scope, key = view.asked.scope, view.metric.key
    heads = heads_of(state, scope, view.now)
    capacity, ready = heads.get("capacity", 0.0), int(heads.get("ready", 0))
    inputs = [_inputs(state, view, queue, prospects, ready, capacity) for queue in view.queues]
    if scope.kind == "queue":
        queue = view.queues[0].id
        known = prospects.of_queue(
            scope, view.now, False, lambda: inputs[0], lambda: forecast(state, queue, view.now, prospects)
        )
        board = outlook_object(known, inputs[0].waiting, ready, capacity)
    else:
        board = _of_floor(view, prospects, inputs, capacity)
    value = board.get(ON_THE_BOARD.get(key, key))
    told = heading(state, view, value if isinstance(value, int | float) else None)
    rests = _told(inputs, capacity, ready)
    if key == "gap" and isinstance(need := board.get("need"), int | float):
        rests["need"] = need
    told |= {"inputs": rests, "samples": _samples(board)}
    if "forecast" in board and key in ("forecast", "need"):
        told["forecast"] = board["forecast"]
    if "forecast" in board and key == "forecast" and scope.kind == "queue":
        told |= _counted_on(state, view, prospects)
    if "why" in board and value is None:
        told["too_little"] = board["why"]
    if scope.kind == "floor" and key in ("need", "gap"):
        told["parts"] = _needs(view, prospects)
    return told


def _counted_on(state: State, view: View, prospects: Prospects) -> Told:
    """Whom the forecast counts on, in the mean of the time ahead, and what of other queues they answer for meanwhile."""
    queue, before = view.queues[0].id, of_house(state, view.now, prospects).as_it_is()
    told: Told = {"heads": {str(span.minutes): round(before.heads(queue, span.steps), 3) for span in SOON}}
    beside: list[Told] = []
    for each in before.beside(queue):
        card = state.queues[each.queue].card
        names = dict(card.names) or {"en": state.queues[each.queue].name}
        beside.append(
            {"queue": each.queue, "part": round(each.part, 4), "load": round(each.load, 3), "names": names}
        )
    return told | {"beside": beside}


def _inputs(
    state: State, view: View, queue: Queue, prospects: Prospects, ready: int, capacity: float
) -> Inputs:
    limits = view.limits[queue.id]
    end = int(limits.now // STEP) * STEP
    waiting = Gauge(waiting=len(queue.waiting), overdue=queue.overdue(limits.now, limits.patience))
    watched = prospects.watched(state, view.now)
    return inputs_of(
        queue,
        _sums(queue, end - HOUR, end),
        _sums(queue, end - RECENT, end),
        waiting,
        ready,
        capacity,
        watched,
    )


def _sums(queue: Queue, start: int, end: int) -> Sparse:
    return contents(queue.events.between(start, end))


def _of_floor(view: View, prospects: Prospects, inputs: list[Inputs], capacity: float) -> Told:
    """People needed are the sum of the queues'; rate, handle time and patience are those of all visits together."""
    whole = _together(inputs)
    estimates: dict[str, Estimate | None] = {"rate": None, "aht": None, "patience": None}
    if whole is not None:
        estimates = {"rate": arrival_rate(whole), "aht": handle_time(whole), "patience": patience(whole)}
    known = (prospects.outlooks.get(Scope("queue", queue.id)) for queue in view.queues)
    board: Told = of_floor(together(each[1] for each in known if each is not None), capacity)
    for key, found in estimates.items():
        if found is not None:
            board |= {key: round(found.value, 6), f"{key}_n": found.n}
    return board


def _together(inputs: list[Inputs]) -> Inputs | None:
    if not inputs:
        return None
    first = inputs[0]
    return Inputs(
        arrivals=sum(each.arrivals for each in inputs),
        arrival_seconds=first.arrival_seconds,
        handled=sum(each.handled for each in inputs),
        handling_ms=sum(each.handling_ms for each in inputs),
        patience_wait_ms=sum(each.patience_wait_ms for each in inputs),
        abandons=sum(each.abandons for each in inputs),
        waiting=sum(each.waiting for each in inputs),
        overdue=sum(each.overdue for each in inputs),
        ready=first.ready,
        capacity=first.capacity,
        threshold=first.threshold,
    )


def _told(inputs: list[Inputs], capacity: float, ready: int) -> dict[str, float]:
    """Seconds and counts."""
    whole = _together(inputs)
    told: dict[str, float] = {"capacity": capacity, "ready": ready}
    if whole is None:
        return told
    told |= {
        "arrivals": whole.arrivals,
        "watched": whole.arrival_seconds,
        "handled": whole.handled,
        "handling": whole.handling_ms / 1000,
        "waited": whole.patience_wait_ms / 1000,
        "abandoned_total": whole.abandons,
        "waiting": whole.waiting,
        "overdue": whole.overdue,
    }
    if len(inputs) == 1:
        told |= {"threshold": inputs[0].threshold, "short": inputs[0].short, "target": inputs[0].target}
    return told


def _samples(board: Told) -> dict[str, object]:
    return {key: board[f"{key}_n"] for key in ("rate", "aht", "patience") if f"{key}_n" in board}


def _needs(view: View, prospects: Prospects) -> list[Told]:
    """What each queue needs."""
    parts: list[Told] = []
    for queue in view.queues:
        _, known = prospects.outlooks.get(Scope("queue", queue.id), (0, None))
        if known is not None and known.need is not None:
            names = dict(queue.card.names) or {"en": queue.name}
            parts.append({"part": queue.id, "value": known.need, "hit": True, "names": names})
    return parts
