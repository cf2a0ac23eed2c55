"""Instants out of what a device's clock on the wall says: local time, often without a year, never with a zone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec


class Reading(msgspec.Struct, frozen=True):
    """What the clock shows. ``year`` None: it does not say."""

    month: int
    day: int
    hour: int
    minute: int
    second: int = 0
    year: int | None = None


class WallClock:
    """Clocks of one zone, an IANA name; ValueError when there is none of this name."""

    def __init__(self, zone: str) -> None:
        try:
            self._zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'"{zone[:60]}" is no time zone: write one like "Asia/Shanghai"') from None

    def instant(self, reading: Reading, now: float, ahead: float = inf) -> float | None:
        """The instant nearest to `now` at which such a clock shows this, not more than `ahead` seconds later; None when none
        ever does.

        An hour that comes twice (the end of summer time) and a year that is not said are settled by nearness; a time that
        summer time left out is taken as the clock without the change would show it.

        >>> clock = WallClock("Europe/Berlin")
        >>> clock.instant(Reading(10, 25, 2, 30, year=2026), 1792891000.0)  # 02:30 comes twice
        1792891800.0
        >>> clock.instant(Reading(12, 31, 23, 59), 1798758000.0)  # one minute before 2027 there
        1798757940.0
        """
        told = [instant for instant in self._candidates(reading, now) if instant - now <= ahead]
        return min(told, key=lambda instant: abs(instant - now), default=None)

    def lately(self, hour: int, minute: int, now: float) -> float | None:
        """The instant nearest to `now` at which such a clock shows this time of day.

        >>> WallClock("UTC").lately(23, 50, 86_400.0 * 366 + 60.0)  # ten minutes ago, yesterday
        31621800.0
        """
        near = [datetime.fromtimestamp(now + days * 86_400.0, self._zone) for days in (-1, 0, 1)]
        found = [self.instant(Reading(day.month, day.day, hour, minute, year=day.year), now) for day in near]
        told = [instant for instant in found if instant is not None]
        return min(told, key=lambda instant: abs(instant - now), default=None)

    def _candidates(self, reading: Reading, now: float) -> Iterator[float]:
        year = datetime.fromtimestamp(now, UTC).year
        for chosen in (year - 1, year, year + 1) if reading.year is None else (reading.year,):
            for fold in (0, 1):
                try:
                    shown = datetime(
                        chosen,
                        reading.month,
                        reading.day,
                        reading.hour,
                        reading.minute,
                        reading.second,
                        tzinfo=self._zone,
                        fold=fold,
                    )
                    yield shown.timestamp()
                except (ValueError, OverflowError):
                    continue


def full_year(digits: str) -> int:
    """Two digits are of this century.

    >>> full_year("26"), full_year("2026")
    (2026, 2026)
    """
    return int(digits) + (2000 if len(digits) == 2 else 0)


def hour_of(hour: int, half: str) -> int:
    """The hour of a 24-hour clock; `half` is AM, PM or neither.

    >>> hour_of(12, "AM"), hour_of(12, "PM"), hour_of(1, "PM"), hour_of(13, "")
    (0, 12, 13, 13)
    """
    return hour if not half else hour % 12 + (12 if half.upper().startswith("P") else 0)
