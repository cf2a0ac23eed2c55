"""The built pages over the real app: an engine with its desk, its acts and its register, in a browser. No mock stands between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext

from ccwall.access import Access, Key
from ccwall.api import Floor, Instruments, Openings
from ccwall.clock import Clock, SystemClock
from ccwall.engine import Engine
from ccwall.events import Principal
from ccwall.floor.acts import Acts
from ccwall.floor.register import Register
from ccwall.floor.rota.office import Office
from ccwall.hub import Hub
from ccwall_web.app import create_app
from ccwall_web.server import WallServer, bound_socket, config
from tests.browser import mock_wall
from tests.hub.glass import until


def token(who: Principal) -> str:
    return who.id.ljust(40, "-")


@asynccontextmanager
async def served(
    engine: Engine,
    clock: Clock,
    acts: Acts,
    people: Sequence[Principal],
    *,
    office: Office | None = None,
    register: Register | None = None,
) -> AsyncIterator[str]:
    """Where it is. `people` come in by `url + "page#token=" + token(who)`. The house's own `clock` may stand still: screens are
    told a time that goes on from it, and as much as passes in a test does not matter."""
    running = SystemClock(start=clock.now())
    openings = Openings(acts=acts, office=office, register=register)
    floor = Floor(engine, clock, Instruments(), version="1.2.3", openings=openings)
    hub = Hub(running, "1.2.3", changes=lambda: engine.changes(clock.now()), heard=dict)
    access = Access([Key.of(token(who), who) for who in people], clock=SystemClock())
    app = create_app(floor, hub, access, static_dir=mock_wall.STATIC)
    server = WallServer(config(app), hub)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]  # the test runner keeps its own
    job = asyncio.create_task(hub.run())
    with bound_socket("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started or serving.done())
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            await serving
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)
