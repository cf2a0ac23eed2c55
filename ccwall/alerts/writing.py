"""Rules as they are written, in TOML and in JSON with the same words: every mistake with its path."""

import math
import re
from collections.abc import Mapping
from typing import cast

from ccwall.alerts.metrics import METRICS, NUMBERS, SCOPES, Metric
from ccwall.alerts.rule import (
    DAYS,
    FREE_DAYS,
    SEVERITIES,
    WORKDAYS,
    Bound,
    Clock24,
    Rule,
    Test,
    Window,
    Zero,
)
from ccwall.sheet import LANGUAGES, Mistakes, Sheet, meant, seconds, shown

ID = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
PATH = re.compile(r"(target|outlook|people)\.[a-z_]{1,40}", re.ASCII)
HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
WINDOWS: tuple[Window, ...] = (
    "now", "today", "interval", "rolling 5", "rolling 15", "rolling 30", "rolling 60",
)  # fmt: skip
TESTS: tuple[Test, ...] = ("above", "at_least", "below", "outside")
ZEROS: tuple[Zero, ...] = ("infinite", "nothing", "one")
LONGEST = 7 * 86_400.0
LONGEST_NAME, LONGEST_TODO, MOST_ONLY = 120, 2000, 200
MOST_RULES = 300


def read_rules(sheets: list[Sheet]) -> tuple[Rule, ...]:
    """All of ``[[rule]]``; an id that is there twice is a mistake."""
    rules, ids = list[Rule](), set[str]()
    for sheet in sheets:
        rule = read_rule(sheet)
        if rule.id in ids:
            sheet.wrong("id", f"{shown(rule.id)} is already the id of another rule")
        ids.add(rule.id)
        rules.append(rule)
    if len(ids) > MOST_RULES:
        sheets[-1].wrong("id", f"is one of {len(ids)} rules, and {MOST_RULES} are the most")
    return tuple(rules)


def rule_of(words: Mapping[str, object]) -> tuple[Rule, Mistakes]:
    """A rule of its words alone, with what is wrong with them."""
    mistakes: Mistakes = []
    return read_rule(Sheet("", words, mistakes)), mistakes


def read_rule(sheet: Sheet) -> Rule:
    id = sheet.text("id", required=True)
    if id and not ID.fullmatch(id):
        sheet.wrong("id", f"{shown(id)} must be small letters, digits and _, at most 64")
    metric = _metric(sheet)
    windowed = metric is not None and metric.windowed
    test, threshold, low = _condition(sheet, metric)
    rule = Rule(
        id=id,
        metric="" if metric is None else metric.name,
        scope=_scope(sheet, metric),
        names=_names(sheet, "name", LONGEST_NAME, id),
        todo=_names(sheet, "todo", LONGEST_TODO, ""),
        only=_few(sheet, "only"),
        window=sheet.choice("window", WINDOWS if windowed else WINDOWS[:2], "today" if windowed else "now"),
        test=test,
        threshold=threshold,
        low=low,
        states=_few(sheet, "states"),
        per=_per(sheet, metric),
        per_zero=sheet.choice("per_zero", ZEROS, "infinite"),
        lasts=sheet.duration("for", 0.0, LONGEST),
        clear=_bound(sheet, "clear", metric),
        clear_for=sheet.duration("clear_for", 0.0, LONGEST),
        worse=_fixed(sheet, "worse", metric),
        worse_severity=sheet.choice("worse_severity", SEVERITIES, "breach"),
        severity=sheet.choice("severity", SEVERITIES, "warn"),
        needs=float(sheet.whole("needs", 0, 0, 1_000_000)),
        needs_of=_needs_of(sheet),
        hours=_hours(sheet, "hours"),
        quiet_hours=_hours(sheet, "quiet_hours"),
        days=_days(sheet),
        wall=sheet.flag("wall", False),
        ladder=sheet.text("ladder"),
        inhibited_by=_few(sheet, "inhibited_by"),
        enabled=sheet.flag("enabled", True),
    )
    _fits(sheet, rule, metric)
    sheet.finish()
    return rule


def _metric(sheet: Sheet) -> Metric | None:
    name = sheet.text("metric", required=True)
    if name and name not in METRICS:
        sheet.wrong("metric", f"{shown(name)} is not a number I know{meant(name, METRICS)}")
    return METRICS.get(name)


def _scope(sheet: Sheet, metric: Metric | None) -> str:
    usual = "queue" if metric is None else metric.scopes[0]
    scope = sheet.text("scope", usual)
    allowed = SCOPES if metric is None else metric.scopes
    if scope not in allowed:
        text = f"must be {' or '.join(allowed)}, not {shown(scope)}"
        sheet.wrong("scope", f"{text}: that is whose {metric.name} there is" if metric else text)
    return scope


def _condition(sheet: Sheet, metric: Metric | None) -> tuple[Test, Bound, float]:
    written = [test for test in TESTS if sheet.has(test)]
    if len(written) != 1:
        sheet.wrong("above", f"exactly one of {', '.join(TESTS)} is needed, not {len(written)}")
        for test in written:
            sheet.raw(test)
        return "at_least", 0.0, 0.0
    test = written[0]
    if test != "outside":
        return test, _bound(sheet, test, metric) or 0.0, 0.0
    pair = sheet.raw(test)
    values = [_amount(each, metric) for each in pair] if isinstance(pair, list) else []
    if len(values) != 2 or None in values or cast(float, values[0]) >= cast(float, values[1]):
        sheet.wrong(
            test, f"must be the low and the high end of what is good, like [0.7, 0.85], not {shown(pair)}"
        )
        return test, 0.0, 0.0
    return test, cast(float, values[1]), cast(float, values[0])


def _bound(sheet: Sheet, key: str, metric: Metric | None) -> Bound | None:
    if not sheet.has(key):
        return None
    value = sheet.raw(key)
    if isinstance(value, str) and PATH.fullmatch(value):
        return value
    return _checked(sheet, key, value, metric)


def _fixed(sheet: Sheet, key: str, metric: Metric | None) -> float | None:
    return _checked(sheet, key, sheet.raw(key), metric) if sheet.has(key) else None


def _checked(sheet: Sheet, key: str, value: object, metric: Metric | None) -> float | None:
    found = _amount(value, metric)
    if found is not None:
        return found
    unit = "none" if metric is None else metric.unit
    if unit == "seconds":
        hint = 'a duration like "60s" or "10m" ("-10m": before)'
    elif unit == "percent":
        hint = "a fraction, 0.8 for 80 %, or the path of a target like target.service_level"
    else:
        hint = "a number"
    sheet.wrong(key, f"must be {hint}, not {shown(value)}")
    return 0.0


def _amount(value: object, metric: Metric | None) -> float | None:
    unit = "none" if metric is None else metric.unit
    if unit == "seconds":
        if not isinstance(value, str):
            return None
        try:
            found = seconds(value.removeprefix("-")) * (-1 if value.startswith("-") else 1)
        except ValueError:
            return None
        return found if abs(found) <= LONGEST else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    most = 100.0 if unit == "percent" else 1e9
    return float(value) if abs(value) <= most and not (unit == "percent" and value > 2) else None


def _per(sheet: Sheet, metric: Metric | None) -> str:
    per = sheet.text("per")
    if not per:
        return ""
    by = METRICS.get(per)
    if by is None or by.timer or by.scopes == ("agent",):
        sheet.wrong("per", f"{shown(per)} is not a number of a scope{meant(per, METRICS)}")
        return ""
    if metric is not None and metric.timer:
        sheet.wrong("per", f"cannot divide {metric.name}, which is a time")
        return ""
    return per


def _needs_of(sheet: Sheet) -> str:
    of = sheet.text("needs_of", "offered")
    if of not in METRICS or METRICS[of].unit not in ("count", "people"):
        sheet.wrong("needs_of", f"{shown(of)} is not a count{meant(of, METRICS)}")
    return of


def _names(sheet: Sheet, key: str, longest: int, usual: str) -> dict[str, str]:
    names = sheet.names(key, dict.fromkeys(LANGUAGES, usual) if usual else {})
    for language, text in names.items():
        if len(text) > longest:
            sheet.wrong(key, f"has {len(text)} characters in {language}; {longest} are the most")
        elif not all(letter.isprintable() or letter == "\n" for letter in text):
            sheet.wrong(key, f"has a control character in it in {language}")
    return names


def _few(sheet: Sheet, key: str) -> tuple[str, ...]:
    found = sheet.texts(key)
    if len(found) > MOST_ONLY:
        sheet.wrong(key, f"names {len(found)}, and {MOST_ONLY} are the most")
    return found[:MOST_ONLY]


def _hours(sheet: Sheet, key: str) -> tuple[Clock24, ...]:
    found: list[Clock24] = []
    for text in sheet.texts(key):
        parts = HOURS.fullmatch(text)
        spans = [int(part) for part in parts.groups()] if parts else []
        start, end = (60 * (60 * spans[0] + spans[1]), 60 * (60 * spans[2] + spans[3])) if spans else (0, 0)
        if start == end or max(start, end) > 86_400:
            sheet.wrong(key, f'{shown(text)} must be like "08:00-20:00" (over midnight: "22:00-06:00")')
            continue
        found.append((start, end))
    return tuple(found[:10])


def _days(sheet: Sheet) -> tuple[str, ...]:
    known = (*DAYS, WORKDAYS, FREE_DAYS)
    days = sheet.texts("days")
    for day in days:
        if day not in known:
            sheet.wrong("days", f"{shown(day)} must be one of {', '.join(known)}{meant(day, known)}")
    return tuple(day for day in days if day in known)


def _fits(sheet: Sheet, rule: Rule, metric: Metric | None) -> None:
    """What only several keys together can have wrong."""
    if metric is None:
        return
    if metric.timer and rule.test not in ("at_least", "above"):
        sheet.wrong(rule.test, f"{metric.name} is a time that grows: at_least is what can be asked of it")
    if metric.timer and rule.clear is not None:
        sheet.wrong("clear", f"{metric.name} is over when what it times is over")
    if rule.window != "now" and rule.scope not in NUMBERS:
        sheet.wrong("window", f"a {rule.scope} has no windows")
    if isinstance(rule.threshold, str) or isinstance(rule.clear, str):
        return
    high = rule.test in ("above", "at_least")
    wrong = (rule.clear or 0.0) > rule.threshold if high else (rule.clear or 0.0) < rule.threshold
    if rule.test != "outside" and rule.clear is not None and wrong:
        sheet.wrong("clear", "is on the bad side of the threshold: it would be over while it is so")
    inner = (rule.low + rule.threshold) / 2
    if rule.test == "outside" and rule.clear is not None and not inner <= rule.clear <= rule.threshold:
        sheet.wrong("clear", "must be in the upper half of the band: it is as far inside at the lower bound")
    milder = (rule.worse or 0.0) <= rule.threshold if high else (rule.worse or 0.0) >= rule.threshold
    if rule.test != "outside" and rule.worse is not None and milder:
        sheet.wrong("worse", "is not worse than the threshold")
