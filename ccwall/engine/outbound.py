"""Reducers of ``attempt.*``: outbound calls, each of their moments counted once, when it happened.

planned → dialled → connected → completed, or failed. Whatever was told is kept: an attempt that completed although
nobody saw it connect has completed, and that is all. A conversation is one of the agent's until the attempt ends.
"""

from ccwall.engine.agents import begin_call, cut_wrap, end_call
from ccwall.engine.books import agent_day, mark, millis
from ccwall.engine.state import State
from ccwall.engine.visits import Attempt
from ccwall.engine.windows import Bucket, gather
from ccwall.events import (
    AttemptCompleted,
    AttemptConnected,
    AttemptDialled,
    AttemptEvent,
    AttemptFailed,
    AttemptPlanned,
    ContactId,
    SourceId,
)


def planned(state: State, source: SourceId, at: float, event: AttemptPlanned) -> None:
    attempt = _attempt(state, source, at, event)
    if attempt.planned is None:
        attempt.planned = at
        _book(state, attempt, "planned", at, 1)


def dialled(state: State, source: SourceId, at: float, event: AttemptDialled) -> None:
    attempt = _attempt(state, source, at, event)
    if attempt.dialled is None:
        attempt.dialled = at
        _book(state, attempt, "dialled", at, 1)


def connected(state: State, source: SourceId, at: float, event: AttemptConnected) -> None:
    attempt = _attempt(state, source, at, event)
    if attempt.connected is not None:
        return
    attempt.connected = at
    _book(state, attempt, "connected", at, 1)
    _book_talk(state, attempt)
    if attempt.ended is None and attempt.agent is not None:
        agent = state.agent(attempt.agent)
        cut_wrap(state, agent, at)
        begin_call(state, agent, conversation(attempt), at)
        attempt.talking = True


def failed(state: State, source: SourceId, at: float, event: AttemptFailed) -> None:
    _end(state, source, at, event, "failed", event.cause)


def completed(state: State, source: SourceId, at: float, event: AttemptCompleted) -> None:
    _end(state, source, at, event, "completed", "")


def _end(state: State, source: SourceId, at: float, event: AttemptEvent, outcome: str, cause: str) -> None:
    """The first end that is told is the end."""
    attempt = _attempt(state, source, at, event)
    if attempt.ended is not None:
        return
    attempt.ended, attempt.cause = at, cause
    attempt.outcome = "completed" if outcome == "completed" else "failed"
    _book(state, attempt, attempt.outcome, at, 1)
    _book_talk(state, attempt)
    _hang_up(state, attempt, at)


def lose_talk(state: State, attempt: Attempt, at: float) -> None:
    """Its source no longer speaks of it: how it ended nobody knows, but the conversation is not going on."""
    _hang_up(state, attempt, max(at, attempt.last))


def conversation(attempt: Attempt) -> ContactId:
    """The id under which the agent's conversation goes."""
    return ContactId(f"attempt/{attempt.id}")


def _hang_up(state: State, attempt: Attempt, at: float) -> None:
    if attempt.talking and attempt.agent is not None:
        attempt.talking = False
        end_call(state, state.agent(attempt.agent), conversation(attempt), at)


def _attempt(state: State, source: SourceId, at: float, event: AttemptEvent) -> Attempt:
    """The attempt, made when new. Who dials it may be told with any of its facts."""
    state.queue(event.queue, source)
    attempt = state.attempts.get(event.attempt)
    if attempt is None:
        attempt = Attempt(id=event.attempt, source=source, queue=event.queue)
        attempt.team = attempt_team(state, attempt)
        state.attempts[event.attempt] = attempt
    attempt.epoch = state.source(attempt.source, at).epoch
    attempt.last = max(attempt.last, at)
    if event.agent is not None and attempt.agent is None:
        attempt.agent = event.agent
        _move(state, attempt)
    return attempt


# ── in the books ───────────────────────────────────────────────────────────────────────────────────────────────────


def attempt_team(state: State, attempt: Attempt) -> str:
    if attempt.agent is not None:
        return state.team_of(attempt.agent)
    return state.queues[attempt.queue].card.team


def book_attempt(state: State, attempt: Attempt) -> None:
    """All of it."""
    for moment, at in _moments(attempt):
        _book(state, attempt, moment, at, 1)
    _book_talk(state, attempt)


def _move(state: State, attempt: Attempt) -> None:
    """What it has counted so far is its agent's team's."""
    team = attempt_team(state, attempt)
    if team == attempt.team:
        return
    for name, n in ((attempt.team, -1), (team, 1)):
        for moment, at in _moments(attempt):
            for bucket in gather((state.team(name).events,), at, state.frame, state.now, state.dirty.amended):
                _count(bucket, moment, n)
        state.dirty.teams.add(name)
    attempt.team = team


def _moments(attempt: Attempt) -> list[tuple[str, float]]:
    told = (
        ("planned", attempt.planned),
        ("dialled", attempt.dialled),
        ("connected", attempt.connected),
        (attempt.outcome, attempt.ended),
    )
    return [(moment, at) for moment, at in told if at is not None]


def _book(state: State, attempt: Attempt, moment: str, at: float, n: int) -> None:
    for bucket in _buckets(state, attempt, at):
        _count(bucket, moment, n)
    if moment == "connected" and attempt.agent is not None and (day := agent_day(state, attempt.agent, at)):
        day.outbound += n


def _book_talk(state: State, attempt: Attempt) -> None:
    """When it ended: how long it was talked about."""
    if attempt.ended is None or attempt.talk is None:
        return
    talk = millis(attempt.talk)
    for bucket in _buckets(state, attempt, attempt.ended):
        bucket.conversed += 1
        bucket.outbound_talk += talk


def _buckets(state: State, attempt: Attempt, at: float) -> list[Bucket]:
    queue = state.queues[attempt.queue]
    buckets = gather(
        (queue.events, state.team(attempt.team).events), at, state.frame, state.now, state.dirty.amended
    )
    mark(state, queue, attempt.team, at, buckets)
    return buckets


def _count(bucket: Bucket, moment: str, n: int) -> None:
    if moment == "planned":
        bucket.planned += n
    elif moment == "dialled":
        bucket.dialled += n
    elif moment == "connected":
        bucket.connected += n
    elif moment == "completed":
        bucket.completed += n
    else:
        bucket.failed += n
