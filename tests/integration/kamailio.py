"""A real Kamailio that serves dialog events and presence, on ports of its own, in a directory of its own, without root."""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast

from ccwall_adapters.sip_dialog import digest
from ccwall_adapters.sip_dialog.message import Message, parse, request

TABLES = Path("/usr/share/kamailio/dbtext/kamailio")
DOMAIN, USER, SECRET = "pbx.example", "wall", "a secret"
WITHIN = 20.0
"""Seconds for it to start on a busy machine; nobody waits for longer than it takes."""
CERTIFICATE = Path(__file__).parents[1] / "transport" / "certificates" / "good.pem"

CONFIG = """\
debug=1
log_stderror=yes
fork=yes
children=1
tcp_children=1
enable_tls={tls}
auto_aliases=no
alias="{domain}"
listen=udp:127.0.0.1:{port}
listen=tcp:127.0.0.1:{port}
{listen_tls}
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "auth.so"
loadmodule "db_text.so"
loadmodule "presence.so"
loadmodule "presence_xml.so"
loadmodule "presence_dialoginfo.so"
{load_tls}
modparam("auth", "algorithm", "{algorithm}")
modparam("auth", "nonce_expire", {nonce_lasts})
modparam("presence", "db_url", "text://{folder}/tables")
modparam("presence", "server_address", "sip:127.0.0.1:{port}")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "publ_cache", 2)
modparam("presence", "min_expires", 60)
modparam("presence", "min_expires_action", 1)
modparam("presence_xml", "force_active", 1)
modparam("presence_xml", "db_url", "text://{folder}/tables")
modparam("presence_dialoginfo", "force_dummy_dialog", {dummy})

request_route {{
    if (is_method("OPTIONS")) {{ sl_send_reply("200", "OK"); exit; }}
    if (!pv_www_authenticate("{domain}", "{secret}", "0")) {{ www_challenge("{domain}", "{qop}"); exit; }}
    if (is_method("PUBLISH")) {{ handle_publish(); t_release(); exit; }}
    if (is_method("SUBSCRIBE")) {{
        if (!t_newtran()) {{ sl_reply_error(); exit; }}
        if (!has_totag() && $rU == "nobody") {{ t_reply("404", "Not Found"); exit; }}
        handle_subscribe(); t_release(); exit;
    }}
    sl_send_reply("405", "Method Not Allowed");
}}
"""


def free_port() -> int:
    """Of both UDP and TCP; nothing keeps it from somebody else until it is taken."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        ):
            udp.bind(("127.0.0.1", 0))
            port: int = udp.getsockname()[1]
            with suppress(OSError):
                tcp.bind(("127.0.0.1", port))
                return port


class Kamailio:
    """`port` takes UDP and TCP, `tls_port` TLS."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self._options = options
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Until it answers OPTIONS. A port that somebody else took meanwhile is exchanged for another."""
        for _ in range(3):
            self._write()
            with (self.folder / "log").open("wb") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *("kamailio", "-DD", "-E", "-m", "32", "-M", "4"),
                    *("-f", str(self.folder / "kamailio.cfg"), "-w", str(self.folder)),
                    *("-Y", str(self.folder), "-P", str(self.folder / "pid")),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # its children are not its own to kill
                )
            if await self._answers():
                return
            await self.stop()
            self.port, self.tls_port = free_port(), free_port()
        raise RuntimeError((self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:])

    async def stop(self, *, killed: bool = False) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        os.killpg(self._process.pid, signal.SIGKILL if killed else signal.SIGTERM)
        try:
            async with asyncio.timeout(10):
                await self._process.wait()
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    def _write(self) -> None:
        options: dict[str, object] = {
            "algorithm": "MD5", "nonce_lasts": 300, "qop": "1", "dummy": 1, "tls": False
        } | self._options  # fmt: skip
        tls = options.pop("tls")
        shutil.copytree(TABLES, self.folder / "tables", dirs_exist_ok=True)
        certificate = f'modparam("tls", "{{}}", "{CERTIFICATE}")\n'
        text = CONFIG.format(
            folder=self.folder,
            port=self.port,
            domain=DOMAIN,
            secret=SECRET,
            tls="yes" if tls else "no",
            listen_tls=f"listen=tls:127.0.0.1:{self.tls_port}" if tls else "",
            load_tls='loadmodule "tls.so"\nmodparam("tls", "tls_method", "TLSv1.2+")\n'
            + certificate.format("certificate")
            + certificate.format("private_key")
            if tls
            else "",
            **options,
        )
        (self.folder / "kamailio.cfg").write_text(text, encoding="utf-8")

    async def _answers(self) -> bool:
        assert self._process is not None
        async with caller(self.port) as ua:
            for _ in range(int(WITHIN / 0.1)):
                if self._process.returncode is not None:
                    return False
                with suppress(TimeoutError, OSError):
                    await ua.ask("OPTIONS", f"sip:{DOMAIN}", within=0.1)
                    return True
        return False


class Caller(asyncio.DatagramProtocol):
    """A little user agent that publishes what a phone does."""

    def __init__(self) -> None:
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self.transport: asyncio.DatagramTransport | None = None
        self._asked = 0
        self._etags: dict[str, str] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._answers.put_nowait(parse(data))

    def error_received(self, exc: Exception) -> None:
        """Not there yet."""

    async def ask(
        self,
        method: str,
        uri: str,
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        within: float = 5.0,
    ) -> Message:
        assert self.transport is not None
        self._asked += 1
        host, port = self.transport.get_extra_info("sockname")
        everything = [
            ("Via", f"SIP/2.0/UDP {host}:{port};branch=z9hG4bK{port}{self._asked};rport"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:{USER}@{DOMAIN}>;tag=t{self._asked}"),
            ("To", f"<{uri}>"),
            ("Call-ID", f"call-{port}-{self._asked}"),
            ("CSeq", f"{self._asked} {method}"),
            ("Contact", f"<sip:{USER}@{host}:{port}>"),
            *(headers or []),
        ]
        self.transport.sendto(request(method, uri, everything, body))
        async with asyncio.timeout(within):
            while True:
                answer = await self._answers.get()
                if answer.cseq == (self._asked, method) and answer.status >= 200:
                    return answer

    async def publish(self, user: str, event: str, kind: str, body: bytes) -> None:
        """What holds of this phone now."""
        uri = f"sip:{user}@{DOMAIN}"
        etag = self._etags.get(uri + event)
        headers = [("Event", event), ("Expires", "600"), ("Content-Type", kind)]
        headers += [("SIP-If-Match", etag)] if etag else []
        first = await self.ask("PUBLISH", uri, headers, body)
        challenge = digest.challenge(first.get("www-authenticate"), "Authorization")
        assert challenge is not None, first.reason
        proof = digest.credentials(challenge, "PUBLISH", uri, USER, SECRET, "0a4f113b")
        answer = await self.ask("PUBLISH", uri, [*headers, ("Authorization", proof)], body)
        assert answer.status == 200, f"{answer.status} {answer.reason}"
        self._etags[uri + event] = answer.get("sip-etag")


@asynccontextmanager
async def caller(port: int) -> AsyncIterator[Caller]:
    transport, ua = await asyncio.get_running_loop().create_datagram_endpoint(
        Caller, remote_addr=("127.0.0.1", port)
    )
    try:
        yield ua
    finally:
        transport.close()


@asynccontextmanager
async def kamailio(folder: Path, **options: object) -> AsyncIterator[Kamailio]:
    server = Kamailio(folder, **options)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
