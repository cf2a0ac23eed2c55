"""What holds for every journal, however strange."""

import json
import math
from collections.abc import Callable

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.desk.domains import TAKERS
from ccwall.engine.outbound import conversation
from ccwall.engine.reduce import REDUCERS
from ccwall.engine.windows import Books, Bucket
from ccwall.events import (
    AgentId,
    AnyEvent,
    ContactId,
    DeviceId,
    Envelope,
    Policy,
    QueueCard,
    QueueId,
    SeatId,
    SourceId,
)
from tests.engine.journal import fact, fold, replayed

START = 1_795_391_700.0
"""2026-11-22 23:55 UTC, so that journals run over midnight."""

Make = Callable[[float, str, str, str], AnyEvent]


def _contact(kind: type[events.ContactEvent], **more: object) -> Make:
    def make(at: float, contact: str, queue: str, agent: str) -> AnyEvent:
        named = {"agent": AgentId(agent)} if "agent" in kind.__struct_fields__ and "agent" not in more else {}
        event = kind(at=at, contact=ContactId(contact), queue=QueueId(queue), **named, **more)
        assert isinstance(event, events.ContactEvent)
        return event  # type: ignore[return-value]  # every ContactEvent is in the union

    return make


def _agent(kind: type[events.AgentEvent], **more: object) -> Make:
    def make(at: float, contact: str, queue: str, agent: str) -> AnyEvent:
        named = {
            key: QueueId(queue) for key in ("queue",) if key in kind.__struct_fields__ and key not in more
        }
        event = kind(at=at, agent=AgentId(agent), **named, **more)
        assert isinstance(event, events.AgentEvent)
        return event  # type: ignore[return-value]  # every AgentEvent is in the union

    return make


def _called(at: float, contact: str, queue: str, agent: str) -> AnyEvent:
    """Somebody who calls again and again: eight visits are five calls of three callers, one of them unknown."""
    number = int(contact[1:])
    return events.ContactQueued(
        at=at,
        contact=ContactId(contact),
        queue=QueueId(queue),
        call=f"call{number % 5}",
        caller=["13800138000", " 021-6289 ", "Anonymous"][number % 3],
    )


def _attempt(kind: type[events.AttemptEvent], *, dialled_by_somebody: bool = True) -> Make:
    def make(at: float, contact: str, queue: str, agent: str) -> AnyEvent:
        who = AgentId(agent) if dialled_by_somebody else None
        event = kind(at=at, attempt=f"t{contact}", queue=QueueId(queue), agent=who)
        assert isinstance(event, events.AttemptEvent)
        return event  # type: ignore[return-value]  # every AttemptEvent is in the union

    return make


def _policy(n: int) -> Make:
    own = {"offered": events.Measure(threshold=3, short=1)}
    cards = [
        {},
        {QueueId("s/q1"): QueueCard(threshold=3.0, short=2.0, line="x", team="north", flow_outs="count")},
        {QueueId("s/q2"): QueueCard(threshold=40.5, short=0.0, callbacks="removed", measures=own)},
    ]
    teams = [{}, {"a0": "north", "a1": "south"}, {"a0": "south", "a2": "west"}]
    zones = ["UTC", "Asia/Kolkata", "America/St_Johns"]
    senses: list[dict[SourceId, events.Sense]] = [
        {SourceId("s1"): "phone"}, {}, {SourceId("s0"): "desk", SourceId("s1"): "phone"},
    ]  # fmt: skip
    policy = Policy(
        zone=zones[n],
        queues=cards[n],
        interval=[900, 1800, 3600][n],
        day_starts=[0, 4, 5][n],
        agents={
            AgentId(agent): events.AgentCard(team=team, seat=SeatId(f"seat-{agent}"), acd=n == 1)
            for agent, team in teams[n].items()
        },
        senses=senses[n],
        devices={DeviceId("N/a0"): AgentId("a2")} if n else {},
        limits=[{"ghost": 20.0, "waiting_ghost": 130.0, "ready_docked": 3.0}, {}, {"call_ended": 0.0}][n],
    )
    return lambda at, contact, queue, agent: events.ConfigApplied(at=at, hash=str(n), policy=policy)


def _phone(state: events.PhoneState) -> Make:
    return lambda at, contact, queue, agent: events.DeviceStateChanged(
        at=at, device=DeviceId(f"P/{agent}"), state=state, agent=AgentId(agent)
    )


def _device(state: events.PhoneState, *, whose: bool = True, age_known: bool = True) -> Make:
    return lambda at, contact, queue, agent: events.DeviceStateChanged(
        at=at,
        device=DeviceId(f"{'D' if whose else 'N'}/{agent}"),
        state=state,
        agent=AgentId(agent) if whose else None,
        age_known=age_known,
    )


def _headset(**bits: bool) -> Make:
    return lambda at, contact, queue, agent: events.DeviceHeadset(
        at=at, device=DeviceId(f"H/{agent}"), agent=AgentId(agent) if at % 2 < 1 else None, **bits
    )


SENSES: list[Make] = [
    *[_device(state) for state in ("idle", "idle", "in_use", "in_use", "ringing", "unavailable")],
    _device("in_use", whose=False),
    _device("idle", age_known=False),
    _headset(docked=True),
    _headset(docked=False, worn=True),
    _headset(connected=False),
    _headset(connected=True),
    lambda at, contact, queue, agent: events.SeatOccupied(at=at, seat=SeatId(f"seat-{agent}")),
    lambda at, contact, queue, agent: events.SeatVacated(at=at, seat=SeatId(f"seat-{agent}")),
    lambda at, contact, queue, agent: events.SeatSensor(
        at=at, seat=SeatId(f"seat-{agent}"), available=at % 2 < 1
    ),
    lambda at, contact, queue, agent: events.DeviceSeen(
        at=at, device=DeviceId(f"H/{agent}"), kind="headset", agent=AgentId(agent) if at % 3 < 2 else None
    ),
]
"""What the senses below the ACD say."""
MAKERS: list[Make] = [
    *[_contact(events.ContactQueued)] * 4,
    *[_called] * 2,
    _contact(events.ContactQueued, inferred=True, wait_known=False),
    *[_contact(events.ContactAlerting)] * 2,
    _contact(events.ContactNotAnswered),
    _contact(events.ContactNotAnswered, ring_time=15.0),
    _contact(events.ContactNotAnswered, ring_time=15.0, cancelled=True),
    *[_contact(events.ContactAnswered)] * 4,
    _contact(events.ContactAnswered, inferred=True),
    _contact(events.ContactHeld),
    _contact(events.ContactRetrieved),
    _contact(events.ContactTransferred),
    _contact(events.ContactAbandoned),
    _contact(events.ContactAbandoned, cause="unknown"),
    _contact(events.ContactFlowedOut, cause="timeout"),
    _contact(events.ContactFlowedOut, cause="key"),
    _contact(events.ContactFlowedOut, cause="error"),
    _contact(events.ContactRefused, cause="full"),
    *[_contact(events.ContactReleased)] * 3,
    _contact(events.ContactCleared),
    _contact(events.ContactLost),
    _contact(events.ContactCallbackRequested),
    *[_contact(events.ContactRated, score=float(score)) for score in (5, 3, 6)],
    _attempt(events.AttemptPlanned, dialled_by_somebody=False),
    _attempt(events.AttemptDialled),
    *[_attempt(events.AttemptConnected)] * 2,
    _attempt(events.AttemptFailed),
    _attempt(events.AttemptCompleted),
    _agent(events.AgentLoggedOn, name="X"),
    _agent(events.AgentLoggedOff),
    _agent(events.AgentReady),
    _agent(events.AgentReady, queue=None),
    _agent(events.AgentNotReady, reason="lunch"),
    _agent(events.AgentNotReady, queue=None, reason="用餐"),
    _agent(events.AgentBusy),
    _agent(events.AgentWorkingAfterCall),
    *[_agent(events.AgentMembershipChanged, member=True, name='名, "x"')] * 3,
    _agent(events.AgentMembershipChanged, member=False),
    *[_phone(state) for state in ("idle", "in_use", "ringing", "unavailable", "unknown")],
    lambda at, contact, queue, agent: events.AgentWorkingAfterCall(
        at=at, agent=AgentId(agent), contact=ContactId(contact), until=at + 20
    ),
    lambda at, contact, queue, agent: events.QueueDescribed(at=at, queue=QueueId(queue), name=contact),
    lambda at, contact, queue, agent: events.DeviceFault(
        at=at, device=DeviceId("H"), agent=AgentId(agent), fault="x", cleared=at % 2 < 1
    ),
    lambda at, contact, queue, agent: events.QueueUnseen(at=at, since=at - 9, queue=QueueId(queue), visits=2),
    lambda at, contact, queue, agent: events.RecordingStopped(at=at, reason="full"),
    lambda at, contact, queue, agent: events.RecordingResumed(at=at),
    lambda at, contact, queue, agent: events.SourceUp(at=at),
    lambda at, contact, queue, agent: events.SourceLimited(at=at, limit="devices"),
    lambda at, contact, queue, agent: events.SourceDown(at=at, reason="eof"),
    lambda at, contact, queue, agent: events.SourceGap(at=at, since=at - 7),
    *[lambda at, contact, queue, agent: events.SourceResyncStarted(at=at)] * 2,
    *[lambda at, contact, queue, agent: events.SourceResyncFinished(at=at)] * 2,
    *[_policy(n) for n in range(3)],
    *SENSES,
]

steps = st.tuples(
    st.sampled_from(MAKERS),
    st.sampled_from([0.0, 0.0, 0.004, 1.0, 3.0, 21.5, 130.0]),  # time since the step before
    st.sampled_from([0.0, 0.0, 0.0, 0.3, 25.0, -2.0]),  # how late the fact is told
    st.integers(0, 7),
    st.integers(0, 1),
    st.integers(0, 2),
    st.integers(0, 1),
)
journals = st.lists(steps, max_size=60)
Step = tuple[Make, float, float, int, int, int, int]


def journal(drawn: list[Step]) -> list[Envelope]:
    now, out = START, []
    for seq, (make, step, late, contact, queue, agent, source) in enumerate(drawn, 1):
        now += step
        # A contact keeps its queue, as every source's contacts do; what differs is told by other sources.
        event = make(now - late, f"c{contact}", f"s/q{contact % 2 + queue}", f"a{agent}")
        out.append(fact(event, seq, SourceId(f"s{source}"), now))
    return out


def totals(engine: Engine, kind: str) -> dict[str, Bucket]:
    found: dict[str, Bucket] = {}
    for id, queue in engine._state.queues.items():  # the laws are about the inside
        books: Books = getattr(queue, kind)
        found[id] = books.days.get(engine._state.frame.start, Bucket())
    return found


def test_every_event_has_its_reducer() -> None:
    assert set(REDUCERS) | set(TAKERS) == set(AnyEvent.__args__)
    assert not set(REDUCERS) & set(TAKERS)


@given(journals)
def test_offered_is_the_sum_of_the_outcomes_and_of_those_in_progress(drawn: list[Step]) -> None:
    engine = replayed(journal(drawn))
    state = engine._state
    for id, bucket in totals(engine, "cohorts").items():
        open_today = [
            c for c in state.contacts.values()
            if c.queue == id and c.is_waiting and state.frame.day_of(c.queued) == state.frame.start
        ]  # fmt: skip
        assert bucket.offered == bucket.outcomes() + len(open_today)


@given(journals)
def test_waiting_and_talking_are_the_open_contacts(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    for id, queue in state.queues.items():
        mine = [c for c in state.contacts.values() if c.queue == id]
        assert set(queue.waiting) == {c.id for c in mine if c.is_waiting}
        assert set(queue.talking) == {c.id for c in mine if c.is_talking}
        assert queue.line == sorted((c.queued, c.id) for c in mine if c.is_waiting and c.wait_known)
    for agent in state.agents.values():
        assert set(agent.calls) == {
            *(c.id for c in state.contacts.values() if c.is_talking and c.agent == agent.id),
            *(conversation(a) for a in state.attempts.values() if a.talking and a.agent == agent.id),
        }
        on_hold = {id for id, call in agent.calls.items() if call.held}
        assert on_hold == {c.id for c in state.contacts.values() if c.is_talking and c.agent == agent.id
                           and c.hold_since is not None}  # fmt: skip
        assert set(agent.ringing) == {c.id for c in state.contacts.values() if agent.id in c.alerting}


@given(journals, st.lists(st.sampled_from([0.0, 0.4, 7.0, 20.5, 300.0, 90_000.0]), max_size=60))
@settings(max_examples=200)
def test_folding_the_changes_gives_the_board(drawn: list[Step], looks: list[float]) -> None:
    engine, seen = Engine(), dict[str, object]()
    now = START
    for number, envelope in enumerate(journal(drawn)):
        engine.apply(envelope)
        now = max(now, envelope.received)
        if number < len(looks):
            later = now + (looks[number] if number == len(drawn) - 1 else min(looks[number], 300.0))
            fold(seen, engine.changes(later))
            assert seen == engine.board(later)
    for look in [*looks[-3:], -11.0]:  # clocks go back, too
        now += look
        fold(seen, engine.changes(now))
        assert seen == engine.board(now)


@given(journals)
def test_a_board_is_json_without_null_and_without_infinities(drawn: list[Step]) -> None:
    engine = replayed(journal(drawn))
    for now in (START, START + 400, START + 90_000):
        text = json.dumps(engine.board(now), allow_nan=False)
        assert "null" not in text
        assert json.loads(text) == engine.board(now)


@given(journals)
def test_every_rate_is_a_fraction(drawn: list[Step]) -> None:
    engine = replayed(journal(drawn))
    floor = engine.board(START + 400)["floor"]
    assert isinstance(floor, dict)
    for key in ("service_level", "abandon_rate"):
        assert 0.0 <= floor.get(key, 0.0) <= 1.0


@given(journals)
def test_the_same_journal_gives_the_same_bytes_whoever_looks_in_between(drawn: list[Step]) -> None:
    envelopes = journal(drawn)
    watched = Engine()
    for envelope in envelopes:
        watched.apply(envelope)
        watched.changes(envelope.received + 33.0)
        watched.board(envelope.received + 99.0)
        list(watched.contacts())
        watched.summary(envelope.received)
    assert replayed(envelopes).dump() == watched.dump()


@given(journals)
def test_a_journal_that_went_over_the_wire_gives_the_same_bytes(drawn: list[Step]) -> None:
    envelopes = journal(drawn)
    wire = msgspec.json.encode(envelopes)
    assert replayed(msgspec.json.decode(wire, type=list[Envelope])).dump() == replayed(envelopes).dump()


@given(journals)
def test_an_envelope_heard_twice_in_a_row_counts_once(drawn: list[Step]) -> None:
    envelopes = journal(drawn)
    once, twice = replayed(envelopes), replayed([copy for e in envelopes for copy in (e, e)])
    assert once.summary(START + 9_000) == twice.summary(START + 9_000)


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(MAKERS))
def test_no_instant_is_too_strange_for_the_engine(at: float, make: Make) -> None:
    engine = Engine()
    engine.apply(fact(make(at, "c1", "s/q1", "a1"), 1, received=START))
    json.dumps(engine.board(START), allow_nan=False)
    assert all(math.isfinite(contact.queued) for contact in engine.contacts())
