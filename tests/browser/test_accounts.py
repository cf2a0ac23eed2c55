"""Signing in, the page of people, and what ends at once: the built page over the real app, in a browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import pytest
from playwright.async_api import Page, expect

from ccwall.access import Access
from ccwall.access.first import FirstCode
from ccwall.access.model import Account
from ccwall.clock import SystemClock
from ccwall.events import AgentId, Principal
from ccwall.hub import Hub
from ccwall_web.app import create_app
from ccwall_web.server import WallServer, bound_socket, config
from tests.access.desk import GOOD, account, opened
from tests.browser import boards, mock_wall
from tests.browser.test_accessibility import violations
from tests.hub.glass import Board, until
from tests.web.house import LittleFloor

AGENTS = {
    "1001": {"name": "王敏", "team": "A", "queues": ["sales"], "state": "ready"},
    "1002": {"name": "Li Jianguo", "team": "A", "queues": ["sales"], "state": "talking"},
    "1009": {"name": "Grace Liang", "team": "B", "queues": ["sales"], "state": "ready"},
}
TEAMS: dict[str, object] = {"A": {}, "B": {}}


@asynccontextmanager
async def served(*known: Account, open_to: Principal | None = None) -> AsyncIterator[tuple[str, Access]]:
    """A small floor, its accounts, and where it is; `open_to`: as the demo, everybody of it a persona."""
    clock = SystemClock()
    scene = {**boards.usual(), "agents": AGENTS, "teams": TEAMS}
    board = Board(*(((part,), value) for part, value in scene.items()))
    hub = Hub(clock, "1.2.3", changes=board.changes, heard=lambda: {"pbx1": clock.now()})
    personas = tuple(each.id for each in known) if open_to is not None else ()
    accounts = opened(None, clock, *known, personas=personas)
    access = Access(clock=clock, accounts=accounts, open_to=open_to)
    app = create_app(LittleFloor(), hub, access, static_dir=mock_wall.STATIC)
    server = WallServer(config(app), hub)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]  # the test runner keeps its own
    jobs = [asyncio.create_task(hub.run()), asyncio.create_task(accounts.run())]
    with bound_socket("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started or serving.done())
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/", access
        finally:
            server.should_exit = True
            await serving
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)


def everybody() -> list[Account]:
    return [
        account(name="陈静"),
        account("song.jia", "lead", name="宋佳", teams=("A",)),
        account("wang.min", "agent", name="王敏", agent=AgentId("1001"), teams=("A",)),
    ]


async def sign_in(page: Page, who: str, password: str = GOOD) -> None:
    await page.locator("input[name=username]").fill(who)
    await page.locator("input[name=password]").fill(password)
    await page.locator(".door button.main").click()


async def test_from_nobody_to_the_first_manager_and_out_again(page: Page) -> None:
    async with served() as (url, access):
        access.first = FirstCode(access.now())
        await page.goto(f"{url}people?lang=en")
        await expect(page.get_by_role("heading", name="Make the first account")).to_be_visible()
        await page.get_by_label("Code or token").fill("ABCD-EFGH-2345")
        await page.get_by_role("button", name="Enter").click()
        await expect(page.get_by_role("alert")).to_contain_text("wrong")
        await page.get_by_label("Code or token").fill(access.first.text.lower())
        await page.get_by_role("button", name="Enter").click()
        await page.locator("input[autocomplete=username]").fill("chen")
        await page.get_by_label("Name, as others read it").fill("陈静")
        await page.get_by_label("Password").fill("a good long sentence")
        await page.get_by_role("button", name="Make the first account").click()
        await sign_in(page, "chen", "wrong, and long enough")
        await expect(page.get_by_role("alert")).to_contain_text("The account or the password is wrong")
        assert await violations(page) == []
        await sign_in(page, "Chen", "a good long sentence")
        await expect(page.locator("[data-account=chen]")).to_contain_text("1 session")
        await page.get_by_role("button", name="Settings").click()
        await expect(page.locator(".dk-me")).to_contain_text("陈静")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.locator("input[name=username]")).to_be_visible()
        assert access.accounts is not None
        assert access.accounts.sessions() == []


async def test_a_new_person_is_made_given_a_password_and_chooses_their_own(page: Page) -> None:
    async with served(*everybody()) as (url, access):
        await page.goto(f"{url}people?lang=en")
        await sign_in(page, "chen")
        await page.get_by_role("button", name="Add account").click()
        await page.locator("input[autocomplete=username]").fill("song.jia")
        await page.locator(".bd-sheet").get_by_label("Name, as").fill("何平 He Ping")
        await page.locator(".bd-sheet").get_by_label("Role").select_option("lead")
        await page.get_by_role("button", name="All teams").click()
        await page.locator(".pp-scope button", has_text="B").first.click()
        assert await violations(page) == []
        await page.locator(".bd-sheet .main").click()
        await expect(page.locator(".bd-sheet").get_by_role("alert")).to_contain_text(
            "There is an account of this login"
        )
        await page.locator("input[autocomplete=username]").fill("he.ping")
        await page.locator(".bd-sheet .main").click()
        password = await page.locator(".pp-secret code").inner_text()
        await page.get_by_role("button", name="Done").click()
        await expect(page.locator("[data-account='he.ping']")).to_contain_text("Teams B")
        assert await violations(page) == []
        await page.context.clear_cookies()
        await page.goto(f"{url}team?lang=en")
        await sign_in(page, "he.ping", password)
        await expect(page.get_by_role("heading", name="Change the password")).to_be_visible()
        assert await violations(page) == []
        await page.get_by_label("Present password").fill(password)
        for field in ("New password", "New password again"):
            await page.get_by_label(field, exact=True).fill("my own from now on")
        await page.get_by_role("button", name="Save the new password").click()
        await expect(page.get_by_text("Grace Liang")).to_be_visible()
        await expect(page.get_by_text("Li Jianguo")).to_have_count(0)
        assert access.accounts is not None
        assert not access.accounts.all["he.ping"].must_change


async def test_another_role_turns_an_open_page_away_at_once(page: Page) -> None:
    async with served(*everybody()) as (url, _):
        await page.goto(f"{url}team?lang=en")
        await sign_in(page, "song.jia")
        await expect(page.get_by_text("Li Jianguo")).to_be_visible()
        boss = await page.context.browser.new_context()  # type: ignore[union-attr]
        other = await boss.new_page()
        await other.goto(f"{url}people?lang=en")
        await sign_in(other, "chen")
        row = other.locator("[data-account='song.jia']")
        await row.get_by_role("button", name="Disable").click()
        await other.locator(".bd-sheet .main").click()
        await expect(row).to_contain_text("Disabled")
        await expect(page.locator("input[name=username]")).to_be_visible()
        await sign_in(page, "song.jia")
        await expect(page.get_by_role("alert")).to_contain_text("wrong")
        await boss.close()


async def test_who_takes_calls_sees_themselves_and_nobody_else(page: Page) -> None:
    async with served(*everybody()) as (url, _):
        await page.goto(f"{url}team?lang=en")
        await sign_in(page, "wang.min")
        await expect(page.get_by_text("王敏").first).to_be_visible()
        for name in ("Li Jianguo", "Grace Liang"):
            await expect(page.get_by_text(name)).to_have_count(0)
        await page.goto(f"{url}people?lang=en")
        await expect(page.get_by_text("This page is for managers and operations.")).to_be_visible()
        await expect(page.locator("[data-account]")).to_have_count(0)


async def test_a_display_link_opens_a_wall_until_it_is_revoked(page: Page) -> None:
    async with served(*everybody()) as (url, _):
        await page.goto(f"{url}people?lang=en")
        await sign_in(page, "chen")
        await page.get_by_role("button", name="New link").click()
        await page.get_by_label("Which screen it is for").fill("Hall")
        await page.locator(".bd-sheet .main").click()
        link = await page.locator(".pp-secret code").inner_text()
        await page.get_by_role("button", name="Done").click()
        assert "#token=" in link
        hall = await page.context.browser.new_context()  # type: ignore[union-attr]
        screen = await hall.new_page()
        await screen.goto(link)
        await expect(screen.locator("main[data-board]")).to_be_visible()
        assert "token" not in screen.url
        await page.reload()
        row = page.locator("[data-link]")
        await expect(row).to_contain_text("1 screen")
        await row.get_by_role("button", name="Revoke").click()
        await page.locator(".bd-sheet .main").click()
        await expect(row).to_contain_text("Revoked")
        await expect(screen.locator("input[name=username]")).to_be_visible()
        await hall.close()


@pytest.mark.parametrize("lang", ["zh-CN", "zh-TW"])
async def test_in_the_demo_anybody_practises_as_somebody_on_a_phone_too(page: Page, lang: str) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    async with served(*everybody(), open_to=Principal(id="demo", role="supervisor")) as (url, access):
        await page.goto(f"{url}team?lang={lang}")
        await expect(page.get_by_text("Grace Liang")).to_be_visible()
        await page.locator(".dk-menu > button").click()
        await page.locator(".dk-me fieldset button", has_text="宋佳").click()
        await expect(page.get_by_text("Li Jianguo")).to_be_visible()
        await expect(page.get_by_text("Grace Liang")).to_have_count(0)
        await page.locator(".dk-menu > button").click()
        assert await violations(page) == []
        wide = await page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 390
        assert access.accounts is not None
        access.accounts.personas = ("chen",)
        access.open_to = None
        await access.accounts.sign_out_everywhere("song.jia")
        await expect(page.locator(".door h1")).to_be_visible()
        assert await violations(page) == []
