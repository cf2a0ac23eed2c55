"""Facts of the duty desk: calls for help, incidents, patrols, what is handed over, and broken things."""

from typing import Literal

import msgspec

from ccwall.events.base import (
    AgentId,
    DeskEvent,
    FaultId,
    HandoverId,
    HelpId,
    IncidentId,
    PatrolId,
    SeatId,
    Via,
)

# ── help.* ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class HelpEvent(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One call for help on the floor (F13)."""

    help_id: HelpId


class HelpRequested(HelpEvent, frozen=True, kw_only=True, omit_defaults=True, tag="help.requested", gc=False):
    """Somebody needs a lead. ``contact``: the conversation it is about."""

    agent: AgentId
    topic: str = ""
    via: Via = "page"
    seat: SeatId | None = None
    contact: str = ""


class HelpTaken(HelpEvent, frozen=True, kw_only=True, omit_defaults=True, tag="help.taken", gc=False):
    """The actor goes there; said again by another, both are there."""


class HelpEnded(HelpEvent, frozen=True, kw_only=True, omit_defaults=True, tag="help.ended", gc=False):
    """Done, or not needed any more."""

    how: Literal["helped", "withdrawn", "passed_on"] = "helped"
    note: str = ""


# ── incident.* ───────────────────────────────────────────────────────────────────────────────────────────────────────


IncidentKind = Literal["surge", "drops", "system", "power", "other"]


class IncidentEvent(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One event of the whole floor (F11)."""

    incident_id: IncidentId


class IncidentProposed(
    IncidentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="incident.proposed", gc=False
):
    """A detector, or a lead, thinks so. ``evidence``: figures by name, as the detector saw them."""

    kind: IncidentKind
    scope: str = "floor"
    began: float
    text: str = ""
    evidence: dict[str, float] = msgspec.field(default_factory=dict)


class IncidentConfirmed(
    IncidentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="incident.confirmed", gc=False
):
    """It is one: everybody is told. ``texts`` by language."""

    texts: dict[str, str] = msgspec.field(default_factory=dict)
    expected_end: float | None = None


class IncidentEdited(
    IncidentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="incident.edited", gc=False
):
    """What of it is another than before; None: as it was."""

    kind: IncidentKind | None = None
    began: float | None = None
    texts: dict[str, str] | None = None
    expected_end: float | None = None
    note: str = ""


class IncidentDismissed(
    IncidentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="incident.dismissed", gc=False
):
    """A proposal that was none."""

    reason: str = ""


class IncidentClosed(
    IncidentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="incident.closed", gc=False
):
    """Over at ``ended``. ``effect``: what it did to the numbers, by name."""

    ended: float
    cause: str = ""
    effect: dict[str, float] = msgspec.field(default_factory=dict)


# ── patrol.*, handover.* ─────────────────────────────────────────────────────────────────────────────────────────────


class PatrolMade(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="patrol.made", gc=False):
    """The actor walked a row or the whole floor (F12). ``findings`` are codes (headset, dress, noise, empty_seat, …)."""

    patrol_id: PatrolId
    team: str = ""
    row: str = ""
    findings: tuple[str, ...] = ()
    note: str = ""
    via: Literal["page", "code", "button"] = "page"


class HandoverNoted(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="handover.noted", gc=False):
    """What the next lead must know (F16). ``must_read``: shown until it was read."""

    handover_id: HandoverId
    text: str
    team: str = ""
    must_read: bool = True


class HandoverRead(DeskEvent, frozen=True, kw_only=True, tag="handover.read", gc=False):
    """The actor has read it."""

    handover_id: HandoverId


# ── fault.* ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class FaultEvent(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One broken thing (F19)."""

    fault_id: FaultId


class FaultReported(
    FaultEvent, frozen=True, kw_only=True, omit_defaults=True, tag="fault.reported", gc=False
):
    """By a person, or from a device's own evidence (no actor)."""

    fault: str
    device: str = ""
    seat: str = ""
    agent: AgentId | None = None
    note: str = ""


class FaultTaken(FaultEvent, frozen=True, kw_only=True, omit_defaults=True, tag="fault.taken", gc=False):
    """The actor looks after it."""


class FaultClosed(FaultEvent, frozen=True, kw_only=True, omit_defaults=True, tag="fault.closed", gc=False):
    """``cleared``: the device itself says that it is well."""

    how: Literal["repaired", "replaced", "moved", "cleared", "none"] = "repaired"
    note: str = ""


Fact = (
    HelpRequested
    | HelpTaken
    | HelpEnded
    | IncidentProposed
    | IncidentConfirmed
    | IncidentEdited
    | IncidentDismissed
    | IncidentClosed
    | PatrolMade
    | HandoverNoted
    | HandoverRead
    | FaultReported
    | FaultTaken
    | FaultClosed
)
