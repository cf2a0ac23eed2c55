"""The panel that says why: opened by key and by mouse, whole at every size, honest about itself, and safe to leave."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import boards, explained
from tests.browser.boards import NOW, Json
from tests.browser.explained import Explains
from tests.browser.mock_wall import MockWall, mock_wall
from tests.browser.test_wall_looks import in_each_language

LINT = (Path(__file__).parent / "lint.js").read_text(encoding="utf-8")
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LANGUAGES = ("zh-CN", "zh-TW", "en")
SIZES = ((1280, 720), (1920, 1080), (3840, 2160), (390, 844))
LEVEL = "[data-tile=sl] .ask"
TILES = {
    "lead": LEVEL,
    "middle": "[data-tile=waiting] .ask",
    "right": "[data-tile=ready] .ask",
    "row": "[data-queue='pbx1/回访'] .v .ask",
    "totals": ".totals .ask",
    "curve": "[data-tile=curve] .ask",
}
SCENES: dict[str, tuple[Callable[[], Json], Explains]] = {
    "usual": (boards.usual, explained.explains),
    "rate": (boards.usual, explained.always(explained.rate)),
    "gauge": (boards.usual, explained.always(explained.gauge)),
    "mean": (boards.usual, explained.always(explained.mean)),
    "people": (boards.usual, explained.always(explained.people)),
    "forecast": (boards.usual, lambda question: (200, explained.estimate(question | {"metric": "forecast"}))),
    "share": (boards.usual, explained.always(explained.share)),
    "declared": (boards.usual, explained.always(explained.declared)),
    "doubtful": (boards.two_sources, explained.always(explained.doubtful)),
    "nothing": (boards.nobody, explained.always(explained.nothing)),
    "display": (boards.usual, explained.unseen_contacts),
    "forbidden": (boards.usual, explained.forbidden),
    "hostile": (boards.usual, explained.always(explained.hostile)),
}


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def show(page: Page, wall: MockWall, lang: str = "zh-CN", board: str = "floor") -> None:
    wall.explains = wall.explains or explained.explains
    await page.goto(f"{wall.url}?lang={lang}&board={board}")
    await page.locator(f"[data-board={board}] .clock").wait_for()
    await page.evaluate("document.fonts.ready")


async def ask(page: Page, tile: str = LEVEL) -> None:
    """The panel for a tile, answered and measured; the pointer is not over it."""
    await page.locator(tile).evaluate("button => button.click()")
    await answered(page)


async def answered(page: Page) -> None:
    await expect(panel(page)).not_to_have_attribute("data-state", "asking")
    await page.evaluate(DRAWN)


@pytest.mark.parametrize("scene", SCENES)
async def test_every_text_is_whole_apart_plain_and_easy_to_hit(page: Page, scene: str) -> None:
    board, explains = SCENES[scene]
    async with mock_wall(board()) as wall:
        wall.explains = explains
        async for lang in in_each_language(page, wall, list(SCENES).index(scene)):
            await ask(page)
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                await page.evaluate(DRAWN)
                assert await page.evaluate(LINT, "panel") == [], (lang, width)
            await page.keyboard.press("Escape")
            await expect(panel(page)).to_have_count(0)


@pytest.mark.parametrize("tile", TILES)
async def test_the_tile_it_answers_for_stays_in_view_in_a_frame(page: Page, tile: str) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, board="agents" if tile == "totals" else "floor")
        await ask(page, TILES[tile])
        for width, height in SIZES[1:3]:
            await page.set_viewport_size({"width": width, "height": height})
            await page.evaluate(DRAWN)
            frame = await page.locator(".spot").bounding_box()
            told = await panel(page).bounding_box()
            assert frame is not None
            assert told is not None
            assert told["x"] >= 0
            assert told["x"] + told["width"] <= width
            assert told["x"] + told["width"] <= frame["x"] or told["x"] >= frame["x"] + frame["width"]
            assert await page.evaluate(LINT, "panel") == [], (width, tile)


async def test_the_lint_sees_what_an_eye_would_in_the_panel(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        for fault in (
            "document.querySelector('.why-head h1').style.color = 'rgb(40 50 60)'",
            "document.querySelector('.rows td').style.fontSize = '9px'",
            "document.querySelector('.parts ul').style.marginTop = '-40px'",
            "document.querySelector('.why-foot .btn').style.minHeight = '12px'",
            "document.querySelector('.why-foot').style.transform = 'translateX(40px)'",
        ):
            await show(page, wall)
            await ask(page)
            await page.evaluate(fault)
            assert await page.evaluate(LINT, "panel") != [], fault


async def test_the_question_mark_asks_the_number_under_the_pointer(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await page.mouse.move(1300, 200)
        await page.keyboard.press("?")
        await answered(page)
        assert wall.questions[0]["metric"] == "longest_since"
        await expect(page.locator("#why-title")).to_have_text(re.compile(r"^为什么是 0:4\d$"))


async def test_the_mark_comes_with_the_pointer_and_a_click_opens(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        mark = page.locator("[data-tile=answer] .ask i")
        await expect(mark).to_be_hidden()
        await page.mouse.move(700, 200)
        await expect(mark).to_be_visible()
        await page.mouse.click(700, 200)
        await answered(page)
        await expect(page.locator("#why-title")).to_have_text("为什么是 96%")
        assert wall.questions[0] == {
            "metric": "answer_rate",
            "scope": "floor",
            "window": "today",
            "limit": "50",
        }


async def test_the_whole_wall_is_reached_by_keys(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await page.keyboard.press("Tab")
        await expect(page.locator(LEVEL)).to_be_focused()
        for key, metric in (
            ("ArrowRight", "answer_rate"),
            ("ArrowRight", "waiting"),
            ("ArrowLeft", "answer_rate"),
        ):
            await page.keyboard.press(key)
            assert await page.evaluate("document.activeElement.dataset.metric") == metric
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.press("ArrowDown")
        assert await page.evaluate("document.activeElement.dataset.scope") == "queue:pbx1/咨询"
        at = "[...document.querySelectorAll('button.ask')].indexOf(document.activeElement)"
        reached, ahead = {0}, [0]
        while ahead:
            start = ahead.pop()
            for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
                await page.evaluate("i => document.querySelectorAll('button.ask')[i].focus()", start)
                await page.keyboard.press(key)
                found = cast("int", await page.evaluate(at))
                if found not in reached:
                    reached.add(found)
                    ahead.append(found)
        numbers = await page.locator("button.ask").count()
        assert numbers > 25
        assert len(reached) == numbers
        await page.locator(LEVEL).focus()
        await page.keyboard.press("Enter")
        await answered(page)
        await expect(page.locator("#why-title")).to_have_text("为什么是 81%")


async def test_it_holds_the_keyboard_and_gives_it_back_to_the_tile(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await page.keyboard.press("?")
        await answered(page)
        dialog = panel(page)
        await expect(dialog).to_be_focused()
        await expect(dialog).to_have_attribute("aria-modal", "true")
        await expect(dialog).to_have_accessible_name("为什么是 81%")
        assert await page.locator("main").get_attribute("inert") is not None
        stops = set[str]()
        for key in ("Tab", "Shift+Tab"):
            for _ in range(40):
                await page.keyboard.press(key)
                inside = "document.activeElement.closest('[role=dialog]') !== null"
                assert await page.evaluate(inside)
                stops.add(cast("str", await page.evaluate("document.activeElement.outerHTML.slice(0, 80)")))
        assert len(stops) >= 10
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(page.locator(LEVEL)).to_be_focused()
        assert await page.locator("main").get_attribute("inert") is None
        await page.keyboard.press("ArrowRight")
        assert await page.evaluate("document.activeElement.dataset.metric") == "answer_rate"


async def test_arrows_ask_the_next_tile_and_a_click_beside_it_leaves(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await page.keyboard.press("?")
        await answered(page)
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#why-title")).to_have_text("为什么是 96%")
        await page.keyboard.press("ArrowLeft")
        await expect(page.locator("#why-title")).to_have_text("为什么是 81%")
        await page.keyboard.press("ArrowLeft")
        await expect(panel(page)).to_be_visible()
        corner = page.locator(".spot")
        await corner.dispatch_event("click")
        await expect(panel(page)).to_have_count(0)


async def test_it_says_the_figures_the_words_the_margin_and_the_target(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await ask(page)
        dialog = panel(page)
        await expect(dialog.locator(".big")).to_have_text("130 ÷ 161 = 80.7%，显示 81%")
        await expect(dialog.locator(".words b")).to_have_text(
            ["20 秒内接起", "全部接起", "等满 5 秒后挂断", "已等过 20 秒仍在排队"]
        )
        await expect(dialog.locator(".words")).to_contain_text("20 秒内接起 ÷（全部接起 + 等满 5 秒后挂断 + ")
        await expect(dialog.locator(".tgl")).to_have_text("目标线 129")
        await expect(dialog.locator(".margin")).to_have_text("再有 2 通接晚就低于 80%")
        await expect(dialog.locator(".why-head p")).to_have_text(
            re.compile(r"^服务水平 20 秒，减短放弃，全场，今日（00:00:00 至 10:24:\d\d），按发生时间计$")
        )
        widths = await dialog.locator(".barx i").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().width)"
        )
        assert widths == sorted(widths, reverse=True)
        assert widths[0] / sum(widths) == pytest.approx(130 / 161, abs=0.01)
        await expect(dialog.locator("[data-part=others] li.me")).to_contain_text("本屏：减短放弃")
        await expect(dialog.locator("[data-part=others] li.miss b")).to_have_text("77.8%")
        await expect(dialog.locator("[data-part=left-out] h2")).to_have_text("不计入9 / 170 通")
        await expect(dialog.locator("[data-checked]")).to_have_text("逐通核对一致")


async def test_another_window_is_another_question_and_the_number_now_has_none(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await ask(page)
        await page.get_by_role("button", name="近 30 分").click()
        await expect(page.locator(".why-head p")).to_contain_text("近 30 分钟（09:54:36 至 10:24:")
        assert wall.questions[-1]["window"] == "rolling:30"
        await expect(page.get_by_role("button", name="近 30 分")).to_have_attribute("aria-pressed", "true")
        await page.keyboard.press("Escape")
        await ask(page, TILES["middle"])
        await expect(page.get_by_role("button", name="近 30 分")).to_have_count(0)


async def test_groups_and_pages_of_contacts(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await ask(page)
        rows = page.locator(".rows tbody tr")
        await expect(rows).to_have_count(31)
        await expect(page.locator("[data-group]")).to_have_text(["未达 31", "达标 130", "不计入 9"])
        await page.locator("[data-group=hit]").click()
        await expect(rows).to_have_count(50)
        await page.get_by_role("button", name="还有 80 通").click()
        await expect(rows).to_have_count(100)
        await page.get_by_role("button", name="还有 30 通").click()
        await expect(rows).to_have_count(130)
        assert wall.questions[-1]["after"] == "pbx1/hit99"
        ids = await rows.locator("td:first-child").all_inner_texts()
        assert ids == sorted(ids, reverse=True)
        headers = page.locator(".rows th[scope=col]")
        await expect(headers).to_have_text(["进线", "队列", "等待", "结果", "来电", "坐席"])


async def test_it_lives_and_stands_still_while_somebody_reads_the_table(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await ask(page)
        count = len(wall.questions)
        wall.explains = explained.always(explained.rate)
        await expect(page.locator("#why-title")).to_have_text("为什么是 96%", timeout=5_000)
        wall.explains = explained.explains
        await expect(page.locator("#why-title")).to_have_text("为什么是 81%", timeout=5_000)
        assert len(wall.questions) >= count + 2
        await page.locator(".rows").evaluate("rows => rows.scrollTo(0, 200)")
        await expect(panel(page)).to_have_attribute("data-state", "held")
        await expect(page.locator(".pulse")).to_have_text(re.compile(r"^停在 10:24:\d\d，离开表格后继续$"))
        held = len(wall.questions)
        age = await page.locator(".srcs b").inner_text()
        await page.wait_for_timeout(3_000)
        assert len(wall.questions) == held
        assert await page.locator(".srcs b").inner_text() != age
        await page.locator(".rows").evaluate("rows => rows.scrollTo(0, 0)")
        await expect(panel(page)).to_have_attribute("data-state", "fresh")
        box = await page.locator(".rows").bounding_box()
        assert box is not None
        await page.mouse.move(box["x"] + 50, box["y"] + 50)
        await expect(panel(page)).to_have_attribute("data-state", "held")
        await page.mouse.move(5, 5)
        await expect(panel(page)).to_have_attribute("data-state", "fresh")


async def test_a_closed_panel_asks_nothing(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        assert wall.questions == []
        await ask(page)
        await page.keyboard.press("Escape")
        count = len(wall.questions)
        await page.wait_for_timeout(3_000)
        assert len(wall.questions) == count


async def test_a_display_sees_everything_but_the_contacts_and_why(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.explains = explained.unseen_contacts
        await show(page, wall)
        await ask(page)
        await expect(page.locator("[data-part=calls]")).to_contain_text("大屏的身份只看合计")
        await expect(page.locator(".rows")).to_have_count(0)
        await expect(page.locator("[data-group=miss]")).to_be_disabled()
        await expect(page.locator("[data-action=export]")).to_have_count(0)
        await expect(page.locator(".margin")).to_be_visible()


async def test_what_the_server_refuses_is_said_in_its_words(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.explains = explained.forbidden
        await show(page, wall)
        await ask(page)
        said = panel(page).get_by_role("alert")
        await expect(said).to_contain_text("这个身份不能看它")
        await expect(said).to_contain_text("it sees the queues pbx1/咨询")
        await expect(said).to_contain_text("Ask for a token")
        wall.explains = explained.explains
        await page.get_by_role("button", name="再试").click()
        await expect(page.locator("#why-title")).to_have_text("为什么是 81%")


async def test_a_server_that_is_gone_leaves_the_answer_as_old(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await ask(page)
        port = int(wall.url.rstrip("/").rpartition(":")[2])
        await wall.stop()
        await expect(panel(page)).to_have_class(re.compile(r"\bold\b"), timeout=9_000)
        await expect(panel(page).get_by_role("alert")).to_contain_text(
            re.compile(r"与服务器断线，这里停在 10:24:\d\d")
        )
        await expect(page.locator(".big")).to_contain_text("130 ÷ 161")
        assert await page.evaluate(LINT, "panel") == []
        await wall.start(port)
        await expect(panel(page)).not_to_have_class(re.compile(r"\bold\b"), timeout=15_000)


async def test_what_is_doubtful_comes_first_and_loud(page: Page) -> None:
    async with mock_wall(boards.two_sources()) as wall:
        wall.explains = explained.always(explained.doubtful)
        await show(page, wall)
        await ask(page)
        await expect(page.locator(".why-alert.loud")).to_have_text(
            "这个数是 80.7%，逐通数出来是 79.0%。请先不要引用，并把这一页交给管理员。"
        )
        await expect(page.locator("[data-checked=false]")).to_have_text("逐通核对不一致")
        await expect(panel(page)).to_contain_text("数字停在 10:23:56")
        assert await page.locator(".rc [data-part]").first.get_attribute("data-part") == "sources"
        doubts = page.locator(".doubts")
        for words in (
            "从 10:03:00 到 10:05:00",
            "另有 4 通来电我们没有看到",
            "3 通的结果是推断的",
            "12 通来电已不在内存里",
            "后来改过",
        ):
            await expect(doubts).to_contain_text(words)
        await expect(page.locator("[data-source=pbx1] b").last).to_have_text("截至 10:23:56")


async def test_no_number_has_a_reason(page: Page) -> None:
    async with mock_wall(boards.nobody()) as wall:
        wall.explains = explained.always(explained.nothing)
        await show(page, wall)
        await ask(page)
        await expect(page.locator("#why-title")).to_have_text("为什么没有数")
        await expect(page.locator(".fx")).to_contain_text("不是 0%，也不是 100%")
        await expect(page.locator(".forms b")).to_have_text(["–"] * 5)


async def test_the_sources_own_figures_stand_beside_ours(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.explains = explained.always(explained.declared)
        await show(page, wall)
        await ask(page)
        told = page.locator("[data-part=declared]")
        await expect(told.locator("tbody tr").nth(0)).to_have_text("ServicelevelPerf95.595.5 84 ÷ 88")
        await expect(told.locator("tbody tr").nth(1)).to_have_text("ServicelevelPerf293≠ 92.1")
        await expect(told.locator("tbody tr").nth(2)).to_have_text("Completed88–")
        await expect(told.locator("p")).to_have_count(4)


async def test_names_from_the_network_stay_words(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    async with mock_wall(boards.usual()) as wall:
        wall.explains = explained.always(explained.hostile)
        await show(page, wall)
        title = await page.title()
        await ask(page)
        assert await page.locator(".panel :is(img, script)").count() == 0
        assert await page.title() == title
        callers = await page.locator(".rows tr:nth-child(1) bdi").all_text_contents()
        assert explained.HOSTILE[0] in callers
        assert "\u202e" not in await page.locator(".why-head").inner_text()
        assert said == []


async def test_the_export_is_what_may_be_seen_and_no_formula(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.explains = explained.always(explained.hostile)
        await show(page, wall)
        await ask(page)
        async with page.expect_download() as waiting:
            await page.locator("[data-action=export]").click()
        download = await waiting.value
        assert re.fullmatch(
            r"ccwall-service_level-[\w-]+-today-20261120-1024\d\d\.csv", download.suggested_filename
        )
        text = (await download.path()).read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert rows[0][:4] == ["归类", "结果", "进线", "队列"]
        assert len(rows) == 1 + 31 + 130 + 9
        assert [row[0] for row in rows].count("达标") == 130
        assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in ("=", "+", "-", "@")]
        assert {row[8] for row in rows} >= {
            "'" + explained.HOSTILE[1],
            "'" + explained.HOSTILE[5],
            explained.HOSTILE[0],
        }
        await expect(page.locator(".said")).to_have_text("已导出 170 通")


async def test_the_citation_goes_to_the_clipboard(browser: Browser) -> None:
    context = await browser.new_context(
        viewport={"width": 1920, "height": 1080}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = await context.new_page()
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await ask(page)
        await page.locator("[data-action=copy]").click()
        await expect(page.locator(".said")).to_have_text("已复制")
        text = cast("str", await page.evaluate("navigator.clipboard.readText()"))
        assert "服务水平 20 秒，减短放弃：130 ÷ 161 = 80.7%（显示 81%）" in text
        assert "A_T / (A + B − B_S + W_T)" in text
        assert "青禾证券客户联络中心" in text
        # On plain http there is no such clipboard, and the old way does it.
        await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#why-title")).to_have_text("为什么是 96%")
        await page.locator("[data-action=copy]").click()
        await expect(page.locator(".said")).to_have_text("已复制")
    await context.close()


async def test_nothing_moves_for_those_who_asked_for_less(browser: Browser) -> None:
    context = await browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page = await context.new_page()
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await ask(page)
        assert await page.evaluate("document.getAnimations().length") == 0
    await context.close()


async def test_a_wall_that_nobody_asks_does_not_carry_the_answer(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        assert not [url for url in fetched if "Panel" in url]
        await ask(page)
        assert [url for url in fetched if "Panel" in url]


async def test_what_waits_goes_on_growing_in_the_title_as_on_the_tile(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.explains = explained.always(explained.waits)
        await show(page, wall)
        await ask(page, "[data-tile=longest] .ask")
        title = page.locator("#why-title")
        for _ in range(5):
            on_tile = await page.locator("[data-tile=longest] .num").inner_text()
            if await title.inner_text() == f"为什么是 {on_tile}":
                break
            await page.wait_for_timeout(150)
        else:
            pytest.fail("the title and its tile never agree")
        before = await title.inner_text()
        await expect(title).not_to_have_text(before, timeout=3_000)


# ── what the wall itself has to say about what is to come ─────────────────────────────────────────────────────────


def outlook(**floor: Any) -> Json:
    """A morning with a staffing gap in two queues and a forecast."""
    scene = boards.usual()
    for queue, gap in zip(scene["queues"].values(), (-1.5, 2.2, 0.3, -0.4, -11.0), strict=True):
        queue["outlook"] = {"need": 3, "capacity": 3 + gap, "gap": gap}
    forecast = {"5": [0.74, 0.81, 0.87], "15": [0.7, 0.8, 0.88], "30": [0.66, 0.79, 0.88]}
    scene["floor"]["outlook"] = {"need": 9, "gap": 1, "forecast": forecast} | floor
    scene["curve_revised"] = [boards.DAY + 9 * 3600]
    return scene


def unlike() -> Json:
    """Queues with limits of their own: the floor as a whole has none."""
    scene = outlook()
    for i, queue in enumerate(scene["queues"].values()):
        queue["formula"] = {"service_level": "offered_less_short", "threshold": (15, 20)[i % 2]}
    scene["floor"]["formula"] = {"service_level": "offered_less_short"}
    return scene


def crowded() -> Json:
    scene = boards.stress()
    for i, queue in enumerate(scene["queues"].values()):
        queue["outlook"] = {"gap": (-12.0, 3.0, 0.0)[i % 3]}
    scene["floor"]["outlook"] = outlook()["floor"]["outlook"]
    return scene


@pytest.mark.parametrize("scene", [outlook, unlike, crowded])
async def test_the_outlook_fits_the_wall(page: Page, scene: Callable[[], Json]) -> None:
    async with mock_wall(scene()) as wall:
        for lang in LANGUAGES:
            await show(page, wall, lang)
            await expect(page.locator(".clock")).to_contain_text(":")
            assert await page.evaluate(LINT) == [], lang


async def test_a_queue_lacks_whole_people(page: Page) -> None:
    async with mock_wall(outlook()) as wall:
        for lang, words in (
            ("zh-CN", ["缺 2", "余 2", "平", "缺 1", "缺 11"]),
            ("en", ["−2", "+2", "0", "−1", "−11"]),
        ):
            await show(page, wall, lang)
            await expect(page.locator("td.staff .w, td.staff .nil")).to_have_text(words)
        await expect(page.locator("td.staff .cx.warn")).to_have_count(3)
        await page.locator("[data-queue='pbx1/咨询'] .staff .ask").evaluate("e => e.click()")
        await answered(page)
        assert wall.questions[-1]["metric"] == "gap"


async def test_an_estimate_says_what_it_rests_on(page: Page) -> None:
    async with mock_wall(outlook()) as wall:
        await show(page, wall, "en")
        await page.locator("[data-queue='pbx1/咨询'] .staff .ask").evaluate("e => e.click()")
        await answered(page)
        rests = panel(page).locator("[data-part=rests] div")
        lines = [" ".join(line.split()) for line in await rests.all_inner_texts()]
        assert lines == [
            "Calls lately 77 in 15:20: 301.3 an hour",
            "Handle time 1:37 of 49 calls",
            "Patience 0:58 5 gave up",
            "Waiting now 8 4 of them over 20 s",
            "People, shared ones in part 6.5 0 ready",
            "People needed 10",
        ]
        await expect(panel(page).locator("[data-part=calls] tbody tr").first).to_contain_text("still waiting")


async def test_a_forecast_says_whom_it_counts_on_and_what_else_they_answer_for(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.explains = lambda question: (200, explained.estimate(question | {"metric": "forecast"}))
        await show(page, wall, "en")
        await ask(page)
        await expect(page.locator("#why-title")).to_have_text("Why 66–88%")
        rests = panel(page).locator("[data-part=rests] div")
        lines = [" ".join(line.split()) for line in await rests.all_inner_texts()]
        assert lines[5:] == [
            "People counted on 5 min: 12.2; 15 min: 15.1; 30 min: 16",
            "They also take Call-back 68.2% of its calls, 2 at a time",
            "They also take another queue 47.0% of its calls, 1.1 at a time",
            "Service level, next 5 min 81.0% 74.0% to 87.0% in 8 of 10 cases",
            "Service level, next 15 min 80.0% 70.0% to 88.0% in 8 of 10 cases",
            "Service level, next 30 min 79.0% 66.0% to 88.0% in 8 of 10 cases",
        ]


async def test_a_forecast_has_its_band_and_its_odds_or_is_not_there(page: Page) -> None:
    async with mock_wall(outlook()) as wall:
        await show(page, wall)
        curve = page.locator("[data-tile=curve]")
        await expect(curve.locator("h2")).to_contain_text("66–88%")
        await expect(curve.locator("h2")).to_contain_text("八成")
        await expect(curve.locator(".ahead .band")).to_have_count(1)
        await expect(curve.locator(".revised title")).to_have_text("事后改过：9:00")
        await wall.change((["sources", "pbx1", "state"], "down"), (["sources", "pbx1", "as_of"], NOW))
        await expect(curve.locator(".ahead")).to_have_count(0)
        await expect(curve.locator("h2")).not_to_contain_text("66–88%")
        await wall.replace(outlook(forecast={}, why="too_little_data"))
        await expect(curve.locator("h2")).to_contain_text("部分队列来电太少")


async def test_a_service_level_is_never_without_its_formula_and_limit(page: Page) -> None:
    scene = boards.usual()
    async with mock_wall(scene) as wall:
        await show(page, wall)
        head = page.locator("#hero-sl")
        await expect(head).to_contain_text("20 秒 减短放弃")
        for variant, threshold, words in (
            ("offered", 20, "20秒接通率"),
            ("offered", 15, "15 秒 公式三"),
            ("answered", 20, "20 秒 公式二"),
            ("abandon_positive", 30, "30 秒 公式一"),
        ):
            await wall.change(
                (["floor", "formula"], {"service_level": variant, "variant": variant, "threshold": threshold})
            )
            await expect(head).to_contain_text(words)
        await wall.change((["floor", "formula"], {"variant": "mixed"}))
        await expect(head).to_contain_text("口径不一")
        await wall.replace(unlike())
        await expect(head).to_contain_text("15–20 秒")
