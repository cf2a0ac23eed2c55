"""A headset, as one speaks over Bluetooth (HFP: it asks, and reports by AT commands) or as a dock that writes words."""

from pathlib import Path
from typing import Literal

from ccwall_simulators.callcentre.desks import DeskChanged

from .pseudo import OnPty

Dialect = Literal["hands-free", "words"]
GREETING = (
    "AT+BRSF=758",
    "AT+BAC=1,2",
    "AT+CIND=?",
    "AT+CIND?",
    "AT+CMER=3,0,0,1",
    "AT+CHLD=?",
    "AT+BIND=2",
    "AT+BIND=?",
    "AT+BIND?",
    "AT+XAPL=0047-B001-0100,6",
)
"""How a service level connection is made (HFP 1.9, 4.2.1), with Apple's extension at its end."""
AGAIN_AFTER = 2.0
"""Seconds after which a question that was not answered is asked again."""


class Headset:
    """Sans I/O. What changes is said at once if somebody listens; whoever begins to listen is told all of it."""

    def __init__(self, dialect: Dialect = "hands-free") -> None:
        self.dialect = dialect
        self.docked, self.worn, self.muted = True, False, False
        self.charge, self.gain = 1.0, 9
        self._out: list[str] = []
        self._to_ask: list[str] = []
        self._asked_at = 0.0
        self._heard = b""

    # ── what somebody does with it ──

    def dock(self) -> None:
        self.docked, self.worn = True, False
        self._say("AT+IPHONEACCEV=1,2,1", "DOCKED")

    def undock(self) -> None:
        self.docked = False
        self._say("AT+IPHONEACCEV=1,2,0", "UNDOCKED")

    def wear(self, worn: bool = True) -> None:
        self.worn = worn
        self._say(f"AT+XEVENT={'DON' if worn else 'DOFF'}", "WORN" if worn else "REMOVED")

    def press(self, button: str = "hook") -> None:
        """The hook button; a dock of words may have others."""
        self._say("AT+CKPD=200", f"BUTTON {button}")

    def battery(self, charge: float) -> None:
        """`charge`: a fraction of 1."""
        self.charge = charge
        self._say(f"AT+BIEV=2,{charge * 100:.0f}", f"BATT {charge * 100:.0f}")

    def mute(self, muted: bool = True) -> None:
        self.muted = muted
        self._say(f"AT+CMUT={muted:d}", f"MUTE {muted:d}")

    def volume(self, gain: int) -> None:
        """`gain` from 0 to 15."""
        self.gain = gain
        self._say(f"AT+VGS={gain}", f"VOL {gain * 100 // 15}")

    # ── the line ──

    def opened(self, now: float) -> None:
        self._out.clear()
        self._heard = b""
        self._to_ask = list(GREETING) if self.dialect == "hands-free" else []
        if self._to_ask:
            self._ask(now)
        else:
            self._all()

    def receive(self, data: bytes, now: float) -> None:
        *lines, self._heard = (self._heard + data).replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            if line in (b"OK", b"ERROR") and self._to_ask:
                del self._to_ask[0]
                if self._to_ask:
                    self._ask(now)
                else:
                    self._all()

    def tick(self, now: float) -> None:
        if self._to_ask and now - self._asked_at >= AGAIN_AFTER:
            self._ask(now)

    def outgoing(self) -> bytes:
        said, self._out = self._out, []
        end = "\r" if self.dialect == "hands-free" else "\r\n"
        return "".join(line + end for line in said).encode()

    def _ask(self, now: float) -> None:
        self._asked_at = now
        self._out.append(self._to_ask[0])

    def _all(self) -> None:
        self.dock() if self.docked else self.undock()
        if self.worn:
            self.wear()
        self.battery(self.charge)
        self.volume(self.gain)

    def _say(self, command: str, words: str) -> None:
        if self.dialect == "words":
            self._out.append(words)
        elif not self._to_ask:  # before, it is told with all the rest
            self._out.append(command)


class HeadsetOnPty(OnPty):
    """One headset on a line; what is done with it is said at once."""

    def __init__(
        self, link_path: Path | str, dialect: Dialect = "hands-free", *, plugged: bool = True
    ) -> None:
        self.headset = Headset(dialect)
        super().__init__(link_path, self.headset, plugged=plugged)

    def follow(self, change: DeskChanged) -> None:
        """What happened on its desk."""
        if change.what == "docked":
            self.dock() if change.value else self.undock()
        elif change.what == "battery":
            self.battery(float(change.value))

    def dock(self) -> None:
        self.headset.dock()
        self.flush()

    def undock(self) -> None:
        self.headset.undock()
        self.flush()

    def wear(self, worn: bool = True) -> None:
        self.headset.wear(worn)
        self.flush()

    def press(self, button: str = "hook") -> None:
        self.headset.press(button)
        self.flush()

    def battery(self, charge: float) -> None:
        self.headset.battery(charge)
        self.flush()

    def mute(self, muted: bool = True) -> None:
        self.headset.mute(muted)
        self.flush()

    def volume(self, gain: int) -> None:
        self.headset.volume(gain)
        self.flush()
