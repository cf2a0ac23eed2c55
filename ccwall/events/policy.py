"""What of the configuration the engine may know."""

from typing import Literal

import msgspec

from ccwall.events.base import AgentId, DeviceId, Direction, Event, QueueId, SeatId, Sense, SiteId, SourceId

Variant = Literal["answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive"]
"""The five service-level formulas in real use; docs/metrics.md has each with its users."""


class Measure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Threshold and short abandon of one service-level formula, whole seconds; None: those of the queue."""

    threshold: int | None = None
    short: int | None = None


class QueueCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What configuration says of a queue. Rates are fractions, times seconds.

    ``variant`` is the service level of the screens; ``measures`` gives a formula a threshold or a short of its own.
    ``flow_outs`` and ``callbacks`` say whether these are in the service level's denominator (a removed callback counts
    as an abandon does). ``patience`` is the callers' mean patience to be assumed until enough of them have hung up.
    ``team`` answers for those whom nobody was rung for.
    """

    names: dict[str, str] = {}
    line: str = ""
    team: str = ""
    order: int = 0
    threshold: float = 20.0
    short: float = 5.0
    variant: Variant = "offered_less_short"
    measures: dict[str, Measure] = {}
    flow_outs: Literal["exclude", "count"] = "exclude"
    callbacks: Literal["exclude", "removed"] = "exclude"
    patience: float | None = None
    service_level_target: float = 0.80
    answer_rate_target: float = 0.95
    satisfaction_target: float = 0.80
    longest_wait_limit: float = 60.0
    waiting_limit: int = 6


class LineCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What configuration says of a business line (业务线). Outbound lines are judged by whom they reach."""

    names: dict[str, str] = {}
    direction: Direction = "in"
    order: int = 0
    service_level_target: float = 0.80
    answer_rate_target: float = 0.95
    satisfaction_target: float = 0.80
    connect_rate_target: float = 0.50
    completion_target: float = 0.90


class AgentCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the roster says of a person. ``acd``: an ACD is to tell of them; until it does they are off."""

    names: dict[str, str] = {}
    team: str = ""
    seat: SeatId | None = None
    extension: str = ""
    skills: tuple[str, ...] = ()
    acd: bool = False


class Calendar(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Days as ISO 8601: those that are free although it is no weekend, and weekends that are worked (调休). ``opens`` and
    ``closes``: seconds after midnight between which the house answers."""

    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()
    opens: float = 9 * 3600.0
    closes: float = 18 * 3600.0


class LengthQuota(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person has of a kind in a shift of at most ``up_to`` seconds: 0 is none, None as the kind says."""

    up_to: float
    times: int | None = None
    seconds: float | None = None


class BreakKind(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kind of being away (F3, F15). ``state`` is how somebody away so shows; ``lasts`` seconds are usual. ``quota_times`` and
    ``quota_seconds`` are what a person has of it in a shift; None: as much as they are granted. ``by_length``, the shortest first, is
    for shorter shifts. ``counts``: counted against the cap of people away at once. ``asked``: leaving without having asked is something to look at, once it lasts longer than ``grace``."""

    names: dict[str, str] = {}
    state: str = "away"
    lasts: float = 900.0
    quota_times: int | None = None
    quota_seconds: float | None = None
    by_length: tuple[LengthQuota, ...] = ()
    counts: bool = True
    asked: bool = True
    grace: float = 0.0


class BreakLimit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who of a scope may be away at once, and who must stay (F6). ``cap`` is of people, ``share`` of those at work: the lower holds.
    ``minimum`` people are to be at work from ``begins`` to ``ends``, seconds of the local day; the same twice: always."""

    kind: Literal["floor", "team", "line"] = "floor"
    id: str = ""
    cap: int | None = None
    share: float | None = None
    minimum: int | None = None
    begins: int = 0
    ends: int = 0


BREAK_KINDS: dict[str, BreakKind] = {
    "meal": BreakKind(
        names={"zh-CN": "用餐", "zh-TW": "用餐", "en": "Meal"},
        state="meal",
        lasts=1800.0,
        quota_times=1,
        quota_seconds=1800.0,
    ),
    "short": BreakKind(
        names={"zh-CN": "小休", "zh-TW": "小休", "en": "Short break"},
        state="break",
        lasts=600.0,
        quota_times=3,
        quota_seconds=1800.0,
    ),
    "breather": BreakKind(
        names={"zh-CN": "调整", "zh-TW": "調整", "en": "Breather"},
        state="breather",
        lasts=300.0,
        quota_times=2,
        quota_seconds=600.0,
    ),
    "meeting": BreakKind(
        names={"zh-CN": "会议", "zh-TW": "會議", "en": "Meeting"},
        state="training",
        lasts=1800.0,
        counts=False,
    ),
    "training": BreakKind(
        names={"zh-CN": "培训", "zh-TW": "培訓", "en": "Training"},
        state="training",
        lasts=3600.0,
        counts=False,
    ),
    "coaching": BreakKind(
        names={"zh-CN": "辅导", "zh-TW": "輔導", "en": "Coaching"},
        state="training",
        lasts=1800.0,
        counts=False,
    ),
    "away": BreakKind(
        names={"zh-CN": "离席", "zh-TW": "離席", "en": "Away"}, state="away", lasts=600.0, grace=120.0
    ),
}
"""What holds where configuration names no kind of its own: quotas and times by F1, F3 and F15."""


class BreakPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The break desk. ``kinds`` empty: `BREAK_KINDS`. ``reasons`` says what a not-ready reason means, and ``asks`` which reasons ask for a
    break rather than begin it: by reason in small letters, or ``source/reason``. ``says``: the reason a PBX is given, by kind or ``source/kind``; else the kind's id. ``shrinks``: no more may leave than the forecast
    allows. ``automatic``: kinds that are granted by the house when cap, minimum, quota and forecast allow; ``carry_out``: a grant pauses
    the person at the PBX where that takes commands. ``button``: the kind that a button asks for. ``unused``: seconds after which a grant nobody used is over; ``late``: seconds
    of over-run after which the next lead is told."""

    kinds: dict[str, BreakKind] = {}
    reasons: dict[str, str] = {}
    asks: dict[str, str] = {}
    says: dict[str, str] = {}
    limits: tuple[BreakLimit, ...] = (BreakLimit(share=0.15),)
    shrinks: bool = True
    automatic: tuple[str, ...] = ()
    carry_out: bool = True
    button: str = "short"
    unused: float = 600.0
    late: float = 180.0

    @property
    def known(self) -> dict[str, BreakKind]:
        return self.kinds or BREAK_KINDS

    def kind_of(self, source: str, reason: str) -> str:
        """The kind that configuration says this reason means at this source; empty when it says nothing."""
        word = reason.strip().lower()
        found = self.reasons.get(f"{source}/{word}") or self.reasons.get(word) or ""
        return found if found in self.known else ""

    def asked_by(self, source: str, reason: str) -> str:
        """The kind that this reason asks for; empty when it asks for none."""
        word = reason.strip().lower()
        found = self.asks.get(f"{source}/{word}") or self.asks.get(word) or ""
        return found if found in self.known else ""


class Promises(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What customers are promised (F20, F21): working days until a complaint is settled and a callback made, seconds until the
    first answer to a complaint while the house is open, hours until an answer with and without an agreed time."""

    complaint_days: int = 2
    first_answer: float = 3600.0
    callback_days: int = 4
    agreed_hours: float = 24.0
    service_hours: float = 48.0


class Policy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that the engine may know of the configuration. ``default`` serves queues without a card.

    ``mode`` says that what is shown is not the floor of now: ``demo``, ``replay``; empty for a living floor.
    ``places`` says at which site a source stands, when it is not ``site``; ``calls_target`` is what a person is to answer
    in a day. ``titles`` is what people call a source; ``senses`` says how well each source knows people; ``devices`` whose a device is; ``limits`` after how many
    seconds a contradiction between senses is shown, by its kind, and an end that was lost is believed.
    """

    site: SiteId = SiteId("site")
    mode: Literal["", "demo", "replay"] = ""
    names: dict[str, str] = {}
    zone: str = "UTC"
    day_starts: int = 0
    interval: int = 900
    calls_target: int = 70
    default: QueueCard = QueueCard()
    queues: dict[QueueId, QueueCard] = {}
    lines: dict[str, LineCard] = {}
    agents: dict[AgentId, AgentCard] = {}
    sources: dict[SourceId, str] = {}
    places: dict[SourceId, SiteId] = {}
    not_ready_kinds: dict[str, str] = {}
    titles: dict[SourceId, dict[str, str]] = {}
    senses: dict[SourceId, Sense] = {}
    devices: dict[DeviceId, AgentId] = {}
    limits: dict[str, float] = {}
    calendar: Calendar = Calendar()
    promises: Promises = Promises()
    breaks: BreakPolicy = BreakPolicy()


class ConfigApplied(Event, frozen=True, kw_only=True, tag="config.applied", gc=False):
    """Configuration took effect. The engine reads it only from here, so that a journal is complete by itself."""

    hash: str
    policy: Policy


Fact = ConfigApplied
