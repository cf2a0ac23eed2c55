"""The floor on a real broker: what stands there is what is, is told once, and is never old without saying so."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec
import pytest

from ccwall.clock import SystemClock
from ccwall.config import load
from ccwall.errors import ConfigError
from ccwall.events import (
    AgentId,
    AgentLoggedOn,
    AnyEvent,
    ContactId,
    ContactQueued,
    DeviceId,
    DevicePressed,
    Envelope,
    QueueId,
    SiteId,
    SourceId,
)
from ccwall.outlets import BY_TYPE
from ccwall.outlets.contract import Outlet
from ccwall.outlets.feed import HouseFeed
from ccwall.outlets.mqtt import MqttOutlet
from ccwall.outlets.mqtt_topics import Discovery, lights, states
from ccwall.transport import address
from tests.transport.mosquitto import Mosquitto

NOW = 1_800_000_000.0
Tree = dict[str, Any]


def floor() -> Tree:
    return {
        "sources": {"pbx": {"state": "live"}, "desks": {"state": "live"}},
        "floor": {"waiting": 1, "staffed": 2, "curve": [1]},
        "queues": {"consult": {"name": "咨询", "source": "pbx", "waiting": 1, "ready": 1, "rolling": {}}},
        "agents": {
            "wang": {
                "name": "王敏",
                "state": "ready",
                "since": NOW,
                "source": "pbx",
                "caller": "13800138000",
            },
            "pbx/li": {"name": "李静", "state": "talking", "since": NOW, "source": "pbx"},
        },
    }


class Bus:
    """An outlet on a broker, and what lies there."""

    def __init__(self, broker: Mosquitto, **settings: object) -> None:
        self.board = floor()
        self.clock = SystemClock(rate=20.0)
        self.feed = HouseFeed(self.clock, lambda: self.board, "site", "UTC")
        kind = BY_TYPE["mqtt"]
        where = address(broker.url, kind.port, kind.schemes)
        self.outlet: Outlet = kind.outlet("bus", where, msgspec.convert(settings, kind.settings), self.feed)
        self.lies: dict[str, Any] = {}
        self.heard: list[tuple[str, Any]] = []
        self.broker = broker

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[aiomqtt.Client]:
        async with aiomqtt.Client("localhost", self.broker.port) as client:
            await client.subscribe("#", qos=1)
            task = asyncio.create_task(self._watch(client))
            try:
                yield client
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _watch(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            topic, payload = message.topic.value, message.payload
            assert isinstance(payload, bytes)
            said = json.loads(payload) if payload.startswith(b"{") else payload
            self.heard.append((topic, said))
            if payload:
                self.lies[topic] = said
            else:
                self.lies.pop(topic, None)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Task[None]"]:
        task = asyncio.create_task(self.outlet.run())
        try:
            await self.until(lambda: self.lies.get("ccwall/availability") == b"online")
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not true():  # noqa: ASYNC110 - a bus is watched
                await asyncio.sleep(0.005)

    def take(self, event: AnyEvent) -> None:
        self.feed.put(
            Envelope(seq=1, id="e1", source=SourceId("pbx"), site=SiteId("site"), received=NOW, event=event)
        )


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccwall.outlets.mqtt.PAUSE", 0.1)
    monkeypatch.setattr("ccwall.outlets.mqtt.LEFTOVERS", 0.5)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    async with Mosquitto(tmp_path) as broker:
        yield broker


@pytest.mark.parametrize("version", ["3.1.1", "5"])
async def test_what_stands_on_the_bus_is_the_floor(broker: Mosquitto, version: str) -> None:
    bus = Bus(broker, version=version, discovery="")
    async with bus.watched():
        async with bus.running():
            await bus.until(lambda: len(bus.lies) == 5)
            assert bus.lies["ccwall/queue/consult/state"] == {
                "id": "consult",
                "name": "咨询",
                "waiting": 1,
                "ready": 1,
            }
            wang = {"id": "wang", "name": "王敏", "state": "ready", "since": NOW}
            assert bus.lies["ccwall/agent/wang/state"] == wang, "and nothing of callers"
            bus.board["agents"]["wang"]["state"] = "wrap"
            del bus.board["agents"]["pbx/li"]
            bus.board["sources"]["pbx"]["state"] = "down"
            await bus.until(lambda: "ccwall/agent/pbx%2Fli/state" not in bus.lies)
            await bus.until(lambda: bus.lies["ccwall/agent/wang/state"]["state"] == "wrap")
            assert bus.lies["ccwall/agent/wang/state"]["stale"] is True
            assert bus.lies["ccwall/queue/consult/state"]["stale"] is True
        await bus.until(lambda: bus.lies["ccwall/availability"] == b"offline")


async def test_a_calm_floor_is_a_silent_bus_and_a_busy_one_is_told_once_a_second(broker: Mosquitto) -> None:
    bus = Bus(broker)
    async with bus.watched(), bus.running():
        began = bus.clock.now()
        for number in range(200):
            bus.board["queues"]["consult"]["waiting"] = number
            await asyncio.sleep(0.002)
        await bus.until(lambda: bus.lies.get("ccwall/queue/consult/state", {}).get("waiting") == 199)
        took = (bus.clock.now() - began) / bus.clock.rate
        told = [topic for topic, _ in bus.heard if topic == "ccwall/queue/consult/state"]
        assert len(told) <= took + 2
        count = len(bus.heard)
        await bus.clock.sleep(1.5 * bus.clock.rate)
        assert len(bus.heard) == count


async def test_who_is_killed_is_told_by_the_broker(broker: Mosquitto) -> None:
    bus = Bus(broker)
    async with bus.watched(), bus.running():
        assert isinstance(bus.outlet, MqttOutlet)
        await bus.until(lambda: bus.outlet.vitals()["state"] == "live")
        client = bus.outlet._client
        assert client is not None
        held = client._client.socket()
        assert held is not None
        assert isinstance(held, socket.socket)
        held.shutdown(socket.SHUT_RDWR)
        await bus.until(lambda: ("ccwall/availability", b"offline") in bus.heard)
        await bus.until(lambda: bus.lies["ccwall/availability"] == b"online")  # and comes back by itself


async def test_what_an_earlier_life_left_is_cleared(broker: Mosquitto) -> None:
    bus = Bus(broker)
    async with bus.watched() as client:
        for topic in ("ccwall/agent/gone/state", "ccwall/queue/consult/state", "ccwall/elsewhere"):
            await client.publish(topic, b'{"old":1}', qos=1, retain=True)
        stale = "homeassistant/sensor/ccwall_site/queue_gone_waiting/config"
        await client.publish(stale, b'{"old":1}', qos=1, retain=True)
        async with bus.running():
            await bus.until(lambda: "ccwall/agent/gone/state" not in bus.lies and stale not in bus.lies)
            await bus.until(lambda: "waiting" in bus.lies["ccwall/queue/consult/state"])
            assert "ccwall/elsewhere" in bus.lies, "not ours"


async def test_home_assistant_finds_everything_and_is_told_again_when_it_is_born(broker: Mosquitto) -> None:
    bus = Bus(broker, lights=True)
    topic = "homeassistant/sensor/ccwall_site/queue_consult_waiting/config"
    async with bus.watched() as client, bus.running():
        await bus.until(lambda: topic in bus.lies)
        config = bus.lies[topic]
        assert config["unique_id"] == "ccwall_site_queue_consult_waiting"
        assert config["state_topic"] == "ccwall/queue/consult/state"
        assert config["availability_topic"] == "ccwall/availability"
        assert config["device"] == {
            "identifiers": ["ccwall_site_queue_consult"],
            "name": "咨询",
            "manufacturer": "ccwall",
        }
        await bus.until(lambda: "homeassistant/light/ccwall_site/agent_wang_light/config" in bus.lies)
        before = [each for each, _ in bus.heard].count(topic)
        await client.publish("homeassistant/status", "online", qos=1)
        await bus.until(lambda: [each for each, _ in bus.heard].count(topic) > before)
        del bus.board["queues"]["consult"]
        await bus.until(lambda: topic not in bus.lies)


async def test_busylights_follow_people_and_blink_for_help(broker: Mosquitto) -> None:
    bus = Bus(broker, lights=True, discovery="")
    wang, li = "ccwall/light/wang/set", "ccwall/light/pbx%2Fli/set"
    async with bus.watched():
        async with bus.running():
            await bus.until(lambda: li in bus.lies)
            assert bus.lies[wang] == {"state": "ON", "color": {"r": 0, "g": 255, "b": 0}}
            assert bus.lies[li]["color"] == {"r": 255, "g": 0, "b": 0}
            bus.board["agents"]["wang"]["conflicts"] = [{"kind": "ready_docked", "since": NOW, "sources": []}]
            await bus.until(lambda: bus.lies[wang].get("effect") == "blink")
            press = DevicePressed(at=NOW, device=DeviceId("b"), button="help", agent=AgentId("pbx/li"))
            bus.take(press)
            await bus.until(lambda: bus.lies[li].get("effect") == "blink")
            bus.board["agents"]["wang"] = {"state": "off"}
            await bus.until(lambda: bus.lies[wang] == {"state": "OFF"})
        await bus.until(lambda: bus.lies[li] == {"state": "OFF"})


@pytest.mark.parametrize(
    ("callers", "shown"), [("masked", "138****8000"), ("full", "13800138000"), ("none", "")]
)
async def test_facts_as_cloudevents(broker: Mosquitto, callers: str, shown: str) -> None:
    bus = Bus(broker, events=True, callers=callers, discovery="", agents=False)
    async with bus.watched(), bus.running():
        await bus.until(lambda: bus.outlet.vitals()["state"] == "live")
        queued = ContactQueued(
            at=NOW, contact=ContactId("c1"), queue=QueueId("consult"), caller="13800138000"
        )
        bus.take(queued)
        bus.take(AgentLoggedOn(at=NOW, agent=AgentId("wang")))
        await bus.until(lambda: "ccwall/events/agent/logged_on" in bus.lies)
        event = bus.lies["ccwall/events/contact/queued"]
        assert event["data"].get("caller", "") == shown
        assert (event["id"], event["source"]) == ("e1", "/ccwall/site/pbx")
        assert (event["type"], event["time"]) == ("com.ccwall.contact.queued", "2027-01-15T08:00:00.000Z")
        assert not [topic for topic in bus.lies if "/agent/" in topic and topic.endswith("/state")]


async def test_a_wrong_password_is_told_in_words(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, users={"wall": "right"}) as broker:
        bus = Bus(broker, username="wall", password="wrong-one")
        task = asyncio.create_task(bus.outlet.run())
        await bus.until(lambda: bus.outlet.vitals()["state"] == "down")
        said = str(bus.outlet.vitals()["detail"])
        assert 'does not let in the user "wall"' in said
        assert "wrong-one" not in said
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_broker_that_is_away_is_told_and_found_again(broker: Mosquitto) -> None:
    await broker.kill()
    bus = Bus(broker)
    task = asyncio.create_task(bus.outlet.run())
    await bus.until(lambda: "nothing listens at mqtt://localhost" in str(bus.outlet.vitals()["detail"]))
    await broker.start()
    await bus.until(lambda: bus.outlet.vitals()["state"] == "live")
    await broker.kill()
    await bus.until(lambda: bus.outlet.vitals()["state"] == "down")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_ids_of_any_kind_are_topics_of_their_own() -> None:
    strange = ["a/b", "a+b", "#", "$x", "a b", "张", "a%2Fb", "\n"]
    board: Tree = {"sources": {}, "agents": {id: {"state": "ready"} for id in strange}}
    topics = [topic for topic in states(board, "ccwall", agents=True) if "/agent/" in topic]
    assert len(set(topics)) == len(strange)
    assert all(topic.count("/") == 3 and not set("+#\n") & set(topic) for topic in topics)
    assert len(lights(board, "ccwall", ())) == len(strange)
    found = Discovery("homeassistant", "ccwall", "site").configs(board, agents=True, lights=True)
    unique = [json.loads(payload)["unique_id"] for payload in found.values()]
    assert len(set(unique)) == len(unique)
    assert all(each.isascii() and each.replace("_", "").replace("-", "").isalnum() for each in unique)


def test_mistakes_of_an_outlet_are_told(tmp_path: Path) -> None:
    file = tmp_path / "ccwall.toml"
    file.write_text(
        '[[outlet]]\nname = "bus"\ntype = "mqtt"\nurl = "mqtt://broker"\nbase = "a/#"\n'
        '[[outlet]]\nname = "b"\ntype = "mqtt"\nurl = "tcp://broker"\ncallers = "all"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        load(file)
    told = dict(caught.value.mistakes)
    assert told["outlet[1].base"] == '"a/#" must be a topic without wildcards and outer slashes'
    assert told["outlet[2].callers"] == 'must be one of none, masked, full, not "all"'
    assert "is read over mqtt, mqtts" in told["outlet[2].url"]
