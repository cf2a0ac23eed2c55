"""SIP messages (RFC 3261), as bytes and as what they say; cut out of datagrams and out of a stream.

Text is UTF-8; bytes that are none are kept as lone surrogates, so that what must be echoed goes back as it came.
`clean` makes such text fit for a fact.
"""

import re
from collections.abc import Iterable, Sequence

from ccwall.errors import ProtocolError
from ccwall.wire.memory import Recent

VERSION = "SIP/2.0"
MOST_HEAD = 64 * 1024
MOST_BODY = 256 * 1024
"""No phone has so many calls; a peer that announces more is not waited for."""
MOST_HEADERS = 256
"""Lines of one message; a line more is no SIP of this world."""

Header = tuple[str, str]

_COMPACT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}
"""RFC 3261 7.3.3 and the IANA register."""
_NAMES: Recent[str, str] = Recent(500)
_START = re.compile(
    rb"(?:SIP/2\.0 [1-7]\d\d(?: .*)?|[A-Za-z0-9.!%*_+`'~-]{1,64} \S{1,2048} SIP/2\.0)", re.DOTALL
)
_FIRST = re.compile(rb"[A-Za-z0-9.!%*_+`'~-]")
_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
_FOLD = re.compile(r"\r\n[ \t]+")
_RESUME = re.compile(rb"\r\n(SIP/2\.0 [1-7]\d\d |[A-Z]{3,16} \S{1,2048} SIP/2\.0\r\n)")
_SURROGATES = re.compile("[\ud800-\udfff]")


class NotSip(ProtocolError):
    """A stream that carries something else."""


class Message:
    """One message. A request has a `method` and a `uri`; a response a `status` (0 in a request) and a `reason`.

    `headers` go by their long names in lower case; each line is one value.
    """

    __slots__ = ("_cseq", "body", "headers", "method", "reason", "status", "uri")

    def __init__(self, start: str, headers: dict[str, list[str]], body: bytes) -> None:
        first, _, rest = start.partition(" ")
        if first == VERSION:
            code, _, self.reason = rest.partition(" ")
            self.status, self.method, self.uri = int(code), "", ""
        else:
            self.status, self.reason, self.method = 0, "", first
            self.uri = rest.rpartition(" ")[0]
        self.headers = headers
        self.body = body
        self._cseq: tuple[int, str] | None = None

    def get(self, name: str) -> str:
        """The first line of this header; empty when there is none."""
        found = self.headers.get(name)
        return found[0] if found else ""

    def listed(self, name: str) -> list[str]:
        """Every value of a header that may be a list with commas."""
        return [part for line in self.headers.get(name, ()) for part in split(line, ",")]

    def number(self, name: str) -> int | None:
        """Seconds, or None. What stands behind the number (a comment, a parameter) is not read."""
        digits = re.match(r"\d{1,10}", self.get(name))
        return int(digits[0]) if digits else None

    @property
    def cseq(self) -> tuple[int, str]:
        """Number and method; -1 when it is none."""
        if self._cseq is None:
            number, _, method = self.get("cseq").partition(" ")
            known = number.isascii() and number.isdigit() and len(number) <= 10
            self._cseq = (int(number) if known else -1), method.strip()
        return self._cseq

    def __repr__(self) -> str:
        return f"<{self.method or self.status} {self.get('call-id')} {self.get('cseq')}>"


def parse(wire: bytes) -> Message:
    """One whole message, as a datagram carries it. ValueError says what is wrong with it.

    The body ends where Content-Length says, else with the datagram (RFC 3261 18.3).
    """
    head, _, body = wire.partition(b"\r\n\r\n")
    if len(head) > MOST_HEAD:
        raise ValueError("its headers are too long")
    message = parse_head(head, body)
    told = message.get("content-length")
    if told:
        if not (told.isascii() and told.isdigit()) or len(told) > 10 or int(told) > len(body):
            raise ValueError("it is shorter than its Content-Length")
        message.body = body[: int(told)]
    return message


def parse_head(head: bytes, body: bytes) -> Message:
    """`head` is all before the empty line."""
    first, _, rest = head.lstrip(b"\r\n").partition(b"\r\n")
    if not _START.fullmatch(first):
        raise ValueError("it does not begin as SIP/2.0 does")
    text = rest.decode("utf-8", "surrogateescape")
    if "\r\n " in text or "\r\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n") if text else []
    if len(lines) > MOST_HEADERS:
        raise ValueError(f"it has more than {MOST_HEADERS} headers")
    ends = max(0, len(lines) - 1)
    if "\0" in text or text.count("\n") != ends or text.count("\r") != ends:
        raise ValueError("it has line ends within lines")
    headers: dict[str, list[str]] = {}
    known = _NAMES.get
    for line in lines:
        written, colon, value = line.partition(":")
        if not colon:
            raise ValueError("it has a line that is no header")
        name = known(written) or _name(written)
        if name in headers:
            headers[name].append(value.strip())
        else:
            headers[name] = [value.strip()]
    return Message(first.decode("utf-8", "surrogateescape"), headers, body)


def _name(written: str) -> str:
    """The long name in lower case, remembered as it was written: the same few come in every message."""
    name = written.rstrip(" \t").lower()
    name = _COMPACT.get(name, name)
    _NAMES[written] = name
    return name


class Stream:
    """`feed` any cut of a stream, get whole messages: head and body each. Empty lines between them (keep-alive) are nothing.

    `NotSip` when it is none, or a message has no end within bounds.
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._astray = False

    def clear(self) -> None:
        self._rest.clear()
        self._astray = False

    def lost(self) -> None:
        """Bytes are missing: what comes may begin in the middle of a message."""
        self._rest.clear()
        self._astray = True

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        self._rest += data
        if self._astray:
            self._find_again()
        found: list[tuple[bytes, bytes]] = []
        while (one := self._next()) is not None:
            found.append(one)
        return found

    def _find_again(self) -> None:
        begins = _RESUME.search(self._rest)
        if begins is None:
            del self._rest[: max(0, len(self._rest) - MOST_HEAD)]
            return
        del self._rest[: begins.start(1)]
        self._astray = False

    def _next(self) -> tuple[bytes, bytes] | None:
        rest = self._rest
        if self._astray or not rest:
            return None
        if rest[0] in b"\r\n":
            del rest[: len(rest) - len(rest.lstrip(b"\r\n"))]
            if not rest:
                return None
        end = rest.find(b"\r\n\r\n", 0, MOST_HEAD + 4)
        if end < 0:
            self._check_beginning()
            return None
        head = bytes(rest[:end])
        if not _START.fullmatch(head.partition(b"\r\n")[0]):
            raise self._foreign()
        length = self._length(head)
        if len(rest) < end + 4 + length:
            return None
        body = bytes(rest[end + 4 : end + 4 + length])
        del rest[: end + 4 + length]
        return head, body

    def _length(self, head: bytes) -> int:
        """RFC 3261 20.14: over a stream it must be there."""
        told = _LENGTH.search(head)
        digits = told[1].strip() if told else b""
        if not digits.isdigit():
            raise NotSip("a SIP message has no Content-Length, so nobody knows where it ends", self._take())
        if len(digits) > 8 or int(digits) > MOST_BODY:
            raise NotSip(f"no end of message within {MOST_HEAD + MOST_BODY} bytes", self._take())
        return int(digits)

    def _check_beginning(self) -> None:
        line, end, _ = bytes(self._rest[: MOST_HEAD + 4]).partition(b"\r\n")
        if not _FIRST.match(line) or (end and not _START.fullmatch(line)):
            raise self._foreign()
        if len(self._rest) > MOST_HEAD:
            raise NotSip(f"no end of message within {MOST_HEAD} bytes", self._take())

    def _foreign(self) -> NotSip:
        said = bytes(self._rest[:60])
        return NotSip(
            f"this is not SIP: it says {said!r}. Check host and port (5060; 5061 with TLS) and the transport "
            "(udp://, tcp:// or tls://)",
            self._take(),
        )

    def _take(self) -> bytes:
        taken = bytes(self._rest[:4096])
        self._rest.clear()
        return taken


# ── writing ──


def request(method: str, uri: str, headers: Iterable[Header], body: bytes = b"") -> bytes:
    return _written(f"{method} {uri} {VERSION}", headers, body)


def response(status: int, reason: str, headers: Iterable[Header], body: bytes = b"") -> bytes:
    return _written(f"{VERSION} {status} {reason}", headers, body)


def answer(
    to: Message, status: int, reason: str, *, tag: str = "", extra: Sequence[Header] = (), body: bytes = b""
) -> bytes:
    """A response, with what RFC 3261 8.2.6.2 has copied. `tag` is ours, where the request has none for us yet."""
    headers: list[Header] = [("Via", via) for via in to.headers.get("via", ())]
    headers += [("Record-Route", route) for route in to.headers.get("record-route", ()) if status < 300]
    addressed = to.get("to")
    if tag and "tag" not in address(addressed)[1]:
        addressed += f";tag={tag}"
    headers += [
        ("From", to.get("from")),
        ("To", addressed),
        ("Call-ID", to.get("call-id")),
        ("CSeq", to.get("cseq")),
    ]
    return response(status, reason, [*headers, *extra], body)


def _written(start: str, headers: Iterable[Header], body: bytes) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body


# ── parts of headers ──


def split(text: str, at: str) -> list[str]:
    """Parts of a list, where no quotation and no angle bracket is open.

    >>> split('"Li, Na" <sip:a@b;x=1,2>, <sip:c>', ",")
    ['"Li, Na" <sip:a@b;x=1,2>', '<sip:c>']
    """
    if at not in text:
        return [text.strip()] if text and not text.isspace() else []
    if '"' not in text and "<" not in text:
        return [part for piece in text.split(at) if (part := piece.strip())]
    parts, start, quoted, angle, skip = [], 0, False, False, False
    for place, sign in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            skip, quoted = sign == "\\", sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "<>":
            angle = sign == "<"
        elif sign == at and not angle:
            parts.append(text[start:place].strip())
            start = place + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def parameters(text: str) -> dict[str, str]:
    """`;a=1;b` as a dict, names in lower case; one that has no value has an empty one.

    >>> parameters('active;expires=60;Reason="x;y"')["reason"]
    'x;y'
    """
    found: dict[str, str] = {}
    if ";" not in text:
        name, _, value = text.partition("=")
        return {name.strip().lower(): value.strip().strip('"')}
    for part in split(text, ";"):
        name, _, value = part.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


def address(text: str) -> tuple[str, dict[str, str]]:
    """The uri and the parameters of From, To, Contact, Route.

    >>> address('"Li <Na>" <sip:1003@h;lr>;tag=77')
    ('sip:1003@h;lr', {'tag': '77'})
    >>> address("sip:1003@h;tag=77")
    ('sip:1003@h', {'tag': '77'})
    """
    start = 0
    if text.startswith('"'):
        closing = re.match(r'"(?:[^"\\]|\\.)*"', text)
        start = closing.end() if closing else 0
    opens = text.find("<", start)
    closes = text.find(">", opens)
    if 0 <= opens < closes:
        rest = text[closes + 1 :].lstrip().removeprefix(";")
        return text[opens + 1 : closes], parameters(rest) if rest else {}
    uri, _, rest = text.partition(";")
    return uri.strip(), parameters(rest) if rest else {}


def clean(text: str, most: int = 200) -> str:
    """Fit for a fact: no control signs, no broken bytes, no more than so many signs."""
    return "".join(sign for sign in _SURROGATES.sub("�", text)[:most] if sign.isprintable())
