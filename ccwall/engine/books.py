"""What one contact puts into the books, and how to take it out again.

It depends on the contact and the configured thresholds alone. So a revised outcome is taken out as it was and put in
as it is, and the books can at any time be written anew from the contacts: the counts cannot drift.
"""

from ccwall.engine.state import AgentDay, Contact, Queue, State, Unseen
from ccwall.engine.windows import LATE, Books, Bucket, add, bin_of
from ccwall.events import AgentId, ContactId


def millis(seconds: float) -> int:
    return round(seconds * 1000)


def book_arrival(state: State, queue: Queue, c: Contact, n: int) -> None:
    """Offered: at the moment of queueing, by event time and by cohort alike."""
    for bucket in _events(state, queue, c.queued):
        bucket.offered += n
    cohort = queue.cohorts.at(c.queued, state.frame)
    for bucket in cohort:
        bucket.offered += n
    _mark_late(state, c.queued, cohort)
    state.dirty.intervals.add(state.frame.interval_of(c.queued))


def book_outcome(state: State, queue: Queue, c: Contact, n: int) -> None:
    """The outcome: at its own moment by event time, at the moment of queueing by cohort."""
    at = c.answered if c.outcome == "answered" else c.ended
    if c.outcome == "open" or at is None:
        return
    for bucket in _events(state, queue, at):
        _count(bucket, queue, c, n)
    cohort = queue.cohorts.at(c.queued, state.frame)
    for bucket in cohort:
        _count(bucket, queue, c, n)
    _mark_late(state, at, cohort)
    state.dirty.intervals.add(state.frame.interval_of(c.queued))
    if c.outcome == "answered" and c.agent is not None and (day := agent_day(state, c.agent, at)):
        day.answered += n


def _count(bucket: Bucket, queue: Queue, c: Contact, n: int) -> None:
    wait, outcome = c.wait, c.outcome
    if outcome == "answered":
        bucket.answered += n
        if wait is not None:
            bucket.timed_answers += n
            bucket.wait += n * millis(wait)
            bucket.within += n * (wait <= queue.card.threshold)
            add(bucket.answer_waits, bin_of(wait), n)
    elif outcome == "abandoned":
        if wait is None:
            bucket.abandoned += n
        else:
            if wait < queue.card.short:
                bucket.short += n
            else:
                bucket.abandoned += n
                bucket.timed_abandons += n
            bucket.abandoned_within += n * (wait <= queue.card.threshold)
            add(bucket.abandon_waits, bin_of(wait), n)
    elif outcome == "flowed_out":
        if total := bucket.flowed_out.get(c.cause, 0) + n:
            bucket.flowed_out[c.cause] = total
        else:
            del bucket.flowed_out[c.cause]
    else:
        bucket.lost += n
    if n > 0 and wait is not None:
        bucket.longest = max(bucket.longest, millis(wait))


def book_handling(state: State, queue: Queue, c: Contact, n: int) -> None:
    """Handled: when the conversation ended. Without the lost, and those whose answer was not seen."""
    if c.ended is None or c.talk is None or c.outcome != "answered":
        return
    if c.agent is not None and (day := agent_day(state, c.agent, c.ended)):
        day.talk += n * millis(c.talk)
    if not c.answer_seen:
        return
    handling = n * millis(c.talk + c.wrap)
    for bucket in _events(state, queue, c.ended):
        bucket.handled += n
        bucket.handling += handling
    for bucket in queue.cohorts.at(c.queued, state.frame):
        bucket.handled += n
        bucket.handling += handling


def book_refusal(state: State, queue: Queue, at: float) -> None:
    for bucket in _events(state, queue, at):
        bucket.refused += 1


def book_unseen(state: State, told: Unseen) -> None:
    """When exactly they ended nobody knows: they count when that was found out."""
    for bucket in _events(state, state.queues[told.queue], told.at):
        bucket.unseen += told.visits


def book_all(state: State, queue: Queue, c: Contact, n: int) -> None:
    book_arrival(state, queue, c, n)
    book_outcome(state, queue, c, n)
    book_handling(state, queue, c, n)


def rebook(state: State) -> None:
    """Write the books anew from the contacts: a threshold, the day or the interval was configured otherwise."""
    before = {queue.id: (queue.events, queue.cohorts) for queue in state.queues.values()}
    for queue in state.queues.values():
        queue.events = Books()
        queue.cohorts = Books()
    for agent in state.agents.values():
        agent.days = {}
    for contact in state.contacts.values():
        book_all(state, state.queues[contact.queue], contact, 1)
    for name, at in state.refused.values():
        book_refusal(state, state.queues[name], at)
    for told in state.unseen:
        book_unseen(state, told)
    for id, (events, cohorts) in before.items():
        _take_over_marks(state, events, state.queues[id].events)
        _take_over_marks(state, cohorts, state.queues[id].cohorts)
    state.dirty.everything = True


def _take_over_marks(state: State, before: Books, after: Books) -> None:
    """Written anew is not told late: what was revised stays so, and nothing else becomes it."""
    for books in (after.days, after.intervals, after.minutes):
        for bucket in books.values():
            bucket.revised = 0
    for minute, old in before.minutes.items():
        if old.revised:
            for bucket in after.at(minute, state.frame):
                bucket.revised += old.revised


def _events(state: State, queue: Queue, at: float) -> tuple[Bucket, ...]:
    state.dirty.queues.add(queue.id)
    buckets = queue.events.at(at, state.frame)
    _mark_late(state, at, buckets)
    if buckets and (fine := queue.events.fine_at(at, state.now)) is not None:
        return (*buckets, fine)
    return buckets


def _mark_late(state: State, at: float, buckets: tuple[Bucket, ...]) -> None:
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


def book_wrap(state: State, contact: ContactId | None, wrap: float) -> None:
    """Wrap-up after this contact lasted, or is to last, so long: it is part of the contact's handling."""
    c = state.contacts.get(contact) if contact is not None else None
    if c is None or c.wrap == wrap:
        return
    queue = state.queues[c.queue]
    book_handling(state, queue, c, -1)
    c.wrap = wrap
    book_handling(state, queue, c, 1)
