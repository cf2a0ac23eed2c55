"""A real MQTT broker out of a wheel (iotcore, which is rumqttd): for a demo on one machine, without installing anything.

By default it would listen on every interface, with nobody asked who he is. Here it is only ever given a configuration of
our own: one listener for MQTT 3.1.1 and one for MQTT 5, both on the loopback.
"""

import asyncio
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

LOOPBACK = "127.0.0.1"
READY_WITHIN = 10.0
MOST_PAYLOAD = 64 * 1024

_LISTENER = """
[{version}.1]
name = "{version}"
listen = "{where}"
next_connection_delay_ms = 1

[{version}.1.connections]
connection_timeout_ms = 5000
max_payload_size = {payload}
max_inflight_count = 100
dynamic_filters = true
"""
_ROUTER = """id = 0

[router]
id = 0
max_connections = 200
max_outgoing_packet_count = 200
max_segment_size = 10485760
max_segment_count = 10
"""
_START = (
    "import sys; sys.path[:] = [p for p in sys.path if p not in ('', '.')]; "
    "from iotcore._serve import main; main()"
)
"""As iotcore itself starts its broker; the child ends when its standard input does, so it never outlives us."""


def configuration(port: int, port5: int) -> str:
    """rumqttd's TOML: 3.1.1 on `port`, 5 on `port5`, on the loopback alone."""
    listeners = [
        _LISTENER.format(version=version, where=f"{LOOPBACK}:{each}", payload=MOST_PAYLOAD)
        for version, each in (("v4", port), ("v5", port5))
    ]
    return _ROUTER + "".join(listeners)


class Broker:
    """`async with Broker() as broker`: running, on free ports unless they are given. `port` speaks 3.1.1, `port5` 5.

    Raises OSError when it does not come up within ten seconds.
    """

    def __init__(self, port: int = 0, port5: int = 0) -> None:
        taken = [_free() for _ in range(2)]
        self.port, self.port5 = port or taken[0], port5 or taken[1]
        self._process: asyncio.subprocess.Process | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    async def __aenter__(self) -> "Broker":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ccwall-broker-")
        file = Path(self._folder.name) / "rumqttd.toml"
        file.write_text(configuration(self.port, self.port5), encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _START,
            f'{{"config_path": "{file.as_posix()}"}}',
            stdin=subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(READY_WITHIN):
                for port in (self.port, self.port5):
                    await self._listens(port)
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise OSError(f"the broker did not come up on ports {self.port} and {self.port5}") from None
            raise

    @property
    def is_up(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()
        if self._folder is not None:
            self._folder.cleanup()

    async def _listens(self, port: int) -> None:
        while True:
            if self._process is None or self._process.returncode is not None:
                raise OSError(f"the broker ended at once; port {port} may be taken")
            try:
                _, writer = await asyncio.open_connection(LOOPBACK, port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            return


def _free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
