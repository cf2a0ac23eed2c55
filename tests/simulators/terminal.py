"""A terminal of our own for a child process, and what it looks like from outside."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

if sys.platform != "win32":
    import pty
    import termios

OWN_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
"""The child makes its standard input the terminal of its session."""


class Terminal:
    """The person's side of it."""

    def __init__(self, master: int, slave: int, child: asyncio.subprocess.Process) -> None:
        self.child = child
        self.shown = ""
        self._master, self._slave = master, slave
        self._changed = asyncio.Event()

    @property
    def is_as_usual(self) -> bool:
        """Whether lines are edited and echoed, as a shell wants it."""
        local = termios.tcgetattr(self._slave)[3]
        return bool(local & termios.ICANON) and bool(local & termios.ECHO)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    async def shows(self, text: str) -> None:
        while text not in self.shown:
            self._changed.clear()
            await self._changed.wait()

    async def ended(self) -> int:
        return await self.child.wait()

    def read(self) -> None:
        self.shown += os.read(self._master, 65536).decode(errors="replace")
        self._changed.set()


@asynccontextmanager
async def terminal(code: str, arguments: Sequence[str] = ()) -> AsyncIterator[Terminal]:
    """Python code in a session with a terminal of its own."""
    master, slave = pty.openpty()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        OWN_TERMINAL + code,
        *arguments,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    loop = asyncio.get_running_loop()
    found = Terminal(master, slave, child)
    loop.add_reader(master, found.read)
    try:
        async with asyncio.timeout(60):
            yield found
    finally:
        loop.remove_reader(master)
        if child.returncode is None:
            child.kill()
        await child.wait()
        os.close(slave)
        os.close(master)
