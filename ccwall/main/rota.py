"""The rota of the demonstration, its meetings, and what lies in its register: made anew from the moment it begins."""

from collections.abc import Iterator

from ccwall.config import Config
from ccwall.engine.desk.calendar import WorkingDays
from ccwall.events import (
    AgentId,
    AnyEvent,
    CaseId,
    CaseOpened,
    MeetingId,
    MeetingPlanned,
    PlannedBreak,
    Shift,
    ShiftId,
    ShiftsPlanned,
)

HOUR, MINUTE, DAY = 3600.0, 60.0, 86_400.0
SHIFT = 8 * HOUR
LATE, ELSEWHERE, LATER = 7, 10, (4, 9)
"""Places on the roster: of who came twenty minutes late, of who is to sit somewhere else, and whose shift begins in an hour."""
COMPLAINTS = (
    ("客户称被重复扣费 / charged twice", 2, 3.0),
    ("三次来电未解决 / called three times", 1, 26.0),
)
"""Title, level, and hours since it came."""


def rota(config: Config, now: float) -> Iterator[AnyEvent]:
    """Everybody of the roster works from soon after ``now``; a week of it."""
    first = (now // (5 * MINUTE) + 4) * 5 * MINUTE
    shifts = [
        _shift(agent.id, agent.card.seat or "", place, first + day * DAY)
        for day in range(7)
        for place, agent in enumerate(config.agents)
    ]
    yield ShiftsPlanned(at=now, shifts=tuple(shifts), clears=True, since=now - DAY, until=now + 8 * DAY)
    yield MeetingPlanned(
        at=now, meeting_id=MeetingId("pre-shift"), title="班前会 Pre-shift", begins=first - 5 * MINUTE, lasts=5 * MINUTE,
        repeats="daily", text="昨日数据、今日提醒",
    )  # fmt: skip
    yield MeetingPlanned(
        at=now, meeting_id=MeetingId("weekly"), title="例会 Weekly", begins=first + 6 * HOUR, lasts=30 * MINUTE, repeats="weekly"
    )  # fmt: skip


def register(config: Config, now: float) -> Iterator[AnyEvent]:
    """A few complaints that came before."""
    days = WorkingDays(config.calendar, config.site.zone)
    for place, (title, level, ago) in enumerate(COMPLAINTS, 1):
        came = now - ago * HOUR
        yield CaseOpened(
            at=came,
            case_id=CaseId(f"complaint-{place}"),
            kind="complaint",
            title=title,
            level=level,
            due=max(days.due_days(came, config.promises.complaint_days), now + place * HOUR),
            answer_due=days.first_answer(came) + config.promises.first_answer,
            promise="complaint",
            number=f"1381234567{place}",
        )


def _shift(agent: AgentId, seat: str, place: int, first: float) -> Shift:
    begins = first - 40 * MINUTE if place == LATE else first + HOUR if place in LATER else first
    meal = begins + 3 * HOUR + place % 4 * 30 * MINUTE
    return Shift(
        shift_id=ShiftId(f"{agent}@{int(begins)}"),
        agent=agent,
        begins=begins,
        ends=begins + SHIFT,
        seat="B-99" if place == ELSEWHERE else str(seat),
        breaks=(
            PlannedBreak(begins=meal, ends=meal + 30 * MINUTE, kind="meal"),
            PlannedBreak(begins=meal + 2 * HOUR, ends=meal + 2 * HOUR + 10 * MINUTE, kind="short"),
        ),
    )
