"""``[[shift]]``: what a letter in a rota means."""

from collections.abc import Collection

from ccwall.config.breaks import LONGEST, quota
from ccwall.events import BREAK_KINDS, ShiftQuota
from ccwall.floor.rota import times
from ccwall.floor.rota.table import OFF, Code
from ccwall.sheet import Sheet, meant, shown

MOST_CODES = 200
DAY = 86_400.0
KINDS = ("work", "training")


def codes(sheets: list[Sheet], kinds: Collection[str] = BREAK_KINDS) -> dict[str, Code]:
    """``kinds``: of breaks, which ``breaks`` and ``quotas`` may name."""
    found: dict[str, Code] = {}
    for sheet in sheets:
        code = sheet.text("code", required=True)
        if code.casefold() in {known.casefold() for known in found}:
            sheet.wrong("code", f"{shown(code)} is already the code of another shift")
        elif code.casefold() in OFF:
            sheet.wrong("code", f"{shown(code)} already means a day off")
        begins, ends = _time(sheet, "begins"), _time(sheet, "ends")
        breaks = tuple(
            each for text in sheet.texts("breaks") if (each := _break(sheet, text, begins, kinds)) is not None
        )
        kind = sheet.choice("kind", KINDS, "work")
        quotas = _quotas(sheet.table("quotas"), kinds)
        sheet.finish()
        found[code] = Code(begins=begins, ends=ends, breaks=breaks, kind=kind, quotas=quotas)
        if len(found) > MOST_CODES:
            sheet.wrong("code", f"is one too many: {MOST_CODES} are the most")
            break
    return found


def _quotas(table: Sheet, kinds: Collection[str]) -> tuple[ShiftQuota, ...]:
    """By kind of break: minutes, or a table of ``quota`` and ``quota_times``."""
    found = []
    for kind in table.written():
        if kind not in kinds:
            table.raw(kind)
            table.wrong(kind, f"{shown(kind)} is no kind of break{meant(kind, kinds)}")
        elif isinstance(table.raw(kind), dict):
            below = table.table(kind)
            times, seconds = quota(below)
            below.finish()
            found.append(ShiftQuota(kind=kind, times=times, seconds=seconds))
        else:
            found.append(ShiftQuota(kind=kind, seconds=table.duration(kind, 0.0, LONGEST)))
    table.finish()
    return tuple(found)


def _time(sheet: Sheet, key: str) -> float:
    text = sheet.text(key, required=True)
    try:
        return times.clock(text).total_seconds() if text else 0.0
    except ValueError as error:
        sheet.wrong(key, f"{shown(text)} {error}")
        return 0.0


def _break(sheet: Sheet, text: str, since: float, kinds: Collection[str]) -> tuple[float, float, str] | None:
    """Seconds after the midnight before the shift: of a night, 02:00 is on the day after."""
    span, _, kind = text.strip().partition(" ")
    match = times.SPAN.fullmatch(span)
    if match is None:
        sheet.wrong("breaks", f'{shown(text)} is no break like "12:00-12:45 meal"')
        return None
    kind = kind.strip() or "meal"
    if kind not in kinds:
        sheet.wrong("breaks", f"{shown(kind)} is no kind of break{meant(kind, kinds)}")
    begins, ends = times.clock(match[1]).total_seconds(), times.clock(match[2]).total_seconds()
    begins += DAY if begins < since else 0.0
    while ends <= begins:
        ends += DAY
    return begins, ends, kind
