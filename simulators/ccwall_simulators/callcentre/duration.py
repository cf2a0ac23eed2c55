"""Durations and times of day as a scenario writes them: "20s", "1.5m", "2h"; "09:30"."""

import re

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)", re.ASCII)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
DAY = 86400.0


class Duration(float):
    """Seconds, written as text."""

    __slots__ = ()


class TimeOfDay(float):
    """Seconds after midnight on the floor's own clock, written "09:30" or "09:30:15"; "24:00" is the end of the day."""

    __slots__ = ()


def seconds(text: str) -> Duration:
    """ValueError when it is no duration.

    >>> seconds("1.5m"), seconds("500ms")
    (90.0, 0.5)
    """
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"{text[:40]}" is not a duration like "500ms", "20s", "5m" or "1h"')
    return Duration(float(found[1]) * _UNITS[found[2]])


def time_of_day(text: str) -> TimeOfDay:
    """ValueError when it is none.

    >>> time_of_day("09:30")
    34200.0
    """
    found = _TIME.fullmatch(text.strip())
    instant = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0) if found else DAY + 1
    if instant > DAY:
        raise ValueError(f'"{text[:40]}" is not a time of day like "09:30"')
    return TimeOfDay(instant)
