"""Devices on serial lines, simulated on pseudo-terminals: what `ccwall simulate` calls by their kind."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ccwall.errors import CcwallError, ConfigError
from ccwall.lifetime import Job
from ccwall.main.furniture import Alone, Now, source_of
from ccwall.main.practising import Wanted
from ccwall_simulators.breaking import Breakable, Together

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import CallCentre, Scenario
    from ccwall_simulators.serial import OnPty
    from ccwall_simulators.serial.headset import HeadsetOnPty

DOCKS_WHILE_READY = 4.0
"""Per person and hour: worse than most, so that one need not wait long."""
LINES = 4
"""Telephone lines at a box and at a printer; a modem has one."""
STEP = 0.05
"""Real seconds between two looks at the floor."""


class Line(Alone):
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
        return source_of(self.name, self.source_type, self.where, *self._own())

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


class Headset(Line):
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


class Whozz(Line):
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


class Modem(Whozz):
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


class Printer(Whozz):
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
