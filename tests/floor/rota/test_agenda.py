"""The agenda of a meeting: the last day's figures, for whoever may see them, and the lead's own words in it."""

import asyncio
from contextlib import suppress
from typing import cast

import pytest

from ccwall.alerts import pack
from ccwall.alerts.agenda import WORDS, lines
from ccwall.alerts.alarms import Alarms
from ccwall.alerts.ladder import Ladder, Ladders, Step
from ccwall.alerts.notes import note_of
from ccwall.alerts.ruleset import Ruleset
from ccwall.config import HOUSE
from ccwall.engine.desk.alert import Alert
from ccwall.engine.desk.rota import Meeting
from ccwall.events import (
    AgentId,
    AlertId,
    AlertTold,
    ConfigApplied,
    ContactAbandoned,
    ContactAnswered,
    ContactId,
    ContactQueued,
    ContactReleased,
    Principal,
    QueueCard,
    QueueDescribed,
    SourceGap,
)
from ccwall.floor.rota.agenda import scopes
from ccwall.floor.wish import Forbidden, NotThere
from ccwall.sheet import LANGUAGES
from tests.alerts.floor import Box
from tests.floor.rota.test_office import ANNA, BOSS, LEAD, LI, WALL, House, Q, at

ANNA_HERSELF = Principal(id="anna", role="agent", teams=("red",), agent=ANNA)
BLUE_LEAD = Principal(id="xu", role="lead", name="Xu", teams=("blue",))
ROTA = "agent,date,begins,ends\nanna,2026-11-02,09:00,18:00\nli,2026-11-02,09:00,18:00\noleg,2026-11-02,09:00,18:00\n"
Section = dict[str, object]


async def worked() -> House:
    """A Monday until eight in the evening: Anna on time, Li twenty minutes late, Oleg absent; calls from ten on."""
    house = House()
    policy = house.engine.policy
    told = {name: getattr(policy, name) for name in policy.__struct_fields__}
    told["queues"] = {Q: QueueCard(team="red", names={"en": "Consult", "zh-CN": "咨询", "zh-TW": "諮詢"})}
    house.say(ConfigApplied(at=house.now, hash="2", policy=type(policy)(**told)), source=HOUSE)
    await house.bring(ROTA)
    for text, agent in (("02T08:45", ANNA), ("02T09:20", LI)):
        await house.until(text)
        house.signs_on(agent)
        house.watch.look()
    for n in range(12):
        await calls(house, n, "02T10:00", ANNA if n % 3 else LI, 8 if n < 9 else 45)
    await house.until("02T14:30")
    for n in range(5):
        queued(house, f"lost{n}")
    await house.until("02T14:31")
    house.say(*(ContactAbandoned(at=house.now, contact=ContactId(f"lost{n}"), queue=Q, cause="hangup") for n in range(5)))  # fmt: skip
    for agent in (ANNA, LI):
        await house.until("02T18:02")
        house.signs_off(agent)
        house.watch.look()
    await house.until("02T23:55")
    house.watch.look()
    house.say(QueueDescribed(at=house.now, queue=Q, name="Consult"))
    return house


def queued(house: House, contact: str) -> None:
    house.say(ContactQueued(at=house.now, contact=ContactId(contact), queue=Q))


async def calls(house: House, n: int, since: str, agent: AgentId, wait: float) -> None:
    await house.clock.advance(max(0.0, at(since) + 240 * n - house.now))
    queued(house, f"c{n}")
    await house.clock.advance(wait)
    house.say(ContactAnswered(at=house.now, contact=ContactId(f"c{n}"), queue=Q, agent=agent))
    await house.clock.advance(150)
    house.say(ContactReleased(at=house.now, contact=ContactId(f"c{n}"), queue=Q, agent=agent))


async def morning(house: House) -> None:
    """Tuesday, ten past eight: the first thing that is told."""
    await house.until("03T08:10")
    house.say(QueueDescribed(at=house.now, queue=Q, name="Consult"))


async def plan(
    house: House, who: Principal = BOSS, teams: tuple[str, ...] = ("red",), title: str = "班前会"
) -> str:
    told = await house.acts.do(
        who,
        "meeting.plan",
        {"title": title, "begins": at("02T08:30"), "lasts": 900.0, "repeats": "workdays", "teams": list(teams), "text": "脚本更新"},
    )  # fmt: skip
    return str(told["meeting_id"])


def met(house: House, who: Principal) -> list[dict[str, object]]:
    return cast(list[dict[str, object]], house.office.meetings(who)["meetings"])


def sections(house: House, who: Principal, id: str) -> list[Section]:
    found = met(house, who)
    return cast(list[Section], next(each for each in found if each["id"] == id)["sections"])


async def test_the_agenda_has_the_numbers_the_board_showed_at_the_end_of_the_day() -> None:
    house = await worked()
    end = at("03T00:00") - 0.001
    board = house.engine.board(end)
    await morning(house)
    (red,) = sections(house, LEAD, await plan(house))
    shown = cast(dict[str, dict[str, object]], board["teams"])["red"]
    numbers = cast(dict[str, float], red["numbers"])
    for name in (
        "offered",
        "answered",
        "abandoned_total",
        "service_level",
        "answer_rate",
        "asa",
        "aht",
        "longest_wait",
    ):
        told = shown.get(name, numbers[name] if name == "abandoned_total" else None)
        assert numbers[name] == told, name
    assert (numbers["offered"], numbers["answered"], numbers["abandoned_total"]) == (17, 12, 5)
    attendance = cast(dict[str, object], red["attendance"])
    assert {name: attendance[name] for name in ("planned", "came", "late", "absent")} == {
        "planned": 2, "came": 2, "late": 1, "absent": 0,
    }  # fmt: skip
    # As the sheet said it, of the same two rows.
    assert attendance["adherence"] == round((9 * 3600 + 9 * 3600 - 1200) / (18 * 3600), 4)
    assert red["worst"] == {"start": int(at("02T14:30")), "length": 1800, "offered": 5, "level": 0.0}
    assert red["best"] == [{"agent": ANNA, "what": "answered", "value": 8.0}]
    assert (red["yesterday"], red["from"]) == (True, int(at("02T00:00")))


async def test_everybody_is_told_of_their_own_teams_and_agents_of_no_person() -> None:
    house = await worked()
    await morning(house)
    own, everybody = await plan(house), await plan(house, teams=(), title="大例会")
    assert [each["scope"] for each in sections(house, BOSS, own)] == ["team:red"]
    assert [each["scope"] for each in sections(house, BOSS, everybody)] == ["floor"]
    # A lead's agenda of a meeting of all has the lead's teams.
    assert [each["scope"] for each in sections(house, LEAD, everybody)] == ["team:red"]
    (mine,) = sections(house, ANNA_HERSELF, own)
    assert cast(dict[str, float], mine["numbers"])["offered"] == 17
    assert not mine.keys() & {"best", "attendance", "complaints", "promises"}
    assert '"anna"' not in repr(mine).replace("'", '"')
    assert [each["id"] for each in met(house, BLUE_LEAD)] == [everybody]
    assert [each["scope"] for each in sections(house, BLUE_LEAD, everybody)] == ["team:blue"]
    with pytest.raises(Forbidden):
        house.office.meetings(WALL)
    two = await plan(house, teams=("red", "blue"))
    assert [each["scope"] for each in sections(house, BOSS, two)] == ["team:red", "team:blue"]
    assert [each["scope"] for each in sections(house, LEAD, two)] == ["team:red"]


async def test_who_did_not_watch_yesterday_has_no_zeros() -> None:
    house = House()
    await morning_of_first_day(house)
    (red,) = sections(house, LEAD, await plan(house))
    assert red == {"scope": "team:red", "none": "began", "since": at("02T08:00")}
    said = lines([red], "Asia/Shanghai")
    assert said["en"] == "No numbers of yesterday: ccwall began to watch today at 08:00."
    assert "08:00" in said["zh-CN"]
    assert "資料" in said["zh-TW"]


async def morning_of_first_day(house: House) -> None:
    await house.until("02T08:10")


async def test_the_leads_own_words_are_kept_with_their_author() -> None:
    house = await worked()
    await morning(house)
    id = await plan(house)
    await house.acts.do(BOSS, "meeting.cancel", {"meeting_id": id, "begins": at("04T08:30")})
    await house.acts.do(LEAD, "meeting.note", {"meeting_id": id, "text": "今天换话术\n耳麦已修"})
    (one,) = met(house, BOSS)
    assert (one["text"], one["edited"]) == ("今天换话术\n耳麦已修", house.now)
    assert cast(dict[str, object], one["by"])["name"] == "Wu"
    meeting = house.engine.desk.rota.meetings[next(iter(house.engine.desk.rota.meetings))]
    # All else is as it was, what was called off too.
    assert (meeting.begins, meeting.repeats, meeting.cancelled) == (
        at("02T08:30"),
        "workdays",
        [at("04T08:30")],
    )
    assert house.journal[-1].actor == LEAD
    with pytest.raises(NotThere):
        await house.acts.do(BLUE_LEAD, "meeting.note", {"meeting_id": id, "text": "x"})
    with pytest.raises(Forbidden):
        await house.acts.do(ANNA_HERSELF, "meeting.note", {"meeting_id": id, "text": "x"})
    everybody = await plan(house, teams=())
    assert [each["may_note"] for each in met(house, LEAD) if each["id"] == everybody] == [False]  # fmt: skip


async def test_the_reminder_says_the_last_day_in_three_lines() -> None:
    house = await worked()
    await morning(house)
    id = await plan(house)
    house.say(SourceGap(at=house.now, since=at("02T23:50")))
    meeting = next(iter(house.engine.desk.rota.meetings.values()))
    told = [house.engine.last_day(scope, house.now) for scope in scopes(meeting, None)]
    said = lines(told, "Asia/Shanghai")
    assert said["en"].splitlines() == [
        "Yesterday 11-02 · offered 17 · answered 12 · abandoned 5",
        "service level 52.9 % (target 80 %) · answer rate 70.6 % · ASA 0:17 · longest wait 1:00 · AHT 2:30",
        "worst half hour 14:30–15:00 0 % · adherence 98.2 % · late 1 · watched from 08:00 · incomplete 23:50–00:00",
    ]
    assert said["zh-CN"].splitlines()[0] == "昨日 11-02 · 来电 17 · 接起 12 · 放弃 5"
    assert all(len(said[language].splitlines()) == 3 for language in LANGUAGES)
    alert = Alert(
        id=AlertId("meeting@meeting:x"),
        life="firing",
        rule="meeting",
        scope=f"meeting:{id}",
        severity="info",
        since=house.now,
    )
    fact = AlertTold(at=house.now, alert=alert.id, key="k", kind="fired", step=0)
    note = note_of(alert, fact, None, {}, more=said)
    assert note.text == said
    assert "anna" not in said["en"].lower()


async def test_of_many_teams_each_has_one_line() -> None:
    house = await worked()
    await morning(house)
    told = [{"scope": f"team:t{n}", "none": "nothing"} for n in range(4)]
    red = house.engine.last_day(scopes(_of(house, await plan(house)), None)[0], house.now)
    said = lines([red, *told], "Asia/Shanghai")
    assert said["en"].splitlines()[0].startswith("red: Yesterday 11-02 · offered 17")
    assert said["en"].splitlines()[-1] == "2 more teams: see the agenda"
    assert {len(each) for each in (words.keys() for words in WORDS.values())} == {len(WORDS["en"])}


def _of(house: House, id: str) -> Meeting:
    return next(each for key, each in house.engine.desk.rota.meetings.items() if key == id)


async def test_the_reminder_goes_out_with_the_numbers() -> None:
    house = await worked()
    await morning(house)
    await plan(house)

    def board() -> dict[str, object]:
        house.engine.changes(house.now)
        return house.engine.shown

    async def safe() -> None:
        return None

    alarms = Alarms(
        house.engine,
        house.clock,
        board=board,
        take=lambda facts, now: house.intake.take(HOUSE, facts, now),
        rules=Ruleset([rule for rule in pack.shipped() if rule.id == "meeting"]),
        ladders=Ladders(
            [Ladder(name="all", severities=("info",), steps=(Step(roles=("lead",), channels=("robot",)),))]
        ),
        safe=safe,
    )
    alarms.post = box = Box()
    job = asyncio.create_task(alarms.for_ever())
    try:
        await house.until("03T08:14")
        assert box.notes == []
        await house.until("03T08:16")
    finally:
        job.cancel()
        with suppress(asyncio.CancelledError):
            await job
    ((note, channels),) = box.notes
    assert (note.title["en"], channels) == ("班前会: Meeting soon", ("robot",))
    assert note.text["en"].startswith(
        "Yesterday 11-02 · offered 17 · answered 12 · abandoned 5\nservice level 52.9 %"
    )
    assert note.text["zh-TW"].startswith("昨日 11-02 · 來電 17")
