"""What `ccwall simulate` can be beside a switch: phones behind a SIP server, sensors on a bus."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ccwall.errors import CcwallError, ConfigError
from ccwall.lifetime import Job
from ccwall.main.practising import Wanted, cannot_listen
from ccwall.main.running import shown
from ccwall_simulators.breaking import Breakable, Pace, Together

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import CallCentre, Scenario

DOMAIN = "pbx.example"
DOORS = 1
Now = Callable[[], float]


class Alone:
    """What things have in common: a floor of their own that nobody else looks at."""

    stands = "listens at"

    def __init__(self, scenario: "Scenario", wanted: Wanted, centre: "CallCentre", now: Now) -> None:
        self._scenario, self._wanted, self._centre, self._now = scenario, wanted, centre, now
        self._pace = Pace(now, wanted.speed)

    async def ready(self) -> None:
        """When it has begun, it is."""

    async def end(self) -> None:
        """Its jobs end with it."""


# ── phones ──


class Phones(Alone):
    """A SIP server with all phones of the floor, over UDP and TCP."""

    def __init__(self, scenario: "Scenario", wanted: Wanted, centre: "CallCentre", now: Now) -> None:
        from ccwall_simulators.sip import SipServer
        from ccwall_simulators.sip.practice import kept, sip_server

        super().__init__(scenario, wanted, centre, now)
        (port,) = wanted.ports
        self._server = SipServer(
            centre, wanted.username, wanted.secret, DOMAIN, host=wanted.host, port=port, now=now
        )
        self._kept = kept(self._server)
        self.practice: Breakable = sip_server(self._server, self._kept, self._pace)
        self.product = f"SIP server with {len(scenario.agents())} phones"
        self.login = f'UDP and TCP. Subscribe as "{wanted.username}" with {{secret}}, domain {DOMAIN}.'

    @property
    def where(self) -> str:
        return f"udp://{shown(self._wanted.host)}:{self._server.port}"

    def source(self) -> str:
        watch = ", ".join(f'"{user}"' for user in sorted(self._server.phones.handsets))
        return source_of(
            "phones",
            "sip-dialog",
            self.where,
            f'username = "{self._wanted.username}"',
            'secret = { env = "SIP_SECRET" }',
            f'domain = "{DOMAIN}"',
            f"watch = [{watch}]",
            'events = ["dialog", "presence"]',
        )

    async def begin(self) -> None:
        try:
            await self._server.open()
        except OSError as error:
            raise cannot_listen(f"{self._wanted.host}:{self._wanted.ports[0]}", error) from None

    def jobs(self, now: Now) -> list[Job]:
        return [("phones", self._server.run()), ("kept", self._kept.run())]


# ── the bus ──


class Desks(Alone):
    """Sensors on every seat, a door and buttons, at a broker of our own or at one that is there already."""

    def __init__(self, scenario: "Scenario", wanted: Wanted, centre: "CallCentre", now: Now) -> None:
        from ccwall_simulators.callcentre.desks import Desks
        from ccwall_simulators.callcentre.practice import people
        from ccwall_simulators.mqtt import Broker, Bus, Sensors
        from ccwall_simulators.mqtt.practice import broker, kept

        super().__init__(scenario, wanted, centre, now)
        (port,) = wanted.ports
        self._seats = {agent.id: agent.seat for agent in scenario.agents() if agent.seat}
        sensors = Sensors(Desks(centre, wanted.seed), seats=self._seats, doors=DOORS, seed=wanted.seed)
        walking = people(centre, self._pace, wanted.seed)
        if wanted.broker:
            self._broker, self.stands = None, "publishes to"
            self._host, self._port = _host_and_port(wanted.broker)
            self.practice: Breakable = walking
        else:
            self._broker = Broker(port, port + 1 if port else 0)
            self._kept = kept(self._broker)
            self._host, self._port = "127.0.0.1", self._broker.port
            self.practice = Together(broker(self._kept, self._pace), walking)
        self._bus = Bus(self._port, sensors, now, host=self._host)
        self.product = f"zigbee2mqtt with {len(scenario.agents())} seats"

    @property
    def where(self) -> str:
        return f"mqtt://{shown(self._host)}:{self._broker.port5 if self._broker else self._port}"

    @property
    def login(self) -> str:
        if self._broker is None:
            return "It publishes below zigbee2mqtt/, without a name or a password."
        return f"That port speaks MQTT 5; MQTT 3.1.1 is at port {self._port}. It asks for no log-in. All is below zigbee2mqtt/."

    def source(self) -> str:
        from ccwall_simulators.mqtt.sensors import ACTIONS

        actions = ", ".join(f'{press} = "{what}"' for what, press in ACTIONS.items())
        first = self._scenario.agents()[0]
        seat = self._seats.get(first.id, f"seat-{first.id}")
        return (
            source_of("desks", "mqtt", self.where, 'preset = "zigbee2mqtt"', f"actions = {{ {actions} }}")
            + f'\n\n[[seat]]\nid = "{seat}"\nsensors.desks = ["{seat}"]   # each seat so; a person\'s button is "button-{first.id}"'
        )

    async def begin(self) -> None:
        if self._broker is not None:
            try:
                await self._broker.start()
            except OSError as error:
                raise CcwallError(f"cannot start the broker: {error}; choose another --port") from None

    async def end(self) -> None:
        if self._broker is not None:
            await self._broker.stop()

    def jobs(self, now: Now) -> list[Job]:
        jobs: list[Job] = [("bus", self._bus.run())]
        if self._broker is not None:
            jobs.append(("kept", self._kept.run()))
        return jobs


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ConfigError("ccwall simulate mqtt", [("--broker", f"is {text!r}; write HOST:PORT")])
    return host.strip("[]"), int(port)


def source_of(name: str, kind: str, url: str, *own: str) -> str:
    return "\n".join(["[[source]]", f'name = "{name}"', f'type = "{kind}"', f'url = "{url}"', *own])
