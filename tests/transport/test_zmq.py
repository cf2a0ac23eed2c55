"""ZeroMQ links over real sockets: keys, news of the link, receipts, dead ends."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest
import zmq
import zmq.asyncio

from ccwall.transport import Address, Keeping, Link, Unreachable, connect
from ccwall.transport.zmq import ZmqLink
from ccwall.wire.parcel import Parcel, Parcels, pack
from ccwall.wire.zmq_dial import ZmqDial, key_list, keys_trouble

SERVER, CLIENT, STRANGER = ([key.decode() for key in zmq.curve_keypair()] for _ in range(3))
"""(public, secret)"""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def link(port: int, dial: ZmqDial, host: str = "127.0.0.1") -> AsyncIterator[Link]:
    found = await connect(Address(scheme="zmq", host=host, port=port), dial)
    try:
        yield found
    finally:
        await found.close()


@asynccontextmanager
async def peer(
    kind: int, url: str, *, bind: bool = False, keys: list[str] | None = None, server: str = ""
) -> AsyncIterator["zmq.asyncio.Socket"]:
    context = zmq.asyncio.Context()
    found = context.socket(kind)
    found.setsockopt(zmq.LINGER, 0)
    if keys is not None:
        found.curve_publickey, found.curve_secretkey = keys[0].encode(), keys[1].encode()
        if server:
            found.curve_serverkey = server.encode()
        else:
            found.curve_server = True
    (found.bind if bind else found.connect)(url)
    try:
        yield found
    finally:
        found.close()
        context.term()


async def until(found: Link, count: int, parcels: Parcels | None = None) -> list[Parcel]:
    """The next parcels of the link, at least so many."""
    reader, told = parcels or Parcels(), list[Parcel]()
    async with asyncio.timeout(20):
        while len(told) < count:
            data = await found.read()
            assert data, "the link ended"
            told += reader.feed(data)
    return told


async def test_what_is_published_comes_as_parcels_of_its_topic() -> None:
    port = free_port()
    async with (
        peer(zmq.PUB, f"tcp://127.0.0.1:{port}", bind=True) as publisher,
        link(port, ZmqDial(topics=("a",))) as found,
    ):
        (joined,) = await until(found, 1)
        told: list[Parcel] = []
        async with asyncio.timeout(20):
            while len(told) < 2:  # a subscription has no answer: what is said too early nobody hears
                await publisher.send_multipart([b"b.x", b"not asked for"])
                await publisher.send_multipart([b"a.x", "王芳".encode()])
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        told += await until(found, 1)
    assert joined.head == {"link": "joined"}
    assert {(part.head["topic"], part.body.decode()) for part in told} == {("a.x", "王芳")}


async def test_pushers_come_to_a_bound_pull_and_their_going_is_told() -> None:
    port = free_port()
    async with link(port, ZmqDial(pattern="pull", bind=True)) as found:
        assert not isinstance(found, Keeping)
        async with peer(zmq.PUSH, f"tcp://127.0.0.1:{port}") as pusher:
            await pusher.send(b"one")
            await pusher.send_multipart([b"topic", b"two", b"x", b"y", b"z"])
            told = await until(found, 3)
        (gone,) = await until(found, 1)
    assert [(part.head, part.body) for part in told] == [
        ({"link": "joined"}, b""),
        ({}, b"one"),
        ({"topic": "topic"}, b"y"),  # of the frames beyond the fourth nothing is kept
    ]
    assert gone.head == {"link": "left"}


async def test_when_the_publisher_goes_the_link_ends_after_what_it_said() -> None:
    port = free_port()
    async with peer(zmq.PUSH, f"tcp://127.0.0.1:{port}", bind=True) as pusher:
        found = await connect(Address(scheme="zmq", host="127.0.0.1", port=port), ZmqDial(pattern="pull"))
        await pusher.send(b"last words")
        reader = Parcels()
        bodies = [part.body for part in await until(found, 2, reader)]
    rest = b""
    async with asyncio.timeout(20):
        while data := await found.read():
            rest += data
    await found.close()
    assert b"last words" in [*bodies, *(part.body for part in reader.feed(rest))]


async def test_nobody_listens() -> None:
    with pytest.raises(Unreachable, match="nothing listens"):
        await connect(Address(scheme="zmq", host="127.0.0.1", port=free_port()), ZmqDial())


async def test_a_port_that_is_taken() -> None:
    port = free_port()
    async with link(port, ZmqDial(pattern="pull", bind=True)):
        with pytest.raises(Unreachable, match="in use"):
            await connect(
                Address(scheme="zmq", host="127.0.0.1", port=port), ZmqDial(pattern="pull", bind=True)
            )


async def test_beyond_this_machine_only_with_keys_or_when_told() -> None:
    port = free_port()
    for bind in (True, False):
        with pytest.raises(Unreachable, match="there are no keys"):
            await connect(
                Address(scheme="zmq", host="0.0.0.0", port=port), ZmqDial(pattern="pull", bind=bind)
            )
    async with link(port, ZmqDial(pattern="pull", bind=True, insecure=True), host="0.0.0.0"):
        pass


def guarded(allowed: dict[str, str] | None = None, file: str = "") -> ZmqDial:
    return ZmqDial(pattern="router", bind=True, secret=SERVER[1], allowed=allowed or {}, allowed_file=file)


async def test_only_keys_of_the_list_come_in_and_they_have_their_name() -> None:
    port = free_port()
    url = f"tcp://127.0.0.1:{port}"
    async with link(port, guarded({"pc-1": CLIENT[0]})) as found:
        async with peer(zmq.DEALER, url, keys=STRANGER, server=SERVER[0]) as stranger:
            await stranger.send(b"let me in")
            (refused,) = await until(found, 1)
            assert refused.head["link"] == "refused"
        async with peer(zmq.DEALER, url) as plain:
            await plain.send(b"without keys")
            await asyncio.sleep(0.05)
        async with peer(zmq.DEALER, url, keys=CLIENT, server=SERVER[0]) as known:
            await known.send(b"hello")
            told: list[Parcel] = []
            while not any(part.body for part in told):
                told += await until(found, 1)
    (hello,) = [part for part in told if part.body]
    assert (hello.head["user"], hello.body) == ("pc-1", b"hello")


async def test_the_list_in_a_file_is_read_again_for_who_comes_later(tmp_path: Path) -> None:
    port, file = free_port(), tmp_path / "keys"
    file.write_text("# nobody yet\n")
    dial = ZmqDial(pattern="dealer", secret=CLIENT[1], server_key=SERVER[0])
    async with link(port, guarded(file=str(file))) as found:
        async with link(port, dial) as refused:
            told, *_ = await until(refused, 1)
            assert told.head["link"] == "refused"
        file.write_text(f"pc-7 {CLIENT[0]}\n")
        async with link(port, dial) as let_in:
            (told,) = await until(let_in, 1)
            assert told.head == {"link": "joined"}
            let_in.write(pack({}, b"hello"))
            heard: list[Parcel] = []
            while not any(part.body for part in heard):
                heard += await until(found, 1)
    assert heard[-1].head["user"] == "pc-7"


async def test_a_wrong_key_of_the_server_is_a_hang_up_with_advice() -> None:
    port, dial = free_port(), ZmqDial(secret=CLIENT[1], server_key=STRANGER[0])
    async with link(port, guarded({"pc-1": CLIENT[0]})):
        with pytest.raises(Unreachable, match="check that server_key is its public key"):
            await connect(Address(scheme="zmq", host="127.0.0.1", port=port), dial)


async def test_without_keys_a_server_that_wants_them_lets_nobody_in() -> None:
    """Who of the two notices first that the other speaks otherwise is chance."""
    port = free_port()
    async with link(port, guarded({"pc-1": CLIENT[0]})):
        try:
            async with link(port, ZmqDial()) as found:
                told, *_ = await until(found, 1)
        except Unreachable as error:
            assert "both ends have keys or neither has" in str(error)  # noqa: PT017
        else:
            assert told.head["link"] == "foreign"


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"], ids=["cut", "web"]
)
async def test_what_hangs_up_in_the_greeting_is_tried_again_like_any_link(said: bytes) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        to = Address(scheme="zmq", host="127.0.0.1", port=server.sockets[0].getsockname()[1])
        with pytest.raises(Unreachable, match="hung up in the middle of the greeting"):
            await connect(to, ZmqDial())


async def test_receipts_come_back_when_the_facts_are_safe_and_not_before() -> None:
    port = free_port()
    async with link(port, ZmqDial(pattern="router", bind=True)) as server:
        assert isinstance(server, Keeping)
        async with link(port, ZmqDial(pattern="dealer")) as edge:
            await until(edge, 1)
            for number in range(1, 6):
                edge.write(pack({"receipt": f"s:{number}"}, b"%d" % number))
            edge.write(pack({}, b"no receipt"))
            data, told, reader = b"", list[Parcel](), Parcels()
            async with asyncio.timeout(20):
                while not any(part.body == b"no receipt" for part in told):
                    piece = await server.read()
                    data += piece
                    told += reader.feed(piece)
            third = data.index(b"}3") + 2
            server.taken(third - 1)
            server.taken(third)
            server.taken(len(data))
            server.write(pack({"id": next(part.head["id"] for part in told if part.body)}, b"a word"))
            answers = await until(edge, 4)
    assert [(part.head, part.body) for part in answers] == [
        ({"receipt": "s:2"}, b""),
        ({"receipt": "s:3"}, b""),
        ({"receipt": "s:5"}, b""),
        ({}, b"a word"),
    ]


async def test_a_message_that_is_too_long_ends_its_sender_alone() -> None:
    port = free_port()
    url = f"tcp://127.0.0.1:{port}"
    async with (
        link(port, ZmqDial(pattern="pull", bind=True)) as found,
        peer(zmq.PUSH, url) as flood,
        peer(zmq.PUSH, url) as other,
    ):
        await flood.send(b"x" * (5 * 1024 * 1024))
        await other.send(b"small")
        told: list[Parcel] = []
        while not any(part.body for part in told):
            told += await until(found, 1)
    assert [part.body for part in told if part.body] == [b"small"]


def test_keys_are_judged_before_anything_is_opened() -> None:
    def trouble(**said: object) -> str:
        every: dict[str, object] = {
            "bind": False, "secret": None, "server_key": "", "allowed": {}, "allowed_file": "", **said
        }  # fmt: skip
        return keys_trouble(**every)  # type: ignore[arg-type]

    public, secret = SERVER
    assert not trouble()
    assert not trouble(secret="", server_key=public)  # out of reach, for who reads recordings
    assert not trouble(secret=secret, server_key=public)
    assert not trouble(bind=True, secret=secret, allowed_file="keys")
    assert "secret is not a CURVE key" in trouble(secret="hunter2")
    assert "hunter2" not in trouble(secret="hunter2")
    assert "server_key is missing" in trouble(secret=secret)
    assert "secret is missing" in trouble(server_key=public)
    assert "nobody is in the list" in trouble(bind=True, secret=secret)
    assert "secret is missing" in trouble(bind=True, allowed={"pc-1": public})
    assert "for who connects" in trouble(bind=True, server_key=public)
    assert "for the end that listens" in trouble(allowed={"pc-1": public})
    assert "'pc-1'" in trouble(bind=True, secret=secret, allowed={"pc-1": "x"})


def test_a_list_of_keys_names_its_bad_line() -> None:
    with pytest.raises(ValueError, match="line 2 is not"):
        key_list(f"a {SERVER[0]}\nb short\n")
    with pytest.raises(ValueError, match="line 2 says a name or a key a second time"):
        key_list(f"a {SERVER[0]}\na {CLIENT[0]}\n")


async def test_who_is_cancelled_while_it_closes_leaves_no_threads_behind() -> None:
    """Also when all threads of the pool have something else to do: the library's own would stay for as long as the process."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    found = await connect(
        Address(scheme="zmq", host="127.0.0.1", port=free_port()), ZmqDial(bind=True, pattern="pull")
    )
    assert isinstance(found, ZmqLink)
    free = threading.Event()
    busy = asyncio.create_task(asyncio.to_thread(free.wait, 20))
    await asyncio.sleep(0.01)
    closing_it = asyncio.create_task(found.close())
    await asyncio.sleep(0.01)
    closing_it.cancel()
    await asyncio.sleep(0.01)
    free.set()
    with pytest.raises(asyncio.CancelledError):
        await closing_it
    assert found._context.closed
    await busy


async def test_a_link_that_cannot_be_made_leaves_no_threads_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[zmq.Context[zmq.Socket[bytes]]] = []

    def fails(context: "zmq.Context[zmq.Socket[bytes]]", *_more: object) -> None:
        made.append(context)
        raise zmq.ZMQError(24)

    monkeypatch.setattr("ccwall.transport.zmq.set_up", fails)
    with pytest.raises(zmq.ZMQError):
        await connect(
            Address(scheme="zmq", host="127.0.0.1", port=free_port()), ZmqDial(bind=True, pattern="pull")
        )
    assert [context.closed for context in made] == [True]
