"""The agenda of a meeting in a browser, over the real app: opened, read, written into, printed."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.real import served, token
from tests.browser.test_rota_page import Works, look
from tests.floor.rota.test_agenda import morning, plan, worked
from tests.floor.rota.test_office import BOSS, LEAD


@pytest_asyncio.fixture(loop_scope="session")
async def works() -> AsyncIterator[Works]:
    """A Tuesday at ten past eight, after a Monday that was watched."""
    house = await worked()
    await morning(house)
    await plan(house)
    async with served(house.engine, house.clock, house.acts, (BOSS, LEAD), office=house.office) as url:
        yield Works(house, url)


async def test_a_lead_opens_the_agenda_reads_it_and_writes_into_it(page: Page, works: Works) -> None:
    house, url = works
    await page.goto(f"{url}rota?lang=en#token={token(LEAD)}")
    item = page.locator(".ro-card li", has_text="班前会")
    await expect(item).to_contain_text("Yesterday, Mon 2 Nov: Service level 53% · Answer rate 71%")
    await item.locator("[data-do=agenda]").click()
    sheet = page.locator(".bd-sheet")
    await expect(sheet.locator(".ag-day h2")).to_have_text("red · Yesterday, Mon 2 Nov")
    level = sheet.locator("[data-n=level]")
    await expect(level.locator("b")).to_have_text("53%")
    await expect(level).to_contain_text("target 80%")
    await expect(level).to_contain_text("target missed")
    for name, said in (
        ("offered", "17"),
        ("answered", "12"),
        ("abandoned", "5"),
        ("longest", "1:00"),
        ("aht", "2:30"),
    ):
        await expect(sheet.locator(f"[data-n={name}] b")).to_have_text(said)
    await expect(sheet.locator(".ag-doubt")).to_contain_text("Watched from 8:00 on.")
    await expect(sheet.locator(".ag-how")).to_contain_text("offered − short, within 20 s")
    await expect(sheet.locator("[data-p=worst]")).to_contain_text("14:30–15:00: 0% of 5 offered")
    await expect(sheet.locator("[data-p=attendance]")).to_contain_text("2 shifts · 1 late · 0 absent")
    await expect(sheet.locator("[data-p=best]")).to_contain_text("Anna 8 answered")
    assert await look(page, "panel") == []

    await sheet.locator("[data-do=note]").click()
    await sheet.locator("textarea").fill("今天换话术")
    await sheet.locator("[data-act='meeting.note']").click()
    await expect(sheet.locator(".ag-words p")).to_have_text("今天换话术")
    await expect(sheet.locator(".ag-words header")).to_contain_text("Wu")
    assert house.journal[-1].actor == LEAD

    # On paper there is the agenda and nothing else.
    await page.emulate_media(media="print")
    await expect(page.locator(".dk-bar")).to_be_hidden()
    await expect(page.locator(".ro-head")).to_be_hidden()
    await expect(sheet.locator("[data-do=print]")).to_be_hidden()
    await expect(sheet.locator(".ag-numbers")).to_be_visible()
