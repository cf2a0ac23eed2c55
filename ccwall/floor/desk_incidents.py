"""Acts about incidents: a lead may think so, a supervisor says so, and says when it is over (F11)."""

from typing import Annotated

from msgspec import Meta

from ccwall.engine.desk.incidents import Incident
from ccwall.engine.scope import scope_of
from ccwall.events import (
    IncidentClosed,
    IncidentConfirmed,
    IncidentDismissed,
    IncidentEdited,
    IncidentId,
    IncidentKind,
    IncidentProposed,
    Principal,
)
from ccwall.floor.acts import LEADS, Act, Bench, Tree
from ccwall.floor.deeds import DECIDES, NOTE, Args, Id, Instant, Note, Text, faster, not_there, until_of
from ccwall.floor.wish import Mistaken, NotNow
from ccwall.floor.words import plain, texts

SHOWN = 120
"""Characters of what hangs in the room: two lines of a banner."""
LONGEST_AHEAD = 2 * 86_400.0
LONGEST_AGO = 86_400.0

Texts = Annotated[dict[str, Text], Meta(max_length=6)]


class Propose(Args, frozen=True, kw_only=True):
    kind: IncidentKind
    text: Text = ""
    scope: Annotated[str, Meta(max_length=256)] = "floor"
    began: Instant | None = None


class Confirm(Args, frozen=True, kw_only=True):
    incident: Id
    texts: Texts
    expected_end: Instant | None = None


class Edit(Args, frozen=True, kw_only=True):
    incident: Id
    kind: IncidentKind | None = None
    began: Instant | None = None
    texts: Texts | None = None
    expected_end: Instant | None = None
    note: Note = ""


class Dismiss(Args, frozen=True, kw_only=True):
    incident: Id
    reason: Note = ""


class Close(Args, frozen=True, kw_only=True):
    incident: Id
    ended: Instant | None = None
    cause: Note = ""


def propose(bench: Bench, principal: Principal, asked: Propose) -> Tree:
    text = plain("text", asked.text, SHOWN)
    scope = _scope(asked.scope)
    began = _began(bench, asked.began)
    for known in bench.engine.desk.incidents.values():
        if (known.kind, known.scope) == (asked.kind, scope) and known.over is None:
            raise faster("An incident of this kind", known.deeds[0], "proposed")
    id = IncidentId(bench.fresh())
    bench.take(
        principal,
        IncidentProposed(
            at=bench.now,
            incident_id=id,
            kind=asked.kind,
            scope=scope,
            began=bench.now if began is None else began,
            text=text,
        ),
    )
    return {"incident": id}


def confirm(bench: Bench, principal: Principal, asked: Confirm) -> Tree:
    found = _found(bench, asked.incident)
    said = texts("texts", asked.texts, SHOWN)
    ends = _expected(bench, asked.expected_end)
    if found.state != "proposed":
        raise _faster(found)
    bench.take(
        principal, IncidentConfirmed(at=bench.now, incident_id=found.id, texts=said, expected_end=ends)
    )
    return {"incident": found.id}


def edit(bench: Bench, principal: Principal, asked: Edit) -> Tree:
    found = _found(bench, asked.incident)
    said = None if asked.texts is None else texts("texts", asked.texts, SHOWN)
    note = plain("note", asked.note, NOTE)
    began, ends = _began(bench, asked.began), _expected(bench, asked.expected_end)
    if found.over is not None:
        raise _faster(found)
    changed = (asked.kind, began, said, ends) != (None, None, None, None)
    if not changed and not note:
        raise Mistaken("incident", "stays as it is: say what is another")
    bench.take(
        principal,
        IncidentEdited(
            at=bench.now,
            incident_id=found.id,
            kind=asked.kind,
            began=began,
            texts=said,
            expected_end=ends,
            note=note,
        ),
    )
    return {"incident": found.id}


def dismiss(bench: Bench, principal: Principal, asked: Dismiss) -> Tree:
    found = _found(bench, asked.incident)
    reason = plain("reason", asked.reason, NOTE)
    if found.state != "proposed":
        raise _faster(found)
    bench.take(principal, IncidentDismissed(at=bench.now, incident_id=found.id, reason=reason))
    return {"incident": found.id}


def close(bench: Bench, principal: Principal, asked: Close) -> Tree:
    """Its effect on the numbers is worked out now, while they are known."""
    found = _found(bench, asked.incident)
    cause = plain("cause", asked.cause, NOTE)
    ended = bench.now if asked.ended is None else asked.ended
    if found.state == "proposed":
        raise NotNow("This is only proposed: confirm or dismiss it.")
    if found.over is not None:
        raise _faster(found)
    if not found.began <= ended <= bench.now:
        raise Mistaken("ended", "must be between its beginning and now")
    effect = bench.engine.incident_effect(found, ended)
    bench.take(
        principal,
        IncidentClosed(at=bench.now, incident_id=found.id, ended=ended, cause=cause, effect=effect),
    )
    return {"incident": found.id, "effect": effect}


def _found(bench: Bench, id: str) -> Incident:
    """Whatever somebody's scope is: an incident is everybody's."""
    found = bench.engine.desk.incidents.get(IncidentId(id))
    if found is None:
        raise not_there("incident", id)
    return found


def _faster(found: Incident) -> NotNow:
    last = next(deed for deed in reversed(found.deeds) if deed.what != "edited")
    return faster("This", last, last.what)


def _scope(text: str) -> str:
    try:
        return str(scope_of(text))
    except ValueError as error:
        raise Mistaken("scope", str(error)) from None


def _began(bench: Bench, began: float | None) -> float | None:
    if began is not None and not bench.now - LONGEST_AGO <= began <= bench.now:
        raise Mistaken("began", "must be within the last day")
    return began


def _expected(bench: Bench, ends: float | None) -> float | None:
    return None if ends is None else until_of(bench, "expected_end", ends, LONGEST_AHEAD)


ACTS: tuple[Act, ...] = (
    Act(name="incident.propose", takes=Propose, may=LEADS, do=propose),
    Act(name="incident.confirm", takes=Confirm, may=DECIDES, do=confirm),
    Act(name="incident.edit", takes=Edit, may=DECIDES, do=edit),
    Act(name="incident.dismiss", takes=Dismiss, may=DECIDES, do=dismiss),
    Act(name="incident.close", takes=Close, may=DECIDES, do=close),
)
