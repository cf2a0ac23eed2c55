"""A scenario's TOML file to Structs; every mistake of the file is named by its path, all in one go."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import TypeVar, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec

from .duration import Duration, TimeOfDay, seconds, time_of_day
from .roster import memberships
from .scenario import Part, Scenario

LARGEST_FILE = 1024 * 1024
Mistakes = list[tuple[str, str]]
Result = TypeVar("Result")


class ScenarioError(ValueError):
    """`mistakes`: (path in the file, what is wrong there)."""

    def __init__(self, name: str, mistakes: Mistakes) -> None:
        self.name, self.mistakes = name, mistakes
        super().__init__("\n".join(f"{name}: {path}: {text}" for path, text in mistakes))


def shipped_scenarios() -> dict[str, Path]:
    """The scenarios that come with ccwall, by name. They lie beside the package in a checkout, inside it in a wheel."""
    inside = Path(__file__).parents[1] / "scenarios"
    folder = inside if inside.is_dir() else Path(__file__).parents[2] / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_scenario(name: str | Path) -> Scenario:
    """A shipped scenario by name, or a file by path (it ends in .toml). ScenarioError with everything wrong in it."""
    text = str(name)
    shipped = shipped_scenarios()
    if text not in shipped and not text.endswith(".toml"):
        near = difflib.get_close_matches(text, shipped, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise ScenarioError(
            text, [("scenario", f"is none of {', '.join(shipped)}, nor a file ending in .toml{hint}")]
        )
    path = shipped.get(text, Path(text))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ScenarioError(text, [("file", f"cannot be read: {reason}")]) from None
    if len(content) > LARGEST_FILE:
        raise ScenarioError(text, [("file", "is larger than 1 MiB: not a scenario")])
    try:
        return read(content.decode("utf-8-sig"), text, path.stem)
    except UnicodeDecodeError as error:
        raise ScenarioError(
            text, [(f"byte {error.start + 1}", "is not UTF-8: save the file as UTF-8")]
        ) from None


def read(content: str, name: str = "scenario", key: str = "scenario") -> Scenario:
    """The scenario in a TOML text; `key` is what it is called when the text does not say."""
    try:
        tree = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(name, [("toml", str(error)[:300])]) from None
    mistakes: Mistakes = []
    tree.setdefault("key", key)
    scenario = _part(Scenario, tree, "", mistakes)
    if scenario is not None and not mistakes:
        mistakes = check(scenario)
    if mistakes or scenario is None:
        raise ScenarioError(name, mistakes)
    return scenario


_INDEX = re.compile(r"\[(\d+)\]")
P = TypeVar("P", bound=Part)


def _part(kind: type[P], table: object, path: str, mistakes: Mistakes) -> P | None:
    """One table; None, and why in `mistakes`, when it is wrong."""
    before = len(mistakes)
    if not isinstance(table, dict):
        mistakes.append((path, "must be a table"))
        return None
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for key in table:
        if key not in fields:
            near = difflib.get_close_matches(key[:100], fields, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            mistakes.append((_at(path, key), f"is not a key I know{hint}"))
    found: dict[str, object] = {}
    for key, field in fields.items():
        if key in table:
            found[key] = _value(field.type, table[key], _at(path, key), mistakes)
        elif field.required:
            mistakes.append((_at(path, key), "is missing"))
    return kind(**found) if len(mistakes) == before else None


def _value(kind: object, value: object, path: str, mistakes: Mistakes) -> object:
    """A value of a declared type, its parts judged one by one."""
    if isinstance(kind, UnionType):  # `X | None`: TOML has no null
        kind = next(part for part in get_args(kind) if part is not type(None))
    if isinstance(kind, type) and issubclass(kind, Part):
        return _part(kind, value, path, mistakes)
    arguments = get_args(kind)
    if get_origin(kind) is tuple and arguments[1:] == (...,) and _is_part(arguments[0]):
        if not isinstance(value, list):
            mistakes.append((path, "must be a list of tables"))
            return ()
        return tuple(
            _part(arguments[0], item, f"{path}[{place}]", mistakes) for place, item in enumerate(value, 1)
        )
    if kind == dict[str, str] and isinstance(value, str):
        return {"": value}
    if get_origin(kind) is dict and isinstance(value, dict):
        return {key: _value(arguments[1], item, _at(path, key), mistakes) for key, item in value.items()}
    try:
        return msgspec.convert(value, kind, dec_hook=_hook)
    except msgspec.ValidationError as error:
        text, _, inner = str(error).partition(" - at `$")
        counted = _INDEX.sub(lambda found: f"[{int(found[1]) + 1}]", inner.rstrip("`"))
        mistakes.append((path + counted, text[:1].lower() + text[1:]))
        return None


def _is_part(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _hook(kind: type, value: object) -> object:
    if kind is Duration or kind is TimeOfDay:
        if not isinstance(value, str):
            raise ValueError(
                'must be text in quotes, like "20s"' if kind is Duration else 'must be like "09:30"'
            )
        return seconds(value) if kind is Duration else time_of_day(value)
    raise NotImplementedError(kind)


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def check(scenario: Scenario) -> Mistakes:
    """What types cannot say: names that must be there, shares and rates within their bounds."""
    return [
        *_named_once(scenario),
        *_references(scenario),
        *_bounds(scenario),
    ]


def _named_once(scenario: Scenario) -> Mistakes:
    mistakes: Mistakes = []
    for kind, names in (
        ("line", [line.id for line in scenario.line]),
        ("queue", [queue.name for queue in scenario.queue]),
        ("shift", [shift.name for shift in scenario.shift]),
        ("agent", [agent.id for agent in scenario.agents()]),
    ):
        seen: set[str] = set()
        for place, name in enumerate(names, 1):
            if not name or name in seen:
                mistakes.append((f"{kind}[{place}]", f'"{name}" is empty or already taken'))
            seen.add(name)
    return mistakes


def _references(scenario: Scenario) -> Mistakes:
    queues = {queue.name for queue in scenario.queue}
    shifts = {shift.name for shift in scenario.shift} | {""}
    mistakes: Mistakes = []

    def known(path: str, name: str, names: "set[str] | Mapping[str, object]", what: str) -> None:
        if name not in names:
            mistakes.append((path, f'"{name}" is not the name of a {what}'))

    lines = {line.id for line in scenario.line} | {""}
    for place, queue in enumerate(scenario.queue, 1):
        if scenario.line:  # without any, the name alone makes the line
            known(f"queue[{place}].line", queue.line, lines, "line")
        known(f"queue[{place}].overflow", queue.overflow, queues | {""}, "queue")
        known(f"queue[{place}].key_to", queue.key_to, queues | {""}, "queue")
        known(f"queue[{place}].profile", queue.profile, {*scenario.profile, ""}, "profile")
    for place, agent in enumerate(scenario.agent, 1):
        known(f"agent[{place}].shift", agent.shift, shifts, "shift")
        for membership in memberships(agent):
            known(f"agent[{place}]", membership.queue, queues, "queue")
    for place, crowd in enumerate(scenario.crowd, 1):
        known(f"crowd[{place}].shift", crowd.shift, shifts, "shift")
        for name in (*crowd.queues, *crowd.joins):
            known(f"crowd[{place}]", name, queues, "queue")
    return mistakes


SHARES = {
    "callers": ("short", "redial", "hostile", "unnamed", "international", "landline", "withheld", "vip"),
    "handling": ("unheard", "rejected", "hold", "blind", "attended", "to_queue", "to_colleague"),
}


def _bounds(scenario: Scenario) -> Mistakes:
    mistakes: Mistakes = []

    def within(path: str, value: float, low: float, high: float) -> None:
        if not low <= value <= high:
            mistakes.append((path, f"must be from {low:g} to {high:g}, not {value:g}"))

    for part, names in SHARES.items():
        for name in names:
            within(f"{part}.{name}", getattr(getattr(scenario, part), name), 0.0, 1.0)
    try:
        ZoneInfo(scenario.floor.zone)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        mistakes.append(
            ("floor.zone", f'"{scenario.floor.zone}" is not an IANA time zone like Asia/Shanghai')
        )
    within("callers.patience_shape", scenario.callers.patience_shape, 0.1, 10.0)
    within("callers.patience", scenario.callers.patience, 1.0, 86400.0)
    within("floor.warm", scenario.floor.warm, 0.0, 86400.0)
    for place, queue in enumerate(scenario.queue, 1):
        within(f"queue[{place}].calls_per_minute", queue.calls_per_minute, 0.0, 10_000.0)
        within(f"queue[{place}].timeout", queue.timeout, 1.0, 600.0)
        within(f"queue[{place}].retry", queue.retry, 0.5, 600.0)
        within(f"queue[{place}].talk", queue.talk, 1.0, 86400.0)
        within(f"queue[{place}].talk_spread", queue.talk_spread, 0.0, 5.0)
        within(f"queue[{place}].key", queue.key, 0.0, 1.0)
        within(f"queue[{place}].again", queue.again, 0.0, 1.0)
    for place, rest in enumerate(scenario.breaks, 1):
        within(f"breaks[{place}].waves", rest.waves, 1, 100)
        if not rest.reasons:
            mistakes.append((f"breaks[{place}].reasons", "must not be empty"))
        if (rest.at is None) == (not rest.every):
            mistakes.append((f"breaks[{place}]", "needs either at or every"))
    for place, crowd in enumerate(scenario.crowd, 1):
        within(f"crowd[{place}].count", crowd.count, 0, 5000)
    for name, points in scenario.profile.items():
        if not points or [time for time, _ in points] != sorted(time for time, _ in points):
            mistakes.append((f"profile.{name}", "must be points in the order of time"))
        elif max(level for _, level in points) <= 0 or min(level for _, level in points) < 0:
            mistakes.append((f"profile.{name}", "must have a level above 0, and none below"))
    return mistakes
