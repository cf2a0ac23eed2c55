"""The register in a browser, over the real app: what is due first, who was faster, what a number shows, and how it looks."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from ccwall.events import Principal
from tests.browser.real import served, token
from tests.browser.test_accessibility import LINT, violations
from tests.browser.test_pages_look import DRAWN, LANGUAGES
from tests.floor.test_cases import ANNA, KEEPER, LEAD, House

LONG = "客户称被重复扣费，三次来电都说已经处理，账单仍然有误，要求书面答复并退还二月份的月租费 / charged twice in a row"
SECOND = Principal(id="tang", role="lead", name="唐敏", teams=("red",))
ROW = ".cs-row[data-case='{}']"


class Registry(NamedTuple):
    house: House
    url: str
    urgent: str
    later: str


@pytest_asyncio.fixture(loop_scope="session")
async def registry() -> AsyncIterator[Registry]:
    """A complaint of level 2 whose first answer is overdue, a promise without a time, and two closed ones."""
    house = House()
    for outcome, note in (("solved", ""), ("failed", "客户联系不上")):
        gone = await house.opens(title="已经过去的事")
        await house.acts.do(KEEPER, "case.close", {"case": gone, "outcome": outcome, "note": note})
    later = await house.opens(ANNA, kind="service", title="约定明天回电说明")
    urgent = await house.opens(title=LONG, level=2, agent="anna", number="13812345678", text="打了三次电话")
    await house.clock.advance(3600 + 130)
    people = (KEEPER, LEAD, SECOND, ANNA)
    async with served(house.engine, house.clock, house.acts, people, register=house.register) as url:
        yield Registry(house, url, urgent, later)


async def enter(page: Page, url: str, who: Principal, path: str = "cases", lang: str = "en") -> None:
    await page.goto(f"{url}{path}?lang={lang}#token={token(who)}")


async def look(page: Page, kind: str = "page") -> list[object]:
    await page.evaluate(DRAWN)
    found: list[object] = await page.evaluate(LINT, kind)
    return found


def done(sheet: Locator, act: str) -> Locator:
    return sheet.locator(f"[data-act='{act}']")


async def test_a_case_from_its_first_word_to_its_end_by_two_leads(page: Page, registry: Registry) -> None:
    house, url, urgent, later = registry
    await enter(page, url, LEAD)
    rows = page.locator(".cs-row[data-case]")
    await expect(rows).to_have_count(2)
    assert [await row.get_attribute("data-case") for row in await rows.all()] == [urgent, later]
    row = page.locator(ROW.format(urgent))
    await expect(row).to_have_attribute("data-look", "breach")
    await expect(row).to_contain_text("over")
    await expect(row).to_contain_text("138****5678")
    assert "13812345678" not in await page.content()
    await expect(page.locator(".cs-counts")).to_contain_text("1 overdue")

    # N opens the form; what it promises is by working days, over the holiday.
    await page.keyboard.press("n")
    form = page.locator("#cs-new")
    await form.locator("[name=title]").fill("Asked for the form twice")
    await form.locator("[name=number]").fill("13987654321")
    await form.locator("[name=agent]").select_option("anna")
    await page.locator("[data-act='case.open']").click()
    made = page.locator(".cs-made")
    await expect(made).to_contain_text("Fri 9 Oct 18:00")
    await expect(made).to_contain_text("First answer by Wed 30 Sept 12:02")
    mine = str(await made.get_attribute("data-case"))
    await page.keyboard.press("Escape")
    sheet = page.locator(".bd-sheet")
    await expect(sheet).to_have_count(0)
    await expect(rows).to_have_count(3)

    # Enter opens; a second lead takes it while it is open here, and is who was faster.
    await page.locator(f"{ROW.format(mine)} .cs-title").focus()
    await page.keyboard.press("Enter")
    take = sheet.locator("footer [data-act='case.change']")
    await expect(take).to_have_text("Take it")
    await house.acts.do(SECOND, "case.change", {"case": mine, "mine": True})
    await take.click()
    await expect(sheet.locator(".act-problem")).to_have_text("唐敏 took it at 11:02")
    await expect(sheet.locator("[data-owner]")).to_have_text("唐敏")
    await house.acts.do(SECOND, "case.change", {"case": mine, "owner": ""})
    await take.click()
    await expect(sheet.locator("[data-owner]")).to_have_text("Me")

    await sheet.locator("[name=note]").fill("Sent it again by post")
    await done(sheet, "case.answer").click()
    await expect(sheet.locator(".cs-facts")).to_contain_text("Wed 30 Sept 11:02Answered")
    await sheet.locator("summary").click()
    await sheet.locator(".cs-change [data-act='case.change']").click()
    await expect(sheet.locator(".cs-facts .cs-level")).to_contain_text("2 Group")
    await expect(sheet.locator(".cs-change option")).to_have_text(["2 Group", "3 Regulator, press"])
    await sheet.locator("[name=day]").fill("2026-10-12")
    await sheet.locator("[data-do=change]").click()
    await expect(sheet.locator(".cs-facts")).to_contain_text("Mon 12 Oct 18:00")

    # Two steps; other than solved needs a reason.
    await sheet.locator("[data-do=close]").click()
    await sheet.locator("[name=outcome]").select_option("passed_on")
    await expect(done(sheet, "case.close")).to_have_attribute("aria-disabled", "true")
    await sheet.locator("[name=why]").fill("With the branch now")
    await done(sheet, "case.close").click()
    await expect(sheet.locator(".cs-case")).to_have_attribute("data-state", "closed")
    await expect(sheet.locator(".cs-history li span")).to_have_text(
        [
            "Wu closed itWith the branch now",
            "Wu made it due Mon 12 Oct 18:00",
            "Wu set it to 2 Group",
            "Wu answered the customerSent it again by post",
            "Wu took it",
            "唐敏 put it back",
            "唐敏 took it",
            "Wu opened it",
        ]
    )
    await expect(sheet.locator("[data-do=close], [data-act='case.answer']")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(rows).to_have_count(2)
    # What a colleague does comes by itself.
    await house.acts.do(KEEPER, "case.change", {"case": urgent, "level": 3})
    await expect(row.locator(".cs-level")).to_contain_text("3 Regulator, press")
    case = house.register.case(KEEPER, mine)
    assert (case["outcome"], case["level"], case["number"]) == ("passed_on", 2, "13987654321")


async def test_what_is_asked_for_is_found_and_nothing_else(page: Page, registry: Registry) -> None:
    house, url, urgent, later = registry
    await house.acts.do(KEEPER, "case.change", {"case": later, "mine": True})
    await enter(page, url, KEEPER)
    rows = page.locator(".cs-row[data-case]")
    await expect(rows).to_have_count(2)
    await expect(page.locator(ROW.format(urgent))).to_contain_text("13812345678")

    async def shown(*cases: str) -> None:
        await expect(rows).to_have_count(len(cases))
        assert [await row.get_attribute("data-case") for row in await rows.all()] == list(cases)

    await page.locator("[data-kind=service]").click()
    await shown(later)
    await page.locator("[data-kind=service]").click()
    await page.locator(".chips [data-level='2']").click()
    await shown(urgent)
    await page.locator(".chips [data-level='2']").click()
    await page.keyboard.press("/")
    await page.keyboard.type("5678 complaint")
    await shown(urgent)
    await page.keyboard.type("x")
    await expect(page.locator(".cs-none")).to_contain_text("No case fits")
    await page.get_by_role("button", name="Clear the filters").click()
    await shown(urgent, later)
    await page.locator("[data-do=mine]").click()
    await shown(later)
    await page.locator("[data-do=mine]").click()
    await page.get_by_role("button", name="Closed").click()
    await expect(rows).to_have_count(2)
    await expect(rows.filter(has_text="Not solved")).to_have_count(1)


async def test_it_is_whole_plain_and_for_everybody(page: Page, registry: Registry) -> None:
    _, url, urgent, _ = registry
    await page.emulate_media(reduced_motion="reduce")
    await page.set_viewport_size({"width": 1440, "height": 900})
    await enter(page, url, LEAD, lang="zh-CN")
    row = page.locator(f"{ROW.format(urgent)} .cs-title")
    await row.wait_for()
    assert await violations(page) == []
    for width, height in ((1440, 900), (390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        for lang in LANGUAGES:
            if await page.locator("html").get_attribute("lang") != lang:
                await page.locator(".dk-menu > button").click()
                await page.locator(f".dk-drop button[lang='{lang}']").click()
                await page.keyboard.press("Escape")
            assert await look(page) == [], (width, lang)
            await row.click()
            await page.locator(".cs-case").wait_for()
            await page.locator(".cs-change summary").click()
            await page.locator("[data-do=close]").click()
            assert await look(page, "panel") == [], (width, lang)
            if lang == "en":
                assert await violations(page, ("dark",)) == [], width
                await page.set_viewport_size({"width": width, "height": 560})
                await expect(page.locator(".bd-sheet > footer button").last).to_be_in_viewport(ratio=1)
                await page.set_viewport_size({"width": width, "height": height})
            await page.locator(".bd-sheet header button").click()
            await page.locator("[data-do=new]").click()
            assert await look(page, "panel") == [], (width, lang)
            await page.keyboard.press("Escape")
    assert await violations(page, ("light",)) == []


async def test_an_agent_opens_a_case_and_works_on_none(page: Page, registry: Registry) -> None:
    _, url, _, later = registry
    await enter(page, url, ANNA)
    await expect(page.locator(".cs-row[data-case]")).to_have_count(1)
    await expect(page.locator(".dk-nav a")).to_have_text(["Cases", "Me"])
    await page.locator(f"{ROW.format(later)} .cs-title").click()
    sheet = page.locator(".bd-sheet")
    await expect(done(sheet, "case.note")).to_be_visible()
    await expect(sheet.locator("footer, summary, [data-act='case.answer']")).to_have_count(0)
    assert LONG not in await page.content()


async def test_who_keeps_the_register_is_offered_what_they_may_see(page: Page, registry: Registry) -> None:
    await enter(page, registry.url, KEEPER)
    await expect(page.locator(".cs-row[data-case]")).to_have_count(2)
    await expect(page.locator(".dk-nav a")).to_have_text(["Cases", "Alerts", "Wall"])
