"""The limit that a person's tile counts against is the one at which a rule fires."""

import msgspec
import pytest

from ccwall.alerts.pack import shipped
from ccwall.alerts.rule import Rule
from ccwall.alerts.ruleset import Ruleset
from ccwall.config import HOUSE
from ccwall.events import AlertRulesApplied
from tests.engine.journal import NOON as T
from tests.engine.journal import Floor, answered, member, phone, queued, resync

PACK = {rule.id: rule for rule in shipped()}


def talking(*rules: Rule) -> object:
    floor = Floor().say(*resync(T, member(T), phone(T)), queued(T + 1), answered(T + 2))
    shown = Ruleset(rules)
    floor.say(AlertRulesApplied(at=T + 3, hash=shown.hash, rules=dict(shown.cards)), source=HOUSE)
    return floor.agent(T + 4, "limit")


def changed(**to: object) -> Rule:
    return msgspec.structs.replace(PACK["long_talk"], **to)


def test_it_is_that_of_the_shipped_rule_and_moves_with_it() -> None:
    assert talking(*PACK.values()) == 300.0
    assert talking(changed(threshold=480.0)) == 480.0
    assert talking(changed(threshold=480.0), changed(id="sooner", threshold=240.0)) == 240.0


@pytest.mark.parametrize(
    "to",
    [{"enabled": False}, {"only": ("oleg",)}, {"hours": ((0, 3600),)}, {"days": ("mon",)}],
    ids=lambda to: next(iter(to)),
)
def test_a_rule_that_does_not_hold_for_all_is_none(to: dict[str, object]) -> None:
    assert talking(PACK["longest_wait"], changed(**to)) is None


def test_before_any_rule_is_known_the_floors_own_habit_holds() -> None:
    floor = Floor().say(*resync(T, member(T), phone(T)), queued(T + 1), answered(T + 2))
    assert floor.agent(T + 4, "limit") == 300.0
