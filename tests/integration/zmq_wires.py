"""A publisher, and an agent's PC, on real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import zmq
import zmq.asyncio

from ccwall.clock import SystemClock
from ccwall.edge import Edge
from ccwall.edge import load as load_edge
from ccwall_simulators.serial import HeadsetOnPty
from tests.adapters.zeromq.publisher import Publisher
from tests.edge.floor import NAME, PC, SERVER, free_port
from tests.integration.wire import NOW, Wire, people, says, total, working
from tests.integration.world import Gauges, Tree


class Stream:
    """A publisher on a real socket: beats every second, and says every two what stands."""

    def __init__(self) -> None:
        self.port, self.waiting, self._lives = free_port(), 0, 0
        self._context = zmq.asyncio.Context()
        self._socket: Any = None
        self._publisher = Publisher()

    async def opens(self) -> None:
        """With a life that counts anew."""
        self._lives += 1
        self._publisher = Publisher(epoch=f"life {self._lives}")
        self._socket = self._context.socket(zmq.PUB)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.bind(f"tcp://127.0.0.1:{self.port}")
        self.waiting += 1

    async def dies(self) -> None:
        self._socket.close()
        self._socket = None

    async def run(self) -> None:
        while True:
            await self._say("heartbeat", every=1.0, resync_every=2.0)
            await self._say("resync_started")
            for number in range(self.waiting):
                about = {"contact": f"c{self._lives}.{number}", "queue": "consult", "at": NOW()}
                await self._say("contact.queued", stands=True, **about)
            await self._say("resync_finished")
            await asyncio.sleep(2.0)

    async def _say(self, kind: str, **said: object) -> None:
        if self._socket is not None:
            body = msgspec.json.encode(self._publisher.body(kind, **said))
            await self._socket.send_multipart([b"facts", body])

    def end(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._context.term()


@asynccontextmanager
async def zeromq(_folder: Path) -> AsyncIterator[Wire]:
    stream = Stream()
    await stream.opens()

    def told(board: Tree) -> Gauges:
        return {"waiting": total(board, "waiting")}

    source = {"type": "zeromq", "url": f"zmq://127.0.0.1:{stream.port}"}
    try:
        async with working(stream.run()):
            yield Wire(source, told, lambda: {"waiting": stream.waiting}, stream.dies, stream.opens)
    finally:
        stream.end()


# ── agents' PCs ──


@asynccontextmanager
async def edge(folder: Path) -> AsyncIterator[Wire]:
    """A PC with a headset; it is switched off and on again, and its spool stays."""
    port = free_port()
    headset = HeadsetOnPty(folder / "headset")
    headset.undock()
    (folder / "pc.secret").write_text(PC[1])
    file = folder / "edge.toml"
    file.write_text(
        f'[edge]\nname = "{NAME}"\nserver = "zmq://127.0.0.1:{port}"\nserver_key = "{SERVER[0]}"\n'
        f'secret = {{ file = "{folder / "pc.secret"}" }}\n'
        f'[[source]]\nname = "h"\ntype = "serial-headset"\nurl = "serial://{headset.path}"\nkey = "h1"\n'
    )
    (folder / "server.secret").write_text(SERVER[1])
    running: list[tuple[Edge, list[asyncio.Task[None]]]] = []

    async def returns() -> None:
        found = Edge(load_edge(file), SystemClock())
        running.append((found, [asyncio.create_task(work, name=name) for name, work in found.jobs()]))

    async def ends() -> None:
        found, tasks = running.pop()
        for task in reversed(tasks):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await found.close()

    async def dies() -> None:
        await ends()
        while headset._open:  # or it never learns that somebody else opens the line, and says nothing to them
            await asyncio.sleep(0.01)
        headset.dock() if not headset.headset.docked else headset.undock()

    def told(board: Tree) -> Gauges:
        return {"says": says(board, NAME, "desk")}

    source = {
        "type": "edge",
        "url": f"zmq://127.0.0.1:{port}",
        "secret": {"file": str(folder / "server.secret")},
        "edges": {NAME: PC[0]},
    }
    await returns()
    try:
        async with working(headset.run()):
            true = {True: "docked", False: "undocked"}
            yield Wire(
                source,
                told,
                lambda: {"says": true[headset.headset.docked]},
                dies,
                returns,
                people(NAME),
                marks=False,
            )
    finally:
        if running:
            await ends()
