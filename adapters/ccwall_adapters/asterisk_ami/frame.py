"""One AMI message: header lines, read only when somebody asks.

A busy Asterisk sends some hundred headers a message and forty messages a call, most of which no wall needs. So a
message stays bytes: `kind` costs one slice, and each header that is asked for costs one search.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

LONGEST = 1024
"""Bytes of a value that are read. Asterisk's own are 80 to 256 long; what is kept of longer ones would add up."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Message(Protocol):
    """What the translation needs of a message. Values are UTF-8 text; a header that is not there is ``""``."""

    def get(self, name: bytes) -> str: ...
    def first(self, *names: bytes) -> str:
        """The first of these headers that is there: releases of Asterisk name some of them differently."""
        ...

    def all(self, name: bytes) -> list[str]: ...
    def around(self, first: bytes, second: bytes) -> tuple[bytes, bytes] | None:
        """The bytes before header `first` and from header `second` on, to see at a glance whether anything but what
        lies between them differs from last time; None when that cannot be said."""
        ...


_KEYS: dict[bytes, tuple[bytes, bytes]] = {}
"""What to search for a header: with its blank, and without for a peer that leaves it out."""


def _search(name: bytes) -> tuple[bytes, bytes]:
    return _KEYS.setdefault(name, (b"\r\n" + name + b": ", b"\r\n" + name + b":"))


class Frame:
    """A message as it came. Decoded after framing, never before: a chunk may end inside a character."""

    __slots__ = ("_block",)

    def __init__(self, block: bytes) -> None:
        self._block = block

    def get(self, name: bytes) -> str:
        block = self._block
        key, bare = _KEYS.get(name) or _search(name)
        start = block.find(key)
        if start < 0:
            key = bare
            start = block.find(key)
            if start < 0:
                return self._opening(name)
        start += len(key)
        end = block.find(b"\r\n", start)
        return block[start : start + LONGEST if end < 0 or end - start > LONGEST else end].decode(
            "utf-8", "replace"
        )

    def _opening(self, name: bytes) -> str:
        """The first header has no line break before it."""
        if not self._block.startswith(name + b":"):
            return ""
        line = self._block[len(name) + 1 :].split(b"\r\n", 1)[0]
        return (line[1:] if line[:1] == b" " else line)[:LONGEST].decode("utf-8", "replace")

    def first(self, *names: bytes) -> str:
        for name in names:
            if _search(name)[1] in self._block:
                return self.get(name)
        return ""

    def all(self, name: bytes) -> list[str]:
        return [value for key, value in self.items() if key == name]

    def around(self, first: bytes, second: bytes) -> tuple[bytes, bytes] | None:
        block = self._block
        start = block.find(_search(first)[0])
        end = block.find(_search(second)[0], start)
        return None if start < 0 or end < 0 else (block[:start], block[end:])

    def items(self) -> Iterable[tuple[bytes, str]]:
        """Every header in order, repeated ones included; an empty value keeps its key."""
        for line in self._block.split(b"\r\n"):
            key, colon, value = line.partition(b":")
            if colon:
                yield key, (value[1:] if value[:1] == b" " else value)[:LONGEST].decode("utf-8", "replace")


class DecodedFrame:
    """The plain way: every header decoded at once. The lazy way must give the same facts (benchmarks and tests)."""

    __slots__ = ("_headers",)

    def __init__(self, block: bytes) -> None:
        self._headers: dict[bytes, list[str]] = {}
        for key, value in Frame(block).items():
            self._headers.setdefault(key, []).append(value)

    def get(self, name: bytes) -> str:
        return self._headers.get(name, [""])[0]

    def first(self, *names: bytes) -> str:
        return next((self._headers[name][0] for name in names if name in self._headers), "")

    def all(self, name: bytes) -> list[str]:
        return self._headers.get(name, [])

    def around(self, first: bytes, second: bytes) -> tuple[bytes, bytes] | None:
        return None


def kind_of(block: bytes) -> tuple[bytes, bytes]:
    """(`Event` | `Response` | `Action` | ``""``, its value); `block` must not begin with an empty line.

    The first header says what a message is: ``Event: OriginateResponse`` has a ``Response:`` header too, inside.
    """
    end = block.find(b"\r\n")
    key, _, value = (block if end < 0 else block[:end]).partition(b":")
    return key, value.strip()


def encode(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> bytes:
    """A message as Asterisk or a client would write it. CR and LF cannot travel in a value and become blanks."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = (f"{key}: {value}".replace("\r", " ").replace("\n", " ") for key, value in pairs)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def unescape(text: str) -> str:
    r"""Undo the C-escapes of names in channel events (``O\'Hara``); ``<unknown>`` is nobody's name."""
    if text == "<unknown>":
        return ""
    return _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), text) if "\\" in text else text


def caller_of(message: Message) -> str:
    """The caller's number; events and lists write differently that there is none."""
    told = message.get(b"CallerIDNum")
    return "" if told in ("<unknown>", "unknown") else told


def number(text: str, default: float = 0.0) -> float:
    """A header that should be a number; what is not one counts as `default`."""
    try:
        value = float(text)
    except ValueError:
        return default
    return value if -1e15 < value < 1e15 else default  # also refuses nan and inf


def clock_seconds(text: str) -> float:
    """``HH:MM:SS`` (or plain seconds) as seconds; CoreShowChannels has both over the releases."""
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + number(part)
    return seconds
