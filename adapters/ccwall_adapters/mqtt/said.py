"""What a message says of a thing on a desk, before it is a fact; and how values of all kinds are read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

import msgspec

from ccwall.events import PhoneState

What = Literal[
    "seat",
    "seat.sensor",
    "seat.battery",
    "headset.docked",
    "headset.worn",
    "headset.muted",
    "headset.connected",
    "headset.battery",
    "headset.volume",
    "phone",
    "button",
]
Value = bool | float | str

KINDS: Mapping[str, str] = {"seat": "sensor", "headset": "headset", "phone": "phone", "button": "button"}
"""The kind of device that says it, by the first word of `What`."""
FRACTIONS = ("seat.battery", "headset.battery", "headset.volume")
PHONE_STATES = get_args(PhoneState)
LONGEST_KEY = 200
"""Letters of a device's key or a button's name."""

_YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("true", "on", "yes", "1", "online", "occupied", "available"), True),
    **dict.fromkeys(("false", "off", "no", "0", "offline", "vacant", "gone"), False),
}


class Said(msgspec.Struct, frozen=True):
    """`value`: of seat and its sensor, docked, worn, muted, connected a bool; of battery and volume a fraction of 1; of phone
    its state; of button its name. `at` when the message itself says it."""

    key: str
    what: What
    value: Value
    at: float | None = None


def text(value: object) -> str:
    """As a table of values writes it: `true`, `1`, `null`, or the text itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return msgspec.json.encode(value).decode()


def read(what: What, value: object, full: float) -> Value | None:
    """The value as this fact wants it, None when it is none. `full`: the number that means a whole."""
    if what in FRACTIONS:
        if isinstance(value, str):
            value = _number(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value <= full:
            return None
        return value / full
    if what == "phone":
        return value if isinstance(value, str) and value in PHONE_STATES else None
    if what == "button":
        name = text(value).strip() if isinstance(value, str | int | float) else ""
        return name[:LONGEST_KEY] or None
    return _YES_NO.get(text(value).strip().lower()) if isinstance(value, bool | int | float | str) else None


def wanted(what: What) -> str:
    """What may stand on the right side of a table of values."""
    if what in FRACTIONS:
        return "a number"
    if what == "phone":
        return "one of " + ", ".join(PHONE_STATES)
    if what == "button":
        return "the name of a button"
    return "true or false"


def instant(value: object) -> float | None:
    """Epoch seconds of a timestamp: seconds or milliseconds since 1970, or ISO 8601 with a zone; None when it is neither."""
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value[:40])
            return found.timestamp() if found.tzinfo is not None else None
        except (ValueError, OverflowError):
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        return None
    at = value / 1000.0 if value > 1e11 else float(value)
    return at if 946_684_800.0 <= at <= 32_503_680_000.0 else None


def _number(value: str) -> float | None:
    try:
        return float(value[:40].strip().removesuffix("%"))
    except ValueError:
        return None
