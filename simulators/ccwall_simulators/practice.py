"""Breaking a simulated product on purpose, and the truth about its floor: what keys, web and tests ask of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import msgspec

from .breaking import HEAL, HEAL_KEY, Breakable, Unknown, told_of
from .server import BY_NAME, FASTEST, FAULTS, SLOWEST, FaultName, Server

LOOK_EVERY = 0.1
DAY = 86_400.0

__all__ = ["HEAL", "HEAL_KEY", "Practice", "Practices", "Timed", "Unknown", "keep"]


class Practice(Breakable):
    """Of a switch. `scenario` and `seed` are what the floor was made of. `steady`: the speed is somebody else's too, and stays.
    `visits`: the truth in the product's own terms, if not in the floor's; `queue`: what the product calls a queue of it."""

    def __init__(
        self,
        server: Server,
        *,
        scenario: str,
        seed: int,
        steady: bool = False,
        visits: Callable[[], Sequence[msgspec.Struct]] | None = None,
        queue: Callable[[str], str] = str,
    ) -> None:
        self._server, self._scenario, self._seed, self._steady = server, scenario, seed, steady
        self._visits, self._queue = visits or server.far_end.floor.visits, queue

    def menu(self) -> Mapping[str, str]:
        return {fault.key: fault.name for fault in FAULTS}

    def told(self) -> dict[str, object]:
        """And how the queues are."""
        server = self._server
        faults = []
        for fault in FAULTS:
            left = server.left(fault.name)
            until = None if left is None else server.now + left * server.speed
            faults.append(told_of(fault.name, fault.key, fault.kind, fault.seconds, until=until))
        return {
            "product": " ".join(server.far_end.products()),
            "up": server.far_end.is_up,
            "speed": server.speed,
            "seed": self._seed,
            "scenario": self._scenario,
            "now": server.now,
            "clients": server.clients,
            "faults": faults,
            "gauges": {
                name: {"waiting": gauges["waiting"], "talking": gauges["talking"]}
                for name, gauges in self._gauges().items()
            },
        }

    def fault(self, name: str, seconds: float | None = None) -> None:
        if name == HEAL:
            self._server.heal()
            return
        if name not in BY_NAME:
            raise Unknown(f"{name!r} cannot be broken here; what can: {', '.join((*BY_NAME, HEAL))}")
        self._server.fault(BY_NAME[name].name, seconds)

    def left(self, name: str) -> float | None:
        return self._server.left(BY_NAME[name].name) if name in BY_NAME else None

    def pace(self, speed: float) -> None:
        """Floor seconds per real second. Raises Unknown."""
        if self._steady:
            raise Unknown("the speed cannot be changed here: the wall's clock runs at it too")
        if not SLOWEST <= speed <= FASTEST:
            raise Unknown(f"the speed is from {SLOWEST:g} to {FASTEST:g}, not {speed:g}")
        self._server.speed = speed

    def truth(self) -> dict[str, object]:
        """Every visit so far and how every queue is, as the floor itself knows it."""
        floor = self._server.far_end.floor
        visits = [msgspec.to_builtins(visit) for visit in self._visits()]
        return {"now": floor.now, "visits": visits, "queues": self._gauges()}

    def _gauges(self) -> dict[str, dict[str, int]]:
        floor = self._server.far_end.floor
        gauges = {
            queue.name: {
                "waiting": len(queue.waiting),
                "talking": 0,
                "members": len(queue.members),
                "paused": sum(member.paused for member in queue.members),
            }
            for queue in floor.queues()
        }
        for each in floor.talking():
            if each.queue in gauges:
                gauges[each.queue]["talking"] += 1
        return {self._queue(name): numbers for name, numbers in gauges.items()}


class Practices:
    """Everything that can be broken here, by id: a page's choice. What is asked of none in particular is asked of the first.
    `titles`: by id, a name in each language. `about`: more to tell of all of it."""

    def __init__(
        self,
        things: Mapping[str, Breakable],
        titles: Mapping[str, Mapping[str, str]] | None = None,
        about: Mapping[str, object] | None = None,
    ) -> None:
        self._things, self._titles, self._about = dict(things), titles or {}, about or {}

    def told(self) -> dict[str, object]:
        """Of the first, and below `products` of each."""
        products = []
        for id, thing in self._things.items():
            title = {"title": dict(self._titles[id])} if id in self._titles else {}
            products.append({"id": id, **title, **thing.told()})
        return {**self._about, **self._thing("").told(), "products": products}

    def fault(self, name: str, seconds: float | None = None, product: str = "", queue: str = "") -> None:
        thing = self._thing(product)
        if queue:
            thing.fault_of(name, queue, seconds)
        else:
            thing.fault(name, seconds)

    def stop(self, name: str, product: str = "") -> None:
        self._thing(product).stop(name)

    def truth(self, product: str = "") -> dict[str, object]:
        return self._switch(product).truth()

    def pace(self, speed: float) -> None:
        self._switch("").pace(speed)

    def _thing(self, product: str) -> Breakable:
        if not product:
            return next(iter(self._things.values()))
        if product not in self._things:
            raise Unknown(f"there is no {product!r} here; there are {', '.join(self._things)}")
        return self._things[product]

    def _switch(self, product: str) -> Practice:
        found = self._thing(product)
        if not isinstance(found, Practice):
            raise Unknown(f"{product or 'this'} is no switch: its speed is fixed and it counts no visits")
        return found


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """A fault at `first` (epoch seconds on the floor's clock) and at that time of every day. `seconds`, real ones, 0: as long
    as it usually lasts."""

    first: float
    fault: FaultName
    seconds: float = 0.0

    def is_due(self, after: float, until: float) -> bool:
        """Whether its time lies in there: after the one instant, up to the other."""
        days = max(0.0, (until - self.first) // DAY)
        return after < self.first + days * DAY <= until


async def keep(server: Server, timed: Sequence[Timed]) -> None:
    """Break each when it is its time, day after day."""
    seen = server.now
    while timed:
        await asyncio.sleep(LOOK_EVERY)
        now = server.now
        for each in timed:
            if each.is_due(seen, now):
                server.fault(each.fault, each.seconds or None)
        seen = now
