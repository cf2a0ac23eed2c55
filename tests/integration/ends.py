"""The switches on benches: see `tests.integration.stage`."""

import tomllib
from collections.abc import Callable
from functools import partial

from ccwall_adapters.csta_xml.frame import Frames, framed
from ccwall_adapters.csta_xml.writing import SESSION_NAMESPACE, document, leaf, tag
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.csta import CstaSwitch
from ccwall_simulators.far_end import Connection, FarEnd
from ccwall_simulators.freeswitch import FreeSwitchPbx
from ccwall_simulators.freeswitch.names import agent_name, queue_name
from tests.integration.stage import SOURCE, Bench, Stage
from tests.integration.world import SECRET, Gauges, Tree

SEED = 3
NEEDLESS = 20
_SCENARIO = load_scenario("small_floor")


def small_floor(start: float) -> CallCentre:
    return CallCentre(_SCENARIO, SEED, start)


# ── switches ──


class Switch:
    """A simulated switch with its floor; `queue` is what it calls a queue of the floor."""

    def __init__(
        self, make: Callable[[CallCentre, float], FarEnd], queue: Callable[[str], str], start: float
    ):
        self._floor, self._queue = small_floor(start), queue
        self._far_end = make(self._floor, start)
        self._far_end.advance(start)

    @property
    def is_up(self) -> bool:
        return self._far_end.is_up

    def advance(self, now: float) -> None:
        self._far_end.advance(now)

    def connect(self) -> Connection:
        return self._far_end.connect()

    def restart(self, down: float) -> None:
        self._far_end.restart(down, clean=False)

    def needless(self, connection: Connection) -> bytes:
        connection.outgoing()
        self._far_end.flood(NEEDLESS)
        return connection.outgoing()

    def truth(self) -> Gauges:
        gauges: dict[str, object] = {}
        talking = self._floor.talking()
        for queue in self._floor.queues():
            name = self._queue(queue.name)
            gauges[f"waiting in {name}"] = len(queue.waiting)
            gauges[f"talking in {name}"] = sum(each.queue == queue.name for each in talking)
        return gauges


class Strict(Switch):
    """A CSTA switch that gives nobody an application session."""

    def __init__(self, start: float) -> None:
        super().__init__(_csta, str, start)

    def connect(self) -> Connection:
        return _Refusing()


class _Refusing:
    """See `far_end.Connection`."""

    def __init__(self) -> None:
        self.closed = False
        self._frames, self._out = Frames(), bytearray()

    def receive(self, data: bytes) -> None:
        error = tag("errorCode", leaf("definedError", "applicationNotRegistered"))
        answer = document("StartApplicationSessionNegResponse", error, namespace=SESSION_NAMESPACE)
        for invoke, _ in self._frames.feed(data):
            self._out += framed(invoke, answer)

    def outgoing(self) -> bytes:
        said = bytes(self._out)
        self._out.clear()
        return said

    def close(self) -> None:
        self.closed = True


def _queues(stage: Stage) -> Gauges:
    gauges: dict[str, object] = {}
    for queue in stage.board["queues"].values():
        gauges[f"waiting in {queue['name']}"] = queue["waiting"]
        gauges[f"talking in {queue['name']}"] = queue["talking"]
    return gauges


def _tables(queue: Callable[[str], str] = str, interface: Callable[[str], str] = str) -> Tree:
    tree: Tree = tomllib.loads(_SCENARIO.configuration(source=SOURCE, url="tcp://192.0.2.1:1"))
    for each in tree["queue"]:
        each |= {"source": SOURCE, "native": queue(each["native"])}
    for each in tree["agent"]:
        each["interfaces"][SOURCE] = [interface(name) for name in each["interfaces"][SOURCE]]
    return tree


def _asterisk(floor: CallCentre, start: float, secret: str = "secret") -> FarEnd:
    return AsteriskPbx(floor, start=start, seed=SEED, username="ccwall", secret=secret)


def _freeswitch(floor: CallCentre, start: float, password: str = "secret") -> FarEnd:
    return FreeSwitchPbx(floor, start=start, seed=SEED, password=password)


def _csta(floor: CallCentre, start: float) -> FarEnd:
    return CstaSwitch(floor, start=start, seed=SEED, pace=1.0)


def csta_own() -> Tree:
    switch = _csta(small_floor(0.0), 0.0)
    assert isinstance(switch, CstaSwitch)
    groups = {number: name for name, number in switch.groups.items()}
    return {"devices": list(switch.phones), "groups": groups}


ASTERISK = Bench(
    name="asterisk-ami",
    url="tcp://192.0.2.1:5038",
    own={"username": "ccwall", "secret": SECRET},
    make=partial(Switch, _asterisk, str),
    told=_queues,
    rest=_tables,
    stranger=partial(Switch, partial(_asterisk, secret="another"), str),
    why="Check username and secret",
)
FREESWITCH = Bench(
    name="freeswitch-esl",
    url="tcp://192.0.2.1:8021",
    own={"password": SECRET},
    make=partial(Switch, _freeswitch, queue_name),
    told=_queues,
    rest=partial(_tables, queue_name, agent_name),
    stranger=partial(Switch, partial(_freeswitch, password="another"), queue_name),
    why="password",
)
CSTA = Bench(
    name="csta-xml",
    url="tcp://192.0.2.1:1150",
    own=csta_own(),
    make=partial(Switch, _csta, str),
    told=_queues,
    rest=_tables,
    stranger=Strict,
    why="Check `application`",
)
