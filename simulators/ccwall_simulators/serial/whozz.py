"""A Whozz Calling? box: it writes of each telephone line what happens on it, in the records of its manual."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from ccwall_adapters.serial_phone.records import Call, Detail, Reading, write

from .pseudo import OnPty


class _Going(msgspec.Struct, kw_only=True):
    """A call on a line."""

    inbound: bool
    number: str
    name: str
    rings: int = 0
    off_hook: float | None = None


class Whozz:
    """Sans I/O. `wall` says what the clock on its wall shows at an instant."""

    def __init__(self, wall: Callable[[float], datetime], *, details: bool = True) -> None:
        self._wall, self._details = wall, details
        self._calls: dict[str, _Going] = {}
        self._out: list[str] = []

    def ring(self, line: int, now: float, number: str = "", name: str = "") -> None:
        """The first ring begins a call, and caller id comes with the second."""
        key = f"{line:02}"
        call = self._calls.setdefault(key, _Going(inbound=True, number=number, name=name))
        call.rings += 1
        if call.rings == 1:
            self._detail(key, "R", now)
        elif call.rings == 2:
            self._record(key, call, now, end=False)

    def lift(self, line: int, now: float, number: str = "") -> None:
        """Somebody picks it up: to answer, or to dial."""
        key = f"{line:02}"
        call = self._calls.setdefault(key, _Going(inbound=False, number=number, name=""))
        call.off_hook = now
        self._detail(key, "F", now)
        if not call.inbound or call.rings < 2:
            self._record(key, call, now, end=False)

    def flash(self, line: int, now: float) -> None:
        self._detail(f"{line:02}", "H", now)

    def hang_up(self, line: int, now: float) -> None:
        """The call is over; also when the caller gave up."""
        key = f"{line:02}"
        call = self._calls.pop(key, None)
        if call is None:
            return
        if call.off_hook is not None:
            self._detail(key, "N", now)
        self._record(key, call, now, end=True)

    def _detail(self, line: str, kind: str, now: float) -> None:
        if self._details:
            self._out.append(write(Detail(line=line, kind=kind, at=self._reading(now))))

    def _record(self, line: str, call: _Going, now: float, *, end: bool) -> None:
        talked = 0 if call.off_hook is None else round(now - call.off_hook)
        record = Call(
            line=line,
            inbound=call.inbound,
            end=end,
            duration=talked if end else 0,
            at=self._reading(now),
            ring=f"A{min(call.rings, 9)}" if end else "A0",
            number=call.number or "Private",
            name=call.name,
        )
        self._out.append(write(record))

    def _reading(self, now: float) -> Reading:
        shown = self._wall(now)
        return Reading(shown.month, shown.day, shown.hour, shown.minute, shown.second, year=shown.year)

    # ── the line to us ──

    def opened(self, now: float) -> None:
        """It does not know who listens."""

    def receive(self, data: bytes, now: float) -> None:
        """It is only listened to."""

    def tick(self, now: float) -> None:
        """Nothing happens by itself."""

    def outgoing(self) -> bytes:
        said, self._out = self._out, []
        return "".join(line + "\r\n" for line in said).encode("ascii", "replace")


class WhozzOnPty(OnPty):
    """One box on a line; say `flush` after what happened on its telephones."""

    def __init__(
        self, link_path: Path | str, wall: Callable[[float], datetime], *, details: bool = True
    ) -> None:
        self.box = Whozz(wall, details=details)
        super().__init__(link_path, self.box)
