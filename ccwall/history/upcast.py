"""Facts of older releases, lifted to what this one understands.

When a fact changes its fields, `events.SCHEMA_VERSION` goes up by one and `UPCASTERS` learns how to make the new form
of the old: ``UPCASTERS["contact.queued", 1]`` takes the body of a version-1 fact and gives that of a version-2 one.
A type without an entry did not change.
"""

from collections.abc import Callable, Mapping

import msgspec

from ccwall.events import SCHEMA_VERSION, AnyEvent

Body = dict[str, object]
Upcaster = Callable[[Body], Body]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}

_decode: Callable[[bytes | str], AnyEvent] = msgspec.json.Decoder(AnyEvent).decode
_decode_body = msgspec.json.Decoder(Body).decode


def event_of(
    body: bytes | str,
    v: int,
    kind: str,
    *,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    now: int = SCHEMA_VERSION,
) -> AnyEvent:
    """The fact in a body of version ``v``; ValueError when it is none, or of a release after this one."""
    if v == now:
        return _decode(body)
    if not 1 <= v < now:
        raise ValueError(f"version {v} is not one of 1 to {now}")
    tree = _decode_body(body)
    for version in range(v, now):
        lift = upcasters.get((kind, version))
        if lift is not None:
            tree = lift(tree)
            kind = str(tree.get("type", kind))
    lifted: AnyEvent = msgspec.convert(tree, AnyEvent)
    return lifted
