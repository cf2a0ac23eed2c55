"""What the break desk shows: every break as pages have it, the kinds, the caps, and what everybody has used (web/README.md)."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.desk.breaks import SHOWN_FOR, Break, Errand, away
from ccwall.engine.desk.budget import Budget, Budgets
from ccwall.engine.desk.who import Who
from ccwall.events import BreakKind, BreakLimit

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]

WARNS_AT = 0.8
"""of its time: the person's own page says so"""


def shown(state: "State", now: float) -> dict[str, Tree]:
    desk = state.desk.breaks
    items: Tree = {
        item.id: told(state, item)
        for item in desk.items.values()
        if item.ended is None or item.ended > now - SHOWN_FOR
    }
    return {"breaks": items, "break_desk": _desk(state, Budgets(state, now))}


def told(state: "State", item: Break) -> Tree:
    """One break as the board and the day's list have it; what has no value is absent."""
    policy, until = state.policy.breaks, item.until
    answer: Tree = {
        "agent": item.agent,
        "team": state.team_of(item.agent),
        "kind": item.kind,
        "state": item.state,
        "requested": item.requested,
        "via": item.via,
        "lasts": item.lasts,
        "begins": item.begins,
        "began": item.began,
        "ended": item.ended,
        "decided": item.decided,
        "by": person(item.by),
        "automatic": item.automatic or None,
        "unasked": (not item.asked) or None,
        "note": item.note,
        "reason": item.reason,
        "how": item.how,
        "called": item.called,
        "caller": person(item.caller),
        "commands": [_errand(state, errand) for errand in item.errands] or None,
        "held": item.held,
        "against": [msgspec.to_builtins(each) for each in item.against] or None,
    }
    if item.state == "granted" and (expires := item.expires) is not None:
        answer["expires"] = expires + policy.unused
    if item.state == "running" and item.began is not None and until is not None:
        answer |= {"warns": item.began + WARNS_AT * item.lasts, "due": until, "late": until + policy.late}
    return {key: value for key, value in answer.items() if value is not None and value != ""}


def person(who: Who | None) -> Tree | None:
    """Somebody as every part of the desk tells of them."""
    if who is None:
        return None
    told: Tree = {"id": who.id, "name": who.name, "role": who.role}
    return {key: value for key, value in told.items() if value}


def _errand(state: "State", errand: Errand) -> Tree:
    command = state.commands.get(errand.command)
    told: Tree = {"id": errand.command, "purpose": errand.purpose}
    if command is not None:
        told["state"] = command.state
        if command.detail:
            told["detail"] = command.detail
    return told


def _desk(state: "State", budgets: Budgets) -> Tree:
    desk, policy = state.desk.breaks, state.policy.breaks
    used = {agent: budgets.of(agent).used(taken) for agent, taken in sorted(desk.taken.items())}
    mine = {agent: budgets.of(agent) for agent in sorted(budgets.shifts)}
    return {
        "kinds": {id: _kind(card) for id, card in policy.known.items()},
        "scopes": _scopes(state),
        "used": {
            agent: {kind: [each.times, round(each.seconds, 3)] for kind, each in sorted(kinds.items())}
            for agent, kinds in used.items()
            if kinds
        },
        "budgets": {agent: _budget(state, each) for agent, each in mine.items() if each.shift is not None},
        "unused": policy.unused,
        "automatic": list(policy.automatic),
    }


def _budget(state: "State", budget: Budget) -> Tree:
    """The shift, from when its budget is spent, and what it has of each kind where that is not what the kind says."""
    told: Tree = {
        "shift": budget.shift,
        "begins": budget.begins,
        "ends": budget.ends,
        "from": budget.pieces[0][0],
    }
    quotas: Tree = {}
    for kind, card in state.policy.breaks.known.items():
        limits = budget.limits(kind, card)
        if limits != (card.quota_times, card.quota_seconds):
            pair = zip(("quota_times", "quota_seconds"), limits, strict=True)
            quotas[kind] = {key: value for key, value in pair if value is not None}
    return told | {"quotas": quotas} if quotas else told


def _kind(card: BreakKind) -> Tree:
    told: Tree = {
        "names": dict(card.names),
        "state": card.state,
        "lasts": card.lasts,
        "counts": card.counts,
        "quota_times": card.quota_times,
        "quota_seconds": card.quota_seconds,
    }
    return {key: value for key, value in told.items() if value is not None}


def _scopes(state: "State") -> Tree:
    found: dict[str, Tree] = {"floor": {"away": len(away(state, BreakLimit()))}}
    for limit in state.policy.breaks.limits:
        key = limit.kind if limit.kind == "floor" else f"{limit.kind}:{limit.id}"
        scope = found.setdefault(key, {"away": len(away(state, limit))})
        for name, value in (("cap", limit.cap), ("share", limit.share)):
            before = scope.get(name)
            if value is not None:
                scope[name] = min(value, before) if isinstance(before, int | float) else value
        if limit.minimum is not None:
            rows = scope.setdefault("minimum", [])
            if isinstance(rows, list):
                rows.append([limit.minimum, limit.begins, limit.ends])
    return dict(found)
