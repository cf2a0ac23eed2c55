"""One headset, sans I/O. ccwall is its audio gateway: it answers what a headset asks, and has no calls of its own."""

import re
from typing import cast

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.events import DeviceHeadset, DeviceId, DevicePressed, DeviceSeen, DeviceStateChanged, PhoneState
from ccwall.wire.line_session import LineSession
from ccwall.wire.lines import Clarity

from .hands_free import ACCEPTED, BUTTONS, Command, Indicators, command
from .settings import WITH_VALUE, WORDS, HeadsetSettings

LONGEST_LINE = 1024
LONGEST_WORDS = 200
"""Characters of a line that a dock's patterns are tried on."""
_GATEWAY = re.compile(
    r"OK|ERROR|RING|\+(?:CIND|CIEV|BRSF|CHLD|VG[SM]|BSIR|BIND|COPS|BCS|CLIP|CCWA|XAPL|CME ERROR)\b.*"
)
"""What an AG says: of ccwall itself when a line echoes, of somebody else's in a recording."""
_HOOK: dict[str, PhoneState] = {"off_hook": "in_use", "on_hook": "idle", "ringing": "ringing"}
_STATES: dict[str, tuple[str, bool]] = {
    "docked": ("docked", True),
    "undocked": ("docked", False),
    "worn": ("worn", True),
    "removed": ("worn", False),
    "connected": ("connected", True),
    "disconnected": ("connected", False),
    "muted": ("muted", True),
    "unmuted": ("muted", False),
}


class HeadsetSession(LineSession):
    """See the module."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        expected = "AT commands, or words like DOCKED (see docs/adapters/headset.md, lines)"
        super().__init__(directory, mode, Clarity(expected), LONGEST_LINE)
        self._settings = cast(HeadsetSettings, settings)
        self._device = DeviceId(directory.own(self._settings.key))
        self._agent = directory.person(self._settings.key)
        self._patterns = [
            (meaning, re.compile(pattern, re.IGNORECASE))
            for patterns in (self._settings.lines, WORDS)
            for meaning, pattern in patterns.items()
        ]
        self._said: dict[str, bool | float] = {}
        self._product = ""
        self._phone = ""
        self._indicators = Indicators()

    def began(self, now: float) -> None:
        self._said.clear()
        self._indicators.clear()
        self._product = self._phone = ""
        self._seen(now)

    def heard(self, text: str, now: float) -> bool:
        asked = command(text)
        if asked is not None:
            self._command(asked, now)
            return True
        if _GATEWAY.fullmatch(text):
            self.asked(text, now)
            return True
        return self._words(text.strip()[:LONGEST_WORDS], now)

    def asked(self, text: str, now: float) -> None:
        self.count(text.partition(":")[0][:12])
        if self._indicators.line(text):
            self._calls(cast(PhoneState, self._indicators.phone), now)

    # ── AT commands ──

    def _command(self, asked: Command, now: float) -> None:
        known = asked.name + asked.kind in ACCEPTED or asked.name in BUTTONS
        self.count(f"{'' if known else 'unknown:'}AT{asked.name[:20]}")
        self._tell(now, connected=True)
        for line in asked.answer():
            self.write(f"\r\n{line}\r\n")
        if asked.name in BUTTONS and asked.kind in ("", "="):
            self._press(BUTTONS[asked.name], now)
        elif asked.kind == "=":
            self._report(asked, now)

    def _report(self, said: Command, now: float) -> None:
        match said.name, said.number(0):
            case "+VGS", int(gain) if 0 <= gain <= 15:
                self._tell(now, volume=round(gain / 15, 3))
            case "+CMUT", (0 | 1) as muted:
                self._tell(now, muted=bool(muted))
            case "+BIEV", 2:
                self._battery(said.number(1), now)
            case "+IPHONEACCEV", int(pairs):
                self._apple(said, pairs, now)
            case "+XEVENT", None if said.arguments:
                self._plantronics(said, now)
            case "+XAPL", _ if said.arguments:
                self._seen(now, said.arguments[0][:40])

    def _apple(self, said: Command, pairs: int, now: float) -> None:
        """Apple's accessory design guidelines: key 1 is the battery from 0 to 9, key 2 the dock."""
        for place in range(1, 2 * min(pairs, 16), 2):
            key, value = said.number(place), said.number(place + 1)
            if key == 1 and value is not None and 0 <= value <= 9:
                self._battery((value + 1) * 10, now)
            elif key == 2 and value in (0, 1):
                self._tell(now, docked=bool(value))

    def _plantronics(self, said: Command, now: float) -> None:
        """`BATTERY,level,levels,…`, `DON`, `DOFF`, `USER-AGENT,vendor,product,…`."""
        what, level, levels = said.arguments[0].upper(), said.number(1), said.number(2)
        if (
            what == "BATTERY"
            and level is not None
            and levels is not None
            and 0 <= level < levels
            and levels > 1
        ):
            self._battery(level * 100 // (levels - 1), now)
        elif what in ("DON", "DOFF"):
            self._tell(now, worn=(what == "DON") == (level != 0))
        elif what == "USER-AGENT" and len(said.arguments) > 2:
            self._seen(now, said.arguments[2][:60])

    # ── the words of docks ──

    def _words(self, text: str, now: float) -> bool:
        for meaning, pattern in self._patterns:
            found = pattern.fullmatch(text)
            if found is None:
                continue
            self.count(meaning)
            value = found[1] or "" if meaning in WITH_VALUE else ""
            if meaning in _STATES:
                field, state = _STATES[meaning]
                self._tell(now, **{field: state})
            elif meaning in _HOOK:
                self._calls(_HOOK[meaning], now)
            elif meaning == "button":
                self._press(value, now)
            elif value.isdecimal() and int(value[:4]) <= 100:
                share = int(value) / 100
                self._tell(now, **{meaning: share})
            return True
        return False

    # ── facts ──

    def _seen(self, now: float, product: str = "") -> None:
        if product and product == self._product:
            return
        self._product = product
        self.out.append(
            DeviceSeen(
                at=now,
                device=self._device,
                kind="headset",
                name=self._settings.key,
                product=product,
                agent=self._agent,
            )
        )

    def _battery(self, percent: int | None, now: float) -> None:
        if percent is not None and 0 <= percent <= 100:
            self._tell(now, battery=percent / 100)

    def _tell(self, now: float, **said: bool | float) -> None:
        """What is new of it; a headset repeats itself."""
        new = {key: value for key, value in said.items() if self._said.get(key) != value}
        if new:
            self._said.update(new)
            fact = {"type": "device.headset", "at": now, "device": self._device, "agent": self._agent, **new}
            self.out.append(msgspec.convert(fact, DeviceHeadset))

    def _calls(self, state: PhoneState, now: float) -> None:
        if state != self._phone:
            self._phone = state
            self.out.append(DeviceStateChanged(at=now, device=self._device, state=state, agent=self._agent))

    def _press(self, button: str, now: float) -> None:
        purpose = self._settings.buttons.get(button, button)
        self.out.append(DevicePressed(at=now, device=self._device, button=purpose, agent=self._agent))
