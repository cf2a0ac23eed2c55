"""The business day of a site, and the intervals in it.

A day starts at an hour of the site's own clock and has 23, 24 or 25 hours; intervals are aligned in UTC, which keeps
the two 01:30s of an autumn night apart. All time zones in use are whole quarters of an hour from UTC.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

MINUTE = 60
FALLBACK_ZONE = "UTC"


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One business day [start, end) in epoch seconds, cut into intervals of ``length`` seconds."""

    start: int
    end: int
    length: int

    def day_of(self, at: float) -> int | None:
        """The key of the day that ``at`` is counted in: this one or the next; None when that day is closed."""
        if at < self.start:
            return None
        return self.start if at < self.end else self.end

    def interval_of(self, at: float) -> int:
        """When the interval that holds ``at`` began."""
        return int(at // self.length) * self.length


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The zone by its name; UTC for a name nobody knows, which configuration has refused long before."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(FALLBACK_ZONE)


def frame_at(now: float, zone: str, day_starts: int, interval: int) -> Frame:
    """The business day that ``now`` belongs to. Intervals are whole minutes, because buckets are.

    >>> frame_at(1_795_305_600.0, "Asia/Shanghai", 0, 900)
    Frame(start=1795276800, end=1795363200, length=900)
    """
    tz = zone_of(zone)
    today = datetime.fromtimestamp(now, tz).date()
    if now < _start_of(today, tz, day_starts):
        today -= timedelta(days=1)
    return Frame(
        start=_start_of(today, tz, day_starts),
        end=_start_of(today + timedelta(days=1), tz, day_starts),
        length=max(MINUTE, interval // MINUTE * MINUTE),
    )


def _start_of(day: date, tz: ZoneInfo, hour: int) -> int:
    return int(datetime(day.year, day.month, day.day, min(max(hour, 0), 23), tzinfo=tz).timestamp())
