"""Rotas as calendars have them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ccwall.events import AgentCard, AgentId
from ccwall.floor.rota.ical import Calendars
from ccwall.floor.rota.roster import Roster
from ccwall.floor.rota.table import Found

SHANGHAI = ZoneInfo("Asia/Shanghai")
LI, ANNA = AgentId("li"), AgentId("anna")
ROSTER = Roster({LI: AgentCard(names={"zh-CN": "李伟"}), ANNA: AgentCard(names={"en": "Anna Berg"})}, {})


def calendar(*events: str, head: str = "") -> str:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{told}END:VCALENDAR\n".replace("\n", "\r\n")


def read(text: str, until: date = date(2026, 11, 9)) -> Found:
    return Calendars(ROSTER, SHANGHAI, date(2026, 11, 2), until).read(text)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


def test_attendees_work_the_shift_and_repeating_ones_are_written_out() -> None:
    found = read(
        calendar(
            "UID:1\nDTSTART:20261102T090000\nDTEND:20261102T180000\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20261104T090000\n"
            "SUMMARY:早班\nLOCATION:A-07\nATTENDEE;CN=李伟:mailto:li@example.com\nATTENDEE:mailto:anna@example.com"
        )
    )
    assert not found.mistakes
    assert [(s.agent, s.begins) for s in found.shifts] == [
        (agent, at(f"2026-11-0{day}T09:00")) for day in (2, 3, 5) for agent in (ANNA, LI)
    ]
    assert {s.seat for s in found.shifts} == {"A-07"}


def test_a_calendar_of_one_person_and_its_days_off() -> None:
    found = read(
        calendar(
            "UID:1\nDTSTART:20261102T010000Z\nDTEND:20261102T100000Z\nSUMMARY:A",
            "UID:2\nDTSTART;VALUE=DATE:20261103\nDTEND;VALUE=DATE:20261104\nSUMMARY:年假",
            "UID:3\nDTSTART:20261105T090000\nDURATION:PT8H\nSUMMARY:x\nSTATUS:CANCELLED",
            head="X-WR-CALNAME:Anna Berg\n",
        )
    )
    assert not found.mistakes
    assert [(s.kind, s.begins) for s in found.shifts] == [
        ("work", at("2026-11-02T09:00")),
        ("leave", at("2026-11-03T00:00")),
    ]


def test_what_is_wrong_is_told() -> None:
    nobody = read(calendar("UID:1\nDTSTART:20261102T090000\nDTEND:20261102T180000\nSUMMARY:Nobody"))
    assert "is nobody of the roster" in nobody.mistakes[0][1]
    long = read(calendar("UID:1\nDTSTART:20261102T090000\nDTEND:20261108T180000\nSUMMARY:li"))
    assert "no beginning and end that a shift could have" in long.mistakes[0][1]
    assert "is no iCalendar file" in read("BEGIN:VCALENDAR\nnonsense").mistakes[0][1]
    assert "has no event" in read(calendar()).mistakes[0][1]
