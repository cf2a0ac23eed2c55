"""Facts about contacts, outbound attempts and queues."""

from typing import Literal

from ccwall.events.base import (
    AbandonCause,
    AgentId,
    ContactId,
    Direction,
    Event,
    FlowOutCause,
    Medium,
    QueueId,
    RefusedCause,
    ReleasedBy,
)

# ── contact.* ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class ContactEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``queue`` is repeated in every fact, so that a fact about an unseen contact still finds its queue."""

    contact: ContactId
    queue: QueueId


class ContactOffered(ContactEvent, frozen=True, kw_only=True, tag="contact.offered", gc=False):
    """The call reached the number in front of the queue (VDN, CDN, call type)."""

    call: str = ""
    caller: str = ""


class ContactQueued(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.queued", gc=False
):
    """The party entered the queue. Said again for a contact already known, it confirms that contact (resync).

    ``inferred``: told by a snapshot or a later fact, not seen happening. ``wait_known`` is False when even ``at`` is
    a guess, so that no wait may be computed from it.
    """

    call: str = ""
    caller: str = ""
    caller_name: str = ""
    direction: Direction = "in"
    medium: Medium = "voice"
    inferred: bool = False
    wait_known: bool = True


class ContactAlerting(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.alerting", gc=False
):
    """The contact rings at an agent."""

    agent: AgentId
    interface: str = ""


class ContactNotAnswered(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.not_answered", gc=False
):
    """An agent did not take it. ``ring_time`` 0 means busy or rejected, above 0 that it was left ringing (RONA).

    ``cancelled`` is True when nobody is to blame: answered elsewhere, or the caller left while it rang.
    """

    agent: AgentId
    ring_time: float = 0.0
    cancelled: bool = False


class ContactAnswered(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.answered", gc=False
):
    """An agent answered. ``declared_wait`` is the source's own figure, kept beside ours, never instead of it.

    ``agent_name``, ``member`` and ``interface`` are the words the source used at that moment. Said again for the same
    contact and agent, it confirms a conversation (resync).
    """

    agent: AgentId
    agent_name: str = ""
    member: str = ""
    interface: str = ""
    declared_wait: float | None = None
    inferred: bool = False


class ContactHeld(ContactEvent, frozen=True, kw_only=True, tag="contact.held", gc=False):
    """The agent put the party on hold."""

    agent: AgentId


class ContactRetrieved(ContactEvent, frozen=True, kw_only=True, tag="contact.retrieved", gc=False):
    """The agent took the party off hold."""

    agent: AgentId


class ContactTransferred(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.transferred", gc=False
):
    """The agent passed the party on; the agent's own part is over."""

    agent: AgentId
    kind: Literal["blind", "attended"] = "blind"
    to: str = ""


class ContactConferenced(ContactEvent, frozen=True, kw_only=True, tag="contact.conferenced", gc=False):
    """A third party joined the conversation."""

    agent: AgentId


class ContactAbandoned(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.abandoned", gc=False
):
    """The party hung up before an answer. ``unknown``: the source cannot tell this from a flow-out."""

    cause: AbandonCause = "hangup"
    declared_wait: float | None = None
    inferred: bool = False


class ContactFlowedOut(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.flowed_out", gc=False
):
    """The party left the queue unanswered and went on elsewhere."""

    cause: FlowOutCause
    declared_wait: float | None = None
    inferred: bool = False


class ContactRefused(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.refused", gc=False
):
    """The queue did not let the party in: *blocked*, never a visit, never part of offered."""

    cause: RefusedCause
    call: str = ""
    caller: str = ""


class ContactReleased(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.released", gc=False
):
    """The agent's conversation with the party ended."""

    agent: AgentId
    by: ReleasedBy = "unknown"
    declared_talk: float | None = None


class ContactCleared(ContactEvent, frozen=True, kw_only=True, tag="contact.cleared", gc=False):
    """The party's call is gone from the source."""


class ContactLost(ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.lost", gc=False):
    """The source can no longer say what became of it (restart, outage). Never counted as abandoned.

    ``exit_known``: it was seen to end at ``at``, and only what the party wanted is not known (a PBX that shut down).
    """

    reason: str = ""
    exit_known: bool = False


class ContactCallbackRequested(
    ContactEvent, frozen=True, kw_only=True, tag="contact.callback_requested", gc=False
):
    """The party asked to be called back and left the queue."""

    number: str = ""


class ContactRated(
    ContactEvent, frozen=True, kw_only=True, omit_defaults=True, tag="contact.rated", gc=False
):
    """The party rated the service; ``score`` of ``best``."""

    score: float
    best: float = 5.0
    agent: AgentId | None = None


# ── attempt.* (outbound lines) ────────────────────────────────────────────────────────────────────────────────────────


class AttemptEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One try to reach one party. ``attempt`` is the source's own key."""

    attempt: str
    queue: QueueId
    agent: AgentId | None = None


class AttemptPlanned(AttemptEvent, frozen=True, kw_only=True, tag="attempt.planned", gc=False):
    """Put on the day's list."""


class AttemptDialled(AttemptEvent, frozen=True, kw_only=True, tag="attempt.dialled", gc=False):
    """Dialling began."""


class AttemptConnected(AttemptEvent, frozen=True, kw_only=True, tag="attempt.connected", gc=False):
    """The party answered."""


class AttemptFailed(
    AttemptEvent, frozen=True, kw_only=True, omit_defaults=True, tag="attempt.failed", gc=False
):
    """The party was not reached."""

    cause: str = ""


class AttemptCompleted(AttemptEvent, frozen=True, kw_only=True, tag="attempt.completed", gc=False):
    """The conversation and its purpose are done."""


# ── queue.* ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class QueueDescribed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="queue.described", gc=False):
    """The source has this queue, even if nobody ever called it. ``name`` is the source's own."""

    queue: QueueId
    name: str
    strategy: str = ""
    capacity: int = 0


class QueueUnseen(Event, frozen=True, kw_only=True, tag="queue.unseen", gc=False):
    """By the source's own counters at least ``visits`` more visits of this queue ended between ``since`` and ``at`` than
    were told: nobody can say whose they were. A lower bound, above 0."""

    queue: QueueId
    since: float
    visits: int


class QueueDeclared(Event, frozen=True, kw_only=True, tag="queue.declared", gc=False):
    """What the source itself says of this queue, under its own names (``ServicelevelPerf``): to be shown beside our
    numbers, never instead of them. A figure has the unit and the meaning that the source gives it."""

    queue: QueueId
    figures: dict[str, float]


Fact = (
    ContactOffered
    | ContactQueued
    | ContactAlerting
    | ContactNotAnswered
    | ContactAnswered
    | ContactHeld
    | ContactRetrieved
    | ContactTransferred
    | ContactConferenced
    | ContactAbandoned
    | ContactFlowedOut
    | ContactRefused
    | ContactReleased
    | ContactCleared
    | ContactLost
    | ContactCallbackRequested
    | ContactRated
    | AttemptPlanned
    | AttemptDialled
    | AttemptConnected
    | AttemptFailed
    | AttemptCompleted
    | QueueDescribed
    | QueueUnseen
    | QueueDeclared
)
