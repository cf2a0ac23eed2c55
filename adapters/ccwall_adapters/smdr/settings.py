"""The configuration keys of one printer of call records, beside `name`, `type` and `url`."""

from typing import Literal

import msgspec

from ccwall.wire.wall_time import WallClock

Format = Literal["auto", "panasonic-kx", "avaya-ipo", "nec-sl"]
Order = Literal["month", "day", "year"]


class SmdrSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`format`: auto knows each line by its shape. `zone`: where the switch's clock hangs, an IANA name. `dates`: what comes
    first in a Panasonic date."""

    format: Format = "auto"
    zone: str = "UTC"
    dates: Order = "month"

    def __post_init__(self) -> None:
        WallClock(self.zone)
