"""What `/api/v1/explain` may answer, as web/README.md has it: the morning of `boards`, one number at a time."""

from collections.abc import Callable
from typing import Any

from tests.browser.boards import DAY, NOW, Json

Explains = Callable[[dict[str, str]], tuple[int, Json]]


def named(zh: str, tw: str, en: str) -> Json:
    return {"zh-CN": zh, "zh-TW": tw, "en": en}


METRICS = {
    "service_level": named("服务水平", "服務水準", "Service level"),
    "answer_rate": named("接通率", "接聽率", "Answer rate"),
    "waiting": named("排队数", "等候數", "Waiting"),
    "longest_since": named("当前最长等待", "目前最長等候", "Longest wait now"),
    "ready": named("就绪", "就緒", "Ready"),
    "answered": named("接通量", "接聽量", "Answered"),
    "abandoned": named("放弃量", "放棄量", "Abandoned"),
    "asa": named("平均应答时长", "平均接聽時間", "Average speed of answer"),
    "occupancy": named("占用率", "佔用率", "Occupancy"),
}
TERMS = {
    "answered_within": named("20 秒内接起", "20 秒內接聽", "answered within 20 s"),
    "answered": named("全部接起", "全部接聽", "all answered"),
    "abandoned": named("等满 5 秒后挂断", "等滿 5 秒後掛斷", "abandoned after 5 s"),
    "overdue": named("已等过 20 秒仍在排队", "已等過 20 秒仍在等候", "still waiting past 20 s"),
    "within": named("20 秒内接起", "20 秒內接聽", "answered within 20 s"),
    "late": named("接晚了", "太晚接聽", "answered late"),
    "gave_up": named("等不及挂断", "等不及掛斷", "gave up"),
    "still": named("仍在排队", "仍在等候", "still waiting"),
    "short": named("5 秒内挂断（短放弃）", "5 秒內掛斷（短放棄）", "hung up within 5 s (short)"),
    "flowed_out.voicemail": named("转语音信箱", "轉語音信箱", "to voice mail"),
    "undecided": named(
        "排队未满 20 秒，结果未定", "等候未滿 20 秒，結果未定", "waiting less than 20 s, undecided"
    ),
    "wait": named("等待时间总和", "等候時間總和", "sum of waits"),
}
VARIANTS = {
    "offered_less_short": (named("减短放弃", "減短放棄", "offered − short"), 0.807453),
    "abandon_positive": (named("公式一", "公式一", "abandons within T good"), 0.826),
    "answered": (named("公式二", "公式二", "answered only"), 0.85),
    "offered": (named("公式三", "公式三", "all abandons"), 0.778),
    "abandon_ignored": (named("公式四", "公式四", "abandons within T out"), 0.818),
}
QUEUES = ("咨询", "投诉", "溢出")
CALLERS = (
    "139****5512",
    "136****0937",
    "188****2046",
    "151****7780",
    "135****6619",
    "182****3350",
    "137****9024",
)
SEATS = ("周明远", "王浩然", "赵雨桐", "何欣然", "孙嘉树")


def term(key: str, value: float, sign: int = 1) -> Json:
    return {"term": key, "sign": sign, "value": value, "names": TERMS[key]}


def part(key: str, value: int, hit: bool = False) -> Json:
    return {"part": key, "value": value, "hit": hit, "names": TERMS[key]}


def card(i: int, **given: Any) -> Json:
    """The `i`-th newest contact that missed the target."""
    kind = "still" if i < 2 else ("late", "gave_up", "late", "late")[i % 4]
    usual: Json = {
        "id": f"pbx1/c{i}", "source": "pbx1", "queue": f"pbx1/{QUEUES[i % 3]}", "queue_name": QUEUES[i % 3],
        "queued": NOW - 27 - i * 47, "outcome": {"still": "open", "late": "answered", "gave_up": "abandoned"}[kind],
        "part": kind, "wait": 27.0 + i * 7 % 40, "caller": CALLERS[i % len(CALLERS)],
    }  # fmt: skip
    if kind == "late":
        usual |= {"agent": "a001", "agent_name": SEATS[i % len(SEATS)], "talk": 180.0}
    return usual | given


def window_of(text: str) -> Json:
    kind, _, minutes = text.partition(":")
    if kind == "rolling":
        return {
            "kind": kind,
            "start": NOW - 60 * int(minutes),
            "end": NOW + 4,
            "open": True,
            "minutes": int(minutes),
        }
    if kind == "interval":
        return {"kind": kind, "start": NOW - 24 * 60 - 36, "end": NOW + 5 * 60 + 24, "open": True}
    return {"kind": "today", "start": DAY, "end": DAY + 86_400, "open": True}


def scope_of(text: str) -> Json:
    kind, _, id = text.partition(":")
    if kind == "floor":
        return {
            "kind": "floor",
            "id": "",
            "name": "",
            "names": named("青禾证券", "青禾證券", "Qinghe Securities"),
        }
    return {"kind": kind, "id": id, "name": id.rpartition("/")[2], "names": {}}


SIZES = {"miss": 31, "hit": 130, "out": 9}


def contacts(question: dict[str, str], make: Callable[[int], Json] = card) -> Json:
    """One page of the group that is asked for; ids are the cursor."""
    group = question.get("part", "miss")
    size, limit = SIZES[group], int(question.get("limit", "50"))
    ids = [f"pbx1/{group}{i}" for i in range(size)]
    first = ids.index(question["after"]) + 1 if "after" in question else 0
    kept = range(first, min(size, first + limit))
    own = {"miss": {}, "hit": {"part": "within", "outcome": "answered", "wait": 8.0}}.get(
        group, {"part": "short", "why": "short", "outcome": "abandoned", "wait": 3.0}
    )
    answer: Json = {"part": group, "total": size, "cards": [make(i) | own | {"id": ids[i]} for i in kept]}
    return answer | ({"next": ids[kept[-1]]} if kept and kept[-1] + 1 < size else {})


def heading(question: dict[str, str]) -> Json:
    metric = question["metric"]
    return {
        "metric": metric, "scope": scope_of(question.get("scope", "floor")), "names": METRICS.get(metric, {}),
        "window": window_of(question.get("window", "today")), "basis": "event",
        "sources": [{"source": "pbx1", "state": "live", "age": 0.4, "heard": NOW - 0.4}], "gaps": [], "inferred": 0,
        "unseen": 0, "revised": False, "left_out": [], "checked": True,
    }  # fmt: skip


def level(question: dict[str, str]) -> Json:
    """A service level of 81 %, two calls above its target."""
    return heading(question) | {
        "value": 0.807453, "unit": "share", "target": 0.8, "verdict": "good",
        "variant": "offered_less_short", "threshold": 20, "short": 5,
        "formula": {"symbols": "A_T / (A + B − B_S + W_T)", "words": named("算式", "算式", "formula")},
        "numerator": {"value": 130, "terms": [term("answered_within", 130)]},
        "denominator": {"value": 161, "terms": [term("answered", 153), term("abandoned", 6), term("overdue", 2)]},
        "parts": [part("within", 130, True), part("late", 23), part("gave_up", 6), part("still", 2)],
        "margin": {"calls": 2, "side": "above"}, "groups": SIZES, "contacts": contacts(question),
        "left_out": [
            {"why": key, "value": value, "names": TERMS[key]}
            for key, value in (("short", 6), ("flowed_out.voicemail", 1), ("undecided", 2))
        ],
        "others": [
            {
                "variant": key, "names": names, "short_names": names, "value": value, "threshold": 20, "short": 5,
                "shown": key == "offered_less_short",
            }
            for key, (names, value) in VARIANTS.items()
        ],
    }  # fmt: skip


def rate(question: dict[str, str]) -> Json:
    return heading(question) | {
        "value": 0.96, "unit": "share", "target": 0.95, "basis": "cohort",
        "formula": {"symbols": "A / O", "words": named("接通 ÷ 进线", "接聽 ÷ 進線", "answered ÷ offered")},
        "numerator": {"value": 96, "terms": []}, "denominator": {"value": 100, "terms": []},
        "parts": [part("answered", 96, True), part("gave_up", 4)], "margin": {"calls": 2, "side": "above"},
        "groups": {"miss": 31, "hit": 130, "out": 0}, "contacts": contacts(question),
    }  # fmt: skip


def gauge(question: dict[str, str]) -> Json:
    seconds = question["metric"] == "longest_since"
    return heading(question) | {
        "value": 48 if seconds else 2, "unit": "seconds" if seconds else "count",
        "formula": {"symbols": "", "words": named("现在排队的来电", "目前等候的來電", "calls waiting now")},
        "parts": [part("still", 2, True)], "groups": {"hit": 2},
        "contacts": {"part": "hit", "total": 2, "cards": [card(0, part="still"), card(1, part="still")]},
    }  # fmt: skip


FORECAST = {"30": [0.66, 0.79, 0.88], "5": [0.74, 0.81, 0.87], "15": [0.7, 0.8, 0.88]}


def estimate(question: dict[str, str]) -> Json:
    """Of what is to come: a number, and what it rests on. The last queue is out of the asker's sight."""
    forecast = question["metric"] == "forecast"
    answer = heading(question) | {
        "unit": "share" if forecast else "people",
        "formula": {"symbols": "capacity − need", "words": named("可用坐席 − 需要坐席", "可用值機人員 − 需要值機人員", "people at work − people needed")},
        "inputs": {
            "arrivals": 77, "watched": 920.0, "handled": 49, "handling": 4753.0, "waited": 290.0, "abandoned_total": 5,
            "waiting": 8, "overdue": 4, "threshold": 20.0, "capacity": 6.5, "ready": 0, "need": 10.0,
        },
        "samples": {"rate": 77, "aht": 49, "patience": 5}, "parts": [], "groups": {"hit": 77},
        "contacts": {"part": "hit", "total": 77, "names": {"in_progress": named("仍在等待", "仍在等候", "still waiting")}, "cards": [card(n, part="in_progress") for n in range(2)]},
    }  # fmt: skip
    if not forecast:
        return answer | {"value": -3.5}
    beside = [
        {"queue": "pbx1/回访", "part": 0.682, "load": 1.96, "names": named("回访", "回訪", "Call-back")},
        {"queue": "", "part": 0.47, "load": 1.1, "names": {}},
    ]
    del answer["inputs"]["need"]
    return answer | {"forecast": FORECAST, "heads": {"5": 12.2, "15": 15.1, "30": 16.0}, "beside": beside}


def people(question: dict[str, str]) -> Json:
    return heading(question) | {
        "value": 2, "unit": "people",
        "formula": {"symbols": "", "words": named("现在就绪的人", "目前就緒的人", "people ready now")},
        "parts": [], "groups": {},
        "people": [
            {"agent": f"a{i:03}", "name": name, "states": {"ready": 1204.0 - i, "talking": 5400.0 + 61 * i}, "value": i % 2}
            for i, name in enumerate(SEATS)
        ],
    }  # fmt: skip


def waits(question: dict[str, str]) -> Json:
    """The longest wait: it grows by itself."""
    return gauge(question) | {
        "metric": "longest_since",
        "value": 48,
        "since": NOW - 48,
        "unit": "seconds",
        "target": 60,
        "verdict": "good",
    }


def mean(question: dict[str, str]) -> Json:
    """A mean: seconds over calls, each of which adds its own."""
    cards = [
        card(i, part="answered", outcome="answered", value=9.0 + i, agent_name=SEATS[i % 5])
        for i in range(16)
    ]
    return heading(question) | {
        "metric": "asa", "names": METRICS["asa"], "value": 12.188, "unit": "seconds",
        "formula": {"symbols": "Σw(A) / A*", "words": named("等待之和 ÷ 接通量", "等候之和 ÷ 接聽量", "sum of waits ÷ answered")},
        "numerator": {"value": 195.0, "terms": [term("wait", 195.0)]},
        "denominator": {"value": 16, "terms": [term("answered", 16)]},
        "parts": [part("answered", 16, True)], "groups": {"hit": 16, "miss": 0, "out": 6},
        "contacts": {"part": "hit", "total": 16, "cards": cards},
    }  # fmt: skip


def share(question: dict[str, str]) -> Json:
    """A share of people's time."""
    return people(question) | {
        "metric": "occupancy", "names": METRICS["occupancy"], "value": 0.294118, "unit": "share",
        "numerator": {"value": 900.0, "terms": []}, "denominator": {"value": 3060.0, "terms": []},
        "parts": [
            {"part": "ready", "value": 2160.0, "hit": False, "names": named("就绪", "就緒", "ready")},
            {"part": "talking", "value": 735.0, "hit": True, "names": named("通话", "通話", "talking")},
            {"part": "ringing", "value": 165.0, "hit": True, "names": named("振铃", "響鈴", "ringing")},
        ],
    }  # fmt: skip


def declared(question: dict[str, str]) -> Json:
    """What the exchange itself says, and why that is another number."""
    return level(question) | {
        "declared": [
            {
                "source": "pbx1", "queue": "pbx1/咨询", "figures": {"ServicelevelPerf": 95.5, "ServicelevelPerf2": 93.0, "Completed": 88},
                "at": NOW - 9, "ours": {"ServicelevelPerf": {"value": 95.5, "answered": 88, "within": 84}, "ServicelevelPerf2": {"value": 92.1}},
                "why": ["since_its_start", "counts_at_end", "exits_as_abandoned", "whole_seconds"],
            }
        ],
    }  # fmt: skip


def doubtful(question: dict[str, str]) -> Json:
    """Everything that can be doubted: a source away, a gap, visits inferred, unseen and forgotten, and no agreement."""
    return level(question) | {
        "as_of": NOW - 40, "checked": False, "recounted": 0.79, "inferred": 3, "unseen": 4, "forgotten": 12, "revised": True,
        "gaps": [["pbx1", NOW - 1296, NOW - 1176], ["pbx1", NOW - 40, 0]], "incomplete": [NOW - 40, 0],
        "sources": [
            {"source": "pbx1", "state": "down", "age": 40.0, "as_of": NOW - 40, "heard": NOW - 40},
            {"source": "pbx2", "state": "live", "age": 0.8, "heard": NOW - 0.8},
        ],
    }  # fmt: skip


def nothing(question: dict[str, str]) -> Json:
    """A morning without a call: there is no number."""
    answer = level(question)
    for gone in ("value", "margin", "verdict"):
        del answer[gone]
    return answer | {
        "numerator": {"value": 0, "terms": []}, "denominator": {"value": 0, "terms": []}, "parts": [], "left_out": [],
        "groups": {"miss": 0, "hit": 0, "out": 0}, "contacts": {"part": "miss", "total": 0, "cards": []},
        "others": [{key: value for key, value in other.items() if key != "value"} for other in answer["others"]],
    }  # fmt: skip


HOSTILE = (
    '<img src=x onerror="document.title=1">',
    "=HYPERLINK(\"http://evil\",\"x\")",
    "\u202egnihctah\u202d",
    "很长的名字" * 30,
    "W" * 200,
    "+86 139 0000\r\n=1+1",
    "__proto__",
)  # fmt: skip


def hostile(question: dict[str, str]) -> Json:
    """Every name an attack on whoever reads it."""

    def make(i: int) -> Json:
        bad = HOSTILE[i % len(HOSTILE)]
        return card(i, queue=bad, queue_name=bad, caller=bad, agent_name=bad, agent=bad, part=bad, why=bad)

    answer = declared(question) | {"contacts": contacts(question, make)}
    answer["names"] = dict.fromkeys(("zh-CN", "zh-TW", "en"), HOSTILE[2] + HOSTILE[0])
    answer["scope"] = {"kind": "queue", "id": HOSTILE[3], "name": HOSTILE[3], "names": {}}
    answer["sources"] = [{"source": name, "state": name, "age": 1} for name in HOSTILE]
    answer["declared"][0]["figures"] = dict.fromkeys(HOSTILE, 1.0)
    answer["left_out"] = [{"why": name, "value": 1, "names": {"en": name, "zh-CN": name}} for name in HOSTILE]
    return answer


def explains(question: dict[str, str]) -> tuple[int, Json]:
    """What a server with this morning says to whatever the wall may ask."""
    metric = question["metric"]
    if metric == "service_level":
        return 200, level(question)
    if metric == "answer_rate":
        return 200, rate(question)
    if metric in {"gap", "need", "forecast"}:
        return 200, estimate(question)
    return 200, people(question) if metric in {"ready", "staffed"} else gauge(question)


def always(make: Callable[[dict[str, str]], Json]) -> Explains:
    return lambda question: (200, make(question))


def unseen_contacts(question: dict[str, str]) -> tuple[int, Json]:
    """To a display: everything but the contacts."""
    return 200, {key: value for key, value in level(question).items() if key != "contacts"}


def forbidden(question: dict[str, str]) -> tuple[int, Json]:
    return 403, {
        "type": "about:blank", "title": "Forbidden", "status": 403, "instance": "/api/v1/explain",
        "detail": "The role display may not see the whole floor; it sees the queues pbx1/咨询.",
        "next": "Ask for a token of a role that may do this.",
    }  # fmt: skip
