"""The house watches breaks: they begin and end by what the floor itself says, and what was promised for later comes true.

`look` is all that is to be decided, from the state and the time alone: looked at twice, the same state gives nothing the second
time, because every fact it says is in the state by then. So nothing is remembered here, and a restart forgets nothing.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.clock import Clock
from ccwall.engine.advice import Effect, of_desk
from ccwall.engine.desk.breaks import Break, Breaks
from ccwall.engine.desk.limits import Obstacle
from ccwall.engine.desk.presence import Presence
from ccwall.events import (
    AgentId,
    AnyEvent,
    BreakBegan,
    BreakCarriedOut,
    BreakEnded,
    BreakGranted,
    BreakId,
    BreakPolicy,
    BreakRequested,
    BreakWithdrawn,
    CommandId,
    Principal,
    QueueId,
)
from ccwall.floor.carrying import pause
from ccwall.floor.watching import Take, watch

if TYPE_CHECKING:
    from ccwall.engine import Engine
    from ccwall.engine.desk.who import Who
    from ccwall.floor.commands import Commands

ASK_AGAIN = 15.0
"""Real seconds after which the forecast is asked again whether a wish may be granted by the house."""
PBX_AWAY = 30.0
"""Seconds for which a promise waits for a PBX that is away, so that it can be carried out there; then they may leave without."""
BUTTON = "break"
PRESSED_LATELY = 120.0
"""Seconds for which a press asks: one that was heard right before a crash is a wish, and one of long ago is forgotten."""
ALIKE = 0.005
"""of service level: what costs less costs nothing"""


# ── what the state says ────────────────────────────────────────────────────────────────────────────────────────────


def look(engine: "Engine", now: float) -> list[AnyEvent]:
    """What has come about; without the grants of `automatic`, which ask the forecast."""
    policy, desk = engine.break_policy, engine.breaks
    wanted, running = _by_agent(desk)
    found: list[AnyEvent] = []
    present = engine.presences(now)
    for agent, seen in present.items():
        if not seen.blind:
            own = wanted.get(agent), running.get(agent)
            found.extend(_of_one(policy, desk, agent, seen, own, now))
    lost = (item for each in (wanted, running) for agent, item in each.items() if agent not in present)
    found.extend(fact for item in lost for fact in _of_nobody(engine, item, now))
    done = {getattr(fact, "break_id", None) for fact in found}
    leaving = {agent for agent, seen in present.items() if seen.leaving}  # when the call in hand is over
    blind = {agent for agent, seen in present.items() if seen.blind}
    waiting = (
        item
        for item in wanted.values()
        if item.id not in done and not (item.state == "granted" and item.agent in leaving)
    )
    found.extend(fact for item in waiting for fact in _by_time(policy, item, now, blind=item.agent in blind))
    found.extend(_pressed(engine, now))
    return found


def due(engine: "Engine", now: float) -> list[Break]:
    """Granted ahead by somebody, whose time has come, for whom nothing was sent yet: to be carried out, as soon as the PBX is heard."""
    if not engine.break_policy.carry_out:
        return []
    found = [
        item
        for item in engine.breaks.open()
        if item.state == "granted"
        and item.by is not None
        and not item.errands
        and item.begins is not None
        and (item.decided or 0.0) < item.begins <= now
    ]
    present = engine.presences(now) if found else {}
    return [item for item in found if (seen := present.get(item.agent)) is not None and not seen.blind]


def _of_nobody(engine: "Engine", item: Break, now: float) -> Iterator[AnyEvent]:
    """The floor has no such person any more."""
    if engine.memberships(item.agent) is None:
        if item.state == "running":
            yield BreakEnded(at=now, break_id=item.id, how="unknown")
        else:
            yield BreakWithdrawn(at=now, break_id=item.id)


def _pressed(engine: "Engine", now: float) -> Iterator[BreakRequested]:
    """A button is a wish, unless there was one, or a break, at or after the press."""
    policy, items = engine.break_policy, engine.breaks.items
    card = policy.known.get(policy.button)
    asked: set[AgentId] = set()
    for press in engine.desk.presses:
        agent = press.agent
        if press.button != BUTTON or card is None or agent is None or agent in asked:
            continue
        if now - press.at >= PRESSED_LATELY or engine.is_off(agent):
            continue
        mine = (item for item in items.values() if item.agent == agent)
        if not any(item.ended is None or item.ended >= press.at for item in mine):
            asked.add(agent)
            id = _id(agent, press.at, BUTTON)
            yield BreakRequested(
                at=press.at, break_id=id, agent=agent, kind=policy.button, lasts=card.lasts, via="button"
            )


def _by_agent(desk: Breaks) -> tuple[dict[AgentId, Break], dict[AgentId, Break]]:
    wanted: dict[AgentId, Break] = {}
    running: dict[AgentId, Break] = {}
    for item in desk.open():
        (running if item.state == "running" else wanted).setdefault(item.agent, item)
    return wanted, running


def _of_one(
    policy: BreakPolicy,
    desk: Breaks,
    agent: AgentId,
    seen: Presence,
    own: tuple[Break | None, Break | None],
    now: float,
) -> Iterator[AnyEvent]:
    wanted, running = own
    if running is not None:
        if seen.where == "away" and _is_same(policy, seen, running.kind):
            return
        if seen.where == "gone" and _is_about(seen, running):
            return
        yield BreakEnded(at=max(seen.since, running.began or 0.0), break_id=running.id, how=_how(seen))
    if seen.where == "off" and wanted is not None:
        yield BreakWithdrawn(at=seen.since, break_id=wanted.id)
    elif seen.where == "gone" and wanted is not None and wanted.state == "granted":
        yield _began(wanted, max(seen.since, wanted.decided or 0.0))
    elif seen.where == "away":
        yield from _left(policy, desk, agent, seen, wanted, now)
    elif seen.where == "asks" and wanted is None:
        id = _id(agent, seen.since, "asks")
        if id not in desk.items:
            card = policy.known[seen.kind]
            yield BreakRequested(
                at=seen.since, break_id=id, agent=agent, kind=seen.kind, lasts=card.lasts, via="reason"
            )


def _left(
    policy: BreakPolicy, desk: Breaks, agent: AgentId, seen: Presence, wanted: Break | None, now: float
) -> Iterator[AnyEvent]:
    """Not ready, and no break of that is known yet."""
    if wanted is not None and _is_same(policy, seen, wanted.kind):
        at = max(seen.since, wanted.requested)
        if wanted.state == "granted":
            yield _began(wanted, max(at, wanted.decided or 0.0) if seen.since < wanted.requested else at)
        else:
            yield _began(wanted, at, asked=False)
        return
    id, card = _id(agent, seen.since, seen.kind), policy.known.get(seen.kind)
    if card is not None and id not in desk.items and now - seen.since >= card.grace:
        yield BreakBegan(
            at=seen.since,
            break_id=id,
            agent=agent,
            kind=seen.kind,
            lasts=card.lasts,
            asked=not card.asked,
            reason=seen.reason,
        )


def _began(item: Break, at: float, *, asked: bool = True) -> BreakBegan:
    return BreakBegan(
        at=at, break_id=item.id, agent=item.agent, kind=item.kind, lasts=item.lasts, asked=asked
    )


def _is_same(policy: BreakPolicy, seen: Presence, kind: str) -> bool:
    """A reason that says no more than away may be any kind; so may one that shows as the kind does."""
    own, other = policy.known.get(seen.kind), policy.known.get(kind)
    if seen.kind in ("", kind) or own is None or own.state == "away":
        return True
    return other is not None and other.state == own.state


def _is_about(seen: Presence, running: Break) -> bool:
    """Whether it was the senses that began it, or they go on from it."""
    return running.began is not None and seen.since <= running.began


def _how(seen: Presence) -> Literal["back", "logged_off", "unknown"]:
    if seen.where == "off":
        return "logged_off"
    return "unknown" if seen.lost else "back"


def _by_time(policy: BreakPolicy, item: Break, now: float, *, blind: bool) -> Iterator[AnyEvent]:
    waits = PBX_AWAY if blind and policy.carry_out else 0.0
    if item.state == "postponed" and item.begins is not None and item.begins + waits <= now:
        yield BreakGranted(
            at=item.begins, break_id=item.id, begins=item.begins, lasts=item.lasts, automatic=True
        )
    if item.state == "granted" and item.begins is not None:
        expires = max(item.begins, item.decided or 0.0) + policy.unused
        if expires <= now:
            yield BreakEnded(at=expires, break_id=item.id, how="unused")


def _id(agent: AgentId, since: float, what: str) -> BreakId:
    """The same absence has the same name whenever it is looked at."""
    key = f"{agent}\0{since:.3f}\0{what}".encode("utf-8", "surrogatepass")
    return BreakId(blake2b(key, digest_size=6).hexdigest())


# ── what the forecast allows ───────────────────────────────────────────────────────────────────────────────────────


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants, or what would be granted to them; ``id``: of a break that is known."""

    agent: AgentId
    kind: str
    lasts: float
    begins: float | None = None
    id: BreakId | None = None


def missed(effect: Effect) -> QueueId | None:
    """The first queue that would not keep its target, and would keep it better without this break."""
    return next(
        (
            each.queue
            for each in effect.queues
            if each.before.level is not None
            and each.after.level is not None
            and any(
                after[1] < min(each.basis.target, each.before.level[span][1] - ALIKE)
                for span, after in each.after.level.items()
            )
        ),
        None,
    )


def against(engine: "Engine", wish: Wish, now: float, effect: Effect | None = None) -> tuple[Obstacle, ...]:
    """What stands against it: cap, minimum, budget, and where no cap stands already, the cap as the load leaves it.

    ``effect``: of granting it now, when that is known."""
    found = engine.obstacles(wish.agent, wish.kind, wish.lasts, now, wish.begins)
    is_later = wish.begins is not None and wish.begins > now
    if is_later or not engine.break_policy.shrinks or any(each.what == "cap" for each in found):
        return found
    if effect is None:
        others = of_desk(engine.breaks.open(), now, wish.id)
        effect = engine.break_effect([wish.agent], wish.lasts, now, others)
    queue = missed(effect)
    load = None if queue is None else engine.shrunk(wish.agent, wish.kind, queue)
    return found if load is None else (*found, load)


def may_be_granted(engine: "Engine", item: Break, now: float) -> bool:
    """By the house: nothing is against it, and every queue that can be predicted keeps its target, or loses nothing."""
    if item.kind not in engine.break_policy.automatic or (item.begins is not None and item.begins > now):
        return False
    if engine.is_off(item.agent) or engine.obstacles(item.agent, item.kind, item.lasts, now):
        return False
    if not engine.break_policy.shrinks:
        return True
    effect = engine.break_effect([item.agent], item.lasts, now, of_desk(engine.breaks.open(), now, item.id))
    said = any(each.before.level is not None and each.after.level is not None for each in effect.queues)
    return said and missed(effect) is None


# ── the job ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Again:
    """Of the same things, looked at again and again, those that were not tried for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._tried = seconds, dict[BreakId, float]()

    def of(self, items: Sequence[Break], now: float) -> list[Break]:
        tried = {item.id: self._tried[item.id] for item in items if item.id in self._tried}
        found = [item for item in items if now - tried.get(item.id, -self._seconds) >= self._seconds]
        self._tried = tried | {item.id: now for item in found}
        return found


class BreakWatch:
    """`take` is the door of the house for its own facts."""

    def __init__(
        self, engine: "Engine", take: Take, clock: Clock, commands: "Commands | None" = None
    ) -> None:
        self._engine, self._take, self._clock, self._commands = engine, take, clock, commands
        again = ASK_AGAIN * clock.rate
        self._to_send, self._to_grant = _Again(again), _Again(again)

    async def run(self) -> None:
        await watch(self._engine, self._clock, self.look)

    def look(self, now: float) -> None:
        for fact in look(self._engine, now):
            self._take(self._carried_out(fact) if isinstance(fact, BreakGranted) else [fact], None)
        self._send_those_due(now)
        self._grant_by_rule(now)

    def _send_those_due(self, now: float) -> None:
        """What was granted for this moment is carried out on behalf of who granted it."""
        for item in self._to_send.of(due(self._engine, now), now):
            commands = self._paused(item, item.begins or now)
            if commands:
                self._take(
                    [BreakCarriedOut(at=now, break_id=item.id, command=each) for each in commands], None
                )

    def _grant_by_rule(self, now: float) -> None:
        waiting = [item for item in self._engine.breaks.open() if item.state == "requested"]
        for item in self._to_grant.of(waiting, now):
            if may_be_granted(self._engine, item, now):
                granted = BreakGranted(at=now, break_id=item.id, begins=now, lasts=item.lasts, automatic=True)
                self._take([granted], None)

    def _carried_out(self, fact: BreakGranted) -> list[AnyEvent]:
        """What somebody promised for this moment is carried out on behalf of them."""
        item = self._engine.breaks.items.get(fact.break_id)
        commands = () if item is None else self._paused(item, fact.begins)
        if not commands:
            return [fact]
        rest = [BreakCarriedOut(at=fact.at, break_id=fact.break_id, command=each) for each in commands[1:]]
        return [msgspec.structs.replace(fact, command=commands[0]), *rest]

    def _paused(self, item: Break, since: float) -> tuple[CommandId, ...]:
        """On behalf of who said the last word on it; a pause asked for since then is this one."""
        if item.by is None or not self._engine.break_policy.carry_out:
            return ()
        who = _principal(item.by)
        return pause(self._engine, self._commands, who, item.agent, item.kind, since).commands


def _principal(who: "Who") -> Principal:
    """As whom a promise was made; what they may see was looked at then."""
    return msgspec.convert({"id": who.id, "role": who.role, "name": who.name}, Principal)
