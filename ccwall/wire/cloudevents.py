"""CloudEvents 1.0 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md): envelopes of facts from elsewhere.

Three ways on the wire: *structured*, one JSON object (`application/cloudevents+json`); *batch*, a list of those
(`application/cloudevents-batch+json`); *binary*, the payload alone with the attributes beside it (HTTP: headers `ce-…`;
MQTT 5: user properties of the same names; MQTT 3.1.1 has none, and is always structured).

What is in one: a fact of `ccwall.events`. `type` is `com.ccwall.` and the fact's tag (`com.ccwall.agent.ready`), `data` the
fact's own fields, `time` when it happened if `data` does not say `at`. `source` and `id` name it: the same again is the same.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

import msgspec

from ccwall.adapter import Directory
from ccwall.events import AnyEvent, SourceTook
from ccwall.wire.foreign import Foreign
from ccwall.wire.memory import Recent

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PREFIX = "com.ccwall."
MOST_IN_BATCH = 1000
MOST_REMEMBERED = 20_000
"""Events by source and id that are known to have been taken."""
LONGEST_NAME = 256
"""Letters of an id, a source or a type: what is longer is there to fill memory."""
STREAM = "cloudevents "
"""Begins the name of a stream of `SourceTook`; the event's source follows."""


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event; `time` is epoch seconds, None when it does not say. `data` is decoded JSON, text or bytes."""

    id: str
    source: str
    type: str
    time: float | None = None
    subject: str = ""
    data: object = None


def structured(body: bytes) -> CloudEvent:
    """The event in one JSON object. ValueError says what is wrong with it."""
    return _event(_json(body))


def batch(body: bytes) -> list[CloudEvent]:
    """The events of a list, all or none. ValueError says what is wrong with which."""
    found = _json(body)
    if not isinstance(found, list) or len(found) > MOST_IN_BATCH:
        raise ValueError(f"a batch is a list of at most {MOST_IN_BATCH} events")
    events = []
    for place, item in enumerate(found, 1):
        try:
            events.append(_event(item))
        except ValueError as error:
            raise ValueError(f"event {place}: {error}") from None
    return events


def binary(attributes: Mapping[str, str], content_type: str, body: bytes) -> CloudEvent:
    """The event whose attributes (`id`, `source`, …, without a prefix) stand beside its payload. ValueError as above."""
    kind = media_type(content_type)
    data: object = body
    if not body:
        data = None
    elif not kind or kind == "application/json" or kind.endswith("+json"):
        data = _json(body)
    return _made(attributes, data)


def http_attributes(headers: Mapping[str, str]) -> dict[str, str]:
    """The attributes in the headers of a request (HTTP binding, 3.1.3: the values are percent-encoded).

    >>> http_attributes({"Ce-Source": "/desks/Stra%C3%9Fe", "Accept": "*/*"})
    {'source': '/desks/Straße'}
    """
    return {
        name.lower()[3:]: unquote(value.strip())
        for name, value in headers.items()
        if name.lower().startswith("ce-")
    }


def is_binary(attributes: Mapping[str, object]) -> bool:
    """Whether these attributes mean that the message is an event."""
    return attributes.keys() >= {"id", "source", "type", "specversion"}


def media_type(content_type: str) -> str:
    """Without its parameters.

    >>> media_type("Application/CloudEvents+JSON; charset=utf-8") == STRUCTURED
    True
    """
    return content_type.partition(";")[0].strip().lower()


def written(event: CloudEvent) -> bytes:
    """Structured."""
    said: dict[str, object] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "datacontenttype": "application/json",
        "data": event.data,
    }
    if event.time is not None:
        said["time"] = stamp(event.time)
    if event.subject:
        said["subject"] = event.subject
    return msgspec.json.encode(said)


def stamp(at: float) -> str:
    """RFC 3339, in UTC, to the millisecond.

    >>> stamp(1_795_312_800.25)
    '2026-11-22T02:00:00.250Z'
    """
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class CloudFacts:
    """The facts of one source's events, each once. `counts` is the session's own."""

    def __init__(self, directory: Directory) -> None:
        self._foreign = Foreign(directory)
        self._took: Recent[tuple[str, str], None] = Recent(MOST_REMEMBERED)

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        for stream, marks in took.items():
            if stream.startswith(STREAM):
                for mark in marks:
                    self._took[stream.removeprefix(STREAM), mark] = None

    def take(self, event: CloudEvent, now: float) -> list[AnyEvent]:
        """Its fact, and that it was taken; nothing when it was before. ValueError says why it cannot be taken."""
        if (event.source, event.id) in self._took:
            return []
        if not event.type.startswith(PREFIX):
            raise ValueError(f"the type {event.type[:60]!r} does not begin with {PREFIX}")
        at = now if event.time is None else event.time
        fact = self._foreign.fact(event.type.removeprefix(PREFIX), event.data, at)
        self._took[event.source, event.id] = None
        return [fact, SourceTook(at=now, stream=STREAM + event.source, mark=event.id)]


def _json(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"is not JSON: {error}") from None


def _event(said: object) -> CloudEvent:
    if not isinstance(said, dict):
        raise ValueError("an event is a JSON object")
    data = said.get("data")
    if "data_base64" in said:
        try:
            data = base64.b64decode(str(said["data_base64"]), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("data_base64 is not base64") from None
    return _made(said, data)


def _made(said: Mapping[str, object], data: object) -> CloudEvent:
    if said.get("specversion") != "1.0":
        raise ValueError(f"specversion must be 1.0, not {str(said.get('specversion', 'missing'))[:20]!r}")
    for name in ("id", "source", "type"):
        value = said.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
            raise ValueError(f"{name} must be a text of 1 to {LONGEST_NAME} letters")
    subject = said.get("subject", "")
    return CloudEvent(
        id=str(said["id"]),
        source=str(said["source"]),
        type=str(said["type"]),
        time=_instant(said["time"]) if said.get("time") is not None else None,
        subject=subject[:LONGEST_NAME] if isinstance(subject, str) else "",
        data=data,
    )


def _instant(said: object) -> float:
    try:
        found = datetime.fromisoformat(str(said)[:40])
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError(f"time must be like 2026-11-22T10:00:00Z, not {str(said)[:40]!r}")
    try:
        return found.timestamp()
    except (OverflowError, ValueError):
        raise ValueError(f"time is out of reach: {str(said)[:40]!r}") from None
