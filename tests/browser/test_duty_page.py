"""The duty desk on a real house: a call for help taken on a phone, an incident from the proposal to its close, and what hangs in the room meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from ccwall import events
from ccwall.access import Access, Key
from ccwall.clock import SystemClock
from ccwall.config import HOUSE, Config
from ccwall.events import AgentCard, AgentId, Policy, Principal, QueueId, SourceId
from ccwall.house import House
from ccwall_web.app import create_app
from ccwall_web.server import WallServer, bound_socket, config
from tests.browser.mock_wall import STATIC
from tests.browser.test_accessibility import violations
from tests.browser.test_wall_looks import LANGUAGES, LINT

PBX, ANNA = SourceId("pbx1"), AgentId("1001")
UNUSED = """() => document.documentElement.clientWidth
  - Math.max(...[...document.querySelectorAll(".du-main .dk-panel")].map(each => each.getBoundingClientRect().right))"""
"""Pixels at the right edge on which nothing stands."""
PEOPLE = {
    "lead-token": Principal(id="song", role="lead", name="宋佳", teams=("A",)),
    "second-token": Principal(id="he", role="lead", name="何平", teams=("A",)),
    "boss-token": Principal(id="lin", role="supervisor", name="林静"),
    "agent-token": Principal(id="wu", role="agent", teams=("A",), agent=ANNA),
    "wall-token": Principal(id="wall", role="display"),
}


class Place:
    """A house and where it is served."""

    def __init__(self, house: House, url: str) -> None:
        self.house, self.url = house, url

    async def opened(
        self, browser: Browser, token: str, path: str, size: tuple[int, int] = (1440, 900)
    ) -> Page:
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = await context.new_page()
        await page.goto(f"{self.url}{path}#token={token}")
        return page

    def act(self, token: str, name: str, **arguments: object) -> asyncio.Task[dict[str, object]]:
        return asyncio.ensure_future(self.house.acts.do(PEOPLE[token], name, arguments))


@asynccontextmanager
async def a_house() -> AsyncIterator[Place]:
    if not (STATIC / "index.html").is_file():
        pytest.fail("the wall is not built: make web", pytrace=False)
    clock = SystemClock()
    house = House(Config(), clock)
    now = clock.now()
    policy = Policy(
        names={"en": "Qiming"},
        zone="Asia/Shanghai",
        agents={ANNA: AgentCard(names={"zh-CN": "刘子涵", "en": "Liu Zihan"}, team="A", acd=True)},
    )
    house.intake.take(HOUSE, [events.ConfigApplied(at=now, hash="", policy=policy)], now)
    house.intake.take(
        PBX,
        [
            events.SourceUp(at=now, product="PBX"),
            events.SourceResyncStarted(at=now),
            events.QueueDescribed(at=now, queue=QueueId("pbx1/consult"), name="咨询"),
            events.AgentMembershipChanged(
                at=now, agent=ANNA, queue=QueueId("pbx1/consult"), member=True, interface="PJSIP/1001"
            ),
            events.SourceResyncFinished(at=now),
        ],
        now,
    )
    access = Access([Key.of(token, who) for token, who in PEOPLE.items()], clock=clock, hosts=["127.0.0.1"])
    app = create_app(house.floor, house.hub, access, static_dir=STATIC)
    listening = bound_socket("127.0.0.1", 0)
    server = WallServer(config(app), house.hub)
    jobs = [asyncio.ensure_future(job) for _, job in house.jobs()]
    serving = asyncio.ensure_future(server.serve([listening]))
    try:
        yield Place(house, f"http://127.0.0.1:{listening.getsockname()[1]}/")
    finally:
        server.should_exit = True
        await serving
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        listening.close()


async def test_help_from_the_call_to_the_phone_of_a_lead(browser: Browser) -> None:
    async with a_house() as place:
        phone = await place.opened(browser, "lead-token", "duty?lang=en", (390, 844))
        desk = await place.opened(browser, "second-token", "duty?lang=zh-CN")
        await expect(phone.locator("[data-panel=help]")).to_contain_text("Nobody needs help")
        await place.act("agent-token", "help.request", topic="margin rule")
        row = phone.locator("[data-panel=help] [data-help]")
        await expect(row).to_contain_text("Liu Zihan")
        await expect(row.locator("bdi", has_text="margin rule")).to_be_visible()
        await expect(desk.locator("[data-panel=help] [data-help]")).to_contain_text("刘子涵")
        presses = (
            page.locator("[data-act='help.take']").evaluate("button => button.click()")
            for page in (desk, phone)
        )
        # Two at once: one is there, and the other is told so.
        await asyncio.gather(*presses)
        await expect(row).to_have_attribute("data-state", "taken")
        (call,) = place.house.engine.desk.help.values()
        assert len(call.taken) == 1
        await expect(row).to_contain_text("is there")
        width = await phone.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
        await row.locator("[data-act='help.end']").click()
        await expect(phone.locator("[data-panel=help-log] [data-help]")).to_contain_text("helped")
        for page in (phone, desk):
            await page.context.close()


async def test_keys_join_the_oldest_call_and_make_a_patrol(browser: Browser) -> None:
    async with a_house() as place:
        desk = await place.opened(browser, "lead-token", "duty?lang=en")
        await place.act("agent-token", "help.request")
        await expect(desk.locator("[data-panel=help] [data-help]")).to_have_count(1)
        await expect(desk.locator("[data-act='help.take']")).to_be_visible()
        await desk.keyboard.press("h")
        await expect(desk.locator("[data-panel=help] [data-help]")).to_have_attribute("data-state", "taken")
        await desk.keyboard.press("p")
        await expect(desk.locator("[data-panel=patrol]")).to_contain_text("1/4")
        await expect(desk.locator("[data-patrol]")).to_contain_text("宋佳")
        await desk.context.close()


async def test_an_incident_from_the_proposal_to_the_close(browser: Browser) -> None:
    async with a_house() as place:
        lead = await place.opened(browser, "lead-token", "duty?lang=zh-CN")
        boss = await place.opened(browser, "boss-token", "duty?lang=en")
        wall = await place.opened(browser, "wall-token", "?lang=zh-CN", (1920, 1080))
        await expect(wall.locator(".wall [data-tile]").first).to_be_visible()
        panel = lead.locator("[data-panel=incidents]")
        await panel.locator("summary", has_text="上报").click()
        await panel.locator("[data-form='incident.propose'] input").fill("CRM 登录缓慢")
        await panel.locator("[data-act='incident.propose']").click()
        await expect(panel.locator("[data-incident]")).to_have_attribute("data-state", "proposed")
        await expect(panel.locator("[data-act='incident.confirm']")).to_have_count(0)
        await expect(wall.locator("[data-tile=incident]")).to_have_count(0)
        form = boss.locator("[data-form='incident.confirm']")
        await form.locator("input[lang=zh-CN]").fill("客户系统缓慢，请使用备用话术")
        await form.locator("input[lang=en]").fill("CRM is slow: use the spare script")
        await boss.locator("[data-act='incident.confirm']").click()
        banner = wall.locator("[data-tile=incident]")
        await expect(banner).to_contain_text("系统故障")
        await expect(banner).to_contain_text("客户系统缓慢，请使用备用话术")
        await expect(panel.locator("[data-incident]")).to_have_attribute("data-state", "confirmed")
        assert await wall.evaluate(LINT) == []
        await boss.locator("[data-form='incident.close'] input").fill("disk")
        await boss.locator("[data-act='incident.close']").click()
        await expect(banner).to_have_count(0)
        await boss.locator("summary", has_text="Before").click()
        await expect(boss.locator("[data-effect=offered]")).to_contain_text("0")
        for page in (lead, boss, wall):
            await page.context.close()


async def test_what_is_announced_and_thanked_hangs_in_the_room_until_it_is_taken_down(
    browser: Browser,
) -> None:
    async with a_house() as place:
        boss = await place.opened(browser, "boss-token", "duty?lang=en")
        panel = boss.locator("[data-panel=announcements]")
        await panel.locator("summary").click()
        await panel.locator("[data-act='announcement.post']").click()
        await expect(panel.locator("[role=alert]")).to_have_text("Write something first")
        await panel.locator("input[lang=zh-CN]").fill("今日 17:30 班后会")
        await panel.locator("[data-act='announcement.post']").click()
        await expect(panel.locator("[data-announcement]")).to_contain_text("今日 17:30 班后会")
        wall = await place.opened(browser, "wall-token", "?lang=zh-CN", (1920, 1080))
        await expect(wall.locator(".t-ticker")).to_contain_text("今日 17:30 班后会")
        await panel.locator("[data-act='announcement.withdraw']").click()
        await expect(wall.locator(".t-ticker")).not_to_contain_text("班后会")
        for page in (boss, wall):
            await page.context.close()


async def test_a_code_of_a_row_is_one_press_on_the_phone(browser: Browser) -> None:
    async with a_house() as place:
        desk = await place.opened(browser, "lead-token", "duty?lang=en")
        panel = desk.locator("[data-panel=codes]")
        await panel.locator("summary").click()
        await panel.locator("[data-form='patrol.codes'] input").fill("A1, A2")
        await panel.locator("[data-act='patrol.codes']").click()
        await expect(panel.locator("svg[data-link]")).to_have_count(2)
        link = await panel.locator("svg[data-link]").first.get_attribute("data-link")
        assert link is not None
        page = await desk.context.new_page()
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.goto(link.replace("#", "?lang=en#"))
        await expect(page.locator("main")).to_contain_text("A1")
        assert await violations(page) == []
        await page.locator("[data-act='patrol.make']").click()
        await expect(page.locator("[role=status]")).to_contain_text("Checked in")
        await expect(desk.locator("[data-patrol]")).to_contain_text("A1")
        await page.goto("about:blank")
        await page.goto(link[:-2].replace("#", "?lang=en#"))
        await expect(page.locator("[role=alert]")).to_contain_text("not valid")
        await desk.context.close()


async def test_the_page_is_for_everybody(browser: Browser) -> None:
    async with a_house() as place:
        await place.act("agent-token", "help.request", topic="条款 <b>x</b>")
        await place.act("lead-token", "incident.propose", kind="system", text="CRM")
        await place.act("lead-token", "handover.note", text="A 排 2 号耳麦\n已报修", team="A")
        await place.act("lead-token", "fault.report", fault="headset", seat="A-2")
        await place.act("boss-token", "announcement.post", texts={"zh-CN": "开会", "en": "Meeting"})
        await place.act("boss-token", "thanks.give", agent="1001", text="谢谢")
        looks = zip(((1440, 900), (390, 844), (1440, 900)), LANGUAGES, strict=True)
        for size, lang in (*looks, ((1920, 1080), "en")):
            page = await place.opened(browser, "boss-token", f"duty?lang={lang}", size)
            await expect(page.locator("[data-note]")).to_be_visible()
            assert await page.evaluate(LINT, "page") == [], (lang, size)
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            assert await page.evaluate(UNUSED) <= 20, (lang, size)
            assert await violations(page) == [], (lang, size)
            await page.context.close()
