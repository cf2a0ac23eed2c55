"""A board on its screen: pages that turn and stop on an alarm, documents that change, the editor's preview, phones, readers."""

import json
import re
from typing import Any

from playwright.async_api import Page, expect

from tests.browser import boards, morning
from tests.browser.boards import NOW, Json
from tests.browser.mock_wall import MockWall, mock_wall
from tests.browser.test_wall_looks import LANGUAGES, LINT, show

TURNED = 9_000
HEADER = {"id": "head", "kind": "header", "x": 0, "y": 0, "w": 16, "h": 2, "options": {}}


def tile(id: str, kind: str, x: int, y: int, w: int, h: int, **options: Any) -> Json:
    return {"id": id, "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": options}


def board(*pages: list[Json], **rest: Any) -> Json:
    """A board named `mine` of pages that stay for 3 s each."""
    return {
        "format": 1, "id": "mine", "name": {"en": "Mine"}, "theme": "dark", "distance": 8, "diagonal": 55,
        "pages": [{"dwell": 3, "tiles": [HEADER, *tiles]} for tiles in pages], **rest,
    }  # fmt: skip


FIRST = tile("sl", "hero", 0, 2, 4, 9, metric="service_level")
SECOND = tile("longest", "hero", 0, 2, 4, 9, metric="longest")


async def open_(page: Page, wall: MockWall, document: Json, more: str = "") -> None:
    wall.library.save("boards", "mine", document)
    await page.goto(f"{wall.url}?lang=en&board=mine{more}")
    await page.locator("[data-board=mine] .clock").wait_for()


async def test_pages_turn_and_an_alarm_stays_until_it_is_over(page: Page) -> None:
    async with mock_wall(morning.calm()) as wall:
        await open_(page, wall, board([FIRST], [SECOND]))
        shown = page.locator("main")
        await expect(page.locator(".dots i")).to_have_count(2)
        await expect(shown).to_have_attribute("data-page", "1", timeout=TURNED)
        await expect(shown).to_have_attribute("data-page", "0", timeout=TURNED)
        await wall.change((["floor", "longest_since"], NOW - 300))
        await expect(shown).to_have_attribute("data-page", "1", timeout=2_500)
        await expect(page.locator(".dots")).to_have_class(re.compile("held"))
        await expect(page.locator("[data-tile=longest]")).to_have_class(re.compile("breach"))
        await page.wait_for_timeout(4_000)
        await expect(shown).to_have_attribute("data-page", "1")
        await wall.change((["floor", "longest_since"], wall.now))
        await expect(shown).to_have_attribute("data-page", "0", timeout=TURNED)


async def test_a_lost_source_stops_the_pages_and_keys_turn_them(page: Page) -> None:
    async with mock_wall(morning.calm()) as wall:
        await open_(page, wall, board([FIRST], [SECOND, tile("sources", "sources", 4, 2, 12, 4)]))
        shown = page.locator("main")
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowRight")
        await expect(shown).to_have_attribute("data-page", "1")
        await page.keyboard.press("ArrowLeft")
        await expect(shown).to_have_attribute("data-page", "0")
        await page.wait_for_timeout(3_600)
        await expect(shown).to_have_attribute("data-page", "0")
        await page.keyboard.press("Space")
        await wall.change((["sources", "pbx1", "state"], "down"), (["sources", "pbx1", "as_of"], NOW))
        await expect(shown).to_have_attribute("data-page", "1", timeout=2_500)
        await page.wait_for_timeout(3_600)
        await expect(shown).to_have_attribute("data-page", "1")
        await page.goto(f"{wall.url}?lang=en&board=mine&page=1")
        await expect(shown).to_have_attribute("data-page", "0")


async def test_a_change_of_its_document_comes_by_itself_and_a_broken_tile_stays_alone(page: Page) -> None:
    await page.emulate_media(reduced_motion="reduce")  # nothing is judged half-way from one theme to another
    async with mock_wall(morning.whole()) as wall:
        await open_(page, wall, board([FIRST]))
        await expect(page.locator("[data-tile=sl] .num")).to_contain_text("81")
        odd = [FIRST, tile("new", "hologram", 4, 2, 4, 9), tile("bad", "hero", 8, 2, 4, 9, metric="luck"), tile("gone", "hero", 12, 2, 4, 9, scope="queue:nowhere")]  # fmt: skip
        wall.library.save("boards", "mine", board(odd, theme="light", accent="#b0122f", distance=10))
        await expect(page.locator("[data-tile=new]")).to_have_class(re.compile("error"), timeout=TURNED)
        await expect(page.locator("[data-tile=new]")).to_contain_text("hologram")
        await expect(page.locator("[data-tile=bad]")).to_contain_text("luck")
        await expect(page.locator("[data-tile=gone]")).to_contain_text("No numbers of it here")
        await expect(page.locator("[data-tile=sl] .num")).to_contain_text("81")
        look = await page.evaluate(
            "[document.documentElement.dataset.theme, getComputedStyle(document.documentElement).getPropertyValue('--accent'), "
            "getComputedStyle(document.documentElement).getPropertyValue('--read-distance')]"
        )
        assert look == ["light", "#b0122f", "10"]
        assert await page.evaluate(LINT) == []


async def test_before_the_server_answers_the_last_copy_is_there(page: Page) -> None:
    async with mock_wall(morning.whole()) as wall:
        await open_(page, wall, board([FIRST]))
        await page.route("**/api/v1/boards**", lambda route: route.abort())
        await page.goto(f"{wall.url}?lang=en&board=mine")
        await expect(page.locator("[data-kept] [data-tile=sl] .num")).to_contain_text("81")
        await page.unroute("**/api/v1/boards**")
        await expect(page.locator("[data-kept]")).to_have_count(0, timeout=12_000)


async def test_the_preview_draws_what_the_editor_says_and_tells_where_it_is(page: Page) -> None:
    async with mock_wall(morning.whole()) as wall:
        await page.goto(wall.url + "healthz-is-not-here")
        await page.goto(f"{wall.url}?lang=en&board=floor")
        await page.evaluate(
            """url => new Promise(done => {
              window.told = []; const frame = document.createElement('iframe'); frame.style.cssText = 'position:fixed;inset:0;width:960px;height:540px;z-index:99';
              addEventListener('message', e => { window.told.push(e.data); if (e.data.type === 'ccwall.ready') done(); });
              frame.src = url; document.body.append(frame); })""",
            f"{wall.url}?lang=en&preview=1",
        )
        document = board([FIRST, SECOND | {"x": 8}])
        await page.evaluate(
            "board => frames[0].postMessage({type: 'ccwall.preview', board, page: 0}, location.origin)",
            document,
        )
        frame = page.frame_locator("iframe")
        await expect(frame.locator("[data-tile=sl] .num")).to_contain_text("81")
        await page.wait_for_function(
            "window.told.some(m => m.type === 'ccwall.boxes' && m.boxes.length === 3)"
        )
        told: list[Json] = json.loads(await page.evaluate("JSON.stringify(window.told)"))
        boxes = {each["id"]: each for each in [m for m in told if m["type"] == "ccwall.boxes"][-1]["boxes"]}
        assert boxes["longest"]["x"] > boxes["sl"]["x"] + boxes["sl"]["w"]


async def test_what_cheers_leaves_in_trouble_and_its_neighbour_takes_the_room(page: Page) -> None:
    async with mock_wall(morning.calm()) as wall:
        await show(page, wall, "en")
        curve = page.locator("[data-cell=curve]")
        before = await curve.bounding_box()
        await expect(page.locator("[data-cell=race]")).to_be_visible()
        await wall.change((["floor", "longest_since"], NOW - 300))
        await expect(page.locator("[data-cell=race]")).to_have_count(0)
        after = await curve.bounding_box()
        assert before is not None
        assert after is not None
        assert after["height"] > 1.5 * before["height"]


async def test_on_a_phone_it_is_one_column_that_scrolls_down_only(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    for scene in (morning.whole, morning.lost, boards.crowd):
        async with mock_wall(scene()) as wall:
            for preset, lang in (("floor", "zh-CN"), ("team", "en"), ("agents", "zh-TW")):
                await show(page, wall, lang, preset)
                assert await page.evaluate(LINT, "page") == [], (scene.__name__, preset, lang)
                assert await page.evaluate("document.documentElement.scrollWidth") <= 390
                await page.mouse.wheel(0, 900)
                head = page.locator(".w-head")
                await expect(head).to_be_in_viewport()
                box = await head.bounding_box()
                assert box is not None
                assert box["y"] <= 1


async def test_at_200_percent_the_wall_is_one_column(page: Page) -> None:
    await page.set_viewport_size({"width": 640, "height": 360})
    async with mock_wall(morning.english()) as wall:
        await show(page, wall, "en")
        assert await page.evaluate(LINT, "page") == []


async def test_from_ten_metres_no_type_is_too_small_and_nothing_is_cut(page: Page) -> None:
    async with mock_wall(morning.whole()) as wall:
        floor = wall.library.presets["floor"]
        for distance in (9, 10):
            wall.library.save("boards", "mine", floor | {"id": "mine", "distance": distance})
            for lang in LANGUAGES:
                await show(page, wall, lang, "mine")
                assert await page.evaluate(LINT) == [], (distance, lang)
                far = distance * 5 / 0.7 * 1920 / (55 * 22.138)
                sizes = "e => [...document.querySelectorAll('.hero .num')].map(n => parseFloat(getComputedStyle(n).fontSize))"
                assert min(await page.evaluate(sizes)) >= far - 0.5


async def test_who_hears_the_board_gets_its_numbers_in_sentences(page: Page) -> None:
    async with mock_wall(morning.whole()) as wall:
        await show(page, wall, "en")
        summary = page.locator("main > .summary")
        assert await page.locator("main > :first-child").get_attribute("class") == "vh summary"
        await expect(summary.locator("li").first).to_have_text(
            "Service level, 81 percent, target 80 percent, On target"
        )
        await expect(summary).to_contain_text(re.compile(r"Longest wait, 0:4\d, target 1:00, Near"))


async def test_demand_is_told_as_a_level(page: Page) -> None:
    async with mock_wall(morning.surge()) as wall:
        for lang in LANGUAGES:
            await open_(
                page, wall, board([tile("load", "load", 0, 2, 4, 9), tile("small", "load", 4, 2, 3, 7)])
            )
            await show(page, wall, lang, "mine")
            await expect(page.locator("[data-tile=load] .steps .on")).to_have_count(5)
            await expect(page.locator("[data-tile=load]")).to_have_class(re.compile("breach"))
            assert await page.evaluate(LINT) == [], lang


async def test_more_queues_than_fit_come_page_by_page(page: Page) -> None:
    async with mock_wall(boards.stress()) as wall:
        await open_(page, wall, board([tile("queues", "queues", 0, 2, 10, 8)]))
        first = await page.locator("tr[data-queue]").all_inner_texts()
        assert 1 < len(first) < 9
        await expect(page.locator("tr[data-queue] >> nth=0")).not_to_have_text(first[0], timeout=15_000)
