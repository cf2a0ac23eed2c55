"""The floor on an MQTT bus: the state of queues, people and alerts as retained messages, busylights, Home Assistant, facts.

Whoever looks at the bus must not take old for new: `<base>/availability` says `offline` by our last will when we are gone.
docs/outlets.md has all topics.
"""

import asyncio
from contextlib import suppress
from typing import cast

import aiomqtt
import msgspec
import structlog
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ccwall.events import DevicePressed, Envelope, SourceTook
from ccwall.outlets.contract import Callers, Feed, Outlet, OutletType
from ccwall.outlets.going import Going
from ccwall.outlets.masked import masked
from ccwall.outlets.mqtt_topics import Discovery, Payloads, lights, states
from ccwall.together import together
from ccwall.transport import Address
from ccwall.transport.mqtt_client import Login, check_topic, joined
from ccwall.wire import cloudevents
from ccwall.wire.cloudevents import CloudEvent
from ccwall.wire.mqtt_dial import refusal

EVERY = 1.0
"""Seconds: of one topic never more is told."""
LIGHTS_AGAIN = 30.0
"""A light that comes late, or forgot, is told at the latest after so many seconds."""
HELP_FOR = 60.0
"""Seconds for which the light of somebody who pressed for help blinks."""
LEFTOVERS = 2.0
"""Seconds after the connection in which what an earlier life left on the bus is gathered, and then cleared."""
MOST_LEFT = 50_000
PAUSE, PAUSE_WHEN_REFUSED = 3.0, 60.0
GOODBYE = 0.9
KEEPALIVE = 10
ONLINE, OFFLINE = b"online", b"offline"
_NOT_TOLD = ("config.", "recording.", "command.")


class Settings(Login, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`discovery` is Home Assistant's prefix; empty: none. `agents` False tells nothing of single persons. `lights` publishes
    what each busylight is to show, `events` every fact as a CloudEvent."""

    base: str = "ccwall"
    discovery: str = "homeassistant"
    agents: bool = True
    lights: bool = False
    events: bool = False
    callers: Callers = "masked"

    def __post_init__(self) -> None:
        super().__post_init__()
        for key, topic in (("base", self.base), ("discovery", self.discovery)):
            check_topic(key, topic)
        if not self.base:
            raise ValueError("base: must not be empty")


class MqttOutlet(Going):
    """See the module; the contract is `ccwall.outlets.Outlet`."""

    def __init__(self, name: str, to: Address, settings: msgspec.Struct, feed: Feed) -> None:
        told = cast(Settings, settings)
        super().__init__(feed)
        self._name, self._to, self._settings = name, to, told
        self._discovery = Discovery(told.discovery, told.base, feed.site) if told.discovery else None
        self._on_bus: Payloads = {}
        """retained, by topic, as we told it"""
        self._shown: Payloads = {}
        self._shown_at = 0.0
        self._helped: dict[str, float] = {}
        self._left: set[str] | None = None
        self._client: aiomqtt.Client | None = None
        self._log = structlog.get_logger("ccwall.outlets").bind(outlet=name)

    # ── the contract ──

    async def run(self) -> None:
        facts = asyncio.create_task(self._hear(), name=f"outlet {self._name}: facts")
        try:
            while True:
                pause = PAUSE
                try:
                    await self._connect()
                except aiomqtt.MqttCodeError as error:
                    pause = self._down(_told(error, self._settings.username, self._to), error)
                except (aiomqtt.MqttError, OSError) as error:
                    pause = self._down(str(error) or type(error).__name__, error)
                await self._sleep(pause)
        finally:
            facts.cancel()
            await asyncio.gather(facts, return_exceptions=True)

    # ── one connection ──

    async def _connect(self) -> None:
        """Until something ends it."""
        will = aiomqtt.Will(self._topic("availability"), OFFLINE, qos=1, retain=True)
        async with joined(
            self._to, self._settings, f"ccwall-{self._name}", will=will, keepalive=KEEPALIVE
        ) as client:
            self._on_bus.clear()
            self._shown.clear()
            self._left = set()
            await self._publish(client, self._topic("availability"), ONLINE, retain=True)
            for each in self._own_topics():
                await client.subscribe(each, qos=1)
            _heed_cancellation()
            self._client = client
            self._turn("live", "")
            try:
                parts = {
                    "state": self._tell(client),
                    "bus": self._listen(client),
                    "leftovers": self._clear(client),
                }
                await together(f"outlet {self._name}", parts)
            finally:
                self._client = None
                if not client._disconnected.done():
                    with suppress(TimeoutError, aiomqtt.MqttError):
                        async with asyncio.timeout(GOODBYE):
                            await self._say_goodbye(client)

    def _own_topics(self) -> list[str]:
        """What is to be heard: Home Assistant's birth, and what an earlier life of ours may have left."""
        found = [self._topic(f"{kind}/+/state") for kind in ("queue", "agent")]
        if self._discovery is not None:
            found += [f"{self._settings.discovery}/status", self._discovery.filter()]
        return found

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            topic = message.topic.value
            if topic == f"{self._settings.discovery}/status":
                if message.payload == ONLINE and not message.retain:  # born again, with nothing in its memory
                    self._on_bus = {
                        topic: told for topic, told in self._on_bus.items() if not topic.endswith("/config")
                    }
            elif (
                message.retain and message.payload and self._left is not None and len(self._left) < MOST_LEFT
            ):
                self._left.add(topic)

    async def _clear(self, client: aiomqtt.Client) -> None:
        """What an earlier life left and is no more."""
        await self._sleep(LEFTOVERS)
        left, self._left = self._left or set(), None
        for topic in sorted(left - self._wanted().keys()):
            await self._publish(client, topic, b"", retain=True)
        await asyncio.Event().wait()

    async def _tell(self, client: aiomqtt.Client) -> None:
        """Only what is other than it was told, and what is no more."""
        while True:
            wanted = self._wanted()
            for topic in self._on_bus.keys() - wanted.keys():
                await self._publish(client, topic, b"", retain=True)
                self._on_bus.pop(topic, None)
            for topic, payload in wanted.items():
                if self._on_bus.get(topic) != payload:
                    await self._publish(client, topic, payload, retain=True)
                    self._on_bus[topic] = payload
            if self._settings.lights:
                await self._light(client)
            await self._sleep(EVERY)

    def _wanted(self) -> Payloads:
        board, told = self._feed.board(), self._settings
        found = (
            self._discovery.configs(board, agents=told.agents, lights=told.lights) if self._discovery else {}
        )
        return found | states(board, told.base, agents=told.agents)

    async def _light(self, client: aiomqtt.Client) -> None:
        now = self._real()
        self._helped = {agent: until for agent, until in self._helped.items() if until > now}
        if now - self._shown_at >= LIGHTS_AGAIN:
            self._shown.clear()
            self._shown_at = now
        wanted = lights(self._feed.board(), self._settings.base, self._helped)
        for topic in self._shown.keys() - wanted.keys():
            await self._publish(client, topic, b'{"state":"OFF"}')
        for topic, payload in wanted.items():
            if self._shown.get(topic) != payload:
                await self._publish(client, topic, payload)
        self._shown = wanted

    async def _say_goodbye(self, client: aiomqtt.Client) -> None:
        await client.publish(self._topic("availability"), OFFLINE, qos=1, retain=True)
        for topic in self._shown:
            await client.publish(topic, b'{"state":"OFF"}', qos=1)

    # ── facts ──

    async def _hear(self) -> None:
        """Whether there is a bus or not: who presses for help is remembered, and the rest is told if it can be."""
        while True:
            envelope = await self._feed.next()
            event = envelope.event
            if isinstance(event, DevicePressed) and event.button == "help" and event.agent is not None:
                self._helped[event.agent] = self._real() + HELP_FOR
            if self._settings.events:
                await self._tell_event(envelope)

    async def _tell_event(self, envelope: Envelope) -> None:
        tag = str(envelope.event.__struct_config__.tag)
        if tag.startswith(_NOT_TOLD) or isinstance(envelope.event, SourceTook):
            return
        client = self._client
        if client is None:
            self._lost += 1
            return
        data = msgspec.to_builtins(masked(envelope.event, self._settings.callers))
        del data["type"]
        event = CloudEvent(
            id=envelope.id,
            source=f"/ccwall/{self._feed.site}/{envelope.source}",
            type=cloudevents.PREFIX + tag,
            time=envelope.event.at,
            data=data,
        )
        topic = self._topic(f"events/{tag.replace('.', '/')}")
        try:
            await self._publish(client, topic, cloudevents.written(event), kind=cloudevents.STRUCTURED)
        except aiomqtt.MqttError:  # whoever keeps the connection learns of it, too
            self._lost += 1

    # ── the bus ──

    async def _publish(
        self, client: aiomqtt.Client, topic: str, payload: bytes, *, retain: bool = False, kind: str = ""
    ) -> None:
        properties = None
        if kind and self._settings.version == "5":
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # the library's
            properties.ContentType = kind
        await client.publish(topic, payload, qos=1, retain=retain, properties=properties)
        self._sent += 1
        _heed_cancellation()

    def _topic(self, rest: str) -> str:
        return f"{self._settings.base}/{rest}"

    def _down(self, detail: str, error: Exception) -> float:
        """Say it once; gives the pause."""
        if self._detail != detail:
            self._log.warning("down", error=detail)
        self._turn("down", detail)
        return PAUSE_WHEN_REFUSED if isinstance(error, MqttConnectError) else PAUSE


def _heed_cancellation() -> None:
    """asyncio's `wait_for`, which the library waits with, forgets a cancellation that comes with the answer (Python 3.11)."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _told(error: aiomqtt.MqttCodeError, username: str, to: Address) -> str:
    where = f"{to.host}:{to.port}"
    if isinstance(error, MqttConnectError) and isinstance(error.rc, ReasonCode):
        return refusal(error.rc.value, str(error.rc), username=username, where=where)
    return f"the MQTT broker at {where} closed the connection ({error})"


def _made(name: str, to: Address, settings: msgspec.Struct, feed: Feed) -> Outlet:
    return MqttOutlet(name, to, settings, feed)


OUTLET = OutletType(name="mqtt", port=1883, schemes=("mqtt", "mqtts"), settings=Settings, outlet=_made)

__all__ = ["OUTLET", "MqttOutlet", "Settings"]
