"""``[calendar]``: which days are worked, by the country's calendar and the house's own words."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from ccwall.events import Calendar
from ccwall.sheet import Sheet, shown

YEARS = range(2024, 2040)
"""Of a country's calendar: what is journalled must not depend on when it was read."""
SATURDAY = 5
MOST_DAYS = 400
DAY = 86_400.0


def calendar(sheet: Sheet) -> Calendar:
    country = sheet.text("country").upper()
    free, made_up = set[str](), set[str]()
    if country and country not in countries():
        sheet.wrong("country", f"{shown(country)} is not a country I know the holidays of, like CN, TW or HK")
    elif country:
        free, made_up = of_country(country)
    holidays, workdays = _days(sheet, "holidays"), _days(sheet, "workdays")
    for day in sorted(holidays & workdays):
        sheet.wrong("workdays", f"{day} is a holiday, too: it cannot be both")
    usual = Calendar()
    opens = sheet.duration("opens", usual.opens, DAY)
    closes = sheet.duration("closes", usual.closes, DAY)
    if opens >= closes:
        sheet.wrong("closes", 'must be later than opens; both count from midnight, like "9h" and "18h"')
    sheet.finish()
    return Calendar(
        holidays=tuple(sorted((free | holidays) - workdays)),
        workdays=tuple(sorted((made_up | workdays) - holidays)),
        opens=opens,
        closes=closes,
    )


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    import holidays

    return frozenset(holidays.list_supported_countries())


@lru_cache(maxsize=4)
def of_country(country: str) -> tuple[set[str], set[str]]:
    """Weekdays that are free, and weekends that are worked.

    >>> free, made_up = of_country("CN")
    >>> "2026-10-01" in free, "2026-10-10" in made_up
    (True, True)
    """
    import holidays

    known = holidays.country_holidays(country, years=YEARS)
    weekdays = (day for day in known if day.weekday() < SATURDAY)
    made_up = getattr(known, "weekend_workdays", None) or ()
    return _texts(weekdays), _texts(day for day in made_up if day.year in YEARS)


def _texts(days: Iterable[date]) -> set[str]:
    return {day.isoformat() for day in days}


def _days(sheet: Sheet, key: str) -> set[str]:
    found = set[str]()
    for text in sheet.texts(key):
        try:
            found.add(date.fromisoformat(text).isoformat())
        except ValueError:
            sheet.wrong(key, f"{shown(text)} is not a day like 2026-10-10")
    if len(found) > MOST_DAYS:
        sheet.wrong(key, f"names {len(found)} days, and {MOST_DAYS} are the most")
    return found
