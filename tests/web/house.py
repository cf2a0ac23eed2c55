"""Who may come in, and the few answers the web needs of a floor."""

from collections.abc import Mapping
from itertools import count

from ccwall.api import Alerts, Library, Post, UnknownCursor
from ccwall.clock import ManualClock
from ccwall.config import HOUSE
from ccwall.engine import Engine
from ccwall.events import Principal, QueueId
from ccwall.explaining import Explaining
from ccwall.floor.acts import Acts, Bench
from ccwall.floor.break_room import BreakRoom
from ccwall.floor.desk import ACTS
from ccwall.floor.register import Register
from ccwall.floor.rota.office import Office
from ccwall.history import Documents
from ccwall.inlets import Inlets
from ccwall.mirror import Tree
from tests.alerts.tower import watched
from tests.floor.desk import Desk

BOSS, LEAD, WALL, NARROW = "boss-" + "b" * 32, "lead-" + "l" * 32, "wall-" + "w" * 32, "narrow-" + "n" * 32

TOKENS = {
    BOSS: Principal(id="chen", role="manager", name="陈"),
    LEAD: Principal(id="wu", role="lead"),
    WALL: Principal(id="wall-1", role="display"),
    NARROW: Principal(id="q1-wall", role="display", queues=(QueueId("q1"),)),
}


def a_little_explaining() -> Explaining:
    """Of an engine that has heard nothing yet."""
    return Explaining(Engine(), ManualClock(), dict)


class LittlePost:
    """One channel, that took one note and refuses the next."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str | None]] = []
        self.tests: list[str] = []

    async def page(self, limit: int = 100, state: str | None = None) -> Mapping[str, object]:
        self.asked.append((limit, state))
        return {"channels": [{"name": "leads", "state": "live"}], "entries": [], "problem": ""}

    async def tried(self, channel: str) -> Mapping[str, str]:
        if channel != "leads":
            raise KeyError(channel)
        self.tests.append(channel)
        return {"outcome": "failed", "said": "310000: sign not match"}


class LittleFloor:
    """An Api with one contact."""

    def __init__(self) -> None:
        self.running = True
        self.asked: list[tuple[Principal, str, str, int, str]] = []
        self.desk = Desk().open()
        self.commands = self.desk.commands
        bench = Bench(
            self.desk.engine,
            self.desk.intake.take,
            self.desk.clock,
            house=HOUSE,
            ids=lambda: f"made-{next(self._ids)}",
            commands=self.desk.commands,
        )
        self._ids = count()
        self.acts: Acts | None = Acts(bench, ACTS)
        self.office: Office | None = Office(self.desk.engine, self.acts, {})
        self.breaks: BreakRoom | None = BreakRoom(self.desk.engine, self.desk.clock)
        self.register: Register | None = Register(bench)
        self.alerts: Alerts | None = watched(self.desk.engine, self.desk.clock)
        self.post: Post | None = LittlePost()
        self.explaining = a_little_explaining()
        self.library: Library | None = Library(
            Documents(None, lambda: 1000.0), lambda: 1000.0, ["https://status.example.com"]
        )
        self.inlets = Inlets()
        self.inlets.names.add("bus")

    def board(self, principal: Principal) -> Tree:
        return {
            "site": {"name": {"en": "Site"}, "zone": "Asia/Shanghai"},
            "queues": {},
            "agents": {},
            "sources": {},
        }

    def contacts(
        self, principal: Principal, *, queue: str = "", outcome: str = "", limit: int = 100, after: str = ""
    ) -> Tree:
        self.asked.append((principal, queue, outcome, limit, after))
        if after:
            raise UnknownCursor(after)
        visit = {
            "id": "c1",
            "source": "pbx1",
            "queue": "q1",
            "queued": 1.0,
            "outcome": "open",
            "inferred": False,
        }
        return {"contacts": [{**visit, "caller": "791****4034"}]}

    def health(self, principal: Principal | None) -> Tree:
        glimpse: Tree = {"state": "refused", "since": 1.0, "age": 3.0, "unknown": 2}
        if principal is None:
            house = {"version": "1.2.3", "now": 5.0, "running": self.running, "recording": {"state": "on"}}
            return {**house, "sources": {"pbx1": glimpse}}
        particulars = {
            "name": "pbx1",
            "type": "asterisk-ami",
            "reason": "rejected",
            "detail": "the words of the far end",
            "counts": {"Hangup": 4},
        }
        return {
            "version": "1.2.3",
            "now": 5.0,
            "rate": 1.0,
            "seq": 7,
            "running": self.running,
            "screens": 3,
            "loop_lag": 0.004,
            "sources": {"pbx1": {**glimpse, **particulars}},
        }
