"""The health page says how each source is and what to do, ticks, and believes neither the far end nor itself too long."""

import re

from playwright.async_api import Page, expect

from tests.browser import boards, desks
from tests.browser.mock_wall import mock_wall
from tests.browser.test_pages_look import show

NOTICED = 9_000


async def test_the_far_ends_words_stay_words(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.hostile())
        await page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        words = page.locator("[data-source=pbx1] pre")
        assert await words.text_content() == desks.HOSTILE
        assert await words.evaluate("e => getComputedStyle(e).direction") == "ltr"
        assert await page.locator("main :is(img, script)").count() == 0
        assert await page.title() == "运行状况 · ccwall"
        assert await page.locator("[data-source=__proto__]").count() == 1
        assert said == []


async def test_trouble_comes_first_with_what_to_do_and_when_it_is_tried_again(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.ill())
        order = await page.locator("[data-source]").evaluate_all("all => all.map(e => e.dataset.source)")
        assert order == ["pbx1", "pbx6", "pbx2", "pbx4", "pbx3", "pbx5"]
        refused = page.locator("[data-source=pbx1]")
        await expect(refused.locator(".state")).to_have_text("拒绝登录")
        await expect(refused.locator(".trouble")).to_contain_text("检查用户名与密钥")
        await expect(refused.locator(".said")).to_contain_text("Authentication failed")
        again = refused.locator(".again")
        await expect(again).to_have_text(re.compile(r"4:\d\d 后再试"))
        before = await again.inner_text()
        await expect(again).not_to_have_text(before, timeout=3_000)
        await expect(page.locator("[data-source=pbx2] .trouble")).to_contain_text("那个端口没有程序在听")
        await expect(page.locator("[data-source=pbx3]")).to_contain_text("它的数字停在 10:24:05")
        await expect(page.locator("[data-card=recording]")).to_contain_text(
            "自 10:06:36 起未在记录：磁盘已满"
        )
        await expect(page.locator(".verdict")).to_have_text("5 处需要看")


async def test_what_is_over_is_told_as_over(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.ill())
        trouble = page.locator("[data-source=pbx5] .trouble")
        await expect(trouble).to_contain_text("已过去")
        await expect(trouble).not_to_have_attribute("role", "alert")


async def test_the_age_of_the_last_word_ticks_between_answers(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.health(pbx1=desks.source(heard=boards.NOW - 100)))
        age = page.locator("[data-source=pbx1] .ticks")
        await expect(age).to_have_text("1 分")
        await show(page, wall, "health", desks.health(pbx1=desks.source(heard=boards.NOW - 20)))
        first = await age.inner_text()
        await expect(age).not_to_have_text(first, timeout=3_000)


async def test_counters_unfold_by_the_keyboard(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.health(pbx1=desks.ill()["sources"]["pbx5"]))
        await expect(page.get_by_role("cell", name="12")).to_be_hidden()
        await page.locator("details.counters summary").focus()
        await page.keyboard.press("Enter")
        rows = page.locator("details.counters tr")
        await expect(rows.first).to_contain_text("PresenceStateChange")
        await expect(rows.first).to_contain_text("12")


async def test_a_server_that_is_gone_makes_the_page_old_and_it_comes_back(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.well())
        port = int(wall.url.rstrip("/").rpartition(":")[2])
        await wall.stop()
        try:
            await expect(page.locator(".p-banner")).to_contain_text(
                re.compile(r"停在 10:24:\d\d"), timeout=NOTICED
            )
            age = await page.locator(".ticks").inner_text()
            await page.wait_for_timeout(1500)
            assert await page.locator(".ticks").inner_text() == age
        finally:
            await wall.start(port)
        await expect(page.locator(".p-banner")).to_be_hidden(timeout=2 * NOTICED)


async def test_who_is_no_staff_finds_a_door(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.refuses = True
        await page.goto(f"{wall.url}health?lang=en")
        await expect(page.get_by_role("heading", name="Health needs a staff token")).to_be_visible()
        await page.route("**/api/v1/session", lambda route: route.fulfill(status=204))
        wall.refuses = False
        wall.documents["/api/health"] = desks.well()
        await page.get_by_label("Token").fill("s3cret")
        await page.get_by_role("button", name="Enter").click()
        await expect(page.locator("[data-source=pbx1]")).to_be_visible()
        await expect(page.locator(".clock")).to_have_text(re.compile(r"^10:24:\d\d$"))


async def test_it_asks_once_a_second_and_leaves_the_live_socket_alone(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.well())
        wall.asked.clear()
        await page.wait_for_timeout(3300)
        assert wall.asked.count("/api/health") in {2, 3, 4}
        assert wall.joins == 0


async def test_what_changes_between_two_answers_changes_on_the_page(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "health", desks.well())
        source = page.locator("[data-source=pbx1]")
        await expect(source.locator(".state")).to_have_text("实时")
        wall.documents["/api/health"] = desks.health(pbx1=desks.ill()["sources"]["pbx2"])
        await expect(source.locator(".state")).to_have_text("断线")
        await expect(source.locator(".since")).to_have_text("自 10:24:26")
        await expect(page.locator(".verdict")).to_have_text("1 处需要看")
        wall.documents["/api/health"] = desks.well()
        await expect(source.locator(".state")).to_have_text("实时")
        await expect(source.locator(".trouble")).to_have_count(0)
