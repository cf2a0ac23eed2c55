"""The seat map: who sits where and does what, near and far, on a desk, in a hand and on a wall; and floor plans written in the page."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, Route, expect

from ccwall.boards.plan import PlanError, parsed
from tests.browser import boards, floors, plans
from tests.browser.boards import NOW, Json
from tests.browser.mock_wall import MockWall, mock_wall

LINT = (Path(__file__).parent / "lint.js").read_text(encoding="utf-8")
LANGUAGES = ("zh-CN", "zh-TW", "en")
SOON = 5_000
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
NAMES = ("周明远", "陈思琪", "孙嘉树")


def with_plan(wall: MockWall, text: str | None = None) -> None:
    wall.library.parsed = lambda told: msgspec.to_builtins(parsed(told))
    name = {"zh-CN": "三楼", "zh-TW": "三樓", "en": "Third floor"}
    wall.library.save(
        "plans", "floor", {"format": 1, "id": "floor", "name": name, "text": text or plans.of_four()}
    )


async def show(page: Page, wall: MockWall, *, lang: str = "zh-CN", theme: str = "dark") -> None:
    await page.goto(f"{wall.url}seats?lang={lang}&theme={theme}")
    await page.locator(".seat").first.wait_for()
    await page.evaluate("document.fonts.ready")
    await page.evaluate(DRAWN)


def complaints(told: list[list[str]]) -> list[list[str]]:
    """All but that a far-off seat is small: it is reached by the list beside the plan, by search, by keys and nearer."""
    return [each for each in told if not (each[0] == "hard to hit" and each[3].startswith("button.seat"))]


def level(page: Page) -> Callable[[], Awaitable[str | None]]:
    return lambda: page.locator(".s-canvas").get_attribute("data-level")


@pytest.mark.parametrize(
    "size", [(1920, 1080), (1280, 720), (390, 844)], ids=lambda size: f"{size[0]}x{size[1]}"
)
async def test_every_text_is_whole_apart_and_plain(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    async with mock_wall(floors.seated()) as wall:
        with_plan(wall)
        for lang, theme in zip(LANGUAGES, ("dark", "light", "hc"), strict=True):
            await show(page, wall, lang=lang, theme=theme)
            assert complaints(await page.evaluate(LINT, "page")) == [], lang


async def test_the_lint_sees_what_a_supervisor_would(page: Page) -> None:
    async with mock_wall(floors.seated()) as wall:
        await show(page, wall)
        for fault in (
            "document.querySelector('.s-time').style.fontSize = '8px'",
            "document.querySelector('.s-id').style.color = 'rgb(40 44 50)'",
            "document.querySelector('[data-seat=A-02]').style.left = '-900px'",
            "document.querySelector('.s-zone').style.maxInlineSize = '2rem'",
        ):
            await page.evaluate(fault)
            assert complaints(await page.evaluate(LINT, "page")) != [], fault
            await show(page, wall)


async def test_a_seat_tells_state_trouble_and_sensor_and_follows_what_happens(page: Page) -> None:
    async with mock_wall(floors.seated()) as wall:
        with_plan(wall)
        await show(page, wall)
        assert await page.locator(".seat").count() == 48
        await expect(page.locator("[data-seat=A-07]")).to_have_class("seat f-down is-ready t-doubt")
        await expect(page.locator("[data-seat=A-12] .s-time")).to_have_text("有人")
        await expect(page.locator("[data-seat=A-01] .s-shape use").first).to_have_attribute("href", "#g-hold")
        first = page.locator(".s-flags button").first
        await expect(first).to_contain_text("A-07")
        await expect(first).to_contain_text("就绪，但座位没人")
        await wall.change(
            (["agents", "a0000", "state"], "break"),
            (["agents", "a0000", "since"], NOW - 700),
            (["agents", "a0000", "limit"], 600),
        )
        await expect(page.locator("[data-seat=A-01]")).to_have_class(
            "seat f-up is-break t-breach", timeout=SOON
        )
        await expect(page.locator("[data-seat=A-01] .s-time")).to_contain_text("11")
        await wall.change((["sources", "pbx1", "state"], "down"), (["sources", "pbx1", "as_of"], NOW))
        await expect(page.locator("[data-seat=A-02]")).to_have_class("seat f-up is-off stale", timeout=SOON)
        await expect(page.locator(".dk-banners .banner")).to_be_visible()


async def test_nearer_tells_more_and_draws_no_more_than_is_in_sight(page: Page) -> None:
    async with mock_wall(floors.seated(1000, 50)) as wall:
        await show(page, wall)
        look = level(page)
        assert await look() == "far"
        assert await page.locator(".seat").count() == 1002
        await page.keyboard.press("/")
        await page.keyboard.type("K-17")
        await expect(page.locator(".s-found")).to_have_text("找到 1 个")
        await page.keyboard.press("Enter")
        await expect(page.locator(".s-canvas")).to_have_attribute("data-level", "near", timeout=SOON)
        seat = page.locator("[data-seat=K-17]")
        await expect(seat.locator(".s-name")).not_to_be_empty()
        assert await seat.locator(".s-sense").count() == 3
        assert await page.locator(".seat").count() < 200
        await expect(page.locator(".s-minimap")).to_be_visible()
        await page.locator(".s-tools button").nth(2).click()
        await expect(page.locator(".s-canvas")).to_have_attribute("data-level", "far", timeout=SOON)
        await expect(page.locator(".s-minimap")).to_have_count(0)


async def test_moving_over_the_plan_changes_a_transform_and_nothing_else(page: Page) -> None:
    async with mock_wall(floors.seated(200, 20)) as wall:
        wall.rate = 0.000_1  # timers stand still
        await show(page, wall)
        await page.evaluate(
            """() => { window.changed = []; const world = document.querySelector('.s-world');
            new MutationObserver(all => window.changed.push(...all.map(one => one.target === world ? 'world' : one.target.className || one.target.nodeName)))
              .observe(world, { subtree: true, childList: true, attributes: true, characterData: true }); }"""
        )
        await page.mouse.move(700, 500)
        await page.mouse.down()
        for x in range(700, 500, -10):
            await page.mouse.move(x, 480)
        changed: list[Any] = await page.evaluate("window.changed")
        assert changed
        assert set(changed) == {"world"}
        await page.mouse.up()
        assert await page.locator(".s-pop").count() == 0  # the end of a drag chooses nobody


async def test_by_keyboard_from_seat_to_seat_and_into_one(page: Page) -> None:
    async with mock_wall(floors.seated()) as wall:
        with_plan(wall)
        await show(page, wall)
        await page.locator("[data-seat=A-01]").focus()
        for key, seat in (
            ("ArrowRight", "A-02"),
            ("ArrowDown", "A-08"),
            ("ArrowDown", "C-02"),
            ("ArrowLeft", "C-01"),
        ):
            await page.keyboard.press(key)
            assert await page.evaluate("document.activeElement.dataset.seat") == seat
        await page.keyboard.press("Enter")
        await expect(page.locator(".s-pop h2")).to_contain_text("C-01")
        assert await page.locator(".s-pop tr").count() == 4
        await page.keyboard.press("Escape")
        await expect(page.locator(".s-pop")).to_have_count(0)
        assert await page.evaluate("document.activeElement.dataset.seat") == "C-01"
        assert await page.locator(".seat[tabindex='0']").count() == 1
        await page.keyboard.press("+")
        await page.keyboard.press("+")
        await expect(page.locator(".s-tools b")).not_to_have_text("132%")
        await page.keyboard.press("0")
        await expect(page.locator(".s-tools b")).to_have_text("132%")


async def test_the_popover_opens_the_person(page: Page) -> None:
    async with mock_wall(floors.seated()) as wall:
        await show(page, wall)
        await page.locator(".s-flags button").first.click()
        await expect(page.locator(".s-pop h2")).to_contain_text("陈思琪")
        await expect(page.locator(".s-pop .s-verdict")).to_have_text("就绪，但座位没人")
        await page.locator(".s-pop .main").click()
        await expect(page.locator("[data-person-panel=a0006]")).to_be_visible(timeout=SOON)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_wall_shows_all_of_the_floor_and_nobodys_name(page: Page, lang: str) -> None:
    async with mock_wall(floors.seated()) as wall:
        with_plan(wall)
        await page.goto(f"{wall.url}?board=seats&lang={lang}")
        await page.locator(".seat").first.wait_for()
        await page.evaluate("document.fonts.ready")
        await page.evaluate(DRAWN)
        assert await page.evaluate(LINT, "wall") == []
        tile = page.locator("[data-tile=map]")
        words = await tile.inner_text()
        assert not any(name in words for name in NAMES)
        assert await tile.locator(".t-breach, .t-warn, button.seat").count() == 0
        assert await tile.locator(".t-doubt").count() == 1
        inside = await tile.evaluate(
            """e => { const edge = e.getBoundingClientRect(); return [...e.querySelectorAll('.seat')].every(seat => {
            const box = seat.getBoundingClientRect(); return box.left >= edge.left && box.right <= edge.right && box.top >= edge.top && box.bottom <= edge.bottom; }); }"""
        )
        assert inside


async def test_a_floor_without_seats_says_so(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.goto(f"{wall.url}seats?lang=zh-CN")
        await expect(page.locator(".s-empty h2")).to_have_text("还不知道座位")
        await page.goto(f"{wall.url}?board=seats&lang=zh-CN")
        await expect(page.locator("[data-tile=map] .instead.empty")).to_contain_text("还不知道座位")


async def test_a_plan_is_written_with_its_mistakes_at_their_line_saved_and_shown(page: Page) -> None:
    async with mock_wall(floors.seated(4, 4)) as wall:
        wall.library.parsed = lambda told: msgspec.to_builtins(parsed(told))
        await page.route("**/api/v1/plans/look", _look)
        await show(page, wall)
        await page.locator(".s-link").click()
        field = page.locator(".s-lines textarea")
        await field.fill("{A}\nA-01 A-02\nA-02 [Tea")
        await expect(page.locator(".s-numbers .wrong")).to_have_text("3", timeout=SOON)
        await expect(page.locator(".s-mistakes li")).to_have_count(2)
        await expect(page.locator(".s-sheet .main")).to_be_disabled()
        await page.locator(".s-mistakes .s-link").last.click()
        assert await field.evaluate("e => [e.selectionStart, document.activeElement === e]") == [19, True]
        await field.fill("{A}\nA-01 A-02\nA-03 X-99\n")
        await expect(page.locator(".s-preview .desk")).to_have_count(4, timeout=SOON)
        await expect(page.locator(".s-preview")).to_contain_text("1 个不在名册里")
        assert await page.evaluate(LINT, "panel") == []
        await page.locator(".s-sheet .main").click()
        await expect(page.locator(".s-told")).to_have_text("已保存为第 1 版", timeout=SOON)
        kept = wall.library.documents["plans"]["floor"][-1]["is"]
        assert kept["text"] == "{A}\nA-01 A-02\nA-03 X-99\n"
        wall.library.save("plans", "floor", {**kept, "text": "A-01"}, by="lin")
        await field.fill("{A}\nA-01")
        await expect(page.locator(".s-preview .desk")).to_have_count(1, timeout=SOON)
        await page.locator(".s-sheet .main").click()
        await expect(page.locator(".s-told")).to_contain_text("保存了第 2 版", timeout=SOON)
        await page.locator(".s-sheet .main").click()
        await expect(page.locator(".s-told")).to_have_text("已保存为第 3 版", timeout=SOON)
        await page.keyboard.press("Escape")
        await expect(page.locator(".seat")).to_have_count(1, timeout=SOON)
        await expect(page.locator(".s-missing")).to_contain_text("3 个座位不在这张平面图上")


async def _look(route: Route) -> None:
    """As the server answers: the plan, or its mistakes."""
    text = json.loads(route.request.post_data or "{}")["text"]
    try:
        await route.fulfill(status=200, json={"parsed": msgspec.to_builtins(parsed(text))})
    except PlanError as error:
        told = [{"where": "text", "what": str(each)} for each in error.mistakes]
        await route.fulfill(status=422, json={"mistakes": told})


async def test_who_may_not_edit_is_not_asked_to(page: Page) -> None:
    async with mock_wall(floors.seated(4, 4)) as wall:
        wall.library.may_edit = False
        await show(page, wall)
        await expect(page.locator(".s-link")).to_have_count(0)


async def test_hostile_names_stay_words(page: Page) -> None:
    bad = "<img/src=x/onerror=alert(1)>"
    scene: Json = floors.seated(2, 2)
    scene["agents"]["a0000"] |= {"name": bad * 3, "seat": bad, "team": bad}
    async with mock_wall(scene) as wall:
        with_plan(wall, f"{{ {bad} }}\n {bad} A-02\n[{bad}]".replace("<img", "x<img").replace("=", "＿"))
        await page.goto(f"{wall.url}seats?lang=en")
        await page.locator(".seat").first.wait_for()
        assert await page.locator("main img, main script").count() == 0
