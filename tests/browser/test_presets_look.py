"""Every preset on the demonstration's floor, in each language, theme and size: nothing clipped, nothing over anything, no scroll bars.

The pictures are kept in `artefacts/screens` (`CCWALL_ARTEFACTS`), for somebody to look at.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize

from tests.main.processes import URL, command

LINT = (Path(__file__).parent / "lint.js").read_text()
KEPT = Path(os.environ.get("CCWALL_ARTEFACTS", Path(__file__).parents[2] / "artefacts")) / "screens"

PRESETS = ("floor", "queue", "team", "agents", "seats", "line", "manager")
LANGUAGES = ("zh-CN", "zh-TW", "en")
THEMES = ("dark", "light", "hc")
WALLS = (
    ViewportSize(width=1280, height=720),
    ViewportSize(width=1920, height=1080),
    ViewportSize(width=3840, height=2160),
)
HAND = ViewportSize(width=390, height=844)
DESKS = ("team", "seats", "boards", "health")


@pytest_asyncio.fixture(loop_scope="session")
async def floor() -> AsyncIterator[str]:
    async with command("demo", "--no-browser", "--speed", "5", patience=175.0) as demo:
        yield await demo.says(URL)


async def chosen(page: Page, language: str, theme: str) -> None:
    """As somebody does who changes both; the page is not loaded anew."""
    await page.evaluate(
        """([language, theme]) => {
          document.querySelector(`nav button[lang="${language}"]`)?.click();
          document.documentElement.dataset.theme = theme;
        }""",
        [language, theme],
    )
    # Two frames: what is measured by its width is measured after the words have come.
    await page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


async def seen(page: Page, kind: str, *where: str) -> list[str]:
    """Looked at: the picture is kept; what an eye would object to."""
    complaints: list[list[Any]] = await page.evaluate(f"({LINT})({kind!r})")
    KEPT.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=KEPT / f"{'.'.join(where)}.jpg", type="jpeg", quality=80)
    # A desk far off on the plan is smaller than a finger; the list beside it, the search and the zoom come to it, too.
    told = [c for c in complaints if not (c[0] == "hard to hit" and ".seat" in c[3])]
    return [f"{' '.join(where)}: {complaint}" for complaint in told]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("preset", PRESETS)
async def test_a_preset_looks_right_in_every_language_theme_and_size(
    page: Page, floor: str, preset: str
) -> None:
    wrong: list[str] = []
    await page.emulate_media(reduced_motion="reduce")  # nothing is judged half-way from one colour to another
    await page.goto(f"{floor}?board={preset}&page=1")
    await page.locator(f"main[data-board={preset}]").wait_for()
    await page.locator("[data-cell]").first.wait_for()
    for size in WALLS:
        await page.set_viewport_size(size)
        for language in LANGUAGES:
            for theme in THEMES:
                await chosen(page, language, theme)
                wrong += await seen(page, "wall", preset, str(size["width"]), language, theme)
    await page.set_viewport_size(HAND)
    for language in LANGUAGES:
        for theme in THEMES:
            await chosen(page, language, theme)
            wrong += await seen(page, "page", preset, "390", language, theme)
    assert wrong == [], "\n".join(wrong[:30])


@pytest.mark.timeout(120)
@pytest.mark.parametrize("desk", DESKS)
async def test_a_page_of_the_lead_looks_right_on_a_desk_and_in_a_hand(
    page: Page, floor: str, desk: str
) -> None:
    wrong: list[str] = []
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(f"{floor}{desk}")
    await page.locator("main").wait_for()
    for size in (ViewportSize(width=1440, height=900), HAND):
        await page.set_viewport_size(size)
        for language in LANGUAGES:
            for theme in THEMES:
                await chosen(page, language, theme)
                wrong += await seen(page, "page", desk, str(size["width"]), language, theme)
    assert wrong == [], "\n".join(wrong[:30])
