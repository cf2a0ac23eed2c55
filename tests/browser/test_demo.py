"""The whole way, as its user sees it: genuine Asterisk traffic, adapter, engine, hub, socket, Chromium; and its end."""

import asyncio
import re
import signal

from playwright.async_api import Page, expect

from tests.main.test_processes import URL, command


async def test_the_demo_moves_and_when_it_dies_the_wall_says_so(page: Page) -> None:
    async with command("demo", "--no-browser", "--speed", "10") as demo:
        await page.goto((await demo.says(URL)) + "?lang=en")
        await expect(page.locator(".mode")).to_have_text("Demo")
        await expect(page.locator("[data-agent]")).not_to_have_count(0)
        answered = page.locator("[data-queue]").first
        before = await answered.inner_text()
        await expect(answered).not_to_have_text(before, timeout=30_000)
        names = " ".join(await page.locator("[data-agent] .who").all_inner_texts())
        assert "Иванова Анна" in names
        assert "Smith, John" in names
        demo.child.send_signal(signal.SIGKILL)
        async with asyncio.timeout(10):
            await demo.child.wait()
        await expect(page.locator("[data-tile=banner]")).to_contain_text(
            re.compile(r"\d+:\d\d:\d\d"), timeout=9_000
        )
        await expect(page.locator("[data-tile=sl]")).to_have_class(re.compile(r"\bstale\b"))
