"""What the callers say of the service, on a wall: nobody yet, few voices that are no verdict, and many."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import tiles_sheet as sheet
from tests.browser.boards import Json
from tests.browser.mock_wall import mock_wall
from tests.browser.test_tiles import LANGUAGES, SETTLED, THEMES, shown

LINT = (Path(__file__).parent / "lint.js").read_text(encoding="utf-8")


def rated(n: int, satisfied: int) -> Json:
    """The sheet's floor, on which so many of those who rated are satisfied."""
    board = sheet.full()
    board["floor"] |= {"ratings": n, "satisfied": satisfied}
    board["floor"].pop("satisfaction", None)
    if n:
        board["floor"]["satisfaction"] = round(satisfied / n, 6)
    board["floor"]["target"] = {**board["floor"].get("target", {}), "satisfaction": 0.8}
    return board


TILES = [
    sheet.tile("hero", 0, 2, 4, 8, metric="satisfaction", scope="floor"),
    sheet.tile("hero", 4, 2, 3, 6, metric="satisfaction", scope="floor"),
]


@pytest.mark.parametrize(
    ("n", "satisfied", "figure", "foot", "severity"),
    [
        (0, 0, "–", "还没有人评价", "none"),
        (2, 2, "100%", "仅 2 人评价", "none"),
        (19, 1, "5%", "仅 19 人评价", "none"),
        (20, 19, "95%", "20 人评价", "ok"),
        (3400, 2600, "76%", "3400 人评价", "warn"),
    ],
)
async def test_it_says_how_many_said_so_and_judges_only_many(
    page: Page, n: int, satisfied: int, figure: str, foot: str, severity: str
) -> None:
    async with mock_wall(rated(n, satisfied)) as wall:
        await shown(page, wall, *TILES)
        hero = page.locator(".hero").first
        await expect(hero.locator(".num")).to_have_text(figure)
        said = " ".join((await hero.locator(".foot .what").inner_text()).replace(",", "").split())
        assert said.startswith(foot), said
        assert severity in (await hero.get_attribute("class") or "").split() or severity == "none"
        for judged in {"ok", "warn", "breach"} - {severity}:
            assert judged not in (await hero.get_attribute("class") or "").split()


@pytest.mark.parametrize("n", [0, 7, 12_345])
async def test_every_text_of_it_is_whole_large_and_small(page: Page, n: int) -> None:
    async with mock_wall(rated(n, n * 9 // 10)) as wall:
        for lang in LANGUAGES:
            await shown(page, wall, *TILES, lang=lang)
            for theme in THEMES:
                await page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
                await page.evaluate(SETTLED)
                assert await page.evaluate(LINT, "wall") == [], (lang, theme)
