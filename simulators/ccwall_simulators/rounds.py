"""A recording played again as if it were now: its instants moved, in the wire's own bytes.

Switches write instants as epoch seconds, alone (``LastCall: 1795307413``) or inside ids (``1795307413.23``,
``pbx1-1795307413.23``). Moving every one of them by the same whole number of seconds keeps all durations, and gives every
round ids of its own.
"""

import re
from collections.abc import Sequence
from pathlib import Path

_DIGITS = 10
"""Of epoch seconds, from 2001 to 2286; the bytes keep their length."""
_INSTANT = re.compile(rb"(?<![0-9])[0-9]{10}(?![0-9])")
_CUT = re.compile(rb"[0-9]{1,32}\Z")
_NEAR = 86_400
"""A number further than this from the recording's own time is no instant of it."""


class Shift:
    """Moves the instants in one direction of one connection; what it holds back of a cut number comes with the next bytes.

    >>> shift = Shift(around=1795307000.0, seconds=100)
    >>> shift.feed(b"Uniqueid: pbx1-17953"), shift.feed(b"07413.23 to 79123454034")
    (b'Uniqueid: pbx1-', b'1795307513.23 to ')
    """

    def __init__(self, around: float, seconds: int) -> None:
        self._low, self._high, self._seconds = around - _NEAR, around + _NEAR, seconds
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        data = self._held + data
        cut = _CUT.search(data)
        data, self._held = (data[: cut.start()], data[cut.start() :]) if cut else (data, b"")
        return _INSTANT.sub(self._moved, data)

    def whole(self, data: bytes) -> bytes:
        """All of it at once, nothing held back."""
        return _INSTANT.sub(self._moved, data)

    def _moved(self, found: re.Match[bytes]) -> bytes:
        instant = int(found[0])
        if not self._low <= instant <= self._high:
            return found[0]
        return b"%0*d" % (_DIGITS, instant + self._seconds)


def shipped() -> Sequence[Path]:
    """The genuine recordings that come with ccwall, in the order of a good show."""
    return sorted((Path(__file__).parent / "transcripts").glob("*.wire.ndjson.gz"))


def configuration() -> Path:
    """Names, teams and rules of the floor in the shipped recordings."""
    return Path(__file__).parent / "demo.toml"
