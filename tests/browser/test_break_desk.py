"""A break from the wish to the over-run on a real house: asked for in the hand, granted at the desk by a key, late on both."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from ccwall import events
from ccwall.access import Access, Key
from ccwall.clock import SystemClock
from ccwall.config import HOUSE, Config
from ccwall.events import (
    AgentCard,
    AgentId,
    BreakKind,
    BreakLimit,
    BreakPolicy,
    DeviceId,
    MeetingId,
    PlannedBreak,
    Policy,
    Principal,
    QueueId,
    Shift,
    ShiftId,
    ShiftQuota,
    SourceId,
)
from ccwall.house import House
from ccwall_web.app import create_app
from ccwall_web.server import WallServer, bound_socket, config
from tests.browser.mock_wall import STATIC
from tests.browser.test_accessibility import violations
from tests.browser.test_wall_looks import LANGUAGES, LINT

SHANGHAI = ZoneInfo("Asia/Shanghai")
PBX, ANNA, WU = SourceId("pbx1"), AgentId("1001"), AgentId("1002")
RATE = 20.0
"""Floor seconds per real one: the shortest break is a minute long."""
PEOPLE = {
    "lead-token": Principal(id="song", role="lead", name="宋佳", teams=("A",)),
    "agent-token": Principal(id="anna", role="agent", teams=("A",), agent=ANNA),
}
BREAKS = BreakPolicy(
    kinds={
        "short": BreakKind(
            names={"zh-CN": "小休", "zh-TW": "小休", "en": "Short break"},
            state="break", lasts=60.0, quota_times=3, quota_seconds=900.0,
        ),
        "meal": BreakKind(names={"zh-CN": "用餐", "zh-TW": "用餐", "en": "Meal"}, state="meal", lasts=1800.0, quota_times=1),
        "coaching": BreakKind(names={"zh-CN": "辅导", "zh-TW": "輔導", "en": "Coaching"}, state="training", counts=False),
    },
    limits=(BreakLimit(cap=2), BreakLimit(kind="team", id="A", minimum=1, begins=0, ends=86_400)),
    late=20.0,
)  # fmt: skip


class Place:
    """A house, where it is served, and the PBX it hears."""

    def __init__(self, house: House, url: str) -> None:
        self.house, self.url = house, url

    def say(self, *facts: events.AnyEvent) -> None:
        self.house.emit(PBX)(facts, self.house.clock.now())

    @property
    def now(self) -> float:
        return self.house.clock.now()

    async def opened(self, browser: Browser, token: str, path: str, size: tuple[int, int]) -> Page:
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
        page = await context.new_page()
        await page.goto(f"{self.url}{path}?lang=en#token={token}")
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def place() -> AsyncIterator[Place]:
    if not (STATIC / "index.html").is_file():
        pytest.fail("the wall is not built: make web", pytrace=False)
    clock = SystemClock(rate=RATE)
    house, now = House(Config(), clock), clock.now()
    cards = {
        ANNA: AgentCard(names={"zh-CN": "刘子涵", "zh-TW": "劉子涵", "en": "Liu Zihan"}, team="A", acd=True),
        WU: AgentCard(names={"en": "Wu Qiang"}, team="A", acd=True),
    }
    policy = Policy(names={"en": "Qiming"}, zone="Asia/Shanghai", agents=cards, breaks=BREAKS)
    house.intake.take(HOUSE, [events.ConfigApplied(at=now, hash="", policy=policy)], now)
    queue = QueueId("pbx1/consult")
    joined: list[events.AnyEvent] = [
        events.AgentMembershipChanged(
            at=now, agent=agent, queue=queue, member=True, interface=f"PJSIP/{agent}"
        )
        for agent in (ANNA, WU)
    ]
    phones: list[events.AnyEvent] = [
        events.DeviceStateChanged(at=now, device=DeviceId(f"pbx1/{agent}"), state="idle", agent=agent)
        for agent in (ANNA, WU)
    ]
    up: list[events.AnyEvent] = [events.SourceUp(at=now, product="PBX"), events.SourceResyncStarted(at=now)]
    named = events.QueueDescribed(at=now, queue=queue, name="咨询")
    house.intake.take(PBX, [*up, named, *joined, *phones, events.SourceResyncFinished(at=now)], now)
    access = Access([Key.of(token, who) for token, who in PEOPLE.items()], clock=clock, hosts=["127.0.0.1"])
    listening = bound_socket("127.0.0.1", 0)
    server = WallServer(config(create_app(house.floor, house.hub, access, static_dir=STATIC)), house.hub)
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


async def sound(page: Page) -> None:
    """Nothing is cut."""
    assert await page.evaluate(LINT, "page") == []


async def test_a_break_from_the_wish_to_the_over_run_in_the_hand_and_at_the_desk(
    place: Place, browser: Browser
) -> None:
    hand = await place.opened(browser, "agent-token", "me", (390, 844))
    desk = await place.opened(browser, "lead-token", "breaks", (1440, 900))
    await expect(desk.locator("#bk-requests")).to_be_visible()
    await expect(hand.locator('[data-kind="short"]')).to_contain_text("3 of 3 left")
    await sound(hand)

    # Asked for with one press in the hand, and there at the desk with what would come of it.
    await hand.locator('[data-kind="short"]').click()
    await expect(hand.locator(".me-break")).to_contain_text("Waiting for an answer: Short break, 1 min")
    wish = desk.locator(".bk-panel [data-break]")
    await expect(wish).to_contain_text("Liu Zihan")
    await expect(wish.locator(".bk-cost")).to_contain_text("Too few calls so far to say")
    await sound(desk)

    # Nobody is refused without a word.
    await desk.keyboard.press("3")
    await expect(wish.locator(".bk-why")).to_be_visible()
    await wish.locator('[data-act="break.refuse"]').click()
    await expect(wish.locator(".need")).to_have_text("Give a reason")
    await desk.keyboard.press("Tab")
    await wish.locator("[data-refuse]").click()

    # Granted with a key.
    await desk.locator("body").click(position={"x": 5, "y": 895})
    await desk.keyboard.press("2")
    await expect(hand.locator(".me-break.granted")).to_contain_text("You may go: Short break")
    await expect(hand.locator(".me-break.granted")).to_contain_text("宋佳")
    await expect(desk.locator(".bk-gone [data-break]")).to_contain_text("may go")
    # This PBX takes no commands: the desk says who has to do it.
    await expect(desk.locator(".bk-gone .unsent")).to_have_text(
        "Not paused at the PBX: they set it themselves"
    )
    await sound(desk)

    # She goes; the time runs, warns at 80 %, is over, and is late.
    place.say(events.AgentNotReady(at=place.now, agent=ANNA, reason="short"))
    own = hand.locator(".me-break")
    await expect(own).to_have_attribute("data-course", "near", timeout=15_000)
    await expect(own.locator("[role=alert]")).to_contain_text("Nearly over")
    away = desk.locator(".bk-gone [data-break]")
    await expect(own).to_have_attribute("data-course", "over", timeout=15_000)
    await expect(away).to_have_attribute("data-course", "late", timeout=15_000)
    await expect(away.locator(".left")).to_contain_text("+")
    await expect(own).to_have_attribute("data-course", "late")
    await sound(hand)
    await sound(desk)

    await expect(away.locator(".unsent")).to_have_count(0)
    # Called back, she reads by whom; back, it is history with the time it was over.
    await away.locator('[data-act="break.end"]').first.click()
    await expect(own).to_contain_text("宋佳 asked you back")
    place.say(events.AgentReady(at=place.now, agent=ANNA))
    await expect(desk.locator(".bk-gone [data-break]")).to_have_count(0)
    await expect(desk.locator(".bk-past tbody tr").first).to_contain_text("over by")
    await expect(hand.locator('[data-kind="short"]')).to_contain_text("2 of 3 left")


@pytest.mark.parametrize("path", ["breaks", "me"])
@pytest.mark.parametrize("width", [390, 1440])
async def test_nothing_is_cut_in_any_language_and_axe_finds_nothing(
    place: Place, browser: Browser, path: str, width: int
) -> None:
    token = "agent-token" if path == "me" else "lead-token"
    await place.house.acts.do(
        PEOPLE["agent-token"], "break.request", {"kind": "meal", "note": "接孩子电话 · a long note " * 5}
    )
    place.say(events.AgentNotReady(at=place.now, agent=WU, reason="short"))
    page = await place.opened(browser, token, path, (width, 900))
    await expect(page.locator("[data-break]").first).to_be_visible()
    for language in LANGUAGES:
        await page.goto(f"{place.url}{path}?lang={language}")
        await expect(page.locator("[data-break]").first).to_be_visible()
        await sound(page)
    assert await violations(page) == []


async def test_the_pages_say_whose_budget_it_is_and_whose_cap(place: Place, browser: Browser) -> None:
    """Of the day without a rota, of the shift with one, with what that has; the plan of who leads one team is their team's."""
    hand = await place.opened(browser, "agent-token", "me", (390, 844))
    desk = await place.opened(browser, "lead-token", "breaks", (1440, 900))
    own, row = hand.locator('[data-budget="short"]'), desk.locator(".bk-budget tbody tr")
    await expect(hand.locator("#me-budget")).to_have_text("Today: used so far")
    await expect(own).to_contain_text("0 of 3")
    await expect(desk.locator(".bk-plan")).to_have_attribute("data-scope", "team:A")
    await expect(desk.locator(".bk-plan .which")).to_have_text("A: up to 1 away, so that the minimum stays")
    await expect(row).to_have_count(0)

    hour = 3600.0
    begins = place.now // hour * hour - hour
    quotas = (ShiftQuota(kind="short", times=5), ShiftQuota(kind="meal", times=0))
    meal = PlannedBreak(begins=begins + 5 * hour, ends=begins + 5.5 * hour)
    shift = Shift(
        shift_id=ShiftId("s"),
        agent=ANNA,
        begins=begins,
        ends=begins + 9 * hour,
        quotas=quotas,
        breaks=(meal,),
    )
    others = Shift(shift_id=ShiftId("o"), agent=WU, begins=begins, ends=begins + 5 * hour)
    meetings = [
        events.MeetingPlanned(
            at=place.now,
            meeting_id=MeetingId(team),
            title=f"of {team}",
            begins=place.now,
            lasts=2 * hour,
            teams=(team,),
        )
        for team in ("A", "B")
    ]
    planned = events.ShiftsPlanned(at=place.now, shifts=(shift, others))
    place.house.emit(HOUSE)([planned, *meetings], place.now)
    at, to = (datetime.fromtimestamp(one, SHANGHAI) for one in (begins, begins + 9 * hour))
    span = f"This shift {at.hour}:00–{to.hour}:00"
    await expect(hand.locator("#me-budget")).to_have_text(f"{span}: used so far")
    await expect(own).to_contain_text("0 of 5")
    # Her own plan, and the meeting of her own team; nobody else's.
    await expect(hand.locator(".me-plan .big")).to_contain_text(f"Until {to.hour}:00")
    await expect(hand.locator("[data-plan]")).to_have_count(2)
    await expect(hand.locator("[data-plan=meeting]")).to_contain_text("of A")
    await expect(hand.locator("[data-plan=break]")).to_contain_text("Meal")
    await expect(row.first).to_contain_text(span)
    await expect(row.first).to_contain_text("0/5")
    await sound(hand)

    # A meal is none of this shift's: the desk says so, by its hours.
    await hand.locator('[data-kind="meal"]').click()
    wish = desk.locator(".bk-panel [data-break]")
    await expect(wish.locator(".bk-against")).to_contain_text(f"{span}: time 1, of 0")
    await expect(wish.locator(".bk-cost .quota")).to_contain_text("Used this shift")
    await sound(desk)

    # The floor has a cap of its own.
    await desk.locator(".dk-choice.title select").select_option("floor")
    await expect(desk.locator(".bk-plan .which")).to_have_text("Floor: up to 2 away at once")
    assert await violations(desk) == []


async def test_of_a_pbx_that_is_lost_nothing_grows_on_ones_own_page(place: Place, browser: Browser) -> None:
    hand = await place.opened(browser, "agent-token", "me", (390, 844))
    state, time = hand.locator(".me-state"), hand.locator(".me-state .time b")
    place.say(events.AgentNotReady(at=place.now, agent=ANNA, reason="short"))
    await expect(state).to_have_attribute("data-state", "break")
    before = await time.inner_text()
    await expect(time).not_to_have_text(before)
    place.say(events.SourceDown(at=place.now, reason="reset"))
    for panel in (".me-state", ".me-numbers"):
        await expect(hand.locator(f"{panel}.stale .asof")).to_contain_text("As of")
    stopped, clock = await time.inner_text(), hand.locator(".dk-clock")
    for _ in range(3):
        await expect(clock).not_to_have_text(await clock.inner_text())
    assert await time.inner_text() == stopped
    await sound(hand)
    place.say(events.SourceUp(at=place.now, product="PBX"), events.SourceResyncStarted(at=place.now))
    place.say(
        events.AgentMembershipChanged(
            at=place.now, agent=ANNA, queue=QueueId("pbx1/consult"), member=True, interface="PJSIP/1001"
        ),
        events.AgentNotReady(at=place.now, agent=ANNA, reason="short"),
        events.SourceResyncFinished(at=place.now),
    )
    await expect(hand.locator(".me-main .stale")).to_have_count(0)
    await expect(time).not_to_have_text(stopped)


async def promised(place: Place, agent: AgentId, within: float) -> None:
    """A meal, moved by the lead to so many seconds from now."""
    lead = PEOPLE["lead-token"]
    told = await place.house.acts.do(lead, "break.request", {"kind": "meal", "agent": agent})
    when = {"break_id": told["break_id"], "begins": place.now + within}
    await place.house.acts.do(lead, "break.postpone", when)


async def test_a_promise_without_room_is_held_says_why_on_both_pages_and_goes_when_there_is(
    place: Place, browser: Browser
) -> None:
    """One of team A must stay, and the other one is away when the time comes."""
    hand = await place.opened(browser, "agent-token", "me", (390, 844))
    desk = await place.opened(browser, "lead-token", "breaks", (1440, 900))
    place.say(events.AgentNotReady(at=place.now, agent=WU, reason="short"))
    await promised(place, ANNA, 40.0)
    own, wish = hand.locator(".me-break"), desk.locator(".bk-panel [data-break]")
    await expect(own).to_contain_text("Meal at")
    await expect(wish).to_contain_text("moved to")

    await expect(own).to_contain_text("Please wait: Meal of")
    await expect(own).to_contain_text("A: 1 must stay at work. It begins by itself as soon as there is room")
    await expect(wish).to_contain_text("held for")
    await expect(wish.locator(".note.held")).to_contain_text("Granted by 宋佳 for")
    await expect(wish.locator(".bk-against")).to_contain_text("A: 0 would be left, 1 must stay")
    for page in (hand, desk):
        await sound(page)
        assert await violations(page) == []
        for language in LANGUAGES:
            await page.goto(f"{place.url}{'me' if page is hand else 'breaks'}?lang={language}")
            await expect(page.locator(".held").first).to_be_visible()
            await sound(page)
        await page.goto(f"{place.url}{'me' if page is hand else 'breaks'}?lang=en")

    place.say(events.AgentReady(at=place.now, agent=WU))
    await expect(own).to_contain_text("You may go: Meal")
    await expect(desk.locator(".bk-gone [data-break]")).to_contain_text("may go")
    await expect(wish).to_have_count(0)

    # She does not go: it expires, and both pages say so, hers with what to do.
    breaks = msgspec.structs.replace(BREAKS, unused=1.0)
    policy = msgspec.structs.replace(place.house.engine.policy, breaks=breaks)
    place.house.emit(HOUSE)([events.ConfigApplied(at=place.now, hash="", policy=policy)], place.now)
    said = hand.locator('[data-answer="unused"]')
    await expect(said).to_contain_text("Ask again if you still want it")
    await expect(said).to_contain_text("set yourself not ready when you go")
    row = desk.locator(".bk-past tbody tr").filter(has_text="Liu Zihan")
    await expect(row).to_contain_text("expired, not used; no pause was sent to the PBX")
    await expect(row).to_contain_text("宋佳")
    await sound(hand)
    await sound(desk)
    await hand.locator('[data-kind="coaching"], .me-ask summary').first.click()
    await hand.locator('[data-kind="meal"]').click()
    await expect(said).to_have_count(0)


async def test_a_lead_lets_go_at_once_or_takes_back_with_a_word_what_is_held(
    place: Place, browser: Browser
) -> None:
    hand = await place.opened(browser, "agent-token", "me", (390, 844))
    desk = await place.opened(browser, "lead-token", "breaks", (1440, 900))
    place.say(events.AgentNotReady(at=place.now, agent=WU, reason="short"))
    await promised(place, ANNA, 10.0)
    held = desk.locator(".bk.held")
    await held.get_by_role("button", name="Take back").click()
    await held.get_by_role("button", name="It is the peak").click()
    await held.locator('[data-act="break.withdraw"]').click()
    await expect(hand.locator('[data-answer="withdrawn"]')).to_contain_text(
        "withdrawn: It is the peak (宋佳)"
    )
    await expect(held).to_have_count(0)

    await promised(place, ANNA, 10.0)
    await held.get_by_role("button", name="Let go now").click()
    await expect(hand.locator(".me-break.granted")).to_contain_text("You may go: Meal")
    await expect(desk.locator(".bk-gone")).to_contain_text("Granted by 宋佳")


async def test_who_goes_while_held_is_said_to_have_gone_then(place: Place, browser: Browser) -> None:
    desk = await place.opened(browser, "lead-token", "breaks", (1440, 900))
    place.say(events.AgentNotReady(at=place.now, agent=WU, reason="short"))
    await promised(place, ANNA, 10.0)
    await expect(desk.locator(".bk.held")).to_be_visible()
    place.say(events.AgentNotReady(at=place.now, agent=ANNA, reason="lunch"))
    row = desk.locator(".bk-gone [data-break]").filter(has_text="Liu Zihan")
    await expect(row).to_contain_text("went while it was held")
    await sound(desk)
