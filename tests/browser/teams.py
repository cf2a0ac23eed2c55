"""Boards for the lead's page: a team with every kind of trouble, and a floor of a thousand."""

import random

from tests.browser import boards
from tests.browser.boards import NOW, Json

# name, English name, seat, state, seconds in it, limit, reason, what is wrong
# fmt: off
TWELVE: tuple[tuple[str, str, str, str, float, float | None, str, str], ...] = (
    ("周明远", "Zhou Mingyuan", "A-07", "ready", 372, 30, "", "ready_docked"),
    ("王浩然", "Wang Haoran", "A-03", "talking", 768, 300, "", ""),
    ("赵雨桐", "Zhao Yutong", "A-11", "away", 740, 900, "处理设备故障", ""),
    ("何欣然", "He Xinran", "A-05", "hold", 52, 60, "", ""),
    ("孙嘉树", "Sun Jiashu", "A-09", "break", 490, 600, "小休 10 分", ""),
    ("刘子涵", "Liu Zihan", "A-02", "wrap", 65, 120, "", ""),
    ("陈思琪", "Chen Siqi", "A-01", "talking", 206, 300, "", ""),
    ("许文博", "Xu Wenbo", "A-06", "talking", 134, 300, "", ""),
    ("林晓彤", "Alexandra Petrova-Katz", "A-08", "talking", 47, 300, "", ""),
    ("李静怡", "Li Jingyi", "A-04", "ringing", 4, 15, "", ""),
    ("郭子睿", "Guo Zirui", "A-10", "ready", 96, None, "", "ready_vacant"),
    ("沈若溪", "Shen Ruoxi", "A-12", "off", 5400, None, "", ""),
)
# fmt: on
WHOLE_QUEUES = {
    "pbx1/consult": ("咨询", "咨詢", "Enquiry"),
    "pbx1/callback": ("回访", "回訪", "Call-back"),
    "pbx1/witness": ("远程见证", "遠端見證", "Remote witness"),
}
SAYS = {"talking": "in_use", "hold": "in_use", "ringing": "ringing"}


def named(words: tuple[str, str, str]) -> Json:
    return dict(zip(("zh-CN", "zh-TW", "en"), words, strict=True))


def senses(state: str, wrong: str, since: float) -> list[Json]:
    """What a phone, a headset and a seat say of somebody in this state."""
    at_work = state not in {"off", "break", "meal", "away"}
    told = {
        "phone": SAYS.get(state, "idle"),
        "desk": "docked" if wrong == "ready_docked" or not at_work else "worn",
        "seat": "vacant" if wrong == "ready_vacant" or not at_work else "occupied",
    }
    return [
        {"source": "pbx1", "sense": "acd", "says": state, "since": since},
        *(
            {"source": "devices", "sense": sense, "says": says, "since": since}
            for sense, says in told.items()
        ),
    ]


def person(index: int, told: tuple[str, str, str, str, float, float | None, str, str]) -> Json:
    name, english, seat, state, lasts, limit, reason, wrong = told
    since = NOW - lasts
    agent: Json = {
        "name": name, "names": {"zh-CN": name, "zh-TW": name, "en": english}, "state": state, "since": since,
        "source": "pbx1", "team": "A", "seat": seat, "extension": str(1001 + index), "answered": 16 + index % 11,
        "handled": 16 + index % 11, "talk": 3400.0 + 90 * index, "hold": 120.0, "wrap": 700.0, "missed": index % 3,
        "longest_talk": 640.0, "longest_hold": 44.0, "logged_on": NOW - 7000, "times_at": since,
        "times": {"talking": 3500.0 + 60 * index, "ready": 1400.0, "wrap": 700.0, "break": 480.0 + 20 * index},
        "queues": list(WHOLE_QUEUES)[: 1 + index % 3], "senses": senses(state, wrong, since),
    }  # fmt: skip
    if limit is not None:
        agent["limit"] = limit
    if reason:
        agent["reason"] = reason
    if wrong:
        agent["conflicts"] = [{"kind": wrong, "since": NOW - min(lasts, 95), "sources": ["pbx1", "devices"]}]
    return agent


def team(people: int = 12) -> Json:
    """One team's morning, the design's own twelve; more of them are made up the same each time."""
    scene = boards.board(agents=0, queues=("咨询", "回访", "见证"))
    rows = list(scene["queues"].values())
    scene["queues"] = {
        queue: row | {"names": named(words), "name": queue}
        for (queue, words), row in zip(WHOLE_QUEUES.items(), rows, strict=True)
    }
    scene["queues"]["pbx1/witness"] |= boards.numbers(
        waiting=1,
        longest_since=NOW - 9,
        outlook={"gap": -2.0},
        interval=boards.numbers(offered=12, answered=11),
    )
    chance = random.Random(people)
    agents = [person(i, told) for i, told in enumerate(TWELVE[:people])]
    for i in range(len(agents), people):
        state = chance.choice(boards.STATES)
        name = f"{boards.PEOPLE[i % 12]}{i // 12}"
        agents.append(
            person(
                i,
                (
                    name,
                    f"{TWELVE[i % 12][1]} {i // 12}",
                    f"B-{i:03}",
                    state,
                    chance.randrange(290),
                    300,
                    "",
                    "",
                ),
            )
            | {"team": "ABCD"[i % 4]}
        )
    scene["agents"] = {f"a{i:03}": agent for i, agent in enumerate(agents)}
    scene["teams"] = {
        team: boards.numbers(names=named(words), staffed=sum(a["team"] == team and a["state"] != "off" for a in agents))
        | {"people": {"calls_target": 70}}
        for team, words in {
            "A": ("启明组", "啟明組", "Qiming team"), "B": ("长庚组", "長庚組", "Changgeng team"),
            "C": ("北辰组", "北辰組", "Beichen team"), "D": ("南斗组", "南斗組", "Nandou team"),
        }.items()
        if any(agent["team"] == team for agent in agents)
    }  # fmt: skip
    scene["sources"]["devices"] = {
        "name": "工位设备", "names": named(("工位设备", "座位設備", "Desk devices")), "type": "mqtt", "sense": "desk",
        "state": "live", "since": NOW - 7000, "product": "MQTT 5",
    }  # fmt: skip
    boards.told(scene)["floor"]["staffed"] = sum(agent["state"] != "off" for agent in agents)
    scene["floor"]["people"] = {"calls_target": 70}
    return scene


def day() -> Json:
    """What `/api/v1/people/…/day` answers: two hours of calls, a break, a contradiction."""
    start = NOW - 2 * 3600
    spells: list[Json] = []
    calls: list[Json] = []
    phone: list[Json] = []
    at, order = start, ("ready", "ringing", "talking", "hold", "talking", "wrap")
    lengths = {"ready": 70, "ringing": 6, "talking": 120, "hold": 24, "wrap": 38}
    while at < NOW - 1200:
        if 2 * 3600 - 3400 < at - start < 2 * 3600 - 3000:
            spells.append({"from": at, "to": at + 600, "state": "break", "reason": "小休"})
            phone.append({"from": at, "to": at + 600, "says": "idle"})
            at += 600
        began = at
        for state in order:
            spells.append({"from": at, "to": at + lengths[state], "state": state})
            at += lengths[state]
        calls.append({"from": began + 76, "to": at - 38, "queue": "咨询", "direction": "in"})
        phone += [
            {"from": began, "to": began + 70, "says": "idle"}, {"from": began + 70, "to": at - 38, "says": "in_use"},
            {"from": at - 38, "to": at, "says": "idle"},
        ]  # fmt: skip
    spells.append({"from": at, "state": "ready"})
    phone.append({"from": at, "says": "idle"})
    return {
        "agent": "a000", "from": start, "to": NOW, "spells": spells, "calls": calls,
        "senses": [
            {"source": "devices", "sense": "phone", "device": "p1", "spans": phone},
            {"source": "devices", "sense": "desk", "device": "h1", "spans": [
                {"from": start, "to": NOW - 372, "says": "worn"}, {"from": NOW - 372, "says": "docked"}]},
            {"source": "devices", "sense": "seat", "device": "s1", "spans": [
                {"from": start, "to": start + 1800, "says": "occupied"}, {"from": start + 1800, "to": start + 2000, "says": "sensor_gone"},
                {"from": start + 2000, "says": "occupied"}]},
        ],
        "conflicts": [{"kind": "ready_docked", "from": NOW - 372}],
    }  # fmt: skip


def waiting() -> Json:
    """What `/api/v1/contacts?outcome=open` answers: two wait, one of them long; one talks already."""
    queue = "pbx1/consult"
    return {
        "contacts": [
            {"id": "v1", "source": "pbx1", "queue": queue, "caller": "138****2046", "queued": NOW - 48, "outcome": "open"},
            {"id": "v2", "source": "pbx1", "queue": queue, "caller": "791****4034", "queued": NOW - 75, "outcome": "open"},
            {"id": "v3", "source": "pbx1", "queue": queue, "caller": "02****11", "queued": NOW - 200, "answered": NOW - 190, "outcome": "open"},
        ]
    }  # fmt: skip
