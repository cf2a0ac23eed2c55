"""A simulated switch on a socket, put together: scenario, floor, product, server, and what breaks it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from ccwall.errors import CcwallError, ConfigError
from ccwall.lifetime import Job
from ccwall_simulators.far_end import FarEnd
from ccwall_simulators.practice import Practice, Timed, keep
from ccwall_simulators.server import BY_NAME, Server

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import Scenario
    from ccwall_simulators.callcentre.contract import Floor

USERNAME = "ccwall"
DAY = 86_400.0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to simulate. `product` is one of `PRODUCTS`. `ports`: the first free one of these. `steady`: the speed stays what
    it is."""

    scenario: str
    seed: int
    speed: float = 1.0
    secret: str = ""
    username: str = USERNAME
    host: str = "127.0.0.1"
    ports: Sequence[int] = (0,)
    steady: bool = False
    product: str = "asterisk"


class Simulator(FarEnd, Protocol):
    """A far end that knows, in its own terms, what really happened."""

    def visits(self) -> Sequence[msgspec.Struct]: ...


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """Something to connect to. `login` is how, in words: ``{username}`` and ``{secret}`` are filled in. `make` puts it on a
    floor; the instant is what the floor's time is now."""

    port: int
    login: str
    make: "Callable[[Floor, Wanted, float], Simulator]"


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """A switch whose port is taken; its `jobs` make it live."""

    server: Server
    practice: Practice
    timed: Sequence[Timed]
    username: str

    @property
    def product(self) -> str:
        return ", ".join(self.server.far_end.products())

    def jobs(self, now: Callable[[], float]) -> list[Job]:
        """`now` is what the floor's time is when they begin."""

        async def serve() -> None:
            await self.server.run(at=now())

        return [("switch", serve()), ("timetable", keep(self.server, self.timed))]


def plan(name: str) -> "Scenario":
    """The scenario of that name or in that file, or ConfigError."""
    from ccwall_simulators.callcentre import load_scenario
    from ccwall_simulators.callcentre.reading import ScenarioError

    try:
        scenario = load_scenario(name)
    except ScenarioError as error:
        raise ConfigError(error.name, error.mistakes) from None
    for number, fault in enumerate(scenario.fault):
        if fault.name not in BY_NAME:
            text = f"{fault.name!r} is no fault; there are {', '.join(BY_NAME)}"
            raise ConfigError(name, [(f"fault[{number}].name", text)])
    return scenario


def _asterisk(floor: "Floor", wanted: Wanted, start: float) -> Simulator:
    from ccwall_simulators.asterisk import AsteriskPbx

    return AsteriskPbx(floor, start=start, secret=wanted.secret, username=wanted.username, seed=wanted.seed)


def _freeswitch(floor: "Floor", wanted: Wanted, start: float) -> Simulator:
    from ccwall_simulators.freeswitch import FreeSwitchPbx

    return FreeSwitchPbx(floor, start=start, password=wanted.secret, seed=wanted.seed)


def _csta(floor: "Floor", wanted: Wanted, start: float) -> Simulator:
    from ccwall_simulators.csta import CstaSwitch

    return CstaSwitch(floor, start=start, seed=wanted.seed)


PRODUCTS: Mapping[str, Product] = {
    "asterisk": Product(port=5038, login='Log in as "{username}" with {secret}.', make=_asterisk),
    "freeswitch": Product(port=8021, login="Log in with {secret}.", make=_freeswitch),
    "csta": Product(port=1040, login="No log-in; {username} and {secret} are not asked for.", make=_csta),
}
"""What `ccwall simulate` can be: a new one is a line here and a command in ccwall.cli.simulate."""


def floor_of(scenario: "Scenario", seed: int, start: float) -> "Floor":
    """Its day is at the scenario's own time of day, whatever the hour is here: nobody wants to see a floor asleep."""
    from ccwall_simulators.callcentre import CallCentre

    return CallCentre(scenario, seed, start, at=scenario.floor.start)


def switch(scenario: "Scenario", wanted: Wanted, start: float, floor: "Floor | None" = None) -> Simulated:
    """The product that is wanted, its port taken, on the floor of this scenario or on the one given; `start` is what the
    floor's time is now."""
    floor = floor_of(scenario, wanted.seed, start) if floor is None else floor
    far_end = PRODUCTS[wanted.product].make(floor, wanted, start)
    server = _opened(far_end, wanted)
    practice = Practice(
        server, scenario=scenario.key, seed=wanted.seed, steady=wanted.steady, visits=far_end.visits
    )
    timed = [
        Timed(
            first=start + (each.at - scenario.floor.start) % DAY,
            fault=BY_NAME[each.name].name,
            seconds=each.seconds,
        )
        for each in scenario.fault
    ]
    return Simulated(server=server, practice=practice, timed=timed, username=wanted.username)


def _opened(far_end: FarEnd, wanted: Wanted) -> Server:
    """On the first free port; CcwallError when there is none."""
    for port in wanted.ports:
        server = Server(far_end, wanted.speed, host=wanted.host, port=port, seed=wanted.seed)
        try:
            server.open()
        except OSError as error:
            problem = error
        else:
            return server
    ports = wanted.ports
    where, what_to_do = f"{ports[0]}", "choose another with --port"
    if len(ports) > 1:
        where, what_to_do = f"{ports[0]} to {ports[-1]}", "end some of the programs that use these ports"
    raise CcwallError(f"cannot listen on {wanted.host}:{where}: {problem.strerror or problem}; {what_to_do}")
