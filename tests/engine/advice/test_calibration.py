"""A few seeded days: what the break desk predicts is what the simulator then does. docs/calibration.md has two hundred."""

import dataclasses
from collections.abc import Sequence
from typing import Literal

import msgspec
import pytest

from benchmarks.calibration import Case, Summary, cases, looks, pinball
from benchmarks.simulated_day import MORNING, Life, day, level, longest
from ccwall_simulators.callcentre.contract import Visit

DAYS = (3, 5, 6, 13)
"""Of fifteen to twenty people, so that they cost little."""


@pytest.fixture(scope="module")
def found() -> Sequence[Case]:
    return [case for seed in DAYS for look in looks(day(seed)) for case in cases(day(seed), look)]


def test_the_bands_hold_what_then_happened(found: Sequence[Case]) -> None:
    seen = Summary(found)
    assert seen.n >= 40
    assert seen.inside >= 0.65
    assert seen.wait_inside >= 0.65
    assert abs(seen.bias) <= 0.08
    assert seen.width < 0.5


def test_a_prediction_of_another_look_would_not_do(found: Sequence[Case]) -> None:
    """The judge can say no: the bands of one case, held against what happened in another."""
    strangers = [
        dataclasses.replace(case, band=other.band, reach=other.reach)
        for case, other in zip(found, [*found[len(found) // 2 :], *found], strict=False)
    ]
    assert Summary(strangers).inside < Summary(found).inside - 0.1
    assert Summary(strangers).pinball > 1.5 * Summary(found).pinball


def test_a_day_is_lived_the_same_way_twice_until_somebody_is_taken_away() -> None:
    asked = day(5)
    some = tuple(agent.id for agent in asked.scenario.agents()[:4])
    lives = [Life(asked), Life(asked), Life(asked, [(asked.looks[0], some, 900.0)])]
    told = [msgspec.json.encode(list(life.live(asked.looks[0] + 1200))) for life in lives]
    assert told[0] == told[1] != told[2]
    before = [
        [visit for visit in life.centre.visits() if visit.queued < asked.looks[0] - 600] for life in lives
    ]
    assert len(before[0]) == len(before[2]) > 20


def visit(
    queued: float,
    answered: float | None = None,
    ended: float | None = None,
    outcome: Literal["open", "answered", "abandoned"] = "open",
) -> Visit:
    return Visit(
        visit=1,
        call="c",
        queue="q",
        caller="",
        queued=queued,
        answered=answered,
        ended=ended,
        outcome=outcome,
    )


def test_the_judge_counts_as_the_metrics_do() -> None:
    at = MORNING
    seen = [
        visit(at - 5, answered=at + 5, outcome="answered"),
        visit(at - 30, answered=at + 5, outcome="answered"),
        visit(at - 30, answered=at - 5, outcome="answered"),
        visit(at + 1, ended=at + 4, outcome="abandoned"),
        visit(at + 1, ended=at + 10, outcome="abandoned"),
        visit(at + 60),
        visit(at + 90),
        visit(at + 50, answered=at + 150, outcome="answered"),
    ]
    # Hit, miss, before the time, short, miss, waits too long at the end, not yet, waits too long as well.
    assert level(seen, "q", at, at + 100, 20.0) == (1, 5)
    assert longest(seen, "q", at, at + 100) == 50
    assert level(seen, "other", at, at + 100, 20.0) == (0, 0)


def test_the_loss_of_a_quantile_is_least_where_it_is_right() -> None:
    truths = [k / 10 for k in range(11)]
    losses = {q: sum(pinball(truth, q, 0.9) for truth in truths) for q in (0.5, 0.9, 1.0)}
    assert min(losses, key=lambda q: losses[q]) == 0.9
