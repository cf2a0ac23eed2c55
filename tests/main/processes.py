"""A command of ccwall as a process of its own, as its user runs it: what it says, and its end."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import gmtime

URL = re.compile(r"http://127\.0\.0\.1:\d+/")
PATIENCE = 60.0
STOPS_WITHIN = 10.0
"""On a machine where everything else runs too; alone it takes half a second."""


class Running:
    """A command, its messages so far, and the wall it shows."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self.child = child
        self.said = ""

    async def says(self, pattern: str | re.Pattern[str]) -> str:
        """Wait for a message."""
        assert self.child.stderr is not None
        while not (found := re.search(pattern, self.said)):
            line = await self.child.stderr.readline()
            assert line, f"it ended, having said:\n{self.said}"
            self.said += line.decode()
        return found[0]

    async def stop(self, number: int = signal.SIGINT) -> int:
        """Tell it to stop; it must, soon. Gives the exit code."""
        assert self.child.stderr is not None
        self.child.send_signal(number)
        async with asyncio.timeout(STOPS_WITHIN):
            self.said += (await self.child.stderr.read()).decode()
            return await self.child.wait()


def noon() -> str:
    """A time zone where it is about noon: a floor that runs at many times our pace is not to pass its midnight meanwhile, when a
    new day begins with no contacts and no gaps."""
    hours = 12 - gmtime().tm_hour
    return f"Etc/GMT{-hours:+d}"  # POSIX: west is positive


@asynccontextmanager
async def command(*arguments: str, patience: float = PATIENCE, **environment: str) -> AsyncIterator[Running]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "ccwall.cli", *arguments),
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "TZ": noon(), **environment},
    )
    running = Running(child)
    try:
        async with asyncio.timeout(patience):
            yield running
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()
