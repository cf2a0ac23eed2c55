"""CSTA XML over TCP without SOAP (ECMA-323, Annex J.2): messages out of bytes, and back.

    00 00 | length, two bytes, big-endian, of all of it | invoke id, four digits | the XML

The invoke id pairs an answer with its question, and is 9999 on an event. One published message, 235 bytes of it:
`00 00 00 EB 30 30 30 31 <MonitorStart …`.
"""

import re

from ccwall.errors import ProtocolError

__all__ = ["EVENT", "HEADER", "LAST_INVOKE", "LONGEST", "Framed", "Frames", "ProtocolError", "framed"]

EVENT = 9999
LAST_INVOKE = 9998
HEADER = 8
LONGEST = 0xFFFF
"""The length has two bytes; no message can be longer."""

_LOST_HEADER = re.compile(rb"\x00\x00([\x00-\xff]{2})([0-9]{4})(?=[<\s\xef])")

Framed = tuple[int, bytes]
"""Invoke id, XML."""


def framed(invoke: int, xml: bytes) -> bytes:
    """One message as bytes; ValueError when it is longer than a message can be.

    >>> framed(EVENT, b"<a/>")
    b'\\x00\\x00\\x00\\x0c9999<a/>'
    """
    length = HEADER + len(xml)
    if length > LONGEST:
        raise ValueError(f"a CSTA message of {length} bytes is longer than {LONGEST}")
    return b"\x00\x00" + length.to_bytes(2, "big") + b"%04d" % invoke + xml


class Frames:
    """`feed` any cut of the stream, get whole messages. At most one message is kept: 64 KiB.

    Raises `ProtocolError` at the first byte that cannot be a header's.
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._lost = False

    def clear(self) -> None:
        self._rest.clear()
        self._lost = False

    def lost(self) -> None:
        """Bytes are missing: what comes next begins anywhere. No XML has the zero bytes of a header in it."""
        self._rest.clear()
        self._lost = True

    def feed(self, data: bytes) -> list[Framed]:
        rest = self._rest
        rest += data
        if self._lost and not self._found():
            return []
        found: list[Framed] = []
        start = 0
        while (length := self._length(start)) and len(rest) - start >= length:
            found.append((int(rest[start + 4 : start + 8]), bytes(rest[start + HEADER : start + length])))
            start += length
        del rest[:start]
        return found

    def _found(self) -> bool:
        header = _LOST_HEADER.search(self._rest)
        if header is None:
            del self._rest[:-HEADER]
            return False
        del self._rest[: header.start()]
        self._lost = False
        return True

    def _length(self, start: int) -> int:
        """Of the message that begins there; 0 when its header is not whole yet."""
        header = bytes(self._rest[start : start + HEADER])
        digits = header[4:]
        if header[:2] != b"\x00\x00"[: len(header)] or (digits and not digits.isdigit()):
            raise self._foreign(start)
        if len(header) < HEADER:
            return 0
        length = int.from_bytes(header[2:4], "big")
        if length < HEADER:
            raise self._foreign(start)
        return length

    def _foreign(self, start: int) -> ProtocolError:
        wire = bytes(self._rest[start : start + 4096])
        self._rest.clear()
        return ProtocolError(
            f"this is no CSTA XML over TCP: {wire[:24]!r} stands where the header of a message must be (two zero bytes, the "
            "length, four digits), so there is no end of message to look for. Check the port, and that the switch "
            "speaks ECMA-323 'TCP without SOAP' there.",
            wire,
        )
