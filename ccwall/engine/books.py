"""What one contact puts into the books, and how to take it out again.

It depends on the contact and the configuration alone. So a revised outcome is taken out as it was and put in as it is,
and the books can at any time be written anew from the contacts: the counts cannot drift. ``n`` is 1 to put in, -1 to
take out. A queue and a team are booked alike, so that the sum over the teams is the sum over the queues.
"""

from ccwall.engine.longest import forget_wait, lower, remember_wait
from ccwall.engine.persons import AgentDay
from ccwall.engine.state import Queue, State, Unseen
from ccwall.engine.visits import Contact, Rang
from ccwall.engine.windows import LATE, LINEAR, Bucket, bin_of, gather, more
from ccwall.events import AgentId, ContactId


def millis(seconds: float) -> int:
    return round(seconds * 1000)


# ── arrival ────────────────────────────────────────────────────────────────────────────────────────────────────────


def book_arrival(state: State, queue: Queue, c: Contact, n: int) -> None:
    """Offered: at the moment of queueing, by event time and by cohort alike."""
    team = state.team(c.team)
    books = (queue.events, team.events, queue.cohorts, team.cohorts)
    buckets = gather(books, c.queued, state.frame, state.now, state.dirty.amended)
    for bucket in buckets:
        bucket.offered += n
    if c.repeat:
        for bucket in buckets:
            bucket.repeats += n
    mark(state, queue, c.team, c.queued, buckets)
    state.dirty.intervals.add(state.frame.interval_of(c.queued))
    if c.queued < state.trend.since:
        state.trend.tell_late(queue.id, c.queued)


def settle_team(state: State, queue: Queue, c: Contact) -> None:
    """Whose it is may be another now. Only its arrival is in the books, and its rating if there is one: these move."""
    team = team_of(state, queue, c)
    if team == c.team:
        return
    repeats = 1 if c.repeat else 0
    for name, n in ((c.team, -1), (team, 1)):
        books, frame, now, amended = state.team(name), state.frame, state.now, state.dirty.amended
        for bucket in gather((books.events, books.cohorts), c.queued, frame, now, amended):
            bucket.offered += n
            bucket.repeats += n * repeats
        if c.rated is not None:
            buckets = gather((books.events,), c.rated, frame, now, amended)
            _count_rating(buckets + gather((books.cohorts,), c.queued, frame, now, amended), c, n)
        state.dirty.teams.add(name)
    c.team = team


def team_of(state: State, queue: Queue, c: Contact) -> str:
    if c.outcome == "open":
        return queue.card.team
    if c.outcome == "answered" and c.agent is not None:
        return state.team_of(c.agent)
    return queue.card.team if c.alerted is None else state.team_of(c.alerted)


# ── outcome ────────────────────────────────────────────────────────────────────────────────────────────────────────


def book_outcome(state: State, queue: Queue, c: Contact, n: int) -> None:
    """The outcome: at its own moment by event time, at the moment of queueing by cohort."""
    at = c.decided
    if c.outcome == "open" or at is None:
        return
    team, frame, now, amended = state.team(c.team), state.frame, state.now, state.dirty.amended
    buckets = gather((queue.events, team.events), at, frame, now, amended)
    buckets += gather((queue.cohorts, team.cohorts), c.queued, frame, now, amended)
    if c.outcome == "answered":
        _count_answer(buckets, queue.card.threshold, c, n)
        if c.agent is not None and (day := agent_day(state, c.agent, at)):
            day.answered += n
    elif c.outcome == "abandoned":
        _count_abandon(buckets, queue.card.threshold, queue.card.short, c, n)
    elif c.outcome == "flowed_out":
        _count_leaving(buckets, queue.card.threshold, c, n)
    else:
        for bucket in buckets:
            bucket.lost += n
            bucket.ghosts += n if c.is_ghost else 0
    if c.wait is not None and c.outcome != "lost":
        if n > 0:
            remember_wait(state, c, at)
        else:
            forget_wait(state, c, at)
            lower(state, queue, team, c, at, millis(c.wait))
    mark(state, queue, c.team, at, buckets)
    state.dirty.intervals.add(frame.interval_of(c.queued))
    if c.queued < state.trend.since:
        state.trend.tell_late(queue.id, c.queued)


def _count_answer(buckets: list[Bucket], threshold: float, c: Contact, n: int) -> None:
    wait = c.wait
    if wait is None:
        for bucket in buckets:
            bucket.answered += n
        return
    waited, within, key = millis(wait), n if wait <= threshold else 0, bin_of(wait)
    total = n * waited
    for bucket in buckets:
        bucket.answered += n
        bucket.timed_answers += n
        bucket.within += within
        bucket.wait += total
        if waited > bucket.longest_answered:  # noqa: PLR1730 - of every bucket of every answer: max() takes thrice as long
            bucket.longest_answered = waited
        waits = bucket.answer_waits
        if not waits:
            bucket.answer_waits = {key: n}
        elif count := waits.get(key, 0) + n:
            waits[key] = count
        else:
            del waits[key]


def _count_abandon(buckets: list[Bucket], threshold: float, short: float, c: Contact, n: int) -> None:
    wait = c.wait
    if wait is None:
        for bucket in buckets:
            bucket.abandoned += n
        return
    waited, within, key = millis(wait), n if wait <= threshold else 0, bin_of(wait)
    total = n * waited
    for bucket in buckets:
        if wait < short:
            bucket.short += n
            bucket.short_wait += total
        else:
            bucket.abandoned += n
            bucket.timed_abandons += n
            bucket.abandon_wait += total
        bucket.abandoned_within += within
        if n > 0 and waited > bucket.longest_abandoned:
            bucket.longest_abandoned = waited
        bucket.abandon_waits = more(bucket.abandon_waits, key, n)
        if wait == key <= LINEAR:
            bucket.abandon_edges = more(bucket.abandon_edges, key, n)


def _count_leaving(buckets: list[Bucket], threshold: float, c: Contact, n: int) -> None:
    """Flowed out; callbacks and errors apart."""
    wait, cause = c.wait, c.cause
    for bucket in buckets:
        if cause == "callback":
            bucket.callbacks += n
        elif cause == "error":
            bucket.errors += n
        else:
            bucket.flowed_out = more(bucket.flowed_out, cause, n)
        if wait is None:
            continue
        waited = millis(wait)
        bucket.timed_flow_outs += n
        bucket.flow_wait += n * waited
        if n > 0 and waited > bucket.longest_other:
            bucket.longest_other = waited
        if cause == "callback":
            bucket.callbacks_within += n if wait <= threshold else 0
            bucket.callback_waits = more(bucket.callback_waits, bin_of(wait), n)


# ── conversation ───────────────────────────────────────────────────────────────────────────────────────────────────


def is_handled(c: Contact) -> bool:
    """Its conversation is over, and was seen whole."""
    return c.outcome == "answered" and c.ended is not None and c.talk is not None and c.answer_seen


def book_handling(state: State, queue: Queue, c: Contact, n: int) -> None:
    """Handled: when the conversation ended. Without the lost, of which ghosts are counted, and those whose answer was not seen."""
    if c.outcome == "answered" and c.is_ghost and c.ended is not None:
        for bucket in _of_handling(state, queue, c, c.ended):
            bucket.ghosts += n
        return
    if c.ended is None or c.talk is None or not is_handled(c):
        return
    whole, wrap = millis(c.talk), n * millis(c.wrap)
    hold = min(whole, millis(c.hold)) if c.holds else 0
    talk, hold = n * (whole - hold), n * hold
    held, transferred = n if c.holds else 0, n if c.end == "transfer" else 0
    buckets = _of_handling(state, queue, c, c.ended)
    for bucket in buckets:
        bucket.handled += n
        bucket.talk += talk
    if hold or wrap or held or transferred:
        for bucket in buckets:
            bucket.hold += hold
            bucket.wrap += wrap
            bucket.held += held
            bucket.transferred += transferred
    if c.agent is not None and (day := agent_day(state, c.agent, c.ended)):
        day.handled += n
        day.talk += talk
        day.hold += hold
        day.wrap += wrap
        day.transferred += transferred
        if n > 0:
            day.longest_talk = max(day.longest_talk, whole)
            if c.holds:
                day.longest_hold = max(day.longest_hold, min(whole, millis(c.longest_hold)))


def shorten(state: State, agent: AgentId, at: float) -> None:
    """A conversation that ended then turned out shorter than it was booked: its agent's longest may be another."""
    start = state.frame.day_of(at)
    day = agent_day(state, agent, at)
    if day is None:
        return
    day.longest_talk = day.longest_hold = 0
    for c in state.contacts.values():
        if c.agent != agent or c.ended is None or c.talk is None or not is_handled(c):
            continue
        if state.frame.day_of(c.ended) == start:
            whole = millis(c.talk)
            day.longest_talk = max(day.longest_talk, whole)
            day.longest_hold = max(day.longest_hold, min(whole, millis(c.longest_hold)))


def _of_handling(state: State, queue: Queue, c: Contact, ended: float) -> list[Bucket]:
    team, frame, now, amended = state.team(c.team), state.frame, state.now, state.dirty.amended
    buckets = gather((queue.events, team.events), ended, frame, now, amended)
    mark(state, queue, c.team, ended, buckets)
    return buckets + gather((queue.cohorts, team.cohorts), c.queued, frame, now, amended)


def book_wrap(state: State, contact: ContactId | None, wrap: float) -> None:
    """Wrap-up after this contact lasted, or is to last, so long: it is part of the contact's handling."""
    c = state.contacts.get(contact) if contact is not None else None
    if c is None or c.wrap == wrap:
        return
    longer = millis(wrap) - millis(c.wrap)
    c.wrap = wrap
    if c.ended is None or not longer or not is_handled(c):
        return
    for bucket in _of_handling(state, state.queues[c.queue], c, c.ended):
        bucket.wrap += longer
    if c.agent is not None and (day := agent_day(state, c.agent, c.ended)):
        day.wrap += longer


# ── rating ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def book_rating(state: State, queue: Queue, c: Contact, n: int) -> None:
    """Rated: when the party said so; of the person who answered, too."""
    if c.rated is None:
        return
    team, frame, now, amended = state.team(c.team), state.frame, state.now, state.dirty.amended
    buckets = gather((queue.events, team.events), c.rated, frame, now, amended)
    mark(state, queue, c.team, c.rated, buckets)
    _count_rating(buckets + gather((queue.cohorts, team.cohorts), c.queued, frame, now, amended), c, n)
    book_own_rating(state, c, n)


def book_own_rating(state: State, c: Contact, n: int) -> None:
    if c.rated is not None and c.agent is not None and (day := agent_day(state, c.agent, c.rated)):
        day.ratings += n
        day.satisfied += n if c.satisfied else 0


def _count_rating(buckets: list[Bucket], c: Contact, n: int) -> None:
    satisfied = n if c.satisfied else 0
    for bucket in buckets:
        bucket.ratings += n
        bucket.satisfied += satisfied


def book_all(state: State, queue: Queue, c: Contact, n: int) -> None:
    book_arrival(state, queue, c, n)
    book_outcome(state, queue, c, n)
    book_handling(state, queue, c, n)
    book_rating(state, queue, c, n)


# ── what is no visit ───────────────────────────────────────────────────────────────────────────────────────────────


def book_rang(state: State, queue: Queue, rang: Rang) -> None:
    """Alerting attempts that ended without an answer, each for the team of whom it rang."""
    kind, at, agents = rang
    teams: dict[str, int] = {}
    for agent in agents:
        name = state.team_of(agent)
        teams[name] = teams.get(name, 0) + 1
        if kind != "cancelled" and (day := agent_day(state, agent, at)):
            if kind == "missed":
                day.missed += 1
            else:
                day.declined += 1
    told = [(queue.card.team, queue.events, len(agents))]
    told += [(name, state.team(name).events, n) for name, n in teams.items()]
    for name, books, n in told:
        buckets = gather((books,), at, state.frame, state.now, state.dirty.amended)
        for bucket in buckets:
            if kind == "missed":
                bucket.missed += n
            elif kind == "declined":
                bucket.declined += n
            else:
                bucket.cancelled += n
        mark(state, queue, name, at, buckets)


def book_refusal(state: State, queue: Queue, at: float, cause: str) -> None:
    for bucket in _of_queue(state, queue, at):
        bucket.refused = more(bucket.refused, cause, 1)


def book_unseen(state: State, told: Unseen) -> None:
    """When exactly they ended nobody knows: they count when that was found out."""
    for bucket in _of_queue(state, state.queues[told.queue], told.at):
        bucket.unseen += told.visits


def _of_queue(state: State, queue: Queue, at: float) -> list[Bucket]:
    """What nobody was rung for is of the queue's own team."""
    name = queue.card.team
    buckets = gather((queue.events, state.team(name).events), at, state.frame, state.now, state.dirty.amended)
    mark(state, queue, name, at, buckets)
    return buckets


def mark(state: State, queue: Queue, team: str, at: float, buckets: list[Bucket]) -> None:
    state.dirty.queues.add(queue.id)
    state.dirty.teams.add(team)
    if state.now - at > LATE:
        for bucket in buckets:
            bucket.revised += 1


def agent_day(state: State, agent: AgentId, at: float) -> AgentDay | None:
    start = state.frame.day_of(at)
    if start is None:
        return None
    days = state.agent(agent).days
    if start not in days:
        days[start] = AgentDay()
    state.dirty.agents.add(agent)
    return days[start]
