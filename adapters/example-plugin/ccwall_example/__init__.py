"""A complete adapter for ccwall in one module: a sign-in terminal that speaks lines. README.md has its protocol."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, cast

import msgspec

from ccwall.adapter import Adapter, Directory, Known, Mode, State
from ccwall.errors import LinkSilent, ProtocolError
from ccwall.events import (
    AgentLoggedOff,
    AgentLoggedOn,
    AgentNotReady,
    AgentReady,
    AnyEvent,
    CommandRefused,
    CommandRequested,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall.wire.blocks import BlockBuffer

GREETING = b"HELLO "
LONGEST_LINE = 200
PING_EVERY, SILENT_AFTER = 3.0, 9.5
REASONS = ("eof", "reset", "silent", "rejected", "protocol", "failed", "closed")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The adapter's own keys in `[[source]]`: here, as what the terminal counts who is on a break."""

    lunch: str = "lunch"


class TerminalSession:
    """Implements `ccwall.adapter.Session`."""

    def __init__(self, settings: Settings, directory: Directory, mode: Mode) -> None:
        self._settings, self._directory, self._live = settings, directory, mode == "live"
        self._state: State = "closed"
        self._counts: Counter[str] = Counter()
        self._lines = BlockBuffer(b"\n", LONGEST_LINE)
        self._out = bytearray()
        self._first = b""
        self._rate = 1.0
        self._heard = self._asked = 0.0

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    # ── the link ──

    def open(self, now: float) -> Sequence[AnyEvent]:
        self._state = "greeting"
        self._lines.clear()
        self._out.clear()
        self._first = b""
        self._heard = self._asked = now
        return []

    def close(self, now: float, reason: str = "eof", detail: str = "") -> Sequence[AnyEvent]:
        if self._state == "closed":
            return []
        self._state = "closed"
        told = cast('Literal["eof"]', reason if reason in REASONS else "eof")
        return [SourceDown(at=now, reason=told, detail=detail)]

    def tick(self, now: float) -> Sequence[AnyEvent]:
        """A link that says nothing is asked, and given up when it does not answer. `now` may run faster than real time."""
        if self._live and self._state != "closed":
            if now - self._heard > SILENT_AFTER * self._rate:
                raise LinkSilent(f"the terminal said nothing for {SILENT_AFTER:g} s, not even PONG")
            if now - self._asked >= PING_EVERY * self._rate:
                self._asked = now
                self._say(b"PING")
        return []

    def at_pace(self, rate: float) -> None:
        self._rate = rate

    def outgoing(self) -> bytes:
        data = bytes(self._out)
        self._out.clear()
        return data

    def sent(self, data: bytes, now: float) -> None:
        """In observe mode: what the recorded client asked. The answers explain themselves here."""

    def _say(self, line: bytes) -> None:
        if self._live:  # an observer says nothing
            self._out += line + b"\n"

    # ── what comes ──

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        if self._state == "closed":
            return []
        self._heard = now
        if self._state == "greeting":
            self._look_at_the_first(data)
        facts: list[AnyEvent] = []
        for line in self._lines.feed(data):
            facts += self._line(line.removesuffix(b"\r"), now)
        return facts

    def _look_at_the_first(self, data: bytes) -> None:
        """Whoever begins otherwise speaks something else: say so at once, not when a line happens to end."""
        self._first += data[: len(GREETING) - len(self._first)]
        if not GREETING.startswith(self._first):
            raise ProtocolError(
                "this is no sign-in terminal: it should begin with HELLO. Check the port", self._first
            )

    def _line(self, line: bytes, now: float) -> Sequence[AnyEvent]:
        text = line.decode("utf-8", "replace")  # after framing, never before
        word, _, rest = text.partition(" ")
        if self._state == "greeting":
            return self._greeted(rest, now)
        who, _, reason = rest.partition(" ")
        known = word in {"IN", "OUT", "BREAK", "END", "PONG"}
        self._counts[word if known else f"unknown:{word[:20]}"] += 1
        if word == "END" and self._state == "snapshot":
            self._state = "live"
            # What it cannot tell is said: the engine then does not wait for it.
            return [SourceResyncFinished(at=now, limits=("queues", "conversations", "devices"))]
        if not who:
            return []
        agent = self._directory.agent(who)
        if word == "OUT":
            return [AgentLoggedOff(at=now, agent=agent)]
        if word == "IN":
            return [AgentLoggedOn(at=now, agent=agent), AgentReady(at=now, agent=agent)]
        if word == "BREAK":
            why = self._settings.lunch if reason == "lunch" else reason
            return [AgentLoggedOn(at=now, agent=agent), AgentNotReady(at=now, agent=agent, reason=why)]
        return []

    def _greeted(self, version: str, now: float) -> Sequence[AnyEvent]:
        self._state = "snapshot"
        self._say(b"STATE")  # ask for the truth: who is not named in the answer is gone
        return [SourceUp(at=now, product=f"sign-in terminal {version[:20]}"), SourceResyncStarted(at=now)]

    # ── what else may be asked ──

    def remember(self, visits: Iterable[Known]) -> None:
        """It knows no visits."""

    def skipped(self, since: float, now: float) -> Sequence[AnyEvent]:
        self._state = "snapshot"
        self._say(b"STATE")
        return [SourceGap(at=now, since=since, reason="overrun"), SourceResyncStarted(at=now)]

    def command(self, wish: CommandRequested, now: float) -> Sequence[AnyEvent]:
        return [CommandRefused(at=now, command_id=wish.command_id, detail="a terminal takes no orders")]


ADAPTER = Adapter(
    name="sign-in-terminal",
    protocol="sign-in-terminal",
    port=4001,
    settings=Settings,
    session=TerminalSession,
)
