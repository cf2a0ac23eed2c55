"""Sources that come to ccwall's own web, as they do: `ccwall serve` as a process, requests on a socket, a kill in between."""

import asyncio
import base64
import hashlib
import hmac
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.integration.test_served_wall import free_port
from tests.main.processes import Running, command

TOKEN = "w" * 40
CONFIG = """
[web]
port = {web}
token = {{ env = "WALL_TOKEN" }}

[[source]]
name = "bus"
type = "cloudevents-http"
token = {{ env = "BUS_TOKEN" }}

[[source]]
name = "tw"
type = "twilio-taskrouter"
token = {{ env = "TWILIO_TOKEN" }}
public_url = "https://wall.example/api/v1/events/tw"
"""
SECRETS = {"WALL_TOKEN": TOKEN, "BUS_TOKEN": "s3cret", "TWILIO_TOKEN": "12345"}
STRUCTURED = {"content-type": "application/cloudevents+json", "authorization": "Bearer s3cret"}


class Wall:
    def __init__(self, port: int, file: Path) -> None:
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20)
        self.port, self.file = port, file

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Running]:
        async with command("serve", "-c", str(self.file), patience=60.0, **SECRETS) as running:
            await running.says(r"the wall is at .*\n")
            yield running

    async def tell(self, number: int) -> int:
        """A caller queues; the status, 0 when the server was not there."""
        event = {
            "specversion": "1.0",
            "id": str(number),
            "source": "/dialler",
            "type": "com.ccwall.contact.queued",
            "data": {"contact": f"c{number}", "queue": "consult"},
        }
        try:
            return (await self.client.post("/api/v1/events/bus", json=event, headers=STRUCTURED)).status_code
        except httpx.TransportError:
            return 0

    async def offered(self) -> object:
        board = (await self.client.get("/api/v1/board", headers={"authorization": f"Bearer {TOKEN}"})).json()
        return board["queues"].get("bus/consult", {}).get("offered")


@pytest.fixture
async def wall(tmp_path: Path) -> AsyncIterator[Wall]:
    port, file = free_port(), tmp_path / "ccwall.toml"
    file.write_text(CONFIG.format(web=port))
    wall = Wall(port, file)
    yield wall
    await wall.client.aclose()


@pytest.mark.slow
async def test_what_was_answered_with_2xx_survives_a_kill_and_what_was_not_is_taken_when_sent_again(
    wall: Wall,
) -> None:
    said: dict[int, int] = {}

    async def one(number: int) -> None:
        said[number] = await wall.tell(number)

    async with wall.served() as running:
        telling = [asyncio.create_task(one(number)) for number in range(120)]
        while sum(status == 202 for status in said.values()) < 20:
            await asyncio.sleep(0.001)
        running.child.send_signal(signal.SIGKILL)
        await running.child.wait()
        await asyncio.gather(*telling)
    recorded = {number for number, status in said.items() if status == 202}
    assert len(recorded) >= 20
    assert set(said.values()) <= {202, 0}
    async with wall.served():
        offered = await wall.offered()
        assert isinstance(offered, int)
        assert offered >= len(recorded), "what was answered with 202 is in the journal"
        statuses = [await wall.tell(number) for number in range(120)]
        assert set(statuses) == {202}
        assert await wall.offered() == 120, "nothing lost, nothing twice"


@pytest.mark.slow
async def test_who_may_tell_and_how_it_is_refused(wall: Wall) -> None:
    async with wall.served():
        post = wall.client.post
        wrong = await post(
            "/api/v1/events/bus", json={}, headers={**STRUCTURED, "authorization": "Bearer no"}
        )
        assert (wrong.status_code, wrong.headers["content-type"]) == (401, "application/problem+json")
        assert "secret" in wrong.json()["detail"]
        assert (await post("/api/v1/events/other", json={}, headers=STRUCTURED)).status_code == 404
        two = await post("/api/v1/events", json={}, headers=STRUCTURED)
        assert (two.status_code, "Say which source" in two.json()["detail"]) == (404, True)
        large = await post("/api/v1/events/bus", content=b"x" * 1_100_000, headers=STRUCTURED)
        assert large.status_code == 413
        unsigned = await post("/api/v1/events/tw", data={"EventType": "task.created", "Sid": "EV1"})
        assert unsigned.status_code == 403
        fields = {
            "EventType": "task-queue.entered",
            "Sid": "EV1",
            "TaskSid": "WT1",
            "TaskQueueName": "consult",
        }
        text = "https://wall.example/api/v1/events/tw" + "".join(key + fields[key] for key in sorted(fields))
        signature = base64.b64encode(hmac.digest(b"12345", text.encode(), hashlib.sha1)).decode()
        signed = await post("/api/v1/events/tw", data=fields, headers={"x-twilio-signature": signature})
        assert signed.status_code == 204
        asked = await wall.client.options(
            "/api/v1/events/bus", headers={"webhook-request-origin": "sender.example"}
        )
        assert (asked.status_code, asked.headers["webhook-allowed-origin"]) == (200, "sender.example")
        for _ in range(20):
            last = await post(
                "/api/v1/events/bus", json={}, headers={**STRUCTURED, "authorization": "Bearer no"}
            )
        assert last.status_code == 429, "whoever guesses is slowed down"
