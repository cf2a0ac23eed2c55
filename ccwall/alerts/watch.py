"""A look at the floor: which alerts begin, fire, get worse and are over, as facts. Pure: board, rules and alerts in, facts out.

`look` is to be called after every change and at every instant it gave as due, and again until it finds nothing (a fact may
make way for the next). Looking more often changes nothing; whoever looks later finds what lasts, with the instants at which
it was so: a timer's are known exactly, a number's are those of the look.
"""

import math
from collections.abc import Mapping
from typing import Literal

import msgspec

from ccwall.alerts.blind import WATCHED_BY_SOURCES, Blind
from ccwall.alerts.hints import HINTED, hints
from ccwall.alerts.inhibition import inhibited
from ccwall.alerts.judging import Judged, judge
from ccwall.alerts.metrics import MADE, NUMBERS, PARTS, Tree, quotas, staff, subjects
from ccwall.alerts.rule import Rule, worst_of
from ccwall.alerts.ruleset import Ruleset
from ccwall.alerts.scopes import id_of, scope_of, team_of, text
from ccwall.engine.desk.alert import MOST, Alert, Alerts
from ccwall.events import (
    AlertCalmed,
    AlertDataBack,
    AlertEasing,
    AlertEvent,
    AlertFired,
    AlertId,
    AlertInhibited,
    AlertNoData,
    AlertPending,
    AlertReleased,
    AlertResolved,
    AlertSnoozeEnded,
    AlertWorsened,
    AnyEvent,
)

LOG_OFF = "off"
Said = (
    AlertPending | AlertCalmed | AlertFired | AlertWorsened | AlertEasing | AlertResolved | AlertNoData
    | AlertDataBack | AlertInhibited | AlertReleased | AlertSnoozeEnded
)  # fmt: skip
Why = Literal["cleared", "gone", "rule"]
ROOM_FOR_ALL = 100
"""Places of the table that are kept for subjects of which there are few."""


class Looked(msgspec.Struct, frozen=True):
    """``due``: when time alone may change something."""

    events: list[AnyEvent]
    due: float


class Memory:
    """What was judged and has not changed since. It only spares work: without it a look finds the same."""

    def __init__(self) -> None:
        self.judged: dict[tuple[str, str], tuple[object, object, float]] = {}
        self.key: object = None
        self.quotas: tuple[object, Mapping[str, Tree]] = (None, {})


def look(board: Tree, rules: Ruleset, alerts: Alerts, now: float, memory: Memory | None = None) -> Looked:
    """What is to be said of the alerts now. ``board``: see web/README.md; it is read only."""
    return _Look(board, rules, alerts, now, Memory() if memory is None else memory).all()


class _Look:
    def __init__(self, board: Tree, rules: Ruleset, alerts: Alerts, now: float, memory: Memory) -> None:
        self.board, self.rules, self.alerts, self.now, self.memory = board, rules, alerts, now, memory
        self.events: list[AnyEvent] = []
        self.made: Mapping[str, Mapping[str, Tree]] | None = None
        self.due = rules.borders(now)
        self.asleep = rules.asleep(now)
        self.blind = Blind(board)
        self.room = MOST - len(alerts.open)
        key = (rules, self.asleep, tuple(sorted(self.blind.away.items())))
        if memory.key != key:
            memory.judged.clear()
            memory.key = key

    def all(self) -> Looked:
        self._sources()
        for alert in list(self.alerts.open.values()):
            if alert.life != "none":
                self._go_on(alert)
        for kind in self.rules.by_scope:
            self._new(kind)
        said = {event.alert for event in self.events if isinstance(event, AlertEvent)}
        for event in inhibited(self.rules, self.alerts, self._subjects, said, self.now):
            self._say(event)
        return Looked(self.events, self.due)

    # ── what a source that is away makes unknown ──

    def _sources(self) -> None:
        """Every rule that a source is needed for says so, once for each source."""
        wanted = self.blind.wanted(self.rules, self.asleep)
        for id, (rule_id, source) in wanted.items():
            if id not in self.alerts.open and self._has_room("source"):
                at = min(self.now, self.blind.away[source])
                self._say(AlertNoData(at=at, alert=id, rule=rule_id, scope=f"source:{source}", source=source))
        for alert in self.alerts.open.values():
            if alert.life == "none" and alert.id not in wanted:
                self._say(AlertDataBack(at=self.now, alert=alert.id))

    # ── what is known already ──

    def _go_on(self, alert: Alert) -> None:
        rule = self.rules.rules.get(alert.rule)
        if rule is None or not rule.enabled or rule.id in self.asleep:
            self._over(alert, self.now, "rule")
            return
        if alert.snooze is not None:
            if alert.snooze.until <= self.now:
                self._say(AlertSnoozeEnded(at=alert.snooze.until, alert=alert.id))
            else:
                self._soon(alert.snooze.until)
        id = id_of(rule.scope, alert.scope)
        subject = self._subjects(rule.scope).get(id)
        if subject is None or (rule.only and id not in rule.only):
            if not alert.away:
                self._over(
                    alert,
                    self.now,
                    "gone" if rule.scope in PARTS and rule.scope in WATCHED_BY_SOURCES else "cleared",
                )
            return
        source = self.blind.source_of(rule.scope, subject)
        if source and not alert.away:
            at = max(alert.since, min(self.now, self.blind.away[source]))
            self._say(AlertNoData(at=at, alert=alert.id, rule=rule.id, scope=alert.scope, source=source))
        elif not source and alert.away:
            self._say(AlertDataBack(at=self.now, alert=alert.id))
        if source or alert.away:
            return
        judged = judge(rule, subject, self.now)
        self._soon(judged.due)
        if alert.life == "pending":
            self._pending(alert, rule, judged, subject)
        else:
            self._firing(alert, rule, judged, subject)

    def _pending(self, alert: Alert, rule: Rule, judged: Judged, subject: Tree) -> None:
        if not judged.on:
            self._say(AlertCalmed(at=self.now, alert=alert.id))
        elif alert.since + rule.lasts <= self.now:
            at = max(alert.since, alert.since + rule.lasts)
            self._fire(alert.id, rule, alert.scope, judged, subject, since=alert.since, at=at)
        else:
            self._soon(alert.since + rule.lasts)

    def _firing(self, alert: Alert, rule: Rule, judged: Judged, subject: Tree) -> None:
        if judged.clear and not judged.on:
            gone = rule.scope == "agent" and subject.get("state") == LOG_OFF
            self._ease(alert, rule, judged, "gone" if gone else "cleared")
        else:
            if alert.easing is not None:
                self._say(AlertEasing(at=self.now, alert=alert.id, again=True))
            if judged.worse_at is not None and not alert.worse:
                self._say(
                    AlertWorsened(
                        at=max(judged.worse_at, alert.fired or 0.0),
                        alert=alert.id,
                        severity=worst_of(rule.worse_severity, alert.severity),
                        value=_finite(judged.value),
                        threshold=rule.worse,
                    )
                )

    def _ease(self, alert: Alert, rule: Rule, judged: Judged, why: Why) -> None:
        if not rule.clear_for or why == "gone":
            self._over(alert, self.now, why, judged.value)
        elif alert.easing is None:
            self._say(AlertEasing(at=self.now, alert=alert.id))
        elif alert.easing + rule.clear_for <= self.now:
            self._over(alert, alert.easing + rule.clear_for, why, judged.value)
        else:
            self._soon(alert.easing + rule.clear_for)

    def _over(self, alert: Alert, at: float, why: Why, value: float | None = None) -> None:
        if alert.life == "pending":
            self._say(AlertCalmed(at=at, alert=alert.id))
            return
        self._say(AlertResolved(at=at, alert=alert.id, value=_finite(value), why=why))

    # ── what is new ──

    def _new(self, kind: str) -> None:
        rules = [rule for rule in self.rules.by_scope[kind] if rule.id not in self.asleep]
        judged, now = self.memory.judged, self.now
        windowed = kind in NUMBERS
        for id, subject in self._subjects(kind).items():
            seen = judged.get((kind, id))
            rolling = subject.get("rolling") if windowed else None
            if seen is not None and seen[0] is subject and seen[1] is rolling and now < seen[2]:
                self.due = min(self.due, seen[2])
                continue
            due = (
                math.inf if self.blind.source_of(kind, subject) else self._judge_all(kind, id, subject, rules)
            )
            judged[kind, id] = subject, rolling, due
            self._soon(due)
        if len(judged) > 4 * MOST:
            judged.clear()

    def _judge_all(self, kind: str, id: str, subject: Tree, rules: list[Rule]) -> float:
        """Begin what begins at this subject; when it is to be looked at again although it stays as it is."""
        due, scope = math.inf, ""
        for rule in rules:
            found = judge(rule, subject, self.now)
            due = min(due, found.due)
            if not found.on or (rule.only and id not in rule.only):
                continue
            scope = scope or scope_of(kind, id)
            alert = AlertId(f"{rule.id}@{scope}")
            if alert in self.alerts.open:
                continue
            if not self._has_room(kind):
                return self.now
            if rule.lasts > 0 and found.began + rule.lasts > self.now:
                self._say(self._begun(alert, rule, scope, found))
                self._soon(found.began + rule.lasts)
            else:
                at = found.began + rule.lasts
                self._fire(alert, rule, scope, found, subject, since=found.began, at=at)
        return due

    def _begun(self, alert: AlertId, rule: Rule, scope: str, judged: Judged) -> AlertPending:
        return AlertPending(
            at=judged.began,
            alert=alert,
            rule=rule.id,
            scope=scope,
            severity=rule.severity,
            value=_finite(judged.value),
            threshold=judged.threshold,
            lasts=rule.lasts,
        )

    def _fire(
        self,
        alert: AlertId,
        rule: Rule,
        scope: str,
        judged: Judged,
        subject: Tree,
        *,
        since: float,
        at: float,
    ) -> None:
        codes, figures = (
            hints(self.board, rule.scope, subject, self.now) if rule.metric in HINTED else ((), {})
        )
        id = id_of(rule.scope, scope)
        self._say(
            AlertFired(
                at=at,
                alert=alert,
                rule=rule.id,
                scope=scope,
                severity=rule.severity,
                since=since,
                value=_finite(judged.value),
                threshold=judged.threshold,
                hints=codes,
                figures=figures,
                team=id if rule.scope == "team" else team_of(scope) or text(subject, "team"),
                agent=id if rule.scope in ("agent", "quota") else text(subject, "agent"),
                queue=id if rule.scope == "queue" else text(subject, "queue"),
            )
        )

    # ── small things ──

    def _subjects(self, kind: str) -> Mapping[str, Tree]:
        if kind not in MADE:
            return subjects(self.board, kind)
        desk = self.board.get("break_desk")
        if self.made is None:
            if self.memory.quotas[0] is not desk:
                self.memory.quotas = desk, quotas(self.board)
            self.made = {
                "quota": self.memory.quotas[1],
                "staff": staff(self.board, self.rules.second(self.now)),
            }
        return self.made[kind]

    def _has_room(self, kind: str) -> bool:
        """Agents cannot take all the places."""
        left = self.room - (ROOM_FOR_ALL if kind == "agent" else 0)
        return left > 0

    def _say(self, event: Said) -> None:
        if isinstance(event, AlertPending | AlertFired | AlertNoData) and event.alert not in self.alerts.open:
            self.room -= 1
        self.events.append(event)

    def _soon(self, due: float) -> None:
        if self.now < due < self.due:
            self.due = due


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
