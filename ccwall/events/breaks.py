"""Facts of breaks: who asks to be away, what a lead says, and when they are back."""

from typing import Literal

import msgspec

from ccwall.events.base import AgentId, BreakId, CommandId, DeskEvent, Via


class Obstacle(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What stands against somebody's leaving. ``have`` is what there would be, ``limit`` what may be: people, times, or seconds. ``scope`` is
    ``floor``, ``team:x``, ``line:y``; empty for a person's own budget, which is of the shift from ``begins`` to ``ends``, or without these
    of the business day. ``load``: the cap as the load leaves it, because ``queue`` would miss its target."""

    what: Literal["cap", "load", "minimum", "quota_times", "quota_seconds"]
    have: float
    limit: float
    scope: str = ""
    queue: str = ""
    begins: float | None = None
    ends: float | None = None

    @property
    def key(self) -> str:
        """What it is, and of which scope: ``cap floor``."""
        return f"{self.what} {self.scope}".strip()


class BreakEvent(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One break of one person, from the wish to the return."""

    break_id: BreakId


class BreakRequested(
    BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.requested", gc=False
):
    """Somebody wants away for ``lasts`` seconds; ``begins``: not before; None: as soon as may be."""

    agent: AgentId
    kind: str
    lasts: float
    begins: float | None = None
    via: Via = "page"
    note: str = ""


class BreakGranted(BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.granted", gc=False):
    """May leave from ``begins`` on, for ``lasts`` seconds. ``command``: the pause at the PBX that carries it out. ``automatic``: by the
    house, by rule or because the time has come of what somebody said ahead. ``despite``: keys of what was against it and was overruled,
    of one for later: when its time comes, that does not hold it."""

    begins: float
    lasts: float
    automatic: bool = False
    command: CommandId | None = None
    note: str = ""
    despite: tuple[str, ...] = ()


class BreakPostponed(
    BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.postponed", gc=False
):
    """Not now: at ``begins``, as a proposal that the agent sees and the desk grants by itself when it comes."""

    begins: float
    reason: str = ""


class BreakHeld(BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.held", gc=False):
    """The time has come of what was granted ahead, and ``against`` it is what was not then: nobody is sent, and whoever waits is let go
    as soon as there is room. Said again when something else is against it."""

    against: tuple[Obstacle, ...]


class BreakRefused(BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.refused", gc=False):
    """No. Nobody is refused without a word."""

    reason: str


class BreakWithdrawn(
    BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.withdrawn", gc=False
):
    """The agent does not want it any more, or a lead took the grant back before it began (``reason``)."""

    reason: str = ""


class BreakBegan(BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.began", gc=False):
    """The person is away. ``asked`` is False when nobody was asked: the fact then makes the break known. ``lasts``: what was
    granted, or what the kind allows."""

    agent: AgentId
    kind: str
    lasts: float
    asked: bool = True
    reason: str = ""


class BreakEnded(BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.ended", gc=False):
    """Back, or logged off; ``unused``: a grant, or what was promised, whose time passed; ``unknown``: the source was away meanwhile."""

    how: Literal["back", "logged_off", "unused", "unknown"] = "back"


class BreakCarriedOut(
    BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.carried_out", gc=False
):
    """The command that belongs to it: ``purpose`` says whether it pauses or brings back."""

    command: CommandId
    purpose: Literal["pause", "resume"] = "pause"


class BreakCalledBack(
    BreakEvent, frozen=True, kw_only=True, omit_defaults=True, tag="break.called_back", gc=False
):
    """The actor asks the person to come back before the time is over."""

    note: str = ""


Fact = (
    BreakRequested
    | BreakGranted
    | BreakPostponed
    | BreakHeld
    | BreakRefused
    | BreakWithdrawn
    | BreakBegan
    | BreakEnded
    | BreakCarriedOut
    | BreakCalledBack
)
