"""What every fact has, and the ids that facts speak of. This package imports nothing of ccwall, so that everything else may."""

from typing import Literal, NewType

import msgspec

SCHEMA_VERSION = 1
"""The ``v`` of every envelope written by this release; older journals are lifted by upcasters."""

SiteId = NewType("SiteId", str)
SourceId = NewType("SourceId", str)
QueueId = NewType("QueueId", str)
AgentId = NewType("AgentId", str)
DeviceId = NewType("DeviceId", str)
SeatId = NewType("SeatId", str)
ContactId = NewType("ContactId", str)
CommandId = NewType("CommandId", str)
AlertId = NewType("AlertId", str)
BreakId = NewType("BreakId", str)
MoveId = NewType("MoveId", str)
HelpId = NewType("HelpId", str)
IncidentId = NewType("IncidentId", str)
AnnouncementId = NewType("AnnouncementId", str)
PatrolId = NewType("PatrolId", str)
HandoverId = NewType("HandoverId", str)
CaseId = NewType("CaseId", str)
FaultId = NewType("FaultId", str)
ThanksId = NewType("ThanksId", str)
ShiftId = NewType("ShiftId", str)
MeetingId = NewType("MeetingId", str)

Medium = Literal["voice", "video", "chat", "email", "other"]
Direction = Literal["in", "out"]
FlowOutCause = Literal[
    "timeout", "key", "empty", "withdrawn", "no_agents", "overflow", "voicemail", "error", "unknown"
]
"""``error``: the source itself failed the party; counted apart from what routing decided."""
AbandonCause = Literal["hangup", "unknown"]
RefusedCause = Literal["full", "empty", "unknown"]
ReleasedBy = Literal["caller", "agent", "transfer", "unknown"]
PhoneState = Literal[
    "unknown", "idle", "in_use", "busy", "invalid", "unavailable", "ringing", "ringing_in_use", "on_hold"
]
Sense = Literal["acd", "phone", "desk", "seat", "none"]
"""How well a source knows a person, best first: ACD or CTI; the phone itself (SIP); what lies on the desk (headset, line);
where they sit. ``none`` says nothing of people (a printer of call records)."""
Via = Literal["page", "button", "reason", "rule", "other"]
"""How it came: a page, a button (headset, MQTT), a not-ready reason at the PBX, a rule of the house."""
Role = Literal[
    "system", "manager", "operations", "supervisor", "lead", "quality", "complaints", "agent", "display"
]


class Principal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who looks, asks or acts. ``teams`` and ``queues`` narrow what they may see; None means everything.

    ``agent``: who that is on the floor, when they take calls, too.
    """

    id: str
    role: Role
    name: str = ""
    teams: tuple[str, ...] | None = None
    queues: tuple[QueueId, ...] | None = None
    agent: AgentId | None = None


SYSTEM = Principal(id="system", role="system")


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", gc=False):
    """Base of all facts. ``at`` is when it happened by the source's clock."""

    at: float


class DeskEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of the facts of the floor's own desk. The envelope's ``actor`` is who did it; without one it was the house by a rule.
    Texts are people's own words."""
