"""What a number is asked of, and of which stretch of time: `Scope` and `Window`, with their written forms."""

from typing import Literal

import msgspec

from ccwall.engine.day import Frame

STEP = 5
"""Rolling windows move in steps of so many seconds."""
ROLLING = (5, 15, 30, 60)
"""Minutes."""

ScopeKind = Literal["floor", "site", "line", "team", "queue", "agent"]
Basis = Literal["event", "cohort"]
"""``event``: everything is counted when it happens. ``cohort``: everything is counted when its contact arrived."""

KINDS: tuple[ScopeKind, ...] = ("floor", "site", "line", "team", "queue", "agent")


class Scope(msgspec.Struct, frozen=True, gc=False):
    """The floor (``id`` empty), a site, a business line, a team, a queue or one person."""

    kind: ScopeKind = "floor"
    id: str = ""

    def __str__(self) -> str:
        return self.kind if self.kind == "floor" else f"{self.kind}:{self.id}"


class Window(msgspec.Struct, frozen=True, gc=False):
    """[start, end) in epoch seconds. ``is_open``: it contains now, so that who waits now is in it; rolling ones always are,
    although the step of now comes into them only when it is finished."""

    kind: Literal["today", "interval", "rolling"]
    start: int
    end: int
    is_open: bool = True
    minutes: int = 0

    def __str__(self) -> str:
        if self.kind == "rolling":
            return f"rolling:{self.minutes}"
        return self.kind if self.is_open else f"{self.kind}:{self.start}"


def scope_of(text: str) -> Scope:
    """The scope of its written form; ValueError when it is none.

    >>> scope_of("queue:pbx1/consult"), scope_of("floor")
    (Scope(kind='queue', id='pbx1/consult'), Scope(kind='floor', id=''))
    """
    name, colon, id = text.partition(":")
    for kind in KINDS:
        if kind == name and (kind == "floor") == (not colon):
            return Scope(kind, id)
    raise ValueError(f"{text!r} is no scope: floor, site:…, line:…, team:…, queue:… or agent:…")


def window_of(text: str, frame: Frame, now: float) -> Window:
    """The window of its written form, in the business day ``frame`` that ``now`` is in; ValueError when it is none.

    ``today``, ``interval`` (the present one), ``interval:<epoch start>`` (one of today), ``rolling:<minutes>``. A rolling
    window ends with the last finished step.
    """
    if text == "today":
        return Window("today", frame.start, frame.end)
    name, colon, rest = text.partition(":")
    number = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 12 else None
    if name == "rolling" and number in ROLLING and number is not None:
        end = int(now // STEP) * STEP
        return Window("rolling", end - 60 * number, end, minutes=number)
    if name == "interval":
        present = frame.interval_of(now)
        start = present if not colon else number
        if (
            start is not None
            and start % frame.length == 0
            and frame.interval_of(frame.start) <= start <= present
        ):
            return Window("interval", start, start + frame.length, is_open=start == present)
    raise ValueError(
        f"{text!r} is no window of today: today, interval, interval:<epoch start>, rolling:{'|'.join(map(str, ROLLING))}"
    )
