"""The board and its audiences: one snapshot, then patches with the newest value of each path, and a pulse each second.

web/README.md is the contract with the screens. An audience is what a viewer may see; whatever it is sent is built and
encoded once, and every screen gets the same bytes. A screen has no queue: it has the `seq` it was last given, and
takes, whenever it is able to, one frame that brings it to the newest state. So a screen that cannot keep up
costs nothing, delays nobody, and never shows old numbers one after the other.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from itertools import chain
from time import perf_counter
from typing import Literal

import msgspec

from ccwall.clock import Clock
from ccwall.events import Principal
from ccwall.mirror import MISSING, Changes, Mirror, Path, Sight, shallowest

GATHER, GATHER_AT_MOST = 0.002, 0.05
"""Seconds between two flushes. The first change after a quiet moment goes out at once; in a busy one, what changes meanwhile
goes out together: the more a flush costs, with the sending, the longer is gathered."""
REST = 1.0
"""How many times as long as a flush took is gathered: half of the loop's time at most is the screens'."""
LAPS = 3
"""Rounds of the loop until the screens that a flush woke have sent."""
BEAT = 1.0
FRESH = 0.1
"""Seconds for which an encoded frame may be given to further screens."""
SILENCE = 15
"""Beats without a word from a screen until it is closed."""
LOG_PATHS = 4096
"""Changed paths remembered per audience, so that a late screen may be given one patch; beyond, a snapshot."""

ByeReason = Literal["replaced", "stopping", "slow", "refused"]


class Audience(msgspec.Struct, frozen=True):
    """Who looks at which board. Audiences of equal board and equal sight share one stream."""

    board: str
    principal: Principal

    @property
    def key(self) -> tuple[str, Sight]:
        return self.board, Sight.of(self.principal)


def bye(reason: ByeReason) -> bytes:
    """The last frame on a socket."""
    return msgspec.json.encode({"type": "bye", "reason": reason})


class Hub:
    """Keeps the mirror, and wakes the screens. All times are real seconds: `clock` is only asked what floor time it is.

    `changes` gives what differs from its last call; `heard` when each source was last heard (floor time); `boards` a number
    that is another after every change of a board, a floor plan or a picture.
    """

    def __init__(
        self,
        clock: Clock,
        version: str,
        *,
        changes: Callable[[], Changes],
        heard: Callable[[], Mapping[str, float]],
        boards: Callable[[], int] = int,
    ) -> None:
        self.boards = boards
        self.clock, self.version = clock, version
        self.mirror = Mirror()
        self.beats = 0
        self._changes, self._heard = changes, heard
        self._streams: dict[tuple[str, Sight], Stream] = {}
        self._touched = asyncio.Event()
        self._left = asyncio.Event()
        self._running = False
        self._stopping = False

    @property
    def running(self) -> bool:
        return self._running

    @property
    def screens(self) -> int:
        return sum(len(stream.screens) for stream in self._streams.values())

    @property
    def heard(self) -> Mapping[str, float]:
        return self._heard()

    async def run(self) -> None:
        """Until cancelled: flush soon after `touch`, and at every beat for the numbers that time alone changes."""
        self._running = True
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._flush_when_touched(), name="hub: flush")
                group.create_task(self._beat(), name="hub: beat")
        finally:
            self._running = False

    def touch(self) -> None:
        """Something was applied to the engine."""
        self._touched.set()

    def join(self, audience: Audience) -> "Screen":
        """A new screen; its first frame is a snapshot. When the house is closing, a farewell."""
        self.flush()
        key = audience.key
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = Stream(self, audience.board, key[1])
        screen = Screen(stream)
        stream.screens.add(screen)
        if self._stopping:
            screen.bye("stopping")
        return screen

    def leave(self, screen: "Screen") -> None:
        stream = screen.stream
        stream.screens.discard(screen)
        key = stream.board, stream.sight
        if not stream.screens and self._streams.get(key) is stream:
            del self._streams[key]
        self._left.set()

    async def stop(self) -> None:
        """Say farewell to every screen, and return when all are gone; put a limit on it from outside."""
        self._stopping = True
        for stream in self._streams.values():
            for screen in stream.screens:
                screen.bye("stopping")
        while self._streams:
            self._left.clear()
            await self._left.wait()

    def flush(self) -> None:
        """Bring the mirror up to date, and every audience with it."""
        touched = self.mirror.apply(self._changes())
        if touched:
            for stream in self._streams.values():
                stream.advance(touched)

    async def _flush_when_touched(self) -> None:
        next_at = self._real()
        while True:
            await self._touched.wait()
            if (early := next_at - self._real()) > 0:
                await self._sleep(min(early, GATHER_AT_MOST))
            self._touched.clear()
            began = perf_counter()
            if self._streams:
                self.flush()
                for _ in range(LAPS):
                    await asyncio.sleep(0)
            cost = perf_counter() - began
            next_at = self._real() + max(GATHER, cost * REST)

    async def _beat(self) -> None:
        while True:
            await self._sleep(BEAT)
            if self._streams:
                self.flush()
            self.beats += 1
            for stream in self._streams.values():
                for screen in stream.screens:
                    screen.beat()

    def _real(self) -> float:
        """Real seconds, of which only differences mean something."""
        return self.clock.now() / self.clock.rate

    async def _sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds * self.clock.rate)


class Stream:
    """What one audience is sent. `seq` counts its changes; the log has the changed paths of the latest ones."""

    def __init__(self, hub: Hub, board: str, sight: Sight) -> None:
        self.hub, self.board, self.sight = hub, board, sight
        self.seq = 1
        self.screens: set[Screen] = set()
        self._agents, self._items = sight.agents(hub.mirror), sight.items(hub.mirror)
        self._log: deque[tuple[int, list[Path]]] = deque()
        self._logged = 0
        self._frames: dict[str | int, tuple[float, bytes]] = {}

    def advance(self, touched: list[Path]) -> None:
        """The mirror changed at these paths."""
        if not self.sight.everything:
            mirror = self.hub.mirror
            before, self._agents = self._agents, self.sight.agents(mirror)
            items, self._items = self._items, self.sight.items(mirror)
            narrowed = self.sight.narrow(touched, before, self._agents, (items, self._items))
            touched = shallowest(narrowed)
        if not touched:
            return
        self.seq += 1
        self._frames.clear()
        self._log.append((self.seq, touched))
        self._logged += len(touched)
        while self._logged > LOG_PATHS:
            self._logged -= len(self._log.popleft()[1])
        for screen in self.screens:
            screen.wake()

    def snapshot(self) -> bytes:
        return self._frame("snapshot", self._snapshot)

    def patch(self, base: int) -> bytes:
        """One frame from `base` to now: a patch, or a snapshot when the log does not reach back so far."""
        reach = self._log[0][0] - 1 if self._log else self.seq
        return self._frame(base, lambda: self._patch(base)) if base >= reach else self.snapshot()

    def pulse(self) -> bytes:
        return self._frame("pulse", self._pulse)

    def _frame(self, key: str | int, message: Callable[[], dict[str, object]]) -> bytes:
        """Encoded once for all who need the same now; anew for who comes late, because it says what time it is."""
        clock = self.hub.clock
        now = clock.now()
        made, frame = self._frames.get(key, (now, b""))
        if not frame or not 0 <= now - made <= FRESH * clock.rate:
            frame = msgspec.json.encode({**message(), "seq": self.seq, "now": now})
            self._frames[key] = now, frame
        return frame

    def _snapshot(self) -> dict[str, object]:
        return {
            "type": "snapshot",
            "v": 1,
            "version": self.hub.version,
            "audience": self.board,
            "rate": self.hub.clock.rate,
            "board": self.sight.board(self.hub.mirror),
        }

    def _patch(self, base: int) -> dict[str, object]:
        missed = [touched for seq, touched in self._log if seq > base]
        paths = missed[0] if len(missed) == 1 else shallowest(chain.from_iterable(missed))
        values = [(path, self.sight.read(self.hub.mirror, path)) for path in paths]
        return {
            "type": "patch",
            "base": base,
            "set": [item for item in values if item[1] is not MISSING],
            "del": [path for path, value in values if value is MISSING],
        }

    def _pulse(self) -> dict[str, object]:
        hub = self.hub
        return {"type": "pulse", "rate": hub.clock.rate, "heard": hub.heard, "boards": hub.boards()}


class Screen:
    """One socket's place in a stream: iterate over it for the frames to send, in order, each when it is needed.

    `leaving` is set when the hub wants it gone; then the iteration gives the farewell and ends.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.leaving = asyncio.Event()
        self._seq: int | None = None
        self._beats = stream.hub.beats
        self._quiet = 0
        self._farewell: ByeReason | None = None
        self._closed = False
        self._wake = asyncio.Event()

    def ack(self, seq: int) -> None:
        """The screen has drawn up to `seq`: it lives. What it was never given it cannot have drawn."""
        if self._seq is not None and seq <= self._seq:
            self._quiet = 0

    def resync(self) -> None:
        """The screen lost its place: the next frame is a snapshot."""
        self._quiet = 0
        self._seq = None
        self.wake()

    def bye(self, reason: ByeReason) -> None:
        self._farewell = self._farewell or reason
        self.leaving.set()
        self.wake()

    def close(self) -> None:
        """The socket is gone. May be said more than once."""
        self._closed = True
        self.wake()
        self.stream.hub.leave(self)

    def wake(self) -> None:
        self._wake.set()

    def beat(self) -> None:
        """A second passed."""
        self._quiet += 1
        if self._quiet > SILENCE:
            self.bye("slow")
        self.wake()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while not self._closed:
            self._wake.clear()
            frame = self.take()
            if frame is not None:
                return frame
            await self._wake.wait()
        raise StopAsyncIteration

    def take(self) -> bytes | None:
        """The one frame that matters most now; None when the screen has everything."""
        stream = self.stream
        if self._closed:
            return None
        if self._farewell is not None:
            self._closed = True
            return bye(self._farewell)
        if self._seq is None:
            self._seq, self._beats = stream.seq, stream.hub.beats
            return stream.snapshot()
        if self._seq != stream.seq:
            base, self._seq = self._seq, stream.seq
            return stream.patch(base)
        if self._beats != stream.hub.beats:
            self._beats = stream.hub.beats
            return stream.pulse()
        return None
