"""ZeroMQ sockets as links: each message comes as a parcel, and each parcel written is a message.

Heads of what comes: `topic` of a published message; `id` and `user` (the name of the key, when there are keys) of who
sent to a router; `receipt`, see below; and of the link itself `{"link": "joined" | "left" | "refused" | "foreign"}`: of these four the last two
are a far end that does not take our keys, and one that does not speak as ZeroMQ does.

Receipts: who sends to a router may put a frame before the body, any text. When all facts of the messages up to one are
in the journal, the router sends that frame back alone: what it was on, and all before it, may be forgotten.

The library's own thread reads and writes; here nothing waits for it but `read`. Its file descriptor tells of a change
once, so after each wake, and after each message sent, it is asked until it has nothing more.
"""

import asyncio
import ipaddress
import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import zmq

from ccwall.adapter import Dial
from ccwall.transport.address import Address
from ccwall.wire.parcel import MOST_BODY, Parcels, pack
from ccwall.wire.zmq_dial import ZmqDial, key_list

READ_AT_MOST = 256 * 1024
MOST_FRAMES = 4
"""Of one message; further ones are thrown away as they come."""
LONGEST_RECEIPT = 200
MOST_KEPT = 65_536
"""Messages whose receipts are owed; of more, the oldest are answered by a later one's."""
BEAT, DEAD = 3000, 6000
"""Milliseconds between ZMTP's own heartbeats, and without an answer until the connection is closed."""
HANDSHAKE = 8000
LINGER = 200
"""Milliseconds in which what was written last may still leave when the link is closed."""

_ZAP = "inproc://zeromq.zap.01"
_TYPES = {"sub": zmq.SUB, "pull": zmq.PULL, "router": zmq.ROUTER, "dealer": zmq.DEALER, "pub": zmq.PUB}
_FAILED = {
    int(zmq.Event.HANDSHAKE_FAILED_AUTH): "refused",
    int(zmq.Event.HANDSHAKE_FAILED_PROTOCOL): "foreign",
}
"""What is certain. Who hangs up in the middle of a greeting may not know our keys, or is a cable that was pulled out."""
_WATCHED = (
    zmq.Event.HANDSHAKE_SUCCEEDED
    | zmq.Event.HANDSHAKE_FAILED_AUTH
    | zmq.Event.HANDSHAKE_FAILED_PROTOCOL
    | zmq.Event.HANDSHAKE_FAILED_NO_DETAIL
    | zmq.Event.DISCONNECTED
    | zmq.Event.CLOSED
)
_HUNG_UP = (
    "the far end hung up in the middle of the greeting. If this goes on: check that server_key is its public key, that both ends have keys or "
    "neither has, and that it is a port of ZeroMQ"
)


class Watched:
    """A socket, and somebody who is called whenever it may have something."""

    def __init__(self, socket: "zmq.Socket[bytes]", wake: Callable[[], None]) -> None:
        self.socket, self.closed = socket, False
        self._loop, self._fd = asyncio.get_running_loop(), int(socket.getsockopt(zmq.FD))
        self._loop.add_reader(self._fd, wake)
        self._loop.call_soon(wake)  # nothing wakes who has never looked

    def take(self) -> list[bytes] | None:
        """The next message; None when there is none."""
        if self.closed:
            return None
        try:
            frames = [self.socket.recv(zmq.NOBLOCK)]
        except zmq.Again:
            return None
        while self.socket.getsockopt(zmq.RCVMORE):
            frame = self.socket.recv()
            if len(frames) < MOST_FRAMES:
                frames.append(frame)
        return frames

    def close(self, linger: int = 0) -> None:
        self.closed = True
        self._loop.remove_reader(self._fd)
        self.socket.close(linger)


class Gate:
    """Who may come in, by ZAP (ZeroMQ RFC 27): the name of a key that is allowed becomes the user of its messages."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", dial: ZmqDial) -> None:
        self._dial = dial
        socket = context.socket(zmq.REP)
        socket.bind(_ZAP)
        self._asked = Watched(socket, self._answer)

    def close(self) -> None:
        self._asked.close()

    def _answer(self) -> None:
        while (frames := self._all()) is not None:
            name = ""
            if len(frames) == 7 and frames[5] == b"CURVE" and len(frames[6]) == 32:
                name = self._allowed().get(_z85(frames[6]), "")
            status = (b"200", b"OK") if name else (b"400", b"this key is not allowed here")
            request = frames[1] if len(frames) > 1 else b""
            self._asked.socket.send_multipart([b"1.0", request, *status, name.encode(), b""])

    def _all(self) -> list[bytes] | None:
        if self._asked.closed:
            return None
        try:
            return self._asked.socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None

    def _allowed(self) -> dict[str, str]:
        """Names by key. A list that cannot be read lets in nobody it alone would name."""
        found = {key: name for name, key in self._dial.allowed.items()}
        if self._dial.allowed_file:
            with suppress(OSError, ValueError):
                found = {**key_list(Path(self._dial.allowed_file).read_text(encoding="utf-8")), **found}
        return found


class ZmqLink:
    """See the module."""

    def __init__(self, to: Address, dial: ZmqDial) -> None:
        self._dial = dial
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._gate: Gate | None = None
        try:
            self._gate = Gate(self._context, dial) if dial.secret and dial.bind else None
            socket = set_up(self._context, dial.pattern, dial)
        except BaseException:  # a key that is none, or no more files
            if self._gate is not None:
                self._gate.close()
            self._context.destroy(0)
            raise
        self._ready = asyncio.Event()
        self._main = Watched(socket, self._woken)
        monitor = socket.get_monitor_socket(_WATCHED)
        self._monitor = Watched(monitor, self._look)
        self._news: deque[bytes] = deque()
        self._joined = self._over = False
        self._parcels = Parcels()
        self.given = 0
        """bytes that `read` ever gave"""
        self._to = to

    async def begin(self) -> None:
        """Listen; or return when the far end has let us in, or has not. ConnectionError when it hung up before."""
        if self._dial.bind:
            bind(self._main.socket, self._to)
            return
        self._main.socket.connect(end_point(self._to))
        while not self._news:
            self._ready.clear()
            self._look()
            if not self._news:
                await self._ready.wait()
        if self._over and not self._joined and b'"code"' not in self._news[0]:
            raise ConnectionResetError(_HUNG_UP)

    async def read(self) -> bytes:
        await asyncio.sleep(0)
        while True:
            if data := self._drain():
                self.given += len(data)
                return data
            if self._over:
                return b""
            self._ready.clear()
            if not int(self._main.socket.getsockopt(zmq.EVENTS)) & zmq.POLLIN and not self._news:
                await self._ready.wait()

    def write(self, data: bytes) -> None:
        for parcel in self._parcels.feed(data):
            receipt = str(parcel.head.get("receipt", "")).encode()
            frames = [receipt, parcel.body] if receipt else [parcel.body]
            if self._dial.pattern == "router":
                frames.insert(0, bytes.fromhex(str(parcel.head.get("id", ""))))
            self._send(frames)

    async def close(self) -> None:
        for each in (self._monitor, self._gate):
            if each is not None:
                each.close()
        self._main.close(LINGER)
        await ended(self._context)

    def _send(self, frames: list[bytes]) -> None:
        try:
            self._main.socket.send_multipart(frames, zmq.NOBLOCK)
        except zmq.Again:
            if self._dial.pattern != "router":
                raise TimeoutError("the far end does not read what we write") from None
        except zmq.ZMQError as error:
            raise OSError(error.errno, str(error)) from None
        self._ready.set()  # to send eats the wake of what came

    def _woken(self) -> None:
        """What woke us is taken at once, or it would wake us for ever while nobody reads."""
        if not self._main.closed:
            self._main.socket.getsockopt(zmq.EVENTS)
            self._ready.set()

    def _drain(self) -> bytes:
        """What came, up to about `READ_AT_MOST`: news of the link first, so that who joined is known before what it says."""
        self._look()
        pieces = list(self._news)
        size = sum(map(len, pieces))
        self._news.clear()
        while size < READ_AT_MOST and (piece := self._one(self.given + size)) is not None:
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces)

    def _one(self, _begin: int) -> bytes | None:
        """The next message as a parcel, of which the first byte is the `_begin`th that `read` gives; None when there is none."""
        while (frames := self._main.take()) is not None:
            body = frames[-1]
            if len(body) > MOST_BODY or len(frames[0]) > READ_AT_MOST:
                continue
            if self._dial.pattern == "dealer":
                return pack({"receipt": _text(frames[0])} if len(frames) > 1 else {}, body)
            return pack({"topic": _text(frames[0])} if len(frames) > 1 else {}, body)
        return None

    def _look(self) -> None:
        """What the library has to tell of the connections."""
        while (frames := self._monitor.take()) is not None:
            kind, code = struct.unpack("=Hi", frames[0])
            if kind == zmq.Event.HANDSHAKE_SUCCEEDED:
                self._joined = True
                self._note({"link": "joined"})
            elif kind in _FAILED:
                self._note({"link": _FAILED[kind], "code": code})
                self._over = self._over or not self._dial.bind
            elif self._joined or not self._dial.bind:
                self._note({"link": "left"})
                self._over = self._over or not self._dial.bind

    def _note(self, head: dict[str, object]) -> None:
        self._ready.set()
        if len(self._news) < MOST_KEPT:
            self._news.append(pack(head))


class KeptLink(ZmqLink):
    """A router whose senders keep what they sent until it is safe (`ccwall.transport.Keeping`)."""

    def __init__(self, to: Address, dial: ZmqDial) -> None:
        super().__init__(to, dial)
        self._owed: deque[tuple[int, bytes, bytes]] = deque(maxlen=MOST_KEPT)

    def taken(self, upto: int) -> None:
        last: dict[bytes, bytes] = {}
        while self._owed and self._owed[0][0] <= upto:
            _, sender, receipt = self._owed.popleft()
            last[sender] = receipt
        for sender, receipt in last.items():
            self._send([sender, receipt, b""])

    def _one(self, begin: int) -> bytes | None:
        while True:
            try:
                frames = self._main.socket.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return None
            sender, body = frames[0].bytes, frames[-1].bytes
            if not 2 <= len(frames) <= MOST_FRAMES or len(body) > MOST_BODY:
                continue
            head: dict[str, object] = {"id": sender.hex()}
            with suppress(zmq.ZMQError):
                head["user"] = str(frames[-1].get("User-Id"))
            receipt = frames[1].bytes if len(frames) > 2 else b""
            if 0 < len(receipt) <= LONGEST_RECEIPT:
                head["receipt"] = _text(receipt)
            parcel = pack(head, body)
            if "receipt" in head:
                self._owed.append((begin + len(parcel), sender, receipt))
            return parcel


async def opened(to: Address, dial: Dial | None) -> ZmqLink:
    """Listening, or let in: a far end that does not let us in is told by the first parcel."""
    told = dial if isinstance(dial, ZmqDial) else ZmqDial()
    guard(to, told)
    if not told.bind:
        _reader, probe = await asyncio.open_connection(
            to.host, to.port
        )  # the library never says why it cannot
        probe.close()
    link = KeptLink(to, told) if told.pattern == "router" else ZmqLink(to, told)
    try:
        await link.begin()
    except BaseException:
        await link.close()
        raise
    return link


async def ended(context: "zmq.Context[zmq.Socket[bytes]]") -> None:
    """When its threads are gone. Its sockets are closed, so that takes `LINGER` at most; also who is cancelled waits for it: on a busy pool
    it would never be asked to end."""
    ending = asyncio.ensure_future(asyncio.to_thread(context.term))
    try:
        await asyncio.shield(ending)
    finally:
        await asyncio.wait([ending])


def guard(to: Address, dial: ZmqDial) -> None:
    """Without keys anybody who reaches the port may listen, or speak."""
    if not dial.secret and not dial.insecure and not loopback(to.host):
        raise OSError(
            f"{to.host} is more than this machine, and there are no keys, so anybody could listen and speak: give secret and "
            "server_key (or the list of who may come), or say insecure = true"
        )


def set_up(context: "zmq.Context[zmq.Socket[bytes]]", pattern: str, dial: ZmqDial) -> "zmq.Socket[bytes]":
    """A socket with all its limits and keys, neither bound nor connected."""
    socket = context.socket(_TYPES[pattern])
    for option, value in (
        (zmq.LINGER, 0),
        (zmq.IPV6, 1),
        (zmq.MAXMSGSIZE, MOST_BODY),
        (zmq.RCVHWM, dial.high_water),
        (zmq.SNDHWM, dial.high_water),
        (zmq.HEARTBEAT_IVL, BEAT),
        (zmq.HEARTBEAT_TIMEOUT, DEAD),
        (zmq.HANDSHAKE_IVL, HANDSHAKE),
        (zmq.TCP_KEEPALIVE, 1),
        (zmq.RECONNECT_IVL, -1),  # to come back is the supervisor's business
    ):
        socket.setsockopt(option, value)
    if pattern == "sub":
        for topic in dial.topics or ("",):
            socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
    if dial.secret:
        secret = dial.secret.encode()
        socket.setsockopt(zmq.CURVE_SECRETKEY, secret)
        if dial.bind:
            socket.setsockopt(zmq.CURVE_SERVER, 1)
        else:
            socket.setsockopt(zmq.CURVE_PUBLICKEY, zmq.curve_public(secret))
            socket.setsockopt(zmq.CURVE_SERVERKEY, dial.server_key.encode())
    return socket


def bind(socket: "zmq.Socket[bytes]", to: Address) -> None:
    """Listen; OSError with the system's number when it cannot be."""
    try:
        socket.bind(end_point(to))
    except zmq.ZMQError as error:
        raise OSError(error.errno, str(error)) from None


def end_point(to: Address) -> str:
    host = "127.0.0.1" if to.host == "localhost" else to.host
    return f"tcp://[{host}]:{to.port}" if ":" in host else f"tcp://{host}:{to.port}"


def loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _z85(key: bytes) -> str:
    from zmq.utils import z85

    return z85.encode(key).decode()


def _text(frame: bytes) -> str:
    return frame[:1024].decode("utf-8", "replace")
