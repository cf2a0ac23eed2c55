"""A voice modem with caller id: it answers AT commands, and says RING and who calls."""

from datetime import datetime
from pathlib import Path

from ccwall_adapters.serial_phone.caller_id import CallerId, written

from .pseudo import OnPty

RING_EVERY = 6.0


class Modem:
    """Sans I/O. `rockwell`: an old one that has only `#CID`; `dead`: it answers nothing."""

    def __init__(self, *, rockwell: bool = False) -> None:
        self.rockwell, self.dead = rockwell, False
        self.caller_id = "0"
        self._echo = True
        self._out = ""
        self._heard = b""
        self._rings = 0

    def ring(self, number: str = "", name: str = "", when: datetime | None = None) -> None:
        """Once; caller id follows the first ring. An empty number is kept private."""
        self._out += "\r\nRING\r\n"
        self._rings += 1
        if self._rings == 1 and self.caller_id != "0":
            self._tell(number, name, when)

    def stopped(self) -> None:
        """It rings no more."""
        self._rings = 0

    def _tell(self, number: str, name: str, when: datetime | None) -> None:
        time = when.strftime("%m%d%H%M") if when else "01010000"
        if self.caller_id == "2":
            raw = written(CallerId(time=time, number=number, name=name), "" if number else "P")
            self._out += f"\r\nMESG = {raw}\r\n"
            return
        told = {"DATE": time[:4], "TIME": time[4:], "NMBR": number or "P", "NAME": name or "O"}
        self._out += "".join(f"\r\n{key} = {value}\r\n" for key, value in told.items())

    # ── the line ──

    def opened(self, now: float) -> None:
        self._heard = b""

    def receive(self, data: bytes, now: float) -> None:
        if self.dead:
            return
        *commands, self._heard = (self._heard + data).split(b"\r")
        for command in commands:
            text = command.decode("ascii", "replace").strip().upper()
            if self._echo:
                self._out += f"{text}\r"
            self._out += f"\r\n{self._answer(text)}\r\n"

    def _answer(self, text: str) -> str:
        name, _, value = text.partition("=")
        if text == "ATZ":
            self._echo, self.caller_id = True, "0"
        elif text == "ATE0":
            self._echo = False
        elif text == "ATI3":
            return "CCWALL SIMULATED 56K\r\n\r\nOK"
        elif name == ("AT#CID" if self.rockwell else "AT+VCID"):
            self.caller_id = value
        elif text != "AT":
            return "ERROR"
        return "OK"

    def tick(self, now: float) -> None:
        """Nothing happens by itself."""

    def outgoing(self) -> bytes:
        said, self._out = self._out, ""
        return said.encode("ascii", "replace")


class ModemOnPty(OnPty):
    """One modem on a line; say `flush` after it rang."""

    def __init__(self, link_path: Path | str, *, rockwell: bool = False) -> None:
        self.modem = Modem(rockwell=rockwell)
        super().__init__(link_path, self.modem)
