"""A rota as a calendar (RFC 5545): each event is a shift, its attendees are who works it.

Repeating events are written out within the days asked for (recurring-ical-events knows RRULE, EXDATE and changed
occurrences). Without attendees, the summary or the name of the calendar is who works. Times without a zone are the site's.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ccwall.events import AgentId, Shift, ShiftId
from ccwall.floor.rota.roster import Roster
from ccwall.floor.rota.table import MOST_MISTAKES, MOST_ROWS, OFF, Found
from ccwall.sheet import meant, shown

if TYPE_CHECKING:
    from icalendar import Event

LONGEST_DAYS = 100
"""of the time that is read at once"""
LONGEST_SHIFT = 36 * 3600.0


class Calendars:
    """One file, read for one house, within [``since``, ``until``)."""

    def __init__(self, roster: Roster, zone: ZoneInfo, since: date, until: date) -> None:
        self._roster, self._zone = roster, zone
        self._since, self._until = since, min(until, since + timedelta(days=LONGEST_DAYS))
        self._mistakes: list[tuple[str, str]] = []
        self._more = 0

    def read(self, text: str) -> Found:
        import recurring_ical_events
        from icalendar import Calendar

        found: dict[ShiftId, Shift] = {}
        try:
            # a file may hold one calendar for each person
            for calendar in Calendar.from_ical(text, multiple=True):
                owner = str(calendar.get("X-WR-CALNAME", calendar.get("NAME", "")))
                events = recurring_ical_events.of(calendar, skip_bad_series=True).between(
                    self._since, self._until
                )
                for event in events[:MOST_ROWS]:
                    for shift in self._event(event, owner):
                        found[shift.shift_id] = shift
        except (ValueError, KeyError, TypeError, IndexError) as error:
            self._wrong("calendar", f"is no iCalendar file: {str(error)[:200]}")
        if not found and not self._mistakes:
            self._wrong("calendar", f"has no event from {self._since} to {self._until}")
        shifts = tuple(sorted(found.values(), key=lambda each: (each.begins, each.shift_id)))
        return Found(shifts=shifts, mistakes=tuple(self._mistakes), more=self._more)

    def _event(self, event: "Event", owner: str) -> Iterator[Shift]:
        summary = str(event.get("SUMMARY", "")).strip()
        where = f"event {shown(summary or str(event.get('UID', '?')))}"
        begins, ends = self._instant(event.get("DTSTART")), self._end(event)
        if begins is None or ends is None or not 0 < ends - begins <= LONGEST_SHIFT:
            self._wrong(where, "has no beginning and end that a shift could have")
            return
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            return
        words = _attendees(event) or [summary or owner]
        people = [person for word in words if (person := self._person(word, owner, where)) is not None]
        on = datetime.fromtimestamp(begins, self._zone).date()
        for agent in people:
            yield Shift(
                shift_id=ShiftId(f"{agent}@{on.isoformat()}T{int(begins)}"),
                agent=agent,
                begins=begins,
                ends=ends,
                kind=_kind(event, summary),
                seat=str(event.get("LOCATION", ""))[:64],
                note=str(event.get("DESCRIPTION", ""))[:200],
            )

    def _person(self, word: str, owner: str, where: str) -> AgentId | None:
        found = self._roster.find(word) or self._roster.find(owner)
        if found is None:
            hint = meant(word.casefold(), self._roster.words())
            self._wrong(where, f"{shown(word)} is nobody of the roster{hint}")
        return found

    def _end(self, event: "Event") -> float | None:
        if (ends := event.get("DTEND")) is not None:
            return self._instant(ends)
        begins, lasts = self._instant(event.get("DTSTART")), event.get("DURATION")
        if begins is None or lasts is None:
            return None
        return begins + float(lasts.dt.total_seconds())

    def _instant(self, value: Any) -> float | None:  # an icalendar property of any kind
        told = getattr(value, "dt", None)
        if isinstance(told, datetime):
            there = told if told.tzinfo is not None else told.replace(tzinfo=self._zone)
            return there.timestamp()
        if isinstance(told, date):
            return datetime.combine(told, time.min, self._zone).timestamp()
        return None

    def _wrong(self, where: str, what: str) -> None:
        if len(self._mistakes) >= MOST_MISTAKES:
            self._more += 1
        else:
            self._mistakes.append((where, what))


def _attendees(event: "Event") -> Sequence[str]:
    """What each is called: the common name, or the part of the address before the @."""
    told = event.get("ATTENDEE", [])
    found = []
    for each in told if isinstance(told, list) else [told]:
        name = str(getattr(each, "params", {}).get("CN", "")).strip()
        address = str(each).removeprefix("mailto:").removeprefix("MAILTO:")
        found.append(name or address.partition("@")[0])
    return [word for word in found if word]


def _kind(event: "Event", summary: str) -> str:
    """As the categories say, or a word for a day off in the summary."""
    told: Any = event.get("CATEGORIES")
    words = [str(word) for word in getattr(told, "cats", ())] + [summary]
    for word in words:
        if (why := OFF.get(word.strip().casefold())) is not None:
            return "leave" if why == "off" else why
    return "work"
