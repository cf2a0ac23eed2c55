"""Events of the genuine transcripts, told apart by what they are about, so that the simulator's can be laid beside them."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from ccwall_adapters.freeswitch_esl.wire import Frames, JsonEvent, PlainEvent

CAPTURES = Path(__file__).parents[2] / "captures" / "freeswitch"

Names = tuple[str, ...]
Kind = tuple[str, ...]
"""Event-Name, CC-Action, CC-Cause, Call-Direction, CC-Agent-Bridged."""


def received(capture: str) -> Iterator[bytes]:
    """What one client was sent, in one piece for each connection."""
    heard: dict[int, list[bytes]] = {}
    with gzip.open(CAPTURES / f"{capture}.wire.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            if "rx" in told:
                heard.setdefault(told["conn"], []).append(told["rx"].encode("latin-1"))
    for pieces in heard.values():
        yield b"".join(pieces)


def events(wire: bytes) -> Iterator[list[tuple[str, str]]]:
    """The headers of every event, in order."""
    for frame in Frames().feed(wire):
        if frame.kind == b"text/event-plain":
            yield list(PlainEvent(frame.body).items())
        elif frame.kind == b"text/event-json":
            yield list(JsonEvent(frame.body).items())


def bodies(wire: bytes, kind: bytes) -> Iterator[bytes]:
    for frame in Frames().feed(wire):
        if frame.kind == kind:
            yield frame.body


def kind_of(event: list[tuple[str, str]]) -> Kind:
    told = dict(event)
    return tuple(
        told.get(name, "")
        for name in ("Event-Name", "CC-Action", "CC-Cause", "Call-Direction", "CC-Agent-Bridged")
    )


def names_of(event: list[tuple[str, str]]) -> Names:
    return tuple(name for name, _ in event)


def shapes(wire: bytes) -> Mapping[Kind, set[Names]]:
    """Every order of headers that an event of this kind has."""
    found: dict[Kind, set[Names]] = {}
    for event in events(wire):
        found.setdefault(kind_of(event), set()).add(names_of(event))
    return found
