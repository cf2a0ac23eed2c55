"""The commands that run for ever, as processes: they begin quickly, do their work, and stop when told."""

import asyncio
import json
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from ccwall.main.running import FIRST_PORT
from ccwall.transcript import read
from tests.main.processes import URL, command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


async def until(client: httpx.AsyncClient, path: str, true: Callable[[dict[str, object]], object]) -> object:
    """Ask until the answer says so."""
    while True:
        answer = await client.get(path)
        if answer.status_code == 200 and (found := true(answer.json())):
            return found


def offered(board: dict[str, object]) -> object:
    floor = board["floor"]
    return floor.get("offered") if isinstance(floor, dict) else None


@pytest.mark.parametrize("options", [(), ("--transcript", "shipped")], ids=["simulated", "recorded"])
async def test_the_demo_shows_moving_numbers_and_stops_when_told(options: tuple[str, ...]) -> None:
    async with command("demo", "--no-browser", "--speed", "20", *options) as demo:
        async with httpx.AsyncClient(base_url=await demo.says(URL)) as client:
            first = await until(client, "/api/v1/board", offered)
            await until(client, "/api/v1/board", lambda board: offered(board) != first)
        assert await demo.stop() == 0
    assert "Traceback" not in demo.said


async def test_a_demo_of_recordings_has_nothing_to_break() -> None:
    async with command("demo", "--no-browser", "--transcript", "shipped") as demo:
        async with httpx.AsyncClient(base_url=await demo.says(URL)) as client:
            assert (await client.get("/api/practice")).status_code == 404
        assert await demo.stop() == 0
    assert "practice" not in demo.said


async def taken(port: int) -> socket.socket:
    """Holds it; waits for whom else has it, such as the demonstration of another test."""
    while True:
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
        await asyncio.sleep(0.1)


async def test_a_demo_takes_the_next_port_where_the_usual_one_is_taken() -> None:
    async with asyncio.timeout(60):
        usual = await taken(FIRST_PORT)
    with usual:
        async with command("demo", "--no-browser") as demo:
            assert await demo.says(URL) != f"http://127.0.0.1:{FIRST_PORT}/"
            assert f"{FIRST_PORT} is taken" in demo.said
            assert await demo.stop(signal.SIGTERM) == 0


async def test_a_port_that_was_asked_for_is_not_exchanged() -> None:
    async with command("demo", "--no-browser") as one:
        port = re.findall(r"\d+", await one.says(URL))[-1]
        async with command("demo", "--no-browser", "--port", port) as other:
            await other.says(f"cannot listen on 127.0.0.1:{port}")
            assert await other.child.wait() == 1


async def test_a_replay_shows_the_wall_and_then_says_what_it_came_to(tmp_path: Path) -> None:
    recording = next(Path(__file__).parents[1].glob("captures/asterisk/a-midshift/ami.wire.ndjson.gz"))
    out = tmp_path / "visits"
    async with command(
        "replay", str(recording), "--serve", "--speed", "max", "--contacts", str(out)
    ) as replay:
        async with httpx.AsyncClient(base_url=await replay.says(URL)) as client:
            await replay.says("is over")
            assert await until(client, "/api/v1/board", offered)
        assert await replay.stop() == 0
    assert len(out.read_text().splitlines()) == 64


async def test_a_replay_at_full_speed_can_be_stopped(tmp_path: Path) -> None:
    long = tmp_path / "long"
    long.write_bytes(
        b'{"wire":1,"protocol":"asterisk-ami"}\n'
        + b'{"t":1,"conn":0,"ev":"connect"}\n{"t":1,"conn":0,"ev":"eof"}\n' * 500_000
    )
    async with command("replay", str(long), "--serve", "--speed", "max") as replay:
        await replay.says(URL)
        assert await replay.stop() == 0
    assert "is over" not in replay.said


async def test_the_demo_does_not_show_the_silence_of_a_foreign_recording(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_bytes(
        b'{"wire":1,"protocol":"asterisk-ami"}\n{"t":1,"rx":"HTTP/1.1 400 Bad Request\\r\\n\\r\\n"}\n'
    )
    async with command("demo", "--no-browser", "--transcript", str(foreign)) as demo:
        await demo.says("not what the header promises")
        assert await demo.child.wait() == 2


class Switch:
    """As much of a switch as it takes to be logged into."""

    def __init__(self) -> None:
        self.url = ""
        self.logged_in = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                key = re.search(rb"ActionID: [^\r]*\r\n", asked)
                challenge = b"Challenge: 123456789\r\n" if b"Challenge" in asked else b""
                writer.write(b"Response: Success\r\n" + (key[0] if key else b"") + challenge + b"\r\n")
                if b"Action: Login" in asked:
                    self.logged_in.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@pytest.fixture
async def switch() -> AsyncIterator[Switch]:
    switch = Switch()
    async with await asyncio.start_server(switch.serve, "127.0.0.1", 0) as server:
        switch.url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield switch


async def test_a_live_source_is_recorded_without_its_secret(switch: Switch, tmp_path: Path) -> None:
    out = tmp_path / "new.wire.ndjson.gz"
    options = ("--url", switch.url, "--type", "asterisk-ami", "--user", "wall", "--secret-env", "AMI_SECRET")
    async with command("record", *options, "-o", str(out), AMI_SECRET="hunter2") as recording:
        await recording.says("Recording")
        await switch.logged_in.wait()
        assert await recording.stop() == 0
    with read(out) as transcript:
        records = list(transcript)
    assert transcript.header.protocol == "asterisk-ami"
    assert (records[0].event, records[-1].event) == ("connect", "client-close")
    assert b"Asterisk Call Manager" in b"".join(each.body for each in records if each.kind == "rx")
    sent = b"".join(each.body for each in records if each.kind == "tx")
    assert b"Login" in sent
    assert b"hunter2" not in sent
    assert re.search(rb"(?:Key|Secret): \*+\r\n", sent)


async def test_a_wall_of_a_live_source_wants_its_token_and_stops_when_told(
    switch: Switch, tmp_path: Path
) -> None:
    file = tmp_path / "ccwall.toml"
    async with command("demo", "--no-browser") as demo:  # only to learn of a port that is free
        port = int(re.findall(r"\d+", await demo.says(URL))[-1])
        await demo.stop()
    file.write_text(
        f'[web]\nport = {port}\ntoken = {{ env = "WALL_TOKEN" }}\n[[source]]\nname = "pbx1"\n'
        f'type = "asterisk-ami"\nurl = "{switch.url}"\nusername = "wall"\nsecret = {{ env = "AMI_SECRET" }}\n'
    )
    token = "0123456789abcdef"
    async with command("serve", "-c", str(file), WALL_TOKEN=token, AMI_SECRET="hunter2") as wall:
        await wall.says("the wall is at")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await until(client, "/healthz", lambda health: health)
            assert (await client.get("/api/v1/board")).status_code == 401
            client.headers["authorization"] = f"Bearer {token}"
            sources = await until(client, "/api/v1/board", lambda board: board["sources"])
            assert list(json.loads(json.dumps(sources))) == ["pbx1"]
        assert await wall.stop(signal.SIGTERM) == 0
    assert token not in wall.said
    assert "hunter2" not in wall.said
