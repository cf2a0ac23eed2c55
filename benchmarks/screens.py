"""`python -m benchmarks.screens PORT TOKEN READING STALLED`: a process of screens.

Those that read acknowledge each pulse, as a wall does, and note how old each probe is when its frame is there. The stalled ones join
and never read. A line on stdin ends a measurement: its latencies in seconds go to stdout, one JSON array a line.
"""

import asyncio
import base64
import json
import os
import re
import socket
import sys
from time import monotonic

from websockets.asyncio.client import ClientConnection, connect

PROBE = re.compile(rb'"t=([0-9.]+)"')
PULSE = re.compile(rb'^\{"type":"pulse".*"seq":(\d+)')


class Screens:
    """All of one process."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self.late: list[float] = []
        self.joined = 0

    async def read(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"ws://127.0.0.1:{self._port}/api/v1/live"
        async with connect(
            url, additional_headers=headers, compression=None, max_size=None, ping_interval=None
        ) as wall:
            await wall.recv(decode=False)
            self.joined += 1
            while True:
                await self._show(wall, await wall.recv(decode=False))

    async def _show(self, wall: ClientConnection, frame: bytes) -> None:
        now = monotonic()
        if pulse := PULSE.match(frame):
            await wall.send(f'{{"type":"ack","seq":{int(pulse[1])}}}')
        elif frame.startswith(b'{"type":"patch"'):
            self.late += [now - float(said) for said in PROBE.findall(frame)]

    def stall(self) -> socket.socket:
        stalled = socket.socket()
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect(("127.0.0.1", self._port))
        asked = (
            f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
        )
        stalled.sendall(asked.encode())
        return stalled


async def main(port: int, token: str, reading: int, stalled: int) -> None:
    screens = Screens(port, token)
    tasks = [asyncio.create_task(screens.read(), name=f"screen {n}") for n in range(reading)]
    dead = [screens.stall() for _ in range(stalled)]
    while screens.joined < reading:
        _fail_with(tasks)
        await asyncio.sleep(0.02)
    print("ready", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        told, screens.late = screens.late, []
        print(json.dumps(told), flush=True)
        _fail_with(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for one in dead:
        one.close()


def _fail_with(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done():
            task.result()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
