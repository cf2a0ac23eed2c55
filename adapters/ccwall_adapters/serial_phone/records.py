"""The records of a Whozz Calling? box, to the columns of its manual, read with tolerance and written to the letter.

Comprehensive   `01 I S 0276 G B3 09/26 11:28 AM 800-240-4637   CallerID.com   `
Detail          `01 R     11/07 07:43:52`   R ring, F off-hook, N on-hook, H hook flash
Limited         `$01 09/26 02:30 PM 8002404637 I CallerID.com`, fields apart by spaces

A unit with a network plug writes `^^<U>…` before each; what stands before a record is not looked at.
"""

import re

import msgspec

from ccwall.wire.wall_time import Reading, hour_of

__all__ = ["Call", "Detail", "Reading", "known", "read", "write"]

_COMPREHENSIVE = re.compile(
    r"(?<!\d)(\d\d) ([IO]) ([SE]) (\d{4}) ([GB]) ([A-Z]\d) (\d\d)/(\d\d) (\d\d):(\d\d) ([AP]M) (.{0,14})(?: (.{0,15}))?\s*$"
)
_DETAIL = re.compile(r"(?<!\d)(\d\d) ([RFNH]) {1,12}(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)\s*$")
_LIMITED = re.compile(
    r"\$(\d\d)\s+(\d\d)/(\d\d)\s+(\d\d):(\d\d)\s+([AP]M)\s+(\S(?:.{0,13}\S)??)\s+([IO])(?:\s+(.*?))?\s*$"
)
WITHHELD = {"private", "out-of-area", "unknown", "no-callerid"}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A start or an end record. `good` False: the caller id's checksum was wrong, so number and name are not to be relied
    on. `brief`: of the limited format, which has starts alone."""

    line: str
    inbound: bool
    end: bool
    duration: int
    at: Reading
    good: bool = True
    ring: str = "A0"
    number: str = ""
    name: str = ""
    brief: bool = False


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: R, F, N or H."""

    line: str
    kind: str
    at: Reading


def read(text: str) -> Call | Detail | None:
    """One line; None when it is no record.

    >>> read("01 I S 0276 G B3 09/26 11:28 AM 800-240-4637   CallerID.com   ").number
    '800-240-4637'
    """
    if found := _COMPREHENSIVE.search(text):
        line, way, phase, duration, sum_, ring, *when = found.groups()[:11]
        month, day, hour, minute, half = when
        return Call(
            line=line,
            inbound=way == "I",
            end=phase == "E",
            duration=int(duration),
            good=sum_ == "G",
            ring=ring,
            at=_reading(month, day, hour, minute, half),
            number=(found[12] or "").strip(),
            name=(found[13] or "").strip(),
        )
    if found := _DETAIL.search(text):
        month, day, hour, minute, second = map(int, found.groups()[2:])
        return Detail(line=found[1], kind=found[2], at=Reading(month, day, hour, minute, second))
    if found := _LIMITED.search(text):
        return Call(
            line=found[1],
            inbound=found[8] == "I",
            end=False,
            duration=0,
            at=_reading(*found.groups()[1:6]),
            number=found[7].strip(),
            name=(found[9] or "").strip(),
            brief=True,
        )
    return None


def _reading(month: str, day: str, hour: str, minute: str, half: str) -> Reading:
    return Reading(int(month), int(day), hour_of(int(hour), half), int(minute))


def known(number: str) -> str:
    """The number, empty when the caller or the network keeps it back."""
    return "" if number.lower() in WITHHELD else number


def write(record: Call | Detail) -> str:
    """The record as a box writes it, without its CR LF.

    >>> write(read("01 R     11/07 07:43:52"))
    '01 R     11/07 07:43:52'
    """
    at = record.at
    if isinstance(record, Detail):
        clock = f"{at.hour:02}:{at.minute:02}:{at.second:02}"
        return f"{record.line} {record.kind}     {at.month:02}/{at.day:02} {clock}"
    way = "I" if record.inbound else "O"
    when = f"{at.month:02}/{at.day:02} {(at.hour + 11) % 12 + 1:02}:{at.minute:02} {'PM' if at.hour >= 12 else 'AM'}"
    if record.brief:
        number = record.number[:14]
        return f"${record.line} {when} {number} {way} {record.name[:15]}"
    return (
        f"{record.line} {way} {'E' if record.end else 'S'} {min(record.duration, 9999):04} "
        f"{'G' if record.good else 'B'} {record.ring} {when} {record.number[:14]:14} {record.name[:15]:15}"
    )
