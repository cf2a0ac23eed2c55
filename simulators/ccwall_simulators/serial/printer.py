"""Call records as three switches print them, to the columns of their manuals."""

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from .pseudo import OnPty

Format = Literal["panasonic-kx", "avaya-ipo", "nec-sl"]
PAGE = 60
"""Records on a page."""


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """One call that is over, in the time of the switch's own clock. Durations in seconds; `talk` 0: nobody answered."""

    started: datetime
    ended: datetime
    inbound: bool
    extension: str
    line: int
    number: str
    ring: int = 0
    talk: int = 0
    name: str = ""
    id: int = 1


def panasonic(call: Printed) -> str:
    """Pattern A, 80 columns.

    >>> when = datetime(2026, 11, 22, 10, 3)
    >>> len(panasonic(Printed(started=when, ended=when, inbound=True, extension="1200", line=1, number="13901234567", ring=5)))
    80
    """
    half = "AM" if call.ended.hour < 12 else "PM"
    time = f"{(call.ended.hour + 11) % 12 + 1:02}:{call.ended.minute:02}{half}"
    dial = f"{'<I>' if call.inbound else ''}{call.name}{call.number}"[:25]
    ring = f"{min(call.ring // 60, 9)}'{call.ring % 60:02}" if call.inbound else ""
    talk = f"{call.talk // 3600:02}:{call.talk // 60 % 60:02}'{call.talk % 60:02}"
    condition = "NA" if call.inbound and not call.talk else ""
    return f"{call.ended:%m/%d/%y} {time} {call.extension:5} {call.line % 100:02} {dial:25} {ring:>4} {talk} {'':10} {condition:3}"


def avaya(call: Printed) -> str:
    talk = f"{call.talk // 3600:02}:{call.talk // 60 % 60:02}:{call.talk % 60:02}"
    called = (call.extension, call.extension) if call.inbound else (call.number, call.number)
    caller = call.number if call.inbound else call.extension
    parties = f"E{call.extension},{call.name},T{9000 + call.line},Line {call.line}.0"
    return (
        f"{call.started:%Y/%m/%d %H:%M:%S},{talk},{call.ring},{caller},{'I' if call.inbound else 'O'},{called[0]},{called[1]},"
        f",0,{call.id},0,{parties},0,0,,,,,,,,,,,,,"
    )


def nec(call: Printed) -> str:
    kind = "PIN" if call.inbound else "POT"
    talk = f"{call.talk // 3600:02}:{call.talk // 60 % 60:02}:{call.talk % 60:02}"
    answered = call.talk > 0
    note = call.name if answered or not call.inbound else "NO ANSWER"
    clock, station = (talk, call.extension) if answered else ("", "")
    return f"{kind:4} {call.started:%H:%M %m/%d} {call.line:03}  {clock:8} {station:10} {call.number:20} {note}".rstrip()


HEADS: dict[Format, tuple[str, ...]] = {
    "panasonic-kx": (
        "  Date    Time   Ext  CO        Dial Number         Ring  Duration  Acc Code   CD",
        "-" * 80,
    ),
    "avaya-ipo": (),
    "nec-sl": ("", "CLASS TIME DATE LINE DURATION STATION DIALLED No./CLI ACCOUNT"),
}
_WRITERS = {"panasonic-kx": panasonic, "avaya-ipo": avaya, "nec-sl": nec}


class PrinterOnPty(OnPty):
    """One switch's printer port; with a head on every page."""

    def __init__(self, link_path: Path | str, format: Format) -> None:  # noqa: A002 (the word of the configuration)
        self._format: Format = format
        self._lines: list[str] = []
        self._printed = 0
        super().__init__(link_path, self)

    def log(self, call: Printed) -> None:
        if self._printed % PAGE == 0:
            self._lines += HEADS[self._format]
        self._printed += 1
        self._lines.append(_WRITERS[self._format](call))
        self.flush()

    def opened(self, now: float) -> None:
        """It does not know who listens."""

    def receive(self, data: bytes, now: float) -> None:
        """It is only listened to."""

    def tick(self, now: float) -> None:
        """Nothing happens by itself."""

    def outgoing(self) -> bytes:
        said, self._lines = self._lines, []
        return "".join(line + "\r\n" for line in said).encode()
