"""Events, read only where somebody asks: a channel's event has a hundred headers, and a wall wants five of them.

mod_event_socket writes what tells of the event and its channel first, then the channel's variables, then what
mod_callcenter added. So a header is searched for from the end that it is nearer to, and nothing else is decoded.
"""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache

import msgspec

FRONT = 2000
"""Bytes in which what tells of a channel stands; its variables follow."""
STAMPED = 500
"""Bytes in which the time mostly stands. To search backwards takes a quarter of the time, byte by byte."""
SHORT = 120
"""Bytes of a value that is kept in mind as decoded."""
UNDEF = b"_undef_"
"""How a plain event writes a header that is there and empty (switch_event.c)."""
_PERCENT, _BACKSLASH, _BRACE = b"%\\{"
"""As numbers: to look for one is seven times as fast as to look for bytes."""
_PLAIN_KEYS: dict[bytes, tuple[bytes, int, bool]] = {}
_JSON_KEYS: dict[bytes, tuple[bytes, int, bool]] = {}
"""What to search for a header, its length, and whether it stands far behind."""
BEHIND = (b"CC-", b"variable_")
"""Stand once, behind all that tells of the channel, and are searched for backwards."""


class _Block(msgspec.Struct, gc=False):
    """From `start` to `end` of what was received, which is not copied for it. A Struct is made in a third of the time."""

    data: bytes
    start: int = 0
    end: int = sys.maxsize


class PlainEvent(_Block):
    """An event as it came, in lines."""

    def get(self, name: bytes) -> str:
        """The header's value; ``""`` when it is empty or not there. Of an array, all of it with ``|:`` between."""
        data, start, end = self.data, self.start, self.end
        try:
            key, length, behind = _PLAIN_KEYS[name]
        except KeyError:
            key = b"\n" + name + b": "
            length, behind = len(key), name.startswith(BEHIND)
            _PLAIN_KEYS[name] = key, length, behind
        at = data.rfind(key, start, end) if behind else data.find(key, start, end)
        if at < 0:
            if not data.startswith(key[1:], start, end):
                return ""
            at = start - 1
        at += length
        value = data[at : data.find(b"\n", at, end)]
        if _PERCENT in value or value == UNDEF:
            return _decoded(value) if len(value) <= SHORT else _decoded.__wrapped__(value)
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("utf-8", "replace")

    def items(self) -> Iterator[tuple[str, str]]:
        for line in self._block().partition(b"\n\n")[0].split(b"\n"):
            name, colon, value = line.partition(b": ")
            if colon:
                yield name.decode("utf-8", "replace"), plain_value(value)

    @property
    def body(self) -> str:
        """The inner body (the output of a `bgapi`)."""
        at = self.data.find(b"\n\n", self.start, self.end)
        return self.data[at + 2 : self.end].decode("utf-8", "replace") if at >= 0 else ""

    def _block(self) -> bytes:
        return self.data[self.start : self.end]


class JsonEvent(_Block):
    """An event as it came, one JSON object. A quotation mark inside of a value is always escaped, so that what is
    searched for stands nowhere but where a header begins."""

    def get(self, name: bytes) -> str:
        """See `PlainEvent.get`."""
        data, start, end = self.data, self.start, self.end
        try:
            key, length, behind = _JSON_KEYS[name]
        except KeyError:
            key = b'"' + name + b'":"'
            length, behind = len(key), name.startswith(BEHIND)
            _JSON_KEYS[name] = key, length, behind
        at = data.rfind(key, start, end) if behind else data.find(key, start, end)
        if at < 0:  # an array, which no hot path asks for, or nothing
            is_array = data.rfind(key[:-1] + b"[", start, end) >= 0
            return dict(self.items()).get(name.decode(), "") if is_array else ""
        at += length
        value = data[at : data.find(b'"', at, end)]
        if _BACKSLASH in value:
            return _json_string(data, at - 1, end)
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("utf-8", "replace")

    def items(self) -> Iterator[tuple[str, str]]:
        try:
            told = _DECODE(memoryview(self.data)[self.start : self.end])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        for name, value in told.items():
            if isinstance(value, str) and name != "_body":
                yield name, value
            elif isinstance(value, list):
                yield name, "ARRAY::" + "|:".join(str(one) for one in value)

    @property
    def body(self) -> str:
        """See `PlainEvent.body`."""
        return self.get(b"_body")


class DecodedEvent:
    """The plain way: every header decoded at once. The lazy way must give the same facts (benchmarks and tests)."""

    __slots__ = ("_headers", "body")

    def __init__(self, event: PlainEvent | JsonEvent) -> None:
        self._headers: dict[str, str] = {}
        for name, value in event.items():
            self._headers.setdefault(name, value)
        self.body = event.body

    def get(self, name: bytes) -> str:
        """See `PlainEvent.get`."""
        return self._headers.get(name.decode(), "")


Event = PlainEvent | JsonEvent | DecodedEvent

INFO = b"callcenter::info"
"""What mod_callcenter's own events are called: by their subclass."""
_INFO = (
    b'{"Event-Subclass":"callcenter::info",',
    b"Event-Subclass: callcenter%3A%3Ainfo\n",
)


def name_of(data: bytes, start: int, end: int) -> bytes:
    """What kind of event this is, at a glance; mod_callcenter's own by their subclass."""
    if data.startswith(b'{"Event-Name":"', start):
        return data[start + 15 : data.find(b'"', start + 15)]
    if data.startswith(b"Event-Name: ", start):
        return data[start + 12 : data.find(b"\n", start + 12)]
    if data.startswith(_INFO, start):
        return INFO
    is_json = data.startswith(b"{", start)
    event = JsonEvent(data, start, end) if is_json else PlainEvent(data, start, end)
    subclass = event.get(b"Event-Subclass")
    return INFO if subclass == "callcenter::info" else event.get(b"Event-Name").encode()


_STAMP = b"Event-Date-Timestamp"


def stamp_of(data: bytes, start: int, end: int) -> float:
    """When FreeSWITCH says it happened, epoch seconds to the microsecond; 0 when it does not."""
    at = data.rfind(_STAMP, start, start + STAMPED if start + STAMPED < end else end)
    if at < 0:
        at = data.find(_STAMP, start, end)
        if at < 0:
            return 0.0
    told = data[at + 22 : at + 39].strip(b'"\n')
    return int(told) / 1e6 if told.isdigit() else 0.0


def action_of(data: bytes, start: int, end: int) -> bytes:
    """CC-Action of one of mod_callcenter's events. It stands near the end, behind all that tells of the channel."""
    if data[start] == _BRACE:
        at = data.rfind(b'"CC-Action":"', start, end) + 13
        return data[at : data.find(b'"', at, end)] if at > 12 else b""
    at = data.rfind(b"\nCC-Action: ", start, end) + 12
    return data[at : data.find(b"\n", at, end)] if at > 11 else b""


_DECODE = msgspec.json.Decoder(dict[str, object]).decode
_JSON_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def _json_string(data: bytes, start: int, end: int) -> str:
    found = _JSON_STRING.match(data, start, end)
    try:
        return msgspec.json.decode(found[0], type=str) if found else ""
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def plain_value(value: bytes) -> str:
    """A value of a plain event as text.

    >>> plain_value(b"fd00%3A%3A2"), plain_value(b"_undef_"), plain_value(b"a+b,c")
    ('fd00::2', '', 'a+b,c')
    """
    return _decoded(value) if len(value) <= SHORT else _decoded.__wrapped__(value)


@lru_cache(maxsize=4096)
def _decoded(value: bytes) -> str:
    """Names of agents and queues come again and again."""
    if value == UNDEF:
        return ""
    if b"%" in value:
        value = _ENCODED.sub(lambda found: bytes((int(found[1], 16),)), value)
    return value.decode("utf-8", "replace")


_ENCODED = re.compile(rb"%([0-9A-Fa-f]{2})")
