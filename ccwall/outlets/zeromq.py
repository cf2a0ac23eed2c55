"""Facts and board over ZeroMQ PUB, numbered, so that who loses any knows it, and is told again.

Two topics, each numbered for itself: `ccwall.facts` has every fact as it is taken in; `ccwall.board` the whole board from
time to time, and in between what changed. docs/outlets.md has the messages, docs/adapters/zeromq.md what a reader does.
"""

import asyncio
from collections import deque
from secrets import token_hex
from typing import cast

import msgspec
import structlog
import zmq

from ccwall import __version__
from ccwall.engine.patch import Changes, compare
from ccwall.events import AnyEvent, SourceTook
from ccwall.mirror import Mirror
from ccwall.outlets.contract import Callers, Feed, Outlet, OutletType
from ccwall.outlets.going import Going
from ccwall.outlets.masked import masked
from ccwall.outlets.standing import Standing
from ccwall.together import together
from ccwall.transport import Address
from ccwall.transport.zmq import Gate, bind, end_point, ended, guard, set_up
from ccwall.wire.zmq_dial import ZmqDial, keys_trouble

HEARTBEAT = 3.0
AGAIN_FOR = 60.0
"""Seconds for which a fact is said again in every resync: a reader that was away for less misses nothing."""
MOST_AGAIN, MOST_AGAIN_BYTES = 5_000, 4 * 1024 * 1024
IN_ONE_GO = 500
"""Facts said again until others have their turn."""
PAUSE = 5.0
"""Seconds until a port that cannot be had is tried again."""
_NOT_TOLD = ("config.", "recording.", "command.")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"15s"` in TOML). `publisher` names us in every message; the outlet's name unless said."""

    publisher: str = ""
    bind: bool = True
    secret: str | None = None
    server_key: str = ""
    allowed: dict[str, str] = {}
    allowed_file: str = ""
    insecure: bool = False
    topic: str = "ccwall."
    callers: Callers = "masked"
    facts: bool = True
    board: bool = True
    resync_every: float = 15.0
    board_every: float = 1.0
    snapshot_every: float = 10.0
    high_water: int = 20_000

    def __post_init__(self) -> None:
        if trouble := keys_trouble(
            bind=self.bind,
            secret=self.secret,
            server_key=self.server_key,
            allowed=self.allowed,
            allowed_file=self.allowed_file,
        ):
            raise ValueError(trouble)
        if min(self.resync_every, self.board_every, self.snapshot_every) < 0.1:
            raise ValueError("resync_every, board_every and snapshot_every must be at least 0.1 s")
        if not 100 <= self.high_water <= 1_000_000:
            raise ValueError("high_water must be from 100 to 1000000 messages")


class Channel:
    """One topic: its messages numbered, those of the last minute at hand."""

    def __init__(self, topic: str, publisher: str, epoch: str) -> None:
        self.topic = topic.encode()
        self.n = 0
        self._cover = msgspec.json.encode({"publisher": publisher, "epoch": epoch})[:-1]
        self._again: deque[tuple[float, int, bytes]] = deque()
        self._size = 0

    def said(self, rest: bytes, more: bytes = b"") -> list[bytes]:
        """The next message: `rest` and `more` are what stands in it beside the cover, without the braces."""
        self.n += 1
        return [self.topic, b'%b,"n":%d,%b%b}' % (self._cover, self.n, more, rest)]

    def keep(self, rest: bytes, real: float) -> None:
        """What was said last is to be said again for a while."""
        self._again.append((real, self.n, rest))
        self._size += len(rest)
        while (
            self._again[0][0] < real - AGAIN_FOR
            or len(self._again) > MOST_AGAIN
            or self._size > MOST_AGAIN_BYTES
        ):
            self._size -= len(self._again.popleft()[2])

    def again(self) -> list[tuple[int, bytes]]:
        return [(n, rest) for _, n, rest in self._again]


class ZeromqOutlet(Going):
    """See the module; the contract is `ccwall.outlets.Outlet`."""

    def __init__(self, name: str, to: Address, settings: msgspec.Struct, feed: Feed) -> None:
        super().__init__(feed)
        self._to, self._settings = to, cast(Settings, settings)
        publisher, epoch = self._settings.publisher or name, token_hex(4)
        self._facts = Channel(f"{self._settings.topic}facts", publisher, epoch)
        self._board = Channel(f"{self._settings.topic}board", publisher, epoch)
        self._standing = Standing()
        self._mirror = Mirror()
        self._seq = 0
        self._encode = msgspec.json.Encoder().encode
        self._socket: zmq.Socket[bytes] | None = None
        self._dropped = 0
        self._log = structlog.get_logger("ccwall.outlets").bind(outlet=name)

    async def run(self) -> None:
        while True:
            try:
                await self._publish()
            except OSError as error:
                self._turn("down", str(error))
                self._log.warning("down", error=str(error))
            await self._sleep(PAUSE)

    async def _publish(self) -> None:
        """Until something ends it."""
        told = self._settings
        dial = ZmqDial(
            bind=told.bind,
            secret=told.secret or "",
            server_key=told.server_key,
            allowed=told.allowed,
            allowed_file=told.allowed_file,
            insecure=told.insecure,
            high_water=told.high_water,
        )
        guard(self._to, dial)
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        gate = Gate(context, dial) if told.secret and told.bind else None
        self._socket = set_up(context, "pub", dial)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 500)
        try:
            if told.bind:
                bind(self._socket, self._to)
            else:
                self._socket.connect(end_point(self._to))
            self._turn("live", "")
            await self._talk()
        finally:
            self._socket.close(200)
            if gate is not None:
                gate.close()
            await ended(context)

    async def _talk(self) -> None:
        parts = {"facts": self._tell_facts(), "heartbeat": self._beat()}
        if self._settings.facts:
            parts["resync"] = self._resync()
        if self._settings.board:
            parts["board"] = self._tell_board()
        await together("outlet zeromq", parts)

    # ── facts ──

    async def _tell_facts(self) -> None:
        """What was dropped because we were not quick enough has had its number, so that who listens misses it."""
        while True:
            envelope = await self._feed.next()
            if (dropped := self._feed.dropped) != self._dropped:
                self._facts.n += dropped - self._dropped
                self._dropped = dropped
            event = envelope.event
            if isinstance(event, SourceTook) or str(event.__struct_config__.tag).startswith(_NOT_TOLD):
                continue
            event = masked(event, self._settings.callers)
            self._standing.heard(envelope.source, event)
            if self._settings.facts:
                rest = self._written(envelope.source, event)
                self._send(self._facts.said(rest))
                self._facts.keep(rest, self._real())

    def _written(self, source: str, event: AnyEvent) -> bytes:
        return b'"source":%b,%b' % (self._encode(source), self._encode(event)[1:-1])

    async def _resync(self) -> None:
        """What was said lately again, each with its number of then; then in one breath what stands."""
        while True:
            await self._sleep(self._settings.resync_every)
            for place, (number, rest) in enumerate(self._facts.again(), 1):
                self._send(self._facts.said(rest, b'"was":%d,' % number))
                if place % IN_ONE_GO == 0:
                    await asyncio.sleep(0)
            self._send(self._facts.said(self._at("resync_started")))
            for source, event in self._standing.facts():
                self._send(self._facts.said(self._written(source, event), b'"stands":true,'))
            self._send(self._facts.said(self._at("resync_finished")))

    async def _beat(self) -> None:
        while True:
            if self._settings.facts:
                every = b',"every":%g,"resync_every":%g' % (HEARTBEAT, self._settings.resync_every)
                product = b',"product":"ccwall %b"' % __version__.encode()
                self._send(self._facts.said(self._at("heartbeat") + every + product))
            if self._settings.board:
                self._send(self._board.said(self._at("board.heartbeat") + b',"every":%g' % HEARTBEAT))
            await self._sleep(HEARTBEAT)

    # ── the board ──

    async def _tell_board(self) -> None:
        """Patches as the screens have them; the whole now and then, for who comes late."""
        whole = self._real()
        while True:
            if (due := self._real() >= whole) or self._settings.board_every:
                changes = Changes(set=[], delete=[])
                compare((), self._mirror.root, self._feed.board(), changes)
                self._mirror.apply(changes)
                if changes.set or changes.delete:
                    self._seq += 1
                    patch = {
                        "base": self._seq - 1,
                        "seq": self._seq,
                        "set": changes.set,
                        "del": changes.delete,
                    }
                    self._send_board("board.patch", patch)
                if due:
                    self._send_board("board.snapshot", {"seq": self._seq, "board": self._mirror.root})
                    whole = self._real() + self._settings.snapshot_every
            await self._sleep(self._settings.board_every)

    def _send_board(self, kind: str, said: dict[str, object]) -> None:
        self._send(self._board.said(self._at(kind) + b"," + self._encode(said)[1:-1]))

    # ── the socket ──

    def _at(self, kind: str) -> bytes:
        return b'"type":"%b","at":%b' % (kind.encode(), self._encode(self._clock.now()))

    def _send(self, frames: list[bytes]) -> None:
        """Never waits: what a slow reader cannot take, it loses, and sees by the numbers."""
        assert self._socket is not None
        try:
            self._socket.send_multipart(frames, zmq.NOBLOCK)
        except zmq.Again:
            return
        except zmq.ZMQError as error:
            raise OSError(error.errno, str(error)) from None
        self._sent += 1


def _made(name: str, to: Address, settings: msgspec.Struct, feed: Feed) -> Outlet:
    return ZeromqOutlet(name, to, settings, feed)


OUTLET = OutletType(name="zeromq", port=5560, schemes=("zmq",), settings=Settings, outlet=_made)
