"""Ten minutes of a floor that goes wrong, in simulated time: the real supervisor, adapter, engine and house on one side, the
simulated PBX on the other, and a line between them that breaks. A seed gives the same day again.
"""

import asyncio
import random
from collections.abc import Callable, Sequence

import msgspec

from ccwall import registry
from ccwall.api import card
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AnyEvent
from ccwall.house import House
from ccwall.supervise import Supervisor
from ccwall.transport import Unreachable
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.line import Line
from ccwall_simulators.server import FaultName
from tests.simulated.loop import SimulatedClock, simulate
from tests.simulated.products import ASTERISK, People, Product
from tests.simulated.verdict import Span, Tolerance, Truth, Verdict, judge, judge_marks

SPEED = 20.0
START = 1_795_500_000.0
MINUTES = 10.0
STEP = 0.02
"""Real seconds between two looks of the PBX at its floor."""
HEALED_WITHIN = 5.0
NOTICED_WITHIN = {"restart": 3.0, "kill": 3.0, "half_open": 10.0 + 0.5}
RESNAPSHOT = 65.0
"""A reload is silent: only the next periodic snapshot can tell."""
STILL = 2.0
"""Real seconds for which the floor is held when gauges are compared: an exit that only time decides takes one."""
EXACT = Tolerance(moment=1.5 + STEP * SPEED, early=4.0 * SPEED, late=12.0 * SPEED)

Tamper = Callable[[Sequence[AnyEvent]], Sequence[AnyEvent]]
"""A planted fault: what it makes of the facts of a source."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """`at` and `lasts` real seconds from the beginning."""

    at: float
    name: FaultName
    lasts: float


Plan = Callable[[int], Sequence[Fault]]
"""What goes wrong, by the seed of the day."""


def plan(seed: int) -> list[Fault]:
    """Three restarts, two half-open links, a silent reload, a flood; in an order and at moments of chance."""
    chance = random.Random(seed)
    names: list[FaultName] = [
        "restart",
        "kill",
        chance.choice(["restart", "kill"]),
        "half_open",
        "half_open",
        "reload",
        "flood",
    ]
    chance.shuffle(names)
    room = (MINUTES * 60 - 60) / len(names)
    faults = []
    for number, name in enumerate(names):
        lasts = {
            "restart": chance.uniform(1, 12),
            "kill": chance.uniform(1, 12),
            "half_open": chance.uniform(2, 25),
        }
        at = 25 + number * room + chance.uniform(0, room - 40)
        faults.append(Fault(at=at, name=name, lasts=lasts.get(name, 0.0)))
    return faults


def plan_of_the_link(seed: int) -> list[Fault]:
    """What breaks a link at once, counters that are set to nought, and pieces of every size; in an order and at moments of
    chance. What is only late is no gap: at this pace of the floor it would be late by minutes, and has tests of its own."""
    chance = random.Random(seed)
    lasts = {"split": 30.0}
    names: list[FaultName] = ["cut", "reset", "garbage", "cut", "split", "reset_statistics"]
    chance.shuffle(names)
    room = (MINUTES * 60 - 60) / len(names)
    return [
        Fault(at=25 + number * room + chance.uniform(0, room - 45), name=name, lasts=lasts.get(name, 0.0))
        for number, name in enumerate(names)
    ]


class SimulatedLink:
    """`ccwall.transport.Link` over a line in memory."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._incoming = bytearray()
        self._there = asyncio.Event()

    def carry(self, now: float) -> None:
        """What the line gives by now."""
        while piece := self.line.to_client(now):
            self._incoming += piece
        if self._incoming or self.line.ended:
            self._there.set()

    async def read(self) -> bytes:
        await self._there.wait()
        if self._incoming:
            data = bytes(self._incoming)
            self._incoming.clear()
            if not self.line.ended:
                self._there.clear()
            return data
        if self.line.ended == "reset":
            raise ConnectionResetError(104, "Connection reset by peer")
        return b""

    def write(self, data: bytes) -> None:
        self.line.from_client(data, asyncio.get_running_loop().time())

    async def close(self) -> None:
        self.line.close()


class BadDay:
    """One seed's day. `verdict` is there after `live`."""

    def __init__(
        self,
        seed: int,
        tamper: Tamper = list,
        own: str = "",
        product: Product = ASTERISK,
        faults: Plan = plan,
    ) -> None:
        self.seed, self.product, self.faults = seed, product, faults
        self.clock = SimulatedClock(START, SPEED)
        scenario = load_scenario("small_floor")
        self.floor = CallCentre(scenario, seed, START)
        self.pbx = product.make(self.floor, seed, START)
        self.config = product.config(scenario, own)
        self.house = House(self.config, self.clock)
        self.links: list[SimulatedLink] = []
        self.mistakes: list[str] = []
        self.blind: list[Span] = []
        self.began = 0.0
        self._overruns = 0
        self._blind_since: float | None = None
        source = self.config.sources[0]
        adapter = registry.adapters()[source.type]
        self._session = adapter.session(
            msgspec.structs.replace(source.settings, **{product.secret: "secret"}),
            ConfiguredDirectory(source.name, self.config),
            "live",
        )
        chance, emit = random.Random(seed), self.house.emit(source.name)
        self.supervisor = Supervisor(
            source.name,
            self._session,
            self._connect,
            lambda events, now: emit(tamper(events), now),
            self.clock,
            jitter=lambda longest: chance.uniform(0, longest),
        )
        self.house.supervisors.append(self.supervisor)

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    # ── the world ──

    async def _connect(self) -> SimulatedLink:
        await asyncio.sleep(0.001)
        try:
            connection = self.pbx.connect()
        except ConnectionRefusedError as error:
            raise Unreachable(str(error), "not_listening") from None
        link = SimulatedLink(Line(connection, seed=self.seed + len(self.links)))
        self.links.append(link)
        return link

    async def _world(self) -> None:
        """The PBX lives, the line carries, and what the wall cannot hear is noted."""
        while True:
            self.pbx.advance(self.clock.now())
            for link in self.links:
                link.carry(self.now)
            self.links = [link for link in self.links if not link.line.ended]
            self._note_blindness()
            await asyncio.sleep(STEP)

    def _note_blindness(self) -> None:
        """Blind from a fault on until the next login is accepted; and for an instant when a flood is thrown away."""
        if self.supervisor.health.gaps > self._overruns:
            self._overruns = self.supervisor.health.gaps
            self.blind.append((self.clock.now(), self.clock.now()))
        if not self.began:
            self.began = self.clock.now() if self._session.state in ("snapshot", "live") else 0.0
        elif self._blind_since is not None and self._session.state in ("snapshot", "live") and self._hears():
            self.blind.append((self._blind_since, self.clock.now()))
            self._blind_since = None
        elif self._blind_since is None and not self._hears():
            self._blind_since = self.clock.now()

    def _hears(self) -> bool:
        return self.pbx.is_up and any(link.line.is_open for link in self.links)

    # ── the day ──

    async def live(self) -> Verdict:
        self.house.begin()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._world()), group.create_task(self.supervisor.run())]
            await self._go_wrong()
            verdict = self._judge()
            for task in tasks:
                task.cancel()
        return verdict

    async def _go_wrong(self) -> None:
        await self._compare_gauges("at the beginning", 5.0)
        for fault in self.faults(self.seed):
            await self._until(fault.at)
            what = f"after {fault.name} at {self.now:.1f} for {fault.lasts:.1f} s"
            began = self.clock.now()
            self._break(fault)
            noticed = NOTICED_WITHIN.get(fault.name, fault.lasts)
            await asyncio.sleep(min(noticed, fault.lasts))
            if fault.lasts > noticed and not self._noticed(began):
                self.mistakes.append(f"not noticed within {noticed} s: {fault.name}")
            await asyncio.sleep(max(0.0, fault.lasts - noticed))
            await self._compare_gauges(what, RESNAPSHOT if fault.name == "reload" else HEALED_WITHIN)
        await self._until(MINUTES * 60)
        await self._compare_gauges("at the end", 0.0)

    def _break(self, fault: Fault) -> None:
        if fault.name == "restart" or fault.name == "kill":  # noqa: PLR1714  # mypy follows this one
            self._blind_since = self.clock.now() if self._blind_since is None else self._blind_since
            self.pbx.restart(fault.lasts * SPEED, clean=fault.name == "restart")
        elif fault.name == "reload":
            self.pbx.reload()
        elif fault.name == "reset_statistics":
            self.pbx.reset_statistics()
        elif fault.name == "flood":
            self.pbx.flood(50_000)
        else:
            for link in self.links:
                link.line.fault(fault.name, until=self.now + fault.lasts)

    async def _until(self, moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - self.now))

    # ── looking ──

    def _noticed(self, fault: float) -> bool:
        """Whether a stretch is marked that began with the fault, at this floor time, or with the last word before it."""
        stretches = self.house.engine.board(self.clock.now())["incomplete"]
        assert isinstance(stretches, list)
        return any(start > fault - EXACT.early for _, start, _ in stretches)

    async def _compare_gauges(self, when: str, within: float) -> None:
        """Hold the floor, let what was said arrive, and compare every gauge.

        The floor is some milliseconds ahead of the wire, and what only time decides (a caller who left the queue by a key)
        takes a second: so at several moments, one of which must be right.
        """
        await asyncio.sleep(max(0.0, within - 2.0))
        for _ in range(5):
            self.clock.hold()
            await asyncio.sleep(STILL)
            told, true = self._told_gauges(), self._true_gauges()
            for gauges, people in zip((told, true), self._people(), strict=True):
                gauges |= people
            self.clock.go_on()
            if told == true:
                return
            await asyncio.sleep(0.4)
        keys = sorted(key for key in told.keys() | true.keys() if told.get(key) != true.get(key))
        wrong = {key: (told.get(key), true.get(key)) for key in keys}
        self.mistakes.append(f"gauges {when}: (told, true) {wrong}")

    def _told_gauges(self) -> dict[str, object]:
        board = self.house.engine.board(self.clock.now())
        queues, sources = board["queues"], board["sources"]
        assert isinstance(queues, dict)
        assert isinstance(sources, dict)
        gauges: dict[str, object] = {
            "source": sources["pbx1"]["state"],
            "as_of": sources["pbx1"].get("as_of"),
        }
        for queue in queues.values():
            name = queue["name"]
            gauges[f"waiting in {name}"] = queue["waiting"]
            gauges[f"talking in {name}"] = queue["talking"]
        return gauges

    def _true_gauges(self) -> dict[str, object]:
        gauges: dict[str, object] = {"source": "live", "as_of": None}
        talking = self.floor.talking()
        for queue in self.floor.queues():
            name = self.product.queue(queue.name)
            gauges[f"waiting in {name}"] = len(queue.waiting)
            gauges[f"talking in {name}"] = sum(t.queue == queue.name for t in talking)
        return gauges

    def _people(self) -> tuple[People, People]:
        agents = self.house.engine.board(self.clock.now())["agents"]
        assert isinstance(agents, dict)
        return self.product.people(agents, self.config, self.floor, self.pbx)

    def _judge(self) -> Verdict:
        engine = self.house.engine
        told = [card(c, full=True, incomplete=engine.incomplete(c)) for c in engine.contacts()]
        board = engine.board(self.clock.now())
        stretches = board["incomplete"]
        assert isinstance(stretches, list)
        marked = [(start, end or float("inf")) for _, start, end in stretches]
        verdict = judge(self._truth(), told, marked=marked, began=self.began, exact=EXACT)
        judge_marks(self.blind, marked, EXACT, verdict.mistakes)
        verdict.mistakes[:0] = self.mistakes
        self._judge_counters(board["floor"], verdict)
        return verdict

    def _judge_counters(self, floor: object, verdict: Verdict) -> None:
        """What the wall counted, and what nobody could see, are together what happened."""
        assert isinstance(floor, dict)
        offered, told_unseen = floor["offered"], floor.get("unseen", 0)
        if offered + verdict.unseen != verdict.truth:
            verdict.mistakes.append(f"counters: {offered} + {verdict.unseen} unseen are not {verdict.truth}")
        unseen = verdict.unseen - verdict.before
        if not min(1, unseen) <= told_unseen <= unseen:
            verdict.mistakes.append(f"unseen: told {told_unseen}, true {unseen}")

    def _truth(self) -> Sequence[Truth]:
        return [
            Truth(
                call=visit.call,
                queue=visit.queue,
                queued=visit.queued,
                ended=float("inf") if visit.ended is None else visit.ended,
                outcome=visit.outcome,
                cause=visit.cause or "",
                wait=visit.wait,
                agent=visit.person or "",
            )
            for visit in self.pbx.visits()
        ]


def run(
    seed: int, tamper: Tamper = list, own: str = "", product: Product = ASTERISK, faults: Plan = plan
) -> Verdict:
    async def day() -> Verdict:
        return await BadDay(seed, tamper, own, product, faults).live()

    return simulate(day())
