"""`[calendar]`, `[promises]` and `[[shift]]`."""

import tomllib

import pytest

from ccwall.config import Config, policy, read
from ccwall.errors import ConfigError
from ccwall.floor.rota.table import Code


def config(text: str) -> Config:
    return read(tomllib.loads(text), "ccwall.toml")


def mistakes(text: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        config(text)
    return dict(caught.value.mistakes)


def test_a_country_s_days_and_the_house_s_own() -> None:
    found = policy(
        config(
            """
            [calendar]
            country = "cn"
            holidays = ["2026-12-31"]
            workdays = ["2026-10-01"]
            opens = "8h"
            """
        )
    ).calendar
    assert {"2026-12-31", "2026-10-02"} <= set(found.holidays)
    assert "2026-10-01" not in found.holidays
    assert {"2026-10-10", "2026-10-01"} <= set(found.workdays)
    assert (found.opens, found.closes) == (8 * 3600.0, 18 * 3600.0)


def test_what_is_wrong_with_a_calendar() -> None:
    told = mistakes(
        """
        [calendar]
        country = "XX"
        holidays = ["2026-02-30", "2026-10-10"]
        workdays = ["2026-10-10"]
        opens = "18h"
        closes = "9h"
        """
    )
    assert "is not a country I know" in told["calendar.country"]
    assert "is not a day like" in told["calendar.holidays"]
    assert "cannot be both" in told["calendar.workdays"]
    assert "must be later than opens" in told["calendar.closes"]


def test_promises() -> None:
    found = policy(config('[promises]\ncomplaint_days = 3\nagreed = "12h"\nfirst_answer = "30m"')).promises
    assert (found.complaint_days, found.agreed_hours, found.first_answer) == (3, 12.0, 1800.0)
    assert found.callback_days == 4


def test_the_letters_of_shifts() -> None:
    found = config(
        """
        [[shift]]
        code = "夜"
        begins = "22:00"
        ends = "06:00"
        breaks = ["02:00-02:30 meal", "23:50-00:05"]
        """
    ).shifts
    assert found == {
        "夜": Code(
            begins=79_200.0,
            ends=21_600.0,
            breaks=((93_600.0, 95_400.0, "meal"), (85_800.0, 86_700.0, "meal")),
        )
    }


def test_what_is_wrong_with_shifts() -> None:
    told = mistakes(
        """
        [[shift]]
        code = "A"
        begins = "9"
        ends = "18:00"
        breaks = ["noon"]
        [[shift]]
        code = "a"
        begins = "09:00"
        ends = "18:00"
        [[shift]]
        code = "休"
        begins = "09:00"
        ends = "18:00"
        """
    )
    assert told == {
        "shift[1].begins": '"9" is not a time like 09:00',
        "shift[1].breaks": '"noon" is no break like "12:00-12:45 meal"',
        "shift[2].code": '"a" is already the code of another shift',
        "shift[3].code": '"休" already means a day off',
    }
