"""What is looked through once when a day is closed, by team: its shifts, each as the day's sheet judges it, and the cases."""

from collections.abc import Iterable

from msgspec import Struct, structs

from ccwall.engine.day import Frame
from ccwall.engine.desk.attendance import Spell, adherence, judge
from ccwall.engine.desk.cases import Case
from ccwall.engine.desk.rota import Worked
from ccwall.engine.scope import Scope
from ccwall.engine.state import State
from ccwall.engine.timeline import states_of
from ccwall.engine.yesterday import Attendance, Promised
from ccwall.events import Shift


class Sheet(Struct, frozen=True):
    """What is looked through once for all scopes, by team."""

    shifts: list[tuple[str, Attendance]]
    cases: list[tuple[str, Case]]


def sheet_of(state: State, now: float) -> Sheet:
    return Sheet(shifts_of(state, now), cases_of(state))


def shifts_of(state: State, now: float) -> list[tuple[str, Attendance]]:
    """The shifts of work that began in the state's day, by team, each as the day's sheet judges it."""
    rota, day = state.desk.rota, state.frame
    return [
        (state.team_of(shift.agent), _attended(state, shift, day, now))
        for shift in rota.shifts.values()
        if shift.kind == "work" and day.start <= shift.begins < min(day.end, now)
    ]


def _attended(state: State, shift: Shift, day: Frame, now: float) -> Attendance:
    worked = state.desk.rota.worked.get(shift.shift_id)
    came = worked is not None and worked.came is not None
    spells = _spells(state, shift, day, now)
    if not spells:
        return _judged(shift, worked, now, came)
    plan = adherence(shift, spells, now, state.heard_since(shift.agent))
    if not came and plan.unknown > plan.planned / 2:  # nobody heard whether
        return Attendance(planned=1, unknown=1, seconds=plan.planned, kept=plan.kept, unseen=plan.unknown)
    found = _judged(shift, worked, now, came)
    return structs.replace(found, seconds=plan.planned, kept=plan.kept, unseen=plan.unknown)


def _judged(shift: Shift, worked: Worked | None, now: float, came: bool) -> Attendance:
    what = judge(shift, worked, now).what
    return Attendance(
        planned=1,
        came=int(came),
        late=int("late" in what),
        absent=int("absent" in what),
        early=int("early" in what),
    )


def attendance(shifts: Iterable[tuple[str, Attendance]], scope: Scope) -> Attendance:
    """Of a team, or of everybody."""
    mine = [each for team, each in shifts if scope.kind != "team" or team == scope.id]
    return Attendance(
        planned=len(mine),
        came=sum(each.came for each in mine),
        late=sum(each.late for each in mine),
        absent=sum(each.absent for each in mine),
        early=sum(each.early for each in mine),
        unknown=sum(each.unknown for each in mine),
        seconds=round(sum((each.seconds for each in mine), 0.0), 3),
        kept=round(sum((each.kept for each in mine), 0.0), 3),
        unseen=round(sum((each.unseen for each in mine), 0.0), 3),
    )


def _spells(state: State, shift: Shift, day: Frame, now: float) -> list[Spell]:
    """What the person did that day; nothing for who was never heard of."""
    agent = state.agents.get(shift.agent)
    spans = [] if agent is None else states_of(state, agent, day, now)
    return [Spell(each.start, now if each.end is None else each.end, each.says) for each in spans]


def cases_of(state: State) -> list[tuple[str, Case]]:
    """Every case that is remembered, by team: its person's, else its queue's."""
    cases, teams = state.desk.cases, {str(id): queue.card.team for id, queue in state.queues.items()}
    return [
        ((state.team_of(case.agent) if case.agent is not None else "") or teams.get(case.queue, ""), case)
        for case in (*cases.open.values(), *cases.closed.values())
    ]


def promised(cases: Iterable[Case], day: Frame, now: float) -> Promised:
    opened = closed = still = overdue = 0
    for case in cases:
        if case.opened > now:
            continue
        opened += case.opened >= day.start
        if case.closed is not None and case.closed <= now:
            closed += case.closed >= day.start
            continue
        still += 1
        overdue += case.next_due < now
    return Promised(open=still, overdue=overdue, opened=opened, closed=closed)
