"""Rules as people write them: every mistake has its place, and the pack has none."""

import tomllib
from typing import Any

import pytest

from ccwall.alerts.metrics import METRICS
from ccwall.alerts.pack import shipped, words
from ccwall.alerts.writing import rule_of
from ccwall.config import read
from ccwall.errors import ConfigError
from ccwall.sheet import LANGUAGES

GOOD: dict[str, Any] = {"id": "mine", "metric": "waiting", "scope": "queue", "above": 3}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"id": "Not good"}, "id", "small letters"),
    ({"metric": "wating"}, "metric", 'did you mean "waiting"'),
    ({"scope": "agent"}, "scope", "must be floor or queue"),
    ({"above": 3, "below": 1}, "above", "exactly one"),
    ({"above": "many"}, "above", "a number"),
    ({"above": float("nan")}, "above", "a number"),
    ({"metric": "service_level", "above": 80}, "above", "a fraction"),
    ({"metric": "longest_waiting", "above": 60}, "above", "a duration"),
    ({"metric": "longest_waiting", "below": "60s", "above": None}, "below", "a time that grows"),
    ({"metric": "service_level", "outside": [0.9, 0.7], "above": None}, "outside", "low and the high"),
    ({"clear": 5}, "clear", "bad side"),
    (
        {"clear": 0.75, "metric": "service_level", "outside": [0.7, 0.9], "above": None},
        "clear",
        "upper half of the band",
    ),
    (
        {"clear": 0.95, "metric": "service_level", "outside": [0.7, 0.9], "above": None},
        "clear",
        "upper half of the band",
    ),
    ({"worse": 2}, "worse", "not worse"),
    ({"per": "longest_waiting"}, "per", "not a number of a scope"),
    ({"window": "rolling 15"}, "window", "must be one of"),
    ({"for": 60}, "for", "in quotes"),
    ({"for": "400d"}, "for", "at most"),
    ({"hours": ["8-20"]}, "hours", "08:00-20:00"),
    ({"days": ["monday"]}, "days", "must be one of"),
    ({"severity": "bad"}, "severity", "must be one of"),
    ({"needs_of": "service_level"}, "needs_of", "not a count"),
    ({"name": {"fr": "Attente"}}, "name", "not a language"),
    ({"todo": "x" * 3000}, "todo", "2000 are the most"),
    ({"todo": "a\u0007b"}, "todo", "control character"),
    ({"only": [""]}, "only", "list of texts"),
    ({"treshold": 1}, "treshold", "not a key"),
]


def test_a_good_one() -> None:
    rule, mistakes = rule_of({**GOOD, "per": "ready", "clear": 1, "for": "90s", "hours": ["22:00-06:00"]})
    assert not mistakes
    assert (rule.test, rule.threshold, rule.lasts, rule.hours) == ("above", 3.0, 90.0, ((79_200, 21_600),))
    assert rule.names == dict.fromkeys(LANGUAGES, "mine")


@pytest.mark.parametrize(("change", "where", "what"), WRONG, ids=lambda each: str(each)[:30])
def test_every_mistake_has_its_place(change: dict[str, Any], where: str, what: str) -> None:
    words = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    _, mistakes = rule_of(words)
    assert any(at == where and what in text for at, text in mistakes), mistakes


def test_the_pack_is_whole() -> None:
    assert len(shipped()) == len(words()) >= 37
    ids = {rule.id for rule in shipped()}
    for rule in shipped():
        assert set(rule.names) == set(rule.todo) == set(LANGUAGES), rule.id
        assert set(rule.inhibited_by) <= ids, rule.id
        assert len({rule.todo[language] for language in LANGUAGES}) == len(LANGUAGES), rule.id
        assert rule.scope in METRICS[rule.metric].scopes


def test_in_a_configuration() -> None:
    tree = tomllib.loads(
        """
[[rule]]
id = "long_hold"
at_least = "90s"

[[rule]]
id = "evening"
metric = "waiting"
above = 3
ladder = "night"

[[ladder]]
name = "night"
[[ladder.step]]
roles = ["lead"]
[[ladder.step]]
after = "3m"
roles = ["supervisor"]
"""
    )
    config = read(tree, "ccwall.toml")
    rule, mistakes = rule_of(config.alerts.rules["long_hold"])
    assert not mistakes
    assert (rule.threshold, rule.metric, rule.worse) == (90.0, "agent.hold_now", 180.0)
    [ladder] = config.alerts.ladders
    assert [step.after for step in ladder.steps] == [0.0, 180.0]


def test_what_is_wrong_in_a_configuration() -> None:
    text = """
[alerts]
channels = ["robot"]
[[rule]]
id = "long_hold"
ladder = "nigth"
[[rule]]
id = "long_hold"
[[ladder]]
name = "night"
[[ladder.step]]
after = "3m"
roles = ["boss"]
"""
    with pytest.raises(ConfigError) as error:
        read(tomllib.loads(text), "ccwall.toml")
    told = str(error.value)
    for place in (
        "alerts.channels",
        "rule[1].ladder",
        "rule[2].id",
        "ladder[1].step[1].roles",
        "ladder[1].step",
    ):
        assert place in told, told
