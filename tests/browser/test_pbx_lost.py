"""`ccwall serve` and its switch, as who stands before the wall sees them: lost, back, told again; refused; not recorded."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.integration.manager import Manager
from tests.main.processes import command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
TOKEN = "w" * 40
CONFIG = """
[web]
port = {web}
token = {{ env = "WALL_TOKEN" }}

[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{pbx}"
username = "wallboard"
secret = {{ env = "PBX_SECRET" }}
"""
OLD = re.compile(r"\bstale\b")
AS_OF = re.compile(r"As of \d\d:\d\d:\d\d")
# Shown within 3 s, here with threefold slack.
NOTICED = 9_000


class Slow(Manager):
    """A manager that may be made to hold its tongue when it is asked how its queues are."""

    def __init__(self) -> None:
        super().__init__({"wallboard": "s3cret"})
        self.holds = False
        self._held: list[tuple[str, asyncio.StreamWriter]] = []
        self.was_asked = asyncio.Event()

    def _list_queue(self, action_id: str, writer: asyncio.StreamWriter) -> None:
        if not self.holds:
            super()._list_queue(action_id, writer)
            return
        self._held.append((action_id, writer))
        self.was_asked.set()

    def tell(self) -> None:
        self.holds = False
        for action_id, writer in self._held:
            super()._list_queue(action_id, writer)


@pytest_asyncio.fixture(loop_scope="session")
async def pbx() -> AsyncIterator[Slow]:
    server = Slow()
    await server.start()
    yield server
    await server.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def served(pbx: Slow, folder: Path, secret: str = "s3cret") -> AsyncIterator[str]:
    """The address of a wall that reads this switch; it lets in who comes by it."""
    web = free_port()
    file = folder / "ccwall.toml"
    file.write_text(CONFIG.format(web=web, pbx=pbx.port))
    async with command("serve", "-c", str(file), WALL_TOKEN=TOKEN, PBX_SECRET=secret) as ccwall:
        await ccwall.says(f":{web}/")
        yield f"http://127.0.0.1:{web}/?lang=en&token={TOKEN}"


def queue(page: Page) -> Locator:
    return page.locator("tr[data-queue='pbx1/consult']")


async def test_a_lost_switch_is_striped_and_stays_so_until_it_has_told_everything(
    page: Page, pbx: Slow, tmp_path: Path
) -> None:
    pbx.waiting = ["1.1", "1.2"]
    async with served(pbx, tmp_path) as url:
        await page.goto(url)
        await expect(queue(page)).not_to_have_class(OLD)
        await expect(page.locator("[data-tile=waiting] .num")).to_have_text("2")
        await pbx.kill()
        await expect(queue(page)).to_have_class(OLD, timeout=NOTICED)
        await expect(page.locator("[data-tile=waiting]")).to_contain_text(AS_OF)
        stood = await page.locator("[data-tile=waiting] .asof").inner_text()
        pbx.holds, pbx.waiting = True, ["1.2"]
        await pbx.start()
        async with asyncio.timeout(40):
            await pbx.was_asked.wait()
        # Back, logged in, asked: and still nothing is known to be true.
        await expect(page.locator("[data-tile=banner]")).to_contain_text("catching up")
        await expect(page.locator("[data-source=pbx1]")).to_contain_text("catching up…")
        await expect(queue(page)).to_have_class(OLD)
        assert await page.locator("[data-tile=waiting] .asof").inner_text() == stood
        assert await page.locator("[data-tile=waiting] .num").inner_text() == "2"
        pbx.tell()
        await expect(queue(page)).not_to_have_class(OLD, timeout=NOTICED)
        await expect(page.locator("[data-tile=waiting] .num")).to_have_text("1")
        await expect(page.locator("[data-tile=banner]")).to_be_hidden()
        await expect(page.locator("[data-tile=curve] h2")).to_contain_text(re.compile(r"[Ii]ncomplete \d"))


async def test_a_wrong_password_is_red_and_says_so_in_words(page: Page, pbx: Slow, tmp_path: Path) -> None:
    async with served(pbx, tmp_path, secret="wrong") as url:
        await page.goto(url)
        await expect(page.locator("[data-tile=banner]")).to_contain_text(
            "pbx1 refused the log-in", timeout=NOTICED
        )
        await expect(page.locator("[data-tile=banner]")).to_contain_text("Check user and secret")
        await expect(page.locator("[data-source=pbx1]")).to_have_class(re.compile(r"\bsomebody\b"))


async def test_a_displays_token_does_not_open_the_health_page(page: Page, pbx: Slow, tmp_path: Path) -> None:
    async with served(pbx, tmp_path) as url:
        await page.goto(url)
        await page.locator("[data-board=floor]").wait_for()
        await page.goto(url.partition("?")[0] + "health?lang=en")
        await expect(page.get_by_role("heading", name="Health needs a staff token")).to_be_visible()


async def test_a_wall_that_is_served_has_nothing_to_break(page: Page, pbx: Slow, tmp_path: Path) -> None:
    async with served(pbx, tmp_path) as url:
        await page.goto(url.replace("/?", "/practice?"))
        await expect(page.get_by_role("heading", name="There is nothing to break here")).to_be_visible()
