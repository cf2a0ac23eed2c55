"""The smallest far end: a product that counts its floor's seconds aloud and answers each byte with itself in capitals."""

from collections.abc import Mapping, Sequence

from ccwall_simulators.callcentre.contract import DeviceState, QueueState, Talking, Visit
from ccwall_simulators.callcentre.happening import AnyHappening

MOST_CONNECTIONS = 100


class EmptyFloor:
    """Nobody works here and nobody calls."""

    now = 0.0

    def advance(self, to: float) -> Sequence[AnyHappening]:
        self.now = to
        return []

    def queues(self) -> Sequence[QueueState]:
        return [
            QueueState(
                name="consult", strategy="ringall", capacity=0, service_level=20, wrap_up=0, weight=0, members=[], waiting=[]
            )
        ]  # fmt: skip

    def talking(self) -> Sequence[Talking]:
        return []

    def devices(self) -> Mapping[str, DeviceState]:
        return {}

    def visits(self) -> Sequence[Visit]:
        return [Visit(visit=1, call="c1", queue="consult", caller="1", queued=1.0, outcome="open")]

    def pause(self, interface: str, paused: bool, reason: str = "", queue: str = "") -> bool:
        return False

    def add_member(
        self, queue: str, interface: str, name: str = "", penalty: int = 0, paused: bool = False
    ) -> str:
        return "no queue"

    def remove_member(self, queue: str, interface: str) -> str:
        return "no queue"

    def reload(self) -> None: ...
    def restart(self, down: float = 0.0) -> None: ...


class ParrotConnection:
    def __init__(self, greeting: bytes = b"") -> None:
        self.said = bytearray(greeting)
        self.heard = b""
        self.closed = False

    def receive(self, data: bytes) -> None:
        assert not self.closed, "nobody listens any more"
        self.heard += data
        self.said += data.upper()

    def outgoing(self) -> bytes:
        said = bytes(self.said)
        self.said.clear()
        return said

    def close(self) -> None:
        self.closed = True


class Parrot:
    """A FarEnd; `done` is what was done to it."""

    def __init__(self, start: float = 1_000.0) -> None:
        self.floor = EmptyFloor()
        self.floor.now = start
        self.connections: list[ParrotConnection] = []
        self.done: list[str] = []
        self.back = 0.0

    @property
    def now(self) -> float:
        return self.floor.now

    @property
    def is_up(self) -> bool:
        return self.now >= self.back

    def advance(self, to: float) -> None:
        for second in range(int(self.now) + 1, int(to) + 1):
            for each in self._open():
                each.said += b"%d\n" % second
        self.floor.advance(to)

    def connect(self) -> ParrotConnection:
        if not self.is_up:
            raise ConnectionRefusedError
        self.connections = [*self._open(), ParrotConnection(b"parrot\n")][-MOST_CONNECTIONS:]
        return self.connections[-1]

    def restart(self, down: float, *, clean: bool) -> None:
        self.done.append(f"restart {down:g} {'clean' if clean else 'killed'}")
        self.back = self.now + down
        for each in self._open():
            if clean:
                each.said += b"bye\n"
            each.closed = True

    def reload(self) -> None:
        self.done.append("reload")

    def reset_statistics(self) -> None:
        self.done.append("reset statistics")

    def flood(self, events: int) -> None:
        self.done.append(f"flood {events}")
        for each in self._open():
            each.said += b"." * events

    def products(self) -> Sequence[str]:
        return ["Parrot 1.0"]

    def _open(self) -> list[ParrotConnection]:
        return [each for each in self.connections if not each.closed]
