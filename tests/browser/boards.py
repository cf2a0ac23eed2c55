"""Boards a wall can be asked to draw: one morning on a floor, calm and otherwise, as web/README.md lays them out."""

import random
from typing import Any, cast

Json = dict[str, Any]

# 2026-11-20 10:24:36 in Shanghai, a Friday.
NOW = 1_795_141_476.0
DAY = NOW - 10 * 3600 - 24 * 60 - 36
HALF_HOUR = 1800.0

CHINESE = ("咨询", "回访", "推广", "投诉", "溢出")
ENGLISH = ("consult", "callback", "promo", "complaint", "overflow")
# fmt: off
PEOPLE = ("周明远", "王浩然", "赵雨桐", "何欣然", "孙嘉树", "刘子涵", "陈思琪", "许文博", "林晓彤", "李静怡", "郭子睿", "沈若溪")
WORKERS = ("Zhou Mingyuan", "Wang Haoran", "Alexandra Petrova", "He Xinran", "Sun Jiashu", "Maria Gonzalez", "Chen Siqi")
# fmt: on
STATES = (
    *["talking"] * 5,
    *["ready"] * 2,
    *["wrap"] * 2,
    *["ringing", "hold", "break", "meal", "away", "off", "busy", "training", "breather", "unknown", "fault"],
)
TWELVE = (
    "ready", "ready", "ringing", "talking", "talking", "talking", "talking", "hold", "wrap", "break", "away", "off",
)  # fmt: skip
REASONS = {"break": "小休 10 分", "away": "处理设备故障", "training": "新产品"}


def numbers(**given: Any) -> Json:
    """`Numbers` of web/README.md, an ordinary morning's, changed by `given`; None leaves a key out."""
    usual: Json = {
        "waiting": 0, "talking": 2, "offered": 126, "answered": 121, "abandoned": 4, "short": 1, "lost": 0,
        "refused": 0, "flowed_out": 1, "service_level": 0.86, "answer_rate": 0.96, "abandon_rate": 0.032,
        "asa": 9.0, "aht": 228.0, "longest_wait": 71.0, "ready": 1, "staffed": 4, "busy": 2, "wrap": 1, "not_ready": 0,
        "formula": {"service_level": "offered_less_short", "threshold": 20, "short": 5},
        "target": {"service_level": 0.8, "answer_rate": 0.95, "longest_wait": 60, "waiting": 6},
    }  # fmt: skip
    return {key: value for key, value in {**usual, **given}.items() if value is not None}


def board(agents: int = 12, queues: tuple[str, ...] = CHINESE, people: tuple[str, ...] | None = None) -> Json:
    """The ordinary morning: one queue near its target, one caller waiting long."""
    rows = [
        numbers(service_level=0.797, waiting=2, longest_since=NOW - 48, ready=0, answered=1204, offered=1310),
        numbers(service_level=0.93, answered=88, offered=90, abandoned=2, ready=2),
        numbers(service_level=None, answer_rate=None, answered=0, offered=0, abandoned=0, ready=1),
        numbers(
            service_level=0.92, target={"service_level": 0.9}, waiting=1, longest_since=NOW - 9.4, ready=0
        ),
        numbers(service_level=0.72, answered=12, offered=17, abandoned=5, ready=1),
    ]
    return {
        "site": {
            "name": {"zh-CN": "青禾证券客户联络中心", "zh-TW": "青禾證券客戶聯絡中心", "en": "Qinghe Securities Contact Centre"},
            "zone": "Asia/Shanghai",
        },
        "day": {"starts": DAY},
        "interval": {"starts": NOW - 24 * 60 - 36, "length": HALF_HOUR},
        "floor": {
            **numbers(service_level=0.814, waiting=3, longest_since=NOW - 48, ready=2, staffed=11, busy=6, not_ready=2),
            "interval": numbers(service_level=0.76),
            "load": 3,
            "agents": {},
        },
        "queues": {
            f"pbx1/{name}": {**rows[i % len(rows)], "name": name, "source": "pbx1", "order": i} for i, name in enumerate(queues)
        },
        "agents": {},
        "sources": {
            "pbx1": {"name": "主交换机", "type": "asterisk-ami", "state": "live", "since": NOW - 7000, "product": "Asterisk 22.5"}
        },
        "curve": [
            [DAY + 8.5 * 3600 + i * HALF_HOUR, level, 30] for i, level in enumerate((0.94, 0.91, 0.72, 0.81))
        ],
        "incomplete": [],
    } | staffed(agents, people)  # fmt: skip


def staffed(count: int, people: tuple[str, ...] | None = None) -> Json:
    """`count` agents over every state there is, the same every time."""
    chance = random.Random(count)
    names = people or PEOPLE
    states = TWELVE if count == len(TWELVE) else tuple(chance.choice(STATES) for _ in range(count))
    return {
        "agents": {
            f"a{i:03}": {
                "name": names[i % len(names)], "state": state, "since": NOW - chance.choice((4, 38, 66, 187, 259, 540, 1260)),
                "source": "pbx1", "queues": ["pbx1/咨询"],
            } | ({"reason": REASONS[state]} if state in REASONS else {})
            for i, state in enumerate(states)
        }
    }  # fmt: skip


def told(scene: Json) -> Json:
    """The floor's totals, counted from the agents."""
    counts: dict[str, int] = {}
    for agent in cast("dict[str, Json]", scene["agents"]).values():
        counts[agent["state"]] = counts.get(agent["state"], 0) + 1
    scene["floor"]["agents"] = counts
    return scene


def usual() -> Json:
    return told(board())


def english() -> Json:
    return told(board(queues=ENGLISH, people=WORKERS))


def crowd(count: int = 48) -> Json:
    return told(board(agents=count))


def doubtful(count: int = 24) -> Json:
    """More senses than one: each kind of contradiction once, and a sense whose source is away."""
    scene = board(agents=count)
    kinds = (
        ("ready_docked", "ready", "desk", "docked"),
        ("ready_vacant", "ready", "seat", "vacant"),
        ("ready_unreachable", "ready", "phone", "unavailable"),
        ("idle_talking", "ready", "phone", "in_use"),
        ("call_ended", "talking", "phone", "idle"),
    )
    scene["sources"] |= {
        "sip1": {
            "name": "话机",
            "type": "sip-dialog",
            "state": "live",
            "since": NOW - 7000,
            "product": "Kamailio",
        },
        "desks": {"name": "工位", "type": "mqtt", "state": "live", "since": NOW - 7000, "product": "MQTT 5"},
    }
    for agent, (kind, state, sense, says) in zip(scene["agents"].values(), kinds, strict=False):
        agent["state"] = state
        agent |= {"seat": "A-12", "team": "A", "extension": "1003"}
        agent["senses"] = [
            {"source": "pbx1", "sense": "acd", "says": state, "since": NOW - 360},
            {"source": "sip1", "sense": "phone", "says": "idle", "since": NOW - 400, "stale": True},
            {"source": "desks", "sense": sense, "says": says, "since": NOW - 95, "age_known": False},
        ]
        agent["conflicts"] = [{"kind": kind, "since": NOW - 95, "sources": ["pbx1", "desks"]}]
    told(scene)["floor"]["conflicts"] = len(kinds)
    return scene


def nobody() -> Json:
    """A site on its first morning: nothing came yet."""
    scene = told(board(agents=0, queues=()))
    scene["floor"] = {
        "waiting": 0,
        "agents": {},
        "target": numbers()["target"],
        "formula": numbers()["formula"],
    }
    scene["curve"] = []
    return scene


def surge() -> Json:
    scene = board(agents=24)
    for agent in scene["agents"].values():
        agent["state"] = "talking" if agent["state"] == "ready" else agent["state"]
    told(scene)["floor"] |= numbers(
        service_level=0.65, answer_rate=0.91, waiting=11, longest_since=NOW - 156, ready=0, staffed=21
    )
    scene["floor"]["load"] = 5
    scene["floor"]["busy"] = 18
    scene["floor"]["target"] = scene["floor"]["target"] | {"answer_rate": 0.925}
    scene["queues"]["pbx1/咨询"] |= {"service_level": 0.61, "waiting": 10, "longest_since": NOW - 156}
    scene["curve"].append([DAY + 10.5 * 3600, 0.41, 30])
    return scene


def two_sources() -> Json:
    """Two exchanges: what one of them tells goes on when the other is lost."""
    scene = told(board(agents=24))
    scene["sources"]["pbx2"] = scene["sources"]["pbx1"] | {"name": "分机房 FreeSWITCH", "product": ""}
    for queue in ("pbx1/投诉", "pbx1/溢出"):
        scene["queues"][queue]["source"] = "pbx2"
    for key in list(scene["agents"])[::3]:
        scene["agents"][key]["source"] = "pbx2"
    return scene


def degraded() -> Json:
    """The first exchange is gone for 40 s; a stretch before was missed too."""
    scene = two_sources()
    scene["sources"]["pbx1"] |= {"state": "down", "since": NOW - 39, "as_of": NOW - 40, "reason": "eof"}
    lacking(scene, [NOW - 40, 0])
    scene["incomplete"].insert(0, ["pbx1", NOW - 1296, NOW - 1176])
    return scene


def refused() -> Json:
    """The only exchange does not let us in: wrong password."""
    scene = usual()
    scene["sources"]["pbx1"] |= {
        "state": "refused", "since": NOW - 40, "as_of": NOW - 41, "reason": "rejected", "detail": "Authentication failed",
    }  # fmt: skip
    return lacking(scene, [NOW - 41, 0])


def resync() -> Json:
    """The first exchange is back and tells again what is true; until it is over nothing of it is live."""
    scene = two_sources()
    scene["sources"]["pbx1"] |= {"state": "resync", "since": NOW - 2, "as_of": NOW - 42}
    return lacking(scene, [NOW - 42, 0])


def mended() -> Json:
    """Two outages lie behind: everything is live, and what they touched says so; the exchange counted 3 more calls."""
    scene = lacking(told(board(agents=12)), [NOW - 1296, NOW - 1176], unseen=3)
    scene["incomplete"].insert(0, ["pbx1", NOW - 5400, NOW - 5100])
    scene["curve_incomplete"] = [DAY + 8.5 * 3600, DAY + 10 * 3600]
    return scene


def lacking(scene: Json, missed: list[float], unseen: int = 0) -> Json:
    """`scene` after an outage of its first exchange: every number that it touched says so."""
    since_interval = scene["interval"]["starts"] <= (missed[1] or NOW)
    for numbers_ in (
        scene["floor"],
        *(queue for queue in scene["queues"].values() if queue["source"] == "pbx1"),
    ):
        numbers_["incomplete"] = missed
        if since_interval and "interval" in numbers_:
            numbers_["interval"]["incomplete"] = missed
    if unseen:
        scene["floor"]["unseen"] = unseen
        for queue, missing in zip(scene["queues"].values(), (unseen - 1, 1), strict=False):
            queue["unseen"] = missing
    for agent in scene["agents"].values():
        if agent["source"] == "pbx1":
            agent["incomplete"] = True
    scene["incomplete"] = [["pbx1", *missed]]
    scene["curve_incomplete"] = [DAY + 10 * 3600]
    return scene


def unrecorded() -> Json:
    """The journal's disk is full; what is on the wall is right."""
    return usual() | {"recording": {"state": "stopped", "since": NOW - 1080, "reason": "full"}}


def unrecorded_and_lost() -> Json:
    return degraded() | {"recording": {"state": "stopped", "since": NOW - 1080, "reason": "error"}}


def stress() -> Json:
    """Late on a heavy day: more of everything than the wall was drawn for, and two of six sources lost."""
    queues = ("咨询", "回访", "推广", "见证", "投诉", "溢出", "两融业务专线", "English line", "VIP")
    scene = told(board(agents=57, queues=queues))
    scene["floor"] |= numbers(
        service_level=1.0, answer_rate=0.999, waiting=1204, longest_since=NOW - 4000, ready=120, staffed=1310
    )
    scene["queues"]["pbx1/咨询"] |= {
        "service_level": 1.0,
        "answered": 12_049,
        "offered": 13_310,
        "waiting": 104,
    }
    scene["queues"]["pbx1/咨询"]["longest_since"] = NOW - 4000
    lacking(scene, [NOW - 4000, NOW - 3000], unseen=1204)
    quarter = HALF_HOUR / 2
    scene["interval"]["length"] = quarter
    levels = [None if i % 17 == 5 else 0.35 + (i * 37 % 60) / 100 for i in range(60)]
    starts = [NOW - (60 - i) * quarter for i in range(60)]
    scene["curve"] = [
        [at, 0] if level is None else [at, level, 9] for at, level in zip(starts, levels, strict=True)
    ]
    for i in range(2, 7):
        lost = {"state": "refused" if i == 3 else "silent", "since": NOW - 100} if i in {3, 4} else {}
        scene["sources"][f"pbx{i}"] = scene["sources"]["pbx1"] | {"name": f"分机房 {i}"} | lost
    return scene


def hostile() -> Json:
    """Names from the network: markup, a right-to-left override, and far too long."""
    scene = told(board(agents=24))
    names = (
        '<img src=x onerror="document.title=1">',
        "\u202egnihctah\u202d",
        "很长的名字" * 40,
        "W" * 200,
        "__proto__",
    )
    for i, key in enumerate(scene["agents"]):
        scene["agents"][key] |= {"name": names[i % len(names)], "reason": names[(i + 1) % len(names)]}
    for i, key in enumerate(scene["queues"]):
        scene["queues"][key]["name"] = names[i % len(names)]
    scene["site"]["name"] = {"zh-CN": names[3]}
    scene["sources"]["pbx1"] |= {"name": names[0] * 3, "product": names[3]}
    return scene
