"""The life of one visit."""

import pytest

from ccwall import events
from ccwall.engine import callers
from ccwall.engine.scope import Scope
from ccwall.events import AgentId, AnyEvent, ContactId, SourceId
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PBX,
    PROMO,
    Floor,
    Q,
    abandoned,
    alerting,
    answered,
    cleared,
    connected,
    flowed_out,
    lost,
    member,
    not_answered,
    phone,
    queued,
    released,
    resync,
    wrap,
)

T = NOON


def floor(*facts: AnyEvent) -> Floor:
    return Floor().say(*facts)


def counts(f: Floor, now: float = T + 1000) -> dict[str, object]:
    keys = (
        "offered",
        "answered",
        "abandoned",
        "short",
        "flowed_out",
        "lost",
        "refused",
        "waiting",
        "talking",
    )
    return {key: value for key in keys if (value := f.queue(now, key))}


def test_an_answered_visit_keeps_its_wait_talk_agent_and_end() -> None:
    c = floor(queued(T), alerting(T + 1), answered(T + 7), released(T + 67)).contact()
    assert (c.outcome, c.wait, c.talk, c.agent, c.end, c.answered, c.ended) == (
        "answered", 7.0, 60.0, ANNA, "agent", T + 7, T + 67,
    )  # fmt: skip


def test_an_abandon_at_exactly_the_short_threshold_is_not_short() -> None:
    f = floor(queued(T), abandoned(T + 5.0), queued(T, "c2"), abandoned(T + 4.999, "c2"))
    assert counts(f) == {"offered": 2, "abandoned": 1, "short": 1}
    assert f.contact("c2").outcome == "abandoned"


def test_an_answer_at_exactly_the_threshold_is_within_it() -> None:
    assert floor(queued(T), answered(T + 20.0)).queue(T + 30, "service_level") == 1.0
    assert floor(queued(T), answered(T + 20.001)).queue(T + 30, "service_level") == 0.0


REPEATABLE: list[list[AnyEvent]] = [
    [queued(T), alerting(T + 1), not_answered(T + 3), answered(T + 6), released(T + 9), cleared(T + 9)],
    [queued(T), abandoned(T + 9), cleared(T + 9)],
    [queued(T), flowed_out(T + 9), cleared(T + 9)],
    [queued(T), lost(T + 9)],
    [queued(T), events.ContactRefused(at=T + 1, contact=ContactId("r"), queue=Q, cause="full")],
    [answered(T + 2), released(T + 3)],
    [queued(T), answered(T + 2), lost(T + 5), released(T + 9)],
    [queued(T), events.ContactCallbackRequested(at=T + 3, contact=ContactId("c1"), queue=Q)],
    [queued(T), abandoned(T + 3, cause="unknown"), flowed_out(T + 3)],
    [queued(T), answered(T + 2), answered(T + 4, agent=OLEG), released(T + 9)],
]


@pytest.mark.parametrize("life", REPEATABLE, ids=lambda life: "-".join(type(e).__name__[7:] for e in life))
def test_hearing_any_fact_of_a_life_again_at_any_later_time_changes_no_counter(life: list[AnyEvent]) -> None:
    for first in range(len(life)):
        for after in range(first, len(life)):
            once, twice = floor(*life[: after + 1]), floor(*life[: after + 1], life[first])
            assert counts(twice) == counts(once)
            assert twice.agent(T + 1000, "answered") == once.agent(T + 1000, "answered")


@pytest.mark.parametrize(
    ("first", "then", "outcome"),
    [
        (lost(T + 9), abandoned(T + 10), "abandoned"),
        (lost(T + 9), flowed_out(T + 10), "flowed_out"),
        (lost(T + 9), answered(T + 10), "answered"),
        (abandoned(T + 9, cause="unknown"), flowed_out(T + 9), "flowed_out"),
        (abandoned(T + 9), answered(T + 10), "answered"),
        (abandoned(T + 9), lost(T + 10), "abandoned"),
        (abandoned(T + 9), flowed_out(T + 10), "abandoned"),
        (answered(T + 9), abandoned(T + 10), "answered"),
    ],
)
def test_a_later_fact_revises_an_outcome_only_if_it_knows_better(
    first: AnyEvent, then: AnyEvent, outcome: str
) -> None:
    f = floor(queued(T), first, then)
    assert f.contact().outcome == outcome
    assert {key: n for key, n in counts(f).items() if key not in ("offered", "talking")} == {outcome: 1}


def test_a_conversation_lost_and_then_released_after_all_is_handled() -> None:
    f = floor(queued(T), answered(T + 5), lost(T + 20))
    assert (f.contact().outcome, f.contact().end, f.queue(T + 60, "aht")) == ("answered", "lost", None)
    f.say(released(T + 45))
    assert (f.contact().end, f.contact().talk, f.queue(T + 60, "aht")) == ("agent", 40.0, 40.0)


def test_a_fact_about_a_contact_nobody_saw_queueing_makes_it_inferred_with_its_wait_unknown() -> None:
    f = floor(answered(T + 5))
    assert (f.contact().inferred, f.contact().wait, f.contact().outcome) == (True, None, "answered")
    assert counts(f) == {"offered": 1, "answered": 1, "talking": 1}
    assert f.queue(T + 9, "asa") is None
    assert f.queue(T + 9, "service_level") is None


def test_a_caller_whose_wait_is_unknown_is_waiting_but_never_overdue() -> None:
    f = floor(queued(T, inferred=True, wait_known=False))
    assert (f.queue(T + 900, "waiting"), f.queue(T + 900, "longest_since")) == (1, None)
    assert f.queue(T + 900, "service_level") is None


def test_when_a_contact_queued_is_told_after_its_answer_the_wait_becomes_known() -> None:
    f = floor(answered(T + 5), queued(T))
    assert (f.contact().wait, f.contact().inferred) == (5.0, False)
    assert (counts(f), f.queue(T + 9, "asa")) == ({"offered": 1, "answered": 1, "talking": 1}, 5.0)


def test_the_end_of_a_call_nobody_knew_is_no_visit() -> None:
    assert list(floor(cleared(T)).engine.contacts()) == []


def test_a_call_that_clears_while_waiting_is_lost_until_a_better_fact_comes() -> None:
    f = floor(queued(T), cleared(T + 9))
    assert f.contact().outcome == "lost"
    f.say(abandoned(T + 9))
    assert counts(f) == {"offered": 1, "abandoned": 1}


def test_a_refused_call_is_counted_apart_and_never_offered() -> None:
    f = floor(events.ContactRefused(at=T, contact=ContactId("r"), queue=Q, cause="full"))
    assert counts(f) == {"refused": 1}
    assert list(f.engine.contacts()) == []


def test_the_declared_wait_is_kept_beside_our_own() -> None:
    fact = events.ContactAnswered(at=T + 5, contact=ContactId("c1"), queue=Q, agent=ANNA, declared_wait=4.0)
    f = floor(queued(T), fact)
    assert (f.contact().wait, f.contact().declared_wait, f.queue(T + 9, "asa")) == (5.0, 4.0, 5.0)


def test_flow_outs_are_counted_by_cause() -> None:
    f = floor(queued(T), flowed_out(T + 30), queued(T, "c2"), flowed_out(T + 9, "c2", "key"))
    assert f.queue(T + 60, "flowed_out_by") == {"key": 1, "timeout": 1}
    assert f.queue(T + 60, "flowed_out") == 2


def test_talk_includes_hold_once() -> None:
    hold = events.ContactHeld(at=T + 20, contact=ContactId("c1"), queue=Q, agent=ANNA)
    back = events.ContactRetrieved(at=T + 50, contact=ContactId("c1"), queue=Q, agent=ANNA)
    f = floor(member(T), queued(T), answered(T + 10), hold)
    assert (f.agent(T + 30, "state"), f.agent(T + 30, "since"), f.agent(T + 30, "limit")) == (
        "hold",
        T + 20,
        60.0,
    )
    f.say(back)
    assert (f.agent(T + 55, "state"), f.agent(T + 55, "contact_since")) == ("talking", T + 10)
    f.say(hold)  # again, and too late to be true
    assert f.agent(T + 60, "state") == "talking"
    f.say(released(T + 110))
    assert f.queue(T + 120, "aht") == 100.0


def test_a_transfer_ends_the_agents_part_and_the_later_release_does_not_move_it() -> None:
    fact = events.ContactTransferred(at=T + 19, contact=ContactId("c1"), queue=Q, agent=ANNA)
    c = floor(queued(T), answered(T + 10), fact, released(T + 42)).contact()
    assert (c.end, c.talk) == ("transfer", 9.0)


def test_what_a_resync_does_not_confirm_is_lost_since_the_outage() -> None:
    f = floor(*connected(T), queued(T + 1), queued(T + 2, "c2"), queued(T + 3, "c3"), answered(T + 4, "c3"))
    f.say(events.SourceDown(at=T + 50, reason="eof"), events.SourceUp(at=T + 80))
    f.say(*resync(T + 81, queued(T + 2, "c2", inferred=True)))
    assert {c.id: (c.outcome, c.end, c.ended) for c in f.engine.contacts()} == {
        "c1": ("lost", "lost", T + 50),
        "c2": ("open", "", None),
        "c3": ("answered", "lost", T + 50),
    }
    assert counts(f, T + 90) == {"offered": 3, "answered": 1, "lost": 1, "waiting": 1}


def test_a_resync_without_an_outage_loses_at_its_own_end() -> None:
    f = floor(*connected(T), queued(T + 1), *resync(T + 60))
    assert (f.contact().outcome, f.contact().ended) == ("lost", T + 60)


def test_a_resync_of_one_source_leaves_the_contacts_of_another_alone() -> None:
    f = floor(queued(T + 1))
    f.say(*resync(T + 60), source=SourceId("pbx2"))
    assert f.contact().outcome == "open"


def test_a_later_resync_finds_a_lost_caller_again() -> None:
    f = floor(*connected(T), queued(T + 1), *resync(T + 60), *resync(T + 120, queued(T + 1)))
    assert f.contact().outcome == "open"
    assert counts(f) == {"offered": 1, "waiting": 1}
    f.say(answered(T + 130))
    assert f.contact().wait == 129.0


def test_a_resync_that_names_another_agent_moves_the_conversation() -> None:
    f = floor(*connected(T), queued(T), answered(T + 5), *resync(T + 60, answered(T + 60, agent=OLEG)))
    assert (f.contact().agent, f.contact().answered) == (OLEG, T + 5)
    assert (f.agent(T + 61, "answered", ANNA), f.agent(T + 61, "answered", OLEG)) == (0, 1)
    assert (f.agent(T + 61, "state", OLEG), f.agent(T + 61, "state", ANNA)) == ("talking", "off")


def test_one_call_that_overflows_is_two_visits() -> None:
    f = floor(queued(T), flowed_out(T + 30), queued(T + 30, "c1/2", PROMO))
    assert (
        f.queue(T + 31, "offered"),
        f.queue(T + 31, "offered", PROMO),
        f.at(T + 31, "floor", "offered"),
    ) == (1, 1, 2)


def test_contacts_come_in_order_of_queueing() -> None:
    f = floor(queued(T + 5, "late"), queued(T, "early"))
    assert [c.id for c in f.engine.contacts()] == ["early", "late"]


def test_a_contact_bears_the_sources_own_name_of_its_queue() -> None:
    f = floor(queued(T))
    assert f.contact().queue_name == "consult"
    f.say(events.QueueDescribed(at=T + 1, queue=Q, name="Консультации"))
    assert f.contact().queue_name == "Консультации"


def test_a_source_clock_far_ahead_is_not_believed() -> None:
    f = Floor().say(queued(T + 10_000), received=T)
    assert f.contact().queued == T
    assert f.contact().source == PBX


# ── holds ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def hold(at: float) -> events.ContactHeld:
    return events.ContactHeld(at=at, contact=ContactId("c1"), queue=Q, agent=ANNA)


def back(at: float) -> events.ContactRetrieved:
    return events.ContactRetrieved(at=at, contact=ContactId("c1"), queue=Q, agent=ANNA)


def number(f: Floor, key: str, now: float = T + 1000) -> object:
    return f.engine.measure(Scope("queue", Q), f.engine.window("today", now), now)[key]


def test_hold_is_told_apart_from_talk_and_the_end_ends_it() -> None:
    f = floor(queued(T), answered(T + 10), hold(T + 20), back(T + 50), hold(T + 100), released(T + 110))
    assert (f.contact().hold, f.contact().longest_hold, f.contact().holds, f.contact().talk) == (
        40.0,
        30.0,
        2,
        100.0,
    )
    assert [number(f, key) for key in ("talk_time", "hold_time", "aht", "held")] == [60.0, 40.0, 100.0, 1]


def test_a_hold_told_twice_or_too_late_is_one() -> None:
    f = floor(
        queued(T), answered(T + 10), hold(T + 20), hold(T + 20), back(T + 50), hold(T + 20), back(T + 50)
    )
    f.say(released(T + 110))
    assert (f.contact().holds, f.contact().hold) == (1, 30.0)


def test_an_end_told_before_the_holds_were_over_leaves_no_more_hold_than_talk() -> None:
    f = floor(queued(T), answered(T + 10), hold(T + 20), back(T + 50)).say(released(T + 30), received=T + 60)
    assert [number(f, key) for key in ("talk_time", "hold_time")] == [0.0, 20.0]


def test_a_conversation_found_again_is_not_on_hold_any_more() -> None:
    f = floor(*connected(T), queued(T), answered(T + 5), hold(T + 10), *resync(T + 30))
    f.say(events.SourceResyncStarted(at=T + 60), answered(T + 60), released(T + 100))
    assert (f.contact().talk, f.contact().hold) == (95.0, 20.0)


def test_a_conversation_found_with_another_agent_is_not_on_hold() -> None:
    f = floor(*connected(T), queued(T), answered(T + 5), hold(T + 10), answered(T + 30, agent=OLEG))
    assert (f.contact().hold, f.contact().hold_since, number(f, "hold_since", T + 40)) == (20.0, None, None)


def test_a_transfer_is_one_of_the_handled() -> None:
    fact = events.ContactTransferred(at=T + 19, contact=ContactId("c1"), queue=Q, agent=ANNA)
    f = floor(queued(T), answered(T + 10), fact)
    assert [number(f, key) for key in ("handled", "transferred", "transfer_rate")] == [1, 1, 1.0]


def test_wrap_up_foretold_is_handling_and_is_restated_when_it_is_cut_short() -> None:
    f = floor(queued(T), answered(T + 10), released(T + 40), wrap(T + 40, T + 70))
    assert [number(f, key) for key in ("wrap_time", "aht")] == [30.0, 60.0]
    f.say(queued(T + 41, "b"), answered(T + 50, "b"))
    assert [number(f, key) for key in ("wrap_time", "aht")] == [10.0, 40.0]
    by_cohort = f.engine.measure(Scope(), f.engine.window("today", T + 60), T + 60, "cohort")
    assert by_cohort["wrap_time"] == 10.0


# ── alerting attempts ──────────────────────────────────────────────────────────────────────────────────────────────


def tries(f: Floor) -> list[object]:
    return [number(f, key) for key in ("missed", "declined", "cancelled")]


def declined(at: float, agent: AgentId = ANNA) -> events.ContactNotAnswered:
    return events.ContactNotAnswered(at=at, contact=ContactId("c1"), queue=Q, agent=agent)


def test_an_attempt_left_ringing_is_missed_and_one_rejected_at_once_is_declined() -> None:
    f = floor(queued(T), alerting(T + 1), not_answered(T + 16), alerting(T + 20), declined(T + 20))
    assert tries(f) == [1, 1, 0]
    f.say(alerting(T + 25), answered(T + 30))
    assert (tries(f), number(f, "pickup_rate")) == ([1, 1, 0], 0.333333)
    day = f.engine._state.agents[ANNA].days[f.engine._state.frame.start]
    assert (day.missed, day.declined) == (1, 1)


def test_when_it_rings_everywhere_who_did_not_pick_up_is_not_to_blame() -> None:
    f = floor(queued(T), alerting(T + 1), alerting(T + 1, agent=OLEG), alerting(T + 1, agent=AgentId("x")))
    f.say(answered(T + 5))
    assert tries(f) == [0, 0, 2]
    assert number(f, "pickup_rate") == 1.0


@pytest.mark.parametrize("left", [abandoned(T + 9), flowed_out(T + 9), lost(T + 9), cleared(T + 9)])
def test_when_the_caller_is_gone_nobody_is_to_blame(left: AnyEvent) -> None:
    f = floor(queued(T), alerting(T + 1), left)
    assert tries(f) == [0, 0, 1]
    f.say(not_answered(T + 9), not_answered(T + 9))
    assert tries(f) == [0, 0, 1]


def test_a_source_that_says_so_itself_cancels() -> None:
    fact = events.ContactNotAnswered(
        at=T + 9, contact=ContactId("c1"), queue=Q, agent=ANNA, ring_time=8.0, cancelled=True
    )
    assert tries(floor(queued(T), alerting(T + 1), fact)) == [0, 0, 1]


@pytest.mark.parametrize("order", ["phone first", "word first"])
def test_a_phone_that_falls_silent_does_not_decide_who_is_to_blame(order: str) -> None:
    f = floor(*connected(T), member(T), phone(T), phone(T + 1, "ringing"), queued(T), alerting(T + 1))
    told = [phone(T + 16, "idle"), not_answered(T + 16)]
    f.say(*(told if order == "phone first" else reversed(told)))
    assert (tries(f), f.agent(T + 17, "state")) == ([1, 0, 0], "ready")


def test_an_attempt_told_again_is_the_same_and_a_later_one_is_another() -> None:
    f = floor(
        queued(T), alerting(T + 1), alerting(T + 1), not_answered(T + 9), alerting(T + 1), not_answered(T + 9)
    )
    assert tries(f) == [1, 0, 0]
    f.say(alerting(T + 12), not_answered(T + 9), abandoned(T + 20))
    assert tries(f) == [1, 0, 1]


def test_the_attempts_are_in_the_window_in_which_they_ended() -> None:
    f = floor(queued(T + 880), alerting(T + 890), not_answered(T + 905))
    first, second = (
        f.engine.measure(Scope(), f.engine.window(text, T + 910), T + 910)
        for text in (f"interval:{int(T)}", "interval")
    )
    assert (first["missed"], second["missed"]) == (0, 1)


# ── who calls again ────────────────────────────────────────────────────────────────────────────────────────────────


def call(at: float, contact: str, caller: str = "13800138000", call: str = "") -> events.ContactQueued:
    return events.ContactQueued(at=at, contact=ContactId(contact), queue=Q, caller=caller, call=call)


def repeats(*calls: events.ContactQueued) -> list[int]:
    f = Floor(at=calls[0].at).say(*calls)
    return [c.repeat for c in f.engine._state.contacts.values()]


def test_a_caller_who_called_before_repeats() -> None:
    assert repeats(call(T, "a"), call(T + 60, "b"), call(T + 90, "c", "021"), call(T + 99, "d")) == [
        0,
        1,
        0,
        2,
    ]
    f = floor(call(T, "a"), call(T + 60, "b"))
    assert (number(f, "repeats"), number(f, "repeat_rate")) == (1, 0.5)


def test_one_call_in_two_queues_repeats_nothing() -> None:
    assert repeats(call(T, "a", call="x"), call(T + 60, "b", call="x"), call(T + 70, "c", call="y")) == [
        0,
        0,
        1,
    ]


@pytest.mark.parametrize("caller", ["", "  ", "Anonymous", "<unknown>", "WITHHELD "])
def test_who_does_not_show_a_number_is_nobody(caller: str) -> None:
    assert repeats(call(T, "a", caller), call(T + 60, "b", caller)) == [0, 0]


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert repeats(call(T, "a", " sip:Li@Example "), call(T + 60, "b", "SIP:li@example")) == [0, 1]


def test_after_24_hours_it_is_another_day() -> None:
    day = 86_400.0
    assert repeats(call(T, "a"), call(T + day - 1, "b")) == [0, 1]
    assert repeats(call(T, "a"), call(T + day, "b")) == [0, 0]


def test_callers_are_not_remembered_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "MOST_CONTACTS", 50)
    f = floor(*(call(T + n, f"c{n}", f"1380000{n}") for n in range(100)))
    assert len(f.engine._state.callers) == 50
    f.say(call(T + 90_000, "later", "021"))
    assert list(f.engine._state.callers) == ["021"]
    f.say(*(call(T + 90_000 + n, f"d{n}", "021") for n in range(40)))
    assert len(f.engine._state.callers["021"]) == callers.MOST_CALLS


def test_a_number_told_later_is_asked_for_then() -> None:
    f = floor(call(T, "a"), answered(T + 9, "b"), call(T + 5, "b"))
    assert (f.contact("b").repeat, number(f, "repeats"), number(f, "offered")) == (1, 1, 2)
    f.say(call(T + 20, "c", ""), call(T + 20, "c"))
    assert (f.contact("c").repeat, number(f, "repeats")) == (2, 2)


# ── what never was a visit, and what sources declare ───────────────────────────────────────────────────────────────


def test_refusals_are_counted_by_cause() -> None:
    causes: list[events.RefusedCause] = ["full", "empty", "full"]
    f = floor(
        *(
            events.ContactRefused(at=T, contact=ContactId(f"r{n}"), queue=Q, cause=c)
            for n, c in enumerate(causes)
        )
    )
    assert (number(f, "refused"), number(f, "refused_by")) == (3, {"full": 2, "empty": 1})


def test_what_a_source_declares_is_kept_as_it_said_it_last() -> None:
    f = floor(events.QueueDeclared(at=T, queue=Q, figures={"Completed": 3.0, "ServicelevelPerf": 66.7}))
    f.say(events.QueueDeclared(at=T + 60, queue=Q, figures={"Completed": 4.0}))
    f.say(events.QueueDeclared(at=T + 30, queue=Q, figures={"Completed": 1.0}))
    told = f.engine._state.queues[Q].declared
    assert told is not None
    assert (told.source, told.at, told.figures) == (PBX, T + 60, {"Completed": 4.0})


def test_a_source_that_declares_without_bound_is_not_remembered_without_bound() -> None:
    figures = {"x" * 65: 1.0, "bad": float("inf")} | {f"f{n}": float(n) for n in range(100)}
    told = floor(events.QueueDeclared(at=T, queue=Q, figures=figures)).engine._state.queues[Q].declared
    assert told is not None
    assert list(told.figures) == [f"f{n}" for n in range(32)]


# ── the longest ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_outcome_revised_gives_the_longest_wait_back() -> None:
    f = floor(queued(T), queued(T + 1, "b"), abandoned(T + 40, "b"), abandoned(T + 61, cause="unknown"))
    assert (number(f, "longest_abandoned"), number(f, "longest_wait")) == (61.0, 61.0)
    f.say(flowed_out(T + 61))
    assert (number(f, "longest_abandoned"), number(f, "longest_wait")) == (39.0, 61.0)
    f.say(answered(T + 70))
    assert (number(f, "longest_abandoned"), number(f, "longest_answered"), number(f, "longest_wait")) == (
        39.0,
        70.0,
        70.0,
    )


def test_a_conversation_that_was_shorter_gives_its_agents_longest_back() -> None:
    unknown = events.ContactReleased(at=T + 90, contact=ContactId("c1"), queue=Q, agent=ANNA)
    f = floor(queued(T, "b"), answered(T, "b"), released(T + 30, "b"), queued(T), answered(T), unknown)
    day = f.engine._state.agents[ANNA].days[f.engine._state.frame.start]
    assert (day.longest_talk, day.talk) == (90_000, 120_000)
    f.say(released(T + 20), received=T + 95)
    assert (day.longest_talk, day.talk) == (30_000, 50_000)
