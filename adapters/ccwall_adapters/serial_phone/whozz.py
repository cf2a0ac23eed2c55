"""One Whozz Calling? box, sans I/O: the state of each line, and a record of each call.

Of a line come R (ring), F (off-hook), a start record, N (on-hook) and an end record, in about this order; a box set to
limited records tells starts alone.
"""

from typing import Literal, cast

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.events import (
    AgentId,
    CallLogged,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    PhoneState,
)
from ccwall.wire.line_session import LineSession
from ccwall.wire.lines import Clarity
from ccwall.wire.memory import Recent
from ccwall.wire.wall_time import WallClock

from . import records
from .settings import WhozzSettings

Outcome = Literal["answered", "not_answered", "unknown"]
LONGEST_LINE = 512
CLOCK_SLACK = 120.0
"""Seconds by which the box's clock may be off and its times still be taken for when a call began; it shows minutes."""
RINGING_WITHOUT_END = 60.0
"""Seconds after which a line of which only the start of a call is told is not known to ring any more."""
RECORDS_KEPT = 1000
"""Keys of calls that are remembered: a box that says an end twice ends one call."""


class _Line:
    """One telephone line in this connection. `answered`: when it was picked up."""

    def __init__(self, device: DeviceId, agent: AgentId | None) -> None:
        self.device, self.agent = device, agent
        self.state: PhoneState = "unknown"
        self.brief = False
        self.rang: float | None = None
        self.began: float | None = None
        self.answered: float | None = None
        self.changed = 0.0

    def clear(self) -> None:
        self.rang = self.began = self.answered = None
        self.brief = False


class WhozzSession(LineSession):
    """See the module."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        expected = "a Whozz Calling? box, like '01 I S 0000 G A1 09/26 11:28 AM …'"
        super().__init__(directory, mode, Clarity(expected), LONGEST_LINE)
        self._clock = WallClock(cast(WhozzSettings, settings).zone)
        self._telephones: dict[str, _Line] = {}  # two digits: a hundred at most
        self._known: set[str] = set()
        self._ended: Recent[str, None] = Recent(RECORDS_KEPT)

    def began(self, now: float) -> None:
        """Lines of before are there, but what they do nobody knows."""
        self._telephones.clear()
        for key in sorted(self._known):
            self._telephone(key, now)

    def heard(self, text: str, now: float) -> bool:
        record = records.read(text)
        if record is None:
            return False
        line = self._telephone(record.line, now)
        if isinstance(record, records.Detail):
            self.count(record.kind)
            self._detail(line, record.kind, now)
        elif not record.end:
            self.count("limited" if record.brief else "start")
            self._start(line, record, now)
        else:
            self.count("end")
            self._end(line, record, now, text)
        return True

    def passed(self, now: float) -> None:
        for line in self._telephones.values():
            if line.brief and line.state == "ringing" and now - line.changed >= RINGING_WITHOUT_END:
                self._state_of(line, "unknown", now)
                line.clear()

    # ── records ──

    def _detail(self, line: _Line, kind: str, now: float) -> None:
        if kind == "R":
            line.rang = now if line.rang is None else line.rang
            self._state_of(line, "ringing", now)
        elif kind == "F":
            line.answered = now
            self._state_of(line, "in_use", now)
        elif kind == "N":
            self._state_of(line, "idle", now)
        else:
            self.out.append(DevicePressed(at=now, device=line.device, button="flash", agent=line.agent))

    def _start(self, line: _Line, record: records.Call, now: float) -> None:
        line.began, line.brief = now, record.brief
        if not record.inbound:
            self._state_of(line, "in_use", now)
        elif line.answered is None:  # caller id comes after the first ring, and some people are quicker
            line.rang = now if line.rang is None else line.rang
            self._state_of(line, "ringing", now)

    def _end(self, line: _Line, record: records.Call, now: float, text: str) -> None:
        self._state_of(line, "idle", now)
        key = self._key(record, now)
        if key in self._ended:
            return
        self._ended[key] = None
        answered = record.inbound and (record.duration > 0 or line.answered is not None)
        inbound: Outcome = "answered" if answered else "not_answered"
        ring = None
        if line.rang is not None and record.inbound:
            ring = max(0.0, (line.answered if line.answered is not None else now) - line.rang)
        self.out.append(
            CallLogged(
                at=now,
                call=self.directory.own(key),
                direction="in" if record.inbound else "out",
                outcome=inbound if record.inbound else "unknown",
                line=record.line,
                number=records.known(record.number) if record.good else "",
                name=record.name if record.good and records.known(record.number) else "",
                started=self._began(line, record, now),
                ring=ring,
                talk=float(record.duration),
                agent=line.agent,
                raw=text.strip(),
            )
        )
        line.clear()

    def _key(self, record: records.Call, now: float) -> str:
        """Made of the record alone, so that the same record is the same call."""
        shown = self._clock.instant(record.at, now)
        when = "?" if shown is None else f"{shown:.0f}"
        return "-".join(
            (record.line, when, "I" if record.inbound else "O", str(record.duration), record.number)
        )

    def _began(self, line: _Line, record: records.Call, now: float) -> float | None:
        """What we saw ourselves; else what the box says, if its clock is right; else nothing."""
        seen = [when for when in (line.rang, line.began, line.answered) if when is not None]
        if seen:
            return min(seen)
        shown = self._clock.instant(record.at, now)
        length = record.duration + CLOCK_SLACK
        return min(shown, now) if shown is not None and -length <= shown - now <= CLOCK_SLACK else None

    # ── lines ──

    def _telephone(self, key: str, now: float) -> _Line:
        line = self._telephones.get(key)
        if line is None:
            agent = self.directory.person(key)
            line = self._telephones[key] = _Line(DeviceId(self.directory.own(key)), agent)
            self._known.add(key)
            self.out.append(DeviceSeen(at=now, device=line.device, kind="line", name=key, agent=agent))
        return line

    def _state_of(self, line: _Line, state: PhoneState, now: float) -> None:
        if line.state != state:
            line.state, line.changed = state, now
            self.out.append(DeviceStateChanged(at=now, device=line.device, state=state, agent=line.agent))
