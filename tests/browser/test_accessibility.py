"""Every page for everybody: axe finds nothing, a floor of text does not care which way it runs, and forced colours keep the shapes."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import boards
from tests.browser.everything import NAME, everything
from tests.browser.mock_wall import MockWall, mock_wall

AXE = Path(__file__).parents[2] / "web" / "wall" / "node_modules" / "axe-core" / "axe.min.js"
LINT = (Path(__file__).parent / "lint.js").read_text(encoding="utf-8")
THEMES = ("dark", "light", "hc")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The structure of a page is the same in every theme; its colours are not.
COLOURS = ["color-contrast"]
RUN = """async ([theme, rules, standards]) => {
  document.documentElement.dataset.theme = theme;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const runOnly = rules === null ? { type: "tag", values: standards } : { type: "rule", values: rules };
  const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], rules: rules === null ? { "target-size": { enabled: true } } : {} });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.split("\\n").slice(1).join(" ").trim().slice(0, 160)}`));
}"""


async def violations(page: Page, themes: tuple[str, ...] = THEMES) -> list[str]:
    """Everything in the first theme, colours in the others."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = []
    # What fades in is faint while it does.
    await page.wait_for_function(
        "() => document.getAnimations().every(({ playState }) => playState === 'finished')"
    )
    for theme in themes:
        rules: list[str] | None = None if theme == themes[0] else COLOURS
        found += [f"{theme} {each}" for each in await page.evaluate(RUN, [theme, rules, STANDARDS])]
    await page.evaluate(f"() => {{ document.documentElement.dataset.theme = '{themes[0]}'; }}")
    return found


def floor() -> boards.Json:
    """A floor on which something is near, something over, somebody contradicted, and a source gone."""
    scene = boards.doubtful()
    scene["queues"]["pbx1/回访"] |= {"waiting": 9, "longest_since": boards.NOW - 500}
    scene["sources"]["sip1"] |= {"sense": "phone", "state": "down", "as_of": boards.NOW - 30}
    scene["now"] = boards.NOW
    return scene


async def shown(page: Page, wall: MockWall, address: str, ready: str) -> None:
    await page.goto(wall.url + address)
    await page.locator(ready).first.wait_for()
    await page.wait_for_timeout(300)


async def test_no_board_keeps_anybody_out_and_none_minds_which_way_words_run(page: Page) -> None:
    async with mock_wall(floor()) as wall:
        names = everything(wall.library)
        await page.emulate_media(reduced_motion="reduce")
        await shown(page, wall, f"?board={NAME}", f"main[data-board={NAME}]")
        await expect(page.locator(".clock").first).to_contain_text(":")
        found: list[str] = []
        for i, name in enumerate(names):
            await expect(page.locator("main")).to_have_attribute("data-page", str(i))
            await page.wait_for_timeout(250)
            found += [f"{name}: {each}" for each in await violations(page)]
            await page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
            await page.wait_for_timeout(150)
            found += [f"{name} rtl: {each}" for each in await page.evaluate(LINT, "wall")]
            await page.evaluate("() => { document.documentElement.dir = ''; }")
            assert await page.evaluate("() => document.getAnimations().length") == 0
            await page.keyboard.press("ArrowRight")
        assert found == []


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "team": ("main", {}),
    "seats": ("main", {}),
    "health": ("[data-card=house]", {"/api/health": {"version": "0.1.0", "running": True, "screens": 1}}),
    "boards": ("main", {}),
    "edit?board=floor": ("main", {}),
}


@pytest.mark.parametrize("address", PAGES)
async def test_no_page_beside_the_wall_keeps_anybody_out(page: Page, address: str) -> None:
    ready, documents = PAGES[address]
    async with mock_wall(floor()) as wall:
        for path, document in documents.items():
            wall.documents[path] = {"sources": wall.board["sources"], **document}
        await page.emulate_media(reduced_motion="reduce")
        await shown(page, wall, address, ready)
        assert await violations(page) == []


async def test_forced_colours_keep_fills_frames_and_shapes(page: Page) -> None:
    async with mock_wall(floor()) as wall:
        await page.emulate_media(forced_colors="active")
        await shown(page, wall, "", "main[data-board=floor]")
        await expect(page.locator(".cx.breach").first).to_be_visible()
        system = await page.evaluate(
            """() => {
              const probe = document.body.appendChild(document.createElement("i"));
              const of = (colour) => ((probe.style.color = colour), getComputedStyle(probe).color);
              return Object.fromEntries(["Canvas", "CanvasText"].map((name) => [name, of(name)]));
            }"""
        )
        over = await page.locator(".cx.breach").first.evaluate(
            "(tile) => [getComputedStyle(tile).backgroundColor, getComputedStyle(tile).color]"
        )
        assert over == [system["CanvasText"], system["Canvas"]]
        # Frames are shadows, which a browser that chooses the colours itself takes away.
        assert await page.evaluate("() => getComputedStyle(document.body).forcedColorAdjust") == "none"
        mark = await page.locator(".cx.warn svg").first.evaluate(
            "(svg) => [getComputedStyle(svg).color, getComputedStyle(svg).getPropertyValue('--cut')]"
        )
        assert mark == [system["CanvasText"], "Canvas"]


async def test_at_200_percent_a_board_is_one_column_that_scrolls_down_only(page: Page) -> None:
    async with mock_wall(floor()) as wall:
        # A screen of 1280 x 720 whose reader magnifies it twice.
        await page.set_viewport_size({"width": 640, "height": 360})
        await shown(page, wall, "?lang=en", "main[data-board=floor]")
        await expect(page.locator("html.stack")).to_have_count(1)
        assert await page.evaluate("() => document.documentElement.scrollWidth") <= 640
        size = "(element) => parseFloat(getComputedStyle(element).fontSize)"
        assert await page.locator(".hero h2").first.evaluate(size) >= 14
