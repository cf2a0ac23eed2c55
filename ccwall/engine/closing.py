"""What stays of a business day when it is over: of the floor, each team and each queue the figures as the board showed them
at its end. They are made once, when the first fact of the next day comes, before anything of the day is dropped.

A day on which nothing was to be told of a scope leaves its older figures: on Monday there are those of Friday.
"""

from collections.abc import Iterable, Iterator

from msgspec import structs

from ccwall.engine.day import Frame
from ccwall.engine.desk.day_sheet import Sheet, attendance, promised, sheet_of
from ccwall.engine.measure import measure, queues_of, variant_of
from ccwall.engine.metrics import Tally
from ccwall.engine.missed import of_calls
from ccwall.engine.numbers import level, tally, total
from ccwall.engine.persons import Agent, AgentDay
from ccwall.engine.scope import Scope, Window
from ccwall.engine.shift import people, people_of
from ccwall.engine.state import State, Stretch
from ccwall.engine.totals import formula
from ccwall.engine.windows import Books
from ccwall.engine.yesterday import Attendance, Best, Day, Days, Figures, Trouble, Worst
from ccwall.events import QueueCard

QUIET = 600.0
"""Seconds without a single fact after which nobody was watching any more: the day's figures are those of the last fact."""
KEPT_FOR = 40 * 86_400
MOST_SCOPES = 600
MOST_OUTAGES = 24
MOST_TROUBLES = 12
HALF_HOUR = 1800
FEWEST = 5
"""Offered contacts below which a half hour says nothing of how the day went, and ratings below which they say nothing of a person."""
MOST_BEST = 3

NUMBERS = (
    "offered", "answered", "abandoned", "short", "abandoned_total", "lost", "refused", "flowed_out", "callbacks", "handled",
    "service_level", "answer_rate", "abandon_rate", "lost_rate", "asa", "longest_wait", "aht", "ratings", "satisfaction",
)  # fmt: skip
TARGETS = {
    "service_level": "service_level_target",
    "answer_rate": "answer_rate_target",
    "longest_wait": "longest_wait_limit",
    "satisfaction": "satisfaction_target",
}
EFFECT = ("seconds", "offered", "abandoned", "lost", "service_level", "before_service_level")
"""Of what an incident did to the numbers."""
FLOOR = Scope()


def close(state: State, heard: float) -> None:
    """The day of the state is over; ``heard`` is when its last fact came. Before the first day there is nothing to close."""
    if state.frame.end == 0:
        state.past.since = state.now
    else:
        state.past = closed(state, heard)


def closed(state: State, heard: float) -> Days:
    """All that is kept, with the state's own day among it."""
    past, frame = state.past, state.frame
    sheet = sheet_of(state, moment_of(frame, heard))
    found = {
        str(scope): own
        for scope in scopes(state)
        if (own := figures_of(state, scope, heard, sheet)) is not None
    }
    old = {name: each for name, each in past.figures.items() if each.day >= frame.start - KEPT_FOR}
    kept = found | {name: each for name, each in old.items() if name not in found}
    figures = dict(list(kept.items())[:MOST_SCOPES])
    named = {each.day for each in figures.values()}
    days = {start: mended(state, day) for start, day in past.days.items() if start in named}
    if frame.start in named:
        days[frame.start] = day_of(state, heard)
    return Days(since=past.since, days=days, figures=figures)


def scopes(state: State) -> list[Scope]:
    """Of which figures are kept, the most important first: when there are too many, queues go without."""
    teams = {*state.teams, *(card.team for card in state.policy.agents.values())} - {""}
    return [
        FLOOR,
        *(Scope("team", team) for team in sorted(teams)),
        *(Scope("queue", queue) for queue in sorted(state.queues)),
    ]


def moment_of(day: Frame, heard: float) -> float:
    """As of when the figures of a day are: its last millisecond, or its last fact when nobody watched the end of it."""
    end = day.end - 0.001
    return end if end - heard <= QUIET else max(float(day.start), heard)


def figures_of(state: State, scope: Scope, heard: float, sheet: Sheet) -> Figures | None:
    """The figures of the state's own day; None when there is nothing to tell of it."""
    day, now = state.frame, moment_of(state.frame, heard)
    window = Window("today", day.start, day.end)
    measured = measure(state, scope, window, now)
    numbers = {name: float(value) for name in NUMBERS if isinstance(value := measured.get(name), int | float)}
    cards = [queue.card for queue in queues_of(state, scope)] if scope.kind != "team" else []
    judges = cards or [state.policy.default]
    how, variant = formula(judges, variant_of(state, scope)), variant_of(state, scope)
    judged_by = judges[0] if scope.kind == "queue" else state.policy.default
    of_queue = scope.kind == "queue"
    staff = [] if of_queue else _at_work(state, scope)
    attended = Attendance() if of_queue else attendance(sheet.shifts, scope)
    persons = 0 if of_queue else _persons(state, scope, window, now)
    if not (persons or attended.planned or any(numbers[name] for name in NUMBERS if name in numbers)):
        return None
    threshold, short = how.get("threshold"), how.get("short")
    mine = [case for team, case in sheet.cases if not of_queue and team == (scope.id or team)]
    return Figures(
        day=day.start,
        numbers=numbers,
        target={name: float(getattr(judged_by, field)) for name, field in TARGETS.items()},
        variant=variant,
        threshold=float(threshold) if isinstance(threshold, int | float) else None,
        short=float(short) if isinstance(short, int | float) else None,
        worst=worst(state, scope),
        attendance=attended,
        complaints=promised((case for case in mine if case.kind == "complaint"), day, now),
        promises=promised((case for case in mine if case.kind != "complaint"), day, now),
        persons=persons,
        goal=0 if of_queue else state.policy.calls_target,
        reached=0 if of_queue else sum(own.answered >= state.policy.calls_target for _, own in staff),
        best=tuple(_best(state, staff)),
    )


def _persons(state: State, scope: Scope, window: Window, now: float) -> int:
    found = people(state, scope, window, now)["persons"]
    return found if isinstance(found, int) else 0


# ── the worst half hour ────────────────────────────────────────────────────────────────────────────────────────────


def worst(state: State, scope: Scope) -> Worst | None:
    """By the service level of who arrived in it, as on the curve; None when every half hour had too few. The earliest of equals
    with the most offered."""
    found: list[tuple[float, int, int, Worst]] = []
    books, variant, length = list(_books(state, scope)), variant_of(state, scope), state.frame.length
    length = HALF_HOUR if HALF_HOUR % length == 0 else length
    starts = {int(start // length) * length for cohorts, _ in books for start in cohorts.intervals}
    for start in starts:
        if not state.frame.start - length < start < state.frame.end:
            continue
        whole, offered = Tally(answered=0, within=0, overdue=0), 0
        for cohorts, card in books:
            parts = (cohorts.intervals.get(each) for each in range(start, start + length, state.frame.length))
            arrived = total(parts)
            offered += arrived.offered
            whole += tally(arrived, card, variant, 0)
        reached = level(variant, whole)
        if reached is not None and offered >= FEWEST:
            one = Worst(start=start, length=length, offered=offered, level=reached)
            found.append((reached, -offered, start, one))
    return min(found, key=lambda each: each[:3])[3] if found else None


def _books(state: State, scope: Scope) -> Iterator[tuple[Books, QueueCard]]:
    if scope.kind != "team":
        yield from ((queue.cohorts, queue.card) for queue in queues_of(state, scope))
    elif (team := state.teams.get(scope.id)) is not None:
        yield team.cohorts, state.policy.default


# ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _at_work(state: State, scope: Scope) -> list[tuple[Agent, AgentDay]]:
    start = state.frame.start
    return [(agent, agent.days[start]) for agent in people_of(state, scope) if start in agent.days]


def _best(state: State, staff: list[tuple[Agent, AgentDay]]) -> Iterator[Best]:
    """Few of many: where everybody is named, the last one is a list of shame's."""
    answering = sorted(
        ((own.answered, agent.id) for agent, own in staff if own.answered), key=lambda one: (-one[0], one[1])
    )
    most = min(MOST_BEST, max(1, len(answering) // 3)) if len(answering) > 1 else 0
    yield from (Best(agent=id, what="answered", value=float(n)) for n, id in answering[:most])
    rated = [
        (own.satisfied / own.ratings, own.ratings, agent.id)
        for agent, own in staff
        if own.ratings >= FEWEST and own.satisfied / own.ratings >= state.policy.default.satisfaction_target
    ]
    if len(rated) > 1:
        share, ratings, id = min(rated, key=lambda one: (-one[0], -one[1], one[2]))
        yield Best(agent=id, what="satisfaction", value=round(share, 6), of=ratings)


# ── the day itself ─────────────────────────────────────────────────────────────────────────────────────────────────


def day_of(state: State, heard: float) -> Day:
    frame, since = state.frame, state.past.since
    day = Day(
        start=frame.start,
        end=frame.end,
        heard=heard,
        since=since if since is not None and since > frame.start else None,
        troubles=tuple(_troubles(state, frame)),
    )
    return mended(state, day)


def mended(state: State, day: Day) -> Day:
    """With the outages that were told since, too: who begins to listen in the morning says since when nobody did."""
    found = _together([*day.outages, *_outages(of_calls(state), day)])
    while len(found) > MOST_OUTAGES:
        hole = min(range(len(found) - 1), key=lambda place: found[place + 1][0] - found[place][1])
        found[hole : hole + 2] = [(found[hole][0], found[hole + 1][1])]
    outages = tuple(found)
    return day if outages == day.outages else structs.replace(day, outages=outages)


def _outages(stretches: Iterable[Stretch], day: Day) -> Iterator[tuple[float, float]]:
    for each in stretches:
        start, end = max(each.start, float(day.start)), min(each.end or float(day.end), float(day.end))
        if start < end:
            yield start, end


def _together(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _troubles(state: State, day: Frame) -> Iterator[Trouble]:
    """Incidents that were confirmed and fell into the day, by when they began."""
    found = sorted(
        (
            each
            for each in state.desk.incidents.values()
            if each.state in ("confirmed", "closed")
            and each.began < day.end
            and (each.ended is None or each.ended > day.start)
        ),
        key=lambda each: (each.began, each.id),
    )
    for each in found[:MOST_TROUBLES]:
        yield Trouble(
            id=each.id,
            kind=each.kind,
            scope=each.scope,
            began=each.began,
            ended=each.ended,
            texts=dict(each.texts),
            effect={name: each.effect[name] for name in EFFECT if name in each.effect},
        )
