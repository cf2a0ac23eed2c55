"""The page of all alerts: every one of them whole, the rules they come from, and the ways on which they go out."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import desk_scene
from tests.browser.boards import NOW
from tests.browser.desk_scene import ENQUIRY, answers, desk
from tests.browser.mock_wall import MockWall, mock_wall
from tests.browser.test_accessibility import violations
from tests.browser.test_lead_desk import settled
from tests.browser.test_wall_looks import LINT

LOOKS = (((1440, 900), "en", "dark"), ((1920, 1080), "zh-TW", "light"), ((390, 844), "zh-CN", "hc"))


async def open_page(
    page: Page, wall: MockWall, query: str = "?lang=en", size: tuple[int, int] = (1440, 900)
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{wall.url}alerts{query}")
    await page.locator("[data-line], [data-rule], [data-channel]").first.wait_for()


@pytest.mark.parametrize(
    ("size", "lang", "theme"), LOOKS, ids=[f"{size[0]}-{lang}" for size, lang, _ in LOOKS]
)
async def test_nothing_is_cut_in_any_part_and_axe_finds_nothing(
    page: Page, size: tuple[int, int], lang: str, theme: str
) -> None:
    async with mock_wall(desk()) as wall:
        answers(wall)
        await open_page(page, wall, f"?lang={lang}&theme={theme}", size)
        for view, ready in (
            ("now", "[data-line]"),
            ("today", ".ap-line.calm"),
            ("rules", "[data-rule=busy]"),
            ("channels", "[data-channel]"),
        ):
            await page.locator(f"[data-view={view}]").click()
            await page.locator(ready).first.wait_for()
            if view == "now":
                await page.locator("[data-line^='service_level']").click()
                await page.locator("[data-detail] .ap-curve svg").wait_for()
            if view == "rules":
                await page.locator("[data-rule=busy]").click()
                await page.locator("[data-now] li").first.wait_for()
            assert await page.evaluate(LINT, "page") == [], view
            assert "\n".join(await violations(page, (theme,))) == "", view


async def test_one_alert_is_told_whole(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        house = answers(wall)
        await open_page(page, wall, f"?lang=en&alert={ENQUIRY}")
        detail = page.locator("[data-detail]")
        await detail.locator(".ap-curve path.act").wait_for(state="attached")
        for words in (
            "79%, limit 80%", "more calls than usual, too few people on duty", "148 calls an hour, usually 96",
            "3 people at work, 5 needed", "Delay breaks, borrow people from call-back", "escalated by 宋佳: 需要借人",
            "escalated: Chen Li · wecom-leads, dingtalk-duty · not there: 吴敏", "wecom-leads: delivered", "dingtalk-duty: not delivered, 3 attempts",
            "310000: sign not match", "To operations supervisor in 6:",
        ):  # fmt: skip
            await expect(detail).to_contain_text(words)
        # Time goes on by itself, towards the next on the ladder.
        before = await detail.locator(".to b").inner_text()
        await expect(detail.locator(".to b")).not_to_have_text(before)
        await detail.locator("[data-act='alert.acknowledge']").click()
        await settled(page, house, 1)
        await house.shows()
        await expect(detail).to_contain_text("by 宋佳")
        await expect(detail.locator("[data-act='alert.acknowledge']")).to_have_count(0)


async def test_filters_narrow_and_the_address_keeps_them(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        answers(wall)
        await open_page(page, wall)
        lines = page.locator("[data-line]")
        await expect(lines).to_have_count(8)
        await page.locator("[data-level=breach]").click()
        await expect(lines).to_have_count(3)
        await page.locator("[data-state=pending]").click()
        await expect(lines).to_have_count(1)
        await page.reload()
        await expect(lines).to_have_count(1)
        await page.get_by_role("button", name="Clear filters").click()
        await page.get_by_role("combobox").select_option("agent")
        await expect(lines).to_have_count(4)
        await page.get_by_role("searchbox").fill("wang a-03")
        await expect(lines).to_have_count(1)
        await page.get_by_role("searchbox").fill("nobody at all")
        await expect(page.locator(".ap-none")).to_contain_text("No alert is like this")
        await page.get_by_role("button", name="Clear filters").click()
        await page.locator("[data-view=today]").click()
        await expect(page.locator("[data-line^='waiting@queue:pbx1/witness']")).to_have_count(2)
        await expect(page.locator(".ap-list")).to_contain_text("over 9:16")


async def test_a_rule_says_what_it_would_say_and_goes_back_to_as_it_came(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        answers(wall)
        await open_page(page, wall, "?lang=en&view=rules&rule=service_level")
        form = page.locator("[data-form=service_level]")
        await expect(form.get_by_label("Limit", exact=True)).to_have_value("target.service_level")
        await expect(form.locator("[data-undo]")).to_have_count(0)
        await page.locator("[data-rule=waiting]").click()
        form = page.locator("[data-form=waiting]")
        await expect(form.locator("[data-now]")).to_contain_text("Fires for 1: Enquiry 6 / 4")
        await expect(form.locator("[data-now]")).to_contain_text("1 cannot be judged now")
        limit = form.get_by_label("Limit", exact=True)
        await limit.fill("soon")
        await form.get_by_role("button", name="Save").click()
        await expect(form.locator(".fd.bad .need")).to_contain_text('must be a number, not "soon"')
        await limit.fill("5")
        await form.get_by_label("For as long as").fill("1:30")
        await form.get_by_role("button", name="Save").click()
        await expect(page.locator("[data-rule=waiting]")).to_contain_text("≥ 5")
        saved = next(
            each for each in wall.documents["/api/v1/alert-rules"]["rules"] if each["id"] == "waiting"
        )
        assert (saved["words"]["at_least"], saved["words"]["for"]) == (5, "90s")
        await form.locator("[data-undo]").click()
        await expect(page.locator("[data-rule=waiting]")).to_contain_text("≥ 4")
        await expect(page.locator("[data-rule=waiting]")).to_contain_text("shipped")


async def test_a_channel_says_how_it_is_and_what_the_far_end_said_to_a_test(page: Page) -> None:
    async with mock_wall(desk()) as wall:
        answers(wall)
        await open_page(page, wall, "?lang=en&view=channels")
        good, bad = (page.locator(f"[data-channel={name}]") for name in ("wecom-leads", "dingtalk-duty"))
        await expect(bad).to_contain_text("Refuses us")
        await bad.get_by_role("button").click()
        await expect(bad.get_by_role("status")).to_contain_text("It did not take it: 310000: sign not match")
        await good.get_by_role("button").click()
        await expect(good.get_by_role("status")).to_contain_text("It took it")
        await page.locator(".ap-entry summary").first.click()
        await expect(page.locator(".ap-entry").first).to_contain_text("Next try 10:25:16")
        await page.get_by_role("button", name="failed 1").click()
        await expect(page.locator(".ap-entry")).to_have_count(1)


async def test_a_wall_shows_what_the_server_judged_and_nothing_of_its_own(page: Page) -> None:
    scene = desk()
    # By its own rules the page would alarm about this queue; the server says that all is well but for two others.
    scene["queues"]["pbx1/callback"] |= {"waiting": 40, "longest_since": NOW - 900}
    for alert in scene["alerts"].values():
        if alert.get("queue"):
            alert["wall"] = True
    async with mock_wall(scene) as wall:
        whole = {"x": 0, "y": 2, "w": 16, "h": 16}
        tiles = [{"id": "alerts", "kind": "alerts", **whole, "options": {}}]
        document = wall.library.presets["floor"] | {"id": "only", "pages": [{"tiles": tiles}]}
        wall.library.save("boards", "only", document)
        await page.goto(f"{wall.url}?board=only&lang=en")
        rows = page.locator("[data-alarm]")
        await expect(rows.first).to_be_visible()
        assert await rows.evaluate_all("rows => rows.map((row) => row.dataset.alarm)") == [
            "service_level@queue:pbx1/consult",
            "waiting@queue:pbx1/callback",
        ]
        await expect(rows.first).to_contain_text("explains 2 more")
        await expect(rows.last).to_have_class("house source  ")
        assert desk_scene.RULES["service_level"]["todo"]["en"].split(",")[0] in await rows.first.inner_text()
