"""Lamps, sirens and busylights on an MQTT bus: what happens as messages, and what stands as one retained state.

The state is the worst severity that nobody has taken on yet, so a lamp that comes late, or was without power, shows what is.
Every message goes over a connection of its own: alerts are rare, and the outlet `mqtt` is who keeps one.
"""

import asyncio
from collections.abc import Mapping, Sequence

import aiomqtt
import msgspec
from paho.mqtt.reasoncodes import ReasonCode

from ccwall.delivery.contract import ChannelType, Failed, Limit, Ok, Outcome, Retry, Setting
from ccwall.delivery.note import SEVERITIES, Note, Severity, clean, said
from ccwall.transport import Address, address
from ccwall.transport.mqtt_client import Login, check_topic, joined
from ccwall.wire.mqtt_dial import refusal

SEND_WITHIN = 30.0
AT_ONCE = 50
LONGEST_TEMPLATE = 4000
LONGEST_TOPIC = 200
_REFUSED = (134, 135, 133, 138)
"""Codes that only a person mends: MQTT 5, 3.2.2.2."""
_FIELDS = ("severity", "kind", "title", "scope", "value", "threshold", "key")


class Settings(Login, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``topic`` gets each note, not retained; ``state_topic`` the worst open severity, retained. ``messages`` and ``states``
    say by severity what is published instead of JSON of ours, ``states`` also for `clear`: so a lamp is spoken to in its own
    words. `{title}` and the like in ``topic`` and ``messages`` are filled in."""

    url: str
    tls_ca: str = ""
    topic: str = "ccwall/alerts/{severity}"
    state_topic: str = "ccwall/alerts/state"
    messages: dict[str, str] = msgspec.field(default_factory=dict)
    states: dict[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            if self.url:
                address(self.url, 1883, ("mqtt", "mqtts"))
        except ValueError as error:
            raise ValueError(f"url: {error}") from None
        for key, topic in (("topic", self.topic), ("state_topic", self.state_topic)):
            check_topic(key, topic, LONGEST_TOPIC)
        for key, told, known in (
            ("messages", self.messages, SEVERITIES),
            ("states", self.states, (*SEVERITIES, "clear")),
        ):
            if strange := set(told) - set(known):
                raise ValueError(f"{key}: {', '.join(sorted(strange))[:60]} is none of {', '.join(known)}")
            if any(len(text) > LONGEST_TEMPLATE for text in told.values()):
                raise ValueError(f"{key}: has a text longer than {LONGEST_TEMPLATE} letters")


class Lamp:
    limits = (Limit(50, 10.0),)
    most = AT_ONCE

    def __init__(self, setting: Setting, settings: Settings) -> None:
        self._setting, self._settings = setting, settings
        to = address(settings.url, 1883, ("mqtt", "mqtts"))
        self._to: Address = msgspec.structs.replace(to, ca=settings.tls_ca)

    async def send(self, notes: Sequence[Note]) -> Outcome:
        told = [(self._topic(note), self._message(note), False) for note in notes if self._settings.topic]
        return await self._publish(told)

    async def stand(self, worst: Severity | None) -> Outcome:
        if not self._settings.state_topic:
            return Ok()
        name = worst or "clear"
        payload = self._settings.states.get(name) or msgspec.json.encode({"severity": name}).decode()
        return await self._publish([(self._settings.state_topic, payload, True)])

    async def close(self) -> None: ...

    def _topic(self, note: Note) -> str:
        """Only words of our own get into a topic, whatever a queue is called."""
        return self._settings.topic.replace("{severity}", note.severity).replace("{kind}", note.kind)

    def _message(self, note: Note) -> str:
        template = self._settings.messages.get(note.severity)
        if template is None:
            return msgspec.json.encode(note).decode()
        words: Mapping[str, str] = {
            **{field: str(getattr(note, field)) for field in _FIELDS if field != "title"},
            "title": said(note.title, self._setting.language),
        }
        return _filled(template, words)

    async def _publish(self, told: Sequence[tuple[str, str, bool]]) -> Outcome:
        try:
            name = f"ccwall-{self._setting.name}"
            async with asyncio.timeout(SEND_WITHIN), joined(self._to, self._settings, name) as client:
                for topic, payload, retain in told:
                    await client.publish(topic, payload.encode(), qos=1, retain=retain)
        except aiomqtt.MqttCodeError as error:
            code = error.rc.value if isinstance(error.rc, ReasonCode) else 0
            if code in _REFUSED:
                where = f"{self._to.host}:{self._to.port}"
                return Failed(refusal(code, str(error.rc), username=self._settings.username, where=where))
            return Retry(clean(str(error), 300))
        except TimeoutError:
            return Retry(f"not done within {SEND_WITHIN:g} s")
        except (aiomqtt.MqttError, OSError) as error:
            return Retry(clean(str(error) or type(error).__name__, 300))
        return Ok("taken by the broker")


def _filled(template: str, words: Mapping[str, str]) -> str:
    """Every `{word}` once, as JSON would hold it between quotes; a word that holds another one is not filled again.

    >>> _filled('{"t": "{title}"}', {"title": 'a"b{key}', "key": "k"})
    '{"t": "a\\\\"b{key}"}'
    """
    parts = [template]
    for word, text in words.items():
        quoted = msgspec.json.encode(text).decode()[1:-1]
        filled: list[str] = []
        for place, part in enumerate(parts):
            if place % 2:  # filled in already
                filled.append(part)
                continue
            pieces = part.split(f"{{{word}}}")
            for piece in pieces[:-1]:
                filled += [piece, quoted]
            filled.append(pieces[-1])
        parts = filled
    return "".join(parts)


CHANNEL = ChannelType(name="mqtt", settings=Settings, made=Lamp)
