"""What is on serial lines, on benches: headsets, telephone lines, printers of call records. See `tests.integration.stage`."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from random import Random

from ccwall.events import CallLogged, DeviceSeen
from ccwall_simulators.far_end import Connection
from ccwall_simulators.serial import Headset, Modem, Printed, Whozz
from ccwall_simulators.serial.printer import avaya
from tests.integration.stage import SOURCE, Bench, Stage, senses
from tests.integration.world import DeviceEnd, Gauges, Tree

EVERY = 2.0
"""Mean seconds between two things that happen at a desk."""


def _person(key: str) -> Tree:
    return {"agent": [{"id": "anna", "name": "Anna", "interfaces": {SOURCE: [key]}}]}


class Lively(DeviceEnd):
    """Something happens to it now and then; while nobody listens, too."""

    every = EVERY

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self._chance = Random(7)
        self._next = now + 1.0

    def advance(self, now: float) -> None:
        super().advance(now)
        while self._next <= now:
            self._next += self.pause()
            self.happen()

    def pause(self) -> float:
        return self._chance.expovariate(1 / self.every)

    def happen(self) -> None: ...


class HeadsetEnd(Lively):
    """What it is now it says to whoever opens the line. It is seldom moved, so that what it says then must be right."""

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.device = Headset()
        self._believed = True

    def opened(self) -> None:
        self._believed = True

    def flooded(self) -> None:
        self._believed = False

    def pause(self) -> float:
        return 32.0

    def happen(self) -> None:
        headset: Headset = self.device
        self._believed = True
        if headset.docked:
            headset.undock()
        elif self._chance.random() < 0.5:
            headset.dock()
        else:
            headset.wear(not headset.worn)

    def needless(self, connection: Connection) -> bytes:
        return f"AT+VGS={self.device.gain}\r".encode()

    def truth(self) -> Gauges:
        """It never says that it is not worn, if it was not since it was switched on."""
        headset: Headset = self.device
        if not self._believed:
            return {"says": {"nothing"}}
        if headset.docked:
            return {"says": {"docked"}}
        return {"says": {"worn"} if headset.worn else {"undocked", "removed"}}


def _wear(stage: Stage) -> Gauges:
    says = next((each["says"] for each in senses(stage, "anna") if not each.get("stale")), "nothing")
    true = stage.end.truth()["says"]
    assert isinstance(true, set)
    return {"says": true if says in true else says}


class WhozzEnd(Lively):
    """It tells what happens, and nobody can ask it what is: a line is unknown until something happens on it."""

    LINES = ("01", "02", "03")
    every = 5.0

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.device = Whozz(lambda at: datetime.fromtimestamp(at, UTC))
        self._said: dict[str, str] = {}
        self._going: dict[str, str] = {}
        self._lost_until = 0.0

    def opened(self) -> None:
        self.device.outgoing()
        self.forgotten()

    def flooded(self) -> None:
        """For a moment all it says is thrown away."""
        self.forgotten()
        self._lost_until = self.now + 1.0

    def forgotten(self) -> None:
        self._said = dict.fromkeys(self._said, "unknown")

    def happen(self) -> None:
        line = self._chance.choice(self.LINES)
        before = self._going.get(line, "idle")
        if before == "idle":
            self.device.ring(int(line), self.now, "13800138000")
            after = "ringing"
        elif before == "ringing":
            self.device.lift(int(line), self.now)
            after = "off_hook"
        else:
            self.device.hang_up(int(line), self.now)
            after = "idle"
        self._going[line] = after
        if self.is_heard:
            self._said[line] = after if self.now >= self._lost_until else "unknown"
        else:
            self.device.outgoing()

    def needless(self, connection: Connection) -> bytes:
        return b"\r\n" * 1000

    def truth(self) -> Gauges:
        return {line: says for line, says in self._said.items() if says != "unknown"}


def _lines(stage: Stage) -> Gauges:
    told = {f"{SOURCE}/{line}": line for line in WhozzEnd.LINES}
    found = {told[each["device"]]: each["says"] for each in senses(stage, "anna")}
    return {line: says for line, says in found.items() if says != "unknown"}


class ModemEnd(Lively):
    """It is asked whether it lives, as long as nobody calls."""

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.device = Modem()

    def needless(self, connection: Connection) -> bytes:
        return b"\r\nOK\r\n"

    def truth(self) -> Gauges:
        return {"asked for caller id": self.device.caller_id != "0"}


def _modem(stage: Stage) -> Gauges:
    assert isinstance(stage.end, ModemEnd)
    return {"asked for caller id": any(isinstance(fact, DeviceSeen) for fact in stage.facts)}


class PrinterEnd(Lively):
    """History: what is printed while nobody listens is lost, and what is printed again is the same call."""

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.device = self
        self._calls = 0
        self._out: list[str] = []
        self._printed: list[str] = []

    def opened(self, now: float = 0.0) -> None:
        """A printer does not know that somebody listens."""

    def receive(self, data: bytes, now: float) -> None:
        """It is only listened to."""

    def tick(self, now: float) -> None:
        """Nothing happens by itself."""

    def outgoing(self) -> bytes:
        said, self._out = self._out, []
        return "".join(f"{line}\r\n" for line in said).encode()

    def happen(self) -> None:
        self._calls += 1
        when = datetime.fromtimestamp(self.now, UTC).replace(tzinfo=None, microsecond=0)
        number = f"139{self._calls:08}"
        call = Printed(
            started=when,
            ended=when,
            inbound=True,
            extension="201",
            line=1,
            number=number,
            ring=3,
            talk=9,
            id=self._calls,
        )
        if self.is_heard:
            self._out.append(avaya(call))
            self._printed.append(number)

    def needless(self, connection: Connection) -> bytes:
        return b"\r\n" * 1000

    def truth(self) -> Gauges:
        return {"last": self._printed[-1], "twice": [], "invented": []}


def _records(stage: Stage) -> Gauges:
    assert isinstance(stage.end, PrinterEnd)
    told = Counter(fact.number for fact in stage.facts if isinstance(fact, CallLogged))
    return {
        "last": next(reversed(told), ""),
        "twice": [number for number, times in told.items() if times > 1],
        "invented": sorted(told.keys() - set(stage.end._printed)),
    }


# ── benches ──

_SERIAL = "serial:///dev/ccwall-bench"

HEADSET = Bench(
    name="serial-headset",
    url=_SERIAL,
    own={"key": "h1"},
    make=HeadsetEnd,
    told=_wear,
    rest=partial(_person, "h1"),
    asks=False,
)
WHOZZ = Bench(
    name="whozz-calling",
    url=_SERIAL,
    own={},
    make=WhozzEnd,
    told=_lines,
    rest=lambda: {"agent": [{"id": "anna", "name": "Anna", "interfaces": {SOURCE: list(WhozzEnd.LINES)}}]},
    asks=False,
)
MODEM = Bench(
    name="modem-caller-id",
    url=_SERIAL,
    own={"line": "l1"},
    make=ModemEnd,
    told=_modem,
    rest=partial(_person, "l1"),
)
SMDR = Bench(
    name="smdr", url=_SERIAL, own={"format": "avaya-ipo"}, make=PrinterEnd, told=_records, asks=False
)
