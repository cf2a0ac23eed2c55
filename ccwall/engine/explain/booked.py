"""The numbers as every screen shows them: of scopes by their books, of a person by the day that is kept."""

from ccwall.engine.explain.question import View
from ccwall.engine.measure import measure
from ccwall.engine.people import NOBODY
from ccwall.engine.persons import Agent
from ccwall.engine.state import State


def booked(state: State, view: View) -> tuple[float | int | None, bool]:
    """The number as every screen shows it, and whether books are kept of it at all."""
    if view.agent is not None:
        return _of_person(state, view, view.agent)
    numbers = measure(state, view.asked.scope, view.asked.window, view.now, view.basis)
    if view.metric.key == "service_level":
        levels = numbers["service_levels"]
        return (levels.get(view.variant) if isinstance(levels, dict) else None), True
    value = numbers.get(view.metric.key)
    return (None if isinstance(value, dict) else value), True


def _of_person(state: State, view: View, agent: Agent) -> tuple[float | int | None, bool]:
    """Of a person only the day is kept, and only by event."""
    if view.asked.window.kind != "today" or view.span.cohort:
        return None, False
    day = agent.days.get(view.asked.window.start, NOBODY)
    key = view.metric.key
    kept: dict[str, float | int] = {
        "answered": day.answered,
        "handled": day.handled,
        "transferred": day.transferred,
        "missed": day.missed,
        "declined": day.declined,
        "connected": day.outbound,
        "ratings": day.ratings,
        "satisfied": day.satisfied,
        "own_talk": day.talk / 1000,
        "own_hold": day.hold / 1000,
        "own_wrap": day.wrap / 1000,
    }
    return kept.get(key), key in kept
