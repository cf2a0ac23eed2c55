"""What a telling says in words, for who does not look at a screen. Names are the network's: they go out as they are, and
whoever delivers them makes them harmless."""

from collections.abc import Mapping, Sequence

from ccwall.alerts.judging import value_at
from ccwall.alerts.ladder import Person as Told
from ccwall.alerts.metrics import METRICS, Tree
from ccwall.alerts.rule import Rule
from ccwall.delivery.note import Kind, Note, Person
from ccwall.engine.desk.alert import Alert
from ccwall.events import AlertTold
from ccwall.sheet import LANGUAGES

KINDS: Mapping[str, Kind] = {
    "fired": "fired",
    "worsened": "worsened",
    "escalated": "escalated",
    "reminded": "escalated",
    "resolved": "resolved",
    "no_data": "fired",
}
FLOOR = {"zh-CN": "全场", "zh-TW": "全場", "en": "The floor"}
CASES: Mapping[str, Mapping[str, str]] = {
    "complaint": {"zh-CN": "投诉工单", "zh-TW": "投訴案件", "en": "A complaint"},
    "callback": {"zh-CN": "回访工单", "zh-TW": "回訪案件", "en": "A callback"},
    "service": {"zh-CN": "承诺答复", "zh-TW": "承諾答覆", "en": "A promised answer"},
}
HINTS: Mapping[str, Mapping[str, str]] = {
    "volume": {"zh-CN": "来电多于平时", "zh-TW": "來電多於平時", "en": "more calls than usual"},
    "handle_time": {"zh-CN": "处理时长变长", "zh-TW": "處理時長變長", "en": "calls take longer"},
    "staffing": {"zh-CN": "人手不足", "zh-TW": "人手不足", "en": "too few people"},
}
LASTED = {"zh-CN": "已恢复，持续 {}", "zh-TW": "已恢復，持續 {}", "en": "Over after {}"}
CAUSE = {"zh-CN": "可能的原因：", "zh-TW": "可能的原因：", "en": "Probably: "}
PAGE = "/alerts"
BETWEEN = {"zh-CN": "：", "zh-TW": "：", "en": ": "}


def note_of(
    alert: Alert,
    told: AlertTold,
    rule: Rule | None,
    board: Tree,
    people: Sequence[Told] = (),
    base: str = "",
    more: Mapping[str, str] | None = None,
) -> Note:
    """The note of one telling. ``people``: who may be mentioned; ``base``: the address of the wall, if it has one; ``more``: what
    else is to be said, by language."""
    metric = METRICS.get(rule.metric) if rule is not None else None
    unit = "none" if metric is None else metric.unit
    names = rule.names if rule is not None else {}
    where = scope_names(alert, board)
    title = {
        language: BETWEEN[language].join(
            part for part in (where[language], names.get(language, alert.rule)) if part
        )
        for language in LANGUAGES
    }
    also = more or {}
    text = {
        language: "\n".join(said for said in (_text(alert, told, language), also.get(language, "")) if said)
        for language in LANGUAGES
    }
    return Note(
        key=told.key,
        kind=KINDS[told.kind],
        severity=alert.severity,
        title=title,
        at=told.at,
        alert=alert.id,
        text={language: said for language, said in text.items() if said},
        todo=dict(rule.todo) if rule is not None and told.kind != "resolved" else {},
        url=f"{base}{PAGE}" if base else "",
        scope=where["en"] if where["en"] == where["zh-CN"] else f"{where['zh-CN']} ({where['en']})",
        value=amount(_now(alert, told, rule, board), unit),
        threshold=amount(None if told.kind == "resolved" else alert.threshold, unit),
        since=alert.since,
        group=f"{alert.rule}:{alert.team}",
        mentions=tuple(_mention(each) for each in people),
    )


def _now(alert: Alert, told: AlertTold, rule: Rule | None, board: Tree) -> float | None:
    """What it is when it is told: a step later it is not what it was when it fired, and of what is over nothing is now."""
    if told.kind == "resolved":
        return None
    now = (
        None
        if rule is None or told.kind in ("fired", "worsened")
        else value_at(rule, alert.scope, board, told.at)
    )
    return alert.value if now is None else now


def _text(alert: Alert, told: AlertTold, language: str) -> str:
    if told.kind == "resolved":
        lasted = (alert.ended or told.at) - (alert.fired if alert.fired is not None else alert.since)
        return LASTED[language].format(clock(lasted))
    hints = [HINTS[code][language] for code in alert.hints if code in HINTS]
    between = "、" if language.startswith("zh") else ", "
    return CAUSE[language] + between.join(hints) if hints else ""


def scope_names(alert: Alert, board: Tree) -> dict[str, str]:
    """What people call the subject, by language."""
    if alert.scope in ("floor", "recording"):
        return dict(FLOOR)
    kind, _, id = alert.scope.partition(":")
    if kind == "case" and not alert.agent and not alert.queue:
        known_cases = board.get("cases")
        case = known_cases.get(id) if isinstance(known_cases, Mapping) else None
        said = CASES.get(str(case.get("kind"))) if isinstance(case, Mapping) else None
        return dict(said) if said is not None else dict.fromkeys(LANGUAGES, id)
    for part, key in (("agents", alert.agent), ("queues", alert.queue), (f"{kind}s", id)):
        objects = board.get(part)
        found = objects.get(key) if key and isinstance(objects, Mapping) else None
        if isinstance(found, Mapping):
            own = found.get("names")
            known = own if isinstance(own, Mapping) else {}
            usual = str(found.get("name") or found.get("title") or key)
            return {language: str(known.get(language) or usual) for language in LANGUAGES}
    return dict.fromkeys(LANGUAGES, id or alert.scope)


def amount(value: float | None, unit: str) -> str:
    """A number as it is to be read.

    >>> amount(0.655, "percent"), amount(95.0, "seconds"), amount(3.0, "count"), amount(2.5, "people")
    ('65.5 %', '1:35', '3', '2.5')
    """
    if value is None:
        return ""
    if unit == "percent":
        return f"{100 * value:.1f} %".replace(".0 %", " %")
    if unit == "seconds":
        return clock(value)
    return f"{value:.1f}".removesuffix(".0")


def clock(seconds: float) -> str:
    """
    >>> clock(59.6), clock(3725), clock(-90)
    ('1:00', '1:02:05', '-1:30')
    """
    whole = round(abs(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"-{text}" if seconds < 0 else text


def _mention(person: Told) -> Person:
    return Person(
        name=person.name,
        phone=person.phone,
        wecom=person.wecom,
        dingtalk=person.dingtalk,
        feishu=person.feishu,
        email=person.email,
    )
