"""A person's day as it went: the spells that are over and what each sense said when, packed, so that a day of many people stays small.

Everything here is changed by the reducers and by nobody else; `ccwall.engine.timeline` reads it.
"""

from collections.abc import Iterator
from struct import Struct
from typing import Final, Literal

import msgspec

from ccwall.events import DeviceId, Sense, SourceId

MOST: Final = 5_000
"""Of one person in one day, and of one device: what comes after is not written down, and counted."""

STATES: Final = (
    "talking", "hold", "off", "ringing", "wrap", "fault", "busy", "unknown", "ready",
    "break", "meal", "breather", "training", "away",
)  # fmt: skip
SAYS: Final = (
    "", "unknown", "idle", "ringing", "in_use", "on_hold", "unavailable", "off_hook", "disconnected",
    "docked", "undocked", "worn", "removed", "occupied", "vacant", "sensor_gone",
)  # fmt: skip
"""Written by their place: what is added, is added at the end. "" is for who says nothing."""
_STATE: Final = {state: place for place, state in enumerate(STATES)}
_WORD: Final = {says: place for place, says in enumerate(SAYS)}
_SPELL, _SAID = Struct("<QIB"), Struct("<QB")
_UNKNOWN: Final = "unknown"


class Diary(msgspec.Struct, gc=False):
    """The spells of one day, oldest first: when each began (epoch milliseconds), how long it lasted, and what it was.
    ``reasons`` by place; ``more``: so many were not written down."""

    log: bytearray = msgspec.field(default_factory=bytearray)
    reasons: dict[int, str] = {}
    more: int = 0

    def write(self, state: str, start: int, end: int, reason: str = "") -> None:
        log = self.log
        if len(log) >= MOST * _SPELL.size:
            self.more += 1
            return
        if reason:
            self.reasons[len(log) // _SPELL.size] = reason
        log += _SPELL.pack(start, end - start, _STATE[state])

    def spells(self) -> Iterator[tuple[int, int, str, str]]:
        """Start, end, state and reason."""
        for place, (start, length, state) in enumerate(_SPELL.iter_unpack(self.log)):
            yield start, start + length, STATES[state], self.reasons.get(place, "")


class Said(msgspec.Struct, kw_only=True, gc=False):
    """What one sense said of one person, by one device or of their seat: since when (epoch milliseconds) which word."""

    source: SourceId
    sense: Sense
    of: Literal["acd", "line", "wear", "seat"]
    device: DeviceId | None = None
    log: bytearray = msgspec.field(default_factory=bytearray)
    more: int = 0

    def note(self, says: str, at: int) -> None:
        """From then on it says this; nothing before the last word."""
        word = _WORD.get(says, _WORD[_UNKNOWN])
        if self.log:
            last, known = _SAID.unpack_from(self.log, len(self.log) - _SAID.size)
            if known == word:
                return
            at = max(at, last)
        if len(self.log) >= MOST * _SAID.size:
            self.more += 1
            return
        self.log += _SAID.pack(max(0, at), word)

    def words(self) -> list[tuple[int, str]]:
        return [(at, SAYS[word]) for at, word in _SAID.iter_unpack(self.log)]

    def begin_day(self) -> bool:
        """Keep the last word alone; whether there is one."""
        self.more = 0
        del self.log[: -_SAID.size]
        return bool(self.log) and self.log[-1] != _WORD[""]
