"""What the demonstration's wall holds its first day against, and what its detectors know by it."""

import tomllib
from functools import cache

import msgspec
import pytest

from ccwall import events
from ccwall.config import Config, policy, read
from ccwall.engine import Engine
from ccwall.engine.day import frame_at
from ccwall.engine.scope import Scope
from ccwall.engine.yesterday import Days, Figures, Yesterday
from ccwall.main.day_before import Behind, day_before
from ccwall.main.practising import floor_of, plan
from tests.engine.journal import Floor

ELEVEN = 1_795_316_400.0
"""11:00 in Shanghai."""
DAY, MINUTE, TEN = 86_400.0, 60.0, 600.0
SHANGHAI = events.Policy(zone="Asia/Shanghai")


def config() -> Config:
    text = plan("demo").configuration(source="pbx1", url="tcp://127.0.0.1:5038")
    return read(tomllib.loads(text), "demo", "", observe=True)


@cache
def lived(now: float = ELEVEN) -> tuple[Yesterday, Days]:
    return day_before(config(), [Behind(events.SourceId("pbx1"), plan("demo"))], 1, now)


def before(now: float = ELEVEN) -> Yesterday:
    return lived(now)[0]


def test_it_is_the_business_day_before_from_this_time_of_day_on() -> None:
    found = before()
    day = frame_at(ELEVEN, "Asia/Shanghai", 0, 900)
    assert (found.end, found.length) == (day.start, 900)
    starts = [point.start for point in found.points]
    assert starts == list(range(starts[0], starts[-1] + 1, 900)), "no interval is left out"
    assert starts[0] == int(ELEVEN - DAY)
    assert starts[-1] + 900 == ELEVEN - DAY + 6 * 3600


def test_as_many_called_as_call_today_and_some_waited_too_long() -> None:
    wanted = sum(part.calls_per_minute for part in plan("demo").queue) * 15
    offered = [point.offered for point in before().points]
    assert sum(offered) / len(offered) == pytest.approx(
        wanted, rel=0.35
    )  # who is sent on and who calls again count, too
    assert min(offered) > wanted / 2, "no interval is half lived"
    levels = [point.level for point in before().points if point.level is not None]
    assert all(0.3 < level <= 1.0 for level in levels)
    assert len(set(levels)) > 5


@pytest.mark.parametrize("hour", [0.1, 1.0, 23.9])
def test_it_never_reaches_into_today_or_the_day_before_it(hour: float) -> None:
    now = frame_at(ELEVEN, "Asia/Shanghai", 0, 900).start + hour * 3600
    found = before(now)
    assert found.points
    assert all(found.start <= point.start < found.end for point in found.points)


def proposed(*, surge: bool, remembers: bool) -> float | None:
    """Minutes after the tenth, at which somebody might press, until the house proposes a surge; None if it does not in ten."""
    place = Floor(SHANGHAI, ELEVEN)
    if remembers:
        place.engine.remember(before())
    centre = floor_of(plan("demo"), 1, ELEVEN)
    told = 0
    for minute in range(1, 21):
        if surge and minute == 11:
            centre.rush.begin_surge(3.0, TEN, ())
        now = ELEVEN + minute * MINUTE
        centre.advance(now)
        visits = [visit for visit in centre.visits() if visit.queued >= ELEVEN]
        for visit in visits[told:]:
            id = events.ContactId(str(visit.visit))
            place.say(events.ContactQueued(at=visit.queued, contact=id, queue=events.QueueId(visit.queue)))
        told = len(visits)
        if is_proposed(place.engine, now):
            return minute - 10
    return None


def is_proposed(engine: Engine, now: float) -> bool:
    return any(isinstance(each, events.IncidentProposed) for each in engine.detected(now))


def test_a_surge_is_proposed_within_minutes_though_the_house_was_just_opened() -> None:
    found = proposed(surge=True, remembers=True)
    assert found is not None
    assert found <= 5
    assert proposed(surge=False, remembers=True) is None, "an ordinary morning is none"
    assert proposed(surge=True, remembers=False) is None, "without a yesterday nobody knows what is usual"


# ── the figures of its meetings ────────────────────────────────────────────────────────────────────────────────────


def of_kind(kind: str) -> list[Figures]:
    return [each for name, each in lived()[1].figures.items() if name.startswith(f"{kind}:")]


def test_the_floors_figures_are_of_the_same_callers_as_the_curve() -> None:
    yesterday, past = lived()
    floor = past.figures["floor"]
    assert floor.numbers["offered"] == sum(point.offered for point in yesterday.points) > 1000
    assert (floor.day, past.days[floor.day].end) == (yesterday.start, yesterday.end)
    assert past.days[floor.day].since == yesterday.points[0].start, (
        "it says that not all of the day was watched"
    )


@cache
def partitioned() -> Days:
    """Where every queue has a team, whoever it did not ring for is somebody's, too."""
    plain = config()
    queues = [
        msgspec.structs.replace(queue, card=msgspec.structs.replace(queue.card, team="B"))
        for queue in plain.queues
    ]
    whole = msgspec.structs.replace(plain, queues=tuple(queues))
    return day_before(whole, [Behind(events.SourceId("pbx1"), plan("demo"))], 1, ELEVEN)[1]


@pytest.mark.parametrize("kind", ["team", "queue"])
def test_teams_and_queues_add_up_to_the_floor(kind: str) -> None:
    figures = partitioned().figures
    parts = [each for name, each in figures.items() if name.startswith(f"{kind}:")]
    assert len(parts) > 2
    for name in ("offered", "answered", "abandoned_total", "short", "flowed_out", "lost", "handled"):
        assert sum(part.numbers[name] for part in parts) == figures["floor"].numbers[name], name
    longest = max(part.numbers["longest_wait"] for part in parts)
    assert longest == figures["floor"].numbers["longest_wait"]


def test_who_rang_at_nobody_is_of_no_team_where_the_queue_has_none() -> None:
    teams, floor = of_kind("team"), lived()[1].figures["floor"].numbers
    assert sum(team.numbers["answered"] for team in teams) == floor["answered"]
    assert 0 < sum(team.numbers["abandoned_total"] for team in teams) < floor["abandoned_total"]


@pytest.mark.parametrize("scope", ["floor", "team:A", "queue:pbx1/consult"])
def test_the_numbers_of_a_scope_agree(scope: str) -> None:
    found = lived()[1].figures[scope]
    n = found.numbers
    gone = n["abandoned_total"] + n["flowed_out"] + n["lost"]
    assert 0 <= n["offered"] - n["answered"] - gone <= 2, "who waited when it ended"
    assert n["abandoned_total"] == n["abandoned"] + n["short"]
    assert n["answer_rate"] == pytest.approx(n["answered"] / n["offered"], abs=1e-6)
    assert 0.3 < n["service_level"] < 1.0
    assert 0 < n["asa"] < n["longest_wait"]
    assert 30 < n["aht"] < 900
    assert found.worst is not None
    assert found.worst.level < n["service_level"]
    assert found.worst.offered < n["offered"]
    assert not {"ratings", "satisfaction", "refused"} & set(n), "nobody counted them"


def test_one_of_a_team_is_praised_and_has_answered_the_most_of_it() -> None:
    for team in of_kind("team"):
        (best,) = team.best
        assert best.what == "answered"
        assert team.persons > 1
        assert best.value > team.numbers["answered"] / team.persons, "more than an ordinary one"


def test_the_agenda_of_the_demonstrations_meetings_has_numbers_and_says_nothing_of_attendance() -> None:
    place = Floor(policy(config(), "demo"), ELEVEN)
    place.engine.remember(*lived())
    for scope in (Scope(), Scope("team", "A")):
        told = place.engine.last_day(scope, ELEVEN)
        assert "none" not in told
        assert told["yesterday"] is True
        assert isinstance(told["numbers"], dict)
        assert told["numbers"]["offered"] > 100
        assert "attendance" not in told
        assert told["formula"] == {"service_level": "offered_less_short"} | (
            {"threshold": 20.0, "short": 5.0} if scope.kind == "team" else {}
        )
