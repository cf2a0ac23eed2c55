"""Whole messages as a stream of bytes: how a bus, a datagram or a request comes to a session and goes from it.

A session knows bytes alone, so that all that reads, keeps, records and plays bytes serves every source. What comes in
whole messages (MQTT, ZeroMQ, HTTP, UDP) is therefore written one after the other as

    =HEAD BODY LF, the head, the body

`HEAD` and `BODY` are the lengths in bytes, in decimal; the head is a JSON object that says what the message is (topic,
sender, headers), the body is the payload as it came. Its first byte begins no message of a protocol of text.
"""

from collections.abc import Mapping

import msgspec

from ccwall.errors import ProtocolError

MOST_HEAD = 64 * 1024
MOST_BODY = 4 * 1024 * 1024
_LONGEST_LINE = 20

Head = Mapping[str, object]


class Parcel(msgspec.Struct, frozen=True):
    """One message. What stands in `head` is between the link and the adapter."""

    head: dict[str, object]
    body: bytes = b""


def pack(head: Head, body: bytes = b"") -> bytes:
    """One message as bytes; ValueError when it is longer than a reader takes.

    >>> pack({"topic": "a"}, b"on")
    b'=13 2\\n{"topic":"a"}on'
    """
    written = msgspec.json.encode(head)
    if len(written) > MOST_HEAD or len(body) > MOST_BODY:
        raise ValueError(f"a message of {len(written)} and {len(body)} bytes is too long")
    return b"=%d %d\n" % (len(written), len(body)) + written + body


class Parcels:
    """`feed` any cut of the stream, get whole messages. ProtocolError when it is no such stream."""

    def __init__(self, most_body: int = MOST_BODY) -> None:
        self._most_body = most_body
        self._rest = bytearray()
        self._decode = msgspec.json.Decoder(dict[str, object]).decode

    def feed(self, data: bytes) -> list[Parcel]:
        self._rest += data
        found: list[Parcel] = []
        start = 0
        while (end := self._one(start, found)) > start:
            start = end
        del self._rest[:start]
        return found

    def clear(self) -> None:
        self._rest.clear()

    def _one(self, start: int, found: list[Parcel]) -> int:
        """Where the message that begins at `start` ends; `start` when it is not whole yet."""
        rest = self._rest
        if start == len(rest):
            return start
        line = rest.find(b"\n", start, start + _LONGEST_LINE)
        if line < 0:
            if rest[start] != ord("=") or len(rest) - start >= _LONGEST_LINE:
                raise self._foreign(start)
            return start
        head, body = self._lengths(start, line)
        end = line + 1 + head + body
        if len(rest) < end:
            return start
        middle = line + 1 + head
        try:
            said = self._decode(memoryview(rest)[line + 1 : middle])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self._foreign(start) from None
        found.append(Parcel(said, bytes(rest[middle:end])))
        return end

    def _lengths(self, start: int, line: int) -> tuple[int, int]:
        words = bytes(self._rest[start + 1 : line]).split(b" ")
        if self._rest[start] != ord("=") or len(words) != 2 or not all(word.isdigit() for word in words):
            raise self._foreign(start)
        head, body = int(words[0]), int(words[1])
        if head > MOST_HEAD or body > self._most_body:
            raise ProtocolError(
                f"no end of message within {MOST_HEAD + self._most_body} bytes",
                bytes(self._rest[start : start + 4096]),
            )
        return head, body

    def _foreign(self, start: int) -> ProtocolError:
        wire = bytes(self._rest[start : start + 4096])
        self._rest.clear()
        return ProtocolError("these are no messages as a link of messages writes them", wire)
