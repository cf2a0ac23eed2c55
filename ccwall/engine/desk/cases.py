"""The register of complaints, callbacks and promises (F20, F21): whose they are, what is due when, and what was said.

On the board are only their timers; words and numbers of customers are asked for, and every look is on record.
"""

from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.desk.calendar import WorkingDays
from ccwall.engine.desk.who import Who
from ccwall.events import (
    AgentId,
    AnyEvent,
    CaseAnswered,
    CaseChanged,
    CaseClosed,
    CaseEvent,
    CaseId,
    CaseKind,
    CaseNoted,
    CaseOpened,
    ContactId,
    Envelope,
    Promises,
)

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]

MOST_OPEN = 20_000
MOST_CLOSED = 5_000
CLOSED_FOR = 40 * 86_400.0
MOST_NOTES = 100
MOST_WANTED = 5_000
"""Callers who asked to be called back and whom no case is known of yet."""
SHOWN = 500
"""Open ones on the board: those that are due first."""


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``what``: opened, answered, noted, closed, or what was changed; then ``level``, ``due`` and ``owner`` say to what."""

    at: float
    what: str
    text: str = ""
    by: Who | None = None
    level: int | None = None
    due: float | None = None
    owner: str = ""


class Case(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """``answer_due``: when somebody must have answered first; ``answered``: when somebody did. ``fixed``: a person said until when."""

    id: CaseId
    kind: CaseKind
    title: str
    opened: float
    due: float
    answer_due: float | None = None
    level: int = 1
    promise: str = ""
    agreed: bool = False
    queue: str = ""
    agent: AgentId | None = None
    contact: str = ""
    number: str = ""
    text: str = ""
    owner: str = ""
    answered: float | None = None
    closed: float | None = None
    outcome: Literal["", "solved", "withdrawn", "passed_on", "failed"] = ""
    by: Who | None = None
    fixed: bool = False
    notes: list[Note] = []

    @property
    def is_open(self) -> bool:
        return self.closed is None

    @property
    def next_due(self) -> float:
        """What is promised next: the first answer, or all of it."""
        awaited = self.answer_due is not None and self.answered is None
        return min(self.due, self.answer_due) if awaited and self.answer_due is not None else self.due

    @property
    def taken(self) -> "Note | None":
        """When its owner became its owner, and by whom."""
        return next((note for note in reversed(self.notes) if note.owner and note.owner == self.owner), None)


class Wanted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A caller who asked to be called back."""

    at: float
    queue: str
    number: str


class Cases(msgspec.Struct, kw_only=True, gc=False):
    open: dict[CaseId, Case] = {}
    closed: dict[CaseId, Case] = {}
    wanted: dict[ContactId, Wanted] = {}

    def get(self, id: CaseId) -> Case | None:
        return self.open.get(id) or self.closed.get(id)


FACTS: tuple[type[AnyEvent], ...] = (CaseOpened, CaseChanged, CaseAnswered, CaseNoted, CaseClosed)


def asked_for(cases: Cases, contact: ContactId, wanted: Wanted) -> None:
    """A caller asked to be called back: the house opens a case of it."""
    while len(cases.wanted) >= MOST_WANTED:
        del cases.wanted[next(iter(cases.wanted))]
    cases.wanted[contact] = wanted


def promised(
    promises: Promises, days: WorkingDays, kind: str, since: float
) -> tuple[float, float | None] | None:
    """What is promised in working days: until when, and until when the first answer; None for what is promised otherwise."""
    if kind == "complaint":
        answer = days.first_answer(since) + promises.first_answer
        return days.due_days(since, promises.complaint_days), answer
    if kind == "callback":
        return days.due_days(since, promises.callback_days), None
    return None


def follow(state: "State", days: WorkingDays, day: str, at: float, by: Who | None) -> None:
    """``day`` is another one than it was: what was promised in working days, and is open, is due by the new calendar."""
    for case in state.desk.cases.open.values():
        last = max(case.due, case.answer_due or 0.0)
        if (
            case.promise != case.kind
            or not days.day_of(case.opened).isoformat() <= day <= days.day_of(last).isoformat()
        ):
            continue
        found = promised(state.policy.promises, days, case.kind, case.opened)
        if found is None:
            continue
        due, case.answer_due = found
        if due != case.due and not case.fixed:
            case.due = due
            _note(case, Note(at=at, what="due", by=by, due=due))


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    cases, event, by = state.desk.cases, envelope.event, Who.of(envelope.actor)
    if isinstance(event, CaseOpened):
        _opened(cases, event, at, by)
    elif isinstance(event, CaseEvent) and (case := cases.get(event.case_id)) is not None:
        _went_on(cases, case, event, at, by)
    _forget(cases, at)


def _opened(cases: Cases, event: CaseOpened, at: float, by: Who | None) -> None:
    cases.wanted.pop(ContactId(event.contact), None)
    if event.case_id in cases.open or len(cases.open) >= MOST_OPEN:
        return
    cases.closed.pop(event.case_id, None)
    cases.open[event.case_id] = Case(
        id=event.case_id,
        kind=event.kind,
        title=event.title,
        opened=at,
        due=event.due,
        answer_due=event.answer_due,
        level=event.level,
        promise=event.promise,
        queue=event.queue,
        agent=event.agent,
        contact=event.contact,
        number=event.number,
        text=event.text,
        by=by,
        notes=[Note(at=at, what="opened", by=by)],
    )


def _went_on(cases: Cases, case: Case, event: CaseEvent, at: float, by: Who | None) -> None:
    match event:
        case CaseChanged():
            changed = [
                name
                for name in ("level", "due", "owner", "title", "agreed")
                if getattr(event, name) is not None and getattr(event, name) != getattr(case, name)
            ]
            for name in changed:
                setattr(case, name, getattr(event, name))
            case.fixed = case.fixed or "due" in changed
            to = {name: getattr(event, name) for name in changed if name in ("level", "due", "owner")}
            _note(case, Note(at=at, what=",".join(changed), by=by, **to))
        case CaseAnswered():
            case.answered = at if case.answered is None else case.answered
            _note(case, Note(at=at, what="answered", text=event.note, by=by))
        case CaseNoted():
            _note(case, Note(at=at, what="noted", text=event.note, by=by))
        case CaseClosed() if case.is_open:
            case.closed, case.outcome = at, event.outcome
            _note(case, Note(at=at, what="closed", text=event.note, by=by))
            cases.closed[case.id] = cases.open.pop(case.id)
        case _:
            pass


def _note(case: Case, note: Note) -> None:
    case.notes = [*case.notes[-MOST_NOTES + 1 :], note]


def _forget(cases: Cases, now: float) -> None:
    gone = [id for id, case in cases.closed.items() if (case.closed or 0.0) < now - CLOSED_FOR]
    gone += list(cases.closed)[: max(0, len(cases.closed) - len(gone) - MOST_CLOSED)]
    for id in gone:
        cases.closed.pop(id, None)


# ── what is to be seen ─────────────────────────────────────────────────────────────────────────────────────────────


def shown(state: "State", now: float) -> dict[str, Tree]:
    cases = state.desk.cases
    first = sorted(cases.open.values(), key=lambda case: (case.next_due, case.id))
    counts: dict[str, int] = {}
    for case in cases.open.values():
        counts[f"{case.kind}.{case.level}"] = counts.get(f"{case.kind}.{case.level}", 0) + 1
    return {
        "cases": {case.id: _timer(state, case) for case in first[:SHOWN]},
        "case_desk": {"open": counts, "more": max(0, len(first) - SHOWN)},
    }


def _timer(state: "State", case: Case) -> Tree:
    """What may hang where leads look: no word of a customer's."""
    told: Tree = {
        "kind": case.kind,
        "level": case.level,
        "opened": case.opened,
        "due": case.due,
        "answer_due": case.answer_due if case.answered is None else None,
        "answered": case.answered,
        "owner": case.owner,
        "queue": case.queue,
        "agent": case.agent,
        "team": state.team_of(case.agent) if case.agent is not None else "",
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}
