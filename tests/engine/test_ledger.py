"""The ledger adds up: in every bucket, over queues and teams, over sources, and whenever it is written anew."""

from collections.abc import Iterator

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.rebook import rebook
from ccwall.engine.scope import Scope
from ccwall.engine.state import State
from ccwall.engine.windows import FINE_KEPT, Books, Bucket
from ccwall.events import SourceId
from tests.engine.journal import HOUSE, fact, replayed
from tests.engine.test_laws import START, Step, journal, journals, steps

LEVELS = ("fine", "minutes", "intervals", "days")
SPARSE = ("flowed_out", "refused", "answer_waits", "abandon_waits", "abandon_edges", "callback_waits")
OUTCOMES = ("answered", "abandoned", "short", "flowed_out", "callbacks", "errors", "lost", "in_progress")

Key = tuple[str, str, int]
"""Basis, level, start."""


def books_of(state: State) -> Iterator[tuple[str, str, Books]]:
    """Each with whose it is, and its basis."""
    for id, queue in state.queues.items():
        yield f"queue {id}", "events", queue.events
        yield f"queue {id}", "cohorts", queue.cohorts
    for name, team in state.teams.items():
        yield f"team {name}", "events", team.events
        yield f"team {name}", "cohorts", team.cohorts


def buckets_of(state: State, whose: str = "") -> Iterator[tuple[str, Key, Bucket]]:
    """Those in which something was counted, of what is still kept."""
    for owner, basis, books in books_of(state):
        for level in LEVELS if owner.startswith(whose) else ():
            for start, bucket in getattr(books, level).items():
                if (level != "fine" or start >= state.now - FINE_KEPT) and plain(bucket) != Bucket():
                    yield owner, (basis, level, start), bucket


def plain(bucket: Bucket) -> Bucket:
    """Without the marks of what was told late: these are of each booking, not of what is in the books."""
    return msgspec.structs.replace(bucket, revised=0)


def summed(buckets: Iterator[tuple[str, Key, Bucket]]) -> dict[Key, Bucket]:
    total: dict[Key, Bucket] = {}
    for _, key, bucket in buckets:
        total.setdefault(key, Bucket()).merge(plain(bucket))
    return total


def scopes_of(state: State) -> list[Scope]:
    return [
        Scope(),
        Scope("site", state.policy.site),
        *(Scope("queue", id) for id in state.queues),
        *(Scope("team", id) for id in {*state.teams, "north", "nobody knows it"}),
        *(Scope("line", line) for line in {queue.card.line for queue in state.queues.values()}),
    ]


def check_identity(engine: Engine) -> None:
    """offered = Σ outcomes + in progress, of those who arrived in the window."""
    state = engine._state
    for text in ("today", "interval", "rolling:5", "rolling:60"):
        window = engine.window(text, state.now)
        for scope in scopes_of(state):
            numbers = engine.measure(scope, window, state.now, "cohort")
            assert numbers["offered"] == sum(numbers[key] for key in OUTCOMES), (scope, window)  # type: ignore[misc]


def check_buckets(state: State) -> None:
    for owner, key, bucket in buckets_of(state):
        numbers = {name: n for name, n in msgspec.structs.asdict(bucket).items() if isinstance(n, int)}
        assert all(n >= (-1 if name.startswith("longest") else 0) for name, n in numbers.items()), (
            owner,
            key,
        )
        for name in SPARSE:
            assert all(n > 0 for n in getattr(bucket, name).values()), (owner, key)
        assert bucket.within <= bucket.timed_answers <= bucket.answered
        assert bucket.timed_abandons <= bucket.abandoned
        assert bucket.abandoned_within <= bucket.timed_abandons + bucket.short
        assert bucket.callbacks_within <= bucket.callbacks
        assert bucket.repeats <= bucket.offered or key[1] == "fine"
        assert sum(bucket.answer_waits.values()) == bucket.timed_answers
        assert sum(bucket.abandon_waits.values()) == bucket.timed_abandons + bucket.short
        assert max(bucket.held, bucket.transferred) <= bucket.handled
        assert bucket.satisfied <= bucket.ratings
        assert (bucket.longest_answered >= 0) == (bucket.timed_answers > 0)
        assert (bucket.longest_abandoned >= 0) == (bucket.timed_abandons + bucket.short > 0)
        assert (bucket.longest_other >= 0) == (bucket.timed_flow_outs > 0)


@given(journals)
def test_in_every_scope_and_window_offered_is_the_sum_of_the_outcomes(drawn: list[Step]) -> None:
    engine = replayed(journal(drawn))
    check_identity(engine)
    check_buckets(engine._state)


@given(journals)
def test_the_teams_together_have_what_the_queues_together_have(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    assert summed(buckets_of(state, "team")) == summed(buckets_of(state, "queue"))


@given(journals)
def test_days_intervals_and_minutes_are_sums_of_what_is_finer(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    frame = state.frame
    for _, _, books in books_of(state):
        today = books.days.get(frame.start, Bucket())
        assert books.between(frame.start, frame.end) == today
        for start, bucket in books.intervals.items():
            assert books.between(start, start + frame.length) == bucket
        for start, bucket in books.minutes.items():
            if start >= state.now - FINE_KEPT:
                assert plain(merged(books.fine.get(start + 5 * n, Bucket()) for n in range(12))) == plain(
                    bucket
                )


def merged(buckets: Iterator[Bucket]) -> Bucket:
    total = Bucket()
    for bucket in buckets:
        total.merge(bucket)
    return total


@given(journals)
def test_the_books_are_those_one_would_write_anew_from_the_contacts(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    before = {(owner, key): plain(bucket) for owner, key, bucket in buckets_of(state)}
    marks = marked(state)
    people = counts_of_people(state)
    rebook(state)
    assert {(owner, key): plain(bucket) for owner, key, bucket in buckets_of(state)} == before
    assert marked(state) == marks
    assert counts_of_people(state) == people


def marked(state: State) -> dict[tuple[str, Key], int]:
    """What was told late, of queues: a team's arrivals may have moved to another since."""
    return {(o, key): b.revised for o, key, b in buckets_of(state, "queue") if b.revised}


def counts_of_people(state: State) -> dict[tuple[str, int], list[int]]:
    keys = ("answered", "handled", "talk", "hold", "wrap", "transferred", "missed", "declined", "outbound",
            "longest_talk", "longest_hold", "ratings", "satisfied")  # fmt: skip
    counts = {
        (agent.id, start): [getattr(day, key) for key in keys]
        for agent in state.agents.values()
        for start, day in agent.days.items()
    }
    return {key: told for key, told in counts.items() if any(told)}


@given(journals, st.randoms(use_true_random=False))
def test_buckets_merge_to_the_same_in_any_order_and_grouping(drawn: list[Step], chance: object) -> None:
    parts = [bucket for _, _, bucket in buckets_of(replayed(journal(drawn))._state)]
    forward, backward, halves = Bucket(), Bucket(), [Bucket(), Bucket()]
    for part in parts:
        forward.merge(part)
    for part in reversed(parts):
        backward.merge(part)
    for number, part in enumerate(parts):
        halves[number % 3 % 2].merge(part)
    halves[1].merge(halves[0])
    assert forward == backward == halves[1]


@given(journals)
def test_the_books_of_two_engines_that_heard_one_source_each_merge_to_those_of_one_that_heard_both(
    drawn: list[Step],
) -> None:
    """Sites in any order: every source has queues, people and callers of its own."""
    apart, both = [Engine(), Engine()], Engine()
    now = START
    for seq, (make, step, late, contact, queue, agent, source) in enumerate(drawn, 1):
        now += step
        # Told at once or late, but never from the future: time passes in each engine by what it hears.
        event = make(
            now - max(late, 0.0),
            f"c{contact}{source}",
            f"s{source}/q{contact % 2 + queue}",
            f"a{agent}{source}",
        )
        if isinstance(event, events.ContactQueued):
            event = msgspec.structs.replace(event, caller=f"{event.caller}{source}")
        told = fact(event, seq, SourceId(f"s{source}"), now)
        for engine in [*apart, both] if isinstance(event, events.ConfigApplied) else [apart[source], both]:
            engine.apply(told)
    for engine in (*apart, both):
        engine.apply(fact(events.RecordingResumed(at=now), len(drawn) + 1, HOUSE))
    total: dict[tuple[str, Key], Bucket] = {}
    for owner, key, bucket in (found for engine in apart for found in buckets_of(engine._state)):
        total.setdefault((owner, key), Bucket()).merge(plain(bucket))
    assert total == {(owner, key): plain(bucket) for owner, key, bucket in buckets_of(both._state)}
    assert marked(apart[0]._state) | marked(apart[1]._state) == marked(both._state)


class Ledger(RuleBasedStateMachine):
    """A floor that anything may happen on: after every fact the ledger adds up."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine()
        self.drawn: list[Step] = []

    @rule(step=steps)
    def something_happens(self, step: Step) -> None:
        self.drawn.append(step)
        self.engine.apply(journal(self.drawn)[-1])

    @rule()
    def the_engine_is_stopped_and_started_again(self) -> None:
        self.engine = Engine.restore(self.engine.dump())

    @rule()
    def the_books_are_written_anew(self) -> None:
        rebook(self.engine._state)

    @invariant()
    def the_ledger_adds_up(self) -> None:
        check_identity(self.engine)
        check_buckets(self.engine._state)

    @invariant()
    def teams_and_queues_agree(self) -> None:
        state = self.engine._state
        assert summed(buckets_of(state, "team")) == summed(buckets_of(state, "queue"))


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=30, stateful_step_count=30)
