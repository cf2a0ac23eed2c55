"""SIPp (sip-tester) as a notifier: scenarios made of steps, on a port of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ccwall_adapters.sip_dialog.documents import DIALOG_INFO, Dialog, DialogInfo, write_dialog_info
from tests.integration.kamailio import free_port

SUBSCRIBED = """\
<recv request="SUBSCRIBE"{regexp}><action>
  <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
  <ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="contact"/>
  {check}
</action></recv>
"""


def subscribed(*, expires: str = "") -> str:
    """Wait for a SUBSCRIBE, which must ask for so many seconds if that is said."""
    check = ""
    if expires:
        check = (
            f'<ereg regexp="^ *{expires}$" search_in="hdr" header="Expires:" check_it="true" assign_to="expires"/>'
            '<log message="expires [$expires]"/>'
        )
    return SUBSCRIBED.format(regexp="", check=check)


def answer(status: int, reason: str, *headers: str) -> str:
    lines = "\n".join(headers)
    return f"""\
<send><![CDATA[

SIP/2.0 {status} {reason}
[last_Via:]
[last_From:]
[last_To:];tag=uas[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
{lines}
Content-Length: 0

]]></send>
"""


def refreshed(status: int, reason: str, *headers: str) -> str:
    """A SUBSCRIBE within the dialog, and the answer to it."""
    return subscribed() + answer(status, reason, *headers).replace(";tag=uas[call_number]", "")


def granted(expires: int = 600) -> str:
    return answer(200, "OK", f"Expires: {expires}")


def told(
    cseq: int,
    version: int,
    full: bool,
    *dialogs: Dialog,
    state: str = "active;expires=600",
    wanted: int = 200,
) -> str:
    """A NOTIFY, and the answer that it must get."""
    body = write_dialog_info(DialogInfo(version, full, "sip:1001@pbx.example", dialogs)).decode()
    return notify(cseq, state, body, wanted)


def notify(cseq: int, state: str, body: str = "", wanted: int = 200) -> str:
    kind = f"\nContent-Type: {DIALOG_INFO}" if body else ""
    return f"""\
<send retrans="500"><![CDATA[

NOTIFY [$contact] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:1001@pbx.example>;tag=uas[call_number]
To:[$from]
Call-ID: [call_id]
CSeq: {cseq} NOTIFY
Contact: <sip:[local_ip]:[local_port]>
Event: dialog
Subscription-State: {state}{kind}
Content-Length: [len]

{body}
]]></send>
<recv response="{wanted}"/>
"""


def pause(milliseconds: int) -> str:
    return f'<pause milliseconds="{milliseconds}"/>\n'


class Sipp:
    """`port`; `done` waits for its end and fails when anything came that the scenario does not have."""

    def __init__(self, folder: Path, steps: str, calls: int, transport: str) -> None:
        self.port = free_port()
        self._folder, self._calls, self._transport = folder, calls, transport
        scenario = f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="notifier">\n{steps}'
        uses = '<Reference variables="from,contact"/>\n'
        (folder / "scenario.xml").write_text(f"{scenario}{uses}</scenario>\n", encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with (self._folder / "stderr").open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                *("sipp", "-sf", str(self._folder / "scenario.xml"), "-i", "127.0.0.1", "-p", str(self.port)),
                *("-t", self._transport, "-m", str(self._calls), "-nostdin", "-trace_err"),
                *("-error_file", "errors", "-timeout", "30s", "-timeout_error"),
                cwd=self._folder,
                stdout=said,
                stderr=said,
            )

    async def done(self) -> None:
        assert self._process is not None
        status = await self._process.wait()
        errors = self._folder / "errors"
        said = errors.read_text(encoding="utf-8", errors="replace") if errors.exists() else ""
        assert status == 0, said or (self._folder / "stderr").read_text(encoding="utf-8", errors="replace")

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def notifier(folder: Path, *steps: str, calls: int = 1, transport: str = "u1") -> AsyncIterator[Sipp]:
    server = Sipp(folder, "".join(steps), calls, transport)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
