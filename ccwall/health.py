"""How a source is, apart from its facts: what its supervisor knows and the health page shows."""

from collections import deque
from collections.abc import Mapping
from typing import Literal

import msgspec

from ccwall.transport import Unopened

LAST_WORDS = 4096
"""Bytes kept of what came before an error."""
OVER = 10
"""Seconds, real ones, that a rate looks back."""

Condition = Literal["connecting", "connected", "down", "refused", "failed", "closed"]
Cause = Unopened | Literal["hung_up", "reset", "silent", "wordless", "rejected", "foreign", "overrun", "bug"]
"""Why there is an `error`, as a code that a catalogue translates; docs/operations.md says what to do about each."""


class Meter:
    """How many a second, over the last ten whole seconds."""

    def __init__(self) -> None:
        self._seconds: deque[list[float]] = deque(maxlen=OVER + 1)

    def add(self, second: float, number: int) -> None:
        """`second` is real time; never before one that was said earlier."""
        whole = second // 1
        if self._seconds and self._seconds[-1][0] >= whole:
            self._seconds[-1][1] += number
        else:
            self._seconds.append([whole, number])

    def rate(self, second: float) -> float:
        """Of the ten seconds that were over when `second` began.

        >>> meter = Meter()
        >>> meter.add(0.5, 30); meter.add(1.5, 20); meter.add(2.5, 1)
        >>> meter.rate(2.9), meter.rate(11.5), meter.rate(12.5)
        (5.0, 2.1, 0.1)
        """
        whole = second // 1
        return sum(number for then, number in self._seconds if whole - OVER <= then < whole) / OVER


class Rates(msgspec.Struct, kw_only=True):
    """Per real second."""

    bytes: float = 0.0
    messages: float = 0.0
    facts: float = 0.0


class Health(msgspec.Struct, kw_only=True):
    """Of one source. Instants are of the floor's clock."""

    address: str = ""
    condition: Condition = "connecting"
    since: float = 0.0
    heard: float | None = None
    connections: int = 0
    failures: int = 0
    """in a row, until a link is steady"""
    error: str = ""
    """what happened last, where, and what to do; it stays to be read when all is well again"""
    error_at: float | None = None
    cause: Cause | None = None
    next_try: float | None = None
    """while it waits between two attempts"""
    last_words: bytes = b""
    """the end of what came before the last ProtocolError"""
    skipped: int = 0
    """bytes thrown away because nobody could keep up with them"""
    gaps: int = 0
    """how often that happened"""


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """A source at this moment: its health, and what is counted."""

    health: Health
    rates: Rates
    spool: int
    """bytes that were read and not yet worked off"""
    counts: Mapping[str, int]
    """messages by kind, with `unknown:` before those the protocol is not known to have"""


def printable(words: bytes) -> str:
    r"""Bytes as a page can show them: text as it is, line ends as line ends, the rest as its code.

    >>> printable("张三\r\nSSH-2.0\x00\xff".encode("utf-8")[:-2] + b"\xff")
    '张三\nSSH-2.0\\x00\\xff'
    """
    text = words.replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace")
    shown = "".join(sign if sign.isprintable() or sign in "\n\t" else _code(sign) for sign in text)
    return shown[-LAST_WORDS:]


def _code(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
