"""Events, read only where somebody asks: a channel's event has a hundred headers, and a wall wants five of them.

mod_event_socket writes what tells of the event and its channel first, then the channel's variables, then what
mod_callcenter added. So a header is searched for where it stands, and only then everywhere.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

FRONT = 2600
"""Bytes in which what tells of a channel stands; its variables follow."""
BACK = 1200
"""Bytes from the end in which mod_callcenter's own headers stand."""


SHORT = 120
"""Bytes of a value that is kept in mind as decoded."""
UNDEF = b"_undef_"
"""How a plain event writes a header that is there and empty (switch_event.c)."""
_PLAIN_KEYS: dict[bytes, tuple[bytes, bool]] = {}
_JSON_KEYS: dict[bytes, tuple[bytes, bool]] = {}
"""What to search for a header, and whether it stands at the end."""


class PlainEvent:
    """An event as it came, in lines."""

    __slots__ = ("_block",)

    def __init__(self, block: bytes) -> None:
        self._block = block

    def get(self, name: bytes) -> str:
        """The header's value; ``""`` when it is empty or not there. Of an array, all of it with ``|:`` between."""
        block, known = self._block, _PLAIN_KEYS.get(name)
        if known is None:
            known = _PLAIN_KEYS[name] = b"\n" + name + b": ", name.startswith(b"CC-")
        key, at_end = known
        start = block.rfind(key, -BACK) if at_end else block.find(key, 0, FRONT)
        if start < 0:
            start = block.find(key)
            if start < 0:
                if not block.startswith(key[1:]):
                    return ""
                start = -1
        start += len(key)
        value = block[start : block.find(b"\n", start)]
        return plain_value(value) if b"%" in value or value == UNDEF else value.decode("utf-8", "replace")

    def items(self) -> Iterator[tuple[str, str]]:
        for line in self._block.partition(b"\n\n")[0].split(b"\n"):
            name, colon, value = line.partition(b": ")
            if colon:
                yield name.decode("utf-8", "replace"), plain_value(value)

    @property
    def body(self) -> str:
        """The inner body (the output of a `bgapi`)."""
        return self._block.partition(b"\n\n")[2].decode("utf-8", "replace")


class JsonEvent:
    """An event as it came, one JSON object. A quotation mark inside of a value is always escaped, so that what is
    searched for stands nowhere but where a header begins."""

    __slots__ = ("_block",)

    def __init__(self, block: bytes) -> None:
        self._block = block

    def get(self, name: bytes) -> str:
        """See `PlainEvent.get`."""
        block, known = self._block, _JSON_KEYS.get(name)
        if known is None:
            known = _JSON_KEYS[name] = b'"' + name + b'":"', name.startswith(b"CC-")
        key, at_end = known
        start = block.rfind(key, -BACK) if at_end else block.find(key, 0, FRONT)
        if start < 0:
            start = block.find(key)
            if start < 0:  # an array, which no hot path asks for, or nothing
                return dict(self.items()).get(name.decode(), "") if key[:-1] + b"[" in block else ""
        start += len(key)
        end = block.find(b'"', start)
        value = block[start:end]
        if b"\\" in value:
            return _json_string(block, start - 1)
        return value.decode("utf-8", "replace") if end > 0 else ""

    def items(self) -> Iterator[tuple[str, str]]:
        try:
            told = _DECODE(self._block)
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

_INFO = (
    b'{"Event-Subclass":"callcenter::info",',
    b"Event-Subclass: callcenter%3A%3Ainfo\n",
)


def name_of(block: bytes) -> bytes:
    """What kind of event this is, at a glance; mod_callcenter's own by their subclass."""
    if block.startswith(b'{"Event-Name":"'):
        return block[15 : block.find(b'"', 15)]
    if block.startswith(b"Event-Name: "):
        return block[12 : block.find(b"\n", 12)]
    if block.startswith(_INFO):
        return b"callcenter::info"
    event = JsonEvent(block) if block.startswith(b"{") else PlainEvent(block)
    subclass = event.get(b"Event-Subclass")
    return b"callcenter::info" if subclass == "callcenter::info" else event.get(b"Event-Name").encode()


def action_of(block: bytes) -> bytes:
    """CC-Action of one of mod_callcenter's events. It stands near the end, behind all that tells of the channel."""
    if block.startswith(b"{"):
        start = block.rfind(b'"CC-Action":"') + 13
        return block[start : block.find(b'"', start)] if start > 12 else b""
    start = block.rfind(b"\nCC-Action: ") + 12
    return block[start : block.find(b"\n", start)] if start > 11 else b""


_DECODE = msgspec.json.Decoder(dict[str, object]).decode
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def _json_string(block: bytes, start: int) -> str:
    found = _JSON_STRING.match(block, start)
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
