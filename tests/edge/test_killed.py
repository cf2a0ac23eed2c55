"""Edge and server are killed again and again, and the network is cut: nothing that was spooled is lost, and nothing doubled.

The real `ccwall edge` and the real `ccwall serve`, the real disk, SQLite alone as the witness. Every fact has its number
for ever, so the journal must have each number up to the last that was ever given once, with the fact that bore it.
"""

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import msgspec
import pytest

from tests.edge.floor import Box, box, edge_file, free_port, in_spool, proxy, server_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork")

ROUNDS = int(os.environ.get("CCWALL_EDGE_KILLS", "12"))
SEED = 20261122
EVERY = 0.004
"""Seconds between two presses of the button."""


class Processes:
    """Children that can be started and killed."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path) -> None:
        self._process, self._errors = process, errors
        self.gone: set[int] = set()
        self._pids: asyncio.Queue[int] = asyncio.Queue()

    async def start(self, line: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        async with asyncio.timeout(60):
            return await self._pids.get()

    async def kill(self, pid: int, number: signal.Signals = signal.SIGKILL) -> None:
        os.kill(pid, number)
        async with asyncio.timeout(30):
            while pid not in self.gone:  # noqa: ASYNC110
                await asyncio.sleep(0.002)

    async def watch(self) -> None:
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode().strip():
            word, _, pid = line.rpartition(" ")
            if word == "gone":
                self.gone.add(int(pid))
            else:
                self._pids.put_nowait(int(pid))


@asynccontextmanager
async def processes(folder: Path) -> AsyncIterator[Processes]:
    errors = folder / "errors"
    with errors.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.edge.zygote"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=out,
            env={**os.environ, "CCWALL_TEST_TOKEN": "a display's token"},
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
    found = Processes(process, errors)
    watching = asyncio.create_task(found.watch())
    try:
        yield found
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def journal(folder: Path) -> tuple[list[int], list[str]]:
    """Of the server's journal: the numbers taken in, and the buttons that were pressed."""
    file = folder / "journal" / "journal.sqlite"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
        took = db.execute("SELECT body FROM event WHERE type = 'source.took' ORDER BY seq").fetchall()
        pressed = db.execute("SELECT body FROM event WHERE type = 'device.pressed' ORDER BY seq").fetchall()
    marks = [msgspec.json.decode(body)["mark"] for (body,) in took]
    return [int(mark.rpartition(":")[2]) for mark in marks], [
        msgspec.json.decode(body)["button"] for (body,) in pressed
    ]


async def press(device: Box) -> None:
    while True:
        device.press()
        await asyncio.sleep(EVERY)


async def drained(folder: Path, last: int) -> None:
    """Return when the server has everything up to there."""
    async with asyncio.timeout(60):
        while last not in set(journal(folder)[0][-5000:]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_kills_and_cuts_lose_and_double_nothing(tmp_path: Path) -> None:
    dice, port = random.Random(SEED), free_port()
    spooled: set[int] = set()
    async with box() as device, proxy(port) as network, processes(tmp_path) as found:
        serve = f"serve {server_file(tmp_path, port, free_port())}"
        edge = f"edge {edge_file(tmp_path, network.port, device.port)}"
        server, pc = await found.start(serve), await found.start(edge)
        pressing = asyncio.create_task(press(device))
        for turn in range(ROUNDS):
            await asyncio.sleep(dice.uniform(0.05, 0.9))
            what = ("edge", "server", "both", "network")[turn % 4]
            if what == "network":
                network.cut()
            if what in {"server", "both"}:
                await found.kill(server)
            if what in {"edge", "both"}:
                await found.kill(pc)
                last, waiting = in_spool(tmp_path)
                spooled |= set(waiting)
                assert waiting == list(range(waiting[0], last + 1)) if waiting else True
                pc = await found.start(edge)
            if what in {"server", "both"}:
                server = await found.start(serve)
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)
        await asyncio.sleep(0.5)
        await found.kill(pc, signal.SIGTERM)
        last, _ = in_spool(tmp_path)
        pc = await found.start(edge)
        await drained(tmp_path, last)
        await found.kill(pc, signal.SIGTERM)
        await found.kill(server, signal.SIGTERM)
    numbers, pressed = journal(tmp_path)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= last
    assert spooled <= set(numbers)
    assert len(pressed) == len(set(pressed)), "a press was doubled"
    assert pressed == sorted(pressed, key=int)
    assert len(pressed) > 20 * ROUNDS
