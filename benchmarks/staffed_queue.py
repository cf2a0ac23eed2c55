"""A queue with n agents, first come first served, and callers who hang up: what happened, call by call, from a seed.

Whoever comes waits until the first agent is free of all who came before and stayed. So one pass in order of arrival,
with a heap of the moments at which agents are free, is the whole event loop.
"""

import heapq
import math
import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from ccwall.engine.estimates import Inputs

HOUR = 3600.0
PERIOD = 8 * HOUR
APART = 4800.0
AWAY = 600.0

Call = tuple[float, float, float]
"""arrived, left the queue, handle time; the last is −1 for those who hung up"""


@dataclass(frozen=True)
class Scene:
    """Seconds. Exponential patience; handle times exponential when their coefficient of variation is 1, else lognormal."""

    name: str
    n: int
    load: float
    """calls × AHT / agents"""
    aht: float = 240.0
    patience: float = 180.0
    cv: float = 1.0
    swing: float = 0.0
    """the rate goes up and down by this share, in eight hours"""
    away: float = 0.0
    """this share of the agents is away in the ten minutes before each look, so that it begins with a backlog"""
    threshold: float = 20.0
    short: float = 5.0

    @property
    def rate(self) -> float:
        return self.load * self.n / self.aht

    def rate_at(self, at: float) -> float:
        return self.rate * (1 + self.swing * math.sin(2 * math.pi * at / PERIOD))

    def handle(self, dice: random.Random) -> float:
        if self.cv == 1:
            return dice.expovariate(1 / self.aht)
        sigma = math.sqrt(math.log1p(self.cv**2))
        return self.aht * dice.lognormvariate(-sigma * sigma / 2, sigma)


STEADY = (
    Scene("5 agents, quiet", 5, 0.75),
    Scene("5 agents, busy", 5, 0.95),
    Scene("10 agents, busy", 10, 0.95),
    Scene("10 agents, overload", 10, 1.15),
    Scene("10 agents, lognormal", 10, 0.93, cv=1.3),
    Scene("10 agents, backlog", 10, 0.85, away=0.5),
    Scene("50 agents, quiet", 50, 0.75),
    Scene("50 agents, busy", 50, 0.95),
    Scene("50 agents, overload", 50, 1.15),
    Scene("50 agents, lognormal", 50, 0.93, cv=1.3),
    Scene("50 agents, even", 50, 0.93, cv=0.5),
    Scene("50 agents, backlog", 50, 0.97, away=0.3),
    Scene("50 agents, patient", 50, 0.93, patience=900.0),
    Scene("50 agents, T 60 s", 50, 0.95, threshold=60.0, short=10.0),
    Scene("200 agents, busy", 200, 0.97),
    Scene("200 agents, overload", 200, 1.1),
    Scene("200 agents, backlog", 200, 0.95, away=0.3),
)
MOVING = (
    Scene("10 agents, rate ± 20 %", 10, 0.93, swing=0.2),
    Scene("50 agents, rate ± 20 %", 50, 0.93, swing=0.2),
    Scene("50 agents, rate ± 40 %", 50, 0.9, swing=0.4),
    Scene("200 agents, rate ± 20 %", 200, 0.93, swing=0.2),
)


@dataclass
class Run:
    """What happened, in order of arrival, and the moments to look at it."""

    scene: Scene
    looks: list[float]
    arrived: list[float] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def around(self, start: float, end: float) -> list[Call]:
        """The calls until `end` that may have been in the queue or in hand after `start`: an hour and a half before."""
        low = bisect_left(self.arrived, start - 1.5 * HOUR)
        return self.calls[low : bisect_right(self.arrived, end)]

    def seen(self, at: float) -> Inputs:
        """What an engine knows at `at`, of the 60 minutes before."""
        scene, since = self.scene, at - HOUR
        calls = self.around(since, at)
        done = [handle for _, left, handle in calls if handle >= 0 and since < left + handle <= at]
        waiting = [came for came, left, _ in calls if left > at]
        busy = sum(handle >= 0 and left <= at < left + handle for _, left, handle in calls)
        return Inputs(
            arrivals=sum(came > since for came, _, _ in calls),
            arrival_seconds=HOUR,
            recent_arrivals=sum(came > at - 900 for came, _, _ in calls),
            handled=len(done),
            handling_ms=sum(round(1000 * handle) for handle in done),
            patience_wait_ms=sum(
                round(1000 * (left - came)) for came, left, _ in calls if since < left <= at
            ),
            abandons=sum(handle < 0 and since < left <= at for _, left, handle in calls),
            waiting=len(waiting),
            overdue=sum(at - came > scene.threshold for came in waiting),
            ready=0 if waiting else max(0, scene.n - busy),
            capacity=float(scene.n),
            threshold=scene.threshold,
            short=scene.short,
        )

    def happened(self, start: float, end: float) -> float | None:
        """The service level `offered_less_short` of (start, end] by events, with W_T at its end."""
        scene = self.scene
        within = counted = 0
        for came, left, handle in self.around(start, end):
            wait = left - came
            if start < left <= end:
                counted += handle >= 0 or wait >= scene.short
                within += handle >= 0 and wait <= scene.threshold
            elif left > end:
                counted += end - came > scene.threshold
        return within / counted if counted else None


def run(scene: Scene, looks: int, seed: int) -> Run:
    """Two hours to warm up, then a look at random in the first half of every eighty minutes."""
    dice = random.Random(f"{scene.name}/{seed}")
    result = Run(scene, [2 * HOUR + k * APART + dice.uniform(0, APART / 2) for k in range(looks)])
    free = [0.0] * scene.n
    pauses = iter(result.looks if scene.away else [])
    back = next(pauses, math.inf)
    top = scene.rate * (1 + scene.swing)
    came = 0.0
    while came < result.looks[-1] + HOUR:
        came += dice.expovariate(top)
        if scene.swing and dice.random() * top > scene.rate_at(came):
            continue
        if came > back - AWAY:
            _send_away(free, round(scene.away * scene.n), back)
            back = next(pauses, math.inf)
        turn, ends = max(came, free[0]), came + dice.expovariate(1 / scene.patience)
        handle = scene.handle(dice)
        result.arrived.append(came)
        if turn > ends:
            result.calls.append((came, ends, -1.0))
        else:
            result.calls.append((came, turn, handle))
            heapq.heapreplace(free, turn + handle)
    return result


def _send_away(free: list[float], agents: int, back: float) -> None:
    """Those who are free first do not take another call before `back`."""
    gone = [heapq.heappop(free) for _ in range(agents)]
    for at in gone:
        heapq.heappush(free, max(at, back))
