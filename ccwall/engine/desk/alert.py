"""Alerts as they are remembered: what is pending, what fires, who was told, who looks after it, and what is over today."""

from typing import Literal

import msgspec

from ccwall.engine.desk.who import Who
from ccwall.events import AlertId, AlertSeverity, AlertTelling, RuleCard

MOST = 2000
"""Alerts at once; beyond, what is new is not remembered."""
MOST_PAST = 1000
MOST_TOLD = 20
MOST_HISTORY = 30
MOST_CHANNELS = 16


class Happened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    at: float
    what: str
    by: Who | None = None
    note: str = ""
    value: float | None = None


class Put(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What became of a note in one channel."""

    ok: bool
    at: float
    attempts: int = 1
    detail: str = ""


class Told(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """Who was told. ``put``: by channel, as far as is known."""

    key: str
    at: float
    kind: AlertTelling
    step: int = 0
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    put: dict[str, Put] = {}


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An acknowledgement, or with ``until`` a snooze."""

    at: float
    by: Who | None = None
    note: str = ""
    until: float = 0.0


class Alert(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """One rule at one scope. ``since``: when its condition began; ``easing``: since when it is over, while that is not
    believed yet. ``away``: what it is judged by is not known since ``away_since``; ``life`` is then where it stood, and
    ``none`` of what was not pending. ``step``: the last step of the ladder that was told, -1 before the first. ``untold``:
    what must be told still. ``counts``: the instant from which its time counts, where its value is one; it stays when a worse
    threshold takes the place of the first."""

    id: AlertId
    rule: str
    scope: str
    severity: AlertSeverity
    life: Literal["none", "pending", "firing"]
    since: float
    counts: float | None = None
    lasts: float = 0.0
    fired: float | None = None
    value: float | None = None
    threshold: float | None = None
    worst: float | None = None
    hints: tuple[str, ...] = ()
    figures: dict[str, float] = {}
    team: str = ""
    agent: str = ""
    queue: str = ""
    worse: bool = False
    easing: float | None = None
    away: str = ""
    away_since: float = 0.0
    inhibited_by: str = ""
    acked: Mark | None = None
    snooze: Mark | None = None
    step: int = -1
    untold: tuple[AlertTelling, ...] = ()
    next_at: float | None = None
    next_roles: tuple[str, ...] = ()
    told: list[Told] = []
    history: list[Happened] = []
    ended: float | None = None
    why: str = ""

    @property
    def state(self) -> str:
        """As a screen names it."""
        if self.ended is not None:
            return "resolved"
        if self.away:
            return "no_data"
        if self.life == "firing" and self.snooze is not None:
            return "snoozed"
        return "acknowledged" if self.life == "firing" and self.acked is not None else self.life

    @property
    def quiet(self) -> bool:
        """Nobody need be told of it now."""
        return bool(
            self.acked or self.snooze or self.inhibited_by or self.away or self.life != "firing" or self.ended
        )


class Alerts(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """``open`` by id; ``closing``: resolved, and whoever was told of them must be told of that, too. ``past``: those that
    fired and are over, oldest first. ``snoozes``: of those that were over before the quiet was: what fires again meanwhile is
    quiet, too. ``rules``: what screens must know of those that are watched. ``limits``: by
    metric, when the first rule would fire about anybody."""

    open: dict[AlertId, Alert] = {}
    closing: dict[AlertId, Alert] = {}
    past: list[Alert] = []
    snoozes: dict[AlertId, Mark] = {}
    rules: dict[str, RuleCard] = {}
    limits: dict[str, float] = {}
    hash: str = ""
