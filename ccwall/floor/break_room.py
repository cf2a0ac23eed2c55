"""What a lead looks at before deciding: the effect of each wish, the best time for it, how many may leave, and whom to move.

Predictions cost milliseconds each and change slowly: what was worked out is good for some seconds, for everybody who asks.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from ccwall.clock import Clock
from ccwall.engine.advice import Effect, Move, QueueEffect, Reach, Side, Slots, of_desk
from ccwall.engine.desk.breaks import WAITING, Break
from ccwall.engine.scope import Scope, ScopeKind
from ccwall.events import AgentId, BreakLimit, Principal, QueueId
from ccwall.floor.against import against, wish_of
from ccwall.floor.desk_breaks import obstacle_told
from ccwall.floor.wish import Forbidden, may_see

if TYPE_CHECKING:
    from ccwall.engine import Engine

GOOD_FOR = 5.0
"""Real seconds."""
MOST = 24
"""Wishes whose effect is worked out, oldest first: more than a lead can decide on before it is old."""
DECIDE = frozenset({"manager", "operations", "supervisor", "lead"})
SEE = DECIDE | {"quality"}
SCOPES: Mapping[str, ScopeKind] = {"floor": "floor", "team": "team", "line": "line"}

Tree = dict[str, object]
Kept = TypeVar("Kept")


class BreakRoom:
    def __init__(self, engine: "Engine", clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._known: dict[str, tuple[float, object]] = {}
        self._last: Sequence[Move] = ()

    # ── questions ──

    def effects(self, principal: Principal) -> Tree:
        """Of every wish that this person may decide on: what it would do now, and when it would do least; and how many may
        leave. Forbidden for who decides on none."""
        self._decides(principal)
        now, breaks = self._clock.now(), dict[str, Tree]()
        for item in self._waiting(principal)[:MOST]:
            breaks[item.id] = self._of(item, now, principal)
        answer: Tree = {"at": now, "breaks": breaks, "may_leave": self._room(principal, now)}
        if (more := len(self._waiting(principal)) - len(breaks)) > 0:
            answer["more"] = more
        return answer

    def moves(self, principal: Principal) -> Tree:
        """Whom to move from which queue to which, best first (F5)."""
        self._decides(principal)
        now = self._clock.now()
        found = self._fresh("moves", now, lambda: self._proposed(now))
        seen = [
            move
            for move in found
            if self._sees(principal, move.agent)
            and (principal.queues is None or {move.from_queue, move.to_queue} <= set(principal.queues))
        ]
        return {"at": now, "moves": [_move(move) for move in seen]}

    def today(self, principal: Principal) -> Tree:
        """Every break of the business day, of those in sight; of oneself for everybody else."""
        found = self._engine.breaks_today(self._clock.now())
        seen = {
            id: told
            for id, told in found.items()
            if principal.agent == told["agent"]
            or (principal.role in SEE and self._sees(principal, AgentId(str(told["agent"]))))
        }
        return {"at": self._clock.now(), "breaks": seen}

    # ── answers ──

    def _of(self, item: Break, now: float, principal: Principal) -> Tree:
        others = of_desk(self._engine.breaks.open(), now, item.id)
        key = f"{item.id}@{item.lasts}"
        effect = self._fresh(
            f"effect {key}", now, lambda: self._engine.break_effect([item.agent], item.lasts, now, others)
        )
        slots = self._fresh(
            f"slots {key}", now, lambda: self._engine.break_slots(item.agent, item.lasts, now, others)
        )
        stands = against(self._engine, wish_of(item), now, effect)
        told: Tree = {"effect": _effect(effect, principal), "slots": _slots(slots, principal)}
        return told | {"against": [obstacle_told(each) for each in stands]} if stands else told

    def _room(self, principal: Principal, now: float) -> Tree:
        """By scope, as `break_desk.scopes` names them."""
        found: Tree = {}
        limits = {(limit.kind, limit.id): None for limit in (BreakLimit(), *self._engine.break_policy.limits)}
        for kind, id in limits:
            if kind == "team" and principal.teams is not None and id not in principal.teams:
                continue
            if kind != "team" and not (principal.queues is None and principal.teams is None):
                continue
            key = kind if kind == "floor" else f"{kind}:{id}"
            found[key] = self._fresh(f"room {key}", now, lambda kind=kind, id=id: self._many(kind, id, now))  # type: ignore[misc]
        return found

    def _many(self, kind: str, id: str, now: float) -> Tree:
        room = self._engine.may_leave(Scope(SCOPES[kind], id), now, of_desk(self._engine.breaks.open(), now))
        told: Tree = {"many": room.many, "of": room.of, "queue": room.queue, "why": room.why}
        return {key: value for key, value in told.items() if value is not None and value != ""}

    def _proposed(self, now: float) -> Sequence[Move]:
        going = of_desk(self._engine.breaks.open(), now)
        self._last = self._engine.moves(now, going, last=self._last)
        return self._last

    def _fresh(self, key: str, now: float, make: Callable[[], Kept]) -> Kept:
        good = GOOD_FOR * self._clock.rate
        known = self._known.get(key)
        if known is None or not 0 <= now - known[0] < good:
            self._known = {name: kept for name, kept in self._known.items() if 0 <= now - kept[0] < good}
            known = self._known[key] = now, make()
        return known[1]  # type: ignore[return-value]

    # ── sight ──

    def _waiting(self, principal: Principal) -> list[Break]:
        return [
            item
            for item in self._engine.breaks.open()
            if item.state in WAITING and self._sees(principal, item.agent)
        ]

    def _sees(self, principal: Principal, agent: AgentId) -> bool:
        if not may_see(self._engine, principal, agent):
            return False
        posts = self._engine.memberships(agent) or ()
        return principal.queues is None or any(post.queue in principal.queues for post in posts)

    @staticmethod
    def _decides(principal: Principal) -> None:
        if principal.role not in DECIDE:
            raise Forbidden(f"The role {principal.role} decides on no breaks.")


def _effect(effect: Effect, principal: Principal) -> Tree:
    queues = [each for each in effect.queues if _in_sight(principal, each.queue)]
    worst = effect.worst
    told: Tree = {
        "seconds": effect.seconds,
        "queues": [_queue(each) for each in queues],
        "worst": worst.queue if worst is not None and _in_sight(principal, worst.queue) else None,
        "why": effect.why or ("too_little_data" if queues and worst is None else ""),
        "idle": bool(effect.idle) or None,
        "leaving": bool(effect.leaving) or None,
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}


def _queue(each: QueueEffect) -> Tree:
    told: Tree = {
        "queue": each.queue,
        "target": each.basis.target,
        "before": _side(each.before),
        "after": _side(each.after),
        "calls": each.basis.rate_n,
        "waiting": each.basis.waiting,
    }
    if each.basis.need is not None:
        told["need"] = each.basis.need
    return told


def _side(side: Side) -> Tree:
    told: Tree = {"heads": side.heads}
    if side.level is not None:
        told["level"] = {str(minutes): list(band) for minutes, band in side.level.items()}
    if side.longest is not None:
        told["longest"] = {str(minutes): _reach(reach) for minutes, reach in side.longest.items()}
    if side.gap is not None:
        told["gap"] = side.gap
    return told | {"why": side.why} if side.why else told


def _reach(reach: Reach) -> list[float]:
    return [reach.low, reach.middle, reach.high]


def _slots(slots: Slots, principal: Principal) -> Tree:
    told: Tree = {
        "slots": [
            {
                key: value
                for key, value in (
                    ("start", slot.start),
                    ("queue", slot.queue if slot.queue and _in_sight(principal, slot.queue) else None),
                    ("level", slot.level),
                    ("before", slot.before),
                    ("floor", slot.floor if principal.queues is None else None),
                )
                if value is not None
            }
            for slot in slots.slots
        ]
    }
    if slots.best is not None:
        told["best"] = slots.best.start
    return told | {"why": slots.why} if slots.why else told


def _move(move: Move) -> Tree:
    return {
        "agent": move.agent,
        "from": move.from_queue,
        "to": move.to_queue,
        "ready": move.ready,
        "joins": move.joins,
        "reason": move.reason,
        "from_before": list(move.from_before),
        "from_after": list(move.from_after),
        "to_before": list(move.to_before),
        "to_after": list(move.to_after),
    }


def _in_sight(principal: Principal, queue: QueueId) -> bool:
    return principal.queues is None or queue in principal.queues
