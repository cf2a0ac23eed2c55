"""The Event Socket's wire, both ways: frames as FreeSWITCH writes them, commands as a client does.

A frame is header lines, an empty line, and as many bytes as `Content-Length` says. Nothing stands between two frames.
The order of headers and the rules of encoding are those of FreeSWITCH 1.10.12 (mod_event_socket.c, switch_event.c).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from ccwall.errors import ProtocolError as ProtocolError  # noqa: PLC0414  # whoever feeds needs it too

from .event import INFO, JsonEvent, PlainEvent

__all__ = [
    "AUTH_REQUEST",
    "BODY_LIMIT",
    "DENIED",
    "GOODBYE",
    "HEAD_LIMIT",
    "LOST_EVENTS",
    "SHUTTING_DOWN",
    "UNDEF",
    "Command",
    "CommandLines",
    "Format",
    "Frame",
    "Frames",
    "Headers",
    "JsonEvent",
    "PlainEvent",
    "api_response",
    "command_reply",
    "disconnect_notice",
    "event",
    "plain_encoded",
    "rude_rejection",
]

PLAIN, JSON = b"text/event-plain", b"text/event-json"
"""What an event's frame calls itself."""
Format = Literal["plain", "json"]
Headers = Iterable[tuple[str, str | Sequence[str]]]

HEAD_LIMIT = 64 * 1024
"""Bytes of header lines outside of a body: FreeSWITCH writes a hundred, a client's `sendevent` some thousands."""
BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of a body: a list of 50,000 agents is half of it. A peer that announces more does not get our memory."""
GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
SHUTTING_DOWN = "The system is being shut down.\n"
LOST_EVENTS = "killed listener because of lost events\n"
DENIED = "Access Denied, go away.\n"
UNDEF = "_undef_"
"""How a plain event writes a header that is there and empty (switch_event.c)."""


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One message: `kind` is its Content-Type (``text/event-plain``). It lies in `data`, its head from `start` to the empty
    line before `middle`, its body from there to `end`, and is copied only where somebody asks. `name` is that of an event
    which begins with it, `INFO` for mod_callcenter's; empty when it must be looked for."""

    kind: bytes
    data: bytes
    start: int
    middle: int
    end: int
    name: bytes = b""

    @property
    def head(self) -> bytes:
        return self.data[self.start : self.middle - 2]

    @property
    def body(self) -> bytes:
        return self.data[self.middle : self.end]

    def get(self, name: bytes) -> str:
        """A header of the frame itself (``Reply-Text``), not of the event inside it; ``""`` when it is not there."""
        return _line(self.head, name)


class Command(NamedTuple):
    """What a client sends: the command line, its header lines, its body (`sendevent` with Content-Length)."""

    line: str
    headers: Sequence[tuple[str, str]]
    body: bytes


class Frames:
    """`feed` any cut of the far end's bytes, get whole frames. ProtocolError when it is no such stream."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []  # of a frame begun
        self._kept = 0
        self._wanted = 0  # its bytes, as far as its head has told
        self._searching = False

    def feed(self, data: bytes) -> list[Frame]:
        if self._pieces:
            self._pieces.append(data)
            self._kept += len(data)
            if self._kept < self._wanted:
                return []
            data = b"".join(self._pieces)
            self._pieces = []
        frames: list[Frame] = []
        start, size = self._found(data) if self._searching else 0, len(data)
        while start < size:
            event = _EVENT_HEAD.match(data, start)
            if event is None:
                body = data.find(b"\n\n", start, start + HEAD_LIMIT) + 2
                if body < 2:
                    self._keep(data[start:], 0)
                    break
                kind, length = _head(data[start : body - 2])
                name, end = b"", body + length
            else:
                told, form, name, info = event.groups(b"")
                kind = PLAIN if form == b"plain" else JSON if form == b"json" else b"text/event-" + form
                body = event.end(2) + 2
                end = body + int(told)
                name = INFO if info else name
            if end > size:
                self._keep(data[start:], end - start)
                break
            if event is not None and data[end - 1] not in _LAST:
                _check_end(kind, data, body, end)
            frames.append(Frame(kind, data, start, body, end, name))
            start = end
        return frames

    def clear(self) -> None:
        self._pieces = []
        self._wanted = 0
        self._searching = False

    def resume(self) -> None:
        """Bytes are missing: what comes begins anywhere. Frames are given from the next one on that is whole."""
        self.clear()
        self._searching = True

    def _found(self, data: bytes) -> int:
        """Where a frame begins: a body is encoded so that it cannot hold these lines."""
        found = _OPENING.search(data)
        if found:
            self._searching = False
            return found.start()
        self._keep(data[-_OPENING_LENGTH:], 0)
        return len(data)

    def _keep(self, rest: bytes, wanted: int) -> None:
        """A frame begun; `wanted` 0: its head has not ended yet."""
        if not wanted and len(rest) >= HEAD_LIMIT:
            self.clear()
            raise ProtocolError(f"no end of message within {HEAD_LIMIT} bytes", rest[:4096])
        self._pieces, self._kept, self._wanted = [rest], len(rest), wanted


class CommandLines:
    """`feed` any cut of a client's bytes, get whole commands. ProtocolError when one never ends."""

    def __init__(self, limit: int = BODY_LIMIT) -> None:
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Command]:
        self._rest += data
        found: list[Command] = []
        start = 0
        while (end := self._one(start, found)) > start:
            start = end
        del self._rest[:start]
        if len(self._rest) > self._limit + HEAD_LIMIT:
            self.clear()
            raise ProtocolError(f"no end of message within {self._limit} bytes", data[:4096])
        return found

    def clear(self) -> None:
        self._rest.clear()

    def _one(self, start: int, found: list[Command]) -> int:
        """Where the command that begins at `start` ends; `start` when it is not whole yet."""
        while self._rest[start : start + 1].strip(b"\r\n") != self._rest[start : start + 1]:
            start += 1  # what an api's client types too much
        end = _EMPTY_LINE.search(self._rest, start)
        if end is None:
            if len(self._rest) - start > HEAD_LIMIT:
                raise ProtocolError(f"no end of message within {HEAD_LIMIT} bytes", bytes(self._rest[:4096]))
            return start
        line, *rest = self._rest[start : end.start()].decode("utf-8", "replace").replace("\r", "").split("\n")
        headers = [(name, value.lstrip(" ")) for name, _, value in (text.partition(":") for text in rest)]
        length = next((value for name, value in headers if name.lower() == "content-length"), "0")
        size = int(length) if length.isdecimal() and len(length) < 12 else 0
        if size > self._limit:
            raise ProtocolError(f"no end of message within {self._limit} bytes", bytes(self._rest[:4096]))
        if len(self._rest) < end.end() + size:
            return start
        found.append(Command(line, headers, bytes(self._rest[end.end() : end.end() + size])))
        return end.end() + size


_EMPTY_LINE = re.compile(rb"\n\r?\n")
_OPENING = re.compile(
    rb"Content-Length: \d{1,9}\nContent-Type: text/event-(?:plain|json|xml)\n\n"
    rb"|Content-Type: (?:api/response|text/disconnect-notice|log/data)\nContent-"
    rb"|Content-Type: command/reply\nReply-Text: "
)
_OPENING_LENGTH = 80
_EVENT_HEAD = re.compile(
    rb"Content-Length: (\d{1,7})\nContent-Type: text/event-([a-z]{3,5})\n\n"
    rb'(?:(?:\{"Event-Name":"|Event-Name: )([A-Z_]+)'
    rb'|(?:\{"Event-Subclass":"callcenter::|Event-Subclass: callcenter%3A%3A)(info)["\n])?'
)
_LAST = b"}\n"
"""How an event ends, in JSON and in lines, unless it has a body of its own."""
_WITHOUT_BODY = frozenset({b"auth/request", b"command/reply"})
"""Whose head need not say how long the body is."""


def _head(head: bytes) -> tuple[bytes, int]:
    """Content-Type and Content-Length. Bytes too many in a body make its rest stand here: no head begins like that."""
    kind = length = b""
    for line in head.split(b"\n"):
        if line.startswith(b"Content-Type: "):
            kind = line[14:]
        elif line.startswith(b"Content-Length: "):
            length = line[16:]
    if not length and kind in _WITHOUT_BODY:
        length = b"0"
    if not (head.startswith(b"Content-") and kind and length.isdigit() and len(length) < 12):
        raise ProtocolError(
            f"this is not how an Event Socket writes its messages: {head[:60]!r}. "
            "Check the port (event_socket.conf.xml, usually 8021).",
            head[:4096],
        )
    if int(length) > BODY_LIMIT:
        raise ProtocolError(f"no end of message within {BODY_LIMIT} bytes", head[:4096])
    return kind, int(length)


def _check_end(kind: bytes, data: bytes, start: int, end: int) -> None:
    """An event that ends in the middle of a word has lost bytes, or got some too many. Raises ProtocolError."""
    has_body = kind == b"text/event-plain" and data.find(b"\nContent-Length: ", start, end) >= 0
    if kind != b"text/event-xml" and not has_body:
        raise ProtocolError("an event that ends in the middle of a word", data[start:end][:4096])


def _line(block: bytes, name: bytes) -> str:
    for line in block.split(b"\n"):
        key, colon, value = line.partition(b": ")
        if colon and key == name:
            return value.decode("utf-8", "replace")
    return ""


# ── what FreeSWITCH writes ─────────────────────────────────────────────────────────────────────────────────────────

AUTH_REQUEST = b"Content-Type: auth/request\n\n"


def rude_rejection() -> bytes:
    """Instead of `AUTH_REQUEST`, to a client that the access list does not let in."""
    return _counted("text/rude-rejection", DENIED)


def command_reply(text: str, *more: tuple[str, str]) -> bytes:
    """The answer to a command: ``+OK …`` or ``-ERR …``; `more` are header lines after it (``Job-UUID``).

    >>> command_reply("+OK accepted")
    b'Content-Type: command/reply\\nReply-Text: +OK accepted\\n\\n'
    """
    lines = [("Content-Type", "command/reply"), ("Reply-Text", text), *more]
    return ("".join(f"{name}: {value}\n" for name, value in lines) + "\n").encode()


def api_response(output: str) -> bytes:
    """The answer to `api`: its output as it is, or what FreeSWITCH writes for none."""
    return _counted("api/response", output or "-ERR no reply\n")


def disconnect_notice(text: str = GOODBYE) -> bytes:
    """The last words before the end: `GOODBYE`, `SHUTTING_DOWN` or `LOST_EVENTS`."""
    return _counted("text/disconnect-notice", text)


def event(headers: Headers, form: Format = "plain", body: str = "") -> bytes:
    """One event. A value is text, or a sequence for an array; with a `body`, its length is the last header."""
    block = _plain(headers, body) if form == "plain" else _json(headers, body)
    return b"Content-Length: %d\nContent-Type: text/event-%s\n\n" % (len(block), form.encode()) + block


def _counted(kind: str, text: str) -> bytes:
    body = text.encode()
    return f"Content-Type: {kind}\nContent-Length: {len(body)}\n\n".encode() + body


def _plain(headers: Headers, body: str) -> bytes:
    lines = []
    for name, value in headers:
        text = value if isinstance(value, str) else "ARRAY::" + "|:".join(value)
        lines.append(name.encode() + b": " + (plain_encoded(text) if text else UNDEF.encode()) + b"\n")
    inner = body.encode()
    if inner:
        lines.append(b"Content-Length: %d\n" % len(inner))
    return b"".join(lines) + b"\n" + inner


def _json(headers: Headers, body: str) -> bytes:
    """One object, written here because a name may come twice."""
    encode = msgspec.json.encode
    pairs: list[tuple[str, str | Sequence[str]]] = list(headers)
    if body:
        pairs += [("Content-Length", str(len(body.encode()))), ("_body", body)]
    return b"{" + b",".join(encode(name) + b":" + encode(value) for name, value in pairs) + b"}"


_UNSAFE = re.compile(rb'%(?![0-9A-F]{2})|[\x00-\x20\x7f-\xff"#&+:;<=>?@\[\\\]^`{|}]')


def plain_encoded(value: str) -> bytes:
    """A value as a plain event writes it. What already looks like ``%2B`` is not encoded again (switch_utils.c).

    >>> plain_encoded("a b, c/d"), plain_encoded("ü"), plain_encoded("%2B1+1 %zz")
    (b'a%20b,%20c/d', b'%C3%BC', b'%2B1%2B1%20%25zz')
    """
    return _UNSAFE.sub(lambda found: b"%%%02X" % found[0][0], value.encode())
