"""The pages beside the wall fit: on a desk, on a wall and in a hand, in every language, with everything unfolded."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import boards, desks
from tests.browser.boards import Json
from tests.browser.mock_wall import MockWall, mock_wall

LINT = (Path(__file__).parent / "lint.js").read_text(encoding="utf-8")
LANGUAGES = ("zh-CN", "zh-TW", "en")
SIZES = ((1920, 1080), (3840, 2160), (390, 844))
SCENES: dict[str, tuple[str, Callable[[], Json]]] = {
    "well": ("health", desks.well),
    "ill": ("health", desks.ill),
    "hostile": ("health", desks.hostile),
    "furnished": ("health", desks.furnished),
    "calm": ("practice", desks.practice),
    "people": ("practice", lambda: desks.whole(walk_away="1003", dock_ready="W" * 60)),
    "rush": ("practice", lambda: desks.rush(surge="", drop_lines="pbx1/consult")),
    "broken": ("practice", lambda: desks.practice(half_open=14, kill=7, slow=600)),
}
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"


async def show(page: Page, wall: MockWall, name: str, document: Json, lang: str = "zh-CN") -> None:
    """The page with its document, drawn and measured."""
    wall.documents[f"/api/{name}"] = document
    await page.goto(f"{wall.url}{name}?lang={lang}")
    await page.locator("[data-page] .card").first.wait_for()
    await page.evaluate("document.fonts.ready")
    await page.evaluate(DRAWN)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES)
async def test_every_text_is_whole_apart_plain_and_easy_to_hit(
    page: Page, scene: str, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    name, document = SCENES[scene]
    async with mock_wall(boards.resync() if scene == "broken" else boards.usual()) as wall:
        # Loaded in one language, switched to the others; over all scenes each is the first.
        turn = list(SCENES).index(scene) % 3
        first, *others = LANGUAGES[turn:] + LANGUAGES[:turn]
        await show(page, wall, name, document(), first)
        await page.evaluate(UNFOLD)
        if scene == "people":
            await page.keyboard.press("5")
            await page.locator("[data-fault=walk_away]").wait_for()
        assert await page.evaluate(LINT, "page") == [], first
        for lang in others:
            await page.locator(f"nav button[lang='{lang}']").evaluate("button => button.click()")
            await expect(page.locator("html")).to_have_attribute("lang", lang)
            await page.evaluate(DRAWN)
            assert await page.locator("details:not([open])").count() == 0
            assert await page.evaluate(LINT, "page") == [], lang


async def test_the_lint_sees_what_a_thumb_would(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 390, "height": 844})
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.practice())
        for fault in (
            "document.querySelector('.fault').style.height = '30px'",
            "document.querySelector('.fault .expect').style.fontSize = '9px'",
            "document.querySelector('.fault .expect').style.color = 'rgb(40 50 60)'",
            "document.querySelector('.fault').style.width = '500px'",
            "document.querySelector('.says').style.marginTop = '-40px'",
        ):
            await page.evaluate(fault)
            assert await page.evaluate(LINT, "page") != [], fault
            await show(page, wall, "practice", desks.practice())


@pytest.mark.parametrize("name", ["health", "practice"])
async def test_a_page_whose_server_is_gone_is_striped_and_fits(page: Page, name: str) -> None:
    document = desks.ill() if name == "health" else desks.practice(half_open=9)
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, name, document)
        await wall.stop()
        try:
            await page.locator(".p-banner").wait_for(timeout=9_000)
            assert await page.evaluate(LINT, "page") == []
        finally:
            await wall.start()
