"""What an outage touches is marked, and nothing else: against a second, simple account of the same journals."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import missed
from ccwall.events import AgentId, AnyEvent, QueueId, SourceId
from tests.engine.journal import (
    ANNA,
    NOON,
    PBX,
    Floor,
    Q,
    abandoned,
    answered,
    connected,
    lost,
    member,
    queued,
    released,
    resync,
)

T = NOON
LENGTH = 900
NAMES = ("pbx1", "pbx2")
STEPS = ("queue", "queue", "answer", "abandon", "release", "down", "up", "finish", "gap", "skip", "snapshot")


@dataclass
class Life:
    """A visit as we made it happen."""

    source: str
    queued: float
    answered: float | None = None
    ended: float | None = None
    lost: bool = False


@dataclass
class Account:
    """The second account. A source is heard, or it is not since some instant; the spans are when it was not."""

    floor: Floor
    now: float = T
    lives: dict[str, Life] = field(default_factory=dict)
    deaf: dict[str, float] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    spans: list[tuple[str, float, float]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    """the visits that their source has told of since its last resync began: it need not say again that they are there"""

    def say(self, source: str, *facts: AnyEvent) -> None:
        self.floor.say(*facts, source=SourceId(source), received=self.now)

    def open(self, source: str, *, talking: bool | None = None) -> list[str]:
        return [
            name
            for name, life in self.lives.items()
            if life.source == source and life.ended is None and talking in (None, life.answered is not None)
        ]

    def step(self, kind: str, source: str, which: int) -> None:
        act: Callable[[str, int], None] = getattr(self, f"_{kind}")
        act(source, which)

    def _queue(self, source: str, which: int) -> None:
        if source not in self.down:
            name = f"{source}/c{len(self.lives)}"
            self.lives[name] = Life(source, self.now)
            self.said.add(name)
            self.say(source, queued(self.now, name, QueueId(f"{source}/q")))

    def _end(self, source: str, which: int, *, talking: bool) -> tuple[str, Life] | None:
        there = self.open(source, talking=talking)
        if source in self.down or not there:
            return None
        name = there[which % len(there)]
        return name, self.lives[name]

    def _answer(self, source: str, which: int) -> None:
        if found := self._end(source, which, talking=False):
            found[1].answered = self.now
            self.said.add(found[0])
            agent = AgentId(f"{source}/a")
            self.say(source, answered(self.now, found[0], agent, QueueId(f"{source}/q")))

    def _abandon(self, source: str, which: int) -> None:
        if found := self._end(source, which, talking=False):
            found[1].ended = self.now
            self.say(source, abandoned(self.now, found[0], QueueId(f"{source}/q")))

    def _release(self, source: str, which: int) -> None:
        if found := self._end(source, which, talking=True):
            found[1].ended = self.now
            self.say(source, released(self.now, found[0], AgentId(f"{source}/a"), QueueId(f"{source}/q")))

    def _down(self, source: str, which: int) -> None:
        self.down.add(source)
        self.deaf.setdefault(source, self.now)
        self.say(source, events.SourceDown(at=self.now, reason="eof"))

    def _up(self, source: str, which: int) -> None:
        if source in self.down:
            self.down.discard(source)
            self.say(source, events.SourceUp(at=self.now))
            self._resync(source)

    def _resync(self, source: str) -> None:
        self.say(source, events.SourceResyncStarted(at=self.now))
        self.said -= {name for name, life in self.lives.items() if life.source == source}

    def _skip(self, source: str, which: int) -> None:
        """Bytes were thrown away: a gap up to now, and a resync."""
        if source not in self.down:
            since = self.now - which
            self.say(source, events.SourceGap(at=self.now, since=since))
            self._resync(source)
            # gaps that touch are one, and one that reaches up to a resync goes on until that is over
            if source in self.deaf:  # it is part of what goes on
                self.deaf[source] = min(self.deaf[source], since)
                return
            last = self._last(source, since)
            if since < self.now or last is not None:
                known = [] if last is None else [self.spans[last][1]]
                self.deaf[source] = min([since, *known])

    def _last(self, source: str, since: float) -> int | None:
        """The last span of this source, if it reaches up to then."""
        mine = [number for number, span in enumerate(self.spans) if span[0] == source]
        return mine[-1] if mine and self.spans[mine[-1]][2] >= since else None

    def _gap(self, source: str, which: int) -> None:
        if source not in self.down and which:
            self.say(source, events.SourceGap(at=self.now, since=self.now - which))
            since = self.now - which
            if source in self.deaf:  # it is part of what goes on
                self.deaf[source] = min(self.deaf[source], since)
                return
            last = self._last(source, since)
            if last is None:
                self.spans.append((source, since, self.now))
            else:  # it touches the one before: they are one
                self.spans[last] = (source, min(since, self.spans[last][1]), self.now)

    def _snapshot(self, source: str, which: int) -> None:
        if source not in self.down and source not in self.deaf:
            self._resync(source)
            if (last := self._last(source, self.now)) is not None:
                self.deaf[source] = self.spans[last][1]
            self._finish(source, 0)

    def _finish(self, source: str, which: int) -> None:
        """The odd ones are still there; the others are gone, nobody knows how."""
        if source in self.down:
            return
        resyncing = self.floor.at(self.now, "sources", source, "state") == "resync"
        gone = self.deaf.get(source, self.now)
        for number, name in enumerate(self.open(source)):
            life = self.lives[name]
            if (which + number) % 2 or not resyncing:
                self.say(source, queued(life.queued, name, QueueId(f"{source}/q")))
            elif name not in self.said:
                start = life.queued if life.answered is None else life.answered
                life.ended, life.lost = max(gone, start), True
                life.answered = life.answered
            else:
                self.say(source, queued(life.queued, name, QueueId(f"{source}/q")))
        self.say(source, events.SourceResyncFinished(at=self.now))
        if source in self.deaf:
            start = self.deaf.pop(source)
            if start < self.now:
                self.spans.append((source, start, self.now))

    def missed(self) -> list[tuple[str, float, float]]:
        return [*self.spans, *((source, start, float("inf")) for source, start in self.deaf.items())]

    def touches(self, life: Life, until: float | None) -> bool:
        for source, start, end in self.missed():
            after = until is None or until > start or (until == start and life.lost and until == life.ended)
            if source == life.source and life.queued < end and after:
                return True
        return False

    def window(self, start: float, end: float, source: str | None = None) -> bool:
        return any(s < end and e > start and source in (None, name) for name, s, e in self.missed())


drawn_steps = st.lists(
    st.tuples(
        st.sampled_from([0.0, 1.0, 7.0, 250.0, 950.0]),
        st.sampled_from(STEPS),
        st.sampled_from(NAMES),
        st.integers(0, 9),
    ),
    max_size=50,
)


def played(drawn: list[tuple[float, str, str, int]]) -> Account:
    account = Account(Floor())
    for name in NAMES:
        account.say(name, *connected(T), member(T, QueueId(f"{name}/q"), AgentId(f"{name}/a")))
        account.say(name, events.QueueDescribed(at=T, queue=QueueId(f"{name}/q"), name="q"))
    account.now += 1.0
    for wait, kind, source, which in drawn:
        account.now += wait
        account.step(kind, source, which)
    return account


@given(drawn_steps)
@settings(max_examples=300)
def test_a_visit_is_marked_when_an_outage_of_its_source_falls_into_its_life_and_only_then(
    drawn: list[tuple[float, str, str, int]],
) -> None:
    account = played(drawn)
    engine = account.floor.engine
    marked = {contact.id: engine.incomplete(contact) for contact in engine.contacts()}
    assert marked == {name: account.touches(life, life.ended) for name, life in account.lives.items()}


@given(drawn_steps)
@settings(max_examples=300)
def test_every_window_an_outage_falls_into_is_marked_and_no_other(
    drawn: list[tuple[float, str, str, int]],
) -> None:
    account = played(drawn)
    floor, now = account.floor, account.now
    start = now // LENGTH * LENGTH
    day, interval = (T - 43_200, T + 43_200), (start, start + LENGTH)
    assert (floor.at(now, "floor", "incomplete") is not None) == account.window(*day)
    assert (floor.at(now, "floor", "interval", "incomplete") is not None) == account.window(*interval)
    for name in NAMES:
        queue = ("queues", f"{name}/q")
        assert (floor.at(now, *queue, "incomplete") is not None) == account.window(*day, name)
        assert (floor.at(now, *queue, "interval", "incomplete") is not None) == account.window(
            *interval, name
        )
        marked = floor.at(now, "agents", f"{name}/a", "incomplete")
        assert marked == (True if account.window(*day, name) else None)
        assert floor.at(now, "sources", name, "as_of") == account.deaf.get(name)


@given(drawn_steps)
@example(
    [(0.0, "queue", "pbx1", 0)] * 2
    + [(0.0, "skip", "pbx1", 0), (950.0, "queue", "pbx1", 0), (950.0, "finish", "pbx1", 0)]
    + [(1.0, "down", "pbx1", 0)]
)
@settings(max_examples=300)
def test_a_point_is_marked_when_an_outage_falls_into_its_interval_or_into_the_wait_of_its_callers(
    drawn: list[tuple[float, str, str, int]],
) -> None:
    account = played(drawn)
    wanted = set()
    for start in range(int(T) // LENGTH * LENGTH, int(account.now) + 1, LENGTH):
        waits = (
            (life, life.ended if life.answered is None else life.answered)
            for life in account.lives.values()
            if start <= life.queued < start + LENGTH
        )
        if account.window(start, start + LENGTH) or any(account.touches(*wait) for wait in waits):
            wanted.add(start)
    first = T - 43_200
    earlier = {start for start in range(int(first), int(T), LENGTH) if account.window(start, start + LENGTH)}
    assert account.floor.at(account.now, "curve_incomplete") == sorted(wanted | earlier)


def test_a_visit_over_midnight_keeps_the_mark_of_yesterdays_outage() -> None:
    late = T + 43_200 - 600
    f = Floor().say(*connected(late - 10), queued(late), events.SourceDown(at=late + 10, reason="eof"))
    f.say(events.SourceUp(at=late + 20), *resync(late + 20, queued(late)))
    f.say(queued(late + 700, "c2"), answered(late + 701, "c2"), abandoned(late + 1300))
    assert [f.engine.incomplete(f.contact(name)) for name in ("c1", "c2")] == [True, False]
    assert f.at(late + 1400, "incomplete") == []


def test_a_source_that_flaps_more_often_than_can_be_remembered_leaves_no_outage_unmarked() -> None:
    f = Floor().say(*connected(T))
    times = [T + 10.0 * n for n in range(missed.MAX_STRETCHES + 50)]
    for at in times:
        f.say(events.SourceGap(at=at + 2, since=at))
    stretches = f.at(times[-1] + 5, "incomplete")
    assert isinstance(stretches, list)
    assert len(stretches) == missed.MAX_STRETCHES
    assert all(any(start <= at and at + 2 <= end for _, start, end in stretches) for at in times)


# ── numbers stand still ──


def test_numbers_stand_still_from_the_loss_to_the_end_of_the_resync() -> None:
    f = Floor().say(*connected(T))
    assert f.at(T + 1, "sources", PBX, "as_of") is None
    f.say(events.SourceDown(at=T + 10, reason="eof"))
    f.say(events.SourceUp(at=T + 20), events.SourceResyncStarted(at=T + 20))
    assert (f.at(T + 21, "sources", PBX, "as_of"), f.at(T + 21, "sources", PBX, "state")) == (
        T + 10,
        "resync",
    )
    f.say(events.SourceResyncFinished(at=T + 22))
    assert f.at(T + 23, "sources", PBX, "as_of") is None


def test_a_gap_that_a_resync_follows_lasts_until_its_end() -> None:
    f = Floor().say(*connected(T), queued(T + 1))
    f.say(events.SourceGap(at=T + 20, since=T + 15), events.SourceResyncStarted(at=T + 20))
    assert f.at(T + 60, "sources", PBX, "as_of") == T + 15
    assert f.queue(T + 60, "service_level") is None  # nobody passes the threshold where nobody looks
    f.say(events.SourceResyncFinished(at=T + 22))
    assert f.at(T + 23, "incomplete") == [[PBX, T + 15, T + 22]]
    assert f.contact().outcome == "lost"
    assert f.contact().ended == T + 15


def test_a_visit_answered_while_nobody_looked_is_answered_and_on_no_side_of_the_service_level() -> None:
    f = Floor().say(*connected(T), queued(T), events.SourceDown(at=T + 5, reason="eof"))
    found = events.ContactAnswered(at=T + 12, contact=f.contact().id, queue=Q, agent=ANNA, inferred=True)
    f.say(events.SourceUp(at=T + 30), *resync(T + 30, queued(T), found))
    assert (f.contact().outcome, f.contact().wait) == ("answered", None)
    assert (f.queue(T + 40, "answered"), f.queue(T + 40, "service_level"), f.queue(T + 40, "asa")) == (
        1,
        None,
        None,
    )
    f.say(released(T + 60))
    assert f.queue(T + 61, "aht") is None


def test_a_lost_visit_is_no_abandoned_one() -> None:
    f = Floor().say(*connected(T), queued(T), lost(T + 9))
    assert (f.queue(T + 10, "lost"), f.queue(T + 10, "abandoned"), f.queue(T + 10, "short")) == (1, 0, 0)


# ── unseen ──


def test_visits_nobody_saw_are_told_beside_the_offered_of_queue_floor_day_and_interval() -> None:
    f = Floor().say(*connected(T), queued(T))
    assert f.queue(T + 1, "unseen") is None
    told = events.QueueUnseen(at=T + 30, since=T + 10, queue=Q, visits=3)
    f.say(told, told, events.QueueUnseen(at=T + 1000, since=T + 990, queue=Q, visits=1))
    paths = (("queues", Q), ("queues", Q, "interval"), ("floor",), ("floor", "interval"))
    assert [f.at(T + 1001, *path, "unseen") for path in paths] == [4, 1, 4, 1]
    assert f.queue(T + 1001, "offered") == 1
    assert f.queue(T + 86_400, "unseen") is None


def test_unseen_visits_survive_another_configuration() -> None:
    f = Floor().say(events.QueueUnseen(at=T + 30, since=T + 10, queue=Q, visits=3))
    f.say(events.ConfigApplied(at=T + 40, hash="x", policy=events.Policy(interval=1800)))
    assert f.queue(T + 41, "unseen") == 3


# ── recording ──


def test_the_board_says_whether_what_happens_is_kept() -> None:
    f = Floor()
    assert f.at(T, "recording") is None
    f.engine.changes(T)
    f.say(events.RecordingResumed(at=T + 1))
    assert (("recording",), {"state": "on", "since": T + 1}) in f.engine.changes(T + 2).set
    stopped = events.RecordingStopped(at=T + 5, reason="full", detail="no space left")
    f.say(stopped, events.RecordingStopped(at=T + 9, reason="full"))
    assert f.at(T + 10, "recording") == {"state": "stopped", "since": T + 5, "reason": "full"}
    f.say(events.RecordingResumed(at=T + 20, missing=7))
    assert f.at(T + 21, "recording") == {"state": "on", "since": T + 20}


# ── revised ──


@pytest.mark.parametrize(("late", "marked"), [(299.0, None), (301.0, True)])
def test_an_interval_told_otherwise_long_after_says_so(late: float, marked: bool | None) -> None:
    f = Floor().say(queued(T + 1))
    f.say(abandoned(T + 40), received=T + 40 + late)
    now = T + 50 + late
    assert f.queue(now, "offered") == 1
    assert f.at(now, "queues", Q, "interval", "revised") is marked
    assert f.at(now, "floor", "interval", "revised") is marked
    assert f.at(now, "curve_revised") == ([T] if marked else [])


def test_another_configuration_revises_nothing() -> None:
    f = Floor().say(queued(T + 1), abandoned(T + 40))
    f.say(events.ConfigApplied(at=T + 800, hash="x", policy=events.Policy(interval=1800)))
    assert (f.at(T + 801, "curve_revised"), f.at(T + 801, "floor", "interval", "revised")) == ([], None)


def test_a_visit_seen_to_end_at_the_instant_of_the_loss_or_to_begin_after_the_resync_is_whole() -> None:
    f = Floor().say(*connected(T), queued(T), queued(T + 1, "c2"), abandoned(T + 9))
    f.say(events.SourceDown(at=T + 9, reason="eof"))
    f.say(events.SourceUp(at=T + 20), *resync(T + 20), queued(T + 20, "c3"))
    f.say(queued(T + 20, "c4", inferred=True))
    marked = {name: f.engine.incomplete(f.contact(name)) for name in ("c1", "c2", "c3", "c4")}
    assert marked == {"c1": False, "c2": True, "c3": False, "c4": True}
    assert (f.contact("c2").outcome, f.contact("c2").ended) == ("lost", T + 9)
