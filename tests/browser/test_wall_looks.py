"""The wall fits: every text whole, apart, big and plain enough to read, in every language at every size."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import boards, morning
from tests.browser.boards import Json
from tests.browser.mock_wall import MockWall, mock_wall

LINT = (Path(__file__).parent / "lint.js").read_text(encoding="utf-8")
LANGUAGES = ("zh-CN", "zh-TW", "en")
SIZES = ((1280, 720), (1920, 1080), (3840, 2160))
SCENES: dict[str, Callable[[], Json]] = {
    "usual": boards.usual,
    "english": boards.english,
    "surge": boards.surge,
    "degraded": boards.degraded,
    "refused": boards.refused,
    "resync": boards.resync,
    "mended": boards.mended,
    "unrecorded": boards.unrecorded,
    "unrecorded and lost": boards.unrecorded_and_lost,
    "nobody": boards.nobody,
    "hostile": boards.hostile,
    "stress": boards.stress,
    "whole": morning.whole,
    "whole english": morning.english,
    "whole surge": morning.surge,
    "whole lost": morning.lost,
}
PEOPLE: dict[str, Callable[[], Json]] = {
    "usual": boards.usual,
    "english": boards.english,
    "degraded": boards.degraded,
    "nobody": boards.nobody,
    "hostile": boards.hostile,
    "stress": boards.stress,
    "doubtful": lambda: boards.doubtful(12),
    "doubtful 24": boards.doubtful,
    "doubtful 48": lambda: boards.doubtful(48),
    "doubtful 150": lambda: boards.doubtful(150),
    "24": lambda: boards.crowd(24),
    "48": lambda: boards.crowd(48),
    "60": lambda: boards.crowd(60),
    "150": lambda: boards.crowd(150),
}
PRESETS = ("queue", "team", "line", "manager")


async def show(page: Page, wall: MockWall, lang: str = "zh-CN", board: str = "floor", more: str = "") -> None:
    """The board on the page, drawn and measured."""
    await page.goto(f"{wall.url}?lang={lang}&board={board}{more}")
    await page.locator(f"[data-board={board}] .clock").wait_for()
    await expect(page.locator(".clock")).to_contain_text(":")
    await settled(page)


async def settled(page: Page) -> None:
    await page.evaluate("document.fonts.ready")
    await page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def in_each_language(page: Page, wall: MockWall, turn: int, board: str = "floor") -> AsyncIterator[str]:
    """The page loaded in one language, then switched to the others as somebody does; each `turn` begins with another."""
    first, *others = LANGUAGES[turn % 3 :] + LANGUAGES[: turn % 3]
    await show(page, wall, first, board)
    yield first
    for lang in others:
        await page.locator(f"nav.language button[lang='{lang}']").evaluate("button => button.click()")
        await expect(page.locator("html")).to_have_attribute("lang", lang)
        await settled(page)
        yield lang


@pytest.mark.parametrize("scene", SCENES)
async def test_every_text_is_whole_apart_big_and_plain(page: Page, scene: str) -> None:
    async with mock_wall(SCENES[scene]()) as wall:
        async for lang in in_each_language(page, wall, list(SCENES).index(scene)):
            assert await page.evaluate(LINT) == [], lang


@pytest.mark.parametrize("scene", PEOPLE)
async def test_every_text_about_people_is_whole_apart_big_and_plain(page: Page, scene: str) -> None:
    async with mock_wall(PEOPLE[scene]()) as wall:
        async for lang in in_each_language(page, wall, list(PEOPLE).index(scene), "agents"):
            assert await page.evaluate(LINT) == [], lang


@pytest.mark.parametrize("preset", PRESETS)
async def test_every_preset_fits_in_every_language_and_theme(page: Page, preset: str) -> None:
    looks = (("zh-CN", "dark", morning.whole), ("zh-TW", "light", morning.surge), ("en", "hc", morning.english), ("zh-CN", "light", morning.lost), ("en", "dark", boards.nobody))  # fmt: skip
    for lang, theme, scene in looks:
        async with mock_wall(scene()) as wall:
            await show(page, wall, lang, preset, f"&theme={theme}")
            assert await page.evaluate(LINT) == [], (lang, theme, scene.__name__)
            assert await page.locator("html").get_attribute("data-theme") == theme


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_it_fills_the_screen_and_does_not_scroll(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    async with mock_wall(boards.degraded()) as wall:
        for lang in LANGUAGES:
            await show(page, wall, lang)
            assert await page.evaluate(LINT) == [], lang
            box = await page.locator("main").bounding_box()
            assert box == {"x": 0, "y": 0, "width": size[0], "height": size[1]}


async def test_the_lint_sees_what_an_eye_would(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        for fault in (
            "document.querySelector('.hero .num').style.setProperty('font-size', '40rem', 'important')",
            "document.querySelector('.w-head .date').style.fontSize = '1rem'",
            "document.querySelector('.hero h2').style.color = 'rgb(40 50 60)'",
            "document.querySelector('.clock').style.transform = 'translateX(8rem)'",
            "document.querySelector('.clock').style.transform = 'translateX(-20rem)'",
        ):
            await page.evaluate(fault)
            assert await page.evaluate(LINT) != [], fault
            await show(page, wall)


async def test_names_from_the_network_stay_words_in_their_tile(page: Page) -> None:
    async with mock_wall(boards.hostile()) as wall:
        await show(page, wall, board="agents")
        assert await page.locator("main img").count() == 0
        assert await page.title() != "1"
        names = await page.locator("[data-agent] .who bdi").all_text_contents()
        assert any(name.startswith("<img") for name in names)
        assert "__proto__" in names
        wide = await page.evaluate(
            "[...document.querySelectorAll('[data-agent]')].map(tile => tile.getBoundingClientRect().width)"
        )
        assert max(wide) - min(wide) < 1
        assert max(wide) < 1920 / 5


async def test_no_calls_are_a_dash_and_never_a_percentage(page: Page) -> None:
    async with mock_wall(boards.nobody()) as wall:
        await show(page, wall)
        for hero in ("sl", "answer"):
            assert await page.locator(f"[data-tile={hero}] .num").inner_text() == "–"
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        assert await page.locator("[data-queue='pbx1/推广'] .v").inner_text() == "–"


async def test_rounding_does_not_reach_a_target_that_was_missed(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        assert "79" in await page.locator("[data-queue='pbx1/咨询'] .v").inner_text()


async def test_the_page_loads_under_a_strict_policy(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        await page.goto(wall.url)
        await page.locator("[data-board=floor]").wait_for()
        assert said == []


async def test_the_language_switch_comes_with_a_pointer_and_is_kept(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        switch = page.locator(".language")
        assert await switch.evaluate("e => getComputedStyle(e).opacity") == "0"
        await page.mouse.move(300, 300)
        await switch.get_by_text("English").click()
        assert await page.locator("html").get_attribute("lang") == "en"
        assert "Service level" in (await page.locator("[data-tile=sl] h2").text_content() or "")
        await page.goto(wall.url)
        await page.locator("[data-board=floor]").wait_for()
        assert await page.locator("html").get_attribute("lang") == "en"
