"""What is kept of business days that are over: the curve of the day before, as it was when that day ended, and of every scope
the figures of the last day it was at work on."""

import msgspec

from ccwall.events import AgentId, IncidentId


class Past(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One interval of that day; ``level`` as on the curve, None when nobody was to be answered."""

    start: int
    offered: int
    level: float | None = None

    def point(self) -> list[object]:
        return [self.start, self.offered] if self.level is None else [self.start, self.level, self.offered]


class Yesterday(msgspec.Struct, frozen=True, gc=False):
    """[``start``, ``end``) of the day, its points, and which of them an outage touches. A house that has not watched a day has
    no points of it."""

    start: int = 0
    end: int = 0
    length: int = 0
    points: tuple[Past, ...] = ()
    incomplete: tuple[int, ...] = ()


# ── figures ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Worst(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The half hour [``start``, ``start`` + ``length``) with the lowest service level of those who arrived in it."""

    start: int
    length: int
    offered: int
    level: float


class Attendance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Of the shifts of work that began that day, up to its end. ``unknown``: nobody heard whether they came. The last three are
    seconds of the plan: all of them, those in which it was kept, and those of which nobody knows."""

    planned: int = 0
    came: int = 0
    late: int = 0
    absent: int = 0
    early: int = 0
    unknown: int = 0
    seconds: float = 0.0
    kept: float = 0.0
    unseen: float = 0.0

    @property
    def adherence(self) -> float | None:
        """Kept ÷ (planned − unknown), as on the day's sheet."""
        base = self.seconds - self.unseen
        return round(self.kept / base, 4) if base > 0 else None


class Promised(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Cases at the end of the day: open and overdue then, opened and closed in it."""

    open: int = 0
    overdue: int = 0
    opened: int = 0
    closed: int = 0


class Best(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody to be praised: ``what`` is ``answered`` (``value``: how many) or ``satisfaction`` (a fraction of ``of`` ratings)."""

    agent: AgentId
    what: str
    value: float
    of: int = 0


class Figures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One scope's day, as the board showed it when the day ended. ``day`` is the key of its `Day`.

    ``numbers``: by the board's own names; rates are fractions, times seconds; absent where there was nothing to divide.
    ``variant``, ``threshold`` and ``short`` say how the service level was judged, the latter two in seconds, None where the
    queues disagree. ``goal``: answered contacts a person; ``reached`` it so many of ``persons``, who were logged on.
    """

    day: int
    numbers: dict[str, float] = {}
    target: dict[str, float] = {}
    variant: str = ""
    threshold: float | None = None
    short: float | None = None
    worst: Worst | None = None
    attendance: Attendance = Attendance()
    complaints: Promised = Promised()
    promises: Promised = Promised()
    persons: int = 0
    goal: int = 0
    reached: int = 0
    best: tuple[Best, ...] = ()


class Trouble(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An incident that was confirmed; ``ended`` is None when it went on when the day was over."""

    id: IncidentId
    kind: str
    scope: str
    began: float
    ended: float | None = None
    texts: dict[str, str] = {}
    effect: dict[str, float] = {}


class Day(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A business day [``start``, ``end``). ``since``: when ccwall began to watch, on its first day; ``heard``: when the last fact
    of the day came. ``outages``: [from, to] in which calls may have been missed, none touching another."""

    start: int
    end: int
    heard: float
    since: float | None = None
    outages: tuple[tuple[float, float], ...] = ()
    troubles: tuple[Trouble, ...] = ()


class Days(msgspec.Struct, kw_only=True, gc=False):
    """``since``: when ccwall began to watch at all. ``figures``: by scope as it is written, of the last day with anything to tell of
    it; ``days``: those that figures are of."""

    since: float | None = None
    days: dict[int, Day] = {}
    figures: dict[str, Figures] = {}
