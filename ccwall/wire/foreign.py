"""Facts that somebody else writes in ccwall's own words (CloudEvents over HTTP or MQTT, ZeroMQ), made this house's.

The sender has its own names for queues, people, devices, seats and calls; by the directory they become ids of its source,
as an adapter's do. What only the house itself may say (sources, configuration, recording, commands) is refused.
"""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Union, get_args, get_origin, get_type_hints

import msgspec

from ccwall.adapter import Directory
from ccwall.events import (
    AgentId,
    AnyEvent,
    ContactId,
    DeviceId,
    Event,
    QueueId,
    SeatId,
)

OWN_WORDS = ("source.", "config.", "recording.", "command.")
"""What is said of the house itself, and never taken from others."""
FOREIGN: Mapping[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind
    for kind in get_args(AnyEvent)
    if not str(kind.__struct_config__.tag).startswith(OWN_WORDS)
}
"""What may be said, by its tag."""
_EARLIEST, _LATEST = 946_684_800.0, 32_503_680_000.0
"""Instants outside the years 2000 to 3000 are milliseconds, or nonsense."""


class Foreign:
    """Facts of one source."""

    def __init__(self, directory: Directory) -> None:
        self._own = directory.own
        self._names: Mapping[object, Callable[[str], str]] = {
            QueueId: directory.queue,
            AgentId: directory.agent,
            ContactId: lambda key: ContactId(directory.own(key)),
            DeviceId: lambda key: DeviceId(directory.own(key)),
            SeatId: directory.seat,
        }

    def fact(self, tag: str, said: object, at: float) -> AnyEvent:
        """The fact that `said`, an object with the fields of that fact, tells; `at` when it does not say when.

        ValueError says what is wrong with it, and what would be right.
        """
        kind = FOREIGN.get(tag)
        if kind is None:
            known = (
                "is the house's own to say"
                if tag.startswith(OWN_WORDS)
                else "is not a fact that ccwall knows"
            )
            raise ValueError(f"{tag[:60]!r} {known}")
        if not isinstance(said, dict):
            raise ValueError(f"{tag}: must be an object, not {type(said).__name__}")
        fields = _fields(kind)
        if strange := sorted(str(key)[:40] for key in said if key not in fields and key != "type"):
            raise ValueError(f"{tag}: has no {', '.join(strange[:5])}; it has {', '.join(sorted(fields))}")
        try:
            fact = msgspec.convert({"at": at, **said, "type": tag}, kind)
        except msgspec.ValidationError as error:
            raise ValueError(f"{tag}: {error}") from None
        if not _EARLIEST <= fact.at <= _LATEST:
            raise ValueError(f"{tag}: at is in seconds since 1970, not {fact.at:g}")
        named = {
            field: self._names[meaning](value)
            for field, meaning in fields.items()
            if meaning in self._names and (value := getattr(fact, field)) is not None
        }
        if "attempt" in fields:
            named["attempt"] = self._own(getattr(fact, "attempt"))  # noqa: B009 - only outbound facts have it
        made: AnyEvent = msgspec.structs.replace(fact, **named)  # type: ignore[assignment]
        return made


_known: dict[type[Event], dict[str, object]] = {}


def _fields(kind: type[Event]) -> dict[str, object]:
    """The fields of a fact, and the kind of id that each is, without None."""
    if kind not in _known:
        _known[kind] = {
            name: _bare(hint) for name, hint in get_type_hints(kind).items() if not name.startswith("_")
        }
    return _known[kind]


def _bare(hint: object) -> object:
    if get_origin(hint) in (Union, UnionType):
        return next((part for part in get_args(hint) if part is not type(None)), hint)
    return hint
