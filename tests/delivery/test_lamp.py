"""Lamps and sirens, on a real broker."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec
import pytest

from ccwall.delivery import BY_TYPE, Failed, Ok, Retry, Severity, lamp
from tests.delivery.making import channel, note
from tests.transport.mosquitto import Mosquitto


@asynccontextmanager
async def listening(broker: Mosquitto, *topics: str) -> AsyncIterator["asyncio.Queue[aiomqtt.Message]"]:
    heard: asyncio.Queue[aiomqtt.Message] = asyncio.Queue()
    async with aiomqtt.Client("127.0.0.1", broker.port) as client:
        for topic in topics:
            await client.subscribe(topic, qos=1)

        async def listen() -> None:
            async for message in client.messages:
                heard.put_nowait(message)

        task = asyncio.create_task(listen())
        try:
            async with asyncio.timeout(20):
                yield heard
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_each_note_is_a_message_on_the_topic_of_its_severity(tmp_path: Path, version: str) -> None:
    async with Mosquitto(tmp_path) as broker, listening(broker, "ccwall/#") as heard:
        notes = [note("1", "critical"), note("2", "warn")]
        assert isinstance(await channel("mqtt", url=broker.url, version=version).send(notes), Ok)
        messages = [await heard.get() for _ in notes]
    assert [str(each.topic) for each in messages] == ["ccwall/alerts/critical", "ccwall/alerts/warn"]
    assert json.loads(bytes(messages[0].payload))["key"] == "1"
    assert not any(each.retain for each in messages)


async def test_a_siren_is_spoken_to_in_its_own_words_whatever_a_queue_is_called(tmp_path: Path) -> None:
    template = '{"siren": true, "say": "{scope}: {title}"}'
    async with Mosquitto(tmp_path) as broker, listening(broker, "#") as heard:
        made = channel("mqtt", url=broker.url, topic="hall/siren", messages={"critical": template})
        await made.send([note(severity="critical", scope='a"}, "siren": false, "x": {"{title}')])
        message = await heard.get()
    assert str(message.topic) == "hall/siren"
    told = json.loads(bytes(message.payload))
    assert told == {"siren": True, "say": 'a"}, "siren": false, "x": {"{title}: 最久等待过长'}


async def test_a_lamp_that_comes_late_shows_the_worst_that_stands(tmp_path: Path) -> None:
    states = {"critical": '{"state":"ON","color":"red"}', "clear": '{"state":"OFF"}'}
    async with Mosquitto(tmp_path) as broker:
        made = channel("mqtt", url=broker.url, state_topic="hall/lamp/set", states=states)
        shown: list[tuple[Severity | None, str]] = [("critical", states["critical"]), (None, states["clear"])]
        for worst, payload in shown:
            assert isinstance(await made.stand(worst), Ok)
            async with listening(broker, "hall/lamp/set") as heard:
                message = await heard.get()
            assert bytes(message.payload).decode() == payload
            assert message.retain
        await made.stand("warn")
        async with listening(broker, "hall/lamp/set") as heard:
            assert json.loads(bytes((await heard.get()).payload)) == {"severity": "warn"}


async def test_a_broker_that_does_not_let_us_in_is_told_and_not_asked_again(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, users={"wall": "right"}) as broker:
        found = await channel("mqtt", url=broker.url, username="wall", password="wrong").send([note()])
        assert isinstance(found, Failed)
        assert "username and password" in found.why
        right = channel("mqtt", url=broker.url, username="wall", password="right")
        assert isinstance(await right.send([note()]), Ok)


async def test_a_broker_that_is_away_or_frozen_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lamp, "SEND_WITHIN", 0.3)
    async with Mosquitto(tmp_path) as broker:
        made = channel("mqtt", url=broker.url)
        broker.freeze()
        assert isinstance(await made.send([note()]), Retry)
        broker.thaw()
    assert isinstance(await made.send([note()]), Retry)


async def test_somebody_who_is_no_broker_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lamp, "SEND_WITHIN", 0.3)

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, family=socket.AF_INET)
    port = server.sockets[0].getsockname()[1]
    try:
        assert isinstance(await channel("mqtt", url=f"mqtt://127.0.0.1:{port}").send([note()]), Retry)
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": "http://x"}, "url"),
        ({"topic": "a/#"}, "topic"),
        ({"state_topic": "/a"}, "state_topic"),
        ({"states": {"red": "x"}}, "red is none of"),
        ({"messages": {"clear": "x"}}, "clear is none of"),
        ({"password": "x"}, "username"),
    ],
)
def test_settings_that_are_wrong_are_named(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=says):
        msgspec.convert({"url": "mqtt://broker", **wrong}, BY_TYPE["mqtt"].settings)
