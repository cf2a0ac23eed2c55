"""What goes on in the books although it is over is found by age against other evidence, and never without."""

import pytest

from ccwall import events
from ccwall.engine.explain import Question
from ccwall.engine.scope import Basis, Scope
from ccwall.events import AgentCard, AnyEvent, ContactId, Policy, QueueId, SourceId
from tests.engine.journal import (
    ANNA,
    NOON,
    PBX,
    PROMO,
    Floor,
    Q,
    abandoned,
    alerting,
    answered,
    fact,
    member,
    phone,
    queued,
    released,
    resync,
    wrap,
)
from tests.engine.workplaces import (
    BUS,
    LINE,
    PBX2,
    SENSES,
    SIP,
    Limits,
    conflicts,
    extension,
    floor,
    gone,
    headset,
    house,
    restored,
    tick,
)

T = NOON
HOURS = 3600.0
CALL: list[AnyEvent] = [queued(T + 1), answered(T + 10)]
BYE: list[AnyEvent] = [extension(T + 9, "in_use"), extension(T + 50)]


def haunted(limits: Limits | None = None) -> Floor:
    """A conversation whose phone hung up at T + 50, and whose end at the ACD nobody told."""
    return floor(*CALL, limits=limits).say(*BYE, source=SIP)


def test_a_conversation_whose_phone_hung_up_long_ago_is_lost() -> None:
    f = tick(haunted(), T + 169.9)
    assert (f.contact().is_talking, f.queue(T + 169.9, "talking")) == (True, 1)
    tick(f, T + 170)
    c = f.contact()
    assert (c.outcome, c.end, c.cause, c.ended, c.talk) == ("answered", "lost", "ghost", T + 50, None)
    assert (f.queue(T + 170, "talking"), f.queue(T + 170, "answered")) == (0, 1)
    assert (f.at(T + 170, "floor", "ghosts"), f.queue(T + 170, "ghosts"), f.queue(T + 170, "lost")) == (
        1,
        1,
        0,
    )
    assert (f.agent(T + 170, "state"), f.agent(T + 170, "since")) == ("ready", T + 50)
    assert f.queue(T + 170, "handled") is None, "nobody knows how long it was"


def test_its_agents_time_is_talk_until_the_phone_hung_up_and_no_longer() -> None:
    f = tick(haunted(), T + 500)
    assert f.agent(T + 500, "times") == {"ready": 10.0, "talking": 40.0}
    assert f.agent(T + 500, "times_at") == T + 50


def test_until_it_is_believed_the_contradiction_is_shown() -> None:
    f = haunted()
    assert conflicts(f, T + 60) == [("call_ended", T + 50)]
    assert conflicts(tick(f, T + 170), T + 170) == []


NEVER: dict[str, list[tuple[SourceId, AnyEvent]]] = {
    "a phone that was never heard in use": [(SIP, extension(T + 50))],
    "a phone that was idle before": [(SIP, extension(T + 2, "in_use")), (SIP, extension(T + 5))],
    "a phone found idle, for nobody knows how long": [
        (SIP, extension(T + 9, "in_use")), (SIP, extension(T + 50, age_known=False)),
    ],
    "a phone in use again": [*((SIP, each) for each in BYE), (SIP, extension(T + 60, "in_use"))],
    "another phone in use": [*((SIP, each) for each in BYE), (SIP, extension(T + 20, "in_use", events.DeviceId("sip/2")))],
    "a phone that is gone": [(SIP, extension(T + 9, "in_use")), (SIP, extension(T + 50, "unavailable"))],
    "a source that is away": [*((SIP, each) for each in BYE), (SIP, gone(T + 60))],
    "a source that was away when it ended": [
        (SIP, extension(T + 9, "in_use")), (SIP, gone(T + 30)), *((SIP, each) for each in resync(T + 40, extension(T + 50))),
    ],
    "an ACD that is away": [*((SIP, each) for each in BYE), (PBX, gone(T + 60))],
    "a headset laid down": [(BUS, headset(T + 9, worn=True)), (BUS, headset(T + 50, docked=True))],
    "a line, where a better sense hears the phone": [
        (BUS, extension(T + 9, "in_use", LINE)), (BUS, extension(T + 50, "idle", LINE)), (SIP, extension(T + 9, "in_use")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", NEVER)
def test_no_ghost_by(case: str) -> None:
    f = floor(*CALL)
    for source, word in NEVER[case]:
        f.say(word, source=source)
    tick(f, T + 3 * HOURS)
    assert (f.contact().is_talking, f.at(T + 3 * HOURS, "floor", "ghosts")) == (True, None)


def test_a_line_on_the_desk_is_evidence_where_no_better_sense_is() -> None:
    f = floor(*CALL).say(extension(T + 9, "in_use", LINE), extension(T + 50, "idle", LINE), source=BUS)
    assert tick(f, T + 170).contact().cause == "ghost"


def test_whatever_the_acd_says_of_it_meanwhile_is_a_sign_of_life() -> None:
    held = events.ContactHeld(at=T + 100, contact=ContactId("c1"), queue=Q, agent=ANNA)
    f = tick(haunted().say(held), T + 219)
    assert f.contact().is_talking
    assert tick(f, T + 220).contact().cause == "ghost"


def test_a_source_that_comes_back_and_lists_it_begins_the_time_anew() -> None:
    f = haunted().say(gone(T + 60)).say(*resync(T + 100, *CALL, member(T), phone(T)))
    tick(f, T + 219)
    assert f.contact().is_talking
    assert tick(f, T + 220).contact().cause == "ghost"


def test_a_ghost_that_a_resync_finds_alive_is_alive() -> None:
    f = tick(haunted(), T + 170)
    f.say(gone(T + 180)).say(*resync(T + 200, *CALL, member(T), phone(T)))
    c = f.contact()
    assert (c.is_talking, c.cause, f.at(T + 201, "floor", "ghosts")) == (True, "", None)
    assert f.agent(T + 201, "state") == "talking"


def test_the_truth_told_late_takes_the_ghost_back() -> None:
    f = tick(haunted(), T + 170)
    f.say(released(T + 52), received=T + 200)
    c = f.contact()
    assert (c.end, c.cause, c.ended, c.talk) == ("agent", "", T + 52, 42.0)
    assert (f.at(T + 201, "floor", "ghosts"), f.queue(T + 201, "handled"), f.queue(T + 201, "aht")) == (
        None,
        1,
        42.0,
    )
    assert f.queue(T + 201, "rolling") is not None


def test_only_what_began_before_the_phone_hung_up_is_over() -> None:
    f = haunted().say(queued(T + 51, "c2"), answered(T + 60, "c2"))
    tick(f, T + 180)
    assert (f.contact().cause, f.contact("c2").is_talking) == ("ghost", True)
    assert f.agent(T + 181, "state") == "talking"


def test_an_agent_who_is_said_to_be_busy_for_ever_is_not() -> None:
    f = floor(events.AgentBusy(at=T + 10, agent=ANNA)).say(*BYE, source=SIP)
    assert tick(f, T + 169).agent(T + 169, "state") == "busy"
    tick(f, T + 170)
    assert (f.agent(T + 170, "state"), f.agent(T + 170, "since")) == ("ready", T + 50)
    assert f.at(T + 170, "floor", "ghosts") is None, "no visit was lost"


def test_an_outbound_conversation_ends_too() -> None:
    f = floor(
        events.AttemptDialled(at=T + 9, attempt="t1", queue=PROMO, agent=ANNA),
        events.AttemptConnected(at=T + 10, attempt="t1", queue=PROMO, agent=ANNA),
    )
    tick(f.say(*BYE, source=SIP), T + 170)
    assert f.agent(T + 171, "state") == "ready"
    f.say(events.AttemptCompleted(at=T + 171, attempt="t1", queue=PROMO, agent=ANNA))
    assert f.at(T + 172, "queues", PROMO, "completed") == 1


def test_with_two_acds_only_the_one_that_holds_on_is_wrong() -> None:
    f = floor(*CALL).say(queued(T + 20, "d1", QueueId("pbx2/q")), source=PBX2)
    f.say(answered(T + 30, "d1", queue=QueueId("pbx2/q")), source=PBX2).say(*BYE, source=SIP)
    f.say(gone(T + 60), source=PBX2)
    tick(f, T + 171)
    assert (f.contact().cause, f.contact("d1").is_talking) == ("ghost", True)


def test_the_limit_is_configured_and_none_is_never() -> None:
    assert tick(haunted(limits={"ghost": 20.0}), T + 70).contact().cause == "ghost"
    assert tick(haunted(limits={"ghost": 0.0}), T + 9 * HOURS).contact().is_talking


def test_another_limit_holds_from_its_configuration_on() -> None:
    f = haunted().say(events.ConfigApplied(at=T + 80, hash="", policy=house(limits={"ghost": 20.0})))
    assert tick(f, T + 81).contact().cause == "ghost"


# ── callers who wait ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_caller_of_whom_nobody_says_a_word_for_hours_is_lost() -> None:
    f = tick(floor(queued(T + 1)), T + 4 * HOURS)
    assert (f.contact().is_waiting, f.queue(T + 4 * HOURS, "waiting")) == (True, 1)
    tick(f, T + 4 * HOURS + 60)
    now = T + 4 * HOURS + 61
    c = f.contact()
    assert (c.outcome, c.cause, c.ended, c.wait) == ("lost", "ghost", T + 1 + 4 * HOURS, None)
    assert (f.queue(now, "waiting"), f.queue(now, "lost"), f.at(now, "floor", "ghosts")) == (0, 1, 1)


def test_a_caller_for_whom_phones_ring_is_no_ghost() -> None:
    f = floor(queued(T + 1), alerting(T + 3 * HOURS))
    assert tick(f, T + 6 * HOURS).contact().is_waiting
    assert tick(f, T + 7 * HOURS + 60).contact().cause == "ghost"


@pytest.mark.parametrize(
    "facts",
    [
        [queued(T + 1, wait_known=False)],
        [queued(T + 1), gone(T + 2)],
        [queued(T + 1), gone(T + 2), *resync(T + 3 * HOURS, queued(T + 1))],
    ],
    ids=["beginning not known", "source away", "listed an hour ago"],
)
def test_a_caller_is_no_ghost(facts: list[AnyEvent]) -> None:
    assert tick(floor(*facts), T + 5 * HOURS).contact().is_waiting


def test_a_ghost_that_is_answered_after_all_was_answered() -> None:
    f = tick(floor(queued(T + 1)), T + 5 * HOURS).say(answered(T + 5 * HOURS + 1))
    now = T + 5 * HOURS + 2
    assert (f.contact().outcome, f.contact().cause, f.contact().wait) == ("answered", "", 5 * HOURS)
    assert (f.queue(now, "lost"), f.queue(now, "answered"), f.at(now, "floor", "ghosts")) == (0, 1, None)


def test_a_ghost_that_hung_up_hung_up() -> None:
    f = tick(floor(queued(T + 1)), T + 5 * HOURS).say(abandoned(T + 5 * HOURS + 1))
    assert (f.contact().outcome, f.at(T + 5 * HOURS + 2, "floor", "ghosts")) == ("abandoned", None)


def test_how_long_a_caller_may_wait_unheard_is_configured() -> None:
    assert tick(floor(queued(T), limits={"waiting_ghost": 600.0}), T + 700).contact().cause == "ghost"
    assert tick(floor(queued(T), limits={"waiting_ghost": 0.0}), T + 11 * HOURS).contact().is_waiting


# ── all of it ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("basis", ["event", "cohort"])
def test_ghosts_are_explained_like_any_number(basis: Basis) -> None:
    f = tick(haunted().say(queued(T + 2, "c2")), T + 5 * HOURS)
    now = T + 5 * HOURS
    for scope, n in ((Scope(), 2), (Scope("queue", Q), 2), (Scope("team", "north"), 1)):
        asked = Question(metric="ghosts", scope=scope, window=f.engine.window("today", now), basis=basis)
        told = f.engine.explain(asked, now).told
        assert (told["value"], told["checked"]) == (n, True)


def test_ghosts_are_written_anew_like_any_number() -> None:
    f = tick(haunted().say(queued(T + 2, "c2")), T + 5 * HOURS)
    now = T + 5 * HOURS
    assert (f.at(now, "floor", "ghosts"), f.at(now, "teams", "north", "ghosts")) == (2, 1)
    south = Policy(senses=SENSES, agents={ANNA: AgentCard(team="south", acd=True)})
    f.say(events.ConfigApplied(at=now, hash="", policy=south))
    assert (f.at(now + 1, "floor", "ghosts"), f.at(now + 1, "teams", "south", "ghosts")) == (2, 1)


def test_a_new_day_begins_without_the_ghosts_of_the_last() -> None:
    f = tick(tick(haunted(), T + 170), T + 24 * HOURS)
    assert f.at(T + 24 * HOURS, "floor", "ghosts") is None


@pytest.mark.parametrize("cut", range(12))
def test_a_restart_at_any_moment_gives_the_same_ghosts(cut: int) -> None:
    f = haunted().say(queued(T + 60, "c2"), wrap(T + 61, None), source=PBX)
    tick(f.say(gone(T + 80), source=PBX2), T + 169)
    tick(tick(f, T + 171), T + 5 * HOURS)
    journal = f.journal
    half = Floor.__new__(Floor)
    half.engine, half.journal = type(f.engine)(), []
    for envelope in journal[:cut]:
        half.hear(envelope)
    half = restored(half)
    for envelope in journal[cut:]:
        half.hear(envelope)
    assert half.engine.dump() == f.engine.dump()


def test_a_fact_told_twice_keeps_nobody_alive() -> None:
    f = haunted()
    f.hear(fact(answered(T + 10), len(f.journal) + 1, received=T + 100))
    assert tick(f, T + 170).contact().cause == "ghost"
