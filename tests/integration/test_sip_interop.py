"""The SIP adapter as it is shipped, over real sockets, against Kamailio and SIPp: other people's programs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from ccwall.clock import SystemClock
from ccwall.events import AnyEvent, DeviceFault, DeviceStateChanged, SourceId, SourceUp
from ccwall.supervise import EndPoint, Supervisor
from ccwall.transport import address, connect
from ccwall_adapters.sip_dialog import ADAPTER, SipSession, SipSettings
from ccwall_adapters.sip_dialog.documents import (
    DIALOG_INFO,
    PIDF,
    Dialog,
    DialogInfo,
    write_dialog_info,
    write_presence,
)
from tests.adapters.contract import PlainDirectory
from tests.integration import sipp
from tests.integration.kamailio import CERTIFICATE, DOMAIN, SECRET, USER, caller, kamailio

WITHIN = 30.0
"""Seconds until a test gives up; it takes as long as it takes."""


class Wall:
    """One source, read as the wall reads it."""

    def __init__(self, url: str, settings: SipSettings) -> None:
        self.facts: list[AnyEvent] = []
        to = address(url, ADAPTER.port, ADAPTER.schemes)
        if to.scheme == "tls":
            to = type(to)(
                scheme="tls", host="localhost", port=to.port, ca=str(CERTIFICATE.parent / "authority.pem")
            )
        self.session = SipSession(settings, PlainDirectory(), "live")
        self.supervisor = Supervisor(
            SourceId("sip"),
            self.session,
            lambda: connect(to, ADAPTER.dial(settings, "sip")),
            self._emit,
            SystemClock(),
            jitter=lambda _: 0.2,
            end_point=EndPoint(scheme=to.scheme),
        )

    def _emit(self, facts: Sequence[AnyEvent], now: float) -> None:
        self.facts += facts

    @property
    def states(self) -> Mapping[str, str]:
        return {
            f.device.removeprefix("src/"): f.state for f in self.facts if isinstance(f, DeviceStateChanged)
        }

    @property
    def faults(self) -> list[str]:
        return [fact.fault for fact in self.facts if isinstance(fact, DeviceFault) and not fact.cleared]

    def told(self, kind: type[AnyEvent]) -> int:
        return sum(isinstance(fact, kind) for fact in self.facts)

    async def until(self, what: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(WITHIN):
                while not what():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            health = self.supervisor.health
            pytest.fail(f"{self.states} {self.faults} {dict(self.session.counts)} {health}")

    async def shows(self, **states: str) -> None:
        """Names of phones with an x before them."""
        await self.until(lambda: all(self.states.get(name[1:]) == state for name, state in states.items()))


@asynccontextmanager
async def wall(url: str, **settings: object) -> AsyncIterator[Wall]:
    plain: dict[str, object] = {
        "username": USER,
        "secret": SECRET,
        "domain": DOMAIN,
        "watch": ("1001", "1002"),
    }
    watching = Wall(url, SipSettings(**(plain | settings)))  # type: ignore[arg-type]
    task = asyncio.create_task(watching.supervisor.run())
    try:
        yield watching
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def info(version: int, *dialogs: Dialog) -> bytes:
    return write_dialog_info(DialogInfo(version, True, f"sip:1001@{DOMAIN}", dialogs))


@pytest.mark.parametrize(
    ("scheme", "options"),
    [
        ("udp", {}),
        ("udp", {"algorithm": "SHA-256"}),
        ("udp", {"qop": "0"}),
        ("tcp", {}),
        ("tls", {"tls": True}),
    ],
    ids=["udp", "udp sha-256", "udp without qop", "tcp", "tls"],
)
async def test_kamailio_tells_of_calls_and_of_presence(
    scheme: str, options: dict[str, object], tmp_path: Path
) -> None:
    async with kamailio(tmp_path, **options) as server, caller(server.port) as phone:
        port = server.tls_port if scheme == "tls" else server.port
        async with wall(f"{scheme}://127.0.0.1:{port}", events=("dialog", "presence")) as shown:
            await shown.shows(x1001="idle", x1002="idle")
            up = next(fact for fact in shown.facts if isinstance(fact, SourceUp))
            assert up.product.startswith("kamailio")
            await phone.publish("1001", "dialog", DIALOG_INFO, info(0, Dialog("a", "early", "recipient")))
            await shown.shows(x1001="ringing")
            await phone.publish("1001", "dialog", DIALOG_INFO, info(1, Dialog("a", "confirmed", "recipient")))
            await shown.shows(x1001="in_use")
            held = Dialog("a", "confirmed", "recipient", held=True)
            await phone.publish("1001", "dialog", DIALOG_INFO, info(2, held))
            await shown.shows(x1001="on_hold")
            await phone.publish(
                "1001", "dialog", DIALOG_INFO, info(3, Dialog("a", "terminated", "recipient"))
            )
            await phone.publish("1002", "presence", PIDF, write_presence(f"sip:1002@{DOMAIN}", False))
            await shown.shows(x1001="idle", x1002="unavailable")
            assert shown.faults == []
            assert not any(kind.startswith("unknown:") for kind in shown.session.counts)


async def test_kamailio_says_nothing_of_a_phone_that_never_published(tmp_path: Path) -> None:
    """Without force_dummy_dialog its NOTIFY is empty; nobody knows what the phone does, and nobody guesses."""
    async with (
        kamailio(tmp_path, dummy=0) as server,
        wall(f"udp://127.0.0.1:{server.port}") as shown,
        caller(server.port) as phone,
    ):
        await shown.shows(x1001="unknown", x1002="unknown")
        await phone.publish("1001", "dialog", DIALOG_INFO, info(0, Dialog("a", "confirmed", "initiator")))
        await shown.shows(x1001="in_use", x1002="unknown")


async def test_kamailio_knows_no_such_phone(tmp_path: Path) -> None:
    async with (
        kamailio(tmp_path) as server,
        wall(f"udp://127.0.0.1:{server.port}", watch=("nobody", "1001")) as shown,
    ):
        await shown.shows(x1001="idle", xnobody="unavailable")
        assert shown.faults == ["dialog: cannot be watched: 404 Not Found"]


@pytest.mark.parametrize("scheme", ["udp", "tcp"])
async def test_kamailio_is_killed_and_comes_back_without_its_memory(scheme: str, tmp_path: Path) -> None:
    async with kamailio(tmp_path) as server, wall(f"{scheme}://127.0.0.1:{server.port}") as shown:
        async with caller(server.port) as phone:
            await shown.shows(x1001="idle", x1002="idle")
            await phone.publish("1001", "dialog", DIALOG_INFO, info(0, Dialog("a", "confirmed", "recipient")))
            await shown.shows(x1001="in_use")
        await server.stop(killed=True)
        await shown.until(lambda: shown.supervisor.health.condition == "down")
        await server.start()
        await shown.shows(x1001="idle", x1002="idle")
        async with caller(server.port) as phone:
            await phone.publish("1002", "dialog", DIALOG_INFO, info(0, Dialog("b", "early", "recipient")))
            await shown.shows(x1002="ringing")
        assert shown.told(SourceUp) == 2


async def test_kamailio_finds_a_nonce_stale(tmp_path: Path) -> None:
    async with (
        kamailio(tmp_path, nonce_lasts=1) as server,
        wall(f"udp://127.0.0.1:{server.port}") as shown,
        caller(server.port) as phone,
    ):
        await shown.shows(x1001="idle", x1002="idle")
        await shown.until(lambda: shown.session.counts.get("401 SUBSCRIBE", 0) >= 2)
        await phone.publish("1001", "dialog", DIALOG_INFO, info(0, Dialog("a", "confirmed", "recipient")))
        await shown.shows(x1001="in_use")
        assert shown.supervisor.health.failures == 0


async def test_kamailio_refuses_a_wrong_secret(tmp_path: Path) -> None:
    async with kamailio(tmp_path) as server, wall(f"udp://127.0.0.1:{server.port}", secret="wrong") as shown:
        await shown.until(lambda: shown.supervisor.health.cause == "rejected")
        assert "refuses the user 'wall' in the realm 'pbx.example'" in shown.supervisor.health.error


def one_phone(server: sipp.Sipp, scheme: str) -> AbstractAsyncContextManager[Wall]:
    """SIPp plays the notifier of one phone, and would take an OPTIONS for another subscription."""
    return wall(f"{scheme}://127.0.0.1:{server.port}", watch=("1001",), ping_every=0.0)


RINGS, TALKS = Dialog("a", "early", "recipient"), Dialog("a", "confirmed", "recipient")
OVER = Dialog("a", "terminated")
SECOND = Dialog("b", "early", "recipient")


@pytest.mark.parametrize(("scheme", "transport"), [("udp", "u1"), ("tcp", "t1")])
async def test_sipp_tells_in_full_and_in_part(scheme: str, transport: str, tmp_path: Path) -> None:
    steps = (
        sipp.subscribed(),
        sipp.granted(),
        sipp.told(1, 0, True),
        sipp.told(2, 1, False, RINGS),
        sipp.told(3, 2, False, TALKS, SECOND),
        sipp.told(4, 3, False, OVER),
        sipp.told(5, 4, True),
    )
    async with (
        sipp.notifier(tmp_path, *steps, transport=transport) as server,
        one_phone(server, scheme) as shown,
    ):
        await server.done()
        states = [f.state for f in shown.facts if isinstance(f, DeviceStateChanged)]
        assert states[:5] == ["idle", "ringing", "in_use", "ringing", "idle"]


async def test_sipp_leaves_a_gap_and_is_asked_for_the_whole(tmp_path: Path) -> None:
    steps = (
        sipp.subscribed(),
        sipp.granted(),
        sipp.told(1, 0, True, TALKS),
        sipp.told(2, 2, False, SECOND),
        sipp.refreshed(200, "OK", "Expires: 600"),
        sipp.told(3, 3, True, SECOND),
    )
    async with sipp.notifier(tmp_path, *steps) as server, one_phone(server, "udp") as shown:
        await server.done()
        assert shown.states["1001"] == "ringing"


async def test_sipp_notifies_before_it_answers(tmp_path: Path) -> None:
    early = sipp.told(1, 0, True, TALKS).replace('<recv response="200"/>', "")
    answered = sipp.granted()
    steps = (
        sipp.subscribed().replace("</action>", '<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via"/></action>'),
        early,
        '<recv response="200"/>\n',
        answered.replace("[last_Via:]", "Via:[$via]").replace("[last_From:]", "From:[$from]")
        .replace("[last_To:];tag", "To: <sip:1001@pbx.example>;tag").replace("[last_CSeq:]", "CSeq: 1 SUBSCRIBE"),
        sipp.told(2, 1, True),
    )  # fmt: skip
    async with sipp.notifier(tmp_path, *steps) as server, one_phone(server, "udp") as shown:
        await server.done()
        assert shown.states["1001"] == "idle"
        assert shown.told(DeviceStateChanged) == 2


async def test_sipp_ends_a_subscription(tmp_path: Path) -> None:
    steps = (
        sipp.subscribed(),
        sipp.granted(),
        sipp.told(1, 0, True, TALKS),
        sipp.notify(2, "terminated;reason=rejected"),
        sipp.told(3, 1, True, wanted=481),
    )
    async with sipp.notifier(tmp_path, *steps) as server, one_phone(server, "udp") as shown:
        await server.done()
        assert shown.states["1001"] == "unknown"
        assert shown.faults == ["dialog: may not be watched (rejected)"]


async def test_sipp_forgets_a_subscription(tmp_path: Path) -> None:
    steps = (
        sipp.subscribed(),
        sipp.granted(),
        sipp.told(1, 0, True, TALKS),
        sipp.told(2, 2, False, SECOND),
        sipp.refreshed(481, "Subscription Does Not Exist"),
    )
    async with sipp.notifier(tmp_path, *steps) as server, one_phone(server, "udp") as shown:
        await server.done()
        await shown.shows(x1001="unknown")
        assert shown.session.counts["481 SUBSCRIBE"] == 1


async def test_sipp_wants_longer(tmp_path: Path) -> None:
    steps = (
        sipp.subscribed(expires="600"),
        sipp.answer(423, "Interval Too Brief", "Min-Expires: 1200"),
        sipp.subscribed(expires="1200"),
        sipp.granted(1200),
        sipp.told(1, 0, True),
    )
    async with sipp.notifier(tmp_path, *steps) as server, one_phone(server, "udp") as shown:
        await server.done()
        assert shown.states["1001"] == "idle"


async def test_sipp_does_not_know_the_package(tmp_path: Path) -> None:
    steps = (sipp.subscribed(), sipp.answer(489, "Bad Event", "Allow-Events: message-summary"))
    async with sipp.notifier(tmp_path, *steps) as server, one_phone(server, "udp") as shown:
        await server.done()
        await shown.until(lambda: bool(shown.faults))
        assert "489 Bad Event (it has no event package dialog)" in shown.faults[0]
        assert shown.states["1001"] == "unknown"
