"""What comes over ZeroMQ, on benches: a stream of facts, agents' PCs. See `tests.integration.stage`."""

from collections import deque
from collections.abc import Mapping
from functools import partial
from random import Random

import msgspec

from ccwall.events import DeviceHeadset, DeviceId, DeviceSeen
from ccwall.wire import edge as words
from ccwall.wire.parcel import Parcels, pack
from ccwall_simulators.far_end import Connection
from tests.adapters.edge.desk import Pc
from tests.adapters.zeromq.publisher import Publisher
from tests.integration.stage import SOURCE, Bench, Stage, senses
from tests.integration.world import Gauges

EVERY = 2.0
"""Mean seconds between two things that happen at a desk."""

# ── a stream of facts ──

BEAT, RESYNC = 3.0, 6.0


class StreamEnd:
    """A publisher of callers who wait; it beats every three seconds and says every six what stands."""

    def __init__(self, start: float, refuses: bool = False) -> None:
        self.now, self._back, self._refuses = start, 0.0, refuses
        self._chance = Random(5)
        self._lives = 1
        self._publisher = Publisher(epoch="life 1")
        self._waiting: dict[str, None] = {}
        self._callers = 0
        self._next, self._beats, self._resyncs = start, start, start
        self._connection: StreamConnection | None = None

    @property
    def is_up(self) -> bool:
        return self.now >= self._back

    def advance(self, now: float) -> None:
        self.now = now
        while self._next <= now:
            self._next += self._chance.expovariate(1 / EVERY)
            if self._waiting and self._chance.random() < 0.5:
                self._say("contact.abandoned", contact=next(iter(self._waiting)), queue="consult", at=now)
                del self._waiting[next(iter(self._waiting))]
            else:
                self._callers += 1
                self._waiting[f"c{self._callers}"] = None
                self._say("contact.queued", contact=f"c{self._callers}", queue="consult", at=now)
        if now >= self._beats:
            self._beats = now + BEAT
            self._say("heartbeat", every=BEAT, resync_every=RESYNC, at=now)
        if now >= self._resyncs:
            self._resyncs = now + RESYNC
            self._say("resync_started")
            for contact in self._waiting:
                self._say("contact.queued", contact=contact, queue="consult", at=now, stands=True)
            self._say("resync_finished")

    def _say(self, kind: str, **said: object) -> None:
        """To nobody, too: it counts."""
        if self.is_up:
            message = self._publisher.say(kind, **said)
            if self._connection is not None:
                self._connection.said += message

    def connect(self) -> "StreamConnection":
        if not self.is_up:
            raise ConnectionRefusedError("the publisher is down")
        self._connection = StreamConnection(self)
        self._connection.said += pack({"link": "refused" if self._refuses else "joined"})
        return self._connection

    def restart(self, down: float) -> None:
        """It counts anew, and who waited is gone."""
        self._back = self.now + down
        self._lives += 1
        self._publisher = Publisher(epoch=f"life {self._lives}")
        self._waiting.clear()
        if self._connection is not None:
            self._connection.closed = True

    def gone(self, connection: "StreamConnection") -> None:
        if self._connection is connection:
            self._connection = None

    def needless(self, connection: Connection) -> bytes:
        return pack(
            {"topic": "board"}, msgspec.json.encode({"publisher": "b", "n": 1, "type": "board.patch"})
        )

    def truth(self) -> Gauges:
        return {"waiting": len(self._waiting)}


class StreamConnection:
    def __init__(self, end: StreamEnd) -> None:
        self._end, self.closed, self.said = end, False, bytearray()

    def receive(self, data: bytes) -> None:
        """Nobody is asked anything."""

    def outgoing(self) -> bytes:
        said = bytes(self.said)
        self.said.clear()
        return said

    def close(self) -> None:
        self.closed = True
        self._end.gone(self)


def _waiting(stage: Stage) -> Gauges:
    return {"waiting": stage.board["queues"].get(f"{SOURCE}/consult", {}).get("waiting", 0)}


# ── agents' PCs ──


class DeskEnd:
    """The server's router, and one PC with a headset: it says hello when it may, keeps everything until it has a receipt.

    What dies is the way to it: the PC goes on, and its spool."""

    def __init__(self, start: float) -> None:
        self.now, self._back = start, 0.0
        self._pc = Pc()
        self._chance = Random(5)
        self._next = start
        self._beats = start
        self._docked = True
        self._kept: deque[tuple[int, bytes]] = deque()
        self._welcome = False
        self.connection: DeskConnection | None = None

    @property
    def is_up(self) -> bool:
        return self.now >= self._back

    def advance(self, now: float) -> None:
        self.now = now
        while self._next <= now:
            self._next += self._chance.expovariate(1 / EVERY)
            self._docked = not self._docked
            self._tell(self._headset())
        if self.is_up and now >= self._beats:
            self._beats = now + words.BEAT
            self._send(self._pc.beat(now) if self._welcome else self._pc.hello(now))

    def _headset(self) -> DeviceHeadset:
        return DeviceHeadset(at=self.now, device=DeviceId("box/h1"), docked=self._docked)

    def _tell(self, *facts: DeviceHeadset | DeviceSeen | None) -> None:
        parcel = self._pc.facts(facts, self.now)
        self._kept.append((self._pc.n, parcel))
        if self._welcome:
            self._send(parcel)

    def _send(self, parcel: bytes) -> None:
        if self.is_up and self.connection is not None:
            self.connection.say(parcel)

    def heard(self, head: Mapping[str, object], body: bytes) -> None:
        word = words.of_server(body)
        if isinstance(word, words.Who):
            self._welcome, self._beats = False, self.now
        elif isinstance(word, words.Welcome):
            self._welcome = True
            for _, parcel in self._kept:
                self._send(parcel)
            seen = DeviceSeen(at=self.now, device=DeviceId("box/h1"), kind="headset", name="h1")
            self._tell(seen, self._headset(), None)

    def receipts(self, number: int) -> None:
        while self._kept and self._kept[0][0] <= number:
            self._kept.popleft()

    def connect(self) -> "DeskConnection":
        """The server listens for its PCs, whether any comes or not."""
        self.connection, self._welcome = DeskConnection(self), False
        return self.connection

    def restart(self, down: float) -> None:
        self._back = self.now + down
        self._welcome = False

    def needless(self, connection: Connection) -> bytes:
        return self._pc.beat(self.now)

    def truth(self) -> Gauges:
        return {"says": "docked" if self._docked else "undocked"}


class DeskConnection:
    def __init__(self, end: DeskEnd) -> None:
        self._end, self.closed = end, False
        self._out, self._came, self._parcels = bytearray(), 0, Parcels()
        self._sent: deque[tuple[int, int]] = deque()

    def say(self, parcel: bytes) -> None:
        self._out += parcel
        self._came += len(parcel)
        self._sent.append((self._came, self._end._pc.n))

    def receive(self, data: bytes) -> None:
        for parcel in self._parcels.feed(data):
            self._end.heard(parcel.head, parcel.body)

    def outgoing(self) -> bytes:
        said = bytes(self._out)
        self._out.clear()
        return said

    def taken(self, upto: int) -> None:
        while self._sent and self._sent[0][0] <= upto:
            self._end.receipts(self._sent.popleft()[1])

    def close(self) -> None:
        self.closed = True
        if self._end.connection is self:
            self._end.connection = None


def _at_the_pc(stage: Stage) -> Gauges:
    return {"says": next((each["says"] for each in senses(stage, "anna")), "nothing")}


def _pc(stage: Stage) -> str:
    """The source is our own router: what is stale is what the PC said."""
    own = stage.state_of(SOURCE)
    gear = stage.house.engine._state.gear.get(DeviceId(f"{SOURCE}/pc-1/box/h1"))
    if own != "live" or gear is None:
        return "connecting" if gear is None else own
    return "away" if gear.connected is False else "live"


# ── benches ──

ZEROMQ = Bench(
    name="zeromq",
    url="zmq://127.0.0.1:5599",
    own={},
    make=StreamEnd,
    told=_waiting,
    stranger=partial(StreamEnd, refuses=True),
    why="check that server_key",
)
EDGE = Bench(
    name="edge",
    url="zmq://127.0.0.1:5598",
    own={},
    make=DeskEnd,
    told=_at_the_pc,
    rest=lambda: {"agent": [{"id": "anna", "name": "Anna", "interfaces": {SOURCE: ["pc-1"]}}]},
    kept_up=True,
    notices_kill=10.0,
    shows=_pc,
)
