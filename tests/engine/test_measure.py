"""`measure`: every number of a scope and a window, against the visits counted one by one."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Contact
from ccwall.engine.metrics import SERVICE_LEVELS
from ccwall.engine.scope import Basis, Scope
from ccwall.events import (
    AgentCard,
    AnyEvent,
    ContactId,
    Measure,
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
    abandoned,
    alerting,
    answered,
    flowed_out,
    lost,
    queued,
    released,
)

T = NOON
MIDNIGHT = 1_795_392_000.0
QUEUE = Scope("queue", Q)


def numbers(
    f: Floor, now: float, window: str = "today", scope: Scope = QUEUE, basis: Basis = "event"
) -> Mapping[str, object]:
    return f.engine.measure(scope, f.engine.window(window, now), now, basis)


def level(f: Floor, now: float, variant: str, scope: Scope = QUEUE) -> object:
    levels = numbers(f, now, scope=scope)["service_levels"]
    assert isinstance(levels, Mapping)
    return levels[variant]


def callback(at: float, contact: str = "c1") -> events.ContactCallbackRequested:
    return events.ContactCallbackRequested(at=at, contact=ContactId(contact), queue=Q)


def refused(at: float, contact: str, cause: events.RefusedCause = "full") -> events.ContactRefused:
    return events.ContactRefused(at=at, contact=ContactId(contact), queue=Q, cause=cause)


# ── against the visits themselves ──────────────────────────────────────────────────────────────────────────────────

waits = st.one_of(
    st.sampled_from([0.0, 1.0, 4.999, 5.0, 5.25, 19.75, 20.0, 20.125, 31.0, 599.5, 600.0]),
    st.integers(0, 5_000).map(lambda n: n / 8),
)
outcomes = st.sampled_from(
    ["answered", "answered", "answered", "abandoned", "abandoned", "timeout", "callback", "lost"]
)
seconds = st.one_of(st.none(), st.sampled_from([0, 5, 20, 31, 600]), st.integers(0, 600))
measures = st.builds(Measure, threshold=seconds, short=seconds)
cards = st.builds(
    QueueCard,
    threshold=st.sampled_from([0.0, 5.0, 20.0, 20.5]),
    short=st.sampled_from([0.0, 5.0, 5.25, 31.0]),
    flow_outs=st.sampled_from(["exclude", "count"]),
    callbacks=st.sampled_from(["exclude", "removed"]),
    measures=st.dictionaries(st.sampled_from(sorted(SERVICE_LEVELS)), measures),
)


def end_of(outcome: str, at: float, contact: str) -> AnyEvent:
    if outcome == "answered":
        return answered(at, contact)
    if outcome == "abandoned":
        return abandoned(at, contact)
    if outcome == "callback":
        return callback(at, contact)
    return lost(at, contact) if outcome == "lost" else flowed_out(at, contact)


def counted_one_by_one(contacts: list[Contact], card: QueueCard, variant: str) -> float | None:
    """The service level of a closed window by its definition, visit by visit."""
    own = card.measures.get(variant, Measure())
    limit = card.threshold if own.threshold is None else own.threshold
    short = card.short if own.short is None else own.short
    good = of = 0
    for c in contacts:
        if c.cause not in ("", "hangup", "callback") and c.outcome == "flowed_out":
            of += card.flow_outs == "count" and variant != "answered"
            continue
        gone = c.outcome == "abandoned" or (c.cause == "callback" and card.callbacks == "removed")
        if c.wait is None or (c.outcome != "answered" and (not gone or variant == "answered")):
            continue
        in_time = c.wait <= limit
        if c.outcome == "answered" or variant == "abandon_positive":
            good, of = good + in_time, of + 1
        elif variant == "abandon_ignored":
            of += not in_time
        elif variant == "offered_less_short":
            of += not (c.outcome == "abandoned" and c.wait < short)
        else:
            of += 1
    return round(good / of, 6) if of else None


@given(st.lists(st.tuples(waits, outcomes), max_size=40), cards)
def test_every_service_level_is_that_of_the_visits_counted_one_by_one(
    visits: list[tuple[float, str]], card: QueueCard
) -> None:
    f = Floor(Policy(queues={Q: card}))
    for n, (wait, outcome) in enumerate(visits):
        f.say(queued(T + n, f"c{n}"), end_of(outcome, T + n + wait, f"c{n}"))
    contacts = list(f.engine.contacts())
    for variant in SERVICE_LEVELS:
        assert level(f, T + 4000, variant) == counted_one_by_one(contacts, card, variant), variant


@given(st.lists(waits, max_size=40))
def test_means_longest_and_percentiles_are_those_of_the_waits_themselves(drawn: list[float]) -> None:
    f = Floor()
    for n, wait in enumerate(drawn):
        f.say(queued(T + n, f"c{n}"), answered(T + n + wait, f"c{n}"))
    shown = numbers(f, T + 4000)
    ranked = sorted(drawn)
    for percent in (50, 80, 90, 95):
        rank = math.ceil(percent * len(drawn) / 100)
        found = shown[f"wait_p{percent}"]
        if not drawn:
            assert found is None
        elif (wait := ranked[rank - 1]) <= 600:
            assert found == math.ceil(wait)
        else:  # the upper edge of a bin of 5 %
            assert isinstance(found, float)
            assert wait <= found <= wait * 1.05 + 1
    assert shown["longest_answered"] == max(drawn, default=None)
    mean = shown["asa"]
    assert mean is None if not drawn else mean == pytest.approx(sum(drawn) / len(drawn), abs=0.001)


# ── formulas ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_flow_outs_count_where_the_queue_says_so_and_never_in_answered_alone() -> None:
    card = QueueCard(flow_outs="count")
    f = Floor(Policy(queues={Q: card})).say(
        queued(T), answered(T + 3), queued(T, "b"), flowed_out(T + 9, "b")
    )
    assert [level(f, T + 60, variant) for variant in SERVICE_LEVELS] == [1.0, 0.5, 0.5, 0.5, 0.5]


def test_a_removed_callback_counts_as_an_abandon_does_and_is_never_short() -> None:
    card = QueueCard(callbacks="removed")
    f = Floor(Policy(queues={Q: card})).say(queued(T), answered(T + 3), queued(T, "b"), callback(T + 4, "b"))
    assert [level(f, T + 60, variant) for variant in SERVICE_LEVELS] == [1.0, 0.5, 0.5, 1.0, 1.0]
    assert (numbers(f, T + 60)["abandoned"], numbers(f, T + 60)["callbacks"]) == (0, 1)


def test_an_error_of_the_source_is_no_flow_out_and_in_no_service_level() -> None:
    card = QueueCard(flow_outs="count")
    f = Floor(Policy(queues={Q: card})).say(
        queued(T), answered(T + 3), queued(T, "b"), flowed_out(T + 9, "b", "error")
    )
    shown = numbers(f, T + 60)
    assert (shown["errors"], shown["flowed_out"], shown["service_level"]) == (1, 0, 1.0)
    assert (shown["flow_rate"], shown["awt"]) == (0.5, 6.0)


def test_a_formula_with_a_threshold_of_its_own_has_its_own_overdue() -> None:
    card = QueueCard(threshold=60.0, variant="offered", measures={"offered": Measure(threshold=10)})
    f = Floor(Policy(queues={Q: card})).say(queued(T), answered(T + 3), queued(T, "b"))
    assert (level(f, T + 10, "offered"), level(f, T + 11, "offered")) == (1.0, 0.5)
    assert level(f, T + 11, "offered_less_short") == 1.0
    assert (numbers(f, T + 11)["overdue"], numbers(f, T + 11)["service_level"]) == (1, 0.5)


def test_a_closed_interval_forgets_who_waited_beyond_the_threshold() -> None:
    f = Floor().say(queued(T), answered(T + 3), queued(T + 870, "b"))
    assert numbers(f, T + 899, "interval")["service_level"] == 0.5
    closed = numbers(f, T + 950, f"interval:{int(T)}")
    assert closed["service_level"] == 1.0
    assert {"overdue", "waiting", "longest_since"} & set(closed) == set()


def test_by_cohort_only_who_arrived_in_the_window_may_be_overdue_in_it() -> None:
    f = Floor().say(queued(T + 870), queued(T + 901, "b"), answered(T + 904, "b"))
    now = T + 910
    assert numbers(f, now, "interval")["service_level"] == 0.5
    assert numbers(f, now, "interval", basis="cohort")["service_level"] == 1.0


def test_answer_and_lost_rate_are_of_those_who_arrived_and_never_pass_one() -> None:
    f = Floor().say(queued(T + 890), answered(T + 905), queued(T + 901, "b"), refused(T + 902, "r"))
    shown = numbers(f, T + 910, "interval")
    assert (shown["answered"], shown["offered"], shown["answer_rate"]) == (1, 1, 0.0)
    assert (shown["lost_rate"], shown["refused"], shown["refused_by"]) == (1.0, 1, {"full": 1})
    before = numbers(f, T + 910, f"interval:{int(T)}")
    assert (before["answered"], before["answer_rate"], before["lost_rate"]) == (0, 1.0, 0.0)


def test_waits_and_rates_on_one_small_day() -> None:
    hold = events.ContactHeld(at=T + 30, contact=ContactId("a"), queue=Q, agent=ANNA)
    back = events.ContactRetrieved(at=T + 50, contact=ContactId("a"), queue=Q, agent=ANNA)
    passed_on = events.ContactTransferred(at=T + 140, contact=ContactId("b"), queue=Q, agent=ANNA)
    facts: list[AnyEvent] = [
        queued(T, "a"), answered(T + 10, "a"), hold, back, released(T + 110, "a"),
        queued(T, "b"), answered(T + 40, "b"), passed_on,
        queued(T, "c"), abandoned(T + 90, "c"),
        queued(T, "d"), abandoned(T + 2, "d"),
        queued(T, "e"), flowed_out(T + 60, "e", "key"),
        queued(T, "f"), lost(T + 600, "f"),
        queued(T + 100, "g"),
    ]  # fmt: skip
    shown = numbers(Floor().say(*facts), T + 700)
    expected = {
        "offered": 7, "repeats": 0, "answered": 2, "abandoned": 1, "short": 1, "abandoned_total": 2,
        "flowed_out": 1, "flowed_out_by": {"key": 1}, "callbacks": 0, "errors": 0, "lost": 1, "ghosts": 0, "refused": 0,
        "refused_by": {}, "unseen": 0, "handled": 2, "held": 1, "transferred": 1, "ratings": 0, "satisfied": 0, "missed": 0, "declined": 0,
        "cancelled": 0, "planned": 0, "dialled": 0, "connected": 0, "failed": 0, "completed": 0,
        "service_level": 0.25, "answer_rate": 0.285714, "lost_rate": 0.714286, "pickup_rate": 1.0,
        "abandon_rate": 0.333333, "flow_rate": 0.142857, "transfer_rate": 0.5, "repeat_rate": 0.0,
        "connect_rate": None, "completion_rate": None, "satisfaction": None,
        "asa": 25.0, "awt": 40.4, "abandon_wait": 90.0, "longest_wait": 90.0, "longest_answered": 40.0,
        "longest_abandoned": 90.0, "aht": 100.0, "talk_time": 90.0, "hold_time": 10.0, "wrap_time": 0.0,
        "outbound_talk_time": None, "wait_p50": 10.0, "wait_p80": 40.0, "wait_p90": 40.0, "wait_p95": 40.0,
        "waiting": 1, "talking": 0, "overdue": 1, "longest_since": T + 100, "talk_since": None, "hold_since": None,
        "service_levels": {
            "answered": 0.5, "offered": 0.2, "offered_less_short": 0.25, "abandon_ignored": 0.25,
            "abandon_positive": 0.4,
        },
    }  # fmt: skip
    assert shown == expected | {"repeats": shown["repeats"], "repeat_rate": shown["repeat_rate"]}


def test_nothing_to_divide_is_none_and_no_count_is() -> None:
    shown = numbers(Floor(Policy(queues={Q: QueueCard()})), T)
    there = {key: value for key, value in shown.items() if value is not None and key != "service_levels"}
    assert all(value in (0, {}) for value in there.values())
    assert {"offered", "refused", "missed", "completed", "waiting"} < set(there)
    assert shown["service_levels"] == dict.fromkeys(SERVICE_LEVELS)
    assert all(
        shown[key] is None for key in shown if key.endswith(("rate", "_time")) or key.startswith("wait_p")
    )


def test_the_gauges_are_those_of_the_longest() -> None:
    hold = events.ContactHeld(at=T + 30, contact=ContactId("b"), queue=Q, agent=OLEG)
    f = Floor().say(queued(T, "a"), answered(T + 10, "a"), queued(T, "b"), answered(T + 12, "b", OLEG), hold)
    f.say(queued(T + 20, "c"), queued(T + 25, "d"))
    shown = numbers(f, T + 40, scope=Scope())
    keys = ("waiting", "talking", "longest_since", "talk_since", "hold_since", "overdue")
    assert [shown[key] for key in keys] == [2, 2, T + 20, T + 10, T + 30, 0]


# ── windows ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rolling_windows_go_on_over_midnight_and_today_does_not() -> None:
    f = Floor(at=MIDNIGHT - 600).say(
        queued(MIDNIGHT - 400), answered(MIDNIGHT - 395), released(MIDNIGHT - 300), queued(MIDNIGHT - 10, "b")
    )
    f.say(refused(MIDNIGHT - 200, "r"), answered(MIDNIGHT + 5, "b"))
    now = MIDNIGHT + 10
    assert (numbers(f, now)["offered"], numbers(f, now)["answered"]) == (0, 1)
    rolling = numbers(f, now, "rolling:15")
    assert [rolling[key] for key in ("offered", "answered", "handled", "refused", "answer_rate")] == [
        2,
        2,
        1,
        1,
        1.0,
    ]
    assert numbers(f, now, "rolling:5")["offered"] == 1
    assert [c.id for c in f.engine.contacts()] == ["b"]


def test_a_threshold_changed_after_midnight_restates_what_rolled_over_it() -> None:
    f = Floor(at=MIDNIGHT - 600).say(
        queued(MIDNIGHT - 400), answered(MIDNIGHT - 385), refused(MIDNIGHT - 200, "r")
    )
    f.say(events.SourceUp(at=MIDNIGHT + 1))
    now = MIDNIGHT + 5
    assert numbers(f, now, "rolling:15")["service_level"] == 1.0
    f.say(events.ConfigApplied(at=now, hash="", policy=Policy(queues={Q: QueueCard(threshold=10.0)})))
    rolling = numbers(f, now, "rolling:15")
    assert (rolling["service_level"], rolling["offered"], rolling["refused"]) == (0.0, 1, 1)
    assert numbers(f, now)["offered"] == 0


def test_what_ended_more_than_an_hour_before_midnight_is_forgotten_after_it() -> None:
    f = Floor(at=MIDNIGHT - 7300).say(queued(MIDNIGHT - 7200), abandoned(MIDNIGHT - 7100))
    f.say(queued(MIDNIGHT - 3500, "b"), abandoned(MIDNIGHT - 3400, "b"), events.SourceUp(at=MIDNIGHT + 1))
    assert set(f.engine._state.contacts) == {"b"}


@pytest.mark.parametrize("age", [0, 4, 5, 299, 300, 301, 305, 3599, 3600, 3604])
def test_a_rolling_window_has_whole_steps_and_ends_with_the_last_that_is_over(age: int) -> None:
    now = T + 7213.0
    f = Floor().say(queued(now - age))
    f.say(events.SourceUp(at=now))
    for minutes in (5, 60):
        end = now // 5 * 5
        inside = end - 60 * minutes <= now - age < end
        assert numbers(f, now, f"rolling:{minutes}")["offered"] == inside
        assert numbers(f, now, f"rolling:{minutes}", basis="cohort")["in_progress"] == inside


def test_what_is_told_an_hour_late_is_in_no_rolling_window_and_taken_from_none() -> None:
    f = Floor().say(queued(T), abandoned(T + 30, cause="unknown"))
    f.say(flowed_out(T + 30), received=T + 3700)
    f.say(answered(T + 3702), received=T + 3702)
    assert numbers(f, T + 3710, "rolling:60")["answered"] == 1
    assert numbers(f, T + 3710)["abandoned_total"] == 0


# ── scopes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

VIP = QueueId("pbx2/vip")
SITES = Policy(
    queues={
        Q: QueueCard(line="consult", threshold=10.0),
        PROMO: QueueCard(line="consult", team="north"),
        VIP: QueueCard(line="vip"),
    },
    agents={ANNA: AgentCard(team="south")},
    places={SourceId("pbx2"): SiteId("annex")},
)


def sites() -> Floor:
    f = Floor(SITES).say(
        queued(T), answered(T + 15), queued(T, "b", PROMO), answered(T + 15, "b", OLEG, PROMO)
    )
    return f.say(queued(T, "c", VIP), abandoned(T + 30, "c", VIP), source=SourceId("pbx2"))


@pytest.mark.parametrize(
    ("scope", "offered", "service_level"),
    [
        (Scope("floor"), 3, 0.333333),
        (Scope("line", "consult"), 2, 0.5),
        (Scope("line", "vip"), 1, 0.0),
        (Scope("site", "site"), 2, 0.5),
        (Scope("site", "annex"), 1, 0.0),
        (Scope("team", "south"), 1, 0.0),
        (Scope("team", ""), 2, 0.5),
        (Scope("team", "north"), 0, None),
        (Scope("queue", "pbx9/none"), 0, None),
    ],
)
def test_a_scope_is_the_sum_of_its_queues_each_judged_by_its_own_threshold(
    scope: Scope, offered: int, service_level: float | None
) -> None:
    shown = numbers(sites(), T + 60, scope=scope)
    assert (shown["offered"], shown["service_level"]) == (offered, service_level)


def test_a_person_has_no_queue_numbers() -> None:
    with pytest.raises(ValueError, match="person"):
        numbers(sites(), T + 60, scope=Scope("agent", ANNA))


def test_a_queue_shows_its_own_variant_and_every_other_scope_the_default() -> None:
    policy = Policy(default=QueueCard(variant="answered"), queues={Q: QueueCard(variant="abandon_positive")})
    f = Floor(policy).say(queued(T), answered(T + 30), queued(T, "b"), abandoned(T + 9, "b"))
    assert numbers(f, T + 60)["service_level"] == 0.5
    assert numbers(f, T + 60, scope=Scope())["service_level"] == 0.0


def test_what_time_alone_changes_stands_still_while_a_source_is_away() -> None:
    f = Floor().say(events.SourceUp(at=T), events.SourceResyncFinished(at=T), queued(T + 1), answered(T + 2))
    f.say(queued(T + 5, "b"), events.SourceDown(at=T + 10, reason="eof"))
    assert (numbers(f, T + 900)["overdue"], numbers(f, T + 900)["service_level"]) == (0, 1.0)


# ── teams ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def team(f: Floor, name: str, key: str, now: float = T + 60) -> object:
    return numbers(f, now, scope=Scope("team", name))[key]


TEAMS = Policy(
    queues={Q: QueueCard(team="desk")},
    agents={ANNA: AgentCard(team="north"), OLEG: AgentCard(team="south")},
)


def test_a_contact_is_the_queues_until_decided_then_of_who_answered_or_was_rung_last() -> None:
    f = Floor(TEAMS).say(queued(T), alerting(T + 1), alerting(T + 2, agent=OLEG))
    assert (team(f, "desk", "offered"), team(f, "desk", "waiting"), team(f, "south", "offered")) == (1, 1, 0)
    f.say(abandoned(T + 9))
    assert [team(f, name, "abandoned") for name in ("desk", "north", "south")] == [0, 0, 1]
    assert [team(f, name, "offered") for name in ("desk", "north", "south")] == [0, 0, 1]
    f.say(queued(T, "b"), answered(T + 5, "b"), queued(T, "c"), abandoned(T + 8, "c"))
    assert [team(f, name, "offered") for name in ("desk", "north", "south")] == [1, 1, 1]
    assert (team(f, "north", "answer_rate"), team(f, "north", "talking")) == (1.0, 1)
    assert team(f, "north", "talk_since") == T + 5


def test_who_answers_without_a_team_takes_the_contact_out_of_all_teams() -> None:
    f = Floor(TEAMS).say(queued(T), answered(T + 5, agent=events.AgentId("temp")))
    assert [team(f, name, "offered") for name in ("desk", "")] == [0, 1]


def test_a_contact_found_again_after_a_loss_is_its_queues_again() -> None:
    f = Floor(TEAMS).say(queued(T), alerting(T + 1), events.SourceResyncStarted(at=T + 5))
    f.say(events.SourceResyncFinished(at=T + 6))
    assert (team(f, "north", "lost"), team(f, "desk", "offered")) == (1, 0)
    f.say(events.SourceResyncStarted(at=T + 7), queued(T))
    assert (team(f, "north", "offered"), team(f, "desk", "offered"), team(f, "desk", "waiting")) == (0, 1, 1)


def ring(at: float) -> events.ContactNotAnswered:
    return events.ContactNotAnswered(at=at, contact=ContactId("c1"), queue=Q, agent=ANNA, ring_time=8.0)


def test_people_in_other_teams_restate_the_day() -> None:
    f = Floor(TEAMS).say(queued(T), alerting(T + 1), ring(T + 9), answered(T + 12, agent=OLEG))
    card = TEAMS.queues[Q]
    moved = Policy(queues={Q: card}, agents={ANNA: AgentCard(team="west"), OLEG: AgentCard(team="west")})
    f.say(events.ConfigApplied(at=T + 20, hash="", policy=moved))
    assert [team(f, "west", key) for key in ("offered", "answered", "missed")] == [1, 1, 1]
    assert set(f.engine._state.teams) == {"west"}


def test_a_queue_of_another_team_restates_the_day() -> None:
    f = Floor(TEAMS).say(queued(T), refused(T + 13, "r"))
    f.say(
        events.ConfigApplied(
            at=T + 20, hash="", policy=Policy(queues={Q: QueueCard(team="hall")}, agents=TEAMS.agents)
        )
    )
    assert [team(f, "hall", key) for key in ("offered", "refused", "waiting")] == [1, 1, 1]
    assert set(f.engine._state.teams) == {"hall"}


@pytest.mark.parametrize("short", range(9))
def test_shorter_than_is_exact_for_every_whole_second(short: int) -> None:
    gone = [0.0, 0.5, 1.0, 2.0, 2.5, 4.0, 5.0, 5.25, 7.0]
    card = QueueCard(measures={"offered_less_short": Measure(short=short)})
    f = Floor(Policy(queues={Q: card})).say(queued(T), answered(T + 1))
    for n, wait in enumerate(gone):
        f.say(queued(T, f"g{n}"), abandoned(T + wait, f"g{n}"))
    counted = 1 + sum(wait >= short for wait in gone)
    assert level(f, T + 60, "offered_less_short") == round(1 / counted, 6)


def test_what_is_told_late_is_in_the_rolling_hour_as_long_as_that_goes_back() -> None:
    f = Floor().say(events.SourceUp(at=T + 3634))
    f.say(queued(T + 31, "in"), received=T + 3634)
    assert numbers(f, T + 3634, "rolling:60")["offered"] == 1
    assert numbers(f, T + 3635, "rolling:60")["offered"] == 0


def test_who_waits_is_judged_by_the_threshold_that_judges_the_answered_of_a_team() -> None:
    house = QueueCard(variant="offered", measures={"offered": Measure(threshold=600)})
    f = Floor(Policy(default=house, queues={Q: QueueCard(team="desk")})).say(queued(T), answered(T + 15))
    f.say(queued(T + 20, "b"))
    now = T + 58
    numbers_of_desk = numbers(f, now, scope=Scope("team", "desk"))
    assert (numbers_of_desk["overdue"], numbers_of_desk["service_level"]) == (0, None)
    assert numbers(f, now)["service_level"] == 0.5
    assert f.at(now, "teams", "desk", "service_level") is None
    assert numbers(f, T + 621, scope=Scope("team", "desk"))["service_level"] == 0.0
    assert f.at(T + 621, "teams", "desk", "service_level") == 0.0


def test_a_revised_wait_is_no_longer_the_longest_of_its_step_where_the_minute_has_a_longer_one() -> None:
    """Its step stands alone where a rolling window begins."""
    f = Floor().say(queued(T + 1, "c1"), abandoned(T + 8, "c1"), queued(T + 54, "c2"))
    f.say(abandoned(T + 56, "c2", cause="unknown"))
    assert numbers(f, T + 355, "rolling:5")["longest_abandoned"] == 2.0
    f.say(flowed_out(T + 56, "c2"))
    assert numbers(f, T + 355, "rolling:5")["longest_abandoned"] is None
    assert numbers(f, T + 300, "rolling:5")["longest_abandoned"] == 7.0
