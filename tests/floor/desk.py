"""A desk for commands with everything around it in the test's own hands: the disk, the source, the clock."""

import asyncio
from itertools import count

from ccwall import events
from ccwall.clock import ManualClock
from ccwall.config import HOUSE
from ccwall.engine import Engine
from ccwall.events import AgentId, AnyEvent, CommandRequested, Envelope, Policy, Principal, QueueId, SourceId
from ccwall.floor.commands import Commands
from ccwall.intake import Intake

PBX, OTHER = SourceId("pbx1"), SourceId("pbx2")
Q, PROMO, FAR = QueueId("pbx1/consult"), QueueId("pbx1/promo"), QueueId("pbx2/consult")
ANNA, OLEG, WANG = AgentId("anna"), AgentId("oleg"), AgentId("wang")
NUMBERS = count()
"""Of all desks: an id must not come again when a crash lost the command that had it."""
CHEN = Principal(id="chen", role="manager", name="陈")


class Disk:
    """A journal that commits when the test says so."""

    def __init__(self) -> None:
        self.state = "on"
        self.committed = 0
        self._changed = asyncio.Event()

    def status(self) -> "Disk":
        return self

    async def wait(self, seq: int) -> None:
        while self.committed < seq:
            await self._changed.wait()

    def commit(self, seq: int) -> None:
        self.committed = max(self.committed, seq)
        self._changed.set()
        self._changed = asyncio.Event()


class Source:
    """A supervisor that notes what it is handed, and says it is sent."""

    def __init__(self, desk: "Desk", name: SourceId) -> None:
        self.handed: list[CommandRequested] = []
        self.says_sent = self.obeys = True
        self._desk, self._name = desk, name

    def command(self, wish: CommandRequested) -> None:
        self.handed.append(wish)
        if self.says_sent:
            self._desk.say(
                events.CommandSent(at=self._desk.clock.now(), command_id=wish.command_id), source=self._name
            )


class Desk:
    """A house of nothing but commands. `journal` is what was taken in; give it to a new desk to start again."""

    def __init__(self, disk: Disk | None = None, journal: list[Envelope] | None = None) -> None:
        self.clock = ManualClock()
        self.engine, self.disk = Engine(), disk
        self.journal: list[Envelope] = []
        for envelope in journal or []:
            self._append(envelope)
        self.intake = Intake(events.SiteId("site"), self._append, after=len(self.journal))
        self.sources = {name: Source(self, name) for name in (PBX, OTHER)}
        self.commands = Commands(
            self.engine,
            self.intake.take,
            self.clock,
            house=HOUSE,
            outlet=self.sources.get,
            ids=lambda: f"id{next(NUMBERS)}",
            interfaces=lambda agent, source: ["PJSIP/1003"] if agent == WANG else [],
            ledger=disk,
        )
        self.tasks: list[asyncio.Task[None]] = []

    def _append(self, envelope: Envelope) -> None:
        self.journal.append(envelope)
        self.engine.apply(envelope)

    def say(self, *facts: AnyEvent, source: SourceId = PBX) -> None:
        """As the house takes the facts of a source in."""
        self.intake.take(source, facts, self.clock.now())
        self.commands.heard(source, facts)

    def open(self) -> "Desk":
        """Anna serves two queues, Oleg one on each PBX, Wang is signed in to none."""
        now = self.clock.now()
        teams = {ANNA: events.AgentCard(team="red"), WANG: events.AgentCard(team="blue")}
        self.say(events.ConfigApplied(at=now, hash="", policy=Policy(agents=teams)), source=HOUSE)
        self.say(*(joined(ANNA, queue, now) for queue in (Q, PROMO)), joined(OLEG, Q, now))
        self.say(joined(OLEG, FAR, now), source=OTHER)
        for source in (PBX, OTHER):
            self.say(events.SourceUp(at=now), events.SourceResyncFinished(at=now), source=source)
        return self

    async def run(self) -> "Desk":
        self.tasks.append(asyncio.create_task(self.commands.run()))
        await self.clock.advance(0)
        return self

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def ask(
        self,
        name: str = "agent.pause",
        target: str = ANNA,
        reason: str = "lunch",
        who: Principal = CHEN,
        **arguments: str,
    ) -> str:
        return str(self.commands.request(who, name, target, arguments, reason)["command_id"])

    def state(self, id: str) -> str:
        return str(self.commands.one(CHEN, id)["state"])

    def detail(self, id: str) -> str:
        return str(self.commands.one(CHEN, id).get("detail", ""))

    def resync(self, source: SourceId = PBX, *facts: AnyEvent) -> None:
        now = self.clock.now()
        self.say(events.SourceUp(at=now), events.SourceResyncStarted(at=now), source=source)
        self.say(*facts, events.SourceResyncFinished(at=now), source=source)


def joined(agent: AgentId, queue: QueueId, at: float) -> events.AgentMembershipChanged:
    return events.AgentMembershipChanged(at=at, agent=agent, queue=queue, member=True)


def paused(agent: AgentId, queue: QueueId, at: float, reason: str = "lunch") -> events.AgentNotReady:
    return events.AgentNotReady(at=at, agent=agent, queue=queue, reason=reason)
