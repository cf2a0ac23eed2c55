"""Tiles of more than one number: every text whole and plain in each of their looks, and nothing said that is not so."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import tiles_sheet as sheet
from tests.browser.boards import NOW, Json
from tests.browser.mock_wall import MockWall, mock_wall

LINT = (Path(__file__).parent / "lint.js").read_text(encoding="utf-8")
LANGUAGES = ("zh-CN", "zh-TW", "en")
THEMES = ("dark", "light", "hc")
# One point of red.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def show(page: Page, wall: MockWall, document: Json, lang: str = "zh-CN") -> None:
    wall.library.pictures.setdefault("logo", ("image/png", PNG))
    wall.library.save("boards", "sheet", document)
    # A cross-fade is two texts in one place, for a moment.
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(f"{wall.url}?board=sheet&lang={lang}")
    await page.locator("[data-board=sheet]").wait_for()
    await expect(page.locator(".is-loading")).to_have_count(0)
    await page.evaluate("document.fonts.ready")
    await page.evaluate(SETTLED)


async def shown(page: Page, wall: MockWall, *tiles: Json, lang: str = "zh-CN") -> None:
    await show(page, wall, sheet.board(list(tiles)), lang)


@pytest.mark.parametrize("name", sheet.PAGES)
async def test_every_tile_fits_in_every_language_and_theme(page: Page, name: str) -> None:
    async with mock_wall(sheet.full()) as wall:
        for lang in LANGUAGES:
            await show(page, wall, sheet.board(sheet.PAGES[name]()), lang)
            for theme in THEMES:
                await page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
                assert await page.evaluate(LINT, "wall") == [], (lang, theme)


@pytest.mark.parametrize("name", ["charts", "people"])
async def test_every_look_fits(page: Page, name: str) -> None:
    async with mock_wall(sheet.full()) as wall:
        for lang in ("zh-TW", "en"):
            await show(page, wall, sheet.board(sheet.PAGES[name]()), lang)
            for floor, make in sheet.FLOORS.items():
                await wall.replace(make())
                await expect(page.locator(".banner")).to_have_count({"trouble": 2, "lost": 1}.get(floor, 0))
                await page.evaluate(SETTLED)
                assert await page.evaluate(LINT, "wall") == [], (lang, floor)


@pytest.mark.parametrize("size", [(1280, 720, 8), (1920, 1080, 10)], ids=str)
async def test_they_fit_small_screens_and_far_readers(page: Page, size: tuple[int, int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    async with mock_wall(sheet.full()) as wall:
        for name in ("charts", "people"):
            await show(page, wall, sheet.board(sheet.PAGES[name](), distance=size[2]), "en")
            assert await page.evaluate(LINT, "wall") == [], name


async def test_alone_on_the_screen_the_type_is_bigger(page: Page) -> None:
    sizes = "[...document.querySelectorAll('.frame h2, .frame li, .chart text')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    async with mock_wall(sheet.full()) as wall:
        for kind in ("curve", "outlook", "race"):
            await show(page, wall, sheet.alone(kind), "en")
            assert await page.evaluate(LINT, "wall") == [], kind
            assert min(await page.evaluate(sizes)) > 31, kind


async def test_on_a_phone_each_is_a_card_and_its_rows_can_be_hit(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    async with mock_wall(sheet.full()) as wall:
        for name in ("charts", "people"):
            await show(page, wall, sheet.board(sheet.PAGES[name]()))
            complaints = await page.evaluate(f"({LINT})('page')")
            assert [each for each in complaints if "button.ask" in each or each[0] != "hard to hit"] == []


async def test_a_forecast_stops_when_the_data_do_and_says_why_there_is_none(page: Page) -> None:
    async with mock_wall(sheet.full()) as wall:
        await shown(
            page, wall, sheet.tile("curve", 0, 0, 8, 8), sheet.tile("outlook", 8, 0, 8, 8),
            sheet.tile("curve", 0, 8, 8, 8, yesterday=False, forecast=False),
        )  # fmt: skip
        await expect(page.locator(".chart .ahead")).to_have_count(1)
        await expect(page.locator(".chart .named")).to_have_text(["昨日"])
        await expect(page.locator(".bands li")).to_have_count(3)
        await wall.replace(sheet.lost())
        await expect(page.locator(".chart .ahead")).to_have_count(0)
        await expect(page.locator(".bands li")).to_have_count(0)
        await expect(page.locator(".t-outlook")).to_contain_text("预测已停")
        await expect(page.locator(".t-curve").first).to_contain_text("截至 10:23:55")
        await wall.replace(sheet.poor())
        await expect(page.locator(".chart .ahead")).to_have_count(0)
        await expect(page.locator(".t-outlook .none")).to_have_text("部分队列来电太少，不画区间")
        await expect(page.locator(".t-outlook .people")).to_contain_text("11")


async def test_alerts_are_calm_or_name_places_and_never_people_nor_judge_what_is_old(page: Page) -> None:
    calm = sheet.full()
    for queue in calm["queues"].values():
        queue |= {"service_level": 0.9, "waiting": 0, "target": {"service_level": 0.8}}
        queue.pop("longest_since", None)
    trouble = sheet.trouble()
    agent = next(iter(trouble["agents"].values()))
    agent["conflicts"] = [{"kind": "ready_docked", "since": NOW - 95, "sources": ["pbx1"]}]
    async with mock_wall(calm) as wall:
        await show(page, wall, sheet.alone("alerts"))
        rows = page.locator("[data-alarm]")
        await expect(page.locator(".calm")).to_contain_text("没有要处理的事")
        await expect(page.locator(".calm")).to_contain_text("10:24 看过 5 个队列、1 个数据源")
        await wall.change(
            (["queues", "pbx1/咨询", "waiting"], 9), (["queues", "pbx1/咨询", "target", "waiting"], 6)
        )
        await expect(rows).to_have_attribute("class", "queue breach")
        await wall.replace(trouble)
        await expect(rows).to_have_count(5)
        assert [await row.get_attribute("data-alarm") for row in await rows.all()] == [
            "queue pbx1/咨询", "source pbx2", "queue pbx1/回访", "recording", "conflicts",
        ]  # fmt: skip
        await expect(rows.first.locator(".what .long")).to_be_visible()
        await expect(rows.first.locator(".what .short")).to_be_hidden()
        said = await page.locator(".t-alerts").inner_text()
        assert agent["name"] not in said
        assert "10:23 起" in said
        await wall.replace(sheet.lost())
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("5 个队列数据中断，暂不判断")


async def test_the_worst_gap_comes_first_the_last_team_never_and_the_pace_is_yesterday_s(page: Page) -> None:
    async with mock_wall(sheet.full()) as wall:
        await shown(
            page, wall, sheet.tile("gap", 0, 0, 8, 12), sheet.tile("race", 8, 0, 8, 12),
            sheet.tile("leaderboard", 0, 12, 8, 12, top="10"),
            sheet.tile("leaderboard", 8, 12, 8, 12, top="3", who="people"),
        )  # fmt: skip
        await expect(page.locator("[data-gap]").first).to_contain_text("缺 2")
        await expect(page.locator("[data-gap]").last).to_contain_text("余 2")
        await expect(page.locator(".advice")).to_have_text("看 回访 能否支援 咨询 2 人")
        teams, people = page.locator(".t-leaders").nth(0), page.locator(".t-leaders").nth(1)
        await expect(teams.locator(".name")).to_have_text(["启明", "卓越", "远航"])
        await expect(people.locator(".rank")).to_have_text(["1", "1"])
        await expect(page.locator(".t-race .end")).to_have_text("应达 17%")
        await expect(page.locator(".t-race .first .name")).to_have_text("启明")
        await wall.remove(["yesterday"])
        await expect(page.locator(".t-race .end")).to_have_text("应达 16%")
        await wall.replace(sheet.lost())
        await expect(page.locator(".advice")).to_have_text("数据中断，暂不建议")
        await expect(page.locator(".t-race, .t-leaders")).to_have_count(0)


async def test_announcements_take_turns_and_end_when_they_should(page: Page) -> None:
    local = [
        {"text": {"zh-CN": "早会"}, "until": "2026-11-20T10:24"},
        {"text": {"zh-CN": "午间轮换"}, "from": "2026-11-20T10:00", "until": "2026-11-20T10:30"},
        {"text": {"zh-CN": "晚汇报"}, "from": "2026-11-20T17:00"},
    ]
    async with mock_wall(sheet.full(), rate=20) as wall:
        await shown(page, wall, sheet.tile("ticker", 0, 0, 10, 3, notices=local, dwell=5))
        line = page.locator(".t-ticker .turn:not(.leaves)")
        await expect(line).to_have_text("午间轮换")
        await wall.change((["announcements"], [{"text": {"zh-CN": "系统维护"}}]))
        await expect(page.locator(".t-ticker .dots i")).to_have_count(2)
        await expect(line).to_have_text("系统维护")
        await expect(line).to_have_text("午间轮换")
    await page.goto("about:blank")


async def test_what_comes_from_elsewhere_has_the_least_rights_or_says_why_not(page: Page) -> None:
    hostile = "<img src=x onerror='document.title=1'> **b**"
    async with mock_wall(sheet.full()) as wall:
        wall.library.embed = ["https://status.example.com"]
        await page.route("https://status.example.com/**", lambda route: route.fulfill(body="fine"))
        await shown(
            page, wall,
            sheet.tile("embed", 0, 0, 4, 6, address="https://status.example.com/a"),
            sheet.tile("embed", 4, 0, 4, 6, address="https://elsewhere.example.com/"),
            sheet.tile("embed", 8, 0, 4, 6),
            sheet.tile("picture", 0, 6, 4, 6, picture="logo", alt=sheet.PICTURE),
            sheet.tile("picture", 4, 6, 4, 6, picture="gone"),
            sheet.tile("picture", 8, 6, 4, 6, picture="../boards"),
            sheet.tile("text", 0, 12, 8, 8, headline={"en": hostile}, body={"en": hostile}),
            sheet.tile("ticker", 0, 20, 16, 3, notices=sheet.notices({"en": hostile})),
            sheet.tile("thanks", 8, 12, 8, 8, notices=sheet.notices({"en": hostile})),
        )  # fmt: skip
        frame = page.locator("iframe")
        await expect(frame).to_have_count(1)
        assert await frame.get_attribute("sandbox") == "allow-scripts allow-same-origin"
        assert await frame.get_attribute("allow") == ""
        assert await frame.evaluate("frame => frame.inert") is True
        await expect(page.locator("[data-kind=embed]").nth(1)).to_contain_text("不在允许名单")
        await expect(page.locator("[data-kind=embed]").nth(2)).to_contain_text("还没有填网址")
        await expect(page.locator("[data-kind=picture]").nth(1)).to_contain_text("图片读不出来")
        await expect(page.locator("[data-kind=picture]").nth(2)).to_contain_text("还没有选图片")
        await expect(page.get_by_role("img", name="标志")).to_be_visible()
        assert await page.locator("main img").count() == 1
        await expect(page.locator(".t-text .body b")).to_have_text("b")
        assert await page.title() != "1"
        assert await page.evaluate(LINT, "wall") == []


async def test_every_number_can_be_asked_why(page: Page) -> None:
    asked = {
        "curve": ("offered", "floor"),
        "outlook": ("forecast", "queue:pbx1/咨询"),
        "gap": ("gap", "queue:pbx1/咨询"),
        "leaderboard": ("answered", "team:qm"),
        "race": ("calls_per_agent", "team:qm"),
    }
    async with mock_wall(sheet.full()) as wall:
        await shown(
            page, wall, sheet.tile("curve", 0, 0, 8, 8, metric="offered"), sheet.tile("race", 0, 8, 8, 8),
            sheet.tile("outlook", 8, 0, 8, 8, scope="queue:pbx1/咨询"), sheet.tile("gap", 8, 8, 8, 8),
            sheet.tile("leaderboard", 0, 16, 8, 8),
        )  # fmt: skip
        for kind, (metric, scope) in asked.items():
            button = page.locator(f"[data-kind={kind}] button.ask").first
            found = await button.evaluate("e => [e.dataset.metric, e.dataset.scope]")
            assert found == [metric, scope], kind
            async with page.expect_request("**/api/v1/explain?*") as request:
                await button.click()
            assert f"metric={metric}&" in (await request.value).url
            await page.keyboard.press("Escape")
            await expect(page.get_by_role("dialog")).to_have_count(0)
