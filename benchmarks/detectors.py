"""How soon a surge is proposed, and how often there was none: seeded days of the simulator, looked at once a minute as the house does.

python -m benchmarks.detectors [ordinary days] [surges]
"""

import sys
from dataclasses import replace

import msgspec

from benchmarks.simulated_day import HOUSE, MORNING, Day, Life, Told, day
from ccwall import events
from ccwall_simulators.callcentre.duration import TimeOfDay

HOURS = 4
BEGINS, HIGH = 5400, 2.5 / 0.85
"""Seconds after the opening, and times the calls before."""
LEAST = 6.0
"""calls a minute of a floor on which a surge is looked for"""


def proposed(asked: Day, hours: float) -> list[tuple[int, str]]:
    """Minute of the day and kind of every incident that the house proposes."""
    life, told, found = Life(asked), Told(asked), list[tuple[int, str]]()
    for minute in range(11, int(hours * 60)):
        now = MORNING + 60 * minute
        for happening in life.live(now):
            told.hear(happening)
        for fact in told.engine.detected(now):
            told.say(fact, HOUSE)
            if isinstance(fact, events.IncidentProposed):
                found.append((minute, fact.kind))
    return found


def with_a_surge(asked: Day) -> Day:
    points = (
        (0, 0.85),
        (BEGINS, 0.85),
        (BEGINS + 10, 0.85 * HIGH),
        (BEGINS + 2100, 0.85 * HIGH),
        (86400, 0.85),
    )
    profile = {asked.kind: tuple((TimeOfDay(at), level) for at, level in points)}
    return replace(asked, scenario=msgspec.structs.replace(asked.scenario, profile=profile))


def main(ordinary: int = 20, surges: int = 5) -> None:
    seed = false = 0
    while ordinary > 0:
        asked, seed = day(seed), seed + 1
        if asked.kind != "surge":
            ordinary -= 1
            false += len(proposed(asked, HOURS))
    print(f"proposed on ordinary days: {false}")
    seed = 0
    while surges > 0:
        asked, seed = day(seed), seed + 1
        rate = sum(part.calls_per_minute for part in asked.scenario.queue)
        if asked.kind == "even" and rate >= LEAST:
            surges -= 1
            found = [(at - BEGINS // 60, kind) for at, kind in proposed(with_a_surge(asked), HOURS - 1.5)]
            print(f"day {asked.seed}, {rate:.1f} calls a minute: {found}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
