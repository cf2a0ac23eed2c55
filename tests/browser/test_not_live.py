"""No number that is old looks live: not on any tile of any board, not after a sleep, and not for a moment on the way back."""

import asyncio
import os
import re
import signal
import sys

import pytest
from playwright.async_api import Page, expect

from tests.browser import boards
from tests.browser.everything import NAME, everything
from tests.browser.mock_wall import mock_wall

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

# Silence is noticed after 3 s of it, here with threefold slack; awake again means right within 2 s.
NOTICED = 9_000
AWAKE = 2_000

# Figures that do not look old although the page is not live: `kind: words`. What somebody wrote on a board is not a number of the floor.
LIVELY = """() => {
  const WRITTEN = new Set(["text", "picture", "ticker", "thanks", "embed"]);
  const OLD = ".stale, .old, .asof, .is-loading, .banner, .name, .whose, .of, .date, h2, .axis, .vh, th, small, .aim";
  const found = [];
  for (const cell of document.querySelectorAll("[data-cell]")) {
    if (WRITTEN.has(cell.dataset.kind)) continue;
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, element = node.parentElement;
      if (!/\\d/.test(node.textContent) || element.closest(OLD) || !element.checkVisibility()) continue;
      found.push(`${cell.dataset.kind}: ${node.textContent.trim().slice(0, 30)}`);
    }
  }
  return found;
}"""
# Each frame's word on whether the page is live, and the number it shows beside it.
WATCHED = """() => {
  window.seen = [];
  const look = () => {
    const isLive = document.querySelector(".mode.lost") === null && document.querySelector("[data-tile=banner]") === null;
    window.seen.push([isLive, document.querySelector("[data-tile=waiting] .num")?.textContent ?? "", document.title]);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  const frame = () => { look(); requestAnimationFrame(frame); };
  frame();
}"""


async def renderers_of(page: Page) -> list[int]:
    """The processes that draw pages: this one's, and those the browser holds ready."""
    browser = page.context.browser
    assert browser is not None
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    return [each["id"] for each in told["processInfo"] if each["type"] == "renderer"]


async def test_every_tile_of_every_board_looks_old_without_its_server(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        names = everything(wall.library)
        await page.goto(f"{wall.url}?board={NAME}")
        await page.locator(f"main[data-board={NAME}]").wait_for()
        icon = "() => document.querySelector('link[rel=icon]').href"
        usual = await page.evaluate(icon)
        assert await page.title() == "全场 · ccwall" or "非实时" not in await page.title()
        await expect(page.locator(".clock").first).to_contain_text(":")
        await wall.stop()
        try:
            await expect(page.locator("[data-tile=banner]")).to_contain_text("停在 10:24:", timeout=NOTICED)
            await expect(page).to_have_title(re.compile("^⚠ 非实时"))
            assert await page.evaluate(icon) != usual
            for i, name in enumerate(names):
                await expect(page.locator("main")).to_have_attribute("data-page", str(i))
                await expect(page.locator("[data-tile=banner]")).to_be_visible()
                assert await page.evaluate(LIVELY) == [], name
                await page.keyboard.press("ArrowRight")
        finally:
            await wall.start()


async def test_a_page_that_was_stopped_shows_nothing_it_missed_as_live_and_is_right_at_once(
    page: Page,
) -> None:
    """Its process stands still, as a tab's that the browser suspends; what came for it meanwhile lies ready when it goes on."""
    async with mock_wall(boards.usual()) as wall:
        await page.goto(wall.url)
        waiting = page.locator("[data-tile=waiting] .num")
        await expect(waiting).to_have_text("3")
        await wall.until_said("ack")
        await page.evaluate(WATCHED)
        renderers = await renderers_of(page)
        for process in renderers:
            os.kill(process, signal.SIGSTOP)
        try:
            # Seven seconds of a floor that goes on: 3, 4, 5, 4, 5 … and 8 in the end.
            for number in (4, 5, 4, 5, 4, 5, 8):
                await asyncio.sleep(1)
                wall.board["floor"]["waiting"] = number
                await wall.change((["floor", "waiting"], number))
        finally:
            for process in renderers:
                os.kill(process, signal.SIGCONT)
        await expect(waiting).to_have_text("8", timeout=AWAKE)
        await expect(page.locator("[data-tile=banner]")).to_be_hidden(timeout=AWAKE)
        seen = [(is_live, number) for is_live, number, _ in await page.evaluate("window.seen")]
        states = [state for i, state in enumerate(seen) if i == 0 or seen[i - 1] != state]
        # The snapshot may be drawn a moment before the word that the page is live.
        assert [state for state in states if state != (False, "8")] == [
            (True, "3"),
            (False, "3"),
            (True, "8"),
        ]


async def test_a_page_that_is_told_that_it_will_be_frozen_is_not_live_before_it_is(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.goto(wall.url)
        await expect(page.locator("[data-tile=waiting] .num")).to_have_text("3")
        await page.evaluate(WATCHED)
        await page.evaluate("document.dispatchEvent(new Event('freeze'))")
        await page.wait_for_function("() => window.seen.some(([isLive]) => !isLive)")
        await page.evaluate("document.dispatchEvent(new Event('resume'))")
        await expect(page.locator("[data-tile=banner]")).to_be_hidden(timeout=AWAKE)


async def test_a_machine_that_slept_finds_it_out_by_its_time_of_day(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.clock.set_fixed_time(boards.NOW)
        await page.goto(wall.url)
        waiting = page.locator("[data-tile=waiting] .num")
        await expect(waiting).to_have_text("3")
        joined = wall.joins
        wall.board["floor"]["waiting"] = 5
        await page.evaluate(WATCHED)
        # Ten minutes that the monotonic clock has not: the lid was closed.
        await page.clock.set_fixed_time(boards.NOW + 600)
        await expect(waiting).to_have_text("5", timeout=AWAKE)
        assert wall.joins == joined + 1
        seen = await page.evaluate("window.seen")
        assert {number for is_live, number, _ in seen if not is_live} >= {"3"}


async def test_a_new_version_waits_until_nobody_holds_the_page(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.goto(wall.url)
        await page.locator("main[data-board]").wait_for()
        await expect(page.locator("[data-tile=waiting] .num")).to_have_text("3")
        await page.evaluate("() => { document.body.dataset.unsaved = ''; window.first = true; }")
        await wall.until_said("ack")
        await wall.upgrade("0.2.0")
        await page.wait_for_timeout(1500)
        assert await page.evaluate("window.first") is True
        await page.evaluate("() => delete document.body.dataset.unsaved")
        await page.wait_for_function("() => window.first === undefined", timeout=NOTICED)
