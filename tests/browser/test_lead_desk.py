"""The lead's desk: what asks somebody stands beside the people, is done by one press, and shows what the server says, never more."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import desk_scene, teams
from tests.browser.boards import NOW, Json
from tests.browser.desk_scene import CHEN, Desk, answers, desk
from tests.browser.mock_wall import MockWall, mock_wall
from tests.browser.test_accessibility import violations
from tests.browser.test_wall_looks import LINT

FIRST, SECOND, UNJUDGED = (
    "ready_away@agent:a000",
    "service_level@queue:pbx1/consult",
    "waiting@queue:pbx1/callback",
)
LOOKS = (((1440, 900), "en", "dark"), ((1920, 1080), "zh-CN", "light"), ((390, 4800), "zh-TW", "hc"))
"""The last is a phone so long that its bar of tabs lies over nothing."""
OLD = re.compile(r"\bstale\b")
LATER = re.compile(r"10:2[6-9]:")
"""Two minutes after the scene begins."""


async def open_desk(
    page: Page, wall: MockWall, query: str = "?lang=en", size: tuple[int, int] = (1440, 900)
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{wall.url}team{query}")
    await page.locator("[data-panel=alerts]").wait_for()


def row(alert: str) -> str:
    return f"[data-alert='{alert}']"


@pytest.mark.parametrize(
    ("size", "lang", "theme"), LOOKS, ids=[f"{size[0]}-{lang}" for size, lang, _ in LOOKS]
)
async def test_nothing_is_cut_and_axe_finds_nothing(
    page: Page, size: tuple[int, int], lang: str, theme: str
) -> None:
    async with mock_wall(desk()) as wall:
        answers(wall)
        await open_desk(page, wall, f"?team=A&lang={lang}&theme={theme}", size)
        await page.locator("[data-panel=advice]").wait_for()
        await page.locator("[data-snooze]").first.click()
        assert await page.evaluate(LINT, "page") == []
        assert await violations(page, (theme,)) == []


async def test_what_asks_comes_first_and_is_acknowledged_by_a_key(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        house = answers(wall)
        await open_desk(page, wall)
        panel = page.locator("[data-panel=alerts]")
        await expect(panel.locator("[data-n]")).to_have_text("2")
        rows = panel.locator("[data-alert]")
        await expect(rows).to_have_count(5)
        first = page.locator(row(FIRST))
        await expect(first).to_contain_text("Ready but headset off")
        await expect(first.locator(".to")).to_contain_text("To floor supervisor in 1:")
        await expect(page.locator(row(SECOND))).to_contain_text("2 more because of this")
        await expect(page.locator(row(SECOND))).to_contain_text("more calls than usual")
        await expect(panel.locator(".al.quiet")).to_have_count(2)
        # One filled button in the column: the one that the key presses.
        await expect(panel.locator(".primary")).to_have_count(1)
        # What nobody can judge is framed, and says so; nothing about it is red.
        unjudged = page.locator(row(UNJUDGED))
        await expect(unjudged).to_have_class("al nodata ")
        await expect(unjudged).to_contain_text("Not judged: data of Desk devices stopped")
        await expect(unjudged.locator(".m-breach, .m-warn, [data-act]")).to_have_count(0)
        # The person's own tile says it, too.
        await expect(page.locator("[data-agent=a001] .flag")).to_contain_text("Long call, heating up")

        await page.keyboard.press("a")
        await settled(page, house, 1)
        assert house.done == [("alert.acknowledge", {"alert": FIRST})]
        # Until the server says that it is so, nothing looks as if it were.
        await expect(first.locator("[data-act='alert.acknowledge']")).to_be_visible()
        await house.shows()
        await expect(page.locator(f"{row(FIRST)}.quiet")).to_contain_text("by 宋佳")
        await page.keyboard.press("e")
        await settled(page, house, 2)
        assert house.done[1] == ("alert.escalate", {"alert": SECOND})


async def settled(page: Page, house: Desk, acts: int) -> None:
    for _ in range(60):
        if len(house.done) >= acts:
            return
        await page.wait_for_timeout(50)
    pytest.fail(f"only {house.done} was done")


async def test_of_two_leads_the_second_is_told_who_was_first(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        house = answers(wall)
        await open_desk(page, wall)
        other = await page.context.new_page()
        await open_desk(other, wall)
        house.by = CHEN
        await other.keyboard.press("a")
        await settled(other, house, 1)
        await page.locator(row(FIRST)).locator("[data-act='alert.acknowledge']").click()
        problem = page.locator(row(FIRST)).get_by_role("alert")
        await expect(problem).to_have_attribute("data-why", "faster")
        await expect(problem).to_contain_text("Chen Li acknowledged it at 10:2")
        await house.shows()
        await expect(page.locator(f"{row(FIRST)}.quiet")).to_contain_text("by Chen Li")
        await expect(other.locator(f"{row(FIRST)}.quiet")).to_contain_text("by Chen Li")


async def test_nobody_snoozes_without_a_reason(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        house = answers(wall)
        await open_desk(page, wall)
        item = page.locator(row(SECOND))
        await item.locator("[data-snooze]").click()
        await item.get_by_role("button", name="30 min").click()
        await item.get_by_role("button", name="Snooze it").click()
        await expect(item.locator(".need")).to_contain_text("Say why")
        assert house.done == []
        await item.get_by_label("Reason").fill("two people join at 10:45")
        await page.keyboard.press("Enter")
        await settled(page, house, 1)
        told = {"alert": SECOND, "lasts": 1800, "reason": "two people join at 10:45"}
        assert house.done == [("alert.snooze", told)]
        await house.shows()
        await expect(page.locator(f"{row(SECOND)}.quiet")).to_contain_text("two people join at 10:45")


async def test_advice_says_what_will_be_sent_before_anybody_moves(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        house = answers(wall)
        await open_desk(page, wall)
        advice = page.locator("[data-panel=advice]")
        await expect(advice).to_contain_text("Enquiry 2 short")
        await expect(advice).to_contain_text("79 → 85%")
        await advice.get_by_role("button", name="Review").click()
        sheet = page.get_by_role("dialog")
        await expect(sheet).to_contain_text("take out of Call-back")
        await sheet.get_by_role("checkbox").nth(1).uncheck()
        assert house.done == []
        await sheet.get_by_role("button", name="Move 1 person").click()
        await expect(sheet).to_have_count(0)
        move = {"agent": "a007", "from_queue": "pbx1/callback", "to_queue": "pbx1/consult"}
        assert house.done == [("move.make", move)]


async def test_in_one_hand_everything_is_a_tab_and_the_patrol_under_the_thumb(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        answers(wall)
        await open_desk(page, wall, "?team=A&lang=en", (390, 844))
        tabs = page.locator(".ph-tabs button")
        await expect(tabs).to_have_text(["Duty", "Alerts2", "Breaks2", "Seats", "Help1"])
        patrol = await page.locator(".ph-foot [data-act='patrol.make']").bounding_box()
        assert patrol is not None
        assert patrol["y"] > 844 * 0.75
        assert patrol["height"] >= 44
        await expect(page.locator(".ph-k")).to_contain_text("86%")
        for tab, shows in (
            ("alerts", "[data-panel=alerts] .quiet"),
            ("breaks", "[data-panel=breaks]"),
            ("help", "[data-help=h1]"),
            ("seats", "[data-agent]"),
        ):
            await page.locator(f"[data-go={tab}]").click()
            await expect(page.locator(shows).first).to_be_visible()
            assert f"tab={tab}" in page.url
        await expect(page.locator("[data-panel=alerts]")).to_have_count(0)
        await page.reload()
        await expect(page.locator("[data-agent]").first).to_be_visible()


async def test_in_one_hand_the_figures_of_a_lost_source_are_striped_not_red_and_stand_still(
    page: Page,
) -> None:
    scene = desk()
    scene["teams"]["A"]["service_level"] = 0.5
    scene["queues"]["pbx1/consult"]["longest_since"] = NOW - 75
    async with mock_wall(scene) as wall:
        answers(wall)
        await open_desk(page, wall, "?team=A&lang=en", (390, 844))
        figures = page.locator("dl.ph-k")
        longest = figures.locator("dd").nth(2)
        await expect(figures).not_to_have_class(OLD)
        await expect(figures.locator(".breach")).to_have_count(2)

        # What the source told was true 80 seconds into the wait, and no later.
        live = scene["sources"]["pbx1"]
        lost = live | {"state": "down", "since": NOW + 5, "as_of": NOW + 5}
        scene["sources"]["pbx1"] = lost
        await wall.change((["sources", "pbx1"], lost))
        await expect(figures).to_have_class(OLD)
        await expect(longest).to_have_text("1:20")
        await expect(figures.locator(".warn, .breach, .m-warn, .m-breach")).to_have_count(0)
        stripes = await figures.evaluate("each => getComputedStyle(each).backgroundImage")
        assert "repeating-linear-gradient" in stripes
        # The page itself is live all the while: its clock goes on, by two minutes at a time.
        wall.skews = 120.0
        await expect(page.locator(".dk-clock")).to_have_text(LATER)
        await expect(figures.locator("b").nth(0)).to_have_text("50")
        await expect(longest).to_have_text("1:20")

        scene["sources"]["pbx1"] = live
        await wall.change((["sources", "pbx1"], live))
        await expect(figures).not_to_have_class(OLD)
        await expect(figures.locator(".breach")).to_have_count(2)
        await expect(longest).to_have_text(re.compile(r"^[34]:\d\d"))


@pytest.mark.parametrize("role", ["quality", "display"])
async def test_nobody_sees_more_than_their_role(page: Page, role: str) -> None:
    async with mock_wall(desk()) as wall:
        answers(wall, role)
        await page.goto(f"{wall.url}team?lang=en")
        await page.locator("[data-agent]").first.wait_for()
        panel = page.locator("[data-panel=alerts]")
        if role == "quality":
            await panel.wait_for()
            await expect(panel.locator("[data-act], [data-snooze]")).to_have_count(0)
            await page.keyboard.press("a")
        else:
            await page.wait_for_timeout(300)
            await expect(page.locator(".dk-column")).to_have_count(0)
        assert not any("acts/" in asked for asked in wall.asked)


async def test_a_server_without_alerts_shows_the_people_alone(page: Page) -> None:
    scene: Json = teams.team()
    async with mock_wall(scene) as wall:
        answers(wall)
        await page.goto(f"{wall.url}team?lang=en")
        await expect(page.locator("[data-agent]")).to_have_count(12)
        await expect(page.locator(".dk-column")).to_have_count(0)
        await wall.change((["alerts"], desk_scene.alerts()), (["alert_rules"], desk_scene.RULES))
        await expect(page.locator("[data-panel=alerts] [data-n]")).to_have_text("2")
