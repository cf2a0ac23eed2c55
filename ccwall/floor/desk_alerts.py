"""Acts about alerts: somebody looks after one, wants quiet for a while, or passes it up the ladder at once."""

from collections.abc import Sequence
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from ccwall.engine.desk.alert import Alert, Mark
from ccwall.events import (
    AgentId,
    AlertAcknowledged,
    AlertEscalated,
    AlertId,
    AlertSnoozed,
    AlertSnoozeEnded,
    Principal,
    Role,
)
from ccwall.floor.acts import LEADS, Act, Bench, Tree
from ccwall.floor.wish import Mistaken, NotNow, NotThere, Post
from ccwall.floor.words import plain

NOTE = 200
SHORTEST, LONGEST = 60.0, 12 * 3600.0
Id = Annotated[str, Meta(min_length=1, max_length=400)]
Note = Annotated[str, Meta(max_length=NOTE)]


class Seen(Protocol):
    """The little that must be known of the floor."""

    def team(self, agent: AgentId) -> str: ...
    def memberships(self, agent: AgentId) -> Sequence[Post] | None: ...


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    alert: Id
    note: Note = ""


class Snooze(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until an instant of the floor, or for so many seconds."""

    alert: Id
    reason: Note
    until: float | None = None
    lasts: Annotated[float, Meta(ge=SHORTEST, le=LONGEST)] | None = None


class Unsnooze(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    alert: Id


class Escalate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    alert: Id
    note: Note = ""


def acknowledge(bench: Bench, principal: Principal, asked: Acknowledge) -> Tree:
    note = plain("arguments.note", asked.note, NOTE)
    alert = _firing(bench, principal, asked.alert)
    if alert.acked is not None:
        raise _faster(alert.acked, "acknowledged")
    bench.take(principal, AlertAcknowledged(at=bench.now, alert=alert.id, note=note))
    return {"alert": alert.id}


def snooze(bench: Bench, principal: Principal, asked: Snooze) -> Tree:
    reason = plain("arguments.reason", asked.reason, NOTE, needed=True)
    alert = _firing(bench, principal, asked.alert)
    if alert.snooze is not None:
        raise _faster(alert.snooze, "snoozed")
    if (asked.lasts is None) == (asked.until is None):
        raise Mistaken("arguments.until", "either until or lasts is needed: how long it is to be quiet")
    until = bench.now + asked.lasts if asked.lasts is not None else asked.until or 0.0
    if not bench.now < until <= bench.now + LONGEST:
        raise Mistaken("arguments.until", f"must be within the next {LONGEST / 3600:g} hours")
    bench.take(principal, AlertSnoozed(at=bench.now, alert=alert.id, until=until, reason=reason))
    return {"alert": alert.id, "until": until}


def unsnooze(bench: Bench, principal: Principal, asked: Unsnooze) -> Tree:
    alert = _firing(bench, principal, asked.alert)
    if alert.snooze is None:
        raise NotNow("It is not snoozed any more.")
    bench.take(principal, AlertSnoozeEnded(at=bench.now, alert=alert.id))
    return {"alert": alert.id}


def escalate(bench: Bench, principal: Principal, asked: Escalate) -> Tree:
    note = plain("arguments.note", asked.note, NOTE)
    alert = _firing(bench, principal, asked.alert)
    if "escalated" in alert.untold:
        raise NotNow("It is being passed on already.")
    if alert.step >= 0 and alert.next_at is None and not alert.next_roles:
        raise NotNow("Everybody on the ladder was told.")
    bench.take(principal, AlertEscalated(at=bench.now, alert=alert.id, note=note))
    return {"alert": alert.id}


def _firing(bench: Bench, principal: Principal, id: str) -> Alert:
    alert = bench.engine.alerts.open.get(AlertId(id))
    if alert is None or not may_see(bench.engine, principal, alert):
        raise NotThere(f"There is no alert {id!r} here, or it is over.")
    if alert.life != "firing":
        raise NotNow("It does not fire.")
    return alert


def may_see(floor: Seen, principal: Principal, alert: Alert) -> bool:
    """Leads see what is their teams', their queues' and nobody's, who keeps the register what is of a case
    (`ccwall.desk_sight`)."""
    if principal.role == "complaints":
        return alert.scope.startswith("case:")
    team = alert.team or (floor.team(AgentId(alert.agent)) if alert.agent else "")
    in_team = not team or principal.teams is None or team in principal.teams
    if principal.queues is None or not in_team:
        return in_team
    if alert.queue:
        return alert.queue in principal.queues
    posts = floor.memberships(AgentId(alert.agent)) if alert.agent else None
    return posts is None or any(post.queue in principal.queues for post in posts)


def _faster(mark: Mark, done: str) -> NotNow:
    """Somebody did it before: who, and when."""
    who = "the house" if mark.by is None else mark.by.name or mark.by.id
    return NotNow(f"It was {done} by {who} already.", done=done, by=who, at=mark.at)


MAY: frozenset[Role] = LEADS | {"complaints"}
ACTS: tuple[Act, ...] = (
    Act(name="alert.acknowledge", takes=Acknowledge, may=MAY, do=acknowledge),
    Act(name="alert.snooze", takes=Snooze, may=MAY, do=snooze),
    Act(name="alert.unsnooze", takes=Unsnooze, may=MAY, do=unsnooze),
    Act(name="alert.escalate", takes=Escalate, may=MAY, do=escalate),
)
