"""The rota: who is to work when and where, what came of it, and the meetings of the day (F16 to F18, F22)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.day import Frame, zone_of
from ccwall.engine.desk import cases
from ccwall.engine.desk.calendar import WorkingDays
from ccwall.engine.desk.who import Who
from ccwall.events import (
    AgentId,
    AnyEvent,
    AttendanceExcused,
    AttendanceMarked,
    CalendarChanged,
    Envelope,
    MeetingCancelled,
    MeetingId,
    MeetingPlanned,
    Shift,
    ShiftId,
    ShiftRemoved,
    ShiftsPlanned,
    ShiftsSwapped,
)

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]

KEPT_FOR = 40 * 86_400.0
"""Seconds for which a shift that is over is remembered: a month's sheet."""
MOST_SHIFTS = 200_000
MOST_MEETINGS = 500
MOST_CHANGES = 500
MOST_DAYS = 2_000
"""of the calendar that people said something of"""
BEFORE, AFTER = 2 * 3600.0, 3 * 3600.0
"""A shift is shown, and its person watched, from so long before its beginning until so long after its end."""
EARLIER, LATER = 12 * 3600.0, 24 * 3600.0
"""Around now: what a board shows of the rota."""


class Excuse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    at: float
    note: str
    by: Who | None = None


class Worked(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """What came of a shift. ``left`` is None while somebody is there; ``away_since`` while they are at another seat, or
    the headset lies about. ``latest``: they may have come before that, when nobody was listening."""

    came: float | None = None
    latest: bool = False
    left: float | None = None
    wrong_seat: float | None = None
    undocked: float | None = None
    excuses: dict[str, Excuse] = {}


class Meeting(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """``edited``: when it was planned or changed last, and by whom."""

    id: MeetingId
    title: str
    begins: float
    lasts: float
    repeats: Literal["", "daily", "workdays", "weekly"] = ""
    teams: tuple[str, ...] = ()
    text: str = ""
    cancelled: list[float] = []
    edited: float = 0.0
    by: Who | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One thing somebody changed: ``what`` is the fact's tag."""

    at: float
    what: str
    shifts: int = 0
    shift: str = ""
    agent: str = ""
    note: str = ""
    by: Who | None = None


class Rota(msgspec.Struct, kw_only=True, gc=False):
    shifts: dict[ShiftId, Shift] = {}
    worked: dict[ShiftId, Worked] = {}
    meetings: dict[MeetingId, Meeting] = {}
    calendar: dict[str, str] = {}
    changes: list[Change] = []


FACTS: tuple[type[AnyEvent], ...] = (
    ShiftsPlanned,
    ShiftRemoved,
    ShiftsSwapped,
    MeetingPlanned,
    MeetingCancelled,
    AttendanceExcused,
    AttendanceMarked,
    CalendarChanged,
)


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    rota, event, by = state.desk.rota, envelope.event, Who.of(envelope.actor)
    match event:
        case ShiftsPlanned():
            _planned(rota, event)
            _note(rota, Change(at=at, what="planned", shifts=len(event.shifts), note=event.note, by=by))
        case ShiftRemoved():
            gone = rota.shifts.pop(event.shift_id, None)
            rota.worked.pop(event.shift_id, None)
            if gone is not None:
                _note(rota, _of(gone, at, "removed", event.note, by))
        case ShiftsSwapped():
            _swapped(rota, event)
            _note(rota, Change(at=at, what="swapped", shift=event.first, note=event.note, by=by))
        case MeetingPlanned():
            _meeting(rota, event, at, by)
        case MeetingCancelled():
            _cancelled(rota, event)
        case AttendanceExcused() if event.shift_id in rota.shifts:
            worked = rota.worked.setdefault(event.shift_id, Worked())
            worked.excuses = {**worked.excuses, event.what: Excuse(at=at, note=event.note, by=by)}
            _note(rota, _of(rota.shifts[event.shift_id], at, "excused", event.note, by))
        case AttendanceMarked() if event.shift_id in rota.shifts:
            _marked(rota.worked.setdefault(event.shift_id, Worked()), event, at)
        case CalendarChanged():
            rota.calendar.pop(event.day, None)
            if event.what != "usual" and len(rota.calendar) < MOST_DAYS:
                rota.calendar[event.day] = event.what
            cases.follow(state, working_days(state), event.day, at, by)
        case _:
            pass
    _forget(rota, at)


def _planned(rota: Rota, event: ShiftsPlanned) -> None:
    if event.clears:
        about = None if event.agents is None else set(event.agents)
        gone = [
            id
            for id, shift in rota.shifts.items()
            if event.since <= shift.begins < event.until and (about is None or shift.agent in about)
        ]
        for id in gone:
            del rota.shifts[id]
    for shift in event.shifts:
        if shift.shift_id in rota.shifts or len(rota.shifts) < MOST_SHIFTS:
            rota.shifts[shift.shift_id] = shift
    for id in [id for id in rota.worked if id not in rota.shifts]:
        del rota.worked[id]


def _swapped(rota: Rota, event: ShiftsSwapped) -> None:
    first, second = rota.shifts.get(event.first), rota.shifts.get(event.second)
    if first is None or second is None:
        return
    rota.shifts[event.first] = msgspec.structs.replace(first, agent=second.agent)
    rota.shifts[event.second] = msgspec.structs.replace(second, agent=first.agent)
    for id in (event.first, event.second):
        rota.worked.pop(id, None)


def _meeting(rota: Rota, event: MeetingPlanned, at: float, by: Who | None) -> None:
    known = rota.meetings.get(event.meeting_id)
    if known is None and len(rota.meetings) >= MOST_MEETINGS:
        del rota.meetings[min(rota.meetings, key=lambda id: rota.meetings[id].begins)]
    rota.meetings[event.meeting_id] = Meeting(
        id=event.meeting_id,
        title=event.title,
        begins=event.begins,
        lasts=event.lasts,
        repeats=event.repeats,
        teams=event.teams,
        text=event.text,
        cancelled=[] if known is None else known.cancelled,
        edited=at,
        by=by,
    )


def _cancelled(rota: Rota, event: MeetingCancelled) -> None:
    if event.begins is None:
        rota.meetings.pop(event.meeting_id, None)
    elif (meeting := rota.meetings.get(event.meeting_id)) is not None:
        meeting.cancelled = [*meeting.cancelled, event.begins][-50:]


def _marked(worked: Worked, event: AttendanceMarked, at: float) -> None:
    match event.what:
        case "came":
            if worked.came is None:
                worked.came, worked.latest = at, event.latest
            worked.left = None
        case "left":
            worked.left = at
        case "wrong_seat":
            worked.wrong_seat = at
        case "right_seat":
            worked.wrong_seat = None
        case "undocked":
            worked.undocked = at
        case "docked":
            worked.undocked = None


def _of(shift: Shift, at: float, what: str, note: str, by: Who | None) -> Change:
    return Change(at=at, what=what, shift=shift.shift_id, agent=shift.agent, note=note, by=by)


def _note(rota: Rota, change: Change) -> None:
    rota.changes = [*rota.changes[-MOST_CHANGES + 1 :], change]


def _forget(rota: Rota, now: float) -> None:
    if len(rota.shifts) < 2 * MOST_CHANGES:
        return
    for id in [id for id, shift in rota.shifts.items() if shift.ends < now - KEPT_FOR]:
        del rota.shifts[id]
        rota.worked.pop(id, None)


# ── what is to be seen ─────────────────────────────────────────────────────────────────────────────────────────────


def shown(state: "State", now: float) -> dict[str, Tree]:
    rota = state.desk.rota
    near = (s for s in rota.shifts.values() if s.begins < now + LATER and s.ends > now - EARLIER)
    shifts: Tree = {s.shift_id: shift_object(state, s) for s in sorted(near, key=_order)}
    return {"rota": shifts, "meetings": _meetings(state, now)}


def shift_object(state: "State", shift: Shift) -> Tree:
    """One shift as the board has it; what has no value is absent."""
    told: Tree = {
        "agent": shift.agent,
        "team": state.team_of(shift.agent),
        "begins": shift.begins,
        "ends": shift.ends,
        "kind": shift.kind,
        "seat": shift.seat,
        "duty": shift.duty,
        "note": shift.note,
        "breaks": [{"begins": b.begins, "ends": b.ends, "kind": b.kind} for b in shift.breaks],
        "quotas": [msgspec.to_builtins(quota) for quota in shift.quotas],
    }
    worked = state.desk.rota.worked.get(shift.shift_id)
    if worked is not None:
        told |= {
            "came": worked.came,
            "latest": worked.latest or None,
            "left": worked.left,
            "wrong_seat": worked.wrong_seat,
            "undocked": worked.undocked,
            "excuses": {what: msgspec.to_builtins(excuse) for what, excuse in worked.excuses.items()},
        }
    return {key: value for key, value in told.items() if value not in (None, "", [], {})}


def working_days(state: "State") -> WorkingDays:
    """The calendar of the configuration, with what people said of single days."""
    return WorkingDays(state.policy.calendar, state.policy.zone, state.desk.rota.calendar)


def occurrences(state: "State", meeting: Meeting, start: float, end: float) -> Iterator[float]:
    """When it begins in [start, end), by the site's own clock: 08:30 stays 08:30 when clocks change."""
    if not meeting.repeats:
        if start <= meeting.begins < end and meeting.begins not in meeting.cancelled:
            yield meeting.begins
        return
    zone, days = zone_of(state.policy.zone), working_days(state)
    first = datetime.fromtimestamp(meeting.begins, zone)
    day = datetime.fromtimestamp(start, zone).date()
    for _ in range(int((end - start) // 86_400) + 2):
        at = datetime.combine(day, first.timetz()).timestamp()
        wanted = day >= first.date() and (
            meeting.repeats == "daily"
            or (meeting.repeats == "weekly" and day.weekday() == first.weekday())
            or (meeting.repeats == "workdays" and days.is_working(day))
        )
        if wanted and start <= at < end and at not in meeting.cancelled:
            yield at
        day += timedelta(days=1)


def meetings_on(state: "State", day: Frame) -> Iterator[tuple[float, Meeting]]:
    """Those of a business day, each with when it begins."""
    for meeting in state.desk.rota.meetings.values():
        for begins in occurrences(state, meeting, float(day.start), float(day.end)):
            yield begins, meeting


def _meetings(state: "State", now: float) -> Tree:
    found: Tree = {}
    for begins, meeting in meetings_on(state, state.frame):
        told: Tree = {"title": meeting.title, "begins": begins, "lasts": meeting.lasts}
        if meeting.teams:
            told["teams"] = list(meeting.teams)
        if meeting.text:
            told["text"] = meeting.text
        found[meeting.id] = told
    return found


def shifts_of(rota: Rota, agents: Iterable[AgentId], start: float, end: float) -> list[Shift]:
    """Those that touch [start, end), by when they begin."""
    about = set(agents)
    found = [s for s in rota.shifts.values() if s.agent in about and s.begins < end and s.ends > start]
    return sorted(found, key=_order)


def _order(shift: Shift) -> tuple[float, str]:
    return shift.begins, shift.shift_id
