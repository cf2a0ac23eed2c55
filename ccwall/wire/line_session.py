"""The common part of sessions with devices that write lines of text on a serial line. The contract is
`ccwall.adapter.Session`.

A serial line is up as soon as it is open: a device with nothing to say is not silent, and most cannot be asked.
What a device said before the line was lost is not known to be true any more, so each connection begins with nothing.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from ccwall.adapter import Directory, Known, Mode, State
from ccwall.errors import ProtocolError
from ccwall.events import (
    AnyEvent,
    CommandRefused,
    CommandRequested,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall.wire.lines import Clarity, Lines, text_of

MOST_KINDS = 200
"""Kinds of line counted apart; a peer that invents more is not remembered."""
_NOISE = b"\x00\xff"
"""What a line says while it is plugged in or its far end is switched on."""
_REASONS = {"eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart"}


class LineSession(ABC):
    """A subclass gives `heard`, and what else of these it needs: `greet`, `began`, `passed`, `asked`.

    `out` takes facts, `write` what is to be sent (nothing leaves when we only observe), `count` the kind of a line.
    """

    only_listens: Literal[True] = True

    product = ""
    """What the device calls itself."""
    limits: tuple[str, ...] = ()
    """What it cannot tell."""

    def __init__(self, directory: Directory, mode: Mode, clarity: Clarity, longest: int) -> None:
        self.directory, self.live = directory, mode == "live"
        self.rate = 1.0
        self.out: list[AnyEvent] = []
        self._clarity = clarity
        self._lines, self._asked_lines = Lines(longest), Lines(longest)
        self._counts: Counter[str] = Counter()
        self._outgoing = bytearray()
        self._state: State = "closed"

    # ── what a device is ──

    def greet(self, now: float) -> None:
        """The line is open. A device that must be asked first says `up` when it has answered."""
        self.up(now)

    def began(self, now: float) -> None:  # noqa: B027 (most have nothing to do)
        """A connection begins, or is begun again because something was missed: forget, and tell what is known anyway."""

    @abstractmethod
    def heard(self, text: str, now: float) -> bool:
        """One line that is text; False when it means nothing here."""

    def asked(self, text: str, now: float) -> None:  # noqa: B027
        """Observing: one line of what the recorded client sent."""

    def passed(self, now: float) -> None:  # noqa: B027
        """Time passed."""

    def up(self, now: float) -> None:
        self._state = "live"
        self.out.append(SourceUp(at=now, product=self.product))
        self._begin(now)

    def count(self, kind: str) -> None:
        if kind in self._counts or len(self._counts) < MOST_KINDS:
            self._counts[kind] += 1

    def write(self, text: str) -> None:
        if self.live:
            self._outgoing += text.encode("ascii", "replace")

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    def open(self, now: float) -> Sequence[AnyEvent]:
        self._lines.clear()
        self._asked_lines.clear()
        self._outgoing.clear()
        self._clarity.begin()
        self._state = "login"
        self.greet(now)
        return self._told()

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        if self._state != "closed":
            for line in self._lines.feed(data):
                self._take(line.strip(_NOISE), now)
        return self._told()

    def sent(self, data: bytes, now: float) -> None:
        try:
            lines = self._asked_lines.feed(data)
        except ProtocolError:  # whoever was recorded wrote that; the device is not to blame
            return
        for line in lines:
            if text := text_of(line):
                self.asked(text, now)

    def tick(self, now: float) -> Sequence[AnyEvent]:
        if self._state != "closed":
            self.passed(now)
        return self._told()

    def close(self, now: float, reason: str = "eof", detail: str = "") -> Sequence[AnyEvent]:
        if self._state == "closed":
            return []
        self._state = "closed"
        told = {"at": now, "reason": reason if reason in _REASONS else "eof", "detail": detail}
        return [*self._told(), msgspec.convert({"type": "source.down", **told}, SourceDown)]

    def outgoing(self) -> bytes:
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    def at_pace(self, rate: float) -> None:
        self.rate = rate

    def remember(self, visits: Iterable[Known]) -> None:  # noqa: B027
        """A desk has no visits."""

    def skipped(self, since: float, now: float) -> Sequence[AnyEvent]:
        if self._state == "live":
            self._lines.clear()
            self.out.append(SourceGap(at=now, since=since, reason="skipped"))
            self._begin(now)
        return self._told()

    def command(self, wish: CommandRequested, now: float) -> Sequence[AnyEvent]:
        return [CommandRefused(at=now, command_id=wish.command_id, detail="this device is only listened to")]

    # ── lines ──

    def _begin(self, now: float) -> None:
        self.out.append(SourceResyncStarted(at=now))
        self.began(now)
        self.out.append(SourceResyncFinished(at=now, limits=self.limits))

    def _take(self, line: bytes, now: float) -> None:
        text = text_of(line)
        if text is None:
            self.count("unknown:garbage")
            self._clarity.garbled(line)
        elif not text or text.isspace():
            return
        elif self.heard(text, now):
            self._clarity.understood()
        else:
            self.count("unknown:line")
            self._clarity.strange(line)

    def _told(self) -> list[AnyEvent]:
        told, self.out = self.out, []
        return told
