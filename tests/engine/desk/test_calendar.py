"""Working days, with the make-up days of China's calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ccwall.config.calendar import of_country
from ccwall.engine.desk.calendar import WorkingDays
from ccwall.events import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def china() -> Calendar:
    free, made_up = of_country("CN")
    return Calendar(holidays=tuple(sorted(free)), workdays=tuple(sorted(made_up)))


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


def test_two_working_days_over_the_national_holiday(china: Calendar) -> None:
    days = WorkingDays(china, "Asia/Shanghai")
    # 2026: 1 to 7 October are free, Saturday 10 October is worked
    assert days.due_days(at("2026-09-30T10:00"), 2) == at("2026-10-09T18:00")
    assert days.due_days(at("2026-10-08T10:00"), 2) == at("2026-10-10T18:00")
    assert not days.is_working(date(2026, 10, 11))


def test_what_people_said_of_a_day_counts_more(china: Calendar) -> None:
    days = WorkingDays(china, "Asia/Shanghai", {"2026-10-10": "holiday", "2026-10-11": "workday"})
    assert days.due_days(at("2026-10-08T10:00"), 2) == at("2026-10-11T18:00")


@pytest.mark.parametrize(
    ("came", "answer"),
    [
        ("2026-11-02T10:00", "2026-11-02T10:00"),
        ("2026-11-02T07:00", "2026-11-02T09:00"),
        ("2026-11-02T18:00", "2026-11-03T09:00"),
        ("2026-11-06T20:00", "2026-11-09T09:00"),
    ],
)
def test_a_first_answer_is_due_when_the_house_is_open(came: str, answer: str) -> None:
    assert WorkingDays(Calendar(), "Asia/Shanghai").first_answer(at(came)) == at(answer)


def test_hours_are_hours_and_a_year_without_a_working_day_ends() -> None:
    days = WorkingDays(Calendar(), "Asia/Shanghai")
    assert days.due_hours(at("2026-11-06T20:00"), 24) == at("2026-11-07T20:00")
    never = WorkingDays(
        Calendar(holidays=tuple(date.fromordinal(n).isoformat() for n in range(739_000, 740_500))), "UTC"
    )
    assert never.due_days(at("2026-11-06T20:00"), 3) > 0
