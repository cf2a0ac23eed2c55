"""Why an end point cannot be opened: said right, with what to do next. Real sockets, on this machine only."""

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ccwall.adapter import Dial
from ccwall.transport import Address, Unreachable, address, connect, link

CERTIFICATES = Path(__file__).parent / "certificates"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def manager(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As Asterisk does, it speaks first; what it cannot read ends it."""
    writer.write(b"Asterisk Call Manager/11.0.0\r\n")
    await reader.read(1000)
    writer.close()


async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


async def hangs_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def certified(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    return context


@asynccontextmanager
async def serving(serve: Serve, certificate: str = "") -> AsyncIterator[int]:
    context = certified(certificate) if certificate else None
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


async def trouble(url: str, ca: str = "") -> Unreachable:
    found = address(url)
    with pytest.raises(Unreachable) as caught:
        await connect(Address(scheme=found.scheme, host=found.host, port=found.port, path=found.path, ca=ca))
    return caught.value


async def test_nothing_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # taken, but not listening
        url = f"tcp://127.0.0.1:{held.getsockname()[1]}"
        said = await trouble(url)
    assert said.cause == "not_listening"
    assert str(said).startswith(f"nothing listens at {url}. Check the port")


async def test_a_name_that_nobody_knows() -> None:
    said = await trouble("tcp://no-such-host.invalid:5038")
    assert said.cause == "unknown_host"
    assert "no-such-host.invalid" in str(said)


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
async def test_no_way_to_it(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    async def nowhere(_to: Address, _dial: Dial | None) -> link.Link:
        raise OSError(number, "No route to host")

    monkeypatch.setattr(link, "_open", nowhere)
    said = await trouble("tcp://192.0.2.1:5038")
    assert said.cause == "no_route"
    assert "routes and firewalls" in str(said)


async def test_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_to: Address, _dial: Dial | None) -> link.Link:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(link, "_open", never)
    monkeypatch.setattr(link, "CONNECT_WITHIN", 0.01)
    said = await trouble("tcp://pbx:1")
    assert said.cause == "no_answer"
    assert str(said).startswith("no answer from tcp://pbx:1 within 0.01 s")


@pytest.mark.parametrize("serve", [manager, web])
async def test_tls_to_a_port_that_does_not_speak_it(serve: Serve) -> None:
    async with serving(serve) as port:
        said = await trouble(f"tls://127.0.0.1:{port}")
    assert said.cause == "no_tls"
    assert "Write tcp://" in str(said)


async def test_tls_to_a_port_that_hangs_up() -> None:
    async with serving(hangs_up) as port:
        said = await trouble(f"tls://127.0.0.1:{port}")
    assert said.cause == "tls_refused"


@pytest.mark.parametrize(
    ("certificate", "host", "ca", "cause", "advice"),
    [
        ("good", "127.0.0.1", "", "certificate_untrusted", "tls_ca"),
        ("expired", "127.0.0.1", "authority.pem", "certificate_expired", "Renew"),
        ("elsewhere", "127.0.0.1", "authority.pem", "certificate_name", "the name that it is for"),
        ("elsewhere", "localhost", "authority.pem", "certificate_name", "the name that it is for"),
    ],
)
async def test_a_certificate_that_is_not_accepted(
    certificate: str, host: str, ca: str, cause: str, advice: str
) -> None:
    async with serving(manager, certificate) as port:
        said = await trouble(f"tls://{host}:{port}", str(CERTIFICATES / ca) if ca else "")
    assert said.cause == cause
    assert advice in str(said)


async def test_a_good_certificate_is_accepted() -> None:
    async with serving(manager, "good") as port:
        to = Address(scheme="tls", host="127.0.0.1", port=port, ca=str(CERTIFICATES / "authority.pem"))
        opened = await connect(to)
        assert await opened.read() == b"Asterisk Call Manager/11.0.0\r\n"
        await opened.close()


@pytest.mark.parametrize(
    "url", ["serial:///dev/no-such-line", "file:///no/such/file", "unix:///no/such/socket"]
)
async def test_a_path_where_nothing_is(url: str) -> None:
    said = await trouble(url)
    assert said.cause == "no_device"
    assert "Check the path" in str(said)


async def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    said = await trouble(f"file://{tmp_path}")
    assert "neither a file nor a FIFO" in str(said)


async def test_a_serial_path_that_is_no_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = await trouble(f"serial://{tmp_path}/file")
    assert said.cause == "no_device"
