"""A lead's desk for tests: the team's morning with an alert of every state, the words of their rules, and who is signed in.

`desk()` is the board; `answers(wall)` lets a `MockWall` answer what the page asks beside it (session, acts, moves, rules, history,
channels), and do what it is told: an alert that is acknowledged is so on every screen, and who comes second is told who was first.
"""

import json
from typing import Any
from urllib.parse import unquote

from tests.browser import teams
from tests.browser.boards import NOW, Json
from tests.browser.mock_library import Answer
from tests.browser.mock_wall import MockWall

ACTS = (
    "alert.acknowledge", "alert.escalate", "alert.snooze", "alert.unsnooze", "announcement.post", "break.grant", "help.end",
    "help.take", "move.make", "patrol.make",
)  # fmt: skip
SONG: Json = {"id": "song", "name": "宋佳", "role": "lead"}
CHEN: Json = {"id": "chen", "name": "Chen Li", "role": "supervisor"}
ENQUIRY = "service_level%40queue%3Apbx1%2Fconsult"
"""As it stands in an address."""


FIGURES = {"rate": 148.0, "rate_hour": 96.0, "capacity": 3.0, "need": 5.0}


def named(chinese: str, taiwan: str, english: str) -> Json:
    return {"zh-CN": chinese, "zh-TW": taiwan, "en": english}


# fmt: off
RULES: Json = {
    "ready_away": {
        "names": named("就绪但耳麦离线", "就緒但耳麥離線", "Ready but headset off"), "unit": "seconds", "metric": "ready_away", "severity": "breach", "timer": True,
        "todo": named("走到座位旁确认，请坐席改为未就绪", "走到座位旁確認，請值機人員改為未就緒", "Walk over, and ask them to go not ready"),
    },
    "long_talk": {
        "names": named("通话过长，升温来电", "通話過長，升溫來電", "Long call, heating up"), "unit": "seconds", "metric": "talk", "severity": "breach", "timer": True,
        "todo": named("旁听，必要时接管", "旁聽，必要時接手", "Listen in, take over where needed"),
    },
    "service_level": {
        "names": named("服务水平低于目标", "服務水準低於目標", "Service level under target"),
        "unit": "percent", "metric": "service_level", "severity": "warn",
        "todo": named("推迟小休，从回访借人", "延後小休，從回訪借人", "Delay breaks, borrow people from call-back"),
    },
    "waiting": {
        "names": named("排队人数过多", "等候人數過多", "Many callers waiting"), "unit": "count", "metric": "waiting", "severity": "warn",
        "todo": named("召回可就绪的人", "召回可就緒的人", "Call back who can be ready"),
    },
    "source_away": {
        "names": named("数据源中断", "資料來源中斷", "Source is away"), "unit": "none", "metric": "source", "severity": "breach",
        "todo": named("看健康页", "看健康頁", "Look at the health page"),
    },
    "seat_fault": {
        "names": named("耳麦反复掉线", "耳麥反覆離線", "Headset drops out again and again"), "unit": "count", "metric": "faults", "severity": "info",
        "todo": named("换一副耳麦", "換一副耳麥", "Give them another headset"),
    },
}
# fmt: on


def told(at: float, kind: str = "fired", step: int = 0, roles: tuple[str, ...] = ("lead",)) -> Json:
    return {
        "at": at,
        "kind": kind,
        "step": step,
        "roles": list(roles),
        "people": ["宋佳"],
        "skipped": [],
        "channels": ["wecom-leads"],
    }


def alert(rule: str, scope: str, state: str, since: float, **more: Any) -> Json:
    usual: Json = {
        "rule": rule, "scope": scope, "severity": RULES[rule]["severity"], "state": state, "since": NOW - since,
        "history": [{"at": NOW - since, "what": "pending"}],
    }  # fmt: skip
    if state != "pending":
        usual |= {"fired": NOW - since + 20, "told": [told(NOW - since + 20)]}
        usual["history"].append({"at": NOW - since + 20, "what": "fired"})
    return usual | more


def alerts() -> Json:
    """Each state once and more: two that ask, one explained by another, one in hand, one put off, one that nobody can judge, one to come."""
    every = [
        alert("ready_away", "agent:a000", "firing", 342, agent="a000", team="A", value=372.0, threshold=30.0,
              next={"at": NOW + 108, "roles": ["supervisor"]}),
        alert("service_level", "queue:pbx1/consult", "firing", 185, queue="pbx1/consult", value=0.797, threshold=0.8, worst=0.76,
              hints=["volume", "staffing"], figures=dict(FIGURES), wall=True, next={"at": NOW + 400, "roles": ["operations"]}),
        alert("waiting", "queue:pbx1/consult", "firing", 160, queue="pbx1/consult", value=6.0, threshold=4.0, wall=True,
              inhibited_by="service_level@queue:pbx1/consult"),
        alert("waiting", "queue:pbx1/witness", "firing", 150, queue="pbx1/witness", value=3.0, threshold=2.0,
              inhibited_by="service_level@queue:pbx1/consult"),
        alert("long_talk", "agent:a001", "acknowledged", 468, agent="a001", team="A", value=768.0, threshold=300.0,
              acked={"by": SONG, "at": NOW - 156}),
        alert("seat_fault", "agent:a004", "snoozed", 2400, agent="a004", team="A", value=3.0, threshold=2.0,
              snooze={"by": SONG, "until": NOW + 900, "reason": "新耳麦在路上"}),
        alert("waiting", "queue:pbx1/callback", "no_data", 75, queue="pbx1/callback", source="devices",
              no_data_since=NOW - 75),
        alert("long_talk", "agent:a006", "pending", 12, agent="a006", team="A", value=206.0, threshold=300.0),
    ]  # fmt: skip
    return {f"{each['rule']}@{each['scope']}": each for each in every}


def desk() -> Json:
    scene = teams.team()
    scene["alerts"], scene["alert_rules"] = alerts(), json.loads(json.dumps(RULES))
    scene["queues"]["pbx1/consult"] |= {
        "trend": {
            "from": NOW - 7200,
            "step": 300,
            "service_level": [[k, 0.92 - 0.006 * k] for k in range(24)],
        },
        "outlook": {
            "gap": -2.0,
            "forecast": {"5": [0.72, 0.79, 0.86], "15": [0.68, 0.78, 0.87], "30": [0.64, 0.77, 0.86]},
        },
    }
    scene["break_desk"] = {
        "kinds": {
            "short": {"names": named("小休", "小休", "Break"), "lasts": 600, "quota_times": 2},
            "meal": {"names": named("用餐", "用餐", "Meal"), "lasts": 1800},
        },
        "scopes": {"team:A": {"away": 3, "cap": 4, "staffed": 11, "may_leave": 1}},
        "used": {"a006": {"short": [1, 540]}},
    }
    scene["breaks"] = {
        "b1": {
            "agent": "a006",
            "team": "A",
            "kind": "short",
            "state": "requested",
            "requested": NOW - 80,
            "via": "page",
            "lasts": 600,
        },
        "b2": {
            "agent": "a007",
            "team": "A",
            "kind": "meal",
            "state": "requested",
            "requested": NOW - 40,
            "via": "page",
            "lasts": 1800,
        },
        "b3": {
            "agent": "a004",
            "team": "A",
            "kind": "short",
            "state": "running",
            "requested": NOW - 500,
            "via": "reason",
            "began": NOW - 490,
            "lasts": 600,
        },
    }
    scene["help_limit"] = 60
    scene["help"] = {
        "h1": {
            "agent": "a005",
            "team": "A",
            "seat": "A-02",
            "topic": "两融展期规则",
            "state": "open",
            "asked": NOW - 38,
            "via": "page",
        }
    }
    scene["patrols"] = {
        "A": {
            "made": [{"at": NOW - 2400, "by": SONG}, {"at": NOW - 900, "by": SONG}],
            "due_every": 900,
            "next_due": NOW + 380,
        }
    }
    return scene


def session(role: str = "lead") -> Json:
    return {"id": "song", "name": "宋佳", "role": role}


def moves() -> Json:
    """Two people of call-back who would serve enquiry."""
    bands = (
        ([0.55, 0.63, 0.71], [0.54, 0.62, 0.7], [0.7, 0.79, 0.88], [0.74, 0.82, 0.9]),
        ([0.54, 0.62, 0.7], [0.53, 0.61, 0.69], [0.74, 0.82, 0.9], [0.77, 0.85, 0.92]),
    )
    return {
        "at": NOW,
        "moves": [
            {"agent": agent, "from_queue": "pbx1/callback", "to_queue": "pbx1/consult", "ready": agent == "a007", "joins": False,
             "from_before": one, "from_after": two, "to_before": three, "to_after": four}
            for agent, (one, two, three, four) in zip(("a007", "a010"), bands, strict=True)
        ]
    }  # fmt: skip


class Desk:
    """What the house would do with an act: the first one acts, and the second is told who was faster. ``done`` has them all."""

    def __init__(self, wall: MockWall, by: Json | None = None) -> None:
        self.wall, self.by = wall, by or SONG
        self.done: list[tuple[str, Json]] = []
        self.refuses: dict[str, tuple[int, Json]] = {}
        """Acts that are answered so instead."""
        self._lives = wall.written
        wall.written = self.written  # type: ignore[method-assign]

    def _rules(self, method: str, path: str, body: bytes) -> Answer:
        """Saves, undoes and tries rules, as far as a page can tell."""
        id, _, verb = path.removeprefix("/api/v1/alert-rules/").partition("/")
        document = self.wall.documents["/api/v1/alert-rules"]
        words = json.loads(body)["words"] if body else {}
        if words.get("at_least") == "soon":
            return _json(
                422,
                {
                    "title": "Wrong",
                    "mistakes": [{"where": "at_least", "what": 'must be a number, not "soon"'}],
                },
            )
        if verb == "try":
            would = [
                {
                    "scope": "queue:pbx1/consult",
                    "state": "firing",
                    "value": 6,
                    "threshold": words.get("at_least", 0),
                },
                {"scope": "queue:pbx1/callback", "state": "inactive", "value": 0},
                {"scope": "queue:pbx1/witness", "state": "no_data"},
            ]
            return _json(200, {"would": would})
        every = [each for each in document["rules"] if each["id"] != id]
        if method == "PUT":
            every.append({"id": id, "origin": "shipped", "changed": True, "words": words})
        elif id == "waiting":
            every.append(next(each for each in rules()["rules"] if each["id"] == id) | {"changed": False})
        document["rules"] = sorted(every, key=lambda each: str(each["id"]))
        return _json(200, {})

    def written(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> Answer:
        name = path.removeprefix("/api/v1/acts/")
        if path.startswith("/api/v1/alert-rules/"):
            return self._rules(method, path, body)
        if path.startswith("/api/v1/channels/"):
            is_good = "wecom" in path
            return _json(
                200,
                {"outcome": "ok", "said": "ok"}
                if is_good
                else {"outcome": "failed", "said": "310000: sign not match"},
            )
        if method != "POST" or name == path:
            return self._lives(method, path, query, headers, body)
        self.wall.asked.append(f"{method} {path}")
        arguments = json.loads(body)["arguments"]
        if name in self.refuses:
            status, problem = self.refuses[name]
            return _json(status, problem)
        self.done.append((name, arguments))
        return self._do(name, arguments)

    def _do(self, name: str, arguments: Json) -> Answer:
        item = self.wall.board["alerts"].get(arguments.get("alert", ""))
        if name == "alert.acknowledge" and item is not None:
            if item["state"] == "acknowledged":
                acked = item["acked"]
                return _json(409, {"title": "Not now", "detail": "It was acknowledged.", "done": "acknowledged",
                                   "by": acked["by"]["name"], "at": acked["at"]})  # fmt: skip
            item |= {"state": "acknowledged", "acked": {"by": self.by, "at": self.wall.now}}
            item.pop("next", None)
        elif name == "alert.snooze" and item is not None:
            item |= {
                "state": "snoozed",
                "snooze": {
                    "by": self.by,
                    "until": self.wall.now + arguments["lasts"],
                    "reason": arguments["reason"],
                },
            }
            item.pop("next", None)
        elif name == "alert.escalate" and item is not None:
            item["next"] = {"at": self.wall.now + 300, "roles": ["operations"]}
        return _json(200, {})

    async def shows(self) -> None:
        """As the server would a moment later: what was done is on every screen."""
        await self.wall.change((["alerts"], self.wall.board["alerts"]))


def answers(wall: MockWall, role: str = "lead", by: Json | None = None) -> Desk:
    """Lets `wall` answer as a house with a desk: who is signed in, what they may, and what comes of it."""
    wall.documents |= {
        "/api/v1/session": session(role),
        "/api/v1/acts": {"acts": [] if role == "quality" else list(ACTS)},
        "/api/v1/moves": moves(),
        "/api/v1/alert-rules": rules(),
        "/api/v1/deliveries": deliveries(),
        "/api/v1/alerts": over(),
        f"/api/v1/alerts/{ENQUIRY}": whole(unquote(ENQUIRY)),
    }
    return Desk(wall, by)


def _json(status: int, document: Json) -> Answer:
    kind = "application/json" if status < 400 else "application/problem+json"
    return status, {"Content-Type": kind}, json.dumps(document).encode()


# ── rules and channels ──

METRICS: Json = {
    "service_level": {"unit": "percent", "scopes": ["queue", "line", "team", "floor"], "windowed": True},
    "longest_waiting": {"unit": "seconds", "scopes": ["queue", "floor"], "timer": True},
    "waiting": {"unit": "count", "scopes": ["queue", "floor"]},
    "occupancy": {"unit": "percent", "scopes": ["floor", "team"], "windowed": True},
}


def rules() -> Json:
    """One that came with ccwall, one of it that was changed, one of the configuration, one's own, one that is off."""
    names = {rule: told["names"] for rule, told in RULES.items()}
    return {
        "may_edit": True, "metrics": METRICS,
        "rules": [
            {"id": "service_level", "origin": "shipped", "words": {
                "id": "service_level", "metric": "service_level", "scope": "queue", "below": "target.service_level", "for": "3m", "window": "rolling 30",
                "severity": "warn", "name": names["service_level"], "todo": RULES["service_level"]["todo"], "wall": True}},
            {"id": "waiting", "origin": "shipped", "changed": True, "words": {
                "id": "waiting", "metric": "waiting", "scope": "queue", "at_least": 4, "for": "30s", "severity": "warn", "name": names["waiting"]}},
            {"id": "longest", "origin": "configured", "words": {
                "id": "longest", "metric": "longest_waiting", "scope": "queue", "at_least": "60s", "severity": "breach", "quiet_hours": ["22:00-07:00"],
                "name": named("最长等待过长", "最長等候過長", "Somebody waits too long")}},
            {"id": "busy", "origin": "own", "words": {
                "id": "busy", "metric": "occupancy", "scope": "floor", "outside": [0.7, 0.85], "for": "10m", "severity": "info", "days": ["workdays"],
                "name": named("利用率失衡", "利用率失衡", "Occupancy out of balance")}},
            {"id": "idle", "origin": "shipped", "words": {
                "id": "idle", "metric": "occupancy", "scope": "team", "below": 0.5, "enabled": False, "name": named("班组空闲", "班組閒置", "A team is idle")}},
        ],
    }  # fmt: skip


def entry(channel: str, state: str, at: float, said: str, tries: int, **more: Any) -> Json:
    outcomes = {"sent": "ok", "failed": "failed"}
    return {
        "key": f"k{at:.0f}", "channel": channel, "state": state, "severity": "breach", "put": at, "said": said, "maybe_twice": False,
        "title": {lang: f"{name}: {RULES['waiting']['names'][lang]}" for lang, name in named("咨询", "咨詢", "Enquiry").items()},
        "tries": [
            {"number": i + 1, "at": at + 2 + 30 * i, "took": 0.2, "outcome": outcomes.get(state, "retry") if i == tries - 1 else "retry", "said": said}
            for i in range(tries)
        ],
    } | more  # fmt: skip


def deliveries() -> Json:
    """A channel that works, one that is refused, one that does not answer, one that was never used; notes in every state."""
    usual = {
        "language": "zh-CN",
        "severities": ["info", "warn", "breach", "critical"],
        "detail": "",
        "waiting": 0,
        "sent": 0,
        "failed": 0,
        "since": NOW - 3600,
    }
    return {
        "may_test": True, "problem": "",
        "channels": [
            usual | {"name": "wecom-leads", "type": "wecom", "state": "live", "sent": 41},
            usual | {"name": "dingtalk-duty", "type": "dingtalk", "state": "refused", "failed": 3, "since": NOW - 600,
                     "detail": "310000: sign not match (the robot's safety settings refuse it: compare the secret)"},
            usual | {"name": "mail-operations", "type": "smtp", "state": "down", "waiting": 2, "since": NOW - 90, "detail": "connection refused by mail.example.org"},
            usual | {"name": "lamp-north", "type": "mqtt", "state": "idle"},
        ],
        "entries": [
            entry("mail-operations", "waiting", NOW - 80, "connection refused", 2, next_try=NOW + 40),
            entry("wecom-leads", "sent", NOW - 300, "ok", 1, done=NOW - 299),
            entry("dingtalk-duty", "failed", NOW - 400, "310000: sign not match", 1, done=NOW - 399),
            entry("wecom-leads", "sent", NOW - 4000, "ok", 2, done=NOW - 3960, maybe_twice=True),
            entry("pager", "dropped", NOW - 9000, "there is no channel of this name any more", 0, done=NOW - 8000),
        ],
    }  # fmt: skip


def whole(id: str) -> Json:
    """What the server says of one alert: all of its history, who was told by which channel, and the numbers around it."""
    item = alerts()[id] | {
        "hints": ["volume", "staffing"], "figures": dict(FIGURES),
        "history": [
            {"at": NOW - 165, "what": "fired", "value": 0.79}, {"at": NOW - 120, "what": "escalated", "by": SONG, "note": "需要借人"},
            {"at": NOW - 60, "what": "worsened", "value": 0.76},
        ],
        "told": [
            told(NOW - 165) | {"key": "n1", "put": {"wecom-leads": {"ok": True, "at": NOW - 164, "attempts": 1}}},
            told(NOW - 120, "escalated", 1, ("supervisor",)) | {"key": "n2", "people": ["Chen Li"], "skipped": ["吴敏"], "channels": ["wecom-leads", "dingtalk-duty"],
                "put": {"dingtalk-duty": {"ok": False, "at": NOW - 100, "attempts": 3, "detail": "310000: sign not match"}}},
        ],
    }  # fmt: skip
    levels = [0.9, 0.89, 0.9, 0.87, 0.85, 0.86, 0.83, 0.82, 0.8, 0.79, 0.77, 0.76, 0.78, 0.79, 0.797]
    return {
        "alert": item,
        "curve": {"points": [[NOW - 60 * (14 - i), level] for i, level in enumerate(levels)]},
    }


def over() -> Json:
    """Of today, over."""
    return {
        "alerts": {
            "waiting@queue:pbx1/witness": alert("waiting", "queue:pbx1/witness", "resolved", 5000, queue="pbx1/witness", value=1.0,
                                                threshold=2.0, worst=5.0, ended=NOW - 4100, why="cleared"),
        }
    }  # fmt: skip
