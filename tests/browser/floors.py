"""Floors with seats: the morning of the design's seat map, and larger ones, the same every time."""

import random
from typing import Any

from tests.browser import boards
from tests.browser.boards import NOW, Json

LETTERS = "ABCDEFGHIJKLMNOPQRST"
LIMITS = {"talking": 300.0, "hold": 60.0, "wrap": 90.0, "break": 600.0, "away": 900.0}
# fmt: off
STATES = (
    *["talking"] * 23, *["ready"] * 6, *["wrap"] * 4, *["break"] * 3, "ringing", "ringing", "hold", "hold", "off", "off", "off",
    "away", "training", "breather", "fault",
)
# fmt: on


def seated(count: int = 48, per_team: int = 12, *, seed: int = 5, english: bool = False) -> Json:
    """`count` people in teams of `per_team`, each with a seat and three senses; some over their limits, some contradicted."""
    chance = random.Random(seed)
    scene = boards.board(agents=0, people=boards.WORKERS if english else boards.PEOPLE)
    names = boards.WORKERS if english else boards.PEOPLE
    agents: dict[str, Json] = {}
    for i in range(count):
        team = i // per_team
        letter = LETTERS[team % len(LETTERS)]
        state = chance.choice(STATES)
        limit = LIMITS.get(state)
        spent = chance.uniform(3, (limit or 400) * 0.75)
        if limit is not None and chance.random() < 0.12:
            spent = limit * chance.uniform(0.82, 1.6)
        seat = f"{letter}-{i % per_team + 1:02}"
        agents[f"a{i:04}"] = {
            "name": names[i % len(names)], "state": state, "since": NOW - spent, "source": "pbx1",
            "queues": ["pbx1/咨询"], "team": letter, "seat": seat, "senses": _senses(state, NOW - spent, chance),
        } | ({"limit": limit} if limit is not None else {})  # fmt: skip
    scene["agents"] = agents
    scene["teams"] = {letter: {"people": {}} for letter in LETTERS[: (count + per_team - 1) // per_team]}
    live = {"type": "mqtt", "state": "live", "since": NOW - 7000, "product": ""}
    scene["sources"] |= {
        "phones": {"name": "话机", "sense": "phone", **live},
        "desks": {"name": "工位", "sense": "seat", **live},
    }
    _trouble(agents)
    scene["strangers"] = {
        "devices": {},
        "agents": [],
        "seats": {
            "Z-01": {"source": "desks", "says": "occupied", "since": NOW - 333},
            "Z-02": {"source": "desks", "says": "sensor_gone", "since": NOW - 900},
        },
    }
    return boards.told(scene)


def _senses(state: str, since: float, chance: random.Random) -> list[Json]:
    calls = state in {"talking", "hold", "ringing"}
    line = (
        "in_use"
        if state == "talking"
        else "on_hold"
        if state == "hold"
        else "ringing"
        if state == "ringing"
        else "idle"
    )
    here = calls or state in {"ready", "wrap", "training"}
    return [
        {"source": "pbx1", "sense": "acd", "says": state, "since": since},
        {"source": "phones", "sense": "phone", "says": line, "since": since},
        {
            "source": "desks",
            "sense": "desk",
            "says": "worn" if here else "docked",
            "since": since - chance.uniform(0, 60),
        },
        {"source": "desks", "sense": "seat", "says": "occupied" if here else "vacant", "since": since - 30},
    ]


def _trouble(agents: dict[str, Json]) -> None:
    """One contradiction, one broken headset, a guest, and a sensor that is gone, where there are people enough."""
    ids = list(agents)
    doubtful = agents[ids[6 % len(ids)]]
    doubtful |= {
        "state": "ready",
        "since": NOW - 372,
        "conflicts": [{"kind": "ready_vacant", "since": NOW - 365, "sources": ["pbx1", "desks"]}],
    }
    doubtful.pop("limit", None)
    doubtful["senses"] = _said("ready", "idle", "docked", "vacant")
    broken: Any = agents[ids[16 % len(ids)]]
    broken["senses"][2] |= {"says": "disconnected", "fault": "battery"}
    guest = agents[ids[11 % len(ids)]]
    guest |= {"state": "off", "since": NOW - 1800, "senses": _said("off", "idle", "docked", "occupied")}
    guest.pop("limit", None)
    agents[ids[20 % len(ids)]]["senses"][3]["says"] = "sensor_gone"


def _said(acd: str, phone: str, desk: str, seat: str) -> list[Json]:
    words = (
        ("pbx1", "acd", acd),
        ("phones", "phone", phone),
        ("desks", "desk", desk),
        ("desks", "seat", seat),
    )
    return [
        {"source": source, "sense": sense, "says": says, "since": NOW - 372} for source, sense, says in words
    ]
