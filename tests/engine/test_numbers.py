"""The numbers: formulas, and what they are when there is nothing to divide."""

import pytest

from ccwall import events
from ccwall.engine.metrics import SERVICE_LEVELS, Tally
from ccwall.engine.windows import EDGES, Bucket, bin_of
from ccwall.events import AnyEvent, Policy, QueueCard, QueueId, SourceId
from tests.engine.journal import (
    NOON,
    PROMO,
    Floor,
    Q,
    abandoned,
    answered,
    flowed_out,
    lost,
    queued,
    released,
)

T = NOON

RATES = ("service_level", "answer_rate", "abandon_rate", "asa", "aht", "longest_wait")


@pytest.mark.parametrize(
    ("variant", "value"),
    [
        ("abandon_ignored", 70 / 90),
        ("offered", 0.70),
        ("abandon_positive", 0.80),
        ("answered", 70 / 90),
        ("offered_less_short", 70 / 96),
    ],
)
def test_ciscos_own_counts_give_ciscos_figures(variant: str, value: float) -> None:
    """SLCalls 70, SLAband 10, exceeded 20, offered 100; the last line with 4 of the abandons short."""
    counts = Tally(answered=90, within=70, abandoned=10, abandoned_within=10, short=4)
    assert SERVICE_LEVELS[variant](counts) == pytest.approx(value)


@pytest.mark.parametrize("variant", sorted(SERVICE_LEVELS))
def test_nothing_to_divide_is_no_number(variant: str) -> None:
    assert SERVICE_LEVELS[variant](Tally(answered=0, within=0)) is None


@pytest.mark.parametrize("now", [T, T + 1000, T + 86_400])
def test_an_empty_morning_has_no_rates_and_never_a_hundred_percent(now: float) -> None:
    f = Floor(Policy(queues={Q: QueueCard()}))
    for path in (("floor",), ("queues", Q), ("floor", "interval"), ("queues", Q, "interval")):
        assert [f.at(now, *path, key) for key in RATES] == [None] * len(RATES)
        assert f.at(now, *path, "offered") == 0
    assert f.at(now, "curve") == []


def test_only_short_abandons_give_no_service_level() -> None:
    f = Floor().say(queued(T), abandoned(T + 2))
    assert f.queue(T + 3, "service_level") is None
    assert f.at(T + 3, "curve") == [[T, 1]]


def test_a_caller_who_waits_beyond_the_threshold_already_lowers_the_service_level() -> None:
    f = Floor().say(queued(T), answered(T + 3), queued(T, "c2"))
    assert f.queue(T + 20.0, "service_level") == 1.0
    assert f.queue(T + 20.1, "service_level") == 0.5
    f.say(answered(T + 30, "c2"))
    assert f.queue(T + 30, "service_level") == 0.5


def test_a_flow_out_leaves_the_service_level() -> None:
    f = Floor().say(queued(T), answered(T + 3), queued(T, "c2"), flowed_out(T + 30, "c2"))
    assert f.queue(T + 31, "service_level") == 1.0


def test_the_floor_is_the_sum_of_counts_each_queue_by_its_own_threshold() -> None:
    policy = Policy(queues={Q: QueueCard(threshold=10.0), PROMO: QueueCard(threshold=60.0)})
    f = Floor(policy)
    for n, (wait, queue) in enumerate([(15, Q), (15, PROMO), (15, PROMO), (15, PROMO)]):
        f.say(queued(T, f"c{n}", queue), answered(T + wait, f"c{n}", queue=queue))
    assert (f.queue(T + 20, "service_level"), f.queue(T + 20, "service_level", PROMO)) == (0.0, 1.0)
    assert f.at(T + 20, "floor", "service_level") == 0.75
    assert f.at(T + 20, "floor", "formula") == {"service_level": "offered_less_short"}
    assert f.queue(T + 20, "formula") == {
        "service_level": "offered_less_short",
        "threshold": 10.0,
        "short": 5.0,
    }


def test_the_formulas_on_one_small_day() -> None:
    facts: list[AnyEvent] = [
        queued(T, "a"), answered(T + 10, "a"), released(T + 110, "a"),
        queued(T, "b"), answered(T + 40, "b"), released(T + 140, "b"),
        queued(T, "c"), abandoned(T + 90, "c"),
        queued(T, "d"), abandoned(T + 2, "d"),
        queued(T, "e"), flowed_out(T + 60, "e"),
        queued(T, "f"), lost(T + 600, "f"),
    ]  # fmt: skip
    f = Floor().say(*facts)
    values = {key: f.queue(T + 700, key) for key in RATES}
    assert values == {
        "service_level": round(1 / 3, 6),
        "answer_rate": round(2 / 6, 6),
        "abandon_rate": round(1 / 3, 6),
        "asa": 25.0,
        "aht": 100.0,
        "longest_wait": 90.0,
    }


def test_the_summary_has_null_where_there_is_no_number() -> None:
    f = Floor(Policy(queues={Q: QueueCard()}))
    summary = f.engine.summary(T)
    assert summary["queues"] == {
        "consult": {
            "offered": 0, "answered": 0, "abandoned": 0, "short": 0, "flowed_out": {}, "callbacks": 0, "lost": 0,
            "refused": 0, "waiting": 0, "talking": 0, "answer_rate": None, "abandon_rate": None, "asa": None, "aht": None,
            "longest_wait": None,
            "service_level": {"variant": "offered_less_short", "threshold": 20.0, "short": 5.0, "value": None,
                              "answered_within": 0},
        }
    }  # fmt: skip


def test_queues_of_one_name_go_by_their_ids_in_the_summary() -> None:
    f = Floor().say(queued(T)).say(queued(T, "c2", QueueId("pbx2/consult")), source=SourceId("pbx2"))
    queues = f.engine.summary(T)["queues"]
    assert isinstance(queues, dict)
    assert list(queues) == ["pbx1/consult", "pbx2/consult"]


@pytest.mark.parametrize(
    ("waiting", "ready", "age", "load"),
    [
        (0, 1, 0, 1),
        (0, 0, 0, 2),
        (1, 1, 1, 2),
        (2, 1, 1, 3),
        (2, 1, 25, 4),
        (6, 9, 1, 4),
        (1, 9, 61, 5),
        (12, 9, 1, 5),
    ],
)
def test_the_load_follows_its_table(waiting: int, ready: int, age: float, load: int) -> None:
    f = Floor()
    for n in range(ready):
        agent = events.AgentId(f"a{n}")
        f.say(events.AgentMembershipChanged(at=T, agent=agent, queue=Q, member=True, interface="i"))
        f.say(events.DeviceStateChanged(at=T, device=events.DeviceId(f"d{n}"), agent=agent, state="idle"))
    f.say(*(queued(T, f"c{n}") for n in range(waiting)))
    assert f.at(T + age, "floor", "load") == load


def test_histogram_bins_never_go_back_and_hold_what_they_say() -> None:
    waits = [0.0, 0.2, 1.0, 1.1, 599.2, 600.0, 600.01, *map(float, EDGES[1:50])]
    bins = [bin_of(wait) for wait in waits]
    assert bins == sorted(bins)
    assert all(bin_of(float(edge)) + 1 == bin_of(edge + 0.5) for edge in EDGES[:50])


def test_buckets_merge_to_the_same_in_any_order() -> None:
    parts = [
        Bucket(offered=1, wait=10, longest_answered=5, flowed_out={"key": 1}, answer_waits={3: 1}),
        Bucket(
            offered=2,
            lost=1,
            longest_answered=9,
            flowed_out={"key": 2, "empty": 1},
            answer_waits={3: 1, 8: 2},
        ),
        Bucket(answered=4),
    ]
    forward, backward = Bucket(), Bucket()
    for part in parts:
        forward.merge(part)
    for part in reversed(parts):
        backward.merge(part)
    assert forward == backward
    assert (forward.offered, forward.longest, forward.answer_waits) == (3, 9, {3: 2, 8: 2})
