"""What facts make of alerts. What a rule says is not known here; the facts bring it: `ccwall.alerts` decides, this remembers."""

from typing import TYPE_CHECKING

from ccwall.engine.desk.alert import (
    MOST,
    MOST_CHANNELS,
    MOST_HISTORY,
    MOST_PAST,
    MOST_TOLD,
    Alert,
    Alerts,
    Happened,
    Mark,
    Put,
    Told,
)
from ccwall.engine.desk.who import Who
from ccwall.events import (
    AlertAcknowledged,
    AlertCalmed,
    AlertDataBack,
    AlertDelivered,
    AlertEasing,
    AlertEscalated,
    AlertEvent,
    AlertFired,
    AlertInhibited,
    AlertNoData,
    AlertPending,
    AlertReleased,
    AlertResolved,
    AlertRulesApplied,
    AlertSnoozed,
    AlertSnoozeEnded,
    AlertTold,
    AlertWorsened,
    AnyEvent,
    Envelope,
    RuleCard,
)

if TYPE_CHECKING:
    from ccwall.engine.state import State


FACTS: tuple[type[AnyEvent], ...] = (
    AlertPending, AlertCalmed, AlertFired, AlertWorsened, AlertEasing, AlertResolved, AlertRulesApplied,
    AlertNoData, AlertDataBack, AlertInhibited, AlertReleased, AlertTold, AlertDelivered, AlertAcknowledged,
    AlertSnoozed, AlertSnoozeEnded, AlertEscalated,
)  # fmt: skip


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    alerts, event = state.desk.alerts, envelope.event
    match event:
        case AlertRulesApplied():
            alerts.rules, alerts.hash = dict(event.rules), event.hash
            alerts.limits = _limits(event.rules)
            state.dirty.everything = True  # limits of people are those of rules
        case AlertPending() | AlertFired() | AlertNoData():
            _begin(alerts, event, at)
        case AlertDelivered():
            _delivered(alerts, event, at)
        case AlertTold(kind="resolved"):
            if (over := alerts.closing.pop(event.alert, None)) is not None:
                over.untold = ()
                _told(over, event, at)
        case AlertEvent():
            alert = alerts.open.get(event.alert)
            if alert is not None:
                _go_on(state, alert, event, at, Who.of(envelope.actor))
        case _:
            pass


def _limits(rules: dict[str, RuleCard]) -> dict[str, float]:
    found: dict[str, float] = {}
    for rule in rules.values():
        if rule.limit is not None:
            found[rule.metric] = min(rule.limit, found.get(rule.metric, rule.limit))
    return found


def _begin(alerts: Alerts, event: AlertPending | AlertFired | AlertNoData, at: float) -> None:
    alert = alerts.open.get(event.alert)
    if alert is None:
        if len(alerts.open) >= MOST:
            return
        severity = "info" if isinstance(event, AlertNoData) else event.severity
        alert = alerts.open[event.alert] = Alert(
            id=event.alert, rule=event.rule, scope=event.scope, severity=severity, life="none", since=at
        )
    if isinstance(event, AlertNoData):
        if not alert.away:
            alert.away, alert.away_since = event.source or "?", at
            _note(alert, at, "no_data")
        return
    if alert.life == "firing":
        return  # heard twice
    alert.severity, alert.value, alert.threshold = event.severity, event.value, event.threshold
    card = alerts.rules.get(event.rule)
    if card is not None and card.timer and event.threshold is not None:
        began = event.at if isinstance(event, AlertPending) else event.since
        alert.counts = began - event.threshold
    if isinstance(event, AlertPending):
        if alert.life == "none":
            alert.life, alert.since, alert.lasts = "pending", at, event.lasts
        return
    alert.life, alert.since, alert.fired, alert.worst = "firing", event.since, at, event.value
    alert.hints, alert.figures = event.hints, dict(event.figures)
    alert.team, alert.agent, alert.queue = event.team, event.agent, event.queue
    alert.untold = ("fired",)
    _note(alert, at, "fired", value=event.value)
    snooze = alerts.snoozes.pop(alert.id, None)
    if snooze is not None and snooze.until > at:
        alert.snooze = snooze
        _note(alert, at, "snoozed", by=snooze.by, note=snooze.note)


def _go_on(state: "State", alert: Alert, event: AlertEvent, at: float, by: Who | None) -> None:
    alerts = state.desk.alerts
    match event:
        case AlertCalmed():
            if alert.life == "pending":
                del alerts.open[alert.id]
        case AlertWorsened():
            _worsened(alert, event, at)
        case AlertEasing():
            alert.easing = None if event.again else at
        case AlertResolved():
            _end(state, alert, event, at)
        case AlertDataBack():
            _back(alerts, alert, at)
        case AlertInhibited():
            alert.inhibited_by = event.by
            _note(alert, at, "inhibited", note=event.by)
        case AlertReleased():
            alert.inhibited_by = ""
            _note(alert, at, "released")
        case AlertTold():
            _told(alert, event, at)
        case AlertAcknowledged() | AlertSnoozed() | AlertSnoozeEnded() | AlertEscalated():
            _by_hand(alert, event, at, by)
        case _:
            pass


def _worsened(alert: Alert, event: AlertWorsened, at: float) -> None:
    if alert.life != "firing":
        return
    alert.severity, alert.value, alert.threshold = event.severity, event.value, event.threshold
    alert.worst, alert.worse = event.value, True
    alert.acked = alert.snooze = alert.easing = None
    if alert.step >= 0:  # otherwise nobody knows of it yet, and the first that is told is how bad it is now
        alert.untold = ("worsened",)
    _note(alert, at, "worsened", value=event.value)


def _end(state: "State", alert: Alert, event: AlertResolved, at: float) -> None:
    alerts = state.desk.alerts
    del alerts.open[alert.id]
    if alert.life != "firing":
        return
    _keep(alerts, alert, at)
    alert.ended, alert.why, alert.away = at, event.why, ""
    _note(alert, at, "resolved", value=event.value, note="" if event.why == "cleared" else event.why)
    alert.untold, alert.next_at, alert.next_roles = (), None, ()
    if alert.told:
        alert.untold = ("resolved",)
        alerts.closing[alert.id] = alert
    start = state.frame.start
    past = [each for each in alerts.past if each.ended is None or each.ended >= start]
    if len(past) >= MOST_PAST:  # what was only to be known makes room first
        past.pop(next((n for n, each in enumerate(past) if each.severity == "info"), 0))
    alerts.past = [*past, alert]


def _keep(alerts: Alerts, alert: Alert, at: float) -> None:
    """Who wanted quiet for an hour does not mean: until it comes and goes once."""
    if alert.snooze is None or alert.snooze.until <= at:
        return
    alerts.snoozes = {id: mark for id, mark in alerts.snoozes.items() if mark.until > at}
    if len(alerts.snoozes) < MOST:
        alerts.snoozes[alert.id] = alert.snooze


def _back(alerts: Alerts, alert: Alert, at: float) -> None:
    """Timers stood still meanwhile."""
    if not alert.away:
        return
    stood = max(0.0, at - alert.away_since)
    alert.away, alert.away_since = "", 0.0
    if alert.life == "none":
        del alerts.open[alert.id]
    elif alert.life == "pending":
        alert.since += stood
    else:
        alert.easing = None if alert.easing is None else alert.easing + stood
        _note(alert, at, "data_back")


def _by_hand(
    alert: Alert,
    event: AlertAcknowledged | AlertSnoozed | AlertSnoozeEnded | AlertEscalated,
    at: float,
    by: Who | None,
) -> None:
    if alert.life != "firing":
        return
    match event:
        case AlertAcknowledged():
            if alert.acked is None:
                alert.acked = Mark(at=at, by=by, note=event.note)
                _note(alert, at, "acknowledged", by=by, note=event.note)
        case AlertSnoozed():
            alert.snooze = Mark(at=at, by=by, note=event.reason, until=event.until)
            _note(alert, at, "snoozed", by=by, note=event.reason)
        case AlertSnoozeEnded():
            if alert.snooze is not None:
                alert.snooze = None
                if by is None and alert.acked is None:
                    alert.untold, alert.next_at = tuple(dict.fromkeys((*alert.untold, "reminded"))), None
                _note(alert, at, "snooze_ended", by=by)
        case AlertEscalated():
            alert.acked = alert.snooze = None
            alert.untold = tuple(dict.fromkeys((*alert.untold, "escalated")))
            _note(alert, at, "escalated", by=by, note=event.note)


def _told(alert: Alert, event: AlertTold, at: float) -> None:
    if any(told.key == event.key for told in alert.told):
        return
    told = Told(
        key=event.key,
        at=at,
        kind=event.kind,
        step=event.step,
        roles=event.roles,
        people=event.people,
        skipped=event.skipped,
        channels=event.channels,
    )
    alert.told = [*alert.told[1 - MOST_TOLD :], told]
    if event.kind == "resolved":
        return
    alert.untold = tuple(kind for kind in alert.untold if kind != event.kind)
    alert.step = max(alert.step, event.step)
    alert.next_at, alert.next_roles = event.next_at, event.next_roles


def _delivered(alerts: Alerts, event: AlertDelivered, at: float) -> None:
    found = alerts.open.get(event.alert)
    for alert in (*([] if found is None else [found]), *reversed(alerts.past)):
        if alert.id == event.alert:
            for told in alert.told:
                if told.key == event.key and (event.channel in told.put or len(told.put) < MOST_CHANNELS):
                    put = Put(ok=event.ok, at=at, attempts=event.attempts, detail=event.detail)
                    told.put = {**told.put, event.channel: put}
                    return


def _note(
    alert: Alert, at: float, what: str, *, by: Who | None = None, note: str = "", value: float | None = None
) -> None:
    happened = Happened(at=at, what=what, by=by, note=note, value=value)
    alert.history = [*alert.history[1 - MOST_HISTORY :], happened]
