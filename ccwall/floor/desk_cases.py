"""Acts about the register: complaints, callbacks, promises of an answer. Their due times are by the working days of the house."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccwall.engine.desk.cases import Case, promised
from ccwall.events import (
    AgentId,
    CaseAnswered,
    CaseChanged,
    CaseClosed,
    CaseId,
    CaseKind,
    CaseNoted,
    CaseOpened,
    Principal,
    QueueId,
    Role,
)
from ccwall.floor.acts import LEADS, Act, Bench, Tree
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere
from ccwall.floor.words import plain, seen_agent

KEEPERS: frozenset[Role] = LEADS | {"complaints"}
"""Who works on the register."""
OPENERS: frozenset[Role] = KEEPERS | {"agent"}
TITLE, TEXT, NOTE, NUMBER = 120, 4000, 1000, 40
FARTHEST = 400 * 86_400.0

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Level = Annotated[int, Meta(ge=1, le=3)]


class Open(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``agreed``: a time was agreed upon with the customer: the promise is 24 hours and not 48. ``due``: another time than the
    promise gives."""

    kind: CaseKind
    title: Annotated[str, Meta(max_length=TITLE)]
    level: Level = 1
    text: Annotated[str, Meta(max_length=TEXT)] = ""
    queue: Annotated[str, Meta(max_length=256)] = ""
    agent: Annotated[str, Meta(max_length=256)] = ""
    contact: Annotated[str, Meta(max_length=256)] = ""
    number: Annotated[str, Meta(max_length=NUMBER)] = ""
    agreed: bool = False
    due: float | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``owner``: an account's id, or a name; ``mine``: whoever asks."""

    case: Id
    level: Level | None = None
    due: float | None = None
    owner: Annotated[str, Meta(max_length=64)] | None = None
    mine: bool = False
    title: Annotated[str, Meta(max_length=TITLE)] | None = None
    agreed: bool | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    case: Id
    note: Annotated[str, Meta(max_length=NOTE)]


class Close(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    case: Id
    outcome: Literal["solved", "withdrawn", "passed_on", "failed"] = "solved"
    note: Annotated[str, Meta(max_length=NOTE)] = ""


def due_of(bench: Bench, kind: CaseKind, since: float, agreed: bool) -> tuple[float, str, float | None]:
    """Until when, by which promise, and until when the first answer."""
    promises, days = bench.engine.policy.promises, bench.engine.working_days()
    if (found := promised(promises, days, kind, since)) is not None:
        return found[0], kind, found[1]
    hours = promises.agreed_hours if agreed else promises.service_hours
    return days.due_hours(since, hours), "agreed" if agreed else "service", None


def open_case(bench: Bench, principal: Principal, asked: Open) -> Tree:
    agent = seen_agent(bench.engine, principal, asked.agent) if asked.agent else None
    if asked.queue:
        _queue(bench, principal, asked.queue)
    now = bench.now
    due, promise, answer_due = due_of(bench, asked.kind, now, asked.agreed)
    if asked.due is not None:
        due, promise = _due(asked.due, now), "own"
    id = CaseId(bench.fresh())
    fact = CaseOpened(
        at=now,
        case_id=id,
        kind=asked.kind,
        title=plain("arguments.title", asked.title, TITLE, needed=True),
        due=due,
        answer_due=answer_due,
        level=asked.level,
        promise=promise,
        queue=asked.queue,
        agent=agent,
        contact=plain("arguments.contact", asked.contact, 256),
        number=plain("arguments.number", asked.number, NUMBER),
        text=plain("arguments.text", asked.text, TEXT, lines=True),
    )
    bench.take(principal, fact)
    return {"case": id, "due": due} | ({} if answer_due is None else {"answer_due": answer_due})


def change(bench: Bench, principal: Principal, asked: Change) -> Tree:
    case = _open(bench, principal, asked.case)
    if asked.level is not None and asked.level < case.level and principal.role == "lead":
        raise Forbidden("A level is lowered by a supervisor or who keeps the register.")
    due = None if asked.due is None else _due(asked.due, bench.now)
    if asked.agreed is not None and asked.agreed != case.agreed and case.kind == "service" and due is None:
        due, _, _ = due_of(bench, case.kind, case.opened, asked.agreed)
    owner = asked.owner if asked.owner is None else plain("arguments.owner", asked.owner, 64)
    if asked.mine:
        if case.owner and case.owner != principal.id:
            taken, name = case.taken, owner_name(case)
            raise NotNow(
                f"{name} looks after it already.",
                done="taken",
                by=name,
                at=case.opened if taken is None else taken.at,
            )
        owner = principal.id
    fact = CaseChanged(
        at=bench.now,
        case_id=case.id,
        level=asked.level,
        due=due,
        owner=owner,
        title=None if asked.title is None else plain("arguments.title", asked.title, TITLE, needed=True),
        agreed=asked.agreed,
    )
    if all(value is None for value in (fact.level, fact.due, fact.owner, fact.title, fact.agreed)):
        raise Mistaken("arguments", "change nothing: say what is to be another")
    bench.take(principal, fact)
    return {"case": case.id}


def answer(bench: Bench, principal: Principal, asked: Said) -> Tree:
    case = _open(bench, principal, asked.case)
    note = plain("arguments.note", asked.note, NOTE, lines=True)
    bench.take(principal, CaseAnswered(at=bench.now, case_id=case.id, note=note))
    return {"case": case.id}


def note(bench: Bench, principal: Principal, asked: Said) -> Tree:
    case = _known(bench, principal, asked.case)
    text = plain("arguments.note", asked.note, NOTE, needed=True, lines=True)
    bench.take(principal, CaseNoted(at=bench.now, case_id=case.id, note=text))
    return {"case": case.id}


def close(bench: Bench, principal: Principal, asked: Close) -> Tree:
    case = _open(bench, principal, asked.case)
    text = plain("arguments.note", asked.note, NOTE, needed=asked.outcome != "solved", lines=True)
    bench.take(principal, CaseClosed(at=bench.now, case_id=case.id, outcome=asked.outcome, note=text))
    return {"case": case.id}


def owner_name(case: Case) -> str:
    """What people call who looks after it: by what they were called when they took it."""
    by = None if case.taken is None else case.taken.by
    return by.name or by.id if by is not None and by.id == case.owner else case.owner


def sees(bench: Bench, principal: Principal, case: Case) -> bool:
    """Who keeps the register sees all of it, leads what is of their people and queues or nobody's, an agent their own."""
    if principal.role == "agent":
        return case.by is not None and case.by.id == principal.id
    if principal.role == "complaints":
        return True
    teams, queues = principal.teams, principal.queues
    if case.agent is not None and teams is not None:
        return bench.engine.team(AgentId(case.agent)) in teams
    return not case.queue or queues is None or QueueId(case.queue) in queues


def _known(bench: Bench, principal: Principal, id: str) -> Case:
    case = bench.engine.desk.cases.get(CaseId(id))
    if case is None or not sees(bench, principal, case):
        raise NotThere(f"There is no case {id!r} here.")
    return case


def _open(bench: Bench, principal: Principal, id: str) -> Case:
    case = _known(bench, principal, id)
    if not case.is_open:
        by = case.notes[-1].by if case.notes else None
        name = "" if by is None else by.name or by.id
        raise NotNow(
            f"This case was closed by {name or 'the house'}.", done="closed", by=name, at=case.closed or 0.0
        )
    return case


def _queue(bench: Bench, principal: Principal, id: str) -> None:
    queue = QueueId(id)
    mine = principal.queues is None or queue in principal.queues
    if not mine or bench.engine.queue_source(queue) is None:
        raise NotThere(f"There is no queue {id!r} here.")


def _due(due: float, now: float) -> float:
    if not now < due <= now + FARTHEST:
        raise Mistaken("arguments.due", "must be later than now, by 400 days at the most")
    return due


ACTS: tuple[Act, ...] = (
    Act(name="case.open", takes=Open, may=OPENERS, do=open_case),
    Act(name="case.change", takes=Change, may=KEEPERS, do=change),
    Act(name="case.answer", takes=Said, may=KEEPERS, do=answer),
    Act(name="case.note", takes=Said, may=OPENERS, do=note),
    Act(name="case.close", takes=Close, may=KEEPERS, do=close),
)
