"""The configuration keys of one headset, beside `name`, `type` and `url`; and the words that docks write."""

import re
from collections.abc import Mapping

import msgspec

WORDS: Mapping[str, str] = {
    "docked": r"DOCKED|IN DOCK|ON BASE",
    "undocked": r"UNDOCKED|OUT OF DOCK|OFF BASE",
    "worn": r"WORN|DON|WEAR[ =:]?1",
    "removed": r"REMOVED|NOT WORN|DOFF|WEAR[ =:]?0",
    "connected": r"CONNECTED|LINK[ =:]?1",
    "disconnected": r"DISCONNECTED|LINK[ =:]?0",
    "muted": r"MUTED|MUTE[ =:]?(?:1|ON)",
    "unmuted": r"UNMUTED|MUTE[ =:]?(?:0|OFF)",
    "battery": r"BATT(?:ERY)?[ =:]?(\d{1,3})%?",
    "volume": r"VOL(?:UME)?[ =:]?(\d{1,3})%?",
    "button": r"(?:BUTTON|BTN|KEY)[ =:]?([\w-]{1,32})",
    "off_hook": r"OFF ?HOOK|HOOK[ =:]?(?:1|OFF)",
    "on_hook": r"ON ?HOOK|HOOK[ =:]?(?:0|ON)",
    "ringing": r"RING(?:ING)?",
}
"""What a line means, by what the whole of it looks like, upper and lower case alike. Groups: percent, or a button's name."""
WITH_VALUE = ("battery", "volume", "button")


class HeadsetSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`key`: the device's name within its source, what `interfaces` of a person has. `lines`: patterns of a dock's own
    words, tried before `WORDS`. `buttons`: what its buttons are for."""

    key: str = "headset"
    lines: dict[str, str] = {}
    buttons: dict[str, str] = {}

    def __post_init__(self) -> None:
        for meaning, pattern in self.lines.items():
            if meaning not in WORDS:
                raise ValueError(f"lines.{meaning[:40]} is no meaning of a line: {', '.join(WORDS)}")
            try:
                groups = re.compile(pattern).groups
            except re.error as error:
                raise ValueError(f"lines.{meaning} is no regular expression: {error}") from None
            if groups != (meaning in WITH_VALUE):
                wanted = "one group, its value" if meaning in WITH_VALUE else "no group; write (?:…)"
                raise ValueError(f"lines.{meaning} must have {wanted}")
