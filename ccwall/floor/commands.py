"""Commands from people: taken, recorded, handed to their source once, and followed to their end.

    request ──▶ CommandRequested ──▶ journal commits ──▶ outbox ──▶ supervisor.command ──▶ the source's own facts
                     │                    │ does not in time, or stops: CommandRefused, nothing was sent
                     └── ccwall dies anywhere here: CommandUnknown at the next start, never handed over again

*Unknown* is settled by looking: after the next resync the state of the floor says whether it happened. Without a
journal in the configuration (the demo) nothing is to be waited for; with one that has stopped, nothing is commanded.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from ccwall.access.tries import Tries
from ccwall.clock import Clock
from ccwall.events import (
    AgentId,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    AnyEvent,
    CommandConfirmed,
    CommandId,
    CommandRefused,
    CommandRequested,
    CommandUnknown,
    Envelope,
    Principal,
    SourceDown,
    SourceId,
    SourceResyncFinished,
)
from ccwall.floor.wish import (
    MAY_COMMAND,
    Forbidden,
    Interfaces,
    NotNow,
    NotRecording,
    NotThere,
    TooMany,
    consider,
    may_see,
)

if TYPE_CHECKING:
    from ccwall.engine import Command, Engine

OPEN_EACH = 10
"""Commands without an end that one person may have."""
OUTBOX = 100
"""Commands of all people that wait for the disk."""
BURST, SECONDS_EACH = 20, 1.0
"""A person may command this often at once, and then so many real seconds apart."""
COMMIT_WITHIN = 10.0
"""Real seconds. A disk slower than this does not record; what is not recorded is not done."""
END_WITHIN = 30.0
"""Real seconds after which a command is unknown whatever its source says; sources have shorter limits of their own."""
NOT_RECORDED = "ccwall could not record it in time, so it was not done. Mend the recording (see the health page), then ask again."
LOOK_EVERY = 1.0
LISTED = 100

_FLOOR_TOLD = frozenset({AgentReady, AgentNotReady, AgentMembershipChanged, SourceResyncFinished})

Record = dict[str, object]


class Recording(Protocol):
    @property
    def state(self) -> str:
        """`on`, or something else."""
        ...


class Ledger(Protocol):
    """The journal, as far as a command must know it."""

    def status(self) -> Recording: ...
    async def wait(self, seq: int) -> object:
        """Return when this envelope is on the disk."""
        ...


class Outlet(Protocol):
    """A source that does things: its supervisor. ``obeys``: not when it only tells."""

    @property
    def obeys(self) -> bool: ...
    def command(self, wish: CommandRequested) -> None: ...


class Take(Protocol):
    """The door of the house, `ccwall.intake.Intake.take`."""

    def __call__(
        self, source: SourceId, events: Sequence[AnyEvent], received: float, actor: Principal | None = None
    ) -> list[Envelope]: ...


class _Waiting(msgspec.Struct, frozen=True):
    seq: int
    wish: CommandRequested
    source: SourceId


class Commands:
    """`house` is the name under which ccwall itself speaks; `outlet` gives the supervisor of a source, None when it has none.

    `ids` must give an id that nobody can have had before. `ledger` None: no journal is configured.
    """

    def __init__(
        self,
        engine: "Engine",
        take: Take,
        clock: Clock,
        *,
        house: SourceId,
        outlet: Callable[[SourceId], Outlet | None],
        ids: Callable[[], str],
        interfaces: Interfaces = lambda agent, source: (),
        ledger: Ledger | None = None,
    ) -> None:
        self.ledger = ledger
        self._engine, self._take, self._clock, self._house = engine, take, clock, house
        self._outlet, self._ids, self._interfaces = outlet, ids, interfaces
        self._outbox: deque[_Waiting] = deque()
        self._bell = asyncio.Event()
        self._unsure: set[CommandId] = set()
        self._tries = Tries(BURST, SECONDS_EACH * clock.rate)

    # ── people ask ──

    def request(
        self, principal: Principal, name: str, target: str, arguments: Mapping[str, str], reason: str
    ) -> Record:
        """Take a wish in; it is on its way when this returns. Raises an Objection, and then nothing has happened."""
        now = self._clock.now()
        self._not_too_often(principal, now)
        filled = consider(self._engine, self._interfaces, principal, name, target, arguments, reason)
        self._possible(principal, SourceId(filled["source"]))
        wish = CommandRequested(
            at=now, command_id=self._fresh(), name=name, target=target, arguments=filled, reason=reason
        )
        (envelope,) = self._take(self._house, [wish], now, principal)
        self._outbox.append(_Waiting(envelope.seq, wish, SourceId(filled["source"])))
        self._bell.set()
        return {"command_id": wish.command_id, "state": "requested"}

    def recent(self, principal: Principal) -> list[Record]:
        """Today's latest commands that this person may see, newest first."""
        self._may(principal)
        seen = [c for c in self._engine.commands() if self._sees(principal, c)]
        return [card(command) for command in reversed(seen[-LISTED:])]

    def one(self, principal: Principal, id: str) -> Record:
        """How it stands with one command; raises NotThere."""
        self._may(principal)
        command = self._engine.command(CommandId(id))
        if command is None or not self._sees(principal, command):
            raise NotThere(f"There is no command {id!r} of today.")
        return card(command)

    # ── the house tells ──

    def recover(self) -> None:
        """Once, at the start: of what was under way when ccwall stopped, nobody can say whether it happened."""
        commands = list(self._engine.commands())
        self._unsure.update(c.id for c in commands if c.state == "unknown")
        self._unknown(c for c in commands if c.is_open)

    def heard(self, source: SourceId, events: Sequence[AnyEvent]) -> None:
        """After every batch of facts, when the engine has them."""
        kinds = {type(event) for event in events}
        if CommandUnknown in kinds:
            self._unsure.update(event.command_id for event in events if isinstance(event, CommandUnknown))
        if SourceDown in kinds:
            self._unknown(c for c in self._engine.commands() if c.state == "sent" and c.source == source)
        if self._unsure and not kinds.isdisjoint(_FLOOR_TOLD):
            self._look(source, complete=SourceResyncFinished in kinds)

    async def run(self) -> None:
        """The outbox, and the watch over what does not end."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send_out(), name="commands: outbox")
            group.create_task(self._watch(), name="commands: watch")

    # ── the way of one ──

    async def _send_out(self) -> None:
        while True:
            await self._bell.wait()
            while self._outbox:
                first = self._outbox[0]
                recorded = await self._recorded(first.seq, first.wish.at)
                self._outbox.popleft()  # from here on it cannot be handed over again
                if recorded:
                    self._hand_over(first)
                else:
                    self._refuse(first.wish, NOT_RECORDED)
            self._bell.clear()

    async def _recorded(self, seq: int, since: float) -> bool:
        if self.ledger is None:
            return True
        left = since + COMMIT_WITHIN * self._clock.rate - self._clock.now()
        parts = [
            asyncio.ensure_future(self.ledger.wait(seq)),
            asyncio.ensure_future(self._clock.sleep(left)),
        ]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            return parts[0].done() and parts[0].exception() is None
        finally:
            for part in parts:
                part.cancel()

    def _hand_over(self, waiting: _Waiting) -> None:
        command = self._engine.command(waiting.wish.command_id)
        if command is not None and command.state != "requested":
            return  # it has been given up meanwhile
        outlet = self._outlet(waiting.source)
        if outlet is None:
            self._refuse(waiting.wish, f"{waiting.source} is not a source that can be commanded")
        else:
            outlet.command(waiting.wish)

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(LOOK_EVERY * self._clock.rate)
            overdue = self._clock.now() - END_WITHIN * self._clock.rate
            self._unknown(
                c for c in self._engine.commands() if c.is_open and (c.sent or c.requested) <= overdue
            )

    def _look(self, source: SourceId, *, complete: bool) -> None:
        """What the floor says of the unknown ones. Only all of it (``complete``) can say that something did not happen."""
        now = self._clock.now()
        for id in sorted(self._unsure):
            command, seen = self._engine.command(id), self._engine.verdict(id)
            if command is None or command.state != "unknown":
                self._unsure.discard(id)
            elif command.source == source and seen is not None and (seen.done or complete):
                self._unsure.discard(id)
                told = f"Its answer was lost, and {command.target} {seen.detail}. Ask again if it is still wanted."
                event = (
                    CommandConfirmed(at=now, command_id=id, by="snapshot")
                    if seen.done
                    else CommandRefused(at=now, command_id=id, detail=told)
                )
                self._take(source, [event], now)

    def _unknown(self, commands: "Iterable[Command]") -> None:
        now = self._clock.now()
        for command in list(commands):
            self._take(command.source or self._house, [CommandUnknown(at=now, command_id=command.id)], now)
            self._unsure.add(command.id)

    def _refuse(self, wish: CommandRequested, why: str) -> None:
        now = self._clock.now()
        self._take(self._house, [CommandRefused(at=now, command_id=wish.command_id, detail=why)], now)

    # ── what must hold before ──

    def _not_too_often(self, principal: Principal, now: float) -> None:
        """Wrong wishes count as well as good ones."""
        if (wait := self._tries.wait(principal.id, now) / self._clock.rate) > 0:
            raise TooMany("Too many commands came from you at once.", wait)
        self._tries.failed(principal.id, now)

    def hindrance(self, source: SourceId) -> str:
        """Why nothing there can be commanded, for whoever asked; empty when it can."""
        outlet = self._outlet(source)
        if outlet is None:
            return f"{source} is a recording, or not configured any more: nobody there can be commanded."
        return "" if outlet.obeys else f"{source} only tells: nobody there can be commanded."

    def _possible(self, principal: Principal, source: SourceId) -> None:
        if self.ledger is not None and self.ledger.status().state != "on":
            raise NotRecording("ccwall is not recording, and what cannot be recorded is not done.")
        if hindrance := self.hindrance(source):
            raise NotNow(hindrance)
        mine = sum(
            c.is_open and c.actor is not None and c.actor.id == principal.id for c in self._engine.commands()
        )
        if mine >= OPEN_EACH:
            raise TooMany(f"{mine} of your commands have no end yet.", SECONDS_EACH)
        if len(self._outbox) >= OUTBOX:
            raise TooMany(f"{len(self._outbox)} commands already wait to be recorded.", COMMIT_WITHIN)

    def _fresh(self) -> CommandId:
        while self._engine.command(id := CommandId(self._ids())) is not None:
            pass
        return id

    def _may(self, principal: Principal) -> None:
        if principal.role not in MAY_COMMAND:
            raise Forbidden(f"The role {principal.role} may not see commands.")

    def _sees(self, principal: Principal, command: "Command") -> bool:
        """One's own, and those about one's own people in one's own queues."""
        if command.actor is not None and command.actor.id == principal.id:
            return True
        mine = principal.queues is None or command.arguments.get("queue") in principal.queues
        return mine and may_see(self._engine, principal, AgentId(command.target))


def card(command: "Command") -> Record:
    """A command as the web shows it; what has no value is absent."""
    told: Record = {
        "command_id": command.id,
        "name": command.name,
        "target": command.target,
        "arguments": command.arguments,
        "reason": command.reason,
        "state": command.state,
        "source": command.source,
        "requested": command.requested,
        "sent": command.sent,
        "ended": command.ended,
        "by": command.by,
        "detail": command.detail,
    }
    if command.actor is not None:
        told["actor"] = {"id": command.actor.id, "role": command.actor.role, "name": command.actor.name}
    return {key: value for key, value in told.items() if value is not None and value != ""}
