"""A wall nobody stands at: it reports how it is, keeps its screen awake, and shows itself while its server is away."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Response, Route, expect

from tests.browser import boards, teams
from tests.browser.mock_wall import MockWall, mock_wall

NOTICED = 9_000
SHELL = """async () => {
  await navigator.serviceWorker.ready;
  const shell = await caches.open("ccwall-shell-1");
  return (await shell.keys()).map(({ url }) => new URL(url).pathname);
}"""
ALL_KEPT = """async () => {
  for (;;) {
    const kept = new Set((await (await caches.open("ccwall-shell-1")).keys()).map(({ url }) => url));
    const parts = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/assets/"));
    if (kept.size > 4 && parts.every(({ name }) => kept.has(name))) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}"""
# What the browser does not do without a screen, watched instead of done.
WATCHED = """
  window.locks = 0;
  Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
    window.locks += kind === "screen" ? 1 : 0;
    return { released: false, release: async () => undefined };
  } } });
"""


def _is_report(response: Response) -> bool:
    return response.url.endswith("/api/v1/screens")


async def shown(page: Page, wall: MockWall, address: str = "") -> None:
    await page.goto(wall.url + address)
    await page.locator("main[data-board]").wait_for()
    await expect(page.locator(".clock").first).to_contain_text(":")


@pytest.mark.worker
async def test_a_page_loaded_while_the_server_is_away_shows_itself_says_so_and_comes_alive(
    page: Page,
) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.add_init_script(WATCHED)
        report = asyncio.ensure_future(page.wait_for_event("response", _is_report))
        await shown(page, wall)
        port = int(wall.url.rstrip("/").rpartition(":")[2])
        # The worker comes three seconds after the page, and keeps what the page already had.
        await page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=NOTICED)
        await asyncio.wait_for(page.evaluate(ALL_KEPT), NOTICED / 1000)
        kept = await page.evaluate(SHELL)
        assert "/" in kept
        assert not [path for path in kept if path.startswith("/api/")]
        # It says how it is within ten seconds, and asked for its screen to stay on.
        await report
        said = wall.library.reports[0]
        assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", said["screen"])
        assert (said["board"], said["page"], said["version"], said["width"]) == ("floor", 0, "0.1.0", 1920)
        assert said["nodes"] > 100
        assert said["heap"] > 100_000
        assert said["errors"] == 0
        assert await page.evaluate("window.locks") == 1

        await wall.stop()
        await page.reload()
        main = page.locator("main[data-board=floor]")
        await main.wait_for(timeout=NOTICED)
        assert not re.search(r"\d+%", await page.locator("main").inner_text())
        await expect(page.locator("[data-tile=banner]")).to_contain_text("连不上服务器", timeout=NOTICED)
        await expect(page).to_have_title(re.compile("非实时"))
        await wall.start(port)
        await expect(page.locator("[data-tile=sl] .num")).to_contain_text("81", timeout=20_000)
        await expect(page.locator("[data-tile=banner]")).to_be_hidden()
        await expect(page).not_to_have_title(re.compile("非实时"))


@pytest.mark.worker
async def test_a_leads_page_opened_while_the_server_is_away_shows_itself_and_comes_alive(page: Page) -> None:
    async with mock_wall(teams.team()) as wall:
        await page.goto(f"{wall.url}team?lang=en")
        await page.locator("[data-agent]").first.wait_for()
        port = int(wall.url.rstrip("/").rpartition(":")[2])
        await page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=NOTICED)
        await asyncio.wait_for(page.evaluate(ALL_KEPT), NOTICED / 1000)
        await wall.stop()
        await page.reload()
        await expect(page.locator("body")).to_contain_text("Server lost", timeout=NOTICED)
        await wall.start(port)
        await page.locator("[data-agent]").first.wait_for(timeout=20_000)


async def test_a_part_that_did_not_come_while_the_server_died_comes_later_and_dressed(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        ahead = {"kiosk.js", "explain.css"}
        enough = asyncio.Event()

        async def refuse(route: Route) -> None:
            name = re.sub(r".*/([a-z]+)-.*(\.\w+)$", r"\1\2", route.request.url)
            await route.abort()
            ahead.discard(name)
            if not ahead:
                enough.set()

        late = re.compile(r"/assets/(kiosk|explain)-[^/]+[.](js|css)$")
        await page.route(late, refuse)
        report = asyncio.ensure_future(page.wait_for_event("response", _is_report, timeout=NOTICED * 3))
        await shown(page, wall)
        number = page.locator("[data-tile=sl] .ask")
        await number.click(force=True)
        await asyncio.wait_for(enough.wait(), NOTICED / 1000)
        await page.unroute(late)
        await report
        await number.click(force=True)
        panel = page.locator(".explain")
        await panel.wait_for()
        assert await panel.evaluate("panel => getComputedStyle(panel).position") == "fixed"


async def test_a_preview_inside_the_editor_is_no_screen(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.add_init_script(WATCHED)
        await page.goto(f"{wall.url}?preview=1")
        await wall.until_said("ack")
        await page.wait_for_timeout(300)
        assert await page.evaluate("window.locks") == 0


async def test_the_health_page_lists_screens_and_marks_those_in_trouble(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.documents["/api/health"] = {"version": "0.1.0", "running": True, "sources": {}, "screens": 2}
        well = {"screen": "aaaaaaaa1", "board": "floor", "page": 0, "version": "0.1.0", "heap": 24_000_000, "nodes": 1204, "paint_p95": 12.5, "errors": 0, "up": 7200, "width": 1920, "height": 1080, "lang": "zh-CN", "theme": "dark", "client": "10.1.2.3"}  # fmt: skip
        ill = {
            **well,
            "screen": "bbbbbbbb2",
            "board": "team",
            "version": "0.0.9",
            "errors": 3,
            "paint_p95": 240,
        }
        wall.library.reports += [well, ill]
        await page.goto(f"{wall.url}health")
        card = page.locator("[data-card=screens]")
        await expect(card).to_contain_text("2 块")
        rows = card.locator("[data-screen]")
        # The worst first.
        await expect(rows.first).to_have_attribute("data-screen", "bbbbbbbb2")
        await expect(rows.first.locator(".fact.warn")).to_have_count(3)
        await expect(rows.nth(1).locator(".fact.warn")).to_have_count(0)
        await expect(rows.nth(1)).to_contain_text("13 ms")


async def test_a_clock_that_is_wrong_is_said_quietly(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.clock.set_fixed_time(boards.NOW - 200)
        await shown(page, wall)
        skew = page.locator(".w-head .skew")
        await expect(skew).to_contain_text("本屏时钟慢 3 分", timeout=NOTICED)
        # The ages on the page are by the server's clock all the same.
        await expect(page.locator("[data-tile=longest] .num")).to_have_text(re.compile(r"0:\d\d|1:0\d"))
