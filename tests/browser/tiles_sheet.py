"""Boards with every kind of tile that tells of more than one number, and floors for each of their looks."""

from typing import Any

from tests.browser import boards
from tests.browser.boards import DAY, HALF_HOUR, NOW, Json, numbers

LEVELS = (0.95, 0.93, 0.9, 0.84, 0.74, 0.7, 0.77, 0.83, 0.86, 0.84, 0.8, 0.82, 0.88, 0.9)
OUTLOOK = {
    "capacity": 10.5, "need": 11, "gap": -0.5,
    "forecast": {"5": [0.78, 0.84, 0.9], "15": [0.71, 0.8, 0.88], "30": [0.62, 0.74, 0.86]},
}  # fmt: skip
GAPS = ((4.0, 6), (7.5, 5), (3.0, 3), (2.0, 2), (3.2, 3))
TEAMS = (
    ("qm", "启明", "Qiming", 19.6),
    ("zy", "卓越", "Zhuoyue", 18.9),
    ("yh", "远航", "Yuanhang", 18.2),
    ("tx", "同心", "Tongxin", 17.5),
)
NOTICES = (
    {"zh-CN": "11:30 起午间轮换，值班表见班前会纪要", "zh-TW": "11:30 起午間輪換，值班表見班前會紀要", "en": "Lunch rotation from 11:30, rota in the briefing notes"},
    {"zh-CN": "交易 App 行情延迟，话术 **K-118** 已更新", "zh-TW": "交易 App 行情延遲，話術 **K-118** 已更新", "en": "Quotes in the app are delayed, script **K-118** is updated"},
)  # fmt: skip
THANKS = {
    "zh-CN": "李静怡：客户点名感谢",
    "zh-TW": "李靜怡：客戶點名感謝",
    "en": "Li Jingyi: thanked by a customer by name",
}
HEADLINE = {"zh-CN": "今天的重点", "zh-TW": "今天的重點", "en": "Today's focus"}
BODY = {
    "zh-CN": "先核对**身份**，再谈账户。\n遇到行情延迟：用话术 K-118。",
    "zh-TW": "先核對**身分**，再談帳戶。\n遇到行情延遲：用話術 K-118。",
    "en": "Verify **identity** first, then talk of the account.\nDelayed quotes: use script K-118.",
}  # fmt: skip
PICTURE = {"zh-CN": "标志", "zh-TW": "標誌", "en": "The logo"}


def full() -> Json:
    """The ordinary morning with people, teams, a forecast, two hours of trend, and the day before."""
    scene = boards.usual()
    scene["yesterday"] = [
        [DAY - 86_400 + 8.5 * 3600 + i * HALF_HOUR, level, 20 + 3 * i] for i, level in enumerate(LEVELS)
    ]
    scene["floor"] |= {"outlook": OUTLOOK, "trend": trend()}
    for queue, (capacity, need) in zip(scene["queues"].values(), GAPS, strict=True):
        queue["outlook"] = OUTLOOK | {"capacity": capacity, "need": need, "gap": capacity - need}
        queue["trend"] = trend()
    scene["teams"] = {
        team: numbers(answered=round(per * 12), handled=round(per * 12), missed=3)
        | {
            "name": chinese,
            "names": {"en": english},
            "people": {"persons": 12, "calls_per_agent": per, "calls_target": 70},
        }
        for team, chinese, english, per in TEAMS
    }
    for i, agent in enumerate(scene["agents"].values()):
        agent |= {"answered": 31 - 2 * (i // 2), "team": TEAMS[i % 4][0]}
    return scene


def trend() -> Json:
    """Two hours in steps of five minutes, two of them without calls."""
    levels = [[k, 0.7 + (k * 7 % 25) / 100] for k in range(24) if k not in {9, 10}]
    return {
        "from": NOW - 36 - 7200, "step": 300, "service_level": levels, "answer_rate": levels,
        "offered": [[k, 6 + k * 5 % 9] for k in range(24)],
    }  # fmt: skip


def trouble() -> Json:
    """One of two exchanges lost, a queue over its limits, nothing recorded, and people to verify."""
    scene = full()
    scene["sources"]["pbx2"] = scene["sources"]["pbx1"] | {"name": "分机房 FreeSWITCH", "product": ""}
    scene["sources"]["pbx2"] |= {"state": "down", "since": NOW - 39, "as_of": NOW - 40, "reason": "eof"}
    for queue in ("pbx1/投诉", "pbx1/溢出"):
        scene["queues"][queue]["source"] = "pbx2"
    scene["queues"]["pbx1/咨询"] |= {
        "service_level": 0.61,
        "waiting": 10,
        "longest_since": NOW - 156,
        "ready": 0,
    }
    scene["queues"]["pbx1/回访"] |= {"waiting": 5, "longest_since": NOW - 51}
    scene["recording"] = {"state": "stopped", "since": NOW - 1080, "reason": "full"}
    scene["floor"]["conflicts"] = 3
    return scene


def lost() -> Json:
    """The only exchange does not let us in."""
    scene = full()
    scene["sources"]["pbx1"] |= {
        "state": "refused",
        "since": NOW - 40,
        "as_of": NOW - 41,
        "reason": "rejected",
    }
    return boards.lacking(scene, [NOW - 41, 0])


def poor() -> Json:
    """Half an hour after opening: fewer calls than a forecast takes."""
    scene = full()
    scene["floor"]["outlook"] = {"capacity": 11, "why": "too_little_data"}
    for queue in scene["queues"].values():
        queue["outlook"] = {"capacity": 3, "why": "too_little_data"}
    del scene["yesterday"]
    return scene


FLOORS = {"full": full, "trouble": trouble, "lost": lost, "poor": poor, "empty": boards.nobody}


def tile(kind: str, x: int, y: int, w: int, h: int, **options: Any) -> Json:
    return {"id": f"{kind}-{x}-{y}", "kind": kind, "x": x, "y": y, "w": w, "h": h, "options": options}


def notices(*texts: Json) -> list[Json]:
    return [{"text": text} for text in texts]


def charts() -> list[Json]:
    return [
        tile("curve", 0, 0, 6, 8),
        tile("curve", 6, 0, 5, 8, metric="offered"),
        tile("curve", 11, 0, 5, 8, metric="answer_rate", scope="queue:pbx1/咨询"),
        tile("outlook", 0, 8, 6, 7),
        tile("outlook", 6, 8, 5, 7, scope="queue:pbx1/咨询"),
        tile("gap", 11, 8, 5, 9),
        tile("curve", 0, 15, 11, 9, scope="queue:pbx1/咨询"),
        tile("outlook", 11, 17, 5, 7, scope="queue:pbx1/推广"),
    ]


def people() -> list[Json]:
    return [
        tile("alerts", 0, 0, 9, 12),
        tile("gap", 9, 0, 7, 12),
        tile("race", 0, 12, 6, 9),
        tile("leaderboard", 6, 12, 5, 9),
        tile("leaderboard", 11, 12, 5, 5, who="people", top="5", metric="answered"),
        tile("thanks", 11, 17, 5, 4, notices=notices(THANKS)),
        tile("ticker", 0, 21, 10, 3, notices=notices(*NOTICES)),
        tile("clock", 10, 21, 6, 3, seconds=True, date=True),
    ]


def words() -> list[Json]:
    return [
        tile("text", 0, 0, 8, 8, headline=HEADLINE, body=BODY),
        tile("clock", 8, 0, 8, 8, city_london=True, city_newyork=True, city_tokyo=True),
        tile("picture", 0, 8, 4, 8, picture="logo", alt=PICTURE),
        tile("picture", 4, 8, 4, 8, picture="gone", alt=PICTURE),
        tile("embed", 8, 8, 4, 8, address="https://elsewhere.example.com/"),
        tile("embed", 12, 8, 4, 8, address="https://status.example.com/"),
        tile("thanks", 0, 16, 5, 6),
        tile("thanks", 5, 16, 5, 6, notices=notices(THANKS)),
        tile("text", 10, 16, 3, 6, body=BODY),
        tile("clock", 13, 16, 3, 6, city_london=True, city_tokyo=True),
        tile("ticker", 0, 22, 6, 2),
        tile("ticker", 6, 22, 10, 2, notices=notices({"zh-CN": "长" * 60, "en": "A long announcement of many words " * 4})),
    ]  # fmt: skip


def least() -> list[Json]:
    """Each at the smallest it may be."""
    return [
        tile("curve", 0, 0, 5, 5),
        tile("outlook", 5, 0, 4, 5),
        tile("gap", 9, 0, 4, 5),
        tile("clock", 13, 0, 3, 2, seconds=True, date=True),
        tile("thanks", 10, 10, 4, 4, notices=notices(THANKS)),
        tile("leaderboard", 0, 5, 4, 5),
        tile("race", 4, 5, 4, 5),
        tile("alerts", 8, 5, 5, 4),
        tile("text", 13, 5, 3, 2, headline=HEADLINE),
        tile("picture", 13, 7, 2, 2, picture="logo"),
        tile("embed", 0, 10, 4, 4, address="http://plain.example.com/"),
        tile("ticker", 4, 10, 6, 2, notices=notices(*NOTICES)),
    ]


PAGES = {"charts": charts, "people": people, "words": words, "least": least}


def board(tiles: list[Json], theme: str = "dark", **rest: Any) -> Json:
    """One page of them."""
    return {
        "format": 1, "id": "sheet", "name": {"en": "Sheet"}, "theme": theme, "distance": 8, "diagonal": 55,
        "pages": [{"dwell": 30, "tiles": tiles}],
    } | rest  # fmt: skip


def alone(kind: str, **options: Any) -> Json:
    """One tile on the whole screen."""
    return board([tile(kind, 0, 0, 16, 24, **options)])
