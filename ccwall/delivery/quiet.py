"""Hours in which only the worst is told; the rest waits for their end."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ccwall.delivery.contract import Quiet

DAY = 86_400
_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


def quiet(text: str) -> Quiet:
    """What configuration writes; ValueError when it is none.

    >>> quiet("22:00-07:30")
    Quiet(starts=79200, ends=27000)
    """
    found = _HOURS.fullmatch(text.strip())
    if found:
        starts, ends = (
            int(hour) * 3600 + int(minute) * 60 for hour, minute in (found.group(1, 2), found.group(3, 4))
        )
        if max(starts, ends) <= DAY and starts % DAY != ends % DAY:
            return Quiet(starts % DAY, ends % DAY)
    raise ValueError(f'must be hours like "22:00-07:00", not "{text[:40]}"')


def ends(hours: Sequence[Quiet], zone: str, now: float) -> float:
    """When it may be told: ``now``, or the end of the quiet hours it is in, by the clock on the wall there."""
    there = ZoneInfo(zone)
    when = now
    for _ in range(len(hours) + 1):  # the end of one may lie in another
        local = datetime.fromtimestamp(when, there)
        second = local.hour * 3600 + local.minute * 60 + local.second
        end = next((each.ends for each in hours if _within(each, second)), None)
        if end is None:
            return when
        over = local.replace(hour=end // 3600, minute=end % 3600 // 60, second=0, microsecond=0, fold=0)
        if over <= local:
            over += timedelta(days=1)
        when = over.timestamp()
    return when


def _within(hours: Quiet, second: int) -> bool:
    if hours.starts < hours.ends:
        return hours.starts <= second < hours.ends
    return second >= hours.starts or second < hours.ends
