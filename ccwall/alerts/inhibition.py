"""Alerts that another explains, which need not be told."""

from collections.abc import Callable, Collection, Iterator, Mapping

from ccwall.alerts.metrics import Tree
from ccwall.alerts.rule import Rule
from ccwall.alerts.ruleset import Ruleset
from ccwall.alerts.scopes import id_of, text
from ccwall.engine.desk.alert import Alert, Alerts
from ccwall.events import AlertId, AlertInhibited, AlertReleased

Subjects = Callable[[str], Mapping[str, Tree]]


def inhibited(
    rules: Ruleset, alerts: Alerts, known: Subjects, said: Collection[AlertId], now: float
) -> Iterator[AlertInhibited | AlertReleased]:
    """What changed. Alerts of which this look ``said`` something count from the next one on."""
    firing = {alert.id: alert for alert in alerts.open.values() if alert.life == "firing"}
    for alert in firing.values():
        rule = rules.rules.get(alert.rule)
        if rule is None or alert.id in said:
            continue
        by = next(_explains(alert, rule, firing, known), None)
        if by is not None and not alert.inhibited_by:
            yield AlertInhibited(at=now, alert=alert.id, by=by)
        elif by is None and alert.inhibited_by:
            yield AlertReleased(at=now, alert=alert.id)


def _explains(
    alert: Alert, rule: Rule, firing: Mapping[AlertId, Alert], known: Subjects
) -> Iterator[AlertId]:
    if not rule.inhibited_by:
        return
    around = {alert.scope, "floor", "recording"}
    subject = known(rule.scope).get(id_of(rule.scope, alert.scope), {})
    for key in ("source", "line", "team"):
        if found := text(subject, key):
            around.add(f"{key}:{found}")
    if alert.agent:
        around.add(f"agent:{alert.agent}")
    for id in rule.inhibited_by:
        for scope in sorted(around):
            by = AlertId(f"{id}@{scope}")
            if by in firing and by != alert.id:
                yield by
