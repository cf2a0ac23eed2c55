"""The last day's figures in the reminder of a meeting: three lines, as short as a chat reads, in three languages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from ccwall.alerts.metrics import Tree, number
from ccwall.alerts.notes import BETWEEN, amount
from ccwall.sheet import LANGUAGES

MOST_TEAMS = 3
"""Of a meeting of many teams; each of them has one line then."""
JOIN: Final = " · "

_ZH_CN = {
    "day": "{day} 数据", "yesterday": "昨日 {day}", "offered": "来电 {}", "answered": "接起 {}", "lost": "放弃 {}", "level": "服务水平 {}",
    "target": "{}（目标 {}）", "rate": "接通率 {}", "asa": "平均应答 {}", "longest": "最长等待 {}", "aht": "平均处理 {}",
    "worst": "最差时段 {from}–{to} {level}", "adherence": "遵时率 {}", "late": "迟到 {}", "absent": "缺勤 {}",
    "complaints": "投诉未结 {}", "overdue": "{}（逾期 {}）", "incidents": "事件 {}", "incomplete": "数据不全 {}",
    "watched": "{} 起有数据", "began": "没有昨日数据：ccwall 今天 {} 才开始观测。", "nothing": "没有昨日数据：观测期间没有该组的业务。",
    "more": "另有 {} 个时段", "teams": "另有 {} 个组，见议程",
}  # fmt: skip
_ZH_TW = {
    "day": "{day} 資料", "yesterday": "昨日 {day}", "offered": "來電 {}", "answered": "接起 {}", "lost": "放棄 {}", "level": "服務水準 {}",
    "target": "{}（目標 {}）", "rate": "接聽率 {}", "asa": "平均應答 {}", "longest": "最長等候 {}", "aht": "平均處理 {}",
    "worst": "最差時段 {from}–{to} {level}", "adherence": "遵時率 {}", "late": "遲到 {}", "absent": "缺勤 {}",
    "complaints": "申訴未結 {}", "overdue": "{}（逾期 {}）", "incidents": "事件 {}", "incomplete": "資料不全 {}",
    "watched": "{} 起有資料", "began": "沒有昨日資料：ccwall 今天 {} 才開始觀測。", "nothing": "沒有昨日資料：觀測期間沒有該組的業務。",
    "more": "另有 {} 個時段", "teams": "另有 {} 個組，見議程",
}  # fmt: skip
_EN = {
    "day": "On {day}", "yesterday": "Yesterday {day}", "offered": "offered {}", "answered": "answered {}", "lost": "abandoned {}",
    "level": "service level {}", "target": "{} (target {})", "rate": "answer rate {}", "asa": "ASA {}", "longest": "longest wait {}",
    "aht": "AHT {}", "worst": "worst half hour {from}–{to} {level}", "adherence": "adherence {}", "late": "late {}",
    "absent": "absent {}", "complaints": "complaints open {}", "overdue": "{} ({} overdue)", "incidents": "incidents {}",
    "incomplete": "incomplete {}", "watched": "watched from {}",
    "began": "No numbers of yesterday: ccwall began to watch today at {}.",
    "nothing": "No numbers of yesterday: nothing of this team in the time ccwall watched.",
    "more": "{} more spans", "teams": "{} more teams: see the agenda",
}  # fmt: skip
WORDS: Final[Mapping[str, Mapping[str, str]]] = {"zh-CN": _ZH_CN, "zh-TW": _ZH_TW, "en": _EN}


def lines(sections: Sequence[Tree], zone: str) -> dict[str, str]:
    """By language. ``sections`` as `ccwall.engine.last_day` has them: one is told in three lines, many in one each."""
    place = ZoneInfo(zone)
    return {language: "\n".join(_lines(sections, WORDS[language], language, place)) for language in LANGUAGES}


def _lines(sections: Sequence[Tree], words: Mapping[str, str], language: str, zone: ZoneInfo) -> list[str]:
    if len(sections) == 1:
        (one,) = sections
        if "none" in one:
            return [_none(one, words, zone)]
        return [
            line for line in (_counts(one, words, zone), _rates(one, words), _rest(one, words, zone)) if line
        ]
    told = [
        f"{str(each.get('scope', '')).partition(':')[2]}{BETWEEN[language]}"
        + (
            _none(each, words, zone)
            if "none" in each
            else JOIN.join((_counts(each, words, zone), _level(each, words)))
        )
        for each in sections[:MOST_TEAMS]
    ]
    more = len(sections) - MOST_TEAMS
    return [*told, words["teams"].format(more)] if more > 0 else told


def _none(told: Tree, words: Mapping[str, str], zone: ZoneInfo) -> str:
    return words[str(told["none"])].format(_time(number(told, ("since",)), zone))


def _counts(told: Tree, words: Mapping[str, str], zone: ZoneInfo) -> str:
    start = number(told, ("from",)) or 0.0
    day = words["yesterday" if told.get("yesterday") is True else "day"].format(day=_day(start, zone))
    counts = (("offered", "offered"), ("answered", "answered"), ("lost", "abandoned_total"))
    return JOIN.join([day, *(words[word].format(_whole(told, name)) for word, name in counts)])


def _level(told: Tree, words: Mapping[str, str]) -> str:
    reached, target = number(told, ("numbers", "service_level")), number(told, ("target", "service_level"))
    if reached is None:
        return ""
    said = amount(reached, "percent")
    return words["level"].format(
        said if target is None else words["target"].format(said, amount(target, "percent"))
    )


def _rates(told: Tree, words: Mapping[str, str]) -> str:
    units = (("rate", "answer_rate", "percent"), ("asa", "asa", "seconds"), ("longest", "longest_wait", "seconds"), ("aht", "aht", "seconds"))  # fmt: skip
    found = [_level(told, words)]
    for word, name, unit in units:
        value = number(told, ("numbers", name))
        if value is not None:
            found.append(words[word].format(amount(value, unit)))
    return JOIN.join(each for each in found if each)


def _rest(told: Tree, words: Mapping[str, str], zone: ZoneInfo) -> str:
    found: list[str] = []
    start, length = number(told, ("worst", "start")), number(told, ("worst", "length"))
    if start is not None and length is not None:
        level = amount(number(told, ("worst", "level")), "percent")
        span = {"from": _time(start, zone), "to": _time(start + length, zone)}
        found.append(words["worst"].format(level=level, **span))
    adherence = number(told, ("attendance", "adherence"))
    if adherence is not None:
        found.append(words["adherence"].format(amount(adherence, "percent")))
    found += [
        words[what].format(round(n))
        for what in ("late", "absent")
        if (n := number(told, ("attendance", what)))
    ]
    if cases := number(told, ("complaints", "open")):
        overdue = number(told, ("complaints", "overdue"))
        said = words["overdue"].format(round(cases), round(overdue)) if overdue else str(round(cases))
        found.append(words["complaints"].format(said))
    incidents = told.get("incidents")
    if isinstance(incidents, list):
        found.append(words["incidents"].format(len(incidents)))
    return JOIN.join(found + _doubts(told, words, zone))


def _doubts(told: Tree, words: Mapping[str, str], zone: ZoneInfo) -> list[str]:
    """Of what time of the day nobody knows."""
    found: list[str] = []
    since, outages = number(told, ("since",)), told.get("outages")
    if since is not None:
        found.append(words["watched"].format(_time(since, zone)))
    if isinstance(outages, list) and outages:
        start, end = max(outages, key=lambda span: span[1] - span[0])
        said = f"{_time(start, zone)}–{_time(end, zone)}"
        more = [words["more"].format(len(outages) - 1)] if len(outages) > 1 else []
        found += [words["incomplete"].format(said), *more]
    return found


def _whole(told: Tree, name: str) -> str:
    return f"{round(number(told, ('numbers', name)) or 0)}"


def _day(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%m-%d")


def _time(at: float | None, zone: ZoneInfo) -> str:
    return "" if at is None else datetime.fromtimestamp(at, zone).strftime("%H:%M")
