"""A whole house as `ccwall serve` puts it up, on sockets; what happens on its floor comes by HTTP, and its clock can leap.

Nothing here is decided by how fast the machine is: limits are minutes of the floor, and they pass when a test says so.
"""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from ccwall.access.account_changes import create
from ccwall.access.account_file import ACCOUNTS, AccountFile
from ccwall.access.model import Account
from ccwall.clock import Clock, SystemClock
from ccwall.config import load
from ccwall.events import SYSTEM, AgentId
from ccwall.main.serve import guard, served
from ccwall_simulators.robots import DingTalkRobot, Message, Phone, Robots
from tests.access.desk import GOOD, account
from tests.browser.mock_wall import STATIC
from tests.integration.test_served_wall import free_port

MORNING = 1_795_399_200.0
"""A Monday, 10:00 in Shanghai."""
MINUTE = 60.0
ANNA, WU = "a1001", "a1002"
SONG, HE, LIN, LAN = "song.jia", "he.ping", "lin.jing", "shen.lan"
"""Two leads of one team, the supervisor of the floor, and the manager."""
DESK, HAND = (1440, 900), (390, 844)
CONFIG = """
[site]
name = {{ zh-CN = "上海中心", en = "Shanghai centre" }}
zone = "Asia/Shanghai"

[web]
port = {port}
token = {{ env = "BY_HAND_WALL" }}

[alerts]
channels = ["dingtalk"]

[[source]]
name = "bus"
type = "cloudevents-http"
token = {{ env = "BY_HAND_BUS" }}

[[queue]]
native = "consult"
name = {{ zh-CN = "咨询", zh-TW = "諮詢", en = "Consult" }}

[[queue]]
native = "claims"
name = {{ zh-CN = "理赔", zh-TW = "理賠", en = "Claims" }}

[[agent]]
id = "a1001"
name = {{ zh-CN = "刘子涵", zh-TW = "劉子涵", en = "Liu Zihan" }}
team = "A"
interfaces.bus = ["1001"]

[[agent]]
id = "a1002"
name = {{ zh-CN = "吴强", zh-TW = "吳強", en = "Wu Qiang" }}
team = "A"
interfaces.bus = ["1002"]

[not_ready]
short = "short"

[[rule]]
id = "longest_wait"
worse = "1h"
"""
Fact = tuple[str, Mapping[str, object]]
"""Its tag and its fields."""
SECRETS = {"BY_HAND_WALL": "w" * 40, "BY_HAND_BUS": "s3cret"}


def everybody() -> list[Account]:
    return [
        account(LAN, name="沈岚"),
        account(SONG, "lead", name="宋佳", teams=("A",)),
        account(HE, "lead", name="何平", teams=("A",)),
        account(LIN, "supervisor", name="林静"),
        account("liu.zihan", "agent", name="刘子涵", agent=AgentId(ANNA), teams=("A",)),
    ]


class Leaping:
    """Goes as the machine's does, and leaps when told. Implements `Clock`."""

    rate = 1.0

    def __init__(self, start: float) -> None:
        self._start = start - time.monotonic()
        self._leapt = asyncio.Event()

    def now(self) -> float:
        return self._start + time.monotonic()

    async def sleep(self, seconds: float) -> None:
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            leapt = self._leapt
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await leapt.wait()
        await asyncio.sleep(0)

    def leap(self, seconds: float) -> None:
        self._start += seconds
        self._leapt.set()
        self._leapt = asyncio.Event()


class Place:
    """A house that is served: what happens on its floor, who looks at it, and what its robot was told."""

    def __init__(
        self, url: str, clock: Leaping, browser: Browser, phone: Phone, bus: httpx.AsyncClient
    ) -> None:
        self.url, self.clock = url, clock
        self._browser, self._phone, self._bus = browser, phone, bus
        self._said = 0

    async def say(self, *facts: Fact, at: Callable[[int], float] | None = None) -> None:
        """Facts by tag and fields, as a CTI server would post them; ``at`` gives the instant of each."""
        events = []
        for n, (tag, data) in enumerate(facts):
            self._said += 1
            told = data if at is None else {**data, "at": at(n)}
            events.append(
                {"specversion": "1.0", "id": str(self._said), "source": "/cti", "type": f"com.ccwall.{tag}", "data": told}
            )  # fmt: skip
        answer = await self._bus.post("/api/v1/events/bus", json=events)
        assert answer.status_code == 202, answer.text

    async def waits(self, contact: str, queue: str) -> None:
        await self.say(("contact.queued", {"contact": contact, "queue": queue}))

    async def opened(self, who: str, path: str, size: tuple[int, int], lang: str = "zh-CN") -> Page:
        """Signed in with account and password, in a browser of their own."""
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=lang,
            has_touch=size == HAND,
            service_workers="block",
        )
        told = {"account": who, "password": GOOD}
        answer = await context.request.post(
            f"{self.url}api/v1/session", data=told, headers={"Origin": self.url.rstrip("/")}
        )
        assert answer.ok, await answer.text()
        page = await context.new_page()
        await page.goto(f"{self.url}{path}")
        return page

    @property
    def messages(self) -> list[Message]:
        """What the group's robot got, oldest first."""
        return self._phone.messages


@asynccontextmanager
async def a_house(browser: Browser, folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    if not (STATIC / "index.html").is_file():
        pytest.fail("the wall is not built: make web", pytrace=False)
    for name, value in SECRETS.items():
        patch.setenv(name, value)
    clock, phone, port = Leaping(MORNING), Phone(), free_port()
    url = f"http://127.0.0.1:{port}/"
    async with AsyncExitStack() as stack:
        robots = await stack.enter_async_context(Robots([DingTalkRobot(phone)], SystemClock().now))
        file = folder / "ccwall.toml"
        file.write_text(CONFIG.format(port=port) + robots.configuration(), encoding="utf-8")
        headers = {
            "authorization": f"Bearer {SECRETS['BY_HAND_BUS']}",
            "content-type": "application/cloudevents-batch+json",
        }
        bus = await stack.enter_async_context(httpx.AsyncClient(base_url=url, headers=headers, timeout=20))
        await stack.enter_async_context(_serving(file, clock))
        place = Place(url, clock, browser, phone, bus)
        await _people_come(place)
        yield place


@asynccontextmanager
async def _serving(file: Path, clock: Clock) -> AsyncIterator[None]:
    config, ready = load(file), asyncio.Event()
    guard(config)
    folder = file.parent / "journal"
    folder.mkdir()
    accounts = AccountFile(folder / ACCOUNTS, clock.now)
    for each in everybody():
        accounts.change(partial(create, by=SYSTEM, account=each))
    accounts.close()

    def say(line: str) -> None:
        if "the wall is at" in line:
            ready.set()

    serving = asyncio.ensure_future(served(config, clock, say))
    waiting = asyncio.ensure_future(ready.wait())
    await asyncio.wait([serving, waiting], timeout=20, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if serving.done():
            await serving
        assert ready.is_set()
        yield
    finally:
        if not serving.done():
            signal.raise_signal(signal.SIGTERM)  # as whoever stops a service does
        await serving
        gc.unfreeze()  # a service sets aside what it loaded, and the tests to come want to be rid of it


async def _people_come(place: Place) -> None:
    came: list[Fact] = []
    for agent in ("1001", "1002"):
        came.append(("agent.logged_on", {"agent": agent}))
        for queue in ("consult", "claims"):
            joined = {"agent": agent, "queue": queue, "member": True, "interface": agent}
            came.append(("agent.membership_changed", joined))
        came.append(("agent.ready", {"agent": agent}))
    await place.say(*came)
