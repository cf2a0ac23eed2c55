"""A whole ccwall on a real broker: what is committed is never asked for again, and what is not is never lost."""

import re
import tomllib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

import aiomqtt
import msgspec
import pytest

from ccwall.config import Config, load, read
from ccwall.errors import ConfigError
from ccwall.events import AgentReady, AnyEvent, DevicePressed, SeatOccupied, SourceDown
from ccwall.outlets import BY_TYPE
from ccwall.transport.mqtt import LOOK_EVERY, MqttLink
from ccwall.wire.mqtt_dial import MqttDial
from ccwall_adapters.mqtt import Map, MqttSettings
from ccwall_adapters.mqtt.said import What
from tests.history.desk import kept
from tests.integration.test_restart import Life, life
from tests.transport.mosquitto import Mosquitto

CONFIG = """
[[source]]
name = "desks"
type = "mqtt"
url = "{url}"
version = "{version}"
username = "wall"
password = {{ env = "CCWALL_TEST_PASSWORD" }}

[[source.map]]
topic = "desk/+/button"
fact = "button"
[[source.map]]
topic = "desk/+/seat"
fact = "seat"
pointer = "/here"
at = "/since"
"""
READY = {"specversion": "1.0", "source": "/acd", "type": "com.ccwall.agent.ready"}
VERSIONS = {"3.1.1": aiomqtt.ProtocolVersion.V311, "5": aiomqtt.ProtocolVersion.V5}


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    async with Mosquitto(tmp_path, users={"wall": "right"}) as broker:
        yield broker


@pytest.fixture
def configured(tmp_path: Path, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Config]:
    monkeypatch.setenv("CCWALL_TEST_PASSWORD", "right")

    def made(version: str = "5") -> Config:
        file = tmp_path / "ccwall.toml"
        file.write_text(CONFIG.format(url=broker.url, version=version), encoding="utf-8")
        return load(file)

    return made


@asynccontextmanager
async def publisher(broker: Mosquitto, version: str = "5") -> AsyncIterator[aiomqtt.Client]:
    async with aiomqtt.Client(
        "localhost", broker.port, username="wall", password="right", protocol=VERSIONS[version]
    ) as client:
        yield client


async def live(here: Life, state: str = "live") -> None:
    await here.until(lambda: here.board["sources"]["desks"]["state"] == state)


def facts(folder: Path, kind: type[AnyEvent]) -> Sequence[AnyEvent]:
    return [each.event for each in kept(folder / "journal") if isinstance(each.event, kind)]


@pytest.mark.parametrize("version", list(VERSIONS))
async def test_killed_between_commit_and_acknowledgement_nothing_is_lost_or_doubled(
    broker: Mosquitto,
    configured: Callable[[str], Config],
    tmp_path: Path,
    version: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = configured(version)
    async with publisher(broker, version) as client:
        with monkeypatch.context() as patch:
            patch.setattr(MqttLink, "taken", lambda _link, _upto: None)  # killed before it is said
            async with life(config) as first:
                await live(first)
                for number in (1, 2, 3):
                    event = READY | {"id": str(number), "data": {"agent": f"a{number}"}}
                    await client.publish("ccwall/in/acd", msgspec.json.encode(event), qos=1)
                    await client.publish("desk/A-1/button", "help", qos=1)
                await first.until(lambda: len(facts(tmp_path, DevicePressed)) == 3)
                await first.opened.journal.wait(first.house.intake.seq)
        await client.publish("desk/B-2/button", "patrol", qos=1)
        event = READY | {"id": "4", "data": {"agent": "a4"}}
        await client.publish("ccwall/in/acd", msgspec.json.encode(event), qos=1)
        async with life(config) as second:
            await second.until(lambda: len(facts(tmp_path, AgentReady)) == 4)
            await second.opened.journal.wait(second.house.intake.seq)
            counts = second.house.supervisors[0].counts
            assert counts["repeated"] == 6
            await second.until(lambda: counts.get("link subscribed"))
        async with life(config) as third:  # now the broker was told
            await live(third)
            assert "repeated" not in third.house.supervisors[0].counts
    assert len(facts(tmp_path, AgentReady)) == 4
    pressed = [each for each in facts(tmp_path, DevicePressed) if isinstance(each, DevicePressed)]
    assert [each.button for each in pressed] == ["help", "help", "help", "patrol"]


async def test_what_is_kept_on_the_bus_is_the_snapshot_and_of_unknown_age(
    broker: Mosquitto, configured: Callable[[str], Config], tmp_path: Path
) -> None:
    async with publisher(broker) as client:
        await client.publish("desk/A-1/seat", '{"here":true,"since":1800000000}', retain=True)
        async with life(configured("5")) as here:
            await live(here)
            await here.opened.journal.wait(here.house.intake.seq)
    (occupied,) = facts(tmp_path, SeatOccupied)
    assert isinstance(occupied, SeatOccupied)
    assert (occupied.seat, occupied.age_known) == ("desks/A-1", False)


async def test_a_wrong_password_is_told_in_words(
    configured: Callable[[str], Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCWALL_TEST_PASSWORD", "a-wrong-one")
    async with life(configured("5")) as here:
        await here.until(lambda: here.house.supervisors[0].health.condition == "refused")
        error = here.house.supervisors[0].health.error
        assert error is not None
        assert 'does not let in the user "wall"' in error
        assert "check username and password" in error
        assert "a-wrong-one" not in error


async def test_a_broker_that_is_killed_is_known_at_once_and_found_again(
    broker: Mosquitto, configured: Callable[[str], Config], tmp_path: Path
) -> None:
    async with life(configured("5")) as here:
        await live(here)
        await broker.kill()
        await live(here, "down")
        await broker.start()
        await live(here)
        async with publisher(broker) as client:
            await client.publish("desk/A-1/button", "help", qos=1)
        await here.until(lambda: facts(tmp_path, DevicePressed))
    assert [each.reason for each in facts(tmp_path, SourceDown) if isinstance(each, SourceDown)][:1] == [
        "eof"
    ]


def test_every_mistake_of_a_map_is_told_with_its_path(tmp_path: Path) -> None:
    file = tmp_path / "ccwall.toml"
    file.write_text(
        """
[[source]]
name = "desks"
type = "mqtt"
url = "mqtt://broker"
preset = "zigbee2mqt"
cloudevents = ["a/#/b"]
[[source.map]]
topic = "desk/+seat"
fact = "seat"
[[source.map]]
topic = "desk/seat"
fact = "seat"
[[source.map]]
topic = "desk/+/seat"
fact = "chair"
pointer = "here"
[[source.map]]
topic = "desk/+/phone"
fact = "phone"
values = { up = "talking" }
[[source.map]]
topic = "desk/+/seat"
fact = "seat"
key = "{2}"
[[source.map]]
topic = "desk/+/seat"
fact = "seat"
pointre = "/here"
""",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        load(file)
    told = dict(caught.value.mistakes)
    assert told == {
        "source[1].preset": 'must be one of zigbee2mqtt, not "zigbee2mqt"; did you mean "zigbee2mqtt"?',
        "source[1].map[1].topic": 'has a "+" that is not a whole level: "desk/+/presence"',
        "source[1].map[2].key": 'is missing; the topic has no "+" that could be it',
        "source[1].map[3].fact": told["source[1].map[3].fact"],
        "source[1].map[4].values": told["source[1].map[4].values"],
        "source[1].map[5].key": "{2} must be {1} to {1}, the wildcards of the topic, or {/pointer}",
        "source[1].map[6].pointre": 'is not a key I know; did you mean "pointer"?',
    }
    assert told["source[1].map[3].fact"].startswith("must be one of seat, seat.sensor, ")
    assert "up must mean one of unknown, idle" in told["source[1].map[4].values"]


def test_a_broker_that_hangs_is_stale_within_ten_seconds() -> None:
    """By the promise of its numbers: a ping when nothing came for `keepalive`, the end when it is not answered for as long."""
    assert 2 * (MqttDial(client="x").keepalive + LOOK_EVERY) <= 10.0


@pytest.mark.parametrize(
    ("page", "section"), [("adapters/mqtt.md", "## In ccwall"), ("outlets.md", "## MQTT")]
)
def test_the_examples_in_the_documentation_have_no_mistake(page: str, section: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8").partition(section)[2]
    example = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]
    example = re.sub(r"tls_ca = .*\n", "", example)  # a file that is nobody's but the reader's
    config = read(tomllib.loads(example), page, observe=True)
    assert len(config.sources) + len(config.outlets) == 1


def test_every_key_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[3] / "docs" / "adapters" / "mqtt.md").read_text(encoding="utf-8")
    keys = [*MqttSettings.__struct_fields__, *Map.__struct_fields__, *get_args(What)]
    assert [key for key in keys if f"`{key}`" not in text and f"`.{key.partition('.')[2]}`" not in text] == []
    text = (
        (Path(__file__).parents[3] / "docs" / "outlets.md")
        .read_text(encoding="utf-8")
        .partition("## MQTT")[2]
    )
    assert [key for key in BY_TYPE["mqtt"].settings.__struct_fields__ if f"`{key}`" not in text] == []
