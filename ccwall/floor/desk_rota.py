"""Acts about the rota: shifts, leave, swaps, meetings, the calendar, and what is to be said of somebody's attendance."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccwall.engine.desk.rota import Meeting
from ccwall.events import (
    AgentId,
    AttendanceExcused,
    CalendarChanged,
    MeetingCancelled,
    MeetingId,
    MeetingPlanned,
    PlannedBreak,
    Principal,
    Shift,
    ShiftId,
    ShiftQuota,
    ShiftRemoved,
    ShiftsPlanned,
    ShiftsSwapped,
)
from ccwall.floor.acts import LEADS, Act, Bench, Tree
from ccwall.floor.rota.compare import overlaps
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere, may_see
from ccwall.floor.words import plain, seen_agent

LONGEST_SHIFT = 36 * 3600.0
LONGEST_MEETING = 12 * 3600.0
NOTE, TITLE, WORD, TEXT = 200, 80, 64, 2000
KINDS = ("work", "leave", "sick", "training", "off")
EARLIEST, LATEST = 946_684_800.0, 4_102_444_800.0
"""2000 to 2100"""

Instant = Annotated[float, Meta(ge=EARLIEST, le=LATEST)]
Id = Annotated[str, Meta(min_length=1, max_length=256)]
Word = Annotated[str, Meta(max_length=WORD)]
Note = Annotated[str, Meta(max_length=NOTE)]


class SetShift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``shift_id``: one to be changed; without it, a new one. ``quotas``: of breaks, where the shift has its own; left out: those it
    has."""

    agent: Id
    begins: Instant
    ends: Instant
    shift_id: Annotated[str, Meta(max_length=256)] = ""
    kind: Word = "work"
    seat: Word = ""
    duty: Word = ""
    breaks: Annotated[tuple[PlannedBreak, ...], Meta(max_length=12)] = ()
    quotas: Annotated[tuple[ShiftQuota, ...], Meta(max_length=40)] | None = None
    note: Note = ""


class OneShift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    shift_id: Id
    note: Note = ""


class TwoShifts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    first: Id
    second: Id
    note: Note = ""


class PlanMeeting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Annotated[str, Meta(max_length=TITLE)]
    begins: Instant
    lasts: Annotated[float, Meta(gt=0, le=LONGEST_MEETING)]
    meeting_id: Annotated[str, Meta(max_length=64)] = ""
    repeats: Literal["", "daily", "workdays", "weekly"] = ""
    teams: Annotated[tuple[Word, ...], Meta(max_length=100)] = ()
    text: Annotated[str, Meta(max_length=TEXT)] = ""


class NoteMeeting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    meeting_id: Id
    text: Annotated[str, Meta(max_length=TEXT)]


class CancelMeeting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    meeting_id: Id
    begins: Instant | None = None


class Excuse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    shift_id: Id
    what: Literal["late", "early", "absent", "left_on", "wrong_seat", "undocked", "adherence"]
    note: Note


class SetDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    day: Annotated[str, Meta(max_length=10)]
    what: Literal["holiday", "workday", "usual"]
    name: Annotated[str, Meta(max_length=TITLE)] = ""


def set_shift(bench: Bench, principal: Principal, asked: SetShift) -> Tree:
    agent = seen_agent(bench.engine, principal, asked.agent)
    if asked.kind not in KINDS:
        raise Mistaken("arguments.kind", f"must be one of {', '.join(KINDS)}")
    if not 0 < asked.ends - asked.begins <= LONGEST_SHIFT:
        raise Mistaken("arguments.ends", "must be later than begins, by 36 hours at the most")
    if any(not asked.begins <= b.begins < b.ends <= asked.ends for b in asked.breaks):
        raise Mistaken("arguments.breaks", "must lie within the shift")
    kinds = bench.engine.break_policy.known
    for place, each in enumerate(asked.breaks):
        if each.kind not in kinds:
            raise Mistaken(f"arguments.breaks[{place}].kind", f"must be one of {', '.join(kinds)}")
    known = bench.engine.desk.rota.shifts
    before = _shift(bench, principal, asked.shift_id) if asked.shift_id else None
    quotas = _quotas(bench, asked.quotas) if asked.quotas is not None else before.quotas if before else ()
    id = ShiftId(asked.shift_id or f"{agent}@{bench.fresh()}")
    shift = Shift(
        shift_id=id,
        agent=agent,
        begins=asked.begins,
        ends=asked.ends,
        kind=asked.kind,
        seat=plain("arguments.seat", asked.seat, WORD),
        duty=plain("arguments.duty", asked.duty, WORD),
        breaks=tuple(sorted(asked.breaks, key=lambda each: each.begins)),
        quotas=quotas,
        note=plain("arguments.note", asked.note, NOTE),
    )
    others = [other for key, other in known.items() if other.agent == agent and key != id]
    if any(shift in pair for pair in overlaps([shift, *others])):
        raise NotNow(f"{agent} has another shift at that time. Change or remove that one.", done="overlaps")
    bench.take(principal, ShiftsPlanned(at=bench.now, shifts=(shift,), note=shift.note))
    return {"shift_id": id}


def _quotas(bench: Bench, asked: tuple[ShiftQuota, ...]) -> tuple[ShiftQuota, ...]:
    known = bench.engine.break_policy.known
    for place, each in enumerate(asked):
        if each.kind not in known:
            raise Mistaken(f"arguments.quotas[{place}].kind", f"must be one of {', '.join(known)}")
        if not 0 <= (each.times or 0) <= 100 or not 0 <= (each.seconds or 0) <= LONGEST_SHIFT:
            raise Mistaken(f"arguments.quotas[{place}]", "must be from 0 to 100 times and to 36 hours")
    return asked


def remove_shift(bench: Bench, principal: Principal, asked: OneShift) -> Tree:
    shift = _shift(bench, principal, asked.shift_id)
    note = plain("arguments.note", asked.note, NOTE)
    bench.take(principal, ShiftRemoved(at=bench.now, shift_id=shift.shift_id, note=note))
    return {"shift_id": shift.shift_id}


def swap_shifts(bench: Bench, principal: Principal, asked: TwoShifts) -> Tree:
    first, second = _shift(bench, principal, asked.first), _shift(bench, principal, asked.second)
    if first.agent == second.agent:
        raise Mistaken("arguments.second", "is the same person's: there is nothing to swap")
    if min(first.ends, second.ends) <= bench.now:
        raise NotNow("One of the shifts is over.", done="ended")
    swapped = {
        first.shift_id: msgspec.structs.replace(first, agent=second.agent),
        second.shift_id: msgspec.structs.replace(second, agent=first.agent),
    }
    of_both = [
        swapped.get(id, shift)
        for id, shift in bench.engine.desk.rota.shifts.items()
        if shift.agent in (first.agent, second.agent)
    ]
    if any(set(pair) & set(swapped.values()) for pair in overlaps(of_both)):
        raise NotNow("One of the two would then have two shifts at the same time.", done="overlaps")
    note = plain("arguments.note", asked.note, NOTE)
    bench.take(
        principal, ShiftsSwapped(at=bench.now, first=first.shift_id, second=second.shift_id, note=note)
    )
    return {"first": first.shift_id, "second": second.shift_id}


def plan_meeting(bench: Bench, principal: Principal, asked: PlanMeeting) -> Tree:
    if principal.teams is not None and not set(asked.teams) <= set(principal.teams):
        raise Forbidden("A lead plans meetings of their own teams.")
    if principal.teams is not None and not asked.teams:
        raise Mistaken("arguments.teams", "is missing: a meeting of all is the supervisors'")
    known = _meeting(bench, principal, asked.meeting_id) if asked.meeting_id else None
    id = known.id if known is not None else MeetingId(bench.fresh())
    fact = MeetingPlanned(
        at=bench.now,
        meeting_id=id,
        title=plain("arguments.title", asked.title, TITLE, needed=True),
        begins=asked.begins,
        lasts=asked.lasts,
        repeats=asked.repeats,
        teams=asked.teams,
        text=plain("arguments.text", asked.text, TEXT, lines=True),
    )
    bench.take(principal, fact)
    return {"meeting_id": id}


def note_meeting(bench: Bench, principal: Principal, asked: NoteMeeting) -> Tree:
    """The agenda's own words; all else of the meeting stays."""
    known = _meeting(bench, principal, asked.meeting_id)
    fact = MeetingPlanned(
        at=bench.now,
        meeting_id=known.id,
        title=known.title,
        begins=known.begins,
        lasts=known.lasts,
        repeats=known.repeats,
        teams=known.teams,
        text=plain("arguments.text", asked.text, TEXT, lines=True),
    )
    bench.take(principal, fact)
    return {"meeting_id": known.id}


def cancel_meeting(bench: Bench, principal: Principal, asked: CancelMeeting) -> Tree:
    id = _meeting(bench, principal, asked.meeting_id).id
    bench.take(principal, MeetingCancelled(at=bench.now, meeting_id=id, begins=asked.begins))
    return {"meeting_id": id}


def excuse(bench: Bench, principal: Principal, asked: Excuse) -> Tree:
    shift = _shift(bench, principal, asked.shift_id)
    if principal.agent == shift.agent and principal.role not in ("manager", "operations"):
        raise Forbidden("Nobody excuses themselves: another lead does.")
    note = plain("arguments.note", asked.note, NOTE, needed=True)
    bench.take(
        principal, AttendanceExcused(at=bench.now, shift_id=shift.shift_id, what=asked.what, note=note)
    )
    return {"shift_id": shift.shift_id}


def set_day(bench: Bench, principal: Principal, asked: SetDay) -> Tree:
    try:
        day = date.fromisoformat(asked.day).isoformat()
    except ValueError:
        raise Mistaken("arguments.day", "must be a day like 2026-10-10") from None
    name = plain("arguments.name", asked.name, TITLE)
    bench.take(principal, CalendarChanged(at=bench.now, day=day, what=asked.what, name=name))
    return {"day": day, "what": asked.what}


def _shift(bench: Bench, principal: Principal, id: str) -> Shift:
    found = bench.engine.desk.rota.shifts.get(ShiftId(id))
    if found is None or not may_see(bench.engine, principal, AgentId(found.agent)):
        raise NotThere(f"There is no shift {id!r} here.")
    return found


def _meeting(bench: Bench, principal: Principal, id: str) -> Meeting:
    found = bench.engine.desk.rota.meetings.get(MeetingId(id))
    mine = found is not None and (principal.teams is None or bool(set(found.teams) & set(principal.teams)))
    if found is None or not mine:
        raise NotThere(f"There is no meeting {id!r} here.")
    return found


def _act(name: str, takes: type[msgspec.Struct], do: Callable[..., Tree]) -> Act:
    return Act(name=name, takes=takes, may=LEADS, do=do)


ACTS: tuple[Act, ...] = (
    _act("shift.set", SetShift, set_shift),
    _act("shift.remove", OneShift, remove_shift),
    _act("shift.swap", TwoShifts, swap_shifts),
    _act("meeting.plan", PlanMeeting, plan_meeting),
    _act("meeting.note", NoteMeeting, note_meeting),
    _act("meeting.cancel", CancelMeeting, cancel_meeting),
    _act("attendance.excuse", Excuse, excuse),
    Act(name="calendar.set", takes=SetDay, may=LEADS - {"lead"}, do=set_day),
)
