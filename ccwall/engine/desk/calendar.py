"""Working days: which days count, and when a promise of so many of them is due.

Weekends are free, but for the make-up days (调休) that a country's calendar or the house names; holidays are free. All
instants are epoch seconds, all days those of the site's zone.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ccwall.engine.day import zone_of

if TYPE_CHECKING:
    from ccwall.events import Calendar

SATURDAY = 5
FARTHEST = 400
"""days that are looked at for a working day: nobody is off for longer"""


class WorkingDays:
    """``changed``: what people said of single days (`CalendarChanged`), by ISO day."""

    def __init__(self, calendar: "Calendar", zone: str, changed: Mapping[str, str] | None = None) -> None:
        self._zone = zone_of(zone)
        self._free, self._made_up = frozenset(calendar.holidays), frozenset(calendar.workdays)
        self._changed = changed or {}
        self._opens = timedelta(seconds=calendar.opens)
        self._closes = timedelta(seconds=calendar.closes)

    def is_working(self, day: date) -> bool:
        key = day.isoformat()
        said = self._changed.get(key)
        if said is not None:
            return said == "workday"
        if key in self._made_up:
            return True
        return key not in self._free and day.weekday() < SATURDAY

    def day_of(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()

    def due_days(self, since: float, days: int) -> float:
        """The end of the ``days``-th working day after the one on which it came (民法典 201: the first day does not count)."""
        day = self.day_of(since)
        left = days
        for _ in range(FARTHEST):
            if left <= 0:
                break
            day += timedelta(days=1)
            left -= self.is_working(day)
        return self._at(day, self._closes)

    def due_hours(self, since: float, hours: float) -> float:
        """So many hours later by the clock, as a promise of 24 or 48 hours is kept: nights and holidays count."""
        return since + hours * 3600.0

    def first_answer(self, since: float) -> float:
        """At once while the house is open on a working day; else when it opens next."""
        day = self.day_of(since)
        for _ in range(FARTHEST):
            if self.is_working(day) and since < self._at(day, self._closes):
                return max(since, self._at(day, self._opens))
            day += timedelta(days=1)
        return since

    def _at(self, day: date, after: timedelta) -> float:
        return datetime.combine(day, time.min, self._zone).timestamp() + after.total_seconds()
