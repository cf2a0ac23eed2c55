"""``[breaks]`` and ``[[break]]``: which breaks there are, what each person has of them, and how many may be away at once."""

import re
from collections.abc import Collection
from typing import Literal

from ccwall.config.people import KINDS
from ccwall.config.queues import KnownSource
from ccwall.events import BREAK_KINDS, BreakKind, BreakLimit, BreakPolicy, LengthQuota
from ccwall.sheet import Sheet, meant, shown

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
HOUR = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
LONGEST = 8 * 3600.0
LONGEST_SHIFT = 36 * 3600.0
MOST_KINDS, MOST_LIMITS, MOST_LENGTHS = 40, 200, 12
Words = dict[str, str]


def breaks(
    table: Sheet, own: list[Sheet], not_ready: dict[str, str], known: KnownSource
) -> tuple[BreakPolicy, dict[str, str]]:
    """The policy of the break desk, and of `not_ready` what is a state of the floor (the rest names a kind of break)."""
    usual = BreakPolicy()
    kinds = dict(BREAK_KINDS)
    reasons, asks, says = Words(), Words(), Words()
    seen = set[str]()
    for sheet in own:
        _kind(sheet, kinds, seen, (reasons, asks, says), known)
    if len(kinds) > MOST_KINDS:
        table.wrong("break", f"there are {len(kinds)} kinds, and {MOST_KINDS} are the most")
    for reason, word in not_ready.items():
        if word not in KINDS:
            reasons.setdefault(reason.strip().lower(), word)
    policy = BreakPolicy(
        kinds={} if kinds == BREAK_KINDS else kinds,
        reasons=reasons,
        asks=asks,
        says=says,
        limits=_limits(table, usual),
        shrinks=table.flag("shrinks", usual.shrinks),
        automatic=_of_kinds(table, "automatic", kinds),
        carry_out=table.flag("carry_out", usual.carry_out),
        button=table.text("button", usual.button if usual.button in kinds else next(iter(kinds), "")),
        unused=table.duration("unused", usual.unused, LONGEST),
        late=table.duration("late", usual.late, LONGEST),
    )
    if policy.button and policy.button not in kinds:
        table.wrong("button", f"{shown(policy.button)} is no kind of break{meant(policy.button, kinds)}")
    table.finish()
    return policy, {reason: word for reason, word in not_ready.items() if word in KINDS}


def names(own: list[Sheet]) -> tuple[str, ...]:
    """The ids that ``[not_ready]`` may name, beside the states of the floor."""
    said = (sheet.raw("id") for sheet in own)
    return tuple(dict.fromkeys([*BREAK_KINDS, *(id for id in said if isinstance(id, str))]))


def _kind(
    sheet: Sheet,
    kinds: dict[str, BreakKind],
    seen: set[str],
    words: tuple[Words, Words, Words],
    known: KnownSource,
) -> None:
    id = sheet.text("id", required=True)
    if id in seen:
        sheet.wrong("id", f"{shown(id)} is already the id of another kind of break")
    elif id and not ID.fullmatch(id):
        sheet.wrong("id", f"{shown(id)} must be of small letters, digits, - and _")
    seen.add(id)
    base = kinds.get(id, BreakKind(names={"zh-CN": id, "zh-TW": id, "en": id}))
    card = BreakKind(
        names=sheet.names("name", base.names),
        state=sheet.choice("state", KINDS, base.state if base.state in KINDS else "away"),
        lasts=sheet.duration("lasts", base.lasts, LONGEST),
        quota_times=_count(sheet, "quota_times", base.quota_times),
        quota_seconds=sheet.duration("quota", base.quota_seconds or 0.0, LONGEST) or None,
        by_length=_by_length(sheet, base.by_length),
        counts=sheet.flag("counts", base.counts),
        asked=sheet.flag("asked", base.asked),
        grace=sheet.duration("grace", base.grace, LONGEST),
    )
    if card.lasts < 60:
        sheet.wrong("lasts", "must be at least a minute")
    reasons, asks, says = words
    for key, into in (("reasons", reasons), ("asks", asks)):
        for reason in _by_source(sheet, key, known):
            other = into.setdefault(reason, id)
            if other != id:
                sheet.wrong(key, f"{shown(reason)} already means {shown(other)}")
    for source, word in _says(sheet, known):
        says[f"{source}/{id}" if source else id] = word
        reasons.setdefault(f"{source}/{word.strip().lower()}" if source else word.strip().lower(), id)
    if sheet.flag("enabled", True):
        kinds[id] = card
    else:
        kinds.pop(id, None)
    sheet.finish()


def _by_source(sheet: Sheet, key: str, known: KnownSource) -> list[str]:
    """A list of reasons, or a table of lists by source."""
    if not isinstance(sheet.raw(key), dict):
        return [reason.strip().lower() for reason in sheet.texts(key)]
    below = sheet.table(key)
    return [
        f"{source}/{reason.strip().lower()}"
        for source in below.written()
        if known(below, source, source)
        for reason in below.texts(source)
    ]


def _says(sheet: Sheet, known: KnownSource) -> list[tuple[str, str]]:
    if not isinstance(sheet.raw("says"), dict):
        word = sheet.text("says")
        return [("", word)] if word else []
    below = sheet.table("says")
    return [
        (source, below.text(source, required=True))
        for source in below.written()
        if known(below, source, source)
    ]


def _by_length(sheet: Sheet, base: tuple[LengthQuota, ...]) -> tuple[LengthQuota, ...]:
    """What there is in shorter shifts, the shortest first."""
    found = dict[float, LengthQuota]()
    for each in sheet.tables("by_length"):
        up_to = each.duration("up_to", 0.0, LONGEST_SHIFT)
        times, seconds = quota(each)
        if not up_to:
            each.wrong("up_to", 'must say how long the shift is at most, like "4h"')
        elif up_to in found:
            each.wrong("up_to", "is already said")
        elif times is None and seconds is None:
            each.wrong("quota", "or quota_times must say what there is of it")
        found[up_to] = LengthQuota(up_to=up_to, times=times, seconds=seconds)
        each.finish()
    if len(found) > MOST_LENGTHS:
        sheet.wrong("by_length", f"has {len(found)} rows, and {MOST_LENGTHS} are the most")
    return tuple(found[up_to] for up_to in sorted(found)) if sheet.has("by_length") else base


def quota(sheet: Sheet) -> tuple[int | None, float | None]:
    """Times and seconds that a shift has; 0 is none, None what is not said."""
    times = sheet.whole("quota_times", 0, 0, 100) if sheet.has("quota_times") else None
    return times, (sheet.duration("quota", 0.0, LONGEST) if sheet.has("quota") else None)


def _count(sheet: Sheet, key: str, usual: int | None) -> int | None:
    """0: as often as it is granted."""
    return sheet.whole(key, usual or 0, 0, 100) or None


def _of_kinds(table: Sheet, key: str, kinds: Collection[str]) -> tuple[str, ...]:
    found = table.texts(key)
    for word in found:
        if word not in kinds:
            table.wrong(key, f"{shown(word)} is no kind of break{meant(word, kinds)}")
    return found


def _limits(table: Sheet, usual: BreakPolicy) -> tuple[BreakLimit, ...]:
    """That of the floor stands in [breaks] itself; those of teams and lines are ``[[breaks.limit]]``."""
    floor = usual.limits[0]
    cap = _count(table, "cap", None)
    share = table.share("share", 0.0 if cap is not None else floor.share or 0.0)
    minimum = _count(table, "minimum", None)
    found = [BreakLimit(cap=cap, share=share or None, minimum=minimum)]
    for sheet in table.tables("limit"):
        team, line = sheet.text("team"), sheet.text("line")
        if bool(team) == bool(line):
            sheet.wrong("team", "say either a team or a line")
        kind: Literal["team", "line"] = "team" if team else "line"
        found.append(
            BreakLimit(
                kind=kind,
                id=team or line,
                cap=_count(sheet, "cap", None),
                share=sheet.share("share", 0.0) or None,
                minimum=_count(sheet, "minimum", None),
                begins=_hour(sheet, "from"),
                ends=_hour(sheet, "until"),
            )
        )
        sheet.finish()
    if len(found) > MOST_LIMITS:
        table.wrong("limit", f"there are {len(found)} limits, and {MOST_LIMITS} are the most")
    return tuple(found)


def _hour(sheet: Sheet, key: str) -> int:
    """Seconds of the day."""
    text = sheet.text(key)
    found = HOUR.fullmatch(text)
    if text and found is None:
        sheet.wrong(key, f"{shown(text)} is no time of day like 12:30")
    return 0 if found is None else int(found[1]) * 3600 + int(found[2]) * 60
