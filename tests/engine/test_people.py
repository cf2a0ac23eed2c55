"""How many people are where, and how much can be given to them."""

from fractions import Fraction

import pytest
from hypothesis import given

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.agents import by_kind, shown
from ccwall.engine.people import STAFF, UNIT, Heads
from ccwall.engine.scope import Scope, Window, scope_of
from ccwall.engine.state import State
from ccwall.events import (
    AgentCard,
    AgentId,
    AnyEvent,
    ContactId,
    Policy,
    QueueCard,
    QueueId,
    SiteId,
    SourceId,
)
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PROMO,
    Floor,
    Q,
    answered,
    member,
    not_ready,
    phone,
    queued,
    released,
    replayed,
    wrap,
)
from tests.engine.test_laws import Step, journal
from tests.engine.test_shift import held, retrieved, wild

T = NOON
FAR = QueueId("pbx2/far")
PBX2 = SourceId("pbx2")
POLICY = Policy(
    queues={Q: QueueCard(line="care"), PROMO: QueueCard(line="care"), FAR: QueueCard(line="sales")},
    agents={ANNA: AgentCard(team="A"), OLEG: AgentCard(team="A")},
    places={PBX2: SiteId("branch")},
)


def counted(state: State, now: float) -> Heads:
    heads = Heads()
    for agent in state.agents.values():
        heads.put(state, agent, by_kind(state, agent, shown(state, agent, now)[0]))
    return heads


def heads(f: Floor, scope: str) -> dict[str, int]:
    """Those that are not 0."""
    found = counted(f.engine._state, T + 60).at(scope_of(scope))
    return {head: n for head, n in found.items() if n}


def capacity(f: Floor, scope: str) -> Fraction:
    return Fraction(counted(f.engine._state, T + 60).capacity(scope_of(scope)), UNIT)


def floor(*facts: AnyEvent) -> Floor:
    """Anna in two queues of one line, and in one of another site."""
    f = Floor(POLICY).say(member(T), member(T, PROMO), phone(T))
    return f.say(member(T, FAR, interface="SIP/7"), source=PBX2).say(*facts)


SCOPES = (
    "floor",
    "team:A",
    "line:care",
    "line:sales",
    "site:site",
    "site:branch",
    f"queue:{Q}",
    f"queue:{FAR}",
)


def test_a_person_of_several_queues_and_sites_is_counted_once_in_each_scope() -> None:
    f = floor()
    assert [heads(f, scope) for scope in SCOPES] == [{"staffed": 1, "ready": 1}] * len(SCOPES)


def test_who_is_ready_elsewhere_is_not_ready_where_nothing_may_be_given() -> None:
    f = floor(not_ready(T + 1, queue=Q), not_ready(T + 1, queue=PROMO))
    paused, free = {"staffed": 1, "not_ready": 1}, {"staffed": 1, "ready": 1}
    assert [heads(f, scope) for scope in SCOPES] == [free, free, paused, free, paused, free, paused, free]


def test_a_conversation_makes_busy_everywhere() -> None:
    f = floor(queued(T), answered(T + 5))
    assert [heads(f, scope) for scope in SCOPES] == [{"staffed": 1, "busy": 1}] * len(SCOPES)


def test_capacity_is_shared_alike_by_the_queues_that_may_give_something() -> None:
    assert [capacity(floor(), scope) for scope in SCOPES] == [
        1, 1, Fraction(2, 3), Fraction(1, 3), Fraction(2, 3), Fraction(1, 3), Fraction(1, 3), Fraction(1, 3),
    ]  # fmt: skip
    f = floor(not_ready(T + 1, queue=Q))
    assert [capacity(f, scope) for scope in SCOPES] == [
        1, 1, Fraction(1, 2), Fraction(1, 2), Fraction(1, 2), Fraction(1, 2), 0, Fraction(1, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "able"),
    [
        ([queued(T), answered(T + 5)], True),
        ([wrap(T + 5, T + 500)], True),
        ([not_ready(T + 5), member(T + 5, FAR, interface="SIP/7", member=False)], False),
        ([phone(T + 5, "unavailable")], False),
        ([phone(T + 5, "unknown")], False),
        ([events.AgentLoggedOff(at=T + 5, agent=ANNA)], False),
        ([events.AgentLoggedOff(at=T + 5, agent=ANNA), queued(T), answered(T + 6)], False),
        ([queued(T), answered(T + 5), not_ready(T + 6)], False),
    ],
)
def test_who_can_be_given_nothing_is_no_capacity(facts: list[AnyEvent], able: bool) -> None:
    f = Floor(POLICY).say(member(T), phone(T), *facts)
    assert [capacity(f, "floor"), capacity(f, f"queue:{Q}")] == [Fraction(able)] * 2


def test_a_person_of_no_queue_is_capacity_of_the_floor_alone() -> None:
    f = Floor(POLICY).say(events.AgentLoggedOn(at=T, agent=ANNA, name=""), phone(T))
    assert [capacity(f, "floor"), capacity(f, "site:site")] == [Fraction(1)] * 2
    assert heads(f, "line:") == {}


def test_a_person_of_very_many_queues_is_no_more_than_one() -> None:
    f = Floor().say(phone(T), *(member(T, QueueId(f"pbx1/{n}")) for n in range(30)))
    assert Fraction(29, 30) < capacity(f, "line:") <= 1
    assert capacity(f, "queue:pbx1/3") == Fraction(UNIT // 30, UNIT)


def test_heads_come_with_the_people_of_any_scope() -> None:
    f = floor(not_ready(T + 1, queue=Q))
    window = f.engine._state.frame
    for scope, ready, able in (("line:care", 1, 0.5), (f"queue:{Q}", 0, 0.0), ("team:A", 1, 1.0)):
        found = f.engine.people(scope_of(scope), today(window.start, window.end), T + 60)["heads"]
        assert isinstance(found, dict)
        assert (found["staffed"], found["ready"], found["capacity"]) == (1, ready, able)


def test_who_left_is_counted_nowhere() -> None:
    f = floor()
    kept = counted(f.engine._state, T)
    assert kept.remove(ANNA) == {*map(scope_of, SCOPES), Scope("queue", PROMO)}
    assert kept.remove(ANNA) == set()
    everywhere = {n for counts in kept._counts.values() for n in counts.values()} | {*kept._units.values()}
    assert (everywhere, kept.states) == ({0}, {"off": 1})  # Oleg, of the roster


def test_counting_again_touches_only_what_changed() -> None:
    f = floor()
    kept = counted(f.engine._state, T)
    state = f.engine._state
    assert kept.put(state, state.agents[ANNA], "ready") == set()
    f.say(not_ready(T + 1, queue=Q))
    shares = kept.put(state, state.agents[ANNA], "ready")  # each of the others now has a half of her
    assert shares == {*map(scope_of, SCOPES), Scope("queue", PROMO)} - {Scope(), Scope("team", "A")}


def today(start: int, end: int) -> Window:
    return Window("today", start, end)


# ── the longest of now ─────────────────────────────────────────────────────────────────────────────────────────────


def gauges(f: Floor) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    queue = f.engine._state.queues[Q]
    return [*queue.talks], [*queue.holds]


def test_a_queue_knows_its_longest_conversation_and_hold_of_now() -> None:
    f = floor(queued(T), answered(T + 5), queued(T, "c2"), answered(T + 9, "c2", OLEG))
    assert gauges(f) == ([(T + 5, "c1"), (T + 9, "c2")], [])
    f.say(held(T + 20, "c2"), held(T + 22), held(T + 30))
    assert gauges(f)[1] == [(T + 20, "c2"), (T + 22, "c1")]
    f.say(retrieved(T + 25, "c2"), released(T + 40))
    assert gauges(f) == ([(T + 9, "c2")], [])


def test_another_agent_than_we_thought_goes_on_with_the_same_conversation() -> None:
    f = floor(queued(T), answered(T + 5), held(T + 8), answered(T + 20, agent=OLEG))
    assert gauges(f) == ([(T + 5, "c1")], [])
    f.say(released(T + 30, agent=OLEG))
    assert gauges(f) == ([], [])


# ── whatever happens ───────────────────────────────────────────────────────────────────────────────────────────────


def slowly(state: State, now: float, kind: str, id: str) -> tuple[int, int, int, Fraction]:
    """Staffed, ready, not ready and capacity of a scope, from the memberships one by one."""
    staffed = ready = paused = 0
    able = Fraction(0)
    for agent in state.agents.values():
        status = by_kind(state, agent, shown(state, agent, now)[0])
        card = state.policy.agents.get(agent.id)
        here = []
        for m in agent.memberships:
            of = {
                "floor": "",
                "team": card.team if card is not None else "",
                "site": str(state.policy.places.get(m.source, state.policy.site)),
                "queue": m.queue or None,
                "line": state.card(m.queue).line if m.queue else None,
            }
            if of[kind] == id:
                here.append(m)
        if not here:
            continue
        staffed += 1
        stopped = all(m.not_ready for m in here)
        ready += status == "ready" and not stopped
        paused += STAFF.get(status) == "not_ready" or (status == "ready" and stopped)
        if status in ("off", "fault", "unknown"):
            continue
        open_queues = {m.queue for m in agent.memberships if not m.not_ready}
        real = open_queues - {""} or open_queues
        mine = {m.queue for m in here if not m.not_ready} & real
        if kind in ("floor", "team"):
            able += bool(real)
        elif mine:
            able += Fraction(len(mine), len(real))
    return staffed, ready, paused, able


@given(wild)
def test_the_counts_that_are_kept_are_those_of_a_recount(drawn: list[Step]) -> None:
    engine, kept = Engine(), Heads()
    now = 0.0
    for envelope in journal(drawn):
        engine.apply(envelope)
        state, now = engine._state, max(now, envelope.received)
        gone = set(kept._mine) - set(state.agents)
        for agent in gone:
            kept.remove(agent)
        everything = state.dirty.everything
        for id in (
            [*state.agents] if everything else sorted(state.dirty.agents | shown_otherwise(kept, state, now))
        ):
            agent_ = state.agents[id]
            kept.put(state, agent_, by_kind(state, agent_, shown(state, agent_, now)[0]))
        state.dirty.clear()
    anew = counted(engine._state, now)
    assert kept.states == anew.states
    for kind, name in {*kept._counts, *anew._counts}:
        scope = scope_of(kind if kind == "floor" else f"{kind}:{name}")
        some = anew.at(scope) or dict.fromkeys(kept.floor, 0)
        assert kept.at(scope) in (some, {})
        assert kept.capacity(scope) == anew.capacity(scope)


def shown_otherwise(kept: Heads, state: State, now: float) -> set[AgentId]:
    """Wrap-up ran out: as a projection does, look again when it is due."""
    return {
        id
        for id, agent in state.agents.items()
        if agent.state == "wrap" and id in kept._mine and shown(state, agent, now)[0] != kept._mine[id].state
    }


@given(wild)
def test_heads_and_capacity_are_what_one_finds_slowly(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    now = state.now + 5
    anew = counted(state, now)
    assert sum(anew.states.values()) == len(state.agents)  # everybody is in one state
    for (kind, id), counts in anew._counts.items():
        scope, found = scope_of(kind if kind == "floor" else f"{kind}:{id}"), slowly(state, now, kind, id)
        mine = (counts["staffed"], counts["ready"], counts["not_ready"], Fraction(anew.capacity(scope), UNIT))
        assert mine == found, scope


@given(wild)
def test_the_longest_of_now_are_those_of_the_open_conversations(drawn: list[Step]) -> None:
    state = replayed(journal(drawn))._state
    holds: dict[str, list[tuple[float, ContactId]]] = {}
    for agent in state.agents.values():
        for id, call in agent.calls.items():
            if call.held and id in state.contacts:
                holds.setdefault(state.contacts[id].queue, []).append((call.since, id))
    for name, queue in state.queues.items():
        talking = [c for c in state.contacts.values() if c.queue == name and c.is_talking]
        assert queue.talks == sorted((c.answered, c.id) for c in talking if c.answered is not None)
        assert queue.holds == sorted(holds.get(name, []))
