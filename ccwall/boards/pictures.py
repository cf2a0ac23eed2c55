"""Whether some bytes are a picture that a wall may show, judged by the bytes alone: what they are said to be does not count.

Headers are read and nothing is decoded: a picture is shown by browsers, and never by us.
"""

from typing import Literal

import msgspec

MOST_BYTES = 512 * 1024
MOST_ACROSS = 4096
"""Pixels, each way."""
MediaType = Literal["image/png", "image/jpeg", "image/webp"]
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that tell the size."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of JPEG with nothing behind them."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """``width`` and ``height`` in pixels."""

    type: MediaType
    width: int
    height: int


def picture_of(content: bytes) -> Picture:
    """ValueError says what is wrong and what to do."""
    if not content:
        raise ValueError("is empty; send the bytes of a PNG, JPEG or WebP picture")
    if len(content) > MOST_BYTES:
        raise ValueError(f"has {len(content)} bytes, and {MOST_BYTES} are the most; make it smaller")
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype")) or b"<svg" in head:
        raise ValueError("is an SVG, which may hold scripts; export it as PNG and send that")
    found = _found(content)
    if found is None:
        raise ValueError(
            "is no PNG, JPEG or WebP, or its beginning is damaged; export it as PNG and send that"
        )
    if not (0 < found.width <= MOST_ACROSS and 0 < found.height <= MOST_ACROSS):
        raise ValueError(
            f"has {found.width} × {found.height} pixels, and {MOST_ACROSS} each way are the most; make it smaller"
        )
    return found


def _found(content: bytes) -> Picture | None:
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def _png(content: bytes) -> Picture | None:
    if len(content) < 33 or content[8:16] != b"\x00\x00\x00\rIHDR":
        return None
    return Picture(type="image/png", width=_big(content[16:20]), height=_big(content[20:24]))


def _jpeg(content: bytes) -> Picture | None:
    """Goes from marker to marker up to the frame's, which is before any data."""
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            return Picture(
                type="image/jpeg", height=_big(content[at + 5 : at + 7]), width=_big(content[at + 7 : at + 9])
            )
        else:
            length = _big(content[at + 2 : at + 4])
            if length < 2:
                return None
            at += 2 + length
    return None


def _webp(content: bytes) -> Picture | None:
    chunk, body = content[12:16], content[20:30]
    if len(body) < 10:
        return None
    if chunk == b"VP8X":
        width, height = 1 + _little(body[4:7]), 1 + _little(body[7:10])
    elif chunk == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    elif chunk == b"VP8L" and body[0] == 0x2F:
        packed = _little(body[1:5])
        width, height = 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    else:
        return None
    return Picture(type="image/webp", width=width, height=height)


def _big(content: bytes) -> int:
    return int.from_bytes(content, "big")


def _little(content: bytes) -> int:
    return int.from_bytes(content, "little")
