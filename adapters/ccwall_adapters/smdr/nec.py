"""NEC SL1100, SL2100 and SV8100, with the date in each record (PRG 35-02-14 = 1) or in the head of each page alone.

    PIN  10:52 12/09 001  00:00:20 2017       2142623802           NECinfrontia
    POT  10:52 002        00:00:10 2001       2142623801           08754
    PIN  10:53 12/09 002                      2142623801           NO ANSWER

Found by its class and time, read by columns where these stand as the manual has them, else word by word.
"""

import re

from ccwall.wire.wall_time import Reading, WallClock

from .record import Direction, Line, Outcome, Record, Skipped, seconds

CLASSES: dict[str, Direction] = {
    **dict.fromkeys(("PIN", "IVIN", "IDIN"), "in"),
    **dict.fromkeys(("POT", "POTA", "POTP", "POTW", "IVOT", "IVOTP", "IDOT", "SAD", "WAD"), "out"),
    **dict.fromkeys(("ICM", "SDTA"), "internal"),
    **dict.fromkeys(("PTRS", "ITRS"), "unknown"),
}
AHEAD = 86_400.0
"""Seconds by which a switch's clock may be fast: a record without a year is otherwise of the past."""
NO_CALLS = ("ALB", "BRD", "BFL")
"""All lines busy, barred, and the printer's buffer was full."""
DIGITAL = ("IVOT", "IVOTP")
"""Outgoing calls of which the network says when they are answered."""
_HEAD = re.compile(r"(?<![A-Z])([A-Z]{3,5}) {1,3}(\d\d):(\d\d)(?: +(\d\d)/(\d\d)(?!\d))?")
_PAGE = re.compile(r"\s*(\d\d)/(\d\d)/(\d{4}) +PAGE +\d+\s*")
_WORDS = re.compile(
    r"\s*(?P<line>\d{1,4})?\s+(?:(?P<talk>\d\d:\d\d:\d\d) +(?P<station>\S+) +)?(?P<number>[\d*#+]\S*)?\s*(?P<note>.*?)\s*"
)
_TITLES = re.compile(r"\s*CLASS +TIME +(?:DATE +)?LINE +DURATION\b.*")


class Nec:
    """Reads lines of one switch; remembers the date in the head of the page."""

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock
        self._page: tuple[int, int, int] | None = None

    def forget(self) -> None:
        """A new connection: nobody knows which page this is."""
        self._page = None

    def read(self, text: str, now: float) -> Line:
        if page := _PAGE.fullmatch(text):
            self._page = int(page[3]), int(page[1]), int(page[2])
            return Skipped("page")
        if _TITLES.fullmatch(text):
            return Skipped("page")
        if re.match(r"NEXT ", text):
            return Skipped("name")
        head = _HEAD.search(text)
        if head is None or head[1] not in (*CLASSES, *NO_CALLS):
            return None
        if head[1] in NO_CALLS:
            return Skipped(head[1])
        began = self._began(head, now)
        return None if began is None else _record(head[1], began, _fields(text[head.start() :], head))

    def _began(self, head: re.Match[str], now: float) -> float | None:
        hour, minute = int(head[2]), int(head[3])
        if head[4] is not None:
            return self._clock.instant(Reading(int(head[4]), int(head[5]), hour, minute), now, AHEAD)
        if self._page is None:
            return self._clock.lately(hour, minute, now) if hour < 24 and minute < 60 else None
        year, month, day = self._page
        return self._clock.instant(Reading(month, day, hour, minute, year=year), now)


Fields = tuple[str, float | None, str, str, str]
"""Line, talk, station, number, account or remark."""


def _fields(text: str, head: re.Match[str]) -> Fields:
    """Columns 12 or 18 to 21 line, 23 to 30 duration, 32 to 41 station, 43 to 62 number, 64 to 79 account, from 1."""
    dated = head[4] is not None
    line, clock, station, number, note = (
        text[begin:end] for begin, end in ((17 if dated else 11, 21), (22, 30), (31, 41), (42, 62), (63, 80))
    )
    between = text[21:22] + text[30:31] + text[41:42] + text[62:63]
    if not between.strip() and re.fullmatch(r"\d\d:\d\d:\d\d| *", clock):
        talk = seconds(clock) if clock.strip() else None
        return line.strip(), talk, station.strip(), number.strip(), note.strip()
    told = _WORDS.fullmatch(text[head.end() - head.start() :])
    if told is None:
        return "", None, "", "", ""
    talk = None if told["talk"] is None else seconds(told["talk"])
    return told["line"] or "", talk, told["station"] or "", told["number"] or "", told["note"]


def _record(kind: str, began: float, fields: Fields) -> Record:
    line, talk, station, number, note = fields
    direction = CLASSES[kind]
    unanswered = note.upper().startswith("NO ANSWER")
    outcome: Outcome = "unknown"
    if unanswered:
        outcome = "not_answered"
    elif direction != "out" or kind in DIGITAL:
        outcome = "answered" if talk else "unknown"
    return Record(
        at=began + (talk or 0.0),
        direction=direction,
        outcome=outcome,
        extension=station,
        line=line,
        number=number,
        name=note if direction == "in" and not unanswered and not note.isdecimal() else "",
        started=began,
        talk=talk,
        continued=kind in ("PTRS", "ITRS"),
    )
