"""Days and windows by the clock on the wall: looked for, quarter of an hour by quarter of an hour."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from ccwall.engine.scope import ROLLING, Window
from ccwall.events import Policy


def day_of(policy: Policy, now: float) -> tuple[int, int]:
    """The business day: from the last moment at which the site's clocks showed its hour, to the next."""
    return _day_of(policy.zone, policy.day_starts, int(now) // 900 * 900)


@cache
def _day_of(name: str, hour: int, start: int) -> tuple[int, int]:
    zone = ZoneInfo(name)

    def begins(moment: int) -> bool:
        local = datetime.fromtimestamp(moment, zone)
        return (local.hour, local.minute, local.second) == (hour, 0, 0)

    while not begins(start):
        start -= 900
    end = start + 900
    while not begins(end):
        end += 900
    return start, end


def windows(policy: Policy, now: float) -> list[tuple[str, Window]]:
    """Each with its written form: today, this interval, some before it, and the rolling ones."""
    start, end = day_of(policy, now)
    length = policy.interval
    present = int(now) // length * length
    found = [("today", Window("today", start, end))]
    found.append(("interval", Window("interval", present, present + length)))
    for back in (1, 2, 4):
        before = present - back * length
        if before >= start:
            found.append((f"interval:{before}", Window("interval", before, before + length, is_open=False)))
    step = int(now) // 5 * 5  # the last finished step
    found += [
        (f"rolling:{minutes}", Window("rolling", step - 60 * minutes, step, minutes=minutes))
        for minutes in ROLLING
    ]
    return found
