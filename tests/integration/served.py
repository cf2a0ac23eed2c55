"""A real `ccwall serve` that a test starts and ends over and over; see zygote.py."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import httpx

TOKENS = {"CCWALL_TEST_TOKEN": "a display's token", "CCWALL_TEST_STAFF": "a manager's token"}
WEB = """
[web]
port = {web}
token = {{ env = "CCWALL_TEST_TOKEN" }}
staff_token = {{ env = "CCWALL_TEST_STAFF" }}
"""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """`committed` is the newest fact of which it ever said that it is safe, while `watch` runs."""

    def __init__(self, process: asyncio.subprocess.Process, config: Path, errors: Path, web: int) -> None:
        self._process, self._config, self._errors = process, config, errors
        self._read = 0
        self._child: int | None = None
        self.committed = 0
        self.client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{web}",
            headers={"Authorization": f"Bearer {TOKENS['CCWALL_TEST_STAFF']}"},
        )

    async def start(self) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{self._config}\n".encode())
        self._child = int(await self._line())
        return self._child

    async def end(self, pid: int, number: signal.Signals) -> str:
        """End it so; what it had said."""
        os.kill(pid, number)
        assert await self._line() == "gone"
        self._child = None
        said = self._errors.read_text()[self._read :]
        self._read += len(said)
        return said

    async def _line(self) -> str:
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            line = await self._process.stdout.readline()
        assert line, self._errors.read_text()
        return line.decode().strip()

    async def close(self) -> None:
        """Nothing of it is left, whatever became of the test."""
        await self.client.aclose()
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
        self._process.kill()
        await self._process.communicate()

    async def works(self, after: int) -> None:
        """Return when it has committed more than that; it may take a while beside other work."""
        async with asyncio.timeout(30):
            while self.committed <= after:
                await asyncio.sleep(0.005)

    async def watch(self) -> None:
        """Note what it says is safe, until cancelled."""
        while True:
            with suppress(httpx.TransportError):
                told = (await self.client.get("/api/health")).json()
                self.committed = max(self.committed, told["recording"]["committed"])
            await asyncio.sleep(0.02)


@asynccontextmanager
async def served(folder: Path, configuration: str, secrets: Mapping[str, str]) -> AsyncIterator[Served]:
    """`configuration` is all but `[web]`; what it writes is in `folder`."""
    web = free_port()
    config, errors = folder / "ccwall.toml", folder / "errors"
    config.write_text(WEB.format(web=web) + configuration, encoding="utf-8")
    with errors.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.zygote"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=out,
            env={**os.environ, **TOKENS, **secrets},
            cwd=Path(__file__).parents[2],
        )
    found = Served(process, config, errors, web)
    try:
        yield found
    finally:
        await found.close()
