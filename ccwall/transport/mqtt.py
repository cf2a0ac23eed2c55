"""An MQTT broker as a link: each message comes as a parcel, and each parcel written is published.

aiomqtt acknowledges a message before anybody has written it down; so this drives the client beneath it (paho) itself, with
manual acknowledgement: a message of QoS 1 is acknowledged when what came of it is in the journal, and not before. The
session at the broker outlives the connection, and what was not acknowledged comes again.

Heads of what comes: `{"topic", "qos", "retain", "dup", "mid", "properties": {"content_type", "user": {…}}}`, each where it
is not the default; `too_long` (bytes) when the payload was and is left away; and of the link itself
`{"link": "connected", "session": bool}`, `{"link": "subscribed", "refused": [filters]}`,
`{"link": "refused", "code": int, "said": str}`. Heads of what goes: `{"topic", "qos", "retain", "properties"}`.
"""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.exception import MQTTException
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ccwall.adapter import Dial
from ccwall.errors import ProtocolError
from ccwall.transport.address import Address
from ccwall.wire.mqtt_dial import MqttDial
from ccwall.wire.parcel import Parcels, pack

READ_AT_MOST = 256 * 1024
WAITING_AT_MOST = 4 * 1024 * 1024
"""Bytes nobody has read yet, at which we stop reading from the broker: it has a queue of its own."""
UNSENT_AT_MOST = 1000
"""Messages; a broker that lets so many lie is as good as dead."""
LONGEST_TOPIC = 1024
MOST_PROPERTIES = 32
LONGEST_PROPERTY = 1024
LOOK_EVERY = 0.5
GREETED_WITHIN = 9.0
GOODBYE = 1.0

_TAKEN_OVER = 142


class _Client(paho.Client):
    """On a socket that is open already: paho's own way to open one blocks."""

    ready: socket.socket

    def _create_socket(self) -> socket.socket:
        return self.ready


class MqttLink:
    """See the module. Implements `Link`, `Keeping` and `Placed`."""

    def __init__(self, to: Address, connected: socket.socket, dial: MqttDial) -> None:
        self._to, self._socket, self._dial = to, connected, dial
        self._loop = asyncio.get_running_loop()
        self._client = _client(dial)
        self._client.ready = connected
        self.ends = (_end(connected.getsockname()), _end(connected.getpeername()))
        self._fd = connected.fileno()
        self._reading = self._writing = self._greeted = self._refused = False
        self._end: Exception | None = None
        self._over, self._some = asyncio.Event(), asyncio.Event()
        self._waiting: deque[bytes] = deque()
        self._held = 0
        """bytes in `_waiting`"""
        self._came = 0
        """bytes that came so far, read or not"""
        self._owed: deque[tuple[int, int]] = deque()
        """of each message to be acknowledged: where it ends, its packet identifier"""
        self._parcels = Parcels()
        self._unsent = 0
        self._timer: asyncio.TimerHandle | None = None

    # ── Link ──

    async def read(self) -> bytes:
        while not self._waiting:
            if self._end is not None:
                if isinstance(self._end, EOFError):
                    return b""
                raise self._end
            self._some.clear()
            await self._some.wait()
        pieces, size = [self._waiting.popleft()], 0
        while self._waiting and (size := size + len(pieces[-1])) < READ_AT_MOST:
            pieces.append(self._waiting.popleft())
        data = b"".join(pieces)
        self._held -= len(data)
        if self._held <= WAITING_AT_MOST // 2:
            self._listen()
        return data

    def write(self, data: bytes) -> None:
        for parcel in self._parcels.feed(data):
            if self._unsent >= UNSENT_AT_MOST:
                raise TimeoutError("the broker does not take what we publish")
            head = parcel.head
            self._unsent += 1
            self._client.publish(
                str(head.get("topic", "")),
                parcel.body,
                qos=1 if head.get("qos") == 1 else 0,
                retain=head.get("retain") is True,
                properties=_properties(head) if self._dial.version == 5 else None,
            )

    async def close(self) -> None:
        """Say goodbye for at most a second: who says it has no will published."""
        try:
            if self._end is None and self._greeted:
                self._client.disconnect()
                with suppress(TimeoutError):
                    async with asyncio.timeout(GOODBYE):
                        await self._over.wait()
        finally:
            self._stop(EOFError())
            self._socket.close()

    # ── Keeping ──

    def taken(self, upto: int) -> None:
        while self._owed and self._owed[0][0] <= upto:
            _, message = self._owed.popleft()
            if self._end is None:
                self._client.ack(message, 1)

    # ── the socket ──

    def begin(self) -> None:
        """Ask to be let in. What the broker says comes by `read`."""
        client = self._client
        client.on_connect, client.on_disconnect = self._connected, self._disconnected
        client.on_subscribe, client.on_message = self._subscribed, self._message
        client.on_publish = self._published
        client.on_socket_register_write = self._write_soon
        client.on_socket_unregister_write = self._written
        client.on_socket_close = self._deaf
        dial = self._dial
        if dial.version == 5:
            asked = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # the library's
            asked.SessionExpiryInterval = dial.session_expiry
            asked.ReceiveMaximum = dial.in_flight
            asked.MaximumPacketSize = dial.most_payload + 2 * LONGEST_TOPIC + 4 * LONGEST_PROPERTY
            client.connect(
                self._to.host,
                self._to.port,
                dial.keepalive,
                clean_start=not dial.session_expiry,
                properties=asked,
            )
        else:
            client.connect(self._to.host, self._to.port, dial.keepalive)
        self._listen()
        self._began = self._loop.time()
        self._look()

    def _listen(self) -> None:
        if not self._reading and self._end is None:
            self._reading = True
            self._loop.add_reader(self._fd, self._go, self._client.loop_read)

    def _deaf(self, *_: object) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._fd)

    def _write_soon(self, *_: object) -> None:
        if not self._writing and self._end is None:
            self._writing = True
            self._loop.add_writer(self._fd, self._go, self._client.loop_write)

    def _written(self, *_: object) -> None:
        if self._writing:
            self._writing = False
            self._loop.remove_writer(self._fd)

    def _go(self, do: Callable[[], MQTTErrorCode]) -> None:
        """Read or write a packet; what TLS has decoded beyond it makes no socket ready."""
        try:
            do()
            while self._reading and isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
                self._client.loop_read()
        except (OSError, ValueError, MQTTException) as error:
            self._stop(error if isinstance(error, OSError) else ProtocolError(f"this is no MQTT: {error}"))

    def _look(self) -> None:
        """Pings, and whether anybody answers them. While we do not listen nobody can be judged silent."""
        if self._end is not None:
            return
        if not self._greeted and self._loop.time() - self._began > GREETED_WITHIN:
            self._stop(
                TimeoutError(
                    f"no answer to the greeting within {GREETED_WITHIN:g} s: check that an MQTT {_name(self._dial)} broker "
                    "listens on this port"
                )
            )
            return
        if self._reading:
            self._go(self._client.loop_misc)
        self._timer = self._loop.call_later(LOOK_EVERY, self._look)

    def _stop(self, why: Exception) -> None:
        if self._end is None:
            self._end = why
        self._deaf()
        self._written()
        if self._timer is not None:
            self._timer.cancel()
        self._over.set()
        self._some.set()

    # ── what the broker says ──

    def _tell(self, head: dict[str, object], body: bytes = b"") -> None:
        parcel = pack(head, body)
        self._waiting.append(parcel)
        self._held += len(parcel)
        self._came += len(parcel)
        if self._held > WAITING_AT_MOST:
            self._deaf()
        self._some.set()

    def _connected(
        self, client: paho.Client, _data: object, flags: paho.ConnectFlags, why: ReasonCode, _told: object
    ) -> None:
        if why.is_failure:
            self._refused = True
            self._tell({"link": "refused", "code": why.value, "said": str(why)})
            return
        self._greeted = True
        self._tell({"link": "connected", "session": flags.session_present})
        if not self._dial.topics:
            self._tell({"link": "subscribed", "refused": []})
        elif self._dial.version == 5:
            client.subscribe([(topic, SubscribeOptions(qos=qos)) for topic, qos in self._dial.topics])
        else:
            client.subscribe([(topic, int(qos)) for topic, qos in self._dial.topics])

    def _subscribed(
        self, _client: object, _data: object, _mid: int, codes: list[ReasonCode], _told: object
    ) -> None:
        refused = [
            topic for (topic, _), code in zip(self._dial.topics, codes, strict=False) if code.is_failure
        ]
        self._tell({"link": "subscribed", "refused": refused})

    def _message(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        head: dict[str, object] = {"topic": _topic(message)}
        if message.qos:
            head |= {"qos": message.qos, "mid": message.mid}
        head |= {key: True for key in ("retain", "dup") if getattr(message, key)}
        if said := _said(message.properties):
            head["properties"] = said
        body = bytes(message.payload)
        if len(body) > self._dial.most_payload:
            head["too_long"], body = len(body), b""
        self._tell(head, body)
        if message.qos:
            self._owed.append((self._came, message.mid))

    def _published(self, *_: object) -> None:
        self._unsent -= 1

    def _disconnected(
        self, _client: object, _data: object, flags: paho.DisconnectFlags, why: ReasonCode, _told: object
    ) -> None:
        self._stop(self._farewell(why, by_broker=flags.is_disconnect_packet_from_server))

    def _farewell(self, why: ReasonCode, *, by_broker: bool) -> Exception:
        if self._refused or why.getName() == "Success":
            return EOFError()
        if by_broker:
            advice = (
                f': another client came with our client id "{self._dial.client}"; give each its own as client_id'
                if why.value == _TAKEN_OVER
                else ""
            )
            return ConnectionResetError(f"the broker closed the connection ({why}){advice}")
        if why.getName() == "Keep alive timeout":
            return TimeoutError(f"the broker did not answer for {2 * self._dial.keepalive} s")
        if not self._greeted:
            return ProtocolError(
                f"the far end hung up when it was greeted in MQTT {_name(self._dial)}: check that this port is a broker's, "
                "whether it wants TLS (mqtts://), and try the other version"
            )
        if why.getName() == "Protocol error":
            return ProtocolError("the far end said something that is no MQTT")
        return EOFError()


async def opened(to: Address, dial: Dial | None) -> MqttLink:
    """Connected; whether we are let in is the first that is read."""
    told = dial if isinstance(dial, MqttDial) else MqttDial(client="ccwall")
    connected = await connected_socket(to)
    try:
        link = MqttLink(to, connected, told)
        link.begin()
    except BaseException:
        connected.close()
        raise
    return link


async def connected_socket(to: Address) -> socket.socket:
    """A socket that neither blocks, nor did while it was opened."""
    loop = asyncio.get_running_loop()
    trust = ssl.create_default_context(cafile=to.ca or None) if to.scheme == "mqtts" else None
    failed = OSError(f"no address is known for {to.host}")
    for family, kind, protocol, _, where in await loop.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM):
        plain = socket.socket(family, kind, protocol)
        try:
            plain.setblocking(False)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(plain, where)
            return plain if trust is None else await _secured(plain, trust, to.host)
        except OSError as error:
            plain.close()
            failed = error
        except BaseException:
            plain.close()
            raise
    raise failed


async def _secured(plain: socket.socket, trust: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    loop, fd = asyncio.get_running_loop(), plain.fileno()
    secure = trust.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    try:
        while True:
            ready = asyncio.Event()
            try:
                secure.do_handshake()
            except ssl.SSLWantReadError:
                loop.add_reader(fd, ready.set)
                await ready.wait()
            except ssl.SSLWantWriteError:
                loop.add_writer(fd, ready.set)
                await ready.wait()
            else:
                return secure
            finally:
                loop.remove_reader(fd)
                loop.remove_writer(fd)
    except BaseException:
        secure.close()
        raise


def _client(dial: MqttDial) -> _Client:
    version5 = dial.version == 5
    client = _Client(
        CallbackAPIVersion.VERSION2,
        client_id=dial.client,
        protocol=MQTTProtocolVersion.MQTTv5 if version5 else MQTTProtocolVersion.MQTTv311,
        clean_session=None if version5 else not dial.session_expiry,
        reconnect_on_failure=False,
        manual_ack=True,
    )
    client.max_queued_messages_set(UNSENT_AT_MOST)
    if dial.username:
        client.username_pw_set(dial.username, dial.password or None)
    if dial.will is not None:
        client.will_set(dial.will.topic, dial.will.payload, dial.will.qos, dial.will.retain)
    return client


def _name(dial: MqttDial) -> str:
    return "5" if dial.version == 5 else "3.1.1"


def _topic(message: paho.MQTTMessage) -> str:
    try:
        return message.topic[:LONGEST_TOPIC]
    except UnicodeDecodeError:
        return ""


def _said(properties: Properties | None) -> dict[str, object]:
    """What of a message's properties is passed on, within bounds."""
    if properties is None:
        return {}
    said: dict[str, object] = {}
    if kind := getattr(properties, "ContentType", ""):
        said["content_type"] = str(kind)[:LONGEST_PROPERTY]
    if user := getattr(properties, "UserProperty", ()):
        said["user"] = {
            str(name)[:LONGEST_PROPERTY]: str(value)[:LONGEST_PROPERTY]
            for name, value in user[:MOST_PROPERTIES]
        }
    return said


def _properties(head: dict[str, object]) -> Properties | None:
    said = head.get("properties")
    if not isinstance(said, dict):
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # the library's
    if "content_type" in said:
        properties.ContentType = str(said["content_type"])
    if isinstance(user := said.get("user"), dict):
        properties.UserProperty = [(str(name), str(value)) for name, value in user.items()]
    return properties


def _end(name: tuple[object, ...]) -> str:
    host, port = str(name[0]), name[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
