"""What is taken for a picture."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.boards.pictures import MOST_BYTES, Picture, picture_of


def png(width: int = 64, height: int = 32) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x10\x20\x30" * width) * height) if width * height < 10**6 else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    comment = b"\xff\xfe" + struct.pack(">H", 6) + b"\xff\xc0xx"
    frame = b"\xff\xff\xc2" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)
    return b"\xff\xd8" + app + comment + frame + b"\xff\xd9"


def webp(kind: bytes, body: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


LOSSY = webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 300 | 0x4000, 200) + bytes(10))
LOSSLESS = webp(b"VP8L", b"\x2f" + struct.pack("<I", 299 | 199 << 14) + bytes(10))
EXTENDED = webp(b"VP8X", bytes(4) + (299).to_bytes(3, "little") + (199).to_bytes(3, "little") + bytes(4))
# Of a real encoder: 1 x 1 pixel.
BROWSERS_OWN = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")


@pytest.mark.parametrize(
    ("content", "picture"),
    [
        (png(), Picture(type="image/png", width=64, height=32)),
        (jpeg(640, 480), Picture(type="image/jpeg", width=640, height=480)),
        (LOSSY, Picture(type="image/webp", width=300, height=200)),
        (LOSSLESS, Picture(type="image/webp", width=300, height=200)),
        (EXTENDED, Picture(type="image/webp", width=300, height=200)),
        (BROWSERS_OWN, Picture(type="image/webp", width=1, height=1)),
    ],
)
def test_pictures_are_known_by_their_bytes(content: bytes, picture: Picture) -> None:
    assert picture_of(content) == picture


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (SVG, "may hold scripts; export it as PNG"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>" + SVG, "may hold scripts"),
        (b"<!-- hi --> " + SVG, "may hold scripts"),
        (b"GIF89a" + bytes(40), "no PNG, JPEG or WebP"),
        (b"<html><script>", "no PNG"),
        (png()[:20], "beginning is damaged"),
        (jpeg(640, 480)[:24], "beginning is damaged"),
        (EXTENDED[:22], "beginning is damaged"),
        (png(4097, 10), "4096 each way"),
        (png(0, 10), "4096 each way"),
        (jpeg(10, 5000), "4096 each way"),
        (png() + bytes(MOST_BYTES), "are the most"),
    ],
)
def test_everything_else_is_refused_with_what_to_do(content: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        picture_of(content)


@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBPVP8 "]),
    st.binary(max_size=200),
)
def test_no_bytes_break_it(head: bytes, rest: bytes) -> None:
    try:
        found = picture_of(head + rest)
    except ValueError:
        return
    assert 0 < found.width <= 4096
    assert 0 < found.height <= 4096
