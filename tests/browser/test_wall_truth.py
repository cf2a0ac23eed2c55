"""The wall never shows old numbers as live, and finds its way back by itself."""

import re

from playwright.async_api import Locator, Page, Route, expect

from tests.browser import boards
from tests.browser.mock_wall import MockWall, mock_wall

WIDE = {
    "format": 1, "id": "wide", "name": {}, "theme": "dark", "distance": 8, "diagonal": 55,
    "pages": [{"dwell": 30, "tiles": [
        {"id": "head", "kind": "header", "x": 0, "y": 0, "w": 16, "h": 2, "options": {}},
        *(
            {"id": id, "kind": "hero", "x": x, "y": 2, "w": w, "h": 8, "options": {"metric": metric}}
            for id, metric, x, w in (
                ("sl", "service_level", 0, 4), ("answer", "answer_rate", 4, 3), ("waiting", "waiting", 7, 3),
                ("longest", "longest", 10, 3), ("ready", "ready", 13, 3),
            )
        ),
        {"id": "queues", "kind": "queues", "x": 0, "y": 10, "w": 16, "h": 8, "options": {}},
        {"id": "curve", "kind": "curve", "x": 0, "y": 18, "w": 10, "h": 6, "options": {}},
    ]}],
}  # fmt: skip
"""A board whose queues have room for every column."""
OLD = re.compile(r"\bstale\b")
# Silence is noticed after 3 s of it: to the second in wall/tests, here with threefold slack.
NOTICED = 9_000


async def show(page: Page, wall: MockWall, board: str = "floor", more: str = "") -> None:
    await page.goto(f"{wall.url}?board={board}{more}")
    await page.locator(f"[data-board={board}] .clock").wait_for()
    await expect(page.locator(".clock")).to_contain_text(":")


def banner(page: Page) -> Locator:
    return page.locator("[data-tile=banner]")


async def test_a_dead_server_shows_within_three_seconds_and_says_since_when(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await wall.until_said("ack")
        await wall.stop()
        try:
            await expect(banner(page)).to_be_visible(timeout=NOTICED)
            await expect(banner(page)).to_contain_text(re.compile(r"停在 10:24:\d\d"))
            for tile in ("sl", "answer", "waiting", "longest", "ready", "sources"):
                await expect(page.locator(f"[data-tile={tile}]")).to_have_class(OLD)
            for part in (".clock", "tr[data-queue] >> nth=0"):
                await expect(page.locator(part)).to_have_class(OLD)
        finally:
            await wall.start()


async def test_when_the_server_died_everybodys_timer_stands_still(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "agents")
        await wall.until_said("ack")
        await wall.stop()
        try:
            await expect(banner(page)).to_be_visible(timeout=NOTICED)
            for part in (".clock", "[data-agent] >> nth=0", ".totals", "[data-tile=sources]"):
                await expect(page.locator(part)).to_have_class(OLD)
            frozen = await page.locator("[data-agent] .for").all_inner_texts()
            assert len(frozen) > 5
            await page.wait_for_timeout(1500)
            assert await page.locator("[data-agent] .for").all_inner_texts() == frozen
        finally:
            await wall.start()


async def test_it_comes_back_by_itself(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        port = int(wall.url.rstrip("/").rpartition(":")[2])
        await wall.stop()
        await expect(banner(page)).to_be_visible(timeout=NOTICED)
        await wall.start(port)
        await expect(banner(page)).to_be_hidden(timeout=12_000)
        await expect(page.locator("[data-tile=sl]")).not_to_have_class(OLD)


async def test_a_silent_server_is_as_good_as_a_dead_one(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await wall.until_said("ack")
        wall.beats = False
        await expect(page.locator("[data-tile=sl]")).to_have_class(OLD, timeout=NOTICED)
        wall.beats = True
        await expect(page.locator("[data-tile=sl]")).not_to_have_class(OLD, timeout=NOTICED)


async def test_a_lost_source_makes_its_numbers_old_and_leaves_the_others(page: Page) -> None:
    async with mock_wall(boards.two_sources()) as wall:
        await show(page, wall)
        await expect(banner(page)).to_be_hidden()
        await wall.change(
            (["sources", "pbx1", "state"], "down"), (["sources", "pbx1", "as_of"], boards.NOW - 5)
        )
        await expect(banner(page)).to_contain_text("主交换机")
        await expect(banner(page)).to_contain_text("10:24:31")
        await expect(page.locator("[data-queue='pbx1/咨询']")).to_have_class(OLD)
        await expect(page.locator("[data-queue='pbx1/投诉']")).not_to_have_class(OLD)
        await expect(page.locator("[data-tile=sl]")).to_contain_text("部分截至 10:24:31")
        # The caller has waited since 10:23:48; what is known ends at 10:24:31.
        await expect(page.locator("[data-queue='pbx1/咨询'] td").nth(3)).to_contain_text("0:43")
        await wall.change((["sources", "pbx1", "state"], "live"))
        await wall.remove(["sources", "pbx1", "as_of"])
        await expect(banner(page)).to_be_hidden()
        await expect(page.locator("[data-queue='pbx1/咨询']")).not_to_have_class(OLD)


async def test_a_source_that_is_back_stays_striped_until_it_has_told_everything(page: Page) -> None:
    async with mock_wall(boards.resync()) as wall:
        await show(page, wall)
        await expect(banner(page)).to_contain_text("正在对齐；斜纹数字仍停在 10:23:54")
        await expect(page.locator("[data-source=pbx1]")).to_contain_text("对齐中…")
        queue = page.locator("[data-queue='pbx1/咨询']")
        await expect(queue).to_have_class(OLD)
        await wall.remove(["sources", "pbx1", "as_of"])
        await expect(queue).not_to_have_class(OLD)
        await expect(banner(page)).to_be_hidden()


async def test_a_refused_log_in_is_red_and_says_what_to_do(page: Page) -> None:
    async with mock_wall(boards.refused()) as wall:
        await show(page, wall)
        await expect(banner(page)).to_contain_text("主交换机 拒绝登录，斜纹数字停在 10:23:55")
        await expect(banner(page)).to_contain_text("请检查账号与密钥")
        red = "e => getComputedStyle(e.querySelector('.g')).color"
        assert await page.locator("[data-source=pbx1]").evaluate(red) == "rgb(240, 68, 63)"


async def test_totals_in_short_words_still_say_as_of_when(page: Page) -> None:
    async with mock_wall(boards.refused()) as wall:
        await show(page, wall, "agents", "&lang=en")
        totals = page.locator(".totals")
        await expect(totals.locator(".end")).to_be_visible()
        assert int(await totals.get_attribute("data-step") or 0) >= 1
        asof = totals.locator(".end .long")
        await expect(asof).to_have_text("As of 10:23:55")
        box = await asof.bounding_box()
        assert box is not None
        assert box["width"] > 100


async def test_every_number_an_outage_touched_carries_the_mark(page: Page) -> None:
    async with mock_wall(boards.mended()) as wall:
        wall.library.save("boards", "wide", WIDE)
        await show(page, wall, "wide")
        await expect(page.locator("[data-tile=sl] .incomplete")).to_contain_text("10:03–10:05")
        await expect(page.locator("[data-tile=sl] .incomplete")).to_contain_text("另 3 通未看到")
        await expect(page.locator("[data-tile=sl] .foot .mark")).to_have_count(1)
        await expect(page.locator("[data-tile=answer] .mark")).to_have_count(1)
        for tile in ("waiting", "longest", "ready"):
            await expect(page.locator(f"[data-tile={tile}] .mark")).to_have_count(0)
        missed = page.locator("[data-queue='pbx1/投诉'] .mark:visible")
        await expect(missed).to_have_count(3)
        await expect(missed.first).to_have_attribute("title", re.compile("10:03–10:05 的事件没有收到"))
        await expect(page.locator("[data-queue='pbx1/咨询'] .unseen")).to_have_text("+2")
        await expect(page.locator("[data-tile=curve] .part")).to_have_count(2)


async def test_what_no_outage_touched_carries_none(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        await expect(page.locator(".mark, .incomplete, .unseen, .part")).to_have_count(0)


async def test_a_wall_that_is_not_recorded_says_so(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        strip = page.locator("[data-tile=recording]")
        await expect(strip).to_be_hidden()
        await wall.change((["recording"], {"state": "on", "since": boards.NOW}))
        await expect(strip).to_be_hidden()
        await wall.change((["recording"], {"state": "stopped", "since": boards.NOW, "reason": "full"}))
        await expect(strip).to_contain_text("自 10:24 起未在记录：磁盘已满")
        await expect(page.locator("[data-tile=sl]")).not_to_have_class(OLD)
        await wall.change((["recording"], {"state": "on", "since": boards.NOW}))
        await expect(strip).to_be_hidden()


async def test_a_patch_changes_its_number_and_a_lost_one_is_asked_for(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall)
        waiting = page.locator("[data-tile=waiting] .num")
        await wall.change((["floor", "waiting"], 5))
        await expect(waiting).to_have_text("5")
        wall.board["floor"]["waiting"] = 4
        await wall.change((["floor", "waiting"], 9), base=999)
        await wall.until_said("resync")
        await expect(waiting).to_have_text("4")


async def test_timers_run_by_the_servers_clock_and_rate(page: Page) -> None:
    async with mock_wall(boards.usual(), rate=30) as wall:
        wall.skews = 1000.0
        await show(page, wall)
        await expect(page.locator(".clock")).to_have_text(re.compile(r"10:4[1-3]:\d\d"))
        await expect(page.locator("[data-tile=longest] .num")).to_have_text(
            re.compile(r"1[78] 分"), timeout=NOTICED
        )


async def test_a_screen_nobody_knows_is_asked_for_its_token(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.refuses = True
        given: list[str | None] = []

        async def session(route: Route) -> None:
            given.append(route.request.post_data)
            wall.refuses = False
            await route.fulfill(status=204)

        await page.route("**/api/v1/session", session)
        await page.goto(wall.url)
        await page.get_by_label("令牌").fill("s3cret")
        await page.get_by_role("button", name="进入").click()
        await page.locator("[data-board=floor] .clock").wait_for()
        assert given == ['{"token":"s3cret"}']


async def test_before_the_first_word_it_shows_its_shape_and_says_so(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.speaks = False
        await page.goto(wall.url)
        await expect(page.get_by_role("status")).to_contain_text("正在连接", timeout=NOTICED)
        assert await page.locator(".hero").count() == 5
        assert not re.search(r"\d+%", await page.locator("body").inner_text())
