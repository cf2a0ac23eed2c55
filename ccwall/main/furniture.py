"""What `ccwall simulate` can be beside a switch: phones behind a SIP server, sensors on a bus, devices on serial lines."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ccwall.errors import CcwallError, ConfigError
from ccwall.lifetime import Job
from ccwall.main.practising import Thing, Wanted, cannot_listen, floor_of
from ccwall.main.running import shown
from ccwall_simulators.breaking import Breakable, Pace, Together

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import CallCentre, Scenario
    from ccwall_simulators.serial import OnPty
    from ccwall_simulators.serial.headset import HeadsetOnPty

DOMAIN = "pbx.example"
DOORS = 1
DOCKS_WHILE_READY = 4.0
"""Per person and hour: worse than most, so that one need not wait long."""
LINES = 4
"""Telephone lines at a box and at a printer; a modem has one."""
STEP = 0.05
"""Real seconds between two looks at the floor."""
Now = Callable[[], float]


def make(scenario: "Scenario", wanted: Wanted, start: float, now: Now) -> Thing:
    """One of `THINGS` on a floor of its own."""
    return THINGS[wanted.product](scenario, wanted, floor_of(scenario, wanted.seed, start), now)


class _Alone:
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


class _Phones(_Alone):
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
        return _source(
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


class _Bus(_Alone):
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
            _source("desks", "mqtt", self.where, 'preset = "zigbee2mqtt"', f"actions = {{ {actions} }}")
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


# ── serial lines ──


class _Line(_Alone):
    """One device on a pseudo-terminal that a symbolic link names."""

    title = source_type = name = ""
    stands = "is at"

    def __init__(self, scenario: "Scenario", wanted: Wanted, centre: "CallCentre", now: Now) -> None:
        super().__init__(scenario, wanted, centre, now)
        if sys.platform == "win32":
            raise CcwallError("serial lines are simulated by pseudo-terminals: on Linux and macOS only")
        self.product = self.title
        self.login = "A pseudo-terminal: speed and parity mean nothing there."
        self._folder = None if wanted.link else tempfile.TemporaryDirectory(prefix="ccwall-serial-")
        self._path = (
            Path(wanted.link).absolute() if self._folder is None else Path(self._folder.name, self.name)
        )
        if os.path.lexists(self._path) and not self._path.is_symlink():
            raise ConfigError("ccwall simulate", [("--link", f"{self._path} is there, and no symbolic link")])
        self._zone = ZoneInfo(scenario.floor.zone)
        try:
            self._line = self._make()
        except OSError as error:
            raise CcwallError(f"cannot make {self._path}: {error.strerror or error}") from None
        self.practice = self._practice()

    def _make(self) -> "OnPty":
        """The device, plugged in."""
        raise NotImplementedError

    def _live(self, to: float) -> None:
        """Let the floor move it."""
        raise NotImplementedError

    def _practice(self) -> Breakable:
        from ccwall_simulators.serial.practice import serial_lines

        return serial_lines(self.title, {self.name: self._line}, self._pace, self._wanted.seed)

    @property
    def where(self) -> str:
        return f"serial://{self._path}"

    def source(self) -> str:
        return _source(self.name, self.source_type, self.where, *self._own())

    def _own(self) -> Sequence[str]:
        return ()

    def _wall(self, t: float) -> datetime:
        return datetime.fromtimestamp(t, self._zone).replace(tzinfo=None)

    def _zone_line(self) -> str:
        return f'zone = "{self._scenario.floor.zone}"'

    async def begin(self) -> None:
        """It is plugged in already."""

    async def end(self) -> None:
        self._line.unplug()
        if self._folder is not None:
            self._folder.cleanup()

    async def _move(self) -> None:
        while True:
            self._live(self._now())
            self._line.flush()
            await asyncio.sleep(STEP)

    def jobs(self, now: Now) -> list[Job]:
        return [("line", self._line.run()), ("floor", self._move())]


class _Headset(_Line):
    title, source_type, name = "Headset", "serial-headset", "headset"

    def _make(self) -> "HeadsetOnPty":
        from ccwall_simulators.callcentre.desks import Desks, Habits
        from ccwall_simulators.serial import HeadsetOnPty

        agents = [agent.id for agent in self._scenario.agents()]
        self._agent = self._wanted.agent or agents[0]
        if self._agent not in agents:
            text = f"there is no {self._agent!r} in this scenario; there are {', '.join(agents[:8])}, …"
            raise ConfigError("ccwall simulate headset", [("--agent", text)])
        self.product = f"{self.title} of {self._agent}"
        self._desks = Desks(self._centre, self._wanted.seed, Habits(docks_while_ready=DOCKS_WHILE_READY))
        self._headset = HeadsetOnPty(self._path, "words" if self._wanted.format == "words" else "hands-free")
        return self._headset

    def _live(self, to: float) -> None:
        for change in self._desks.advance(to):
            if change.agent == self._agent:
                self._headset.follow(change)

    def _practice(self) -> Breakable:
        from ccwall_simulators.callcentre.practice import people

        doing = people(self._centre, self._pace, self._wanted.seed, self._desks, {self._agent})
        return Together(super()._practice(), doing)

    def _own(self) -> Sequence[str]:
        return (f'# interfaces.headset = ["headset"] of the [[agent]] {self._agent}',)


class _Whozz(_Line):
    title, source_type, name = "Whozz Calling? box", "whozz-calling", "box"

    def _make(self) -> "OnPty":
        from ccwall_simulators.serial import WhozzOnPty
        from ccwall_simulators.serial.beside import WhozzBeside
        from ccwall_simulators.serial.trunks import Trunks

        box = WhozzOnPty(self._path, self._wall)
        self._trunks = Trunks(self._centre, LINES, WhozzBeside(box.box))
        return box

    def _live(self, to: float) -> None:
        self._trunks.advance(to)

    def _own(self) -> Sequence[str]:
        return (self._zone_line(),)


class _Modem(_Whozz):
    title, source_type, name = "Modem with caller id", "modem-caller-id", "modem"

    def _make(self) -> "OnPty":
        from ccwall_simulators.serial import ModemOnPty
        from ccwall_simulators.serial.beside import ModemBeside
        from ccwall_simulators.serial.trunks import Trunks

        modem = ModemOnPty(self._path)
        self._trunks = Trunks(self._centre, 1, ModemBeside(modem.modem, self._wall))
        return modem

    def _own(self) -> Sequence[str]:
        return ()


class _Printer(_Whozz):
    title, source_type, name = "Printer of call records", "smdr", "printer"

    def _make(self) -> "OnPty":
        from ccwall_simulators.serial import PrinterOnPty
        from ccwall_simulators.serial.beside import PrinterBeside
        from ccwall_simulators.serial.printer import HEADS
        from ccwall_simulators.serial.trunks import Trunks

        wanted = self._wanted.format
        known = [each for each in HEADS if each == wanted]
        if not known:
            raise ConfigError(
                "ccwall simulate smdr", [("--format", f"is {wanted!r}; there are {', '.join(HEADS)}")]
            )
        printer = PrinterOnPty(self._path, known[0])
        self._trunks = Trunks(self._centre, LINES, PrinterBeside(printer, self._wall))
        return printer

    def _own(self) -> Sequence[str]:
        return (f'format = "{self._wanted.format}"', self._zone_line())


def _source(name: str, kind: str, url: str, *own: str) -> str:
    return "\n".join(["[[source]]", f'name = "{name}"', f'type = "{kind}"', f'url = "{url}"', *own])


THINGS: "Mapping[str, Callable[[Scenario, Wanted, CallCentre, Now], Thing]]" = {
    "sip": _Phones,
    "mqtt": _Bus,
    "headset": _Headset,
    "whozz": _Whozz,
    "modem": _Modem,
    "smdr": _Printer,
}
