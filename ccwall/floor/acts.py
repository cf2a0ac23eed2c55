"""What people do at the desk: who may do what, in which words, and the facts that come of it.

    do ──▶ may this role? ──▶ are the words right? ──▶ does the floor allow it now? ──▶ facts ──▶ journal ──▶ answer

An act is checked against the state of this very moment, in one step with taking its facts in: of two leads who press at
once the first one acts, and the second is told who was faster (`NotNow`). Nothing is answered before it is recorded.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ccwall.access.tries import Tries
from ccwall.clock import Clock
from ccwall.events import AnyEvent, Envelope, Principal, Role, SourceId
from ccwall.floor.codes import Codes, key_in
from ccwall.floor.commands import COMMIT_WITHIN, Ledger, Take
from ccwall.floor.wish import Forbidden, Mistaken, NotRecording, TooMany

if TYPE_CHECKING:
    from ccwall.engine import Engine
    from ccwall.floor.commands import Commands

BURST, SECONDS_EACH = 30, 0.5
"""A person may act this often at once, and then so many real seconds apart."""
LEADS: frozenset[Role] = frozenset({"manager", "operations", "supervisor", "lead"})
EVERYBODY: frozenset[Role] = LEADS | {"quality", "complaints", "agent"}

Tree = dict[str, object]


class Bench:
    """What an act may look at, and the one way to do something: `take`. ``now`` is the floor's."""

    def __init__(
        self,
        engine: "Engine",
        take: Take,
        clock: Clock,
        *,
        house: SourceId,
        ids: Callable[[], str],
        commands: "Commands | None" = None,
        codes: Codes | None = None,
    ) -> None:
        self.engine, self.clock, self.house, self.commands = engine, clock, house, commands
        self._take, self._ids = take, ids
        self.codes = codes or Codes(lambda: key_in(None))
        self.seq = 0
        """of the last fact that an act took in"""

    @property
    def now(self) -> float:
        return self.clock.now()

    def fresh(self) -> str:
        """An id that nobody had before."""
        return self._ids()

    def take(self, principal: Principal | None, *facts: AnyEvent) -> Sequence[Envelope]:
        """It is so from here on. ``principal`` None: the house itself did it, by a rule."""
        taken = self._take(self.house, facts, self.now, principal)
        self.seq = taken[-1].seq
        return taken


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be done. ``takes`` is the Struct of its arguments; ``do`` raises an `Objection`, and then nothing
    has happened, or gives what the page needs to know (the id of what was made)."""

    name: str
    takes: type[msgspec.Struct]
    may: frozenset[Role]
    do: Callable[[Bench, Principal, Any], Tree]


class Acts:
    """All acts by name. ``ledger`` None: no journal is configured."""

    def __init__(self, bench: Bench, acts: Sequence[Act], ledger: Ledger | None = None) -> None:
        self.bench, self.ledger = bench, ledger
        self.known: Mapping[str, Act] = {act.name: act for act in acts}
        self._tries = Tries(BURST, SECONDS_EACH * bench.clock.rate)

    def may(self, principal: Principal) -> list[str]:
        """What this person's role may do at all."""
        return sorted(name for name, act in self.known.items() if principal.role in act.may)

    async def do(self, principal: Principal, name: str, arguments: Mapping[str, object]) -> Tree:
        """Do it, and answer when it is recorded. Raises an `Objection`; after `NotRecording` it may have happened."""
        act = self.known.get(name)
        if act is None:
            raise Mistaken("name", f"must be one of {', '.join(sorted(self.known))}")
        if principal.role not in act.may:
            raise Forbidden(f"The role {principal.role} may not do this.")
        self._not_too_often(principal)
        if self.ledger is not None and self.ledger.status().state != "on":
            raise NotRecording("ccwall is not recording, and what cannot be recorded is not done.")
        try:
            asked = msgspec.convert(dict(arguments), act.takes, strict=True)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at ")
            raise Mistaken("arguments" + where.strip("`").removeprefix("$"), what) from error
        before = self.bench.seq
        answer = act.do(self.bench, principal, asked)
        if self.bench.seq != before:
            await self._recorded(self.bench.seq)
        return answer

    async def recorded(self) -> None:
        """When what was done last is in the journal; NotRecording when it is not in time."""
        await self._recorded(self.bench.seq)

    def _not_too_often(self, principal: Principal) -> None:
        now = self.bench.now
        if (wait := self._tries.wait(principal.id, now) / self.bench.clock.rate) > 0:
            raise TooMany("Too many acts came from you at once.", wait)
        self._tries.failed(principal.id, now)

    async def _recorded(self, seq: int) -> None:
        if self.ledger is None:
            return
        clock = self.bench.clock
        parts = [
            asyncio.ensure_future(self.ledger.wait(seq)),
            asyncio.ensure_future(clock.sleep(COMMIT_WITHIN * clock.rate)),
        ]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            if not parts[0].done() or parts[0].exception() is not None:
                raise NotRecording("It was done, but could not be recorded in time: look at the health page.")
        finally:
            for part in parts:
                part.cancel()
