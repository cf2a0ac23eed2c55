"""What costs more than a look may: the outlook of the next minutes, and what people did with their time.

Each is worked out now and then and shown until it is worked out again: outlooks once a minute, every queue at a moment of
its own, time in steps of 5 seconds. What is overdue waits for its turn: one look works out a few of them at most.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from math import fsum
from typing import TYPE_CHECKING
from zlib import crc32

from msgspec import structs

from ccwall.engine.band import Band
from ccwall.engine.estimates import Inputs
from ccwall.engine.gauges import Gauge
from ccwall.engine.numbers import judged_by
from ccwall.engine.outlook import Outlook, expected_wait, outlook
from ccwall.engine.running import Sparse
from ccwall.engine.scope import STEP, Scope, Window
from ccwall.engine.shift import people
from ccwall.engine.state import Queue, State

if TYPE_CHECKING:
    from ccwall.engine.advice.look import Heard, Look

AT_ONCE, QUEUES_AT_ONCE = 8, 4
"""So many at one look, and of these so many queues."""
MINUTE, HOUR = 60, 3600
ENOUGH = 0.8
"""Of the arrivals must be of queues with a forecast, or there is none for all of them."""
SHOWN = ("occupancy", "shares", "logged_on_time", "persons", "calls_per_agent", "calls_target")

Forecast = dict[int, Band]
"""By minutes ahead: low, middle, high of the service level."""


@cache
def phase_of(scope: Scope) -> int:
    """Seconds into each minute at which its turn is, in whole steps: each has another, the same on every machine."""
    return crc32(str(scope).encode()) % (MINUTE // STEP) * STEP


class Prospects:
    """What was worked out last, and when: by scope. Not part of the state, and the same for all boards of an engine."""

    def __init__(self) -> None:
        self.outlooks: dict[Scope, tuple[int, Outlook]] = {}
        self.times: dict[Scope, tuple[int, dict[str, object]]] = {}
        self.look: Look | None = None
        """the last of those that the forecasts are taken from"""
        self.heard: Heard = {}
        self.since: float | None = None
        """When the first fact was counted that anybody remembers."""

    def watched(self, state: State, now: float) -> float:
        """Seconds for which arrivals have been watched, of the last hour."""
        if self.since is None:
            begun = (minute for queue in state.queues.values() for minute in queue.events.minutes)
            self.since = min(begun, default=now)
        return min(float(HOUR), max(0.0, now - self.since))

    @staticmethod
    def turns(
        queues: Iterable[Scope], people: Iterable[Scope], now: float, told: dict[Scope, int]
    ) -> Iterator[tuple[Scope, int]]:
        """Whose turn has come, and which it is; ``told`` are the turns that were shown last."""
        for scope in people:
            if told.get(scope) != (turn := int(now // STEP)):
                yield scope, turn
        for scope in queues:
            if told.get(scope) != (turn := int((now - phase_of(scope)) // MINUTE)):
                yield scope, turn

    def of_queue(
        self,
        scope: Scope,
        now: float,
        is_due: bool,
        inputs: Callable[[], Inputs],
        ahead: Callable[[], Forecast | None],
    ) -> Outlook:
        """The last one; worked out now where there is none, where it ``is_due``, or after more than a whole turn."""
        mine, known = int((now - phase_of(scope)) // MINUTE), self.outlooks.get(scope)
        if known is None or not mine - 1 <= known[0] <= mine or (known[0] < mine and is_due):
            made = outlook(inputs())
            if not made.why:
                made = structs.replace(made, forecast=ahead())
            known = self.outlooks[scope] = mine, made
        return known[1]

    def of_people(
        self, state: State, scope: Scope, window: Window, now: float, is_due: bool
    ) -> dict[str, object]:
        """What people of the floor or a team did with their time today."""
        mine, known = int(now // STEP), self.times.get(scope)
        if known is None or not mine - 1 <= known[0] <= mine or (known[0] < mine and is_due):
            told = people(state, scope, window, now)
            known = self.times[scope] = mine, {key: told[key] for key in SHOWN if told[key] is not None}
        return known[1]


def inputs_of(
    queue: Queue, hour: Sparse, recent: Sparse, gauge: Gauge, ready: int, capacity: float, watched: float
) -> Inputs:
    """What is known of a queue: sums of the last 60 and 15 minutes, and what is now."""
    card = queue.card
    judged = judged_by(card, card.variant)
    left = sum(hour.get(key, 0) for key in ("wait", "abandon_wait", "short_wait", "flow_wait"))
    return Inputs(
        arrivals=hour.get("offered", 0),
        arrival_seconds=watched,
        recent_arrivals=recent.get("offered", 0),
        handled=hour.get("handled", 0),
        handling_ms=sum(hour.get(key, 0) for key in ("talk", "hold", "wrap")),
        patience_wait_ms=left,
        abandons=hour.get("timed_abandons", 0) + hour.get("short", 0),
        patience_default=card.patience,
        waiting=gauge.waiting,
        overdue=gauge.overdue,
        ready=ready,
        capacity=capacity,
        threshold=judged.threshold,
        short=judged.short,
        target=card.service_level_target,
        variant=card.variant,
    )


Together = tuple[int | None, dict[int, Band] | None]


def together(known: Iterable[Outlook]) -> Together:
    """Need and forecast of many queues, weighted by their arrivals; None unless those that have one take `ENOUGH` of them.

    Needs add up: nobody is taken to help out elsewhere. Low and high ends add up as if all queues were lucky or unlucky at
    once, and of what has no forecast anything may come: so the band is wider than it must be, never narrower.
    """
    every = [each for each in known if each.rate]
    able = [each for each in every if each.need is not None]
    whole, covered = fsum(each.rate or 0.0 for each in every), fsum(each.rate or 0.0 for each in able)
    if not able or covered < ENOUGH * whole - 1e-9:
        return None, None
    need = sum(each.need or 0 for each in able)
    bands = [(each.rate or 0.0, each.forecast) for each in able if each.forecast is not None]
    if len(bands) < len(able):  # nobody works in one of them now
        return need, None
    found: dict[int, Band] = {}
    for minutes in bands[0][1]:
        low, middle, high = (fsum(rate * band[minutes][n] for rate, band in bands) for n in range(3))
        ends = low / whole, middle / covered, min(1.0, (high + whole - covered) / whole)
        found[minutes] = round(ends[0], 3), round(ends[1], 3), round(ends[2], 3)
    return need, found


def of_floor(whole: Together, capacity: float) -> dict[str, object]:
    """What the board says of all queues together."""
    need, forecast = whole
    board: dict[str, object] = {"capacity": capacity}
    if need is not None:
        board |= {"need": need, "gap": round(capacity - need, 3)}
    if capacity <= 0:
        return board | {"why": "nobody"}
    if need is None:
        return board | {"why": "too_little_data"}
    if forecast is None:
        return board
    return board | {"forecast": {str(minutes): list(shares) for minutes, shares in forecast.items()}}


def outlook_object(known: Outlook, waiting: int, ready: int, capacity: float) -> dict[str, object]:
    """As the board shows it: the wait and the gap by who waits and works now."""
    wait = expected_wait(waiting, ready, capacity, known.aht, known.patience)
    board: dict[str, object] = {"capacity": capacity}
    optional: tuple[tuple[str, object], ...] = (
        ("need", known.need),
        ("gap", None if known.need is None else round(capacity - known.need, 3)),
        ("ewt", wait),
        ("rate", known.rate),
        ("aht", known.aht),
        ("patience", known.patience),
        ("why", _why(known, capacity)),
    )
    board.update((key, value) for key, value in optional if value is not None)
    board.update((key, n) for key in ("rate_n", "aht_n", "patience_n") if (n := getattr(known, key)))
    if known.forecast is not None and capacity > 0:
        board["forecast"] = {str(minutes): list(shares) for minutes, shares in known.forecast.items()}
    return board


def _why(known: Outlook, capacity: float) -> str | None:
    if capacity <= 0:
        return "nobody"
    return "too_little_data" if known.need is None else None
