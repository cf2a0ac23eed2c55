"""An event loop in which waiting costs nothing: time jumps to the next thing that is due.

After FoundationDB's simulation and TigerBeetle's VOPR: the real code in one process, with clock, network and chance given
from outside, so that ten minutes take as long as the work in them, and a seed gives the same run again.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


class _Timeless(selectors.SelectSelector):
    """Never waits; what would have been waited is handed to the loop as time that has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everything waits for something that never comes")
            self.passed += max(0.0, timeout)
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """`time` begins at 0 and is simulated."""

    def __init__(self) -> None:
        self._timeless = _Timeless()
        super().__init__(self._timeless)
        self.mishaps: list[str] = []
        self.set_exception_handler(lambda _loop, context: self.mishaps.append(str(context)))

    def time(self) -> float:
        return self._timeless.passed


class SimulatedClock:
    """The floor's clock in a simulated loop: `rate` floor seconds in each of the loop's; it can be held."""

    def __init__(self, start: float, rate: float) -> None:
        self._start, self._rate = start, rate
        self._since = 0.0
        self._held = False

    @property
    def rate(self) -> float:
        return self._rate

    def now(self) -> float:
        if self._held:
            return self._start
        return self._start + (asyncio.get_running_loop().time() - self._since) * self._rate

    def hold(self) -> None:
        self._start, self._held = self.now(), True

    def go_on(self) -> None:
        self._since, self._held = asyncio.get_running_loop().time(), False

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds / self._rate))


def simulate(work: Coroutine[object, object, Result]) -> Result:
    """Run it to its end in simulated time; what the loop would only have logged is an error."""
    loops: list[SimulatedLoop] = []

    def factory() -> SimulatedLoop:
        loops.append(SimulatedLoop())
        return loops[-1]

    with asyncio.Runner(loop_factory=factory) as runner:
        result = runner.run(work)
    assert not loops[0].mishaps, loops[0].mishaps
    return result
