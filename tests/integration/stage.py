"""One source in a house, with a far end that breaks in every way; and a second one beside it, a headset, that nothing happens to.
See `tests.integration.world`."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from unittest.mock import patch

from ccwall.config import Config, read
from ccwall.events import AnyEvent, Envelope, SourceId
from ccwall.spool import ROOM
from tests.integration.world import (
    START,
    STEP,
    VARIABLE,
    Carrier,
    DeviceEnd,
    End,
    Gauges,
    QuietHeadset,
    Tree,
    World,
)

SOURCE, BESIDE = SourceId("src"), SourceId("beside")
BESIDE_AT = "serial:///dev/ccwall-beside"
STILL = 3.0
"""Seconds for which nothing happens at the far end when it is compared with the board: what is under way arrives."""


@dataclass(frozen=True)
class Bench:
    """How a source is started, and how to know what it should show.

    `own` is the source's table beside name and url, `rest` other tables; `told` reads a board as `End.truth` writes it.
    `stranger` is an end that does not let us in, and `why` what is said of that. `asks`: it notices silence. `kept_up`: no
    flood is too much, because the far end waits for us.
    """

    name: str
    url: str
    own: Tree
    make: Callable[[float], End]
    told: Callable[["Stage"], Gauges]
    rest: Callable[[], Tree] = dict
    stranger: Callable[[float], End] | None = None
    why: str = ""
    asks: bool = True
    kept_up: bool = False
    notices_kill: float = 3.0
    notices_silence: float = 10.0
    """Seconds."""
    shows: "Callable[[Stage], str] | None" = None
    """What it shows of a far end that is not the source itself (a PC at our own router): "live" while it lives."""

    def config(self) -> Config:
        tree = self.rest()
        source = {"name": SOURCE, "type": self.name, "url": self.url, **self.own}
        beside = {
            "name": BESIDE,
            "type": "serial-headset",
            "url": BESIDE_AT,
            "key": "beside",
        }
        tree["source"] = [source, beside]
        tree.setdefault("agent", []).append(
            {"id": "beside", "name": "Beside", "interfaces": {BESIDE: ["beside"]}}
        )
        with patch.dict(os.environ, {VARIABLE: "secret"}):
            return read(tree, "bench")


class Stage(World):
    """One bench's source is broken, and another one is not; see the module."""

    def __init__(self, bench: Bench, end: End | None = None) -> None:
        self.bench = bench
        self.end = bench.make(START) if end is None else end
        self.beside = QuietHeadset(START)
        self.where = bench.url
        super().__init__(bench.config(), {bench.url: self.end, BESIDE_AT: self.beside})
        self.facts: list[AnyEvent] = []
        self.house.intake._sinks = (*self.house.intake._sinks, self._keep)
        self.states: list[tuple[float, str]] = []
        """Whenever the source's state was another one than at the look before."""
        self.largest = 0
        """Bytes in its spool, at most."""
        self.piece = 0
        """Bytes that one read gives, if not all."""

    def _keep(self, told: Envelope) -> None:
        if told.source == SOURCE:
            self.facts.append(told.event)

    def made(self, link: Carrier) -> None:
        if link.where == self.where:
            link.most = self.piece or link.most

    def look(self) -> None:
        self.largest = max(self.largest, self.house.supervisors[0].vitals.spool)
        if not self.states or self.states[-1][1] != self.state:
            self.states.append((self.now, self.state))

    def flood(self, size: int) -> None:
        """So many bytes of what is true and of no use, at once."""
        link = self.link(self.where)
        self.end.advance(self.clock.now())
        link.carry(self.now)
        words = self.end.needless(link.connection)
        link.pour(words * (size // len(words) + 1))
        if size > ROOM and isinstance(self.end, DeviceEnd):
            self.end.flooded()

    async def begins_to_wait(self) -> None:
        """Until the supervisor has just begun to wait for its next try."""
        health = self.house.supervisors[0].health
        while health.next_try is not None:
            await asyncio.sleep(STEP)
        while health.next_try is None:
            await asyncio.sleep(STEP)

    @property
    def state(self) -> str:
        """Of what is broken."""
        return self.state_of(SOURCE) if self.bench.shows is None else self.bench.shows(self)

    def told(self) -> Gauges:
        source = self.board["sources"][SOURCE]
        return {"state": source["state"], "as of": source.get("as_of"), **self.bench.told(self)}

    def true(self) -> Gauges:
        return {"state": "live", "as of": None, **self.end.truth()}

    async def right(self, within: float = 15.0) -> None:
        """After so many seconds all gauges are those of the far end."""
        await asyncio.sleep(within - STILL)
        self.held = self.end
        await asyncio.sleep(STILL)
        told, true = self.told(), self.true()
        self.held = None
        keys = sorted(key for key in told.keys() | true.keys() if told.get(key) != true.get(key))
        wrong = {key: (told.get(key), true.get(key)) for key in keys}
        assert not wrong, f"(told, true) at {self.now:.1f} s: {wrong}; states {self.states}"

    def left_live(self, since: float) -> float:
        """Seconds after this moment at which the source was first shown as not live; infinite if never."""
        return min(
            (at - since for at, state in self.states if at >= since and state != "live"),
            default=float("inf"),
        )

    def marks(self, since: float, until: float | None = None) -> bool:
        """Whether a stretch of the source is marked incomplete that touches this one."""
        end = self.now if until is None else until
        return any(
            source == SOURCE and start <= START + end and (stop or float("inf")) >= START + since
            for source, start, stop in self.board["incomplete"]
        )

    def says_something(self) -> bool:
        """Whether any sense of anybody is this source's, and not known to be stale."""
        agents = self.board["agents"]
        return any(
            not each.get("stale") and each["says"] not in ("disconnected", "unknown")
            for agent in agents
            for each in self.senses(agent, SOURCE)
        )

    async def beside_is_told(self) -> None:
        """What happens to the other source is on the wall within a second."""
        docked = not self.beside.device.docked
        self.beside.set(docked=docked)
        await asyncio.sleep(1.0)
        (sense,) = self.senses("beside", BESIDE)
        assert sense["says"] == ("docked" if docked else "undocked")
        assert not sense.get("stale")


def on_stage(
    bench: Bench, script: Callable[[Stage], Coroutine[object, object, None]], end: End | None = None
) -> None:
    """Play it, in simulated time."""
    stage = Stage(bench, end)
    stage.play(script(stage))


def senses(stage: Stage, agent: str) -> Sequence[Tree]:
    """What the source that is broken says of a person."""
    return stage.senses(agent, SOURCE)


def overrun() -> int:
    """Bytes that no spool holds."""
    return ROOM + ROOM // 8
