"""The whole way, as its user sees it: a switch on a socket, adapter, engine, hub, Chromium; broken, healed, and its end."""

import asyncio
import re
import signal

from playwright.async_api import Page, expect

from tests.main.processes import URL, command

CLOCK = re.compile(r"\d+:\d\d:\d\d")
STALE = re.compile(r"\bstale\b")


async def test_the_demo_moves_goes_stale_with_its_switch_and_comes_back(page: Page) -> None:
    async with command("demo", "--no-browser", "--speed", "10") as demo:
        url = await demo.says(URL)
        await page.goto(url + "?lang=en")
        await expect(page.locator(".mode")).to_have_text("Demo")
        queue = page.locator("tr[data-queue]").first
        before = await queue.inner_text()
        await expect(queue).not_to_have_text(before, timeout=30_000)
        answer = await page.request.post(
            url + "api/practice/faults",
            data={"name": "kill", "seconds": 5},
            headers={"Origin": url.rstrip("/")},
        )
        assert answer.ok
        await expect(page.locator("[data-tile=banner]")).to_contain_text(CLOCK, timeout=9_000)
        await expect(page.locator("[data-tile=sl]")).to_have_class(STALE)
        await expect(page.locator("[data-tile=sl]")).not_to_have_class(STALE, timeout=30_000)


async def test_when_the_demo_dies_the_wall_says_so(page: Page) -> None:
    async with command("demo", "--no-browser") as demo:
        await page.goto((await demo.says(URL)) + "?lang=en")
        await expect(page.locator("tr[data-queue]")).not_to_have_count(0)
        demo.child.send_signal(signal.SIGKILL)
        async with asyncio.timeout(10):
            await demo.child.wait()
        await expect(page.locator("[data-tile=banner]")).to_contain_text(CLOCK, timeout=9_000)
        await expect(page.locator("[data-tile=sl]")).to_have_class(STALE)


async def test_genuine_recordings_are_shown_with_their_names(page: Page) -> None:
    async with command("demo", "--no-browser", "--speed", "10", "--transcript", "shipped") as demo:
        url = await demo.says(URL)
        await page.goto(url + "?lang=en")
        await expect(page.locator(".mode")).to_have_text("Demo")
        queue = page.locator("tr[data-queue]").first
        before = await queue.inner_text()
        await expect(queue).not_to_have_text(before, timeout=30_000)
        await page.goto(url + "?lang=en&board=agents")
        await expect(page.locator("[data-agent]")).not_to_have_count(0)
        names = " ".join(await page.locator("[data-agent] .who").all_inner_texts())
        assert "Иванова Анна" in names
        assert "Smith, John" in names


async def test_the_demos_panel_breaks_its_switch_and_shows_that_the_wall_admits_it(page: Page) -> None:
    async with command("demo", "--no-browser", "--speed", "10") as demo:
        await page.goto(await demo.says(URL) + "?lang=en")
        await page.locator("[data-board=floor]").wait_for()
        await page.keyboard.press("b")
        told = page.locator("[data-verdict]")
        await expect(told).to_have_attribute("data-verdict", re.compile("equal|moving"))
        await page.get_by_text("5 s", exact=True).click()
        await page.locator("[data-fault=kill]").click()
        await expect(page.locator("[data-fault=kill]")).to_have_attribute("aria-pressed", "true")
        # Every call is gone at once; what the wall still shows is striped.
        await expect(told).to_have_attribute("data-verdict", "admits", timeout=9_000)
        await expect(page.locator("[data-truth] .shown.stale").first).to_be_visible()
        await expect(told).to_have_attribute("data-verdict", "equal", timeout=30_000)
        await expect(page.locator("[data-truth] .shown.stale")).to_have_count(0)
