"""What came of a shift: late, early, absent, still signed on, at the wrong seat; and how well the plan was kept.

All of it is worked out from the rota and what the engine saw, never kept: when an outage is filled in, or the rota is
mended, the sheet is another.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from ccwall.engine.desk.rota import Worked
from ccwall.events import Shift

Verdict = Literal["late", "early", "absent", "left_on", "wrong_seat", "undocked", "not_early_enough"]

READY_BEFORE = 600.0
"""F16: there ten minutes early."""
GRACE = 60.0
"""A minute late is late; what a clock is off is not."""
ABSENT_AFTER = 1800.0
"""Who has not come by then is absent, and no longer only late."""
SIGN_OUT_WITHIN = 600.0
"""F18: after the end of the shift."""

WORKING = frozenset({"ready", "ringing", "talking", "hold", "wrap", "busy"})
AWAY = frozenset({"break", "meal", "breather"})
UNKNOWN = frozenset({"unknown", "fault"})


class Judged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Seconds. ``late``: of an arrival after the beginning; ``early``: of a departure before the end; ``over``: of work after it."""

    what: tuple[Verdict, ...] = ()
    late: float = 0.0
    early: float = 0.0
    over: float = 0.0


def judge(shift: Shift, worked: Worked | None, now: float) -> Judged:
    """A shift that is not worked (leave, sick) is judged by nothing.

    >>> shift = Shift(shift_id="s", agent="a", begins=36_000.0, ends=64_800.0)
    >>> judge(shift, Worked(came=36_300.0, left=64_000.0), 70_000.0)
    Judged(what=('late', 'early'), late=300.0, early=800.0, over=0.0)
    >>> judge(shift, None, 38_000.0).what, judge(shift, Worked(came=35_000.0), 65_500.0).what
    (('absent',), ('left_on',))
    """
    if shift.kind != "work":
        return Judged()
    came, left = (worked.came, worked.left) if worked is not None else (None, None)
    found: list[Verdict] = []
    late = early = over = 0.0
    if came is None:
        if now > shift.begins + min(ABSENT_AFTER, shift.ends - shift.begins):
            found.append("absent")
        elif now > shift.begins + GRACE:
            found.append("late")
            late = now - shift.begins
        return Judged(what=tuple(found), late=late)
    if worked is not None and worked.latest:
        pass  # nobody was listening when they came
    elif came > shift.begins + GRACE:
        found.append("late")
        late = came - shift.begins
    elif came > shift.begins - READY_BEFORE:
        found.append("not_early_enough")
    if left is not None and left < shift.ends - GRACE:
        found.append("early")
        early = shift.ends - left
    if left is None and now > shift.ends + SIGN_OUT_WITHIN:
        found.append("left_on")
    if (gone := now if left is None else left) > shift.ends:
        over = gone - shift.ends
    if worked is not None and worked.wrong_seat is not None:
        found.append("wrong_seat")
    if worked is not None and worked.undocked is not None:
        found.append("undocked")
    return Judged(what=tuple(found), late=late, early=early, over=over)


class Spell(msgspec.Struct, frozen=True):
    """[begins, ends) in one state, as the engine's timeline has it."""

    begins: float
    ends: float
    state: str


class Adherence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Seconds of the plan so far, those in which the plan was kept, and those of which nobody knows; ``share`` is kept / (planned
    − unknown), None when that is nothing (ISO 18295-1 leaves it to the house; this is what workforce systems call adherence)."""

    planned: float
    kept: float
    unknown: float
    share: float | None = None


def adherence(shift: Shift, spells: Sequence[Spell], now: float, heard: float | None = 0.0) -> Adherence:
    """A planned break is kept by being on a break, or by working; work is kept by working. ``heard``: since when we know anything
    of the person; None: never.

    To work through a break is no fault of the agent: it is not counted against them.
    """
    end = min(now, shift.ends)
    planned = max(0.0, end - shift.begins)
    kept, unknown = 0.0, max(0.0, min(end, end if heard is None else heard) - shift.begins)
    for spell in spells:
        begins, ends = max(spell.begins, shift.begins), min(spell.ends, end)
        if ends <= begins:
            continue
        if heard is None or ends <= heard:
            continue
        if spell.state in UNKNOWN:
            unknown += ends - begins
        elif spell.state in WORKING:
            kept += ends - begins
        elif spell.state in AWAY:
            kept += _common(begins, ends, ((b.begins, b.ends) for b in shift.breaks))
        elif spell.state in {"training", "away"} and shift.kind == spell.state:
            kept += ends - begins
    base = planned - unknown
    return Adherence(
        planned=planned, kept=kept, unknown=unknown, share=round(kept / base, 4) if base > 0 else None
    )


def _common(begins: float, ends: float, spans: Iterable[tuple[float, float]]) -> float:
    return sum(max(0.0, min(ends, b) - max(begins, a)) for a, b in spans)
