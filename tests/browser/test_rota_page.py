"""The rota in a browser, over the real app: who came, what is wrong, and everything that is changed about it."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest_asyncio
from playwright.async_api import FilePayload, Page, expect

from tests.browser.real import served, token
from tests.browser.test_accessibility import LINT, violations
from tests.browser.test_pages_look import DRAWN, LANGUAGES
from tests.floor.rota.test_office import ANNA, BOSS, LEAD, LI, House, at

ROTA = (
    "agent,date,begins,ends,seat,breaks\n"
    "anna,2026-11-02,09:00,18:00,A-1,12:00-12:45 meal; 15:00-15:10 short\n"
    "li,2026-11-02,10:00,19:00,A-2,\n"
    "oleg,2026-11-02,09:00,18:00,B-3,\n"
    "li,2026-11-03,09:00,18:00,A-2,\n"
)
GB18030 = "工号;姓名;日期;上班;下班;座席\nanna;;2026/11/3;9:00;18:00;A-1\nli;;2026-11-03;9:00;17:00;A-2\n"


class Works(NamedTuple):
    house: House
    url: str


@pytest_asyncio.fixture(loop_scope="session")
async def works() -> AsyncIterator[Works]:
    """A Monday at 18:11: Anna has not signed out, Li came late and is at work, Oleg did not come."""
    house = House()
    await house.bring(ROTA)
    await house.until("02T08:45")
    house.signs_on(ANNA)
    house.watch.look()
    await house.until("02T10:20")
    house.signs_on(LI)
    house.watch.look()
    await house.until("02T18:11")
    house.watch.look()
    async with served(house.engine, house.clock, house.acts, (BOSS, LEAD), office=house.office) as url:
        yield Works(house, url)


async def enter(page: Page, works: Works, who: object = BOSS, lang: str = "en") -> None:
    assert who in (BOSS, LEAD)
    await page.goto(f"{works.url}rota?lang={lang}#token={token(BOSS if who is BOSS else LEAD)}")
    await page.locator(".ro-row[data-shift]").first.wait_for()


async def look(page: Page, kind: str = "page") -> list[object]:
    await page.evaluate(DRAWN)
    found: list[object] = await page.evaluate(LINT, kind)
    return found


async def judged(page: Page) -> list[tuple[str, str | None]]:
    rows = await page.locator(".ro-row[data-shift]").all()
    return [
        (await row.locator(".ro-who bdi").first.inner_text(), await row.get_attribute("data-what"))
        for row in rows
    ]


async def test_the_day_who_needs_somebody_and_what_is_said_to_it(page: Page, works: Works) -> None:
    house, _ = works
    await enter(page, works)
    # Whom a lead must look after comes first, by when they begin.
    await expect(page.locator(".ro-row[data-shift]")).to_have_count(3)
    assert await judged(page) == [("Anna", "left_on"), ("oleg", "absent"), ("li", "late")]
    rows = page.locator(".ro-row[data-shift]")
    await expect(rows.nth(0)).to_contain_text("11 min")
    await expect(rows.nth(2)).to_contain_text("20 min")
    await expect(page.locator(".ro-counts")).to_contain_text("1 Absent")
    await expect(rows.nth(0).locator(".ro-kept")).to_have_text("100%")
    await expect(rows.nth(1).locator(".ro-kept")).to_have_text("–")  # the switch never heard of Oleg
    await expect(rows.nth(2).locator(".ro-kept")).to_have_text("96%")

    # An excuse makes it quiet, and others come first.
    await rows.nth(1).locator("button").click()
    sheet = page.locator(".bd-sheet")
    await sheet.locator(".ro-excuse input").fill("地铁故障")
    await sheet.locator("[data-act='attendance.excuse']").click()
    await expect(sheet).to_have_count(0)
    await expect(rows.nth(2)).to_contain_text("地铁故障")
    assert [name for name, _ in await judged(page)] == ["Anna", "li", "oleg"]
    oleg = next(id for id, s in house.engine.desk.rota.shifts.items() if s.agent == "oleg")
    assert house.engine.desk.rota.worked[oleg].excuses["absent"].note == "地铁故障"

    # A shift is changed; its breaks stay where they were.
    await rows.nth(0).locator("button").click()
    await expect(sheet.locator("input[type=time]")).to_have_count(6)
    await sheet.get_by_label("Ends").first.fill("18:30")
    await sheet.get_by_label("Seat").fill("A-9")
    await sheet.locator("[data-act='shift.set']").click()
    await expect(sheet).to_have_count(0)
    await expect(page.locator(".ro-row", has_text="Anna")).to_contain_text("A-9")
    anna = next(s for s in house.engine.desk.rota.shifts.values() if s.agent == ANNA)
    assert (anna.begins, anna.ends, anna.seat) == (at("02T09:00"), at("02T18:30"), "A-9")
    assert [(b.begins, b.ends, b.kind) for b in anna.breaks] == [
        (at("02T12:00"), at("02T12:45"), "meal"),
        (at("02T15:00"), at("02T15:10"), "short"),
    ]
    await expect(page.locator("#ro-changes").locator("..").locator("..")).to_contain_text("陈")


async def test_a_file_is_looked_at_with_its_mistakes_and_then_brought_in(page: Page, works: Works) -> None:
    house, _ = works
    await enter(page, works, LEAD)
    assert [name for name, _ in await judged(page)] == ["Anna", "li"]  # Oleg is another team's
    await page.get_by_label("Day after").click()
    await expect(page.locator(".ro-day b")).to_have_text("Tue 3 Nov")
    await expect(page.locator(".ro-row[data-shift]")).to_have_count(1)
    await page.locator("[data-do=bring]").click()
    sheet = page.locator(".bd-sheet")
    file = sheet.locator("input[type=file]")
    button = sheet.locator("[data-do=import]")
    before = len(house.journal)

    def csv(text: str) -> FilePayload:
        return {"name": "十一月.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")}

    await file.set_input_files(csv(GB18030 + "nobody;;2026/11/3;9:00;18:00;\n李伟;;2026/11/4;25:00;18:00;\n"))
    mistakes = sheet.locator(".ro-mistakes li")
    await expect(mistakes).to_have_count(2)
    await expect(mistakes.nth(0)).to_contain_text("line 4")
    await expect(mistakes.nth(1)).to_contain_text("line 5")
    await expect(button).to_have_attribute("aria-disabled", "true")
    assert await look(page, "panel") == []
    await file.set_input_files(csv(GB18030))
    await expect(mistakes).to_have_count(0)
    await expect(sheet.locator(".ro-counts")).to_contain_text("2 shifts")
    await expect(sheet.locator(".ro-counts")).to_contain_text("1 new")
    await expect(sheet.locator(".ro-counts")).to_contain_text("1 changed")
    assert len(house.journal) == before
    await button.click()
    await expect(sheet.locator(".ro-done")).to_have_text("2 shifts imported")
    await sheet.locator("footer button").click()
    await expect(page.locator(".ro-row[data-shift]")).to_have_count(2)
    tuesday = {s.agent: s.ends for s in house.engine.desk.rota.shifts.values() if s.begins >= at("03T00:00")}
    assert tuesday == {ANNA: at("03T18:00"), LI: at("03T17:00")}
    await page.get_by_role("button", name="Today").click()
    await expect(page.locator(".ro-day b")).to_have_text("Mon 2 Nov")


async def test_a_meeting_is_planned_and_cancelled_by_those_who_may(page: Page, works: Works) -> None:
    house, _ = works
    await enter(page, works)
    await page.locator("[data-do=meeting]").click()
    form = page.locator(".ro-card form")
    await form.get_by_label("Title").fill("班后会")
    await form.get_by_label("Begins").fill("19:30")
    await form.get_by_label("Minutes").fill("20")
    await form.locator("[data-act='meeting.plan']").click()
    meeting = page.locator(".ro-card li", has_text="班后会")
    await expect(meeting).to_contain_text("19:30–19:50")
    (planned,) = house.engine.desk.rota.meetings.values()
    assert planned.begins == at("02T19:30")
    await meeting.locator("[data-act='meeting.cancel']").click()
    await expect(meeting).to_have_count(0)


async def test_it_is_whole_plain_and_for_everybody(page: Page, works: Works) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await page.set_viewport_size({"width": 1440, "height": 900})
    await enter(page, works, lang="zh-CN")
    assert await violations(page) == []
    for width, height in ((1440, 900), (390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        for lang in LANGUAGES:
            if await page.locator("html").get_attribute("lang") != lang:
                await page.locator(".dk-menu > button").click()
                await page.locator(f".dk-drop button[lang='{lang}']").click()
                await page.keyboard.press("Escape")
            assert await look(page) == [], (width, lang)
            await page.locator(".ro-who button", has_text="Anna").click()
            await page.locator(".ro-came").wait_for()
            assert await look(page, "panel") == [], (width, lang)
            if lang == "en":
                assert await violations(page, ("dark",)) == [], width
            await page.keyboard.press("Escape")
    assert await violations(page, ("light",)) == []
