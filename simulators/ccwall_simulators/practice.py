"""Breaking a simulated product on purpose, and the truth about its floor: what keys, web and tests ask of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import msgspec

from .server import BY_NAME, FASTEST, FAULTS, SLOWEST, FaultName, Server

HEAL = "heal"
HEAL_KEY = "0"
LOOK_EVERY = 0.1
DAY = 86_400.0


class Unknown(ValueError):
    """Nothing of that name can be broken here."""


class Practice:
    """`scenario` and `seed` are what the floor was made of. `steady`: the speed is somebody else's too, and stays.
    `visits`: the truth in the product's own terms, if not in the floor's."""

    def __init__(
        self,
        server: Server,
        *,
        scenario: str,
        seed: int,
        steady: bool = False,
        visits: Callable[[], Sequence[msgspec.Struct]] | None = None,
    ) -> None:
        self._server, self._scenario, self._seed, self._steady = server, scenario, seed, steady
        self._visits = visits or server.far_end.floor.visits

    def told(self) -> dict[str, object]:
        """What there is to break, what is broken, and how the queues are; instants on the floor's clock."""
        server = self._server
        faults = []
        for fault in FAULTS:
            left = server.left(fault.name)
            told: dict[str, object] = {
                "name": fault.name,
                "key": fault.key,
                "kind": fault.kind,
                "active": left is not None,
                "seconds": fault.seconds,
            }
            if left is not None:
                told["until"] = server.now + left * server.speed
            faults.append(told)
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
        """Break it for so many real seconds, or heal. Raises Unknown."""
        if name == HEAL:
            self._server.heal()
            return
        if name not in BY_NAME:
            raise Unknown(f"{name!r} cannot be broken here; what can: {', '.join((*BY_NAME, HEAL))}")
        self._server.fault(BY_NAME[name].name, seconds)

    def key(self, key: str) -> str:
        """What this key of a terminal breaks; empty when it means nothing. It is broken."""
        names: Mapping[str, str] = {fault.key: fault.name for fault in FAULTS} | {HEAL_KEY: HEAL}
        if name := names.get(key, ""):
            self.fault(name)
        return name

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
        return gauges


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
