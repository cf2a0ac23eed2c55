"""One modem on one telephone line, sans I/O: rings, and who calls. The contract is `ccwall.adapter.Session`.

A modem tells rings and nothing of what became of the call: no RING for `RING_OVER` seconds means that it was answered
elsewhere or given up. In live mode it is set up by `init`, one command after the other's answer, and asked `AT` while nothing
rings: a modem that does not answer is dead.
"""

import re
from typing import cast

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.errors import LinkSilent
from ccwall.events import CallLogged, DeviceId, DeviceSeen, DeviceStateChanged, PhoneState
from ccwall.wire.line_session import LineSession
from ccwall.wire.lines import Clarity

from .caller_id import WITHHELD, CallerId, field, message
from .settings import ModemSettings

LONGEST_LINE = 1024
RING_OVER = 8.0
"""Seconds without a RING after which nothing rings any more: rings are six seconds apart."""
ANSWER_WITHIN = 6.0
INSTEAD = "AT#CID=1"
"""What Rockwell's older modems want instead of AT+VCID=1."""
_ANSWERS = re.compile(
    r"OK|ERROR|CONNECT(?: .*)?|NO CARRIER|NO DIAL ?TONE|BUSY|NO ANSWER|\+CME ERROR.*|DELAYED"
)
_ECHO = re.compile(r"AT[\x20-\x7e]{0,80}", re.IGNORECASE)


class ModemSession(LineSession):
    """See the module."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        super().__init__(directory, mode, Clarity("a modem (OK, RING, NMBR = …)", 115200), LONGEST_LINE)
        self._settings = cast(ModemSettings, settings)
        self._device = DeviceId(directory.own(self._settings.line))
        self._agent = directory.person(self._settings.line)
        self._phone: PhoneState = "idle"
        self._first = self._last = 0.0
        self._said: list[str] = []
        self._caller = CallerId()
        self._to_do: list[str] = []
        self._asked = ""
        self._asked_at = self._pinged_at = 0.0

    def greet(self, now: float) -> None:
        """Up is a modem that has answered; one that is only observed is taken as it is."""
        self._asked, self._to_do, self.limits = "", list(self._settings.init or ("AT",)), ()
        self._pinged_at = now
        if self.live:
            self._ask_next(now)
        else:
            self.up(now)

    def began(self, now: float) -> None:
        """Nothing rings as far as we know; the next RING is at most six seconds away."""
        self._forget()
        self._phone = "idle"
        self.out.append(
            DeviceSeen(at=now, device=self._device, kind="line", name=self._settings.line, agent=self._agent)
        )

    def heard(self, text: str, now: float) -> bool:
        text = text.strip()
        said = field(text)
        up = self.state == "live"  # before, a ring has nobody to tell of it: it comes again
        if text.upper() in ("RING", "R"):
            self.count("RING")
            if up:
                self._ring(now)
        elif said is not None:
            self.count(said[0])
            if up:
                self._field(*said, text, now)
        elif _ANSWERS.fullmatch(text):
            self.count(text.partition(" ")[0])
            self._answered(text, now)
        else:
            self.count("echo")
            return _ECHO.fullmatch(text) is not None
        return True

    def passed(self, now: float) -> None:
        if self._phone == "ringing" and now - self._last >= RING_OVER:
            self._over()
        if self.live:
            self._keep_asking(now)

    # ── calls ──

    def _ring(self, now: float) -> None:
        if self._phone != "ringing":
            self._first = now
            self._state_of("ringing", now)
        self._last = now

    def _field(self, key: str, value: str, text: str, now: float) -> None:
        """Caller id comes between the first ring and the second."""
        if key in ("DRON", "DROF"):  # the cadence of a ring, with AT+VDR=1
            if key == "DRON":
                self._ring(now)
            return
        self._ring(now)
        self._said.append(text[:200])
        del self._said[:-20]
        known = self._caller
        if key in ("NMBR", "DDN_NMBR"):
            number = "" if value.upper() in WITHHELD else value[:40]
            self._caller = msgspec.structs.replace(known, number=number or known.number)
        elif key == "NAME":
            name = "" if value.upper() in WITHHELD else value[:80]
            self._caller = msgspec.structs.replace(known, name=name)
        elif key == "MESG" and (whole := message(value)) is not None:
            self._caller = whole

    def _over(self) -> None:
        """Answered elsewhere, or given up; the modem cannot tell which."""
        ended = self._last + RING_OVER
        self._state_of("idle", ended)
        self.out.append(
            CallLogged(
                at=self._last,
                call=self.directory.own(f"{self._settings.line}-{self._first:.3f}"),
                direction="in",
                line=self._settings.line,
                number=self._caller.number,
                name=self._caller.name,
                started=self._first,
                ring=self._last - self._first,
                agent=self._agent,
                raw="\n".join(self._said),
            )
        )
        self._forget()

    def _forget(self) -> None:
        self._said, self._caller = [], CallerId()

    def _state_of(self, state: PhoneState, at: float) -> None:
        self._phone = state
        self.out.append(DeviceStateChanged(at=at, device=self._device, state=state, agent=self._agent))

    # ── what we ask ──

    def _ask_next(self, now: float) -> None:
        if self.live and not self._asked and self._to_do:
            self._ask(self._to_do.pop(0), now)

    def _ask(self, command: str, now: float) -> None:
        self._asked, self._asked_at = command, now
        self.write(f"{command}\r")

    def _answered(self, text: str, now: float) -> None:
        asked, self._asked = self._asked.upper(), ""
        self._pinged_at = now
        if "ERROR" in text and "CID" in asked:
            if asked != INSTEAD:
                self._to_do.insert(0, INSTEAD)
            else:
                self.limits = ("caller_id",)
        self._ask_next(now)
        if self.live and self.state == "login" and not self._asked:
            self.up(now)

    def _keep_asking(self, now: float) -> None:
        """Not while it rings: a modem that takes a command may miss the caller id."""
        every = self._settings.ping_every * self.rate
        if self._asked and now - self._asked_at >= ANSWER_WITHIN * self.rate:
            raise LinkSilent(
                f"the modem has not answered {self._asked} for {ANSWER_WITHIN:g} s. Check that it is switched on, its cable, "
                "and the speed (?baud=… in the url)"
            )
        if not self._asked and every > 0 and self._phone != "ringing" and now - self._pinged_at >= every:
            self._pinged_at = now
            self._ask("AT", now)
