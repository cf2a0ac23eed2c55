"""How much a page grows: what is left after the garbage is gone, looked at again and again, and the slope of it.

The heap is V8's used size (`Runtime.getHeapUsage`) and the nodes are those of all documents, detached ones included
(`Memory.getDOMCounters`), both after `HeapProfiler.collectGarbage` (Chrome DevTools Protocol). What is in the document is content: a
day that goes on has more points on its curve. What is in none of it any more, and still there, has leaked.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec
from playwright.async_api import CDPSession, Page

HOUR = 3600.0
MEGABYTE = 1e6
MOST_HEAP = 1.0
"""Megabytes an hour: what a wall may grow by, 24 MB a day."""
MOST_NODES = 0.01
"""Share of its nodes that may be left behind in the whole time."""
SHOWN = """() => {
  let nodes = 1;
  for (const walker = document.createTreeWalker(document); walker.nextNode(); ) nodes++;
  return nodes;
}"""
SETTLED = 0.2
"""Share of the looks at the beginning that are not counted: code is compiled, windows fill."""


class Look(msgspec.Struct, frozen=True):
    """What there is after the garbage is gone. ``at`` in seconds since the first look; ``heap`` in bytes; ``shown`` are the nodes
    that are in the document, of all ``nodes``."""

    at: float
    heap: float
    nodes: int
    listeners: int
    shown: int = 0


class Growth(msgspec.Struct, frozen=True):
    """``heap`` in megabytes an hour; as a share of what there was, over the whole time: ``nodes`` left behind, ``content`` in the
    document, ``listeners``; ``over`` in seconds."""

    heap: float
    nodes: float
    listeners: float
    over: float
    content: float = 0.0

    @property
    def leaks(self) -> bool:
        return self.heap > MOST_HEAP or abs(self.nodes) > MOST_NODES or self.listeners > MOST_NODES

    def __str__(self) -> str:
        return (
            f"heap {self.heap:+.2f} MB/h, nodes left behind {self.nodes:+.2%} (content {self.content:+.2%}), "
            f"listeners {self.listeners:+.2%}, "
            f"in {self.over / 60:.0f} min"
        )


def growth(looks: Sequence[Look]) -> Growth:
    """The trend of the looks (Theil-Sen: the median of the slopes between all pairs, which single peaks do not turn).

    >>> growth([Look(60.0 * k, 1e7 + 1e5 * k, 500 + 5 * k, 40) for k in range(10)]).heap
    6.0
    """
    counted = looks[int(len(looks) * SETTLED) :]
    if len(counted) < 3:
        raise ValueError(
            f"{len(looks)} looks are too few to tell whether a page grows; at least 5 are needed"
        )
    over = counted[-1].at - counted[0].at

    def share(of: Callable[[Look], float], among: Callable[[Look], float]) -> float:
        return _slope(counted, of) * over / max(1.0, among(counted[0]))

    def all_nodes(look: Look) -> float:
        return look.nodes

    return Growth(
        heap=_slope(counted, lambda look: look.heap) * HOUR / MEGABYTE,
        nodes=share(lambda look: look.nodes - look.shown, all_nodes),
        listeners=share(lambda look: look.listeners, lambda look: look.listeners),
        over=over,
        content=share(lambda look: look.shown, all_nodes),
    )


def _slope(looks: Sequence[Look], of: Callable[[Look], float]) -> float:
    slopes = sorted(
        (of(b) - of(a)) / (b.at - a.at) for i, a in enumerate(looks) for b in looks[i + 1 :] if b.at > a.at
    )
    middle = len(slopes) // 2
    return slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2


class Scales:
    """Weighs one page."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self._page, self._cdp = page, cdp
        self._began = asyncio.get_running_loop().time()

    @classmethod
    async def of(cls, page: Page) -> "Scales":
        return cls(page, await page.context.new_cdp_session(page))

    async def look(self) -> Look:
        # Twice: what a finaliser lets go is garbage of the second round.
        for _ in range(2):
            await self._cdp.send("HeapProfiler.collectGarbage")
        shown: int = await self._page.evaluate(SHOWN)
        usage = await self._cdp.send("Runtime.getHeapUsage")
        counters = await self._cdp.send("Memory.getDOMCounters")
        return Look(
            at=asyncio.get_running_loop().time() - self._began,
            heap=float(usage["usedSize"]),
            nodes=int(counters["nodes"]),
            listeners=int(counters["jsEventListeners"]),
            shown=shown,
        )
