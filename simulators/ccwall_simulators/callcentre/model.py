"""The call centre itself: a scenario, a seed and an instant make a floor that lives as long as one looks."""

from collections.abc import Mapping, Sequence

from .calls import Calls
from .contract import DeviceState, QueueState, Talking, Visit
from .exchange import Exchange
from .ground import Ground
from .happening import AnyHappening
from .people import People
from .roster import Roster
from .rush import Rush
from .scenario import Scenario


class CallCentre:
    """Implements `contract.Floor`. It opens `scenario.floor.warm` before `start`, and lives those minutes in the first
    `advance`, so that whoever mirrors it by its happenings has seen everything.

    >>> from .scenario import Scenario
    >>> CallCentre(Scenario(), seed=1, start=1_800_000_000.0).advance(1_800_000_060.0)
    []
    """

    def __init__(self, scenario: Scenario, seed: int, start: float, at: float | None = None) -> None:
        """`at`: what time of the floor's day it is at `start` (seconds after midnight), if not what its zone says."""
        self.scenario, self.seed, self.start = scenario, seed, start
        warm = scenario.floor.warm
        self._ground = Ground(seed, start - warm, scenario.floor.zone, None if at is None else at - warm)
        self._exchange = Exchange(scenario, self._ground)
        self._roster = Roster(self._exchange, scenario.agents())
        self._people = People(scenario, self._exchange, self._roster)
        self._calls = Calls(scenario, self._exchange, self._people)
        self._people.begin()
        self._calls.begin()

    @property
    def now(self) -> float:
        return self._ground.now

    def advance(self, to: float) -> Sequence[AnyHappening]:
        """Time does not run backwards: an earlier `to` is now."""
        self._ground.clock.live(max(to, self.now))
        self._exchange.ledger.new_day(self._ground.now - self._ground.today)
        return self._ground.take()

    def queues(self) -> Sequence[QueueState]:
        return [queue.state() for queue in self._exchange.queues.values()]

    def talking(self) -> Sequence[Talking]:
        return self._exchange.conversations.talking()

    def devices(self) -> Mapping[str, DeviceState]:
        return {name: phone.state for name, phone in self._exchange.phones.items()}

    def visits(self) -> Sequence[Visit]:
        """Of this day on the floor's clock, and what goes on from yesterday. The Structs are the ledger's own: read only."""
        return self._exchange.ledger.visits()

    def pause(self, interface: str, paused: bool, reason: str = "", queue: str = "") -> bool:
        return self._roster.pause(interface, paused, reason, queue)

    def add_member(
        self, queue: str, interface: str, name: str = "", penalty: int = 0, paused: bool = False
    ) -> str:
        return self._roster.add(queue, interface, name, penalty, paused)

    def remove_member(self, queue: str, interface: str) -> str:
        return self._roster.remove(queue, interface)

    def ready(self) -> Sequence[str]:
        """Who would take a call at this moment, by id."""
        return self._people.ready()

    def walk_away(self, agent: str, length: float) -> bool:
        """Somebody who is ready leaves the desk for so many seconds without a word to the ACD; False for who is not."""
        return self._people.walk_away(agent, length)

    def rest(self, agent: str, reason: str, length: float) -> bool:
        """Somebody goes on a break of so many seconds and says so at the phone; False for who cannot."""
        return self._people.rest(agent, reason, length)

    @property
    def rush(self) -> Rush:
        """What befalls the callers on a day that is not usual, and what begins and ends it."""
        return self._calls.rush

    def reload(self) -> None:
        self._roster.reload()

    def restart(self, down: float = 0.0) -> None:
        self._exchange.restart(down)
        self._people.restart(down)
        self._calls.restart()
