"""One MQTT broker, sans I/O: what its topics say of desks, and facts that others publish. The contract is
`ccwall.adapter.Session`; what comes are the parcels of `ccwall.transport.mqtt`.

    closed ──open──▶ greeting ──connected──▶ snapshot ──subscribed, and quiet──▶ live
                         │ refused: AuthRejected

A bus cannot be asked for a list. What it keeps (retained messages) comes at once after the subscription: until nothing more
of that comes for a second, it is the snapshot. When the broker kept our session, what was true before still is, and what
changed meanwhile comes first: then nothing is dropped.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, cast
from zlib import crc32

import msgspec

from ccwall.adapter import Directory, Known, Mode, State
from ccwall.errors import AuthRejected
from ccwall.events import (
    AnyEvent,
    CommandRefused,
    CommandRequested,
    DeviceFault,
    DeviceHeadset,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
    SourceDown,
    SourceGap,
    SourceLimited,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceTook,
    SourceUp,
)
from ccwall.wire import cloudevents
from ccwall.wire.cloudevents import CloudEvent, CloudFacts
from ccwall.wire.memory import Recent
from ccwall.wire.mqtt_dial import MOST_PAYLOAD, refusal
from ccwall.wire.parcel import Parcel, Parcels

from . import topic
from .mapping import Mapping as Mapped
from .said import Said
from .settings import MqttSettings
from .things import Things
from .zigbee import Zigbee

QUIET = 1.0
"""Seconds without a retained message after which the snapshot is whole."""
SNAPSHOT_AT_MOST = 10.0
STREAM = "mqtt"
"""Of `SourceTook`: messages of QoS 1 that have no name of their own."""
MOST_MARKS = 2000
"""More than any broker sends before the first is acknowledged."""
MOST_REASONS = 50
"""Kinds of message that are not understood, counted apart."""

EVENT_LIMITS = ("queues", "conversations", "devices")
"""What nobody can be asked for where calls and people are told by events alone."""
DESK_FACTS = (
    DeviceFault,
    DeviceHeadset,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
)

_REASONS = {"eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart"}


class MqttSession:
    """See the module."""

    only_listens: Literal[True] = True

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        told = cast(MqttSettings, settings)
        self._settings, self._live = told, mode == "live"
        self._maps = [Mapped(each) for each in told.map]
        self._events = [topic.Filter(each) for each in told.cloudevents]
        self._zigbee = Zigbee(told) if told.preset == "zigbee2mqtt" else None
        self._things, self._cloud = Things(directory), CloudFacts(directory)
        self._parcels = Parcels(MOST_PAYLOAD)
        self._counts: Counter[str] = Counter()
        self._marks: Recent[str, None] = Recent(MOST_MARKS)
        self._state: State = "closed"
        self._rate = 1.0
        self._kept = self._subscribed = self._tells_calls = False
        self._refused: tuple[str, ...] = ()
        self._quiet_at = self._whole_at = 0.0
        self._peer = "?"

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    def located(self, scheme: str, local: str, peer: str) -> None:
        self._peer = peer

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        self._cloud.recall(took)
        for mark in took.get(STREAM, ()):
            self._marks[mark] = None

    def at_pace(self, rate: float) -> None:
        self._rate = rate

    def remember(self, visits: Iterable[Known]) -> None:
        """A desk has no visits, and facts that others publish have ids of their own."""

    def open(self, now: float) -> list[AnyEvent]:
        self._parcels.clear()
        self._state = "greeting"
        self._kept = self._subscribed = False
        self._refused = ()
        return []

    def sent(self, data: bytes, now: float) -> None:
        """Nothing is ever asked."""

    def outgoing(self) -> bytes:
        return b""

    def receive(self, data: bytes, now: float) -> list[AnyEvent]:
        if self._state == "closed":
            return []
        found: list[AnyEvent] = []
        for parcel in self._parcels.feed(data):
            found += self._link(parcel.head, now) if "link" in parcel.head else self._message(parcel, now)
        return found

    def tick(self, now: float) -> list[AnyEvent]:
        if self._state != "snapshot" or not self._subscribed:
            return []
        if now < self._quiet_at and now < self._whole_at:
            return []
        self._state = "live"
        limits = (*(EVENT_LIMITS if self._tells_calls else ()), *(("topics",) if self._refused else ()))
        return [SourceResyncFinished(at=now, limits=limits)]

    def skipped(self, since: float, now: float) -> list[AnyEvent]:
        """The middle of a message is no message: what follows is refused, and a new connection brings all again."""
        self._parcels.clear()
        return [SourceGap(at=now, since=since, reason="overrun")]

    def close(self, now: float, reason: str = "eof", detail: str = "") -> list[AnyEvent]:
        if self._state == "closed":
            return []
        self._state = "closed"
        self._parcels.clear()
        known = reason if reason in _REASONS else "eof"
        return [SourceDown(at=now, reason=known, detail=detail)]  # type: ignore[arg-type]  # just looked up

    def command(self, wish: CommandRequested, now: float) -> list[AnyEvent]:
        return [CommandRefused(at=now, command_id=wish.command_id, detail="an MQTT source takes no commands")]

    # ── the link ──

    def _link(self, head: Mapping[str, object], now: float) -> list[AnyEvent]:
        kind = str(head["link"])[:20]
        self._counts[
            f"link {kind}" if kind in ("connected", "subscribed", "refused") else "unknown:link"
        ] += 1
        if kind == "refused":
            code = head.get("code")
            raise AuthRejected(
                refusal(
                    code if isinstance(code, int) else 0,
                    str(head.get("said", ""))[:200],
                    username=self._settings.username,
                    where=self._peer,
                )
            )
        if kind == "connected":
            return self._connected(now, kept=head.get("session") is True)
        if kind == "subscribed" and self._state == "snapshot":
            self._subscribed_to(head.get("refused"), now)
        return []

    def _connected(self, now: float, *, kept: bool) -> list[AnyEvent]:
        self._state, self._kept = "snapshot", kept
        up = SourceUp(at=now, product=f"MQTT {self._settings.version} broker")
        if kept:
            return [up]
        self._things.forget()
        return [up, SourceResyncStarted(at=now)]

    def _subscribed_to(self, refused: object, now: float) -> None:
        self._refused = tuple(map(str, refused)) if isinstance(refused, list) else ()
        if self._refused and len(self._refused) == len(filters(self._settings)):
            raise AuthRejected(
                f'the MQTT broker at {self._peer} lets in the user "{self._settings.username}" and lets it read none of '
                f"{', '.join(self._refused)[:300]}: check its access list"
            )
        self._subscribed = True
        self._quiet_at = now + QUIET * self._rate
        self._whole_at = now + SNAPSHOT_AT_MOST * self._rate

    # ── messages ──

    def _message(self, parcel: Parcel, now: float) -> list[AnyEvent]:
        head = parcel.head
        where = head.get("topic")
        if not isinstance(where, str) or not 0 < len(where) <= topic.LONGEST:
            return self._not_understood("topic")
        retained = head.get("retain") is True
        if retained and self._state == "snapshot":
            self._quiet_at = now + QUIET * self._rate
        if "too_long" in head:
            return self._not_understood("too long")
        if (event := self._event(where, head, parcel.body, retained=retained, now=now)) is not None:
            return event
        late = self._kept and self._state == "snapshot"
        mark = self._mark(head, where, parcel.body)
        if mark and mark in self._marks and (late or head.get("dup") is True):
            self._counts["repeated"] += 1
            return []
        told = self._said(where, parcel.body)
        found = self._things.facts(told, now, retained=retained, late=late)
        if found and mark and not retained:
            self._marks[mark] = None
            found.append(SourceTook(at=now, stream=STREAM, mark=mark))
        return found

    def _said(self, where: str, body: bytes) -> list[Said]:
        """By whatever understands the topic."""
        payload = _decoded(body)
        if self._zigbee is not None and (told := self._zigbee.read(where, payload)) is not None:
            self._counts["zigbee2mqtt"] += 1
            return told
        found: list[Said] = []
        meant = False
        for mapped in self._maps:
            if (places := mapped.filter.match(where)) is not None:
                meant = True
                if (said := mapped.read(places, payload)) is not None:
                    found.append(said)
        if found:
            self._counts["mapped"] += 1
            return found
        self._not_understood("value" if meant else "topic")
        return []

    def _event(
        self, where: str, head: Mapping[str, object], body: bytes, *, retained: bool, now: float
    ) -> list[AnyEvent] | None:
        """The facts of a CloudEvent; None when it is none."""
        properties = head.get("properties")
        said = properties if isinstance(properties, dict) else {}
        user = said.get("user")
        attributes = user if isinstance(user, dict) else {}
        kind = cloudevents.media_type(str(said.get("content_type", "")))
        meant = any(each.match(where) is not None for each in self._events)
        as_binary = cloudevents.is_binary(attributes)
        if not (meant or as_binary or kind == cloudevents.STRUCTURED):
            return None
        if retained:  # facts are told once, when they are; a broker that keeps the last one tells no state
            return self._not_understood("retained event")
        try:
            read: CloudEvent = (
                cloudevents.binary(attributes, kind, body) if as_binary else cloudevents.structured(body)
            )
            facts = self._cloud.take(read, now)
        except ValueError:
            return self._not_understood("cloudevent")
        self._counts["cloudevent" if facts else "repeated"] += 1
        if not facts or self._tells_calls or isinstance(facts[0], DESK_FACTS):
            return facts
        self._tells_calls = True
        return [*(SourceLimited(at=now, limit=limit) for limit in EVENT_LIMITS), *facts]

    def _mark(self, head: Mapping[str, object], where: str, body: bytes) -> str:
        """What a message of QoS 1 is called when it comes again: a broker sends it with the same identifier."""
        message = head.get("mid")
        if not isinstance(message, int) or head.get("qos") != 1:
            return ""
        return f"{message}:{crc32(body, crc32(where.encode('utf-8', 'replace'))):08x}"

    def _not_understood(self, what: str) -> list[AnyEvent]:
        self._counts[f"unknown:{what}"] += 1
        return []


def filters(settings: MqttSettings) -> list[str]:
    """All topics to be subscribed to, each once."""
    found = [*settings.cloudevents, *(each.topic for each in settings.map)]
    if settings.preset == "zigbee2mqtt":
        found += Zigbee(settings).filters()
    return list(dict.fromkeys(found))


def _decoded(body: bytes) -> object:
    """JSON when it is, else text; bytes that are neither say nothing."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "replace")
