"""The last two hours in steps of five minutes: the end of a step, and what a change of the floor means to the present one.

Of whom waits and who is ready a point says what could be seen in the step, as far as it was known then; a fact that comes later
changes it no more. Rates and arrivals are of those who arrived in the step: they are looked at again whenever a step ends, until
all of them have an outcome, and so a point and the books cannot disagree for longer than a step. Everything is a function of
the state and the time: whoever looks later than the last fact works on a copy (`at`).
"""

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import astuple

from ccwall.engine.books import millis
from ccwall.engine.course import NO_LEVEL, NOBODY, SPAN, STEP, Course, Point, Trend
from ccwall.engine.day import MINUTE
from ccwall.engine.metrics import Tally
from ccwall.engine.numbers import judged_by, level, tally, threshold_of, total
from ccwall.engine.persons import Agent
from ccwall.engine.spells import team_of, unbooked
from ccwall.engine.state import Queue, State
from ccwall.engine.visits import Contact
from ccwall.engine.windows import FINE_KEPT, Books, Bucket
from ccwall.events import QueueId

READY = "ready"
NO_TALLY = Tally(answered=0, within=0)
FIELDS = Tally.__struct_fields__


def step_of(now: float) -> int:
    """When the step that holds ``now`` began."""
    return int(now // STEP) * STEP


# ── as it happens ──────────────────────────────────────────────────────────────────────────────────────────────────


def joined(state: State, queue: Queue) -> None:
    """One more waits in this queue, unless the same fact ends it."""
    state.trend.waits(queue.id, queue.card.line, 1)
    state.risen.append(queue)


def left(state: State, queue: Queue, contact: Contact, at: float) -> None:
    """One less waits in this queue."""
    state.trend.waits(queue.id, queue.card.line, -1)
    if contact.wait_known:
        state.trend.leaves(queue.id, millis(max(0.0, min(at, state.now) - contact.queued)))


def crest(state: State) -> None:
    """A fact after which more may wait has been taken in."""
    for queue in state.risen:
        state.trend.crest(queue.id, queue.card.line)
    state.risen.clear()


def moves(state: State, agent: Agent, at: float) -> None:
    """From now on the person is ready elsewhere than before: what was, is added up where it was."""
    instant = millis(min(at, state.now))
    _add_up(state, state.trend, agent, instant)
    state.trend.counted[agent.id] = max(instant, state.trend.counted.get(agent.id, 0))


def move_all(state: State) -> None:
    """The same for everybody, before another configuration holds."""
    if state.trend.since:
        for agent in state.agents.values():
            moves(state, agent, state.now)


def recast(state: State) -> None:
    """Another configuration holds: queues are of other lines, and numbers are judged otherwise."""
    trend = state.trend
    for course in (trend.floor, *trend.lines.values()):
        course.waiting = 0
    for queue in state.queues.values():
        waiting = len(queue.waiting)
        trend.floor.waiting += waiting
        if waiting and queue.card.line:
            trend.line(queue.card.line).waiting += waiting
    for course in trend.courses():
        course.crest()
    if trend.since:
        _look_again(state, trend, {queue: _steps(state, trend) for queue in state.queues})


# ── the end of a step ──────────────────────────────────────────────────────────────────────────────────────────────


def follow(state: State, now: float) -> None:
    """Time has moved: the steps that are over get their points."""
    _follow(state, state.trend, now)


def at(state: State, now: float) -> Trend:
    """The trend as it will be at the first fact that comes at ``now`` or later, if none comes before."""
    if not state.trend.since or now < state.trend.due:
        return state.trend
    ahead = state.trend.copy()
    _follow(state, ahead, now)
    return ahead


def _follow(state: State, trend: Trend, now: float) -> None:
    present = step_of(now)
    if not trend.since:
        trend.began = millis(now)
        _begin(state, trend, present)
        return
    if trend.since < present - SPAN:
        _begin(state, trend, present - SPAN)
    for start in range(trend.since, present, STEP):
        _close(state, trend, start)


def _begin(state: State, trend: Trend, start: int) -> None:
    """A step begins with what there is."""
    trend.since, trend.due = start, float(start + STEP)
    trend.pending, trend.counted, trend.late = {}, {}, {}
    for course in trend.courses():
        course.peak, course.longest, course.ready = course.waiting, NOBODY, 0
        while course.points and (first := next(iter(course.points))) < start - SPAN:
            del course.points[first]


def _close(state: State, trend: Trend, start: int) -> None:
    end = start + STEP
    for agent in state.agents.values():
        _add_up(state, trend, agent, end * 1000)
    most, of_line = NOBODY, dict[str, int]()
    for queue in state.queues.values():
        course, line = trend.queue(queue.id), queue.card.line
        if queue.line:
            waits = millis(state.known_at(queue.source, end) - queue.line[0][0])
            course.longest = max(course.longest, waits)
        course.points[start] = Point(course.peak, course.longest, course.ready)
        most, of_line[line] = max(most, course.longest), max(of_line.get(line, NOBODY), course.longest)
    trend.floor.points[start] = Point(trend.floor.peak, most, trend.floor.ready)
    for name in _only(trend.lines, {*of_line, *state.policy.lines}):
        course = trend.line(name)
        course.points[start] = Point(course.peak, of_line.get(name, NOBODY), course.ready)
    cards = state.policy.agents.values()
    for name in _only(trend.teams, {*state.teams, *(card.team for card in cards)}):
        course = trend.team(name)
        course.points[start] = Point(ready=course.ready)
    late = trend.late
    _begin(state, trend, end)
    steps = set(_steps(state, trend))
    _look_again(
        state,
        trend,
        {
            id: ({start, *late.get(id, ())} | {step_of(queued) for queued, _ in queue.line}) & steps
            for id, queue in state.queues.items()
        },
    )


def _only(courses: dict[str, Course], names: set[str]) -> list[str]:
    """Forget the courses of what is no more; the names that there are."""
    for gone in [name for name in courses if name not in names]:
        del courses[gone]
    return sorted(names - {""})


def _steps(state: State, trend: Trend) -> range:
    """The finished steps of which there are books by the minute."""
    first = max(trend.since - SPAN, state.frame.start - FINE_KEPT)
    return range(first + -first % STEP, trend.since, STEP)


# ── who is ready ───────────────────────────────────────────────────────────────────────────────────────────────────


def _add_up(state: State, trend: Trend, agent: Agent, upto: int) -> None:
    """Their ready time up to then, milliseconds, goes to where they may be given something. Of a source that is away what was
    so goes on being so, as on the board."""
    spell, ready = agent.spell, trend.pending.pop(agent.id, 0)
    if READY in (spell.state, spell.then):
        *_, (status, begun, _) = unbooked(state, agent, upto / 1000)
        if status == READY:
            ready += max(0, upto - max(begun, trend.since * 1000, trend.counted.get(agent.id, 0)))
    if ready:
        for course in _where(state, trend, agent):
            course.ready += ready


def _where(state: State, trend: Trend, agent: Agent) -> Iterator[Course]:
    """Each person counts once in each, as in the head counts."""
    if not agent.memberships:
        return
    queues = {m.queue: None for m in agent.memberships if m.queue and not m.not_ready}
    for queue in queues:
        yield trend.queue(queue)
    for line in {line: None for queue in queues if (line := state.card(queue).line)}:
        yield trend.line(line)
    if team := team_of(state, agent):
        yield trend.team(team)
    yield trend.floor


# ── who arrived ────────────────────────────────────────────────────────────────────────────────────────────────────


def _look_again(state: State, trend: Trend, steps: dict[QueueId, Collection[int]]) -> None:
    """How those fared who arrived in these steps of a queue."""
    every = set[int]()
    for id, starts in steps.items():
        queue, points = state.queues[id], trend.queue(id).points
        every.update(starts)
        for start in starts:
            if (known := points.get(start)) is not None:
                points[start] = _of_queue(state, trend, queue, start, known)
    for start in sorted(every):  # also where a queue's point stays: a visit may be another team's now
        _sum_up(state, trend, start)


def _of_queue(state: State, trend: Trend, queue: Queue, start: int, known: Point) -> Point:
    arrived, card, everywhere = _arrived(queue.cohorts, start), queue.card, state.policy.default.variant
    seen = state.known_at(queue.source, trend.since)

    def counted(variant: str) -> Tally:
        late = queue.overdue_of(start, start + STEP, seen, judged_by(card, variant).threshold)
        return tally(arrived, card, variant, late)

    by_all = counted(everywhere)
    own = level(card.variant, by_all if card.variant == everywhere else counted(card.variant))
    return _counted(known, arrived, by_all, own)


def _sum_up(state: State, trend: Trend, start: int) -> None:
    """The floor, its lines and teams in one step."""
    everywhere = state.policy.default.variant
    of_line: dict[str, list[Point]] = {}
    every: list[Point] = []
    for queue in state.queues.values():
        point = trend.queue(queue.id).points.get(start)
        if point is not None and (point.offered or point.level):
            every.append(point)
            of_line.setdefault(queue.card.line, []).append(point)
    scopes = [
        (trend.floor, every),
        *((course, of_line.get(name, [])) for name, course in trend.lines.items()),
    ]
    for course, points in scopes:
        if start in course.points:
            course.points[start] = _sum(course.points[start], points, everywhere)
    for name, course in trend.teams.items():
        known, team = course.points.get(start), state.teams.get(name)
        if known is not None and team is not None:
            arrived = _arrived(team.cohorts, start)
            whole = tally(arrived, state.policy.default, everywhere, _overdue_of(state, trend, name, start))
            course.points[start] = _counted(known, arrived, whole, level(everywhere, whole))


def _sum(known: Point, points: Iterable[Point], variant: str) -> Point:
    whole, offered, answered, decided = NO_TALLY, 0, 0, 0
    for point in points:
        offered, answered = offered + point.offered, answered + point.answered
        decided += point.decided
        whole = whole + Tally(**dict(zip(FIELDS, point.level, strict=True))) if point.level else whole
    return _point(known, (offered, answered, decided), whole, level(variant, whole))


def _counted(known: Point, arrived: Bucket, whole: Tally, own: float | None) -> Point:
    return _point(known, (arrived.offered, arrived.answered, arrived.outcomes()), whole, own)


def _point(known: Point, counts: tuple[int, int, int], whole: Tally, own: float | None) -> Point:
    parts = astuple(whole)
    return Point(
        known.waiting,
        known.longest,
        known.ready,
        *counts,
        parts if any(parts) else (),
        NO_LEVEL if own is None else own,
    )


def _arrived(books: Books, start: int) -> Bucket:
    """Who arrived in the step."""
    minutes = (books.minutes.get(minute) for minute in range(start, start + STEP, MINUTE))
    found = [bucket for bucket in minutes if bucket is not None]
    return found[0] if len(found) == 1 else total(found)


def _overdue_of(state: State, trend: Trend, team: str, start: int) -> int:
    judge, late = state.policy.default, 0
    for queue in state.queues.values():
        if queue.card.team == team and queue.line:
            threshold = threshold_of(judge, queue.card, judge.variant)
            seen = state.known_at(queue.source, trend.since)
            late += queue.overdue_of(start, start + STEP, seen, threshold)
    return late
