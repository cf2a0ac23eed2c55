"""The rules that come with ccwall, one for every rule of a floor that can be watched live; docs/alerts.md lists them."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from ccwall.alerts.rule import Rule
from ccwall.alerts.writing import TESTS, read_rules, rule_of
from ccwall.sheet import Mistakes, Sheet

FILE = "pack.toml"


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """Each as it is written, by id."""
    text = files("ccwall.alerts").joinpath(FILE).read_text("utf-8")
    rules: Sequence[Mapping[str, Any]] = tomllib.loads(text)["rule"]
    return {str(rule["id"]): rule for rule in rules}


@cache
def shipped() -> tuple[Rule, ...]:
    mistakes: Mistakes = []
    rules = read_rules([Sheet(f"rule[{n}]", rule, mistakes) for n, rule in enumerate(words().values(), 1)])
    assert not mistakes, mistakes  # a test reads it
    return rules


def over(id: str, written: Mapping[str, Any]) -> Mapping[str, Any]:
    """A rule of the configuration with the words of the shipped one that it does not say itself.

    >>> over("long_hold", {"id": "long_hold", "above": "90s"})["metric"]
    'agent.hold_now'
    >>> "worse" in over("long_hold", {"at_least": "4m"}), "worse" in over("long_hold", {"at_least": "2m"})
    (False, True)
    """
    shipped = dict(words().get(id, {}))
    if not shipped or not any(test in written for test in TESTS):
        return {**shipped, **written}
    for test in TESTS:
        shipped.pop(test, None)
    merged = {**shipped, **written}
    wrong = {where for where, _ in rule_of(merged)[1]}
    # Who moves the threshold alone does not mean a second one that then lies on its other side.
    unsaid = {key for key in ("worse", "clear") if key in wrong and key not in written}
    return {key: value for key, value in merged.items() if key not in unsaid}
