"""Facts of the rota: shifts, meetings, who came, and what day it is."""

from typing import Literal

import msgspec

from ccwall.events.base import AgentId, DeskEvent, MeetingId, ShiftId


class PlannedBreak(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A break that the rota itself has."""

    begins: float
    ends: float
    kind: str = "meal"


class ShiftQuota(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a shift itself has of a kind of break: times and seconds, 0 is none, None as the kind says."""

    kind: str
    times: int | None = None
    seconds: float | None = None


class Shift(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One shift of one person. ``kind``: work, or why not (leave, sick, training, …). ``duty``: leads the floor or a team.
    ``quotas``: of breaks, where they are not what the kind says."""

    shift_id: ShiftId
    agent: AgentId
    begins: float
    ends: float
    kind: str = "work"
    seat: str = ""
    duty: str = ""
    breaks: tuple[PlannedBreak, ...] = ()
    quotas: tuple[ShiftQuota, ...] = ()
    note: str = ""


class ShiftsPlanned(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.planned", gc=False
):
    """These shifts hold; those of the same ``shift_id`` are replaced. ``clears``: whatever else was planned for these
    ``agents`` (None: for all) between ``since`` and ``until`` is gone. A large import is many of these facts."""

    shifts: tuple[Shift, ...]
    clears: bool = False
    agents: tuple[AgentId, ...] | None = None
    since: float = 0.0
    until: float = 0.0
    import_id: str = ""
    note: str = ""


class ShiftRemoved(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.removed", gc=False
):
    """Not to be worked after all."""

    shift_id: ShiftId
    note: str = ""


class ShiftsSwapped(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.swapped", gc=False
):
    """Two people work each other's shift (调班)."""

    first: ShiftId
    second: ShiftId
    note: str = ""


class MeetingPlanned(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="meeting.planned", gc=False
):
    """Said again it replaces. ``repeats``: as iCalendar's FREQ; ``teams`` empty: all."""

    meeting_id: MeetingId
    title: str
    begins: float
    lasts: float
    repeats: Literal["", "daily", "workdays", "weekly"] = ""
    teams: tuple[str, ...] = ()
    text: str = ""


class MeetingCancelled(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="meeting.cancelled", gc=False
):
    """One of it (``begins``), or all."""

    meeting_id: MeetingId
    begins: float | None = None


class AttendanceExcused(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="attendance.excused", gc=False
):
    """A lead says why somebody was late, absent or away; the sheet shows both."""

    shift_id: ShiftId
    what: Literal["late", "early", "absent", "left_on", "wrong_seat", "undocked", "adherence"]
    note: str


class AttendanceMarked(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="attendance.marked", gc=False
):
    """What the senses say of somebody and their shift: they ``came`` (first signed on for it), ``left`` (signed off; after
    ``came`` again they are back), sit at another seat than planned, or left with the headset off its hook (F16, F18).
    ``latest``: they came then or earlier, when nobody was listening."""

    shift_id: ShiftId
    what: Literal["came", "left", "wrong_seat", "right_seat", "undocked", "docked"]
    latest: bool = False


class CalendarChanged(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="calendar.changed", gc=False
):
    """What ``day`` (ISO 8601) is, whatever the configured calendar says; ``usual``: what that says."""

    day: str
    what: Literal["holiday", "workday", "usual"]
    name: str = ""


Fact = (
    ShiftsPlanned
    | ShiftRemoved
    | ShiftsSwapped
    | MeetingPlanned
    | MeetingCancelled
    | AttendanceExcused
    | AttendanceMarked
    | CalendarChanged
)
