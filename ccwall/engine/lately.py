"""The trend as the board shows it: the finished steps of the last two hours, whole, whenever another one is finished."""

from collections.abc import Callable
from typing import Final, Protocol

from ccwall.engine import trend as trends
from ccwall.engine.course import NO_LEVEL, NOBODY, SPAN, STEP, STEPS, Course, Point, Trend
from ccwall.engine.metrics import answer_rate
from ccwall.engine.missed import of_calls
from ccwall.engine.numbers import SECOND_DIGITS, rate
from ccwall.engine.patch import Tree
from ccwall.engine.scope import Scope
from ccwall.engine.state import State, Stretch
from ccwall.events import QueueId, SourceId

Metric = Callable[[Point], float | int | None]
OF_QUEUES: Final = frozenset({"waiting", "longest"})
"""A team has no such thing of its own: who waits, waits in a queue."""
HEAD_DIGITS: Final = 2


class Outages(Protocol):
    """What `ccwall.engine.views.Views` knows of them."""

    def missed(self, state: State, scope: Scope, start: int, end: int) -> Stretch | None: ...
    def sources(self, state: State, scope: Scope) -> frozenset[SourceId]: ...


class Lately:
    """The trends as last shown. They stay the same until a step is finished, or the outages of the steps are others."""

    def __init__(self) -> None:
        self._key: tuple[int, int, int] | None = None
        self._trend = Trend()
        self._end = 0
        self._shown: dict[Scope, tuple[int, Tree | None]] = {}

    def look(self, state: State, now: float, *, anew: bool) -> bool:
        """A new look begins; whether all trends may be others than at the last one."""
        ahead = bool(state.trend.since) and now >= state.trend.due
        key = trends.step_of(now), state.trend.since, state.seq if ahead else 0
        if key == self._key and not anew:
            return False
        self._key, self._end = key, key[0]
        self._trend = trends.at(state, now)
        self._shown.clear()
        return True

    def of(self, state: State, scope: Scope, members: int, outages: Outages) -> Tree | None:
        """The trend of a scope of so many queues; None when it has none."""
        known = self._shown.get(scope)
        if known is None or known[0] != members:
            course = self._course(scope)
            shown = None if course is None else self._made(state, scope, course, outages)
            known = self._shown[scope] = members, shown
        return known[1]

    def _course(self, scope: Scope) -> Course | None:
        trend = self._trend
        if scope.kind == "floor":
            return trend.floor
        if scope.kind == "queue":
            return trend.queues.get(QueueId(scope.id))
        return {"line": trend.lines, "team": trend.teams}.get(scope.kind, {}).get(scope.id)

    def _made(self, state: State, scope: Scope, course: Course, outages: Outages) -> Tree | None:
        first, found = self._end - SPAN, dict[str, list[list[float]]]()
        incomplete: list[int] = []
        for k in range(STEPS):
            start = first + k * STEP
            point = course.points.get(start)
            if point is None:
                continue
            if self._is_cut(start) or outages.missed(state, scope, start, start + STEP) is not None:
                incomplete.append(k)
                if _is_unseen(state, scope, outages, start):
                    continue
            for name, value in self._values(start, point).items():
                if value is not None and not (scope.kind == "team" and name in OF_QUEUES):
                    found.setdefault(name, []).append([k, value])
        if not found:
            return None
        told: Tree = {"from": first, "step": STEP, **found}
        return told | ({"incomplete": incomplete} if incomplete else {})

    def _is_cut(self, start: int) -> bool:
        """Whether the house began to watch in the midst of it."""
        return start * 1000 < self._trend.began

    def _values(self, start: int, point: Point) -> dict[str, float | int | None]:
        seen = (start + STEP) * 1000 - max(start * 1000, self._trend.began)
        return {
            "waiting": point.waiting,
            "longest": _longest(point),
            "ready": round(point.ready / seen, HEAD_DIGITS),
            "offered": point.offered,
            "service_level": None if point.own == NO_LEVEL else point.own,
            "answer_rate": rate(answer_rate(point.answered, point.offered)) if point.decided else None,
        }


def _longest(point: Point) -> float | None:
    """Nobody waited: 0. Somebody did, nobody knows for how long: none."""
    if point.longest == NOBODY:
        return None if point.waiting else 0.0
    return round(point.longest / 1000, SECOND_DIGITS)


def _is_unseen(state: State, scope: Scope, outages: Outages, start: int) -> bool:
    """Whether nobody who tells of it was heard at any moment of the step."""
    if scope.kind == "team":
        return False
    if scope.kind == "queue":
        own = state.queues[QueueId(scope.id)].source
        sources = frozenset[SourceId]() if own is None else frozenset({own})
    else:
        sources = outages.sources(state, scope)
    away = {
        s.source for s in of_calls(state) if s.start <= start and (s.end is None or s.end >= start + STEP)
    }
    return bool(sources) and sources <= away
