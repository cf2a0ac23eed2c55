"""A far end that never was: links in memory, a session that obeys, and everything that happened."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from ccwall.adapter import Known, State
from ccwall.clock import ManualClock
from ccwall.errors import AuthRejected, LinkSilent, ProtocolError
from ccwall.events import (
    AnyEvent,
    CommandRequested,
    CommandSent,
    SourceDown,
    SourceGap,
    SourceId,
    SourceResyncStarted,
    SourceUp,
)
from ccwall.supervise import EndPoint, Supervisor
from ccwall.transport import Link


class MemoryLink:
    """Give it bytes, b"" for the end, or an error to raise."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[bytes | BaseException] = asyncio.Queue()
        self.written: list[bytes] = []
        self.closed = False

    async def read(self) -> bytes:
        item = await self.incoming.get()
        if isinstance(item, BaseException):
            raise item
        return item

    def write(self, data: bytes) -> None:
        self.written.append(data)

    async def close(self) -> None:
        self.closed = True


class ObedientSession:
    """`up` makes it live; the other words make it raise."""

    def __init__(self) -> None:
        self.state: State = "closed"
        self.counts: Mapping[str, int] = {}
        self.silent = False
        self.pace = 0.0
        self.heard: list[tuple[bytes, float]] = []
        self.ticks: list[float] = []
        self._to_say = b""

    def open(self, now: float) -> Sequence[AnyEvent]:
        self.state = "greeting"
        self._to_say = b"hello"
        return []

    def at_pace(self, rate: float) -> None:
        self.pace = rate

    def remember(self, visits: Iterable[Known]) -> None:
        raise AssertionError("it is not the supervisor that remembers")

    def skipped(self, since: float, now: float) -> Sequence[AnyEvent]:
        self._to_say = b"truth?"
        return [SourceGap(at=now, since=since), SourceResyncStarted(at=now)]

    def command(self, wish: CommandRequested, now: float) -> Sequence[AnyEvent]:
        if wish.name == "bug":
            raise ZeroDivisionError("division by zero")
        self._to_say = wish.name.encode()
        return [CommandSent(at=now, command_id=wish.command_id)]

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        self.heard.append((data, now))
        if data == b"up":
            self.state = "live"
            return [SourceUp(at=now)]
        if data == b"refuse":
            raise AuthRejected("wrong password")
        if data == b"foreign":
            raise ProtocolError("not my language", b"x" * 5000 + b"foreign")
        if data == b"bug":
            raise ZeroDivisionError("division by zero")
        return []

    def sent(self, data: bytes, now: float) -> None:
        raise AssertionError("what we send ourselves is not told to us")

    def tick(self, now: float) -> Sequence[AnyEvent]:
        self.ticks.append(now)
        if self.silent:
            raise LinkSilent("nothing for 10 s")
        return []

    def close(self, now: float, reason: str = "eof", detail: str = "") -> Sequence[AnyEvent]:
        self.state = "closed"
        match reason:
            case "eof" | "reset" | "silent" | "rejected" | "protocol" | "closed":
                return [SourceDown(at=now, reason=reason, detail=detail)]
        raise AssertionError(f"{reason} is no end of a conversation")

    def outgoing(self) -> bytes:
        said, self._to_say = self._to_say, b""
        return said


class Tapped:
    """A tap that remembers."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str | bytes]] = []

    def event(self, t: float, conn: int, event: str) -> None:
        self.heard.append((conn, event))

    def received(self, t: float, conn: int, body: bytes) -> None:
        self.heard.append((conn, b"<" + body))

    def sent(self, t: float, conn: int, body: bytes) -> None:
        self.heard.append((conn, b">" + body))


class FarEnd:
    """A supervisor on a manual clock, with the far end in hand. The jitter is always the longest possible pause."""

    def __init__(self, clock: ManualClock, room: int = 1000, session: ObedientSession | None = None) -> None:
        self.clock, self.session, self.tap = clock, session or ObedientSession(), Tapped()
        self.events: list[AnyEvent] = []
        self.attempts: list[float] = []
        self.links: list[MemoryLink] = []
        self.refusing: OSError | None = None
        self.supervisor = Supervisor(
            SourceId("pbx1"),
            self.session,
            self._connect,
            lambda events, _now: self.events.extend(events),
            clock,
            jitter=lambda longest: longest,
            tap=self.tap,
            end_point=EndPoint(address="tcp://pbx1:5038", wordless="Is it TLS?", room=room),
        )

    async def _connect(self) -> Link:
        self.attempts.append(self.clock.now())
        if self.refusing is not None:
            raise self.refusing
        self.links.append(MemoryLink())
        return self.links[-1]

    async def say(self, item: bytes | BaseException) -> None:
        self.links[-1].incoming.put_nowait(item)
        await self.clock.advance(0)

    @property
    def pauses(self) -> list[float]:
        return [round(b - a, 3) for a, b in zip(self.attempts, self.attempts[1:], strict=False)]

    @property
    def downs(self) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, SourceDown)]
