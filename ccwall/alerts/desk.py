"""What pages ask about alerts: one with all that is known of it, those of today, and the rules."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ccwall.alerts.alarms import Alarms
from ccwall.alerts.judging import Judged, judge, value_at
from ccwall.alerts.metrics import MADE, METRICS, SINGLE, Tree, subjects
from ccwall.alerts.rule import Rule, holds
from ccwall.alerts.rulebook import Rulebook, checked_rule
from ccwall.alerts.ruleset import Ruleset
from ccwall.alerts.scopes import scope_of
from ccwall.clock import Clock
from ccwall.engine.desk.alert import MOST_HISTORY, Alert
from ccwall.engine.desk.alert_board import item
from ccwall.events import AlertId, Principal
from ccwall.floor.acts import LEADS
from ccwall.floor.desk_alerts import may_see
from ccwall.floor.wish import Forbidden, NotThere

if TYPE_CHECKING:
    from ccwall.engine import Engine

Answer = dict[str, Any]
MOST = 1000
MOST_TRIED = 200
TRENDS = {"waiting": "waiting", "longest_waiting": "longest", "service_level": "service_level",
          "answer_rate": "answer_rate", "ready": "ready", "offered": "offered"}  # fmt: skip
"""Of which metric the board keeps which trend."""
BEHIND = (
    TRENDS | {"unattended": "waiting"} | {f"forecast_{minutes}": "service_level" for minutes in (5, 15, 30)}
)
"""Which trend shows what an alert is about."""
STEP = 300.0
AROUND = 7200.0
"""Seconds of it that are shown before an alert, and after."""
TREND_SCOPES = frozenset({"queue", "line", "team", "floor"})


class AlertDesk:
    """``ruleset`` makes what is watched of rules, by the calendar of the house."""

    def __init__(
        self,
        engine: "Engine",
        clock: Clock,
        alarms: Alarms,
        rulebook: Rulebook,
        *,
        board: Callable[[], Tree],
        ruleset: Callable[[list[Rule]], Ruleset],
    ) -> None:
        self._engine, self._clock, self._alarms = engine, clock, alarms
        self._rulebook, self._board, self._ruleset = rulebook, board, ruleset

    # ── alerts ──

    def alerts(
        self, principal: Principal, *, state: str = "open", rule: str = "", scope: str = "", limit: int = 200
    ) -> Answer:
        """``open``: as the board has them; ``today``: those that are over, the newest first. May have come more than once."""
        self._sees(principal)
        known = self._engine.alerts
        found = list(known.open.values()) if state == "open" else list(reversed(known.past))
        seen = [
            each
            for each in found
            if rule in ("", each.rule)
            and scope in ("", each.scope)
            and may_see(self._engine, principal, each)
        ]
        return {"alerts": [self._item(each) for each in seen[: min(limit, MOST)]]}

    def one(self, principal: Principal, id: str, fired: float | None = None) -> Answer:
        """As it is, or was when it came last, or when it fired at this instant; with the curve around it, and who did what."""
        self._sees(principal)
        known = self._engine.alerts
        before = [each for each in known.past if each.id == id]
        now = known.open.get(AlertId(id))
        lives = [*before, *([] if now is None else [now])]
        alert = next((each for each in reversed(lives) if fired in (None, each.fired)), None)
        if alert is None or not may_see(self._engine, principal, alert):
            raise NotThere(f"There is no alert {id!r} here today.")
        told: Answer = {
            "alert": self._item(alert, MOST_HISTORY) | self._named(alert),
            "before": [self._item(each) for each in before if each is not alert][-20:],
        }
        if (card := known.rules.get(alert.rule)) is not None:
            told["rule"] = {
                "id": alert.rule,
                "names": dict(card.names),
                "todo": dict(card.todo),
                "unit": card.unit,
                "metric": card.metric,
            }
        if (curve := self._curve(alert)) is not None:
            told["curve"] = curve
        if (value := self._now(alert)) is not None:
            told["now"] = value
        return told

    def _item(self, alert: Alert, most: int = 10) -> Answer:
        found = item(alert, self._engine.alerts.rules.get(alert.rule), most)
        lasted = {} if alert.ended is None or alert.fired is None else {"lasted": alert.ended - alert.fired}
        return {"id": alert.id, **found, **lasted}

    def _named(self, alert: Alert) -> Answer:
        """Who was told, with the names they have in the accounts now; without an account the log-in is all there is."""
        roles = {role for each in alert.told for role in each.roles}
        known = {
            person.id: person.name
            for role in roles
            for person in self._alarms.presence.who(role, alert.team, alert.queue)
        }

        def called(people: tuple[str, ...]) -> list[Answer]:
            return [{"id": id} | ({"name": known[id]} if known.get(id) else {}) for id in people]

        items = item(alert, None, MOST_HISTORY).get("told")
        told = items if isinstance(items, list) else []
        tellings = alert.told[-len(told) :] if told else []
        named = [
            {**shown, "people": called(each.people), "skipped": called(each.skipped)}
            for shown, each in zip(told, tellings, strict=True)
        ]
        return {"told": named} if named else {}

    def _now(self, alert: Alert) -> float | None:
        """Its number as it is now, beside the one it fired with."""
        rule = self._alarms.rules.rules.get(alert.rule)
        if rule is None or alert.state in ("resolved", "no_data"):
            return None
        return value_at(rule, alert.scope, self._board(), self._clock.now())

    def _curve(self, alert: Alert) -> Answer | None:
        rule = self._alarms.rules.rules.get(alert.rule)
        key = BEHIND.get(rule.metric) if rule is not None else None
        if rule is None or key is None or rule.scope not in TREND_SCOPES:
            return None
        id = "" if rule.scope in SINGLE else alert.scope.partition(":")[2]
        kept = _points(subjects(self._board(), rule.scope).get(id, {}), key)
        # Of what was over long ago the last two hours say nothing.
        end = math.inf if alert.ended is None else alert.ended + AROUND
        points = [point for point in kept if alert.since - AROUND <= point[0] <= end]
        # The last step that is over began up to two of them ago.
        if not any(alert.since - 2 * STEP <= at <= end - AROUND for at, _ in points):
            return None
        of = "longest_waiting" if key == "longest" else key
        told: Answer = {"metric": of, "unit": METRICS[of].unit, "step": STEP, "points": points}
        # A limit of calls for each who is ready is none of the calls.
        return told if alert.threshold is None or rule.per else {**told, "threshold": alert.threshold}

    # ── rules ──

    def rules(self, principal: Principal, *, may_edit: bool) -> Answer:
        self._leads(principal)
        metrics = {
            name: {"unit": metric.unit, "scopes": list(metric.scopes)}
            | ({"timer": True} if metric.timer else {})
            | ({"windowed": True} if metric.windowed else {})
            for name, metric in METRICS.items()
        }
        return {"rules": self._rulebook.listed(), "metrics": metrics, "may_edit": may_edit}

    async def save(self, principal: Principal, id: str, words: object, note: str = "") -> Answer:
        await self._rulebook.save(id, words, principal.id, note)
        self._watch()
        return next(each for each in self._rulebook.listed() if each["id"] == id)

    async def delete(self, principal: Principal, id: str) -> None:
        await self._rulebook.delete(id, principal.id)
        self._watch()

    def _watch(self) -> None:
        self._alarms.replace(self._ruleset(list(self._rulebook.rules)))

    def tried(self, principal: Principal, id: str, words: object) -> Answer:
        """What a rule would say now of each subject, those it would fire for first; and, of what has a trend, how often it would
        have begun in the last two hours. Nothing is changed."""
        self._leads(principal)
        rule = checked_rule({**words, "id": id} if isinstance(words, dict) else {"id": id})
        now, board = self._clock.now(), self._board()
        found: list[Answer] = []
        for key, subject in (subjects(board, rule.scope) if rule.scope not in MADE else {}).items():
            if not rule.only or key in rule.only:
                found.append(_would(rule, key, judge(rule, subject, now)))
        found.sort(key=lambda each: (each["state"] == "inactive", each["scope"]))
        return {"would": found[:MOST_TRIED], "subjects": len(found)} | _lately(rule, board)

    def _sees(self, principal: Principal) -> None:
        if principal.role != "complaints":
            self._leads(principal)

    def _leads(self, principal: Principal) -> None:
        if principal.role not in LEADS and principal.role != "quality":
            raise Forbidden(f"Alerts are for who leads: the role {principal.role} has no list of them.")


def _would(rule: Rule, id: str, judged: Judged) -> Answer:
    state = ("pending" if rule.lasts else "firing") if judged.on else "inactive"
    told: Answer = {"scope": scope_of(rule.scope, id), "state": state}
    values = {"value": judged.value, "threshold": judged.threshold}
    return told | {key: value for key, value in values.items() if value is not None and abs(value) < 1e300}


def _lately(rule: Rule, board: Tree) -> Answer:
    key = TRENDS.get(rule.metric)
    if key is None or rule.scope not in TREND_SCOPES or isinstance(rule.threshold, str) or rule.per:
        return {}
    threshold, times, since = rule.threshold, 0, None
    for id, subject in subjects(board, rule.scope).items():
        if rule.only and id not in rule.only:
            continue
        before = False
        for at, value in _points(subject, key):
            since = at if since is None else min(since, at)
            so = holds(rule, value, threshold)
            times, before = times + (so and not before), so
    return {} if since is None else {"lately": {"since": since, "times": times}}


def _points(subject: Tree, key: str) -> list[list[float]]:
    """Instant and value of each step that is over."""
    trend = subject.get("trend")
    if not isinstance(trend, Mapping) or key not in trend:
        return []
    start, step = float(trend["from"]), float(trend["step"])
    return [[start + k * step, value] for k, value in trend[key]]
