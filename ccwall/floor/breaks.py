"""The house watches breaks: they begin and end by what the floor itself says, and what was promised for later comes true.

`look` is all that is to be decided, from the state and the time alone: looked at twice, the same state gives nothing the second
time, because every fact it says is in the state by then. So nothing is remembered here, and a restart forgets nothing.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from ccwall.clock import Clock
from ccwall.engine.desk.breaks import Break, Breaks
from ccwall.engine.desk.presence import Presence
from ccwall.events import (
    AgentId,
    AnyEvent,
    BreakBegan,
    BreakEnded,
    BreakGranted,
    BreakId,
    BreakPolicy,
    BreakRequested,
    BreakWithdrawn,
)
from ccwall.floor.against import may_be_granted
from ccwall.floor.ahead import ASK_AGAIN, Again, Ahead
from ccwall.floor.watching import Take, watch

if TYPE_CHECKING:
    from ccwall.engine import Engine
    from ccwall.floor.commands import Commands

BUTTON = "break"
PRESSED_LATELY = 120.0
"""Seconds for which a press asks: one that was heard right before a crash is a wish, and one of long ago is forgotten."""


# ── what the state says ────────────────────────────────────────────────────────────────────────────────────────────


def look(engine: "Engine", now: float) -> list[AnyEvent]:
    """What has come about; without what asks the forecast: the grants of `automatic`, and what was said ahead."""
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
    waiting = (
        item
        for item in wanted.values()
        if item.id not in done and not (item.state == "granted" and item.agent in leaving)
    )
    found.extend(fact for item in waiting for fact in _by_time(policy, item, now))
    found.extend(_pressed(engine, now))
    return found


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
        if wanted.state in ("granted", "held"):  # what is held was granted: they were asked to wait, and went
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


def _by_time(policy: BreakPolicy, item: Break, now: float) -> Iterator[BreakEnded]:
    """Nobody used it in time, or it could not come true while nobody watched: its place is free again."""
    if item.expires is not None and item.expires + policy.unused <= now:
        yield BreakEnded(at=item.expires + policy.unused, break_id=item.id, how="unused")


def _id(agent: AgentId, since: float, what: str) -> BreakId:
    """The same absence has the same name whenever it is looked at."""
    key = f"{agent}\0{since:.3f}\0{what}".encode("utf-8", "surrogatepass")
    return BreakId(blake2b(key, digest_size=6).hexdigest())


# ── the job ────────────────────────────────────────────────────────────────────────────────────────────────────────


class BreakWatch:
    """`take` is the door of the house for its own facts."""

    def __init__(
        self, engine: "Engine", take: Take, clock: Clock, commands: "Commands | None" = None
    ) -> None:
        self._engine, self._take, self._clock = engine, take, clock
        again = ASK_AGAIN * clock.rate
        self._ahead, self._to_grant = Ahead(engine, take, commands, again), Again(again)

    async def run(self) -> None:
        await watch(self._engine, self._clock, self.look)

    def look(self, now: float) -> None:
        for fact in look(self._engine, now):
            self._take([fact], None)
        self._ahead.look(now)
        self._grant_by_rule(now)

    def _grant_by_rule(self, now: float) -> None:
        waiting = [item for item in self._engine.breaks.open() if item.state == "requested"]
        for item in self._to_grant.of(waiting, now):
            if may_be_granted(self._engine, item, now):
                granted = BreakGranted(at=now, break_id=item.id, begins=now, lasts=item.lasts, automatic=True)
                self._take([granted], None)
