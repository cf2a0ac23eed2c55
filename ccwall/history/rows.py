"""An envelope as a row of the table `event`, and back. A row that was changed on the disk is known by its crc."""

from collections.abc import Sequence
from typing import cast
from zlib import crc32

import msgspec

from ccwall.events import SCHEMA_VERSION, Envelope, Principal, SiteId, SourceId
from ccwall.history.upcast import event_of

Row = tuple[int, int, str, str, str, float, str, str | None, str, int]
"""seq, v, id, site, source, received, type, actor, body, crc"""

COLUMNS = "seq, v, id, site, source, received, type, actor, body, crc"
WIDTH = 10
AT_ONCE = 512
"""Rows of one INSERT. The interpreter's lock is let go and fought for once a statement, not once a row: beside a busy
event loop that is the difference between hundreds and tens of thousands of rows a second."""

_encode = msgspec.json.Encoder().encode
_decode_actor = msgspec.json.Decoder(Principal).decode


class Unreadable(ValueError):
    """A row that is not what was written, or that nobody can make sense of."""


def row_of(envelope: Envelope) -> Row:
    event = envelope.event
    body = _encode(event).decode()
    actor = None if envelope.actor is None else _encode(envelope.actor).decode()
    head = (
        envelope.seq,
        envelope.v,
        envelope.id,
        str(envelope.site),
        str(envelope.source),
        float(envelope.received),
        cast(str, event.__struct_config__.tag),
        actor,
        body,
    )
    return (*head, check(head))


def check(head: Sequence[object]) -> int:
    """The crc of everything before it in a row."""
    return crc32(repr(head).encode("utf-8", "surrogatepass"))


def is_whole(row: Sequence[object]) -> bool:
    return len(row) == WIDTH and check(tuple(row[:-1])) == row[-1]


def envelope_of(row: Row) -> Envelope:
    """The envelope in a row; Unreadable says why not."""
    if not is_whole(row):
        raise Unreadable("it was changed on the disk")
    seq, v, id, site, source, received, kind, actor, body, _ = row
    try:
        return Envelope(
            seq=seq,
            id=id,
            site=SiteId(site),
            source=SourceId(source),
            received=received,
            event=event_of(body, v, kind),
            v=SCHEMA_VERSION,
            actor=None if actor is None else _decode_actor(actor),
        )
    except ValueError as error:  # msgspec's errors are ValueErrors
        raise Unreadable(str(error)) from None


def insertion(rows: int) -> str:
    """One statement for so many rows; a seq that is there already stays as it is."""
    places = ",".join(["(" + ",".join("?" * WIDTH) + ")"] * rows)
    return f"INSERT INTO event ({COLUMNS}) VALUES {places} ON CONFLICT (seq) DO NOTHING"


def portions(count: int) -> list[int]:
    """So many rows in statements of at most `AT_ONCE`.

    >>> portions(1100)
    [512, 512, 76]
    """
    whole, rest = divmod(count, AT_ONCE)
    return [AT_ONCE] * whole + [rest] * (rest > 0)
