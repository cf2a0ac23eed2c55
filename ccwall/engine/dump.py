"""A state written down and read again: `Engine.restore` is the exact inverse of `Engine.dump`."""

from collections.abc import Callable
from hashlib import blake2b
from typing import cast, get_type_hints

import msgspec

from ccwall.engine.course import Point
from ccwall.engine.longest import reindex
from ccwall.engine.senses import reseat
from ccwall.engine.spells import recount
from ccwall.engine.state import State
from ccwall.engine.windows import Bucket
from ccwall.events import Policy

MEANING = 3
"""Counts up when a release books the same facts otherwise in fields of the same shape: older dumps are then no use."""

_types = get_type_hints(State)
_Kept = msgspec.defstruct("Kept", [(name, _types[name]) for name in State.KEPT])
_decode: Callable[[bytes], object] = msgspec.msgpack.Decoder(_Kept).decode


def dumped(state: State) -> bytes:
    return msgspec.msgpack.encode(state.kept())


def undumped(dump: bytes) -> State:
    """The state in a dump; ValueError when it is none of this `shape`."""
    kept = _decode(dump)
    state = State(cast(Policy, getattr(kept, "policy")))  # noqa: B009 - its fields are named in State alone
    for name in State.KEPT:
        setattr(state, name, getattr(kept, name))
    recount(state)
    reindex(state)
    reseat(state)
    return state


def shape() -> str:
    """A fingerprint of what a dump is made of: of another shape, it is of no use here."""
    schema = msgspec.json.schema(_Kept)
    # These are written by position: their fields' order is part of the shape.
    order = [Bucket.__struct_fields__, Point.__struct_fields__]
    text = msgspec.json.encode([MEANING, _bare(schema), order], order="sorted")
    return blake2b(text, digest_size=8).hexdigest()


def _bare(schema: object) -> object:
    """Without what is only said about it: a better docstring makes no dump unreadable."""
    if isinstance(schema, dict):
        return {key: _bare(value) for key, value in schema.items() if key != "description"}
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema
