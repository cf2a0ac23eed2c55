"""Satisfaction: a visit is rated once, by the last word of its party."""

import pytest

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.explain import Question
from ccwall.engine.scope import Basis, scope_of
from ccwall.events import AgentCard, AnyEvent, ContactId, Policy, QueueCard
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PBX,
    PROMO,
    Floor,
    Q,
    abandoned,
    alerting,
    answered,
    connected,
    queued,
    released,
)

T = NOON
DAY = 86_400.0
MIDNIGHT = T + DAY / 2
TEAMS = Policy(
    queues={Q: QueueCard(team="house"), PROMO: QueueCard(team="house")},
    agents={ANNA: AgentCard(team="north"), OLEG: AgentCard(team="south")},
)


def rated(at: float, score: float = 5.0, contact: str = "c1", best: float = 5.0) -> events.ContactRated:
    return events.ContactRated(at=at, contact=ContactId(contact), queue=Q, score=score, best=best)


def told(
    f: Floor, now: float = T + 1000, scope: str = "floor", window: str = "today", basis: Basis = "event"
) -> tuple[object, object, object]:
    """Ratings, satisfied, satisfaction."""
    found = f.engine.measure(scope_of(scope), f.engine.window(window, now), now, basis)
    return found["ratings"], found["satisfied"], found["satisfaction"]


def own(f: Floor, now: float = T + 1000, agent: events.AgentId = ANNA) -> tuple[object, object]:
    return f.agent(now, "ratings", agent), f.agent(now, "satisfied", agent)


CALL: list[AnyEvent] = [queued(T), answered(T + 9), released(T + 60)]


@pytest.mark.parametrize(
    ("score", "best", "satisfied"),
    [(5, 5, 1), (4, 5, 1), (3.99, 5, 0), (3, 5, 0), (0, 5, 0), (8, 10, 1), (7, 10, 0), (2.4, 3, 1), (1, 1, 1), (0, 1, 0)],
)  # fmt: skip
def test_the_top_two_boxes_of_five_are_satisfied(score: float, best: float, satisfied: int) -> None:
    f = Floor().say(*CALL, rated(T + 70, score, best=best))
    assert told(f) == (1, satisfied, float(satisfied))


@pytest.mark.parametrize(
    ("score", "best"),
    [(5.001, 5), (-0.001, 5), (0, 0), (1, 0), (-1, -5), (0, -5), (float("nan"), 5), (5, float("inf")), (1, float("nan"))],
)  # fmt: skip
def test_a_score_that_cannot_be_counts_nothing_and_takes_nothing_away(score: float, best: float) -> None:
    f = Floor().say(*CALL, rated(T + 70, score, best=best))
    assert told(f) == (0, 0, None)
    f = Floor().say(*CALL, rated(T + 70, 4), rated(T + 80, score, best=best))
    assert told(f) == (1, 1, 1.0)
    assert f.contact().rated == T + 70


def test_without_a_rating_there_is_no_satisfaction() -> None:
    f = Floor().say(*CALL)
    assert told(f) == (0, 0, None)
    assert (f.queue(T + 100, "satisfaction"), f.queue(T + 100, "ratings")) == (None, None)


def test_the_last_word_counts_and_only_once() -> None:
    f = Floor().say(*CALL, rated(T + 70, 5), rated(T + 80, 2))
    assert told(f) == (1, 0, 0.0)
    f.say(rated(T + 70, 5), rated(T + 80, 2), rated(T + 75, 5))
    assert told(f) == (1, 0, 0.0), "what was said before the last word, or again"
    f.say(rated(T + 90, 4))
    assert told(f) == (1, 1, 1.0)
    assert own(f) == (1, 1)


def test_a_rating_may_come_before_the_answer_and_goes_with_the_visit() -> None:
    f = Floor(TEAMS).say(queued(T), rated(T + 3, 5))
    assert (told(f, scope="team:house"), told(f, scope="team:north")) == ((1, 1, 1.0), (0, 0, None))
    f.say(alerting(T + 4, agent=OLEG), answered(T + 9))
    assert (told(f, scope="team:house"), told(f, scope="team:north")) == ((0, 0, None), (1, 1, 1.0))
    assert own(f) == (1, 1)
    f.say(answered(T + 20, agent=OLEG))
    assert (told(f, scope="team:north"), told(f, scope="team:south")) == ((0, 0, None), (1, 1, 1.0))
    assert (own(f), own(f, agent=OLEG)) == ((None, None), (1, 1))
    assert told(f, scope=f"queue:{Q}") == (1, 1, 1.0)


def test_who_hung_up_may_rate_and_nobody_did_it() -> None:
    f = Floor(TEAMS).say(queued(T), abandoned(T + 30), rated(T + 40, 1))
    assert told(f) == (1, 0, 0.0) == told(f, scope="team:house")
    assert own(f) == (None, None)


def test_a_rating_of_a_visit_nobody_knows_makes_none() -> None:
    f = Floor().say(rated(T + 3))
    assert told(f) == (0, 0, None)
    assert f.engine.contacts() == []
    f.say(queued(T))
    assert told(f) == (0, 0, None)


def test_a_rating_confirms_its_visit() -> None:
    f = Floor().say(*connected(T), queued(T + 1), events.SourceDown(at=T + 5, reason="eof"))
    f.say(events.SourceUp(at=T + 9), events.SourceResyncStarted(at=T + 9), rated(T + 10))
    f.say(events.SourceResyncFinished(at=T + 11))
    assert f.contact().outcome == "open"


def test_it_counts_when_it_was_given_and_by_cohort_when_the_visit_came() -> None:
    f = Floor().say(*CALL, rated(T + 905, 5))
    first, second = f"interval:{int(T)}", "interval"
    assert [told(f, T + 910, window=w)[0] for w in (first, second)] == [0, 1]
    assert [told(f, T + 910, window=w, basis="cohort")[0] for w in (first, second)] == [1, 0]
    assert f.at(T + 910, "queues", Q, "interval", "satisfaction") == 1.0
    assert f.at(T + 910, "queues", Q, "rolling", "5", "satisfaction") == 1.0
    assert f.at(T + 910, "floor", "rolling", "60", "satisfaction") == 1.0
    assert f.at(T + 1250, "queues", Q, "rolling", "5", "satisfaction") is None


def test_after_midnight_it_is_the_next_days_and_stays_so_when_the_books_are_written_anew() -> None:
    f = Floor().say(
        queued(MIDNIGHT - 99), answered(MIDNIGHT - 90), released(MIDNIGHT - 20), rated(MIDNIGHT + 30, 4)
    )
    now = MIDNIGHT + 100
    assert (told(f, now), own(f, now)) == ((1, 1, 1.0), (1, 1))
    assert told(f, now, window="rolling:5", basis="cohort") == (1, 1, 1.0)
    f.say(events.ConfigApplied(at=now, hash="2", policy=TEAMS))
    assert (told(f, now), own(f, now)) == ((1, 1, 1.0), (1, 1))
    assert told(f, now, scope="team:north") == (1, 1, 1.0)


def test_a_late_rating_is_kept_over_the_next_midnight_as_rolling_windows_are() -> None:
    """The visit is of the day before; its rating is in the last hour before the second midnight."""
    next_midnight = MIDNIGHT + DAY
    f = Floor().say(
        queued(MIDNIGHT - 99), answered(MIDNIGHT - 90), released(MIDNIGHT - 20), rated(next_midnight - 60)
    )
    f.say(queued(next_midnight + 30, "c2"))
    now = next_midnight + 60
    assert told(f, now, window="rolling:5")[0] == 1
    f.say(events.ConfigApplied(at=now, hash="2", policy=TEAMS))
    assert told(f, now, window="rolling:5")[0] == 1


def test_of_a_forgotten_visit_no_rating_counts() -> None:
    f = Floor().say(*CALL, queued(MIDNIGHT + 9, "c2"), rated(MIDNIGHT + 10))
    assert told(f, MIDNIGHT + 20) == (0, 0, None)


def test_a_dump_keeps_it() -> None:
    f = Floor(TEAMS).say(*CALL, rated(T + 70, 5))
    f.engine = Engine.restore(f.engine.dump())
    f.say(rated(T + 80, 1))
    assert (told(f), own(f)) == ((1, 0, 0.0), (1, None))


def test_the_board_says_what_it_should_be() -> None:
    policy = Policy(
        default=QueueCard(satisfaction_target=0.7),
        queues={Q: QueueCard(line="in", satisfaction_target=0.9)},
        lines={"in": events.LineCard(satisfaction_target=0.85)},
    )
    f = Floor(policy).say(*CALL, rated(T + 70))
    places = (("floor",), ("lines", "in"), ("queues", Q))
    assert [f.at(T + 80, *place, "target", "satisfaction") for place in places] == [0.7, 0.85, 0.9]
    assert [f.at(T + 80, *place, "satisfaction") for place in places] == [1.0, 1.0, 1.0]
    for scope, target in (("floor", 0.7), ("line:in", 0.85), (f"queue:{Q}", 0.9)):
        assert (
            f.engine.explain(
                Question(
                    scope=scope_of(scope), metric="satisfaction", window=f.engine.window("today", T + 80)
                ),
                T + 80,
            ).told["target"]
            == target
        )


def parts(told: dict[str, object], group: str = "parts") -> dict[object, object]:
    name = "part" if group == "parts" else "why"
    found = told[group]
    assert isinstance(found, list)
    return {each[name]: each["value"] for each in found}


def test_it_explains_itself_visit_by_visit() -> None:
    f = Floor(TEAMS).say(*connected(T))
    for n, score in enumerate((5, 4, 2)):
        f.say(
            queued(T + n, f"r{n}"),
            answered(T + 9, f"r{n}"),
            released(T + 60, f"r{n}"),
            rated(T + 70, score, f"r{n}"),
        )
    f.say(queued(T + 5, "silent"), answered(T + 9, "silent"))
    f.say(queued(T + 5, "gone"), abandoned(T + 99, "gone"))
    window = f.engine.window("today", T + 100)
    for scope in ("floor", "team:north", f"queue:{Q}"):
        answer = f.engine.explain(
            Question(scope=scope_of(scope), metric="satisfaction", window=window), T + 100
        )
        assert (answer.told["value"], answer.told["checked"]) == (round(2 / 3, 6), True)
        assert parts(answer.told) == {"satisfied": 2, "not_satisfied": 1}
        assert parts(answer.told, "left_out") == {"not_rated": 1}
        assert [line.thing.id for line in answer.lines] == ["r2"]
        happy = Question(scope=scope_of(scope), metric="satisfaction", window=window, part="satisfied")
        assert {line.thing.id for line in f.engine.explain(happy, T + 100).lines} == {"r0", "r1"}
    for metric, value in (("ratings", 3), ("satisfied", 2)):
        mine = f.engine.explain(Question(scope=scope_of("agent:anna"), metric=metric, window=window), T + 100)
        assert (mine.told["value"], mine.told["checked"]) == (value, True)


def test_by_cohort_it_is_explained_by_who_came() -> None:
    f = Floor().say(*connected(T), queued(T + 1), answered(T + 9), rated(T + 905))
    for window, basis, value in (
        (f"interval:{int(T)}", "event", None),
        (f"interval:{int(T)}", "cohort", 1.0),
        ("interval", "event", 1.0),
    ):
        question = Question(
            scope=scope_of("floor"),
            metric="satisfaction",
            window=f.engine.window(window, T + 910),
            basis=basis,  # type: ignore[arg-type]  # event or cohort
        )
        answer = f.engine.explain(question, T + 910)
        assert (answer.told.get("value"), answer.told["checked"]) == (value, True)
    assert PBX in {source["source"] for source in answer.told["sources"]}  # type: ignore[attr-defined]  # a list of objects
