"""``[alerts]``, ``[[rule]]`` and ``[[ladder]]``: what is watched, and who is told when."""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

import msgspec

from ccwall.alerts.ladder import USUAL as SHIPPED
from ccwall.alerts.ladder import Ladder, Step
from ccwall.alerts.pack import over
from ccwall.alerts.rule import SEVERITIES, Severity
from ccwall.alerts.writing import read_rules
from ccwall.events import Role
from ccwall.sheet import Sheet, meant, shown

ROLES: tuple[Role, ...] = ("lead", "supervisor", "operations", "manager", "quality", "complaints")
MOST_LADDERS, MOST_STEPS = 50, 10
LONGEST_STEP = 24 * 3600.0
LONGEST_URL = 500


class Alerting(msgspec.Struct, frozen=True, kw_only=True):
    """``channels`` are told at every step of the usual ladders, but of what is only to be known; ``url`` is where people reach the wall, for links. ``rules``: the
    words of each by id, without a mistake."""

    channels: tuple[str, ...] = ()
    url: str = ""
    rules: dict[str, dict[str, Any]] = {}
    ladders: tuple[Ladder, ...] = ()


def alerting(root: Sheet, channels: Collection[str]) -> Alerting:
    """``channels``: the names of every ``[[channel]]``."""
    sheet = root.table("alerts")
    told, url = _channels(sheet, channels), sheet.text("url").rstrip("/")
    if url and (
        not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL or not url.isprintable()
    ):
        sheet.wrong("url", f"{shown(url)} must be the address of the wall, like https://wall.example")
    sheet.finish()
    ladders = _ladders(root.tables("ladder"), channels)
    return Alerting(
        channels=told, url=url, ladders=ladders, rules=_rules(root, {each.name for each in ladders})
    )


def _channels(sheet: Sheet, known: Collection[str]) -> tuple[str, ...]:
    names = sheet.texts("channels")
    for name in names:
        if name not in known:
            sheet.wrong("channels", f"{shown(name)} is not the name of a [[channel]]{meant(name, known)}")
    return names


def _rules(root: Sheet, ladders: set[str]) -> dict[str, dict[str, Any]]:
    root.tables("rule")  # says what is not written as it must be
    written = root.raw("rule")
    tables = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    words = [dict(over(str(table.get("id", "")), table)) for table in tables]
    sheets = [Sheet(f"rule[{n}]", each, root.mistakes) for n, each in enumerate(words, 1)]
    for sheet, rule in zip(sheets, read_rules(sheets), strict=True):
        if rule.ladder and rule.ladder not in {*ladders, *USUAL}:
            sheet.wrong(
                "ladder", f"{shown(rule.ladder)} is not the name of a [[ladder]]{meant(rule.ladder, ladders)}"
            )
    return {str(each.get("id", "")): each for each in words}


USUAL: Collection[str] = tuple(ladder.name for ladder in SHIPPED)


def _ladders(sheets: list[Sheet], channels: Collection[str]) -> tuple[Ladder, ...]:
    found: dict[str, Ladder] = {}
    for sheet in sheets[:MOST_LADDERS]:
        name = sheet.text("name", required=True)
        if name in found:
            sheet.wrong("name", f"{shown(name)} is already the name of another ladder")
        steps = tuple(_step(each, channels) for each in sheet.tables("step")[:MOST_STEPS])
        if not steps:
            sheet.wrong("step", "is missing: write [[ladder.step]] once for each step")
        if any(later.after < step.after for step, later in pairwise(steps)):
            sheet.wrong("step", "each step must be after the one before")
        if steps and steps[0].after:
            sheet.wrong("step", 'the first step is told at once: after = "0s"')
        severities = _severities(sheet)
        sheet.finish()
        found[name] = Ladder(name=name, steps=steps or (Step(),), severities=severities)
    return tuple(found.values())


def _severities(sheet: Sheet) -> tuple[Severity, ...]:
    names: Mapping[str, Severity] = {name: name for name in SEVERITIES}
    for text in sheet.texts("severities"):
        if text not in names:
            sheet.wrong(
                "severities", f"{shown(text)} must be one of {', '.join(SEVERITIES)}{meant(text, names)}"
            )
    return tuple(names[text] for text in sheet.texts("severities") if text in names)


def _step(sheet: Sheet, channels: Collection[str]) -> Step:
    known: Mapping[str, Role] = {role: role for role in ROLES}
    roles = sheet.texts("roles")
    for role in roles:
        if role not in known:
            sheet.wrong("roles", f"{shown(role)} must be one of {', '.join(ROLES)}{meant(role, ROLES)}")
    told = _channels(sheet, channels)
    if not roles and not told:
        sheet.wrong("roles", "roles or channels are needed: somebody must be told")
    step = Step(
        after=sheet.duration("after", 0.0, LONGEST_STEP),
        roles=tuple(known[role] for role in roles if role in known),
        channels=told,
    )
    sheet.finish()
    return step
