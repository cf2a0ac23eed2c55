"""A board is made in the browser: from nothing to a second screen, by pointer and by keyboard, and with somebody else at it."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from ccwall.boards.checking import Mistaken, board_of
from tests.browser import boards
from tests.browser.boards import Json
from tests.browser.mock_library import MockLibrary
from tests.browser.mock_wall import MockWall, mock_wall
from tests.browser.test_pages_look import LINT

FIRST = 10_000
"""Milliseconds for a page and the frames in it to come the first time."""


def plain() -> Json:
    """A board with a little room, that no preset's change touches."""
    places = {
        "header": ("header", 0, 0, 16, 2), "sl": ("hero", 0, 2, 4, 9), "ready": ("hero", 4, 2, 3, 9),
        "queues": ("queues", 0, 11, 10, 11), "curve": ("curve", 10, 11, 6, 6), "race": ("race", 10, 17, 6, 5),
        "ticker": ("ticker", 0, 22, 10, 2),
    }  # fmt: skip
    tiles = [
        {"id": id, "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": {}}
        for id, (kind, x, y, w, h) in places.items()
    ]
    head = {
        "format": 1,
        "id": "floor",
        "name": {"zh-CN": "全场"},
        "theme": "dark",
        "distance": 8,
        "diagonal": 55,
    }
    return {**head, "pages": [{"dwell": 30, "tiles": tiles}]}


async def edit(page: Page, wall: MockWall, board: str = "floor", **more: str) -> None:
    wall.library.presets["floor"] = plain()
    asked = "&".join(f"{key}={value}" for key, value in more.items())
    await page.goto(f"{wall.url}edit?board={board}&{asked}")
    await expect(page.locator("[data-tile]").first).to_be_visible(timeout=FIRST)


async def publish(page: Page, then: Locator | None = None) -> None:
    """Whatever the check says; until it is published, or until `then` is there."""
    end = page.locator(".ed-state", has_text="已发布") if then is None else then
    anyway = page.get_by_role("button", name="照样发布")
    await page.locator(".ed-top .main").click()
    await expect(anyway.or_(end).first).to_be_visible(timeout=15_000)
    if await anyway.is_visible():
        await anyway.click()
    await expect(end).to_be_visible(timeout=FIRST)


def saved(library: MockLibrary, board: str) -> Json:
    """As it was kept last; a real server would take it."""
    document: Json = library.documents["boards"][board][-1]["is"]
    board_of(document)
    return {tile["id"]: tile for tile in document["pages"][0]["tiles"]}


async def test_a_board_from_nothing_to_a_second_screen_and_through_a_file(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.goto(f"{wall.url}boards?lang=zh-CN")
        await page.get_by_role("button", name="新建看板").click(timeout=FIRST)
        await page.get_by_label("名称").fill("南区 South")
        await page.get_by_role("button", name="新建并编辑").click()
        await expect(page.locator("[data-tile=header]")).to_be_visible(timeout=FIRST)
        assert "board=south" in page.url

        # by pointer: one tile with a click, one carried to its place
        await page.locator("[data-kind=hero]").click()
        await expect(page.locator("[data-tile=hero]")).to_have_attribute("aria-pressed", "true")
        canvas = await page.locator("[data-canvas]").bounding_box()
        kind = await page.locator("[data-kind=queues]").bounding_box()
        assert canvas is not None
        assert kind is not None
        await page.mouse.move(kind["x"] + 20, kind["y"] + 20)
        await page.mouse.down()
        await page.mouse.move(
            canvas["x"] + canvas["width"] * 0.4, canvas["y"] + canvas["height"] * 0.7, steps=6
        )
        await expect(page.locator(".ed-drop")).to_be_visible()
        await page.mouse.up()
        # and one of its ends pulled a cell
        await expect(page.locator("[data-tile=queues]")).to_have_attribute("aria-pressed", "true")
        end = await page.locator("[data-handle=e]").bounding_box()
        assert end is not None
        await page.mouse.move(end["x"] + 12, end["y"] + 12)
        await page.mouse.down()
        await page.mouse.move(end["x"] + 12 + canvas["width"] / 16, end["y"] + 12, steps=4)
        await page.mouse.up()
        # by its options
        await page.locator("[data-tile=hero]").click(position={"x": 30, "y": 30})
        await page.get_by_label("指标").select_option("waiting")
        await page.locator("[data-kind=ticker]").click()
        assert await page.locator("[data-page=edit][data-unsaved]").count() == 1

        # kept by this browser until it is published
        await page.wait_for_timeout(500)
        await page.reload()
        await expect(page.locator(".ed-notes")).to_contain_text("没发布的草稿", timeout=FIRST)
        await expect(page.locator("[data-tile=ticker]")).to_be_visible()
        await publish(page)
        assert await page.locator("[data-unsaved]").count() == 0
        tiles = saved(wall.library, "south")
        assert tiles["hero"] | {"options": tiles["hero"]["options"]["metric"]} == {
            "id": "hero", "kind": "hero", "x": 0, "y": 2, "w": 3, "h": 9, "options": "waiting",
        }  # fmt: skip
        assert tiles["queues"]["w"] == 11

        # another browser, the same board
        context = await browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
        other = await context.new_page()
        await other.goto(f"{wall.url}?board=south")
        await expect(other.locator("[data-cell]")).to_have_count(4, timeout=FIRST)
        await expect(other.locator("[data-cell=hero] h2")).to_contain_text("排队")
        await context.close()

        # out to a file and in again
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="导出").click()
        file = tmp_path / "south.json"
        await (await downloading.value).save_as(file)
        assert json.loads(file.read_text()) == wall.library.documents["boards"]["south"][-1]["is"]
        await page.goto(f"{wall.url}boards?lang=zh-CN")
        await page.locator("input[type=file]").set_input_files(file, timeout=FIRST)
        await page.get_by_role("button", name="另存一份").click()
        await expect(page.locator("[data-board=south-2]")).to_be_visible()
        assert saved(wall.library, "south-2") == tiles


async def test_the_whole_board_by_keyboard_and_it_says_what_it_did(page: Page) -> None:
    # As in a browser in which what moves in a list loses the focus.
    await page.add_init_script("delete Element.prototype.moveBefore")
    async with mock_wall(boards.usual()) as wall:
        await edit(page, wall, lang="en")
        told = page.locator("[data-told]")
        await page.locator("[data-tile=header]").focus()
        await page.keyboard.press("ArrowUp")
        await expect(told).to_have_text("No room there")
        await page.locator("[data-tile=race]").focus()
        await page.keyboard.press("Delete")
        await expect(page.locator("[data-tile=race]")).to_have_count(0)
        await page.locator("[data-tile=curve]").focus()
        await page.keyboard.press("ArrowDown")
        await expect(told).to_have_text("moved to column 11, row 13")
        await expect(page.locator("[data-tile=curve]")).to_be_focused()
        await page.keyboard.press("Shift+ArrowDown")
        await expect(told).to_have_text("now 6 by 7")
        # over its neighbour and back: whichever of the two the page moves, the focus goes with the tile
        await page.locator("[data-tile=sl]").focus()
        for key, column in (("ArrowRight", 8), ("ArrowLeft", 1)):
            await page.keyboard.press(key)
            await expect(told).to_have_text(f"moved to column {column}, row 3")
            await expect(page.locator("[data-tile=sl]")).to_be_focused()
        for _ in range(5):
            await page.keyboard.press("Control+z")
        await expect(page.locator("[data-tile=race]")).to_have_count(1)
        await expect(page.locator(".ed-state")).to_contain_text("A preset as it came")
        await page.keyboard.press("Control+Shift+z")
        await expect(page.locator("[data-tile=race]")).to_have_count(0)
        await page.locator("[data-tile=queues]").focus()
        await page.keyboard.press("Control+d")
        await expect(told).to_have_text("Queues put at column 8, row 3")
        await page.keyboard.press("/")
        await page.keyboard.type("clock")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-tile=clock]")).to_have_attribute("aria-pressed", "true")
        await page.locator("[data-tile=clock]").focus()
        await page.keyboard.press("Escape")
        await expect(page.locator("[data-tile=clock]")).to_have_attribute("aria-pressed", "false")


async def test_who_is_faster_takes_nothing_from_who_is_slower(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await edit(page, wall)
        await page.locator("[data-tile=race]").focus()
        await page.keyboard.press("Delete")
        theirs = wall.library.presets["floor"] | {"name": {"zh-CN": "林的看板"}}
        wall.library.save("boards", "floor", theirs, by="lin")
        await expect(page.locator(".ed-notes")).to_contain_text("lin", timeout=5_000)
        dialog = page.get_by_role("dialog")
        await publish(page, dialog.filter(has_text="lin"))
        await dialog.get_by_role("button", name="先看看").click()
        await expect(page.locator(".ed-notes")).to_contain_text("正在看 lin 的版本 1")
        await page.get_by_role("button", name="回到我的").click()
        await expect(page.locator("[data-tile=race]")).to_have_count(0)
        await publish(page, dialog.filter(has_text="lin"))
        await dialog.get_by_role("button", name="用别人的").click()
        await expect(page.locator(".ed-top h1")).to_have_text("林的看板")
        await expect(page.locator(".ed-state")).to_contain_text("版本 1")
        await page.keyboard.press("Control+z")
        await expect(page.locator("[data-tile=race]")).to_have_count(0)
        assert len(wall.library.documents["boards"]["floor"]) == 1


async def test_what_the_server_does_not_take_is_told_at_its_field(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mock_wall(boards.usual()) as wall:
        keep = wall.library._write

        def strict(kind: str, id: str, asked: Json) -> tuple[int, dict[str, str], bytes]:
            try:
                board_of(asked["board"])
            except Mistaken as error:
                mistakes = [{"where": f"board.{each.where}", "what": each.what} for each in error.mistakes]
                return (
                    422,
                    {"content-type": "application/problem+json"},
                    json.dumps({"mistakes": mistakes}).encode(),
                )
            return keep(kind, id, asked)

        monkeypatch.setattr(wall.library, "_write", strict)
        await edit(page, wall)
        for tile in ("queues", "curve", "race"):
            await page.locator(f"[data-tile={tile}]").focus()
            await page.keyboard.press("Delete")
        await page.locator("[data-kind=embed]").click()
        await page.get_by_label("网址").fill("https://nowhere.example.com/x")
        await expect(page.locator(".ed-check")).to_contain_text("nowhere.example.com 不在允许名单")
        dialog = page.get_by_role("dialog")
        await publish(page, dialog.filter(has_text="may not be shown"))
        await dialog.get_by_role("button", name=re.compile("may not be shown")).click()
        await expect(page.locator(".ed-field.wrong")).to_contain_text("may not be shown")
        assert wall.library.documents["boards"] == {}


async def test_a_caption_too_long_in_one_language_is_found_in_the_others_too(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        board = plain()
        board["pages"][0]["tiles"][1]["options"] = {
            "title": {"zh-CN": "短", "zh-TW": "短", "en": "A caption that goes on and on for ever"}
        }
        wall.library.save("boards", "long", board | {"id": "long"})
        await edit(page, wall, "long")
        check = page.locator(".ed-findings")
        await expect(check.locator(".ed-clean")).to_contain_text("这种语言没有截断")
        await check.get_by_role("button", name="查三种语言").click()
        found = check.get_by_role("button", name=re.compile("被截断.*English"))
        await expect(found).to_be_visible(timeout=15_000)
        await found.click()
        await expect(page.locator("[data-tile=sl]")).to_have_attribute("aria-pressed", "true")


async def test_who_may_not_edit_sees_why_and_can_change_nothing(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.library.may_edit = False
        await edit(page, wall)
        await expect(page.locator(".ed-notes")).to_contain_text("只能看，不能改")
        await page.locator("[data-tile=race]").focus()
        await page.keyboard.press("Delete")
        await page.keyboard.press("Control+d")
        await expect(page.locator("[data-tile]")).to_have_count(7)
        assert await page.locator(".ed-ends, .ed-btn.main").count() == 0
        assert await page.locator("[data-kind=hero]").is_disabled()


LOOKS = [("zh-CN", "dark", 1920, 1080), ("en", "light", 1440, 900), ("zh-TW", "hc", 390, 844)]


@pytest.mark.parametrize(("lang", "theme", "width", "height"), LOOKS)
async def test_an_eye_has_nothing_to_object_to(
    page: Page, lang: str, theme: str, width: int, height: int
) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.set_viewport_size({"width": width, "height": height})
        for path in ("boards", "edit?board=manager"):
            joint = "&" if "?" in path else "?"
            await page.goto(f"{wall.url}{path}{joint}lang={lang}&theme={theme}")
            ready = page.locator("[data-board=floor] .bd-plan i, .ed-clean li").first
            await expect(ready).to_be_visible(timeout=FIRST)
            assert await page.evaluate(LINT, "page") == [], path
