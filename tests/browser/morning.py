"""The design's morning with everything a board can have: trends, forecasts, lines, teams, six sources."""

import math

from tests.browser import boards
from tests.browser.boards import NOW, Json, numbers

TEAMS = {"启明": "Qiming", "卓越": "Zhuoyue", "远航": "Yuanhang", "同心": "Tongxin"}
SOURCES = (("视频", "Video", "desk"), ("耳麦", "Headsets", "desk"), ("座位", "Seats", "seat"), ("工单", "Tickets", "none"), ("排班", "Rota", "none"))  # fmt: skip
GAPS = (-1.2, 2.3, 0.2, 0.4, -0.1)


def trend(seed: float = 0.0) -> Json:
    """The last two hours in steps of five minutes."""

    def wave(middle: float, width: float, high: float = math.inf, digits: int = 3) -> list[list[float]]:
        values = (
            middle + width * (math.sin(k / 3.1 + seed) + 0.4 * math.sin(k / 1.3 + 2 * seed))
            for k in range(24)
        )
        return [[k, round(min(high, max(0.0, value)), digits)] for k, value in enumerate(values)]

    return {
        "from": NOW - 7200, "step": 300, "service_level": wave(0.82, 0.08, 1), "answer_rate": wave(0.955, 0.02, 1),
        "waiting": wave(3, 3, digits=0), "longest": wave(40, 30, digits=0), "ready": wave(5, 3, digits=1), "offered": wave(14, 6, digits=0),
    }  # fmt: skip


def whole(
    agents: int = 24, queues: tuple[str, ...] = boards.CHINESE, people: tuple[str, ...] | None = None
) -> Json:
    scene = boards.board(agents=agents, queues=queues, people=people)
    scene["floor"] |= {
        "trend": trend(), "people": {"occupancy": 0.78, "persons": 44}, "dialled": 214, "connect_rate": 0.41, "handled": 1120,
        "outlook": {
            "capacity": 10.2, "need": 11.5, "gap": -1.3, "ewt": 21.0, "rate": 0.04, "rate_n": 140, "aht": 230.0, "aht_n": 120,
            "forecast": {"5": [0.72, 0.8, 0.87], "15": [0.7, 0.79, 0.88], "30": [0.66, 0.78, 0.88]},
        },
    }  # fmt: skip
    keys = list(scene["queues"])
    for i, key in enumerate(keys):
        queue = scene["queues"][key]
        queue |= {"trend": trend(i), "line": "out" if i == 2 else "in"}
        queue["outlook"] = {"capacity": 3.0, "need": 3.2, "gap": GAPS[i % len(GAPS)]}
        queue["outlook"]["forecast"] = {"5": [0.7, 0.8, 0.9], "15": [0.7, 0.8, 0.9], "30": [0.6, 0.75, 0.9]}
        if i == 2:
            queue |= {"connect_rate": 0.38, "dialled": 80, "connected": 30, "target": {"connect_rate": 0.35}}
    inbound = {"zh-CN": "客户服务", "zh-TW": "客戶服務", "en": "Customer service"}
    scene["lines"] = {
        "in": numbers(service_level=0.81, waiting=3, longest_since=NOW - 48, dialled=57, connect_rate=0.44)
        | {"names": inbound, "direction": "in", "order": 0, "queues": [key for i, key in enumerate(keys) if i != 2], "trend": trend(3)},
        "out": numbers(service_level=None, dialled=80, connect_rate=0.38)
        | {"names": {"zh-CN": "外呼推广", "en": "Outbound"}, "direction": "out", "order": 1, "queues": keys[2:3]},
    }  # fmt: skip
    scene["teams"] = {
        team: numbers(waiting=None, talking=None, handled=200 + 13 * i, ready=1 + i, staffed=11)
        | {"names": {"en": english}, "people": {"occupancy": 0.7 + 0.03 * i, "persons": 11, "calls_per_agent": 20 + i, "calls_target": 70}}
        for i, (team, english) in enumerate(TEAMS.items())
    }  # fmt: skip
    for i, agent in enumerate(scene["agents"].values()):
        agent["team"] = list(TEAMS)[i % len(TEAMS)]
    for i, (name, english, sense) in enumerate(SOURCES):
        named = {"zh-CN": name, "zh-TW": name, "en": english}
        scene["sources"][f"s{i}"] = {"name": name, "names": named, "type": "mqtt", "state": "live", "since": NOW - 7000, "product": "", "sense": sense}  # fmt: skip
    return boards.told(scene)


def english() -> Json:
    return whole(queues=("Enquiry", "Call-back", "Promotion", "Witness", "Complaint"), people=boards.WORKERS)


def surge() -> Json:
    scene = whole()
    scene["floor"] |= {"service_level": 0.65, "answer_rate": 0.91, "waiting": 11, "longest_since": NOW - 156, "ready": 0, "load": 5}  # fmt: skip
    scene["queues"]["pbx1/咨询"] |= {"service_level": 0.61, "waiting": 10, "longest_since": NOW - 156}
    return scene


def calm() -> Json:
    """Nothing near any limit."""
    scene = whole()
    scene["floor"] |= {"longest_since": NOW - 12, "waiting": 1, "service_level": 0.86, "answer_rate": 0.97, "answered": 126, "load": 2}  # fmt: skip
    for queue in scene["queues"].values():
        queue |= {"service_level": 0.93, "ready": 2, "waiting": 0}
        queue.pop("longest_since", None)
        queue["outlook"]["gap"] = 0.4
    return scene


def lost() -> Json:
    scene = whole()
    scene["sources"]["pbx1"] |= {"state": "down", "since": NOW - 39, "as_of": NOW - 40, "reason": "eof"}
    return boards.lacking(scene, [NOW - 40, 0])
