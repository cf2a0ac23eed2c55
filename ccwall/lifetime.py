"""How a command that runs for ever begins and ends: one event loop, one group of named tasks, two signals."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence

import structlog

from ccwall.errors import CcwallError

Job = tuple[str, Coroutine[object, object, None]]


def run(work: Coroutine[object, object, None]) -> None:
    """The event loop, uvloop where there is one; an expected error comes out as itself."""
    try:
        import uvloop
    except ImportError:
        factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    else:
        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(work)
    except BaseExceptionGroup as group:
        # Not `except*`: in Python 3.11.2, Debian 12's, it wraps again what is raised in it.
        expected, bugs = group.split(CcwallError)
        if bugs is not None or expected is None:
            raise
        first: BaseException = expected
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


async def until_stopped(
    jobs: Sequence[Job],
    last: Coroutine[object, object, None] | None = None,
    farewell: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Run the jobs until SIGINT or SIGTERM; then ``farewell``, wait for ``last`` to end, and cancel what still runs."""
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        running.add_signal_handler(number, stop.set)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work, name=name) for name, work in jobs]
            end = group.create_task(last, name="web") if last is not None else None
            if end is not None:
                end.add_done_callback(lambda _: stop.set())
            await stop.wait()
            if farewell is not None:
                await farewell()
            if end is not None:
                await end
            for task in tasks:
                task.cancel()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            running.remove_signal_handler(number)


def log_to_stderr(verbose: bool) -> None:
    """One line an event, coloured on a terminal; of a bug the traceback, without locals: they hold secrets and callers."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )
