"""Lines of text as serial devices write them: ended by CR, LF or both, within bounded memory.

A serial line also carries noise, half lines and, at the wrong speed, nothing but garbage: `Lines` cuts, `Clarity`
judges, `text_of` reads.
"""

from ccwall.errors import ProtocolError

SPEEDS = "1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200"
MOST_GARBLED = 20
"""Lines in a row that are no text: noise ends sooner, a wrong speed never."""
MOST_STRANGE = 200
"""Lines of good text, none of which means anything here, before the first that does: another device."""
_PRINTERS = dict.fromkeys((0x09, 0x0B, 0x0C, 0x1B), " ")
"""Characters of control that a printer is sent: tabs, form feed, and ESC, which begins its commands."""


class Lines:
    """`feed` any cut of the stream, get whole lines without their ends; empty ones are left out.

    Raises `ProtocolError` when more than `limit` bytes come without an end.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        first, *more = data.replace(b"\r", b"\n").split(b"\n")
        self._rest += first
        lines = []
        if more:
            lines = [line for line in (bytes(self._rest), *more[:-1]) if line]
            self._rest[:] = more[-1]
        if len(self._rest) > self._limit:
            start = bytes(self._rest[:4096])
            self._rest.clear()
            raise ProtocolError(f"no end of message within {self._limit} bytes: {wrong_speed()}", start)
        return lines

    def clear(self) -> None:
        self._rest.clear()


def text_of(line: bytes) -> str | None:
    """The line as text, UTF-8 or else GB 18030 (of which garbage may be, too, unless half of it is ASCII); None when it is
    none."""
    names = 2 * sum(byte < 0x80 for byte in line) >= len(line)
    for encoding in ("utf-8", "gb18030") if names else ("utf-8",):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.translate(_PRINTERS).isprintable():
            return text
    return None


class Clarity:
    """Whether what comes is the device we think it is, at the speed it speaks; ProtocolError when it is not.

    `expected` ends the sentence "a line of … was expected", `usual` is the speed these devices are delivered with.
    """

    def __init__(self, expected: str, usual: int = 9600) -> None:
        self._expected, self._usual = expected, usual
        self.begin()

    def begin(self) -> None:
        """A new connection."""
        self._garbled = self._strange = 0
        self._understood = False

    def understood(self) -> None:
        self._garbled, self._understood = 0, True

    def garbled(self, line: bytes) -> None:
        """Not text at all."""
        self._garbled += 1
        if self._garbled >= MOST_GARBLED:
            self._garbled = 0
            raise ProtocolError(f"{MOST_GARBLED} lines of garbage in a row: {wrong_speed(self._usual)}", line)

    def strange(self, line: bytes) -> None:
        """Text, but not of this protocol."""
        self._garbled = 0
        self._strange += not self._understood
        if self._strange >= MOST_STRANGE:
            self._strange = 0
            raise ProtocolError(
                f"{MOST_STRANGE} lines and none of them understood, the last {line[:60]!r}; a line of "
                f"{self._expected} was expected. Check that the url is of this device, and its settings",
                line,
            )


def wrong_speed(usual: int = 9600) -> str:
    """What to do about a stream of garbage."""
    return f"this looks like the wrong speed: try another ?baud=… in the url ({SPEEDS}; usual here: {usual})"
