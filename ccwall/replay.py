"""Recorded wire back through an adapter, at any speed: the same bytes give the same facts, however they were cut."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from ccwall.adapter import Session
from ccwall.clock import Clock, SystemClock
from ccwall.errors import AuthRejected, ProtocolError, TranscriptError
from ccwall.events import AnyEvent, SourceDown
from ccwall.transcript import Record

Emit = Callable[[Sequence[AnyEvent], float], None]
"""Takes the facts and the instant at which they were known."""

STEP = 0.5
PATIENCE = 120
"""So many steps of silence are ticked one by one; after that the step doubles, or a wrong clock in a file would cost for ever."""

_ENDS = {
    "eof": "eof",
    "reset": "reset",
    "error": "reset",
    "client-close": "closed",
    "close": "closed",
    "silent": "silent",
    "rejected": "rejected",
    "protocol": "protocol",
}
_NEVER_OPENED = ("refused", "connect-failed")


class Player:
    """Plays records into one observing session. Ticks fall on a fixed grid from the first record on, so that what a
    session does by time does not depend on how the bytes were cut."""

    def __init__(self, session: Session, emit: Emit, name: str = "the recording") -> None:
        self._session, self._emit, self._name = session, emit, name
        self._next_tick: float | None = None
        self._open: int | None = None
        self._dropped = False
        self._foreign: tuple[float, ProtocolError] | None = None
        self.now = 0.0
        self.ignored = 0

    def play(self, record: Record) -> None:
        """Let time pass up to the record, then let it happen."""
        self.advance(record.t)
        self.now = record.t
        if record.kind == "ev":
            self._happen(record)
            return
        if self._open != record.conn:  # a recording cut out of a longer one may lack its "connect"
            self._connect(record)
        if self._dropped:
            return
        if record.kind == "rx":
            self._receive(record)
        else:
            self._session.sent(record.body, record.t)

    def finish(self) -> None:
        """After the last record: TranscriptError when some of the bytes were not of the protocol."""
        if self._foreign is not None:
            at, error = self._foreign
            raise TranscriptError(
                f"{self._name}: the bytes received at {at:.3f} are not what the header promises: {error}"
            )

    def advance(self, now: float) -> None:
        """Tick the session for every step that is over by ``now``."""
        if self._next_tick is None:
            self._next_tick = now + STEP
        step, steps = STEP, 0
        while self._next_tick <= now:
            self.now = self._next_tick
            self._emit(self._session.tick(self._next_tick), self._next_tick)
            steps += 1
            step = step if steps < PATIENCE else step * 2
            self._next_tick += step
        self.now = max(self.now, now)

    def _receive(self, record: Record) -> None:
        """As the supervisor would: a connection that turns out foreign or refused is dropped."""
        try:
            self._emit(self._session.receive(record.body, record.t), record.t)
        except ProtocolError as error:
            self._foreign = self._foreign or (record.t, error)
            self._drop(record.t, "protocol", str(error))
        except AuthRejected as error:
            self._drop(record.t, "rejected", str(error))

    def _drop(self, now: float, reason: str, detail: str) -> None:
        self._dropped = True
        self._emit(self._session.close(now, reason, detail), now)

    def _connect(self, record: Record) -> None:
        if self._open is not None and not self._dropped:
            self._emit(self._session.close(record.t, "eof"), record.t)
        self._open, self._dropped = record.conn, False
        self._emit(self._session.open(record.t), record.t)

    def _happen(self, record: Record) -> None:
        if record.event == "connect":
            self._connect(record)
        elif record.event in _NEVER_OPENED:
            if self._open is None:
                self._emit([SourceDown(at=record.t, reason="refused")], record.t)
        elif record.event in _ENDS:
            if self._open == record.conn:
                self._open = None
                if self._dropped:
                    return
                self._emit(self._session.close(record.t, _ENDS[record.event]), record.t)
        else:
            self.ignored += 1


class Stage(Protocol):
    """What a recording is played on: a `Player`, or something around one."""

    def play(self, record: Record) -> None: ...
    def advance(self, now: float) -> None: ...
    def finish(self) -> None: ...


class ReplayClock:
    """Follows a recording at ``rate`` seconds of it per real second; stands still before `go` and after `stand`."""

    STILL = 1e-9
    """A rate so low that no screen sees time move; not 0, for sleepers divide by it."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._clock = SystemClock(self.STILL, start=0.0)

    @property
    def rate(self) -> float:
        return self._clock.rate

    def now(self) -> float:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    def go(self, at: float) -> None:
        """From here on, time passes."""
        self._clock = SystemClock(self._rate, start=at)

    def stand(self, at: float) -> None:
        self._clock = SystemClock(self.STILL, start=at)


def play(records: Iterable[Record], stage: Stage) -> None:
    """All of it at once."""
    for record in records:
        stage.play(record)
    stage.finish()


async def pace(records: Iterable[Record], stage: Stage, clock: Clock) -> None:
    """Each record at its own moment by the clock, ticks in between."""
    for record in records:
        while (ahead := record.t - clock.now()) > 0:
            stage.advance(clock.now())
            await clock.sleep(min(ahead, STEP))
        stage.play(record)


async def follow(records: Iterable[Record], stage: Stage, clock: ReplayClock) -> None:
    """`pace`, with the clock beginning at the first record and standing still at the last."""
    last: float | None = None

    def noted() -> Iterator[Record]:
        nonlocal last
        for record in records:
            if last is None:
                clock.go(record.t)
            yield record
            last = record.t

    try:
        await pace(noted(), stage, clock)
    finally:
        if last is not None:
            clock.stand(last)
    stage.finish()
