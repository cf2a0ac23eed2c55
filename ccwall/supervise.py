"""One source for ever: connect, read, work off, back off, report health.

Two tasks a connection. The *reader* never stops: what comes is stamped and spooled, so that pressure is never the far
end's. The *worker* hands it to the session slice by slice and lets everything else run in between. When the spool is
full it is thrown away whole and so is all that follows until the far end is calm or some seconds are over; then the
session says the gap and asks for the truth. The link is kept.

Two clocks: facts are stamped with the floor's (`clock`), network timers run in real seconds.

The reaction to each error is in `ccwall.errors`. Whatever one source does, the others and the wall go on: this is the
one module that catches everything.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, Protocol

import msgspec
import structlog

from ccwall.adapter import Listens, Located, Session
from ccwall.clock import Clock
from ccwall.errors import AuthRejected, NotRecorded, ProtocolError
from ccwall.events import (
    AnyEvent,
    CommandRefused,
    CommandRequested,
    CommandUnknown,
    SourceDown,
    SourceGap,
    SourceId,
    SourceResyncStarted,
)
from ccwall.health import LAST_WORDS, Cause, Condition, Health, Meter, Rates, Vitals
from ccwall.spool import ROOM, Spool
from ccwall.together import together
from ccwall.transport import Keeping, Link, Placed, Unreachable

TICK = 0.25
NOT_RECORDED_YET = 1.0
"""Seconds until a far end that keeps what it sent is told again whether that is safe, while nothing is recorded."""
SLICE = 16 * 1024
"""Bytes given to the session before others have their turn: one or two milliseconds of the densest traffic."""
SHED_AT_MOST = 5.0
CALM = 64
"""A far end is calm when a tick brings less than this part of the spool."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
CHEAP: Mapping[Cause, float] = {
    "not_listening": 3.0,
    "no_device": 1.0,
    "no_answer": 5.0,
    "no_route": 5.0,
    "silent": 5.0,
    "wordless": 5.0,
}
"""Longest pauses where a try costs nobody anything: the answer comes at once, or nobody hears the question. A PBX that is
back, or a device that is plugged in again, is on the wall within 5 s, and within 15 s where an answer is waited for."""
PAUSE_WHEN_REJECTED = 300.0
"""A far end that locks accounts after some refusals must not be driven to it."""
STEADY = 5.0
"""A link that lived shorter than this does not end a series of failures, or a far end that flaps is hammered."""

Emit = Callable[[Sequence[AnyEvent], float], None]
Reason = Literal["eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed"]

CAUSES: Mapping[Reason, Cause] = {
    "eof": "hung_up",
    "reset": "reset",
    "silent": "silent",
    "rejected": "rejected",
    "protocol": "foreign",
    "failed": "bug",
}
_AGAIN = (
    "ccwall tries again by itself; if this goes on, look into the far end's log and at the network on the way"
)
SPOKEN: Mapping[Reason, tuple[str, str]] = {
    "eof": ("the far end hung up", _AGAIN),
    "reset": ("the far end reset the connection", _AGAIN),
    "silent": ("the link is dead", _AGAIN),
    "rejected": ("the far end does not let ccwall in", "ccwall tries again every 5 minutes"),
    "protocol": ("the far end speaks something else", ""),
}
"""What happened, and what to do unless the detail says it."""
UNPLUGGED = ("the device is gone", "ccwall opens it by itself when it is plugged in again")

BEGUN_AGAIN = 1.0
"""Real seconds after a bug."""
_log = structlog.get_logger("ccwall.supervise")


async def kept_apart(name: str, work: Awaitable[None]) -> None:
    """Something that must not take the wall with it when it has a bug (an outlet)."""
    try:
        await work
    except Exception:
        _log.exception("a bug stopped this outlet; everything else goes on", outlet=name)


async def begun_again(name: str, run: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Something that looks after the floor by itself, begun again after a bug: nobody would notice that it looks no more."""
    while True:
        await kept_apart(name, run())
        await clock.sleep(BEGUN_AGAIN * clock.rate)


class Tap(Protocol):
    """Listens to both directions of a link, for a recording."""

    def event(self, t: float, conn: int, event: str) -> None: ...
    def received(self, t: float, conn: int, body: bytes) -> None: ...
    def sent(self, t: float, conn: int, body: bytes) -> None: ...


class _Ended(Exception):
    """The far end closed."""


def full_jitter(longest: float) -> float:
    """Anything from 0 to ``longest``: a hundred walls must not come back to a restarted PBX in step."""
    return random.uniform(0.0, longest)


class EndPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What the supervisor has to know of where the bytes come from."""

    address: str = ""
    """as it is shown"""
    wordless: str = ""
    """what to tell who looks when a connection ends and nothing was ever said on it"""
    patient: bool = False
    """what is not read yet is not lost (a file), so the reader may wait for the worker"""
    room: int = ROOM
    """bytes of the spool"""
    scheme: str = ""
    safe: Callable[[], Awaitable[None]] | None = None
    """returns when all that was emitted so far is in the journal; NotRecorded when it is not going to be. None: there is no
    journal, and what is in the state is as safe as can be"""


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
        end_point: "EndPoint | None" = None,
    ) -> None:
        self.name = name
        self._end_point = EndPoint() if end_point is None else end_point
        self.health = Health(since=clock.now(), address=self._end_point.address)
        self._session, self._connect, self._emit_facts, self._clock = session, connect, emit, clock
        self._jitter, self._tap = jitter, tap
        self._handed, self._progress = 0, asyncio.Event()
        self._log = _log.bind(source=name)
        self._told: Reason | None = None
        self._down_since: float | None = clock.now()
        self._live_since: float | None = None
        self._warned = False
        self._heard_last = b""
        self._heard_any = False
        self._link: Link | None = None
        self._spool = Spool(self._end_point.room)
        self._work, self._idle = asyncio.Event(), asyncio.Event()
        self._end: Exception | None = None
        self._shed_since: float | None = None
        self._shed_until = 0.0
        self._shed_in_tick = 0
        self._bytes, self._messages, self._facts = Meter(), Meter(), Meter()
        self._counted = 0

    @property
    def counts(self) -> Mapping[str, int]:
        return self._session.counts

    @property
    def vitals(self) -> Vitals:
        now = self._real()
        return Vitals(
            health=self.health,
            rates=Rates(
                bytes=self._bytes.rate(now), messages=self._messages.rate(now), facts=self._facts.rate(now)
            ),
            spool=self._spool.size,
            counts=self._session.counts,
        )

    @property
    def obeys(self) -> bool:
        """Whether anything can be asked of this source."""
        return not isinstance(self._session, Listens)

    async def run(self) -> None:
        try:
            self._session.at_pace(self._clock.rate)
            while True:
                pause = await self._attempt()
                self.health.next_try = self._clock.now() + pause * self._clock.rate
                await self._sleep(pause)
                self.health.next_try = None
        except Exception as error:
            self._failed_for_good(error)
            self._log.exception("a bug stopped this source; everything else goes on")

    def command(self, wish: CommandRequested) -> None:
        """Hand a wish to the source now; facts tell what becomes of it. Nothing is kept to be sent later."""
        now = self._at()
        if self._link is None or self._end is not None:
            refused = CommandRefused(
                at=now, command_id=wish.command_id, detail=f"{self.name} is not connected; try again later"
            )
            self._emit([refused], now)
            return
        try:
            self._hand_on(self._link, self._session.command(wish, now), now)
        except Exception as error:
            self._emit([CommandUnknown(at=now, command_id=wish.command_id)], now)
            self._finish(error)

    # ── one connection ──

    async def _attempt(self) -> float:
        """From its beginning to its end; gives the pause before the next."""
        self._set("connecting")
        try:
            link = await self._connect()
        except (OSError, TimeoutError) as error:
            self._tell("refused", str(error))
            if self._tap is not None:
                self._tap.event(self._clock.now(), self.health.connections, "refused")
            cause = error.cause if isinstance(error, Unreachable) else "cannot_open"
            return self._failed(f"cannot connect: {error}", cause)
        try:
            return await self._converse(link)
        finally:
            self.health.connections += 1
            self._link = None
            await link.close()

    async def _converse(self, link: Link) -> float:
        """Until something ends it; the session is told why, and its farewell emitted."""
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
            cause = error.cause if isinstance(error, Unreachable) else None
            return self._closed("reset", error.strerror or str(error), cause)
        except asyncio.CancelledError:
            self._closed("closed", "")
            raise
        raise AssertionError("a conversation ends by an exception")

    def _begin(self, link: Link) -> None:
        now = self._clock.now()
        self._set("connected")
        self._link, self._end, self._heard_any = link, None, False
        self._spool.clear()
        self._shed_since = None
        self._work.clear()
        self._handed = 0
        if self._tap is not None:
            self._tap.event(now, self.health.connections, "connect")
        if isinstance(link, Placed) and isinstance(self._session, Located):
            self._session.located(self._end_point.scheme, *link.ends)
        self._hand_on(link, self._session.open(now), now)

    async def _until_the_end(self, link: Link) -> None:
        parts = {"read": self._read(link), "work": self._work_off(link), "tick": self._tick(link)}
        if isinstance(link, Keeping):
            parts["keep"] = self._tell_what_is_safe(link)
        await together(self.name, parts)

    async def _read(self, link: Link) -> None:
        """Waits for nobody but the far end; its end waits for what it said before."""
        try:
            while data := await link.read():
                self._heard(data)
                if self._end_point.patient or isinstance(link, Keeping):
                    await self._idle.wait()
        except (OSError, TimeoutError) as error:
            self._finish(error)
        else:
            self._finish(_Ended())

    def _heard(self, data: bytes) -> None:
        now = self._clock.now()
        self.health.heard = now
        self._heard_last, self._heard_any = data, True
        self._bytes.add(self._real(), len(data))
        if self._tap is not None:
            self._tap.received(now, self.health.connections, data)
        if self._shed_since is not None:
            self._shed(len(data))
        elif not self._spool.put(data, now):
            self._overflow(len(data), now)
        else:
            self._idle.clear()
            self._work.set()

    async def _work_off(self, link: Link) -> None:
        while True:
            await self._work.wait()
            if self._spool:
                data, came = self._spool.take(SLICE)
                self._hand_on(link, self._session.receive(data, came), came)
                self._handed += len(data)
                self._progress.set()
                await asyncio.sleep(0)
            elif self._end is not None:
                self._tell_gap(self._clock.now())
                raise self._end
            else:
                self._work.clear()
                self._idle.set()

    async def _tick(self, link: Link) -> None:
        held_up = False
        while True:
            began = self._real()
            await self._sleep(TICK)
            self._count_messages()
            # A late tick means that we were held up: what the far end said meanwhile is to be read before it is judged silent.
            held_up = not held_up and self._real() - began > 2 * TICK
            if self._shed_since is not None:
                self._perhaps_resume(link)
            elif self._end is None and not held_up:
                now = self._at()
                self._hand_on(link, self._session.tick(now), now)

    async def _tell_what_is_safe(self, link: Keeping) -> None:
        """The far end may forget what is in the journal, and nothing else."""
        while True:
            await self._progress.wait()
            self._progress.clear()
            upto = self._handed
            while not await self._is_safe():
                await self._sleep(NOT_RECORDED_YET)
            link.taken(upto)

    async def _is_safe(self) -> bool:
        try:
            if self._end_point.safe is not None:
                await self._end_point.safe()
        except NotRecorded:
            return False
        return True

    def _finish(self, end: Exception) -> None:
        """When all that came is worked off, end the conversation so."""
        self._end = self._end or end
        self._work.set()

    def _at(self) -> float:
        """The session's now: as long as there is something to work off, when that came."""
        oldest = self._spool.oldest
        return self._clock.now() if oldest is None else oldest

    # ── more than can be worked off ──

    def _overflow(self, size: int, now: float) -> None:
        """Throw it all away, and say that what is shown is not what is."""
        oldest = self._spool.oldest
        self._shed_since = now if oldest is None else oldest
        self._shed_until = self._real() + SHED_AT_MOST
        self._shed(self._spool.clear() + size)
        self.health.gaps += 1
        self._trouble(
            f"more came than could be worked off: at {self._spool.room:,} bytes all was thrown away. The numbers are marked "
            "incomplete and asked for again. If it comes back, let the far end say less or give ccwall a faster machine",
            "overrun",
        )
        self._log.warning("overrun", error=self.health.error, gaps=self.health.gaps)
        self._tell_gap(now)
        self._emit([SourceResyncStarted(at=now)], now)

    def _shed(self, size: int) -> None:
        self.health.skipped += size
        self._shed_in_tick += size

    def _perhaps_resume(self, link: Link) -> None:
        """Once it is calm, or has lasted long enough: a gap, and a question for the truth."""
        calm, self._shed_in_tick = self._shed_in_tick * CALM < self._spool.room, 0
        if self._shed_since is None or not (calm or self._real() >= self._shed_until):
            return
        since, now, self._shed_since = self._shed_since, self._clock.now(), None
        self._hand_on(link, self._session.skipped(since, now), now)

    def _tell_gap(self, now: float) -> None:
        if self._shed_since is not None:
            self._emit([SourceGap(at=now, since=self._shed_since, reason="overrun")], now)

    # ── what comes of it ──

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

    def _emit(self, events: Sequence[AnyEvent], now: float) -> None:
        self._facts.add(self._real(), len(events))
        self._emit_facts(events, now)

    def _count_messages(self) -> None:
        total = sum(self._session.counts.values())
        self._messages.add(self._real(), max(0, total - self._counted))
        self._counted = total

    def _lives(self, now: float) -> None:
        if self._live_since is None:
            self._live_since = now
            self._told = None
            if self._down_since is not None:
                self._log.info("live", after=f"{(now - self._down_since) / self._clock.rate:.1f} s")
                self._down_since = None
                self._warned = False
        elif self.health.failures and self._is_steady(now):
            self.health.failures = 0

    def _is_steady(self, now: float) -> bool:
        return self._live_since is not None and now - self._live_since >= STEADY * self._clock.rate

    def _closed(self, reason: Reason, detail: str, known: Cause | None = None) -> float:
        """The conversation is over; gives the pause. `known`: the link itself says why."""
        now = self._clock.now()
        if self._tap is not None:
            self._tap.event(now, self.health.connections, "client-close" if reason == "closed" else reason)
        if self._is_steady(now):
            self.health.failures = 0
        self._live_since = None
        cause = known or CAUSES.get(reason)
        if (
            known is None
            and not self._heard_any
            and self._end_point.wordless
            and reason in {"eof", "reset", "silent"}
        ):
            cause, detail = "wordless", ". ".join(filter(None, [detail, self._end_point.wordless]))
        self._count_messages()
        self._emit(self._session.close(now, reason, detail), now)
        self._told = reason
        if reason == "closed":
            self._set("closed")
            return 0.0
        self._set("refused" if reason == "rejected" else "down")
        what, next_step = UNPLUGGED if known == "no_device" else SPOKEN[reason]
        told = f"{what}: {detail}" if detail else what
        return self._failed(". ".join(part.rstrip(".") for part in (told, next_step) if part), cause)

    def _failed(self, error: str, cause: Cause | None) -> float:
        """Say it as loud as it is new; gives the pause."""
        now, health = self._clock.now(), self.health
        health.failures += 1
        self._trouble(error, cause)
        self._set("down" if health.condition == "connecting" else health.condition)
        if self._down_since is None:
            self._down_since = now
        ceiling = LONGEST_PAUSE if cause is None else CHEAP.get(cause, LONGEST_PAUSE)
        longest = min(ceiling, FIRST_PAUSE * 2 ** min(health.failures - 1, 10))
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

    def _failed_for_good(self, error: Exception) -> None:
        self._set("failed")
        detail = f"{type(error).__name__}: {error}"
        self._trouble(
            f"{detail}. This is a bug in ccwall: this source stands still until ccwall is started again; "
            "please report it with the traceback in the log",
            "bug",
        )
        self._tell("failed", detail)

    def _trouble(self, error: str, cause: Cause | None) -> None:
        health = self.health
        health.error, health.cause, health.error_at = error, cause, self._clock.now()

    def _set(self, condition: Condition) -> None:
        if self.health.condition != condition:
            self.health.condition, self.health.since = condition, self._clock.now()

    # ── time ──

    def _real(self) -> float:
        """Real seconds, of which only differences mean something."""
        return self._clock.now() / self._clock.rate

    async def _sleep(self, seconds: float) -> None:
        """Real ones."""
        await self._clock.sleep(seconds * self._clock.rate)
