"""The register of complaints, callbacks and promises, by people who may."""

from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ccwall.clock import ManualClock
from ccwall.config import HOUSE
from ccwall.engine import Engine
from ccwall.engine.desk import cases as domain
from ccwall.events import (
    AgentCard,
    AgentId,
    Calendar,
    ConfigApplied,
    ContactCallbackRequested,
    ContactId,
    ContactQueued,
    Envelope,
    Policy,
    Principal,
    QueueId,
    SiteId,
    SourceId,
)
from ccwall.floor.acts import Acts, Bench
from ccwall.floor.desk_cases import ACTS
from ccwall.floor.desk_rota import ACTS as ROTA_ACTS
from ccwall.floor.register import Register
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere
from ccwall.intake import Intake

SHANGHAI = ZoneInfo("Asia/Shanghai")
PBX, Q = SourceId("pbx1"), QueueId("pbx1/consult")
BOSS = Principal(id="chen", role="supervisor", name="陈")
KEEPER = Principal(id="lin", role="complaints", name="林")
LEAD = Principal(id="wu", role="lead", name="Wu", teams=("red",))
ANNA = Principal(id="anna", role="agent", name="Anna", agent=AgentId("anna"), teams=("red",))
OLEG = Principal(id="oleg", role="agent", name="Oleg", agent=AgentId("oleg"), teams=("blue",))
WALL = Principal(id="wall", role="display")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


class House:
    """Thursday before the national holiday of 2026, ten o'clock."""

    def __init__(self) -> None:
        self.clock = ManualClock(at("2026-09-30T10:00"))
        self.engine = Engine()
        self.journal: list[Envelope] = []
        self.intake = Intake(SiteId("site"), self._append)
        ids = count()
        self.bench = Bench(
            self.engine, self.intake.take, self.clock, house=HOUSE, ids=lambda: f"c{next(ids)}"
        )
        self.acts, self.register = Acts(self.bench, ACTS), Register(self.bench)
        free = tuple(f"2026-10-0{day}" for day in range(1, 8))
        policy = Policy(
            agents={AgentId("anna"): AgentCard(team="red"), AgentId("oleg"): AgentCard(team="blue")},
            zone="Asia/Shanghai",
            calendar=Calendar(holidays=free, workdays=("2026-10-10",)),
        )
        self.intake.take(HOUSE, [ConfigApplied(at=self.now, hash="", policy=policy)], self.now)

    def _append(self, envelope: Envelope) -> None:
        self.journal.append(envelope)
        self.engine.apply(envelope)

    @property
    def now(self) -> float:
        return self.clock.now()

    async def opens(self, who: Principal = BOSS, **more: object) -> str:
        told = await self.acts.do(who, "case.open", {"kind": "complaint", "title": "费用争议", **more})
        return str(told["case"])

    def ids(self, who: Principal, *, closed: bool = False) -> list[object]:
        found = self.register.cases(who, closed=closed)["cases"]
        assert isinstance(found, list)
        return [case["id"] for case in found]


@pytest.fixture
def house() -> House:
    return House()


async def test_a_complaint_is_due_in_two_working_days_over_the_holiday(house: House) -> None:
    case = house.register.case(BOSS, await house.opens(level=2))
    assert (case["due"], case["answer_due"]) == (at("2026-10-09T18:00"), at("2026-09-30T11:00"))
    assert case["level"] == 2


@pytest.mark.parametrize(
    ("kind", "agreed", "due"),
    [
        ("callback", False, "2026-10-12T18:00"),
        ("service", False, "2026-10-02T10:00"),
        ("service", True, "2026-10-01T10:00"),
    ],
)
async def test_other_promises(house: House, kind: str, agreed: bool, due: str) -> None:
    id = await house.opens(kind=kind, agreed=agreed)
    assert house.register.case(BOSS, id)["due"] == at(due)


async def test_an_agreed_time_shortens_the_promise(house: House) -> None:
    id = await house.opens(kind="service")
    await house.acts.do(KEEPER, "case.change", {"case": id, "agreed": True})
    assert house.register.case(BOSS, id)["due"] == at("2026-10-01T10:00")


async def test_the_life_of_one(house: House) -> None:
    id = await house.opens(number="13812345678", text="打了三次电话")
    await house.acts.do(KEEPER, "case.change", {"case": id, "mine": True, "level": 3})
    with pytest.raises(NotNow, match="林 looks after it already") as beaten:
        await house.acts.do(BOSS, "case.change", {"case": id, "mine": True})
    assert beaten.value.more == {"done": "taken", "by": "林", "at": house.now}
    await house.clock.advance(600)
    await house.acts.do(KEEPER, "case.answer", {"case": id, "note": "已致电"})
    await house.acts.do(KEEPER, "case.note", {"case": id, "note": "等财务"})
    with pytest.raises(Mistaken, match="is missing"):
        await house.acts.do(KEEPER, "case.close", {"case": id, "outcome": "failed"})
    await house.acts.do(KEEPER, "case.close", {"case": id, "outcome": "solved"})
    with pytest.raises(NotNow, match="closed by 林"):
        await house.acts.do(BOSS, "case.answer", {"case": id, "note": "x"})
    case = house.register.case(KEEPER, id)
    notes = case["notes"]
    assert isinstance(notes, list)
    assert [note["what"] for note in notes] == ["opened", "level,owner", "answered", "noted", "closed"]
    assert (notes[1]["level"], notes[1]["owner"], case["owner_name"]) == (3, "lin", "林")
    assert (case["answered"], case["outcome"], case["number"]) == (house.now, "solved", "13812345678")
    assert (house.ids(BOSS), house.ids(BOSS, closed=True)) == ([], [id])
    again = Engine.restore(house.engine.dump())
    assert again.dump() == house.engine.dump()


async def test_what_is_promised_next_is_at_the_top(house: House) -> None:
    told = await house.acts.do(BOSS, "case.open", {"kind": "complaint", "title": "一"})
    assert told == {"case": "c0", "due": at("2026-10-09T18:00"), "answer_due": at("2026-09-30T11:00")}
    service = await house.acts.do(BOSS, "case.open", {"kind": "service", "title": "二"})
    assert service == {"case": "c1", "due": at("2026-10-02T10:00")}
    assert house.ids(BOSS) == ["c0", "c1"]  # an hour for the first answer
    await house.acts.do(BOSS, "case.answer", {"case": "c0", "note": ""})
    assert house.ids(BOSS) == ["c1", "c0"]


async def test_who_sees_what(house: House) -> None:
    red = await house.opens(agent="anna", number="13812345678")
    blue = await house.opens(agent="oleg")
    own = await house.opens(ANNA)
    assert house.ids(LEAD) == [red, own]
    assert house.ids(KEEPER) == [red, blue, own]
    assert house.ids(ANNA) == [own]
    assert house.register.case(LEAD, red)["number"] == "138****5678"
    with pytest.raises(NotThere):
        house.register.case(LEAD, blue)
    with pytest.raises(Forbidden):
        house.register.cases(WALL)
    with pytest.raises(Forbidden):
        await house.acts.do(ANNA, "case.close", {"case": own})
    with pytest.raises(NotThere):
        await house.acts.do(OLEG, "case.note", {"case": own, "note": "x"})
    grave = await house.opens(level=3)
    with pytest.raises(Forbidden, match="lowered"):
        await house.acts.do(LEAD, "case.change", {"case": grave, "level": 1})


async def test_no_word_of_a_customer_is_on_the_board(house: House) -> None:
    await house.opens(number="13812345678", text="秘密", level=2)
    shown = str(house.engine.board(house.now)["cases"]) + str(house.engine.board(house.now)["case_desk"])
    assert "complaint" in shown
    for word in ("13812345678", "秘密", "费用争议"):
        assert word not in shown


async def test_who_asked_for_a_callback_gets_a_case_once(house: House) -> None:
    contact = ContactId("pbx1/1")
    queued = ContactQueued(at=house.now, contact=contact, queue=Q, caller="13912345678")
    asked = ContactCallbackRequested(at=house.now, contact=contact, queue=Q)
    house.intake.take(PBX, [queued, asked, asked], house.now)
    house.register.look()
    house.intake.take(PBX, [asked], house.now)
    house.register.look()
    (id,) = house.ids(BOSS)
    case = house.register.case(BOSS, str(id))
    assert (case["kind"], case["number"], case["queue"]) == ("callback", "13912345678", Q)
    assert case["due"] == at("2026-10-12T18:00")


async def test_memory_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "MOST_CLOSED", 3)
    for _ in range(6):
        id = await house.opens()
        await house.clock.advance(60)
        await house.acts.do(BOSS, "case.close", {"case": id})
    assert len(house.engine.desk.cases.closed) == 3
    await house.clock.advance(domain.CLOSED_FOR + 1)
    await house.opens()
    assert len(house.engine.desk.cases.closed) == 0


# ── the calendar changes afterwards ──


async def test_what_is_promised_in_working_days_follows_a_day_that_is_changed_later(house: House) -> None:
    """Two working days from Friday 16 October: Tuesday; with the Monday free Wednesday, with the Saturday worked Monday."""
    await house.clock.advance(at("2026-10-16T19:00") - house.now)
    calendar = Acts(house.bench, ROTA_ACTS)
    ids = [await house.opens(), await house.opens(kind="callback"), await house.opens(kind="service")]
    by_hand = await house.opens()
    await house.acts.do(BOSS, "case.change", {"case": by_hand, "due": at("2026-10-21T12:00")})
    closed = await house.opens()
    await house.acts.do(BOSS, "case.close", {"case": closed})

    def dues() -> list[object]:
        found = [house.register.case(BOSS, id) for id in (*ids, by_hand, closed)]
        return [*(case["due"] for case in found), found[0]["answer_due"]]

    async def say(day: str, what: str) -> list[object]:
        await calendar.do(BOSS, "calendar.set", {"day": day, "what": what})
        again = Engine()
        for envelope in house.journal:
            again.apply(envelope)
        assert again.dump() == house.engine.dump()
        return dues()

    service, hand, gone = at("2026-10-18T19:00"), at("2026-10-21T12:00"), at("2026-10-20T18:00")
    usual = [gone, at("2026-10-22T18:00"), service, hand, gone, at("2026-10-19T10:00")]
    assert dues() == usual
    holiday = [at("2026-10-21T18:00"), at("2026-10-23T18:00"), service, hand, gone, at("2026-10-20T10:00")]
    assert await say("2026-10-19", "holiday") == holiday
    assert await say("2026-10-19", "usual") == usual
    made_up = [at("2026-10-19T18:00"), at("2026-10-21T18:00"), service, hand, gone, at("2026-10-17T10:00")]
    assert await say("2026-10-17", "workday") == made_up
    shown: Any = house.engine.board(house.now)["cases"]
    assert shown[ids[0]]["due"] == at("2026-10-19T18:00")
    notes: Any = house.register.case(BOSS, ids[0])["notes"]
    assert [note["what"] for note in notes] == ["opened", "due", "due", "due"]
    assert await say("2026-10-10", "holiday") == made_up  # before they came
