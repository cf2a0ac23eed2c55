"""How a scope has fared lately: one point for every finished step of five minutes, and what the present step has come to so far.

Steps are aligned in UTC, by the floor's time. A point is written when its step is over; what happens afterwards to those who
arrived in it is taken in when the next steps end (`ccwall.engine.trend`).
"""

import msgspec

from ccwall.events import AgentId, QueueId

STEP = 300
"""Seconds."""
STEPS = 24
SPAN = STEP * STEPS
NOBODY = -1
"""Milliseconds that nobody waited."""
NO_LEVEL = -1.0


class Point(msgspec.Struct, array_like=True, gc=False):
    """One step of one scope. ``waiting`` and ``longest`` (milliseconds) are the highest in it, ``ready`` the persons' time.

    The rest is of those who arrived in it: ``level`` what a service level by the floor's formula is made of (`Tally`, in the
    order of its fields; empty when there is nothing), ``own`` the service level that is shown, or `NO_LEVEL`.
    """

    waiting: int = 0
    longest: int = NOBODY
    ready: int = 0
    offered: int = 0
    answered: int = 0
    decided: int = 0
    level: tuple[int, ...] = ()
    own: float = NO_LEVEL


class Course(msgspec.Struct, gc=False):
    """``waiting`` is how many wait now. ``peak``, ``longest`` and ``ready`` are of the
    present step; ``longest`` of who has left. ``points`` are by start of step, the oldest first."""

    waiting: int = 0
    peak: int = 0
    longest: int = NOBODY
    ready: int = 0
    points: dict[int, Point] = {}

    def copy(self) -> "Course":
        """With points of its own to write anew; the points themselves are never changed."""
        return Course(self.waiting, self.peak, self.longest, self.ready, dict(self.points))

    def crest(self) -> None:
        """What waits now can be seen."""
        self.peak = max(self.peak, self.waiting)


class Trend(msgspec.Struct, gc=False):
    """The courses of all scopes. ``since`` is when the present step began, ``due`` when it ends, ``began`` since when there is
    a house at all, epoch milliseconds.

    ``pending``: a person's ready time in the present step that is not added up by scope yet, milliseconds; ``counted``: up to
    when it is. ``late``: the finished steps whose arrivals fared otherwise meanwhile.
    """

    since: int = 0
    due: float = 0.0
    began: int = 0
    floor: Course = msgspec.field(default_factory=Course)
    queues: dict[QueueId, Course] = {}
    lines: dict[str, Course] = {}
    teams: dict[str, Course] = {}
    pending: dict[AgentId, int] = {}
    counted: dict[AgentId, int] = {}
    late: dict[QueueId, dict[int, None]] = {}

    def copy(self) -> "Trend":
        return Trend(
            since=self.since,
            due=self.due,
            began=self.began,
            floor=self.floor.copy(),
            queues={id: course.copy() for id, course in self.queues.items()},
            lines={id: course.copy() for id, course in self.lines.items()},
            teams={id: course.copy() for id, course in self.teams.items()},
            pending=dict(self.pending),
            counted=dict(self.counted),
            late={id: dict(steps) for id, steps in self.late.items()},
        )

    def courses(self) -> list[Course]:
        return [self.floor, *self.queues.values(), *self.lines.values(), *self.teams.values()]

    def queue(self, id: QueueId) -> Course:
        known = self.queues.get(id)
        if known is None:
            known = self.queues[id] = Course()
        return known

    def line(self, id: str) -> Course:
        known = self.lines.get(id)
        if known is None:
            known = self.lines[id] = Course()
        return known

    def team(self, id: str) -> Course:
        known = self.teams.get(id)
        if known is None:
            known = self.teams[id] = Course()
        return known

    # ── as it happens ──

    def waits(self, queue: QueueId, line: str, more: int) -> None:
        """So many more wait in this queue than before."""
        self.queue(queue).waiting += more
        if line:
            self.line(line).waiting += more
        self.floor.waiting += more

    def crest(self, queue: QueueId, line: str) -> None:
        """So it can be seen."""
        self.queue(queue).crest()
        if line:
            self.line(line).crest()
        self.floor.crest()

    def leaves(self, queue: QueueId, waited: int) -> None:
        """Somebody left who had waited so long, milliseconds."""
        course = self.queue(queue)
        course.longest = max(course.longest, waited)

    def idle(self, agent: AgentId, start: int, end: int) -> None:
        """Somebody was ready in [start, end), milliseconds; what finished steps have counted stays as it is."""
        length = end - max(start, self.since * 1000, self.counted.get(agent, 0))
        if length > 0:
            self.pending[agent] = self.pending.get(agent, 0) + length

    def tell_late(self, queue: QueueId, queued: float) -> None:
        """Who arrived then, in a step that is over, fares otherwise than was told."""
        self.late.setdefault(queue, {})[int(queued // STEP) * STEP] = None
