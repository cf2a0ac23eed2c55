"""Why a number is what it is. `explain` answers a `Question`; `Mistaken` says which part of it nobody can answer."""

from ccwall.engine.explain.ahead import of_outlook
from ccwall.engine.explain.answer import counted_of, of_visits
from ccwall.engine.explain.doubt import doubts
from ccwall.engine.explain.paging import Explanation, Line, paged
from ccwall.engine.explain.people import of_people
from ccwall.engine.explain.plain import of_load, of_unseen
from ccwall.engine.explain.question import Mistaken, Question, is_known, view
from ccwall.engine.explain.things import Outbound, Refusal, Ring, Thing
from ccwall.engine.prospects import Prospects
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


def explain(state: State, asked: Question, now: float, prospects: Prospects | None = None) -> Explanation:
    """The number as the screens show it, and everything behind it. Raises `Mistaken`. ``prospects`` are those of the
    board; without them estimates are worked out now."""
    seen = view(state, asked, now)
    key, kind = seen.metric.key, seen.metric.kind
    if kind == "people" and not key.startswith("own_"):
        told, people = of_people(state, seen)
        return Explanation(told=told, people=people)
    if key == "unseen":
        return Explanation(told=of_unseen(state, seen) | doubts(state, seen, None))
    if key != "load" and kind != "outlook":
        return of_visits(state, seen)
    if key == "capacity":
        told, people = of_people(state, seen)
        return Explanation(told=told, people=people)
    counted = counted_of(state, seen)
    if key == "load":
        told = of_load(state, seen, counted)
    else:
        told = of_outlook(state, seen, prospects or Prospects())
    return paged(state, seen, counted, told | doubts(state, seen, counted))
