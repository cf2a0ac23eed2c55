"""One message of a publisher: what it says of itself, and what it tells.

    {"publisher": "cti1", "epoch": "k3f9", "n": 17, "at": 1795312345.2, "type": "contact.queued", "contact": …, …}

`n` counts the messages of one topic, from 1; `epoch` is any text that is another one after a restart that began to
count anew. docs/adapters/zeromq.md has the rest.
"""

import msgspec

from ccwall.errors import ProtocolError

LONGEST_NAME = 200
MOST_NUMBER = 2**53
"""Numbers beyond are not whole ones any more in half of the world's JSON."""


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """What every message says of itself. `was`: this is message `was` said again. `stands`: part of a snapshot. `source`: which
    of the publisher's own sources told it. `every`, `resync_every`: seconds, what a heartbeat promises."""

    publisher: str
    n: int
    type: str
    epoch: str = ""
    source: str = ""
    was: int = 0
    stands: bool = False
    every: float = 0.0
    resync_every: float = 0.0
    product: str = ""


_OWN = tuple(field for field in Cover.__struct_fields__ if field != "type")
_json = msgspec.json.Decoder(dict[str, object]).decode
_msgpack = msgspec.msgpack.Decoder(dict[str, object]).decode


def read(body: bytes) -> tuple[Cover, dict[str, object]]:
    """The cover, and the fields of the fact. ValueError says what is wrong."""
    try:
        said = _json(body) if body[:1] in b"{ \n\r\t" else _msgpack(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"neither a JSON object nor a msgpack map: {error}") from None
    own = {key: said.pop(key) for key in _OWN if key in said}
    own["type"] = said.get("type")
    cover = msgspec.convert(own, Cover)
    if not 0 < cover.n < MOST_NUMBER or not 0 <= cover.was < cover.n:
        raise ValueError(f"n counts from 1, and was is a number before it, not {cover.n} and {cover.was}")
    if not cover.publisher or max(map(len, (cover.publisher, cover.epoch, cover.source))) > LONGEST_NAME:
        raise ValueError(f"publisher, epoch and source are names of at most {LONGEST_NAME} letters")
    return cover, said


def foreign(text: str, body: bytes) -> ProtocolError:
    return ProtocolError(f"{text}. docs/adapters/zeromq.md has what a publisher says", body)
