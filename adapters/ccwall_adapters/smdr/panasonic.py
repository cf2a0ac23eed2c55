"""Panasonic KX-TD, TDA, TDE, NS: patterns A (80 columns), B (80, with cost) and C (120).

Found by its date and time, read by columns where these stand as the manual has them, else word by word; the tail is read from
the right, where ring, duration, cost, account and condition tell themselves apart by their shape.

    01/02/02 10:03AM 1200  01 <I>12345678901234567890   5'15 00:00'00            NA

A record is written when the call is over, and its time is the end of the call.
"""

import re

from ccwall.wire.wall_time import Reading, WallClock, full_year, hour_of

from .record import Direction, Line, Outcome, Record, Skipped, seconds
from .settings import Order

_HEAD = re.compile(r"(?<!\d)(\d\d(?:\d\d)?)/(\d\d)/(\d\d(?:\d\d)?) {1,3}(\d\d?):(\d\d)([AP]M)?")
_TAIL = re.compile(
    r"(?:\s(?P<ring>\d{1,2}'\d\d))?\s+(?P<talk>\d\d:\d\d'\d\d)(?:\s+(?P<cost>\d{1,7}\.\d{2,3}\S{0,3}))?"
    r"(?:\s+(?P<account>[\d*#]{1,10}))?(?:\s+(?P<condition>[A-Z][A-Z0-9]))?\s*$"
)
_WORDS = re.compile(r"\s*(?P<extension>[*\w]{1,5})\s+(?:(?P<line>\d{2}|\d{4})\s+)?(?P<dial>.*)")
_CALLER = re.compile(r"(?P<name>.*?)(?P<number>[\d*#+-]{3,})?")
_TO_COME = ("RC", "AN")
"""Written while the call still rings, or as it is answered: its end comes in a record of its own."""
_ORDERS: dict[Order, tuple[int, int, int]] = {"month": (2, 0, 1), "day": (2, 1, 0), "year": (0, 1, 2)}
"""Where year, month and day stand."""


class Panasonic:
    """Reads lines of one switch."""

    def __init__(self, clock: WallClock, order: Order) -> None:
        self._clock, self._order = clock, _ORDERS[order]

    def read(self, text: str, now: float) -> Line:
        head = _HEAD.search(text)
        if head is None:
            return None
        at = self._at(head, now)
        if at is None:
            return None
        rest = text[head.end() :]
        tail = _TAIL.search(rest)
        if tail is None:
            return Skipped("status")  # LOG IN, In the office, Check in, Timed Reminder …
        if tail["condition"] in _TO_COME:
            return Skipped("call begins")
        extension, line, dial = _fields(text[head.start(4) :][8:], rest[: tail.start()], tail, rest)
        return _record(at, extension, line, dial, tail)

    def _at(self, head: re.Match[str], now: float) -> float | None:
        year, month, day = (head[place + 1] for place in self._order)
        hour = hour_of(int(head[4]), head[6] or "")
        return self._clock.instant(
            Reading(int(month), int(day), hour, int(head[5]), year=full_year(year)), now
        )


def _fields(columns: str, words: str, tail: re.Match[str], rest: str) -> tuple[str, str, str]:
    """Extension, line and what was dialled. `columns` begins where the extension should: two digits of a line (four in
    pattern C) after it, or as many spaces when there is none."""
    end = len(columns) - (len(rest) - tail.start())
    found = re.match(r"([*\w]{1,5} *|      *)", columns[:5])
    if found is not None and found.end() == 5 and columns[5:6] == " ":
        extension, line = columns[:5].strip(), columns[6:end]
        for width in (4, 2):
            if re.match(rf"\d{{{width}}} ", line):
                return extension, line[:width], line[width:].strip()
        if line.startswith("   "):
            return extension, "", line.strip()
    told = _WORDS.fullmatch(words)
    return (told["extension"], told["line"] or "", told["dial"].strip()) if told else ("", "", words.strip())


def _record(at: float, extension: str, line: str, dial: str, tail: re.Match[str]) -> Record:
    direction, number, name = _party(dial, line)
    ring = None if tail["ring"] is None else seconds(tail["ring"])
    talk = seconds(tail["talk"])
    return Record(
        at=at,
        direction=direction,
        outcome=_outcome(direction, talk, tail["condition"]),
        extension=extension,
        line=line,
        number=number,
        name=name,
        started=at - talk - (ring or 0.0),
        ring=ring,
        talk=talk,
        continued=tail["condition"] == "TR",
    )


def _party(dial: str, line: str) -> tuple[Direction, str, str]:
    """`<I>caller` of who calls in, `<D>number<I>caller` with the number they dialled, `EXT1235` inside, else what was dialled."""
    before, incoming, caller = dial.partition("<I>")
    if incoming or before.startswith("<D>"):
        found = _CALLER.fullmatch(caller.strip())
        name, number = ("", "") if found is None else (found["name"].strip(), found["number"] or "")
        return "in" if line or not name.startswith("S") else "internal", number, name
    if dial.startswith("EXT") or dial.endswith("EXT"):
        return "internal", dial.removeprefix("EXT").removesuffix("EXT").strip(), ""
    return "out" if line else "unknown", dial, ""


def _outcome(direction: Direction, talk: float, condition: str | None) -> Outcome:
    """An outgoing call on an analogue line is timed whether somebody answered or not."""
    if condition == "NA":
        return "not_answered"
    if direction == "out":
        return "unknown"
    return "answered" if talk > 0 else "not_answered"
