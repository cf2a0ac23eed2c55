"""The configuration keys of a box or a modem, beside `name`, `type` and `url`."""

import msgspec

from ccwall.wire.wall_time import WallClock


class WhozzSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`zone`: where the box's own clock hangs, an IANA name."""

    zone: str = "UTC"

    def __post_init__(self) -> None:
        WallClock(self.zone)


class ModemSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`line`: the device's name within its source, what `interfaces` of a person has. `init`: commands to begin with, each
    after the answer to the one before. `ping_every`: seconds between two `AT` while nothing rings; 0: never."""

    line: str = "line"
    init: tuple[str, ...] = ("ATZ", "ATE0", "AT+VCID=1")
    ping_every: float = 3.0

    def __post_init__(self) -> None:
        for command in self.init:
            if not (command.upper().startswith("AT") and command.isascii() and command.isprintable()):
                raise ValueError(f'init: "{command[:40]}" is no command: it begins with AT')
