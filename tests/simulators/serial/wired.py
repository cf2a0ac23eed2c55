"""A source as the house runs it: the real supervisor, the real transport, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from ccwall.adapter import Adapter
from ccwall.clock import SystemClock
from ccwall.events import AnyEvent, SourceId
from ccwall.supervise import EndPoint, Supervisor
from ccwall.transport import address, connect
from ccwall_simulators.serial import OnPty
from tests.adapters.contract import PlainDirectory

Fact = TypeVar("Fact", bound=msgspec.Struct)
SOON = 0.02
"""Seconds between two tries to connect, instead of chance."""


class Wired:
    """What a source has told so far."""

    def __init__(self) -> None:
        self.facts: list[AnyEvent] = []
        self.pauses: list[float] = []
        self._told = asyncio.Event()
        self.supervisor: Supervisor | None = None

    def emit(self, facts: Sequence[AnyEvent], _now: float) -> None:
        self.facts += facts
        self._told.set()

    def pause(self, longest: float) -> float:
        """Instead of chance: soon. What it might have been is kept."""
        self.pauses.append(longest)
        return min(longest, SOON)

    def all(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits for as long as it takes; a test that waits for ever is ended by its own limit."""
        while not true():
            self._told.clear()
            await self._told.wait()

    async def tells(self, kind: type[Fact], true: Callable[[Fact], bool] = lambda _fact: True) -> Fact:
        """The first of this kind that is so, from the beginning of what was told."""
        await self.until(lambda: any(map(true, self.all(kind))))
        return next(filter(true, self.all(kind)))


@asynccontextmanager
async def wired(adapter: Adapter, url: Path | str, *plugs: OnPty, **settings: object) -> AsyncIterator[Wired]:
    """A source at `url` (a path is a serial line), read until the end; `plugs` are run meanwhile."""
    told = Wired()
    to = address(f"serial://{url}" if isinstance(url, Path) else url, adapter.port, adapter.schemes)
    chosen = msgspec.convert(settings, adapter.settings)
    supervisor = told.supervisor = Supervisor(
        SourceId("src"),
        adapter.session(chosen, PlainDirectory(), "live"),
        lambda: connect(to),
        told.emit,
        SystemClock(),
        jitter=told.pause,
        end_point=EndPoint(address=str(to), scheme=to.scheme, patient=to.scheme == "file"),
    )
    tasks = [asyncio.create_task(supervisor.run()), *(asyncio.create_task(plug.run()) for plug in plugs)]
    try:
        yield told
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
