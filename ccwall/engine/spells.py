"""One person's time: whenever the state turns, the time of the former one is booked, to the millisecond.

Nothing is booked twice and nothing left out: each spell begins where the one before ended. Wrap-up that ran out ends at
its own instant, although no fact says so; a fact older than the present spell changes nothing before it; a source that is
away lets everything stand still. Whoever reads adds what is not finished yet (`times`).
"""

from collections.abc import Iterator

import msgspec

from ccwall.engine.books import millis
from ccwall.engine.day import Frame, frame_at
from ccwall.engine.persons import OFF, Agent, AgentDay, Spell
from ccwall.engine.scope import Window
from ccwall.engine.state import State
from ccwall.engine.sums import Shift
from ccwall.engine.words import KINDS
from ccwall.events import SourceId

PRECEDENCE = {
    "talking": 0,
    "hold": 1,
    OFF: 2,
    "ringing": 3,
    "wrap": 4,
    "fault": 6,
    "busy": 7,
    "unknown": 8,
    "ready": 9,
}
PRECEDENCE |= dict.fromkeys(KINDS, 5)
"""Of two states a person is in, the first is shown: `ccwall.engine.agents.resolve`."""

SETTLED = 15_000
"""Wrap-up that ran out is booked so many milliseconds later: a fact that cut it short may still be under way."""


# ── booking ────────────────────────────────────────────────────────────────────────────────────────────────────────


def turn(state: State, agent: Agent, at: float, since: float | None, to: Spell) -> None:
    """By a fact of ``at`` the person is now in the state ``to``, since when its own evidence says, if it does.

    Evidence is believed where it takes over; a state that comes to light because a higher one ended begins with that end.
    """
    before, instant = agent.spell, millis(at)
    if (before.state, before.source, before.until, before.then) == (to.state, to.source, to.until, to.then):
        if before.reason != to.reason:
            agent.spell = msgspec.structs.replace(before, reason=to.reason)
        return
    team = team_of(state, agent)
    state.shift.withdraw(agent, team)
    if before.until is not None and before.until <= instant:
        _end_wrap(state, agent, before)
    begins, spell = instant, agent.spell
    if to.state != spell.state:
        if since is not None and PRECEDENCE[to.state] < PRECEDENCE[spell.state]:
            begins = min(instant, millis(since))
        _end(state, agent, begins)
        spell = agent.spell
    agent.spell = Spell(to.state, spell.since, to.source, to.until, to.then, to.reason)
    state.shift.put(agent, team, known_millis(state, to.source, state.now))


def settle(state: State) -> None:
    """Time has moved: book the wrap-up that ran out a while ago."""
    for source, due in state.shift.ending.items():
        if due:
            known = known_millis(state, source, state.now) - SETTLED
            while due and due[0][0] <= known:
                agent = state.agents[due[0][1]]
                team = team_of(state, agent)
                state.shift.withdraw(agent, team)
                _end_wrap(state, agent, agent.spell)
                state.shift.put(agent, team, known_millis(state, source, state.now))
    for source, due in state.shift.ahead.items():
        if due:
            known, n = known_millis(state, source, state.now), 0
            while n < len(due) and due[n][0] <= known:
                n += 1
            del due[:n]


def _end_wrap(state: State, agent: Agent, spell: Spell) -> None:
    _end(state, agent, spell.until or 0)
    agent.spell = Spell(spell.then, agent.spell.since, spell.source, reason=spell.reason)


def _end(state: State, agent: Agent, at: int) -> None:
    """The present spell ends then, though never before it began."""
    spell = agent.spell
    at = max(at, spell.since)
    if spell.state != OFF:
        _book(state, agent, spell.state, spell.since, at)
    agent.spell = msgspec.structs.replace(spell, since=at)


def _book(state: State, agent: Agent, status: str, start: int, end: int) -> None:
    """Time of days that are closed is not booked."""
    if status == "ready":
        state.trend.idle(agent.id, start, end)
    frame = state.frame
    first, border = frame.start * 1000, frame.end * 1000
    today = min(end, border) - max(start, first)
    if today > 0:
        _book_day(agent, frame.start, frame.length, status, max(start, first), min(end, border))
        state.shift.close(team_of(state, agent), status, today)
    if end > max(start, border):
        _book_day(agent, frame.end, frame.length, status, max(start, border), end)


def _book_day(agent: Agent, key: int, length: int, status: str, start: int, end: int) -> None:
    day = agent.days.get(key)
    if day is None:
        day = agent.days[key] = AgentDay()
    if day.first_on is None:
        day.first_on = start / 1000
    day.last_on = end / 1000
    day.states[status] = day.states.get(status, 0) + end - start
    day.diary.write(status, start, end, agent.spell.reason if status in KINDS else "")
    step = length * 1000
    while start < end:
        border = min(end, start - start % step + step)
        spent = day.intervals.setdefault(start // step * length, {})
        spent[status] = spent.get(status, 0) + border - start
        start = border


# ── making anew ────────────────────────────────────────────────────────────────────────────────────────────────────


def recount(state: State) -> None:
    """The sums anew from the persons: after a restart, on a new day, with other teams, when a source comes or goes."""
    frame = state.frame
    shift = state.shift = Shift(frame.start * 1000, frame.end * 1000)
    for agent in state.agents.values():
        team = team_of(state, agent)
        shift.put(agent, team, known_millis(state, agent.spell.source, state.now))
        day = agent.days.get(frame.start)
        for status, length in day.states.items() if day is not None else ():
            shift.close(team, status, length)


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────


def team_of(state: State, agent: Agent) -> str:
    card = state.policy.agents.get(agent.id)
    return card.team if card is not None else ""


def day_at(state: State, now: float) -> Frame:
    """The business day that ``now`` is in; a look may come after its border and before the first fact that does."""
    if state.frame.start <= now < state.frame.end:
        return state.frame
    return frame_at(now, state.policy.zone, state.policy.day_starts, state.policy.interval)


def unbooked(state: State, agent: Agent, now: float) -> Iterator[tuple[str, int, int]]:
    """The spells [start, end) that are not booked, milliseconds, up to now or as far as the source is known."""
    spell = agent.spell
    if spell.state == OFF:
        return
    known, since = known_millis(state, spell.source, now), spell.since
    if spell.until is not None and spell.until <= known:
        until = max(since, spell.until)
        yield spell.state, since, until
        yield spell.then, until, max(until, known)
    else:
        yield spell.state, since, max(since, known)


def times(state: State, agent: Agent, now: float, window: Window | None = None) -> dict[str, int]:
    """Milliseconds in each state, in the day that ``now`` is in or in one interval of it; what still lasts is in it.

    ``off`` is no time. ValueError for rolling windows, which persons' time is not kept for.
    """
    day = day_at(state, now)
    first, last = day.start, day.end
    own = agent.days.get(day.start)
    booked = own.states if own is not None else {}
    if window is not None and window.kind == "interval":
        first, last = max(first, window.start), min(last, window.end)
        booked = own.intervals.get(window.start, {}) if own is not None else {}
    elif window is not None and window.kind != "today":
        raise ValueError(f"{window}: the time of persons is kept for the day and its intervals only")
    spent = dict(booked)
    for status, start, end in unbooked(state, agent, now):
        length = min(end, last * 1000) - max(start, first * 1000)
        if length > 0:
            spent[status] = spent.get(status, 0) + length
    return spent


def finished(state: State, agent: Agent, day: Frame, now: float) -> tuple[dict[str, int], int | None]:
    """Milliseconds in each state of this day without the present one, and when that began; None when off."""
    own = agent.days.get(day.start)
    spent = dict(own.states) if own is not None else {}
    pieces = list(unbooked(state, agent, now))
    for status, start, end in pieces[:-1]:
        length = min(end, day.end * 1000) - max(start, day.start * 1000)
        if length > 0:
            spent[status] = spent.get(status, 0) + length
    return spent, max(pieces[-1][1], day.start * 1000) if pieces else None


def logged_on(agent: Agent, day: Frame) -> float | None:
    """When the person was first logged on that day; the beginning of the day for one who came before it."""
    own = agent.days.get(day.start)
    if own is not None and own.first_on is not None:
        return own.first_on
    since = max(agent.spell.since / 1000, float(day.start))
    return since if agent.spell.state != OFF and since < day.end else None


def known_millis(state: State, source: SourceId | None, now: float) -> int:
    """Until when we know what a source tells, epoch milliseconds."""
    return millis(state.known_at(source, now))
