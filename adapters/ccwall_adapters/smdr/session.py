"""One printer of call records, sans I/O. What it says is history: no fact of it touches the state of now.

The same record read twice (a file from its beginning again, a buffer that the switch prints once more) is one call. It is
known by its text and by how often that text came in this connection.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.events import CallLogged, SourceTook
from ccwall.wire.line_session import LineSession
from ccwall.wire.lines import Clarity
from ccwall.wire.memory import Recent
from ccwall.wire.wall_time import WallClock

from .avaya import Avaya
from .nec import Nec
from .panasonic import Panasonic
from .record import Record, Skipped
from .settings import SmdrSettings

LONGEST_LINE = 4096
STREAM = "records"
MARKS_KEPT = 4096
"""As many as the house keeps of one stream."""
SAME_KEPT = 20_000
"""Texts of one connection that are counted; with more, a text that comes again much later is taken for the first of its kind."""
_RULER = re.compile(r"[\s\-=_*.+|#]*")
_HEADING = re.compile(
    r".*\b(?:Date|Time|Ext|Dial Number|Duration|PAGE|SMDR|TOTAL|SUMMARY)\b.*", re.IGNORECASE
)


class SmdrSession(LineSession):
    """See the module."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        super().__init__(directory, mode, Clarity("call records", 9600), LONGEST_LINE)
        chosen = cast(SmdrSettings, settings)
        clock = WallClock(chosen.zone)
        self._nec = Nec(clock)
        formats = {
            "panasonic-kx": Panasonic(clock, chosen.dates).read,
            "avaya-ipo": Avaya(clock).read,
            "nec-sl": self._nec.read,
        }
        self._formats = {name: read for name, read in formats.items() if chosen.format in ("auto", name)}
        self._taken: Recent[str, float] = Recent(MARKS_KEPT)
        self._same: Recent[str, int] = Recent(SAME_KEPT)
        self._before: float | None = None

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        for mark in took.get(STREAM, ()):
            at, colon, _ = mark.partition(":")
            if colon and at.lstrip("-").isdecimal():
                self._taken[mark] = float(at)

    def began(self, now: float) -> None:
        """Of what is too old to be remembered one by one, this much is known: it was taken."""
        self._same.clear()
        self._nec.forget()
        full = len(self._taken) == MARKS_KEPT
        self._before = min(self._taken.values()) if full else None

    def heard(self, text: str, now: float) -> bool:
        for name, read in self._formats.items():
            found = read(text, now)
            if isinstance(found, Record):
                self.count(name)
                self._log(found, text.strip(), now)
                return True
            if isinstance(found, Skipped):
                self.count(f"{name} {found.kind}")
                return True
        if _RULER.fullmatch(text) or _HEADING.fullmatch(text):
            self.count("heading")
            return True
        return False

    def _log(self, record: Record, text: str, now: float) -> None:
        mark = self._mark(record, text)
        if self._is_taken(mark, record.at):
            self.count("again")
            return
        self._taken[mark] = record.at
        person = self.directory.person(record.extension) if record.extension else None
        said = msgspec.structs.asdict(record)
        key = said.pop("id")
        at, _, digest = mark.partition(":")
        call = self.directory.own(f"{key or at}-{digest}")
        self.out.append(CallLogged(call=call, agent=person, raw=text, **said))
        self.out.append(SourceTook(at=now, stream=STREAM, mark=mark))

    def _mark(self, record: Record, text: str) -> str:
        """When, and which of all that were then."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        times = self._same.get(digest, 0) + 1
        self._same[digest] = times
        return f"{record.at:.0f}:{digest}" + (f".{times}" if times > 1 else "")

    def _is_taken(self, mark: str, at: float) -> bool:
        if mark in self._taken:
            self._before = None  # from here on, each is known
            return True
        if self._before is not None and at < self._before:
            return True
        self._before = None
        return False
