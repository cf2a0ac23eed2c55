"""What `ccwall simulate` can be, and its simulated switches put together: scenario, floor, product, server, and what breaks them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from ccwall.errors import CcwallError, ConfigError
from ccwall.lifetime import Job
from ccwall.main.running import shown
from ccwall_simulators.breaking import Breakable
from ccwall_simulators.far_end import FarEnd
from ccwall_simulators.practice import Practice, Timed, keep
from ccwall_simulators.server import BY_NAME, Server

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import CallCentre, Scenario
    from ccwall_simulators.callcentre.contract import Floor
    from ccwall_simulators.callcentre.rushing import Callers
    from ccwall_simulators.callcentre.scenario import Product as Behind

USERNAME = "ccwall"
DAY = 86_400.0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to simulate. `ports`: the first free one of these. `steady`: the speed stays what it is. Of a serial line: `link`
    is the path that names it (empty: somewhere of our own), `agent` whose headset it is, `format` what a switch prints.
    `broker`: host:port of one that is there already."""

    scenario: str
    seed: int
    speed: float = 1.0
    secret: str = ""
    username: str = USERNAME
    host: str = "127.0.0.1"
    ports: Sequence[int] = (0,)
    steady: bool = False
    product: str = "asterisk"
    link: str = ""
    agent: str = ""
    format: str = ""
    broker: str = ""


class Simulator(FarEnd, Protocol):
    """A far end that knows, in its own terms, what really happened."""

    def visits(self) -> Sequence[msgspec.Struct]: ...


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A switch to connect to. `login` is how, in words: ``{username}`` and ``{secret}`` are filled in. `own`: the same in the
    `[[source]]` of a ccwall. `make` puts it on a floor; the instant is what the floor's time is now. `queue`: what it calls a
    queue of the floor."""

    login: str
    own: str = ""
    make: "Callable[[Floor, Wanted, float], Simulator]"
    queue: Callable[[str], str] = str


class Thing(Protocol):
    """What `ccwall simulate` runs: `begin` takes what it needs, its `jobs` make it live, `end` gives everything back."""

    @property
    def product(self) -> str:
        """What it says it is."""
        ...

    @property
    def practice(self) -> Breakable:
        """What breaks it."""
        ...

    @property
    def where(self) -> str:
        """Its URL, once it is there."""
        ...

    @property
    def stands(self) -> str:
        """What it does at its URL, in words."""
        ...

    @property
    def login(self) -> str:
        """How one gets in, in words; ``{secret}`` is to be filled in."""
        ...

    def source(self) -> str:
        """The `[[source]]` of a ccwall that reads it, once it is there."""
        ...

    async def begin(self) -> None:
        """CcwallError when something is not to be had."""
        ...

    async def end(self) -> None: ...
    async def ready(self) -> None:
        """It can be connected to."""
        ...

    def jobs(self, now: Callable[[], float]) -> list[Job]:
        """`now` is the floor's time."""
        ...


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """A switch whose port is taken; a `Thing`. `centre` is the floor behind it."""

    server: Server
    practice: Practice
    centre: "CallCentre"
    timed: Sequence[Timed]
    wanted: Wanted
    scenario: "Scenario"

    @property
    def product(self) -> str:
        return ", ".join(self.server.far_end.products())

    @property
    def username(self) -> str:
        return self.wanted.username

    @property
    def where(self) -> str:
        return f"tcp://{shown(self.wanted.host)}:{self.server.port}"

    def callers(self, source: str) -> "Callers":
        """What may befall them, as long as nobody else's floor is meant."""
        from ccwall_simulators.callcentre.rushing import Callers

        server = self.server
        return Callers({source: self.centre}, lambda: server.now, lambda: server.speed)

    @property
    def stands(self) -> str:
        return "listens at"

    @property
    def login(self) -> str:
        return PRODUCTS[self.wanted.product].login.format(username=self.username, secret="{secret}")

    def source(self) -> str:
        own = PRODUCTS[self.wanted.product].own.format(username=self.username)
        behind: Behind = self.wanted.product  # type: ignore[assignment]  # one of PRODUCTS
        return self.scenario.source(source="pbx1", url=self.where, own=own, product=behind)

    async def begin(self) -> None:
        """Its port is taken already."""

    async def end(self) -> None:
        """The server's own end gives the port back."""

    async def ready(self) -> None:
        await self.server.ready.wait()

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


def _esl_queue(queue: str) -> str:
    from ccwall_simulators.freeswitch.names import queue_name

    return queue_name(queue)


PRODUCTS: Mapping[str, Product] = {
    "asterisk": Product(
        login='Log in as "{username}" with {secret}.',
        own='username = "{username}"\nsecret = {{ env = "AMI_SECRET" }}',
        make=_asterisk,
    ),
    "freeswitch": Product(
        login="Log in with {secret}.",
        own='password = {{ env = "ESL_PASSWORD" }}',
        make=_freeswitch,
        queue=_esl_queue,
    ),
    "csta": Product(login="It asks for no log-in.", make=_csta),
}
"""The switches of `ccwall simulate`: a new one is a line here, what it calls things in callcentre/configuration.py, and a command
in ccwall.cli.simulate. What is no switch is in ccwall.main.simulate."""


def floor_of(scenario: "Scenario", seed: int, start: float) -> "CallCentre":
    """Its day is at the scenario's own time of day, whatever the hour is here: nobody wants to see a floor asleep."""
    from ccwall_simulators.callcentre import CallCentre

    return CallCentre(scenario, seed, start, at=scenario.floor.start)


def switch(
    scenario: "Scenario", wanted: Wanted, start: float, on: "tuple[CallCentre, Floor] | None" = None
) -> Simulated:
    """The product that is wanted, its port taken, on the floor of this scenario or on one that is there already, and what it
    sees of that; `start` is what the floor's time is now."""
    centre, floor = on if on is not None else (floor_of(scenario, wanted.seed, start),) * 2
    far_end = PRODUCTS[wanted.product].make(floor, wanted, start)
    server = _opened(far_end, wanted)
    practice = Practice(
        server,
        scenario=scenario.key,
        seed=wanted.seed,
        steady=wanted.steady,
        visits=far_end.visits,
        queue=PRODUCTS[wanted.product].queue,
    )
    timed = [
        Timed(
            first=start + (each.at - scenario.floor.start) % DAY,
            fault=BY_NAME[each.name].name,
            seconds=each.seconds,
        )
        for each in scenario.fault
    ]
    return Simulated(
        server=server, practice=practice, centre=centre, timed=timed, wanted=wanted, scenario=scenario
    )


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
    raise cannot_listen(f"{wanted.host}:{where}", problem, what_to_do)


def cannot_listen(
    where: str, problem: OSError, what_to_do: str = "choose another with --port"
) -> CcwallError:
    return CcwallError(f"cannot listen on {where}: {problem.strerror or problem}; {what_to_do}")
