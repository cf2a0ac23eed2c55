"""Avaya IP Office: comma-separated fields, the first seventeen of them since release 4, more in later ones.

    2008/06/28 09:28:41,00:00:00,9,8004206,I,4324,4324,,0,1000014155,0,E4324,Joe Bloggs,T9161,LINE 5.1,0,0,…

Ring time is from the arrival to the answer, waiting in queues included. A call that goes on in another record has a 1 as its
continuation.
"""

import csv
import re

from ccwall.wire.wall_time import Reading, WallClock

from .record import Direction, Line, Outcome, Record, seconds

_START = re.compile(r".{0,4}?(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)")
_CLOCK = re.compile(r"\d{2,4}:\d\d:\d\d")
FIELDS = 17
LONGEST = 10 * 86_400.0
"""Seconds; no part of a call lasts longer, and what says so is damaged."""


class Avaya:
    """Reads lines of one switch."""

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock

    def read(self, text: str, now: float) -> Line:
        if text.count(",") < FIELDS - 1:
            return None
        try:
            fields = next(csv.reader([text]))
        except (csv.Error, StopIteration):
            return None
        if len(fields) < FIELDS:
            return None
        start = _START.fullmatch(fields[0])
        lengths = [_length(fields[place]) for place in (2, 15, 16)]
        if start is None or not _CLOCK.fullmatch(fields[1]) or None in lengths or fields[4] not in ("I", "O"):
            return None
        began = self._clock.instant(_reading(start), now)
        return None if began is None else _record(fields, began, [length or 0.0 for length in lengths])


def _reading(start: re.Match[str]) -> Reading:
    year, month, day, hour, minute, second = (int(part) for part in start.groups())
    return Reading(month, day, hour, minute, second, year=year)


def _length(field: str) -> float | None:
    return float(field) if re.fullmatch(r"\d{1,6}", field) and float(field) <= LONGEST else None


def _record(fields: list[str], began: float, lengths: list[float]) -> Record:
    ring, hold, park = lengths
    talk = min(seconds(fields[1]), LONGEST)
    continued = fields[10] == "1"
    direction: Direction = "internal" if fields[8] == "1" else "in" if fields[4] == "I" else "out"
    outcome: Outcome = "answered" if talk > 0 else "unknown" if continued else "not_answered"
    one, other = fields[11], fields[13]
    return Record(
        at=began + talk + ring + hold + park,
        direction=direction,
        outcome=outcome,
        extension=next((device[1:] for device in (one, other) if device.startswith("E")), ""),
        line=next((device for device in (other, one) if device.startswith("T")), ""),
        number=fields[3] if direction == "in" else fields[6] or fields[5],
        started=began,
        ring=ring,
        talk=talk,
        hold=hold + park,
        continued=continued,
        id=fields[9] if re.fullmatch(r"\d{1,20}", fields[9]) else "",
    )
