"""The business day, its intervals, and what happens at their edges."""

from datetime import UTC, datetime

import pytest

from ccwall import events
from ccwall.engine.day import frame_at
from ccwall.engine.windows import FINE_KEPT, SPARE
from ccwall.events import ContactId, Policy, QueueCard
from tests.engine.journal import (
    ANNA,
    NOON,
    Floor,
    Q,
    abandoned,
    answered,
    flowed_out,
    member,
    queued,
    released,
)

T = NOON


def instant(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("zone", "noon", "hours"),
    [
        ("Europe/Berlin", instant(2026, 3, 29, 12), 23),
        ("Europe/Berlin", instant(2026, 10, 25, 12), 25),
        ("Asia/Shanghai", instant(2026, 3, 29, 12), 24),
        ("Australia/Lord_Howe", instant(2026, 10, 4, 1), 23.5),
    ],
)
def test_a_day_is_as_long_as_the_clocks_of_the_site_make_it(zone: str, noon: float, hours: float) -> None:
    day = frame_at(noon, zone, 0, 900)
    assert (day.end - day.start) / 3600 == hours
    assert frame_at(day.end - 1, zone, 0, 900) == day
    assert frame_at(day.end, zone, 0, 900).start == day.end


def test_a_business_day_may_start_at_four() -> None:
    before, after = instant(2026, 11, 22, 3, 59), instant(2026, 11, 22, 4)
    assert frame_at(before, "UTC", 4, 900).start == instant(2026, 11, 21, 4)
    assert frame_at(after, "UTC", 4, 900).start == after


def test_the_repeated_hour_of_an_autumn_night_has_its_own_intervals() -> None:
    f = Floor(Policy(zone="Europe/Berlin"), at=instant(2026, 10, 24, 23))
    first, second = instant(2026, 10, 25, 0, 30), instant(2026, 10, 25, 1, 30)  # 02:30 twice
    f.say(queued(first, "a"), queued(second, "b"))
    curve = f.at(second + 60, "curve")
    assert isinstance(curve, list)
    assert [point[0] for point in curve if point[-1]] == [first, second]
    assert f.queue(second + 60, "offered") == 2


def test_an_unknown_zone_is_utc() -> None:
    assert frame_at(T, "../etc/passwd", 0, 900) == frame_at(T, "UTC", 0, 900)


def test_at_midnight_counters_begin_anew_and_callers_go_on_waiting() -> None:
    midnight = instant(2026, 11, 23)
    f = Floor().say(member(T), queued(T), answered(T + 9), released(T + 20), queued(midnight - 30, "c2"))
    for now in (midnight, midnight + 10):
        assert (f.queue(now, "offered"), f.queue(now, "abandoned"), f.queue(now, "lost")) == (0, 0, 0)
        assert (f.queue(now, "waiting"), f.queue(now, "longest_since")) == (1, midnight - 30)
        assert (f.at(now, "day", "starts"), f.agent(now, "answered")) == (midnight, 0)
        f.say(events.SourceUp(at=now))  # now the engine itself knows that it is another day
    assert f.queue(midnight + 10, "service_level") == 0.0  # one caller waits for 40 s, nobody was answered
    f.say(answered(midnight + 20, "c2"))
    assert (f.queue(midnight + 30, "offered"), f.queue(midnight + 30, "answered")) == (0, 1)
    assert (f.queue(midnight + 30, "asa"), f.agent(midnight + 30, "answered")) == (50.0, 1)


def test_closed_visits_of_yesterday_are_forgotten_and_those_still_open_are_not() -> None:
    midnight = instant(2026, 11, 23)
    f = Floor().say(queued(T), abandoned(T + 9), queued(midnight - 30, "c2"), queued(midnight + 1, "c3"))
    assert [c.id for c in f.engine.contacts()] == ["c2", "c3"]


def test_a_fact_of_yesterday_told_today_changes_no_counter_of_today() -> None:
    midnight = instant(2026, 11, 23)
    f = Floor().say(queued(T), events.SourceUp(at=midnight))
    f.say(abandoned(midnight - 5), received=midnight + 1)
    assert f.engine._state.contacts[ContactId("c1")].outcome == "abandoned"
    assert f.queue(midnight + 2, "abandoned") == 0
    assert list(f.engine.contacts()) == []


def test_a_fact_of_tomorrow_told_today_counts_tomorrow() -> None:
    midnight = instant(2026, 11, 23)
    f = Floor().say(queued(midnight + 10), received=midnight - 10)
    assert f.queue(midnight - 9, "offered") == 0
    f.say(events.SourceUp(at=midnight + 1))
    assert f.queue(midnight + 11, "offered") == 1


def test_fine_buckets_are_of_the_last_hour_only() -> None:
    f = Floor()
    for n in range(200):
        f.say(queued(T + 60 * n, f"c{n}"))
        f.say(queued(T - 7200, f"late{n}"), received=T + 60 * n)
    (queue,) = f.engine._state.queues.values()
    assert len(queue.events.fine) <= 61 + SPARE // 60
    assert min(queue.events.fine) >= T + 60 * 199 - FINE_KEPT - SPARE


def test_the_interval_counts_what_happens_in_it_and_the_curve_who_arrived_in_it() -> None:
    f = Floor().say(queued(T + 890), answered(T + 905))
    now = T + 910
    assert (f.at(now, "interval", "starts"), f.at(now, "interval", "length")) == (T + 900, 900)
    assert f.at(now, "queues", Q, "interval", "answered") == 1
    assert f.at(now, "queues", Q, "interval", "offered") == 0
    assert f.at(now, "curve") == [[T, 1.0, 1], [T + 900, 0]]


def test_the_curve_counts_an_overdue_caller_in_the_interval_of_arrival() -> None:
    f = Floor().say(queued(T + 800), answered(T + 801), queued(T + 890, "c2"))
    assert f.at(T + 910, "curve") == [[T, 1.0, 2], [T + 900, 0]]
    assert f.at(T + 911, "curve") == [[T, 0.5, 2], [T + 900, 0]]


def test_a_caller_of_the_interval_before_changes_nothing_in_the_next() -> None:
    f = Floor().say(queued(T + 895), queued(T + 901, "c2"), answered(T + 902, "c2"))
    assert f.at(T + 905, "curve") == [[T, 1], [T + 900, 1.0, 1]]


def test_a_new_interval_begins_by_time_alone() -> None:
    f = Floor().say(queued(T + 10), answered(T + 20))
    f.engine.changes(T + 899)
    changes = f.engine.changes(T + 900)
    assert (("interval", "starts"), int(T) + 900) in changes.set
    assert (("queues", Q, "interval", "answered"), 0) in changes.set
    assert ("queues", Q, "interval", "service_level") in changes.delete


def test_another_threshold_restates_the_whole_day() -> None:
    f = Floor().say(queued(T), answered(T + 15), queued(T, "c2"), abandoned(T + 7, "c2"))
    assert (f.queue(T + 20, "service_level"), f.queue(T + 20, "short")) == (0.5, 0)
    card = QueueCard(threshold=10.0, short=8.0)
    f.say(events.ConfigApplied(at=T + 21, hash="", policy=Policy(queues={Q: card})))
    assert (f.queue(T + 22, "service_level"), f.queue(T + 22, "short")) == (0.0, 1)


def test_another_zone_restates_the_day() -> None:
    f = Floor().say(queued(instant(2026, 11, 22, 1)), flowed_out(T), received=T)
    assert f.queue(T + 1, "offered") == 1
    f.say(
        events.ConfigApplied(at=T + 1, hash="", policy=Policy(zone="Asia/Tokyo", day_starts=11))
    )  # 02:00 UTC
    assert (f.queue(T + 2, "offered"), f.queue(T + 2, "flowed_out")) == (0, 1)


def test_an_agent_rung_over_midnight_is_still_rung_after_it() -> None:
    midnight = instant(2026, 11, 23)
    f = Floor(at=midnight - 60).say(queued(midnight - 50))
    f.say(events.ContactAlerting(at=midnight - 10, contact=ContactId("c1"), queue=Q, agent=ANNA))
    f.say(events.AgentLoggedOn(at=midnight + 5, agent=ANNA))
    assert f.at(midnight + 6, "agents", ANNA, "state") == "ringing"
