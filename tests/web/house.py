"""Who may come in, and the few answers the web needs of a floor."""

from ccwall.api import UnknownCursor
from ccwall.clock import ManualClock
from ccwall.engine import Engine
from ccwall.events import Principal, QueueId
from ccwall.explaining import Explaining
from ccwall.inlets import Inlets
from ccwall.mirror import Tree
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


class LittleFloor:
    """An Api with one contact."""

    def __init__(self) -> None:
        self.running = True
        self.asked: list[tuple[Principal, str, str, int, str]] = []
        self.desk = Desk().open()
        self.commands = self.desk.commands
        self.explaining = a_little_explaining()
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
