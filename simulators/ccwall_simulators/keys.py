"""Single keys from a terminal, which is left as it was found on every way out."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

if sys.platform != "win32":
    import termios
    import tty

    LEAVING = (signal.SIGTSTP, signal.SIGQUIT, signal.SIGHUP)
    """How a terminal stops us without asking; SIGINT and SIGTERM are whoever runs us's."""


def available(file: int) -> bool:
    """Whether this is a terminal and we are in its foreground: changing it from the background would stop us."""
    if sys.platform == "win32":
        return False
    try:
        return os.isatty(file) and os.tcgetpgrp(file) == os.getpgrp()
    except OSError:
        return False


@contextmanager
def pressed(file: int, press: Callable[[str], None]) -> Iterator[None]:
    """While this lasts, `press` gets every key without Enter. Ctrl-C stays a signal, and Ctrl-Z gives the terminal back."""
    if sys.platform == "win32":
        yield
        return
    loop = asyncio.get_running_loop()
    as_it_was = termios.tcgetattr(file)

    def read() -> None:
        try:
            keys = os.read(file, 64)
        except BlockingIOError:
            return
        except OSError:
            keys = b""
        if not keys:  # the terminal is gone
            loop.remove_reader(file)
        for key in keys.decode("ascii", "ignore"):
            press(key)

    def leave(number: signal.Signals) -> None:
        give_back()
        os.kill(os.getpid(), number)  # ends here, or stops until the shell goes on with us
        take()

    def take() -> None:
        if available(file):
            tty.setcbreak(file, termios.TCSANOW)
            loop.add_reader(file, read)
        for number in LEAVING:
            loop.add_signal_handler(number, leave, number)

    def give_back() -> None:
        for number in LEAVING:
            loop.remove_signal_handler(number)
        loop.remove_reader(file)
        with suppress(termios.error):
            termios.tcsetattr(file, termios.TCSANOW, as_it_was)

    take()
    try:
        yield
    finally:
        give_back()
