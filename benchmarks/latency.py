"""From an event on the PBX's socket to its frame on the screens' sockets: three processes, as in a house.

`ccwall serve` is one process, 50 screens another (5 of them never read), the PBX is here.
"""

import asyncio
import json
import os
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from time import monotonic

import msgspec

from benchmarks.pbx import AGENTS, QUEUES, Pbx, day
from benchmarks.timing import percentile, table

READING, STALLED = 45, 5
GOALS = {200.0: 0.020, 2000.0: 0.050}
"""Events a second, and the p99 that is promised at that rate, in seconds."""
GONE_WITHIN = 30.0
FLAT = 10 * 1024 * 1024
"""Bytes by which the server's memory may grow from the first measurement to the end of the last."""
TOKEN = "benchmark-" * 4
CONFIG = """
[web]
port = {web}
token = {{ env = "WALL_TOKEN" }}

[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{pbx}"
username = "ccwall"
secret = {{ env = "WALL_TOKEN" }}
"""


class Rate(msgspec.Struct):
    """One row."""

    asked: float
    said: float
    late: list[float]
    cpu: float
    memory: int


def run(seconds: int) -> bool:
    """Print the figures; True when the goals are met."""
    with tempfile.TemporaryDirectory() as folder:
        rows, gone, idle = asyncio.run(_measure(Path(folder), float(seconds)))
    print(
        f"floor: {QUEUES} queues, {AGENTS} agents; {READING} screens that read, {STALLED} that never do; {seconds} s at each rate\n"
    )
    table(
        ["events/s", "said", "frames", "p50 ms", "p99 ms", "goal ms", "server's CPU %", "memory MB"],
        [
            [
                f"{row.asked:,.0f}",
                f"{row.said:,.0f}",
                f"{len(row.late):,}",
                f"{percentile(row.late, 0.5) * 1e3:.1f}",
                f"{percentile(row.late, 0.99) * 1e3:.1f}",
                f"{GOALS[row.asked] * 1e3:.0f}",
                f"{row.cpu * 100:.0f}",
                f"{row.memory / 1e6:.1f}",
            ]
            for row in rows
        ],
    )
    print(
        f"  memory before the screens came: {idle / 1e6:.1f} MB; stalled screens closed within {gone:.0f} s\n"
    )
    quick = all(percentile(row.late, 0.99) <= GOALS[row.asked] for row in rows)
    return quick and gone <= GONE_WITHIN and rows[-1].memory - rows[0].memory <= FLAT


async def _measure(folder: Path, seconds: float) -> tuple[list[Rate], float, int]:
    pbx, web = Pbx(), _free_port()
    await pbx.start()
    file = folder / "ccwall.toml"
    file.write_text(CONFIG.format(web=web, pbx=pbx.port))
    server = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("ccwall"), "serve", "-c", file),
        cwd=folder,
        env=os.environ | {"WALL_TOKEN": TOKEN},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _until_live(web)
        idle = _memory(server)
        began = monotonic()
        screens = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.screens", str(web), TOKEN, str(READING), str(STALLED)),
            stdin=PIPE,
            stdout=PIPE,
            limit=1 << 28,
        )
        assert screens.stdout is not None
        await screens.stdout.readline()
        closing = asyncio.create_task(_until_gone(web, began))
        rows = await _rates(pbx, server, screens, seconds)
        gone = await closing
        await screens.communicate(b"")  # which ends it
        return rows, gone, idle
    finally:
        server.terminate()
        await server.wait()
        await pbx.stop()


async def _rates(pbx: Pbx, server: Process, screens: Process, seconds: float) -> list[Rate]:
    rows, messages = [], day()
    await pbx.talk(200.0, 2.0, messages)  # as every other measurement here: one round is not counted
    await _told(screens)
    for asked in GOALS:
        before, begin = _cpu(server), monotonic()
        said = await pbx.talk(asked, seconds, messages)
        took = monotonic() - begin
        await asyncio.sleep(0.3)
        cpu = (_cpu(server) - before) / (monotonic() - begin)
        rows.append(
            Rate(asked=asked, said=said / took, late=await _told(screens), cpu=cpu, memory=_memory(server))
        )
    return rows


async def _told(screens: Process) -> list[float]:
    assert screens.stdin is not None
    assert screens.stdout is not None
    screens.stdin.write(b"\n")
    return msgspec.json.decode(await screens.stdout.readline(), type=list[float])


async def _until_live(port: int) -> None:
    while True:
        told = await _healthz(port)
        sources = told.get("sources")
        if isinstance(sources, dict) and sources.get("pbx1", {}).get("state") == "live":
            return
        await asyncio.sleep(0.1)


async def _until_gone(port: int, began: float) -> float:
    """Seconds until the server has none of the stalled screens any more, by the sockets of the system."""
    while _connections(port) > READING:  # noqa: ASYNC110  # another process's sockets ring no bell
        await asyncio.sleep(0.25)
    return monotonic() - began


def _connections(port: int) -> int:
    """Established connections whose near end is the server's."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    fields = [line.split() for line in lines]
    return sum(near.endswith(f":{port:04X}") and state == "01" for _, near, _, state, *_ in fields)


async def _healthz(port: int) -> dict[str, object]:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        told: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2] or b"{}")
    except OSError:
        return {}
    return told


def _memory(server: Process) -> int:
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _cpu(server: Process) -> float:
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
