"""By hand, over a whole served house: an alert from the fire to its end, a break and an incident, by two at once, on desk and phone."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.by_hand import DESK, HAND, HE, LAN, LIN, MINUTE, SONG, Fact, Place, a_house
from tests.browser.test_wall_looks import LINT
from tests.hub.glass import until

WAITS, CLAIMS = "longest_wait@queue:bus/consult", "longest_wait@queue:bus/claims"
COUNTING, ELEVEN = re.compile(r"^1:\d\d$"), re.compile(r"当前11:\d\d")
Held = Callable[[Route], Awaitable[None]]
ROUND = 3.0
"""Real seconds in which everything that watches has looked, and a robot has been told: only to see that *nothing* came."""


@pytest_asyncio.fixture(loop_scope="session")
async def place(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    async with a_house(browser, tmp_path, monkeypatch) as found:
        yield found


class AtOnce:
    """Presses of several people that are all on their way before the first arrives; they arrive in the order of ``pages``."""

    def __init__(self, *pages: Page) -> None:
        self._pages = pages
        self._pressed = [asyncio.Event() for _ in pages]
        self._answered = [asyncio.Event() for _ in pages]

    async def __aenter__(self) -> None:
        for n, page in enumerate(self._pages):
            await page.route("**/api/v1/acts/**", self._held(n))

    def _held(self, n: int) -> Held:
        async def held(route: Route) -> None:
            self._pressed[n].set()
            for pressed in self._pressed:
                await pressed.wait()
            for before in self._answered[:n]:
                await before.wait()
            answer = await route.fetch()
            self._answered[n].set()
            await route.fulfill(response=answer)

        return held

    async def __aexit__(self, *_: object) -> None:
        async with asyncio.timeout(20):
            for answered in self._answered:
                await answered.wait()
        for page in self._pages:
            await page.unroute("**/api/v1/acts/**")


async def sound(*pages: Page) -> None:
    """Nothing is cut, and nothing stands beside the screen."""
    for page in pages:
        assert await page.evaluate(LINT, "page") == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def of(page: Page, alert: str) -> Locator:
    return page.locator(f'[data-alert="{alert}"]')


def span(seconds: float) -> re.Pattern[str]:
    """As it is written, or a few seconds more: what is over is found by a look, not when it happens."""
    return re.compile("|".join(f"{n // 60}:{n % 60:02}" for n in range(int(seconds), int(seconds) + 20)))


async def told(place: Place, *words: Sequence[str]) -> None:
    """The robot has got exactly these, in order; each has all of its words."""
    await until(lambda: len(place.messages) >= len(words))
    got = [message.text for message in place.messages]
    assert len(got) == len(words), got
    for text, wanted in zip(got, words, strict=True):
        assert all(word in text for word in wanted), (text, wanted)


async def test_an_alert_from_the_fire_through_the_escalation_to_the_end(
    place: Place, browser: Browser
) -> None:
    desk = await place.opened(SONG, "team", DESK)
    hand = await place.opened(HE, "team", HAND)
    boss = await place.opened(LIN, "alerts", DESK)
    await expect(desk.locator("[data-panel=alerts]")).to_contain_text("没有需要处理的")
    await expect(hand.locator("[data-panel=alerts]")).to_contain_text("没有需要处理的")

    # A caller waits. It is not yet too long.
    queued = place.clock.now()
    await place.say(("contact.queued", {"contact": "c1", "queue": "consult"}), at=lambda _: queued)
    place.clock.leap(30)
    await expect(desk.locator(".tg-cards")).to_contain_text("排队 1")
    await expect(of(desk, WAITS)).to_have_count(0)
    assert place.messages == []

    # Now it is: both leads see what, where, how long and how long it may be; the group's robot is told.
    place.clock.leap(31)
    for page in (desk, hand):
        alert = of(page, WAITS)
        for words in ("排队过长", "咨询", "阈值 1:00", "后升级到现场主管"):
            await expect(alert).to_contain_text(words)
        await expect(alert.locator(".age")).to_have_text(COUNTING)
    await told(place, ("预警", "排队过长", "当前 1:", "界限 1:00"))
    await sound(desk, hand)

    # Nobody looks after it: the supervisor is told, and everybody sees that.
    place.clock.leap(10 * MINUTE)
    for page in (desk, hand):
        await expect(of(page, WAITS)).to_contain_text("已通知所有级别")
        await expect(of(page, WAITS).locator(".age")).to_have_text(re.compile(r"^11:\d\d$"))
        await of(page, WAITS).locator(".ti").click()
    await boss.locator(f'[data-line="{WAITS}"]').click()
    for page in (desk, hand, boss):
        detail = page.locator(f'[data-detail="{WAITS}"]')
        await expect(detail).to_contain_text("升级：林静 · dingtalk")
        await expect(detail).to_contain_text("触发：何平、宋佳 · dingtalk")
        await expect(detail.locator(".ap-head")).to_contain_text(ELEVEN)
        await expect(detail.locator(".ap-head")).to_contain_text("10:01")
    await told(place, ("当前 1:",), ("预警 升级", "排队过长", "当前 11:"))
    await sound(desk, hand, boss)

    # Both press at once: one has it, the other is told who, and no page was loaded anew.
    async with AtOnce(hand, desk):
        for page in (desk, hand):
            await page.locator("[data-detail] [data-act='alert.acknowledge']").click()
    await expect(desk.locator(".act-problem")).to_contain_text(re.compile(r"何平已于 10:1\d 确认收到"))
    for page in (desk, hand, boss):
        await expect(page.locator("[data-detail] .ap-state")).to_contain_text(
            re.compile(r"何平 10:1\d 已确认")
        )
        await expect(page.locator("[data-detail] .ap-times").first).to_contain_text("何平 已确认")
        await expect(page.locator("[data-detail] .ap-times").first).not_to_contain_text("宋佳")
    await expect(hand.locator(".act-problem")).to_have_count(0)
    await sound(desk, hand)

    # Another caller waits. One wants quiet for a while and says why, the other looks after it: both happen.
    await place.say(("contact.queued", {"contact": "c2", "queue": "claims"}), at=lambda _: place.clock.now())
    place.clock.leap(MINUTE)
    for page in (desk, hand):
        await page.goto(f"{place.url}team")
        await expect(of(page, WAITS)).to_contain_text(re.compile(r"何平 10:1\d 已确认"))
        await expect(of(page, CLAIMS)).to_contain_text("理赔")
    await of(desk, CLAIMS).locator("[data-snooze]").click()
    await desk.get_by_label("原因").fill("10:30 有两人上线")
    await sound(desk)
    async with AtOnce(hand, desk):
        await of(hand, CLAIMS).locator("[data-act='alert.acknowledge']").click()
        await desk.get_by_label("原因").press("Enter")
    for page in (desk, hand):
        await expect(of(page, CLAIMS)).to_contain_text("宋佳：10:30 有两人上线")
        await of(page, CLAIMS).locator(".ti").click()
        for words in ("宋佳 已暂缓：10:30 有两人上线", "何平 已确认"):
            await expect(page.locator("[data-detail] .ap-times").first).to_contain_text(words)
    await expect(desk.locator(".act-problem")).to_have_count(0)
    await told(place, ("当前 1:",), ("升级",), ("预警", "理赔"))
    await sound(desk, hand)

    # The callers are answered: it is over on both, with how long it was, and whoever was told is told so once.
    answered = place.clock.now()
    await place.say(
        ("contact.answered", {"contact": "c1", "queue": "consult", "agent": "1001"}),
        ("contact.answered", {"contact": "c2", "queue": "claims", "agent": "1002"}),
        at=lambda _: answered,
    )
    lasted = span(answered - queued - MINUTE)
    for page in (desk, hand):
        await expect(page.locator("[data-detail] .ap-head")).to_contain_text("已恢复")
        await page.goto(f"{place.url}alerts?view=today")
        over = page.locator(f'[data-line="{WAITS}"]')
        await expect(over).to_contain_text(lasted)
        await expect(over).to_contain_text("恢复")
        await expect(page.locator(f'[data-line="{CLAIMS}"]')).to_contain_text("恢复")
    texts = [("当前 1:",), ("升级",), ("预警", "理赔"), ("恢复", "咨询", "已恢复，持续 1"), ("恢复", "理赔")]
    await told(place, *texts)
    await place.say(
        ("contact.released", {"contact": "c1", "queue": "consult", "agent": "1001", "by": "caller"}),
        ("contact.released", {"contact": "c2", "queue": "claims", "agent": "1002", "by": "caller"}),
    )
    place.clock.leap(20 * MINUTE)
    await desk.wait_for_timeout(ROUND * 1000)
    await told(place, *texts)
    await sound(desk, hand)


async def test_a_break_that_two_leads_decide_at_once_from_the_wish_to_the_over_run(
    place: Place, browser: Browser
) -> None:
    own = await place.opened("liu.zihan", "me", HAND)
    desk = await place.opened(SONG, "breaks", DESK)
    hand = await place.opened(HE, "team?tab=breaks", HAND)
    asked, answer = own.locator("button[data-kind=short]"), own.locator(".me-break")
    wishes = [page.locator(".bk-panel [data-break]") for page in (desk, hand)]

    async def asks_and_both_decide(*order: Page) -> None:
        """One refuses in the hand with a reason, the other grants at the desk; who is first in ``order`` is faster."""
        await asked.click()
        await expect(answer).to_contain_text("等组长答复：小休")
        for wish in wishes:
            await expect(wish).to_contain_text("刘子涵")
        await hand.locator("[data-refuse]").click()
        await hand.get_by_role("button", name="正值高峰").click()
        await sound(own, desk, hand)
        async with AtOnce(*order):
            await hand.locator("[data-act='break.refuse']").click()
            await desk.locator(".bk-panel [data-act='break.grant']").click()
        for wish in wishes:
            await expect(wish).to_have_count(0)

    await asks_and_both_decide(hand, desk)
    await expect(desk.locator(".act-problem")).to_contain_text(re.compile(r"何平已于 10:0\d 拒绝"))
    await expect(own.locator("[data-answer=refused]")).to_contain_text("正值高峰")
    await expect(own.locator("[data-answer=refused]")).to_contain_text("何平")
    await sound(own, desk)

    place.clock.leap(10 * MINUTE)
    await asks_and_both_decide(desk, hand)
    await expect(hand.locator(".act-problem")).to_contain_text(re.compile(r"宋佳已于 10:1\d 批准"))
    await expect(own.locator(".me-break.granted")).to_contain_text("可以去小休了")
    await expect(own.locator(".me-break.granted")).to_contain_text("宋佳")
    await sound(own, hand)

    # She goes. The time runs on her own page and at the desk; it is nearly over, over, and late, and both leads see it.
    await place.say(("agent.not_ready", {"agent": "1001", "reason": "short"}))
    gone = [desk.locator(".bk-gone [data-break]"), hand.locator(".bk-panel [data-break]")]
    await expect(gone[0]).to_contain_text(re.compile(r"应 10:2\d 回"))
    await expect(answer.locator(".left")).to_have_text(re.compile(r"^(10:00|[89]:\d\d)$"))
    place.clock.leap(8.5 * MINUTE)
    await expect(answer).to_have_attribute("data-course", "near")
    place.clock.leap(2 * MINUTE)
    for course in ("over", "late"):
        for item in (answer, *gone):
            await expect(item).to_have_attribute("data-course", course)
            await expect(item.locator(".left")).to_contain_text("+")
        await sound(own, desk, hand)
        place.clock.leap(3 * MINUTE)
    for page in (desk, hand):
        await page.goto(f"{place.url}team")
        late = of(page, f"break_over@break:{await item_of(answer)}")
        await expect(late).to_contain_text("刘子涵")
        await expect(late.locator(".age")).to_have_text(re.compile(r"^[67]:\d\d$"))
    await sound(desk, hand)

    # Back: it is over on all of them, and how long it was too long is written down.
    await place.say(("agent.ready", {"agent": "1001"}))
    for page in (desk, hand):
        await expect(page.locator("[data-panel=alerts]")).to_contain_text("没有需要处理的")
    await expect(answer).to_have_count(0)
    await desk.goto(f"{place.url}breaks")
    past = desk.locator(".bk-past tbody tr")
    await expect(past).to_have_count(2)
    await expect(desk.locator(".bk-past")).to_contain_text("超时")
    await expect(desk.locator(".bk-past")).to_contain_text("何平")
    await sound(own, desk, hand)


async def item_of(item: Locator) -> str:
    return await item.get_attribute("data-break") or ""


async def test_an_incident_that_a_detector_proposes_and_two_decide_at_once(
    place: Place, browser: Browser
) -> None:
    desk = await place.opened(LIN, "duty", DESK)
    hand = await place.opened(LAN, "duty", HAND)
    lead = await place.opened(SONG, "team", HAND)
    await calls(place, minutes=45, each=2)
    incidents = [page.locator("[data-panel=incidents] [data-incident]") for page in (desk, hand)]
    for incident in incidents:
        await expect(incident).to_have_count(0)

    # Far more callers than usual: it is proposed, to who leads, and hangs nowhere yet.
    await calls(place, minutes=6, each=12)
    for incident in incidents:
        await expect(incident).to_have_attribute("data-state", "proposed")
        await expect(incident).to_contain_text("突发话务高峰")
        await expect(incident).to_contain_text("自动检测")
    await expect(lead.locator(".ph-body")).to_contain_text("突发话务高峰")
    await sound(desk, hand, lead)

    # Two confirm at once, each with words of their own: one is first, and what the other wrote is not lost.
    writes = (("zh-CN", "来电激增，先用简短话术"), ("en", "Many calls: use the short script"))
    for incident, (language, words) in zip(incidents, writes, strict=True):
        await incident.get_by_role("button", name="上墙文字").click()
        await incident.locator(f"[data-form='incident.confirm'] input[lang={language}]").fill(words)
    await sound(desk, hand)
    async with AtOnce(desk, hand):
        for incident in incidents:
            await incident.locator("[data-act='incident.confirm']").click()
    await expect(hand.locator(".act-problem")).to_contain_text(re.compile(r"林静已于 10:5\d 确认"))
    for incident in incidents:
        await expect(incident).to_have_attribute("data-state", "confirmed")
        await expect(incident).to_contain_text("来电激增，先用简短话术")
    edits = [incident.locator("[data-form='incident.edit']") for incident in incidents]
    await expect(edits[1].locator("input[lang=en]")).to_have_value(writes[1][1])
    await sound(desk, hand)
    await edits[1].locator("[data-act='incident.edit']").click()
    await expect(edits[0].locator("input[lang=en]")).to_have_value(writes[1][1])
    await expect(edits[0].locator("input[lang=zh-CN]")).to_have_value(writes[0][1])
    for incident in incidents:
        await expect(incident.locator(".history")).to_contain_text("沈岚")

    # One closes it while the other still writes: it is closed, with how long it was and what it did, and the other is told.
    place.clock.leap(10 * MINUTE)
    await incidents[0].locator("summary").click()
    await edits[0].locator("input[type=number]").fill("30")
    await incidents[1].locator("[data-form='incident.close'] input").fill("促销短信")
    async with AtOnce(hand, desk):
        await edits[0].locator("[data-act='incident.edit']").click()
        await incidents[1].locator("[data-act='incident.close']").click()
    await expect(desk.locator(".act-problem")).to_contain_text(re.compile(r"沈岚已于 11:0\d 关闭"))
    for page, incident in zip((desk, hand), incidents, strict=True):
        await page.locator("[data-panel=incidents] summary", has_text="以往").click()
        await expect(incident).to_have_attribute("data-state", "closed")
        await expect(incident).to_contain_text("促销短信")
        await expect(incident.locator("header time")).to_contain_text(
            re.compile(r"10:\d\d–11:0\d \(1[56]:\d\d\)")
        )
        await expect(incident.locator("[data-effect=offered] b")).to_have_text(re.compile(r"^60$"))
    await expect(lead.locator(".ph-body")).not_to_contain_text("突发话务高峰")
    await sound(desk, hand, lead)


async def calls(place: Place, *, minutes: int, each: int) -> None:
    """So many callers in each of the whole minutes to come, who hang up at once; and the next minute has just begun."""
    start = (place.clock.now() // MINUTE + 1) * MINUTE
    place.clock.leap(start + minutes * MINUTE - 20 - place.clock.now())
    facts: list[Fact] = []
    instants: list[float] = []
    for n in range(minutes * each):
        call = {"contact": f"{start:.0f}-{n}", "queue": "consult"}
        came = start + n // each * MINUTE + n % each * 30 / each
        facts += [("contact.queued", call), ("contact.abandoned", call)]
        instants += [came, came + 2]
    await place.say(*facts, at=instants.__getitem__)
    place.clock.leap(21)
