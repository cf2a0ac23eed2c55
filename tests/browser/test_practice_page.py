"""The practice panel breaks what it is told to, and says whether the wall is honest about it."""

import json
import re

from playwright.async_api import Page, Route, expect

from tests.browser import boards, desks
from tests.browser.mock_wall import mock_wall
from tests.browser.test_pages_look import show


async def obeyed(page: Page, answer: boards.Json | None = None) -> list[dict[str, object]]:
    """What the panel asked for, from now on; and what it is answered."""
    wishes: list[dict[str, object]] = []

    async def take(route: Route) -> None:
        wishes.append(json.loads(route.request.post_data or "null"))
        await route.fulfill(json=(answer or desks.practice(half_open=14)) | {"now": boards.NOW})

    await page.route("**/api/practice/faults", take)
    return wishes


async def test_a_click_or_its_key_breaks_it(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.practice())
        wishes = await obeyed(page)
        await page.get_by_role("button", name=re.compile("切断 c")).click()
        await expect(page.get_by_role("status").filter(has_text="已弄坏：切断")).to_be_visible()
        await page.keyboard.press("h")
        await expect(page.get_by_role("status").filter(has_text="已弄坏：半开")).to_be_visible()
        await page.keyboard.press("Control+k")
        await page.keyboard.press("0")
        await expect(page.get_by_role("status").filter(has_text="恢复正常")).to_be_visible()
        assert wishes == [{"name": "cut"}, {"name": "half_open"}, {"name": "heal"}]


async def test_one_of_several_is_chosen_by_pointer_arrow_and_digit_and_then_it_is_broken(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.whole(walk_away="1003"), "en")
        wishes = await obeyed(page, desks.whole(walk_away="1003"))
        await expect(page.locator("[data-fault=reload]")).to_be_visible()
        await page.locator("[data-thing=phones]").click()
        await expect(page.locator("[data-fault=unregister]")).to_be_visible()
        await expect(page.locator("[data-fault=reload]")).to_have_count(0)
        await page.keyboard.press("u")  # though a radio button has the focus
        await page.keyboard.press("ArrowRight")
        await page.locator("[data-fault=noise]").click()
        await page.keyboard.press("5")
        await page.keyboard.press("w")
        await expect(page.locator(".faults > .said")).to_have_text(re.compile("Walk away while ready.*1003"))
        await expect(page.locator("[data-fault=walk_away] .who")).to_contain_text("1003")
        await page.keyboard.press("1")
        await page.keyboard.press("0")
        await expect(page.locator(".faults > .said")).to_contain_text("well again")
        assert wishes == [
            {"name": "unregister", "product": "phones"},
            {"name": "noise", "product": "headsets"},
            {"name": "walk_away", "product": "people"},
            {"name": "heal", "product": "pbx1"},
        ]


async def test_the_truth_is_that_of_the_switch_that_is_chosen_and_others_have_none(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.whole())
        await expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "equal")
        await page.keyboard.press("2")
        await expect(page.get_by_text("FreeSWITCH 1.10.12")).to_be_visible()
        await expect(page.locator("[data-truth=咨询] .known").first).to_have_text("5")
        await page.keyboard.press("3")
        await expect(page.locator("[data-verdict]")).to_have_count(0)
        await expect(page.locator("[data-card=truth]")).to_contain_text("选一个交换机来比")


async def test_a_surge_is_begun_in_all_queues_or_in_one_and_ended_by_the_same_press(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.rush(), "en")
        wishes = await obeyed(page, desks.rush(surge=""))
        panel = page.locator("[data-card=callers]")
        await expect(panel.get_by_role("button", pressed=False)).to_have_count(2)
        await expect(page.locator("[data-thing=callers]")).to_have_count(0)  # it is no thing to choose
        surge = panel.locator("[data-fault=surge]")
        await expect(surge).to_contain_text("3 times as many callers")
        await surge.click()
        await expect(panel.get_by_role("status")).to_have_text("Begun: Calls ×3, all queues")
        await panel.locator("[data-queue='pbx1/promo']").click()
        await page.keyboard.press("i")  # though a radio button has the focus
        await expect(panel.get_by_role("status")).to_have_text("Begun: Lines break, Promotion")
        wall.documents["/api/practice"] = desks.rush(surge="") | {"now": boards.NOW}
        await expect(surge).to_have_attribute("aria-pressed", "true")
        await page.keyboard.press("t")
        await expect(panel.get_by_role("status")).to_have_text("Ended: Calls ×3")
        await page.keyboard.press("2")
        await expect(
            page.get_by_text("FreeSWITCH 1.10.12")
        ).to_be_visible()  # the digits still choose what to break
        assert wishes == [
            {"name": "surge", "product": "callers"},
            {"name": "drop_lines", "product": "callers", "queue": "pbx1/promo"},
            {"name": "surge", "product": "callers", "stop": True},
        ]


async def test_what_befalls_callers_says_where_since_when_and_how_long_it_still_lasts(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.rush(surge="", drop_lines="pbx1/consult"))
        surge, lines = (page.locator(f"[data-fault={name}]") for name in ("surge", "drop_lines"))
        await expect(surge.locator(".left")).to_have_text(re.compile(r"还有 8:(2\d|3[0-2])"))
        await expect(surge).to_contain_text("所有队列")
        await expect(lines).to_contain_text("咨询")
        await expect(lines).to_contain_text("始于 10:2")
        await expect(lines).to_contain_text("再按一次结束")
        await expect(page.locator("[data-card=callers] .links a")).to_have_attribute(
            "href", re.compile("duty")
        )


async def test_without_anybody_who_calls_there_is_no_such_panel(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.practice())
        await expect(page.locator("[data-card=faults]")).to_be_visible()
        await expect(page.locator("[data-card=callers]")).to_have_count(0)


async def test_the_chosen_seconds_go_with_what_lasts(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.practice())
        wishes = await obeyed(page)
        await page.get_by_text("30 秒", exact=True).click()
        for fault in ("kill", "flood"):
            await page.locator(f"[data-fault={fault}]").click()
        await expect(page.locator(".faults > .said")).to_have_text("已弄坏：洪水")
        assert wishes == [{"name": "kill", "seconds": 30}, {"name": "flood"}]


async def test_what_is_broken_counts_down(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.practice(half_open=14))
        left = page.locator("[data-fault=half_open] .left")
        await expect(left).to_have_text(re.compile(r"还有 0:1[0-4]"))
        before = await left.inner_text()
        await expect(left).not_to_have_text(before, timeout=3_000)
        await expect(page.locator("[data-fault=cut]")).to_have_attribute("aria-pressed", "false")


async def test_what_the_server_refuses_is_said(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.practice(), "en")
        await page.route(
            "**/api/practice/faults", lambda route: route.fulfill(status=422, json={"detail": "not now"})
        )
        await page.keyboard.press("c")
        await expect(page.locator(".faults > .said")).to_have_text("Not done: not now")


async def test_a_wall_that_tells_the_truth_is_praised_and_one_that_does_not_is_caught(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await show(page, wall, "practice", desks.practice())
        told = page.locator("[data-verdict]")
        await expect(told).to_have_attribute("data-verdict", "equal")
        await wall.change((["queues", "pbx1/咨询", "waiting"], 7))
        await expect(told).to_have_attribute("data-verdict", "moving")
        await expect(page.locator("[data-truth=咨询] .shown").first).to_contain_text("≠ 7")
        await expect(told).to_have_attribute("data-verdict", "differs", timeout=9_000)


async def test_a_wall_that_says_it_is_old_is_honest(page: Page) -> None:
    async with mock_wall(boards.refused()) as wall:
        truth = desks.practice(kill=7)
        truth["gauges"]["咨询"]["waiting"] = 9
        await show(page, wall, "practice", truth)
        told = page.locator("[data-verdict]")
        await expect(told).to_have_attribute("data-verdict", "admits")
        await expect(told).to_contain_text("10:23:55")
        await page.wait_for_timeout(5500)
        await expect(told).to_have_attribute("data-verdict", "admits")


async def test_where_nothing_can_be_broken_it_says_so(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        await page.goto(f"{wall.url}practice?lang=en")
        await expect(page.get_by_role("heading", name="There is nothing to break here")).to_be_visible()
        await expect(page.get_by_role("link", name="Wall")).to_be_visible()


async def test_a_demonstration_opens_it_with_a_key_and_a_real_wall_does_not(page: Page) -> None:
    async with mock_wall(boards.usual()) as wall:
        wall.documents["/api/practice"] = desks.practice()
        await page.goto(wall.url)
        await page.locator("[data-board=floor]").wait_for()
        await page.keyboard.press("b")
        await expect(page.locator("[data-link=practice]")).to_have_count(0)
        await page.wait_for_timeout(500)
        assert page.url == wall.url
        wall.board["site"]["mode"] = "demo"
        await page.goto(wall.url)
        await page.locator("[data-board=floor]").wait_for()
        await expect(page.locator("[data-link=practice]")).to_have_count(1)
        await page.keyboard.press("b")
        await page.wait_for_url("**/practice")
        await expect(page.locator("[data-page=practice]")).to_be_visible()
