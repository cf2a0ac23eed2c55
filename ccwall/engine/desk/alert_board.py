"""Alerts as the board shows them."""

from typing import TYPE_CHECKING

from ccwall.engine.desk.alert import Alert, Happened, Mark, Told
from ccwall.engine.desk.who import Who
from ccwall.events import RuleCard

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]

SHOWN_HISTORY = 10


def shown(state: "State", now: float) -> dict[str, Tree]:
    """The parts ``alerts`` and ``alert_rules``."""
    alerts = state.desk.alerts
    return {
        "alerts": {id: item(alert, alerts.rules.get(alert.rule)) for id, alert in alerts.open.items()},
        "alert_rules": {rule: _card(card) for rule, card in alerts.rules.items()},
    }


def _card(card: RuleCard) -> Tree:
    told: Tree = {
        "names": dict(card.names),
        "todo": dict(card.todo),
        "metric": card.metric,
        "window": card.window,
        "unit": card.unit,
        "severity": card.severity,
    }
    return (
        told
        | ({"timer": True} if card.timer else {})
        | ({"wall": True} if card.wall else {})
        | ({"per": card.per} if card.per else {})
    )


def item(alert: Alert, card: RuleCard | None, most: int = SHOWN_HISTORY) -> Tree:
    """One alert as screens show it; what has no value is absent. ``most``: how many lines of its history."""
    board: Tree = {
        "rule": alert.rule,
        "scope": alert.scope,
        "severity": alert.severity,
        "state": alert.state,
        "since": alert.since,
    }
    optional: tuple[tuple[str, object], ...] = (
        ("fired", alert.fired),
        ("from", alert.counts),
        ("lasts", alert.lasts if alert.life == "pending" else None),
        ("value", alert.value),
        ("threshold", alert.threshold),
        ("worst", alert.worst),
        ("hints", list(alert.hints) or None),
        ("figures", dict(alert.figures) or None),
        ("team", alert.team or None),
        ("agent", alert.agent or None),
        ("queue", alert.queue or None),
        ("source", alert.away or (alert.scope.removeprefix("source:") if alert.scope.startswith("source:") else None)),
        ("no_data_since", alert.away_since if alert.away else None),
        ("wall", True if card is not None and card.wall else None),
        ("step", alert.step if alert.step >= 0 else None),
        ("acked", _mark(alert.acked)),
        ("snooze", _mark(alert.snooze)),
        ("inhibited_by", alert.inhibited_by or None),
        ("told", [_told_item(told) for told in alert.told[-most:]] or None),
        ("history", [_happened(each) for each in alert.history[-most:]] or None),
        ("ended", alert.ended),
        ("why", alert.why or None),
    )  # fmt: skip
    board.update((key, value) for key, value in optional if value is not None)
    if alert.next_at is not None and not alert.quiet:
        board["next"] = {"at": alert.next_at, "roles": list(alert.next_roles)}
    return board


def _who(who: Who) -> Tree:
    told: Tree = {"id": who.id, "role": who.role}
    return told | ({"name": who.name} if who.name else {})


def _mark(mark: Mark | None) -> Tree | None:
    if mark is None:
        return None
    told: Tree = {} if mark.by is None else {"by": _who(mark.by)}
    told["at"] = mark.at
    if mark.until:
        return told | {"until": mark.until, "reason": mark.note}
    return told | ({"note": mark.note} if mark.note else {})


def _told_item(told: Told) -> Tree:
    found: Tree = {
        "at": told.at,
        "key": told.key,
        "kind": told.kind,
        "step": told.step,
        "roles": list(told.roles),
        "people": list(told.people),
        "skipped": list(told.skipped),
        "channels": list(told.channels),
    }
    if told.put:
        found["put"] = {
            channel: {"ok": put.ok, "at": put.at, "attempts": put.attempts}
            | ({"detail": put.detail} if put.detail else {})
            for channel, put in told.put.items()
        }
    return found


def _happened(happened: Happened) -> Tree:
    found: Tree = {"at": happened.at, "what": happened.what}
    if happened.by is not None:
        found["by"] = _who(happened.by)
    if happened.note:
        found["note"] = happened.note
    if happened.value is not None:
        found["value"] = happened.value
    return found
