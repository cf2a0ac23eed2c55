"""Scenarios in TOML: what happens when, which alerts are expected between t1 and t2 and who is told; and with which threshold moved
nothing of it may happen. `read` gives all of a file, `play` runs one."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ccwall.alerts.ladder import Entry, Ladder, Ladders, Person, Roll
from ccwall.alerts.pack import words
from ccwall.alerts.writing import rule_of
from ccwall.events import AnyEvent, Policy, Principal, SourceId
from tests.alerts.floor import PBX, T0, Floor

HERE = Path(__file__).parent / "scenarios"
TIMES = frozenset(
    {"at", "begins", "ends", "until", "expected_end", "began", "ended", "due", "answer_due", "since"}
)
"""Instants of facts are written in seconds from the start."""


SOMEBODY = (
    {"id": "chen", "role": "lead"},
    {"id": "lin", "role": "supervisor"},
    {"id": "zhou", "role": "operations"},
)


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact ``type`` of an alert between two instants; ``to``: who is told, with ``roles`` and ``skipped``."""

    type: str
    alert: str
    after: float
    before: float
    has: dict[str, Any] = {}


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``moved`` has sets of words that change the rule so that nothing fires. ``rest``: facts about the rule's alerts beyond those
    that are expected are a mistake, too."""

    name: str
    rule: str
    until: float
    event: list[dict[str, Any]]
    expect: list[Expected]
    moved: list[dict[str, Any]]
    words: dict[str, Any] = {}
    also: list[str] = []
    policy: dict[str, Any] = {}
    look_every: float = 5.0
    person: list[dict[str, Any]] = msgspec.field(default_factory=lambda: list(SOMEBODY))
    ladder: list[dict[str, Any]] = []


def read(file: Path) -> list[Scenario]:
    return msgspec.convert(tomllib.loads(file.read_text("utf-8"))["scenario"], list[Scenario])


def every() -> list[Scenario]:
    return [scenario for file in sorted(HERE.glob("*.toml")) for scenario in read(file)]


def play(scenario: Scenario, changed: Mapping[str, Any] | None = None) -> Floor:
    rules = []
    for id in (scenario.rule, *scenario.also):
        own: dict[str, Any] = {**scenario.words, **(changed or {})} if id == scenario.rule else {}
        rule, mistakes = rule_of({**words().get(id, {"id": id}), **own})
        assert not mistakes, mistakes
        rules.append(rule)
    entries = [
        Entry(
            person=Person(id=each["id"], there=each.get("there", True)),
            role=each["role"],
            teams=tuple(each["teams"]) if "teams" in each else None,
        )
        for each in scenario.person
    ]
    floor = Floor(
        rules,
        policy=msgspec.convert(scenario.policy, Policy),
        ladders=Ladders(msgspec.convert(scenario.ladder, list[Ladder])),
        presence=Roll(lambda: entries),
    )
    facts = sorted((fact for event in scenario.event for fact in _each(event)), key=lambda fact: fact[1].at)
    for source, event, actor in facts:
        floor.take(event, source, actor, _looks(floor.clock.now(), event.at, scenario.look_every))
    end = T0 + scenario.until
    floor.until(end, _looks(floor.clock.now(), end, scenario.look_every))
    floor.look()
    return floor


def _looks(start: float, end: float, every: float) -> list[float]:
    """As the house looks now and then although nothing happens."""
    first = int((start - T0) // every) + 1
    return [T0 + n * every for n in range(first, int((end - T0) // every) + 1)]


def _each(event: Mapping[str, Any]) -> list[tuple[SourceId, AnyEvent, Principal | None]]:
    """``times`` and ``every`` repeat it; ``{n}`` in a text is which time it is."""
    words = dict(event)
    times, every = words.pop("times", 1), words.pop("every", 0.0)
    source = SourceId(words.pop("source", PBX))
    by = words.pop("actor", None)
    actor = msgspec.convert(by, Principal) if by else None
    return [
        (source, msgspec.convert(_moved(each, n, T0 + n * every), AnyEvent), actor)
        for n in range(times)
        for each in _plain(words)
    ]


def _plain(words: dict[str, Any]) -> list[dict[str, Any]]:
    """Two words stand for several facts: somebody ``works`` in a queue and is ready, and a whole ``call``, which without an agent is given up."""
    if words["type"] == "works":
        who, at = {"agent": words["agent"]}, words["at"]
        serves = {"queue": words["queue"], "member": True, "interface": words["agent"]}
        return [
            {"at": at, "type": "agent.logged_on", **who},
            {"at": at, "type": "agent.membership_changed", **who, **serves},
            {"at": at, "type": "device.state", "device": f"pbx1/{words['agent']}", "state": "idle", **who},
        ]
    if words["type"] == "call":
        own = {"contact": words["contact"], "queue": words["queue"]}
        answered = words["at"] + words["wait"]
        caller = {"caller": words["caller"]} if "caller" in words else {}
        queued = {"at": words["at"], "type": "contact.queued", **own, **caller}
        if "agent" not in words:
            return [queued, {"at": answered, "type": "contact.abandoned", **own}]
        by = own | {"agent": words["agent"]}
        ended = {"at": answered + words["talk"], "type": "contact.released", "by": "caller", **by}
        return [queued, {"at": answered, "type": "contact.answered", **by}, ended]
    return [words]


def _moved(value: Any, n: int, start: float, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _moved(each, n, start, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, n, start) for each in value]
    if isinstance(value, str):
        return value.replace("{n}", str(n))
    return start + value if key in TIMES and isinstance(value, int | float) else value


def told(floor: Floor, rule: str) -> list[dict[str, Any]]:
    """The facts about the alerts of a rule, with instants from the start."""
    return [{**fact, "at": fact["at"] - T0} for fact in floor.facts() if fact["alert"].startswith(f"{rule}@")]
