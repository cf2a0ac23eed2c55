"""Why a number is what it is. `explain` answers a `Question`; `Mistaken` says which part of it nobody can answer."""

from ccwall.engine.explain.answer import Explanation, Line, of_visits
from ccwall.engine.explain.people import of_people
from ccwall.engine.explain.question import Mistaken, Question, is_known, view
from ccwall.engine.explain.things import Outbound, Refusal, Ring, Thing
from ccwall.engine.state import State

__all__ = [
    "Explanation",
    "Line",
    "Mistaken",
    "Outbound",
    "Question",
    "Refusal",
    "Ring",
    "Thing",
    "explain",
    "is_known",
]


def explain(state: State, asked: Question, now: float) -> Explanation:
    """The number as the screens show it, and everything behind it. Raises `Mistaken`."""
    seen = view(state, asked, now)
    if seen.metric.kind == "people" and not seen.metric.key.startswith("own_"):
        told, people = of_people(state, seen)
        return Explanation(told=told, people=people)
    return of_visits(state, seen)
