"""A break desk with everything around it in the test's own hands: acts, the watcher, commands, the disk, the clock."""

from collections.abc import Sequence
from itertools import count

from ccwall import events
from ccwall.config import HOUSE
from ccwall.engine.desk.breaks import Break
from ccwall.events import AgentId, AnyEvent, BreakId, BreakPolicy, Envelope, Policy, Principal
from ccwall.floor.acts import Acts, Bench, Tree
from ccwall.floor.breaks import BreakWatch
from ccwall.floor.desk import ACTS
from tests.floor.desk import ANNA, OLEG, OTHER, PBX, WANG, Desk, Disk, Q, joined

SONG = Principal(id="song", role="lead", name="Song Jia", teams=("red",))
LIN = Principal(id="lin", role="lead", name="Lin Yue", teams=("red",))
FAR_LEAD = Principal(id="far", role="lead", teams=("blue",))
HERSELF = Principal(id="anna", role="agent", teams=("red",), agent=ANNA)
IDS = count()
"""Of all desks: nobody may have had an id before."""
NO_LIMIT = BreakPolicy(limits=())


class BreakDesk(Desk):
    """Anna (red) serves two queues at pbx1; Oleg one at each PBX. ``watch`` looks when it is told to."""

    def __init__(
        self,
        disk: Disk | None = None,
        journal: list[Envelope] | None = None,
        policy: BreakPolicy = NO_LIMIT,
    ) -> None:
        super().__init__(disk, journal)
        self.policy = policy
        bench = Bench(
            self.engine,
            self.intake.take,
            self.clock,
            house=HOUSE,
            ids=lambda: f"b{next(IDS)}",
            commands=self.commands,
        )
        self.acts = Acts(bench, ACTS, None)
        self.watch = BreakWatch(self.engine, self._by_house, self.clock, self.commands)

    def _by_house(self, facts: Sequence[AnyEvent], actor: Principal | None) -> None:
        self.intake.take(HOUSE, list(facts), self.clock.now(), actor)

    def open(self) -> "BreakDesk":
        super().open()
        cards = {
            ANNA: events.AgentCard(team="red", acd=True),
            OLEG: events.AgentCard(team="blue", acd=True),
            WANG: events.AgentCard(team="blue", acd=True),
        }
        now = self.clock.now()
        policy = Policy(agents=cards, breaks=self.policy)
        self.say(events.ConfigApplied(at=now, hash="", policy=policy), source=HOUSE)
        return self

    async def do(self, who: Principal, name: str, **arguments: object) -> Tree:
        return await self.acts.do(who, name, arguments)

    async def asked(self, kind: str = "short", who: Principal = HERSELF, **more: object) -> str:
        told = await self.do(who, "break.request", kind=kind, **more)
        return str(told["break_id"])

    def item(self, id: str) -> Break:
        return self.engine.breaks.items[BreakId(id)]

    def stage(self, id: str) -> str:
        return self.item(id).state

    async def later(self, seconds: float = 1.0) -> None:
        """Time passes, and the house looks."""
        await self.clock.advance(seconds)
        self.watch.look(self.clock.now())

    async def leaves(self, agent: AgentId = ANNA, reason: str = "short") -> None:
        """Not ready at the PBX, in every queue."""
        for source in sorted({post.source for post in self.engine.memberships(agent) or ()}):
            self.say(events.AgentNotReady(at=self.clock.now(), agent=agent, reason=reason), source=source)
        await self.later()

    async def returns(self, agent: AgentId = ANNA) -> None:
        for source in sorted({post.source for post in self.engine.memberships(agent) or ()}):
            self.say(events.AgentReady(at=self.clock.now(), agent=agent), source=source)
        await self.later()

    def handed(self) -> list[tuple[str, str, str]]:
        """What left for the PBXes: name, whom, reason."""
        return [
            (wish.name, wish.target, wish.reason)
            for source in self.sources.values()
            for wish in source.handed
        ]

    def told(self, kind: type[AnyEvent]) -> list[AnyEvent]:
        return [e.event for e in self.journal if isinstance(e.event, kind)]


__all__ = ["ANNA", "HERSELF", "LIN", "OLEG", "OTHER", "PBX", "SONG", "BreakDesk", "Disk", "Q", "joined"]
