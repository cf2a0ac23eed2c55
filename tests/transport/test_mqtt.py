"""The MQTT link on real brokers: mosquitto in both versions, and the one that comes in a wheel."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from ccwall.errors import ProtocolError
from ccwall.transport import Keeping, Placed, Unreachable, address, connect
from ccwall.transport.address import Address
from ccwall.transport.mqtt import MqttLink
from ccwall.wire.mqtt_dial import MqttDial, Version, Will
from ccwall.wire.parcel import Parcel, Parcels, pack
from ccwall_simulators.mqtt.broker import Broker, configuration
from tests.transport.mosquitto import CERTIFICATES, Mosquitto
from tests.transport.test_trouble import hangs_up, serving, web

BOTH = pytest.mark.parametrize("version", [4, 5])


class Far:
    """A link, and what came by it."""

    def __init__(self, link: MqttLink) -> None:
        self.link = link
        self.read = 0
        self._parcels = Parcels()
        self._waiting: list[Parcel] = []

    async def one(self) -> dict[str, Any]:
        """The next message, its body among its head."""
        async with asyncio.timeout(30):
            while not self._waiting:
                data = await self.link.read()
                if not data:
                    raise EOFError
                self.read += len(data)
                self._waiting = self._parcels.feed(data)
        parcel = self._waiting.pop(0)
        return {**parcel.head, "body": parcel.body} if "topic" in parcel.head else dict(parcel.head)

    async def some(self, count: int) -> list[dict[str, Any]]:
        return [await self.one() for _ in range(count)]

    async def ready(self) -> bool:
        """When it is subscribed; whether the broker kept the session."""
        connected = await self.one()
        assert connected["link"] == "connected"
        assert await self.one() == {"link": "subscribed", "refused": []}
        return bool(connected["session"])

    def publish(self, topic: str, body: bytes, qos: int = 1, **head: object) -> None:
        self.link.write(pack({"topic": topic, "qos": qos, **head}, body))


def where(url: str, ca: str = "") -> Address:
    found = address(url, 1883, ("mqtt", "mqtts"))
    return Address(scheme=found.scheme, host=found.host, port=found.port, ca=ca)


@asynccontextmanager
async def linked(url: str, client: str, *topics: str, ca: str = "", **dial: Any) -> AsyncIterator[Far]:
    asked = MqttDial(client=client, topics=tuple((topic, 1) for topic in topics), **dial)
    link = await connect(where(url, ca), asked)
    assert isinstance(link, MqttLink)
    try:
        yield Far(link)
    finally:
        await link.close()


def cut(far: Far) -> None:
    """As by a kill: not a word to the broker."""
    far.link._socket.shutdown(socket.SHUT_RDWR)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    async with Mosquitto(tmp_path) as broker:
        yield broker


@BOTH
async def test_messages_go_and_come_with_all_that_is_said_of_them(
    broker: Mosquitto, version: Version
) -> None:
    async with (
        linked(broker.url, "one", "desk/#", version=version) as one,
        linked(broker.url, "two", version=version) as two,
    ):
        assert isinstance(one.link, Keeping)
        assert isinstance(one.link, Placed)
        assert one.link.ends[1].endswith(f":{broker.port}")
        assert not await one.ready()
        await two.ready()
        properties = {"content_type": "text/plain", "user": {"名": "张"}}
        two.publish("desk/张", "坐".encode(), properties=properties)
        two.publish("desk/2", b"", qos=0)
        came = {"topic": "desk/张", "qos": 1, "mid": 1, "body": "坐".encode()}
        assert await one.one() == (came | {"properties": properties} if version == 5 else came)
        assert await one.one() == {"topic": "desk/2", "body": b""}


@BOTH
async def test_what_the_broker_keeps_comes_at_every_subscription(broker: Mosquitto, version: Version) -> None:
    async with linked(broker.url, "two", version=version) as two:
        await two.ready()
        two.publish("desk/1", b"kept", retain=True)
        for kept in (False, True):
            async with linked(broker.url, "one", "desk/#", version=version) as one:
                assert await one.ready() is kept
                came = await one.one()
                assert (came["topic"], came["retain"], came["body"]) == ("desk/1", True, b"kept")
                one.link.taken(one.read)


@BOTH
async def test_only_what_is_safe_is_acknowledged_and_the_rest_comes_again(
    broker: Mosquitto, version: Version
) -> None:
    async with linked(broker.url, "two", version=version) as two:
        await two.ready()
        async with linked(broker.url, "one", "desk/#", version=version) as one:
            await one.ready()
            two.publish("desk/1", b"safe")
            assert (await one.one())["body"] == b"safe"
            safe = one.read
            two.publish("desk/1", b"not safe")
            again = await one.one()
            one.link.taken(safe)
            await asyncio.sleep(0.05)  # for the acknowledgement to leave
            cut(one)
        two.publish("desk/1", b"meanwhile")
        async with linked(broker.url, "one", "desk/#", version=version) as one:
            assert (await one.one())["session"] is True
            assert await one.one() == again | {"dup": True}
            rest = await one.some(2)
            assert b"meanwhile" in [each.get("body") for each in rest]


async def test_a_burst_larger_than_what_may_wait_is_held_up_and_not_lost(broker: Mosquitto) -> None:
    async with linked(broker.url, "two") as two, linked(broker.url, "one", "desk/#") as one:
        await one.ready()
        await two.ready()
        body = b"x" * 60_000
        for number in range(100):
            two.publish(f"desk/{number}", body)
        await asyncio.sleep(0.3)
        assert one.link._held < 5_000_000
        assert [each["topic"] for each in await one.some(100)] == [f"desk/{number}" for number in range(100)]
        one.link.taken(one.read)
        two.publish("desk/last", b"")
        assert (await one.one())["topic"] == "desk/last"


async def test_a_payload_that_is_too_long_is_left_away_and_said(broker: Mosquitto) -> None:
    async with (
        linked(broker.url, "two", version=4) as two,
        linked(broker.url, "one", "desk/#", version=4) as one,
    ):
        await one.ready()
        await two.ready()
        two.publish("desk/1", b"x" * 70_000)
        assert await one.one() == {"topic": "desk/1", "qos": 1, "mid": 1, "too_long": 70_000, "body": b""}


@BOTH
async def test_the_will_is_published_when_it_dies_and_not_when_it_says_goodbye(
    broker: Mosquitto, version: Version
) -> None:
    will = Will(topic="desk/state", payload=b"offline")
    async with linked(broker.url, "one", "desk/#", version=version) as one:
        await one.ready()
        async with linked(broker.url, "two", version=version, will=will) as two:
            await two.ready()
            two.publish("desk/state", b"goodbye")
        assert (await one.one())["body"] == b"goodbye"
        async with linked(broker.url, "two", version=version, will=will) as two:
            await two.ready()
            cut(two)
        assert (await one.one())["body"] == b"offline"


@BOTH
async def test_who_is_not_let_in_is_told(tmp_path: Path, version: Version) -> None:
    async with Mosquitto(tmp_path, users={"wall": "right"}) as broker:
        async with linked(
            broker.url, "one", "desk/#", version=version, username="wall", password="right"
        ) as one:
            await one.ready()
        for username, password in (("wall", "wrong"), ("", "")):
            async with linked(
                broker.url, "one", version=version, username=username, password=password
            ) as one:
                refused = await one.one()
                assert refused["link"] == "refused"
                assert refused["code"] in (134, 135)
                with pytest.raises(EOFError):
                    await one.one()


async def test_tls_with_our_own_authority(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, tls="good.pem") as broker:
        authority = str(CERTIFICATES / "authority.pem")
        async with linked(broker.url, "one", "desk/#", ca=authority) as one:
            await one.ready()
            for number in range(50):  # more than one record holds
                one.publish(f"desk/{number}", b"x" * 5000)
            assert [each["topic"] for each in await one.some(50)] == [
                f"desk/{number}" for number in range(50)
            ]
        with pytest.raises(Unreachable, match="nobody known here signed the certificate"):
            await connect(where(broker.url))


async def test_what_is_no_broker_is_told_in_words(broker: Mosquitto) -> None:
    async with serving(hangs_up) as port, linked(f"mqtt://localhost:{port}", "one") as one:
        with pytest.raises(ProtocolError, match=r"hung up when it was greeted in MQTT 5: .*mqtts://"):
            await one.one()
    async with serving(web) as port, linked(f"mqtt://localhost:{port}", "one") as one:
        with pytest.raises(ProtocolError):
            await one.one()
    with pytest.raises(Unreachable, match="hung up in the middle of the TLS greeting"):
        await connect(where(f"mqtts://localhost:{broker.port}"))


async def test_who_is_pushed_out_by_a_client_of_the_same_id_is_told_of_it() -> None:
    async def pushes_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"\x20\x03\x00\x00\x00" + b"\xe0\x02\x8e\x00")  # CONNACK, DISCONNECT: session taken over
        await reader.read(1000)
        writer.close()

    async with serving(pushes_out) as port, linked(f"mqtt://localhost:{port}", "same") as one:
        await one.ready()
        with pytest.raises(ConnectionResetError, match='our client id "same"'):
            await one.one()


@BOTH
async def test_a_broker_that_is_killed_is_an_end_and_one_that_hangs_is_silent(
    broker: Mosquitto, version: Version
) -> None:
    async with linked(broker.url, "one", "desk/#", version=version, keepalive=1) as one:
        await one.ready()
        broker.freeze()
        with pytest.raises(TimeoutError, match="did not answer for 2 s"):
            await one.link.read()
        with pytest.raises(TimeoutError):
            await one.link.read()
    await broker.kill()
    await broker.start()
    async with linked(broker.url, "one", "desk/#", version=version) as one:
        await one.ready()
        await broker.kill()
        assert await one.link.read() == b""


async def test_a_broker_that_never_greets_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccwall.transport.mqtt.GREETED_WITHIN", 0.1)

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass
        writer.close()

    async with serving(deaf) as port, linked(f"mqtt://localhost:{port}", "one") as one:
        with pytest.raises(TimeoutError, match="no answer to the greeting"):
            await one.link.read()


async def junk(make: Callable[[int], bytes]) -> None:
    async def talks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeted = await reader.read(1000)
        writer.write(make(len(greeted)))
        await asyncio.sleep(0)
        writer.close()

    async with serving(talks) as port, linked(f"mqtt://localhost:{port}", "one", "#", version=4) as one:
        with pytest.raises((EOFError, ProtocolError, OSError)):
            await one.some(100)


async def test_a_hostile_broker_raises_nothing_unforeseen() -> None:
    dice = random.Random(3)
    for _ in range(60):
        await junk(lambda _: b"\x20\x02\x00\x00" * dice.randint(0, 1) + dice.randbytes(dice.randint(1, 200)))


async def test_the_broker_out_of_the_wheel_in_both_versions() -> None:
    versions: list[tuple[Version, Literal["port", "port5"]]] = [(4, "port"), (5, "port5")]
    async with Broker() as broker:
        for version, port in versions:
            url = f"mqtt://127.0.0.1:{getattr(broker, port)}"
            async with linked(url, "two", version=version) as two:
                await two.ready()
                two.publish(f"v{version}/1", b"kept", retain=True)
                await asyncio.sleep(0.05)  # it tells nobody when it has it
                async with linked(url, f"one {version}", f"v{version}/#", version=version) as one:
                    await one.ready()
                    assert (await one.one())["retain"] is True
                    one.link.taken(one.read)
                    two.publish(f"v{version}/2", b"unsafe")
                    assert (await one.one())["body"] == b"unsafe"
                    cut(one)
                async with linked(url, f"one {version}", f"v{version}/#", version=version) as one:
                    came = await one.some(3)
                    assert came[0] == {"link": "connected", "session": True}
                    assert b"unsafe" in [each.get("body") for each in came]


def test_the_broker_out_of_the_wheel_listens_on_the_loopback_alone() -> None:
    written = configuration(1, 2)
    assert [line for line in written.splitlines() if line.startswith("listen")] == [
        'listen = "127.0.0.1:1"',
        'listen = "127.0.0.1:2"',
    ]
