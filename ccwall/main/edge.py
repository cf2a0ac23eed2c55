"""`ccwall edge`: the process on an agent's PC, on Linux, Windows and macOS."""

import asyncio
import signal
import sys
from collections.abc import Callable

import structlog

from ccwall.clock import SystemClock
from ccwall.edge import Edge, EdgeConfig
from ccwall.lifetime import log_to_stderr


def edge(config: EdgeConfig, say: Callable[[str], None], verbose: bool = False) -> None:
    """Until it is told to stop. On Windows ZeroMQ wants the event loop of select; elsewhere it is the usual one."""
    log_to_stderr(verbose)
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(_run(config, say))


async def _run(config: EdgeConfig, say: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    _on_signals(stop)
    edge = Edge(config, SystemClock())
    names = ", ".join(source.name for source in config.sources)
    say(
        f"ccwall edge {config.name}: {names} to {config.server}, {edge.store.waiting} facts in the spool   (Ctrl-C stops)"
    )
    tasks = [asyncio.create_task(work, name=name) for name, work in edge.jobs()]
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in [*reversed(tasks), stopping]:  # the sources first: what they say last goes into the spool
            task.cancel()
            ended = await asyncio.gather(task, return_exceptions=True)
            _tell_bug(task, ended[0])
        await edge.close()


def _tell_bug(task: "asyncio.Task[object]", ended: object) -> None:
    if isinstance(ended, Exception):
        structlog.get_logger("ccwall.edge").error("a bug", task=task.get_name(), exc_info=ended)


def _on_signals(stop: asyncio.Event) -> None:
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":  # its loops know no signals
            signal.signal(number, lambda *_: running.call_soon_threadsafe(stop.set))
        else:
            running.add_signal_handler(number, stop.set)
