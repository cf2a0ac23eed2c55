"""The spool behind an event loop: a thread of its own writes, in groups, and who wants to send is told when there is more."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import structlog

from ccwall.clock import Clock
from ccwall.edge.spool import Spool
from ccwall.events import SourceGap
from ccwall.wire.edge import told

Result = TypeVar("Result")

MOST_PENDING = 10_000
"""Facts in memory while the disk does not take them."""
AGAIN = 1.0
"""Seconds until the disk is tried again."""
GROUP = 1000


class Store:
    """`put` from the loop; `run` writes. `last` is the highest number on the disk, `more` is set when it rose."""

    def __init__(self, spool: Spool, clock: Clock) -> None:
        self._spool, self._clock = spool, clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._pending: deque[bytes] = deque()
        self._work = asyncio.Event()
        self._lost_since: float | None = None
        self.more = asyncio.Event()
        self.series, self.last = spool.series, spool.last
        self.refused = 0
        self._log = structlog.get_logger("ccwall.edge")

    @property
    def waiting(self) -> int:
        """Facts without a receipt."""
        return self._spool.count + len(self._pending)

    @property
    def newest(self) -> int:
        """The number that the fact put last has, or will have."""
        return self.last + len(self._pending)

    def put(self, body: bytes) -> None:
        if len(self._pending) >= MOST_PENDING:
            self._lost_since = self._clock.now() if self._lost_since is None else self._lost_since
            self.refused += 1
            return
        self._pending.append(body)
        self._work.set()

    async def run(self) -> None:
        """For ever. What is pending when it is cancelled is written before it ends."""
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                await self._write_all()
        finally:
            self._thread.submit(self._last_words).result()

    async def head(self, after: int, most: int, most_bytes: int) -> list[tuple[int, bytes]]:
        return await self._do(partial(self._spool.head, after, most, most_bytes))

    async def forget(self, upto: int) -> None:
        await self._do(partial(self._spool.forget, upto))
        await self._say_gap()

    async def close(self) -> None:
        await self._do(self._spool.close)
        self._thread.shutdown()

    async def _write_all(self) -> None:
        warned = False
        while self._pending:
            bodies = [self._pending[place] for place in range(min(GROUP, len(self._pending)))]
            now = self._clock.now()
            try:
                refused = await self._do(partial(self._spool.add, bodies, now))
            except sqlite3.Error as error:
                if not warned:
                    self._log.error(
                        "the spool cannot be written", error=str(error), waiting=len(self._pending)
                    )
                warned = True
                await self._clock.sleep(AGAIN)
                continue
            for _ in bodies:
                self._pending.popleft()
            self._refuse(refused)
            self._grown()
        await self._say_gap()

    def _refuse(self, count: int) -> None:
        if count and not self.refused:
            self._log.warning("the spool is full: what is new is refused until the server takes some")
        self.refused += count

    async def _say_gap(self) -> None:
        """What was refused while there was no room, once there is."""
        now = self._clock.now()

        def say() -> bool:
            begins = [each for each in (self._spool.full_since, self._lost_since) if each is not None]
            if self._spool.full or not begins:
                return False
            reason = f"the spool was full: {self.refused} facts" if self.refused else "the spool was full"
            self._spool.say_gap(told("", SourceGap(at=now, since=min(begins), reason=reason)))
            return True

        try:
            said = await self._do(say)
        except sqlite3.Error:
            return
        if said:
            self._lost_since, self.refused = None, 0
            self._grown()

    def _last_words(self) -> None:
        if self._pending:
            try:
                self._spool.add(list(self._pending), self._clock.now())
            except sqlite3.Error as error:
                self._log.error("not written at the end", error=str(error), facts=len(self._pending))
            self._pending.clear()

    def _grown(self) -> None:
        self.last = self._spool.last
        self.more.set()

    async def _do(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
