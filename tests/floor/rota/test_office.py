"""The rota in a house: imported, changed, watched and judged, by people who may."""

from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ccwall.clock import ManualClock
from ccwall.config import HOUSE
from ccwall.engine import Engine
from ccwall.events import (
    AgentCard,
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentReady,
    AnyEvent,
    ConfigApplied,
    DeviceHeadset,
    DeviceId,
    DeviceStateChanged,
    Envelope,
    Policy,
    Principal,
    QueueId,
    SeatId,
    SeatOccupied,
    SeatVacated,
    ShiftId,
    ShiftQuota,
    SiteId,
    SourceId,
    SourceResyncFinished,
    SourceUp,
)
from ccwall.floor.acts import Acts, Bench
from ccwall.floor.desk_rota import ACTS
from ccwall.floor.rota.office import Brought, Office
from ccwall.floor.rota.watch import RotaWatch
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere
from ccwall.intake import Intake

SHANGHAI = ZoneInfo("Asia/Shanghai")
PBX, DESKS = SourceId("pbx1"), SourceId("desks")
ANNA, LI, OLEG = AgentId("anna"), AgentId("li"), AgentId("oleg")
Q = QueueId("pbx1/consult")
BOSS = Principal(id="chen", role="supervisor", name="陈")
LEAD = Principal(id="wu", role="lead", name="Wu", teams=("red",))
WALL = Principal(id="wall", role="display")
ROTA = "agent,date,begins,ends,seat\nanna,2026-11-02,09:00,18:00,A-1\nli,2026-11-02,10:00,19:00,A-2\nanna,2026-11-03,09:00,18:00,A-1\n"


def at(text: str) -> float:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SHANGHAI).timestamp()


class House:
    """An engine with a desk, and time in the test's hands."""

    def __init__(self) -> None:
        self.clock = ManualClock(at("02T08:00"))
        self.engine = Engine()
        self.journal: list[Envelope] = []
        self.intake = Intake(SiteId("site"), self._append)
        ids = count()
        bench = Bench(self.engine, self.intake.take, self.clock, house=HOUSE, ids=lambda: f"id{next(ids)}")
        self.acts = Acts(bench, ACTS)
        self.office = Office(self.engine, self.acts, {})
        self.watch = RotaWatch(self.engine, self._people, self.intake.take, self.clock, HOUSE)
        cards = {
            ANNA: AgentCard(team="red", names={"en": "Anna"}, seat=SeatId("A-1")),
            LI: AgentCard(team="red", names={"zh-CN": "李伟"}),
            OLEG: AgentCard(team="blue"),
        }
        policy = Policy(
            agents=cards,
            zone="Asia/Shanghai",
            senses={PBX: "acd", DESKS: "desk"},
            devices={DeviceId("desks/h1"): ANNA},
        )
        self.say(ConfigApplied(at=self.now, hash="", policy=policy), source=HOUSE)
        for source in (PBX, DESKS):
            self.say(SourceUp(at=self.now), SourceResyncFinished(at=self.now), source=source)

    def _append(self, envelope: Envelope) -> None:
        self.journal.append(envelope)
        self.engine.apply(envelope)

    def _people(self) -> dict[str, dict[str, object]]:
        people = self.engine.board(self.now)["agents"]
        assert isinstance(people, dict)
        return people

    @property
    def now(self) -> float:
        return self.clock.now()

    def say(self, *facts: AnyEvent, source: SourceId = PBX) -> None:
        self.intake.take(source, facts, self.now)

    async def until(self, text: str) -> None:
        await self.clock.advance(at(text) - self.now)

    def signs_on(self, agent: AgentId, source: SourceId = PBX) -> None:
        self.say(
            AgentLoggedOn(at=self.now, agent=agent),
            AgentMembershipChanged(
                at=self.now, agent=agent, queue=Q, member=True, interface=f"PJSIP/{agent}"
            ),
            DeviceStateChanged(at=self.now, device=DeviceId(f"PJSIP/{agent}"), state="idle", agent=agent),
            AgentReady(at=self.now, agent=agent),
            source=source,
        )

    def signs_off(self, agent: AgentId) -> None:
        self.say(
            AgentMembershipChanged(
                at=self.now, agent=agent, queue=Q, member=False, interface=f"PJSIP/{agent}"
            ),
            AgentLoggedOff(at=self.now, agent=agent),
        )

    async def bring(self, text: str, who: Principal = BOSS, *, clears: bool = True) -> dict[str, object]:
        return await self.office.bring(who, brought(text, clears=clears))

    def judged(self) -> dict[str, list[str]]:
        rows = self.office.sheet(BOSS)["rows"]
        assert isinstance(rows, list)
        return {row["agent"]: list(row["judged"].get("what", ())) for row in rows}


def brought(text: str, *, clears: bool = True) -> Brought:
    return Brought(content=text.encode(), since=at("01T00:00"), until=at("08T00:00"), clears=clears)


@pytest.fixture
def house() -> House:
    return House()


async def test_a_file_is_looked_at_first_and_then_brought_in(house: House) -> None:
    before = len(house.journal)
    preview = await house.office.preview(BOSS, brought(ROTA))
    assert preview["counts"] == {"added": 3, "changed": 0, "removed": 0, "overlaps": 0}
    assert len(house.journal) == before
    assert await house.bring(ROTA) == {"shifts": 3, "added": 3, "changed": 0, "removed": 0}
    again = await house.office.preview(BOSS, brought(ROTA))
    assert (again["kept"], again["counts"]) == (3, {"added": 0, "changed": 0, "removed": 0, "overlaps": 0})


async def test_what_a_new_file_leaves_out_is_gone_only_for_its_people(house: House) -> None:
    await house.bring(ROTA)
    assert (await house.bring("agent,date,begins,ends\nanna,2026-11-02,09:00,17:00\n"))["removed"] == 1
    assert [s.agent for s in house.engine.desk.rota.shifts.values()] == [LI, ANNA]


async def test_a_file_with_a_mistake_changes_nothing(house: House) -> None:
    with pytest.raises(Mistaken, match="line 3, column 1"):
        await house.bring(
            "agent,date,begins,ends\nanna,2026-11-02,09:00,17:00\nnobody,2026-11-02,09:00,17:00\n"
        )
    assert not house.engine.desk.rota.shifts


async def test_two_shifts_at_once_are_refused(house: House) -> None:
    await house.bring(ROTA)
    with pytest.raises(NotNow, match="two shifts at once"):
        await house.bring("agent,date,begins,ends\nanna,2026-11-02,12:00,20:00\n", clears=False)


async def test_who_may_do_what(house: House) -> None:
    with pytest.raises(Forbidden):
        await house.bring(ROTA, WALL)
    with pytest.raises(Forbidden, match="not of your teams"):
        await house.bring("agent,date,begins,ends\noleg,2026-11-02,09:00,17:00\n", LEAD)
    await house.bring("agent,date,begins,ends\noleg,2026-11-02,09:00,17:00\n", BOSS)
    await house.bring(ROTA, LEAD)
    seen = house.office.rota(LEAD, at("01T00:00"), at("08T00:00"))["shifts"]
    assert isinstance(seen, dict)
    assert {shift["agent"] for shift in seen.values()} == {ANNA, LI}
    shift = next(id for id, s in house.engine.desk.rota.shifts.items() if s.agent == OLEG)
    with pytest.raises(NotThere):
        await house.acts.do(LEAD, "shift.remove", {"shift_id": shift})


async def test_a_swap_and_one_that_would_give_two_shifts_at_once(house: House) -> None:
    await house.bring(ROTA)
    first, second, _ = house.engine.desk.rota.shifts
    await house.acts.do(LEAD, "shift.swap", {"first": first, "second": second, "note": "调班"})
    assert [s.agent for s in house.engine.desk.rota.shifts.values()] == [LI, ANNA, ANNA]
    with pytest.raises(NotNow, match="two shifts at the same time"):
        await house.acts.do(BOSS, "shift.swap", await overlapping(house))
    with pytest.raises(NotNow, match="another shift at that time"):
        await house.acts.do(
            LEAD, "shift.set", {"agent": "anna", "begins": at("03T12:00"), "ends": at("03T20:00")}
        )
    changes = house.office.rota(LEAD, at("01T00:00"), at("08T00:00"))["changes"]
    assert isinstance(changes, list)
    assert [change["what"] for change in changes] == ["planned", "swapped", "planned"]


async def overlapping(house: House) -> dict[str, object]:
    """Two shifts whose swap would put both of Li's at the same time."""
    await house.bring(
        "agent,date,begins,ends\nli,2026-11-05,09:00,18:00\noleg,2026-11-06,09:00,18:00\nli,2026-11-06,10:00,19:00\n",
        clears=False,
    )
    of = {(s.agent, int(s.begins)): id for id, s in house.engine.desk.rota.shifts.items()}
    return {"first": of[LI, int(at("05T09:00"))], "second": of[OLEG, int(at("06T09:00"))]}


async def test_on_time_late_absent_early_and_not_signed_out(house: House) -> None:
    await house.bring(ROTA + "oleg,2026-11-02,09:00,18:00,\n")
    await house.until("02T08:45")
    house.signs_on(ANNA)
    house.watch.look()
    await house.until("02T09:05")
    house.watch.look()
    assert house.judged() == {"anna": [], "oleg": ["late"]}
    await house.until("02T10:20")
    house.signs_on(LI)
    house.watch.look()
    assert house.judged() == {"anna": [], "oleg": ["absent"], "li": ["late"]}
    await house.until("02T17:00")
    house.signs_off(LI)
    house.watch.look()
    await house.until("02T18:11")
    house.watch.look()
    assert house.judged() == {"anna": ["left_on"], "oleg": ["absent"], "li": ["late", "early"]}


async def test_each_thing_is_told_once_also_after_a_restart(house: House) -> None:
    await house.bring(ROTA)
    await house.until("02T08:45")
    house.signs_on(ANNA)
    house.watch.look()
    told = len(house.journal)
    for _ in range(3):
        house.watch.look()
    assert len(house.journal) == told
    again = Engine.restore(house.engine.dump())
    assert again.dump() == house.engine.dump()
    assert again.desk.rota.worked == house.engine.desk.rota.worked


async def test_the_wrong_seat_and_the_headset_that_lies_about(house: House) -> None:
    await house.bring(ROTA)
    await house.until("02T08:45")
    house.signs_on(ANNA)
    house.say(SeatVacated(at=house.now, seat=SeatId("A-1")), source=DESKS)
    house.say(DeviceHeadset(at=house.now, device=DeviceId("desks/h1"), docked=False), source=DESKS)
    house.watch.look()
    await house.until("02T08:49")
    house.watch.look()
    assert house.engine.desk.rota.worked[next(iter(house.engine.desk.rota.shifts))].wrong_seat is None
    await house.until("02T08:51")
    house.watch.look()
    worked = next(iter(house.engine.desk.rota.worked.values()))
    assert worked.wrong_seat == at("02T08:45")
    house.say(SeatOccupied(at=house.now, seat=SeatId("A-1")), source=DESKS)
    house.watch.look()
    assert next(iter(house.engine.desk.rota.worked.values())).wrong_seat is None
    await house.until("02T18:00")
    house.signs_off(ANNA)
    house.watch.look()
    await house.until("02T18:03")
    house.watch.look()
    assert house.judged()["anna"] == ["undocked"]
    house.say(DeviceHeadset(at=house.now, device=DeviceId("desks/h1"), docked=True), source=DESKS)
    house.watch.look()
    assert house.judged()["anna"] == []


async def test_adherence_counts_what_was_kept_of_the_plan(house: House) -> None:
    await house.bring("agent,date,begins,ends\nanna,2026-11-02,09:00,13:00\n")
    await house.until("02T10:00")
    house.signs_on(ANNA)
    house.watch.look()
    await house.until("02T13:00")
    rows = house.office.sheet(BOSS)["rows"]
    assert isinstance(rows, list)
    assert rows[0]["adherence"] == {"planned": 14_400.0, "kept": 10_800.0, "unknown": 0.0, "share": 0.75}


async def test_meetings_of_workdays_by_the_site_clock(house: House) -> None:
    await house.acts.do(
        BOSS,
        "meeting.plan",
        {"title": "班前会", "begins": at("02T08:30"), "lasts": 900.0, "repeats": "workdays"},
    )
    shown = house.engine.board(house.now)["meetings"]
    assert isinstance(shown, dict)
    assert [m["begins"] for m in shown.values()] == [at("02T08:30")]
    await house.until("07T10:00")  # a Saturday
    house.say(SourceUp(at=house.now))
    assert house.engine.board(house.now)["meetings"] == {}
    await house.acts.do(BOSS, "calendar.set", {"day": "2026-11-07", "what": "workday"})
    assert house.engine.board(house.now)["meetings"] != {}
    with pytest.raises(Mistaken):
        await house.acts.do(LEAD, "meeting.plan", {"title": "x", "begins": at("02T08:30"), "lasts": 900.0})


async def test_nobody_excuses_themselves(house: House) -> None:
    await house.bring(ROTA)
    shift = next(iter(house.engine.desk.rota.shifts))
    asked = {"shift_id": shift, "what": "late", "note": "地铁故障"}
    own = Principal(id="anna", role="lead", teams=("red",), agent=ANNA)
    with pytest.raises(Forbidden, match="Nobody excuses themselves"):
        await house.acts.do(own, "attendance.excuse", asked)
    await house.acts.do(LEAD, "attendance.excuse", asked)
    assert house.engine.desk.rota.worked[shift].excuses["late"].note == "地铁故障"


async def test_a_shift_keeps_its_own_quotas_when_it_is_changed_and_gets_others_when_told(
    house: House,
) -> None:
    asked = {"agent": "anna", "begins": at("02T09:00"), "ends": at("02T13:00")}
    quotas = [{"kind": "meal", "seconds": 900.0}]
    id = str((await house.acts.do(LEAD, "shift.set", {**asked, "quotas": quotas}))["shift_id"])
    shifts = house.engine.desk.rota.shifts
    changed = {**asked, "shift_id": id, "ends": at("02T14:00")}
    await house.acts.do(LEAD, "shift.set", changed)
    assert shifts[ShiftId(id)].quotas == (ShiftQuota(kind="meal", seconds=900.0),)
    card: Any = house.office.rota(BOSS, at("02T00:00"), at("03T00:00"))["shifts"]
    assert card[id]["quotas"] == quotas
    await house.acts.do(LEAD, "shift.set", {**changed, "quotas": []})
    assert shifts[ShiftId(id)].quotas == ()
    with pytest.raises(Mistaken, match="must be one of"):
        await house.acts.do(LEAD, "shift.set", {**asked, "quotas": [{"kind": "nap", "times": 1}]})
    with pytest.raises(Mistaken, match="from 0 to 100 times"):
        await house.acts.do(LEAD, "shift.set", {**asked, "quotas": [{"kind": "meal", "times": -1}]})
    nap = {"kind": "nap", "begins": at("02T10:00"), "ends": at("02T10:15")}
    with pytest.raises(Mistaken, match="must be one of meal"):
        await house.acts.do(LEAD, "shift.set", {**asked, "breaks": [nap]})
