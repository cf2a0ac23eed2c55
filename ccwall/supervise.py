"""One source for ever: connect, pump, back off, report health.

The reaction to each error is in `ccwall.errors`. Whatever one source does, the others and the wall go on: this is the
one module that catches everything.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, Protocol

import msgspec
import structlog

from ccwall.adapter import Session
from ccwall.clock import Clock
from ccwall.errors import AuthRejected, ProtocolError
from ccwall.events import AnyEvent, SourceDown, SourceId
from ccwall.transport import Link

TICK = 0.25
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
PAUSE_WHEN_REJECTED = 300.0
"""A far end that locks accounts after some refusals must not be driven to it."""
STEADY = 5.0
"""A link that lived shorter than this does not end a series of failures, or a far end that flaps is hammered."""
LAST_WORDS = 4096

Emit = Callable[[Sequence[AnyEvent], float], None]
Condition = Literal["connecting", "connected", "down", "refused", "failed", "closed"]
Reason = Literal["eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed"]

_log = structlog.get_logger("ccwall.supervise")


class Tap(Protocol):
    """Listens to both directions of a link, for a recording."""

    def event(self, t: float, conn: int, event: str) -> None: ...
    def received(self, t: float, conn: int, body: bytes) -> None: ...
    def sent(self, t: float, conn: int, body: bytes) -> None: ...


class Health(msgspec.Struct, kw_only=True):
    """What is known of a source apart from its facts; for the health page."""

    condition: Condition = "connecting"
    since: float = 0.0
    heard: float | None = None
    connections: int = 0
    failures: int = 0
    """in a row, until a link is steady"""
    error: str = ""
    last_words: bytes = b""
    """the end of what came before the last ProtocolError"""


class _Ended(Exception):
    """The far end closed."""


def full_jitter(longest: float) -> float:
    """Anything from 0 to ``longest``: a hundred walls must not come back to a restarted PBX in step."""
    return random.uniform(0.0, longest)


class Supervisor:
    """One source. `run` returns only after a bug; cancel it to stop."""

    def __init__(
        self,
        name: SourceId,
        session: Session,
        connect: Callable[[], Awaitable[Link]],
        emit: Emit,
        clock: Clock,
        *,
        jitter: Callable[[float], float] = full_jitter,
        tap: Tap | None = None,
    ) -> None:
        self.name = name
        self.health = Health(since=clock.now())
        self._session, self._connect, self._emit, self._clock = session, connect, emit, clock
        self._jitter, self._tap = jitter, tap
        self._log = _log.bind(source=name)
        self._told: Reason | None = None
        self._down_since: float | None = clock.now()
        self._live_since: float | None = None
        self._warned = False
        self._heard_last = b""

    @property
    def counts(self) -> Mapping[str, int]:
        return self._session.counts

    async def run(self) -> None:
        try:
            while True:
                await self._clock.sleep(await self._attempt())
        except Exception as error:
            self._down("failed", f"{type(error).__name__}: {error}")
            self._log.exception("a bug stopped this source; everything else goes on")

    async def _attempt(self) -> float:
        """One connection from its beginning to its end; gives the pause before the next."""
        self._set("connecting")
        try:
            link = await self._connect()
        except (OSError, TimeoutError) as error:
            self._tell("refused", str(error))
            if self._tap is not None:
                self._tap.event(self._clock.now(), self.health.connections, "refused")
            return self._failed(f"cannot connect: {error}")
        try:
            return await self._converse(link)
        finally:
            self.health.connections += 1
            await link.close()

    async def _converse(self, link: Link) -> float:
        """Pump until something ends it; the session is told why, and its farewell emitted."""
        try:
            self._begin(link)
            await self._until_the_end(link)
        except _Ended:
            return self._closed("eof", "")
        except AuthRejected as error:
            self._closed("rejected", str(error))
            return PAUSE_WHEN_REJECTED
        except ProtocolError as error:
            self.health.last_words = (error.wire or self._heard_last)[-LAST_WORDS:]
            return self._closed("protocol", str(error))
        except TimeoutError as error:  # and LinkSilent
            return self._closed("silent", str(error))
        except OSError as error:
            return self._closed("reset", error.strerror or str(error))
        except asyncio.CancelledError:
            self._closed("closed", "")
            raise
        raise AssertionError("a conversation ends by an exception")

    def _begin(self, link: Link) -> None:
        now = self._clock.now()
        self._set("connected")
        if self._tap is not None:
            self._tap.event(now, self.health.connections, "connect")
        self._hand_on(link, self._session.open(now), now)

    async def _until_the_end(self, link: Link) -> None:
        pump = asyncio.create_task(self._pump(link), name=f"{self.name}: read")
        ticker = asyncio.create_task(self._tick(link), name=f"{self.name}: tick")
        try:
            done, _ = await asyncio.wait({pump, ticker}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            pump.cancel()
            ticker.cancel()
            await asyncio.gather(pump, ticker, return_exceptions=True)

    async def _pump(self, link: Link) -> None:
        while data := await link.read():
            now = self._clock.now()
            self.health.heard = now
            self._heard_last = data
            if self._tap is not None:
                self._tap.received(now, self.health.connections, data)
            self._hand_on(link, self._session.receive(data, now), now)
        raise _Ended

    async def _tick(self, link: Link) -> None:
        while True:
            await self._clock.sleep(TICK)
            now = self._clock.now()
            self._hand_on(link, self._session.tick(now), now)

    def _hand_on(self, link: Link, events: Sequence[AnyEvent], now: float) -> None:
        """Facts to the house, questions to the far end."""
        if events:
            self._emit(events, now)
        if data := self._session.outgoing():
            if self._tap is not None:
                self._tap.sent(now, self.health.connections, data)
            link.write(data)
        if self._session.state == "live":
            self._lives(now)

    def _lives(self, now: float) -> None:
        if self._live_since is None:
            self._live_since = now
            self._told = None
            if self._down_since is not None:
                self._log.info("live", after=f"{now - self._down_since:.1f} s")
                self._down_since = None
                self._warned = False
        elif self.health.failures and now - self._live_since >= STEADY:
            self.health.failures = 0

    def _closed(self, reason: Reason, detail: str) -> float:
        """The conversation is over; gives the pause."""
        now = self._clock.now()
        if self._tap is not None:
            self._tap.event(now, self.health.connections, "client-close" if reason != "eof" else "eof")
        steady = self._live_since is not None and now - self._live_since >= STEADY
        self._live_since = None
        if steady:
            self.health.failures = 0
        self._emit(self._session.close(now, reason, detail), now)
        self._told = reason
        self._set("closed" if reason == "closed" else "refused" if reason == "rejected" else "down")
        return 0.0 if reason == "closed" else self._failed(f"{reason}: {detail}" if detail else reason)

    def _failed(self, error: str) -> float:
        """Say it as loud as it is new; gives the pause."""
        now, health = self._clock.now(), self.health
        health.failures += 1
        health.error = error
        self._set("down" if health.condition == "connecting" else health.condition)
        if self._down_since is None:
            self._down_since = now
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(health.failures - 1, 10))
        pause = self._jitter(longest)
        (self._log.debug if self._warned else self._log.warning)(
            "down", error=error, failures=health.failures
        )
        self._warned = True
        return pause

    def _tell(self, reason: Reason, detail: str) -> None:
        """Say that the source is down, once for each reason, when there is no session to say it."""
        if self._told != reason:
            self._told = reason
            now = self._clock.now()
            self._emit([SourceDown(at=now, reason=reason, detail=detail)], now)

    def _down(self, reason: Literal["failed"], detail: str) -> None:
        self._set("failed")
        self.health.error = detail
        self._tell(reason, detail)

    def _set(self, condition: Condition) -> None:
        if self.health.condition != condition:
            self.health.condition, self.health.since = condition, self._clock.now()
