"""A device on a pseudo-terminal, which a symbolic link names as udev names a real one. To close the far end is to pull the
plug: whoever has the near end open is told so by the system, as with a real one."""

import asyncio
import os
import select
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

LOOK_EVERY = 0.03
"""Real seconds between two looks at the line: nothing else tells that somebody has opened it."""


class Device(Protocol):
    """What is plugged in, without I/O. `now` is any clock in seconds."""

    def opened(self, now: float) -> None:
        """Somebody has opened the line."""
        ...

    def receive(self, data: bytes, now: float) -> None: ...
    def tick(self, now: float) -> None: ...
    def outgoing(self) -> bytes: ...


class OnPty:
    """`plug` and `unplug` at any time; `run` for as long as it is to answer."""

    def __init__(self, link_path: Path | str, device: Device, *, plugged: bool = True) -> None:
        self.path = Path(link_path)
        self._device = device
        self._far = -1
        self._open = False
        self.garble: Callable[[bytes], bytes] | None = None
        """What becomes of the bytes on the way: as where the two ends run at different speeds."""
        if plugged:
            self.plug()

    @property
    def plugged(self) -> bool:
        return self._far >= 0

    def plug(self) -> None:
        """Into another socket each time: the number behind the link is a new one."""
        if self.plugged:
            return
        import tty

        self._far, near = os.openpty()
        tty.setraw(near)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(near))
        os.close(near)
        os.set_blocking(self._far, False)
        self._open = False

    def unplug(self) -> None:
        if self.plugged:
            self.path.unlink(missing_ok=True)
            os.close(self._far)
            self._far = -1

    def send(self, data: bytes) -> None:
        """These bytes as they are: noise, half a line, something foreign. What nobody listens to is lost."""
        if self.plugged and self._is_open():
            with suppress(OSError):
                os.write(self._far, self.garble(data) if self.garble else data)

    def flush(self) -> None:
        """What the device has to say."""
        if data := self._device.outgoing():
            self.send(data)

    async def run(self) -> None:
        """Until it is cancelled; then it is unplugged."""
        clock = asyncio.get_running_loop().time
        try:
            while True:
                if self.plugged:
                    self._look(clock())
                await asyncio.sleep(LOOK_EVERY)
        finally:
            self.unplug()

    def _look(self, now: float) -> None:
        was, self._open = self._open, self._is_open()
        if not self._open:
            return
        if not was:
            self._device.opened(now)
        with suppress(OSError):  # nothing to read, or closed just now
            while data := os.read(self._far, 4096):
                self._device.receive(data, now)
        self._device.tick(now)
        self.flush()

    def _is_open(self) -> bool:
        """Whether somebody has the near end open."""
        poll = select.poll()
        poll.register(self._far, select.POLLIN)
        return not any(told & select.POLLHUP for _, told in poll.poll(0))
