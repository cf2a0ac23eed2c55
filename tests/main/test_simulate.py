"""`ccwall simulate` as a process: something to log into, keys and an API that break it, and what it refuses."""

import asyncio
import re
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import httpx
import pytest

from tests.main.processes import command
from tests.simulators.terminal import terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
LISTENS = re.compile(r"listens at tcp://127\.0\.0\.1:\d+")
CONTROL = re.compile(r"http://127\.0\.0\.1:\d+(?=/practice)")
AS_PROCESS = "from ccwall.cli import main; main()"
ANY = ("simulate", "asterisk", "--port", "0")


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def hears(self, what: bytes) -> bytes:
        return await self.reader.readuntil(what)

    async def log_in(self, username: str = "ccwall", secret: str = "practice") -> bytes:
        await self.hears(b"Asterisk Call Manager/")
        self.writer.write(
            f"Action: Login\r\nActionID: 1\r\nUsername: {username}\r\nSecret: {secret}\r\n\r\n".encode()
        )
        return await self.hears(b"\r\n\r\n")

    async def end(self) -> str:
        try:
            while await self.reader.read(65536):
                pass
        except ConnectionResetError:
            return "reset"
        return "eof"


@asynccontextmanager
async def connected(said: str) -> AsyncIterator[Client]:
    port = re.findall(r"\d+", said)[-1]
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


async def test_one_can_log_in_and_hear_the_floor() -> None:
    async with command(*ANY, "--speed", "20") as switch, connected(await switch.says(LISTENS)) as client:
        assert b"Response: Success" in await client.log_in()
        await client.hears(b"Event: Queue")
        assert await switch.stop() == 0
    assert "Traceback" not in switch.said


FREESWITCH = ("simulate", "freeswitch", "--port", "0")


async def test_there_is_a_freeswitch_too() -> None:
    async with (
        command(*FREESWITCH, "--speed", "20") as switch,
        connected(await switch.says(LISTENS)) as client,
    ):
        await client.hears(b"auth/request\n\n")
        client.writer.write(b"auth practice\n\nevent json CHANNEL_CREATE CUSTOM callcenter::info\n\n")
        await client.hears(b"+OK accepted\n\n")
        await client.hears(b'"CC-Action":"member-queue-start"')
        assert await switch.stop() == 0
    assert "Traceback" not in switch.said


async def test_the_freeswitch_says_goodbye_and_comes_back() -> None:
    async with command(*FREESWITCH, "--control", "0") as switch:
        said = await switch.says(LISTENS)
        async with httpx.AsyncClient(base_url=await switch.says(CONTROL)) as api:
            async with connected(said) as client:
                client.writer.write(b"auth practice\n\n")
                await client.hears(b"+OK accepted\n\n")
                told = await api.post("/api/practice/faults", json={"name": "restart", "seconds": 1})
                assert told.json()["up"] is False
                await client.hears(b"The system is being shut down.\n")
                assert await client.end() == "eof"
            while not (await api.get("/api/practice")).json()["up"]:  # noqa: ASYNC110  # it rings no bell
                await asyncio.sleep(0.05)
            truth = (await api.get("/api/practice/truth")).json()
            assert all(visit["queue"].endswith("@default") for visit in truth["visits"])
            assert truth["visits"]
        assert await switch.stop() == 0


async def test_a_csta_switch_answers_and_says_how_a_ccwall_reads_it() -> None:
    async with command("simulate", "csta", "--port", "0", "--scenario", "witness") as switch:
        said = await switch.says(LISTENS)
        await switch.says(r'groups = \{ "6001" = "witness" \}\n')
        source = tomllib.loads(switch.said[switch.said.index("[[source]]") :])
        assert said.endswith(source["source"][0]["url"])
        async with connected(said) as client:
            body = b'<RequestSystemStatus xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4"/>'
            client.writer.write(b"\0\0" + (len(body) + 8).to_bytes(2, "big") + b"0001" + body)
            assert b"RequestSystemStatusResponse" in await client.hears(b"Response>")
        assert await switch.stop() == 0


async def test_phones_can_be_asked_for_and_break_by_the_api() -> None:
    async with command("simulate", "sip", "--port", "0", "--control", "0") as phones:
        port = int((await phones.says(r"listens at udp://127\.0\.0\.1:\d+")).rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        headers = "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1", "From: <sip:a@b>;tag=1", "To: <sip:1001@b>"
        more = "Call-ID: 1", "CSeq: 1 OPTIONS", "Max-Forwards: 70", "Content-Length: 0"
        writer.write("\r\n".join(("OPTIONS sip:1001@b SIP/2.0", *headers, *more, "", "")).encode())
        assert (await reader.readline()).startswith(b"SIP/2.0 200")
        async with httpx.AsyncClient(base_url=await phones.says(CONTROL)) as api:
            told = (await api.post("/api/practice/faults", json={"name": "kill", "seconds": 600})).json()
            assert (told["up"], told["scenario"]) == (False, "demo")
            assert await Client(reader, writer).end() in {"eof", "reset"}
            while not (await api.post("/api/practice/faults", json={"name": "heal"})).json()["up"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        writer.transport.abort()
        assert await phones.stop() == 0


async def test_the_desks_of_a_floor_are_on_a_broker_that_comes_back() -> None:
    async with command("simulate", "mqtt", "--port", "0", "--control", "0") as desks:
        port = int(re.findall(r"\d+", await desks.says(r"3\.1\.1 is at port \d+"))[-1])
        async with httpx.AsyncClient(base_url=await desks.says(CONTROL)) as api:
            await seat_on(port)
            told = (await api.post("/api/practice/faults", json={"name": "kill", "seconds": 600})).json()
            assert told["up"] is False
            await gone_from(port)
            while not (await api.post("/api/practice/faults", json={"name": "heal"})).json()["up"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await seat_on(port)
            answer = await api.post("/api/practice/faults", json={"name": "walk_away"})
            assert answer.status_code in {200, 422}, "somebody, or nobody is ready"
        assert await desks.stop() == 0


async def seat_on(port: int) -> None:
    """Somebody who comes is told of a seat."""
    while True:
        try:
            async with aiomqtt.Client("127.0.0.1", port) as client:
                await client.subscribe("zigbee2mqtt/A1")
                message = await anext(aiter(client.messages))
                assert b"occupancy" in bytes(message.payload)
                return
        except aiomqtt.MqttError:
            await asyncio.sleep(0.1)


async def gone_from(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return
        writer.close()
        await asyncio.sleep(0.05)


SAYS: dict[tuple[str, ...], bytes] = {
    ("headset", "--words"): b"DOCKED\r\n",
    ("whozz",): b" I S ",
    ("smdr", "--format", "avaya-ipo"): b",",
}


@pytest.mark.parametrize("options", SAYS, ids=" ".join)
async def test_a_device_on_a_line_is_named_by_its_link_and_says_what_its_floor_does(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    link = tmp_path / "line"
    async with command("simulate", *options, "--link", str(link), "--speed", "100") as line:
        await line.says(f"is at serial://{link} ")
        assert SAYS[options] in await asyncio.to_thread(first_words, link, SAYS[options])
        assert await line.stop() == 0
    assert not link.is_symlink()


def first_words(link: Path, until: bytes) -> bytes:
    said = b""
    with link.open("rb", buffering=0) as near:
        while until not in said or not said.endswith(b"\n"):
            said += near.read(100) or b""
    return said


async def test_a_modem_answers_on_its_line(tmp_path: Path) -> None:
    link = tmp_path / "modem"

    def asked() -> bytes:
        said = b""
        with link.open("r+b", buffering=0) as near:
            near.write(b"ATE0\r")
            while b"OK" not in said:
                said += near.read(100) or b""
        return said

    async with command("simulate", "modem", "--link", str(link)) as line:
        await line.says("is at serial://")
        assert b"OK" in await asyncio.to_thread(asked)
        assert await line.stop() == 0


async def test_in_a_terminal_a_device_is_unplugged_and_plugged_in_by_key(tmp_path: Path) -> None:
    link = tmp_path / "headset"
    async with terminal(AS_PROCESS, ("simulate", "headset", "--link", str(link))) as one:
        await one.shows("s wrong-speed · w walk-away · d dock-ready · 0 heal · q quit")
        one.press("u")
        await one.shows("unplug: headset, for 20 s")
        assert not link.is_symlink()
        one.press("u")
        await one.shows("not done: there is none left")
        one.press("p")
        await one.shows("\r\nplug\r\n")
        assert link.is_symlink()
        one.press("q")
        assert await one.ended() == 0


async def test_a_wrong_secret_is_refused() -> None:
    async with (
        command(*ANY, "--secret", "hunter2") as switch,
        connected(await switch.says(LISTENS)) as client,
    ):
        assert b"Response: Error" in await client.log_in(secret="practice")
    assert "hunter2" not in switch.said


async def test_the_api_kills_it_and_it_comes_back() -> None:
    async with command(*ANY, "--control", "0") as switch:
        said = await switch.says(LISTENS)
        async with httpx.AsyncClient(base_url=await switch.says(CONTROL)) as api:
            async with connected(said) as client:
                await client.log_in()
                answer = await api.post("/api/practice/faults", json={"name": "kill", "seconds": 1})
                assert answer.json()["up"] is False
                assert await client.end() == "reset"
            with pytest.raises(ConnectionRefusedError):
                async with connected(said):
                    pass
            while not (await api.get("/api/practice")).json()["up"]:  # noqa: ASYNC110  # it rings no bell
                await asyncio.sleep(0.05)
            async with connected(said) as client:
                assert b"Response: Success" in await client.log_in()
            truth = (await api.get("/api/practice/truth")).json()
            assert truth["visits"]
            assert truth["queues"]
        assert await switch.stop() == 0


async def test_in_a_terminal_keys_break_it() -> None:
    async with terminal(AS_PROCESS, ANY) as one:
        await one.shows("0 heal")
        said = LISTENS.search(one.shown)
        assert said is not None
        async with connected(said[0]) as client:
            await client.log_in()
            one.press("x")
            assert await client.end() == "reset"
        one.press("h")
        await one.shows("half-open for 20 s")
        async with connected(said[0]) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await client.reader.read(1)
            one.press("0")
            assert await client.end() == "reset"
        one.press("q")
        assert await one.ended() == 0
        assert one.is_as_usual


async def test_without_a_terminal_it_speaks_of_no_keys() -> None:
    async with command(*ANY) as switch:
        await switch.says(LISTENS)
        await switch.stop()
    assert "0 heal" not in switch.said


REFUSED: dict[tuple[str, ...], tuple[int, str]] = {
    ("--scenario", "mnday_peak"): (2, "did you mean"),
    ("--scenario", "absent.toml"): (2, "No such file"),
    ("--host", "0.0.0.0"): (2, "--secret: is missing"),
    ("--host", "192.0.2.1", "--secret", "x"): (1, "cannot listen on 192.0.2.1"),
    ("--speed", "0"): (2, "--speed"),
    ("--speed", "1000"): (2, "--speed"),
}


@pytest.mark.parametrize("options", REFUSED, ids=" ".join)
async def test_what_cannot_be_done_is_one_message(options: tuple[str, ...]) -> None:
    code, says = REFUSED[options]
    async with command(*ANY, *options) as switch:
        assert switch.child.stderr is not None
        said = (await switch.child.stderr.read()).decode()
        assert await switch.child.wait() == code
    assert says in said
    assert "Traceback" not in said


OTHERS: dict[tuple[str, ...], str] = {
    ("smdr", "--link", __file__): "no symbolic link",
    ("mqtt", "--broker", "localhost"): "write HOST:PORT",
}


@pytest.mark.parametrize("options", OTHERS, ids=lambda options: options[0] + options[1])
async def test_what_cannot_be_simulated_is_one_message(options: tuple[str, ...]) -> None:
    async with command("simulate", *options) as thing:
        await thing.says(OTHERS[options])
        assert await thing.child.wait() == 2
    assert "Traceback" not in thing.said


async def test_a_taken_port_is_told() -> None:
    async with command(*ANY) as one:
        port = re.findall(r"\d+", await one.says(LISTENS))[-1]
        async with command("simulate", "asterisk", "--port", port) as other:
            await other.says(rf"cannot listen on 127\.0\.0\.1:{port}")
            assert await other.child.wait() == 1
