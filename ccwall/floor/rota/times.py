"""Dates, times and spans as spreadsheets have them, in Chinese and in English."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?")
SPAN = re.compile(r"(\d{1,2}[:：]\d{2})\s*[-–—~～至到]\s*(\d{1,2}[:：]\d{2})")
"""``09:00-18:00``; of the night, 22:00-06:00 ends on the day after."""
LONGEST = 24 * 3600.0


def day(text: str) -> date:
    """ValueError when it is none.

    >>> day("2026-11-02"), day("2026年11月2日"), day("20261102"), day("2026/11/2")
    (datetime.date(2026, 11, 2), datetime.date(2026, 11, 2), datetime.date(2026, 11, 2), datetime.date(2026, 11, 2))
    """
    found = _DAY.fullmatch(text.strip()) or _COMPACT.fullmatch(text.strip())
    if found is None:
        raise ValueError("is not a day like 2026-11-02")
    return date(*map(int, found.groups()))


def clock(text: str) -> timedelta:
    """Since midnight, up to 24:00. ValueError when it is none.

    >>> clock("9:05"), clock("24:00")
    (datetime.timedelta(seconds=32700), datetime.timedelta(days=1))
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError("is not a time like 09:00")
    since = timedelta(hours=int(found[1]), minutes=int(found[2]))
    if since > timedelta(hours=24) or int(found[2]) > 59:
        raise ValueError("is not a time of a day")
    return since


def between(on: date, begins: timedelta, ends: timedelta, zone: ZoneInfo) -> tuple[float, float]:
    """Epoch seconds. What ends before it begins ends on the day after."""
    if ends <= begins:
        ends += timedelta(days=1)
    return at(on, begins, zone), at(on, ends, zone)


def at(on: date, since: timedelta, zone: ZoneInfo) -> float:
    """By the clock on the wall: 09:00 is 09:00 on the day that clocks change, too."""
    days, seconds = divmod(int(since.total_seconds()), 86_400)
    there = on + timedelta(days=days)
    hour, rest = divmod(seconds, 3600)
    return datetime.combine(there, time(hour, rest // 60), zone).timestamp()
