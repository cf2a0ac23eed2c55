"""Every rule that comes with ccwall: it fires when it is to, tells whom it is to, and with the threshold moved it does not."""

import pytest

from ccwall.alerts.pack import words
from tests.alerts.scenario import Scenario, every, play, told

EVERY = every()
FIRED = "alert.fired"


@pytest.mark.parametrize("scenario", EVERY, ids=lambda each: each.name)
def test_what_is_expected_happens(scenario: Scenario) -> None:
    found = told(play(scenario), scenario.rule)
    left = list(found)
    for expected in scenario.expect:
        fitting = [
            fact
            for fact in left
            if fact["type"] == expected.type
            and fact["alert"] == expected.alert
            and expected.after <= fact["at"] <= expected.before
            and all(fact.get(key) == value for key, value in expected.has.items())
        ]
        assert fitting, f"{expected} is not among {found}"
        left.remove(fitting[0])
    more = [fact for fact in left if fact["type"] in (FIRED, "alert.resolved", "alert.worsened")]
    assert not more, "nobody expected it"


@pytest.mark.parametrize("scenario", EVERY, ids=lambda each: each.name)
def test_with_the_threshold_moved_it_does_not(scenario: Scenario) -> None:
    assert scenario.moved
    for moved in scenario.moved:
        found = told(play(scenario, moved), scenario.rule)
        assert [fact for fact in found if fact["type"] == FIRED] == [], moved


def test_every_rule_of_the_pack_has_one() -> None:
    assert {scenario.rule for scenario in EVERY} >= set(words())
