"""Everything behind one wall, put together: engine, intake, hub, api, and the sources that feed them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from secrets import token_hex
from typing import Literal

from ccwall import __version__, registry
from ccwall.adapter import Recalls
from ccwall.alerts.tower import Outlook, Tower
from ccwall.api import Floor, Instruments, Openings, Recording
from ccwall.boards.library import Library
from ccwall.clock import Clock, SystemClock
from ccwall.config import HOUSE, SITE, Config, Source
from ccwall.delivery.facade import FILE as OUTBOX
from ccwall.delivery.facade import Delivery
from ccwall.delivery.rows import Delivered
from ccwall.directory import ConfiguredDirectory
from ccwall.engine import Engine
from ccwall.events import AgentId, AnyEvent, Envelope, Principal, SourceId
from ccwall.floor.acts import Acts, Bench
from ccwall.floor.break_room import BreakRoom
from ccwall.floor.breaks import BreakWatch
from ccwall.floor.codes import Codes, key_in
from ccwall.floor.commands import Commands
from ccwall.floor.desk import ACTS
from ccwall.floor.register import Register
from ccwall.floor.rota.office import Office
from ccwall.floor.rota.watch import RotaWatch
from ccwall.floor.rounds import Rounds
from ccwall.health import Vitals
from ccwall.history import Documents, Opened, known_visits, outage
from ccwall.hub import Hub
from ccwall.inlets import Inlets
from ccwall.intake import Intake
from ccwall.lag import LoopLag
from ccwall.lifetime import Job
from ccwall.mirror import Tree
from ccwall.outlets import BY_TYPE, Outlet
from ccwall.outlets.feed import HouseFeed
from ccwall.stage import apply_policy
from ccwall.supervise import Emit, EndPoint, Supervisor, Tap, begun_again, kept_apart
from ccwall.transport import Link, connect, wordless


class House:
    """Everything behind one wall. ``clock`` is the floor's."""

    def __init__(
        self, config: Config, clock: Clock, engine: Engine | None = None, history: Opened | None = None
    ) -> None:
        self.clock = clock
        self.history = history
        if engine is None:
            engine = Engine(SITE) if history is None else history.past.engine
        self.engine = engine
        self.feeds = [HouseFeed(clock, self._board, SITE, config.site.zone) for _ in config.outlets]
        kept = () if history is None else (history.journal.append,)
        sinks = (engine.apply, *kept, *(feed.put for feed in self.feeds))
        self.intake = Intake(SITE, *sinks, after=0 if history is None else history.past.seq)
        self.supervisors: list[Supervisor] = []
        self.commands = Commands(
            self.engine,
            self.intake.take,
            clock,
            house=HOUSE,
            outlet=self.outlet,
            ids=partial(token_hex, 8),
            interfaces=self._interfaces,
            ledger=None if history is None else history.journal,
        )
        self.acts = self._acts()
        self.office = Office(self.engine, self.acts, config.shifts)
        self.register = Register(self.acts.bench)
        self.rota_watch = RotaWatch(self.engine, self._people, self._take_desk, clock, HOUSE)
        self.break_watch = BreakWatch(self.engine, self._by_house, clock, self.commands)
        self.rounds = Rounds(self.engine, self._by_house, clock)
        self.break_room = BreakRoom(self.engine, clock)
        self.inlets = Inlets()
        self.played: dict[str, float] = {}
        self.recording: Callable[[], Recording | None] = lambda: None
        """How the journal is; None without one."""
        if history is not None:
            self.recording = history.journal.status
            history.journal.bind(self._say, engine.dump)
        self.lag = LoopLag(clock)
        kept_there = None if history is None else history.documents
        documents = kept_there or Documents(None, clock.now)
        self.hub = Hub(
            clock,
            __version__,
            changes=lambda: self.engine.changes(clock.now()),
            heard=self.heard,
            boards=lambda: documents.changes,
        )
        self.tower = Tower(
            self.engine,
            clock,
            config,
            documents,
            Outlook(board=self._looked_at, take=partial(self._take_desk, HOUSE), safe=self._all_safe),
        )
        self.alarms = self.tower.alarms
        self.delivery = Delivery(
            config.channels,
            None if history is None else history.folder / OUTBOX,
            SystemClock(),  # far ends judge signatures by it, and count their limits in its seconds
            zone=config.site.zone,
            told=self._delivered,
        )
        self.alarms.post = self.delivery
        self.library = Library(documents, clock.now, config.web.embed)
        self.floor = Floor(
            self.engine,
            clock,
            self._instruments(),
            board=self._board,
            version=__version__,
            openings=self._openings(),
        )
        self._config = config
        self.outlets: dict[str, Outlet] = {
            each.name: BY_TYPE[each.type].outlet(each.name, each.address, each.settings, feed)
            for each, feed in zip(config.outlets, self.feeds, strict=True)
        }

    def _acts(self) -> Acts:
        history = self.history
        bench = Bench(
            self.engine,
            self._take_desk,
            self.clock,
            house=HOUSE,
            ids=partial(token_hex, 6),
            commands=self.commands,
            codes=Codes(partial(key_in, None if history is None else history.folder)),
        )
        return Acts(bench, ACTS, None if history is None else history.journal)

    def _instruments(self) -> Instruments:
        return Instruments(
            heard=self.heard,
            vitals=self.vitals,
            recording=self._recorded,
            screens=lambda: self.hub.screens,
            loop_lag=lambda: self.lag.worst,
            running=lambda: self.hub.running,
            outlets=lambda: {name: outlet.vitals() for name, outlet in self.outlets.items()},
        )

    def _openings(self) -> Openings:
        return Openings(
            commands=self.commands,
            inlets=self.inlets,
            library=self.library,
            acts=self.acts,
            alerts=self.tower.desk,
            office=self.office,
            post=self.delivery,
            register=self.register,
            breaks=self.break_room,
        )

    def heard(self) -> Mapping[str, float]:
        """When each source last said anything."""
        live: dict[str, float] = {
            each.name: each.health.heard for each in self.supervisors if each.health.heard is not None
        }
        return {**self.played, **live}

    def vitals(self) -> Mapping[str, Vitals]:
        return {each.name: each.vitals for each in self.supervisors}

    def _recorded(self) -> Recording | None:
        return self.recording()

    def _board(self) -> Tree:
        """The newest board: the hub's own, because to work it out anew costs as much as the whole floor is big."""
        self.hub.flush()
        return self.hub.mirror.root

    def _looked_at(self) -> Tree:
        """The engine's own objects of the newest board: what did not change is the same object as before."""
        self.hub.flush()
        return self.engine.shown

    def _people(self) -> Mapping[str, Mapping[str, object]]:
        people = self._board().get("agents")
        return people if isinstance(people, dict) else {}

    def jobs(self) -> list[Job]:
        """What runs as long as the house stands, beside its sources."""
        told = [(f"outlet: {name}", kept_apart(name, outlet.run())) for name, outlet in self.outlets.items()]
        told.append(("alarms", self.tower.run()))
        watchers = {
            "breaks": self.break_watch.run,
            "rounds": self.rounds.run,
            "rota": self.rota_watch.run,
            "register": self.register.run,
        }
        told += [(name, begun_again(name, run, self.clock)) for name, run in watchers.items()]
        told += [(name, kept_apart(name, job)) for name, job in self.delivery.jobs()]
        told.append(("delivery", self._close_delivery()))
        return [("hub", self.hub.run()), ("lag", self.lag.run()), ("commands", self.commands.run()), *told]

    def _delivered(self, told: Delivered) -> None:
        note, ok = told.note, told.state == "sent"
        self.alarms.delivered(note.key, note.alert, told.channel, ok, told.attempts, told.said)

    async def _close_delivery(self) -> None:
        """At the end, when its channels are told to stop: what waits is on the disk."""
        try:
            await asyncio.Event().wait()
        finally:
            await self.delivery.close()

    def begin(self, mode: Literal["", "demo"] = "") -> None:
        """The first facts: what is configured, who was not heard while ccwall was not there, and whether it is recorded.

        What became of commands when ccwall stopped is not known.
        """
        now = self.clock.now()
        if mode == "demo":
            self.library.show_demo()
        apply_policy(self.intake, self._config, now, mode)
        if self.history is not None:
            for source, missed in outage(self.engine, self.history.past.lived):
                self.intake.take(source, [missed], now)
            self.intake.take(HOUSE, [self.history.journal.first_word()], now)
        self.commands.recover()

    def _say(self, event: AnyEvent) -> None:
        self.emit(HOUSE)([event], self.clock.now())

    def outlet(self, source: SourceId) -> Supervisor | None:
        """Who can be told to do something there."""
        return next((each for each in self.supervisors if each.name == source), None)

    def _interfaces(self, agent: AgentId, source: SourceId) -> Sequence[str]:
        return next((each.interfaces.get(source, ()) for each in self._config.agents if each.id == agent), ())

    def emit(self, source: SourceId) -> Emit:
        """Where the facts of a source go."""

        def emit(events: Sequence[AnyEvent], now: float) -> None:
            self.intake.take(source, events, now)
            self.commands.heard(source, events)
            self.hub.touch()
            self.alarms.touch()

        return emit

    def _take_desk(
        self, source: SourceId, events: Sequence[AnyEvent], received: float, actor: Principal | None = None
    ) -> list[Envelope]:
        """What people do shows at once."""
        taken = self.intake.take(source, events, received, actor)
        self.hub.touch()
        self.alarms.touch()
        return taken

    def _by_house(self, facts: Sequence[AnyEvent], actor: Principal | None) -> None:
        self._take_desk(HOUSE, facts, self.clock.now(), actor)

    async def _all_safe(self) -> None:
        """When all that was taken in so far is in the journal."""
        if self.history is not None:
            await self.history.journal.wait(self.intake.seq)

    def supervise(self, source: Source) -> Supervisor:
        adapter = registry.adapters()[source.type]
        opened: Callable[[], Awaitable[Link]] = partial(
            connect, source.address, adapter.dial(source.settings, source.name)
        )
        if source.address.scheme == "inlet":
            self.inlets.names.add(source.name)
            opened = partial(self.inlets.opened, source.name)
        directory = ConfiguredDirectory(source.name, self._config)
        session = adapter.session(source.settings, directory, "live")
        tap: Tap | None = None
        if self.history is not None:
            session.remember(known_visits(self.engine, source.name))
            if isinstance(session, Recalls):
                known = next((each for each in self.engine.sources() if each.id == source.name), None)
                session.recall({} if known is None else known.took)
            if self.history.wire is not None:
                tap = self.history.wire.tap(source.name, adapter.protocol, source.secrets)
        supervisor = Supervisor(
            source.name,
            session,
            opened,
            self.emit(source.name),
            self.clock,
            tap=tap,
            end_point=EndPoint(
                address=str(source.address),
                wordless=wordless(source.address),
                patient=source.address.scheme == "file",
                scheme=source.address.scheme,
                safe=None if self.history is None else self._all_safe,
            ),
        )
        self.supervisors.append(supervisor)
        return supervisor
