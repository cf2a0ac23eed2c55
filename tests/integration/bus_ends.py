"""A broker and the sensors of a floor on it, on a bench. See `tests.integration.stage`."""

from collections import deque
from collections.abc import Mapping
from functools import partial

from ccwall.wire.parcel import pack
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.desks import Desks, Habits
from ccwall_simulators.far_end import Connection
from ccwall_simulators.mqtt import Message, Sensors
from tests.integration.stage import SOURCE, Bench, Stage, senses
from tests.integration.world import Gauges, Tree

# ── the bus ──

_FLOOR = load_scenario("small_floor")


class BusEnd:
    """A broker, and the sensors of a floor on it: it keeps our session and what came for it, unless it dies."""

    def __init__(self, start: float, code: int = 0, desks: Desks | None = None) -> None:
        if desks is None:
            desks = Desks(CallCentre(_FLOOR, 3, start), 3, Habits(sensor_faults=20.0, sensor_gone=20.0))
        self.desks = desks
        self._sensors = Sensors(self.desks, seed=3)
        self._code = code
        self.now, self._back = start, 0.0
        self._kept: dict[str, Message] = {}
        self._session = False
        self._owed: deque[tuple[int, bytes]] = deque()
        """messages of QoS 1 that were not acknowledged: identifier, parcel"""
        self._mid = 0
        self._connection: BusConnection | None = None
        self._publish(list(self._sensors.advance(start)))
        self._publish(self._sensors.everything())

    @property
    def is_up(self) -> bool:
        return self.now >= self._back

    def advance(self, now: float) -> None:
        was, self.now = self.is_up, now
        said = list(self._sensors.advance(now))
        if self.is_up:
            self._publish(said if was else self._sensors.everything())

    def connect(self) -> "BusConnection":
        if not self.is_up:
            raise ConnectionRefusedError("the broker is down")
        if self._connection is not None:
            self._connection.closed = True
        self._connection = connection = BusConnection(self)
        if self._code:
            connection.say({"link": "refused", "code": self._code, "said": "Not authorized"})
            return connection
        connection.say({"link": "connected", "session": self._session})
        connection.say({"link": "subscribed", "refused": []})
        for mid, parcel in self._owed:
            connection.send(mid, parcel)
        for message in self._kept.values():
            self._deliver(message, retain=True)
        self._session = True
        return connection

    def restart(self, down: float) -> None:
        self._back = self.now + down
        self._kept.clear()
        self._owed.clear()
        self._session = False
        if self._connection is not None:
            self._connection.closed = True

    def gone(self, connection: "BusConnection") -> None:
        if self._connection is connection:
            self._connection = None

    def taken(self, mid: int) -> None:
        self._owed = deque(each for each in self._owed if each[0] != mid)

    def needless(self, connection: Connection) -> bytes:
        return pack(
            {"topic": "zigbee2mqtt/bridge/logging"}, b'{"level":"info","message":"' + b"x" * 300 + b'"}'
        )

    def truth(self) -> Gauges:
        desks = {agent: self.desks.desk(agent) for agent in self.desks.agents()}
        says = {True: "occupied", False: "vacant"}
        return {agent: says[desk.seated] if desk.sensor else "sensor_gone" for agent, desk in desks.items()}

    def _publish(self, messages: list[Message]) -> None:
        for message in messages:
            if message.retain:
                self._kept[message.topic] = message
            if self._session:
                self._deliver(message, retain=False)

    def _deliver(self, message: Message, *, retain: bool) -> None:
        self._mid += 1
        head = {"topic": message.topic, "qos": 1, "mid": self._mid, **({"retain": True} if retain else {})}
        parcel = pack(head, message.payload)
        self._owed.append((self._mid, parcel))
        if self._connection is not None:
            self._connection.send(self._mid, parcel)


class BusConnection:
    """As `ccwall.transport.mqtt` hands on what the broker says."""

    def __init__(self, end: BusEnd) -> None:
        self._end, self.closed = end, False
        self._out, self._came = bytearray(), 0
        self._sent: deque[tuple[int, int]] = deque()

    def say(self, head: Mapping[str, object]) -> None:
        self._write(pack(head))

    def send(self, mid: int, parcel: bytes) -> None:
        self._write(parcel)
        self._sent.append((self._came, mid))

    def _write(self, data: bytes) -> None:
        self._out += data
        self._came += len(data)

    def receive(self, data: bytes) -> None:
        """Nobody says anything to it here."""

    def outgoing(self) -> bytes:
        said = bytes(self._out)
        self._out.clear()
        return said

    def taken(self, upto: int) -> None:
        while self._sent and self._sent[0][0] <= upto:
            self._end.taken(self._sent.popleft()[1])

    def close(self) -> None:
        self.closed = True
        self._end.gone(self)


def _seats(stage: Stage) -> Gauges:
    assert isinstance(stage.end, BusEnd)
    return {
        agent: each["says"]
        for agent in stage.end.desks.agents()
        for each in senses(stage, agent)
        if each["sense"] == "seat"
    }


def _seated() -> Tree:
    people = [agent.id for agent in _FLOOR.agents()]
    return {
        "agent": [{"id": agent, "name": agent, "seat": f"S{agent}"} for agent in people],
        "seat": [{"id": f"S{agent}", "sensors": {SOURCE: [f"seat-{agent}"]}} for agent in people],
    }


MQTT = Bench(
    name="mqtt",
    url="mqtt://192.0.2.1:1883",
    own={"preset": "zigbee2mqtt"},
    make=BusEnd,
    told=_seats,
    rest=_seated,
    stranger=partial(BusEnd, code=135),
    why="check username and password",
    asks=False,
    kept_up=True,
)
