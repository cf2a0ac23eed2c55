"""The figures of the last business day that was watched, of one scope, as they are told to people: with its date, how each was
counted, and of what time nobody knows."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.engine import closing
from ccwall.engine.scope import Scope
from ccwall.engine.spells import day_at
from ccwall.engine.yesterday import Attendance, Best, Day, Days, Figures, Promised, Trouble

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]

MOST_QUEUES = 12


def last_day(state: "State", scope: Scope, now: float) -> Tree:
    """``from`` and ``to`` of the day, ``yesterday``: whether it is the business day before that of ``now``, and its figures; what
    has no value is absent. Without figures ``none`` says why: ``began`` (ccwall began to watch today) or ``nothing`` (there was
    nothing of this scope on the days it watched); ``since``: when it began.
    """
    told: Tree = {"scope": str(scope)}
    # The day is over, though no fact of a new one has come yet.
    past = closing.closed(state, state.now) if now >= state.frame.end > 0 else state.past
    figures = past.figures.get(str(scope))
    day = None if figures is None else past.days.get(figures.day)
    if figures is None or day is None:
        since = state.past.since
        why = "began" if since is None or since >= day_at(state, now).start else "nothing"
        return told | {"none": why} | ({"since": since} if since is not None else {})
    told |= _of_day(closing.mended(state, day), day_at(state, now).start)
    told |= _of_figures(figures)
    if troubles := [_trouble(each) for each in day.troubles if _concerns(state, each, scope)]:
        told["incidents"] = troubles
    if queues := _queues(state, past, scope, figures.day):
        told["queues"] = queues
    return told


def _of_day(day: Day, today: int) -> Tree:
    told: Tree = {"from": day.start, "to": day.end, "yesterday": day.end == today, "heard": day.heard}
    if day.since is not None:
        told["since"] = day.since
    if day.outages:
        told["outages"] = [list(span) for span in day.outages]
    return told


def _of_figures(each: Figures) -> Tree:
    formula: Tree = {"service_level": each.variant}
    if each.threshold is not None:
        formula["threshold"] = each.threshold
    if each.short is not None:
        formula["short"] = each.short
    told: Tree = {"numbers": dict(each.numbers), "target": dict(each.target), "formula": formula}
    if each.worst is not None:
        told["worst"] = msgspec.to_builtins(each.worst)
    if each.attendance.planned:
        told["attendance"] = _attendance(each.attendance)
    told |= {
        name: _all(promised)
        for name, promised in (("complaints", each.complaints), ("promises", each.promises))
        if promised != Promised()
    }
    if each.persons:
        told |= {"persons": each.persons, "goal": each.goal, "reached": each.reached}
    if each.best:
        told["best"] = [_best(one) for one in each.best]
    return told


def _attendance(each: Attendance) -> Tree:
    told: Tree = {
        name: getattr(each, name) for name in ("planned", "came", "late", "absent", "early", "unknown")
    }
    return told if each.adherence is None else told | {"adherence": each.adherence}


def _all(promised: Promised) -> Tree:
    return {name: getattr(promised, name) for name in Promised.__struct_fields__}


def _best(one: Best) -> Tree:
    told: Tree = {"agent": one.agent, "what": one.what, "value": one.value}
    return told | ({"of": one.of} if one.of else {})


def _trouble(each: Trouble) -> Tree:
    told: Tree = {"kind": each.kind, "scope": each.scope, "began": each.began}
    told |= {"ended": each.ended} if each.ended is not None else {}
    return told | {
        name: value for name, value in (("texts", dict(each.texts)), ("effect", dict(each.effect))) if value
    }


def _concerns(state: "State", each: Trouble, scope: Scope) -> bool:
    """What befell everybody, this team, or one of its queues; the floor is told of all."""
    if scope.kind == "floor" or each.scope in ("floor", str(scope)):
        return True
    return scope.kind == "team" and any(
        each.scope in (f"queue:{queue.id}", f"line:{queue.card.line}")
        for queue in state.queues.values()
        if queue.card.team == scope.id
    )


def _queues(state: "State", past: Days, scope: Scope, day: int) -> list[Tree]:
    """Of the same day: those that were offered most first."""
    if scope.kind == "queue":
        return []
    mine = (
        (past.figures.get(f"queue:{queue.id}"), queue)
        for queue in state.queues.values()
        if scope.kind == "floor" or queue.card.team == scope.id
    )
    found = [
        (each, queue)
        for each, queue in mine
        if each is not None and each.day == day and each.numbers.get("offered")
    ]
    found.sort(key=lambda pair: (-pair[0].numbers["offered"], pair[1].id))
    return [
        {"queue": queue.id, "name": queue.name, "names": dict(queue.card.names), **_of_figures(each)}
        for each, queue in found[:MOST_QUEUES]
    ]
