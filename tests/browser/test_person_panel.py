"""Which sense says what of a person: opened from the tile, by pointer and by keyboard, whole in every language."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import boards
from tests.browser.mock_wall import mock_wall
from tests.browser.test_wall_looks import LANGUAGES, LINT, show

FIRST = "a000"


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_it_tells_each_sense_and_what_cannot_both_be_true(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    async with mock_wall(boards.doubtful()) as wall:
        for lang in LANGUAGES:
            await show(page, wall, lang, "agents")
            await page.locator(f"[data-person={FIRST}]").click(force=True)
            panel = page.locator(f"[data-person-panel={FIRST}]")
            await panel.wait_for()
            assert [
                await row.get_attribute("data-sense") for row in await panel.locator("tbody tr").all()
            ] == [
                "acd",
                "phone",
                "desk",
            ]
            await expect(panel.locator("tr.stale")).to_have_count(1)
            await expect(panel.locator(".why-alert[role=alert]")).to_have_count(1)
            assert await page.evaluate(LINT, "panel") == [], lang
            width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert width <= 0
            await page.keyboard.press("Escape")
            await expect(panel).to_have_count(0)


async def test_a_doubtful_state_is_told_as_one_to_verify_and_counted_so(page: Page) -> None:
    async with mock_wall(boards.doubtful()) as wall:
        await show(page, wall, "en", "agents")
        tile = page.locator(f"[data-agent={FIRST}]")
        await expect(tile.locator(".what")).to_have_text("To verify")
        await expect(page.locator(".totals [data-state=conflict] b")).to_have_text("5")
        await wall.change((["agents", FIRST, "conflicts"], []), (["floor", "conflicts"], 4))
        await expect(tile.locator(".what")).to_have_text("Ready")
        await expect(page.locator(".totals [data-state=conflict] b")).to_have_text("4")


async def test_by_keyboard_and_with_hostile_words(page: Page) -> None:
    scene = boards.doubtful()
    scene["agents"][FIRST]["name"] = "<img src=x onerror=alert(1)>"
    scene["agents"][FIRST]["senses"] = [
        {"source": "<b>x</b>", "sense": "aura", "says": "<script>alert(1)</script>", "since": boards.NOW}
    ]
    async with mock_wall(scene) as wall:
        await show(page, wall, "en", "agents")
        await page.locator(f"[data-person={FIRST}]").focus()
        await page.keyboard.press("?")
        panel = page.locator(f"[data-person-panel={FIRST}]")
        await expect(panel.locator("h1")).to_have_text("<img src=x onerror=alert(1)>")
        await expect(panel.locator("tbody")).to_contain_text("<script>alert(1)</script>")
        assert await panel.locator("img, script").count() == 0
        await page.keyboard.press("Escape")
        await expect(page.locator(f"[data-person={FIRST}]")).to_be_focused()
