"""Facts about alerts: what a rule found, who was told, and what people did about it.

An *alert* is one rule at one scope (``longest_wait@queue:consult``): its life goes round, from inactive over pending and
firing back to inactive. ``at`` is the instant of the floor at which the condition was so, not when somebody looked.
"""

from typing import Literal

import msgspec

from ccwall.events.base import AlertId, Event

AlertSeverity = Literal["info", "warn", "breach", "critical"]
AlertTelling = Literal["fired", "worsened", "escalated", "resolved", "no_data", "reminded"]


class AlertEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``alert`` is ``rule@scope``."""

    alert: AlertId


class AlertPending(AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.pending", gc=False):
    """The condition began at ``at``; it fires when it has lasted as long as the rule says. ``lasts`` seconds."""

    rule: str
    scope: str
    severity: AlertSeverity
    value: float | None = None
    threshold: float | None = None
    lasts: float = 0.0


class AlertCalmed(AlertEvent, frozen=True, kw_only=True, tag="alert.calmed", gc=False):
    """It was pending, and the condition ended before it fired."""


class AlertFired(AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.fired", gc=False):
    """Somebody must look. ``since``: when the condition began. ``hints``: why, as codes (``volume``, ``handle_time``,
    ``staffing``), the likeliest first, and ``figures`` what they were seen by; ``team`` and ``agent`` say whose it is."""

    rule: str
    scope: str
    severity: AlertSeverity
    since: float
    value: float | None = None
    threshold: float | None = None
    hints: tuple[str, ...] = ()
    figures: dict[str, float] = msgspec.field(default_factory=dict)
    team: str = ""
    agent: str = ""
    queue: str = ""


class AlertWorsened(
    AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.worsened", gc=False
):
    """It fires already, and got so much worse that an acknowledgement or a snooze is over."""

    severity: AlertSeverity
    value: float | None = None
    threshold: float | None = None


class AlertEasing(AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.easing", gc=False):
    """It fires, and its condition is over since ``at``: it is resolved when that has lasted as long as the rule says.
    ``again``: it was not."""

    again: bool = False


class AlertResolved(
    AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.resolved", gc=False
):
    """The condition is over, by the clear threshold and for as long as the rule says. ``why``: it ``cleared``, its subject
    is ``gone`` (logged off, no longer configured), or its ``rule`` was changed or switched off."""

    value: float | None = None
    why: Literal["cleared", "gone", "rule"] = "cleared"


class AlertNoData(AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.no_data", gc=False):
    """What it is judged by is not known any more: nobody says that all is well. ``source`` is away."""

    rule: str
    scope: str
    source: str = ""


class AlertDataBack(AlertEvent, frozen=True, kw_only=True, tag="alert.data_back", gc=False):
    """It can be judged again."""


class AlertInhibited(AlertEvent, frozen=True, kw_only=True, tag="alert.inhibited", gc=False):
    """``by`` explains it: nobody need be told of this one."""

    by: AlertId


class AlertReleased(AlertEvent, frozen=True, kw_only=True, tag="alert.released", gc=False):
    """What inhibited it is over, and it is not."""


class AlertTold(AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.told", gc=False):
    """Step ``step`` of the ladder (0 the first): ``people`` (accounts) on their screens, and ``channels``. ``roles``: whom
    the step is for. ``skipped``: accounts of these roles who are not there. ``key`` is that of the notes sent out."""

    key: str
    kind: AlertTelling
    step: int = 0
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    next_at: float | None = None
    next_roles: tuple[str, ...] = ()


class AlertDelivered(
    AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.delivered", gc=False
):
    """What became of the note ``key`` in one channel, after so many attempts."""

    key: str
    channel: str
    ok: bool
    attempts: int = 1
    detail: str = ""


class AlertAcknowledged(
    AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.acknowledged", gc=False
):
    """Somebody (the envelope's actor) looks after it: nobody else is told."""

    note: str = ""


class AlertSnoozed(AlertEvent, frozen=True, kw_only=True, tag="alert.snoozed", gc=False):
    """Quiet until ``until``, for a reason."""

    until: float
    reason: str


class AlertSnoozeEnded(
    AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.snooze_ended", gc=False
):
    """By time, or by hand (the envelope's actor)."""


class AlertEscalated(
    AlertEvent, frozen=True, kw_only=True, omit_defaults=True, tag="alert.escalated", gc=False
):
    """Somebody passed it to the next step at once."""

    note: str = ""


class RuleCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a screen must know of a rule to show its alerts. ``timer``: its value is the seconds since something began, and
    grows by itself. ``wall``: its alerts may hang in the room. ``limit``: seconds that everybody's timer may reach at any
    hour. ``per``: the number that ``metric`` is divided by."""

    names: dict[str, str] = {}
    todo: dict[str, str] = {}
    metric: str = ""
    window: str = "now"
    unit: Literal["percent", "seconds", "count", "people", "none"] = "none"
    severity: AlertSeverity = "warn"
    timer: bool = False
    wall: bool = False
    limit: float | None = None
    per: str = ""


class AlertRulesApplied(Event, frozen=True, kw_only=True, tag="alert.rules_applied", gc=False):
    """These rules are watched from here on; ``hash`` is of all that they say, also of what is not told here."""

    hash: str
    rules: dict[str, RuleCard]


Fact = (
    AlertPending
    | AlertCalmed
    | AlertFired
    | AlertWorsened
    | AlertEasing
    | AlertResolved
    | AlertRulesApplied
    | AlertNoData
    | AlertDataBack
    | AlertInhibited
    | AlertReleased
    | AlertTold
    | AlertDelivered
    | AlertAcknowledged
    | AlertSnoozed
    | AlertSnoozeEnded
    | AlertEscalated
)
