"""Events of the whole floor (F11): proposed by a detector or a person, confirmed by a supervisor, told to everybody, closed
with what they did to the numbers."""

from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.desk.deeds import Deed, Tree, filled, forget
from ccwall.engine.desk.who import Who
from ccwall.events import (
    AnyEvent,
    Envelope,
    IncidentClosed,
    IncidentConfirmed,
    IncidentDismissed,
    IncidentEdited,
    IncidentId,
    IncidentProposed,
)

if TYPE_CHECKING:
    from ccwall.engine.state import State

KEPT_FOR = 48 * 3600.0
"""Seconds for which one that is over is shown; the journal has all of them."""
MOST = 100
MOST_DEEDS = 24
MOST_FIGURES = 24


class Incident(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """``deeds`` is its life, the oldest first: proposed, confirmed, edited, dismissed, closed. ``text`` is the proposer's word,
    ``texts`` what everybody is told, by language."""

    id: IncidentId
    kind: str
    began: float
    scope: str = "floor"
    state: Literal["proposed", "confirmed", "dismissed", "closed"] = "proposed"
    text: str = ""
    texts: dict[str, str] = {}
    evidence: dict[str, float] = {}
    expected_end: float | None = None
    ended: float | None = None
    cause: str = ""
    effect: dict[str, float] = {}
    deeds: list[Deed] = []

    @property
    def over(self) -> float | None:
        """When it was dismissed or closed; None before."""
        return self.deeds[-1].at if self.state in {"dismissed", "closed"} and self.deeds else None


FACTS: tuple[type[AnyEvent], ...] = (
    IncidentProposed,
    IncidentConfirmed,
    IncidentEdited,
    IncidentDismissed,
    IncidentClosed,
)


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    known, event, by = state.desk.incidents, envelope.event, Who.of(envelope.actor)
    match event:
        case IncidentProposed() if event.incident_id not in known:
            known[event.incident_id] = Incident(
                id=event.incident_id,
                kind=event.kind,
                scope=event.scope,
                began=event.began,
                text=event.text,
                evidence=_bounded(event.evidence),
                deeds=[Deed(at=at, what="proposed", by=by)],
            )
        case IncidentConfirmed() if (found := _in(known, event.incident_id, "proposed")) is not None:
            found.state, found.texts, found.expected_end = "confirmed", event.texts, event.expected_end
            _note(found, Deed(at=at, what="confirmed", by=by))
        case IncidentEdited() if (
            found := _in(known, event.incident_id, "proposed", "confirmed")
        ) is not None:
            _edit(found, event)
            _note(found, Deed(at=at, what="edited", by=by, note=event.note))
        case IncidentDismissed() if (found := _in(known, event.incident_id, "proposed")) is not None:
            found.state = "dismissed"
            _note(found, Deed(at=at, what="dismissed", by=by, note=event.reason))
        case IncidentClosed() if (found := _in(known, event.incident_id, "confirmed")) is not None:
            found.state, found.ended = "closed", max(event.ended, found.began)
            found.cause, found.effect = event.cause, _bounded(event.effect)
            _note(found, Deed(at=at, what="closed", by=by, note=event.cause))
        case _:
            pass
    forget(known, lambda each: each.over, at - KEPT_FOR, MOST)


def _in(known: dict[IncidentId, Incident], id: IncidentId, *states: str) -> Incident | None:
    found = known.get(id)
    return found if found is not None and found.state in states else None


def _edit(found: Incident, event: IncidentEdited) -> None:
    found.kind = event.kind or found.kind
    found.began = found.began if event.began is None else event.began
    found.texts = found.texts if event.texts is None else event.texts
    found.expected_end = found.expected_end if event.expected_end is None else event.expected_end


def _note(found: Incident, deed: Deed) -> None:
    """Its beginning and its newest deeds stay."""
    kept = found.deeds if len(found.deeds) < MOST_DEEDS else [found.deeds[0], *found.deeds[2:]]
    found.deeds = [*kept, deed]


def _bounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: figures[name] for name in sorted(figures)[:MOST_FIGURES]}


def shown(state: "State", now: float) -> dict[str, object]:
    return {"incidents": {id: _shown(each) for id, each in state.desk.incidents.items()}}


def _shown(each: Incident) -> Tree:
    return filled(
        kind=each.kind,
        scope=each.scope,
        state=each.state,
        began=each.began,
        text=each.text,
        texts=dict(each.texts),
        evidence=dict(each.evidence),
        expected_end=each.expected_end,
        ended=each.ended,
        cause=each.cause,
        effect=dict(each.effect),
        history=[deed.shown() for deed in each.deeds],
    )
